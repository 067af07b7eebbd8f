"""Figure: sets of points of two classes, side by side."""

from __future__ import annotations

from collections.abc import Mapping

from course_utils.arguments import Array
from course_utils.figures.boundary import class_points
from course_utils.figures.style import COLOURS, CourseFigure, new_figure, styled

__all__ = ["point_figure"]


@styled
def point_figure(sets: Mapping[str, tuple[Array, Array]], alt: str = "") -> CourseFigure:
    """Return a panel for each set of points x (2, m) with their classes y (1, m), its key as title."""
    figure, axes = new_figure(3.9 * len(sets), 3.9, alt, columns=len(sets), sharex=True, sharey=True)
    edge = 1.1 * max(abs(x).max() for x, _ in sets.values())
    for panel, (title, (x, y)) in zip(axes[0], sets.items(), strict=True):
        for line in (panel.axhline, panel.axvline):
            line(0, color=COLOURS["grey"], linewidth=1)
        points = [class_points(panel, label) for label in (0, 1)]
        for label, chosen in enumerate(points):
            chosen.set_offsets(x[:, y[0] == label].T)
        panel.set(title=title, xlabel="$x_1$", ylabel="$x_2$", xlim=(-edge, edge), ylim=(-edge, edge), aspect="equal")
        panel.label_outer()
    figure.legend(points, ["class 0", "class 1"], loc="outside lower center", ncols=2, frameon=False)
    return figure
