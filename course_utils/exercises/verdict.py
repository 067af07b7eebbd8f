"""What a check says of an answer, as text and as HTML."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

__all__ = ["DONE", "NOT_ATTEMPTED", "NOT_YET", "Case", "Verdict", "shown_value"]

Case = tuple[tuple[str, Any], ...]  # what was given, expected and got, each with its name

DONE, NOT_YET, NOT_ATTEMPTED = "done", "not yet", "not attempted yet"
MARKS = {DONE: ("✓", "#009E73"), NOT_YET: ("✗", "#D55E00"), NOT_ATTEMPTED: ("○", "#8C8C8C")}  # never colour alone


@dataclass(frozen=True)
class Verdict:
    """Done, not yet or not attempted, and why.

    Parameters
    ----------
    exercise : str
        Its name.
    outcome : str
        One of ``DONE``, ``NOT_YET`` and ``NOT_ATTEMPTED``.
    message : str
        What was verified, or what is wrong and how to mend it.
    case : pairs of name and value
        The smallest case that shows it.
    printed : str
        What the answer printed.
    progress : str
        How far the chapter is done.
    """

    exercise: str
    outcome: str
    message: str
    case: Case = ()
    printed: str = ""
    progress: str = ""

    def __str__(self) -> str:
        lines = [f"{self.exercise}: {self.outcome}. {self.message}"]
        indented = [(name, shown_value(value).replace("\n", "\n" + " " * (len(name) + 6))) for name, value in self.case]
        lines += [f"    {name}: {value}" for name, value in indented]
        lines += [f"    your code printed: {self.printed}"] if self.printed else []
        lines += [f"    {self.progress}"] if self.progress else []
        return "\n".join(lines)

    def __repr__(self) -> str:
        return str(self)  # what a notebook keeps as plain text

    def _repr_html_(self) -> str:
        mark, colour = MARKS[self.outcome]
        rows = [(name, shown_value(value)) for name, value in self.case]
        rows += [("your code printed", self.printed)] if self.printed else []
        cells = "".join(
            f"<tr><th style='text-align:left'>{escape(name)}</th>"
            f"<td style='text-align:left'><pre style='margin:0'>{escape(value)}</pre></td></tr>"
            for name, value in rows
        )
        return (
            f"<div role='status' style='border-left:4px solid {colour}; padding:2px 10px'>"
            f"<b><span aria-hidden='true' style='color:{colour}'>{mark}</span> {escape(self.exercise)}: {self.outcome}."
            f"</b> {escape(self.message)}"
            + (f"<table style='margin:4px 0'>{cells}</table>" if rows else "")
            + (f"<div style='opacity:0.75'>{escape(self.progress)}</div>" if self.progress else "")
            + "</div>"
        )


def shown_value(value: Any) -> str:
    """Return a value as short text."""
    return np.array2string(value, precision=3, suppress_small=True) if isinstance(value, np.ndarray) else str(value)
