"""A mistake in an answer, told so that a learner can mend it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from course_utils.exercises.verdict import Case

__all__ = ["Mistake", "require", "require_value", "returned_array"]


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


def require_value(got: Any, right: Any, wrong: Mapping[str, Any], otherwise: str, *case: tuple[str, Any]) -> None:
    """Require ``got`` to be ``right``, to about five digits so that float32 will do.

    If it is not, the mistake is the first key of ``wrong`` whose value ``got`` is, else ``otherwise``.
    """
    same_shape = np.shape(got) == np.shape(right)
    require(same_shape, f"The result must have shape {np.shape(right)}, got {np.shape(got)}.", *case)
    if np.allclose(got, right):
        return
    for message, value in {**wrong, otherwise: got}.items():
        hit = np.shape(value) == np.shape(got) and np.allclose(got, value, atol=1e-10, equal_nan=True)
        require(not hit, message, *case, ("expected", right), ("got", got))
