"""Live figure: move keep_prob and a network is trained anew on noisy quadrants."""

from __future__ import annotations

import numpy as np

from course_utils.experiments import QuadrantRun, quadrant_run
from course_utils.figures.trainer import TrainerFigure
from course_utils.live.controls import Range
from course_utils.live.live_figure import LiveFigure

__all__ = ["keep_prob_trainer"]

ALT = (
    "A network trained on noisy quadrants: decision boundary among the training points, "
    "training and test cost over steps, and outputs of the first hidden layer with dropped ones grey"
)


def keep_prob_trainer(keep_prob: float = 1.0, seed: int = 0, lambd: float = 0.0) -> LiveFigure:
    """Return a live figure whose slider keep_prob trains [2, 64, 64, 1] anew at every move.

    Parameters
    ----------
    keep_prob : float from 0.05 to 1
        Where the slider starts.
    seed : int >= 0
        Draws the 100 training points (15 of them with a wrong label) and the first weights.
    lambd : float >= 0
        λ of L2.
    """

    def compute(keep_prob: float, masks: int) -> QuadrantRun:
        return quadrant_run(
            keep_prob, lambd, seed=seed, mask_seed=masks, m_test=1000, records=10, dtype=np.float32
        )

    return LiveFigure(
        compute,
        lambda result: TrainerFigure(result, ALT),
        settings={"keep_prob": keep_prob, "masks": 0},
        quantities=[Range("keep_prob", 0.05, 1.0, 0.05)],
        redraw="masks",
    )
