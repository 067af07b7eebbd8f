"""``check(name, answer)``: done, not yet with the mistake named, or not attempted."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from course_utils.exercises import dropout_theory, l2_backprop, numpy_dropout, pytorch_dropout
from course_utils.exercises.limits import MEMORY, SECONDS, Stopped, run_limited
from course_utils.exercises.mistake import Mistake

__all__ = ["check"]

PRINTED = 200  # characters shown of what an answer prints, which may be called many times
CHECKS = {**dropout_theory.CHECKS, **numpy_dropout.CHECKS, **l2_backprop.CHECKS, **pytorch_dropout.CHECKS}


def check(name: str, answer: Callable[..., Any]) -> None:
    """Print what a learner's ``answer`` to exercise ``name`` does right or wrong; never raise because of it.

    Raises
    ------
    ValueError
        For an exercise that does not exist.
    """
    if name not in CHECKS:
        close = get_close_matches(str(name), CHECKS, n=1, cutoff=0.5)
        raise ValueError(f"name must be that of an exercise, got {name!r}" + "".join(f"; is it {n!r}?" for n in close))
    print(f"{name}: {verdict(CHECKS[name], answer)}")


def verdict(examine: Callable[[Callable[..., Any]], str], answer: Callable[..., Any]) -> str:
    """Return the text for an answer."""
    if not callable(answer):
        return f"not yet. The answer must be a function, got {type(answer).__name__}."
    run = run_limited(lambda: examine(answer))
    text = f"done. Verified: {run.value}." if run.error is None else words_for(run.error)
    printed = run.printed.strip()[:PRINTED]
    return text + (f"\n    your code printed: {printed}" if printed else "")


def words_for(error: BaseException) -> str:
    """Return what an error means to the learner; whatever their code raises is an answer to be read."""
    match error:
        case NotImplementedError():
            return "not attempted yet. Replace the line with NotImplementedError by your code and run the cell again."
        case Mistake():
            return f"not yet. {error}"
        case Stopped():
            return f"not yet. Your code was stopped after {SECONDS:g} seconds: is there a loop that does not end?"
        case MemoryError():
            return f"not yet. Your code asked for more than {MEMORY / 2**30:g} GB of memory: look at its shapes."
        case RecursionError():
            return "not yet. Your function calls itself again and again, without an end."
        case SystemExit():
            return "not yet. Your code calls exit(), which ends the whole program: use return."
    line = traceback.extract_tb(error.__traceback__)[-1]
    return f"not yet. Your code raised {type(error).__name__}: {error} (at: {line.line})"
