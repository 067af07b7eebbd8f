"""Figure: data cost, penalty and their sum as contours over two weights, and where the sum is least."""

from __future__ import annotations

from itertools import chain

import numpy as np
from contourpy import LineType, contour_generator
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from course_utils.arguments import Array
from course_utils.experiments.bowl import PenalizedBowl
from course_utils.figures.style import COLOURS, panel_figure, styled

__all__ = ["BowlFigure", "ContourPanel"]

LEVELS = 0.06 * np.arange(1, 10) ** 2  # above the least cost; of a bowl these contours lie at equal distances
PENALTY_NAMES = {"L2": "penalty λ/(2m) Σw²", "L1": "penalty λ₁/m Σ|w|"}


class BowlFigure:
    """Three panels and large numbers for a :class:`PenalizedBowl`; updates show another λ or penalty.

    Parameters
    ----------
    result : PenalizedBowl
    alt : str, optional
        Text for screen readers; without one it names the panels.
    """

    @styled
    def __init__(self, result: PenalizedBowl, alt: str = "") -> None:
        self.figure, axes = panel_figure(3, 4.1, alt, head=0.3)
        data, penalty, total = axes
        self.data = ContourPanel(data, result.axis, COLOURS["orange"], "-")
        self.penalty = ContourPanel(penalty, result.axis, COLOURS["blue"], "--")
        self.total = ContourPanel(total, result.axis, COLOURS["ink"], "-.")
        self.data.update(result.data, 0.0)
        data.set_title("data cost")
        penalty.set_title(" ")  # keeps the place of a title that changes
        penalty.set_label("penalty")
        total.set_title("sum of both")
        self.name = penalty.annotate("", (0.5, 1), (0, 6), "axes fraction", "offset points", ha="center", fontsize=12)
        self.stars = [starred(panel, *result.data_minimum) for panel in (data, total)]
        (self.path,) = total.plot([], [], color=COLOURS["pink"], linewidth=4)
        self.minima = [
            panel.plot([], [], "D", color=COLOURS["green"], markersize=10, markeredgecolor="white")[0]
            for panel in (data, penalty, total)
        ]
        self.numbers = data.annotate("", (0.01, 0.99), xycoords="figure fraction", va="top", fontsize=16, weight="bold")
        for text in (self.name, self.numbers):
            text.set_in_layout(False)
        marks: tuple[dict[str, Artist], ...] = (
            {"equal data cost": self.data.lines, "least data cost": self.stars[0]},
            {"equal penalty": self.penalty.lines, "least sum": self.minima[1]},
            {"equal sum": self.total.lines, "least sum, as λ grows": self.path},
        )
        for panel, named in zip(axes, marks, strict=True):
            panel.legend(named.values(), named, loc="upper center", bbox_to_anchor=(0.5, -0.17), frameon=False)
        self.update(result)

    @property
    def headline(self) -> list[Artist]:
        """Those of them that stand above all panels."""
        return [self.numbers]

    @property
    def words(self) -> str:
        """What the numbers say."""
        return self.numbers.get_text()

    @property
    def changing(self) -> list[Artist]:
        """Artists that an update changes, in painting order."""
        return [self.penalty.lines, self.total.lines, self.path, *self.stars, *self.minima, self.name, self.numbers]

    def update(self, result: PenalizedBowl) -> None:
        """Show another λ or penalty over the same data cost."""
        self.penalty.update(result.penalty, 0.0)
        self.total.update(result.total, result.minimum_cost)
        self.path.set_data(*result.path)
        for marker in self.minima:
            marker.set_data(*result.minimum[:, np.newaxis])
        self.name.set_text(PENALTY_NAMES[result.kind])
        self.numbers.set_text(words_of(result))


def words_of(result: PenalizedBowl) -> str:
    """Return λ, the weights and the count of exact zeros as text; only what is exactly zero is written as 0."""
    letter = {"L2": "λ", "L1": "λ₁"}[result.kind]
    weights = [f"w{index} = {'0' if w == 0 else f'{w:.2f}'}" for index, w in zip("₁₂", result.minimum, strict=True)]
    return "     ".join([f"{letter} = {result.lambd:.2f}", *weights, f"exact zeros: {result.zeros}"])


def starred(axes: Axes, x: float, y: float) -> Line2D:
    """Return a star drawn at a point."""
    return axes.plot(x, y, "*", color=COLOURS["orange"], markersize=22, markeredgecolor=COLOURS["ink"])[0]


class ContourPanel:
    """Contours of a cost over two weights, and the axes where a weight is zero."""

    def __init__(self, axes: Axes, axis: Array, colour: str, dashes: str) -> None:
        self.axis = axis
        axes.axhline(0, color=COLOURS["grey"], linewidth=1, zorder=0)
        axes.axvline(0, color=COLOURS["grey"], linewidth=1, zorder=0)
        self.lines = LineCollection([], colors=colour, linewidths=1.4, linestyles=dashes)
        axes.add_collection(self.lines, autolim=False)
        limits, ticks = (axis[0], axis[-1]), [-1, 0, 1, 2]
        axes.set(xlim=limits, ylim=limits, xticks=ticks, yticks=ticks, aspect="equal")
        axes.set(xlabel="weight $w_1$", ylabel="weight $w_2$")

    def update(self, cost: Array, least: float) -> None:
        """Show the contours of a cost (k, k) at fixed steps above its least value."""
        contours = contour_generator(self.axis, self.axis, cost, line_type=LineType.Separate)
        lines = chain.from_iterable(contours.lines(level) for level in least + LEVELS)
        self.lines.set_segments(list(lines))  # type: ignore[arg-type]  # the type of line is known here
