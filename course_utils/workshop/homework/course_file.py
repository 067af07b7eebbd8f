"""A course's settings, `course.toml` in its folder: the seed of numbers, the roster, due dates, what lateness costs."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import tomli

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.files import replace_file
from course_utils.workshop.homework.reading import text_of

__all__ = ["ROSTER", "CourseFile", "LateRule", "keep_seed", "new_seed", "read_course"]

NAME, ROSTER = "course.toml", "roster.csv"
TEMPLATE = Path(__file__).parent / "settings" / NAME
ALLOWED = {"": ("seed", "roster", "due", "extensions", "late"), "late": ("percent_a_day", "days", "grace_minutes")}


@dataclass(frozen=True)
class LateRule:
    """What being late costs.

    Parameters
    ----------
    percent_a_day
        Of the assignment's points, for each day that has begun.
    days
        After so many nothing counts; None for no end.
    grace_minutes
        How late is not late.
    """

    percent_a_day: float = 0.0
    days: float | None = None
    grace_minutes: float = 0.0

    def spoken(self) -> str:
        """Return the rule in words."""
        if not self.percent_a_day and self.days is None:
            return "Being late costs nothing."
        words = f"Each day begun after the due date costs {self.percent_a_day:g} % of the assignment's points"
        words += f", up to {self.grace_minutes:g} minutes cost nothing" * bool(self.grace_minutes)
        if self.days is None:
            return words + "."
        return words + f", and after {self.days:g} days nothing counts."


@dataclass(frozen=True)
class CourseFile:
    """What `course.toml` says.

    Parameters
    ----------
    path
        Where it stands.
    seed
        What students' numbers are drawn with; "" where it is not set.
    roster
        The file of students, by default `roster.csv` beside it if that is there; else None.
    due
        When each assignment is due; one without is never late.
    extensions
        By student, and by assignment, a later date.
    late
        What being late costs.
    """

    path: Path
    seed: str = ""
    roster: Path | None = None
    due: dict[str, datetime] = field(default_factory=dict)
    extensions: dict[str, dict[str, datetime]] = field(default_factory=dict)
    late: LateRule = field(default_factory=LateRule)


def read_course(course: Path) -> CourseFile:
    """Read the settings of a course; all may be missing.

    Raises
    ------
    ChapterError
        With the file, the line, and what is allowed there.
    """
    path, usual = course / NAME, course / ROSTER
    if not path.exists():
        return CourseFile(path, roster=usual if usual.exists() else None)
    text = text_of(path)
    try:
        data = tomli.loads(text)
    except ValueError as error:
        raise ChapterError(f"{path}: cannot be read: {error}") from error
    reader = Reader(path, text)
    reader.require_known(data)
    late = reader.table(data, "late")
    reader.require_known(late, "late")
    roster = reader.word(data, "roster")
    extensions = reader.table(data, "extensions")
    return CourseFile(
        path,
        reader.word(data, "seed"),
        course / roster if roster else usual if usual.exists() else None,
        reader.dates(reader.table(data, "due"), "due"),
        {
            student: reader.dates(reader.table(extensions, "extensions", student), "extensions", student)
            for student in extensions
        },
        LateRule(
            reader.number(late, 100, "late", "percent_a_day") or 0.0,
            reader.number(late, 3650, "late", "days"),
            reader.number(late, 1440, "late", "grace_minutes") or 0.0,
        ),
    )


def new_seed() -> str:
    """Return a seed for students' numbers."""
    return secrets.token_hex(8)


def keep_seed(course: Path, seed: str) -> None:
    """Write a seed into a course's settings, unless they have one; a course without settings gets some to fill in."""
    known = read_course(course)
    if known.seed:
        return
    line = f'seed = "{seed}"'
    if known.path.exists():
        text = re.sub(r"^seed *=.*\n?", "", text_of(known.path), flags=re.MULTILINE)
        replace_file(known.path, f"{line}  # students' numbers come from it: keep it\n{text}".encode())
    else:
        replace_file(known.path, TEMPLATE.read_text(encoding="utf-8").replace('seed = ""', line).encode())


@dataclass(frozen=True)
class Reader:
    """Takes values out of what a file says, and tells where one is not as it should be."""

    path: Path
    text: str

    def fault(self, message: str, *keys: str) -> ChapterError:
        """Make an error with the line on which a key stands, the last of those that lead to it."""
        text, place, line = re.sub("#.*", "", self.text), 0, 1
        for key in keys:
            if found := re.compile(rf"\b{re.escape(key)}\b").search(text, place):
                place, line = found.end(), text.count("\n", 0, found.start()) + 1
        return ChapterError(f"{self.path}:{line}: {message}")

    def require_known(self, data: dict[str, Any], *keys: str) -> None:
        """Refuse a key that means nothing here, such as one with a typing error."""
        allowed = ALLOWED["".join(keys)]
        for key in data:
            if key not in allowed:
                raise self.fault(f"`{key}` is not known; allowed are: {', '.join(allowed)}", *keys, key)

    def table(self, data: dict[str, Any], *keys: str) -> dict[str, Any]:
        """Return a table."""
        found = data.get(keys[-1], {})
        if not isinstance(found, dict):
            raise self.fault(f"`{keys[-1]}` must be a table, `[{'.'.join(keys)}]`", *keys)
        return found

    def word(self, data: dict[str, Any], key: str) -> str:
        """Return a text."""
        found = data.get(key, "")
        if not isinstance(found, str):
            raise self.fault(f"`{key}` must be a text in quotes, got {found!r}", key)
        return found

    def number(self, data: dict[str, Any], most: float, *keys: str) -> float | None:
        """Return a number of at least 0."""
        found = data.get(keys[-1])
        if found is None:
            return None
        if not isinstance(found, (int, float)) or isinstance(found, bool) or not 0 <= found <= most:
            raise self.fault(f"`{keys[-1]}` must be a number from 0 to {most:g}, got {found!r}", *keys)
        return float(found)

    def dates(self, data: dict[str, Any], *keys: str) -> dict[str, datetime]:
        """Return moments by assignment."""
        for key, value in data.items():
            if not isinstance(value, datetime) or value.tzinfo is None:
                form = "2026-12-01 18:00:00+01:00"
                raise self.fault(f"`{key}` must be a moment with its zone, such as {form}, got {value}", *keys, key)
        return data
