"""One exercise: its name, by which its texts are found, and the function that examines answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_utils.exercises.limits import SECONDS

__all__ = ["Answer", "Exercise"]

Answer = Callable[..., Any]


@dataclass(frozen=True)
class Exercise:
    """What ``check`` needs to know of an exercise.

    Parameters
    ----------
    name : str
        As in ``check(name, ...)``, and in the chapter's file of texts.
    examine : callable
        ``examine(answer, rng)`` raises :class:`~course_utils.exercises.mistake.Mistake` unless an answer is right. Its
        cases may depend on ``rng``; a right answer must pass for every seed, but for less than one in a million.
    seconds : float
        How long that may take.
    """

    name: str
    examine: Callable[[Any, np.random.Generator], None]
    seconds: float = SECONDS
