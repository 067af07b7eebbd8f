"""The facts of a chapter, said once, in its first cell: title, sections with their minutes, and aims.

Whatever lists chapters is made from them: the README's table, that of the chapter which begins the course, the site's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from course_utils.workshop.authoring.chapters import Chapter, find_chapters
from course_utils.workshop.authoring.files import replace_file
from course_utils.workshop.authoring.source import Cell, Source, read_source

HEAD = "| chapter | what you will be able to do | minutes |"
_ROW = re.compile(r"^\| *(?P<section>[^|]+?) *\|(?:[^|\n]*\|)* *(?P<minutes>[1-9][0-9]*) *\|$", re.MULTILINE)
_HEADING = re.compile(r"^## (.+)")
# In a README its lines stand as they are, in a chapter's source behind a #.
_TABLE = re.compile(rf"^(?P<margin>(?:# )?){re.escape(HEAD)}\n(?:(?P=margin)\|.*\n)*", re.MULTILINE)


@dataclass(frozen=True)
class Facts:
    """What stands of a chapter in a list of chapters.

    Parameters
    ----------
    title
        With the chapter's number, such as `02 Dropout in NumPy`.
    aims
        What a reader is able to do at the end, as in "at the end you can"; Markdown.
    minutes
        Of each section, by the key of the cell that begins it.
    """

    title: str
    aims: str
    minutes: dict[str, int]


def chapter_facts(source: Source) -> Facts:
    """Return the facts of a chapter.

    The title is the first cell's heading. A table in that cell has a section and its minutes in each row, and the
    paragraph below it says the aims, the verb of the first in bold.

    Raises
    ------
    ChapterError
        If the table names a section that the chapter does not have.
    """
    if not source.cells:
        return Facts(source.name, "", {})
    first = source.cells[0]
    heading, _, rest = first.text.partition("\n")
    number, title = source.name[:2] if source.name[:2].isdecimal() else "", heading.lstrip("# ")
    rows = list(_ROW.finditer(first.text))
    below = rest.rpartition("|\n\n")[2] if rows else ""
    aims = " ".join(below.partition("\n\n")[0].split())
    return Facts(
        title if title.startswith(number) else f"{number} {title}",
        aims[max(aims.find("**"), 0) :].removesuffix("."),
        {_section(source, row["section"]).key: int(row["minutes"]) for row in rows},
    )


def _section(source: Source, title: str) -> Cell:
    """Return the cell that begins a section."""
    for cell in source.cells:
        if cell.kind == "markdown" and (heading := _HEADING.match(cell.text)) and heading[1].strip() == title:
            return cell
    raise source.error(source.cells[0].key, f"the table names a section `{title}`, and there is none")


def write_tables(notebooks_dir: Path) -> list[Path]:
    """Bring the tables of chapters up to date, and return the texts that changed."""
    return [path for path, text in _tables(notebooks_dir).items() if replace_file(path, text.encode())]


def stale_tables(notebooks_dir: Path) -> list[str]:
    """Say of each text whose table of chapters is old how to mend it."""
    return [
        f"{path}: its table of chapters is old; run `python -m course_utils build`"
        for path, text in _tables(notebooks_dir).items()
        if path.read_text(encoding="utf-8") != text
    ]


def _tables(notebooks_dir: Path) -> dict[Path, str]:
    """Return what the README and the source of the course's first chapter shall say."""
    written = [chapter for chapter in find_chapters(notebooks_dir) if chapter.source.exists()]
    readme = notebooks_dir.parent / "README.md"
    texts = {readme: _with_table(readme, written, f"{notebooks_dir.name}/")} if readme.exists() else {}
    if written:
        texts[written[0].source] = _with_table(written[0].source, written[1:], "")
    return texts


def _with_table(path: Path, chapters: Sequence[Chapter], folder: str) -> str:
    facts = {
        chapter.notebook.name: chapter_facts(read_source(chapter.source)) for chapter in chapters if chapter.is_taught
    }
    rows = [
        f"| [{one.title}]({folder}{name}) | {one.aims} | {sum(one.minutes.values())} |" for name, one in facts.items()
    ]
    lines = [HEAD, "|---|---|---|", *rows]
    text = path.read_text(encoding="utf-8")
    return _TABLE.sub(lambda found: "".join(f"{found['margin']}{line}\n" for line in lines), text)
