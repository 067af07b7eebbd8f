"""Panel: curves over training steps, with fixed axes so that only the lines change."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.artist import Artist
from matplotlib.axes import Axes

from course_utils.arguments import Array

__all__ = ["CurvePanel"]


class CurvePanel:
    """One line per name of ``colours``; a dash pattern of its own tells each apart without colour."""

    DASHES = ("-", "--", ":", "-.")

    def __init__(self, axes: Axes, colours: Mapping[str, str], steps: int, top: float, ylabel: str) -> None:
        self.lines = {
            name: axes.plot([], [], dashes, color=colour, label=name)[0]
            for (name, colour), dashes in zip(colours.items(), self.DASHES, strict=False)
        }
        axes.set(xlim=(0, steps), ylim=(0, top), xlabel="step", ylabel=ylabel)
        axes.legend(loc="upper left", ncols=len(colours), handlelength=1.8, borderaxespad=0.2, frameon=False)

    @property
    def changing(self) -> list[Artist]:
        """Artists that an update changes."""
        return list(self.lines.values())

    def update(self, step: Array, curves: Mapping[str, Array]) -> None:
        """Show each curve over the steps."""
        for name, values in curves.items():
            self.lines[name].set_data(step, values)
