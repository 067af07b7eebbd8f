"""Every live figure in JupyterLab: each control by keyboard and by mouse gives the picture that belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest
from playwright.sync_api import Browser, Locator

import course_utils.live
from course_utils.live import bug_clinic, lambda_trainer, mask_explorer, penalty_bowl
from course_utils.live.controls import ChoiceControl, NumberControl, Range
from tests.browser.front_ends import FigureOnPage, NotebookPage, opened, write_notebook
from tests.browser.keyboard import walk, write
from tests.browser.pictures import Make, assert_shows, cells, first, presets, ranges, share

FIGURES: list[Make] = [getattr(course_utils.live, name) for name in course_utils.live.__all__]
# Those of one family of figures are built alike: one of each is tried always, all of them by `make test-all`.
ALWAYS = (lambda_trainer, mask_explorer, penalty_bowl, bug_clinic)
OTHERS = tuple(make for make in FIGURES if make not in ALWAYS)


@pytest.fixture(scope="module")
def notebook_with(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., NotebookPage]]:
    """Give a function that opens a notebook with one figure a cell, once."""
    with ExitStack() as stack:

        @cache
        def notebook_with(figures: tuple[Make, ...]) -> NotebookPage:
            home = tmp_path_factory.mktemp("lab")
            path = write_notebook(home / "figures.ipynb", cells(figures))
            return stack.enter_context(opened(browser, "lab", path, home / "server"))

        yield notebook_with


@pytest.fixture(
    params=[*ALWAYS, *(pytest.param(make, marks=pytest.mark.slow) for make in OTHERS)], ids=lambda make: make.__name__
)
def make(request: pytest.FixtureRequest) -> Make:
    return request.param


@pytest.fixture
def figure(notebook_with: Callable[..., NotebookPage], make: Make) -> FigureOnPage:
    """Return the figure, set back; only once that is seen, else it could undo what a test does."""
    figures = ALWAYS if make in ALWAYS else OTHERS
    found = FigureOnPage(notebook_with(figures).page, figures.index(make))
    found.press_button("reset")
    assert_shows(found, make)
    return found


def button(figure: FigureOnPage, label: str) -> Locator:
    return figure.body.get_by_role("button", name=label, exact=True)


def stops(figure: FigureOnPage, make: Make) -> list[Locator]:
    """Return all that Tab should stop at, in the order in which it stands there."""
    found: list[Locator] = []
    for control in first(make).controls.values():
        if isinstance(control, NumberControl):
            slider = figure.slider(control.range.shown)
            found += [slider.handle, slider.field]
        else:
            found += [button(figure, option) for option in control.buttons.options]
    masks = ["new masks"] if "masks" in first(make).first else []
    return found + [button(figure, label) for label in (*presets(make), *masks, "reset", "show the code")]


def test_keys_reach_every_control_and_move_it(figure, make):
    """Arrow keys move sliders, a number and Enter do it in the field, Space presses a choice."""
    all_stops = stops(figure, make)
    all_stops[0].focus()  # that Tab gets there from anywhere on a page is tried in test_front_ends
    walk(all_stops)
    live, settings = first(make), {}
    for name, control in live.controls.items():
        if isinstance(control, ChoiceControl):
            for option in reversed(control.buttons.options):
                button(figure, option).press("Space")
                settings[name] = option
                assert_shows(figure, make, **settings)
            continue
        range_, slider = control.range, figure.slider(control.range.shown)
        up = live.first[name] < range_.high
        slider.handle.press("ArrowRight" if up else "ArrowLeft")
        settings[name] = range_.rounded(live.first[name] + (range_.step if up else -range_.step))
        assert_shows(figure, make, **settings)
        slider.field.focus()
        settings[name] = between_two_places(range_)
        write(figure.page, str(settings[name]))
        assert_shows(figure, make, **settings)


def between_two_places(range_: Range) -> float:
    """Return a number that the field takes and the slider does not have."""
    return range_.rounded(range_.snapped(range_.low + 0.4 * (range_.high - range_.low)) + 0.6 * range_.step)


def test_the_mouse_moves_a_slider_and_presses_every_button(figure, make):
    live, range_ = first(make), ranges(make)[0]
    settings = {range_.name: range_.snapped(range_.low + 0.7 * (range_.high - range_.low))}
    figure.slider(range_.shown).click_track(share(range_, settings[range_.name]))
    assert_shows(figure, make, **settings)
    for label, changes in presets(make).items():
        figure.press_button(label)
        settings |= changes
        assert_shows(figure, make, **settings)
    if "masks" in live.first:
        figure.slider("keep_prob").type("0.7")  # at 1 all masks are alike
        figure.press_button("new masks")
        settings |= {"keep_prob": 0.7, "masks": 1}
        assert_shows(figure, make, **settings)
    figure.press_button("show the code")
    figure.body.locator("pre").wait_for()
    assert figure.code() == live.code(**live.first | settings)
    figure.press_button("show the code")
    figure.body.locator("pre").wait_for(state="hidden")
