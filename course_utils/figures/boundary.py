"""Panel: points of two classes over a network's predictions, with the decision boundary."""

from __future__ import annotations

import math

from contourpy import LineType, contour_generator
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection

from course_utils.experiments.quadrants import QuadrantRun
from course_utils.figures.grid_image import grid_image
from course_utils.figures.style import CLASS_COLOURS, CLASS_SHADES, COLOURS

__all__ = ["BoundaryPanel"]


class BoundaryPanel:
    """Training points, the probability of class 1 as a background, and the line where it is one half."""

    def __init__(self, axes: Axes, result: QuadrantRun) -> None:
        low, high = float(result.axis[0]), float(result.axis[-1])
        self.image = grid_image(axes, CLASS_SHADES, 0, 1, (low, high, low, high))
        self.boundary = LineCollection([], colors=COLOURS["ink"], linewidths=2)
        axes.add_collection(self.boundary, autolim=False)
        self.points = [class_points(axes, label) for label in (0, 1)]
        ticks = range(math.ceil(low) + 1, math.floor(high))  # none at the ends, where panels meet
        axes.set(xlabel="$x_1$", ylabel="$x_2$", xticks=ticks, yticks=ticks)
        axes.set_title("decision boundary")
        self.update(result)

    @property
    def changing(self) -> list[Artist]:
        """Artists that an update changes."""
        return [self.image, self.boundary, *self.points]

    @property
    def words(self) -> str:
        """Nothing: it has no numbers."""
        return ""

    def update(self, result: QuadrantRun) -> None:
        """Show another run on the same grid."""
        axis, probability = result.axis, result.probability
        self.image.set_data(probability)
        contours = contour_generator(axis, axis, probability, line_type=LineType.Separate)
        self.boundary.set_segments(contours.lines(0.5))  # type: ignore[arg-type]  # the type of line is known here
        x, y = result.data.x_train, result.data.y_train
        for label, points in enumerate(self.points):
            points.set_offsets(x[:, y[0] == label].T)


def class_points(axes: Axes, label: int) -> PathCollection:
    """Return the points of one class, told apart by colour and by shape; there are none yet."""
    marker, colour = ("o", "^")[label], CLASS_COLOURS[label]
    return axes.scatter([], [], s=26, c=colour, marker=marker, edgecolors="white", linewidths=0.7, zorder=3)
