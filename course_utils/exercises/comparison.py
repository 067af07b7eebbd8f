"""Comparing what an answer gives with the right value, and naming what explains the difference."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Mapping, Sequence
from types import CodeType
from typing import Any

import numpy as np

from course_utils.arguments import Array
from course_utils.exercises.calls import as_numbers, called, require_unchanged, returned_array
from course_utils.exercises.explanation import Problem, Wrong, agree, explanation
from course_utils.exercises.mistake import Mistake, require
from course_utils.exercises.slips import Case, Function
from course_utils.exercises.verdict import Case as Shown

__all__ = ["require_values"]


def require_values(
    answer: Function,
    cases: Sequence[Case],
    right: Function,
    wrong: Wrong | None = None,
    parts: Mapping[str, Function] | None = None,
    in_part: Wrong | None = None,
    key: int | None = None,
    drawn: str = "random-for-exact",
) -> None:
    """Require ``answer(*case)`` to be ``right(*case)`` for every case, and each argument to stay as it was.

    If it is not, the mistake is what explains all that the answer gave, **in every case**: one of ``wrong``, a slip
    that can happen in any formula, or two of these. A case on which two mistakes look alike does no harm, as long as
    another tells them apart.

    Parameters
    ----------
    answer : callable
    cases : list of tuples
        Arguments, the smallest case first: the first that fails is shown.
    right : callable
        Gives the right value; the names of its parameters are those that the learner is shown.
    wrong : dict of callables, or of lists of callables, optional
        What a learner with a misconception computes, by the misconception's id; a list where it has several forms.
    parts : dict of callables, optional
        The terms of which the right value is the sum, by their formula.
    in_part : dict of callables, or of lists of callables, optional
        Like ``wrong``; these are tried on the cases that agree in the argument number ``key``, if nothing explains all.
    key : int, optional
        See ``in_part``.
    drawn : str
        The misconception of whoever draws random numbers here.
    """
    names = list(inspect.signature(right).parameters)
    calls = [copy.deepcopy(case) for case in cases]
    values = [called(answer, *call) for call in calls]
    got = [as_numbers(value) for value in values]
    expected = [np.asarray(right(*copy.deepcopy(case)), dtype=float) for case in cases]
    failing = [index for index in range(len(cases)) if not agree(got[index], expected[index])]
    if failing:
        first = failing[0]
        shown = *zip(names, cases[first], strict=True), ("expected", expected[first]), ("got", got[first])
        again = returned_array(answer, *copy.deepcopy(cases[first]))
        both = ("first call", got[first]), ("second call", again)
        require(np.array_equal(got[first], again, equal_nan=True), drawn, *shown[:-1], *both)
        require_only_shape(got, expected, shown)
        found = explanation(Problem(names, cases, got, expected, right, parts or {}), wrong or {}, in_part or {}, key)
        if found:
            raise Mistake(found[0].misconception, shown, *found[1:], **found[0].words)
    for before, after in zip(cases, calls, strict=True):
        require_unchanged(names, before, after)  # after the values, since a mistake with a name says more
    if failing:
        require(not draws(answer), drawn, *shown)
        require_shape(values[first], expected[first], shown)
        require_everywhere(names, cases, failing, shown)
        require(np.isfinite(got[first]).all() or not np.isfinite(expected[first]).all(), "result-not-finite", *shown)
        entries = f"{np.isclose(got[first], expected[first]).sum()} / {got[first].size}"
        right_cases = f"{len(cases) - len(failing)} / {len(cases)}"
        seen = ("entries that are right", entries), ("cases that are right", right_cases)
        raise Mistake("wrong-value", (*shown, *seen))


def require_only_shape(got: Sequence[Array], expected: Sequence[Array], shown: Shown) -> None:
    """Require that not all numbers are right, and only their shape is another."""
    pairs = [(one.ravel(), other.ravel()) for one, other in zip(got, expected, strict=True)]
    shapes = next(((a.shape, b.shape) for a, b in zip(got, expected, strict=True) if a.shape != b.shape), None)
    if shapes and all(agree(one, other) for one, other in pairs):
        raise Mistake("right-but-for-the-shape", shown, got=str(shapes[0]), expected=str(shapes[1]))


def require_shape(value: Any, expected: Array, shown: Shown) -> None:
    """Require a result to have the shape of the right one, or say in which way it has not."""
    got = as_numbers(value)
    if got.shape == expected.shape:
        return
    words = {"got": str(got.shape), "expected": str(expected.shape)}
    several = isinstance(value, tuple) and len(value) > 1 and any(np.shape(one) == expected.shape for one in value)
    require(not several, "returns-several-things", *shown)
    n = expected.size
    for misconception, seen in {
        "one-number-for-many": got.size == 1 < n,
        "many-for-one-number": expected.ndim == 0 and n < got.size,
        "shape-transposed": got.shape == expected.shape[::-1],
        "columns-and-rows-combined": got.shape == (n, n) and n > 1,
        "list-too-long": got.ndim == expected.ndim == 1 and got.size > n,
        "list-too-short": got.ndim == expected.ndim == 1 and got.size < n,
        "axis-summed": got.shape in summed_shapes(expected.shape),
        "other-shape": got.size == n,
    }.items():
        require(not seen, misconception, *shown, **words)
    raise Mistake("wrong-shape", shown)


def summed_shapes(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Return the shapes of sums along each axis, without and with that axis."""
    return [(*shape[:axis], *kept, *shape[axis + 1 :]) for axis in range(len(shape)) for kept in ((), (1,))]


def require_everywhere(names: Sequence[str], cases: Sequence[Case], failing: Sequence[int], shown: Shown) -> None:
    """Require no edge (0, 1, a word) of an argument to be the one at which results are wrong, and right elsewhere."""
    for position, name in enumerate(names):
        values = [case[position] for case in cases]
        if all(isinstance(value, int | float | str | np.number) for value in values):
            off = {values[index] for index in failing}
            others = {value for index, value in enumerate(values) if index not in failing}
            value = next(iter(off))
            if len(off) == 1 and others and value not in others and (isinstance(value, str) or value in (0, 1)):
                text = repr(value) if isinstance(value, str) else f"{value:g}"
                raise Mistake("wrong-at-one-value", shown, argument=name, value=text)


def draws(answer: Function) -> bool:
    """Return whether the code of an answer names a source of random numbers."""
    code = getattr(answer, "__code__", None)
    codes = [code] if code else []
    for one in codes:
        codes += [constant for constant in one.co_consts if isinstance(constant, CodeType)]
    return any(name in SOURCES_OF_CHANCE for one in codes for name in one.co_names)


SOURCES_OF_CHANCE = {
    "random",
    "default_rng",
    "rand",
    "randn",
    "randint",
    "binomial",
    "bernoulli",
    "shuffle",
    "rand_like",
}
