"""Figure: errors measured here beside those of a paper, with what seeds and what test examples leave open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from course_utils.arguments import Array
from course_utils.figures.intervals import enclose_texts
from course_utils.figures.style import COLOURS, CourseFigure, new_figure, styled

__all__ = ["paper_figure"]

Interval = tuple[float, float]  # mean and half-width

MEAN: Any = {"fmt": "D", "color": COLOURS["blue"], "markersize": 7, "capsize": 6, "elinewidth": 2.5, "capthick": 2}


@styled
def paper_figure(
    values: Mapping[str, Array],
    seeds: Mapping[str, Interval],
    examples: Mapping[str, Interval],
    paper: Mapping[str, float],
    xlabel: str,
    alt: str = "",
) -> CourseFigure:
    """Return a row for each name: values as dots, their interval, that of the test examples, and the paper's number.

    Parameters
    ----------
    values : dict of arrays (n,)
        One number for each seed.
    seeds, examples : dict of (mean, half-width)
        Where the mean lies for other seeds, and for other test examples.
    paper : dict of float
        The paper's number, for those rows that it has.
    xlabel : str
        What is measured.
    alt : str, optional
        Text for screen readers.
    """
    if not (set(values) == set(seeds) == set(examples)):
        raise ValueError(f"seeds and examples must have the names of values, {list(values)}")
    figure, axes = new_figure(7.5, 1.2 + 0.85 * len(values), alt)
    panel, first = axes[0, 0], next(iter(values))
    for row, (name, dots) in enumerate(values.items()):
        (mean, half), (middle, wide) = seeds[name], examples[name]
        band = panel.barh(row, 2 * wide, 0.38, middle - wide, color=COLOURS["faint"], zorder=0)[0]
        band.sticky_edges.x.clear()  # else it would touch the axis
        panel.plot(dots, np.full(len(dots), row), "o", color=COLOURS["middle grey"], markersize=6)
        panel.errorbar(mean, row, xerr=half, **MEAN)
        told = {"ours": f"{mean:.2f} ± {half:.2f}", "paper": "", "band": ""}
        if name == first:  # says what its marks are, and so what all are
            told = {"ours": f"mean over seeds {mean:.2f} ± {half:.2f}", "paper": "paper ", "band": "other test digits"}
        note(panel, told["band"], middle - wide, row, 29, COLOURS["strong grey"], "left")
        note(panel, told["ours"], mean, row, 14, COLOURS["blue"])
        if name in paper:
            panel.plot(paper[name], row, "|", color=COLOURS["orange"], markersize=22, markeredgewidth=3)
            note(panel, f"{told['paper']}{paper[name]:.2f}", paper[name], row, -22, COLOURS["orange"])
    panel.set(yticks=range(len(values)), yticklabels=list(values), ylim=(len(values) - 0.4, -0.85), xlabel=xlabel)
    if figure.scale > 1:
        enclose_texts(figure, panel)
    return figure


def note(panel: Axes, text: str, x: float, row: int, points: float, colour: str, side: str = "center") -> None:
    """Write a text so many points above a row."""
    panel.annotate(text, (x, row), (0, points), textcoords="offset points", ha=side, color=colour)
