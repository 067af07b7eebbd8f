"""The interval in which a mean lies: what several seeds say, and how surely."""

from __future__ import annotations

import numpy as np

from course_utils.arguments import Reals, checked

__all__ = ["confidence_interval"]

# Two-sided 95 % quantiles of Student's t distribution for 1, 2, ... 30 degrees of freedom.
T_QUANTILES = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip


@checked
def confidence_interval(values: Reals) -> tuple[float, float]:
    """Return mean and half-width of the 95 % interval of the mean, by Student's t.

    Parameters
    ----------
    values : array (n,)
        Independent results, one per seed, n ≥ 2. For a comparison give the paired differences.

    Examples
    --------
    >>> mean, half = confidence_interval(np.array([1.0, 2.0, 3.0]))
    >>> round(mean, 3), round(half, 3)
    (2.0, 2.484)
    """
    if values.ndim != 1 or len(values) < 2:
        raise ValueError(f"values must have one axis with at least 2 entries, got shape {values.shape}")
    quantile = T_QUANTILES[len(values) - 2] if len(values) <= 31 else 1.96 + 2.4 / (len(values) - 1)
    return float(values.mean()), float(quantile * values.std(ddof=1) / np.sqrt(len(values)))
