"""Bringing edits made in a notebook back into its source."""

import re
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from course_utils.workshop.authoring.badges import BADGES, INSTALL, chapter_cells
from course_utils.workshop.authoring.chapters import Chapter, ChapterError, chapter_of
from course_utils.workshop.authoring.editions import editions, student_path
from course_utils.workshop.authoring.files import replace_file
from course_utils.workshop.authoring.languages import as_translated, languages
from course_utils.workshop.authoring.notebook import cell_content, cell_id, read_notebook
from course_utils.workshop.authoring.originals import Original
from course_utils.workshop.authoring.source import KEY, Cell, Source, format_cell, parse_source, read_source

# What Jupyter and nbformat give a new cell: 8 hexadecimal digits or a UUID. Not a name someone chose.
_RANDOM_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){0,3}(-[0-9a-f]{12})?")


@dataclass(frozen=True)
class Recovered:
    """What came back from a notebook.

    Parameters
    ----------
    source
        The source that was written, or would have been if anything differed.
    changed, added, removed
        Keys of the cells concerned.
    rewritten
        Whether the source's text is another one than before; also true when cells only moved.
    """

    source: Path
    changed: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    rewritten: bool


def recover_chapter(chapter: Chapter) -> Recovered:
    """Write a notebook's edits into its source; cells nobody edited keep their text to the letter.

    Edits of a translated notebook go into its translation.

    Parameters
    ----------
    chapter
        The chapter. Without a source, a new one is made.

    Raises
    ------
    ChapterError
        If it is an edition, such as the instructor's, if a file cannot be read, if an exercise was edited or deleted in
        the notebook (its solution stands in the source alone), or if a cell holds what percent text cannot. Nothing is
        written then.
    """
    origin = chapter_of(chapter.notebook.parents[1] / chapter.notebook.name)
    if chapter.notebook.parent.name in languages(origin.folder):
        return _recover_translation(origin, chapter.notebook.parent.name)
    if origin.folder.is_dir():
        raise ChapterError(f"{chapter.notebook}: is an edition, built from the chapter's texts; edit those")
    notebook = read_notebook(chapter.notebook)
    notebook.cells = chapter_cells(notebook)
    source = read_source(chapter.source) if chapter.source.exists() else Source(chapter.source, "", ())
    pairs = _pair(notebook, source)
    by_key = {cell.key: cell for cell in source.cells}
    _check_exercises(chapter, by_key, {key for key, _ in pairs})
    pieces = [_piece(chapter, key, node, by_key.get(key)) for key, node in pairs]
    text = source.preamble + _join(pieces, source)
    parse_source(text, chapter.source)  # never write what could not be built again
    try:
        rewritten = replace_file(chapter.source, text.encode())
    except OSError as error:
        raise ChapterError(f"{chapter.source}: cannot be written: {error.strerror}") from error
    return Recovered(
        source=chapter.source,
        changed=tuple(key for key, raw in pieces if key in by_key and by_key[key].raw != raw),
        added=tuple(key for key, _ in pieces if key not in by_key),
        removed=tuple(key for key in by_key if key not in dict(pieces)),
        rewritten=rewritten,
    )


def _recover_translation(chapter: Chapter, language: str) -> Recovered:
    """Write what was edited in the text of a translated notebook into the translation.

    Raises
    ------
    ChapterError
        If code was edited, or a cell was added, deleted or moved: those are the same in all languages.
    """
    path = student_path(chapter, language)
    source, notebook = read_source(chapter.source), read_notebook(path)
    made = editions(chapter, source)[path].cells
    cells = chapter_cells(notebook)
    if [cell_id(cell) for cell in cells] != [cell.id for cell in made if cell.id not in (BADGES, INSTALL)]:
        raise ChapterError(f"{path}: cells were added, deleted or moved; do that in {chapter.source}")
    before = {cell.id: cell_content(cell) for cell in made}
    changed = [cell for cell in cells if cell_content(cell) != before[cell_id(cell)]]
    if code := [cell_id(cell) for cell in changed if cell.cell_type != "markdown"]:
        raise ChapterError(f"{path}: code cell {code[0]} was edited; all languages have it from {chapter.source}")
    original = Original(chapter.source, chapter.folder)
    texts = original.translated(language)
    texts |= {cell_id(cell): as_translated(cell.source.rstrip("\n"), source, language) for cell in changed}
    rewritten = original.write(language, texts)
    return Recovered(original.overlay(language), tuple(map(cell_id, changed)), (), (), rewritten)


def _pair(notebook: NotebookNode, source: Source) -> list[tuple[str, NotebookNode]]:
    """Return every cell of the notebook its key."""
    known = {cell.key for cell in source.cells}
    there = {cell_id(cell) for cell in notebook.cells}
    # Cutting and pasting gives a cell a new id; its text still tells which cell of the source it was.
    lost = [cell for cell in source.cells if cell.key not in there]
    pairs: list[tuple[str, NotebookNode]] = []
    taken = set(known)
    for node in notebook.cells:
        key = cell_id(node)
        if key not in known or key in dict(pairs):
            twin = next((cell for cell in lost if cell.content() == cell_content(node)), None)
            if twin:
                lost.remove(twin)
            key = twin.key if twin else _new_key(key, node.source, taken)
        taken.add(key)
        pairs.append((key, node))
    return pairs


def _new_key(own_id: str, text: str, taken: set[str]) -> str:
    """Choose a free key: the cell's id if someone chose it, else one from the first words of its text."""
    chosen = KEY.fullmatch(own_id) and not _RANDOM_ID.fullmatch(own_id)
    words = re.findall(r"[a-z0-9]+", text.lower())[:5]
    name = own_id if chosen else "-".join(words)[:56].strip("-") or "cell"
    numbered = (f"{name}-{number}" for number in range(2, len(taken) + 3))
    return next(key for key in (name, *numbered) if key not in taken)


def _check_exercises(chapter: Chapter, by_key: dict[str, Cell], kept: set[str]) -> None:
    for cell in by_key.values():
        if cell.is_exercise and cell.key not in kept:
            raise ChapterError(
                f"{chapter.notebook}: exercise {cell.key} was deleted; delete it in {chapter.source}:{cell.line}, "
                "where its solution stands"
            )


def _piece(chapter: Chapter, key: str, node: NotebookNode, old: Cell | None) -> tuple[str, str]:
    """Return a cell's key and its percent text."""
    content = cell_content(node)
    if old and content == old.content():
        return key, old.raw
    if old and old.is_exercise:
        raise ChapterError(
            f"{chapter.notebook}: exercise {key} was edited; edit it in {chapter.source}:{old.line}, "
            "where its solution stands"
        )
    if node.get("attachments"):
        raise ChapterError(f"{chapter.notebook}: cell {key} has an attached picture, which a source cannot hold")
    try:
        return key, format_cell(key, content, old)
    except ValueError as error:
        raise ChapterError(f"{chapter.notebook}: cell {key}: {error}") from None


def _join(pieces: list[tuple[str, str]], source: Source) -> str:
    """Put cells one below the other, with the blank lines they had where they stay in place."""
    gaps = {cell.key: cell.gap for cell in source.cells[:-1]}
    end = source.cells[-1].gap if source.cells else "\n"
    lines = [raw + gaps.get(key, "\n\n") for key, raw in pieces[:-1]]
    return "".join(lines) + (pieces[-1][1] + end if pieces else "")
