"""Calling an answer and comparing what it gives with the right value and with those of known mistakes."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Mapping, Sequence
from numbers import Number
from typing import Any

import numpy as np

from course_utils.exercises.mistake import Mistake, require
from course_utils.exercises.raised import mistake_of
from course_utils.exercises.verdict import Case

__all__ = ["agree", "as_numbers", "called", "require_refused", "require_unchanged", "require_values", "returned_array"]

Function = Callable[..., Any]


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
    require(array.dtype.kind in "fiub", "not-numbers", ("expected", "numbers"), ("got", type(value).__name__))
    return array.astype(float)


def returned_array(answer: Function, *arguments: Any) -> np.ndarray[Any, Any]:
    """Return what ``answer(*arguments)`` gives as a float array."""
    return as_numbers(called(answer, *arguments))


def agree(got: Any, expected: Any) -> bool:
    """Return whether two arrays have one shape and the same values to about five digits, so that float32 will do."""
    same_shape = np.shape(got) == np.shape(expected)
    return same_shape and bool(np.allclose(got, expected, rtol=1e-5, atol=1e-7, equal_nan=True))


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
    raise Mistake("accepts-anything", ((name, value), ("expected", "ValueError"), ("got", "a result")))


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


def require_values(
    answer: Function,
    cases: Sequence[tuple[Any, ...]],
    right: Function,
    wrong: Mapping[str, Function | Sequence[Function]] | None = None,
) -> None:
    """Require ``answer(*case)`` to be ``right(*case)`` for every case, and each argument to stay as it was.

    If it is not, the mistake is the first of ``wrong`` whose function gives what the answer gave **in every case**.
    A case on which two mistakes look alike does no harm, as long as another tells them apart.

    Parameters
    ----------
    answer : callable
    cases : list of tuples
        Arguments, the smallest case first: the first that fails is shown.
    right : callable
        Gives the right value; the names of its parameters are those that the learner is shown.
    wrong : dict of callables, or of lists of callables, optional
        What a learner with a misconception computes, by the misconception's id; a list where it has several forms.
    """
    names = list(inspect.signature(right).parameters)
    calls = [copy.deepcopy(case) for case in cases]
    got = [returned_array(answer, *call) for call in calls]
    expected = [np.asarray(right(*copy.deepcopy(case)), dtype=float) for case in cases]
    failing = next((index for index in range(len(cases)) if not agree(got[index], expected[index])), None)
    shown: Case = ()
    if failing is not None:
        shown = (
            *zip(names, cases[failing], strict=True), ("expected", expected[failing]), ("got", got[failing])
        )  # fmt: skip
        for misconception, functions in (wrong or {}).items():
            for function in functions if isinstance(functions, Sequence) else [functions]:
                require(not explains(function, cases, got), misconception, *shown)
    for before, after in zip(cases, calls, strict=True):
        require_unchanged(names, before, after)  # after the values, since a mistake with a name says more
    if failing is not None:
        same_shape = got[failing].shape == expected[failing].shape
        raise Mistake("wrong-value" if same_shape else "wrong-shape", shown)


def explains(function: Function, cases: Sequence[tuple[Any, ...]], got: Sequence[Any]) -> bool:
    """Return whether a function gives what was got in every case."""
    with np.errstate(all="ignore"):
        return all(
            agree(value, as_numbers(function(*copy.deepcopy(case)))) for value, case in zip(got, cases, strict=True)
        )
