"""Dicts with an array for each parameter, compared with the right ones."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

from course_utils.arguments import Array
from course_utils.exercises.calls import as_numbers, called, require_unchanged
from course_utils.exercises.exercise import Answer
from course_utils.exercises.explanation import Wrong, agree, as_slips
from course_utils.exercises.mistake import Mistake, require
from course_utils.exercises.verdict import named, said

__all__ = ["Arrays", "arrays_of", "require_arrays"]

Arrays = dict[str, Array]


def require_arrays(
    answer: Answer,
    cases: Sequence[tuple[Any, ...]],
    names: Sequence[str],
    right: Callable[..., Arrays],
    wrong: Wrong,
) -> None:
    """Require an answer to return dicts of arrays that are right, and to leave its arguments, called ``names``, alone.

    Like :func:`~course_utils.exercises.comparison.require_values`; the case says which arrays are off.
    """
    calls = [copy.deepcopy(case) for case in cases]
    expected = [right(*copy.deepcopy(case)) for case in cases]
    got = [arrays_of(called(answer, *call), list(arrays)) for call, arrays in zip(calls, expected, strict=True)]
    failing = [index for index in range(len(cases)) if not agree_all(got[index], expected[index])]
    shown = verdicts(got[failing[0]], expected[failing[0]]) if failing else ()
    for slip in as_slips(wrong) if failing else ():
        if all(agree_all(one, slip.function(*copy.deepcopy(case))) for one, case in zip(got, cases, strict=True)):
            raise Mistake(slip.found[0].misconception, shown, *slip.found[1:])
    for before, after in zip(cases, calls, strict=True):
        require_unchanged(names, before, after)
    for index in failing:
        for name, value in expected[index].items():
            shapes = ("array", name), ("expected", value.shape), ("got", got[index][name].shape)
            require(got[index][name].shape == value.shape, "wrong-shape", *shapes)
    require(not failing, "wrong-value", *shown)


def arrays_of(value: Any, names: Sequence[str]) -> Arrays:
    """Return a dict with an array for each name, or refuse a value that is none."""
    found = sorted(value) if isinstance(value, dict) else type(value).__name__
    fits = isinstance(value, dict) and set(names) <= set(value)
    require(fits, "not-a-dict-of-arrays", ("expected a dict with", ", ".join(names)), ("got", found))
    return {name: as_numbers(value[name]) for name in names}


def agree_all(one: Arrays, other: Arrays) -> bool:
    """Return whether all arrays of two dicts agree."""
    return all(agree(one[name], other[name]) for name in other)


def verdicts(got: Arrays, expected: Arrays) -> tuple[tuple[str, Any], ...]:
    """Return which arrays are right and which are not, and the smallest array that is not."""
    words = {name: "right" if agree(got[name], expected[name]) else "off" for name in expected}
    off = min((name for name in words if words[name] == "off"), key=lambda name: expected[name].size)
    listed = "  ".join(f"{name} {said(word)}" for name, word in words.items())
    wanted, found = named("{name}, expected", name=off), named("{name}, got", name=off)
    return ("arrays", listed), (wanted, expected[off]), (found, got[off])
