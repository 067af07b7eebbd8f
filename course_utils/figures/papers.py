"""Figure: errors measured here beside those of a paper, with what seeds and what test examples leave open."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from course_utils.arguments import Array
from course_utils.figures.style import COLOURS, CourseFigure, new_figure, styled

__all__ = ["paper_figure"]

Interval = tuple[float, float]  # mean and half-width


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
    figure, axes = new_figure(7.5, 1.1 + 0.85 * len(values), alt)
    panel = axes[0, 0]
    for row, (name, dots) in enumerate(values.items()):
        mean, half = examples[name]
        panel.barh(row, 2 * half, 0.5, mean - half, color=COLOURS["faint"])
        panel.plot(dots, np.full(len(dots), row), "o", color=COLOURS["middle grey"], markersize=6)
        mean, half = seeds[name]
        panel.errorbar(
            mean, row, xerr=half, fmt="D", color=COLOURS["blue"], markersize=7, capsize=6, elinewidth=2.5, capthick=2
        )
        if name in paper:
            panel.plot(paper[name], row, "|", color=COLOURS["orange"], markersize=30, markeredgewidth=3)
    say_what_is_what(panel, next(iter(values)), seeds, examples, paper)
    panel.set(yticks=range(len(values)), yticklabels=list(values), ylim=(len(values) - 0.5, -0.85), xlabel=xlabel)
    return figure


def say_what_is_what(
    panel: object,
    name: str,
    seeds: Mapping[str, Interval],
    examples: Mapping[str, Interval],
    paper: Mapping[str, float],
) -> None:
    """Write beside the first row what its marks are."""
