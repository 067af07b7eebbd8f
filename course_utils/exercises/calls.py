"""Calling an answer: what it returns, read as numbers, what it does to its arguments, and what it refuses."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Generator, Iterator, Mapping, Sequence
from numbers import Number
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

import numpy as np

from course_utils.exercises.mistake import Mistake, require
from course_utils.exercises.raised import mistake_of
from course_utils.exercises.slips import Function
from course_utils.exercises.verdict import said

__all__ = ["as_numbers", "called", "require_refused", "require_unchanged", "returned_array"]


def called(answer: Function, *arguments: Any) -> Any:
    """Return ``answer(*arguments)``; an error in it becomes a :class:`Mistake` that shows the arguments.

    ``NotImplementedError`` passes, since it marks an exercise that nobody has begun, and so does what ends a run.
    """
    given = tuple(zip(names_of(answer, len(arguments)), copy.deepcopy(arguments), strict=True))
    try:
        value = answer(*arguments)
    except (Mistake, NotImplementedError):
        raise
    except Exception as error:
        raise mistake_of(error, given) from error
    require(value is not None, "returns-none")
    return value


def names_of(answer: Function, count: int) -> list[str]:
    """Return the names of an answer's arguments; numbers where they cannot be had."""
    try:
        names = list(inspect.signature(answer).parameters)
    except (TypeError, ValueError):
        names = []
    return names if len(names) == count else [f"argument {number}" for number in range(1, count + 1)]


def as_numbers(value: Any) -> np.ndarray[Any, Any]:
    """Return a value as a float array; text, dicts and ragged lists are mistakes."""
    try:
        array = np.asarray(value.detach().cpu() if hasattr(value, "detach") else value)  # a tensor with a gradient
        if array.dtype == object and all(isinstance(one, Number) for one in array.flat):  # such as fractions
            array = array.astype(float)
    except (TypeError, ValueError, RuntimeError):
        array = np.empty(0, object)
    got = value if isinstance(value, str | tuple | list) else type(value).__name__
    case = ("expected", said("numbers")), ("got", got)
    several = isinstance(value, tuple) and all(np.asarray(one).dtype.kind in "fiub" for one in value)
    require(not several or array.dtype.kind in "fiub", "returns-several-things", *case)
    for kinds, misconception in NO_NUMBERS.items() if array.dtype.kind not in "fiub" else ():
        require(not isinstance(value, kinds), misconception, *case, kind=type(value).__name__)
    require(array.dtype.kind in "fiub", "not-numbers", *case)
    return array.astype(float)


# What comes back in place of numbers; the kinds of members of a list are looked at by those who know what they expect.
NO_NUMBERS: dict[Any, str] = {
    (Generator, Iterator, range, map, zip, filter): "returns-an-iterator",
    (Mapping,): "returns-a-dict",
    (set, frozenset): "returns-a-set",
    (str, bytes): "returns-text",
    (list, tuple): "returns-a-mixed-list",
    (FunctionType, BuiltinFunctionType, MethodType, type): "returns-a-function",
}


def returned_array(answer: Function, *arguments: Any) -> np.ndarray[Any, Any]:
    """Return what ``answer(*arguments)`` gives as a float array."""
    return as_numbers(called(answer, *arguments))


def require_unchanged(names: Sequence[str], before: Sequence[Any], after: Sequence[Any]) -> None:
    """Require that no argument was changed by a call."""
    for name, old, new in zip(names, before, after, strict=True):
        require(same(old, new), "changes-its-argument", ("argument", name), ("before", old), ("afterwards", new))


def require_refused(name: str, value: Any, answer: Function, *arguments: Any) -> None:
    """Require ``answer(*arguments)``, in which the argument ``name`` has a bad ``value``, to raise ValueError."""
    try:
        answer(*arguments)
    except ValueError:
        return
    except (Mistake, NotImplementedError):
        raise
    except Exception as error:
        raise Mistake(
            "accepts-anything", ((name, value), ("expected", "ValueError"), ("got", f"{type(error).__name__}: {error}"))
        ) from error
    raise Mistake("accepts-anything", ((name, value), ("expected", "ValueError"), ("got", said("a result"))))


def same(old: Any, new: Any) -> bool:
    """Return whether two arguments hold the same; dicts and lists are compared entry by entry."""
    if isinstance(old, Mapping):
        return isinstance(new, Mapping) and set(old) == set(new) and all(same(old[key], new[key]) for key in old)
    if isinstance(old, list | tuple):
        alike = isinstance(new, list | tuple) and len(old) == len(new)
        return alike and all(same(one, other) for one, other in zip(old, new, strict=True))
    if isinstance(old, np.random.Generator) or callable(old):
        return True  # a generator is there to be drawn from
    if isinstance(old, np.ndarray) != isinstance(new, np.ndarray):
        return False
    numbers = np.asarray(old).dtype.kind in "fc"
    return np.shape(old) == np.shape(new) and bool(np.array_equal(old, new, equal_nan=numbers))
