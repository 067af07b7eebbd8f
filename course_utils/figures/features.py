"""Figure: errors of regression on random features, over their number and over λ."""

from __future__ import annotations

from matplotlib.artist import Artist

from course_utils.experiments.features import COUNTS, STRENGTHS, FeatureErrors, M
from course_utils.figures.style import COLOURS, panel_figure, styled

__all__ = ["FeaturesFigure"]

LOWEST = 0.003  # what is smaller is drawn here, an error of exactly 0 among it


class FeaturesFigure:
    """Two panels for :class:`FeatureErrors`; updates show another place.

    Parameters
    ----------
    result : FeatureErrors
    alt : str, optional
        Text for screen readers; without one it names the panels.
    """

    @styled
    def __init__(self, result: FeatureErrors, alt: str = "") -> None:
        self.figure, (counts, strengths) = panel_figure(2, 3.4, alt)
        self.lines, self.dots = [], []
        for axes in (counts, strengths):
            for name, dashes in (("training", "-"), ("test", "--")):
                self.lines += axes.plot([], [], dashes, color=COLOURS[name], label=name)
                self.dots += axes.plot([], [], "o", color=COLOURS[name], markersize=9, markeredgecolor="white")
            axes.set(
                yscale="log", ylim=(LOWEST, 100), yticks=[0.01, 0.1, 1, 10], yticklabels=["0.01", "0.1", "1", "10"]
            )
            axes.minorticks_off()
        counts.axvline(M, color=COLOURS["grey"], linewidth=1, linestyle=":", zorder=0)
        counts.annotate(f"{M} points", (M, 70), (4, 0), textcoords="offset points", va="center").set_in_layout(False)
        counts.set(xscale="log", xlim=(4.5, 450), xticks=[5, 20, 60, 200], xticklabels=["5", "20", "60", "200"])
        counts.set(xlabel="units", ylabel="mean squared error")
        counts.minorticks_off()
        strengths.set(xlim=(-0.4, len(STRENGTHS) - 0.6), xticks=range(0, len(STRENGTHS), 2), xlabel="λ")
        strengths.set(xticklabels=[f"{lambd:g}" for lambd in STRENGTHS[::2]])
        strengths.legend(loc="upper right", frameon=False, handlelength=1.8)
        counts.set_label("errors over the number of units")
        strengths.set_label("errors over λ")
        self.numbers = []
        for axes in (counts, strengths):
            axes.set_title(" ")  # keeps the place of the numbers, whose width changes
            number = axes.text(0.5, 1.02, "", transform=axes.transAxes, ha="center", fontsize=12, weight="bold")
            number.set_in_layout(False)
            self.numbers.append(number)
        self.update(result)

    @property
    def changing(self) -> list[Artist]:
        """Artists that an update changes, in painting order."""
        return [*self.lines, *self.dots, *self.numbers]

    @property
    def words(self) -> str:
        """What the numbers say."""
        return ", ".join(number.get_text() for number in self.numbers)

    def update(self, result: FeatureErrors) -> None:
        """Show another number of units or another λ."""
        row, column = result.count, result.strength
        for index, errors in enumerate((result.train, result.test)):
            drawn = errors.clip(LOWEST, None)
            self.lines[index].set_data(COUNTS, drawn[:, column])
            self.dots[index].set_data([COUNTS[row]], [drawn[row, column]])
            self.lines[2 + index].set_data(range(len(STRENGTHS)), drawn[row])
            self.dots[2 + index].set_data([column], [drawn[row, column]])
        self.numbers[0].set_text(f"λ = {STRENGTHS[column]:g}")
        self.numbers[1].set_text(f"{COUNTS[row]} units, test {result.test[row, column]:.2f}")
