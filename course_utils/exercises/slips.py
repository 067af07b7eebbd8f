"""Slips: small ways in which any formula goes wrong, such as 1 - keep_prob for keep_prob, a root too many, m lost.

A slip turns the right function into what an answer with the slip computes. Its texts have gaps for the formula of the
slip, so that one message serves all exercises: "right with `1 / m` in place of `m`".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations, product
from typing import Any

import numpy as np

from course_utils.exercises.mistake import Found

__all__ = [
    "FORMULAS",
    "Case",
    "Function",
    "Slip",
    "argument_slips",
    "combined",
    "counts_of",
    "known",
    "result_slips",
]

Function = Callable[..., Any]
Case = tuple[Any, ...]  # arguments of one call
Change = Callable[[Any], Any]


@dataclass(frozen=True)
class Slip:
    """What was found if an answer gives in every case what ``function`` gives.

    Parameters
    ----------
    found : tuple of Found
        One misconception, or two.
    function : callable
        Of the exercise's arguments.
    position : int or None
        Number of the one argument that is another, if the slip is of that kind.
    """

    found: tuple[Found, ...]
    function: Function
    position: int | None = None


def combined(formula: Callable[..., Function], *ingredients: Mapping[str, Any]) -> list[Slip]:
    """Return what comes of a formula if one of its ingredients is another one, then if two are.

    Parameters
    ----------
    formula : callable
        Takes one form of each ingredient and returns a function of the exercise's arguments.
    *ingredients : dict
        The forms of one ingredient, the right one first; the others by the id of their misconception.
    """
    right = [next(iter(forms)) for forms in ingredients]
    slips = []
    for chosen in product(*ingredients):
        wrong = tuple(Found(one) for one, other in zip(chosen, right, strict=True) if one != other)
        if 1 <= len(wrong) <= 2:
            forms = [forms[one] for forms, one in zip(ingredients, chosen, strict=True)]
            slips.append(Slip(wrong, formula(*forms)))
    return sorted(slips, key=lambda slip: len(slip.found))


def rounded(a: Any, digits: int) -> Any:
    """Return numbers as Python rounds them, which differs from NumPy's way at a half."""
    return np.vectorize(lambda number: round(float(number), digits))(a)


# What people put in place of a number, of a probability, or of an array; {a} is the argument's name.
NUMBERS: dict[str, Change] = {
    "0": lambda a: 0 * a,
    "1": lambda a: 1 + 0 * a,
    "2 * {a}": lambda a: 2 * a,
    "{a} / 2": lambda a: a / 2,
    "-{a}": lambda a: -a,
    "{a}**2": lambda a: a**2,
    "np.sqrt({a})": np.sqrt,
    "1 / {a}": lambda a: 1 / a,
    "{a} - 1": lambda a: a - 1,
    "{a} + 1": lambda a: a + 1,
}
PROBABILITIES: dict[str, Change] = {
    "1 - {a}": lambda a: 1 - a,
    "{a} / (1 - {a})": lambda a: a / (1 - a),
    "{a} * (1 - {a})": lambda a: a * (1 - a),
    **NUMBERS,
}
ARRAYS: dict[str, Change] = {
    "-{a}": lambda a: -a,
    "np.abs({a})": np.abs,
    "np.sign({a})": np.sign,
    "{a}**2": lambda a: a**2,
    "np.sqrt(np.abs({a}))": lambda a: np.sqrt(np.abs(a)),
    "1 / {a}": lambda a: 1 / a,
    "1 - {a}": lambda a: 1 - a,
    "{a}.T": np.transpose,
    "{a}[::-1]": lambda a: a[::-1],
    "np.ones_like({a})": np.ones_like,
    "np.zeros_like({a})": np.zeros_like,
    "np.log({a})": np.log,
    "np.exp({a})": np.exp,
    "np.tanh({a})": np.tanh,
    "1 / (1 + np.exp(-{a}))": lambda a: 1 / (1 + np.exp(-a)),
    "np.maximum({a}, 0)": lambda a: np.maximum(a, 0),
    "{a} - {a}.mean(axis=-1, keepdims=True)": lambda a: a - a.mean(axis=-1, keepdims=True),
    "{a}.mean(axis=0)": lambda a: np.zeros_like(a) + a.mean(axis=0),
    "{a}.mean(axis=-1)": lambda a: np.zeros_like(a) + a.mean(axis=-1, keepdims=True),
    "{a}.mean()": lambda a: np.full_like(a, a.mean()),
    "{a} / {a}.sum()": lambda a: a / a.sum(),
}
MASKS: dict[str, Change] = {
    "~{a}": lambda a: ~a,
    "np.ones_like({a})": np.ones_like,
    "np.zeros_like({a})": np.zeros_like,
    "{a}.T": np.transpose,
    "{a}[::-1]": lambda a: a[::-1],
    "{a}[:, ::-1]": lambda a: a[:, ::-1],
}
# Changes that are a misconception of their own; all others are told by their formula.
NAMED = {
    ("keep_prob", "1 - {a}"): "keep-drop-swapped",
    ("m", "1"): "m-missing",
    ("m", "{a}**2"): "m-twice",
    ("m", "1 / {a}"): "m-inverted",
    ("learning_rate", "1"): "learning-rate-missing",
    **{
        (strength, change): misconception
        for strength in ("lambd", "lambd1")
        for change, misconception in {
            "0": "penalty-missing",
            "1": "lambd-missing",
            "-{a}": "penalty-sign",
            "2 * {a}": "half-missing",
            "{a} / 2": "half-kept",
        }.items()
    },
}
FORMULAS = (
    "argument-changed",
    "argument-hard-coded",
    "result-changed",
    "factor-off",
)  # what is told by a formula alone

# Numbers that people write in the place of an argument.
CONSTANTS = (0.5, 0.8, 0.9, 0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.01, 0.001, 1e-5, 1e-6, 1e-7, 2, 3, 10, 50, 100, 1000)

# What people make of a right result.
RESULTS: dict[str, Change] = {
    "-right": lambda a: -a,
    "1 - right": lambda a: 1 - a,
    "1 / right": lambda a: 1 / a,
    "right**2": lambda a: a**2,
    "np.sqrt(right)": np.sqrt,
    "np.abs(right)": np.abs,
    "np.log(right)": np.log,
    "np.exp(right)": np.exp,
    "right / (1 - right)": lambda a: a / (1 - a),
    "right.T": np.transpose,
    "right.sum()": np.sum,
    "right.sum(axis=0)": lambda a: a.sum(axis=0),
    "right.sum(axis=1)": lambda a: a.sum(axis=1),
    "right.sum(axis=0, keepdims=True)": lambda a: a.sum(axis=0, keepdims=True),
    "right.sum(axis=1, keepdims=True)": lambda a: a.sum(axis=1, keepdims=True),
    "right.mean()": np.mean,
    "right.mean(axis=0)": lambda a: a.mean(axis=0),
    "right.mean(axis=1)": lambda a: a.mean(axis=1),
    "right.mean(axis=0, keepdims=True)": lambda a: a.mean(axis=0, keepdims=True),
    "right.mean(axis=1, keepdims=True)": lambda a: a.mean(axis=1, keepdims=True),
    "right / right.sum()": lambda a: a / a.sum(),
    "right[::-1]": lambda a: a[::-1],
    "right[0]": lambda a: a[0],
    "right[-1]": lambda a: a[-1],
    "np.cumsum(right)": np.cumsum,
    "np.round(right)": np.round,
    "np.round(right, 1)": lambda a: rounded(a, 1),
    "np.round(right, 2)": lambda a: rounded(a, 2),
    "np.round(right, 3)": lambda a: rounded(a, 3),
    "np.round(right, 4)": lambda a: rounded(a, 4),
    "right.astype(int)": np.trunc,
    "right // 1": np.floor,
    "np.sign(right)": np.sign,
    "np.tanh(right)": np.tanh,
    "1 / (1 + np.exp(-right))": lambda a: 1 / (1 + np.exp(-a)),
    "np.maximum(right, 0)": lambda a: np.maximum(a, 0),
    "np.clip(right, 0, 1)": lambda a: np.clip(a, 0, 1),
}


def known(wrong: Mapping[str, Function | Sequence[Function]]) -> list[Slip]:
    """Return the mistakes that an exercise knows by their ids, each with its function, or with several."""
    return [
        Slip((Found(misconception),), function)
        for misconception, functions in wrong.items()
        for function in (functions if isinstance(functions, Sequence) else [functions])
    ]


def argument_slips(function: Function, names: Sequence[str], cases: Sequence[Case]) -> list[Slip]:
    """Return what comes of ``function`` if one of its arguments is changed, or another one stands in its place.

    Those with a name of their own come first.
    """
    slips = [*changes(function, names, cases), *exchanges(function, names, cases), *counts(function, names, cases)]
    return sorted(slips, key=lambda slip: slip.found[0].misconception in FORMULAS)


def changes(function: Function, names: Sequence[str], cases: Sequence[Case]) -> Iterator[Slip]:
    """Give what comes of one argument's being another number or array."""
    for position, name in enumerate(names):
        for change, made in changes_of([case[position] for case in cases]).items():
            found = Found(
                NAMED.get((name, change), "argument-changed"), {"argument": name, "change": change.format(a=name)}
            )
            yield Slip((found,), with_change(function, position, made), position)
        for value in CONSTANTS if is_number([case[position] for case in cases]) else ():
            found = Found("argument-hard-coded", {"argument": name, "value": f"{value:g}"})
            yield Slip((found,), with_change(function, position, partial(constant, value)), position)


def constant(value: float, _: Any) -> float:
    """Return a value, whatever the argument is."""
    return value


def exchanges(function: Function, names: Sequence[str], cases: Sequence[Case]) -> Iterator[Slip]:
    """Give what comes of two arguments' being exchanged, or of one in the place of another."""
    for one, other in combinations(range(len(names)), 2):
        if all(alike(case[one], case[other]) for case in cases):
            both = Found("arguments-exchanged", {"one": names[one], "other": names[other]})
            yield Slip((both,), with_exchange(function, one, other))
            for place, source in ((one, other), (other, one)):
                found = Found("argument-changed", {"argument": names[place], "change": names[source]})
                yield Slip((found,), with_another(function, place, source), place)


def counts(function: Function, names: Sequence[str], cases: Sequence[Case]) -> Iterator[Slip]:
    """Give what comes of a number counted in an array in the place of m."""
    for count, counted in counts_of(names, cases).items() if "m" in names else ():
        found = Found("other-count-for-m", {"argument": "m", "change": count})
        position = names.index("m")
        yield Slip((found,), with_count(function, position, counted), position)


def result_slips(function: Function, right: str, changes: Iterable[str] = ()) -> Iterator[Slip]:
    """Give what comes of ``function`` if something is done to its result: all that we know, or some ``changes``.

    ``right`` says what the result is without that.
    """
    for change in changes or RESULTS:
        found = Found("result-changed", {"change": change, "right": right})
        yield Slip((found,), with_result(function, RESULTS[change]))


def changes_of(values: Sequence[Any]) -> Mapping[str, Change]:
    """Return the changes of an argument that has these values in the cases."""
    first = values[0]
    if isinstance(first, np.ndarray) and first.ndim:
        return MASKS if first.dtype == bool else ARRAYS
    if not is_number(values):
        return {}
    return PROBABILITIES if all(0 < value <= 1 for value in values) else NUMBERS


def is_number(values: Sequence[Any]) -> bool:
    """Return whether an argument with these values is a number that changes from case to case."""
    numbers = all(isinstance(value, int | float | np.number) and not isinstance(value, bool) for value in values)
    return numbers and len(set(values)) > 1


def alike(one: Any, other: Any) -> bool:
    """Return whether two arguments could stand for one another: two numbers, or two arrays of one shape."""
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        both = isinstance(one, np.ndarray) and isinstance(other, np.ndarray)
        return both and one.shape == other.shape and one.dtype == other.dtype
    return all(isinstance(value, int | float | np.number) for value in (one, other))


def counts_of(names: Sequence[str], cases: Sequence[Case]) -> dict[str, Function]:
    """Return the numbers of rows, columns and entries of all arrays among the arguments, as functions of these."""
    counts: dict[str, Function] = {}
    for position, name in enumerate(names):
        if isinstance(cases[0][position], np.ndarray):
            for axis in range(cases[0][position].ndim):
                counts[f"{name}.shape[{axis}]"] = lambda *case, n=position, axis=axis: case[n].shape[axis]
            counts[f"{name}.size"] = lambda *case, n=position: case[n].size
    return counts


def with_change(function: Function, position: int, change: Change) -> Function:
    """Return ``function`` with one argument changed."""
    return lambda *case: function(*case[:position], change(case[position]), *case[position + 1 :])


def with_another(function: Function, place: int, source: int) -> Function:
    """Return ``function`` with one argument in the place of another one too."""
    return lambda *case: function(*case[:place], case[source], *case[place + 1 :])


def with_count(function: Function, position: int, counted: Function) -> Function:
    """Return ``function`` with a number that is counted in place of one argument."""
    return lambda *case: function(*case[:position], counted(*case), *case[position + 1 :])


def with_exchange(function: Function, one: int, other: int) -> Function:
    """Return ``function`` with two arguments exchanged."""

    def exchanged(*case: Any) -> Any:
        given = list(case)
        given[one], given[other] = given[other], given[one]
        return function(*given)

    return exchanged


def with_result(function: Function, change: Change) -> Function:
    """Return ``function`` with something done to its result."""
    return lambda *case: change(np.asarray(function(*case), dtype=float))
