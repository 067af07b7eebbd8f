"""The minutes of a section, counted by one rule, so that chapters can be compared and none is flattered.

A reader takes in 200 words of text a minute; a formula is read like 10 words. Twelve lines of code take a minute, a
picture half of one, a prediction half of one, a live figure three. An exercise takes five, an open task fifteen.
"""

import re

from course_utils.workshop.authoring.beside import alt_texts
from course_utils.workshop.authoring.facts import chapter_facts
from course_utils.workshop.authoring.source import Source

__all__ = ["counted_minutes", "with_minutes"]

WORDS, LINES = 200, 12  # a minute
PICTURE, GUESS, LIVE, EXERCISE, OPEN_TASK = 0.5, 0.5, 3, 5, 15
_FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$", re.DOTALL)
_TARGET = re.compile(r"\]\([^)]*\)")
_ASKS = re.compile(r"(?:guess|outcome|calibration)\(")
_ROW = re.compile(r"^# \| (?P<section>[^|]+?) \|(?P<between>(?:[^|\n]*\|)*) (?P<minutes>\d+) \|$", re.MULTILINE)


def counted_minutes(source: Source) -> dict[str, int]:
    """Return the minutes of each section of a chapter's table, by the key of the cell that begins it."""
    begins = chapter_facts(source).minutes.keys()
    found: dict[str, float] = {}
    section, pictures, exercise = "", alt_texts(source), EXERCISE
    for cell in source.cells:
        section = cell.key if cell.key in begins else "" if cell.text.startswith("## ") else section
        if cell.kind == "markdown":
            text = _TARGET.sub("]", _FORMULA.sub(" formula" * 10, cell.text))
            minutes = len(re.findall(r"\w+", text)) / WORDS
            exercise = OPEN_TASK if "**Open task" in cell.text else EXERCISE
        else:
            live = "course_utils.live" in cell.text
            lines = [line for line in cell.text.splitlines() if line.strip() and not _ASKS.match(line)]
            minutes = exercise if cell.is_exercise else len(lines) / LINES
            minutes += GUESS * len(re.findall(r"^guess\(", cell.text, re.MULTILINE))
            minutes += LIVE if live else PICTURE * (cell.key in pictures)
        found[section] = found.get(section, 0) + minutes
    return {key: max(1, round(found.get(key, 0))) for key in begins}


def with_minutes(source: Source) -> str:
    """Return a chapter's text with the minutes of its table as they are counted."""
    counted, text = counted_minutes(source), source.path.read_text(encoding="utf-8")
    titles = {cell.text.partition("\n")[0].removeprefix("## ").strip(): cell.key for cell in source.cells}

    def row(found: re.Match[str]) -> str:
        key = titles.get(found["section"])
        return f"# | {found['section']} |{found['between']} {counted[key]} |" if key in counted else found[0]

    return _ROW.sub(row, text)
