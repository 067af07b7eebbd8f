"""Many predictions of one curve: their mean, how far they spread, and how that compares with the truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course_utils.arguments import Array

__all__ = ["Band"]


@dataclass(frozen=True)
class Band:
    """Predictions of a curve with masks.

    ``x``, ``y`` (m,) are the true curve and ``seen`` (m,) says which of its points were trained on; ``samples`` (n, m)
    are predictions, every point with a mask of its own. ``curves`` (k, m) are a few thinned networks: one mask for all
    points of a curve.
    """

    x: Array
    y: Array
    seen: Array
    samples: Array
    curves: Array

    @property
    def mean(self) -> Array:
        """Mean of the samples (m,)."""
        return self.samples.mean(axis=0)

    @property
    def deviation(self) -> Array:
        """Standard deviation of the samples (m,), with n - 1; 0 for a single sample."""
        return self.samples.std(axis=0, ddof=1) if len(self.samples) > 1 else np.zeros(len(self.x))

    @property
    def widths(self) -> tuple[float, float]:
        """Mean standard deviation on the data and in the gap; nan where there is no gap."""
        return mean_or_nan(self.deviation[self.seen]), mean_or_nan(self.deviation[~self.seen])

    @property
    def coverage(self) -> tuple[float, float]:
        """Share of points with the curve within mean ± 2 deviations, on the data and in the gap; nan without a gap."""
        hit = np.abs(self.y - self.mean) <= 2 * self.deviation
        return mean_or_nan(hit[self.seen]), mean_or_nan(hit[~self.seen])


def mean_or_nan(values: Array) -> float:
    """Return the mean; nan of nothing."""
    return float(values.mean()) if values.size else float("nan")
