"""Figure: what a network has made of a sine at one moment of its training, and its cost until then."""

from __future__ import annotations

from matplotlib.artist import Artist

from course_utils.experiments.sine import SineRun
from course_utils.figures.style import COLOURS, panel_figure, styled

__all__ = ["SineFigure"]


class SineFigure:
    """Two panels for a :class:`SineRun`; updates show another network or another moment.

    Parameters
    ----------
    result : SineRun
    alt : str, optional
        Text for screen readers; without one it names the panels.
    """

    @styled
    def __init__(self, result: SineRun, alt: str = "") -> None:
        self.figure, (fit, cost) = panel_figure(2, 3.2, alt)
        fit.set_label("the points and what the network makes of them")
        fit.plot(result.x[0], result.y[0], "o", color=COLOURS["grey"], markersize=4)
        (self.fit,) = fit.plot([], [], color=COLOURS["blue"], linewidth=2.5)
        fit.set(xlim=(-0.03, 1.03), ylim=(-26, 26), xlabel="x", ylabel="y", xticks=[0, 0.5, 1], yticks=[-20, 0, 20])
        cost.set_label("mean squared error over the steps")
        (self.cost,) = cost.plot([], [], color=COLOURS["training"])
        (self.now,) = cost.plot([], [], "o", color=COLOURS["training"], markersize=7)
        cost.set(xlim=(-3, 103), ylim=(0.02, 800), yscale="log", xlabel="% of all steps", ylabel="mean squared error")
        cost.set(xticks=[0, 50, 100], yticks=[0.1, 1, 10, 100], yticklabels=["0.1", "1", "10", "100"])
        cost.minorticks_off()
        self.numbers = []
        for axes in (fit, cost):
            axes.set_title(" ")  # keeps the place of the numbers, whose width changes
            number = axes.text(0.5, 1.02, "", transform=axes.transAxes, ha="center", fontsize=12, weight="bold")
            number.set_in_layout(False)
            self.numbers.append(number)
        self.update(result)

    @property
    def changing(self) -> list[Artist]:
        """Artists that an update changes, in painting order."""
        return [self.fit, self.cost, self.now, *self.numbers]

    @property
    def words(self) -> str:
        """What the numbers say."""
        return ", ".join(number.get_text() for number in self.numbers)

    def update(self, result: SineRun) -> None:
        """Show another run, or another moment of it."""
        shares = 100 * result.steps / result.last
        self.fit.set_data(result.x[0], result.fit[0])
        self.cost.set_data(shares, result.costs)
        self.now.set_data(shares[-1:], result.costs[-1:])
        error = result.costs[-1]
        words = f"step {result.steps[-1]}", f"error {error:.{1 if error >= 1 else 2}f}"
        for number, text in zip(self.numbers, words, strict=True):
            number.set_text(text)
