"""Panel: points of two classes over a network's predictions, with the decision boundary."""

from __future__ import annotations

import math

from contourpy import LineType, contour_generator
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection

from course_utils.arguments import Array
from course_utils.figures.style import CLASS_COLOURS, COLOURS, DIVERGING

__all__ = ["BoundaryPanel"]


class BoundaryPanel:
    """Training points, the probability of class 1 as a background, and the line where it is one half."""

    def __init__(self, axes: Axes, axis: Array, x: Array, y: Array) -> None:
        self.axis = axis
        low, high = float(axis[0]), float(axis[-1])
        self.image = axes.imshow(
            [[0.5]], extent=(low, high, low, high), origin="lower", cmap=DIVERGING, vmin=0, vmax=1, aspect="auto"
        )
        self.boundary = LineCollection([], colors=COLOURS["black"], linewidths=2)
        axes.add_collection(self.boundary, autolim=False)
        self.points = [class_points(axes, x[:, y[0] == label], label) for label in (0, 1)]
        ticks = range(math.ceil(low) + 1, math.floor(high))  # none at the ends, where panels meet
        axes.set(xlim=(low, high), ylim=(low, high), xlabel="$x_1$", ylabel="$x_2$", xticks=ticks, yticks=ticks)

    @property
    def changing(self) -> list[Artist]:
        """Artists that an update changes, and the points, which lie over them."""
        return [self.image, self.boundary, *self.points]

    def update(self, probability: Array) -> None:
        """Show predictions (n, n) on the grid of ``axis``."""
        self.image.set_data(probability)
        contours = contour_generator(self.axis, self.axis, probability, line_type=LineType.Separate)
        self.boundary.set_segments(contours.lines(0.5))  # type: ignore[arg-type]  # the type of line is known here


def class_points(axes: Axes, x: Array, label: int) -> PathCollection:
    """Return the points of one class, told apart by colour and by shape."""
    marker, colour = ("o", "^")[label], CLASS_COLOURS[label]
    return axes.scatter(x[0], x[1], s=26, c=colour, marker=marker, edgecolors="white", linewidths=0.7, zorder=3)
