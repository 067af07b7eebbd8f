"""The live figure where no script of the course may run: ipywidgets' own controls, and a PNG."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets

from course_utils.live.quantities import Choice, Range, shown
from course_utils.texts import sentence, texts

__all__ = ["PlainWidget"]


class PlainWidget(widgets.VBox):
    """A slider or a row of buttons for each quantity of a :class:`LiveFigure`, buttons, and its picture."""

    def __init__(self, live: Any) -> None:
        self.live, self.controls, self.settling = live, {}, False
        for quantity in live.quantities.values():
            look = {"description": shown(quantity.name), "value": live.settings[quantity.name]}
            if isinstance(quantity, Range):
                look |= {"min": quantity.low, "max": quantity.high, "step": quantity.step}
                look["readout_format"] = f".{quantity.digits}f" if quantity.digits else "d"
                kind = widgets.FloatSlider if quantity.digits else widgets.IntSlider
                self.controls[quantity.name] = kind(**look)
            elif isinstance(quantity, Choice):
                self.controls[quantity.name] = widgets.ToggleButtons(options=list(quantity.options), **look)
        for name, control in self.controls.items():
            control.observe(lambda change, name=name: self.move({name: change["new"]}), "value")
        buttons = [
            self.button(texts()["presets"].get(name, name), lambda changes=changes: changes)
            for name, changes in live.presets.items()
        ]
        if count := live.redraw:
            buttons.append(self.button(sentence("masks", "live"), lambda: {count: live.settings[count] + 1}))
        buttons.append(self.button(sentence("reset", "live"), lambda: live.first))
        row = widgets.HBox(buttons, layout=widgets.Layout(flex_flow="row wrap"))
        size = widgets.Layout(max_width="100%", height="auto")  # for a narrow page
        self.status, self.picture = widgets.Label(), widgets.Image(format="png", value=live.saved("png"), layout=size)
        self.picture.width = str(live.scene.figure.shown_width(80))  # it has more pixels, for sharp screens
        super().__init__([*self.controls.values(), row, self.status, self.picture])

    def button(self, label: str, changes: Any) -> widgets.Button:
        """Return a button that makes the changes which a function returns."""
        button = widgets.Button(description=label, layout=widgets.Layout(width="auto"))
        button.on_click(lambda _: self.move(changes()))
        return button

    def move(self, changes: dict[str, Any]) -> None:
        """Set what a control says, unless it was told to say so."""
        with self.live.one_at_a_time:  # another thread may be telling the controls
            if not self.settling:
                self.live.set(**changes)

    def show(self, message: dict[str, Any], _: list[bytes]) -> None:
        """Show the settings as they are now and their picture, or why it stays as it was."""
        self.settling = True
        for name, control in self.controls.items():
            control.value = self.live.settings[name]
        self.settling = False
        self.status.value = message.get("error", "")
        if not self.status.value:
            self.picture.value = self.live.saved("png")
