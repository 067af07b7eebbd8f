"""Figure: data cost, penalty and their sum as surfaces over two weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.arguments import Array
from course_utils.experiments.bowl import PenalizedBowl
from course_utils.figures.style import COLOURS, CourseFigure, new_figure, styled

__all__ = ["surface_figure"]


@styled
def surface_figure(result: PenalizedBowl, alt: str = "") -> CourseFigure:
    """Return three surfaces on one scale; the star is the data cost's minimum, the diamond that of the sum."""
    figure, axes = new_figure(11, 3.7, alt, columns=3, subplot_kw={"projection": "3d", "computed_zorder": False})
    w1, w2 = np.meshgrid(result.axis, result.axis)
    costs = {"data cost": result.data, "penalty": result.penalty, "sum": result.total}
    colours = ("orange", "blue", "black")
    for panel, (title, cost), colour in zip(axes[0], costs.items(), colours, strict=True):
        panel.plot_surface(
            w1, w2, cost, rcount=21, ccount=21, color=COLOURS[colour], alpha=0.35, edgecolor=COLOURS[colour],
            linewidth=0.4,
        )  # fmt: skip
        panel.set(xlabel="$w_1$", ylabel="$w_2$", zlim=(0, result.total.max()))
        panel.set(xticks=[-1, 0, 1, 2], yticks=[-1, 0, 1, 2])
        panel.set_title(title, y=0.93)
        panel.view_init(elev=24, azim=-60)
        panel.set_box_aspect((1, 1, 0.8), zoom=0.92)
    data, _, total = axes[0]
    marked(data, result.data_minimum, 0.0, "*", "orange", 18)
    marked(total, result.minimum, result.minimum_cost, "D", "green", 9)
    return figure


def marked(panel: Any, w: Array, cost: float, marker: str, colour: str, size: int) -> None:
    """Draw a marker on a surface."""
    panel.plot(*w, cost, marker, color=COLOURS[colour], markersize=size, markeredgecolor="white", zorder=9)
