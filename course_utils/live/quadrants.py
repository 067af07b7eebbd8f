"""Live figures of a network that is trained anew on noisy quadrants at every move."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from course_utils.experiments.quadrants import QuadrantRun, quadrant_run
from course_utils.figures.quadrants import TrainerFigure
from course_utils.live.controls import Choice, Range
from course_utils.live.live_figure import LiveFigure

__all__ = ["keep_prob_trainer", "lambda_trainer", "overfitting", "playground"]

KEEP_PROB = Range("keep_prob", 0.05, 1.0, 0.05)
LAMBD = Range("lambd", 0.0, 5.0, 0.1)
HIDDEN = Range("hidden", 2, 128, 2, digits=0)
FLIPPED = Range("flipped", 0.0, 0.4, 0.05)
POINTS = Range("points", 20, 400, 20, digits=0)
PENALTY = Choice("penalty", ("L2", "L1", "both"))

FAST: dict[str, Any] = {"m_test": 1000, "records": 10, "dtype": np.float32}  # enough to see, and quick enough to drag
PREVIEW = FAST | {"steps": 100, "records": 4, "resolution": 40}  # a third of the way, for browsers


def keep_prob_trainer(keep_prob: float = 1.0, seed: int = 0, stage: bool = False) -> LiveFigure:
    """Return a live figure that trains [2, 64, 64, 1] with dropout: boundary, costs and hidden outputs.

    Parameters
    ----------
    keep_prob : float from 0.05 to 1
        Where the slider starts.
    seed : int >= 0
        Draws the 100 training points (15 of them with a wrong label) and the first weights.
    stage : bool
        Draw everything larger, for a room.
    """
    return quadrant_figure(
        lambda keep_prob, masks: {"keep_prob": keep_prob, "seed": seed, "mask_seed": masks},
        ("boundary", "costs", "hidden"),
        settings={"keep_prob": keep_prob, "masks": 0},
        quantities=[KEEP_PROB],
        presets={
            "learns-by-heart": {"keep_prob": 1.0},
            "just-right": {"keep_prob": 0.5},
            "too-little-left": {"keep_prob": 0.1},
        },
        stage=stage,
    )


def lambda_trainer(lambd: float = 0.0, penalty: str = "L2", seed: int = 0, stage: bool = False) -> LiveFigure:
    """Return a live figure that trains [2, 64, 64, 1] with L2, L1 or both: boundary, costs and weights.

    Parameters
    ----------
    lambd : float from 0 to 5
        λ in λ/(2m) Σ W², λ₁ in λ₁/m Σ |W|, or both.
    penalty : "L2", "L1" or "both"
    seed, stage
        As in :func:`keep_prob_trainer`.
    """
    return quadrant_figure(
        lambda lambd, penalty: penalty_strengths(lambd, penalty) | {"seed": seed},
        ("boundary", "costs", "weights"),
        settings={"lambd": lambd, "penalty": penalty},
        quantities=[LAMBD, PENALTY],
        presets={
            "no-penalty": {"lambd": 0.0},
            "small-weights": {"lambd": 1.0, "penalty": "L2"},
            "exact-zeros": {"lambd": 5.0, "penalty": "L1"},
            "too-much": {"lambd": 5.0, "penalty": "both"},
        },
        stage=stage,
    )


def playground(
    keep_prob: float = 1.0,
    lambd: float = 0.0,
    hidden: int = 64,
    flipped: float = 0.15,
    seed: int = 0,
    stage: bool = False,
) -> LiveFigure:
    """Return a live figure with dropout, L2, size and noise together, and accuracies as large numbers.

    Parameters
    ----------
    keep_prob : float from 0.05 to 1
    lambd : float from 0 to 5
        λ of L2.
    hidden : int from 2 to 128
        Units in each of the two hidden layers.
    flipped : float from 0 to 0.4
        Share of training labels turned round.
    seed, stage
        As in :func:`keep_prob_trainer`.
    """
    return quadrant_figure(
        lambda keep_prob, lambd, hidden, flipped, masks: {
            "keep_prob": keep_prob,
            "lambd": lambd,
            "hidden": (hidden, hidden),
            "flipped": flipped,
            "seed": seed,
            "mask_seed": masks,
        },
        ("boundary", "accuracies", "weights"),
        settings={"keep_prob": keep_prob, "lambd": lambd, "hidden": hidden, "flipped": flipped, "masks": 0},
        quantities=[KEEP_PROB, LAMBD, HIDDEN, FLIPPED],
        presets={
            "no-regularization": {"keep_prob": 1.0, "lambd": 0.0, "hidden": 64, "flipped": 0.15},
            "dropout": {"keep_prob": 0.5, "lambd": 0.0, "hidden": 64, "flipped": 0.15},
            "l2": {"keep_prob": 1.0, "lambd": 1.0, "hidden": 64, "flipped": 0.15},
            "clean-labels": {"keep_prob": 1.0, "lambd": 0.0, "hidden": 64, "flipped": 0.0},
        },
        stage=stage,
    )


def overfitting(
    points: int = 100, flipped: float = 0.15, hidden: int = 64, seed: int = 0, stage: bool = False
) -> LiveFigure:
    """Return a live figure of what makes a network overfit: few points, noisy labels, many units.

    Parameters
    ----------
    points : int from 20 to 400
        Training points.
    flipped : float from 0 to 0.4
        Share of their labels turned round.
    hidden : int from 2 to 128
        Units in each of the two hidden layers.
    seed, stage
        As in :func:`keep_prob_trainer`.
    """
    return quadrant_figure(
        lambda points, flipped, hidden: {
            "m_train": points,
            "flipped": flipped,
            "hidden": (hidden, hidden),
            "seed": seed,
        },
        ("boundary", "costs", "accuracies"),
        settings={"points": points, "flipped": flipped, "hidden": hidden},
        quantities=[POINTS, FLIPPED, HIDDEN],
        presets={
            "overfits": {"points": 100, "flipped": 0.15, "hidden": 64},
            "clean-labels": {"points": 100, "flipped": 0.0, "hidden": 64},
            "many-points": {"points": 400, "flipped": 0.15, "hidden": 64},
            "small-network": {"points": 100, "flipped": 0.15, "hidden": 4},
        },
        stage=stage,
    )


def penalty_strengths(lambd: float, penalty: str) -> dict[str, Any]:
    """Return λ of L2 and λ₁ of L1 for a penalty of one kind or both."""
    return {"lambd": 0.0 if penalty == "L1" else lambd, "lambd1": 0.0 if penalty == "L2" else lambd}


def quadrant_figure(
    arguments: Callable[..., dict[str, Any]],
    panels: tuple[str, ...],
    settings: Mapping[str, Any],
    quantities: Sequence[Range | Choice],
    presets: Mapping[str, Mapping[str, Any]],
    stage: bool,
) -> LiveFigure:
    """Return a live figure of :func:`quadrant_run`, whose ``arguments`` follow from the settings."""

    def compute(**settings: Any) -> QuadrantRun:
        return quadrant_run(**arguments(**settings), **FAST)

    def preview(**settings: Any) -> QuadrantRun:
        return quadrant_run(**arguments(**settings), **PREVIEW)

    def code(**settings: Any) -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in arguments(**settings).items())
        return SNIPPET.format(given=given, panels=panels, stage=f", stage={stage}" if stage else "")

    return LiveFigure(
        compute,
        lambda result: TrainerFigure(result, panels=panels, stage=stage),
        settings=settings,
        quantities=quantities,
        redraw="masks" if "masks" in settings else None,
        presets=presets,
        code=code,
        preview=preview,
    )


SNIPPET = """import numpy as np
from course_utils.experiments.quadrants import quadrant_run
from course_utils.figures.quadrants import TrainerFigure

run = quadrant_run({given}, m_test=1000, records=10, dtype=np.float32)
TrainerFigure(run, panels={panels}{stage}).figure
"""
