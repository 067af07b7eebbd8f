"""nbgrader's gradebook: scores go into it, and what readers gave for the texts comes back."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.files import replace_file
from course_utils.workshop.authoring.notebook import encode_notebook, read_notebook
from course_utils.workshop.homework.feedback import Reading
from course_utils.workshop.homework.grading import Graded, spoken
from course_utils.workshop.homework.lateness import handed_in
from course_utils.workshop.homework.made import is_per_student
from course_utils.workshop.homework.model_answers import with_model_answers
from course_utils.workshop.homework.variants import variants

__all__ = ["available", "into_gradebook", "readings"]

# nbgrader writes a student's name into its pages as HTML and as JavaScript, and its database takes whole letters only.
UNFIT = re.compile(r'[\x00-\x1f\x7f-\x9f<>"\\\u2028\u2029\ud800-\udfff]')
SHOWN = 5  # problems that are told, of many


def available() -> bool:
    """Return whether nbgrader is installed."""
    return find_spec("nbgrader") is not None


def into_gradebook(graded: Sequence[Graded], source: Path, results: Path) -> None:
    """Write scores into the course's gradebook, and what was run into `autograded`, as `nbgrader autograde` does.

    Texts to be read then wait in nbgrader's form grader. What a person has graded there stays; a text that was
    handed in anew waits again.

    Parameters
    ----------
    graded
        The results.
    source
        The instructor's notebook, `COURSE/source/ASSIGNMENT/NAME.ipynb`.
    results
        Where `STUDENT.ipynb` of each result lies.

    Raises
    ------
    ChapterError
        If nbgrader does not take the assignment, or some of the students; all others are in it then.
    """
    course, assignment, notebook = source.parents[2], source.parent.name, source.stem
    if find_spec("nh3") is None:
        raise ChapterError("nh3 is not installed, without which texts could run scripts in the form grader; install it")
    if fresh := not known(course, assignment, notebook):
        run_nbgrader(course, "generate_assignment", assignment, "--force")
        if is_per_student(source):  # a sheet that all have would show the places of the numbers
            shutil.rmtree(course / "release" / assignment, ignore_errors=True)
    problems: list[str] = []
    ours = variants(source)
    with opened(course) as book:
        for one in graded:
            if UNFIT.search(one.student):
                problems.append(f"{spoken(one.student)}: nbgrader cannot show this name; rename the folder")
                continue
            try:
                record(book, one, source, results, ours(one.student), fresh=fresh)
            except Exception as error:  # the others are recorded all the same
                book.db.rollback()
                problems.append(f"{one.student}: {error}")
    if problems:
        more = f"; and {len(problems) - SHOWN} more" if len(problems) > SHOWN else ""
        raise ChapterError("; ".join(problems[:SHOWN]) + more)


def record(book: Any, one: Graded, source: Path, results: Path, ours: NotebookNode, *, fresh: bool) -> None:
    """Write one student's scores and what was run, with the model answers beside the student's."""
    from course_utils.workshop.homework.harmless import (  # it takes a second, and only this needs it
        changed_cells,
        harmless,
    )

    course, assignment = source.parents[2], source.parent.name
    old = course / "autograded" / one.student / assignment / source.name
    ran = read_notebook(results / f"{one.student}.ipynb")
    new = encode_notebook(with_model_answers(harmless(ran), ours))
    if not fresh and old.exists() and old.read_bytes() == new:
        return  # recorded before
    book.update_or_create_student(one.student)
    when = handed_in(course / "submitted" / one.student / assignment)
    book.update_or_create_submission(assignment, one.student, **({"timestamp": when} if when else {}))
    changed = changed_cells(read_notebook(old), ran) if old.exists() else set()
    code = {cell.id for cell in ran.cells if cell.cell_type == "code"}
    changed |= code if changed & code else set()  # a check stays the same, whatever answer it is of
    for mark in one.marks:
        try:
            grade = book.find_grade(mark.cell, source.stem, assignment, one.student)
        except import_module("nbgrader.api").MissingEntry as error:
            raise ChapterError(f"{course / 'gradebook.db'}: has another version of {assignment}: {error}") from None
        grade.auto_score = mark.score
        read = grade.manual_score is not None and mark.cell not in changed
        # As with nbgrader: whoever corrected a score is asked again once the answer is another.
        grade.needs_manual_grade = not read and (mark.score is None or grade.manual_score is not None)
    book.db.commit()
    old.parent.mkdir(parents=True, exist_ok=True)
    replace_file(old, new)  # last: it says what is recorded


@contextmanager
def opened(course: Path) -> Iterator[Any]:
    """Give the gradebook; nbgrader's warnings about its own database stay with us."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with import_module("nbgrader.api").Gradebook(f"sqlite:///{course.resolve() / 'gradebook.db'}") as book:
            yield book


def readings(source: Path) -> dict[str, dict[str, Reading]]:
    """Return what readers gave and wrote, by student and cell; nothing where there is no gradebook."""
    course, assignment, notebook = source.parents[2], source.parent.name, source.stem
    if not available() or not known(course, assignment, notebook):
        return {}
    with opened(course) as book:
        return {
            submission.student.id: read_cells(one)
            for submission in book.assignment_submissions(assignment)
            for one in submission.notebooks
            if one.name == notebook
        }


def read_cells(submitted: Any) -> dict[str, Reading]:
    """Return what readers gave for one notebook's cells."""
    comments = {comment.name: comment.manual_comment or "" for comment in submitted.comments}
    return {
        grade.name: Reading(grade.manual_score, comments.get(grade.name, ""), grade.extra_credit or 0)
        for grade in submitted.grades
        if not grade.needs_manual_grade
        and (grade.manual_score is not None or grade.extra_credit or comments.get(grade.name))
    }


def known(course: Path, assignment: str, notebook: str) -> bool:
    """Return whether the gradebook has the assignment."""
    if not (course / "gradebook.db").exists():
        return False
    with opened(course) as book:
        try:
            book.find_notebook(notebook, assignment)
        except import_module("nbgrader.api").MissingEntry:
            return False
    return True


def run_nbgrader(course: Path, *words: str) -> None:
    """Run one of nbgrader's commands where its configuration lies."""
    command = [sys.executable, "-m", "nbgrader", *words]
    # It makes its database with a program that lies beside Python.
    variables = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    ran = subprocess.run(command, cwd=course, env=variables, capture_output=True, text=True, check=False)
    if ran.returncode:
        lines = [line for line in ran.stderr.splitlines() if "ERROR" in line] or ran.stderr.splitlines()[-1:]
        raise ChapterError(f"nbgrader {' '.join(words)}: {' '.join(lines[:1]) or ran.returncode}")
