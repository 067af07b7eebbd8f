"""Live figure: a bug in the backward pass that the cost does not show, and the gradient check that does."""

from __future__ import annotations

from course_utils.arguments import checked_count
from course_utils.experiments.bugs import BUGS, examination
from course_utils.figures.bugs import ClinicFigure
from course_utils.live.live_figure import LiveFigure
from course_utils.live.quantities import Choice, Range, Redraw

__all__ = ["bug_clinic"]

SCALES = ("0.01", "0.03", "0.1", "0.3", "1")
STEPS = ("10", "100", "1000")

SNIPPET = """from course_utils.experiments.bugs import examination
from course_utils.figures.bugs import ClinicFigure

found = examination({given})
ClinicFigure(found).figure
"""


def bug_clinic(
    bug: str = "both",
    scale: float | str = 0.01,
    steps: int | str = 10,
    keep_prob: float = 0.7,
    seed: int = 0,
    plain: bool = False,
) -> LiveFigure:
    """Return a live figure of the first seed's network with two of its bugs, beside the healthy one.

    Parameters
    ----------
    bug : "healthy", "A4", "A5" or "both"
        A4 loses the mask on the way back; A5 takes the slope of tanh at the dropped output.
    scale : 0.01, 0.03, 0.1, 0.3 or 1
        First weights lie between 0 and it.
    steps : 10, 100 or 1000
    keep_prob : float from 0.05 to 1
        Where the slider starts.
    seed : int >= 0
        Draws first weights and masks.
    plain : bool
        Use ipywidgets' own controls and a PNG, for front ends that let no script of the course run.

    Returns
    -------
    LiveFigure
    """
    return LiveFigure(
        examination,
        ClinicFigure,
        [
            Choice("bug", tuple(BUGS), bug),
            Choice("scale", SCALES, option(scale), lambda scale, **_: {"scale": float(scale)}),
            Choice("steps", STEPS, option(steps), lambda steps, **_: {"steps": int(steps)}),
            Range("keep_prob", 0.05, 1.0, 0.05, keep_prob),
            Redraw("masks"),
        ],
        fixed={"seed": checked_count("seed", seed, 0)},
        presets={
            "the-seed-s-ten-steps": {"bug": "both", "scale": "0.01", "steps": "10", "keep_prob": 0.7},
            "large-first-weights": {"bug": "both", "scale": "0.3", "steps": "1000", "keep_prob": 0.7},
            "between-the-lines": {"bug": "A5", "scale": "0.01", "steps": "10", "keep_prob": 0.7},
            "nothing-dropped": {"keep_prob": 1.0},
        },
        code=SNIPPET,
        atlas="bug_clinic",
        telling=[("bug", "scale", "steps"), ("keep_prob",), ("masks",)],
        plain=plain,
    )


def option(value: float | str) -> str:
    """Return a number as its button says it."""
    return f"{value:g}" if isinstance(value, int | float) else str(value)
