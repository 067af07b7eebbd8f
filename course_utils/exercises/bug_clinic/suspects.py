"""Finding the line: the lettered lines of the specimens, one of them wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from course_utils.exercises.calls import called
from course_utils.exercises.exercise import Answer, Exercise
from course_utils.exercises.mistake import Mistake, require
from course_utils.exercises.verdict import Words
from course_utils.texts import sentence, texts

__all__ = ["SUSPECTS", "find"]


@dataclass(frozen=True)
class Suspects:
    """The lettered lines of one specimen; why each is wrong or innocent stands with the texts of the exercise.

    Parameters
    ----------
    wrong : str
        Letter of the line that is wrong; several letters, if each of these lines may be blamed.
    innocent : dict of str
        For each other letter the id of the misconception that accuses it.
    """

    wrong: str
    innocent: Mapping[str, str]


A4_AND_A5 = {
    "a": "accuses-the-setup",
    "b": "accuses-the-cost",
    "c": "accuses-the-chain",
    "d": "accuses-the-scale",
    "e": "accuses-the-other-bug",
    "f": "accuses-the-other-bug",
    "g": "accuses-the-messenger",
    "h": "accuses-the-chain",
}
SUSPECTS = {
    "find_a1": Suspects("a", {"b": "accuses-the-forward-pass", "c": "accuses-the-messenger"}),
    "find_a2": Suspects(
        "d",
        {
            "a": "accuses-the-randomness",
            "b": "accuses-the-scale",
            "c": "accuses-the-randomness",
            "e": "accuses-the-messenger",
        },
    ),
    "find_a9": Suspects(
        "e",
        {
            "a": "accuses-the-setup",
            "b": "accuses-the-forward-pass",
            "c": "accuses-the-chain",
            "d": "accuses-the-setup",
            "f": "accuses-the-messenger",
        },
    ),
    "find_b8": Suspects(
        "d",
        {
            "a": "accuses-the-forward-pass",
            "b": "accuses-the-randomness",
            "c": "accuses-the-scale",
            "e": "accuses-the-forward-pass",
            "f": "accuses-the-messenger",
        },
    ),
    "find_b6": Suspects("d", {"a": "accuses-the-setup", "b": "accuses-the-setup", "c": "accuses-the-forward-pass"}),
    "find_a8": Suspects("c", {"a": "accuses-the-setup", "b": "accuses-the-setup", "d": "accuses-the-messenger"}),
    "find_a3": Suspects("b", {"a": "accuses-the-setup", "c": "accuses-the-messenger", "d": "accuses-the-scale"}),
    "find_b1": Suspects("c", {"a": "accuses-the-randomness", "b": "accuses-the-scale", "d": "accuses-the-messenger"}),
    "find_b2": Suspects(
        "d",
        {"a": "accuses-the-randomness", "b": "accuses-the-scale", "c": "accuses-the-forward-pass"},
    ),
    "find_a4": Suspects("f", {letter: id for letter, id in A4_AND_A5.items() if letter != "f"}),
    "find_a5": Suspects("e", {letter: id for letter, id in A4_AND_A5.items() if letter != "e"}),
    "find_b3": Suspects("b", {"a": "accuses-the-setup", "c": "accuses-the-forward-pass", "d": "accuses-the-messenger"}),
    "find_b4": Suspects(
        "d",
        {
            "a": "accuses-the-forward-pass",
            "b": "accuses-the-forward-pass",
            "c": "accuses-the-cost",
            "e": "accuses-the-messenger",
        },
    ),
    "find_b5": Suspects("a", {"b": "accuses-the-messenger", "c": "accuses-the-messenger"}),
    "find_c1": Suspects(
        "c",
        {
            "a": "accuses-the-setup",
            "b": "accuses-the-forward-pass",
            "d": "accuses-the-messenger",
            "e": "accuses-the-setup",
            "f": "accuses-the-messenger",
        },
    ),
    "find_a7": Suspects("c", {"a": "accuses-the-forward-pass", "b": "accuses-the-cost", "d": "accuses-the-messenger"}),
    "find_a6": Suspects("abc", {"d": "accuses-the-randomness"}),
    "cause_a6": Suspects("b", {"a": "accuses-the-randomness", "c": "accuses-the-chain", "d": "accuses-the-model"}),
    "find_b7": Suspects("c", {"a": "accuses-the-model", "b": "accuses-the-randomness", "d": "accuses-the-schedule"}),
}
REASONS = dict.fromkeys(("find_a4", "find_a5"), "find_a4_and_a5")  # where they stand, if not with the exercise's texts


def find(name: str) -> Exercise:
    """Return the exercise of finding the line of one specimen."""
    return Exercise(name, partial(examine_suspect, name))


def examine_suspect(name: str, suspect: Answer, rng: np.random.Generator) -> None:
    """Examine ``suspect_...()``, which names a line."""
    letter, suspects = letter_of(called(suspect)), SUSPECTS[name]
    if letter in suspects.innocent:
        why = texts()[REASONS.get(name, name)][letter]
        raise Mistake(suspects.innocent[letter], ((sentence("line", line=letter), Words(why)),))
    letters = ", ".join(sorted({*suspects.innocent, *suspects.wrong}))
    require(letter in suspects.wrong, "no-such-line", ("got", letter), ("lines", letters))


def letter_of(value: Any) -> str:
    """Return the one letter in an answer; "# B" and "line b" will do."""
    several = isinstance(value, list | tuple | set) and len(value) > 1
    require(not several, "several-lines", ("got", value))
    require(isinstance(value, str), "not-a-letter", ("got", value))
    letters = re.findall(r"\b[a-z]\b", value.lower())
    require(letters, "not-a-letter", ("got", value))
    require(len(set(letters)) == 1, "several-lines", ("got", value))
    return str(letters[0])
