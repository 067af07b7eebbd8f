"""What a page's kernel runs: the figure, or why there is none."""

from __future__ import annotations

import importlib
from html import escape
from typing import Any

from IPython.display import HTML

from course_utils.workshop.demos.catalogue import find_demo
from course_utils.workshop.phrases import phrase

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
        figure = getattr(importlib.import_module(demo.module), demo.factory)()
    except Exception as error:  # before an audience: one line, never a traceback
        line = phrase("This demo cannot start: {error}", error=error)
        return HTML(f"<p class='course-refusal' role='status'>{escape(line)}</p>")
    return figure.widget
