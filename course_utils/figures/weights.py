"""Panel: how the weights of a network are spread, and how many are exactly zero."""

from __future__ import annotations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from course_utils.experiments.quadrants import QuadrantRun
from course_utils.figures.style import COLOURS
from course_utils.penalties import weights

__all__ = ["WeightPanel"]


class WeightPanel:
    """A histogram of all weights with fixed bins; the outermost ones take what lies beyond."""

    EDGES = np.linspace(-1, 1, 42)  # an odd number of bins, so that one is centred on zero

    def __init__(self, axes: Axes, result: QuadrantRun) -> None:
        self.histogram = axes.stairs(np.zeros(41), self.EDGES, fill=True, color=COLOURS["sky"])
        axes.set(xlim=(-1, 1), ylim=(0.5, 20_000), yscale="log", xlabel="weight", ylabel="how many")
        axes.set_xticks([-1, -0.5, 0, 0.5, 1], ["≤ −1", "−0.5", "0", "0.5", "≥ 1"])
        axes.set_title(" ")  # keeps the place of the count in the layout
        self.count = axes.text(
            0.5, 1.02, "", transform=axes.transAxes, ha="center", va="bottom", fontsize=12, weight="bold"
        )
        self.update(result)

    @property
    def changing(self) -> list[Artist]:
        """Artists that an update changes."""
        return [self.histogram, self.count]

    @property
    def words(self) -> str:
        """What the numbers say."""
        return self.count.get_text()

    def update(self, result: QuadrantRun) -> None:
        """Show the weights of another run; biases are left out, as in a penalty."""
        values = np.concatenate([W.ravel() for W in weights(result.run.parameters).values()])
        counts, _ = np.histogram(np.clip(values, self.EDGES[0], self.EDGES[-1]), self.EDGES)
        self.histogram.set_data(np.maximum(counts, 0.5))  # a logarithmic axis has no zero
        self.count.set_text(f"exact zeros: {np.sum(values == 0)} of {values.size}")
