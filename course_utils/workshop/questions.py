"""Questions to the reader in pages without a kernel: a script asks them, found by what notebooks say of outputs."""

from __future__ import annotations

import json
from html import escape

from nbformat import NotebookNode

from course_utils.guesses.form import asked
from course_utils.guesses.question import question
from course_utils.guesses.widget import text_of

__all__ = ["asks", "place_for_question", "questions_script", "questions_style"]

_ROLES = ("guess", "outcome", "calibration")


def questions_script() -> str:
    """Return the script that asks every question on a page."""
    return "(() => {\n" + text_of("guess.js") + text_of("page.js") + "})();\n"


def questions_style() -> str:
    """Return the style sheet of questions."""
    return text_of("guess.css")


def asks(output: NotebookNode) -> str:
    """Return whether an output is a "guess", an "outcome", a "calibration", or "" for none of them."""
    told = output.get("metadata", {}).get("course", {})
    return next((role for role in _ROLES if role in told), "")


def place_for_question(output: NotebookNode, shown: str) -> str:
    """Return the HTML of an output that asks or answers; ``shown`` is what readers without scripts see of it."""
    role, told = asks(output), output.metadata["course"]
    data = f'data-{role}="{escape(told[role])}"'
    if role == "outcome":
        data += f' data-said="{escape(question(told[role]).shown(told["truth"]))}"'
    if role == "guess":
        text = json.dumps(asked(question(told["guess"])), ensure_ascii=False).replace("</", "<\\/")
        shown = f'<script type="application/json">{text}</script>{shown}'
    return f"<div {data}>{shown}</div>"
