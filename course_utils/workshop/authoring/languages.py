"""A chapter in another language: its texts are laid over the English ones, its code stays, so it cannot drift.

`prose.md` in the language's folder has the Markdown cells by key, as far as it goes; what is missing stays English.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from course_utils.texts import speaking
from course_utils.workshop.authoring.chapters import Chapter
from course_utils.workshop.authoring.facts import chapters_table
from course_utils.workshop.authoring.originals import CHAPTERS_TABLE, Original, has_minutes, join
from course_utils.workshop.authoring.source import Source, read_source
from course_utils.workshop.authoring.typography import unwrapped

__all__ = ["LANGUAGE", "as_translated", "languages", "says_language", "source_in", "text_in", "translated"]

LANGUAGE = "course-language"  # the key of the cell that says it
_CODE = 'import os\n\nos.environ["COURSE_LANGUAGE"] = "{language}"  # what checks and figures speak'
_NAME = re.compile("[a-z]{2}")
_MINUTES = re.compile(r"(?<=\|) *(\d+) *\|$", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
_FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\((?P<stem>[\w-]+)?(?P<end>\.ipynb)?#(?P<anchor>[^)\s]+)\)")
_NOTEBOOK = re.compile(r"\]\((?P<stem>[\w-]+)\.ipynb")


def languages(folder: Path) -> list[str]:
    """Return the languages besides English that a chapter's prose is in, by its folder."""
    return sorted(path.parent.name for path in folder.glob("*/prose.md") if _NAME.fullmatch(path.parent.name))


def source_in(chapter: Chapter, language: str = "") -> Source:
    """Return a chapter's source with its prose in a language; "" is English."""
    return translated(read_source(chapter.source), language)


def translated(source: Source, language: str) -> Source:
    """Return a source with its prose in another language; "" is English.

    Links to headings follow these, and lists of chapters and minutes are those of today.

    Raises
    ------
    ChapterError
        If there is prose for a cell that the chapter does not have, or that is no text.
    """
    if not language:
        return source
    told = _prose(source, language)
    cells = []
    for cell in source.cells:
        text = unwrapped(told[cell.key]) if cell.key in told else cell.text
        if cell.key in told:
            text = _with_minutes(text, cell.text)
            if CHAPTERS_TABLE in text.splitlines():
                text = text.replace(CHAPTERS_TABLE, _chapters(source.path.parents[1], source.name, language))
        cells.append(replace(cell, text=_linked(text, source, language)))
    return replace(source, cells=tuple(cells), language=language)


def says_language(language: str) -> NotebookNode:
    """Return the cell that says which language checks and figures speak."""
    return new_code_cell(_CODE.format(language=language), id=LANGUAGE)


def text_in(path: Path, room: Path, language: str = "") -> str:
    """Return a text of Markdown that is cut at its headings, such as a deck of slides, in a language."""
    text = path.read_text(encoding="utf-8")
    if not language:
        return text
    original = Original(path, room)
    told = original.translated(language)
    return join([unwrapped(str(told.get(key, piece))) for key, piece in original.english().items()])


def as_translated(text: str, source: Source, language: str) -> str:
    """Return a text of a translated notebook as it stands in the translation, with links and lists as before."""
    folder = source.path.parents[1]
    if (made := _chapters(folder, source.name, language)) in text:
        text = text.replace(made, CHAPTERS_TABLE)
    text = re.sub(r"\]\(\.\./(?=[\w-]+\.ipynb)", "](", text)

    def heading(found: re.Match[str]) -> str:
        path = folder / (found["stem"] or source.name) / "chapter.py"
        told = anchors(read_source(path), language) if path.exists() else {}
        name = next((ours for ours, theirs in told.items() if theirs == found["anchor"]), found["anchor"])
        return f"]({found['stem'] or ''}{found['end'] or ''}#{name})"

    return _LINK.sub(heading, text)


def _prose(source: Source, language: str) -> dict[str, str]:
    path = source.path.with_name(language) / "prose.md"
    if not path.exists():
        return {}
    return {key: str(text) for key, text in Original(source.path, source.path.parent).translated(language).items()}


def _with_minutes(text: str, english: str) -> str:
    """Return a translation with the minutes that its English has, row by row."""
    minutes = iter(_MINUTES.findall(english))
    return _MINUTES.sub(lambda found: f" {next(minutes, found[1])} |", text) if has_minutes(english) else text


def _chapters(folder: Path, own: str, language: str) -> str:
    """Return the list of the other chapters in a language."""
    sources = [read_source(path) for path in sorted(folder.glob("*/chapter.py")) if path.parent.name != own]
    taught = [source for source in sources if source.name[:1].isdecimal()]
    with speaking(language):
        return chapters_table([translated_without_lists(source, language) for source in taught])


def translated_without_lists(source: Source, language: str) -> Source:
    """Return a source of which only the prose is translated, for a list of chapters."""
    told = _prose(source, language)
    texts = {cell.key: _with_minutes(unwrapped(told.get(cell.key, cell.text)), cell.text) for cell in source.cells}
    return replace(source, cells=tuple(replace(cell, text=texts[cell.key]) for cell in source.cells), language=language)


def headings(text: str) -> list[str]:
    """Return the headings of a cell as a notebook's links name them."""
    found = _HEADING.findall(_FENCED.sub("", text))
    return [re.sub(r"[*`]", "", one).replace(" ", "-") for one in found]


def anchors(source: Source, language: str) -> Mapping[str, str]:
    """Return by the English name of each heading of a chapter that in a language."""
    told = _prose(source, language)
    pairs = [(headings(cell.text), headings(told[cell.key])) for cell in source.cells if cell.key in told]
    return {old: new for ours, theirs in pairs for old, new in zip(ours, theirs, strict=False)}


def _linked(text: str, source: Source, language: str) -> str:
    """Let links lead to the headings of the language, and where it has no notebook to the English one."""
    folder = source.path.parents[1]

    def heading(found: re.Match[str]) -> str:
        path = folder / (found["stem"] or source.name) / "chapter.py"
        if bool(found["stem"]) != bool(found["end"]) or not path.exists() or not _is_told(path.parent, language):
            return found[0]
        other = source if path.parent.name == source.name else read_source(path)
        anchor = anchors(other, language).get(found["anchor"], found["anchor"])
        return f"]({found['stem'] or ''}{found['end'] or ''}#{anchor})"

    def notebook(found: re.Match[str]) -> str:
        folder_of = folder / found["stem"]
        return f"](../{found['stem']}.ipynb" if folder_of.is_dir() and not _is_told(folder_of, language) else found[0]

    return _NOTEBOOK.sub(notebook, _LINK.sub(heading, text))


def _is_told(folder: Path, language: str) -> bool:
    return (folder / language / "prose.md").exists()
