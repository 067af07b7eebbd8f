"""Figure: lines side by side, one panel for each case, where a name keeps its colour and its dashes."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

from course_utils.arguments import Array
from course_utils.figures.room import legend_below
from course_utils.figures.style import COLOURS, CourseFigure, looks_of, new_figure, styled

__all__ = ["line_figure"]

Lines = Mapping[str, tuple[Array, Array]]

LOOKS = [(colour, dashes) for dashes, colour in product(("-", "--", ":"), ("orange", "blue", "green", "pink"))]
LOOKS = [LOOKS[(5 * i) % 12] for i in range(12)]  # neighbours differ in colour and in dashes


@styled
def line_figure(
    panels: Mapping[str, Lines],
    alt: str = "",
    points: Mapping[str, tuple[Array, Array]] | None = None,
    sharey: bool = True,
    **settings: Any,
) -> CourseFigure:
    """Return a panel for each case with the lines (x, y) of each name, and one legend if there is more than one name.

    Parameters
    ----------
    panels : dict of dicts of pairs of arrays
        Title, then name, then x (n,) and y (n,), or y (n, k) for k lines of one name.
    alt : str, optional
        Text for screen readers; without one it names the panels.
    points : dict of pairs of arrays, optional
        Title, then x (n,) and y (n,) of dots beneath the lines.
    sharey : bool
        One scale for all panels.
    **settings
        For every axes: xlabel, ylabel, xscale, ylim and the like.
    """
    figure, axes = new_figure(3.0 + 3.0 * len(panels), 3.3, alt, columns=len(panels), sharey=sharey)
    names = dict.fromkeys(name for lines in panels.values() for name in lines)
    looks = {name: look for name, _, look in looks_of("panels", names, LOOKS)}
    handles: dict[str, Any] = {}
    for panel, (title, lines) in zip(axes[0], panels.items(), strict=True):
        if points is not None:
            (handles["data"],) = panel.plot(*points[title], "o", color=COLOURS["grey"], markersize=4)
        for name, (x, y) in lines.items():
            colour, dashes = looks[name]
            handles[name] = panel.plot(x, y, dashes, color=COLOURS[colour])[0]
        panel.set(title=title, **settings)
        if sharey:
            panel.label_outer()
    for panel in axes[0]:  # after all is drawn, since panels may share their scale
        if panel.get_ylim()[0] < 0 < panel.get_ylim()[1]:
            panel.axhline(0, color=COLOURS["grey"], linewidth=1, zorder=0)
    if len(handles) > 1 and len(panels) > 2 and figure.scale > 1:  # large panels need all of the width
        legend_below(figure, handles)
    elif len(handles) > 1:
        figure.legend(handles.values(), handles, loc="outside right center", frameon=False, handlelength=2.6)
    return figure
