"""What the pages' search looks in: the text of every section, taken from the finished HTML."""

from __future__ import annotations

import html
import json
import re
from dataclasses import asdict, dataclass

_FORMULA = re.compile(r'<svg class="formula"[^>]*?aria-label="([^"]*)".*?</svg>', re.DOTALL)
_UNSPOKEN = re.compile(r'<a class="anchor".*?</a>|<script\b.*?</script>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_INLINE = re.compile(r"</?(?:a|b|code|em|i|mark|span|strong)\b[^>]*>")
_HEADING = re.compile(r'<h([1-6]) id="([^"]*)">(.*?)</h\1>', re.DOTALL)


@dataclass(frozen=True)
class Heading:
    """A heading of a page: its level, the anchor that leads to it, and its text."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True)
class Entry:
    """A section as search knows it."""

    page: str
    anchor: str
    chapter: str
    section: str
    text: str


def plain_text(page: str) -> str:
    """Return the words of some HTML on one line; of a formula its LaTeX."""
    text = _FORMULA.sub(lambda match: f" {match[1]} ", _UNSPOKEN.sub("", page))
    text = _TAG.sub(" ", _INLINE.sub("", text))
    return " ".join(html.unescape(text).split())


def headings(page: str) -> list[Heading]:
    """List the headings of a page that have an anchor."""
    return [Heading(int(match[1]), html.unescape(match[2]), plain_text(match[3])) for match in _HEADING.finditer(page)]


def entries(address: str, chapter: str, page: str) -> list[Entry]:
    """Cut a page at its headings.

    Parameters
    ----------
    address
        The page's file name.
    chapter
        What the chapter is called.
    page
        The HTML of its text. What stands above the first heading is left out.
    """
    matches = list(_HEADING.finditer(page))
    ends = [*(match.start() for match in matches[1:]), len(page)]
    return [
        Entry(
            page=address,
            anchor="" if match[1] == "1" else html.unescape(match[2]),
            chapter=chapter,
            section=chapter if match[1] == "1" else plain_text(match[3]),
            text=plain_text(page[match.end() : end]),
        )
        for match, end in zip(matches, ends, strict=False)
    ]


def index_script(found: list[Entry]) -> str:
    """Write the index as a script, which a page opened from a folder may load; it may not load other data."""
    rows = ",\n".join(json.dumps(asdict(entry), ensure_ascii=False) for entry in found)
    return f"window.courseIndex = [\n{rows}\n];\n"
