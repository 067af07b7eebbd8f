"""The two commands of homework: make an assignment, grade what was handed in."""

from __future__ import annotations

import json
import re
import secrets
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from course_utils.texts import speaking
from course_utils.workshop.authoring.chapters import Chapter, ChapterError
from course_utils.workshop.authoring.files import replace_file
from course_utils.workshop.authoring.languages import LANGUAGE
from course_utils.workshop.authoring.notebook import read_notebook
from course_utils.workshop.homework import gradebook
from course_utils.workshop.homework.assignment import write_assignment
from course_utils.workshop.homework.feedback import page, table, titles, total_points
from course_utils.workshop.homework.grading import Graded, grade_folder, is_graded, is_text, most_points, spoken
from course_utils.workshop.homework.sandbox import NOT_CONTAINED, Limits, contained
from course_utils.workshop.homework.submission import Unreadable, read_file

__all__ = ["Outcome", "grade_homework", "grading_summary", "make_homework", "making_summary"]

SEEDS = 3  # hidden runs of each check, beside the one that students see
DRAWN = re.compile(r"^require_done\(.*, (\[[0-9, ]+\])\)$", re.MULTILINE)


@dataclass(frozen=True)
class Outcome:
    """What a grading gave.

    Parameters
    ----------
    graded
        The results, in order of the students' names.
    total
        The points of the whole assignment.
    scores
        The points of each student so far, readers' included.
    table
        The file with all scores.
    feedback
        The folder with a page for each student.
    in_gradebook
        Whether nbgrader's gradebook has the scores.
    problem
        Why it has not, although nbgrader is there.
    """

    graded: list[Graded]
    total: float
    scores: dict[str, float]
    table: Path
    feedback: Path
    in_gradebook: bool
    problem: str = ""

    @property
    def failed(self) -> list[Graded]:
        """Submissions without a result; the next call tries them again."""
        return [one for one in self.graded if one.failed]


def make_homework(chapter: Chapter, course: Path, language: str = "") -> tuple[Path, Path]:
    """Write a chapter's assignment into a course folder, laid out as nbgrader does.

    The hidden cases are drawn once. Whoever makes the assignment again gets the same, so that results stay valid.

    Parameters
    ----------
    chapter
        The chapter; its source has to stand.
    course
        The folder, such as `homework`.
    language
        In which the sheet is and its checks speak, "" for English. Feedback is in the language of the sheet.

    Returns
    -------
    tuple of Path
        The instructor's notebook and the students'.

    Raises
    ------
    ChapterError
        If the chapter has no source, or an exercise without a check.
    """
    if not chapter.source.exists():
        raise ChapterError(f"{chapter.source}: no such file")
    source, release, _ = write_assignment(chapter.source, course, seeds(source_file(chapter, course)), language)
    return source, release


def grade_homework(
    chapter: Chapter, course: Path, *, workers: int = 2, export: Path | None = None, uncontained: bool = False,
    limits: Limits | None = None,
) -> Outcome:  # fmt: skip
    """Grade all that was handed in, and write feedback, a table and nbgrader's gradebook.

    What is graded is not graded again, unless it or the assignment changed.

    Parameters
    ----------
    chapter
        The chapter.
    course
        The course folder, with submissions in `submitted/STUDENT/ASSIGNMENT`.
    workers
        How many submissions run at once.
    export
        Where the table goes; by default beside the results. Its folder is made if need be.
    uncontained
        Whether to run submissions where the system cannot contain them.
    limits
        What each may use.

    Raises
    ------
    ChapterError
        If there is no assignment or no submission, the table could not be written, or the system cannot contain a
        submission.
    """
    source = source_file(chapter, course)
    if not source.exists():
        raise ChapterError(f"{source}: no such file; first run `python -m course_utils homework {chapter.short_name}`")
    with speaking(language_in(read_notebook(source))):
        return _grade(chapter, course, workers, export, uncontained, limits)


def language_in(notebook: NotebookNode) -> str:
    """Return the language of a sheet, "" for English."""
    said = next((cell.source for cell in notebook.cells if cell.id == LANGUAGE), "")
    return (re.findall(r'= "([a-z]{2})"', said) or [""])[0]


def _grade(
    chapter: Chapter, course: Path, workers: int, export: Path | None, uncontained: bool, limits: Limits | None
) -> Outcome:
    """Grade in the language that the course speaks."""
    source = source_file(chapter, course)
    name = source.parent.name
    results = course / "results" / name
    if export is not None:
        require_writable(export)
    graded = grade_folder(
        source, course / "submitted", results, workers=workers, limits=limits, open_allowed=uncontained
    )
    done = [one for one in graded if not one.failed]
    problem = ""
    if gradebook.available():
        try:
            gradebook.into_gradebook(done, source, results)
        except ChapterError as error:  # pages and table can be had without it
            problem = str(error)
    read = gradebook.readings(source)
    ours = read_notebook(source)
    for one in done:
        folder = course / "feedback" / one.student / name
        folder.mkdir(parents=True, exist_ok=True)
        html = page(one, titles(ours), read.get(one.student, {}))
        replace_file(folder / f"{source.stem}.html", html.encode("utf-8", "replace"))
        passed_on(course / "submitted" / one.student / name, folder)
    export = export or results.with_suffix(".csv")
    replace_file(export, table(graded, read).encode("utf-8", "replace"))
    scores = {one.student: total_points(one, read.get(one.student, {})) for one in done}
    total = sum(most_points(cell) for cell in ours.cells)
    in_gradebook = gradebook.available() and not problem
    return Outcome(graded, total, scores, export, course / "feedback", in_gradebook, problem)


def source_file(chapter: Chapter, course: Path) -> Path:
    """Return where the instructor's notebook of an assignment lies."""
    return course / "source" / f"homework{chapter.stem[:2]}" / f"{chapter.stem}.ipynb"


def require_writable(path: Path) -> None:
    """Refuse a file that could not be written once the class is graded; its folder is made if need be."""
    if path.is_dir():
        raise ChapterError(f"{path}: is a folder; name a file for the table")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise ChapterError(f"{path}: cannot be written: {error.strerror}") from error


def seeds(source: Path) -> list[int]:
    """Return the seeds of the hidden cases: those the assignment has, or new ones."""
    found = DRAWN.search("\n".join(cell.source for cell in read_notebook(source).cells)) if source.exists() else None
    return json.loads(found[1]) if found else [secrets.randbits(32) for _ in range(SEEDS)]


def passed_on(submitted: Path, feedback: Path) -> None:
    """Copy what `nbgrader release_feedback` needs, to give a page to its owner alone."""
    for name in ("timestamp.txt", "submission_secret.txt"):
        with suppress(Unreadable, OSError):  # without them the exchange gives nothing back to this student
            replace_file(feedback / name, read_file(submitted / name))


def making_summary(chapter: Chapter, source: Path, release: Path) -> str:
    """Return what to do with an assignment."""
    cells = [cell for cell in read_notebook(source).cells if is_graded(cell)]
    texts = [cell for cell in cells if is_text(cell)]
    course, name = source.parents[2], source.parent.name
    where = f" --course {course}" if str(course) != "homework" else ""
    return (
        f"{release}: hand this out; it has no solutions and no hidden tests\n"
        f"{source}: yours alone\n"
        f"{len(cells) - len(texts)} checks and {len(texts)} texts to read, {sum(map(most_points, cells)):g} points\n"
        f"Collect {course / 'submitted' / 'STUDENT' / name / source.name}, then run\n"
        f"  python -m course_utils homework {chapter.short_name}{where} --grade"
    )


def grading_summary(outcome: Outcome) -> str:
    """Return what a grading gave, and what of it is not certain."""
    stopped = sum(bool(one.stopped) for one in outcome.graded)
    open_ones = sum(not (one.contained or one.stopped or one.failed) for one in outcome.graded)
    scores = outcome.scores.values()
    mean = f"mean {sum(scores) / len(scores):.1f} of {outcome.total:g} points" if scores else "no result"
    lines = [
        f"{len(scores)} graded, {stopped} of them ended early; {mean}",
        f"{outcome.table}: all scores",
        f"{outcome.feedback}: a page for each student",
    ]
    lines += ["gradebook.db has the scores; the texts wait in nbgrader's form grader"] * outcome.in_gradebook
    lines += [f"gradebook.db has not all scores: {outcome.problem}"] * bool(outcome.problem)
    lines += [f"{spoken(one.student)}: not graded: {one.failed}" for one in outcome.failed]
    if open_ones:
        lines.append(f"{open_ones} ran with your rights, since this system cannot contain them: {contained()}")
    else:
        lines += ["Not contained:", *(f"- {line}" for line in NOT_CONTAINED)]
    return "\n".join(lines)
