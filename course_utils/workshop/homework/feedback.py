"""What a student gets back, as a page of text, and what an instructor gets, as a table."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from nbformat import NotebookNode

from course_utils.workshop.homework.assignment import CHECK
from course_utils.workshop.homework.grading import Graded, Mark, is_graded, spoken

__all__ = ["Reading", "page", "table", "titles"]

STYLE = """
:root { color-scheme: light dark; }
body { font-family: sans-serif; line-height: 1.4; max-width: 50em; margin: 1em auto; padding: 0 1em; }
section { border-top: 1px solid #8888; margin-top: 1em; }
section > p:first-child { float: right; margin: .8em 0 0 1em; }
h2 { font-size: 1.05em; margin: .8em 0 .3em; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; font-size: .95em; }
"""
CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Reading:
    """What somebody who read a text gave for it."""

    score: float | None
    comment: str = ""


Readings = Mapping[str, Reading]  # by cell


def titles(ours: NotebookNode) -> dict[str, str]:
    """Return what each graded cell is about: the exercises of a check, or the question before a text."""
    found, before = {}, ""
    for cell in ours.cells:
        if is_graded(cell):
            names = ", ".join(name for name, _ in CHECK.findall(cell.source))
            found[cell.id] = f"Exercise {names}" if names else before
        before = cell.source.removeprefix("**Question.** ")
    return found


def page(graded: Graded, names: Mapping[str, str], readings: Readings) -> str:
    """Return a student's feedback as HTML. It holds text alone: what a submission shows may be a script."""
    total = sum(mark.points for mark in graded.marks)
    waiting = [mark for mark in graded.marks if points_of(mark, readings) is None]
    stopped = f"<p><b>The run ended early:</b> {escape(spoken(graded.stopped))}.</p>" if graded.stopped else ""
    to_read = f" {sum(mark.points for mark in waiting):g} more wait for a reader." if waiting else ""
    return (
        "<!DOCTYPE html>\n<html lang='en'>\n<meta charset='utf-8'>\n"
        f"<meta name='viewport' content='width=device-width'>\n<title>{escape(spoken(graded.student))}</title>\n"
        f"<style>{STYLE}</style>\n<h1>{escape(spoken(graded.student))}</h1>\n"
        f"<p><b>{total_points(graded, readings):g} of {total:g} points.</b>{to_read}</p>\n{stopped}"
        + "".join(section(mark, names.get(mark.cell, mark.cell), readings) for mark in graded.marks)
        + "</html>\n"
    )


def section(mark: Mark, name: str, readings: Readings) -> str:
    """Return what a page says of one cell."""
    score = points_of(mark, readings)
    given = "not read yet" if score is None else f"{score:g} of {mark.points:g}"
    comment = readings[mark.cell].comment if mark.cell in readings else ""
    said = f"<p><b>Comment:</b> {escape(comment)}</p>\n" if comment else ""
    heading = CODE.sub(r"<code>\1</code>", escape(name))
    return f"<section>\n<p>{given}</p>\n<h2>{heading}</h2>\n<pre>{escape(mark.words)}</pre>\n{said}</section>\n"


def points_of(mark: Mark, readings: Readings) -> float | None:
    """Return a mark's points: a reader's where there are some, for readers have the last word."""
    reading = readings.get(mark.cell)
    return mark.score if reading is None or reading.score is None else reading.score


def total_points(graded: Graded, readings: Readings) -> float:
    """Return all points that a submission has so far."""
    return sum(points_of(mark, readings) or 0.0 for mark in graded.marks)


def table(graded: Sequence[Graded], readings: Mapping[str, Readings] | None = None) -> str:
    """Return all scores as CSV, one student a row; an empty field is still to be read.

    Parameters
    ----------
    graded
        The results.
    readings
        What readers gave, by student and cell.
    """
    cells = next(([mark.cell for mark in one.marks] for one in graded if one.marks), [])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["student", "score", *cells, "misconceptions", "stopped", "contained", "seconds"])
    for one in graded:
        read = (readings or {}).get(one.student, {})
        scores = {mark.cell: points_of(mark, read) for mark in one.marks}
        named = " ".join(mark.misconception for mark in one.marks if mark.misconception)
        total = "" if one.failed else total_points(one, read)
        row: list[Any] = [spoken(one.student), total, *(scores.get(cell) for cell in cells)]
        row += [named, spoken(one.failed or one.stopped), one.contained, f"{one.seconds:.1f}"]
        writer.writerow([safe(value) for value in row])
    return text.getvalue()


def safe(value: Any) -> Any:
    """Return a text that a spreadsheet does not take for a formula."""
    return "'" + value if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
