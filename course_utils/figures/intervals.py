"""Figure: results over many seeds, every seed a dot, with the mean and its interval."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from course_utils.arguments import Array
from course_utils.figures.style import COLOURS, CourseFigure, new_figure, styled

__all__ = ["interval_figure"]


@styled
def interval_figure(
    values: Mapping[str, Array],
    intervals: Mapping[str, tuple[float, float]],
    xlabel: str,
    alt: str = "",
    digits: int = 3,
) -> CourseFigure:
    """Return a row for each name: its values as dots, its (mean, half-width) as a bar, printed with `digits`."""
    figure, axes = new_figure(7.5, 0.9 + 0.75 * len(values), alt)
    panel = axes[0, 0]
    if set(intervals) != set(values):
        raise ValueError(f"intervals must have the names of values, {list(values)}, got {list(intervals)}")
    for row, (name, seeds) in enumerate(values.items()):
        mean, half = intervals[name]
        panel.plot(seeds, np.full(len(seeds), row), "o", color=COLOURS["grey"], markersize=6)
        panel.errorbar(
            mean, row, xerr=half, fmt="D", color=COLOURS["blue"], markersize=8, capsize=6, elinewidth=3, capthick=2
        )
        panel.annotate(
            f"{mean:.{digits}f} ± {half:.{digits}f}", (mean, row), (0, 10), textcoords="offset points", ha="center"
        )
    panel.set(yticks=range(len(values)), yticklabels=list(values), ylim=(len(values) - 0.5, -0.6), xlabel=xlabel)
    if figure.scale > 1:
        enclose_texts(figure, panel)
    return figure


def enclose_texts(figure: CourseFigure, panel: Axes) -> None:
    """Widen the x axis until the texts in large type are inside."""
    for _ in range(4):  # as it widens, texts take more of it
        figure.draw_without_rendering()
        boxes = [text.get_window_extent().padded(3).transformed(panel.transData.inverted()) for text in panel.texts]
        low, high = panel.get_xlim()
        panel.set_xlim(min(low, *(box.x0 for box in boxes)), max(high, *(box.x1 for box in boxes)))
