"""Figure: the steps of dropout in one pass, forward and back, as numbers in cells."""

from __future__ import annotations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from course_utils.arguments import Array
from course_utils.experiments.passes import DropoutPass
from course_utils.figures.style import COLOURS, panel_figure, styled

__all__ = ["NumberGrid", "PassFigure"]

# Each panel has two grids: a title, the field of the result, and the step from which it is shown. Above, the pass goes
# from left to right; below, the gradient comes back from right to left. One mask serves both.
PANELS = (
    (("outputs a", "a", 1), ("6  divide by q: da", "da", 6)),
    (("1  draw: u", "uniforms", 1), ("2  compare: D = u < q", "mask", 2)),
    (("3  multiply: a · D", "a_kept", 3), ("5  multiply: dã · D", "da_kept", 5)),
    (("4  divide by q: ã", "a_dropped", 4), ("gradient dã", "da_dropped", 5)),
)
GAP = 1.6  # rows between two grids
GIVEN = ("a", "da_dropped")  # in one decimal


class PassFigure:
    """Four panels for a :class:`DropoutPass`; updates show another step, keep_prob or mask.

    Parameters
    ----------
    result : DropoutPass
    alt : str, optional
        Text for screen readers; without one it names the panels.
    """

    @styled
    def __init__(self, result: DropoutPass, alt: str = "") -> None:
        self.figure, panels = panel_figure(len(PANELS), 3.9, alt)
        units, examples = result.a.shape
        self.grids = []
        for axes, pair in zip(panels, PANELS, strict=True):
            axes.set(xlim=(-0.55, examples - 0.45), ylim=(2 * units + GAP - 0.45, -1.1), xticks=[], yticks=[])
            axes.spines[:].set_visible(False)
            axes.set_label(", ".join(title for title, _, _ in pair))
            for top, (title, name, since) in zip((0, units + GAP), pair, strict=True):
                axes.text((examples - 1) / 2, top - 0.62, title, ha="center", va="bottom", fontsize=11)
                self.grids.append(NumberGrid(axes, top, result.a.shape, name, since))
        self.update(result)

    @property
    def changing(self) -> list[Artist]:
        """Artists that an update changes, in painting order."""
        return [artist for grid in self.grids for artist in grid.changing]

    @property
    def words(self) -> str:
        """What the numbers say."""
        return self.said

    def update(self, result: DropoutPass) -> None:
        """Show another pass, as far as its step."""
        for grid in self.grids:
            grid.update(result)
        kept = f", {result.mask.sum()} of {result.mask.size} kept" if result.step > 1 else ""
        self.said = f"step {result.step} of 6{kept}"


class NumberGrid:
    """A number for each unit, a row, and each example, a column; kept ones on colour, and a frame at the step's own."""

    def __init__(self, axes: Axes, top: float, shape: tuple[int, ...], name: str, since: int) -> None:
        self.name, self.since = name, since
        rows, columns = np.indices(shape)
        corners = np.array([[-0.47, -0.44], [0.47, -0.44], [0.47, 0.44], [-0.47, 0.44]])
        self.cells = np.stack([columns, rows + top], axis=-1)[:, :, np.newaxis] + corners  # (units, examples, 4, 2)
        self.kept, self.dropped = (PolyCollection([], facecolors=COLOURS[role]) for role in ("sky", "faint"))
        for cells in (self.kept, self.dropped):
            axes.add_collection(cells, autolim=False)
        self.texts = [
            axes.text(x, y + top, "", ha="center", va="center", fontsize=11)
            for x, y in zip(columns.flat, rows.flat, strict=True)
        ]
        (left, upper), (right, lower) = self.cells[0, 0, 0], self.cells[-1, -1, 2]
        edge = 0.03
        frame = np.array([[left, upper], [right, upper], [right, lower], [left, lower], [left, upper]])
        frame += edge * np.sign(frame - frame.mean(axis=0))
        (self.frame,) = axes.plot(*frame.T, color=COLOURS["orange"], linewidth=2.5, clip_on=False)

    @property
    def changing(self) -> list[Artist]:
        """Artists that an update changes, in painting order."""
        return [self.dropped, self.kept, self.frame, *self.texts]

    def update(self, result: DropoutPass) -> None:
        """Show the numbers of a pass, if it has come so far."""
        shown = result.step >= self.since
        known = result.step >= 2  # the mask
        kept = result.mask & known & shown
        self.kept.set_verts(list(self.cells[kept]))
        self.dropped.set_verts(list(self.cells[~kept]))  # empty ones keep the place of numbers to come
        own = self.since == result.step and self.name not in GIVEN
        self.frame.set_visible(own)
        for text, number, on_colour in zip(self.texts, self.numbers(result), kept.flat, strict=True):
            text.set_text(number if shown else "")
            text.set_color(COLOURS["black" if on_colour else "ink"])

    def numbers(self, result: DropoutPass) -> list[str]:
        """Return the grid's numbers as they are written."""
        values: Array = getattr(result, self.name)
        if self.name == "mask":
            return [str(int(value)) for value in values.flat]
        decimals = 1 if self.name in GIVEN else 2
        return ["0" if value == 0 else f"{value:.{decimals}f}".replace("-", "−") for value in values.flat]
