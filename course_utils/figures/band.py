"""Figure: predictions of a curve with dropout left on, their mean and spread, and how far the mean is off."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.legend import Legend
from matplotlib.patches import Rectangle

from course_utils.arguments import Array
from course_utils.experiments.band import Band
from course_utils.figures.style import COLOURS, panel_figure, styled

__all__ = ["BandFigure"]


class BandFigure:
    """The curve, the points seen, thinned networks and mean ± 2 deviations; beside it deviation and error over x.

    Parameters
    ----------
    band : Band
    alt : str, optional
        Text for screen readers; without one it names the panels.
    """

    HIGHEST = 10.0  # of the right panel; errors beyond stay at its edge

    @styled
    def __init__(self, band: Band, alt: str = "") -> None:
        self.figure, (curve, width) = panel_figure(2, 3.3, alt)
        x = band.x
        # What tells artists apart without colour: points, dashes, thin and thick lines, an area.
        self.gaps: list[Any] = [panel.add_patch(_gap(panel)) for panel in (curve, width)]
        self.area = curve.fill_between(x, band.mean, band.mean, color=COLOURS["sky"], alpha=0.3, linewidth=0)
        self.area.set_label("mean ± 2 deviations")
        (self.thinned,) = curve.plot([], [], "-", color=COLOURS["sky"], linewidth=0.7, label="thinned networks")
        (self.mean,) = curve.plot([], [], "-", color=COLOURS["blue"], linewidth=2.2, label="mean")
        (self.truth,) = curve.plot(x, band.y, "--", color=COLOURS["ink"], linewidth=1.3, label="true curve")
        (self.points,) = curve.plot([], [], "o", color=COLOURS["training"], markersize=3, label="training data")
        curve.set(ylim=(-33, 42), yticks=[-20, 0, 20], ylabel="y", title=" ")
        self.names = [_name(curve, self.area, self.thinned, self.mean, self.truth, self.points)]
        (self.deviation,) = width.plot([], [], "-", color=COLOURS["blue"], linewidth=2.2, label="deviation of samples")
        (self.error,) = width.plot([], [], "--", color=COLOURS["orange"], linewidth=1.8, label="error of their mean")
        width.set(ylim=(0, self.HIGHEST), yticks=[0, 2, 4, 6, 8], title=" ")  # keeps the place of the numbers
        width.set_label("deviation and error")
        self.names.append(_name(width, self.deviation, self.error))
        for panel in (curve, width):
            panel.set(xlim=(x[0] - 0.02, x[-1] + 0.02), xticks=[0, 0.5, 1], xlabel="x")
            panel.spines[["left", "bottom"]].set_color(COLOURS["grey"])
            panel.tick_params(color=COLOURS["grey"])
        self.numbers = width.text(  # from the right: they may be wider than the panel
            1, 1.02, "", transform=width.transAxes, ha="right", va="bottom", color=COLOURS["blue"], weight="bold"
        )
        self.gap_name = curve.text(
            0, 0.02, "", transform=curve.get_xaxis_transform(), ha="center", va="bottom", fontsize=9,
            color=COLOURS["strong grey"],
        )  # fmt: skip
        self.update(band)

    @property
    def changing(self) -> list[Artist]:
        """Artists that an update changes, in painting order."""
        # Names and truth do not change, but would be hidden by the gap.
        marks = [self.area, self.thinned, self.points, self.mean, self.truth, self.error, self.deviation, self.numbers]
        return [*self.gaps, *self.names, *marks, self.gap_name]

    @property
    def words(self) -> str:
        """What the numbers say."""
        return f"deviation of the samples: {self.numbers.get_text()}"

    def update(self, band: Band) -> None:
        """Show another band over the same curve."""
        x, mean, deviation = band.x, band.mean, band.deviation
        unseen = np.flatnonzero(~band.seen)
        start, end = (x[unseen[0]], x[unseen[-1]]) if unseen.size else (0.0, 0.0)
        for gap in self.gaps:
            gap.set_bounds(start, 0, end - start, 1)
        self.gap_name.set(x=(start + end) / 2, text="no data" if unseen.size else "")
        low, high = mean - 2 * deviation, mean + 2 * deviation
        self.area.set_verts([np.column_stack([np.append(x, x[::-1]), np.append(low, high[::-1])])])
        self.thinned.set_data(*_one_line(x, band.curves))
        self.points.set_data(x[band.seen], band.y[band.seen])
        self.mean.set_data(x, mean)
        self.deviation.set_data(x, np.minimum(deviation, self.HIGHEST))
        self.error.set_data(x, np.minimum(np.abs(mean - band.y), self.HIGHEST))
        seen, gap_width = band.widths
        self.numbers.set_text(f"on data {seen:.1f}" + (f"   in the gap {gap_width:.1f}" if unseen.size else ""))


def _name(panel: Axes, *artists: Any) -> Legend:
    """Return the names of artists in the panel's upper right corner, each name in the colour of what it names."""
    look: dict[str, Any] = {"frameon": False, "handlelength": 1.3, "labelspacing": 0.25, "borderaxespad": 0}
    legend = panel.legend(handles=artists, loc="upper right", markerfirst=False, fontsize=9, **look)
    for text, artist in zip(legend.get_texts(), artists, strict=True):
        text.set_color(COLOURS["blue"] if artist is artists[0] else artist.get_color())
    return legend


def _one_line(x: Array, curves: Array) -> tuple[Array, Array]:
    """Return curves (n, m) over x (m,) as one line with breaks."""
    broken = np.pad(curves, ((0, 0), (0, 1)), constant_values=np.nan)  # (n, m + 1)
    return np.tile(np.append(x, np.nan), len(curves)), broken.ravel()


def _gap(panel: Axes) -> Rectangle:
    """Return a bar of the panel's height, still without a width: x counts in data, y in heights of the panel."""
    return Rectangle((0, 0), 0, 1, transform=panel.get_xaxis_transform(), color=COLOURS["faint"], zorder=0, linewidth=0)
