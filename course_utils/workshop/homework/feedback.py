"""What a student gets back, as a page of text, and what an instructor gets, as a table."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from nbformat import NotebookNode

from course_utils.workshop.homework.assignment import CHECK, asks
from course_utils.workshop.homework.grading import Graded, Mark, is_graded, spoken
from course_utils.workshop.phrases import SpokenLoader, phrase

__all__ = ["Reading", "hints_of", "page", "table", "titles"]

TEMPLATE = Path(__file__).with_name("template")
# Spaces before a formula do not stop a spreadsheet, and some read the wide signs as well.
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠](?=.)|[\t\r\n]", re.DOTALL)
SEVERAL = 5  # students that are named, of many
CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Reading:
    """What somebody who read an answer gave for it: a score in place of the check's, words, and points beside it."""

    score: float | None
    comment: str = ""
    extra: float = 0


Readings = Mapping[str, Reading]  # by cell


def titles(ours: NotebookNode) -> dict[str, str]:
    """Return what each graded cell is about: the exercises of a check, or the question before a text."""
    found, before = {}, ""
    for cell in ours.cells:
        if is_graded(cell):
            names = ", ".join(name for name, _ in CHECK.findall(cell.source))
            own = cell.metadata.get("course", {}).get("title", "")
            found[cell.id] = own or (phrase("Exercise {names}", names=names) if names else before)
        before = cell.source.removeprefix(asks())
    return found


def page(
    graded: Graded, names: Mapping[str, str], readings: Readings, models: Mapping[str, str] | None = None,
    late: str = "",
) -> str:  # fmt: skip
    """Return a student's feedback as HTML. It holds text alone: what a submission shows may be a script.

    Parameters
    ----------
    graded
        The result.
    names
        What each graded cell is about.
    readings
        What readers gave, by cell.
    models
        Model answers by cell; one is shown where the answer is graded.
    late
        What to say of the time at which it was handed in.
    """
    sections = [
        {
            "mark": mark,
            "points": points_of(mark, readings),
            "title": Markup(CODE.sub(r"<code>\1</code>", escape(names.get(mark.cell, mark.cell)))),
            "comment": readings[mark.cell].comment if mark.cell in readings else "",
            "model": (models or {}).get(mark.cell, "") if points_of(mark, readings) is not None else "",
        }
        for mark in graded.marks
    ]
    templates = Environment(loader=SpokenLoader(TEMPLATE), autoescape=True, trim_blocks=True)
    return templates.get_template("feedback.html").render(
        tag=os.environ.get("COURSE_LANGUAGE", "") or "en",
        student=spoken(graded.student),
        score=total_points(graded, readings),
        total=sum(mark.points for mark in graded.marks),
        waiting=sum(mark.points for mark in graded.marks if points_of(mark, readings) is None),
        stopped=spoken(graded.stopped),
        late=late,
        notes=[spoken(note) for note in graded.notes],
        sections=sections,
    )


def points_of(mark: Mark, readings: Readings) -> float | None:
    """Return a mark's points: a reader's where there are some, for readers have the last word."""
    reading = readings.get(mark.cell, Reading(None))
    score = mark.score if reading.score is None else reading.score
    return None if score is None else score + reading.extra


def total_points(graded: Graded, readings: Readings) -> float:
    """Return all points that a submission has so far."""
    return sum(points_of(mark, readings) or 0.0 for mark in graded.marks)


def table(
    graded: Sequence[Graded], readings: Mapping[str, Readings] | None = None,
    further: Mapping[str, Mapping[str, Any]] | None = None,
) -> str:  # fmt: skip
    """Return all scores as CSV, one student a row; an empty field is still to be read.

    Parameters
    ----------
    graded
        The results.
    readings
        What readers gave, by student and cell.
    further
        By student, columns that stand last, each under its name.
    """
    more = list(dict.fromkeys(name for columns in (further or {}).values() for name in columns))
    cells = next(([mark.cell for mark in one.marks] for one in graded if one.marks), [])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["student", "score", *cells, "misconceptions", "stopped", "contained", "seconds", "hints", *more])
    for one in graded:
        read = (readings or {}).get(one.student, {})
        scores = {mark.cell: points_of(mark, read) for mark in one.marks}
        named = " ".join(mark.misconception for mark in one.marks if mark.misconception)
        total = "" if one.failed else total_points(one, read)
        row: list[Any] = [spoken(one.student), total, *(scores.get(cell) for cell in cells)]
        row += [named, spoken(one.failed or one.stopped), one.contained, f"{one.seconds:.1f}"]
        row.append(spoken("; ".join([*hints_of(one, graded), *one.notes])))
        row += [(further or {}).get(one.student, {}).get(name, "") for name in more]
        writer.writerow([safe(value) for value in row])
    return text.getvalue()


def hints_of(one: Graded, graded: Sequence[Graded]) -> list[str]:
    """Return what hints at tampering with a submission, and whose sheets are the same as it."""
    same = [other.student for other in graded if other.answers and other.answers == one.answers and other is not one]
    more = f" and {len(same) - SEVERAL} more" if len(same) > SEVERAL else ""
    return [*one.hints, *([f"the same answers as {', '.join(same[:SEVERAL])}{more}"] if same else [])]


def safe(value: Any) -> Any:
    """Return a text that a spreadsheet does not take for a formula."""
    return "'" + value if isinstance(value, str) and FORMULA.match(value) else value
