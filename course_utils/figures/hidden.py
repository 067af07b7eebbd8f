"""Panel: outputs of a hidden layer, one row per unit and one column per example, dropped ones left grey."""

from __future__ import annotations

import numpy as np
from matplotlib import colormaps
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from course_utils.arguments import Array

__all__ = ["HiddenPanel"]


class HiddenPanel:
    """A picture of hidden outputs (n, m); nan marks what dropout took away in this pass."""

    def __init__(self, axes: Axes, shape: tuple[int, int], top: float) -> None:
        palette = colormaps["YlGnBu"].with_extremes(bad="#8C8C8C")
        self.image = axes.imshow(
            np.zeros(shape), aspect="auto", interpolation="nearest", cmap=palette, vmin=0, vmax=top, origin="upper"
        )
        axes.set(xlabel="training example", ylabel="hidden unit, busiest first")
        axes.figure.colorbar(self.image, ax=axes, label="output (grey: dropped)", pad=0.02)

    @property
    def changing(self) -> list[Artist]:
        """Artists that an update changes."""
        return [self.image]

    def update(self, hidden: Array) -> None:
        """Show hidden outputs (n, m)."""
        self.image.set_data(hidden)
