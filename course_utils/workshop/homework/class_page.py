"""A page about the whole class: scores, misconceptions, which questions separate, how far the course has come."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median
from typing import Any

import numpy as np
from jinja2 import Environment, FileSystemLoader

from course_utils.texts import marked, texts
from course_utils.workshop.authoring.files import replace_file
from course_utils.workshop.authoring.notebook import read_notebook
from course_utils.workshop.homework.course_file import CourseFile
from course_utils.workshop.homework.feedback import Readings, points_of, titles, total_points
from course_utils.workshop.homework.grading import Graded, is_graded, is_text, most_points, spoken
from course_utils.workshop.homework.lateness import Lateness
from course_utils.workshop.homework.roster import Roster

__all__ = ["class_page", "item_rest", "note_class"]

TEMPLATE = Path(__file__).with_name("template")
FEW = 30  # below so many students a correlation is hardly known
BINS = 10
UNTOUCHED = "not-attempted"  # no misconception, though checks tell it in the same place
NOTED = "-class.json"  # what a grading leaves for the pages of later assignments


@dataclass(frozen=True)
class Item:
    """How a class did on one question.

    Parameters
    ----------
    title
        What it is about.
    points
        How many it can give.
    share
        The mean share of them that was reached, None where nobody is graded yet.
    graded, waiting
        How many are graded, and how many wait for a reader.
    correlation
        With the points of all other questions, and the bounds within which it lies with 95 %; None where it has none.
    verdict
        What that says.
    """

    title: str
    points: float
    share: float | None
    graded: int
    waiting: int
    correlation: tuple[float, float, float] | None
    verdict: str


def item_rest(points: np.ndarray, column: int) -> tuple[float, float, float] | None:
    """Return the correlation of a question with the sum of all others, and its 95 % interval.

    Parameters
    ----------
    points
        One student a row, one question a column (n, k).
    column
        Which question.

    Returns
    -------
    tuple of float or None
        The correlation, its lower and upper bound by Fisher's transformation; None for fewer than four students, or
        where all have the same points on the question or on the rest.
    """
    if len(points) < 4 or points.shape[1] < 2:
        return None
    item = points[:, column]
    rest = points.sum(axis=1) - item
    if np.ptp(item) < 1e-9 or np.ptp(rest) < 1e-9:
        return None
    r = float(np.clip(np.corrcoef(item, rest)[0, 1], -1, 1))
    z, reach = math.atanh(min(max(r, -0.999999), 0.999999)), 1.96 / math.sqrt(len(points) - 3)
    return r, math.tanh(z - reach), math.tanh(z + reach)


def verdict_of(share: float | None, correlation: tuple[float, float, float] | None) -> str:
    """Return what a question's numbers say, in words."""
    if share is None:
        return "nobody graded yet"
    if correlation is None:
        return "too few to compare" if 0 < share < 1 else "all alike: it separates nobody"
    r, low, high = correlation
    if high < 0:
        return "look at it: who knows more does worse here"
    if low > 0:
        return "separates well" if r >= 0.3 else "separates a little"
    return "hardly separates" if high < 0.3 else "too few to say"


def items_of(source: Path, graded: Sequence[Graded], read: Mapping[str, Readings]) -> tuple[list[Item], int]:
    """Return how the class did on each question, and how many students the correlations are of."""
    notebook = read_notebook(source)
    cells, names = [cell for cell in notebook.cells if is_graded(cell)], titles(notebook)
    table = [
        [points_of(mark, read.get(one.student, {})) for mark in one.marks]
        for one in graded
        if len(one.marks) == len(cells)
    ]
    whole = [row for row in table if None not in row]
    matrix = np.array(whole, dtype=float).reshape(len(whole), len(cells))
    items = []
    for column, cell in enumerate(cells):
        known = [points for row in table if (points := row[column]) is not None]
        most = most_points(cell)
        share = fmean(known) / most if known and most else None
        found = item_rest(matrix, column)
        title, kind = names.get(cell.id, cell.id), "to read: " if is_text(cell) and not known else ""
        items.append(
            Item(kind + title, most, share, len(known), len(table) - len(known), found, verdict_of(share, found))
        )
    return items, len(whole)


def mistakes_of(source: Path, graded: Sequence[Graded]) -> list[dict[str, Any]]:
    """Return which misconceptions were met, the most frequent first, with the checks that met them."""
    notebook = read_notebook(source)
    names = titles(notebook)
    students: Counter[str] = Counter()
    places: dict[str, Counter[str]] = {}
    for one in graded:
        met = {(mark.cell, mark.misconception) for mark in one.marks if mark.misconception not in ("", UNTOUCHED)}
        students.update({name for _, name in met})
        for cell, name in met:
            places.setdefault(name, Counter())[names.get(cell, cell)] += 1
    found = []
    for name, count in sorted(students.items(), key=lambda one: (-one[1], one[0])):
        known = texts().get(name, {})
        words = {key: marked(known[key]) for key in ("belief", "sign") if "{" not in known.get(key, "{")}
        where = sorted(places[name].items(), key=lambda one: (-one[1], one[0]))
        found.append({"id": name, "count": count, "share": count / len(graded), "places": where, **words})
    return found


def note_class(
    source: Path, graded: Sequence[Graded], read: Mapping[str, Readings], late: Mapping[str, Lateness], roster: Roster
) -> None:
    """Note what later pages show of this assignment; no name is in it."""
    total = sum(most_points(cell) for cell in read_notebook(source).cells)
    scores = sorted(round(total_points(one, read.get(one.student, {})), 6) for one in graded)
    note = {
        "assignment": source.parent.name, "total": total, "scores": scores, "expected": len(roster.students),
        "late": sum(bool(one.days) for one in late.values()), "waiting": waiting(graded, read),
    }  # fmt: skip
    folder = source.parents[2] / "results"
    folder.mkdir(parents=True, exist_ok=True)
    replace_file(folder / f"{source.parent.name}{NOTED}", (json.dumps(note) + "\n").encode())


def waiting(graded: Sequence[Graded], read: Mapping[str, Readings]) -> int:
    """Return how many answers somebody has yet to read."""
    return sum(points_of(mark, read.get(one.student, {})) is None for one in graded for mark in one.marks)


def progress(results: Path) -> list[dict[str, Any]]:
    """Return what was noted of all assignments of the course, in order of their names."""
    found = []
    for path in sorted(results.glob(f"*{NOTED}")):
        try:
            note = json.loads(path.read_text(encoding="utf-8"))
            share = fmean(note["scores"]) / note["total"] if note["scores"] and note["total"] else 0.0
            found.append({**note, "graded": len(note["scores"]), "share": share})
        except (OSError, ValueError, TypeError, KeyError):  # the next grading of that assignment writes it anew
            continue
    return found


def class_page(
    source: Path, graded: Sequence[Graded], read: Mapping[str, Readings], late: Mapping[str, Lateness], roster: Roster,
    settings: CourseFile, *, names: bool = False,
) -> str:  # fmt: skip
    """Return the page about a class as HTML that needs no other file and no network.

    Parameters
    ----------
    source
        The instructor's notebook.
    graded
        The results.
    read
        What readers gave, by student.
    late
        How late each was.
    roster
        The students.
    settings
        The course's.
    names
        Whether students are named.
    """
    total = sum(most_points(cell) for cell in read_notebook(source).cells)
    scores = [total_points(one, read.get(one.student, {})) for one in graded]
    items, compared = items_of(source, graded, read)
    environment = Environment(loader=FileSystemLoader(TEMPLATE), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template("class.html").render(
        assignment=source.parent.name,
        total=total,
        scores=scores,
        mean=fmean(scores) if scores else 0.0,
        median=median(scores) if scores else 0.0,
        bins=binned(scores, total),
        items=[{"title": marked(item.title), "item": item, "said": rounded(item.correlation)} for item in items],
        compared=compared,
        few=compared < FEW,
        mistakes=mistakes_of(source, graded),
        untouched=sum(any(mark.misconception == UNTOUCHED for mark in one.marks) for one in graded),
        progress=progress(source.parents[2] / "results"),
        waiting=waiting(graded, read),
        late=sum(bool(one.days) for one in late.values()),
        rule=settings.late.spoken() if settings.due else "",
        stopped=sum(bool(one.stopped) for one in graded),
        missing=missing(graded, roster),
        expected=len(roster.students),
        people=people(graded, read, late, roster, total) if names else [],
        names=names,
    )


def rounded(numbers: tuple[float, ...] | None) -> list[str]:
    """Return numbers with two digits; what rounds to nothing has no sign."""
    return [f"{round(number, 2) + 0.0:.2f}" for number in numbers or ()]


def binned(scores: Sequence[float], total: float) -> list[dict[str, Any]]:
    """Return how many have which share of the points; full points belong to the last."""
    counts = Counter(min(int(BINS * score / total + 1e-9), BINS - 1) if total else 0 for score in scores)
    most = max(counts.values(), default=1)
    width = 100 // BINS
    return [
        {"label": f"{one * width} to {(one + 1) * width} %", "count": counts[one], "part": counts[one] / most}
        for one in range(BINS)
    ]


def missing(graded: Sequence[Graded], roster: Roster) -> list[str]:
    """Return who of the roster handed nothing in."""
    there = {roster.id(one.student) for one in graded}
    return [one.name or one.id for one in roster.students if one.id not in there]


def people(
    graded: Sequence[Graded], read: Mapping[str, Readings], late: Mapping[str, Lateness], roster: Roster, total: float
) -> list[dict[str, Any]]:
    """Return each student's line, for a page that names them."""
    found = []
    for one in graded:
        score, how, known = total_points(one, read.get(one.student, {})), late[one.student], roster.student(one.student)
        name = spoken(known.name if known and known.name else one.student)
        mistakes = [mark.misconception for mark in one.marks if mark.misconception not in ("", UNTOUCHED)]
        found.append(
            {"name": name, "score": score, "days": how.days, "final": how.final(score, total), "mistakes": mistakes}
        )
    return found
