"""Figure: paired differences over many seeds, with their intervals, on both sides of zero."""

from __future__ import annotations

from collections.abc import Mapping

from course_utils.arguments import Array
from course_utils.figures.intervals import interval_figure
from course_utils.figures.style import COLOURS, CourseFigure, styled

__all__ = ["difference_figure"]


@styled
def difference_figure(
    differences: Mapping[str, Array], intervals: Mapping[str, tuple[float, float]], xlabel: str, alt: str = "",
    digits: int = 3,
) -> CourseFigure:  # fmt: skip
    """Return a row for each name, as :func:`interval_figure` does, and a line where there is no difference."""
    figure = interval_figure(differences, intervals, xlabel, alt, digits)
    panel = figure.axes[0]
    panel.axvline(0, color=COLOURS["ink"], linewidth=1, linestyle=":", zorder=0)
    for text in panel.texts:
        text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1})  # some stand on the line
    return figure
