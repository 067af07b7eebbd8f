"""Live figure: who is dropped, by each member of dropout's family."""

from __future__ import annotations

from course_utils.arguments import checked_count
from course_utils.experiments.family import KINDS, dropped_factors
from course_utils.figures.family import FamilyFigure
from course_utils.live.live_figure import LiveFigure
from course_utils.live.quantities import Choice, Range, Redraw

__all__ = ["who_is_dropped"]

SNIPPET = """from course_utils.experiments.family import dropped_factors
from course_utils.figures.family import FamilyFigure

FamilyFigure(dropped_factors({given})).figure
"""


def who_is_dropped(kind: str = "dropout", keep_prob: float = 0.5, seed: int = 0, plain: bool = False) -> LiveFigure:
    """Return a live figure of the random factors of one pass, for three examples.

    Parameters
    ----------
    kind : "dropout", "Gaussian", "spatial", "stochastic depth", "DropConnect" or "attention"
    keep_prob : float from 0.2 to 1
    seed : int >= 0
        Draws the factors.
    plain : bool
        Use ipywidgets' own controls and a PNG, for front ends that let no script of the course run.

    Returns
    -------
    LiveFigure
    """
    return LiveFigure(
        dropped_factors,
        FamilyFigure,
        [Choice("kind", list(KINDS), kind), Range("keep_prob", 0.2, 1.0, 0.1, keep_prob), Redraw("masks")],
        fixed={"seed": checked_count("seed", seed, 0)},
        presets={
            "each-by-itself": {"kind": "dropout", "keep_prob": 0.5},
            "nobody-but-noisy": {"kind": "Gaussian", "keep_prob": 0.5},
            "whole-rows": {"kind": "spatial", "keep_prob": 0.5},
            "all-or-nothing": {"kind": "stochastic depth", "keep_prob": 0.5},
        },
        code=SNIPPET,
        atlas="who_is_dropped",
        telling=[("kind", "keep_prob"), ("kind", "masks")],
        plain=plain,
    )
