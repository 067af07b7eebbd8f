"""Live figure: move the time at which gradient descent stops, and see where L2 would be."""

from __future__ import annotations

from course_utils.arguments import checked_count
from course_utils.experiments.descent import stopped_descent
from course_utils.figures.descent import DescentFigure
from course_utils.live.live_figure import LiveFigure
from course_utils.live.quantities import Range

__all__ = ["early_stopping"]

SNIPPET = """from course_utils.experiments.descent import stopped_descent
from course_utils.figures.descent import DescentFigure

DescentFigure(stopped_descent({given})).figure
"""


def early_stopping(log_time: float = 1.0, seed: int = 0, plain: bool = False) -> LiveFigure:
    """Return a live figure of gradient descent that stops, beside L2 of strength 1/time.

    Parameters
    ----------
    log_time : float from -1 to 3
        Decimal logarithm of the time: learning rate times steps.
    seed : int >= 0
        Draws the regression whose error is shown.
    plain : bool
        Use ipywidgets' own controls and a PNG, for front ends that let no script of the course run.

    Returns
    -------
    LiveFigure
    """
    return LiveFigure(
        stopped_descent,
        DescentFigure,
        [Range("log_time", -1.0, 3.0, 0.1, log_time, digits=1)],
        fixed={"seed": checked_count("seed", seed, 0)},
        presets={
            "hardly-begun": {"log_time": -0.5},
            "best-time": {"log_time": 0.2},
            "far-too-late": {"log_time": 3.0},
        },
        code=SNIPPET,
        atlas="early_stopping",
        telling=[("log_time",)],
        plain=plain,
    )
