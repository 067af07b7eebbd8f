"""Figure: a network trained on the quadrants, as decision boundary, cost curves and hidden outputs."""

from __future__ import annotations

import numpy as np
from matplotlib.artist import Artist

from course_utils.experiments import QuadrantRun
from course_utils.figures.boundary import BoundaryPanel
from course_utils.figures.curves import CurvePanel
from course_utils.figures.hidden import HiddenPanel
from course_utils.figures.style import COLOURS, new_figure

__all__ = ["TrainerFigure"]


class TrainerFigure:
    """Three panels for a :class:`QuadrantRun`; updates show other runs on the same data."""

    EXAMPLES = 50  # columns of the hidden layer that are shown

    def __init__(self, result: QuadrantRun, alt: str, scale: float = 1.0) -> None:
        self.figure, axes = new_figure(
            12, 4.1, alt, columns=3, scale=scale, gridspec_kw={"width_ratios": [1, 1.15, 1.2]}
        )
        data, history = result.data, result.run.history
        boundary, curves, hidden = axes[0]
        self.boundary = BoundaryPanel(boundary, result.axis, data.x_train, data.y_train)
        self.curves = CurvePanel(
            curves,
            {"training": COLOURS["orange"], "test": COLOURS["blue"]},
            steps=int(history["step"][-1]),
            top=1.2,
            ylabel="cost of the whole network",
        )
        self.hidden = HiddenPanel(hidden, (len(result.hidden), self.EXAMPLES), top=4)
        boundary.set_title("decision boundary")
        hidden.set_title("first hidden layer, one training pass")
        # A title that holds numbers changes with them; an empty title keeps its place in the layout.
        curves.set_title(" ")
        self.scores = curves.text(
            0.5, 1.02, "", transform=curves.transAxes, ha="center", va="bottom", fontsize=13 * scale, weight="bold"
        )
        self.update(result)

    @property
    def changing(self) -> list[Artist]:
        """Artists that an update changes, in painting order."""
        return [*self.boundary.changing, *self.curves.changing, *self.hidden.changing, self.scores]

    def update(self, result: QuadrantRun) -> None:
        """Show another run."""
        history = result.run.history
        self.boundary.update(result.probability)
        self.curves.update(history["step"], {"training": history["train_cost"], "test": history["test_cost"]})
        order = np.argsort(-np.nan_to_num(result.hidden).mean(axis=1))  # busiest units on top
        self.hidden.update(result.hidden[order, : self.EXAMPLES])
        train, test = history["train_accuracy"][-1], history["test_accuracy"][-1]
        self.scores.set_text(f"training {train:.0%}   test {test:.0%}")
