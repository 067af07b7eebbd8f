"""Building a chapter: source in, executed notebooks out, and the old ones untouched if anything fails."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from course_utils.workshop.authoring.chapters import Chapter, ChapterError
from course_utils.workshop.authoring.composition import composed
from course_utils.workshop.authoring.editions import editions, language_of
from course_utils.workshop.authoring.execution import check_syntax, execute_notebook
from course_utils.workshop.authoring.files import replace_file
from course_utils.workshop.authoring.languages import languages, translated
from course_utils.workshop.authoring.notebook import clean_notebook, encode_notebook
from course_utils.workshop.authoring.source import Source, read_source
from course_utils.workshop.authoring.spoken_texts import put_stamp

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
    made = editions(chapter, source)
    english = [path for path in made if not language_of(path, chapter)]
    finished = [_run(path, made, chapter, source, timeout) for path in english]
    return [_write(path, data, seconds) for found in finished for path, data, seconds in found]


def _run(
    path: Path, made: Mapping[Path, NotebookNode], chapter: Chapter, source: Source, timeout: int
) -> list[tuple[Path, bytes, float]]:
    """Run a notebook, compose of it those in other languages, and return what is to be written."""
    start = time.perf_counter()
    path.parent.mkdir(parents=True, exist_ok=True)
    folder, notebook, where = chapter.notebook.parent, made[path], path
    told = {folder / language / path.relative_to(folder): language for language in languages(chapter.folder)}
    try:
        said = execute_notebook(notebook, source, path.parent, timeout, list(told.values()))
        seconds, found = time.perf_counter() - start, []
        for where, language in told.items():
            told_source = translated(source, language)
            other = composed(notebook, made[where], told_source, said)
            found.append((where, _encoded(other, told_source), 0.0))
        where = path
        return [(path, _encoded(notebook, source), seconds), *found]
    except ChapterError as error:
        edition = where.parent.relative_to(folder).as_posix()
        raise ChapterError(f"{error}{f' (in the notebook for {edition})' * (edition != '.')}") from error


def _encoded(notebook: NotebookNode, source: Source) -> bytes:
    put_stamp(clean_notebook(notebook), source)
    data = encode_notebook(notebook)
    if len(data) > MAX_BYTES:
        largest = max(notebook.cells, key=_size)
        raise source.error(
            largest.id,
            f"the notebook would have {len(data) / 1e6:.1f} MB, {MAX_BYTES / 1e6:g} MB are allowed; "
            f"this cell is the largest, {_size(largest) / 1e6:.1f} MB",
        )
    return data


def _write(path: Path, data: bytes, seconds: float) -> Built:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return Built(path, replace_file(path, data), seconds)
    except OSError as error:
        raise ChapterError(f"{path}: cannot be written: {error.strerror}") from error


def _size(cell: NotebookNode) -> int:
    return len(json.dumps(cell))
