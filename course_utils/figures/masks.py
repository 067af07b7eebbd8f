"""Figure: dropout masks as pictures, one row per unit and one column per example."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.colors import ListedColormap

from course_utils.arguments import Array
from course_utils.figures.style import COLOURS, CourseFigure, new_figure

__all__ = ["mask_pictures"]


def mask_pictures(masks: Mapping[str, Array], alt: str) -> CourseFigure:
    """Return one picture for each mask (n, m), its key as title; kept is light, dropped is dark."""
    figure, axes = new_figure(4.2 * len(masks), 2.9, alt, columns=len(masks))
    for panel, (title, mask) in zip(axes[0], masks.items(), strict=True):
        palette = ListedColormap([COLOURS["black"], "#CFE8F7"])
        panel.pcolormesh(mask, cmap=palette, vmin=0, vmax=1, edgecolors="white", linewidth=0.6)
        panel.invert_yaxis()
        panel.set(title=title, xlabel="example", ylabel="unit", xticks=[], yticks=[])
    return figure
