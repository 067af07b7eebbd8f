"""The form of a guess in a notebook: an anywidget, which says at each change what is kept now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

__all__ = ["GuessWidget", "text_of"]


def text_of(name: str) -> str:
    """Return the text of a file beside this one."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


class GuessWidget(anywidget.AnyWidget):
    """A question, and what is kept of its answer: ``{"guess": ..., "sure": ...}``, or nothing."""

    _esm = "".join(map(text_of, ("guess.js", "anywidget.js")))
    _css = text_of("guess.css")
    asked = traitlets.Dict().tag(sync=True)
    kept = traitlets.Dict().tag(sync=True)

    def __init__(self, asked: Mapping[str, Any], kept: Mapping[str, Any], tell: Callable[[Any], None]) -> None:
        super().__init__(asked=dict(asked), kept=dict(kept))
        self.observe(lambda change: tell(change["new"]), "kept")
