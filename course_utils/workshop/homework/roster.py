"""Who takes the course: a CSV of one's own, or what Canvas or Moodle exports."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.homework.course_file import read_course
from course_utils.workshop.homework.reading import text_of

__all__ = ["Roster", "Student", "read_roster", "roster_of_course"]

# How columns are called, by whom; the first that is there counts. Compared without regard to case.
ID = ("id", "student", "student id", "student_id")
CANVAS_ID = ("sis login id", "sis user id", "id")
MOODLE_ID = ("username", "id number", "email address", "identifier")
NAME = ("name", "student name", "full name")
FIRST, LAST = ("first name", "first_name", "firstname"), ("last name", "surname", "last_name", "lastname")
EMAIL = ("email", "email address", "e-mail", "mail")
OTHERS = (*CANVAS_ID, *MOODLE_ID, *EMAIL)
# A student's id is the name of a folder, and nbgrader writes it into its pages.
ID_FORM = re.compile(r"""[^\s./\\<>"'|:*?\x00-\x1f\x7f][^/\\<>"|:*?\x00-\x1f\x7f]{0,99}""")


@dataclass(frozen=True)
class Student:
    """One student.

    Parameters
    ----------
    id
        Which names the folders of this student.
    name
        To be read.
    email
        May be "".
    row
        The columns of the file, by their name as it stands there.
    others
        Small letters of whatever else names this student.
    number
        Which the platform writes behind the name of what it lets one download.
    """

    id: str
    name: str = ""
    email: str = ""
    row: dict[str, str] = field(default_factory=dict)
    others: frozenset[str] = frozenset()
    number: str = ""


@dataclass(frozen=True)
class Roster:
    """All students.

    Parameters
    ----------
    students
        In the order of the file.
    kind
        "own", "canvas", "moodle", or "worksheet" for the one that Moodle takes back with grades.
    columns
        The names of the columns.
    """

    students: tuple[Student, ...] = ()
    kind: str = "own"
    columns: tuple[str, ...] = ()

    def student(self, name: str) -> Student | None:
        """Return whom a folder belongs to: by id, else by another name that only one student has.

        Downloads are named `kingada_4711` by Canvas and `Ada King_71` by Moodle. There the platform's number counts, or
        where the roster has none the name.
        """
        name = one_form(name)
        known, _, number = name.rpartition("_")
        behind = [one for one in self.students if one.number] if known and number.isdecimal() else []
        found = [one for one in self.students if one.id == name]
        found = found or [one for one in self.students if name.casefold() in one.others]
        found = found or [one for one in behind if one.number == number]
        if not found and number.isdecimal() and not behind:
            found = [one for one in self.students if known and one.name.casefold() == known.casefold()]
        return found[0] if len(found) == 1 else None

    def id(self, name: str) -> str:
        """Return the id of a folder's student; the folder's own name where the roster has none."""
        found = self.student(name)
        return found.id if found else name


def one_form(text: str) -> str:
    """Return a text with each accent in one letter with what bears it; macOS writes names of files in two."""
    return unicodedata.normalize("NFC", text)


def roster_of_course(course: Path, given: Path | None = None) -> Roster:
    """Return the students of a course: of the file that is given, or that its settings name; none without either."""
    path = given or read_course(course).roster
    return read_roster(path) if path else Roster()


def read_roster(path: Path) -> Roster:
    """Read a roster.

    Raises
    ------
    ChapterError
        With the file, the line, and what is allowed there.
    """
    text = one_form(text_of(path))
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        rows = [(reader.line_num, [field.strip() for field in row]) for row in reader]
    except csv.Error as error:
        raise ChapterError(f"{path}:{reader.line_num}: is no CSV: {error}") from None
    if not rows:
        raise ChapterError(f"{path}: is empty; its first line names the columns: id, name, email")
    return roster_of(path, rows)


def roster_of(path: Path, rows: list[tuple[int, list[str]]]) -> Roster:
    """Return the roster that the rows of a file make."""
    columns = tuple(rows[0][1])
    kind = kind_of(columns)
    if not kind:
        raise ChapterError(
            f"{path}:1: the columns are {', '.join(columns)}; needed is `id`, with name and email if you like, or "
            "the columns of an export of Canvas (Student, ID, SIS Login ID) or of Moodle (First name, Email address)"
        )
    found: dict[str, tuple[int, Student]] = {}
    for line, row in rows[1:]:
        if not any(row) or (kind == "canvas" and no_student(row)):
            continue
        if len(row) > len(columns) and any(row[len(columns) :]):
            raise ChapterError(f"{path}:{line}: has {len(row)} fields, the first line names {len(columns)}")
        one = student_of(kind, dict(zip(columns, row, strict=False)))
        if not ID_FORM.fullmatch(one.id):
            raise ChapterError(
                f'{path}:{line}: {one.id!r} is no id: 1 to 100 letters are allowed, none of / \\ < > " | : * ?, '
                "and no dot or space at the beginning, since it names a folder"
            )
        if one.id in found:
            raise ChapterError(f"{path}:{line}: the id {one.id} stands in line {found[one.id][0]} already")
        found[one.id] = (line, one)
    if not found:
        raise ChapterError(f"{path}: has no students")
    return Roster(tuple(one for _, one in found.values()), kind, columns)


def kind_of(columns: tuple[str, ...]) -> str:
    """Return whose columns they are, or "" if they are nobody's."""
    known = {column.casefold() for column in columns}
    if "identifier" in known and "grade" in known:
        return "worksheet"
    if "student" in known and known & set(CANVAS_ID):
        return "canvas"
    if known & {"id number", "email address", "username"} and known & {*FIRST, *NAME}:
        return "moodle"
    return "own" if known & set(ID) else ""


def no_student(row: list[str]) -> bool:
    """Return whether a row of Canvas is none of a student: points, posting, or its student for tests."""
    first = row[0].casefold()
    others = all(not field or field.casefold().startswith(("muted", "manual posting")) for field in row)
    return "points possible" in first or first == "student, test" or others


def student_of(kind: str, row: dict[str, str]) -> Student:
    """Return the student of a row."""
    small = {column.casefold(): value for column, value in row.items()}

    def first(*names: str) -> str:
        return next((small[name] for name in names if small.get(name)), "")

    email, number = first(*EMAIL), ""
    name = first(*NAME) or " ".join(filter(None, [first(*FIRST), first(*LAST)]))
    if kind == "canvas":
        identity, name = first(*CANVAS_ID), small["student"]
        email = email or (identity if "@" in identity else "")
        last, comma, given = name.partition(", ")
        name, number = f"{given} {last}" if comma else name, small.get("id", "")
    else:
        identity = first(*MOODLE_ID) if kind in ("moodle", "worksheet") else first(*ID)
        number = first("identifier").rpartition(" ")[2] if kind == "worksheet" else ""
    others = {value.casefold() for column, value in small.items() if column in OTHERS and value}
    others |= {email.partition("@")[0].casefold(), name.casefold()} - {""}
    return Student(identity, name, email, row, frozenset(others), number)
