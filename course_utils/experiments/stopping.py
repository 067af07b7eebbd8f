"""Early stopping: validation points that nobody trains on say when to stop."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.arguments import Array, checked_count
from course_utils.datasets import quadrants
from course_utils.experiments.quadrants import quadrant_run

__all__ = ["stopped_accuracy", "stopping_step", "validation_points"]

EVERY = 5  # steps between two looks at the validation points
STEPS = 300


def validation_points(seed: int, m: int = 100, flipped: float = 0.15) -> tuple[Array, Array]:
    """Draw points as noisy as the training points of a :func:`quadrant_run` with this seed, and none of them."""
    return quadrants(m, np.random.default_rng([checked_count("seed", seed, 0), 3]), flipped)


def stopping_step(history: dict[str, Array]) -> int:
    """Return the first step at which the validation cost of a run, its history's ``test_cost``, is lowest."""
    return int(history["step"][np.argmin(history["test_cost"])])


def stopped_accuracy(seed: int, *, validation: int = 0, **settings: Any) -> float:
    """Return the accuracy on clean points of a :func:`quadrant_run`, stopped early or after 300 steps.

    Parameters
    ----------
    seed : int >= 0
    validation : int >= 0
        So many noisy validation points choose the step with the lowest cost on them; with 0 training goes on to the
        end.
    settings
        For :func:`quadrant_run`. One with fewer steps has the same first steps, so stopping is training again up to
        the step that was chosen.
    """
    settings = {"seed": seed, "resolution": 2, "steps": STEPS} | settings
    if checked_count("validation", validation, 0):
        points = validation_points(seed, validation, settings.get("flipped", 0.15))
        watched = quadrant_run(**settings, records=settings["steps"] // EVERY, test=points)
        settings["steps"] = stopping_step(watched.run.history)
    return float(quadrant_run(**settings, records=1).run.history["test_accuracy"][-1])
