"""``guess(key)``: a form in which a reader answers a question; ``guess(key, value)`` answers it at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from course_utils.guesses.outcome import renew
from course_utils.guesses.question import SURE, Given, Question, question
from course_utils.guesses.store import STORE
from course_utils.terminal import show
from course_utils.texts import sentence, side_by_side, texts

try:
    from course_utils.guesses.widget import GuessWidget
except ImportError:  # anywidget is not there: the guess can be typed into the call
    GuessWidget = None  # type: ignore[assignment, misc]  # nothing in place of a class

__all__ = ["asked", "guess"]


def guess(key: str, value: Given | None = None, sure: str | None = None) -> None:
    """Ask a question of the course before its answer is seen, and keep the answer beside the notebook.

    Parameters
    ----------
    key : str
        Of the question.
    value : float, str or list of float, optional
        The guess itself: a number, the letter of an option, or a curve's values at its positions. Without it a form
        asks.
    sure : {"hunch", "fairly", "sure"}, optional
        How sure you are.

    Raises
    ------
    ValueError
        For a key that no question has, and for a value or a sureness that the question does not allow.
    """
    one = question(key)
    if sure is not None and sure not in SURE:
        raise ValueError(f"sure must be one of {', '.join(SURE)}, got {sure!r}")
    if value is not None:
        keep(one, {"guess": value, "sure": sure})
    show(Form(one))


def keep(one: Question, kept: Mapping[str, Any]) -> None:
    """Keep a guess, or that it was taken back, and tell the outcome that is already shown."""
    given = kept.get("guess")
    sure = kept.get("sure") if kept.get("sure") in SURE else None
    STORE.keep(one.key, guess=None if given is None else one.parse(given), sure=sure)
    renew(one.key)


def asked(one: Question) -> dict[str, Any]:
    """Return what a form needs to know, in the reader's language."""
    told: dict[str, Any] = {"kind": one.kind, "asks": one.words["asks"], "unit": one.words.get("unit", "")}
    if one.kind == "curve":
        limits = {name: float(one.words[name]) for name in ("low", "high")}
        told["curve"] = {"positions": one.positions, "x": one.words["x"], "y": one.words["y"], **limits}
    words = texts()
    return told | {"options": one.options, "sure": dict(words["sureness"]), "texts": dict(words["guessing"])}


class Form:
    """A question as a notebook shows it."""

    def __init__(self, one: Question) -> None:
        self.question = one

    def __str__(self) -> str:
        heading = side_by_side(sentence("your_guess", "guessing"), self.question.words["asks"])
        options = (f"    {letter}) {text}" for letter, text in self.question.options.items())
        return "\n".join([heading, *options]).replace("`", "")

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        if GuessWidget is None:
            return {"text/plain": f"{self}\n{sentence('typed', 'guessing', asked=repr(self.question.key))}"}, {}
        kept = STORE.kept_of(self.question)
        widget = GuessWidget(asked(self.question), kept, lambda now: keep(self.question, now))
        view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
        shown = {"application/vnd.jupyter.widget-view+json": view, "text/plain": str(self)}
        return shown, {"course": {"guess": self.question.key}}  # by which pages find what to ask
