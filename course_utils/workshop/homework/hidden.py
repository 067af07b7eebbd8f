"""What the hidden tests of an assignment call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from course_utils.exercises.check import examined, known
from course_utils.exercises.verdict import DONE, Verdict
from course_utils.texts import sentence, side_by_side

__all__ = ["NotDone", "require_done"]


class NotDone(AssertionError):
    """An answer that is not right; its text names the misconception and gives a hint."""


def require_done(name: str, answer: Callable[..., Any], seeds: Sequence[int]) -> None:
    """Check an answer as the chapter does, for cases drawn with each of ``seeds``.

    Raises
    ------
    NotDone
        With the first seed that shows a mistake.
    """
    for seed in seeds:
        verdict = examined(known(name), answer, seed)
        if verdict.outcome != DONE:
            raise NotDone(feedback(verdict))


def feedback(verdict: Verdict) -> str:
    """Return what the student gets to read; the misconception's id stands in brackets at the end."""
    lines = [side_by_side(verdict.heading(), verdict.message), *verdict.lines()]
    lines += [side_by_side(sentence("hint", "homework"), verdict.hint)] if verdict.hint else []
    return "\n".join([*lines, f"[{verdict.misconception or 'not-attempted'}]"])
