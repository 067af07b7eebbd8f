"""Every live figure in JupyterLab: each control by keyboard and by mouse gives the picture that belongs to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator

import course_utils.live
from course_utils.live import bug_clinic, lambda_trainer, mask_explorer, penalty_bowl
from course_utils.live.controls import ChoiceControl, NumberControl, Range
from tests.browser.front_ends import FigureOnPage, NotebookPage, opened, write_notebook
from tests.browser.keyboard import Keyboard
from tests.browser.pictures import Make, assert_shows, cells, first, ranges, share

FIGURES: list[Make] = [getattr(course_utils.live, name) for name in course_utils.live.__all__]
# Those of one family of figures are built alike: one of each is tried always, all of them by `make test-all`.
ALWAYS = (lambda_trainer, mask_explorer, penalty_bowl, bug_clinic)
EACH = [pytest.param(make, id=make.__name__, marks=() if make in ALWAYS else pytest.mark.slow) for make in FIGURES]


@pytest.fixture(scope="module")
def notebook(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NotebookPage]:
    """Open a notebook with one figure a cell."""
    home = tmp_path_factory.mktemp("lab")
    path = write_notebook(home / "figures.ipynb", cells(FIGURES))
    with opened(browser, "lab", path, home / "server") as page:
        yield page


@pytest.fixture(params=EACH)
def make(request: pytest.FixtureRequest) -> Make:
    return request.param


@pytest.fixture
def figure(notebook: NotebookPage, make: Make) -> FigureOnPage:
    """Return the figure, set back; only once that is seen, else it could undo what a test does."""
    found = FigureOnPage(notebook.page, FIGURES.index(make))
    found.press_button("reset")
    assert_shows(found, make)
    return found


@pytest.fixture
def keys(notebook: NotebookPage) -> Keyboard:
    return Keyboard(notebook.page)


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
    return found + [button(figure, label) for label in (*first(make).presets, *masks, "reset", "show the code")]


def test_keys_reach_every_control_and_move_it(keys, figure, make):
    """Arrow keys move sliders, a number and Enter do it in the field, Space presses a choice."""
    all_stops = stops(figure, make)
    all_stops[0].focus()  # that Tab gets there from anywhere on a page is tried in test_front_ends
    keys.walk(all_stops)
    live, settings = first(make), {}
    for name, control in live.controls.items():
        if isinstance(control, ChoiceControl):
            for option in reversed(control.buttons.options):
                button(figure, option).focus()
                keys.press("Space")
                assert_shows(figure, make, **settings | {name: option})
            settings[name] = option
            continue
        range_, slider = control.range, figure.slider(control.range.shown)
        slider.handle.focus()
        key, settings[name] = next_place(range_, live.first[name])
        keys.press(key)
        assert_shows(figure, make, **settings)
        slider.field.focus()
        settings[name] = between_two_places(range_)
        keys.write(str(settings[name]))
        assert_shows(figure, make, **settings)


def next_place(range_: Range, value: float) -> tuple[str, float]:
    """Return the arrow key that can move a slider from here, and where to."""
    if value < range_.high:
        return "ArrowRight", range_.rounded(value + range_.step)
    return "ArrowLeft", range_.rounded(value - range_.step)


def between_two_places(range_: Range) -> float:
    """Return a number that the field takes and the slider does not have."""
    return range_.rounded(range_.snapped(range_.low + 0.4 * (range_.high - range_.low)) + 0.6 * range_.step)


def test_the_mouse_moves_every_slider_and_presses_every_button(figure, make):
    settings, live = {}, first(make)
    for range_ in ranges(make):
        settings[range_.name] = range_.snapped(range_.low + 0.7 * (range_.high - range_.low))
        figure.slider(range_.shown).click_track(share(range_, settings[range_.name]))
        assert_shows(figure, make, **settings)
    for label, changes in live.presets.items():
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


def test_nothing_is_complained_of_and_nothing_leaves_the_machine(notebook: NotebookPage):
    assert notebook.errors == []
    assert notebook.outside == []
