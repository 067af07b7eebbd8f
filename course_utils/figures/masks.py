"""Figures of masks: as pictures, and in a small network with its moments against the formulas."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap

from course_utils.arguments import Array
from course_utils.experiments.masks import MaskStatistics
from course_utils.figures.style import COLOURS, CourseFigure, new_figure, panel_figure, styled

__all__ = ["MaskNetworkFigure", "MomentPanel", "NetworkPanel", "mask_pictures"]


@styled
def mask_pictures(masks: Mapping[str, Array], alt: str = "") -> CourseFigure:
    """Return one picture for each mask (n, m), its key as title; kept is light, dropped is dark."""
    figure, axes = new_figure(4.2 * len(masks), 2.9, alt, columns=len(masks))
    for panel, (title, mask) in zip(axes[0], masks.items(), strict=True):
        palette = ListedColormap([COLOURS["ink"], "#CFE8F7"])
        panel.pcolormesh(mask, cmap=palette, vmin=0, vmax=1, edgecolors="white", linewidth=0.6)
        panel.invert_yaxis()
        panel.set(title=title, xlabel="example", ylabel="unit", xticks=[], yticks=[])
    return figure


class MaskNetworkFigure:
    """Three panels for :class:`MaskStatistics`; updates show others of the same network.

    Parameters
    ----------
    result : MaskStatistics
    alt : str, optional
        Text for screen readers; without one it names the panels.
    """

    @styled
    def __init__(self, result: MaskStatistics, alt: str = "") -> None:
        self.figure, (network, mean, variance) = panel_figure(3, 3.2, alt)
        self.network = NetworkPanel(network, result.layer_sizes)
        self.mean, self.variance = (MomentPanel(panel, len(result.a)) for panel in (mean, variance))
        mean.set(title="mean", ylim=(0, 1.7), yticks=[0, 0.5, 1, 1.5])
        # From nothing at keep_prob 1 to 19 a² at 0.05: equal steps near 0, equal factors above.
        variance.set_yscale("symlog", linthresh=0.1, linscale=0.5)
        variance.set(title="variance", ylim=(0, 30), yticks=[0, 0.1, 1, 10], yticklabels=["0", "0.1", "1", "10"])
        mean.legend(
            [self.mean.formula, self.mean.sample],
            ["formula", f"{result.samples} masks"],
            loc="upper left",
            frameon=False,
            borderaxespad=0,
        )
        self.update(result)

    @property
    def changing(self) -> list[Artist]:
        """Artists that an update changes, in painting order."""
        return [*self.network.changing, *self.mean.changing, *self.variance.changing]

    @property
    def words(self) -> str:
        """What the numbers say."""
        return self.network.count.get_text()

    def update(self, result: MaskStatistics) -> None:
        """Show other masks."""
        self.network.update(result.kept)
        for panel, expected, sampled in zip((self.mean, self.variance), result.expected, result.sampled, strict=True):
            panel.update(expected, sampled)


class NetworkPanel:
    """Units as circles, weights as lines; what is dropped is grey, crossed out, and its lines faint."""

    def __init__(self, axes: Axes, layer_sizes: tuple[int, ...]) -> None:
        axes.set_label("network")
        self.positions = [column(x, n) for x, n in enumerate(layer_sizes)]
        self.faint = LineCollection([], colors=COLOURS["faint"], linewidths=1.0, linestyles=":")
        self.lines = LineCollection([], colors=COLOURS["ink"], linewidths=1.4)
        for lines in (self.faint, self.lines):
            axes.add_collection(lines, autolim=False)
        size = 21.0  # points across
        (self.dropped,) = axes.plot(
            [], [], "o", markersize=size, color=COLOURS["faint"], markeredgecolor=COLOURS["middle grey"]
        )
        (self.crosses,) = axes.plot([], [], "x", markersize=size, color=COLOURS["strong grey"], markeredgewidth=3)
        (self.units,) = axes.plot([], [], "o", markersize=size, color=COLOURS["sky"], markeredgecolor=COLOURS["ink"])
        self.numbers = [
            axes.text(x, y, str(unit), ha="center", va="center", fontsize=12, weight="bold", color=COLOURS["black"])
            for unit, (x, y) in enumerate(self.positions[1], start=1)
        ]
        self.count = axes.annotate(
            "", (0.5, 1), (0, 6), "axes fraction", "offset points", ha="center", fontsize=12, weight="bold"
        )
        self.count.set_in_layout(False)
        names = ["input", *(f"hidden {layer}" for layer in range(1, len(layer_sizes) - 1)), "output"]
        axes.set(xlim=(-0.35, len(layer_sizes) - 0.65), ylim=(max(layer_sizes) / -2, max(layer_sizes) / 2))
        axes.set_title(" ")  # keeps the place of the count, whose width changes
        axes.set(xticks=range(len(layer_sizes)), xticklabels=names, yticks=[])
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)

    @property
    def changing(self) -> list[Artist]:
        """Artists that an update changes, in painting order."""
        return [self.faint, self.lines, self.dropped, self.crosses, self.units, *self.numbers, self.count]

    def update(self, kept: tuple[Array, ...]) -> None:
        """Show which units are kept: a bool array for each layer."""
        ends = [connections(*pair) for pair in pairwise(self.positions)]
        alive = [np.outer(above, below).ravel() for below, above in pairwise(kept)]
        segments, both = np.concatenate(ends), np.concatenate(alive)
        self.lines.set_segments(segments[both])
        self.faint.set_segments(segments[~both])
        positions, present = np.concatenate(self.positions), np.concatenate(kept)
        self.units.set_data(*positions[present].T)
        for cross in (self.dropped, self.crosses):
            cross.set_data(*positions[~present].T)
        for number, shown in zip(self.numbers, kept[1], strict=True):
            number.set_visible(bool(shown))
        hidden = np.concatenate(kept[1:-1])
        self.count.set_text(f"{hidden.sum()} of {len(hidden)} units kept")


def column(x: float, n: int) -> Array:
    """Return the positions (n, 2) of a layer's units, the first on top."""
    return np.stack([np.full(n, float(x)), (n - 1) / 2 - np.arange(n)], axis=1)


def connections(below: Array, above: Array) -> Array:
    """Return the lines (n_above · n_below, 2, 2) between two layers, in the order of the weight matrix's entries."""
    return np.array([[start, end] for end in above for start in below])


class MomentPanel:
    """One number per unit: what the formula says as a bar, what was sampled as a dot."""

    def __init__(self, axes: Axes, units: int) -> None:
        self.units = np.arange(1, units + 1)
        (self.formula,) = axes.plot([], [], "_", color=COLOURS["blue"], markersize=16, markeredgewidth=4)
        (self.sample,) = axes.plot([], [], "o", color=COLOURS["orange"], markersize=8, markeredgecolor="white")
        self.sample.set_clip_on(False)  # a dot at 0 is shown whole
        axes.set(xlim=(0.4, units + 0.6), xticks=self.units, xlabel="unit of hidden 1")

    @property
    def changing(self) -> list[Artist]:
        """Artists that an update changes, in painting order."""
        return [self.formula, self.sample]

    def update(self, expected: Array, sampled: Array) -> None:
        """Show the numbers (n,) of the formula and those sampled."""
        self.formula.set_data(self.units, expected)
        self.sample.set_data(self.units, sampled)
