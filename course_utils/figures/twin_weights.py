"""Figure: two weights of equal features, from where they start to where training takes them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from course_utils.arguments import Array
from course_utils.figures.style import COLOURS, CourseFigure, new_figure, styled

__all__ = ["twin_figure"]


@styled
def twin_figure(starts: Array, ends: Mapping[str, Array], alt: str = "") -> CourseFigure:
    """Return a panel for each entry of ``ends`` (2, k): a path from each of the ``starts`` (2, k) to its end."""
    figure, axes = new_figure(4.4 * len(ends), 4.2, alt, columns=len(ends), sharey=True)
    everything = np.concatenate([starts, *ends.values()], axis=1)
    low, high = everything.min() - 0.8, everything.max() + 0.8
    for panel, (title, end) in zip(axes[0], ends.items(), strict=True):
        panel.plot((low, high), (low, high), ":", color=COLOURS["ink"], linewidth=1.2, label="$w_1 = w_2$")
        panel.plot(*np.stack([starts, end], axis=1), "-", color=COLOURS["grey"], linewidth=1.2)
        panel.plot(*starts, "o", color=COLOURS["orange"], markersize=7, label="start")
        panel.plot(*end, "D", color=COLOURS["blue"], markersize=8, markeredgecolor="white", label="after training")
        panel.set(title=title, xlabel="$w_1$", xlim=(low, high), ylim=(low, high), aspect="equal")
    axes[0, 0].set_ylabel("$w_2$")
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False)
    return figure
