"""Building a chapter: source in, executed notebook out, and the old notebook untouched if anything fails."""

import json
import time
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from course_utils.authoring.chapters import Chapter, ChapterError
from course_utils.authoring.execution import check_syntax, execute_notebook
from course_utils.authoring.files import replace_file
from course_utils.authoring.notebook import clean_notebook, encode_notebook, unexecuted_notebook
from course_utils.authoring.source import read_source

MAX_BYTES = 1_000_000


@dataclass(frozen=True)
class Built:
    """What became of one chapter.

    Parameters
    ----------
    notebook
        Its file.
    changed
        Whether the file is another one than before.
    seconds
        How long it took.
    """

    notebook: Path
    changed: bool
    seconds: float


def build_chapter(chapter: Chapter, timeout: int = 600) -> Built:
    """Execute a chapter's source and write its notebook for students.

    Parameters
    ----------
    chapter
        The chapter. The kernel runs in the folder of its notebook.
    timeout
        Most seconds for one cell.

    Raises
    ------
    ChapterError
        If the source has a fault, a cell fails, or the notebook would be too large. The old notebook then stands
        as it was.
    """
    start = time.perf_counter()
    source = read_source(chapter.source)
    check_syntax(source)
    notebook = unexecuted_notebook(source)
    chapter.notebook.parent.mkdir(parents=True, exist_ok=True)
    execute_notebook(notebook, source, chapter.notebook.parent, timeout)
    data = encode_notebook(clean_notebook(notebook))
    if len(data) > MAX_BYTES:
        largest = max(notebook.cells, key=_size)
        raise source.error(
            largest.id,
            f"the notebook would have {len(data) / 1e6:.1f} MB, {MAX_BYTES / 1e6:g} MB are allowed; "
            f"this cell is the largest, {_size(largest) / 1e6:.1f} MB",
        )
    try:
        changed = replace_file(chapter.notebook, data)
    except OSError as error:
        raise ChapterError(f"{chapter.notebook}: cannot be written: {error.strerror}") from error
    return Built(chapter.notebook, changed, time.perf_counter() - start)


def _size(cell: NotebookNode) -> int:
    return len(json.dumps(cell))
