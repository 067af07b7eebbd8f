"""Live figure: go through the steps of dropout, forward and back, and see every number of a small layer."""

from __future__ import annotations

from course_utils.arguments import checked_count
from course_utils.experiments.passes import STEPS, dropout_pass
from course_utils.figures.passes import PassFigure
from course_utils.live.live_figure import LiveFigure
from course_utils.live.quantities import Range, Redraw

__all__ = ["pass_stepper"]


SNIPPET = """from course_utils.experiments.passes import dropout_pass
from course_utils.figures.passes import PassFigure

steps = dropout_pass({given})
PassFigure(steps).figure
"""


def pass_stepper(step: int = 1, keep_prob: float = 0.5, seed: int = 0, plain: bool = False) -> LiveFigure:
    """Return a live figure of dropout in one pass through a layer, and of the way back through it.

    Parameters
    ----------
    step : int from 1 to 6
        Draw, compare, multiply, divide; then back, multiply, divide.
    keep_prob : float from 0.1 to 1
        Where the slider starts.
    seed : int >= 0
        Draws the layer's outputs, the gradient and the masks.
    plain : bool
        Use ipywidgets' own controls and a PNG, for front ends that let no script of the course run.

    Returns
    -------
    LiveFigure
    """
    return LiveFigure(
        dropout_pass,
        PassFigure,
        [
            Range("step", 1, STEPS, 1, step, digits=0),
            Range("keep_prob", 0.1, 1.0, 0.1, keep_prob),
            Redraw("masks"),
        ],
        fixed={"seed": checked_count("seed", seed, 0)},
        presets={
            "forward": {"step": 4, "keep_prob": 0.5},
            "there-and-back": {"step": STEPS, "keep_prob": 0.5},
            "hardly-any-kept": {"step": STEPS, "keep_prob": 0.2},
            "nothing-dropped": {"step": STEPS, "keep_prob": 1.0},
        },
        code=SNIPPET,
        atlas="pass_stepper",
        telling=[("step", "keep_prob"), ("step", "masks")],
        plain=plain,
    )
