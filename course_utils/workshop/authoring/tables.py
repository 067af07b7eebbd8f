"""Tables that are made, not written: the lists of chapters, and in each chapter the minutes of its sections."""

import re
from collections.abc import Sequence
from pathlib import Path

from course_utils.texts import speaking
from course_utils.workshop.authoring.chapters import find_chapters
from course_utils.workshop.authoring.facts import chapters_table
from course_utils.workshop.authoring.files import replace_file
from course_utils.workshop.authoring.languages import translated_without_lists
from course_utils.workshop.authoring.minutes import with_minutes
from course_utils.workshop.authoring.source import Source, parse_source, read_source


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
    """Return what the READMEs and the sources of chapters shall say; the first one has a list of the others."""
    written = [chapter for chapter in find_chapters(notebooks_dir) if chapter.source.exists()]
    texts = {chapter.source: with_minutes(read_source(chapter.source)) for chapter in written}
    taught = [parse_source(texts[chapter.source], chapter.source) for chapter in written if chapter.is_taught]
    if written:
        first = written[0].source
        texts[first] = _with_table(texts[first], [source for source in taught if source.path != first], "", "")
    for readme in sorted(notebooks_dir.parent.glob("README*.md")):
        language = readme.stem.partition(".")[2]  # README.zh.md
        told = [translated_without_lists(source, language) if language else source for source in taught]
        folder = f"{notebooks_dir.name}/{language}/" if language else f"{notebooks_dir.name}/"
        texts[readme] = _with_table(readme.read_text(encoding="utf-8"), told, folder, language)
    return texts


def _with_table(text: str, sources: Sequence[Source], folder: str, language: str) -> str:
    with speaking(language):
        lines = chapters_table(sources, folder).splitlines()
    # In a README its lines stand as they are, in a chapter's source behind a #.
    table = re.compile(rf"^(?P<margin>(?:# )?){re.escape(lines[0])}\n(?:(?P=margin)\|.*\n)*", re.MULTILINE)
    return table.sub(lambda found: "".join(f"{found['margin']}{line}\n" for line in lines), text)
