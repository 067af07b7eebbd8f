"""Random features: linear regression on more and more units that are drawn and never trained, with and without L2."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from course_utils.arguments import Array, checked_count

__all__ = ["COUNTS", "STRENGTHS", "FeatureErrors", "feature_errors", "isotropic_errors"]

M, INPUTS, NOISE, SEEDS = 60, 10, 0.5, 20
COUNTS = (5, 10, 20, 30, 40, 50, 55, 60, 65, 70, 80, 100, 150, 200, 300, 400)  # of units
STRENGTHS = (0.0, 0.0001, 0.001, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)  # λ of λ Σ w² beside the sum of squares


@dataclass(frozen=True)
class FeatureErrors:
    """Median errors on training and test points over 20 seeds, ``train`` and ``test`` (counts, strengths).

    ``count`` and ``strength`` are the numbers of the place that is looked at.
    """

    train: Array
    test: Array
    count: int
    strength: int


def random_features(x: Array, count: int, seed: int) -> Array:
    """Return the outputs (count, m) of ReLU units whose weights are drawn; a larger layer begins with the smaller."""
    W = np.random.default_rng([seed, 2]).standard_normal((max(COUNTS), len(x)))[:count] / np.sqrt(len(x))
    return np.maximum(W @ x, 0) / np.sqrt(count)


def squared_errors(seed: int, count: int) -> tuple[Array, Array]:
    """Return mean squared errors on 60 training points and 1000 clean test points for each strength of L2."""
    rng = np.random.default_rng([seed, 1])
    x, w = rng.standard_normal((INPUTS, M)), rng.standard_normal(INPUTS) / np.sqrt(INPUTS)
    y, x_test = w @ x + NOISE * rng.standard_normal(M), rng.standard_normal((INPUTS, 1000))
    a, a_test = random_features(x, count, seed), random_features(x_test, count, seed)
    left, sizes, right = np.linalg.svd(a, full_matrices=False)
    shrunken = np.stack([shrunken_inverse(sizes, lambd) for lambd in STRENGTHS])  # (strengths, k)
    weights = (shrunken * (right @ y)) @ left.T  # (strengths, count)
    train, test = weights @ a - y, weights @ a_test - w @ x_test
    return np.mean(train**2, axis=1), np.mean(test**2, axis=1)


def shrunken_inverse(sizes: Array, lambd: float) -> Array:
    """Return s / (s² + λ) for singular values s; without λ this is 1 / s, and 0 for those that are only rounding."""
    real = sizes > 1e-12 * sizes[0]
    return np.where(real, sizes, 0) / np.where(real, sizes**2 + lambd, 1)


@lru_cache(maxsize=1)
def all_errors() -> tuple[Array, Array]:
    """Return the medians over the seeds, (counts, strengths) on training and test points."""
    found = np.array([[squared_errors(seed, count) for count in COUNTS] for seed in range(SEEDS)])
    train, test = np.median(found, axis=0).swapaxes(0, 1)
    return train, test


def feature_errors(features: int = 60, lambd: float = 0.0) -> FeatureErrors:
    """Return the errors of regression on random features, with a place among them to look at.

    Parameters
    ----------
    features : int among COUNTS
        How many units; there are 60 training points.
    lambd : float among STRENGTHS
        λ of Σ (wᵀa - y)² + λ Σ w²; with 0 the smallest of all weights that fit best.

    Returns
    -------
    FeatureErrors
    """
    if features not in COUNTS:
        raise ValueError(f"features must be one of {', '.join(map(str, COUNTS))}, got {features!r}")
    if lambd not in STRENGTHS:
        raise ValueError(f"lambd must be one of {', '.join(map('{:g}'.format, STRENGTHS))}, got {lambd!r}")
    return FeatureErrors(*all_errors(), COUNTS.index(features), STRENGTHS.index(lambd))


def isotropic_errors(seed: int, m: int, n: int = 40, noise: float = 0.5) -> tuple[float, float]:
    """Return the test errors of linear regression on m examples of n equal variables, without L2 and at the best λ.

    The true weights have length 1 in every seed. The best λ = n · noise², of the sum of squares, is known beforehand
    (Nakkiran et al. 2021); the errors are those of the weights, the noise of new labels left out.

    Parameters
    ----------
    seed : int >= 0
        Draws the examples, more for a larger m, and the true weights.
    m, n : int >= 1
    noise : float > 0
        Standard deviation of a label.
    """
    rng = np.random.default_rng([checked_count("seed", seed, 0), 3])
    w, pairs = rng.standard_normal(n), rng.standard_normal((checked_count("m", m), n + 1))
    w /= np.linalg.norm(w)
    x, y = pairs[:, :n].T, pairs[:, :n] @ w + noise * pairs[:, n]  # (n, m), (m,)
    left, sizes, right = np.linalg.svd(x, full_matrices=False)
    plain, best = (
        float(np.sum((left @ (shrunken_inverse(sizes, lambd) * (right @ y)) - w) ** 2)) for lambd in (0.0, n * noise**2)
    )
    return plain, best
