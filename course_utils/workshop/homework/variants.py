"""A student's own variant of a sheet: numbers drawn for this student, choices in this student's order."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.notebook import read_notebook
from course_utils.workshop.homework.choices import LINE, shuffled
from course_utils.workshop.homework.course_file import read_course
from course_utils.workshop.homework.made import Sheets, is_per_student, noted_sheets
from course_utils.workshop.homework.numbers import NumberError, choices_of, drawn, filled, has_numbers
from course_utils.workshop.homework.roster import Roster, Student, roster_of_course

__all__ = ["Variants", "about", "drawn_from", "sheet_of", "variant", "variants", "varies"]


def varies(notebook: NotebookNode) -> bool:
    """Return whether students can get different sheets of it."""
    return any(has_numbers(cell.source) or about(cell).get("shuffle") for cell in notebook.cells if about(cell))


def variant(notebook: NotebookNode, seed: str, student: str = "") -> NotebookNode:
    """Return the instructor's notebook as it is for one student; nothing but seed and student decides how.

    Parameters
    ----------
    notebook
        The instructor's, in which numbers are not drawn yet.
    seed
        The course's.
    student
        The student's id; "" for a sheet that all have, on which nothing is shuffled.

    Raises
    ------
    ChapterError
        If a number cannot be drawn or computed, or two choices of a question come to say the same.
    """
    if not varies(notebook):
        return notebook
    copy = nbformat.from_dict(notebook)
    for question, cells in by_question(copy).items():
        try:
            numbers = drawn(choices_of(cell.source for cell in cells), seed, student, question)
            for cell in cells:
                cell.source = filled(cell.source, numbers)
        except NumberError as error:
            raise ChapterError(f"question {question}: {error}") from None
        if about(cells[0]).get("kind") == "choice":
            choose(question, cells, seed, student)
    return copy


def by_question(notebook: NotebookNode) -> dict[str, list[NotebookNode]]:
    """Return the cells of each question."""
    groups: dict[str, list[NotebookNode]] = {}
    for cell in notebook.cells:
        if about(cell):
            groups.setdefault(str(about(cell).get("question", "")), []).append(cell)
    return groups


def drawn_from(notebook: NotebookNode, seed: str) -> str:
    """Return the digest of all that students' numbers and orders of choices come from, beside their ids."""
    found = {
        question: [
            choices_of(cell.source for cell in cells),
            [len(LINE.findall(cell.source)) for cell in cells if about(cell).get("shuffle")],
        ]
        for question, cells in by_question(notebook).items()
    }
    return hashlib.sha256(json.dumps([seed, found], sort_keys=True).encode()).hexdigest()


def sheet_of(sheets: Sheets, student: Student) -> str:
    """Return the id that a student's sheet was made for, "" where there is none, or it could be several.

    Another kind of export gives the same student another id, and numbers are drawn by the one that the sheet has.
    """
    if student.id in sheets.owners:
        return student.id
    known = Roster(tuple(Student(one, others=frozenset(others)) for one, others in sheets.owners.items()))
    found = {one.id for name in (student.id, *student.others) if (one := known.student(name))}
    return found.pop() if len(found) == 1 else ""


@dataclass(frozen=True)
class Variants:
    """An assignment's instructor's notebook, as it is for the student of a folder.

    Parameters
    ----------
    ours
        The instructor's.
    seed
        The course's; "" where all have the same sheet.
    roster
        The students.
    sheets
        Those that were made; None where nobody noted them, as before December 2026.
    """

    ours: NotebookNode
    seed: str = ""
    roster: Roster = field(default_factory=Roster)
    sheets: Sheets | None = None

    def __call__(self, folder: str) -> NotebookNode:
        """Return the notebook for a folder's student; "" is nobody."""
        return variant(self.ours, self.seed, self.owner(folder) or folder) if self.seed else self.ours

    def owner(self, folder: str) -> str:
        """Return the id that the sheet of a folder's student was made for, "" where there is none."""
        one = self.roster.student(folder)
        if self.sheets is None:
            return one.id if one else folder
        return sheet_of(self.sheets, one or Student(folder))

    def has_sheet(self, folder: str) -> bool:
        """Return whether a folder's student has the sheet that they are graded by."""
        return not self.seed or bool(self.owner(folder))


def variants(source: Path) -> Variants:
    """Return what gives an assignment's instructor's notebook, as it is for the student of a folder.

    Raises
    ------
    ChapterError
        If students have sheets of their own, and the course has lost the seed of their numbers, or the numbers
        themselves were changed since.
    """
    ours, course = read_notebook(source), source.parents[2]
    if not (is_per_student(source) and varies(ours)):
        return Variants(ours)
    settings, sheets = read_course(course), noted_sheets(source)
    if not settings.seed:
        raise ChapterError(f"{settings.path}: has no seed any more, of which students' numbers were made; put it back")
    if sheets and sheets.drawn != drawn_from(ours, settings.seed):
        raise ChapterError(
            f"{source}: its numbers, or the seed in {settings.path}, are others than when students' sheets were made; "
            "put them back, or make the sheets again"
        )
    return Variants(ours, settings.seed, roster_of_course(course), sheets)


def choose(question: str, cells: list[NotebookNode], seed: str, student: str) -> None:
    """Bring the choices of a question into the student's order."""
    asked = next((cell for cell in cells if LINE.search(cell.source)), None)
    key = next((cell for cell in cells if cell.metadata.get("nbgrader", {}).get("solution")), None)
    if asked is None or key is None:
        return
    texts = [text for _, text in LINE.findall(asked.source)]
    if twice := next((text for text in texts if texts.count(text) > 1), ""):
        raise ChapterError(f"question {question}: for {student or 'everyone'} two choices say the same: {twice}")
    if student and about(asked).get("shuffle"):
        asked.source, key.source = shuffled(asked.source, key.source, seed, student, question)


def about(cell: NotebookNode) -> dict[str, Any]:
    """Return what a cell says of the question that it belongs to; nothing of a chapter's cells."""
    found = cell.metadata.get("course", {})
    return found if isinstance(found, dict) else {}
