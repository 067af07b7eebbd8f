"""The check of ``mended_b1``: a step of gradient descent that leaves the old parameters alone."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.bug_clinic.named_arrays import Arrays, require_arrays
from course_utils.exercises.calls import called
from course_utils.exercises.exercise import Answer
from course_utils.exercises.explanation import agree
from course_utils.exercises.mistake import require

__all__ = ["examine_step"]


def examine_step(step: Answer, rng: np.random.Generator) -> None:
    """Examine ``mended_b1(parameters, gradients, learning_rate)``."""
    cases = []
    for shape, rate in (((1, 1), 0.1), ((2, 3), 0.3)):
        old, slopes = (
            {"W1": rng.uniform(0.5, 2, shape).round(1), "b1": rng.uniform(0.5, 2, (shape[0], 1)).round(1)}
            for _ in range(2)
        )
        cases.append((old, slopes, rate))
    backwards = dict(reversed(cases[0][1].items()))

    given = copy.deepcopy(cases[1])
    new = called(step, *given)
    old = given[0]
    shared = isinstance(new, dict) and new is not old and any(new.get(name) is old[name] for name in old)
    before, after = cases[1][0]["W1"], old["W1"]
    require(not shared or agree(before, after), "copy-too-shallow", ("W1 before", before), ("afterwards", after))

    def moved(old: Arrays, change: Callable[[str], Any]) -> Arrays:
        return {name: value + change(name) for name, value in old.items()}

    require_arrays(
        step,
        cases,
        ("parameters", "gradients", "learning_rate"),
        lambda old, g, rate: moved(old, lambda name: -rate * g[name]),
        {
            "step-uphill": lambda old, g, rate: moved(old, lambda name: rate * g[name]),
            "learning-rate-missing": lambda old, g, rate: moved(old, lambda name: -g[name]),
            "biases-left-out": lambda old, g, rate: moved(old, lambda name: -rate * g[name] * (name == "W1")),
        },
    )
    by_name = called(step, copy.deepcopy(cases[0][0]), copy.deepcopy(backwards), 0.1)
    for name, value in cases[0][0].items():
        case = ("order of the gradients", ", ".join(backwards)), ("array", name), ("got", by_name[name])
        require(agree(by_name[name], value - 0.1 * backwards[name]), "paired-by-order", *case)
