"""How Chinese is set, and what of English may be left in it: rules by which each translated text is looked through.

Full-width punctuation; a space between Chinese and Latin letters, digits, code or a formula, none beside full-width
punctuation. The words of the field are those of `glossary.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tomli

__all__ = ["Term", "english_left", "glossary", "slips_of", "unwrapped"]

GLOSSARY = Path(__file__).with_name("glossary.toml")
HAN = "\u3400-\u4dbf\u4e00-\u9fff"
WIDE = "，。、；：？！（）《》「」“”‘’"
LATIN = "A-Za-z0-9`$λμσηβεα"  # ` and $ stand for code and for a formula
LONGEST = 3  # Latin words in a row, which names and menus may have

_FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_UNREAD = re.compile(r"<!--.*?-->|^@.*$|^Note:$|</?[a-z][^>]*>|\]\([^)]*\)", re.DOTALL | re.MULTILINE)
_FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$", re.DOTALL)
_CODE = re.compile(r"``[^\n]+?``|`[^`\n]+`")
_TYPED = re.compile(r"(?<=\S)  [^，。\n]+?(?:  |$)")  # two spaces stand around what is to be typed
_GAP = re.compile(r"\{[{%].*?[%}]\}|\$?\{\w+[^{}]*\}")  # also of templates
_MARK = re.compile(r"^\s*(?:(?:[-*>]|#{1,6}|\d+\.)\s+)*")
_OPENS = re.compile(r"^\s*(?:[-*>|@#]|\d+\. |```|<|---)|^Note:$")
_RULES = {
    "half-width punctuation in Chinese": re.compile(
        rf"[{HAN}`$] ?[,;:?!](?!\w)|[,;:?!] ?[{HAN}]|[{HAN}`$]\.(?!\w)|[{HAN}]\(|\)[{HAN}]|\([^()]*[{HAN}][^()]*\)"
    ),
    "straight quotes": re.compile(rf'["\'][{HAN}{WIDE}]|[{HAN}{WIDE}]["\']'),
    "no space between Chinese and Latin": re.compile(rf"[{HAN}][{LATIN}]|[{LATIN}%][{HAN}]"),
    "space beside full-width punctuation": re.compile(rf" [{WIDE}]|[{WIDE}] "),
    "space within Chinese": re.compile(rf"(?<!节)(?<=[{HAN}]) +[{HAN}]"),  # but in "第 3 节 标题"
}
_BOLD = re.compile(r"(?P<stars>\*{1,2})(?P<inside>[^*\n]+)(?P=stars)")
_STARS = "stars beside punctuation within them do not count there: put it outside"
_WORDS = re.compile(r"[A-Za-z][A-Za-z'’-]*(?: [A-Za-z][A-Za-z'’-]*)+")
_ITALIC = re.compile(r"(?<!\*)\*(?!\*)[^*\n]+\*(?!\*)")  # menus, buttons and titles of works keep their names


@dataclass(frozen=True)
class Term:
    """A word of the field: what it is in Chinese, what it may be besides, what not, and where the choice comes from."""

    english: str
    zh: str
    source: str
    also: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    why: str = ""


@cache
def glossary() -> dict[str, Term]:
    """Return the words of the field by their English."""
    told = tomli.loads(GLOSSARY.read_text(encoding="utf-8"))
    lists = {english: {key: tuple(one.get(key, ())) for key in ("also", "never")} for english, one in told.items()}
    return {english: Term(english, **one | lists[english]) for english, one in told.items()}


def slips_of(value: str | list[str], language: str = "zh") -> list[str]:
    """Say what a translated text does against the rules, each with the place; other languages have none."""
    if language != "zh":
        return []
    if isinstance(value, list):
        return [slip for one in value for slip in slips_of(one)]
    found = [f"English is left: {words}" for words in english_left(value)]
    for line in lines_of(value):
        plain = line.replace("*", "")
        for name, rule in _RULES.items():
            if slip := rule.search(plain):
                found.append(f"{name}: …{plain[max(0, slip.start() - 8) : slip.end() + 8]}…")
        found += [f"{_STARS}: {bold}" for bold in not_bold(line)]
        for term in glossary().values():
            words = [word for word in term.never if word in plain]
            found += [f"{word}: this course says {term.zh} for {term.english}" for word in words]
    return found


def not_bold(line: str) -> list[str]:
    """Return what stands between stars that are mere stars to Markdown: beside a word, with punctuation within."""
    found = []
    for bold in _BOLD.finditer(line):
        before, after = line[bold.start() - 1 : bold.start()], line[bold.end() : bold.end() + 1]
        first, last = bold["inside"][0], bold["inside"][-1]
        if any(beside.isalnum() and not within.isalnum() for beside, within in ((before, first), (after, last))):
            found.append(bold[0])
    return found


def english_left(text: str) -> list[str]:
    """Return what of a text are more Latin words in a row than names have."""
    lines = [_ITALIC.sub("", line) for line in lines_of(text)]
    runs = [run for line in lines for run in _WORDS.findall(line.replace("*", ""))]
    return [run for run in runs if run.count(" ") >= LONGEST]


def lines_of(text: str) -> Iterator[str]:
    """Give what is read of a text line by line, cells of tables each; code is `, a formula $, a gap is nothing."""
    plain = _UNREAD.sub("", _FENCED.sub("", unwrapped(text)))
    plain = _TYPED.sub("\x00", plain)
    plain = _GAP.sub("\x00", _FORMULA.sub("$", _CODE.sub("`", plain))).replace("[", "").replace("]", "")
    for line in plain.splitlines():
        for cell in line.split("|"):
            if stripped := _MARK.sub("", cell).strip():
                yield stripped


def unwrapped(text: str) -> str:
    """Return Markdown with each paragraph on one line: a browser makes a space of a line's end, also within Chinese."""
    lines: list[str] = []
    fenced = False
    for line in text.splitlines():
        was_fenced, fenced = fenced, fenced ^ line.lstrip().startswith("```")
        above = lines[-1] if lines else ""
        joins = line.strip() and above.strip() and not (fenced or was_fenced or _OPENS.match(line))
        if joins and not above.lstrip().startswith(("#", "|", "@", "```", "$$", "Note:")) and line[:2] != "$$":
            if above.endswith(("  ", "\\")):  # a line that ends on purpose
                lines.append(line)
                continue
            word = line.strip()
            tight = re.search(rf"[{HAN}{WIDE}]$", above) and re.match(rf"[{HAN}{WIDE}]", word)
            close = re.search(rf"[{WIDE}]\**$", above) or re.match(rf"\**[{WIDE}]", word)
            lines[-1] = above + ("" if tight or close else " ") + word
        else:
            lines.append(line)
    return "\n".join(lines)
