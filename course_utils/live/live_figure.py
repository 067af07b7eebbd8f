"""The engine of every live figure: settings to result, result to picture, picture to the reader.

Computing is apart from drawing: ``compute(**settings)`` is a pure function, so its results can be kept; the figure is
drawn once and only what changes is painted anew. One picture is sent to an ``ipywidgets.Image``, which works in every
front end that knows ipywidgets 7 or 8, without any script of our own.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from html import escape
from typing import Any, Protocol

import ipywidgets as widgets
from matplotlib.artist import Artist

from course_utils.figures.canvas import Canvas
from course_utils.figures.style import CourseFigure
from course_utils.live.controls import NumberControl, Range

__all__ = ["LiveFigure", "Scene"]

SLOW = 0.25  # seconds; a result that takes longer is announced


class Scene(Protocol):
    """A figure that can show a result and then another."""

    figure: CourseFigure

    @property
    def changing(self) -> Sequence[Artist]:
        """Artists that an update changes."""

    def update(self, result: Any) -> None:
        """Show ``result``."""


class LiveFigure:
    """A picture with controls; the last settings win, and an error leaves the last good picture in place.

    Parameters
    ----------
    compute : function of the settings as keywords
        Pure: equal settings give equal results.
    draw : function of the first result
        Makes the scene.
    settings : mapping
        First settings; each must be hashable.
    ranges : sequence of Range
        One slider with text field for each of these settings.
    redraw : str, optional
        A whole-number setting that the "new masks" button counts up.
    dpi : float
        Pixels per inch of the picture.
    remembered : int
        How many results are kept.
    """

    def __init__(
        self,
        compute: Callable[..., Any],
        draw: Callable[[Any], Scene],
        settings: Mapping[str, Hashable],
        ranges: Sequence[Range],
        redraw: str | None = None,
        dpi: float = 100,
        remembered: int = 64,
    ) -> None:
        self.compute, self.settings, self.first = compute, dict(settings), dict(settings)
        self.results: OrderedDict[tuple[Hashable, ...], Any] = OrderedDict()
        self.remembered, self.seconds, self.settling = remembered, 0.0, False
        self.controls = {
            range.name: NumberControl(range, self.settings[range.name], self.setter(range.name), self.say)  # type: ignore[arg-type]
            for range in ranges
        }
        self.scene = draw(self.result())
        self.canvas = Canvas(self.scene.figure, self.scene.changing, dpi)
        self.canvas.paint()
        self.status = widgets.HTML()
        width = round(self.scene.figure.get_figwidth() * 100)
        self.picture = widgets.Image(
            value=self.canvas.jpeg(), format="jpeg", layout=widgets.Layout(width=f"{width}px", max_width="100%")
        )
        self.widget = widgets.VBox([*self.control_rows(redraw), self.status, self.picture])

    def control_rows(self, redraw: str | None) -> list[widgets.Widget]:
        """Return the rows of controls: each number, then the buttons."""
        buttons = [self.button("reset", "back to the first settings", self.reset)]
        if redraw is not None:
            more = self.button("new masks", "draw other masks, leave all else", lambda: self.count_up(redraw))
            buttons.insert(0, more)
        return [*(control.widget for control in self.controls.values()), widgets.HBox(buttons)]

    def button(self, label: str, tooltip: str, action: Callable[[], None]) -> widgets.Button:
        """Return a button that calls ``action``."""
        button = widgets.Button(description=label, tooltip=tooltip)
        button.on_click(lambda _: action())
        return button

    def setter(self, name: str) -> Callable[[Any], None]:
        """Return a function that changes one setting."""
        return lambda value: self.set(**{name: value})

    def set(self, **changes: Hashable) -> None:
        """Change settings as the controls do, and show the result."""
        unknown = set(changes) - set(self.settings)
        if unknown:
            raise ValueError(f"settings must be among {', '.join(self.settings)}, got {', '.join(sorted(unknown))}")
        self.settings |= changes
        if not self.settling:
            self.show()

    def count_up(self, name: str) -> None:
        """Raise a whole-number setting by one."""
        self.set(**{name: self.settings[name] + 1})  # type: ignore[operator]

    def reset(self) -> None:
        """Go back to the first settings."""
        self.settings = dict(self.first)
        self.settling = True  # the controls report their changes one by one; one picture is enough
        for name, control in self.controls.items():
            control.set(self.first[name])  # type: ignore[arg-type]
        self.settling = False
        self.show()

    def show(self) -> None:
        """Compute and paint the picture of the present settings; on an error keep the last one and say why."""
        try:
            if self.seconds > SLOW and self.key() not in self.results:
                self.say("training …")
            self.scene.update(self.result())
            self.canvas.paint()
            self.picture.value = self.canvas.jpeg()
            self.say("")
        except Exception as error:  # a lecturer is on stage: one line, no traceback, and the figure goes on working
            self.say(f"{error} (the picture shows the settings before)")

    def key(self) -> tuple[Hashable, ...]:
        """Return the present settings as a key of ``results``."""
        return tuple(self.settings[name] for name in self.first)

    def result(self) -> Any:
        """Return the result of the present settings, computed or remembered."""
        key = self.key()
        if key not in self.results:
            start = time.perf_counter()
            self.results[key] = self.compute(**self.settings)
            self.seconds = time.perf_counter() - start
            if len(self.results) > self.remembered:
                self.results.popitem(last=False)
        self.results.move_to_end(key)
        return self.results[key]

    def say(self, message: str) -> None:
        """Show one line above the picture."""
        text = f"<span role='status'>{escape(message)}</span>" if message else ""
        if self.status.value != text:
            self.status.value = text

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        # The picture stands for the figure wherever there is no kernel: on a viewer, in HTML, on paper.
        view = {"version_major": 2, "version_minor": 0, "model_id": self.widget.model_id}
        alt = self.scene.figure.alt
        shown = {
            "application/vnd.jupyter.widget-view+json": view,
            "image/png": self.canvas.png(),
            "text/plain": f"<live figure: {alt}>",
        }
        return shown, {"image/png": {"alt": alt, "width": round(self.scene.figure.get_figwidth() * 80)}}
