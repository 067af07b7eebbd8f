"""A mistake in an answer: the misconceptions it shows, with the smallest case that shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from course_utils.exercises.verdict import Case

__all__ = ["Found", "Mistake", "require"]


@dataclass(frozen=True)
class Found:
    """A misconception's id, as in the files of beliefs, and what fills the gaps of its texts."""

    misconception: str
    words: Mapping[str, str] = field(default_factory=dict)


class Mistake(Exception):
    """What is wrong with an answer: one misconception or two, and named values of a case."""

    def __init__(self, misconception: str, case: Case = (), *more: Found, **words: str) -> None:
        super().__init__(misconception)
        self.found, self.case = (Found(misconception, words), *more), case

    @property
    def misconception(self) -> str:
        """Return the ids of all that was found, as one."""
        return " + ".join(one.misconception for one in self.found)


def require(condition: Any, misconception: str, *case: tuple[str, Any], **words: str) -> None:
    """Raise :class:`Mistake` with the misconception of this id and the case unless ``condition`` holds."""
    if not condition:
        raise Mistake(misconception, case, **words)
