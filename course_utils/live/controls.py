"""Controls of a live figure: a number as slider and text field, and buttons, usable by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets

from course_utils.texts import sentence, texts

__all__ = ["Choice", "ChoiceControl", "NumberControl", "Range", "control_for"]

LABEL_WIDTH = "90px"


@dataclass(frozen=True)
class Range:
    """What a number may be: from ``low`` to ``high``, moved by ``step``, shown with ``digits`` decimals.

    ``name`` is the setting's name in code. A number with no decimals is a whole one.
    """

    name: str
    low: float
    high: float
    step: float
    digits: int = 2

    @property
    def shown(self) -> str:
        """What the reader sees, which is the name where no text says another."""
        return texts()["controls"].get(self.name, self.name)

    def parse(self, text: str) -> float:
        """Return the number that ``text`` says; raise ``ValueError`` naming the range if it says none."""
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            value = float("nan")
        if not self.low <= value <= self.high:
            raise ValueError(
                sentence("number", "live", name=self.shown, low=self.low, high=self.high, given=repr(text.strip()))
            )
        return self.rounded(value)

    def rounded(self, value: float) -> float:
        """Return ``value`` without what adding up steps leaves behind, and as an int if it is a whole number."""
        return round(value) if self.digits == 0 else round(value, 10)

    def snapped(self, value: float) -> float:
        """Return the slider position nearest to ``value``; front ends move a slider there unasked, and say so."""
        return self.rounded(min(self.low + round((value - self.low) / self.step) * self.step, self.high))

    def text(self, value: float) -> str:
        """Return ``value`` as the text field shows it."""
        return f"{value:.{self.digits}f}"


@dataclass(frozen=True)
class Choice:
    """One of a few named options; ``name`` is the setting's name in code and what the reader sees."""

    name: str
    options: tuple[str, ...]

    def parse(self, text: str) -> str:
        """Return ``text`` if it is an option; raise ``ValueError`` naming them if not."""
        if text not in self.options:
            raise ValueError(
                sentence("option", "live", name=self.name, options=", ".join(self.options), given=repr(text))
            )
        return text


class NumberControl:
    """A slider with a text field beside it: arrow keys do not move sliders in every front end, typing always works.

    ``on_change(value)`` is called once for each new number, whichever of the two it came from; ``on_refusal(message)``
    for a text that is no number in range, and the field then shows the last good number again.
    """

    def __init__(
        self,
        range: Range,
        value: float,
        on_change: Callable[[float], None],
        on_refusal: Callable[[str], None],
    ) -> None:
        self.range, self.on_change, self.on_refusal = range, on_change, on_refusal
        self.value = range.parse(str(value))
        self.slider = widgets.FloatSlider(
            value=range.snapped(self.value),
            min=range.low,
            max=range.high,
            step=range.step,
            description=range.shown,
            readout=False,
            continuous_update=True,
            style={"description_width": LABEL_WIDTH},
            layout=widgets.Layout(width="370px"),
        )
        self.field = widgets.Text(
            value=range.text(self.value),
            continuous_update=False,
            layout=widgets.Layout(width="64px"),
            placeholder=range.shown,
        )
        self.slider.observe(self.slider_moved, "value")
        self.field.observe(self.field_changed, "value")
        self.widget = widgets.HBox([self.slider, self.field])

    def slider_moved(self, change: dict[str, float]) -> None:
        """Take the slider's number over, unless it only stands beside a finer number that was typed."""
        value = self.range.rounded(change["new"])  # front ends add up steps: 0.7000000000000001
        if value != self.range.snapped(self.value):
            self.set(value)

    def field_changed(self, change: dict[str, str]) -> None:
        """Take the field's number over, or refuse it; either way the field then shows the number that holds."""
        if change["new"] == self.range.text(self.value):
            return
        try:
            self.set(self.range.parse(change["new"]))
        except ValueError as error:
            self.on_refusal(str(error))
        self.field.value = self.range.text(self.value)

    def set(self, value: float) -> None:
        """Show ``value`` in both and report it if it is new."""
        if value == self.value:
            return
        self.value = value
        # Not for the sake of a rounding error: a correction that comes late would undo the reader's next move.
        if abs(self.slider.value - self.range.snapped(value)) > 1e-9:
            self.slider.value = self.range.snapped(value)
        self.on_change(value)  # the picture first: each message to the front end takes its time
        self.field.value = self.range.text(value)


class ChoiceControl:
    """A row of buttons of which one is pressed; ``on_change(value)`` is called once for each new choice."""

    def __init__(self, choice: Choice, value: str, on_change: Callable[[str], None]) -> None:
        self.value, self.on_change = choice.parse(value), on_change
        self.buttons = widgets.ToggleButtons(
            options=list(choice.options),
            value=value,
            tooltips=[f"{choice.name} {option}" for option in choice.options],
            style={"button_width": "auto"},
            layout=widgets.Layout(width="auto", margin="2px"),
        )
        self.buttons.observe(lambda change: self.set(change["new"]), "value")
        # ipywidgets 8 puts the buttons' own description above them, so a label stands beside them as at a slider.
        layout = widgets.Layout(width=LABEL_WIDTH, display="flex", justify_content="flex-end")
        self.widget = widgets.HBox([widgets.Label(choice.name, layout=layout), self.buttons])

    def set(self, value: str) -> None:
        """Show ``value`` and report it if it is new."""
        if value == self.value:
            return
        self.value = value
        self.buttons.value = value
        self.on_change(value)


def control_for(
    quantity: Range | Choice, value: Any, on_change: Callable[[Any], None], on_refusal: Callable[[str], None]
) -> NumberControl | ChoiceControl:
    """Return the control that suits a quantity."""
    if isinstance(quantity, Choice):
        return ChoiceControl(quantity, value, on_change)
    return NumberControl(quantity, value, on_change, on_refusal)
