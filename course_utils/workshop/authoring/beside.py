"""Texts that stand beside a chapter, keyed like its cells: what they must show, and what their pictures say."""

from collections.abc import Iterable
from pathlib import Path

import tomli
from nbformat import NotebookNode

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.source import Source, read_source

PICTURE = "image/png"


def expectations(source: Source) -> dict[str, str]:
    """Return the asserts of a chapter by the key of the code cell behind which they run; none without `expected.py`.

    Raises
    ------
    ChapterError
        If one has a key that no code cell of the chapter has.
    """
    path = source.path.with_name("expected.py")
    if not path.exists():
        return {}
    cells = read_source(path).cells
    _require_known(path, [cell.key for cell in cells], [cell.key for cell in source.cells if cell.kind == "code"])
    return {cell.key: cell.text for cell in cells}


def alt_texts(source: Source) -> dict[str, str]:
    """Return what the pictures of a chapter say to those who cannot see them, by cell; none without `alt.toml`.

    Those of the source's language are laid over the English ones.

    Raises
    ------
    ChapterError
        If the file is no TOML of texts, or a key is that of no code cell.
    """
    return _texts(source.path.with_name("alt.toml"), source) | (
        _texts(source.path.with_name(source.language) / "alt.toml", source) if source.language else {}
    )


def _texts(path: Path, source: Source) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        texts = tomli.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ChapterError(f"{path}: cannot be read: {error}") from error
    _require_known(path, texts, [cell.key for cell in source.cells if cell.kind == "code"])
    if source.language:
        texts = {key: text for key, text in texts.items() if text}  # what is still to be translated is English
    if wrong := [key for key, text in texts.items() if not isinstance(text, str) or not text.strip()]:
        raise ChapterError(f"{path}: {wrong[0]} must be a text that says what the picture shows")
    return texts


def _require_known(path: Path, keys: Iterable[str], known: list[str]) -> None:
    if unknown := [key for key in keys if key not in known]:
        raise ChapterError(f"{path}: the chapter has no code cell {unknown[0]}")


def pictures(cell: NotebookNode) -> list[NotebookNode]:
    """Return the outputs of a cell that are pictures."""
    return [output for output in cell.get("outputs", []) if PICTURE in output.get("data", {})]


def describe(notebook: NotebookNode, texts: dict[str, str], source: Source) -> None:
    """Give the pictures of a notebook that has run their texts; one without keeps what its figure says by itself.

    Raises
    ------
    ChapterError
        If a cell with a text shows no picture, or more than one.
    """
    for cell in notebook.cells:
        if cell.id in texts:
            found = pictures(cell)
            if len(found) != 1:
                raise source.error(cell.id, f"alt.toml describes its picture, and it shows {len(found)}")
            found[0].metadata.setdefault(PICTURE, {})["alt"] = texts[cell.id]


def undescribed(notebook: NotebookNode, texts: dict[str, str]) -> list[str]:
    """Return the keys of cells whose pictures say something else than the texts."""
    cells = {cell.get("id"): cell for cell in notebook.cells}
    told = {key: [one.metadata.get(PICTURE, {}).get("alt") for one in pictures(cells[key])] for key in texts}
    return [key for key, text in texts.items() if told[key] != [text]]
