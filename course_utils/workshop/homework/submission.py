"""What a student handed in, read as what it may be: anything at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_utils.workshop.authoring.solutions import without_markers
from course_utils.workshop.homework.assignment import HIDDEN, handed_out
from course_utils.workshop.homework.handed_in import Piece, Unreadable, parsed, read_file, read_pieces
from course_utils.workshop.homework.uploads import find_notebook

__all__ = [
    "LOST", "NBGRADERS", "NOTHING", "Piece", "Unreadable", "asked_for", "begun_answers", "edited_checks",
    "find_submissions", "is_answer", "is_check", "merged", "parsed", "read_file", "read_submission",
]  # fmt: skip


NOTHING = "; there is nothing"  # where nothing was handed in
NBGRADERS = ("timestamp.txt", "submission_secret.txt")  # files that nbgrader lays beside what was handed in
LOST = "This answer was not found in what was handed in; look by hand."
DEFINED = re.compile(r"^(?:def|class) (\w+)|^(\w+) *(?::[^=\n]+)?=(?!=)", re.MULTILINE)
FUNCTION = re.compile(r"^def (\w+)", re.MULTILINE)


def find_submissions(submitted: Path, assignment: str) -> list[Path]:
    """Return the folders `STUDENT/ASSIGNMENT`, in order of the names; hidden ones are none."""
    found = sorted(path for path in submitted.glob(f"*/{assignment}") if not path.parent.name.startswith("."))
    return [path for path in found if path.is_symlink() or path.is_dir()]


def read_submission(folder: Path, name: str, notes: list[str] | None = None) -> list[Piece]:
    """Read the notebook that lies in a student's folder, also under a name that an upload made of its own.

    Parameters
    ----------
    folder
        Where it lies.
    name
        Its name.
    notes
        Gets what was cut, and another name that was taken for it.

    Raises
    ------
    Unreadable
        If there is none.
    """
    if folder.is_symlink() or folder.parent.is_symlink():
        raise Unreadable("the folder is a link")
    try:
        path = find_notebook(folder, name)
        if path is None:
            there = sorted(one.name for one in folder.iterdir() if not one.name.startswith("."))
            others = ", ".join([one for one in there if one not in NBGRADERS][:5])
            raise Unreadable(f"{name} is missing{f'; there is: {others}' if others else NOTHING}")
        pieces, cut = read_pieces(path)
    except OSError as error:
        raise Unreadable(f"{name} cannot be read: {error.strerror}") from None
    if notes is not None:
        notes += [f"read from {path.name}"] * (path.name != name) + cut
    return pieces


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


def edited_checks(ours: NotebookNode, theirs: list[Piece]) -> list[str]:
    """Return the ids of checks of which a submission has another text than was handed out."""
    known = {cell.id: HIDDEN.sub("", cell.source) for cell in ours.cells if is_check(cell)}
    keys = [(one.key if one.key in known else one.id, one) for one in theirs if one.is_code]
    return [key for key, one in keys if key in known and squeezed(one.text) != squeezed(known[key])]


def is_check(cell: NotebookNode) -> bool:
    """Return whether a cell is code that gives points and that students do not write."""
    marks = cell.metadata.get("nbgrader", {})
    return cell.cell_type == "code" and bool(marks.get("grade")) and not marks.get("solution")


def begun_answers(ours: NotebookNode, notebook: NotebookNode) -> list[str]:
    """Return the answers that somebody wrote: not what was handed out, nor the model solution; white space aside."""
    known = {cell.id: cell for cell in ours.cells if is_answer(cell)}
    found = []
    for cell in notebook.cells:
        if cell.id in known and not cell.metadata.get("lost"):
            mine = known[cell.id]
            given = {squeezed(handed_out(mine)), squeezed(without_markers(mine.source)), ""}
            if (text := squeezed(cell.source)) not in given:
                found.append(f"{cell.id}: {text}")
    return found


def squeezed(text: str) -> str:
    """Return a text without white space."""
    return "".join(text.split())
