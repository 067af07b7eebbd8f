"""A mistake in an answer: the misconception it shows, with the smallest case that shows it."""

from __future__ import annotations

from typing import Any

from course_utils.exercises.verdict import Case

__all__ = ["Mistake", "require"]


class Mistake(Exception):
    """What is wrong with an answer: a misconception's id, as in the files of beliefs, and named values of a case."""

    def __init__(self, misconception: str, case: Case = ()) -> None:
        super().__init__(misconception)
        self.misconception, self.case = misconception, case


def require(condition: Any, misconception: str, *case: tuple[str, Any]) -> None:
    """Raise :class:`Mistake` with the misconception of this id and the case unless ``condition`` holds."""
    if not condition:
        raise Mistake(misconception, case)
