"""Live figure: move the minimum of a data cost, and its contours touch the circle of L2 and the diamond of L1."""

from __future__ import annotations

from course_utils.experiments.corner import penalty_corner as computed
from course_utils.figures.corner import CornerFigure
from course_utils.live.live_figure import LiveFigure
from course_utils.live.quantities import Range

__all__ = ["penalty_corner"]


SNIPPET = """from course_utils.figures.corner import CornerFigure
from course_utils.experiments.corner import penalty_corner

corner = penalty_corner({given})
CornerFigure(corner).figure
"""


def penalty_corner(star_1: float = 1.25, star_2: float = 1.0, budget: float = 1.0, plain: bool = False) -> LiveFigure:
    """Return a live figure of the contours of a data cost that touch a circle and a diamond, around a movable star.

    Parameters
    ----------
    star_1, star_2 : float from -2 to 2
        The weights at which the data cost is least.
    budget : float from 0.1 to 2
        Radius of the circle, and how far the corners of the diamond are from zero.
    plain : bool
        Use ipywidgets' own controls and a PNG, for front ends that let no script of the course run.

    Returns
    -------
    LiveFigure
    """
    return LiveFigure(
        computed,
        CornerFigure,
        [
            Range("star_1", -2.0, 2.0, 0.25, star_1),
            Range("star_2", -2.0, 2.0, 0.25, star_2),
            Range("budget", 0.1, 2.0, 0.1, budget),
        ],
        presets={
            "in-a-corner": {"star_1": 1.75, "star_2": 0.5},
            "on-an-edge": {"star_1": 1.25, "star_2": 1.25},
            "on-a-line-of-l2": {"star_1": 2.0, "star_2": -0.75},
            "within-the-budget": {"star_1": 0.25, "star_2": 0.5},
        },
        code=SNIPPET,
        atlas="penalty_corner",
        telling=[("star_1", "star_2"), ("budget",)],
        dragged=("star_1", "star_2"),
        plain=plain,
    )
