"""Two checkers that say whether an answer is right: the course's, and a comparison with a stored result.

Most courses compare what an answer gives in one case with an array that was stored beside the exercise. `Stored` does
so, with the cases that the course's own check draws; so it sees as good cases as that, but only the results.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from course_utils.exercises.check import EXERCISES, examined
from course_utils.exercises.exercise import Exercise
from course_utils.exercises.limits import run_limited
from course_utils.exercises.verdict import DONE

SEED = 0  # of the cases whose results are stored
PATIENCE = 4  # times as long as a learner's answer has, since two checks run at once


@dataclass(frozen=True)
class Said:
    """What a checker says of an answer: whether it is right, and which misconceptions a wrong one shows."""

    right: bool
    misconceptions: tuple[str, ...] = ()


def ours(exercise: str, answer: Any, seed: int = SEED) -> Said:
    """Return what the course's check says, with cases drawn for a seed."""
    verdict = examined(_patient(exercise), answer, seed)
    named = verdict.misconception.split(" + ") if verdict.misconception else [verdict.outcome]
    return Said(True) if verdict.outcome == DONE else Said(False, tuple(named))


@dataclass(frozen=True)
class Stored:
    """The results of a solution in all cases of a check, and which of them is compared.

    Parameters
    ----------
    exercise : str
    results : list
        What the solution gave, call by call, or the error by which it refused to give anything.
    numbers : list
        The same as lists of arrays; None for a refusal, which no array can be compared with.
    """

    exercise: str
    results: list[Any]
    numbers: list[list[Any] | None]

    @property
    def case(self) -> int:
        """The case with the most numbers in its result; of equal ones that in the middle, which is rarely an edge."""
        sizes = [sum(array.size for array in arrays or ()) for arrays in self.numbers]
        most = [place for place, size in enumerate(sizes) if size == max(sizes)]
        return most[len(most) // 2]

    def agreement(self, answer: Any) -> list[bool]:
        """Return for each case whether an answer gives what is stored; a refusal is not looked for.

        The check that draws the cases is always told the stored result, so that all answers get the same cases.
        """
        agree: list[bool] = []

        def compared(*given: Any, **named: Any) -> Any:
            result, expected = self.results[len(agree)], self.numbers[len(agree)]
            if expected is None:
                agree.append(True)
                raise result
            try:
                agree.append(_alike(arrays_of(answer(*_own(given), **named)), expected))
            except Exception:
                agree.append(False)
            return copy.deepcopy(result)

        _run(self.exercise, compared)
        return agree

    def one(self, agree: Sequence[bool]) -> bool:
        """Return what a comparison in the one stored case says."""
        return len(agree) > self.case and agree[self.case]

    def every(self, agree: Sequence[bool]) -> bool:
        """Return what a comparison in every case says, in which the solution was called."""
        return len(agree) == len(self.results) and all(agree)


def stored(exercise: str, solution: Any) -> Stored | None:
    """Store the results of a solution; None where they are no numbers, so that there is nothing to compare."""
    if isinstance(solution, type):
        return None
    results: list[Any] = []

    @functools.wraps(solution)
    def recorded(*given: Any, **named: Any) -> Any:
        try:
            result = solution(*_own(given), **named)
        except Exception as error:
            results.append(error)
            raise
        results.append(copy.deepcopy(result) if arrays_of(result) is not None else result)
        return result

    _run(exercise, recorded)
    numbers = [arrays_of(result) for result in results]
    given = [result for result, arrays in zip(results, numbers, strict=True) if arrays is None]
    return Stored(exercise, results, numbers) if any(numbers) and all(map(_is_error, given)) else None


def arrays_of(value: Any) -> list[Any] | None:
    """Return the numbers in a result as arrays, those of a dict by the order of its keys; None where there are none."""
    if isinstance(value, Mapping):
        value = [value[key] for key in sorted(value, key=str)]
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    if isinstance(value, int | float | np.number | np.bool_ | np.ndarray):
        array = np.array(value)
        return [array] if array.dtype.kind in "fiub" else None
    if isinstance(value, list | tuple):
        parts = [part for part in map(arrays_of, value) if part is not None]
        arrays = [array for part in parts for array in part]
        if not parts or len(parts) < len(value):
            return None
        scalars = all(len(part) == 1 for part in parts) and all(array.ndim == 0 for array in arrays)
        return [np.array(arrays)] if scalars else arrays
    return None


def _is_error(result: Any) -> bool:
    return isinstance(result, Exception)


def _alike(got: list[Any] | None, expected: list[Any]) -> bool:
    if got is None or len(got) != len(expected):
        return False
    pairs = list(zip(got, expected, strict=True))
    return all(a.shape == b.shape for a, b in pairs) and all(np.allclose(a, b, equal_nan=True) for a, b in pairs)


def _own(given: tuple[Any, ...]) -> list[Any]:
    """Return arguments that an answer may change; what is called or drawn from stays the same."""
    return [one if callable(one) or isinstance(one, np.random.Generator) else copy.deepcopy(one) for one in given]


def _run(exercise: str, answer: Callable[..., Any]) -> None:
    """Let the check of an exercise call an answer in its cases; whatever it finds is of no interest here."""
    patient = _patient(exercise)
    run_limited(lambda: patient.examine(answer, np.random.default_rng(SEED)), seconds=patient.seconds)


def _patient(exercise: str) -> Exercise:
    """Return an exercise with more time for its check: a busy machine must not count as a mistake."""
    return replace(EXERCISES[exercise], seconds=PATIENCE * EXERCISES[exercise].seconds)
