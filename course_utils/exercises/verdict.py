"""What a check says of an answer, as text and as HTML."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from course_utils.texts import sentence, texts

__all__ = ["DONE", "NOT_ATTEMPTED", "NOT_YET", "Case", "Verdict", "shown_value"]

Case = tuple[tuple[str, Any], ...]  # what was given, expected and got, each with its name

DONE, NOT_YET, NOT_ATTEMPTED = "done", "not yet", "not attempted yet"  # in English; shown in the reader's language
MARKS = {DONE: ("✓", "#009E73"), NOT_YET: ("✗", "#D55E00"), NOT_ATTEMPTED: ("○", "#8C8C8C")}  # never colour alone
ENTRIES = 60  # of an array; a larger one is shown by its shape and first entries
CHARACTERS = 400  # of any other value


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
        What was verified, or what is wrong.
    case : pairs of name and value
        The smallest case that shows it.
    misconception : str
        Its id.
    hint, second_hint : str
        How to go on; the second is shown to those who ask.
    printed : str
        What the answer printed.
    progress : str
        How far the chapter is done.
    """

    exercise: str
    outcome: str
    message: str
    case: Case = ()
    misconception: str = ""
    hint: str = ""
    second_hint: str = ""
    printed: str = ""
    progress: str = ""

    def rows(self) -> list[tuple[str, str]]:
        """Return what stands below the message, each line with its name."""
        rows = [(name, shown_value(value)) for name, value in self.case]
        rows += [("your code printed", self.printed)] if self.printed else []
        labels = texts()["labels"]
        return [(labels.get(name, name), value) for name, value in rows]

    def heading(self) -> str:
        """Return the exercise and its outcome."""
        return sentence("heading", exercise=self.exercise, outcome=texts()["outcomes"][self.outcome])

    def __str__(self) -> str:
        lines = [f"{self.heading()} {self.message}"]
        lines += [f"    {name}: {value}".replace("\n", "\n" + " " * (len(name) + 6)) for name, value in self.rows()]
        if self.hint:
            lines += ["    " + sentence("hint_in_text", hint=self.hint)]
            lines += ["    " + sentence("more_in_text", exercise=self.exercise, misconception=self.misconception)]
        lines += [f"    {self.progress}"] if self.progress else []
        return "\n".join(lines)

    def __repr__(self) -> str:
        return str(self)  # what a notebook keeps as plain text

    def _repr_html_(self) -> str:
        mark, colour = MARKS[self.outcome]
        cells = "".join(
            f"<tr><th style='text-align:left; vertical-align:top'>{escape(name)}</th>"
            f"<td style='text-align:left'><pre style='margin:0; background:none'>{escape(value)}</pre></td></tr>"
            for name, value in self.rows()
        )
        hints = (
            f"<div><b>{escape(sentence('hint'))}</b> {escape(self.hint)}</div>"
            f"<details><summary>{escape(sentence('second_hint'))}</summary>{escape(self.second_hint)}</details>"
        )
        return (
            f"<div role='status' style='border-left:4px solid {colour}; padding:2px 10px'>"
            f"<b><span aria-hidden='true' style='color:{colour}'>{mark}</span> {escape(self.heading())}</b> "
            + escape(self.message)
            + (f"<table style='margin:4px 0'><tbody>{cells}</tbody></table>" if cells else "")
            + (hints if self.hint else "")
            + (f"<div style='opacity:0.75'>{escape(self.footer())}</div>" if self.footer() else "")
            + "</div>"
        )

    def footer(self) -> str:
        """Return the small print: progress, where a solution is to be had, and the misconception's id."""
        solution = sentence("solution", exercise=self.exercise, misconception=self.misconception) if self.hint else ""
        return " · ".join(part for part in (self.progress, solution) if part)


def shown_value(value: Any) -> str:
    """Return a value as short text."""
    if isinstance(value, np.ndarray):
        if value.size > ENTRIES:
            first = np.array2string(value.ravel()[:6], precision=3, suppress_small=True, separator=" ")
            return sentence("array", shape=value.shape, first=first)
        small = value.dtype.kind == "f" and 0 < np.abs(value).max(initial=0) < 0.01
        return np.array2string(value, precision=3, suppress_small=not small)
    if isinstance(value, dict) and value:
        rows = [(str(key), shown_value(one)) for key, one in value.items()]
        return "\n".join(f"{key}: {text}".replace("\n", "\n" + " " * (len(key) + 2)) for key, text in rows)
    if isinstance(value, float):
        return f"{value:.6g}"
    try:
        text = str(value)
    except Exception:  # an answer's own object, or a number of too many digits
        text = sentence("value", type=type(value).__name__)
    return text if len(text) <= CHARACTERS else text[:CHARACTERS] + " …"
