"""Figure: the curve that came out, and the one that a reader had drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from course_utils.figures.style import COLOURS, CourseFigure, new_figure, styled

__all__ = ["guess_figure"]


@styled
def guess_figure(
    positions: Sequence[float], curves: Mapping[str, Sequence[float]], xlabel: str, ylabel: str, alt: str = ""
) -> CourseFigure:
    """Return curves over the same n positions, the truth first, each with its name at its right end."""
    figure, axes = new_figure(6.0, 3.2, alt)
    panel = axes[0, 0]
    for (name, curve), look in zip(curves.items(), ("blue", "orange"), strict=False):
        panel.plot(positions, curve, "-o" if look == "blue" else "--o", color=COLOURS[look], markersize=4)
        end = {"xytext": (8, 0), "textcoords": "offset points", "va": "center", "color": COLOURS[look]}
        panel.annotate(name, (positions[-1], curve[-1]), **end)
    panel.set(xlabel=xlabel, ylabel=ylabel)
    panel.margins(y=0.15)
    return figure
