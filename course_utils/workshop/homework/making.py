"""An assignment made: the instructor's notebook, what students get, and what nbgrader has to know."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from course_utils.texts import speaking
from course_utils.workshop.authoring.address import read_address
from course_utils.workshop.authoring.chapters import Chapter, ChapterError
from course_utils.workshop.authoring.files import replace_file
from course_utils.workshop.authoring.languages import source_in
from course_utils.workshop.authoring.notebook import encode_notebook, read_notebook
from course_utils.workshop.homework.assignment import assignment, opening_cells, released
from course_utils.workshop.homework.course_file import ROSTER, keep_seed, new_seed, read_course
from course_utils.workshop.homework.grading import is_graded, is_text, most_points
from course_utils.workshop.homework.made import Sheets, edited_cells, is_per_student, note, noted_sheets, put_aside
from course_utils.workshop.homework.own_sheet import own_assignment, own_cells
from course_utils.workshop.homework.question_file import QuestionFile, read_questions
from course_utils.workshop.homework.roster import Roster, roster_of_course
from course_utils.workshop.homework.submission import find_submissions
from course_utils.workshop.homework.trial import require_checks_work
from course_utils.workshop.homework.variants import drawn_from, sheet_of, variant, varies

__all__ = ["Made", "Work", "make_homework", "making_summary", "seeds", "source_file", "take_roster"]

SETTINGS = Path(__file__).parent / "settings" / "nbgrader_config.py"
SEEDS = 3  # hidden runs of each check, beside the one that students see
DRAWN = re.compile(r"^require_done\(.*, (\[[0-9, ]+\])\)$", re.MULTILINE)
TRIED = 3  # students whose numbers own checks are tried with
Work = Chapter | Path  # a chapter, or a file of an instructor's own questions


@dataclass(frozen=True)
class Made:
    """An assignment as it was made.

    Parameters
    ----------
    source
        The instructor's notebook.
    release
        The students'; with sheets of their own, the folder of all sheets.
    students
        How many have a sheet of their own.
    backup
        Where an edited notebook was put that was overwritten.
    """

    source: Path
    release: Path
    students: int = 0
    backup: Path | None = None


def make_homework(
    work: Work, course: Path, *, questions: Path | None = None, per_student: bool = False, roster: Path | None = None,
    overwrite: bool = False, keep_edits: bool = False, root: Path | None = None, language: str = "",
) -> Made:  # fmt: skip
    """Write an assignment into a course folder, laid out as nbgrader does.

    The hidden cases are drawn once. Whoever makes the assignment again gets the same, so that results stay valid.

    Parameters
    ----------
    work
        The chapter, whose source has to stand; or a file of questions.
    course
        The folder, such as `homework`.
    questions
        A file of questions that stand behind those of the chapter.
    per_student
        Whether each student gets a sheet of their own.
    roster
        The students; by default what `course.toml` names.
    overwrite
        Whether to overwrite what was edited by hand; it is copied first.
    keep_edits
        Whether to make students' sheets of the instructor's notebook as it stands, and leave that alone.
    root
        Where `pyproject.toml` stands, which knows the course's address; by default beside the chapter's notebooks.
    language
        In which the sheet is and its checks speak, "" for English; what is not translated is English. Feedback is in
        the language of the sheet.

    Raises
    ------
    ChapterError
        If the chapter has no source, or an exercise without a check; if a question is none; if the instructor's
        notebook was edited by hand; if there is no roster. Then nothing was written.
    """
    if overwrite and keep_edits:
        raise ChapterError("--overwrite and --keep-edits exclude each other")
    source, students = source_file(work, course), roster_of_course(course, roster)
    if per_student and not students.students:
        raise ChapterError(
            f"{course / 'course.toml'}: names no roster; sheets for each student need one: --roster FILE, a CSV with a "
            "column `id`"
        )
    require_same_kind(source, course, per_student)
    seed = read_course(course).seed or new_seed()
    tried = [one.id for one in students.students[:TRIED]] if per_student else [""]
    if keep_edits:
        if not source.exists():
            raise ChapterError(f"{source}: no such file, so there are no edits to keep")
        notebook, edited = read_notebook(source), False
    else:
        own = work if isinstance(work, Path) else questions
        file = read_questions(own) if own else None
        with speaking(language):
            template = unvaried(work, source, file, root, language)
        notebook = template if per_student else variant(template, seed)
        edited = require_no_edits(course, source, notebook, overwrite)
        if file is not None and any(question.kind == "code" for question in file.questions):
            require_checks_work([variant(template, seed, name) for name in tried], file.path)
    given, name = sheets_of(source, students, drawn_from(notebook, seed)) if per_student else None, source.parent.name
    release = course / "sheets" if given else course / "release" / name / source.name
    sheets = {release: released(variant(notebook, seed))} if given is None else {
        release / one.id / name / source.name: released(variant(notebook, seed, sheet_of(given, one)))
        for one in students.students
    }  # fmt: skip
    course.mkdir(mode=0o700, parents=True, exist_ok=True)  # hidden tests and gradebook are nobody else's
    keep_seed(course, seed)
    take_roster(course, roster)
    backup = put_aside(course, source) if edited else None
    if not keep_edits:
        write_file(source, notebook)
    note(course, name, None if keep_edits else notebook, given)
    for path, sheet in sheets.items():
        write_file(path, sheet)
    config = course / SETTINGS.name
    if not config.exists():  # an instructor may have written more into it
        replace_file(config, SETTINGS.read_bytes())
    if given:  # one that all have would show the places of the numbers
        shutil.rmtree(course / "release" / name, ignore_errors=True)
    return Made(source, release, len(sheets) if given else 0, backup)


def require_no_edits(course: Path, source: Path, notebook: NotebookNode, overwrite: bool) -> bool:
    """Refuse to write over what was edited by hand, unless that is wanted; return whether it was edited."""
    edited = edited_cells(course, source, notebook)
    if edited and not overwrite:
        raise ChapterError(
            f"{source}: was edited by hand ({', '.join(edited[:5])}{', …' * (len(edited) > 5)}), so nothing was "
            "written. --keep-edits makes the students' sheets of it as it stands; --overwrite makes it anew and "
            f"keeps a copy in {course / 'backup'}"
        )
    return bool(edited)


def sheets_of(source: Path, students: Roster, drawn: str) -> Sheets:
    """Return the sheets that students get: whoever has one keeps its numbers, whatever id this roster gives them.

    Raises
    ------
    ChapterError
        If students have handed in, and their numbers would be others now.
    """
    old = noted_sheets(source)
    handed_in = old and find_submissions(source.parents[2] / "submitted", source.parent.name)
    if old and handed_in and old.drawn != drawn:
        raise ChapterError(f"{source}: students have handed in; with other numbers or another seed they would get 0")
    new = Sheets(drawn, dict(old.owners) if old and old.drawn == drawn else {})
    had = {one.id: sheet_of(new, one) for one in students.students}
    if handed_in and not any(had.values()):
        raise ChapterError(
            f"{source}: students have handed in, and nobody in this roster has one of their sheets, made for "
            f"{', '.join(list(new.owners)[:5])}; give a roster with these ids, or the same names or e-mail addresses"
        )
    for one in students.students:
        owner = had[one.id] or one.id
        new.owners[owner] = sorted({*new.owners.get(owner, []), *one.others, one.id.casefold()})
    return new


def require_same_kind(source: Path, course: Path, per_student: bool) -> None:
    """Refuse to give students other numbers than those of the sheets that they have."""
    name, had = source.parent.name, is_per_student(source)
    if not source.exists() or had == per_student:
        return
    if had and (sheets := sorted((course / "sheets").glob(f"*/{name}"))):
        raise ChapterError(
            f"{source}: each student has a sheet of their own, so make it again with --per-student; for one sheet that "
            f"all have, first remove {sheets[0].parents[1] / '*' / name}"
        )
    if not had and find_submissions(course / "submitted", name):
        raise ChapterError(
            f"{source}: students have handed in the sheet that all have; with --per-student they would be graded by "
            "other numbers"
        )


def unvaried(
    work: Work, source: Path, file: QuestionFile | None, root: Path | None, language: str = ""
) -> NotebookNode:
    """Return the instructor's notebook with the places of its numbers."""
    if isinstance(work, Path):
        assert file is not None
        return own_assignment(file, opening_cells(read_address(root or Path()), language))
    if not work.source.exists():
        raise ChapterError(f"{work.source}: no such file")
    opening = opening_cells(read_address(root or work.notebook.parent.parent), language)
    chapter = source_in(work, language)
    return assignment(chapter, seeds(source), opening, own_cells(file) if file else ())


def take_roster(course: Path, given: Path | None) -> None:
    """Copy a roster into the course's folder, where grading finds it; an older one is put aside."""
    place = course / ROSTER
    if given is None or given.resolve() == place.resolve():
        return
    data = given.read_bytes()
    if place.exists() and place.read_bytes() != data:
        put_aside(course, place)
    replace_file(place, data)


def write_file(path: Path, notebook: NotebookNode) -> None:
    """Write a notebook, and its folder if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, encode_notebook(notebook))


def source_file(work: Work, course: Path) -> Path:
    """Return where the instructor's notebook of an assignment lies."""
    if isinstance(work, Path):
        return course / "source" / work.stem / f"{work.stem}.ipynb"
    return course / "source" / f"homework{work.stem[:2]}" / f"{work.stem}.ipynb"


def seeds(source: Path) -> list[int]:
    """Return the seeds of the hidden cases: those the assignment has, or new ones."""
    found = DRAWN.search("\n".join(cell.source for cell in read_notebook(source).cells)) if source.exists() else None
    return json.loads(found[1]) if found else [secrets.randbits(32) for _ in range(SEEDS)]


def making_summary(work: Work, made: Made) -> str:
    """Return what to do with an assignment."""
    notebook = read_notebook(made.source)
    cells = [cell for cell in notebook.cells if is_graded(cell)]
    texts = [cell for cell in cells if is_text(cell)]
    choices = sum(cell.metadata.get("course", {}).get("kind") == "choice" for cell in texts)
    course, name = made.source.parents[2], made.source.parent.name
    where = f" --course {course}" if str(course) != "homework" else ""
    asked = str(work) if isinstance(work, Path) else work.short_name
    sheet = f"{made.release}/STUDENT/{name}/{made.source.name}" if made.students else str(made.release)
    counts = [(len(cells) - len(texts), "checks"), (choices, "choices"), (len(texts) - choices, "texts to read")]
    said = [f"{count} {what if count != 1 else what.replace('s', '', 1)}" for count, what in counts if count]
    lines = [f"{made.backup}: a copy of what was edited by hand"] * bool(made.backup)
    lines += [
        f"{sheet}: hand {'each student theirs' if made.students else 'this out'}; it has no solutions and no hidden "
        "tests",
        f"{made.source}: yours alone",
        f"{' and '.join([', '.join(said[:-1]), said[-1]] if len(said) > 1 else said)}, "
        f"{sum(map(most_points, cells)):g} points" + f", {made.students} students" * bool(made.students),
    ]
    if varies(notebook) and not made.students and not is_per_student(made.source):
        lines.append("All have the same numbers and the same order of choices; --per-student gives each their own")
    lines += [
        f"Collect {course / 'submitted' / 'STUDENT' / name / made.source.name}, then run",
        f"  python -m course_utils homework {asked}{where} --grade",
    ]
    return "\n".join(lines)
