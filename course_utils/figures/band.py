"""Figure: predictions of a curve with dropout left on, their mean and spread, and the gap without data."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from course_utils.experiments.band import Band
from course_utils.figures.style import COLOURS, panel_figure, styled

__all__ = ["BandFigure"]


class BandFigure:
    """The curve, the points seen, mean ± 2 deviations and some samples; beside it the deviation alone.

    Parameters
    ----------
    band : Band
    alt : str, optional
        Text for screen readers; without one it names the panels.
    """

    DRAWN = 20  # samples drawn one by one
    WIDEST = 8.0  # of the deviation's axis

    @styled
    def __init__(self, band: Band, alt: str = "") -> None:
        self.figure, (curve, width) = panel_figure(2, 3.2, alt)
        edges = (float(band.x[0]), float(band.x[-1]))
        # What tells artists apart without colour: points, dashes, a solid line, an area.
        self.gaps: list[Any] = [panel.add_patch(_gap(panel)) for panel in (curve, width)]
        self.area = curve.fill_between(band.x, band.mean, band.mean, color=COLOURS["sky"], alpha=0.45, linewidth=0)
        self.area.set_label("mean ± 2 deviations")
        (self.dots,) = curve.plot([], [], ".", color=COLOURS["blue"], markersize=2.5, alpha=0.5, label="one prediction")
        (self.truth,) = curve.plot(band.x, band.y, "--", color=COLOURS["ink"], linewidth=1.2, label="truth")
        (self.points,) = curve.plot([], [], "o", color=COLOURS["training"], markersize=4, label="data")
        (self.mean,) = curve.plot([], [], "-", color=COLOURS["blue"], label="mean")
        curve.set(xlim=edges, ylim=(-32, 32), xlabel="x", ylabel="y", title="\n\n ")  # room for the legend
        look: dict[str, Any] = {"frameon": False, "handlelength": 1.0, "columnspacing": 0.9, "borderaxespad": 0.1}
        whole: Any = curve.figure
        handles = [self.points, self.truth, self.mean, self.area, self.dots]
        self.legend = curve.legend(
            handles=handles,
            loc="upper center",
            bbox_to_anchor=(0.5, 1),
            bbox_transform=whole.transSubfigure,
            ncols=2,
            **look,
        )
        self.legend.set_in_layout(False)
        (self.deviation,) = width.plot([], [], "-", color=COLOURS["blue"])
        width.set(xlim=edges, ylim=(0, self.WIDEST), xlabel="x", ylabel="deviation of the samples")
        width.set_title(" ")  # keeps the place of the words in the layout
        self.numbers = width.text(  # from the right: they may be wider than the panel
            1, 1.02, "", transform=width.transAxes, ha="right", va="bottom", fontsize=11, weight="bold"
        )
        self.update(band)

    @property
    def changing(self) -> list[Artist]:
        """Artists that an update changes, in painting order."""
        # The truth does not change, but would be hidden by the gap.
        marks = [self.area, self.dots, self.truth, self.points, self.mean, self.deviation, self.numbers]
        return [*self.gaps, *marks]

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
        low, high = mean - 2 * deviation, mean + 2 * deviation
        self.area.set_verts([np.column_stack([np.append(x, x[::-1]), np.append(low, high[::-1])])])
        drawn = band.samples[: self.DRAWN]  # (drawn, m)
        self.dots.set_data(np.tile(x, len(drawn)), drawn.ravel())
        self.points.set_data(x[band.seen], band.y[band.seen])
        self.mean.set_data(x, mean)
        self.deviation.set_data(x, np.minimum(deviation, self.WIDEST))
        seen, gap_width = band.widths
        self.numbers.set_text(f"on data {seen:.1f}" + (f"   in the gap {gap_width:.1f}" if unseen.size else ""))


def _gap(panel: Axes) -> Rectangle:
    """Return a bar of the panel's height, still without a width: x counts in data, y in heights of the panel."""
    return Rectangle((0, 0), 0, 1, transform=panel.get_xaxis_transform(), color=COLOURS["faint"], zorder=0, linewidth=0)
