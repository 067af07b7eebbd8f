"""Figure: what dropout gains over no dropout, by its dose, for several cases."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from course_utils.figures.style import COLOURS, CourseFigure, looks_of, new_figure, styled

__all__ = ["gain_figure"]

LOOKS = (
    {"color": COLOURS["orange"], "linestyle": "-", "marker": "o"},
    {"color": COLOURS["blue"], "linestyle": "--", "marker": "s"},
    {"color": COLOURS["green"], "linestyle": ":", "marker": "^"},
)


@styled
def gain_figure(
    panels: Mapping[str, Mapping[str, Mapping[float, tuple[float, float]]]], ylabel: str, alt: str = ""
) -> CourseFigure:
    """Return a panel for each entry, with a line of means over keep_prob and bars for their intervals for each case.

    Parameters
    ----------
    panels : dict of dicts of dicts
        Title of a panel, then name of a case (three at most), then keep_prob, then mean and half-width.
    ylabel : str
        What is gained.
    alt : str, optional
        Text for screen readers; without one it names the panels.
    """
    figure, axes = new_figure(3.6 * len(panels), 3.6, alt, columns=len(panels))
    for panel, (title, cases) in zip(axes[0], panels.items(), strict=True):
        for name, pairs, look in looks_of(f"panels[{title!r}]", cases, LOOKS):
            means, halves = np.transpose(list(pairs.values()))
            panel.errorbar(list(pairs), means, halves, capsize=3, label=name, **look)
        panel.axhline(0, color=COLOURS["ink"], linewidth=1, linestyle=":", zorder=0)
        panel.set(title=title, xlabel="keep_prob", xlim=(1, 0.25))  # more dropout to the right
        panel.legend(loc="lower left", frameon=False)
    axes[0, 0].set_ylabel(ylabel)
    return figure
