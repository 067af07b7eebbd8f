"""The picture and the controls that a live figure on a page should show, and waiting until it does."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from course_utils.live.controls import NumberControl, Range
from course_utils.live.live_figure import LiveFigure
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
    return [control.range for control in first(make).controls.values() if isinstance(control, NumberControl)]


def presets(make: Make) -> dict[str, Mapping[str, Any]]:
    """Return what each of the figure's presets sets, by the words on its button."""
    return {texts()["presets"].get(name, name): changes for name, changes in first(make).presets.items()}


@cache
def moved(make: Make) -> LiveFigure:
    """Return a figure that is moved to give the pictures below; tests/live hold that a fresh one gives the same."""
    live = make()
    live.preview = None  # on a busy machine it would give a quick look: Playwright's loop runs here
    return live


@cache
def expected(make: Make, **settings: Any) -> tuple[bytes, bytes]:
    """Return the pictures, quick and sharp, that the figure gives for these settings."""
    live = moved(make)
    live.set(**live.first | settings)
    return live.canvas.jpeg(), live.canvas.sharp_jpeg()


def difference(one: bytes, other: bytes) -> float:
    """Return the mean difference of two pictures in the greys of a screen, 0 to 255; far off if sizes differ."""
    first, second = (np.asarray(Image.open(BytesIO(data)).convert("RGB"), dtype=float) for data in (one, other))
    return float(np.abs(first - second).mean()) if first.shape == second.shape else 255.0


def wait_until(condition: Callable[[], bool], message: Callable[[], str], seconds: float = SECONDS) -> None:
    """Return once ``condition()`` holds; fail with ``message()`` if it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(message())
        time.sleep(0.05)


def share(range_: Range, value: float) -> float:
    """Return where on the slider's track a value lies, from 0 to 1."""
    return (value - range_.low) / (range_.high - range_.low)


def assert_shows(figure: FigureOnPage, make: Make, **changes: Any) -> None:
    """Wait for the picture of the first settings with these changes, byte for byte, quick or sharp.

    Then for every field to show its number, for every handle to stand there, and for the right choices to be pressed.
    """
    settings = first(make).first | changes
    wanted = expected(make, **settings)
    wait_until(
        lambda: figure.picture() in wanted,
        lambda: (
            f"not the picture of {settings}; mean difference "
            f"{min(difference(figure.picture(), picture) for picture in wanted):.2f} of 255; {figure.status()}"
        ),
    )
    for range_ in ranges(make):
        assert_slider(figure, range_, settings[range_.name])
    choices = [str(settings[name]) for name in first(make).controls if isinstance(settings[name], str)]
    wait_until(lambda: figure.chosen() == choices, lambda: f"{figure.chosen()} pressed instead of {choices}")


def assert_slider(figure: FigureOnPage, range_: Range, value: float) -> None:
    """Wait until a slider and its field show a value."""
    slider, text, place = figure.slider(range_.shown), range_.text(value), share(range_, range_.snapped(value))
    wait_until(
        lambda: slider.field.input_value() == text,
        lambda: f"{range_.shown}: {slider.field.input_value()} in the field instead of {text}",
    )
    half_a_step = share(range_, range_.low + range_.step / 2)
    wait_until(
        lambda: abs(slider.share() - place) < half_a_step,
        lambda: f"{range_.shown}: the handle stands at {slider.share():.3f} of the track instead of {place:.3f}",
    )
