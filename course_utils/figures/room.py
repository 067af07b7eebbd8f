"""Room for large type: fewer ticks where their labels would touch, two lines where one would be too long."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axis import Axis, XAxis, YAxis
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

__all__ = ["legend_below", "make_room", "tick_gaps"]

ROW = 0.3  # inches
MOST, FEWEST = 8, 2  # steps between ticks
STEPS = [1, 2, 2.5, 5, 10]
GAPS = {XAxis: 1.2, YAxis: 0.3}  # between the labels of two ticks, in heights of their type


def legend_below(figure: Figure, lines: Mapping[str, Artist]) -> None:
    """Return a figure one row of names below its panels, and make it higher by that."""
    place: dict[str, Any] = {"loc": "outside lower center", "ncols": len(lines)}
    figure.legend(lines.values(), lines, **place, frameon=False, handlelength=2.6)
    figure.set_figheight(figure.get_figheight() + ROW)


def make_room(figure: Figure) -> None:
    """Change the labels that are too large for their place.

    Ticks that were set by hand stay as they are.
    """
    figure.draw_without_rendering()  # from here on all texts have their places
    broken = [break_label(panel) for panel in figure.axes]
    if any(broken):
        figure.draw_without_rendering()
    for panel in figure.axes:
        if panel.name == "rectilinear":  # in three dimensions labels do not stand in a row
            thin_out(figure, panel.xaxis)
            thin_out(figure, panel.yaxis)


def break_label(panel: Any) -> bool:
    """Write the y axis's label in two lines if it is longer than the axis, and tell whether."""
    label = panel.yaxis.label
    text = label.get_text()
    spaces = [i for i, letter in enumerate(text) if letter == " "]
    if label.get_window_extent().height <= panel.get_window_extent().height or "\n" in text or not spaces:
        return False
    middle = min(spaces, key=lambda i: abs(i - len(text) / 2))
    label.set_text(f"{text[:middle]}\n{text[middle + 1 :]}")
    return True


def thin_out(figure: Figure, axis: Axis) -> None:
    """Take fewer and fewer ticks until there is a gap between all labels."""
    gap = GAPS[type(axis)]
    for steps in range(MOST, FEWEST - 1, -1):
        if not isinstance(axis.get_major_locator(), MaxNLocator) or min(tick_gaps(axis), default=gap) >= gap:
            return
        axis.set_major_locator(MaxNLocator(steps, steps=STEPS))
        figure.draw_without_rendering()


def tick_gaps(axis: Axis) -> list[float]:
    """Return the distances between neighbouring labels of an axis, in heights of their type; below 0 they overlap."""
    low, high = sorted(axis.get_view_interval())
    labels = [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
    labels = [label for label in labels if label.get_visible() and label.get_text()]
    if not labels:
        return []
    boxes = [label.get_window_extent() for label in labels]
    horizontal = isinstance(axis, XAxis)
    sides = sorted((box.x0, box.x1) if horizontal else (box.y0, box.y1) for box in boxes)
    height = float(labels[0].get_fontsize()) / 72 * labels[0].figure.dpi
    return [(start - end) / height for (_, end), (start, _) in pairwise(sides)]
