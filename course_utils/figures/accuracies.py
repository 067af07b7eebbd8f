"""Panel: training and test accuracy as large numbers over bars, to be read from the last row."""

from __future__ import annotations

from matplotlib.artist import Artist
from matplotlib.axes import Axes

from course_utils.experiments.quadrants import QuadrantRun
from course_utils.figures.style import COLOURS

__all__ = ["AccuracyPanel"]


class AccuracyPanel:
    """One bar for training and one for test, with a line at one half, which is guessing."""

    def __init__(self, axes: Axes, result: QuadrantRun) -> None:
        colours = [COLOURS["training"], COLOURS["test"]]
        self.bars = axes.bar(["training", "test"], [0.5, 0.5], width=0.62, color=colours, hatch=["", "//"])
        self.numbers = [
            axes.text(i, 1.02, "", ha="center", va="bottom", fontsize=20, weight="bold", color=colour)
            for i, colour in enumerate(colours)
        ]
        axes.axhline(0.5, color=COLOURS["ink"], linewidth=1, linestyle=":")
        axes.set(ylim=(0, 1.2), yticks=[0, 0.25, 0.5, 0.75, 1.0], xlabel=" ", ylabel="accuracy of the whole network")
        self.update(result)

    @property
    def changing(self) -> list[Artist]:
        """Artists that an update changes."""
        return [*self.bars, *self.numbers]

    @property
    def words(self) -> str:
        """What the numbers say."""
        train, test = (number.get_text() for number in self.numbers)
        return f"training {train}   test {test}"

    def update(self, result: QuadrantRun) -> None:
        """Show the last accuracies of another run."""
        history = result.run.history
        for bar, number, name in zip(self.bars, self.numbers, ("train_accuracy", "test_accuracy"), strict=True):
            bar.set_height(history[name][-1])
            number.set_text(f"{history[name][-1]:.0%}")
