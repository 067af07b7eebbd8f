"""Panel: training and test cost over the steps, with fixed axes so that only the lines change."""

from __future__ import annotations

from matplotlib.artist import Artist
from matplotlib.axes import Axes

from course_utils.experiments.quadrants import QuadrantRun
from course_utils.figures.style import COLOURS

__all__ = ["CostPanel"]


class CostPanel:
    """Costs of the whole network, and its last accuracies above them."""

    TOP = 1.2

    def __init__(self, axes: Axes, result: QuadrantRun) -> None:
        # Solid and dashed tell the lines apart without colour.
        (self.train,) = axes.plot([], [], "-", color=COLOURS["training"], label="training")
        (self.test,) = axes.plot([], [], "--", color=COLOURS["test"], label="test")
        axes.set(xlim=(0, int(result.run.history["step"][-1])), ylim=(0, self.TOP), xlabel="step")
        axes.set_ylabel("cost of the whole network")
        axes.legend(loc="upper left", ncols=2, handlelength=1.8, borderaxespad=0.2, frameon=False)
        axes.set_title(" ")  # keeps the place of the scores in the layout
        self.scores = axes.text(
            0.5, 1.02, "", transform=axes.transAxes, ha="center", va="bottom", fontsize=12, weight="bold"
        )
        self.update(result)

    @property
    def changing(self) -> list[Artist]:
        """Artists that an update changes."""
        return [self.train, self.test, self.scores]

    @property
    def words(self) -> str:
        """What the numbers say."""
        return self.scores.get_text()

    def update(self, result: QuadrantRun) -> None:
        """Show another run of as many steps."""
        history = result.run.history
        self.train.set_data(history["step"], history["train_cost"])
        self.test.set_data(history["step"], history["test_cost"])
        train, test = history["train_accuracy"][-1], history["test_accuracy"][-1]
        self.scores.set_text(f"training {train:.0%}   test {test:.0%}")
