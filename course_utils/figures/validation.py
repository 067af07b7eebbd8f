"""Figure: scores of many seeds over the strengths of a penalty, with means, their intervals and the chosen one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from course_utils.figures.style import COLOURS, CourseFigure, looks_of, new_figure, styled

__all__ = ["validation_figure"]

LOOKS = (
    ("orange", "-", "o"), ("blue", "--", "s"), ("green", ":", "^"), ("purple", "-.", "D"), ("pink", "-", "v"),
    ("sky", "--", "P"),
)  # fmt: skip


@styled
def validation_figure(
    strengths: Sequence[float],
    intervals: Mapping[str, Sequence[tuple[float, float]]],
    chosen: float,
    alt: str = "",
) -> CourseFigure:
    """Return a line of means for each name, with bars for its intervals, over equally spaced strengths.

    Parameters
    ----------
    strengths : sequence of k floats
        Equal distances between them suit a grid that holds 0, which a logarithmic axis does not.
    intervals : dict of k pairs each
        Name, then mean and half-width for each strength.
    chosen : float
        The strength to be marked.
    alt : str, optional
        Text for screen readers; without one it names the panels.
    """
    figure, axes = new_figure(8.5, 3.6, alt)
    panel, places = axes[0, 0], np.arange(len(strengths))
    for name, pairs, (colour, dashes, marker) in looks_of("intervals", intervals, LOOKS):
        means, halves = np.transpose(pairs)
        panel.errorbar(
            places, means, halves, color=COLOURS[colour], linestyle=dashes, marker=marker, capsize=4, label=name
        )
    marked = np.flatnonzero(np.isclose(strengths, chosen))
    if not len(marked):
        given = ", ".join(f"{strength:g}" for strength in strengths)
        raise ValueError(f"chosen must be one of the strengths {given}, got {chosen}")
    panel.axvline(marked[0], color=COLOURS["grey"], linewidth=8, alpha=0.5, zorder=0, label="chosen")
    panel.set(xticks=places, xticklabels=[f"{strength:g}" for strength in strengths], xlabel="λ", ylabel="accuracy")
    figure.legend(loc="outside right center", frameon=False)
    return figure
