"""All that checks and controls say, from the TOML files beside this one: English, and another language laid over it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = [
    "GUESS", "Texts", "chapters_that_ask", "guesses_of", "languages", "marked", "sentence", "side_by_side", "speaking",
    "texts",
]  # fmt: skip

FOLDER = Path(__file__).parent
SEMICOLON = re.compile("(?<=[\u4e00-\u9fff]); ")  # between Chinese
WIDE_END = re.compile("([。：；！？]) ")
GUESS = "guess: "  # what the names of the questions' entries begin with, so that they are nobody else's
CODE = re.compile(r"`([^`]+)`")
Texts = Mapping[str, Mapping[str, str]]  # of a misconception's id, or an exercise's name, its texts by their keys


def texts(language: str = "") -> Texts:
    """Return what checks and controls say in a language; what it lacks is English.

    Parameters
    ----------
    language : str, optional
        Name of a folder beside this file, which has files like those here. By default what the environment variable
        COURSE_LANGUAGE says, or "en", which has no folder.

    Raises
    ------
    ValueError
        For an entry or a key that English does not have.
    """
    return read(FOLDER, language or os.environ.get("COURSE_LANGUAGE", "en"))


def sentence(key: str, table: str = "verdict", **parts: Any) -> str:
    """Return one of the sentences around the texts of exercises, or of another table, its fields filled in."""
    return texts()[table][key].format(**parts)


def languages() -> list[str]:
    """Return the languages besides English that there are texts in, such as "zh"."""
    return sorted(path.name for path in FOLDER.glob("[a-z][a-z]") if path.is_dir())


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let the course speak a language for a while; "" is English."""
    before = os.environ.get("COURSE_LANGUAGE")
    os.environ["COURSE_LANGUAGE"] = language or "en"
    try:
        yield
    finally:
        if before is None:
            del os.environ["COURSE_LANGUAGE"]
        else:
            os.environ["COURSE_LANGUAGE"] = before


def side_by_side(*sentences: str) -> str:
    """Return sentences in one line, with a space between them, but none behind full-width punctuation."""
    return SEMICOLON.sub("；", WIDE_END.sub(r"\1", " ".join(filter(None, sentences))))


def marked(text: str) -> str:
    """Return a text as HTML, with what stands between backticks in code font."""
    return CODE.sub(r"<code>\1</code>", escape(text))


def guesses_of(chapter: str) -> list[str]:
    """Return the keys of the questions that a chapter such as "02" asks, in their order.

    Raises
    ------
    ValueError
        For a chapter that asks none.
    """
    if chapter not in chapters_that_ask():
        raise ValueError(f"chapter must be one of {', '.join(chapters_that_ask())}, got {chapter!r}")
    return list(tomllib.loads((FOLDER / "guesses" / f"{chapter}.toml").read_text(encoding="utf-8")))


def chapters_that_ask() -> list[str]:
    """Return the chapters that have questions."""
    return sorted(path.stem for path in (FOLDER / "guesses").glob("*.toml"))


@cache
def read(folder: Path, language: str) -> Texts:
    """Return all entries of the files in a folder, and over them those of the language's folder in it."""
    found = {name: entry for _, name, entry in entries(folder)}
    for path, name, entry in entries(folder / language) if language else ():
        known = found.get(name, {})
        for key in entry:
            if key not in known:
                raise ValueError(f"{path}: there is no {name}.{key} in English")
        found[name] = known | {key: text for key, text in entry.items() if text != ""}  # that one is still to be done
    return found


def entries(folder: Path) -> Iterator[tuple[Path, str, dict[str, str]]]:
    """Give each entry of the files in a folder, of beliefs and of guesses, with its file and its name."""
    places = ("*.toml", "beliefs/*.toml", "guesses/*.toml")
    for path in (path for place in places for path in sorted(folder.glob(place))):
        for name, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
            yield path, (GUESS if path.parent.name == "guesses" else "") + name, entry
