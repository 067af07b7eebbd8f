"""``check(name, answer)``: done, not yet with the mistake named, or not attempted."""

from __future__ import annotations

import sys
import sysconfig
import traceback
from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from course_utils.exercises import dropout_theory, l2_backprop, numpy_dropout, pytorch_dropout
from course_utils.exercises.limits import MEMORY, SECONDS, Stopped, run_limited
from course_utils.exercises.mistake import Mistake
from course_utils.exercises.verdict import DONE, NOT_ATTEMPTED, NOT_YET, Verdict

__all__ = ["check"]

# Where code lies that the learner did not write, and whose lines say nothing to them.
OTHERS = (str(Path(__file__).parents[1]), *(sysconfig.get_paths()[kind] for kind in ("stdlib", "purelib", "platlib")))
PRINTED = 200  # characters shown of what an answer prints, which may be called many times
CHAPTERS = {
    "01": dropout_theory.CHECKS,
    "02": numpy_dropout.CHECKS,
    "03": l2_backprop.CHECKS,
    "04": pytorch_dropout.CHECKS,
}
CHECKS = {name: examine for checks in CHAPTERS.values() for name, examine in checks.items()}
OUTCOMES: dict[str, str] = {}  # of each exercise that was checked since the kernel started


def check(name: str, answer: Callable[..., Any]) -> None:
    """Show what a learner's ``answer`` to exercise ``name`` does right or wrong; never raise because of it.

    Raises
    ------
    ValueError
        For an exercise that does not exist.
    """
    if name not in CHECKS:
        close = get_close_matches(str(name), CHECKS, n=1, cutoff=0.5)
        raise ValueError(f"name must be that of an exercise, got {name!r}" + "".join(f"; is it {n!r}?" for n in close))
    verdict = examined(name, answer)
    OUTCOMES[name] = verdict.outcome
    show(replace(verdict, progress=progress(name)))


def examined(name: str, answer: Callable[..., Any]) -> Verdict:
    """Return the verdict on an answer."""
    if not callable(answer):
        return Verdict(name, NOT_YET, f"The answer must be a function, got {type(answer).__name__}.")
    run = run_limited(lambda: CHECKS[name](answer))
    if run.error is None:
        verdict = Verdict(name, DONE, f"Verified: {run.value}.")
    elif isinstance(run.error, NotImplementedError):
        words = "Replace the line with NotImplementedError by your code and run the cell again."
        verdict = Verdict(name, NOT_ATTEMPTED, words)
    elif isinstance(run.error, Mistake):
        verdict = Verdict(name, NOT_YET, run.error.message, run.error.case)
    else:
        verdict = Verdict(name, NOT_YET, words_for(run.error))
    return replace(verdict, printed=run.printed.strip()[:PRINTED])


def words_for(error: BaseException) -> str:
    """Return what an error means to the learner; whatever their code raises is an answer to be read."""
    match error:
        case Stopped():
            return f"Your code was stopped after {SECONDS:g} seconds: is there a loop that does not end?"
        case MemoryError():
            return f"Your code asked for more than {MEMORY / 2**30:g} GB of memory: look at the shapes it makes."
        case RecursionError():
            return "Your function calls itself again and again, without an end."
        case SystemExit():
            return "Your code calls exit(), which ends the whole program: use return."
    frames = traceback.extract_tb(error.__traceback__)
    line = next((frame for frame in reversed(frames) if not frame.filename.startswith(OTHERS)), frames[-1])
    return f"Your code raised {type(error).__name__}: {error} (at: {line.line})"


def progress(name: str) -> str:
    """Return how much of the exercise's chapter is done."""
    chapter, checks = next((chapter, checks) for chapter, checks in CHAPTERS.items() if name in checks)
    done = [OUTCOMES.get(other) == DONE for other in checks]
    return f"chapter {chapter}: {''.join('●' if one else '○' for one in done)} {sum(done)} of {len(done)} done"


def show(verdict: Verdict) -> None:
    """Show a verdict as HTML in a notebook, elsewhere as text."""
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        ipython.display.display(verdict)
    else:
        print(verdict)
