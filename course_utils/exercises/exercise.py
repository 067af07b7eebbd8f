"""One exercise: its name, the function that examines answers, and hints for mistakes that have no name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Answer", "Exercise"]

Answer = Callable[..., Any]


@dataclass(frozen=True)
class Exercise:
    """What ``check`` needs to know of an exercise.

    Parameters
    ----------
    name : str
        As in ``check(name, ...)``.
    examine : callable
        ``examine(answer, rng)`` raises :class:`~course_utils.exercises.mistake.Mistake`, or returns what it verified.
        Its cases may depend on ``rng``; a right answer must pass for every seed, but for less than one in a million.
    hint, second_hint : str
        For answers that are wrong in a way without a name.
    """

    name: str
    examine: Callable[[Any, np.random.Generator], str]
    hint: str
    second_hint: str
