"""The notebook of a chapter: made from its source, cleaned after a run, encoded and read back."""

import re
import warnings
from pathlib import Path

import nbformat
import nbformat.reader
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.source import Content, Source, Variant, written_metadata

_KERNELSPEC = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
_WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
TERMINAL_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_NEW_CELL = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}


def unexecuted_notebook(source: Source, variant: Variant = "student") -> NotebookNode:
    """Turn a source into a notebook that has not run.

    Parameters
    ----------
    source
        The chapter.
    variant
        "student" leaves out the solutions of exercises, "instructor" keeps them.

    Returns
    -------
    NotebookNode
        A notebook whose cell ids are the keys of the source.

    Raises
    ------
    ValueError
        If `variant` is neither of the two.
    """
    if variant not in ("student", "instructor"):
        raise ValueError(f"variant: {variant!r} was given, 'student' or 'instructor' is allowed")
    cells = [
        _NEW_CELL[cell.kind](cell.variant_text(variant), id=cell.key, metadata=dict(cell.metadata))
        for cell in source.cells
    ]
    notebook = new_notebook(cells=cells)
    notebook.nbformat_minor = 5  # the first with cell ids; a later default must not change the files
    return clean_notebook(notebook)


def clean_notebook(notebook: NotebookNode) -> NotebookNode:
    """Keep of a run only what is the same in each run; changes `notebook` and returns it.

    References to live widgets go: their state is not saved, so a viewer could show only an error in their place.
    The pictures and texts beside them stay. In tracebacks only the frames of the notebook's own cells stay, for the
    others name folders of the machine.
    """
    notebook.metadata = NotebookNode(kernelspec=_KERNELSPEC, language_info={"name": "python"})
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = _merge_streams([output for output in map(_clean_output, cell.outputs) if output])
    return notebook


def encode_notebook(notebook: NotebookNode) -> bytes:
    """Return the bytes of the notebook's file.

    Raises
    ------
    nbformat.ValidationError
        If it breaks the notebook format.
    """
    nbformat.validate(notebook)
    return (nbformat.writes(notebook).rstrip("\n") + "\n").encode()


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook that someone may have edited.

    Raises
    ------
    ChapterError
        If it cannot be read as a notebook.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about cell ids missing or used twice, which get new ones here
            # nbformat.read would log faults besides raising them.
            notebook = nbformat.convert(nbformat.reader.reads(path.read_text(encoding="utf-8")), 4)
            nbformat.validate(notebook, relax_add_props=True)
    except OSError as error:
        raise ChapterError(f"{path}: cannot be read: {error.strerror}") from error
    except Exception as error:  # nbformat raises many kinds for files that are no notebooks
        raise ChapterError(f"{path}: is not a notebook: {str(error).splitlines()[0]}") from error
    return notebook


def cell_id(cell: NotebookNode) -> str:
    """Return a cell's id, which Colab moves into the metadata; "" without any."""
    return str(cell.get("id") or cell.metadata.get("id", ""))


def cell_content(cell: NotebookNode) -> Content:
    """Return what an author decided about a cell, to compare with the source."""
    return Content(cell.cell_type, cell.source.rstrip("\n"), written_metadata(cell.metadata))


def _clean_output(output: NotebookNode) -> NotebookNode | None:
    """Clean one output; None if nothing is left of it."""
    if output.output_type == "error":
        frames = output.traceback
        output.traceback = [frame for frame in frames if not TERMINAL_COLOUR.sub("", frame).startswith("File ")]
    if "data" in output:
        output.data.pop(_WIDGET_VIEW, None)
        return output if output.data else None
    return output


def _merge_streams(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join neighbouring pieces of one stream, which arrive cut up differently in each run."""
    merged: list[NotebookNode] = []
    for output in outputs:
        last = merged[-1] if merged else NotebookNode()
        if output.output_type == "stream" and last.get("name") == output.name:
            last.text += output.text
        else:
            merged.append(output)
    return merged
