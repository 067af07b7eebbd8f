"""The plans for lectures, and the minutes of every section in each of them.

They stand beside the chapters' folders, in `plans.md`: a section `## Title` for each plan, with tables whose rows say
when something begins, how many minutes it takes, and which section of which chapter it is.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.facts import chapter_facts
from course_utils.workshop.authoring.languages import text_in
from course_utils.workshop.authoring.source import Source
from course_utils.workshop.phrases import phrase

_ROW = re.compile(r"^\| *(?P<begin>\d+:\d\d) *\| *(?P<minutes>\d+) *\| *(?P<what>[^|]+?) *\|")
_WHAT = re.compile(
    r"(?P<chapter>\d\d)(?:, |，)(?:section (?P<section>\d+ .+)|第 (?P<number>\d+) 节 (?P<title>.+)|(?P<part>.+))"
)
_HEADING = re.compile(r"^## (.+)", re.MULTILINE)


@dataclass(frozen=True)
class Item:
    """A row of a plan: its minutes and the chapter's number, "" for a break; `section` is "" without a number."""

    minutes: int
    chapter: str = ""
    section: str = ""


@dataclass(frozen=True)
class Plan:
    """A plan: its title and its rows in order."""

    title: str
    items: tuple[Item, ...]

    def minutes(self, chapter: str, section: str | None = None) -> int:
        """Add up what a chapter, or one of its sections, takes in this plan."""
        return sum(i.minutes for i in self.items if i.chapter == chapter and section in (None, i.section))


def plans_path(sources: Sequence[Source]) -> Path:
    """Return where the plans of a course with these chapters stand."""
    if not sources:
        raise ChapterError("there are no chapters to plan with")
    return sources[0].path.parents[1] / "plans.md"


def read_plans(path: Path, sources: Sequence[Source]) -> list[Plan]:
    """Read the plans of a course.

    Parameters
    ----------
    path
        The text.
    sources
        The chapters.

    Returns
    -------
    list of Plan

    Raises
    ------
    ChapterError
        If there is no such text, or a row names a section that its chapter does not have.
    """
    if not path.exists():
        raise ChapterError(f"{path}: is missing, so there are no plans")
    known = {_number(source): {title for _, title in section_titles(source)} for source in sources}
    plans: list[Plan] = []
    for number, line in enumerate(text_in(path, path.parent, sources[0].language).splitlines(), start=1):
        if heading := _HEADING.match(line):
            plans.append(Plan(re.split("[:：]", heading[1])[0], ()))
        elif plans and (row := _ROW.match(line)):
            item = _item(row)
            if item.chapter and (item.chapter not in known or item.section not in known[item.chapter] | {""}):
                raise ChapterError(f"{path}:{number}: there is no section `{row['what']}`")
            plans[-1] = Plan(plans[-1].title, (*plans[-1].items, item))
    return plans


def section_titles(source: Source) -> list[tuple[str, str]]:
    """List the key and the title of each section of a chapter."""
    texts = ((cell.key, cell.text) for cell in source.cells if cell.kind == "markdown")
    return [(key, heading[1]) for key, text in texts if (heading := _HEADING.match(text))]


def contents(plans: Sequence[Plan], sources: Sequence[Source]) -> str:
    """Make an HTML table of all chapters and sections: their minutes in full, and in each plan."""
    heads = [f'<a href="#plan-{number}">{html.escape(plan.title)}</a>' for number, plan in enumerate(plans)]
    rows = [_row("sum", "th", phrase("chapter and section"), [phrase("minutes in full"), *heads])]
    full = 0
    for source in sources:
        facts, number = chapter_facts(source), _number(source)
        minutes = sum(facts.minutes.values())
        full += minutes
        rows.append(_row("chapter", "td", facts.title, [minutes, *(plan.minutes(number) for plan in plans)]))
        for key, section in section_titles(source):
            if key in facts.minutes:
                cells = [facts.minutes[key], *(plan.minutes(number, section) for plan in plans)]
                rows.append(_row("", "td", section, cells))
    rows.append(_row("chapter", "td", phrase("Breaks, questions, close"), [0, *(plan.minutes("") for plan in plans)]))
    totals = [sum(item.minutes for item in plan.items) for plan in plans]
    rows.append(_row("sum", "td", phrase("Minutes together"), [full, *totals]))
    return '<table class="contents">\n' + "\n".join(rows) + "\n</table>"


def _item(row: re.Match[str]) -> Item:
    what = _WHAT.fullmatch(row["what"])
    if what is None:
        return Item(int(row["minutes"]))
    section = what["section"] or (f"{what['number']} {what['title']}" if what["number"] else "")
    return Item(int(row["minutes"]), what["chapter"], section)


def _number(source: Source) -> str:
    return re.match(r"\d*", source.name).group()  # type: ignore[union-attr]  # always matches


def _row(kind: str, tag: str, title: str, minutes: Sequence[int | str]) -> str:
    """Write one row; a 0 is left out."""
    title = title if tag == "th" else html.escape(title)
    cells = "".join(f"<{tag}>{number or ''}</{tag}>" for number in minutes)
    return f'<tr class="{kind}"><{tag} class="title">{title}</{tag}>{cells}</tr>'
