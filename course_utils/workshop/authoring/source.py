"""The text of a chapter in percent format, read into cells and written back.

The text is cut at its `# %%` lines and jupytext converts each piece on its own. So every cell knows its line and
its exact text, and writing back an edit touches that cell alone.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import jupytext
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.solutions import SolutionError, has_solution, without_markers, without_solutions

Variant = Literal["student", "instructor"]

LONGEST_KEY = 64  # a key is the id of its cell, and a notebook allows no longer ones
KEY = re.compile(rf"[a-z0-9-]{{1,{LONGEST_KEY}}}")
_HEADER = re.compile(r"^[ \t]*#[ \t]*%%+(?:[ \t].*)?$", re.MULTILINE)
# What jupytext notes down for itself while it reads a cell.
_JUPYTEXT_METADATA = {
    "cell_marker", "lines_to_next_cell", "lines_to_end_of_cell_marker", "region_name", "skipline", "noskipline",
}  # fmt: skip
# What editors and runs write into a cell; nobody wrote it on purpose.
_EDITOR_METADATA = {
    "ExecuteTime", "autoscroll", "collapsed", "colab", "execution", "executionInfo", "id",
    "jp-MarkdownHeadingCollapsed", "jupyter", "outputId", "scrolled", "trusted", "vscode",
}  # fmt: skip
# JupyterLab writes these defaults as soon as a cell's properties are looked at.
_EDITOR_DEFAULTS: dict[str, Any] = {"deletable": True, "editable": True, "slideshow": {"slide_type": ""}, "tags": []}


@dataclass(frozen=True)
class Content:
    """What an author decides about a cell; two cells with equal content need no rebuild.

    Parameters
    ----------
    kind
        "code", "markdown" or "raw".
    text
        The cell's text, without line ends at its end.
    metadata
        Tags and the like, without the key and without what editors add by themselves.
    """

    kind: str
    text: str
    metadata: dict[str, Any]


@dataclass(frozen=True)
class Cell:
    """One cell of a source.

    Parameters
    ----------
    key
        Its lasting name, the `id` of the notebook's cell.
    kind
        "code", "markdown" or "raw".
    text
        What stands in it, solutions included.
    metadata
        Tags and the like, without the key.
    line
        Line of its header in the source, counted from 1.
    raw
        Header and body exactly as in the source, without the line ends after them.
    gap
        The line ends after `raw`, up to the next cell or the end of the source.
    """

    key: str
    kind: str
    text: str
    metadata: dict[str, Any]
    line: int
    raw: str
    gap: str

    @property
    def is_exercise(self) -> bool:
        """Whether a student's notebook shows less than the source."""
        return self.kind == "code" and has_solution(self.text)

    def variant_text(self, variant: Variant) -> str:
        """Return the text that one kind of reader gets."""
        if self.kind != "code":
            return self.text
        return without_solutions(self.text) if variant == "student" else without_markers(self.text)

    def content(self) -> Content:
        """Return what stands in a student's notebook."""
        return Content(self.kind, self.variant_text("student"), written_metadata(self.metadata))


@dataclass(frozen=True)
class Source:
    """A source: the comment at its top, as it stands, and its cells in order; `language` is "" for English."""

    path: Path
    preamble: str
    cells: tuple[Cell, ...]
    language: str = ""

    @property
    def name(self) -> str:
        """The chapter's name, that of its folder."""
        return self.path.parent.name

    def error(self, key: str, message: str, line_in_cell: int = 0) -> ChapterError:
        """Make an error that names the file, the line (by default that of the cell's header) and the cell."""
        line = next(cell.line for cell in self.cells if cell.key == key)
        return _error(self.path, line + line_in_cell, f"cell {key}: {message}")


def read_source(path: Path) -> Source:
    """Read the source at `path`.

    Raises
    ------
    ChapterError
        If it cannot be read, or as for `parse_source`.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ChapterError(f"{path}: cannot be read: {error}") from error
    return parse_source(text, path)


@lru_cache(maxsize=32)  # a translation reads the chapters that it links to again and again
def parse_source(text: str, path: Path) -> Source:
    """Read the cells out of a text in percent format.

    Parameters
    ----------
    text
        The whole text.
    path
        Where it comes from, for messages.

    Raises
    ------
    ChapterError
        If something but a comment stands above the first cell, a key is missing, malformed or used twice, a header
        cannot be understood, or the markers of a solution do not pair up.
    """
    starts = [match.start() for match in _HEADER.finditer(text)]
    preamble = text[: starts[0]] if starts else text
    _check_preamble(preamble, path)
    cells: dict[str, Cell] = {}
    for start, end in pairwise([*starts, len(text)]):
        cell = _parse_cell(text[start:end], text.count("\n", 0, start) + 1, path)
        if cell.key in cells:
            first = cells[cell.key].line
            raise _error(path, cell.line, f"cell {cell.key}: this key stands in line {first} already")
        cells[cell.key] = cell
    return Source(path, preamble, tuple(cells.values()))


def written_metadata(metadata: dict[str, Any]) -> dict[str, Any]:
    """Leave out of a cell's metadata what editors and runs put there."""
    return {
        name: value
        for name, value in metadata.items()
        if name not in _EDITOR_METADATA and _EDITOR_DEFAULTS.get(name, ...) != value
    }


def format_cell(key: str, content: Content, old: Cell | None = None) -> str:
    """Write one cell as percent text.

    Parameters
    ----------
    key
        Its key.
    content
        What to write.
    old
        The cell this one takes the place of. Its header line is kept where it still says the right thing.

    Returns
    -------
    str
        Header and body, without line ends after them.

    Raises
    ------
    ValueError
        If percent text cannot hold this cell, for instance when one of its lines is itself a `# %%` header.
    """
    metadata = {"key": key, **content.metadata}
    if old and (marker := _convert(old.raw).metadata.get("cell_marker")):
        metadata["cell_marker"] = marker  # a cell in triple quotes stays in them
    node = NotebookNode(id=key, cell_type=content.kind, source=content.text, metadata=metadata)
    if content.kind == "code":
        node.update(execution_count=None, outputs=[])
    filters = {"notebook_metadata_filter": "-all", "cell_metadata_filter": "all"}
    raw = jupytext.writes(new_notebook(cells=[node], metadata={"jupytext": filters}), fmt="py:percent").strip("\n")
    header, line_end, body = raw.partition("\n")
    headers = [old.raw.partition("\n")[0], header] if old else [header]
    for choice in headers:
        if _says(choice + line_end + body, key, content):
            return choice + line_end + body
    raise ValueError("its text cannot be written in percent format")


def _says(raw: str, key: str, content: Content) -> bool:
    try:
        (cell,) = parse_source(raw, Path()).cells
    except (ChapterError, ValueError):  # ValueError: not exactly one cell
        return False
    return (cell.key, cell.kind, cell.text, written_metadata(cell.metadata)) == (
        key, content.kind, content.text, content.metadata
    )  # fmt: skip


def _parse_cell(chunk: str, line: int, path: Path) -> Cell:
    header = chunk.partition("\n")[0].strip()
    try:
        node = _convert(chunk)
    except ValueError as error:
        raise _error(path, line, f"`{header}`: {error}") from None
    metadata = {name: value for name, value in node.metadata.items() if name not in _JUPYTEXT_METADATA}
    if "incorrectly_encoded_metadata" in metadata:
        raise _error(path, line, f'`{header}` is not a header like `# %% key="two-words" tags=["raises-exception"]`')
    key = metadata.pop("key", None)
    if key is None:
        raise _error(path, line, f'`{header}` has no key; write `{header} key="..."`')
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise _error(path, line, f"key {key!r}: 1 to {LONGEST_KEY} lower-case letters, digits and hyphens are allowed")
    text = node.source.rstrip("\n")
    if node.cell_type == "code":
        try:
            without_solutions(text)
        except SolutionError as error:
            raise _error(path, line + error.line, f"cell {key}: {error}") from None
    raw = chunk.rstrip("\n")
    return Cell(key, node.cell_type, text, metadata, line, raw, gap=chunk[len(raw) :])


def _convert(chunk: str) -> NotebookNode:
    """Let jupytext read one cell, header included."""
    nodes = jupytext.reads(chunk, fmt="py:percent").cells
    if len(nodes) != 1:  # jupytext knows old header forms too, such as `# In[3]:`
        raise ValueError("a line in this cell reads like the header of another")
    return nodes[0]


def _check_preamble(preamble: str, path: Path) -> None:
    for number, line in enumerate(preamble.split("\n"), start=1):
        if line.strip() and not line.startswith("#"):
            raise _error(path, number, f"`{line.strip()}` stands above the first `# %%` line, in no cell")


def _error(path: Path, line: int, message: str) -> ChapterError:
    return ChapterError(f"{path}:{line}: {message}")
