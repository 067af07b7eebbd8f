"""The picture and the controls that a live figure on a page should show, and waiting until it does."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import pytest

from course_utils.live.live_figure import LiveFigure
from course_utils.live.quantities import Choice, Range, shown
from course_utils.texts import texts
from tests.browser.front_ends import FigureOnPage

Make = Callable[..., LiveFigure]

SECONDS = 10  # for a picture to arrive; generous, since the machine may be busy


def cells(figures: Sequence[Make]) -> list[str]:
    """Return the code of a notebook with one figure a cell."""
    return [f"from course_utils.live import {make.__name__}\n\n{make.__name__}()" for make in figures]


@cache
def first(make: Make) -> LiveFigure:
    """Return the figure with its first settings, to be read and not to be moved."""
    return make()


def ranges(make: Make) -> list[Range]:
    """Return what each slider of the figure goes through."""
    return [quantity for quantity in first(make).quantities.values() if isinstance(quantity, Range)]


def is_ladder(quantity: object) -> bool:
    """Return whether a page shows a choice as a slider: of eight numbers or more."""
    numbers = isinstance(quantity, Choice) and [one for one in quantity.options if one.replace(".", "").isdigit()]
    return bool(numbers) and len(numbers) == len(quantity.options) >= 8


def presets(make: Make) -> dict[str, Mapping[str, Any]]:
    """Return what each of the figure's presets sets, by the words on its button."""
    return {texts()["presets"].get(name, name): changes for name, changes in first(make).presets.items()}


@cache
def words(make: Make, **settings: Any) -> str:
    """Return what the numbers in the picture of these settings say."""
    message, _ = moved(make).reply({"want": settings, "full": True})
    return str(message["words"])


@cache
def moved(make: Make) -> LiveFigure:
    """Return a figure that is moved to give the words above."""
    return make()


def key(settings: Mapping[str, Any]) -> str:
    """Return settings as the figure on the page says which picture it shows."""
    return "|".join(f"{value:g}" if isinstance(value, int | float) else value for value in settings.values())


def wait_until(condition: Callable[[], bool], message: Callable[[], str], seconds: float = SECONDS) -> None:
    """Return once ``condition()`` holds; fail with ``message()`` if it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(message())
        time.sleep(0.03)


def share(range_: Range, value: float) -> float:
    """Return where on the slider's track a value lies, from 0 to 1."""
    return (value - range_.low) / (range_.high - range_.low)


def step_to(range_: Range, value: float) -> float:
    """Return the slider's step that is nearest to a value."""
    return round(range_.low + round((value - range_.low) / range_.step) * range_.step, 10)


def assert_shows(figure: FigureOnPage, make: Make, **changes: Any) -> None:
    """Wait for the picture of the first settings with these changes and for the words about it.

    Then for every field to show its number, for every handle to stand there, and for the right choices to be pressed.
    That a picture is drawn as it should be is tried in test_fidelity.
    """
    live, settings = first(make), first(make).first | changes
    wanted, said = key(settings), words(make, **settings)
    wait_until(
        lambda: figure.shown() == wanted and figure.words() == said,
        lambda: f"not the picture of {wanted} but of {figure.shown()}: {figure.words()}; {figure.status()}",
    )
    for range_ in ranges(make):
        assert_slider(figure, range_, settings[range_.name])
    choices = {name: is_ladder(found) for name, found in live.quantities.items() if isinstance(found, Choice)}
    assert figure.chosen() == [settings[name] for name, ladder in choices.items() if not ladder]
    for name in (name for name, ladder in choices.items() if ladder):
        slider = figure.slider(shown(name))
        assert slider.said() == slider.handle.get_attribute("aria-valuetext") == settings[name]
        assert live.quantities[name].places()[int(slider.value())] == settings[name]


def assert_slider(figure: FigureOnPage, range_: Range, value: float) -> None:
    """Check that a slider and its field show a value."""
    slider = figure.slider(shown(range_.name))
    assert slider.field.input_value() == f"{value:.{range_.digits}f}"
    assert abs(slider.value() - value) <= range_.step / 2 + 1e-9
