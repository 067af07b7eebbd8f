"""A mistake in an answer, told so that a learner can mend it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.verdict import Case

__all__ = ["Mistake", "require", "returned_array"]


class Mistake(Exception):
    """What is wrong with an answer and how to mend it, with the smallest case that shows it."""

    def __init__(self, message: str, case: Case = ()) -> None:
        super().__init__(message)
        self.message, self.case = message, case


def require(condition: Any, message: str, *case: tuple[str, Any]) -> None:
    """Raise :class:`Mistake` with the message and the named values of the case unless ``condition`` holds."""
    if not condition:
        raise Mistake(message, case)


def returned_array(answer: Callable[..., Any], *arguments: Any) -> np.ndarray[Any, Any]:
    """Return what ``answer`` gives as a float array; None, text and the like are mistakes."""
    value = answer(*arguments)
    require(value is not None, "The function returns None: is the return statement missing?")
    array = np.asarray(value)
    require(array.dtype.kind in "fiub", f"The function must return numbers, got {type(value).__name__}.")
    return array.astype(float)
