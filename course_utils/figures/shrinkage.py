"""Figure: how the weights of a regression shrink as more is dropped or penalized."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from course_utils.arguments import Array
from course_utils.figures.style import COLOURS, CourseFigure, looks_of, new_figure, styled

__all__ = ["shrinkage_figure"]

STYLES = (("orange", "-", 5), ("blue", "--", 3.5), ("black", ":", 2))  # wide below narrow: equal lines all show


@styled
def shrinkage_figure(
    keep_probs: Array, weights: Mapping[str, Array], features: Sequence[str], alt: str = ""
) -> CourseFigure:
    """Return a panel for each entry of ``weights`` (n, k): a line over ``keep_probs`` (k,) for each of n features."""
    figure, axes = new_figure(4.4 * len(weights), 3.4, alt, columns=len(weights), sharey=True)
    top = 1.1 * max(lines.max() for lines in weights.values())
    for panel, (title, lines) in zip(axes[0], weights.items(), strict=True):
        named = dict(zip(features, lines, strict=True))
        for name, line, (colour, dashes, width) in looks_of("features", named, STYLES):
            panel.plot(keep_probs, line, dashes, color=COLOURS[colour], linewidth=width, label=name)
        panel.set(title=title, xlabel="keep_prob", xlim=(1, 0), ylim=(0, top))  # more dropout to the right
    axes[0, 0].set_ylabel("weight · size of its feature")
    axes[0, 0].legend(loc="lower left", frameon=False)
    return figure
