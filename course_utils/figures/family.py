"""Figure: the factors that dropout and its relatives multiply by, for three examples of one pass."""

from __future__ import annotations

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.text import Text

from course_utils.experiments.family import EXAMPLES, KINDS, SIZE, DroppedFactors
from course_utils.figures.grid_image import grid_image
from course_utils.figures.style import COLOURS, OUTPUT_SHADES, panel_figure, styled

__all__ = ["FamilyFigure"]

LARGEST = 3.0  # factors above it look like it


class FamilyFigure:
    """Four panels for :class:`DroppedFactors`; updates show another member of the family, or other factors.

    Parameters
    ----------
    result : DroppedFactors
    alt : str, optional
        Text for screen readers; without one it names the panels.
    """

    @styled
    def __init__(self, result: DroppedFactors, alt: str = "") -> None:
        self.figure, (*examples, noise) = panel_figure(1 + EXAMPLES, 3.3, alt)
        self.images, self.labels = [], []
        for number, axes in enumerate(examples, start=1):
            self.images.append(grid_image(axes, OUTPUT_SHADES, 0, LARGEST, (0, SIZE, 0, SIZE)))
            axes.invert_yaxis()
            axes.set(
                title=f"factors, example {number}", xticks=[], yticks=[], xlabel=" ", ylabel=" "
            )  # keep the places
            self.labels.append(label(axes, 0.5, -0.04, 0))
            self.labels.append(label(axes, -0.04, 0.5, 90))
        self.rows = dict(zip(KINDS, range(len(KINDS)), strict=True))
        (self.all,) = noise.plot([], [], "o", color=COLOURS["grey"], markersize=9)
        (self.own,) = noise.plot([], [], "o", color=COLOURS["orange"], markersize=13)
        noise.set(xlim=(-0.1, 2.15), ylim=(len(KINDS) - 0.5, -0.5), yticks=[], xticks=[0, 1, 2])
        noise.set(title="noise of the mean of 64", xlabel="standard deviation")
        for name, row in self.rows.items():
            noise.text(2.1, row - 0.28, name, ha="right", va="center")
        self.update(result)

    @property
    def changing(self) -> list[Artist]:
        """Artists that an update changes, in painting order."""
        return [*self.images, *self.labels, self.all, self.own]

    @property
    def words(self) -> str:
        """What the numbers say."""
        return self.said

    def update(self, result: DroppedFactors) -> None:
        """Show other factors."""
        row, column, _ = KINDS[result.kind]
        for image, factors in zip(self.images, result.factors, strict=True):
            image.set_data(factors)
        for index, text in enumerate(self.labels):
            text.set_text((column, row)[index % 2])
        self.all.set_data(list(result.deviations.values()), list(self.rows.values()))
        deviation = result.deviations[result.kind]
        self.own.set_data([deviation], [self.rows[result.kind]])
        zeros = (result.factors == 0).mean()
        self.said = f"{result.kind}: {zeros:.0%} of the factors are 0, noise of their mean {deviation:.2f}"


def label(axes: Axes, x: float, y: float, rotation: float) -> Text:
    """Return the name of an axis, which changes with what the picture shows."""
    found = axes.text(
        x, y, "", transform=axes.transAxes, rotation=rotation,
        ha="center" if rotation == 0 else "right", va="top" if rotation == 0 else "center",
    )  # fmt: skip
    found.set_in_layout(False)
    return found
