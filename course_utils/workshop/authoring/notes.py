"""The instructor's notes on a chapter: what to say at a cell, and the answers to its questions.

They stand beside the chapter's source, in `notes.md`, one section `## key: KEY` for each cell that has a note.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.facts import chapter_facts
from course_utils.workshop.authoring.originals import INTRODUCTION, Original
from course_utils.workshop.authoring.source import Source
from course_utils.workshop.authoring.typography import unwrapped

_HEADER = re.compile(r"^## key: *(?P<key>\S+) *$")


@dataclass(frozen=True)
class Note:
    """What the instructor reads at one cell; `minutes` are those of the section that it begins, if it begins one."""

    text: str
    minutes: int = 0


@dataclass(frozen=True)
class InstructorNotes:
    """The notes on a chapter: what stands before the first key, and the note of each cell by its key."""

    introduction: str
    by_key: dict[str, Note]


def notes_path(source: Source) -> Path:
    """Return where the notes on a chapter stand; there may be none."""
    return source.path.with_name("notes.md")


def read_notes(source: Source) -> InstructorNotes:
    """Read the notes on a chapter.

    Parameters
    ----------
    source
        The chapter.

    Returns
    -------
    InstructorNotes
        Empty if the chapter has none.

    Raises
    ------
    ChapterError
        If a note names a cell that the chapter does not have, stands in another order than the cells, or twice.
    """
    path = notes_path(source)
    if not path.exists():
        return InstructorNotes("", {})
    introduction, texts = keyed_texts(path, source)
    if source.language:
        told = Original(path, path.parent).translated(source.language)
        introduction = str(told.pop(INTRODUCTION, introduction))
        texts |= {key: unwrapped(str(text)) for key, text in told.items()}
    minutes = chapter_facts(source).minutes
    return InstructorNotes(introduction, {key: Note(text, minutes.get(key, 0)) for key, text in texts.items()})


def keyed_texts(path: Path, source: Source) -> tuple[str, dict[str, str]]:
    """Return what stands above the first key of a text, and below each key, a line `## key: KEY`.

    Raises
    ------
    ChapterError
        If a key is that of no cell, stands twice, or in another order than the cells.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    begins = [number for number, line in enumerate(lines) if _HEADER.match(line)]
    keys = [cell.key for cell in source.cells]
    texts: dict[str, str] = {}
    last = -1
    for begin, end in zip(begins, [*begins, len(lines)][1:], strict=True):
        key = _HEADER.match(lines[begin])["key"]  # type: ignore[index]  # chosen for its match
        if key not in keys:
            raise ChapterError(f"{path}:{begin + 1}: the chapter has no cell {key}")
        if keys.index(key) <= last:
            raise ChapterError(f"{path}:{begin + 1}: keys stand in the order of the cells, each once; not so {key}")
        last = keys.index(key)
        texts[key] = "\n".join(lines[begin + 1 : end]).strip()
    return "\n".join(lines[: begins[0] if begins else None]).strip(), texts
