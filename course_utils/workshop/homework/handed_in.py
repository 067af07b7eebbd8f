"""The cells of a notebook file, read within a budget: what a student sends may be anything at all.

A small file is read here. A larger one is read by a process of its own, whose memory and time the system bounds: twenty
megabytes of brackets become a gigabyte of lists. Run as a program, this module is that process.
"""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Piece", "Unreadable", "read_file", "read_pieces"]

LARGEST = 20 * 2**20  # bytes of a file; outputs with pictures included
SMALL = 2**20  # bytes that are read here
CELLS, TEXT, PICTURES = 1000, 2**20, 4 * 2**20  # cells, their characters, and those of pasted pictures, all together
SECONDS, MEMORY = 20, 2**30  # of the process that reads a large file
# Of a large file, whatever is wrong with it: which bound it meets first depends on what else the machine does.
UNREAD = "the file is not a notebook, or holds more than can be read"
PICTURE = re.compile(r"[A-Za-z0-9+/=\s]+")


class Unreadable(Exception):
    """A submission that cannot be graded; its text says why, to the student."""


@dataclass(frozen=True, eq=False)
class Piece:
    """A cell of a submission.

    Parameters
    ----------
    key
        What nbgrader knows it by; "" for a student's own.
    is_code
        Whether it is code.
    text
        Its text.
    id
        Its id in the file; "" in files that have none.
    pictures
        What was pasted into a text, as Base64, by name and kind.
    """

    key: str
    is_code: bool
    text: str
    id: str = ""
    pictures: dict[str, dict[str, str]] = field(default_factory=dict)


def read_file(path: Path) -> bytes:
    """Read a file that is one: no link, no pipe, not too large."""
    with os.fdopen(opened(path), "rb") as file:
        return file.read(LARGEST)


def read_pieces(path: Path) -> tuple[list[Piece], list[str]]:
    """Return the cells of a notebook file, and what was cut.

    Raises
    ------
    Unreadable
        If it is none.
    OSError
        If it cannot be opened.
    """
    with os.fdopen(opened(path), "rb") as file:
        if os.fstat(file.fileno()).st_size <= SMALL:
            return parsed(file.read(SMALL))
        words = [sys.executable, "-m", "course_utils.workshop.homework.handed_in"]
        variables = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
        try:
            ran = subprocess.run(
                words, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=SECONDS, env=variables,
                check=True,
            )  # fmt: skip
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            raise Unreadable(UNREAD) from None
    problem, pieces, notes = json.loads(ran.stdout)
    if problem:
        raise Unreadable(UNREAD)
    return [Piece(**one) for one in pieces], notes


def main() -> None:
    """Read a notebook from the standard input, and write its cells."""
    with suppress(ImportError):  # Windows has none
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        pieces, notes = parsed(sys.stdin.buffer.read(LARGEST))
        answer = ["", [asdict(one) for one in pieces], notes]
    except Unreadable as error:
        answer = [str(error), [], []]
    print(json.dumps(answer))


def opened(path: Path) -> int:
    """Open a file that is one."""
    if path.is_symlink():
        raise Unreadable(f"{path.name} is a link")
    # Should it turn into a link or a pipe now, this neither follows nor waits.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    state, why = os.fstat(handle), ""
    if not stat.S_ISREG(state.st_mode):
        why = f"{path.name} is no file"
    elif state.st_size > LARGEST:
        why = f"{path.name} is larger than {LARGEST // 2**20} MiB; clear its outputs"
    if why:
        os.close(handle)
        raise Unreadable(why)
    return handle


def parsed(data: bytes) -> tuple[list[Piece], list[str]]:
    """Return the cells of a notebook's text within the budget, and what was cut."""
    try:
        cells = json.loads(data)["cells"]
        pieces = [one for one in map(readable_piece, cells) if one is not None]
    except MemoryError:
        raise Unreadable("the file holds more than can be read") from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Unreadable("the file is not a notebook") from None
    if cells and not pieces:
        raise Unreadable("the file is not a notebook")
    odd = len(cells) - len(pieces)
    kept, notes = within(pieces)
    return kept, [*([f"cells that are none: {odd}"] if odd else []), *notes]


def within(pieces: list[Piece]) -> tuple[list[Piece], list[str]]:
    """Return the pieces that the budget has room for, and what was cut; a student's own cells are cut first."""
    room, notes = TEXT, []
    kept: set[int] = set()
    for place in sorted(range(len(pieces)), key=lambda place: not (pieces[place].key or pieces[place].id)):
        if len(kept) < CELLS and len(pieces[place].text) <= room:
            kept.add(place)
            room -= len(pieces[place].text)
    if len(kept) < len(pieces):
        most = f"a submission may have {CELLS} cells and {TEXT} characters"
        notes.append(f"{len(pieces) - len(kept)} of {len(pieces)} cells were left out: {most}")
    chosen = [pieces[place] for place in sorted(kept)]
    left, without = PICTURES, []
    for number, one in enumerate(chosen):
        size = sum(len(data) for kinds in one.pictures.values() for data in kinds.values())
        if size > left:
            chosen[number] = Piece(one.key, one.is_code, one.text, one.id)
            without.append(one.key or "an own cell")
        left -= size if size <= left else 0
    if without:
        notes.append(f"pictures left out in {', '.join(without[:5])}: together they may have {PICTURES} characters")
    return chosen, notes


def readable_piece(cell: Any) -> Piece | None:
    """Return what counts of a cell, or None if it is none."""
    try:
        return piece(cell)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def piece(cell: dict[str, Any]) -> Piece:
    """Return what counts of a cell."""
    marks = inside(cell, "metadata")
    key = inside(marks, "nbgrader").get("grade_id")
    name = cell.get("id") or marks.get("id")  # where Colab keeps it
    text = "".join(cell["source"])  # one text, or a list of lines
    known = [whole(one[:KEY]) if isinstance(one, str) else "" for one in (key, name)]
    return Piece(known[0], cell["cell_type"] == "code", whole(text), known[1], pictures(inside(cell, "attachments")))


KEY = 200  # characters of a name that can be one


def inside(values: dict[str, Any], name: str) -> dict[str, Any]:
    """Return what stands under a name, if it is a dictionary; tools rewrite metadata in their own ways."""
    found = values.get(name)
    return found if isinstance(found, dict) else {}


def whole(text: str) -> str:
    """Return a text for a file: half a letter is valid in JSON alone."""
    return text.encode("utf-8", "replace").decode()


def pictures(attachments: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Return the attachments that are pictures of points; others could hold scripts."""
    found: dict[str, dict[str, str]] = {}
    for name in attachments:
        for kind in ("image/png", "image/jpeg", "image/gif", "image/webp"):
            data = inside(attachments, name).get(kind, "")
            data = "".join(data) if isinstance(data, list) and all(isinstance(one, str) for one in data) else data
            if isinstance(data, str) and PICTURE.fullmatch(data):
                found.setdefault(whole(name), {})[kind] = "".join(data.split())
    return found


if __name__ == "__main__":
    main()
