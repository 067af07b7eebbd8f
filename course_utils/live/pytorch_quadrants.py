"""Live figure of a PyTorch network whose sliders are p and weight_decay; it loads torch."""

from __future__ import annotations

from course_utils.figures.quadrants import TrainerFigure
from course_utils.live.live_figure import LiveFigure
from course_utils.live.quadrants import EXACT, FAST, MASKS
from course_utils.live.quantities import Choice, Range
from course_utils.pytorch.quadrants import OPTIMIZERS, quadrant_run

__all__ = ["pytorch_trainer"]

PANELS = ("boundary", "costs", "weights")
SNIPPET = """import numpy as np
from course_utils.figures.quadrants import TrainerFigure
from course_utils.pytorch.quadrants import quadrant_run

run = quadrant_run({given})
TrainerFigure(run, panels={panels}).figure
"""


def pytorch_trainer(
    p: float = 0.0,
    weight_decay: float = 0.0,
    optimizer: str = "Adam",
    seed: int = 0,
    plain: bool = False,
) -> LiveFigure:
    """Return a live figure that trains [2, 64, 64, 1] in PyTorch: boundary, costs and weights.

    Parameters
    ----------
    p : float from 0 to 0.9
        Probability to drop a hidden unit, where the slider starts.
    weight_decay : float from 0 to 0.1
        Of the optimizer, for weights alone.
    optimizer : "Adam" or "AdamW"
        Adam adds weight_decay · W to the gradient, which is L2; AdamW takes it from W beside the gradient.
    seed : int >= 0
        Draws the 100 training points (15 of them with a wrong label) and the first weights.
    plain : bool
        Use ipywidgets' own controls and a PNG, for front ends that let no script of the course run.

    Returns
    -------
    LiveFigure
    """
    return LiveFigure(
        quadrant_run,
        lambda result: TrainerFigure(result, panels=PANELS),
        [
            Range("p", 0.0, 0.9, 0.05, p),
            Range("weight_decay", 0.0, 0.1, 0.005, weight_decay, digits=3),
            Choice("optimizer", tuple(OPTIMIZERS), optimizer),
            MASKS,
        ],
        fixed={"seed": seed} | FAST,
        presets={
            "learns-by-heart": {"p": 0.0, "weight_decay": 0.0},
            "dropout": {"p": 0.5, "weight_decay": 0.0},
            "l2": {"p": 0.0, "weight_decay": 0.01, "optimizer": "Adam"},
            "the-same-decay-adamw": {"p": 0.0, "weight_decay": 0.01, "optimizer": "AdamW"},
        },
        code=SNIPPET.replace("{panels}", repr(PANELS)),
        exact=EXACT,
        atlas="pytorch_trainer",
        telling=[("p", "optimizer"), ("weight_decay", "optimizer"), ("masks",)],
        plain=plain,
    )
