"""Submissions of an assignment, graded side by side; a grader that was killed goes on where it stopped.

Each student's result is two files, `STUDENT.ipynb` with what was run and `STUDENT.json` with the marks. The second is
written last and in one step: where it stands for the same answers and the same tests, this submission is done.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import threading
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from nbformat import NotebookNode
from tqdm import tqdm

from course_utils.texts import texts
from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.files import replace_file
from course_utils.workshop.authoring.notebook import TERMINAL_COLOUR, encode_notebook
from course_utils.workshop.homework.apart import answers_alone, repeatable
from course_utils.workshop.homework.assignment import CHECK, handed_out
from course_utils.workshop.homework.choices import chosen
from course_utils.workshop.homework.execution import Run, execute
from course_utils.workshop.homework.sandbox import Limits, contained, readable
from course_utils.workshop.homework.submission import (
    LOST,
    NOTHING,
    Unreadable,
    asked_for,
    begun_answers,
    edited_checks,
    find_submissions,
    merged,
    read_submission,
)
from course_utils.workshop.homework.variants import about, variants
from course_utils.workshop.phrases import phrase

__all__ = ["Graded", "Mark", "grade", "grade_folder", "spoken"]

WORDS = 4000  # characters kept of what a check says
SPEAKING = ("NotDone", "AssertionError")  # errors by which checks speak, a chapter's and an instructor's own
TRIVIAL = 120  # characters of answers that say nothing of who wrote them
NO_SHEET = "no sheet was made for who this folder is named after"
UNCLEAR = "This check passed, but not where nothing is the submission's own: {cells}. Look by hand."
IDENTIFIER = re.compile(r"\[([a-z0-9-]+)\]\s*\Z")


@dataclass(frozen=True)
class Mark:
    """The points of one cell; without a score somebody has to read it.

    Parameters
    ----------
    cell
        Its id.
    points
        How many it can give.
    score
        How many it gave.
    misconception
        The id of the mistake that the check named.
    words
        What the check said, or the text to be read.
    """

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
        Of the answers and of the tests; a result with another one is no longer valid.
    marks
        One for each graded cell, in order.
    stopped
        Why the run ended early, or why there was none.
    contained
        Whether the submission ran in namespaces of its own.
    seconds
        How long it ran.
    failed
        Why there is no result; then this one is not kept, and tried again next time.
    hints
        At tampering; none of them proves any.
    notes
        What was cut, and where the notebook was found.
    answers
        The digest of what was written, "" where that is too little to tell two students by.
    """

    student: str
    digest: str
    marks: list[Mark] = field(default_factory=list)
    stopped: str = ""
    contained: bool = False
    seconds: float = 0.0
    failed: str = ""
    hints: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    answers: str = ""


def grade_folder(
    source: Path, submitted: Path, results: Path, *, workers: int = 2, limits: Limits | None = None,
    open_allowed: bool = False,
) -> list[Graded]:  # fmt: skip
    """Grade every submission in `submitted/STUDENT/ASSIGNMENT` that has no valid result yet.

    Parameters
    ----------
    source
        The instructor's notebook, `ASSIGNMENT/NAME.ipynb`.
    submitted
        The folder of the submissions, laid out as nbgrader does.
    results
        Where `STUDENT.json` and `STUDENT.ipynb` go.
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
        If there is nothing to grade, the system cannot contain it, or another grader is at work.
    """
    if workers < 1:
        raise ChapterError(f"workers must be at least 1, got {workers}")
    folders = find_submissions(submitted, source.parent.name)
    if not folders:
        raise ChapterError(f"{submitted}: no STUDENT/{source.parent.name}/{source.name} here")
    if (lacking := contained()) and not open_allowed:
        raise ChapterError(f"submissions cannot be contained here, their code would run as you: {lacking}")
    for folder in readable():
        if folder in source.resolve().parents or folder in submitted.resolve().parents:
            raise ChapterError(f"{folder} holds Python, so submissions can read it; keep the homework elsewhere")
    results.mkdir(parents=True, exist_ok=True)
    with alone(results / ".lock"):
        return graded_by(workers, folders, Grader(source, results, limits or Limits(), open_allowed))


def graded_by(workers: int, folders: list[Path], grader: Grader) -> list[Graded]:
    """Return the results of all folders, several at a time."""
    pool = ThreadPoolExecutor(workers)  # each waits for a process of its own
    try:
        waiting = [pool.submit(grader.graded, folder) for folder in folders]
        bar = tqdm(as_completed(waiting), total=len(folders), unit="submission", disable=not sys.stderr.isatty())
        graded = [one.result() for one in bar]
    finally:
        grader.halted.set()  # what still runs now, since somebody interrupted this, ends at once
        pool.shutdown(cancel_futures=True)
    return sorted(graded, key=lambda one: one.student)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep other graders away; the lock goes with the process that holds it."""
    with path.open("w") as file:
        try:
            import fcntl
        except ImportError:  # Windows
            yield
            return
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ChapterError(f"{path.parent}: another grader is at work here") from None
        yield


class Grader:
    """Grades the submissions of one assignment.

    Parameters
    ----------
    source
        The instructor's notebook.
    results
        Where results go.
    limits
        What each submission may use.
    open_allowed
        Whether to go on where the system cannot contain a submission.
    """

    def __init__(self, source: Path, results: Path, limits: Limits, open_allowed: bool) -> None:
        self.variant, self.name, self.results = variants(source), source.name, results
        self.limits, self.open_allowed = limits, open_allowed
        self.halted = threading.Event()

    def graded(self, folder: Path) -> Graded:
        """Return a submission's result, graded anew only if there is no valid one."""
        student = folder.parent.name
        try:
            return self.kept(folder, student)
        except Exception as error:  # the others are graded all the same
            return Graded(student, "", failed=f"{type(error).__name__}: {error}")

    def kept(self, folder: Path, student: str) -> Graded:
        """Return a submission's result, which lies on disk afterwards."""
        ours, notes = self.variant(student), list[str]()
        try:
            theirs, problem = read_submission(folder, self.name, notes), ""
        except Unreadable as error:
            theirs, problem = [], str(error)
        if not (problem or self.variant.has_sheet(student)):
            problem = NO_SHEET
        notebook = merged(ours, theirs)
        keys = [cell.source for cell in ours.cells if about(cell).get("kind") == "choice"]  # what is right may change
        digest = fingerprint(notebook, "\0".join([problem, *keys]))
        path = self.results / f"{student}.json"
        old = read_result(path)
        if old is not None and old.digest == digest:
            return old
        if problem:
            new = Graded(student, digest, unread_marks(ours, problem), stopped=problem)
        else:
            again = repeatable(
                self.variant(""), Limits(), open_allowed=self.open_allowed, kept=self.results / ".apart.json"
            )  # fmt: skip
            new = grade(
                ours, notebook, student, self.limits, open_allowed=self.open_allowed, halted=self.halted, again=again,
            )  # fmt: skip
            edited = [f"check edited: {', '.join(checks)}"] if (checks := edited_checks(ours, theirs)) else []
            new = replace(
                new, digest=digest, hints=[*new.hints, *edited], notes=[*notes, *new.notes],
                answers=same_answers(ours, notebook),
            )  # fmt: skip
        if self.halted.is_set():
            return replace(new, failed="interrupted")
        replace_file(self.results / f"{student}.ipynb", encode_notebook(notebook))
        replace_file(path, json.dumps(asdict(new), indent=1).encode())  # last: it says that all is there
        return new


def grade(
    ours: NotebookNode, notebook: NotebookNode, student: str, limits: Limits | None = None, *,
    open_allowed: bool = False, halted: threading.Event | None = None, again: Collection[str] | None = None,
) -> Graded:  # fmt: skip
    """Run one submission with the hidden tests and return its marks.

    Parameters
    ----------
    ours
        The instructor's notebook.
    notebook
        The same with a student's answers, from :func:`merged`. It gets its outputs.
    student
        The student's name.
    limits
        What the run may use.
    open_allowed
        Whether to run it where the system cannot contain it.
    halted
        Ends the run once it is set.
    again
        The checks that can be run once more apart; by default this is tried out.
    """
    limits = limits or Limits()
    if again is None:
        again = repeatable(ours, Limits(), open_allowed=open_allowed)
    run = execute(notebook, limits, open_allowed=open_allowed, halted=halted, again=again)
    passed_alone(notebook, run, again, limits, open_allowed=open_allowed, halted=halted)
    begun = {cell.id: cell for cell in ours.cells}
    away = {cell.id for cell in notebook.cells if cell.metadata.get("lost")}
    lost = {name for cell in ours.cells if cell.id in away for name in asked_for(cell)}
    marks, above = {}, ""
    for cell in notebook.cells:
        if is_graded(cell):
            mark = text_mark(cell, begun[cell.id], ours) if is_text(cell) else check_mark(cell, run, above)
            if mark.score == 0 and (lost & checked_answers(cell) or own_answer(cell) in away):
                mark = replace(mark, score=None, misconception="", words=phrase(LOST))
            marks[cell.id], above = mark, ""
        elif cell.cell_type == "code" and cell.id not in run.passed and not run.stopped:
            above = phrase(
                "The cell {cell} above did not run to its end: {reason}", cell=cell.id, reason=why(cell, run)
            )
    hints = [f"touched: {', '.join(run.touched)}"] * bool(run.touched)
    if doubted := sorted(run.doubted | set(run.unclear)):
        hints.append(f"passes only beside the submission's own cells: {', '.join(doubted)}")
    notes = [phrase("outputs were cut: all cells together showed too much")] * run.cut
    return Graded(
        student, "", [marks[key] for key in begun if key in marks], run.stopped, run.contained, run.seconds,
        hints=hints, notes=notes,
    )  # fmt: skip


def passed_alone(
    notebook: NotebookNode, run: Run, again: Collection[str], limits: Limits, *, open_allowed: bool,
    halted: threading.Event | None,
) -> None:  # fmt: skip
    """Run checks that passed, and of which no more is known, beside the answers alone; doubt those that fail there."""
    checks = {
        cell.id for cell in notebook.cells
        if is_graded(cell) and not is_text(cell) and cell.id in run.passed and cell.id not in again
    }  # fmt: skip
    if not checks or (halted and halted.is_set()):
        return
    alone = execute(answers_alone(notebook, checks), limits, open_allowed=open_allowed, halted=halted)
    run.seconds += alone.seconds
    for key in checks - alone.passed:
        run.passed.remove(key)
        run.unclear[key] = "beside the answers alone, without other cells, it fails"


def unread_marks(ours: NotebookNode, problem: str) -> list[Mark]:
    """Return the marks of what cannot be read: 0 where nothing was handed in, else somebody has to look."""
    score, words = (0.0, "") if problem.endswith(NOTHING) else (None, f"{problem}; look by hand.")
    return [Mark(cell.id, most_points(cell), score, words=words) for cell in ours.cells if is_graded(cell)]


def same_answers(ours: NotebookNode, notebook: NotebookNode) -> str:
    """Return the digest of what was written, by which sheets of two students are found to be the same."""
    written = "\n".join(sorted(begun_answers(ours, notebook)))
    return hashlib.sha256(written.encode()).hexdigest() if len(written) >= TRIVIAL else ""


def fingerprint(notebook: NotebookNode, problem: str) -> str:
    """Return what tells whether a result is still valid: the text of every cell, but no output."""
    cells = [[cell.id, cell.source, most_points(cell), *cell.get("attachments", {}).items()] for cell in notebook.cells]
    return hashlib.sha256(json.dumps([problem, cells]).encode()).hexdigest()


def read_result(path: Path) -> Graded | None:
    """Return a result, or None where there is none that can be read."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Graded(**{**data, "marks": [Mark(**mark) for mark in data["marks"]]})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def spoken(name: str) -> str:
    """Return a name for a terminal or a page: what cannot be printed, such as a byte that is no letter, by number."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in name)


def is_graded(cell: NotebookNode) -> bool:
    """Return whether a cell gives points."""
    return bool(cell.metadata.get("nbgrader", {}).get("grade"))


def is_text(cell: NotebookNode) -> bool:
    """Return whether a graded cell is read by somebody."""
    return bool(cell.metadata.nbgrader.solution)


def most_points(cell: NotebookNode) -> float:
    """Return how many points a cell can give."""
    return float(cell.metadata.get("nbgrader", {}).get("points", 0))


def checked_answers(cell: NotebookNode) -> set[str]:
    """Return the names of the functions that a chapter's check examines."""
    return {answer for _, answer in CHECK.findall(cell.source)}


def own_answer(cell: NotebookNode) -> str:
    """Return the cell that the check of an instructor's own question examines, "" of other checks."""
    return f"{about(cell)['question']}-code" if about(cell).get("kind") == "code" else ""


def text_mark(cell: NotebookNode, begun: NotebookNode, ours: NotebookNode) -> Mark:
    """Return the mark of a text: none yet, or 0 where nothing was written; choices are graded at once."""
    same = cell.source.strip() in ("", handed_out(begun).strip()) and not cell.get("attachments")
    if about(begun).get("kind") == "choice" and not same:
        return choice_mark(cell, begun, ours)
    return Mark(cell.id, most_points(cell), 0.0 if same else None, words="" if same else cell.source[:WORDS])


def choice_mark(cell: NotebookNode, begun: NotebookNode, ours: NotebookNode) -> Mark:
    """Return the mark of a choice; one that cannot be read waits for somebody."""
    question = about(begun)["question"]
    asked = next((one.source for one in ours.cells if one.id == f"{question}-question"), "")
    right, mistake, said = chosen(cell.source[:WORDS], asked, begun.source)
    points = most_points(cell)
    if right is None:
        return Mark(cell.id, points, None, words=said)
    words = [said, phrase("Right.") if right else phrase("Not right.")]
    if mistake:
        known = texts().get(mistake, {}).get("message", "")
        words += [*[known] * bool(known and "{" not in known), f"[{mistake}]"]
    return Mark(cell.id, points, points if right else 0.0, mistake, "\n".join(words))


def check_mark(cell: NotebookNode, run: Run, above: str) -> Mark:
    """Return the mark of a check; `above` says what went wrong in the cells before it."""
    if cell.id in run.passed:
        return Mark(cell.id, most_points(cell), most_points(cell))
    if cell.id in run.unclear:
        return Mark(cell.id, most_points(cell), None, words=phrase(UNCLEAR, cells=run.unclear[cell.id]))
    # nbgrader gives full points to a cell without outputs, and so to one that never ran. Here it is none.
    errors = [output for output in cell.outputs if output.output_type == "error"]
    stopped = phrase("This check did not run: {reason}.", reason=run.stopped or phrase("no answer"))
    words = why(cell, run) if errors else stopped
    found = IDENTIFIER.search(words) if errors and errors[-1].ename in SPEAKING else None
    return Mark(cell.id, most_points(cell), 0.0, found[1] if found else "", "\n".join(filter(None, [words, above])))


def why(cell: NotebookNode, run: Run) -> str:
    """Return what stopped a cell, without its kind where the check itself speaks."""
    if cell.id in run.slow:
        return phrase("it took too long and was stopped.")
    errors = [output for output in cell.outputs if output.output_type == "error"]
    if not errors:
        return phrase("it did not run.")
    words = TERMINAL_COLOUR.sub("", str(errors[-1].evalue))[:WORDS]
    if errors[-1].ename in SPEAKING and words:
        return words
    return f"{errors[-1].ename}: {words}" if words else phrase("A condition of the check does not hold.")
