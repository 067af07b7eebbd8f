"""Figure: a curve and what networks made of it."""

from __future__ import annotations

from collections.abc import Mapping

from course_utils.arguments import Array
from course_utils.figures.style import COLOURS, CourseFigure, new_figure, styled

__all__ = ["fit_figure"]


@styled
def fit_figure(x: Array, y: Array, fits: Mapping[str, Array], alt: str = "") -> CourseFigure:
    """Return the points ``x``, ``y`` (1, m) and a line for each prediction (1, m), its key as label."""
    figure, axes = new_figure(7.5, 3.6, alt)
    panel = axes[0, 0]
    panel.plot(x[0], y[0], "o", color=COLOURS["grey"], markersize=4, label="data")
    styles = zip(("orange", "blue", "green", "pink"), ("-", "--", ":", "-."), strict=True)
    for (label, fit), (colour, dashes) in zip(fits.items(), styles, strict=False):
        panel.plot(x[0], fit[0], dashes, color=COLOURS[colour], label=label)
    panel.set(xlabel="x", ylabel="y")
    panel.legend(frameon=False)
    return figure
