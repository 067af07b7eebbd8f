"""Live figures of a network that is trained anew on noisy quadrants at every move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from course_utils.experiments.quadrants import quadrant_run
from course_utils.figures.quadrants import TrainerFigure
from course_utils.live.live_figure import LiveFigure
from course_utils.live.quantities import Choice, Quantity, Range, Redraw

__all__ = ["keep_prob_trainer", "lambda_trainer", "overfitting", "playground"]

FAST: dict[str, Any] = {"m_test": 1000, "records": 10, "dtype": np.float32}  # enough to see, and quick enough to drag
PREVIEW = {"steps": 100, "records": 4, "resolution": 40}  # a third of the way, for browsers
EXACT = {"dtype": np.float64}


def keep_prob_trainer(keep_prob: float = 1.0, seed: int = 0, hidden: bool = False, plain: bool = False) -> LiveFigure:
    """Return a live figure that trains [2, 64, 64, 1] with dropout: boundary and costs.

    Parameters
    ----------
    keep_prob : float from 0.05 to 1
        Where the slider starts.
    seed : int >= 0
        Draws the 100 training points (15 of them with a wrong label) and the first weights.
    hidden : bool
        Show the outputs of the first hidden layer, too.
    plain : bool
        Use ipywidgets' own controls and a PNG, for front ends that let no script of the course run.
    """
    return quadrant_figure(
        [keep_prob_range(keep_prob), MASKS],
        ("boundary", "costs", "hidden") if hidden else ("boundary", "costs"),
        presets={
            "learns-by-heart": {"keep_prob": 1.0},
            "just-right": {"keep_prob": 0.5},
            "too-little-left": {"keep_prob": 0.1},
        },
        seed=seed,
        atlas="keep_prob_trainer_hidden" if hidden else "keep_prob_trainer",
        telling=[("keep_prob",), ("masks",)],
        plain=plain,
    )


def lambda_trainer(lambd: float = 0.0, penalty: str = "L2", seed: int = 0, plain: bool = False) -> LiveFigure:
    """Return a live figure that trains [2, 64, 64, 1] with L2, L1 or both: boundary, costs and weights.

    Parameters
    ----------
    lambd : float from 0 to 5
        λ in λ/(2m) Σ W², λ₁ in λ₁/m Σ |W|, or both.
    penalty : "L2", "L1" or "both"
    seed, plain
        As in :func:`keep_prob_trainer`.
    """
    return quadrant_figure(
        [lambda_range(lambd), Choice("penalty", ("L2", "L1", "both"), penalty, penalty_strengths)],
        ("boundary", "costs", "weights"),
        presets={
            "no-penalty": {"lambd": 0.0},
            "small-weights": {"lambd": 1.0, "penalty": "L2"},
            "exact-zeros": {"lambd": 5.0, "penalty": "L1"},
            "too-much": {"lambd": 5.0, "penalty": "both"},
        },
        seed=seed,
        atlas="lambda_trainer",
        telling=[("lambd", "penalty")],
        plain=plain,
    )


def playground(
    keep_prob: float = 1.0,
    lambd: float = 0.0,
    hidden: int = 64,
    flipped: float = 0.15,
    seed: int = 0,
    plain: bool = False,
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
    seed, plain
        As in :func:`keep_prob_trainer`.
    """
    return quadrant_figure(
        [keep_prob_range(keep_prob), lambda_range(lambd), hidden_range(hidden), flipped_range(flipped), MASKS],
        ("boundary", "accuracies", "weights"),
        presets={
            "no-regularization": {"keep_prob": 1.0, "lambd": 0.0, "hidden": 64, "flipped": 0.15},
            "dropout": {"keep_prob": 0.5, "lambd": 0.0, "hidden": 64, "flipped": 0.15},
            "l2": {"keep_prob": 1.0, "lambd": 1.0, "hidden": 64, "flipped": 0.15},
            "clean-labels": {"keep_prob": 1.0, "lambd": 0.0, "hidden": 64, "flipped": 0.0},
        },
        seed=seed,
        atlas="playground",
        telling=[("keep_prob", "lambd"), ("hidden",), ("flipped",), ("masks",)],
        plain=plain,
    )


def overfitting(
    points: int = 100,
    flipped: float = 0.15,
    hidden: int = 64,
    seed: int = 0,
    plain: bool = False,
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
    seed, plain
        As in :func:`keep_prob_trainer`.
    """
    return quadrant_figure(
        [
            Range("points", 20, 400, 20, points, digits=0, becomes="m_train"),
            flipped_range(flipped),
            hidden_range(hidden),
        ],
        ("boundary", "costs", "accuracies"),
        presets={
            "overfits": {"points": 100, "flipped": 0.15, "hidden": 64},
            "clean-labels": {"points": 100, "flipped": 0.0, "hidden": 64},
            "many-points": {"points": 400, "flipped": 0.15, "hidden": 64},
            "small-network": {"points": 100, "flipped": 0.15, "hidden": 4},
        },
        seed=seed,
        atlas="overfitting",
        telling=[("points", "flipped"), ("hidden",)],
        plain=plain,
    )


MASKS = Redraw("masks", becomes="mask_seed")


def keep_prob_range(start: float) -> Range:
    """Return what keep_prob may be."""
    return Range("keep_prob", 0.05, 1.0, 0.05, start)


def lambda_range(start: float) -> Range:
    """Return what λ may be."""
    return Range("lambd", 0.0, 5.0, 0.1, start)


def hidden_range(start: int) -> Range:
    """Return how many units each of the two hidden layers may have."""
    return Range("hidden", 2, 128, 2, start, digits=0, becomes=lambda hidden, **_: {"hidden": (hidden, hidden)})


def flipped_range(start: float) -> Range:
    """Return what share of the training labels may be turned round."""
    return Range("flipped", 0.0, 0.4, 0.05, start)


def penalty_strengths(lambd: float, penalty: str) -> dict[str, float]:
    """Return λ of L2 and λ₁ of L1 for a penalty of one kind or both."""
    return {"lambd": 0.0 if penalty == "L1" else lambd, "lambd1": 0.0 if penalty == "L2" else lambd}


def quadrant_figure(
    quantities: Sequence[Quantity],
    panels: tuple[str, ...],
    presets: Mapping[str, Mapping[str, Any]],
    seed: int,
    atlas: str,
    telling: Sequence[Sequence[str]],
    plain: bool,
) -> LiveFigure:
    """Return a live figure of :func:`quadrant_run`."""
    return LiveFigure(
        quadrant_run,
        lambda result: TrainerFigure(result, panels=panels),
        quantities,
        fixed={"seed": seed} | FAST,
        presets=presets,
        code=SNIPPET.replace("{panels}", repr(panels)),
        preview=PREVIEW,
        exact=EXACT,
        atlas=atlas,
        telling=telling,
        plain=plain,
    )


SNIPPET = """import numpy as np
from course_utils.experiments.quadrants import quadrant_run
from course_utils.figures.quadrants import TrainerFigure

run = quadrant_run({given})
TrainerFigure(run, panels={panels}).figure
"""
