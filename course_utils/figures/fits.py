"""Figure: a curve and what networks made of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from course_utils.arguments import Array, Matrix, beside, checked, checked_matrix
from course_utils.figures.style import COLOURS, CourseFigure, looks_of, new_figure, styled

__all__ = ["fit_figure"]


@styled
@checked
def fit_figure(x: Matrix, y: Annotated[Any, beside("x")], fits: Mapping[str, Array], alt: str = "") -> CourseFigure:
    """Return the points ``x``, ``y`` (1, m) and a line for each prediction (1, m), its key as label."""
    figure, axes = new_figure(7.5, 3.6, alt)
    panel = axes[0, 0]
    styles = list(zip(("orange", "blue", "green", "pink"), ("-", "--", ":", "-."), strict=True))
    panel.plot(x[0], y[0], "o", color=COLOURS["grey"], markersize=4, label="data")
    for label, fit, (colour, dashes) in looks_of("fits", fits, styles):
        fit = checked_matrix(f"fits[{label!r}]", fit)
        panel.plot(x[0], fit[0], dashes, color=COLOURS[colour], label=label)
    panel.set(xlabel="x", ylabel="y")
    panel.legend(frameon=False)
    return figure
