"""The engine of every live figure: settings to result, result to picture, picture to the reader.

Computing is apart from drawing: ``compute(**settings)`` is a pure function, so its results can be kept; the figure is
drawn once and only what changes is painted anew. One picture is sent to an ``ipywidgets.Image``, which works in every
front end that knows ipywidgets 7 or 8, without any script of our own.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from html import escape
from typing import Any, Protocol

import ipywidgets as widgets
from matplotlib.artist import Artist

from course_utils.arguments import checked_count
from course_utils.figures.canvas import Canvas
from course_utils.figures.style import CourseFigure
from course_utils.live.controls import Choice, Range, control_for
from course_utils.texts import sentence, texts

__all__ = ["LiveFigure", "Scene"]

SLOW = 0.25  # seconds; a result that takes longer is announced
LISTING = "font-family: monospace; line-height: 1.3"  # which Voilà does not give it
REST = 0.4  # seconds without a move after which a sharp picture follows


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
    quantities : sequence of Range or Choice
        One control for each of these settings, in this order.
    redraw : str, optional
        A whole-number setting that the "new masks" button counts up.
    presets : mapping of name to settings, optional
        A button for each, which shows a known effect; what it says stands in the course's texts, else it is the name.
    code : function of the settings as keywords, optional
        Python code that draws the same picture as a plain figure, for "show the code".
    dpi : float
        Pixels per inch of the picture while it moves.
    remembered : int
        How many results are kept.
    preview : function of the settings as keywords, optional
        Gives a result of the same kind for less work. Where ``compute`` is slow, as in a browser, it is shown while
        the settings move; the full result follows at rest.
    """

    def __init__(
        self,
        compute: Callable[..., Any],
        draw: Callable[[Any], Scene],
        settings: Mapping[str, Any],
        quantities: Sequence[Range | Choice],
        redraw: str | None = None,
        presets: Mapping[str, Mapping[str, Any]] | None = None,
        code: Callable[..., str] | None = None,
        dpi: float = 100,
        remembered: int = 64,
        preview: Callable[..., Any] | None = None,
    ) -> None:
        self.compute, self.settings, self.first = compute, dict(settings), dict(settings)
        self.presets, self.code, self.remembered, self.seconds = dict(presets or {}), code, remembered, 0.0
        self.results: OrderedDict[tuple[Hashable, ...], Any] = OrderedDict()
        self.preview, self.rough, self.redraw = preview, False, redraw
        self.settling = False
        # JupyterLab sends what widgets say over a thread of its own, and cells and timers run beside it.
        self.one_at_a_time = threading.RLock()
        self.timer: asyncio.TimerHandle | None = None
        self.quantities = {quantity.name: quantity for quantity in quantities}
        self.controls = {
            quantity.name: control_for(quantity, settings[quantity.name], self.setter(quantity.name), self.say)
            for quantity in quantities
        }
        self.status, self.listing = widgets.HTML(), widgets.HTML(layout=widgets.Layout(display="none"))
        self.scene = draw(self.result())
        self.canvas = Canvas(self.scene.figure, self.scene.changing, dpi * self.scene.figure.scale)
        width = self.scene.figure.shown_width(100)
        self.picture = widgets.Image(
            value=self.canvas.sharp_jpeg(), format="jpeg", layout=widgets.Layout(width=f"{width}px", max_width="100%")
        )
        rows = [control.widget for control in self.controls.values()]
        buttons = widgets.HBox(self.buttons(), layout=widgets.Layout(flex_flow="row wrap"))
        self.widget = widgets.VBox([*rows, buttons, self.status, self.picture, self.listing])

    def buttons(self) -> list[widgets.Button]:
        """Return the buttons: presets, new masks, reset, code."""
        buttons = [
            self.button(
                texts()["presets"].get(preset, preset),
                sentence("preset_hint", "live", settings=", ".join(f"{k} {v}" for k, v in changes.items())),
                self.setter_of(changes),
            )
            for preset, changes in self.presets.items()
        ]
        if self.redraw is not None:
            buttons.append(self.own_button("masks", self.counter(self.redraw)))
        buttons.append(self.own_button("reset", self.setter_of(self.first)))
        if self.code is not None:
            buttons.append(self.own_button("code", self.toggle_code))
        return buttons

    def own_button(self, name: str, action: Callable[[], None]) -> widgets.Button:
        """Return a button that many figures have."""
        return self.button(sentence(name, "live"), sentence(f"{name}_hint", "live"), action)

    def button(self, label: str, tooltip: str, action: Callable[[], None]) -> widgets.Button:
        """Return a button that calls ``action``."""
        button = widgets.Button(description=label, tooltip=tooltip, layout=widgets.Layout(width="auto"))
        button.on_click(lambda _: action())
        return button

    def setter(self, name: str) -> Callable[[Any], None]:
        """Return a function that changes one setting."""
        return lambda value: self.set(**{name: value})

    def counter(self, name: str) -> Callable[[], None]:
        """Return a function that raises a whole-number setting by one, and says so if nothing is seen of it."""

        def count() -> None:
            with self.one_at_a_time:
                before = self.canvas.jpeg()
                self.set(**{name: self.settings[name] + 1})
                if self.picture.value == before and not self.status.value:
                    self.say(sentence("same_picture", "live"))

        return count

    def setter_of(self, changes: Mapping[str, Any]) -> Callable[[], None]:
        """Return a function that makes these changes."""
        return lambda: self.set(**changes)

    def set(self, **changes: Any) -> None:
        """Change settings, show them in the controls, and show the result.

        Raises
        ------
        ValueError, TypeError
            For a setting that the figure does not have, or a value that its control does not; then nothing changes.
        """
        unknown = set(changes) - set(self.settings)
        if unknown:
            raise ValueError(f"settings must be among {', '.join(self.settings)}, got {', '.join(sorted(unknown))}")
        controlled = [name for name in changes if name in self.controls]
        changes |= {name: self.quantities[name].parse(str(changes[name])) for name in controlled}
        if self.redraw in changes:
            changes[self.redraw] = checked_count(self.redraw, changes[self.redraw], 0)
        with self.one_at_a_time:
            self.settings |= changes
            if self.settling:
                return
            self.settling = True  # controls report what they are told; one picture is enough
            try:
                for name in controlled:
                    self.controls[name].set(changes[name])
            finally:
                self.settling = False
            self.show()

    def show(self) -> None:
        """Compute and paint the picture of the present settings; on an error keep the last one and say why."""
        try:
            slow = self.seconds > SLOW and self.key() not in self.results
            preview = self.preview if slow and running_loop() is not None else None
            self.rough = preview is not None
            if slow:
                self.say(sentence("preview" if self.rough else "training", "live"))
            self.scene.update(preview(**self.settings) if preview else self.result())
            self.picture.value = self.canvas.jpeg()
            if not self.rough:
                self.say("")
            self.sharpen_at_rest()
        except Exception as error:  # a lecturer is on stage: one line, no traceback, and the figure goes on working
            self.say(sentence("kept", "live", error=error))
        self.list_code()

    def sharpen_at_rest(self) -> None:
        """Send a sharp picture once nothing has moved for a while, so that moves stay cheap on every screen."""
        if self.timer is not None:
            self.timer.cancel()
        loop = running_loop()
        self.timer = loop.call_later(REST, self.sharpen) if loop else None

    def sharpen(self) -> None:
        """Send the present picture with more pixels, and after a quick look the full result."""
        with self.one_at_a_time:
            if self.rough:
                self.complete()
            self.picture.value = self.canvas.sharp_jpeg()

    def complete(self) -> None:
        """Paint the full result where a quick look stood."""
        self.rough = False
        try:
            self.scene.update(self.result())
            self.say("")
        except Exception as error:  # as in show
            self.say(sentence("still_preview", "live", error=error))

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

    def png(self) -> bytes:
        """Return the present picture as PNG."""
        with self.one_at_a_time:
            return self.canvas.png()

    def toggle_code(self) -> None:
        """Show or hide the code of the present picture."""
        self.listing.layout.display = "none" if self.listing.layout.display is None else None
        self.list_code()

    def list_code(self) -> None:
        """Keep the code in step with the settings while it is shown."""
        if self.code is not None and self.listing.layout.display is None:
            self.listing.value = f"<pre style='{LISTING}'>{escape(self.code(**self.settings))}</pre>"

    def say(self, message: str) -> None:
        """Show one line above the picture."""
        text = f"<span role='status'>{escape(message)}</span>" if message else ""
        if self.status.value != text:
            self.status.value = text

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        # The picture stands for the figure wherever there is no kernel: on a viewer, in HTML, on paper.
        view = {"version_major": 2, "version_minor": 0, "model_id": self.widget.model_id}
        shown = {
            "application/vnd.jupyter.widget-view+json": view,
            "image/png": self.png(),
            "text/plain": "<live figure>",
        }
        return shown, {"image/png": {"alt": self.scene.figure.alt, "width": self.scene.figure.shown_width(80)}}


def running_loop() -> asyncio.AbstractEventLoop | None:
    """Return the event loop that runs here; None without one, when nobody is looking."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
