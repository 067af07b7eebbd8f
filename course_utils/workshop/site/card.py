"""The picture that a link to the site shows elsewhere: one set of points, learned with dropout and without."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from textwrap import fill

from PIL import Image

from course_utils.experiments.quadrants import quadrant_run
from course_utils.figures.boundary import BoundaryPanel
from course_utils.figures.style import COLOURS, CourseFigure, small_png, styled

__all__ = ["ALT", "SIZE", "social_card"]

SIZE = (1200, 630)  # what services crop least
ALT = (
    "The same 100 points, learned by two networks. Without dropout the border winds around single points; "
    "with keep_prob 0.5 it follows the quadrants."
)
_DPI = 100


@lru_cache(maxsize=1)
@styled
def social_card(title: str) -> bytes:
    """Return a PNG with a title and two decision boundaries.

    Parameters
    ----------
    title
        What stands above the pictures; its part before a colon is large.
    """
    figure = CourseFigure(figsize=(SIZE[0] / _DPI, SIZE[1] / _DPI), dpi=_DPI)
    head, _, rest = title.partition(":")
    figure.text(0.04, 0.76, fill(head, 15), fontsize=34, weight="bold", va="top", linespacing=1.15)
    figure.text(0.04, 0.23, fill(rest.strip().capitalize(), 22), fontsize=23, color=COLOURS["strong grey"], va="bottom")
    for left, keep_prob in ((0.4, 1.0), (0.69, 0.5)):
        axes = figure.add_axes((left, 0.23, 0.27, 0.27 * SIZE[0] / SIZE[1]))
        BoundaryPanel(axes, quadrant_run(keep_prob, resolution=100))
        axes.set(title="", xlabel="", ylabel="", xticks=[], yticks=[])
        figure.text(left + 0.135, 0.18, f"keep_prob {keep_prob:g}", fontsize=20, ha="center", va="top")
    file = BytesIO()
    figure.savefig(file, format="png", dpi=_DPI, facecolor=COLOURS["ground"])
    return small_png(Image.open(file))
