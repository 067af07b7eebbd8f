"""What learning platforms, browsers and tools make of a notebook's name, and whose it then is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

__all__ = ["attempt_at", "collected", "find_notebook"]

# Behind the name: ` (1)` of browsers, `-1` of Canvas, `-Copy1` of Jupyter, ` copy 2` and ` - Copy` of desktops.
AGAIN = r"(?:[ _-]?\((?P<one>\d{1,3})\)|-(?P<two>\d{1,3})|[ _-]*[Cc]opy ?(?P<three>\d{0,3}))*"
TYPE = r"\.ipynb(?:\.json|\.txt)?"  # Safari and some mail programs add a second one
CHAPTER = r"\d\d_[a-z][a-z0-9]*(?:_[a-z0-9]+)*"  # the name of a chapter's notebook, without its type
# Before the name, or as the name of a folder: whose it is.
OWNERS = (
    re.compile(r"(?P<student>.+?_\d+)_assignsubmission_(?:file|onlinetext)_?"),  # Moodle
    re.compile(r".*?_(?P<student>[^_]+)_attempt_[\d-]+_?"),  # Blackboard
    re.compile(r"(?P<student>[^_]+)(?:_LATE)?_(?P<id>\d+)_\d+_"),  # Canvas
    re.compile(r"(?P<student>.+)_"),  # as README has it
)
COPY = re.compile(r"\A(?:Copy of|Kopie von|Copie de|Copia de) ")  # as shared drives have it
UNFIT = re.compile(r'\A\.|[\x00-\x1f\x7f-\x9f/\\<>"\u2028\u2029\ud800-\udfff]')
LONGEST = 200  # characters of a name


def attempt_at(file: str, stem: str) -> int:
    """Return the number of a file that is a notebook by another name, 0 without a number, and -1 if it is not."""
    found = re.fullmatch(rf"(?:.*[ _-])?{re.escape(stem)}{AGAIN}{TYPE}", file, re.DOTALL)
    return max(int(found[name] or 0) for name in ("one", "two", "three")) if found else -1


def find_notebook(folder: Path, name: str) -> Path | None:
    """Return the notebook in a folder, by its name or, where nothing has that, by the latest name made of it."""
    if (folder / name).is_symlink() or (folder / name).exists():
        return folder / name
    found = [(attempt_at(path.name, Path(name).stem), path) for path in folder.iterdir()]
    return max((one for one in found if one[0] >= 0), default=(0, None), key=lambda one: (one[0], str(one[1])))[1]


def collected(path: str, asked: Iterable[str] = ()) -> dict[str, str] | None:
    """Return whose notebook a downloaded file is, and which, for `nbgrader zip_collect`; None if that cannot be said.

    Of several that a student has sent, the one with the highest number counts.

    Parameters
    ----------
    path
        The file.
    asked
        Names of notebooks, without their type, that are looked for beside those of chapters.
    """
    file, stems = Path(path), "|".join([*map(re.escape, asked), CHAPTER])
    known = owner(file, stems)
    if known is None:
        return None
    student, stem, number = known
    others = (owner(other, stems) for other in file.parent.iterdir() if other != file and other.suffix == file.suffix)
    if any(other is not None and other[:2] == (student, stem) and other[2] > number for other in others):
        return None
    return {"student_id": student, "file_id": stem}


def owner(file: Path, stems: str) -> tuple[str, str, int] | None:
    """Return the student, the notebook and the number of a file; a notebook's name is one of these."""
    # The last that can be one: Moodle's `71_assignsubmission_file_` before it looks like the name of a chapter.
    found = re.fullmatch(rf"(?P<before>.*[ _-])?(?P<stem>{stems}){AGAIN}{TYPE}", file.name, re.DOTALL)
    if not found:
        return None
    before = COPY.sub("", found["before"] or "")
    student = named(before) if before.strip("_- ") else named(file.parent.name) or file.parent.name
    if not student or UNFIT.search(student) or len(student) > LONGEST:
        return None
    return student, found["stem"], attempt_at(file.name, found["stem"])


def named(text: str) -> str:
    """Return the student in what stands before a notebook's name."""
    for pattern in OWNERS:
        if found := pattern.fullmatch(text):
            number = found.groupdict().get("id")
            return found["student"].strip() + (f"_{number}" if number else "")
    return ""
