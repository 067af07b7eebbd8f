"""What a student handed in, read as what it may be: anything at all."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_utils.workshop.homework.assignment import handed_out

__all__ = ["LOST", "Unreadable", "asked_for", "find_submissions", "merged", "read_file", "read_submission"]

LARGEST = 20 * 2**20  # bytes of a file; outputs with pictures included
LOST = "This answer was not found in what was handed in; look by hand."
DEFINED = re.compile(r"^(?:def|class) (\w+)|^(\w+) *(?::[^=\n]+)?=(?!=)", re.MULTILINE)
FUNCTION = re.compile(r"^def (\w+)", re.MULTILINE)
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


def find_submissions(submitted: Path, assignment: str) -> list[Path]:
    """Return the folders `STUDENT/ASSIGNMENT`, in order of the names; hidden ones are none."""
    found = sorted(path for path in submitted.glob(f"*/{assignment}") if not path.parent.name.startswith("."))
    return [path for path in found if path.is_symlink() or path.is_dir()]


def read_submission(folder: Path, name: str) -> list[Piece]:
    """Read the notebook that lies in a student's folder.

    Raises
    ------
    Unreadable
        If there is none.
    """
    if folder.is_symlink() or folder.parent.is_symlink():
        raise Unreadable("the folder is a link")
    try:
        return parsed(read_file(folder / name))
    except FileNotFoundError:
        others = ", ".join(sorted(path.name for path in folder.iterdir() if path.suffix == ".ipynb")[:5])
        raise Unreadable(f"{name} is missing; there is: {others or 'no notebook'}") from None
    except OSError as error:
        raise Unreadable(f"{name} cannot be read: {error.strerror}") from None


def read_file(path: Path) -> bytes:
    """Read a file that is one: no link, no pipe, not too large."""
    if path.is_symlink():
        raise Unreadable(f"{path.name} is a link")
    # Should it turn into a link or a pipe now, this neither follows nor waits.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(handle, "rb") as file:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            raise Unreadable(f"{path.name} is no file")
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Unreadable(f"{path.name} is larger than {LARGEST // 2**20} MiB; clear its outputs")
    return data


def parsed(data: bytes) -> list[Piece]:
    """Return the cells of a notebook file."""
    try:
        return [piece(cell) for cell in json.loads(data)["cells"]]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Unreadable("the file is not a notebook") from None


def piece(cell: dict[str, Any]) -> Piece:
    """Return what counts of a cell."""
    marks = inside(cell, "metadata")
    key = inside(marks, "nbgrader").get("grade_id") or ""
    name = cell.get("id") or marks.get("id") or ""  # where Colab keeps it
    text = "".join(cell["source"])  # one text, or a list of lines
    return Piece(str(key), cell["cell_type"] == "code", whole(text), str(name), pictures(inside(cell, "attachments")))


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
            data = "".join(inside(attachments, name).get(kind, ""))
            if PICTURE.fullmatch(data):
                found.setdefault(whole(name), {})[kind] = "".join(data.split())
    return found


def merged(ours: NotebookNode, theirs: list[Piece]) -> NotebookNode:
    """Return what is run: the student's answers and own cells, and everything else as the instructor has it.

    Outputs, metadata and changed read-only cells of the submission do not count. A read-only cell that it lacks is put
    back behind its neighbour, but a check comes last, when all answers stand. An answer that is nowhere has the mark
    `lost`.
    """
    chosen = matched(ours, theirs)
    stubs = {handed_out(cell).strip() for cell in ours.cells if is_answer(cell)}
    written = {one for one in theirs if one.is_code and one.text.strip() not in stubs}
    names = {name for one in written for name in defined(one.text)}
    cells: list[NotebookNode] = []
    for place, one in enumerate(theirs):
        cell = chosen.get(place)
        if cell is not None and not (untouched(cell, one) and names & asked_for(cell)):
            cells.append(answered(cell, one))
        elif cell is None and one in written:
            cells.append(new_code_cell(one.text, id=f"own-{place}"))
    cells = completed(ours, cells, names)
    notebook = new_notebook(cells=cells, metadata=ours.metadata)
    notebook.nbformat_minor = 5
    return notebook


def matched(ours: NotebookNode, theirs: list[Piece]) -> dict[int, NotebookNode]:
    """Return which piece of a submission is which cell: by nbgrader's key, then the cell's id, then what it says.

    Of several answers it is the first that somebody has begun.
    """
    found: dict[int, NotebookNode] = {}
    known = {cell.id for cell in ours.cells}
    before = ""
    for cell in ours.cells:
        places = [place for place in alike(cell, before, theirs, known) if place not in found]
        begun = (place for place in places if not untouched(cell, theirs[place]))
        if (place := next(begun, places[0] if places else None)) is not None:
            found[place] = cell
        before = cell.source.strip()
    return found


def alike(cell: NotebookNode, before: str, theirs: list[Piece], known: set[str]) -> Iterator[int]:
    """Return the places of the pieces that can be a cell, the surest first; `before` is the text above it."""
    yield from (place for place, one in enumerate(theirs) if one.key == cell.id)
    others = [(place, one) for place, one in enumerate(theirs) if one.key not in known]
    yield from (place for place, one in others if one.id == cell.id)
    is_code = cell.cell_type == "code"
    others = [(place, one) for place, one in others if one.is_code == is_code and one.id not in known]
    if not is_answer(cell):
        yield from (place for place, one in others if one.text.strip() == cell.source.strip())
    elif is_code:
        yield from (place for place, one in others if asked_for(cell) & set(defined(one.text)))
    else:  # the text below its question
        yield from (place for place, _ in others if place and before and theirs[place - 1].text.strip() == before)


def completed(ours: NotebookNode, cells: list[NotebookNode], names: set[str]) -> list[NotebookNode]:
    """Return cells with those that are lacking; `names` are all that the submission defines."""
    cells, checks, place = list(cells), [], 0
    for cell in ours.cells:
        there = next((number for number, one in enumerate(cells) if one.id == cell.id), None)
        if there is not None:
            place = there + 1
        elif names & asked_for(cell):
            continue  # two answers in one cell
        elif cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade") and not is_answer(cell):
            checks.append(answered(cell, None))
        else:
            cells.insert(place, answered(cell, None))
            place += 1
    return cells + checks


def is_answer(cell: NotebookNode) -> bool:
    """Return whether students write into a cell; an instructor's own cell has no marks."""
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def untouched(cell: NotebookNode, one: Piece) -> bool:
    """Return whether an answer is empty, or as it was handed out."""
    return is_answer(cell) and not one.pictures and one.text.strip() in ("", handed_out(cell).strip())


def asked_for(cell: NotebookNode) -> set[str]:
    """Return the names of the functions that an answer is to define."""
    return set(FUNCTION.findall(cell.source)) if is_answer(cell) and cell.cell_type == "code" else set()


def defined(text: str) -> list[str]:
    """Return the names that code gives to functions, classes and values, on lines that are not indented."""
    return [function or value for function, value in DEFINED.findall(text)]


def answered(cell: NotebookNode, one: Piece | None) -> NotebookNode:
    """Return an instructor's cell, with the student's text where there is to be one; None stands for no answer."""
    new = (new_code_cell if cell.cell_type == "code" else new_markdown_cell)(cell.source, id=cell.id)
    new.metadata = nbformat.from_dict(cell.metadata)
    if is_answer(cell):
        new.source = one.text if one else f"# {LOST}" if cell.cell_type == "code" else LOST
        if one is None:
            new.metadata["lost"] = True
        elif one.pictures and cell.cell_type == "markdown":
            new.attachments = nbformat.from_dict(one.pictures)
    return new
