"""How far a translation is: what is missing, what its English has left behind, and what cannot be taken as it is."""

from __future__ import annotations

import difflib
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import tomli

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.originals import (
    Original,
    Value,
    adopted,
    originals,
    read_record,
    without_minutes,
    write_record,
)
from course_utils.workshop.authoring.presses import presets_in
from course_utils.workshop.authoring.typography import slips_of

__all__ = [
    "Language", "Text", "accept", "declared_languages", "stale_translations", "texts_of", "unlike", "what_changed",
]  # fmt: skip

MISSING, NEW, STALE, DONE = "missing", "new", "stale", "done"
_COMMAND = "python -m course_utils translate"
_FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_TARGET = re.compile(r"\]\(([^)]*)\)")
_FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$", re.DOTALL)
_WORDS_IN_FORMULA = re.compile(r"\\(?:text|mathrm|textbf)\{[^}]*\}")
_CODE = re.compile(r"`([^`\n]+)`")
_GAP = re.compile(r"\{\w+[^{}]*\}")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
_BARE = re.compile(r"[\d:.,%−-]*\d[\d:.,%]*")
_BAR = re.compile(r"(?<!\\)\|")
_HEADING = re.compile(r"^(#{1,6}) ", re.MULTILINE)
_DIRECTIVE = re.compile(r"^(?:@.*|Note:|---)$", re.MULTILINE)


@dataclass(frozen=True)
class Language:
    """A language besides English, as `languages.toml` beside the chapters' sources has it.

    Parameters
    ----------
    code
        Its two letters, which its folders are called.
    name
        What it calls itself.
    tag
        As pages say it to browsers.
    complete
        Whether all is translated, so that a text without translation is a fault.
    """

    code: str
    name: str
    tag: str
    complete: bool = False

    @property
    def folder(self) -> str:
        """Its folder in a site; English has none."""
        return f"{self.code}/" if self.code else ""


@dataclass(frozen=True)
class Text:
    """One text and its translation, "" if there is none; `state` is "missing", "new", "stale" or "done"."""

    original: Original
    key: str
    english: Value
    translation: Value
    state: str

    @property
    def record_key(self) -> tuple[str, str]:
        """What it is called in the record of its room."""
        return self.original.name, self.key

    @property
    def called(self) -> str:
        """What a command calls it, FILE:KEY; a key alone stands in many files."""
        inside = self.original.path.relative_to(self.original.room).as_posix()
        return f"{self.original.room.name}/{inside}:{self.key}"

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return f"{self.original.path}: {self.key}"


def declared_languages(notebooks_dir: Path) -> dict[str, Language]:
    """Return the languages of a course besides English, by their codes.

    Raises
    ------
    ChapterError
        If their file cannot be read.
    """
    path = notebooks_dir / "source" / "languages.toml"
    if not path.exists():
        return {}
    try:
        told = tomli.loads(path.read_text(encoding="utf-8"))
        return {code: Language(code, **one) for code, one in told.items()}
    except (OSError, ValueError, TypeError) as error:
        raise ChapterError(f"{path}: cannot be read: {error}") from error


def texts_of(original: Original, language: str) -> list[Text]:
    """Return each text of a file with its translation and how far that is."""
    record, found = read_record(original.room, language), original.translated(language)
    texts = []
    asked = original.english()
    for key, english in original.entries().items():
        text = found.get(key, "")
        if not text and key not in asked:
            continue
        known = record.get((original.name, key))
        if not text:
            state = MISSING
        elif known is None:
            state = NEW
        elif known[0] != adopted(english):
            state = STALE
        else:
            state = DONE if known[1] == adopted(text, english) else NEW
        texts.append(Text(original, key, english, text, state))
    return texts


def stale_translations(notebooks_dir: Path) -> list[str]:
    """Say of each text whose translation is missing, not accepted or behind its English what it is and what to do.

    What is missing counts only where a language says that it is complete.
    """
    lines = []
    for language in declared_languages(notebooks_dir).values():
        for original in originals(notebooks_dir):
            for text in texts_of(original, language.code):
                if text.state == DONE or (text.state == MISSING and not language.complete):
                    continue
                told = {
                    MISSING: "is not translated",
                    NEW: f"is not accepted; run `{_COMMAND} --accept {language.code}`",
                    STALE: f"its English has changed; see `{_COMMAND} --todo {language.code}`",
                }
                lines.append(f"{text.place}: {language.code}: {told[text.state]}")
    return lines


def accept(texts: Sequence[Text], language: str, still: Iterable[str] = ()) -> tuple[list[Text], list[str]]:
    """Note of translations that they were made from the English of today; return them, and why others were not taken.

    A translation that has not changed while its English has is taken only if it is in `still`: then it holds.
    """
    taken, refused = [], []
    for text in texts:
        record = read_record(text.original.room, language)
        if text.state in (MISSING, DONE):
            continue
        known, hashed = record.get(text.record_key), adopted(text.translation, text.english)
        if text.state == STALE and known and known[1] == hashed and text.called not in still:
            told = f"its English has changed, it has not; if it still holds, --still {text.called}"
            refused.append(f"{text.place}: {told}")
        elif problems := unlike(text.english, text.translation) + slips_of(text.translation, language):
            refused += [f"{text.original.overlay(language)}: {text.key}: {problem}" for problem in problems]
        else:
            record[text.record_key] = adopted(text.english), hashed
            write_record(text.original.room, language, record)
            taken.append(text)
    return taken, refused


def tidy(original: Original, language: str, stubs: bool = False) -> bool:
    """Write a translation anew in the order of its English; forget what was noted of texts that are gone."""
    known = original.entries()
    record = read_record(original.room, language)
    kept = {place: one for place, one in record.items() if place[0] != original.name or place[1] in known}
    if kept != record:
        write_record(original.room, language, kept)
    return original.write(language, original.translated(language), stubs)


def unlike(english: Value, translation: Value) -> list[str]:
    """Say in what a translation is made otherwise than its English, where both must be alike."""
    if isinstance(english, list) or isinstance(translation, list):
        if not (isinstance(english, list) and isinstance(translation, list) and len(english) == len(translation)):
            return [f"must be a list of {len(english)} texts"]
        pairs = zip(english, translation, strict=True)
        return [problem for one, other in pairs for problem in unlike(one, other)]
    if english.split() == translation.split() and len(english.split()) > 2:
        return ["is still English"]
    english, translation = without_minutes(english, english), without_minutes(translation, english)
    alike: dict[str, Callable[[str], Counter[str]]] = {
        "headings": lambda text: Counter(f"level {len(one)}" for one in _HEADING.findall(_FENCED.sub("", text))),
        "lines": lambda text: Counter(_DIRECTIVE.findall(_FENCED.sub("", text))),
        "listings": lambda text: Counter(_FENCED.findall(text)),
        "links": lambda text: Counter(_TARGET.findall(text)),
        "table rows": lambda text: Counter(f"of {line.count('|')}" for line in text.splitlines() if line[:1] == "|"),
        "formulas": lambda text: kinds(formulas(_FENCED.sub("", text))),
        "code": lambda text: kinds(_CODE.findall(_FENCED.sub("", text))),
        "gaps": lambda text: kinds(_GAP.findall(_CODE.sub("", _FORMULA.sub("", text)))),
        "numbers": lambda text: kinds(_NUMBER.findall(_TARGET.sub("]", _FENCED.sub("", text)))),
    }
    problems = []
    for what, of in alike.items():
        lost, added = of(english) - of(translation), of(translation) - of(english)
        if lost or (added and what != "numbers"):
            parts = [f"without {', '.join(lost)}"] * bool(lost) + [f"with {', '.join(added)}"] * bool(added)
            problems.append(f"{what}: {'; '.join(parts)}")
    pressed, here = presets_in(english), presets_in(translation)
    if pressed != here:
        told = f"it begins by pressing {here or 'none'}, its English by pressing {pressed or 'none'}"
        problems.append(f"presets: {told}")
    return problems + [f"table, row {row}: {problem}" for row, problem in unlike_rows(english, translation)]


def unlike_rows(english: str, translation: str) -> Iterator[tuple[int, str]]:
    """Give the rows of tables, counted from 1, in which other numbers stand than in the English."""
    ours, theirs = (rows_of(text) for text in (english, translation))
    for number, (row, other) in enumerate(zip(ours, theirs, strict=False), start=1):
        for cell, told in zip(row, other, strict=False):
            if cell != told if _BARE.fullmatch(cell) else _digits(cell) - _digits(told):
                yield number, f"`{told}` for `{cell}`"


def rows_of(text: str) -> list[list[str]]:
    """Return the rows of the tables of a text, their cells without spaces around them."""
    lines = [line for line in _FENCED.sub("", text).splitlines() if line[:1] == "|"]
    return [[cell.strip() for cell in _BAR.split(line.strip().strip("|"))] for line in lines]


def _digits(cell: str) -> set[str]:
    return set(_NUMBER.findall(_TARGET.sub("]", cell)))


def formulas(text: str) -> Iterator[str]:
    """Give the formulas of a text without the words in them, which are translated, and without spaces."""
    for formula in _FORMULA.findall(_CODE.sub("", text)):
        yield "".join(_WORDS_IN_FORMULA.sub("", formula).split()).strip("$")


def kinds(found: Iterable[str]) -> Counter[str]:
    """Count each once: a sentence may say a thing again where the other has a pronoun."""
    return Counter(set(found))


def what_changed(text: Text, language: str) -> list[str]:
    """Return the English words that came and went since a translation was made, from the history of its file."""
    known = read_record(text.original.room, language).get(text.record_key)
    before = known and earlier(text.original, text.key, known[0])
    if not before:
        return []
    old, new = (("\n".join(one) if isinstance(one, list) else one).split() for one in (before, text.english))
    found = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            around = " ".join(new[max(0, c - 3) : c])
            found.append(f"{around} [-{' '.join(old[a:b])}-] [+{' '.join(new[c:d])}+]".strip())
    return found


def earlier(original: Original, key: str, wanted: str) -> Value:
    """Return the English text of a key that had a hash, from the commits of its file; "" where there is none."""
    path = original.path
    commits = git(path.parent, "log", "--format=%H", "-n", "60", "--", path.name).split()
    for commit in commits:
        text = git(path.parent, "show", f"{commit}:./{path.name}")
        try:
            found = OfText(path, original.room, text).english().get(key, "")
        except (ChapterError, ValueError):
            continue
        if found and adopted(found) == wanted:
            return found
    return ""


@dataclass(frozen=True)
class OfText(Original):
    """A file of English texts as it once was."""

    text: str = ""

    def read(self) -> str:
        """Return what stood in it."""
        return self.text


def git(folder: Path, *words: str) -> str:
    """Return what git says, "" where it says nothing."""
    try:
        return subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, encoding="utf-8").stdout
    except OSError:
        return ""
