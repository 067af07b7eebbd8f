"""The facts of a chapter, said once, in its first cell: title, sections with their minutes, and aims.

Whatever lists chapters is made from them: see `tables`, and the site.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from course_utils.texts import sentence
from course_utils.workshop.authoring.source import Cell, Source

_ROW = re.compile(r"^\| *(?P<section>[^|]+?) *\|(?:[^|\n]*\|)* *(?P<minutes>[1-9][0-9]*) *\|$", re.MULTILINE)
_HEADING = re.compile(r"^## (.+)")


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
        aims[max(aims.find("**"), 0) :].rstrip(".。"),
        {_section(source, row["section"]).key: int(row["minutes"]) for row in rows},
    )


def chapters_table(sources: Sequence[Source], folder: str = "") -> str:
    """Return the list of some chapters, whose notebooks lie in a folder, in the language that the course speaks."""
    rows = [[sentence(key, "tables") for key in ("chapter", "aims", "minutes")]]
    for source in sources:
        facts = chapter_facts(source)
        rows.append([f"[{facts.title}]({folder}{source.name}.ipynb)", facts.aims, str(sum(facts.minutes.values()))])
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|---|---|---|", *lines[1:]])


def _section(source: Source, title: str) -> Cell:
    """Return the cell that begins a section."""
    for cell in source.cells:
        if cell.kind == "markdown" and (heading := _HEADING.match(cell.text)) and heading[1].strip() == title:
            return cell
    raise source.error(source.cells[0].key, f"the table names a section `{title}`, and there is none")
