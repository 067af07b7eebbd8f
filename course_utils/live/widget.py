"""The live figure in a notebook: an anywidget whose controls and canvases live in the reader's browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from course_utils.live.declaration import spoken

__all__ = ["FigureWidget"]

FOLDER = Path(__file__).parent


def text_of(name: str) -> str:
    """Return the text of a file beside this one."""
    return (FOLDER / name).read_text(encoding="utf-8")


class FigureWidget(anywidget.AnyWidget):
    """Passes on what the browser and a :class:`LiveFigure` say to each other."""

    _esm = "".join(map(text_of, ("player.js", "controls.js", "handle.js", "figure.js", "kernel.js")))
    _css = text_of("figure.css")
    declaration = traitlets.Dict().tag(sync=True)
    # The first picture comes with the figure itself: a kernel that is told to run all cells answers after the last one.
    first = traitlets.Dict().tag(sync=True)
    data = traitlets.Bytes().tag(sync=True)

    def __init__(self, live: Any) -> None:
        first, (data,) = live.reply({})
        super().__init__(declaration=spoken(live.declaration()), first=first, data=data)
        # What is empty only keeps the line awake: see figure.js.
        self.on_msg(lambda _, said, __: self.show(*live.reply(said)) if said else None)

    def show(self, message: dict[str, Any], data: list[bytes]) -> None:
        """Tell all views."""
        self.send(message, data)
