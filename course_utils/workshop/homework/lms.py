"""Points as files that Canvas and Moodle import."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from course_utils.workshop.homework.feedback import safe
from course_utils.workshop.homework.roster import Roster, Student

__all__ = ["canvas", "moodle"]

CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def canvas(roster: Roster, title: str, total: float, points: Mapping[str, float]) -> str:
    """Return a file for Canvas: Grades, Import.

    Canvas finds a student by `ID`, then by `SIS User ID` and `SIS Login ID`, at last by the name; it needs the five
    columns before the assignment's, in this order, and a row of points. Who has none yet has an empty field.

    Parameters
    ----------
    roster
        The students; with an export of Canvas its own columns are given back.
    title
        The assignment, as Canvas calls it; another name makes a new one.
    total
        The points of the assignment.
    points
        Of each student, by id.
    """
    if roster.kind == "canvas":
        title = next((column for column in roster.columns if named(column) == title), title)
    rows: list[list[object]] = [[*CANVAS, title], ["    Points Possible", "", "", "", "", f"{total:g}"]]
    for one in roster.students:
        given = {column: value for column, value in one.row.items() if column in CANVAS}
        if roster.kind != "canvas":
            given = {"Student": sortable(one.name) or one.id, "SIS Login ID": one.id}
        rows.append([*(safe(given.get(column, "")) for column in CANVAS), written(points, one)])
    return text_of(rows)


def moodle(roster: Roster, title: str, total: float, points: Mapping[str, float]) -> str:
    """Return a file for Moodle: of a grading worksheet the same with its grades, else one for Grades, Import, CSV.

    A worksheet goes back through the assignment itself. In the other, identify users by the e-mail address or the id
    number, and map the last column to the assignment.

    Parameters
    ----------
    roster
        The students.
    title
        The assignment.
    total
        The points of the assignment; a worksheet has its own maximum, to which points are scaled.
    points
        Of each student, by id.
    """
    if roster.kind == "worksheet":
        return text_of([list(roster.columns), *(worksheet_row(roster, one, total, points) for one in roster.students)])
    rows: list[list[object]] = [["Full name", "ID number", "Email address", title]]
    for one in roster.students:
        number = next((value for column, value in one.row.items() if column.casefold() == "id number"), one.id)
        rows.append([*map(safe, (one.name, number, one.email)), written(points, one)])
    return text_of(rows)


def worksheet_row(roster: Roster, one: Student, total: float, points: Mapping[str, float]) -> Sequence[object]:
    """Return a row of a worksheet with its grade; all else as it was."""
    small = {column.casefold(): column for column in roster.columns}
    row: dict[str, object] = {column: safe(one.row.get(column, "")) for column in roster.columns}
    most = small.get("maximum grade")
    if one.id in points:
        try:
            factor = float(str(one.row.get(most or "", "")).replace(",", ".")) / total if total else 1.0
        except ValueError:
            factor = 1.0
        row[small["grade"]] = f"{points[one.id] * factor:.5g}"
    return list(row.values())


def written(points: Mapping[str, float], one: Student) -> str:
    """Return a student's points, "" without any."""
    return f"{points[one.id]:g}" if one.id in points else ""


def named(column: str) -> str:
    """Return an assignment's name without the number that Canvas adds: `Homework 2 (4711)`."""
    head, bracket, number = column.rpartition(" (")
    return head if bracket and number.rstrip(")").isdigit() else column


def sortable(name: str) -> str:
    """Return a name as Canvas sorts it, the last word first."""
    *first, last = name.split() or [""]
    return f"{last}, {' '.join(first)}" if first else last


def text_of(rows: Sequence[Sequence[object]]) -> str:
    """Return rows as CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
