"""Live figure: train on the same few points many times, or on many points a few times, with dropout and without."""

from __future__ import annotations

from collections.abc import Sequence

from course_utils.arguments import checked_count
from course_utils.experiments.quadrants import QuadrantRun
from course_utils.experiments.streams import stream_run
from course_utils.figures.quadrants import TrainerFigure
from course_utils.live.live_figure import LiveFigure
from course_utils.live.quantities import Choice, Range

__all__ = ["fresh_or_repeated"]

POINTS: Sequence[str] = ("100", "300", "1000", "3000", "15000")
PANELS = ("boundary", "costs")
SNIPPET = f"""from course_utils.experiments.streams import stream_run
from course_utils.figures.quadrants import TrainerFigure

TrainerFigure(stream_run({{given}}), panels={PANELS!r}).figure
"""


def fresh_or_repeated(different: str = "100", keep_prob: float = 1.0, seed: int = 0, plain: bool = False) -> LiveFigure:
    """Return a live figure of a network that sees 15 000 noisy points, all different or few again and again.

    Parameters
    ----------
    different : "100", "300", "1000", "3000" or "15000"
        How many of the points are different.
    keep_prob : float from 0.4 to 1
    seed : int >= 0
        Draws points, first weights and masks.
    plain : bool
        Use ipywidgets' own controls and a PNG, for front ends that let no script of the course run.

    Returns
    -------
    LiveFigure
    """
    return LiveFigure(
        stream_run,
        stream_figure,
        [
            Choice("different", POINTS, different, lambda different, **_: {"m": int(different)}),
            Range("keep_prob", 0.4, 1.0, 0.1, keep_prob),
        ],
        fixed={"seed": checked_count("seed", seed, 0)},
        presets={
            "again-and-again": {"different": "100", "keep_prob": 1.0},
            "again-with-dropout": {"different": "100", "keep_prob": 0.8},
            "always-new": {"different": "15000", "keep_prob": 1.0},
            "new-with-dropout": {"different": "15000", "keep_prob": 0.5},
        },
        preview={"records": 5, "resolution": 30},
        code=SNIPPET,
        atlas="fresh_or_repeated",
        telling=[("different", "keep_prob")],
        plain=plain,
    )


def stream_figure(result: QuadrantRun) -> TrainerFigure:
    """Return the figure of a run: boundary and costs."""
    return TrainerFigure(result, panels=PANELS)
