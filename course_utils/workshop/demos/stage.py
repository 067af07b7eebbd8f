"""What a page's kernel runs: the figure at stage size, its parts named for the page's style sheet and keys."""

from __future__ import annotations

import importlib
from html import escape
from typing import Any

from IPython.display import HTML

from course_utils.live.live_figure import LiveFigure
from course_utils.texts import texts
from course_utils.workshop.demos.catalogue import find_demo

__all__ = ["stage_figure"]


def stage_figure(name: str) -> Any:
    """Return the widget of a demo's figure, or one line that says why there is none.

    Parameters
    ----------
    name : str
        The demo's.
    """
    try:
        demo = find_demo(name)
        figure = getattr(importlib.import_module(demo.module), demo.factory)(stage=True)
    except Exception as error:  # before an audience: one line, never a traceback
        return HTML(f"<p class='course-refusal' role='status'>This demo cannot start: {escape(str(error))}</p>")
    return named_parts(figure)


def named_parts(figure: LiveFigure) -> Any:
    """Return the figure's parts the classes that the page knows them by, and return its widget."""
    figure.widget.add_class("course-figure")
    for control in figure.controls.values():
        control.widget.add_class("course-control")
    rows = [part for part in figure.widget.children if getattr(part, "children", ())]
    buttons = next(row for row in rows if is_button(row.children[0]))
    buttons.add_class("course-buttons")
    for button in buttons.children:
        if button.description in [texts()["presets"].get(name, name) for name in figure.presets]:
            button.add_class("course-preset")
    figure.status.add_class("course-status")
    figure.picture.add_class("course-picture")
    figure.listing.add_class("course-listing")
    return figure.widget


def is_button(part: Any) -> bool:
    """Tell a plain button from all other widgets."""
    return bool(getattr(part, "_model_name", "") == "ButtonModel")
