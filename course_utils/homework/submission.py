"""What a student handed in, read as what it may be: anything at all."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_utils.authoring.solutions import without_solutions

__all__ = ["Unreadable", "find_submissions", "merged", "read_submission"]

LARGEST = 20 * 2**20  # bytes of a file; outputs with pictures included


class Unreadable(Exception):
    """A submission that cannot be graded; its text says why, to the student."""


@dataclass(frozen=True)
class Piece:
    """A cell of a submission: the key nbgrader knows it by, "" for a student's own, whether it is code, its text."""

    key: str
    is_code: bool
    text: str


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
    key = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", "")
    text = "".join(cell["source"])  # one text, or a list of lines
    # Half a letter is valid in JSON, but in no file.
    return Piece(str(key), cell["cell_type"] == "code", text.encode("utf-8", "replace").decode())


def merged(ours: NotebookNode, theirs: list[Piece]) -> NotebookNode:
    """Return what is run: the student's answers and own cells, and everything else as the instructor has it.

    Outputs, metadata and changed read-only cells of the submission do not count. Cells that it lacks come last.
    """
    known = {cell.id: cell for cell in ours.cells}
    cells: list[NotebookNode] = []
    for number, one in enumerate(theirs):
        if one.key in known:
            cells.append(answered(known.pop(one.key), one.text))
        elif one.is_code:
            cells.append(new_code_cell(one.text, id=f"own-{number}"))
    cells += [answered(cell, None) for cell in known.values()]
    notebook = new_notebook(cells=cells, metadata=ours.metadata)
    notebook.nbformat_minor = 5
    return notebook


def answered(cell: NotebookNode, text: str | None) -> NotebookNode:
    """Return an instructor's cell, with the student's text where there is to be one; None stands for no answer."""
    source = cell.source
    if cell.metadata.get("nbgrader", {}).get("solution"):  # an instructor's own cell has no marks
        empty = without_solutions(source) if cell.cell_type == "code" else source
        source = empty if text is None else text
    new = (new_code_cell if cell.cell_type == "code" else new_markdown_cell)(source, id=cell.id)
    new.metadata = nbformat.from_dict(cell.metadata)
    return new
