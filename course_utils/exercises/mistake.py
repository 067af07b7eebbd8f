"""A mistake in an answer, told so that a learner can mend it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["Mistake", "require", "shown_array"]


class Mistake(Exception):
    """What is wrong with an answer: the misconception, the smallest case, expected and got, a hint."""


def require(condition: Any, message: str, *case: tuple[str, Any]) -> None:
    """Raise :class:`Mistake` with the message and the named values of the case unless ``condition`` holds."""
    if not condition:
        values = "".join(f"\n    {name}: {shown_array(value)}" for name, value in case)
        raise Mistake(message + values)


def shown_array(value: Any) -> str:
    """Return a value as one short line."""
    return np.array2string(value, precision=3, suppress_small=True) if isinstance(value, np.ndarray) else str(value)


def returned_array(answer: Callable[..., Any], *arguments: Any) -> np.ndarray[Any, Any]:
    """Return what ``answer`` gives as a float array; None, text and the like are mistakes."""
    value = answer(*arguments)
    require(value is not None, "The function returns None: is the return statement missing?")
    array = np.asarray(value)
    require(array.dtype.kind in "fiub", f"The function must return numbers, got {type(value).__name__}.")
    return array.astype(float)
