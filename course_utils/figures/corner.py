"""Figure: contours of a data cost that touch the circle of L2 and the diamond of L1."""

from __future__ import annotations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection

from course_utils.arguments import Array
from course_utils.experiments.corner import Corner
from course_utils.figures.style import COLOURS, panel_figure, styled

__all__ = ["CornerFigure"]

LIMIT = 2.4  # of both axes
FAR = 4 * LIMIT  # outside of the picture
STEPS = np.array([1 / 3, 2 / 3, 4 / 3, 5 / 3])  # sizes of the other contours; the one that touches has 1
TURN = np.linspace(0, 2 * np.pi, 73)
ROUND = np.stack([np.cos(TURN), np.sin(TURN)])  # (2, 73)


class CornerFigure:
    """Two panels and a count of zeros for a :class:`Corner`; updates show another star or budget.

    Parameters
    ----------
    result : Corner
    alt : str, optional
        Text for screen readers; without one it names the panels.
    """

    @styled
    def __init__(self, result: Corner, alt: str = "") -> None:
        self.figure, (circle, diamond) = panel_figure(2, 4.1, alt, head=0.3)
        self.circle, self.diamond = Ball(circle, "L2"), Ball(diamond, "L1")
        self.numbers = circle.annotate(
            "", (0.01, 0.99), xycoords="figure fraction", va="top", fontsize=16, weight="bold"
        )
        self.numbers.set_in_layout(False)
        for ball, mark, name in (
            (self.circle, self.circle.star, "best for the data"),
            (self.diamond, self.diamond.best, "best within the budget"),
        ):
            marks, names = [mark, ball.wedges], [name, "stars of an exact zero"]
            ball.axes.legend(marks, names, loc="upper center", bbox_to_anchor=(0.5, -0.17), frameon=False)
        self.update(result)

    @property
    def headline(self) -> list[Artist]:
        """Those of them that stand above all panels."""
        return [self.numbers]

    @property
    def words(self) -> str:
        """What the numbers say."""
        return "\n".join(text.get_text() for text in (self.numbers, self.circle.name, self.diamond.name))

    @property
    def changing(self) -> list[Artist]:
        """Artists that an update changes, in painting order."""
        return [*self.circle.artists, *self.diamond.artists, self.numbers]

    def update(self, result: Corner) -> None:
        """Show another star or budget."""
        corners = result.stars_of_zeros
        wedges = np.stack([corners[:, 0], *(corners[:, 0] + FAR * corners[:, i] for i in (1, 2))], axis=1)
        rays = result.stars_on_axes
        self.circle.update(result, result.circle, result.budget * ROUND.T)
        self.circle.wedges.set_verts(list(np.stack([rays[:, 0], rays[:, 0] + FAR * rays[:, 1]], axis=1)))
        self.diamond.update(
            result, result.diamond, result.budget * np.array([[1, 0], [0, 1], [-1, 0], [0, -1], [1, 0]])
        )
        self.diamond.wedges.set_verts(list(wedges))
        zeros = (np.sum(w == 0) for w in (result.circle, result.diamond))
        self.numbers.set_text("exact zeros: L2 {}, L1 {}".format(*zeros))


class Ball:
    """One panel: what a penalty allows, the contours around the star, and where they touch."""

    def __init__(self, axes: Axes, title: str) -> None:
        self.axes, self.title = axes, title
        self.wedges = PolyCollection([], facecolors=COLOURS["faint"], edgecolors=COLOURS["faint"], linewidths=2.5)
        self.others = LineCollection([], colors=COLOURS["grey"], linewidths=1)
        for collection in (self.wedges, self.others):
            axes.add_collection(collection, autolim=False)
        for line in (axes.axhline, axes.axvline):
            line(0, color=COLOURS["grey"], linewidth=1, zorder=0)
        (self.border,) = axes.plot([], [], color=COLOURS["blue"], linewidth=2.5)
        (self.touching,) = axes.plot([], [], color=COLOURS["ink"], linewidth=1.6)
        (self.star,) = axes.plot([], [], "*", color=COLOURS["orange"], markersize=20, markeredgecolor=COLOURS["ink"])
        (self.best,) = axes.plot([], [], "D", color=COLOURS["green"], markersize=9, markeredgecolor="white")
        self.name = axes.annotate("", (0.5, 1), (0, 6), "axes fraction", "offset points", ha="center", fontsize=12)
        self.name.set_in_layout(False)
        limits, ticks = (-LIMIT, LIMIT), [-2, -1, 0, 1, 2]
        axes.set(xlim=limits, ylim=limits, xticks=ticks, yticks=ticks, aspect="equal")
        axes.set(xlabel="weight $w_1$", ylabel="weight $w_2$")
        axes.set_title(" ")  # keeps the place of the name
        axes.set_label(title)

    @property
    def artists(self) -> list[Artist]:
        """What an update changes, in painting order."""
        return [self.wedges, self.others, self.border, self.touching, self.star, self.best, self.name]

    def update(self, result: Corner, best: Array, border: Array) -> None:
        """Show the best weights (2,) within a border (n, 2)."""
        unit = np.linalg.inv(np.linalg.cholesky(result.curvature)).T @ ROUND  # (2, 73), a contour at cost ½
        size = np.sqrt(2 * result.cost(best))
        self.others.set_segments([(result.star[:, np.newaxis] + step * (size or 0.3) * unit).T for step in STEPS])
        self.touching.set_data(*(result.star[:, np.newaxis] + size * unit))
        self.border.set_data(*border.T)
        self.star.set_data(*result.star[:, np.newaxis])
        self.best.set_data(*best[:, np.newaxis])
        self.name.set_text(
            f"{self.title}:  " + "   ".join(f"w{i} = {shown(w)}" for i, w in zip("₁₂", best, strict=True))
        )


def shown(w: float) -> str:
    """Return a weight as text; only what is exactly zero is written as 0."""
    return "0" if w == 0 else f"{w:.2f}".replace("-", "−")
