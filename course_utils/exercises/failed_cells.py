"""Cells of a notebook that failed before they had defined what they should: the function before it still stands."""

from __future__ import annotations

import re
import traceback
from typing import Any

from course_utils.exercises.mistake import Mistake
from course_utils.exercises.raised import is_the_learners, words
from course_utils.texts import sentence

__all__ = ["FailedCells"]

# What a cell defines at its left margin. No parser is asked, since it has no answer where the syntax is wrong.
DEFINES = re.compile(r"^(?:async +)?(?:def|class) +(\w+)|^(\w+) *(?::[^=\n]*)?=(?!=)", re.MULTILINE)


class FailedCells:
    """Remembers of each name whether the last cell to define it failed before it did.

    Parameters
    ----------
    shell : IPython's shell
        Whose cells are watched from now on.
    """

    def __init__(self, shell: Any) -> None:
        self.space: dict[str, Any] = shell.user_ns
        self.before: dict[str, Any] = {}
        self.failures: dict[str, tuple[Any, Mistake]] = {}  # what was left standing, and what to say of it
        shell.events.register("pre_run_cell", self.begin)
        shell.events.register("post_run_cell", self.end)

    def begin(self, info: Any) -> None:
        """Look what stands under the names that a cell will define; only what check can be asked about counts."""
        names = [function or variable for function, variable in DEFINES.findall(info.raw_cell)]
        self.before = {name: self.space[name] for name in names if callable(self.space.get(name))}

    def end(self, result: Any) -> None:
        """Look which of them the cell has left as they were, by failing."""
        error = result.error_before_exec or result.error_in_exec
        for name, stands in self.before.items():
            self.failures.pop(name, None)
            if error is not None and self.space.get(name) is stands:
                self.failures[name] = stands, cell_failed(error, result.info.raw_cell)
        self.before = {}

    def mistake(self, answer: Any) -> Mistake | None:
        """Return what to say of an answer whose cell has failed since; nothing of others."""
        return next((mistake for stands, mistake in self.failures.values() if stands is answer), None)


def cell_failed(error: BaseException, cell: str) -> Mistake:
    """Return the mistake of a cell that failed, with the error and the line of the cell where it happened."""
    if isinstance(error, SyntaxError):
        number, what = error.lineno, f"{type(error).__name__}: {error.msg}"  # the rest names a file that nobody wrote
    else:
        frames = traceback.extract_tb(error.__traceback__)
        number, what = next((frame.lineno for frame in frames if is_the_learners(frame)), None), words(error)
    lines = dict(enumerate(cell.splitlines(), start=1))
    line = ((sentence("line", line=number), lines[number].strip()),) if number in lines else ()
    return Mistake("cell-failed", (("error", what), *line))
