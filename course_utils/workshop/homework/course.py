"""The command that grades what was handed in, and writes pages, tables and files for a learning platform."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from nbformat import NotebookNode

from course_utils.texts import speaking
from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.files import replace_file
from course_utils.workshop.authoring.languages import LANGUAGE
from course_utils.workshop.authoring.notebook import read_notebook
from course_utils.workshop.homework import gradebook, lms
from course_utils.workshop.homework.class_page import class_page, note_class
from course_utils.workshop.homework.course_file import CourseFile, read_course
from course_utils.workshop.homework.feedback import Readings, hints_of, page, points_of, table, titles, total_points
from course_utils.workshop.homework.grading import Graded, grade_folder, most_points, spoken
from course_utils.workshop.homework.lateness import Lateness, handed_in, lateness
from course_utils.workshop.homework.making import Work, source_file, take_roster
from course_utils.workshop.homework.model_answers import model_answers
from course_utils.workshop.homework.roster import Roster, roster_of_course
from course_utils.workshop.homework.sandbox import Limits, contained, not_contained
from course_utils.workshop.homework.submission import NBGRADERS, Unreadable, find_submissions, read_file
from course_utils.workshop.homework.variants import variants

__all__ = ["Outcome", "grade_homework", "grading_summary"]

HINTED, NAMED = 10, 5  # students whose hints are told, and who are named, of many


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
    class_page
        The page about the whole class.
    for_platforms
        Files that learning platforms import; none without a roster.
    waiting
        How many students are not in them, since somebody has to read an answer of theirs.
    late
        How many handed in late.
    remarks
        What of roster and due dates did not count as somebody may have meant it.
    """

    graded: list[Graded]
    total: float
    scores: dict[str, float]
    table: Path
    feedback: Path
    in_gradebook: bool
    problem: str = ""
    class_page: Path | None = None
    for_platforms: tuple[Path, ...] = ()
    waiting: int = 0
    late: int = 0
    remarks: tuple[str, ...] = ()

    @property
    def failed(self) -> list[Graded]:
        """Submissions without a result; the next call tries them again."""
        return [one for one in self.graded if one.failed]


def grade_homework(
    work: Work, course: Path, *, workers: int = 2, export: Path | None = None, uncontained: bool = False,
    limits: Limits | None = None, roster: Path | None = None, names: bool = False,
) -> Outcome:  # fmt: skip
    """Grade all that was handed in, and write feedback, tables, a page about the class and nbgrader's gradebook.

    What is graded is not graded again, unless it or the assignment changed.

    Parameters
    ----------
    work
        The chapter, or the file of an instructor's own questions.
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
    roster
        The students; by default what the course's settings name.
    names
        Whether the page about the class names students.

    Raises
    ------
    ChapterError
        If there is no assignment or no submission, the table could not be written, or the system cannot contain a
        submission.
    """
    source = source_file(work, course)
    if not source.exists():
        word = work if isinstance(work, Path) else work.short_name
        raise ChapterError(f"{source}: no such file; first run `python -m course_utils homework {word}`")
    with speaking(language_in(read_notebook(source))):
        return _grade(source, course, workers, export, uncontained, limits, roster, names)


def language_in(notebook: NotebookNode) -> str:
    """Return the language of a sheet, "" for English."""
    said = next((cell.source for cell in notebook.cells if cell.id == LANGUAGE), "")
    return (re.findall(r'= "([a-z]{2})"', said) or [""])[0]


def _grade(
    source: Path, course: Path, workers: int, export: Path | None, uncontained: bool, limits: Limits | None,
    roster: Path | None, names: bool,
) -> Outcome:  # fmt: skip
    """Grade in the language that the course speaks."""
    name = source.parent.name
    results = course / "results" / name
    if export is not None:
        require_writable(export)
    students = roster_of_course(course, roster)  # before anything takes time: faults of these files are told at once
    settings, ours = by_ids(read_course(course), students, course / "submitted", name), variants(source)
    take_roster(course, roster)
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
    total = sum(most_points(cell) for cell in read_notebook(source).cells)
    late = {
        one.student: lateness(
            settings, name, students.id(one.student), handed_in(course / "submitted" / one.student / name)
        )
        for one in done
    }
    for one in done:
        folder = course / "feedback" / one.student / name
        folder.mkdir(parents=True, exist_ok=True)
        given, sheet = read.get(one.student, {}), ours(one.student)
        said = late[one.student].spoken(total_points(one, given), total)
        html = page(one, titles(sheet), given, model_answers(sheet), said)
        replace_file(folder / f"{source.stem}.html", html.encode("utf-8", "replace"))
        passed_on(course / "submitted" / one.student / name, folder)
    export = export or results.with_suffix(".csv")
    replace_file(export, table(graded, read, columns(done, read, late, total)).encode("utf-8", "replace"))
    note_class(source, done, read, late, students)
    whole = results.with_name(f"{name}-class.html")
    text = class_page(source, done, read, late, students, settings, names=names)
    replace_file(whole, text.encode("utf-8", "replace"))
    folders = folders_of(done, students)
    files, waiting = for_platforms(results, done, read, late, students, total, folders)
    return Outcome(
        graded, total, {one.student: total_points(one, read.get(one.student, {})) for one in done}, export,
        course / "feedback", gradebook.available() and not problem, problem, whole, files, waiting,
        sum(bool(one.days) for one in late.values()), tuple(remarks(name, settings, late, students, folders)),
    )  # fmt: skip


def by_ids(settings: CourseFile, roster: Roster, submitted: Path, name: str) -> CourseFile:
    """Return settings whose extensions go by the roster's ids, whatever else of a student the file names.

    Raises
    ------
    ChapterError
        If nobody is called as one of them says: who was meant would be late.
    """
    extensions: dict[str, dict[str, datetime]] = {}
    there = {folder.parent.name for folder in find_submissions(submitted, name)}
    for student, dates in settings.extensions.items():
        if roster.students and not roster.student(student) and student not in there:
            raise ChapterError(
                f"{settings.path}: [extensions.{student}]: the roster has nobody of this id; write one that stands "
                "there, or remove this extension"
            )
        extensions[roster.id(student)] = extensions.get(roster.id(student), {}) | dates
    return replace(settings, extensions=extensions)


def folders_of(graded: list[Graded], roster: Roster) -> dict[str, list[str]]:
    """Return the folders of each student, by the student's id."""
    found: dict[str, list[str]] = {}
    for one in graded:
        found.setdefault(roster.id(one.student), []).append(one.student)
    return found


def remarks(
    name: str, settings: CourseFile, late: Mapping[str, Lateness], roster: Roster, folders: Mapping[str, list[str]]
) -> Iterator[str]:
    """Give what of roster and due dates did not count as somebody may have meant it."""
    if strangers := [one for one in late if roster.students and not roster.student(one)]:
        yield f"{len(strangers)} not in the roster: {named(strangers)}"
    for student, several in folders.items():
        if len(several) > 1:
            whose = f"{named(several)} are folders of one student, {spoken(student)}"
            yield f"{whose}, who gets points on no platform until one is left"
    if settings.due and name not in settings.due:
        yield f"{settings.path}: [due] has no {name}, so it has no due date; there is: {', '.join(settings.due)}"
    if untimed := [one for one, how in late.items() if how.due and not how.when]:
        yield f"{len(untimed)} without a time at which they handed in count as in time: {named(untimed)}"


def named(students: list[str]) -> str:
    """Return the first of some names."""
    return ", ".join(map(spoken, students[:NAMED])) + ", …" * (len(students) > NAMED)


def columns(
    graded: list[Graded], read: Mapping[str, Readings], late: Mapping[str, Lateness], total: float
) -> dict[str, dict[str, object]]:
    """Return what the table says of the time at which each was handed in, and what that leaves of the score."""
    found: dict[str, dict[str, object]] = {}
    for one in graded:
        how, score = late[one.student], total_points(one, read.get(one.student, {}))
        when = f"{how.when:%Y-%m-%d %H:%M} UTC" if how.when else ""
        found[one.student] = {"handed_in": when, "days_late": how.days, "final": round(how.final(score, total), 6)}
    return found


def for_platforms(
    results: Path, graded: list[Graded], read: Mapping[str, Readings], late: Mapping[str, Lateness], roster: Roster,
    total: float, folders: Mapping[str, list[str]],
) -> tuple[tuple[Path, ...], int]:  # fmt: skip
    """Write the files for Canvas and Moodle; who waits for a reader has no points there yet. Return how many do.

    Nor has who handed in twice, in two folders: neither of the results may stand for the other.
    """
    if not roster.students:
        return (), 0
    points, waiting = {}, 0
    for one in graded:
        given = read.get(one.student, {})
        if any(points_of(mark, given) is None for mark in one.marks):
            waiting += 1
        elif len(folders[roster.id(one.student)]) == 1:
            points[roster.id(one.student)] = round(late[one.student].final(total_points(one, given), total), 6)
    files = []
    for platform, write in (("canvas", lms.canvas), ("moodle", lms.moodle)):
        files.append(results.with_name(f"{results.name}-{platform}.csv"))
        replace_file(files[-1], write(roster, results.name, total, points).encode("utf-8", "replace"))
    return tuple(files), waiting


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


def passed_on(submitted: Path, feedback: Path) -> None:
    """Copy what `nbgrader release_feedback` needs, to give a page to its owner alone."""
    for name in NBGRADERS:
        with suppress(Unreadable, OSError):  # without them the exchange gives nothing back to this student
            replace_file(feedback / name, read_file(submitted / name))


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
    lines += [f"{outcome.class_page}: the class, without names unless --names"] * bool(outcome.class_page)
    if outcome.for_platforms:
        waits = f"; {outcome.waiting} not in it yet, since an answer of theirs has to be read" * bool(outcome.waiting)
        lines.append(f"{' and '.join(map(str, outcome.for_platforms))}: for Canvas and Moodle{waits}")
    lines += outcome.remarks
    lines += [f"{outcome.late} late"] * bool(outcome.late)
    lines += ["gradebook.db has the scores; the texts wait in nbgrader's form grader"] * outcome.in_gradebook
    lines += [f"gradebook.db has not all scores: {outcome.problem}"] * bool(outcome.problem)
    lines += [f"{spoken(one.student)}: not graded: {one.failed}" for one in outcome.failed]
    lines += hinted(outcome.graded)
    if open_ones:
        lines.append(f"{open_ones} ran with your rights, since this system cannot contain them: {contained()}")
    else:
        lines += ["Not contained:", *(f"- {line}" for line in not_contained())]
    return "\n".join(lines)


def hinted(graded: list[Graded]) -> list[str]:
    """Return the first hints at tampering; the table has all of them."""
    found = [f"{spoken(one.student)}: {spoken('; '.join(hints))}" for one in graded if (hints := hints_of(one, graded))]
    more = [f"- {len(found) - HINTED} more"] if len(found) > HINTED else []
    lines = ["Look at (hints at tampering or copying, no proof):", *(f"- {one}" for one in found[:HINTED]), *more]
    return lines if found else []
