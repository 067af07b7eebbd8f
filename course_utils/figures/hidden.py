"""Panel: outputs of a hidden layer, one row per unit and one column per example, dropped ones left grey."""

from __future__ import annotations

import numpy as np
from matplotlib import colormaps
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from course_utils.experiments.quadrants import QuadrantRun
from course_utils.figures.grid_image import grid_image

__all__ = ["HiddenPanel"]


class HiddenPanel:
    """The first hidden layer in one training pass, for the first training examples."""

    EXAMPLES = 50
    TOP = 4.0  # outputs above it look like it

    def __init__(self, axes: Axes, result: QuadrantRun) -> None:
        palette = colormaps["YlGnBu"].with_extremes(bad="#8C8C8C")
        units, examples = len(result.hidden), min(self.EXAMPLES, result.hidden.shape[1])
        self.image = grid_image(axes, palette, 0, self.TOP, (-0.5, examples - 0.5, -0.5, units - 0.5))
        axes.invert_yaxis()  # busiest on top
        axes.set(xlabel="training example, in one training pass", ylabel="hidden unit, busiest first")
        axes.set_title("first hidden layer")
        axes.figure.colorbar(self.image, ax=axes, label="output (grey: dropped)", pad=0.02)
        self.update(result)

    @property
    def changing(self) -> list[Artist]:
        """Artists that an update changes."""
        return [self.image]

    def update(self, result: QuadrantRun) -> None:
        """Show another run with as many hidden units and examples."""
        order = np.argsort(-np.nan_to_num(result.hidden).mean(axis=1))
        self.image.set_data(result.hidden[order, : self.EXAMPLES])
