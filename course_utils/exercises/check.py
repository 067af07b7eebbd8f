"""``check(name, answer)``: done, not yet with the mistake named, or not attempted; hints and solutions on request."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

import numpy as np

from course_utils.exercises import (
    bug_clinic,
    dropout_theory,
    l2_backprop,
    numpy_dropout,
    pytorch_dropout,
    regularization_today,
)
from course_utils.exercises.exercise import Exercise
from course_utils.exercises.failed_cells import FailedCells
from course_utils.exercises.limits import run_limited
from course_utils.exercises.mistake import Found, Mistake
from course_utils.exercises.raised import is_stub, mistake_of
from course_utils.exercises.solutions import solution_text
from course_utils.exercises.verdict import DONE, NOT_ATTEMPTED, NOT_YET, Verdict
from course_utils.terminal import running_shell, say, show
from course_utils.texts import sentence, side_by_side, texts

__all__ = ["check", "hint", "solution"]

PRINTED = 200  # characters shown of what an answer prints, which may be called many times
CHAPTERS: dict[str, tuple[Exercise, ...]] = {
    "01": dropout_theory.EXERCISES,
    "02": numpy_dropout.EXERCISES,
    "03": l2_backprop.EXERCISES,
    "04": pytorch_dropout.EXERCISES,
    "05": bug_clinic.EXERCISES,
    "06": regularization_today.EXERCISES,
}
EXERCISES = {exercise.name: exercise for exercises in CHAPTERS.values() for exercise in exercises}
LAST: dict[str, Verdict] = {}  # of each exercise that was checked since the kernel started
TRIED: set[str] = set()  # exercises with an answer that was more than a beginning
NO_TRY = ("not-a-function", "returns-none", "cell-failed")  # mistakes of answers that are hardly begun
CELLS = FailedCells(shell) if (shell := running_shell()) is not None else None


def check(name: str, answer: Callable[..., Any]) -> None:
    """Show what a learner's ``answer`` to exercise ``name`` does right or wrong; never raise because of it.

    Raises
    ------
    ValueError
        For an exercise that does not exist.
    """
    exercise, failed = known(name), CELLS.mistake(answer) if CELLS is not None else None
    verdict = not_yet(name, failed) if failed is not None else examined(exercise, answer)
    LAST[name] = verdict
    if verdict.outcome != NOT_ATTEMPTED and verdict.misconception not in NO_TRY:
        TRIED.add(name)
    code = solution_text(name) if verdict.outcome == NOT_YET and name in TRIED else ""
    show(replace(verdict, progress=progress(name), solution=code))


def hint(name: str) -> None:
    """Print a second hint for the mistake that the last check of exercise ``name`` found, else a first one.

    Raises
    ------
    ValueError
        For an exercise that does not exist.
    """
    known(name)
    last = LAST.get(name)
    if last is None or last.outcome == NOT_ATTEMPTED:
        say(f"{name}: {texts()[name]['hint']}")
    elif last.outcome == DONE:
        say(sentence("no_hint", exercise=name))
    else:
        say(f"{name}: {last.second_hint}")


def solution(name: str) -> None:
    """Print a solution of exercise ``name``, once an answer was tried; one that fails counts, one without a result not.

    Raises
    ------
    ValueError
        For an exercise that does not exist.
    """
    known(name)
    if name not in TRIED:
        say(sentence("not_tried", exercise=name))
    else:
        say(solution_text(name))


def known(name: str) -> Exercise:
    """Return the exercise of a name, or say which one is nearest."""
    if name not in EXERCISES:
        close = get_close_matches(str(name), EXERCISES, n=1, cutoff=0.5)
        raise ValueError(f"name must be that of an exercise, got {name!r}" + "".join(f"; is it {n!r}?" for n in close))
    return EXERCISES[name]


def examined(exercise: Exercise, answer: Any, seed: int = 0) -> Verdict:
    """Return the verdict on an answer, for cases drawn with ``seed``."""
    name, words = exercise.name, texts()  # read before the run, whose memory and time are limited
    if not callable(answer):
        return not_yet(name, Mistake("not-a-function", (("got", type(answer).__name__),)))
    run = run_limited(lambda: exercise.examine(answer, np.random.default_rng(seed)), seconds=exercise.seconds)
    if run.error is None:
        verdict = Verdict(name, DONE, sentence("verified", verified=words[name]["verified"]))
    elif is_stub(run.error):
        verdict = Verdict(name, NOT_ATTEMPTED, sentence("not_begun"))
    else:
        mistake = mistake_of(run.error)
        if mistake.misconception == "endless-loop":
            mistake = Mistake("endless-loop", seconds=f"{exercise.seconds:g}")
        verdict = not_yet(name, mistake)
    return replace(verdict, printed=run.printed.strip()[:PRINTED])


def not_yet(name: str, mistake: Mistake) -> Verdict:
    """Return the verdict that names a mistake; one without a name gets the exercise's own hints."""
    messages = [filled("message", one) for one in mistake.found]
    message = messages[0] if len(messages) == 1 else sentence("two_things", first=messages[0], second=messages[1])
    if mistake.misconception == "wrong-value":
        hints = [texts()[name][key] for key in ("hint", "second_hint")]
    else:
        texts_of = {key: dict.fromkeys(filled(key, one) for one in mistake.found) for key in ("hint", "second_hint")}
        hints = [side_by_side(*each) for each in texts_of.values()]  # one for both is said once
    return Verdict(name, NOT_YET, message, mistake.case, mistake.misconception, *hints)


def filled(key: str, found: Found) -> str:
    """Return a text of a misconception, with its gaps filled; other braces are those of code."""
    text = texts()[found.misconception][key]
    return re.sub(r"{(\w+)}", lambda gap: found.words.get(gap[1], gap[0]), text)


def progress(name: str) -> str:
    """Return how much of the exercise's chapter is done."""
    chapter, names = next(
        (chapter, names)
        for chapter, exercises in CHAPTERS.items()
        if name in (names := [exercise.name for exercise in exercises])
    )
    done = [other in LAST and LAST[other].outcome == DONE for other in names]
    dots = "".join("●" if one else "○" for one in done)
    return sentence("progress", chapter=chapter, dots=dots, done=sum(done), all=len(done))
