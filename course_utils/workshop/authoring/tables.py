"""Tables that are made, not written: the lists of chapters, and in each chapter the minutes of its sections."""

import re
from collections.abc import Sequence
from pathlib import Path

from course_utils.texts import sentence
from course_utils.workshop.authoring.chapters import Chapter, find_chapters
from course_utils.workshop.authoring.facts import chapter_facts
from course_utils.workshop.authoring.files import replace_file
from course_utils.workshop.authoring.minutes import counted_minutes, with_minutes
from course_utils.workshop.authoring.source import Source, read_source

HEAD = "| chapter | what you will be able to do | minutes |"
# In a README its lines stand as they are, in a chapter's source behind a #.
_TABLE = re.compile(rf"^(?P<margin>(?:# )?){re.escape(HEAD)}\n(?:(?P=margin)\|.*\n)*", re.MULTILINE)


def write_tables(notebooks_dir: Path) -> list[Path]:
    """Bring all tables up to date, and return the texts that changed."""
    return [path for path, text in _tables(notebooks_dir).items() if replace_file(path, text.encode())]


def stale_tables(notebooks_dir: Path) -> list[str]:
    """Say of each text with an old table how to renew it."""
    return [
        f"{path}: its table of chapters or of minutes is old; run `python -m course_utils build`"
        for path, text in _tables(notebooks_dir).items()
        if path.read_text(encoding="utf-8") != text
    ]


def _tables(notebooks_dir: Path) -> dict[Path, str]:
    """Return what the README and the sources of chapters shall say; the first one has a list of the others."""
    written = [chapter for chapter in find_chapters(notebooks_dir) if chapter.source.exists()]
    readme = notebooks_dir.parent / "README.md"
    texts = {chapter.source: with_minutes(read_source(chapter.source)) for chapter in written}
    if written:
        first = written[0].source
        texts[first] = _with_table(texts[first], written[1:], "")
    if readme.exists():
        texts[readme] = _with_table(readme.read_text(encoding="utf-8"), written, f"{notebooks_dir.name}/")
    return texts


def chapters_table(sources: Sequence[Source]) -> str:
    """Return the list of some chapters in the language that the course speaks."""
    head = [sentence(key, "tables") for key in ("chapter", "aims", "minutes")]
    rows = [_cells(source, f"{source.name}.ipynb") for source in sources]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, *rows]).replace("|\n", "|\n|---|---|---|\n", 1)


def _with_table(text: str, chapters: Sequence[Chapter], folder: str) -> str:
    rows = [f"| {_row(chapter, folder)} |" for chapter in chapters if chapter.is_taught]
    lines = [HEAD, "|---|---|---|", *rows]
    return _TABLE.sub(lambda found: "".join(f"{found['margin']}{line}\n" for line in lines), text)


def _row(chapter: Chapter, folder: str) -> str:
    return " | ".join(_cells(read_source(chapter.source), f"{folder}{chapter.notebook.name}"))


def _cells(source: Source, notebook: str) -> list[str]:
    facts = chapter_facts(source)
    minutes = facts.minutes if source.language else counted_minutes(source)
    return [f"[{facts.title}]({notebook})", facts.aims, str(sum(minutes.values()))]
