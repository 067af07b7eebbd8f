"""``calibration(chapter)``: a reader's guesses of a chapter, and how often they were right when the reader was sure."""

from __future__ import annotations

from html import escape
from typing import Any

from course_utils.guesses.outcome import SHOWN
from course_utils.guesses.question import SURE, Question, questions
from course_utils.guesses.store import STORE
from course_utils.terminal import show
from course_utils.texts import marked, sentence, side_by_side, texts

__all__ = ["calibration"]


def calibration(chapter: str) -> None:
    """Show the reader's guesses of a chapter such as "02" beside what came out.

    Raises
    ------
    ValueError
        For a chapter that asks nothing.
    """
    found = Calibration(questions(chapter))
    SHOWN[chapter] = found, show(found)


class Calibration:
    """The guesses that were made, as a table and as a sentence."""

    def __init__(self, asked: list[Question]) -> None:
        self.asked = asked

    def made(self) -> list[tuple[Question, dict[str, Any]]]:
        """Return the questions with a guess, and what is kept of them; where the cell was not run there is no truth."""
        return [(one, entry) for one in self.asked if "guess" in (entry := STORE.kept_of(one))]

    def __str__(self) -> str:
        counted = [
            (entry.get("sure"), one.is_right(entry["guess"], entry["truth"]))
            for one, entry in self.made()
            if "truth" in entry
        ]
        if not counted:
            return sentence("no_guesses", "guessing")
        right = [correct for _, correct in counted]
        parts = [sentence("summary", "guessing", right=sum(right), all=len(right))]
        for sure in SURE:
            of = [correct for said, correct in counted if said == sure]
            if of:
                name = texts()["sureness"][sure]
                parts.append(sentence("sure_of", "guessing", right=sum(of), all=len(of), sure=name))
        of_each = "; ".join(parts[1:])
        return side_by_side(parts[0], of_each[:1].upper() + of_each[1:])

    def html(self) -> str:
        """Return the table, if there are guesses, and the sentence."""
        heads = [sentence(key, "guessing") for key in ("question", "guessed", "came_out", "how")]
        rows = "".join(self.row(one, entry) for one, entry in self.made())
        head = "".join(f"<th scope='col'>{escape(name)}</th>" for name in heads)
        table = f"<table><thead><tr>{head}<td></td></tr></thead><tbody>{rows}</tbody></table>" if rows else ""
        return f"{table}<p>{escape(str(self))}</p>"

    def row(self, one: Question, entry: dict[str, Any]) -> str:
        """Return a guess as a row of the table."""
        truth = entry.get("truth")
        came = sentence("not_run", "guessing") if truth is None else one.shown(truth)
        mark = "" if truth is None else "✓" if one.is_right(entry["guess"], truth) else "✗"
        sure = texts()["sureness"].get(entry.get("sure", ""), "")
        cells = [one.words["asks"], one.shown(entry["guess"]), came, sure, mark]
        return "<tr>" + "".join(f"<td style='text-align:left'>{marked(cell)}</td>" for cell in cells) + "</tr>"

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, Any]]:
        told = {"course": {"calibration": self.asked[0].chapter}}  # by which pages find it
        return {"text/plain": str(self), "text/html": self.html()}, told
