"""Figure: networks trained in different ways on the same quadrants, side by side."""

from __future__ import annotations

from collections.abc import Mapping

from course_utils.experiments.quadrants import QuadrantRun
from course_utils.figures.boundary import BoundaryPanel
from course_utils.figures.costs import CostPanel
from course_utils.figures.room import legend_below
from course_utils.figures.style import CourseFigure, new_figure, styled

__all__ = ["boundary_figure", "cost_figure"]


@styled
def boundary_figure(runs: Mapping[str, QuadrantRun], alt: str = "") -> CourseFigure:
    """Return the decision boundary of each run over its training points, its key as title."""
    return side_by_side(BoundaryPanel, runs, alt, height=4.0)


@styled
def cost_figure(runs: Mapping[str, QuadrantRun], alt: str = "") -> CourseFigure:
    """Return training and test cost of each run over its steps, its key as title."""
    figure = side_by_side(CostPanel, runs, alt, height=3.0)
    highest = max(result.run.history[cost].max() for result in runs.values() for cost in ("train_cost", "test_cost"))
    figure.axes[0].set_ylim(0, max(CostPanel.TOP, 1.2 * highest))  # shared by all; room for the legend above the lines
    if figure.scale > 1:  # in large type the legends would lie on the lines
        for panel in figure.axes:
            panel.legend_ = None
        lines, names = figure.axes[0].get_legend_handles_labels()
        legend_below(figure, dict(zip(names, lines, strict=True)))
    return figure


def side_by_side(
    kind: type[BoundaryPanel] | type[CostPanel], runs: Mapping[str, QuadrantRun], alt: str, height: float
) -> CourseFigure:
    """Return one panel for each run."""
    figure, axes = new_figure(3.9 * len(runs), height, alt, columns=len(runs), sharey=True)
    for panel, (title, result) in zip(axes[0], runs.items(), strict=True):
        kind(panel, result)
        for text in panel.texts:
            text.set_visible(False)  # the titles say what is compared
        panel.set_title(title)
        panel.label_outer()
    return figure
