"""When something was handed in, and what it costs to be late."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from course_utils.texts import side_by_side
from course_utils.workshop.homework.course_file import CourseFile
from course_utils.workshop.homework.submission import Unreadable, read_file
from course_utils.workshop.phrases import phrase

__all__ = ["Lateness", "handed_in", "lateness"]

DAY = timedelta(days=1)
FORMS = ("%Y-%m-%d %H:%M:%S.%f %Z", "%Y-%m-%d %H:%M:%S %Z", "%Y-%m-%d %H:%M %Z")  # nbgrader writes the first


@dataclass(frozen=True)
class Lateness:
    """How late a submission was, and what that costs.

    Parameters
    ----------
    when
        When it was handed in, or None where nobody noted it.
    due
        When it was due for this student, or None.
    days
        Days begun after that, 0 in time.
    lost
        The share of the assignment's points that it costs, from 0 to 1.
    """

    when: datetime | None = None
    due: datetime | None = None
    days: int = 0
    lost: float = 0.0

    def final(self, score: float, total: float) -> float:
        """Return what is left of a score, of an assignment of so many points."""
        return score if not self.lost else 0.0 if self.lost >= 1 else max(score - self.lost * total, 0.0)

    def spoken(self, score: float, total: float) -> str:
        """Return what to tell the student, "" where there is nothing to tell."""
        if not self.days:
            return ""
        left = self.final(score, total)
        days = phrase("{days} days", days=self.days) if self.days > 1 else phrase("1 day")
        when, due = (f"{one:%Y-%m-%d %H:%M} UTC" for one in (utc(self.when), utc(self.due)))
        words = phrase("Handed in {when}, due {due}: {days} late", when=when, due=due, days=days)
        if not self.lost:
            return phrase("{words}, which costs nothing.", words=words)
        points = phrase("{points} points", points=f"{self.lost * total:g}")
        taken = phrase("all of it") if self.lost >= 1 else points
        counts = phrase("It counts {left} of {total} points.", left=f"{left:g}", total=f"{total:g}")
        return side_by_side(phrase("{words}, which costs {taken}.", words=words, taken=taken), counts)


def lateness(course: CourseFile, assignment: str, student: str, when: datetime | None) -> Lateness:
    """Return how late a student's submission is by the course's rule.

    Where nobody noted when it was handed in it counts as in time. An extension that ends before the due date changes
    nothing.
    """
    due = course.due.get(assignment)
    longer = course.extensions.get(student, {}).get(assignment)
    due = max((one for one in (due, longer) if one), default=None)
    if due is None or when is None:
        return Lateness(when, due)
    over = when - due
    if over <= timedelta(minutes=course.late.grace_minutes):
        return Lateness(when, due)
    days = math.ceil(over / DAY)
    ended = course.late.days is not None and over > course.late.days * DAY
    return Lateness(when, due, days, 1.0 if ended else min(days * course.late.percent_a_day / 100, 1.0))


def handed_in(folder: Path) -> datetime | None:
    """Return when a submission was handed in, as `timestamp.txt` beside it says, or None."""
    try:
        text = read_file(folder / "timestamp.txt").decode().strip()[:60]
    except (Unreadable, OSError, UnicodeDecodeError):
        return None
    with suppress(ValueError, OverflowError):
        return utc(datetime.fromisoformat(text.replace("Z", "+00:00")))
    for form in FORMS if text.endswith((" UTC", " GMT")) else ():  # other names of zones are not unique
        with suppress(ValueError, OverflowError):
            return utc(datetime.strptime(text, form))
    return None


def utc(moment: datetime | None) -> datetime:
    """Return a moment in UTC; one without a zone is in UTC, as nbgrader writes it."""
    assert moment is not None
    return moment.replace(tzinfo=timezone.utc) if moment.tzinfo is None else moment.astimezone(timezone.utc)
