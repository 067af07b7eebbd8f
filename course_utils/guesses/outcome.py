"""``outcome(key, truth)``: what came out, beside what the reader had guessed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_utils.guesses.question import Given, Question, question
from course_utils.guesses.store import STORE
from course_utils.terminal import show
from course_utils.texts import marked, sentence

__all__ = ["Outcome", "outcome", "renew"]

SHOWN: dict[str, tuple[Any, Any]] = {}  # what depends on guesses and was shown last, and where, by question or chapter


def outcome(key: str, truth: float | Sequence[float] | None = None) -> None:
    """Show what came out beside the reader's guess; a guess that is made later appears there too.

    Parameters
    ----------
    key : str
        Of the question.
    truth : float or sequence of float, optional
        What came out: a number, or a curve's values. For a choice the right option stands in the course's texts.

    Raises
    ------
    ValueError
        For a key that no question has, and for a truth that is none for this question.
    """
    one = question(key)
    if (truth is None) != (one.kind == "choice"):
        raise ValueError(f"truth must be {'left out' if one.options else 'given'} for {key!r}, got {truth!r}")
    came = one.words["answer"] if truth is None else np.asarray(truth, float).tolist()
    if not isinstance(came, str) and not np.all(np.isfinite(came)):
        raise ValueError(f"truth must be finite for {key!r}, got {truth!r}")
    found = Outcome(one, came)
    found.remember()
    SHOWN[key] = found, show(found)


def renew(key: str) -> None:
    """Show in its place what depends on a guess, which has changed."""
    if key in SHOWN:
        SHOWN[key][0].remember()
    for name in (key, question(key).chapter):
        thing, place = SHOWN.get(name, (None, None))
        if place is not None:
            show(thing, place)


class Outcome:
    """The truth of a question, and what is said of it."""

    def __init__(self, one: Question, truth: Given) -> None:
        self.question, self.truth = one, truth

    def remember(self) -> None:
        """Keep the truth beside the guess, so that a later day can count it; without a guess nothing is written."""
        if STORE.guess_of(self.question) is not None:
            STORE.keep(self.question.key, truth=self.truth)

    @property
    def is_right(self) -> bool | None:
        """Whether the guess was right; None if there is none."""
        given = STORE.guess_of(self.question)
        return None if given is None else self.question.is_right(given, self.truth)

    def __str__(self) -> str:
        return self.said().replace("`", "")

    def said(self) -> str:
        """Return the sentence about truth and guess, in which backticks mark code."""
        one, given, right = self.question, STORE.guess_of(self.question), self.is_right
        if isinstance(self.truth, list):
            near = int(np.sum(one.near(np.asarray(given), np.asarray(self.truth)))) if given is not None else 0
            kind = "none" if given is None else "right" if right else "wrong"
            return sentence(f"curve_{kind}", "guessing", count=near, all=len(self.truth))
        truth, guess = one.shown(self.truth), "" if given is None else one.shown(given)
        kind = "none" if given is None else "wrong" if not right else "right" if guess == truth else "near"
        if one.kind == "choice":
            truth, guess = (sentence("a_choice", "guessing", words=words) for words in (truth, guess))
        return sentence(kind, "guessing", truth=truth, guess=guess)

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        told = {"course": {"outcome": self.question.key, "truth": self.truth}}
        if isinstance(self.truth, list):
            from course_utils.figures.guesses import guess_figure

            guess = STORE.guess_of(self.question)
            curves = {"truth": self.truth} | ({"yours": guess} if isinstance(guess, list) else {})
            named = {sentence(f"curve_{name}", "guessing"): curve for name, curve in curves.items()}
            words = self.question.words
            alt = sentence("curve_alt", "guessing")
            figure = guess_figure(self.question.positions, named, words["x"], words["y"], alt)
            picture, shown = figure._repr_png_()
            return {"image/png": picture, "text/plain": str(self)}, {"image/png": shown} | told
        mark, colour = {None: ("→", "#7F7F7F"), True: ("✓", "#009E73"), False: ("→", "#D55E00")}[self.is_right]
        sign = f"<b aria-hidden='true' style='color:{colour}'>{mark}</b>"
        html = f"<div style='border-left:4px solid {colour}; padding:2px 10px'>{sign} {marked(self.said())}</div>"
        return {"text/plain": str(self), "text/html": html}, told
