"""Every live figure: each control by keyboard and by mouse gives the picture that belongs to it.

In JupyterLab always, in Notebook 7 and Voilà by `make test-all`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest
from playwright.sync_api import Browser, Locator

import course_utils.live
from course_utils.live import bug_clinic, lambda_trainer, mask_explorer, penalty_bowl
from course_utils.live.quantities import Choice, Range, shown
from tests.browser.front_ends import FigureOnPage, NotebookPage, opened, write_notebook
from tests.browser.keyboard import walk, write
from tests.browser.pages import violations
from tests.browser.pictures import Make, assert_shows, cells, first, is_ladder, presets, ranges, share, step_to

FIGURES: list[Make] = [getattr(course_utils.live, name) for name in course_utils.live.__all__]
# Those of one family of figures are built alike: one of each is tried always, all of them by `make test-all`.
ALWAYS = (lambda_trainer, mask_explorer, penalty_bowl, bug_clinic)
OTHERS = tuple(make for make in FIGURES if make not in ALWAYS)


@pytest.fixture(scope="module")
def notebook_with(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., NotebookPage]]:
    """Give a function that opens a notebook with one figure a cell, once."""
    with ExitStack() as stack:

        @cache
        def notebook_with(front_end: str, figures: tuple[Make, ...]) -> NotebookPage:
            home = tmp_path_factory.mktemp(front_end)
            path = write_notebook(home / "figures.ipynb", cells(figures))
            return stack.enter_context(opened(browser, front_end, path, home / "server"))

        yield notebook_with


@pytest.fixture(
    params=[*ALWAYS, *(pytest.param(make, marks=pytest.mark.slow) for make in OTHERS)], ids=lambda make: make.__name__
)
def make(request: pytest.FixtureRequest) -> Make:
    return request.param


@pytest.fixture(params=["lab", *(pytest.param(name, marks=pytest.mark.slow) for name in ("notebook", "voila"))])
def front_end(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def figure(notebook_with: Callable[..., NotebookPage], make: Make, front_end: str) -> FigureOnPage:
    """Return the figure, set back; only once that is seen, else it could undo what a test does."""
    figures = ALWAYS if make in ALWAYS else OTHERS
    found = FigureOnPage(notebook_with(front_end, figures).page, figures.index(make))
    found.press_button("reset")
    assert_shows(found, make)
    return found


def button(figure: FigureOnPage, label: str) -> Locator:
    return figure.body.get_by_role("button", name=label, exact=True)


def stops(figure: FigureOnPage, make: Make) -> list[Locator]:
    """Return all that Tab should stop at, in the order in which it stands there."""
    found: list[Locator] = []
    for quantity in first(make).quantities.values():
        if isinstance(quantity, Range):
            slider = figure.slider(shown(quantity.name))
            found += [slider.handle, slider.field]
        elif is_ladder(quantity):
            found.append(figure.slider(shown(quantity.name)).handle)
        elif isinstance(quantity, Choice):
            found += [button(figure, option) for option in quantity.options]
    masks = ["new masks"] if first(make).redraw else []
    own = ["reset", "pin", "show the code", "PNG", "SVG"]
    return found + [button(figure, label) for label in (*presets(make), *masks, *own)]


def test_keys_reach_every_control_and_move_it(figure, make):
    """Arrow keys move sliders, a number and Enter do it in the field, Space presses a choice."""
    all_stops = stops(figure, make)
    all_stops[1].focus()  # that Tab gets there from anywhere on a page is tried in test_front_ends
    figure.page.keyboard.press("Shift+Tab")
    walk(all_stops)
    live, settings = first(make), {}
    for name, quantity in live.quantities.items():
        if is_ladder(quantity):
            handle = figure.slider(shown(name)).handle
            handle.press("Home")
            for option in quantity.options[1:4]:
                handle.press("ArrowRight")
                settings[name] = option
                assert_shows(figure, make, **settings)
        elif isinstance(quantity, Choice):
            for option in reversed(quantity.options):
                button(figure, option).press("Space")
                settings[name] = option
                assert_shows(figure, make, **settings)
        elif isinstance(quantity, Range):
            slider = figure.slider(shown(name))
            up = live.first[name] < quantity.high
            slider.handle.press("ArrowRight" if up else "ArrowLeft")
            settings[name] = quantity.parse(str(live.first[name] + (quantity.step if up else -quantity.step)))
            assert_shows(figure, make, **settings)
            slider.field.focus()
            settings[name] = between_two_places(quantity)
            write(figure.page, str(settings[name]))
            assert_shows(figure, make, **settings)


def between_two_places(range_: Range) -> float:
    """Return a number that the field takes and the slider does not have."""
    return range_.parse(str(step_to(range_, range_.low + 0.4 * (range_.high - range_.low)) + 0.6 * range_.step))


def test_the_mouse_moves_a_slider_and_presses_every_button(figure, make):
    live, settings = first(make), {}
    for range_ in ranges(make)[:1]:
        settings = {range_.name: step_to(range_, range_.low + 0.7 * (range_.high - range_.low))}
        figure.slider(shown(range_.name)).click_track(share(range_, settings[range_.name]))
    for ladder in [one for one in live.quantities.values() if is_ladder(one)][:1]:
        settings = {ladder.name: ladder.options[-1]}
        figure.slider(shown(ladder.name)).click_track(1)
    assert settings
    assert_shows(figure, make, **settings)
    pictures = [figure.picture()]
    for label, changes in presets(make).items():
        figure.press_button(label)
        settings |= changes
        assert_shows(figure, make, **settings)
        pictures.append(figure.picture())
    assert len({str(picture) for picture in pictures}) >= len(pictures) - 1
    if live.redraw:
        figure.slider("keep_prob").type("0.7")  # at 1 all masks are alike
        figure.press_button("new masks")
        settings |= {"keep_prob": 0.7, "masks": 1}
        assert_shows(figure, make, **settings)
    figure.press_button("show the code")
    assert figure.code() == live.code(**live.first | settings)
    figure.press_button("show the code")
    figure.body.locator("pre").wait_for(state="hidden")


def test_a_picture_is_pinned_and_saved(figure, make):
    label = next(iter(presets(make)))
    figure.press_button(label)
    assert_shows(figure, make, **presets(make)[label])
    pinned = figure.picture()
    figure.press_button("pin")
    other = list(presets(make))[-1]
    figure.press_button(other)
    assert_shows(figure, make, **presets(make)[other])
    figure.page.wait_for_timeout(100)  # both are drawn at their new size
    both = figure.picture()
    assert len(both) == 2 * len(pinned)
    assert both[: len(pinned)] != both[len(pinned) :]
    name, value = next(iter(presets(make)[label].items()))
    value = f"{value:g}" if isinstance(value, int | float) else value
    assert f"A: {shown(name)} {value}" in figure.body.locator("figcaption").inner_text()
    figure.press_button("pin")
    assert len(figure.picture()) == len(pinned)
    for kind, begins in (("PNG", b"\x89PNG"), ("SVG", b"<?xml")):
        with figure.page.expect_download() as download:
            figure.press_button(kind)
        assert download.value.suggested_filename == f"figure.{kind.lower()}"
        assert download.value.path().read_bytes().startswith(begins)


def test_nothing_keeps_people_out(figure, make):
    pictures = figure.body.get_by_role("img")
    assert pictures.count() == 1
    assert pictures.get_attribute("aria-label") == first(make).scene.figure.alt
    described = pictures.get_attribute("aria-describedby")
    assert figure.page.locator(f"[id='{described}']").text_content() == figure.words()
    found = [one for one in violations(figure.page) if "course-" in one]
    assert [one for one in found if not one.startswith("region ")] == []  # Voilà's page has no landmarks
