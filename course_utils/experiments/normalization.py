"""Weight decay before a normalization: the size of the weights no longer counts, and decay sets the size of a step."""

from __future__ import annotations

import numpy as np

from course_utils.arguments import Array, checked_count, checked_nonnegative

__all__ = ["normalized", "normalized_cost", "normalized_gradient", "turns"]


def normalized(z: Array) -> Array:
    """Return z (1, m) with mean 0 and variance 1 over the batch."""
    return (z - z.mean()) / z.std()


def normalized_cost(W: Array, x: Array, y: Array) -> float:
    """Return the mean squared error, halved, of a linear unit W (1, n) behind a normalization over the batch."""
    return float(np.mean((normalized(W @ x) - y) ** 2) / 2)


def normalized_gradient(W: Array, x: Array, y: Array) -> Array:
    """Return dW (1, n) of :func:`normalized_cost`; it is at right angles to W, and halves where W doubles."""
    z = W @ x
    a, m = normalized(z), z.shape[1]
    da = (a - y) / m
    dz = (da - da.mean() - a * (da * a).mean()) / z.std()
    return dz @ x.T


def turns(
    seed: int, lambd: float, *, steps: int = 4000, learning_rate: float = 0.1, n: int = 20
) -> tuple[Array, Array]:
    """Train the unit on ever new batches of 32, and return after each step its ‖W‖ and the angle it turned, in degrees.

    Parameters
    ----------
    seed : int >= 0
    lambd : float >= 0
        Of λ/2 Σ W², whose gradient is λ W.
    steps, n : int >= 1
    learning_rate : float > 0

    Returns
    -------
    (array, array), (steps,) each
    """
    rng = np.random.default_rng([checked_count("seed", seed, 0), 9])
    W, lambd = rng.standard_normal((1, n)) / np.sqrt(n), checked_nonnegative("lambd", lambd)
    true = rng.standard_normal((1, n)) / np.sqrt(n)
    sizes, angles = np.empty(steps), np.empty(steps)
    for step in range(steps):
        x = rng.standard_normal((n, 32))
        y = true @ x + rng.standard_normal((1, 32))
        before = W / np.linalg.norm(W)
        W = W - learning_rate * (normalized_gradient(W, x, y) + lambd * W)
        sizes[step] = np.linalg.norm(W)
        angles[step] = np.degrees(np.arccos(min(1.0, float(np.sum(before * W) / sizes[step]))))
    return sizes, angles
