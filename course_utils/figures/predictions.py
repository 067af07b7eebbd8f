"""Figures: what many subnetworks predict and their means, and how far the scaled network is from those means."""

from __future__ import annotations

from collections.abc import Mapping

from course_utils.arguments import Array
from course_utils.figures.style import COLOURS, CourseFigure, looks_of, new_figure, styled

__all__ = ["gap_figure", "prediction_figure"]

LINES = (("orange", "-", "o"), ("blue", "--", "s"), ("green", "-.", "^"))
MEANS = (("orange", "--", 3), ("blue", "-", 7), ("yellow", ":", 3))  # wide below narrow: equal ones both show


@styled
def prediction_figure(p: Array, probability: Array, means: Mapping[str, float], alt: str = "") -> CourseFigure:
    """Return a histogram of predictions ``p`` (k,) weighted by ``probability`` (k,), and a line for each mean."""
    figure, axes = new_figure(7.5, 3.4, alt)
    panel = axes[0, 0]
    panel.hist(p, bins=25, range=(0, 1), weights=probability, color=COLOURS["sky"], edgecolor="white")
    for name, mean, (colour, dashes, width) in looks_of("means", means, MEANS):
        panel.axvline(mean, color=COLOURS[colour], linestyle=dashes, linewidth=width, label=f"{name} {mean:.2f}")
    panel.set(xlim=(0, 1), xlabel="prediction of a subnetwork", ylabel="probability")
    panel.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)
    return figure


@styled
def gap_figure(scales: Array, gaps: Mapping[str, Mapping[str, Array]], alt: str = "") -> CourseFigure:
    """Return a panel for each mean in ``gaps``; in it a line of distances (k,) over ``scales`` for each network."""
    figure, axes = new_figure(4.4 * len(gaps), 3.4, alt, columns=len(gaps), sharey=True)
    top = 1.1 * max(gap.max() for lines in gaps.values() for gap in lines.values())
    for panel, (title, lines) in zip(axes[0], gaps.items(), strict=True):
        for name, gap, (colour, dashes, marker) in looks_of(f"gaps[{title!r}]", lines, LINES):
            panel.plot(
                scales, gap, dashes, color=COLOURS[colour], marker=marker, markersize=7, label=name, clip_on=False
            )
        panel.set_xscale("log", base=2)
        panel.set_xticks(scales, [f"{scale:g}" for scale in scales])
        panel.set(title=title, xlabel="standard deviation of the weights", ylim=(0, top))
    axes[0, 0].set_ylabel("distance of the scaled network")
    axes[0, -1].legend(loc="upper left", frameon=False)
    return figure
