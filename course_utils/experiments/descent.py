"""Gradient descent that stops early beside L2: their paths over two weights, and their risks in linear regression.

Along an eigenvector of the data cost with curvature s, both shrink the least-squares solution. Gradient descent in tiny
steps has come as far as 1 - exp(-s t) after time t, L2 of strength λ as far as s / (s + λ). For λ = 1/t the two are
close (Ali, Kolter & Tibshirani 2019).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course_utils.arguments import Array, Nonnegative, Numbers, Positive, checked, checked_count, checked_number
from course_utils.experiments.bowl import BOWL

__all__ = ["LOG_TIMES", "StoppedDescent", "penalized_share", "regression_risks", "stopped_descent", "stopped_share"]

LOG_TIMES = np.linspace(-1, 3, 41)  # decimal logarithms of the times that are drawn


@dataclass(frozen=True)
class StoppedDescent:
    """Gradient descent on the bowl, stopped at ``time``, and L2's minimum with λ/m = 1/time.

    ``paths`` are the weights (2, 41) of both at all times, ``weights`` (2,) those at ``time``; ``shares`` (60,) how far
    both have come along directions of the curvatures ``axis`` (60,); ``risks`` (41,) the errors of a regression with 40
    weights at all times, ``risk`` those at ``time``.
    """

    time: float
    paths: tuple[Array, Array]
    weights: tuple[Array, Array]
    axis: Array
    shares: tuple[Array, Array]
    risks: tuple[Array, Array]
    risk: tuple[float, float]


@checked
def stopped_share(curvature: Numbers, time: Nonnegative) -> Array:
    """Return how far gradient descent comes along directions of some curvature until a time: 1 - exp(-s t).

    Examples
    --------
    >>> stopped_share([1.0, 0.1], 10.0).round(2)
    array([1.  , 0.63])
    """
    return -np.expm1(-curvature * time)


@checked
def penalized_share(curvature: Numbers, time: Positive) -> Array:
    """Return how far the minimum lies along directions of some curvature under L2 of strength 1/t: s / (s + 1/t).

    Examples
    --------
    >>> penalized_share([1.0, 0.1], 10.0).round(2)
    array([0.91, 0.5 ])
    """
    return curvature / (curvature + 1 / time)


SHARES = (stopped_share, penalized_share)


def regression_risks(times: Array, *, seed: int = 0, m: int = 100, n: int = 40) -> tuple[Array, Array]:
    """Return the errors of the weights of a linear regression, stopped at each time, and under L2 of strength 1/t.

    The errors are means over the noise of the labels, whose variance is 1, and exact: no label is drawn.

    Parameters
    ----------
    times : array (k,) of numbers > 0
    seed : int >= 0
        Draws m examples of n variables, large and small ones, and the n true weights.
    m, n : int >= 1
        Examples and weights.

    Returns
    -------
    (array, array)
        Σ E(ŵ - w)² of stopped gradient descent (k,) and of L2 (k,).
    """
    rng = np.random.default_rng([checked_count("seed", seed, 0), 6])
    x = rng.standard_normal((n, m)) * np.linspace(1, 0.1, n)[:, np.newaxis]  # (n, m)
    curvature, directions = np.linalg.eigh(x @ x.T / m)
    w = directions.T @ rng.standard_normal(n) / np.sqrt(n)  # along the eigenvectors
    stopped, penalized = (np.stack([of(curvature, t) for t in times]) for of in SHARES)  # (k, n)
    return risk_of(stopped, w, curvature * m), risk_of(penalized, w, curvature * m)


def risk_of(share: Array, w: Array, precision: Array) -> Array:
    """Return squared bias plus variance of shrunken estimates, by the share (k, n) that is left of them."""
    return np.sum(((1 - share) * w) ** 2 + share**2 / precision, axis=1)


def stopped_descent(log_time: float = 1.0, *, seed: int = 0) -> StoppedDescent:
    """Return gradient descent on the bowl of chapter 03 until a time, and L2's minimum beside it.

    Parameters
    ----------
    log_time : float from -1 to 3
        Decimal logarithm of the time, which is the learning rate times the number of steps.
    seed : int >= 0
        Draws the regression whose errors stand beside the bowl.

    Returns
    -------
    StoppedDescent
    """
    time = 10.0 ** checked_number("log_time", log_time, "from -1 to 3", -1, 3, open_low=False)
    curvature, directions = np.linalg.eigh(BOWL.curvature)
    end = directions.T @ BOWL.centre
    times, axis = 10**LOG_TIMES, 10 ** np.linspace(-3, 1, 60)

    def weights(of: Callable[..., Array]) -> Array:
        return directions @ np.stack([of(curvature, t) * end for t in (*times, time)], axis=1)  # (2, 42)

    stopped, penalized = (weights(of) for of in SHARES)
    risks = regression_risks(np.append(times, time), seed=seed)
    return StoppedDescent(
        time,
        (stopped[:, :-1], penalized[:, :-1]),
        (stopped[:, -1], penalized[:, -1]),
        axis,
        (stopped_share(axis, time), penalized_share(axis, time)),
        (risks[0][:-1], risks[1][:-1]),
        (float(risks[0][-1]), float(risks[1][-1])),
    )
