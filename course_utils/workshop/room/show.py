"""The script and the style sheet of a show, and what they are told of it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from course_utils.texts import marked, texts
from course_utils.workshop.authoring.address import read_address
from course_utils.workshop.authoring.translation import declared_languages
from course_utils.workshop.players import compact

__all__ = ["figures_style", "show_script", "show_style", "told"]

_FOLDER = Path(__file__).parent
_QR = "const leanQr = (exports => {{\n{}\nreturn exports;\n}})({{}});\n"


def figures_style() -> str:
    """Return the style sheet of figures for a room, which follows the usual one."""
    return _text_of("figures.css")


def show_style() -> str:
    """Return the style sheet of what a show lays over its page, and of the presenter's window."""
    return _text_of("room.css") + _text_of("presenter.css")


def show_script() -> str:
    """Return the script of a show; the page then calls ``courseRoom`` with what it can do itself."""
    qr = _QR.format(_text_of("lean_qr/lean-qr.js"))
    return "(() => {\n" + qr + _text_of("presenter.js") + _text_of("room.js") + "})();\n"


def told(root: Path, keys: Sequence[str], **more: Any) -> str:
    """Return what a show is told of itself, as a script.

    Parameters
    ----------
    root
        The folder of pyproject.toml, which may hold the course's address.
    keys
        The keys that the show has, as `texts/room.toml` names them, in the order of the help.
    more
        What the kind of show tells besides.

    Raises
    ------
    ChapterError
        If pyproject.toml cannot be read, or its address is none.
    """
    said = texts()["room_keys"]
    says = {key: marked(text) for key, text in texts()["room"].items()}
    value = {"says": says, "keys": [marked(said[key]) for key in keys], "site": _site(root)} | more
    return f"window.courseShow = {compact(value)};\n".replace("</", "<\\/")


def _site(root: Path) -> str:
    """Return where the pages are that are linked to, in the language of the show if the website has it."""
    address = read_address(root)
    told = declared_languages(root / "notebooks").get(os.environ.get("COURSE_LANGUAGE", ""))
    return address.site + (told.folder if told and told.complete else "") if address else ""


def _text_of(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
