"""Building a chapter: source in, executed notebooks out, and the old ones untouched if anything fails."""

import json
import time
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from course_utils.workshop.authoring.chapters import Chapter, ChapterError
from course_utils.workshop.authoring.editions import INSTRUCTOR, editions
from course_utils.workshop.authoring.execution import check_syntax, execute_notebook
from course_utils.workshop.authoring.files import replace_file
from course_utils.workshop.authoring.languages import language_of
from course_utils.workshop.authoring.notebook import clean_notebook, encode_notebook
from course_utils.workshop.authoring.source import Source, read_source

MAX_BYTES = 1_000_000


@dataclass(frozen=True)
class Built:
    """What became of one notebook.

    Parameters
    ----------
    notebook
        Its file.
    changed
        Whether the file is another one than before.
    seconds
        How long it took to run.
    """

    notebook: Path
    changed: bool
    seconds: float


def build_chapter(chapter: Chapter, timeout: int = 600) -> list[Built]:
    """Execute a chapter's source and write its notebooks, the student's first.

    Parameters
    ----------
    chapter
        The chapter. The kernel runs in the folder of each notebook.
    timeout
        Most seconds for one cell.

    Raises
    ------
    ChapterError
        If the source or the notes have a fault, a cell fails, or a notebook would be too large. The old notebooks
        then stand as they were.
    """
    source = read_source(chapter.source)
    check_syntax(source)
    finished = [_run(path, notebook, source, timeout) for path, notebook in editions(chapter, source).items()]
    return [_write(path, data, seconds) for path, data, seconds in finished]


def _run(path: Path, notebook: NotebookNode, source: Source, timeout: int) -> tuple[Path, bytes, float]:
    start = time.perf_counter()
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        execute_notebook(notebook, source, path.parent, timeout, language_of(path, source))
        data = encode_notebook(clean_notebook(notebook))
        if len(data) > MAX_BYTES:
            largest = max(notebook.cells, key=_size)
            raise source.error(
                largest.id,
                f"the notebook would have {len(data) / 1e6:.1f} MB, {MAX_BYTES / 1e6:g} MB are allowed; "
                f"this cell is the largest, {_size(largest) / 1e6:.1f} MB",
            )
    except ChapterError as error:
        edition = INSTRUCTOR if path.parent.name == INSTRUCTOR else language_of(path, source)
        where = f" (in the notebook for {edition})" if edition else ""
        raise ChapterError(f"{error}{where}") from error
    return path, data, time.perf_counter() - start


def _write(path: Path, data: bytes, seconds: float) -> Built:
    try:
        return Built(path, replace_file(path, data), seconds)
    except OSError as error:
        raise ChapterError(f"{path}: cannot be written: {error.strerror}") from error


def _size(cell: NotebookNode) -> int:
    return len(json.dumps(cell))
