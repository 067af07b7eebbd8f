"""What explains the results of an answer: a known mistake, a slip, a stray factor, or two of these together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from course_utils.arguments import Array
from course_utils.exercises.factors import monomial, quantities
from course_utils.exercises.mistake import Found
from course_utils.exercises.slips import FORMULAS, Case, Function, Slip, argument_slips, known, result_slips
from course_utils.texts import sentence

__all__ = ["Problem", "Wrong", "agree", "as_slips", "explanation"]

Wrong = Mapping[str, Function | Sequence[Function]] | Sequence[Slip]


def agree(got: Any, expected: Any) -> bool:
    """Return whether two arrays have one shape and the same values to about five digits, so that float32 will do."""
    same_shape = np.shape(got) == np.shape(expected)
    return same_shape and bool(np.allclose(got, expected, rtol=1e-5, atol=1e-7, equal_nan=True))


@dataclass(frozen=True)
class Problem:
    """Results that want an explanation.

    Parameters
    ----------
    names : sequence of str
        Of the arguments.
    cases : sequence of tuples
        Arguments of each call.
    got, expected : sequences of arrays
        What the answer gave, and what is right.
    right : callable
    parts : dict of callables
        Terms of which the right result is the sum, by their formula.
    """

    names: Sequence[str]
    cases: Sequence[Case]
    got: Sequence[Array]
    expected: Sequence[Array]
    right: Function
    parts: Mapping[str, Function]

    def kinds(self, key: int) -> Iterator[tuple[Problem, str]]:
        """Give the problem of those results that are wrong for each value of one argument, and say which value."""
        for kind in dict.fromkeys(case[key] for case in self.cases):
            chosen = [index for index, case in enumerate(self.cases) if case[key] == kind]
            if not all(agree(self.got[index], self.expected[index]) for index in chosen):
                where = sentence("where_it_is", argument=self.names[key], value=kind)
                cases, got = [self.cases[index] for index in chosen], [self.got[index] for index in chosen]
                expected = [self.expected[index] for index in chosen]
                yield replace(self, cases=cases, got=got, expected=expected), where

    def shown_by(self, function: Function) -> bool:
        """Return whether a function gives what the answer gave, in every case."""
        # The richest case first, and its first entry: nearly all functions fail there.
        order = sorted(range(len(self.cases)), key=lambda index: -self.got[index].size)
        for index in order:
            got, value = self.got[index], value_of(function, self.cases[index])
            if value is None or got.shape != value.shape:
                return False
            if got.size and abs(got.flat[0] - value.flat[0]) > 1e-4 * (1 + abs(got.flat[0])):
                return False
            if not agree(got, value):
                return False
        return True


def explanation(problem: Problem, wrong: Wrong, in_part: Wrong, key: int | None) -> tuple[Found, ...]:
    """Return the simplest that explains all results; nothing if that cannot be done.

    First the mistakes that the exercise knows, then one slip of any formula, then what shows in the cases of one kind
    alone, then two of these together.

    Parameters
    ----------
    problem : Problem
    wrong, in_part : dict of callables, or of lists of callables
        What a learner with a misconception computes: in all cases, and in those of one kind.
    key : int or None
        Number of the argument that says of which kind a case is.
    """
    with np.errstate(all="ignore"):
        found = one_found(problem, wrong)
        for part, where in problem.kinds(key) if not found and key is not None else ():
            found = found or one_found(part, in_part, where)
        if found or len(problem.cases) == 1:
            return found
        slips = [*as_slips(wrong), *argument_slips(problem.right, problem.names, problem.cases)]
        return parts_found(problem) or next(pairs(problem, slips), ())


def as_slips(wrong: Wrong) -> list[Slip]:
    """Return the mistakes that an exercise knows."""
    return known(wrong) if isinstance(wrong, Mapping) else list(wrong)


def one_found(problem: Problem, wrong: Wrong, where: str = "") -> tuple[Found, ...]:
    """Return what the exercise knows, or the one slip or factor, that explains all results, or those ``where``."""
    found = first_of(problem, as_slips(wrong))
    if found or len(problem.cases) == 1:  # one case is explained by too much
        return found
    first, values = problem.got[0], np.concatenate([got.ravel() for got in problem.got])
    one_number = np.ptp(values) == 0
    if one_number or all(np.array_equal(first, got) for got in problem.got):
        value = f"{values[0] + 0:g}" if one_number else np.array2string(first)
        return (Found("result-constant", {"value": value}),)
    slips = [
        *argument_slips(problem.right, problem.names, problem.cases),
        *result_slips(problem.right, sentence("right_result")),
    ]
    factor = factor_between(problem, problem.expected)
    return first_of(problem, slips) or ((factor_found(factor, where),) if factor else ())


def factor_found(factor: str, where: str = "") -> Found:
    """Return that all results, or those ``where``, are off by a factor."""
    return Found("factor-off", {"factor": factor, "where": where or sentence("in_every_case")})


def first_of(problem: Problem, slips: Iterable[Slip]) -> tuple[Found, ...]:
    """Return what the first slip shows that gives all results."""
    return next((slip.found for slip in slips if problem.shown_by(slip.function)), ())


def value_of(function: Function, case: Case) -> Any:
    """Return what a function gives; nothing that agrees with anything where it cannot be computed."""
    try:
        return np.asarray(function(*case), dtype=float)
    except Exception:  # a slip may make arrays that do not fit
        return None


def factor_between(problem: Problem, values: Sequence[Any]) -> str:
    """Return the formula of the factor, not 1, by which all results are others than these values; "" if none is."""
    factors = []
    for got, value in zip(problem.got, values, strict=True):
        if value is None or got.shape != value.shape:
            return ""
        largest = np.argmax(np.abs(value)) if value.size else 0
        if value.size and np.isfinite(value).all() and value.flat[largest] != 0:
            factor = got.flat[largest] / value.flat[largest]
            factors.append(factor)
        else:
            factor = 1.0
            factors.append(np.nan)
        if not agree(got, factor * value):
            return ""
    return named_factor(problem, np.array(factors))


def named_factor(problem: Problem, factors: Array) -> str:
    """Return the formula of factors, (cases,), nan where a case says nothing; "" for 1, or if two cases do not tell."""
    telling = np.isfinite(factors)
    if telling.sum() < 2 or np.allclose(factors[telling], 1):
        return ""
    known = {name: values[telling] for name, values in quantities(problem.names, problem.cases).items()}
    return monomial(np.where(np.abs(factors) < 1e-9, 0, factors)[telling], known)


def parts_found(problem: Problem) -> tuple[Found, ...]:
    """Return which terms of the right result come in another number of times than once."""
    if len(problem.parts) < 2:
        return ()
    times = np.full((len(problem.cases), len(problem.parts)), np.nan)
    for index, (case, got) in enumerate(zip(problem.cases, problem.got, strict=True)):
        if got.shape != problem.expected[index].shape:
            return ()
        terms = np.array([value_of(part, case).ravel() for part in problem.parts.values()]).T  # (entries, parts)
        solved = np.linalg.lstsq(terms, got.ravel(), rcond=None)[0]
        if not agree(terms @ solved, got.ravel()):
            return ()
        if np.linalg.matrix_rank(terms) == terms.shape[1]:  # else the terms cannot be told apart
            times[index] = solved
    found = []
    for part, factors in zip(problem.parts, times.T, strict=True):
        telling = np.isfinite(factors)
        if telling.sum() < 2:
            return ()
        if not np.allclose(factors[telling], 1, atol=1e-6):
            factor = named_factor(problem, factors)
            if not factor:
                return ()
            found.append(Found(PARTS.get(factor, "part-off"), {"part": part, "factor": factor}))
    return tuple(found[:2]) if len(found) <= 2 else ()


def pairs(problem: Problem, slips: Sequence[Slip]) -> Iterator[tuple[Found, ...]]:
    """Give two misconceptions that together explain all results.

    One of them has a name of its own: two formulas together would explain too much, and say too little.
    """
    for first in (slip for slip in slips if len(slip.found) == 1 and slip.found[0].misconception not in FORMULAS):
        others = named_slips(first, problem)
        yield from ((*first.found, *other.found) for other in others if problem.shown_by(other.function))
        factor = factor_between(problem, [value_of(first.function, case) for case in problem.cases])
        if factor in SIMPLE and not (factor in ("m", "1 / m") and first.found[0].misconception.startswith("m-")):
            yield *first.found, factor_found(factor, sentence("apart_from_that"))
        changed = result_slips(first.function, sentence("right_but_for_that"), PAIRED)
        yield from ((*first.found, *other.found) for other in changed if problem.shown_by(other.function))


def named_slips(first: Slip, problem: Problem) -> Iterator[Slip]:
    """Give the slips of another argument that have names of their own."""
    for slip in argument_slips(first.function, problem.names, problem.cases):
        is_other = first.position is None or first.position != slip.position
        if is_other and slip.found[0].misconception not in FORMULAS:
            yield slip


SIMPLE = ("2", "1 / 2", "m", "1 / m")  # factors that are one slip, and likely beside another one
# What is done to a result beside another mistake; roots and means would explain too much.
PAIRED = ["-right", "right.T", "right.sum()", "right.sum(axis=0)", "right.sum(axis=1)", "np.tanh(right)"]
PAIRED += ["1 / (1 + np.exp(-right))", "np.maximum(right, 0)", *(f"np.round(right, {digits})" for digits in (1, 2, 3))]
PARTS = {"0": "part-missing", "-1": "part-sign"}
