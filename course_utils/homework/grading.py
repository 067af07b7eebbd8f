"""Submissions of an assignment, graded: scores, feedback for each student, a table, and nbgrader's gradebook.

Each student's result is one JSON file, written last and in one step. A grader that was killed therefore goes on where
it stopped: what has a result for the same submission and the same tests is done.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from html import escape
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from tqdm import tqdm

from course_utils.authoring.chapters import ChapterError
from course_utils.authoring.files import replace_file
from course_utils.authoring.notebook import read_notebook
from course_utils.authoring.solutions import without_solutions
from course_utils.homework.sandbox import Limits, contained, execute

__all__ = ["Graded", "Mark", "grade", "grade_folder", "into_gradebook", "merged", "table"]

WORDS = 4000  # characters kept of what a check says
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
IDENTIFIER = re.compile(r"\[([a-z0-9-]+)\]\s*\Z")


@dataclass(frozen=True)
class Mark:
    """The points of one cell; without a score somebody has to read it."""

    cell: str
    points: float
    score: float | None
    misconception: str = ""
    words: str = ""


@dataclass(frozen=True)
class Graded:
    """What became of one submission.

    Parameters
    ----------
    student
        The name of the folder it lay in.
    digest
        Of the submission and of the tests; a result with another one is no longer valid.
    marks
        One for each graded cell, in order.
    stopped
        Why the run ended early, or why there was none.
    contained
        Whether the submission ran in namespaces of its own.
    seconds
        How long it ran.
    """

    student: str
    digest: str
    marks: list[Mark] = field(default_factory=list)
    stopped: str = ""
    contained: bool = False
    seconds: float = 0.0

    @property
    def score(self) -> float:
        """The points that the checks gave."""
        return sum(mark.score or 0.0 for mark in self.marks)


def grade_folder(
    source: Path, submitted: Path, results: Path, *, workers: int = 2, limits: Limits | None = None,
    open_allowed: bool = False,
) -> list[Graded]:  # fmt: skip
    """Grade every submission in ``submitted/STUDENT/ASSIGNMENT/NAME.ipynb`` that has no valid result yet.

    Parameters
    ----------
    source
        The instructor's notebook, ``ASSIGNMENT/NAME.ipynb``.
    submitted
        The folder of the submissions, laid out as nbgrader does.
    results
        Where ``STUDENT.json`` and ``STUDENT.html`` go.
    workers
        How many submissions run at once.
    limits
        What each may use.
    open_allowed
        Whether to go on where the system cannot contain a submission.

    Returns
    -------
    list of Graded
        Of all students, in order of their names.

    Raises
    ------
    ChapterError
        If there is nothing to grade, or the system cannot contain it.
    """
    files = sorted(submitted.glob(f"*/{source.parent.name}/{source.name}"))
    if not files:
        raise ChapterError(f"{submitted}: no */{source.parent.name}/{source.name} here")
    if (lacking := contained()) and not open_allowed:
        raise ChapterError(f"submissions cannot be contained here, their code would run as you: {lacking}")
    results.mkdir(parents=True, exist_ok=True)
    bar = partial(tqdm, total=len(files), unit="submission", disable=not sys.stderr.isatty())
    settings = (source, results, limits, open_allowed)
    # Fresh processes: nothing of this one, such as a lock or an event loop, goes on in them.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(grade_once, file, *settings) for file in files]
        graded = [one.result() for one in bar(as_completed(waiting))]
    return sorted(graded, key=lambda one: one.student)


def grade_once(file: Path, source: Path, results: Path, limits: Limits | None, open_allowed: bool) -> Graded:
    """Return a submission's result, graded anew only if there is no valid one."""
    student = file.parents[1].name
    path = results / f"{student}.json"
    with locked(results / f".{student}.lock"):  # a grader whose parent was killed may still be at it
        digest = hashlib.sha256(source.read_bytes() + b"\0" + file.read_bytes()).hexdigest()
        old = read_result(path)
        if old is not None and old.digest == digest:
            return old
        graded = grade(source, file, student, digest, limits, open_allowed)
        replace_file(results / f"{student}.html", page(graded).encode())
        replace_file(path, json.dumps(asdict(graded), indent=1).encode())  # last: it says that all is there
        return graded


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep other graders away; the lock goes with the process that holds it."""
    with path.open("w") as file:
        try:
            import fcntl
        except ImportError:  # Windows
            yield
            return
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def read_result(path: Path) -> Graded | None:
    """Return a result, or None where there is none that can be read."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Graded(**{**data, "marks": [Mark(**mark) for mark in data["marks"]]})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def grade(
    source: Path, file: Path, student: str, digest: str = "", limits: Limits | None = None, open_allowed: bool = False
) -> Graded:
    """Run one submission with the hidden tests and return its marks."""
    ours = read_notebook(source)
    try:
        notebook = merged(ours, read_notebook(file))
    except ChapterError:
        marks = [Mark(cell.id, cell.metadata.nbgrader.points, 0.0) for cell in ours.cells if is_graded(cell)]
        return Graded(student, digest, marks, stopped="the file is not a notebook")
    run = execute(notebook, limits, open_allowed=open_allowed)
    begun = {cell.id: cell.source for cell in ours.cells}
    marks = [mark(cell, run.passed, begun, run.stopped) for cell in notebook.cells if is_graded(cell)]
    order = list(begun)
    marks.sort(key=lambda one: order.index(one.cell))
    return Graded(student, digest, marks, run.stopped, run.contained, run.seconds)


def merged(ours: NotebookNode, theirs: NotebookNode) -> NotebookNode:
    """Return what is run: the student's answers and own cells, and everything else as the instructor has it.

    Outputs, metadata and changed read-only cells of the submission do not count. Cells that it lacks come last.
    """
    known = {cell.id: cell for cell in ours.cells}
    cells: list[NotebookNode] = []
    for number, cell in enumerate(theirs.cells):
        key = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if key in known:
            cells.append(answered(known.pop(key), cell.source))
        elif cell.cell_type == "code":
            cells.append(new_code_cell(cell.source, id=f"own-{number}"))
    cells += [answered(cell, None) for cell in known.values()]
    notebook = new_notebook(cells=cells, metadata=ours.metadata)
    notebook.nbformat_minor = 5
    return notebook


def answered(cell: NotebookNode, text: str | None) -> NotebookNode:
    """Return an instructor's cell, with the student's text where there is to be one; None stands for no answer."""
    if cell.metadata.nbgrader.solution:
        empty = without_solutions(cell.source) if cell.cell_type == "code" else cell.source
        source = empty if text is None else text
    else:
        source = cell.source
    new = (new_code_cell if cell.cell_type == "code" else new_markdown_cell)(source, id=cell.id)
    new.metadata = nbformat.from_dict(cell.metadata)
    return new


def is_graded(cell: NotebookNode) -> bool:
    """Return whether a cell gives points."""
    return bool(cell.metadata.get("nbgrader", {}).get("grade"))


def mark(cell: NotebookNode, passed: set[str], begun: dict[str, str], stopped: str) -> Mark:
    """Return the mark of a cell that was run, or is to be read."""
    points = float(cell.metadata.nbgrader.points)
    if cell.metadata.nbgrader.solution:  # text
        same = cell.source.strip() in ("", begun[cell.id].strip())
        return Mark(cell.id, points, 0.0 if same else None, words="" if same else cell.source[:WORDS])
    errors = [output for output in cell.outputs if output.output_type == "error"]
    if cell.id in passed and not errors:
        return Mark(cell.id, points, points)
    # nbgrader gives full points to a cell without outputs, and so to one that never ran. Here it is none.
    words = said(errors[-1]) if errors else stopped or "This check did not run."
    found = IDENTIFIER.search(words) if errors and errors[-1].ename == "NotDone" else None
    return Mark(cell.id, points, 0.0, found[1] if found else "", words)


def said(error: NotebookNode) -> str:
    """Return an error's text, without its kind where the check itself speaks."""
    words = COLOUR.sub("", str(error.evalue))[:WORDS]
    return words if error.ename == "NotDone" else f"{error.ename}: {words}"


def page(graded: Graded) -> str:
    """Return the feedback as HTML. It holds text alone: what a submission shows may be a script."""
    rows = []
    for one in graded.marks:
        score = "to be read" if one.score is None else f"{one.score:g}"
        rows.append(
            f"<tr><th scope='row'>{escape(one.cell)}</th><td>{score} of {one.points:g}</td>"
            f"<td><pre>{escape(one.words)}</pre></td></tr>"
        )
    stopped = f"<p><b>The run ended early:</b> {escape(graded.stopped)}</p>" if graded.stopped else ""
    return (
        f"<!DOCTYPE html><html lang='en'><meta charset='utf-8'><title>{escape(graded.student)}</title>"
        "<style>body{font-family:sans-serif;max-width:60em;margin:auto}th{text-align:left;vertical-align:top}"
        "td{vertical-align:top;padding:4px 10px}pre{margin:0;white-space:pre-wrap}</style>"
        f"<h1>{escape(graded.student)}: {graded.score:g} points</h1>{stopped}"
        f"<table><tbody>{''.join(rows)}</tbody></table></html>\n"
    )


def table(graded: Sequence[Graded]) -> str:
    """Return all scores as CSV, one student a row; an empty field is still to be read."""
    cells = [one.cell for one in graded[0].marks] if graded else []
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["student", "score", *cells, "misconceptions", "stopped", "contained", "seconds"])
    for one in graded:
        scores = {mark.cell: mark.score for mark in one.marks}
        named = " ".join(mark.misconception for mark in one.marks if mark.misconception)
        row: list[Any] = [one.student, one.score, *(scores.get(cell) for cell in cells)]
        row += [named, one.stopped, one.contained, f"{one.seconds:.1f}"]
        writer.writerow([safe(value) for value in row])
    return text.getvalue()


def safe(value: Any) -> Any:
    """Return a text that a spreadsheet does not take for a formula."""
    return "'" + value if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def into_gradebook(graded: Sequence[Graded], database: str, assignment: str, notebook: str) -> None:
    """Write the scores into nbgrader's gradebook, which has the assignment from ``nbgrader generate_assignment``.

    Texts to be read wait there for the form grader. What a person has graded there stays.
    """
    # By name, since nbgrader is no dependency and has no types; it need not be there when types are checked.
    nbgrader = import_module("nbgrader.api")
    with nbgrader.Gradebook(database) as book:
        for one in graded:
            book.update_or_create_student(one.student)
            book.update_or_create_submission(assignment, one.student)
            for each in one.marks:
                grade = book.find_grade(each.cell, notebook, assignment, one.student)
                grade.auto_score = each.score
                grade.needs_manual_grade = each.score is None and grade.manual_score is None
        book.db.commit()
