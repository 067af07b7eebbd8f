"""The check of ``my_test``: a reader's test of dropout, tried on healthy implementations and on sick ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.arguments import Array
from course_utils.exercises.calls import called
from course_utils.exercises.exercise import Answer
from course_utils.exercises.mistake import require
from course_utils.exercises.verdict import Words, said
from course_utils.texts import texts

__all__ = ["HEALTHY", "SICK", "examine_test"]

Dropout = Callable[[Array, float, np.random.Generator], Array]
TRIALS, TRIALS_OF_SICK = 4, 2  # of each implementation: a test that draws its own numbers may be right by luck once


def column_by_column(a: Array, keep_prob: float, rng: np.random.Generator) -> Array:
    """Return dropout of each example by itself, one after another."""
    return np.stack([column * (rng.random(len(a)) < keep_prob) / keep_prob for column in a.T], axis=1)


def through_a_copy(a: Array, keep_prob: float, rng: np.random.Generator) -> Array:
    """Return a copy in which the dropped entries were overwritten."""
    out = a / keep_prob
    out[rng.random(a.shape) >= keep_prob] = 0
    return out


def in_place(a: Array, keep_prob: float, rng: np.random.Generator) -> Array:
    """Return dropout that was written into the caller's array."""
    a *= (rng.random(a.shape) < keep_prob) / keep_prob
    return a


# How each is written, or what is wrong with it, stands with the texts of the exercise under the same key.
HEALTHY: dict[str, Dropout] = {
    "usual": lambda a, q, rng: a * (rng.random(a.shape) < q) / q,
    "binomial": lambda a, q, rng: a * rng.binomial(1, q, a.shape) / q,
    "other_end": lambda a, q, rng: np.where(rng.random(a.shape) > 1 - q, a / q, 0),
    "columns": column_by_column,
    "copy": through_a_copy,
}
SICK: dict[str, Dropout] = {
    "nothing": lambda a, q, rng: a.copy(),
    "unscaled": lambda a, q, rng: a * (rng.random(a.shape) < q),
    "swapped": lambda a, q, rng: a * (rng.random(a.shape) >= q) / (1 - q),
    "ignored": lambda a, q, rng: a * (rng.random(a.shape) < 0.5) / 0.5,
    "examples": lambda a, q, rng: a * (rng.random((len(a), 1)) < q) / q,
    "units": lambda a, q, rng: a * (rng.random((1, a.shape[1])) < q) / q,
    "one_coin": lambda a, q, rng: a * (rng.random() < q) / q,
    "in_place": in_place,
    "reseeded": lambda a, q, rng: a * (np.random.default_rng(0).random(a.shape) < q) / q,
}


def examine_test(test: Answer, rng: np.random.Generator) -> None:
    """Examine ``my_test(dropout)``, which says whether an implementation of dropout is healthy."""
    says = texts()["my_test"]
    healthy = {name: [found_healthy(test, dropout) for _ in range(TRIALS)] for name, dropout in HEALTHY.items()}
    sick = {name: [passed(test, dropout) for _ in range(TRIALS_OF_SICK)] for name, dropout in SICK.items()}
    verdicts = [verdict for group in (healthy, sick) for trials in group.values() for verdict in trials]
    require(not all(verdicts), "test-finds-nothing", ("implementations", len(HEALTHY) + len(SICK)), ("got", "True"))
    require(any(verdicts), "test-convicts-all", ("implementations", len(HEALTHY) + len(SICK)), ("got", "False"))
    for misconception, wrong in (("test-by-luck", mixed), ("test-convicts-the-healthy", convicted)):
        for name, trials in healthy.items():
            require(not wrong(trials), misconception, ("healthy", Words(says[name])), ("got", trials))
    for name, trials in sick.items():
        require(not any(trials), "test-misses-a-bug", ("bug", Words(says[name])), ("got", trials))


def mixed(trials: list[bool]) -> bool:
    """Return whether one implementation got both verdicts."""
    return len(set(trials)) == 2


def convicted(trials: list[bool]) -> bool:
    """Return whether an implementation was called sick every time."""
    return not any(trials)


def found_healthy(test: Answer, dropout: Dropout) -> bool:
    """Return what a test says of a healthy implementation; a failed assert says that it is sick."""

    def without_asserts(dropout: Dropout) -> Any:
        try:
            return test(dropout)
        except AssertionError:
            return False

    value = called(without_asserts, dropout)
    is_one = np.asarray(value).dtype == bool and np.size(value) == 1
    require(is_one, "not-true-or-false", ("expected", said("True or False")), ("got", value))
    return bool(value)


def passed(test: Answer, dropout: Dropout) -> bool:
    """Return whether a test lets a sick implementation pass; an error on the way is a conviction too."""
    try:
        return bool(test(dropout))
    except Exception:
        return False
