"""What of the course is translated: files of texts by key, their translations beside them, what these were made from.

The translation of a file lies in a folder of its room that is named after the language: of `02_numpy_dropout/notes.md`
it is `02_numpy_dropout/zh/notes.md`. What a translation lacks stays English. `english.txt` in that folder notes of each
text a hash of the English that it was made from.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import tomli

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.files import replace_file
from course_utils.workshop.authoring.source import parse_source

__all__ = [
    "CHAPTERS_TABLE", "Original", "Value", "adopted", "has_minutes", "join", "originals", "pieces", "read_record",
    "sections", "without_minutes",
]  # fmt: skip
Value = str | list[str]
CHAPTERS_TABLE = "@chapters"  # stands in a translation for the list of chapters, which is made
INTRODUCTION = "introduction"  # the key of what stands above the first key of the notes
ENGLISH_BELOW = re.compile(r"<!-- english\n.*?\n-->\n?", re.DOTALL)  # in a stub, what is to be translated

_KEY = re.compile(r"^## key: *(?P<key>\S+) *$")
_FENCE = "```"
_LISTING = re.compile(r"^(```.*?^```)", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"#{1,3} +(.+?) *")
# Entries of texts that no reader sees: what a check means by a name, and the numbers of a question.
_UNSPOKEN = {"belief", "sign", "answer", "within", "low", "high", "curve"}
_CODE = re.compile(r"`[^`]*`|\$[^$]*\$|\{\w+[^}]*\}")
_WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
MINUTES_HEAD = "| minutes |\n"
_MINUTES = re.compile(r"\| *\d+ *\|$", re.MULTILINE)
_TABLE = re.compile(r"^\| chapter \| what you will be able to do \| minutes \|\n(?:\|.*\n?)*", re.MULTILINE)
_RECORD = "english.txt"


@dataclass(frozen=True)
class Original:
    """A file of English texts.

    Parameters
    ----------
    path
        The file.
    room
        The folder that has the folders of languages.
    """

    path: Path
    room: Path

    @property
    def name(self) -> str:
        """What its translation is called, seen from the language's folder."""
        inside = self.path.relative_to(self.room).as_posix()
        return "prose.md" if inside == "chapter.py" else inside

    @property
    def is_toml(self) -> bool:
        """Whether its texts are entries of a TOML file, else they are Markdown."""
        return self.path.suffix == ".toml"

    def overlay(self, language: str) -> Path:
        """Return the file of its translation."""
        return self.room / language / self.name

    def read(self) -> str:
        """Return what stands in it."""
        return self.path.read_text(encoding="utf-8")

    def english(self) -> Mapping[str, Value]:
        """Return what is to be translated, by key, in order."""
        return {key: text for key, text in self.entries().items() if not self.is_toml or is_spoken(key, text)}

    def entries(self) -> Mapping[str, Value]:
        """Return all that may be translated; without words but with signs it need not be."""
        text = self.read()
        if self.path.name == "chapter.py":
            cells = [cell for cell in parse_source(text, self.path).cells if cell.kind == "markdown"]
            return {cell.key: without_chapters(cell.text) for cell in cells}
        if self.is_toml:
            return flat(tomli.loads(text))
        if self.path.name == "notes.md":
            introduction, keyed = sections(text, self.path)
            return ({INTRODUCTION: introduction} if introduction else {}) | keyed
        return pieces(text)

    def translated(self, language: str) -> dict[str, Value]:
        """Return the translation by key, as far as it goes.

        Raises
        ------
        ChapterError
            If it cannot be read, or has a key that English does not.
        """
        path, known = self.overlay(language), self.entries()
        if not path.exists():
            return {}
        try:
            text = path.read_text(encoding="utf-8")
            found: Mapping[str, Value] = flat(tomli.loads(text)) if self.is_toml else keyed_texts_of(text, path)
        except ValueError as error:
            raise ChapterError(f"{path}: cannot be read: {error}") from error
        if unknown := [key for key in found if key not in known]:
            raise ChapterError(f"{path}: there is no {unknown[0]} in English; there are {', '.join(known)[:200]}")
        return {key: found[key] for key in known if found.get(key)}

    def write(self, language: str, texts: Mapping[str, Value], stubs: bool = False) -> bool:
        """Write a translation in the order of the English, with what is still to be done as stubs if wished."""
        path = self.overlay(language)
        if not texts and not stubs:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        write = toml_text if self.is_toml else markdown_text
        wanted = self.english() if stubs else {}
        asked = {key: text for key, text in self.entries().items() if key in texts or key in wanted}
        return replace_file(path, write(asked, texts).encode())


def originals(notebooks_dir: Path) -> list[Original]:
    """List the files of the course that are translated: of chapters, plans, checks, figures, pages and demos."""
    source, package = notebooks_dir / "source", notebooks_dir.parent / "course_utils"
    found = []
    for folder in sorted(path.parent for path in source.glob("*/chapter.py")):
        names = ("chapter.py", "alt.toml", "notes.md", "slides.md", "handout.md", "homework.toml")
        found += [Original(folder / name, folder) for name in names if (folder / name).exists()]
    found += [Original(path, source) for path in [source / "plans.md"] if path.exists()]
    texts, demos = package / "texts", package / "workshop" / "demos"
    for place in ("*.toml", "beliefs/*.toml", "guesses/*.toml"):
        found += [Original(path, texts) for path in sorted(texts.glob(place))]
    found += [Original(path, demos) for path in sorted(demos.glob("catalogue.toml"))]
    return found


def adopted(value: Value, english: Value | None = None) -> str:
    """Return the hash by which a text is known again, however its lines are broken and its minutes counted.

    In listings and between the texts of a list, line ends count. Of a translation, its English says whether it has a
    table of minutes.
    """
    english = value if english is None else english
    parts = value if isinstance(value, list) else _LISTING.split(without_minutes(value, english))
    text = "\n".join(part if part.startswith(_FENCE) else " ".join(part.split()) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def without_minutes(text: str, english: Value) -> str:
    """Return a text, or its translation, without the minutes that are counted."""
    return _MINUTES.sub("| |", text) if has_minutes(english) else text


def has_minutes(english: Value) -> bool:
    """Return whether an English text has a table whose last column is made: the minutes, which are counted."""
    return isinstance(english, str) and MINUTES_HEAD in english


def read_record(room: Path, language: str) -> dict[tuple[str, str], tuple[str, str]]:
    """Return of each text, by its file's name and key, the hashes of English and translation that were accepted."""
    path = room / language / _RECORD
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    parts = [line.split(" ", 3) for line in lines if line.count(" ") >= 3]
    return {(name, key): (english, text) for english, text, name, key in parts}


def write_record(room: Path, language: str, record: Mapping[tuple[str, str], tuple[str, str]]) -> bool:
    """Write the hashes, a line each, so that two who translate at once never meet in one line."""
    lines = [f"{english} {text} {name} {key}\n" for (name, key), (english, text) in sorted(record.items())]
    return bool(lines) and replace_file(room / language / _RECORD, "".join(lines).encode())


def sections(text: str, path: Path) -> tuple[str, dict[str, str]]:
    """Return what stands above the first line `## key: KEY` of a text, and below each.

    Raises
    ------
    ChapterError
        If a key stands twice.
    """
    lines = text.splitlines()
    begins = [number for number, line in enumerate(lines) if _KEY.match(line)]
    found: dict[str, str] = {}
    for begin, end in zip(begins, [*begins, len(lines)][1:], strict=True):
        key = _KEY.match(lines[begin])["key"]  # type: ignore[index]  # chosen for its match
        if key in found:
            raise ChapterError(f"{path}:{begin + 1}: {key} stands twice")
        found[key] = "\n".join(lines[begin + 1 : end]).strip()
    return "\n".join(lines[: begins[0] if begins else None]).strip(), found


def keyed_texts_of(text: str, path: Path) -> dict[str, str]:
    """Return a translation's texts by key, without the English of stubs."""
    introduction, found = sections(ENGLISH_BELOW.sub("", text), path)
    if introduction:
        raise ChapterError(f"{path}:1: a translation begins with a line `## key: KEY`")
    return found


def pieces(text: str) -> dict[str, str]:
    """Cut a text at its headings; a key is made of each heading's words, and a line `---` above goes with it."""
    found: list[list[str]] = [[]]
    names, fenced = [""], False
    for line in text.splitlines():
        fenced ^= line.startswith(_FENCE)
        heading = None if fenced else _HEADING.fullmatch(line)
        if heading:
            above = found[-1]
            while above and not above[-1].strip():
                above.pop()
            rule = [above.pop(), ""] if above and above[-1] == "---" else []
            name = re.sub(r"[^a-z0-9]+", "-", heading[1].lower()).strip("-")[:48].strip("-") or "part"
            numbered = (f"{name}-{number}" for number in range(2, len(names) + 3))
            names.append(next(one for one in (name, *numbered) if one not in names))
            found.append([one for one in rule if one])
        found[-1].append(line)
    if any(line.strip() for line in found[0]):
        names[0] = "beginning"
    texts = {name: "\n".join(lines).strip() for name, lines in zip(names, found, strict=True)}
    return {name: text for name, text in texts.items() if text}


def join(texts: Iterator[str] | list[str]) -> str:
    """Put pieces of Markdown one below the other."""
    return "\n\n".join(texts) + "\n"


def without_chapters(text: str) -> str:
    """Return a text with a mark in place of the list of chapters, which is made from their titles and aims."""
    return _TABLE.sub(f"{CHAPTERS_TABLE}\n", text)


def flat(tables: Mapping[str, object]) -> dict[str, Value]:
    """Return the entries of a TOML file under one key each, `table.key`."""
    found: dict[str, Value] = {}
    for name, entry in tables.items():
        if isinstance(entry, dict):
            found |= {f"{name}.{key}": value for key, value in flat(entry).items()}
        else:
            found[name] = entry  # type: ignore[assignment]  # texts, or lists of them
    return found


def is_spoken(key: str, value: object) -> bool:
    """Return whether an entry is a text with words that a reader sees."""
    parts = value if isinstance(value, list) else [value]
    has_words = any(isinstance(one, str) and _WORD.search(_CODE.sub("", one)) for one in parts)
    return has_words and key.partition(".")[2] not in _UNSPOKEN | {"factory", "module"}


def markdown_text(english: Mapping[str, Value], texts: Mapping[str, Value]) -> str:
    """Return a translation as Markdown by key; a text without translation is a stub, its English in a comment."""
    stubs = {key: f"<!-- english\n{text}\n-->" for key, text in english.items()}
    return "\n".join(f"## key: {key}\n{texts.get(key, stub)}\n" for key, stub in stubs.items())


def toml_text(english: Mapping[str, Value], texts: Mapping[str, Value]) -> str:
    """Return a translation as TOML; a stub is an empty text below a comment with the English one."""
    lines: list[str] = []
    table = ""
    for key, text in english.items():
        head, dot, name = key.partition(".")
        if dot and head != table:
            lines += [""] * bool(lines) + [f"[{toml_key(head)}]"]
            table = head
        if key not in texts:
            lines.append(f"# english: {json.dumps(text, ensure_ascii=False)}")
        empty: Value = [] if isinstance(text, list) else ""
        lines.append(f"{toml_key(name or head)} = {toml_value(texts.get(key, empty))}")
    return "\n".join(lines) + "\n"


def toml_key(name: str) -> str:
    """Return a key of TOML, in quotes if it needs them; a point between words leads into a table."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*", name) else json.dumps(name, ensure_ascii=False)


def toml_value(value: Value) -> str:
    """Return a text of TOML, or a list of texts a line each."""
    if isinstance(value, list):
        return "[" + "".join(f"\n  {json.dumps(one, ensure_ascii=False)}," for one in value) + "\n" * bool(value) + "]"
    return json.dumps(value, ensure_ascii=False)
