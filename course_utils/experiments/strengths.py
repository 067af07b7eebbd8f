"""How strong a remedy should be: networks on noisy quadrants, scored on points that choose or on points that report."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from course_utils.arguments import Array, checked_choice, checked_count
from course_utils.datasets import Split, noisy_quadrants
from course_utils.experiments.quadrants import quadrant_run
from course_utils.experiments.stopping import STEPS, validation_points
from course_utils.experiments.studies import Results
from course_utils.flat_training import train_flat
from course_utils.network import compute_cost, forward, initialize_parameters
from course_utils.optimizers import AdamW

__all__ = ["POINTS", "lambda_scores", "scores_of", "strength_accuracy"]

POINTS = ("test", "validation")


def strength_accuracy(
    seed: int,
    *,
    on: str = "test",
    keep_prob: float = 1.0,
    lambd: float = 0.0,
    lambd1: float = 0.0,
    weight_decay: float = 0.0,
    joined: bool = False,
) -> float:
    """Return the accuracy of the network that a :func:`quadrant_run` with this seed trains, after its last step.

    Parameters
    ----------
    seed : int >= 0
    on : "test" or "validation"
        The 4000 clean points, or the 100 noisy ones of :func:`validation_points`: choose on these, report on those.
    keep_prob, lambd, lambd1
        As in :func:`quadrant_run`.
    weight_decay : float >= 0
        AdamW's, which stands outside the gradient.
    joined : bool
        Whether to train on the validation points as well, which then can choose nothing any more.
    """
    if checked_choice("on", on, POINTS) == "validation" and joined:
        raise ValueError("on must be 'test' with joined=True: the validation points are trained on")
    data = noisy_quadrants(np.random.default_rng(checked_count("seed", seed, 0)), 100, 4000, 0.15)
    x, y = all_points(data, seed) if joined else (data.x_train, data.y_train)
    run = train_flat(
        x,
        y,
        initialize_parameters([2, 64, 64, 1], np.random.default_rng([seed, 1])),
        rng=np.random.default_rng([seed, 2, 0]),
        steps=STEPS,
        optimizer=AdamW(0.02, weight_decay=weight_decay),
        keep_prob=keep_prob,
        lambd=lambd,
        lambd1=lambd1,
        proximal=True,
        test=validation_points(seed) if on == "validation" else (data.x_test, data.y_test),
        record_every=STEPS,
    )
    return float(run.history["test_accuracy"][-1])


def lambda_scores(seed: int, lambdas: Sequence[float]) -> Array:
    """Train a :func:`quadrant_run` with each λ; return (4, number of λ).

    The rows: accuracy on the 100 training points, accuracy and data cost on the 100 noisy points of
    :func:`validation_points`, and accuracy on the 4000 clean test points.
    """
    x, y = validation_points(seed)
    scores = []
    for lambd in lambdas:
        run = quadrant_run(lambd=lambd, seed=seed, records=1, resolution=2).run
        z, _ = forward(x, run.parameters)
        right = np.mean((z > 0) == (y > 0.5))
        train, test = (run.history[f"{points}_accuracy"][-1] for points in ("train", "test"))
        scores.append((train, right, compute_cost(z, y, run.parameters), test))
    return np.array(scores).T


def scores_of(study: Results, recipe: str, on: str) -> tuple[list[str], Array]:
    """Return the strengths of a recipe that a study tried, and its accuracies (strengths, seeds) on these points."""
    names = [n for n, settings in study.settings.items() if n.startswith(recipe + ",") and settings["on"] == on]
    return [name.split(", ")[1] for name in names], np.array([study.values[name] for name in names])


def all_points(data: Split, seed: int) -> tuple[Array, Array]:
    """Return x and y of the training points and the validation points together."""
    x, y = validation_points(seed)
    return np.hstack([data.x_train, x]), np.hstack([data.y_train, y])
