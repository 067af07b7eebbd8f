"""Panel: outputs of a hidden layer, one row per unit and one column per example, dropped ones left grey."""

from __future__ import annotations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from course_utils.experiments.quadrants import QuadrantRun
from course_utils.figures.grid_image import grid_image
from course_utils.figures.style import OUTPUT_SHADES

__all__ = ["HiddenPanel"]


class HiddenPanel:
    """The first hidden layer in one training pass, for the first training examples."""

    EXAMPLES = 50
    TOP = 4.0  # outputs above it look like it

    def __init__(self, axes: Axes, result: QuadrantRun) -> None:
        units, examples = len(result.hidden), min(self.EXAMPLES, result.hidden.shape[1])
        self.image = grid_image(axes, OUTPUT_SHADES, 0, self.TOP, (-0.5, examples - 0.5, -0.5, units - 0.5))
        axes.invert_yaxis()  # busiest on top
        axes.set(xlabel="training example, in one training pass", ylabel="hidden unit, busiest first")
        axes.set_title("first hidden layer")
        bar = axes.inset_axes((1.03, 0, 0.05, 1))
        scale = grid_image(bar, OUTPUT_SHADES, 0, self.TOP, (0, 1, 0, self.TOP))
        scale.set_data(np.linspace(0, self.TOP, 64)[:, np.newaxis])
        bar.set(xticks=[], ylabel="output (grey: dropped)")
        bar.yaxis.tick_right()
        bar.yaxis.set_label_position("right")
        self.update(result)

    @property
    def changing(self) -> list[Artist]:
        """Artists that an update changes."""
        return [self.image]

    @property
    def words(self) -> str:
        """Nothing: it has no numbers."""
        return ""

    def update(self, result: QuadrantRun) -> None:
        """Show another run with as many hidden units and examples."""
        order = np.argsort(-np.nan_to_num(result.hidden).mean(axis=1))
        self.image.set_data(result.hidden[order, : self.EXAMPLES])
