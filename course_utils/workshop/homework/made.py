"""What `homework` wrote, by which it knows what an instructor has changed since; and copies of what it overwrites."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.files import replace_file
from course_utils.workshop.authoring.notebook import cell_id, read_notebook

__all__ = ["Sheets", "cells_of", "edited_cells", "is_per_student", "note", "noted_sheets", "put_aside"]

NAME = "made.json"  # beside the folders of nbgrader
BACKUP = "backup"  # not in `source`: what lies there nbgrader hands out


@dataclass(frozen=True)
class Sheets:
    """The sheets that students have of an assignment.

    Parameters
    ----------
    drawn
        The digest of all that their numbers come from beside the ids.
    owners
        By the id that a sheet was made for, what else names its student.
    """

    drawn: str
    owners: dict[str, list[str]] = field(default_factory=dict)


def cells_of(notebook: NotebookNode) -> dict[str, str]:
    """Return a digest of each cell, by its id: of its text and its marks, not of outputs or what editors note."""
    return {
        cell_id(cell): hashlib.sha256(
            json.dumps(
                [cell.cell_type, cell.source.rstrip(), cell.metadata.get("nbgrader"), cell.metadata.get("course")],
                sort_keys=True,
            ).encode("utf-8", "surrogatepass")
        ).hexdigest()
        for cell in notebook.cells
    }


def edited_cells(course: Path, source: Path, new: NotebookNode) -> list[str]:
    """Return the cells of an instructor's notebook that somebody changed by hand since it was made.

    Where nobody noted what was made, all that differs from what would be made now counts.

    Parameters
    ----------
    course
        The course folder.
    source
        The notebook; there may be none.
    new
        What would be written.
    """
    if not source.exists():
        return []
    there = cells_of(read_notebook(source))
    noted = read(course).get(source.parent.name, {}).get("cells") or cells_of(new)
    if there == noted:
        # The order of cells counts as well.
        return [] if list(there) == list(noted) else ["their order"]
    if there == cells_of(new):
        return []
    changed = [key for key in there if noted.get(key) != there[key]]
    return changed + [f"{key} (removed)" for key in noted if key not in there]


def note(course: Path, assignment: str, notebook: NotebookNode | None, sheets: Sheets | None = None) -> None:
    """Note what an instructor's notebook was when it was made; None where it was left as somebody edited it."""
    data = read(course)
    cells = data.get(assignment, {}).get("cells") if notebook is None else cells_of(notebook)
    data[assignment] = {"per_student": sheets is not None, "cells": cells}
    if sheets is not None:
        data[assignment]["sheets"] = asdict(sheets)
    replace_file(course / NAME, (json.dumps(data, indent=1) + "\n").encode())


def is_per_student(source: Path) -> bool:
    """Return whether each student has a sheet of their own of an assignment."""
    return bool(read(source.parents[2]).get(source.parent.name, {}).get("per_student"))


def noted_sheets(source: Path) -> Sheets | None:
    """Return the sheets that students have; None where nobody noted them."""
    found = read(source.parents[2]).get(source.parent.name, {}).get("sheets")
    return Sheets(**found) if found else None


def put_aside(course: Path, source: Path) -> Path:
    """Copy a file to where it stays, and return that place."""
    when = datetime.now().strftime("%Y-%m-%d-%H%M%S")
    folder = course / BACKUP / source.relative_to(course).parent.name
    folder.mkdir(parents=True, exist_ok=True)
    place, number = folder / f"{source.stem}-{when}{source.suffix}", 1
    while place.exists():
        number += 1
        place = folder / f"{source.stem}-{when}-{number}{source.suffix}"
    replace_file(place, source.read_bytes())
    return place


def read(course: Path) -> dict[str, dict[str, Any]]:
    """Return all that was noted."""
    path = course / NAME
    if not path.exists():
        return {}
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(data, dict) or not all(isinstance(one, dict) for one in data.values()):
            raise ValueError("it is no table of assignments")
        return data
    except (OSError, ValueError) as error:
        raise ChapterError(
            f"{path}: cannot be read: {error}; move it away, and every notebook that differs counts as edited by hand"
        ) from error
