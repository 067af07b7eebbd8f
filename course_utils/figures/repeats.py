"""Figure: the same prediction made many times, every time a dot, beside the one of the whole network."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from course_utils.arguments import Array
from course_utils.figures.style import COLOURS, CourseFigure, new_figure, styled

__all__ = ["repeat_figure"]


@styled
def repeat_figure(repeats: Array, whole: Array, labels: Sequence[str], xlabel: str, alt: str = "") -> CourseFigure:
    """Return a row for each label: its ``repeats`` (rows, times) as dots, its ``whole`` (rows,) as a diamond."""
    figure, axes = new_figure(7.5, 1.1 + 0.45 * len(labels), alt)
    panel = axes[0, 0]
    times = repeats.shape[1]
    lift = 0.5 * (0.618 * np.arange(times) % 1 - 0.5)  # spread evenly: equal values would hide one another
    for row, values in enumerate(repeats):
        panel.plot(values, row + lift, ".", color=COLOURS["orange"], markersize=4, alpha=0.4)
    panel.plot(whole, range(len(labels)), "D", color=COLOURS["blue"], markersize=8, markeredgecolor="white")
    for marker, colour, name in ((".", "orange", "train(), each pass"), ("D", "blue", "eval()")):
        panel.plot([], [], marker, color=COLOURS[colour], label=name)
    panel.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, frameon=False, borderaxespad=0.2)
    panel.set(yticks=range(len(labels)), yticklabels=list(labels), ylim=(len(labels) - 0.4, -0.6), xlabel=xlabel)
    return figure
