"""Figure: networks trained in different ways on the same quadrants, side by side."""

from __future__ import annotations

from collections.abc import Mapping

from course_utils.experiments import QuadrantRun
from course_utils.figures.boundary import BoundaryPanel
from course_utils.figures.curves import CurvePanel
from course_utils.figures.style import COLOURS, CourseFigure, new_figure

__all__ = ["boundary_figure", "cost_figure"]


def boundary_figure(runs: Mapping[str, QuadrantRun], alt: str) -> CourseFigure:
    """Return the decision boundary of each run over its training points, its key as title."""
    figure, axes = new_figure(3.9 * len(runs), 4.0, alt, columns=len(runs), sharey=True)
    for panel, (title, result) in zip(axes[0], runs.items(), strict=True):
        BoundaryPanel(panel, result.axis, result.data.x_train, result.data.y_train).update(result.probability)
        panel.set(title=title)
        panel.label_outer()
    return figure


def cost_figure(runs: Mapping[str, QuadrantRun], alt: str, top: float = 1.2) -> CourseFigure:
    """Return training and test cost of each run over its steps, its key as title."""
    figure, axes = new_figure(3.9 * len(runs), 3.0, alt, columns=len(runs), sharey=True)
    colours = {"training": COLOURS["orange"], "test": COLOURS["blue"]}
    for panel, (title, result) in zip(axes[0], runs.items(), strict=True):
        history = result.run.history
        curves = CurvePanel(panel, colours, int(history["step"][-1]), top, "cost, no masks")
        curves.update(history["step"], {"training": history["train_cost"], "test": history["test_cost"]})
        panel.set(title=title)
        panel.label_outer()
    return figure
