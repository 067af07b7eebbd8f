"""What is asked: a number, one of a few options, or a curve; and when a guess counts as right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from math import floor, isfinite, log10
from typing import Any

import numpy as np

from course_utils.arguments import Array
from course_utils.texts import GUESS, chapters_that_ask, guesses_of, sentence, texts

__all__ = ["SURE", "Given", "Question", "answer", "question"]

SURE = ("hunch", "fairly", "sure")  # how sure a reader may be of a guess
LETTERS = "abcdef"
Given = str | float | list[float]


@dataclass(frozen=True)
class Question:
    """A question of a chapter; one with options is a choice, one with positions asks for a curve."""

    key: str
    words: Mapping[str, str]  # as they stand in the course's texts

    @property
    def chapter(self) -> str:
        """Return the chapter that asks, such as "02"."""
        return next(chapter for chapter in chapters_that_ask() if self.key in guesses_of(chapter))

    @property
    def options(self) -> dict[str, str]:
        """The options by their letters."""
        return {letter: self.words[letter] for letter in LETTERS if letter in self.words}

    @property
    def positions(self) -> list[float]:
        """Where a curve is asked for."""
        return [float(word) for word in self.words.get("curve", "").split()]

    @property
    def kind(self) -> str:
        """Return "choice", "curve" or "number"."""
        return "choice" if self.options else "curve" if self.positions else "number"

    def parse(self, given: Any) -> Given:
        """Return a guess as it is kept.

        Raises
        ------
        ValueError
            For what this question does not allow.
        """
        if self.kind == "choice":
            if given not in self.options:
                raise self.refused(f"one of {', '.join(map(repr, self.options))}", given)
            return str(given)
        if self.kind == "number":
            if (number := finite(given)) is None:
                raise self.refused("a number", given)
            return number
        low, high, count = float(self.words["low"]), float(self.words["high"]), len(self.positions)
        values = [finite(value) for value in given] if isinstance(given, (list, tuple, np.ndarray)) else []
        if len(values) != count or any(value is None or not low <= value <= high for value in values):
            raise self.refused(f"{count} numbers from {low:g} to {high:g}", given)
        return [value for value in values if value is not None]

    def refused(self, allowed: str, given: Any) -> ValueError:
        """Return the error that says what may be guessed."""
        return ValueError(f"value must be {allowed} for {self.key!r}, got {given!r}")

    def is_right(self, given: Given, truth: Given) -> bool:
        """Return whether a guess is as near to the truth as the question asks."""
        if isinstance(given, str) or isinstance(truth, str):
            return given == truth
        return bool(np.all(self.near(np.asarray(given, float), np.asarray(truth, float))))

    def near(self, given: Array, truth: Array) -> Array:
        """Return where numbers are near enough: to within a difference, or to within a factor."""
        within = self.words["within"]
        if not within.startswith("x"):
            return np.abs(given - truth) <= float(within) * (1 + 1e-9)
        factor = float(within[1:]) * (1 + 1e-9)
        smaller, larger = np.minimum(np.abs(given), np.abs(truth)), np.maximum(np.abs(given), np.abs(truth))
        return (given * truth > 0) & (larger <= factor * smaller)

    def shown(self, value: Given) -> str:
        """Return a guess or the truth as text: an option by its words, a number with the digits that are asked for."""
        if isinstance(value, str):
            return self.options[value]
        if isinstance(value, list):
            return sentence("a_curve", "guessing")
        return " ".join(filter(None, (self.rounded(value), self.words.get("unit", ""))))

    def rounded(self, value: float) -> str:
        """Return a number with the digits that count."""
        within = self.words["within"]
        if within.startswith("x"):
            return f"{value:.2g}" if abs(value) < 100 else f"{float(f'{value:.2g}'):,.0f}".replace(",", " ")
        return f"{value:.{max(0, -floor(log10(float(within))))}f}"


def question(key: str) -> Question:
    """Return the question of a key, or say which one is nearest.

    Raises
    ------
    ValueError
        For a key that no question has.
    """
    words = texts().get(f"{GUESS}{key}")
    if words is None:
        close = get_close_matches(f"{GUESS}{key}", texts(), n=1)
        raise ValueError(
            f"key must be that of a question, got {key!r}"
            + "".join(f"; is it {one.removeprefix(GUESS)!r}?" for one in close if one.startswith(GUESS))
        )
    return Question(key, words)


def questions(chapter: str) -> list[Question]:
    """Return the questions of a chapter such as "02", in their order.

    Raises
    ------
    ValueError
        For a chapter that asks none.
    """
    return [question(key) for key in guesses_of(chapter)]


def answer(key: str) -> str:
    """Return the letter of the right option of a choice; it stands in the texts, so that no cell gives it away."""
    return question(key).words["answer"]


def finite(value: Any) -> float | None:
    """Return a value as a finite number, or None if it is none."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if isfinite(number) else None
