"""A student's own variant of a sheet: numbers drawn for this student, choices in this student's order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.notebook import read_notebook
from course_utils.workshop.homework.choices import LINE, shuffled
from course_utils.workshop.homework.course_file import read_course
from course_utils.workshop.homework.made import is_per_student
from course_utils.workshop.homework.numbers import NumberError, choices_of, drawn, filled, has_numbers
from course_utils.workshop.homework.roster import roster_of_course

__all__ = ["about", "variant", "variants", "varies"]


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
    groups: dict[str, list[NotebookNode]] = {}
    for cell in copy.cells:
        if about(cell):
            groups.setdefault(str(about(cell).get("question", "")), []).append(cell)
    for question, cells in groups.items():
        try:
            numbers = drawn(choices_of(cell.source for cell in cells), seed, student, question)
            for cell in cells:
                cell.source = filled(cell.source, numbers)
        except NumberError as error:
            raise ChapterError(f"question {question}: {error}") from None
        if about(cells[0]).get("kind") == "choice":
            choose(question, cells, seed, student)
    return copy


def variants(source: Path) -> Callable[[str], NotebookNode]:
    """Return what gives an assignment's instructor's notebook, as it is for the student of a folder.

    Raises
    ------
    ChapterError
        If students have sheets of their own, and the course has lost the seed of their numbers.
    """
    ours, course = read_notebook(source), source.parents[2]
    if not (is_per_student(source) and varies(ours)):
        return lambda folder: ours
    roster, settings = roster_of_course(course), read_course(course)
    if not settings.seed:
        raise ChapterError(f"{settings.path}: has no seed any more, of which students' numbers were made; put it back")
    return lambda folder: variant(ours, settings.seed, roster.id(folder))


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
