"""How long the weights of a regression on random features are: the smallest that fit best, on undivided outputs."""

from __future__ import annotations

import numpy as np

from course_utils.arguments import checked_count
from course_utils.experiments.features import COUNTS, INPUTS, NOISE, M, random_features

__all__ = ["smallest_length"]


def smallest_length(seed: int, count: int) -> float:
    """Return the length of the smallest weights that fit the 60 training points of a seed best, without λ.

    The outputs are those of the units. The errors of :func:`~course_utils.experiments.features.feature_errors` come
    from outputs divided by √count, whose weights are √count times as long for the very same predictions.

    Parameters
    ----------
    seed : int >= 0
    count : int among COUNTS
        How many units.

    Examples
    --------
    >>> smallest_length(0, 20) < smallest_length(0, 60)
    True
    """
    if count not in COUNTS:
        raise ValueError(f"count must be one of {', '.join(map(str, COUNTS))}, got {count!r}")
    rng = np.random.default_rng([checked_count("seed", seed, 0), 1])
    x, w = rng.standard_normal((INPUTS, M)), rng.standard_normal(INPUTS) / np.sqrt(INPUTS)
    y = w @ x + NOISE * rng.standard_normal(M)
    a = random_features(x, count, seed) * np.sqrt(count)  # (count, m), not divided
    return float(np.linalg.norm(np.linalg.lstsq(a.T, y, rcond=None)[0]))
