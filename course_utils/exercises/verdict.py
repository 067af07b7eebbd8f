"""What a check says of an answer, as text and as HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from textwrap import indent
from typing import Any

import numpy as np

from course_utils.exercises.highlight import LISTED, listing
from course_utils.texts import marked, sentence, side_by_side, texts

__all__ = ["DONE", "NOT_ATTEMPTED", "NOT_YET", "Case", "Verdict", "Words", "named", "said", "shown_value"]

Case = tuple[tuple[str, Any], ...]  # what was given, expected and got, each with its name

DONE, NOT_YET, NOT_ATTEMPTED = "done", "not yet", "not attempted yet"  # in English; shown in the reader's language
MARKS = {DONE: ("✓", "#009E73"), NOT_YET: ("✗", "#D55E00"), NOT_ATTEMPTED: ("○", "#8C8C8C")}  # never colour alone
ENTRIES = 60  # of an array; a larger one is shown by its shape and first entries
CHARACTERS = 400  # of any other value
WIDE = re.compile("[\u4e00-\u9fff]$")  # a Chinese name, whose colon is full-width


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
        Its id, which readers do not see.
    hint, second_hint : str
        How to go on, for those who ask.
    solution : str
        Code, for those who have tried.
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
    solution: str = ""
    printed: str = ""
    progress: str = ""

    def rows(self) -> list[tuple[str, str]]:
        """Return what stands below the message, each line with its name, in which backticks mark code."""
        printed = [("your code printed", self.printed)] if self.printed else []
        return [(label(name), shown_value(value)) for name, value in (*self.case, *printed)]

    def lines(self) -> list[str]:
        """Return the rows as text."""
        return [hung(name.replace("`", ""), value) for name, value in self.rows()]

    def heading(self) -> str:
        """Return the exercise and its outcome."""
        return sentence("heading", exercise=self.exercise, outcome=texts()["outcomes"][self.outcome])

    def __str__(self) -> str:
        lines = self.lines()
        if self.hint:
            lines += [sentence("hint_in_text", hint=self.hint), sentence("more_in_text", exercise=self.exercise)]
        lines += [self.progress] if self.progress else []
        return "\n".join([side_by_side(self.heading(), self.message), *(indent(line, "    ") for line in lines)])

    def __repr__(self) -> str:
        return str(self)  # what a notebook keeps as plain text

    def _repr_html_(self) -> str:
        mark, colour = MARKS[self.outcome]
        cells = "".join(
            f"<tr><th scope='row' style='text-align:left; vertical-align:top'>{marked(name)}</th>"
            f"<td style='text-align:left'>{cell(value)}</td></tr>"
            for name, value in self.rows()
        )
        return (
            f"<div role='status' style='border-left:4px solid {colour}; padding:2px 10px'>"
            f"<b><span aria-hidden='true' style='color:{colour}'>{mark}</span> {escape(self.heading())}</b>"
            + " " * (not self.heading().endswith("。"))
            + marked(self.message)
            + (f"<table style='margin:4px 0'><tbody>{cells}</tbody></table>" if cells else "")
            + fold_out(sentence("hint"), marked(self.hint))
            + fold_out(sentence("second_hint"), marked(self.second_hint))
            + fold_out(sentence("solution"), listing(self.solution) if self.solution else "")
            + (f"<div style='opacity:0.75'>{escape(self.progress)}</div>" if self.progress else "")
            + "</div>"
        )


class Words(str):
    """A value of a case that is prose, in which backticks mark code."""

    __slots__ = ()


def said(value: str, /, **parts: Any) -> str:
    """Return a value of a case that is no code, such as "all 1", in the reader's language; fields are filled in."""
    return sentence(value, "values", **parts)


def named(row: str, /, **parts: Any) -> str:
    """Return the name of a row that has fields, such as "{name} expected", in the reader's language."""
    return sentence(row, "labels", **parts)


def label(name: str) -> str:
    """Return the name of a row in the reader's language; names of arguments are code."""
    labels, parts = texts()["labels"], name.split(", ")
    if name not in labels and all(part.isidentifier() for part in parts):
        return ", ".join(f"`{part}`" for part in parts)
    return labels.get(name, name)


def hung(name: str, text: str) -> str:
    """Return a text behind its name, further lines below the first."""
    colon = "：" if WIDE.search(name) else ": "
    return f"{name}{colon}{text}".replace("\n", "\n" + " " * (len(name) + 2))


def cell(value: str) -> str:
    """Return what stands in a cell of the table."""
    if isinstance(value, Words):
        return marked(value)
    return f"<pre style='margin:0; {LISTED}'>{escape(value)}</pre>"


def fold_out(title: str, inside: str) -> str:
    """Return what opens at a click or a key, without a kernel; nothing where there is nothing inside."""
    summary = f"<summary style='cursor:pointer'>{escape(title)}</summary>"
    return f"<details>{summary}{inside}</details>" if inside else ""


def shown_value(value: Any) -> str:
    """Return a value as short text."""
    if isinstance(value, Words):
        return value
    if isinstance(value, np.ndarray):
        if value.size > ENTRIES:
            first = np.array2string(value.ravel()[:6], precision=3, suppress_small=True, separator=" ")
            return sentence("array", shape=value.shape, first=first)
        small = value.dtype.kind == "f" and 0 < np.abs(value).max(initial=0) < 0.01
        return np.array2string(value, precision=3, suppress_small=not small)
    if isinstance(value, dict) and value:
        return "\n".join(hung(str(key), shown_value(one)) for key, one in value.items())
    if isinstance(value, float):
        return f"{value:.6g}"
    try:
        text = str(value)
    except Exception:  # an answer's own object, or a number of too many digits
        text = sentence("value", type=type(value).__name__)
    return text if len(text) <= CHARACTERS else text[:CHARACTERS] + " …"
