"""Live figures and hints by keyboard alone in JupyterLab, Notebook 7 and Voilà: every control is reached and works."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from front_ends import FigureOnPage, NotebookPage, opened, write_notebook
from keyboard import Keyboard
from pictures import Make, cells, first, wait_until
from playwright.sync_api import Browser, Locator, expect

import course_utils.live
from course_utils.live.controls import ChoiceControl, NumberControl, Range

FIGURES: list[Make] = [getattr(course_utils.live, name) for name in course_utils.live.__all__]
WRONG_ANSWER = """\
from course_utils.exercises import check

check("dropout_variance", lambda x, keep_prob: x)
"""


@pytest.fixture(scope="module")
def notebook(browser: Browser, front_end: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NotebookPage]:
    """Open a notebook with one figure a cell, and a wrong answer below them."""
    home = tmp_path_factory.mktemp(front_end)
    path = write_notebook(home / "keyboard.ipynb", [*cells(FIGURES), WRONG_ANSWER])
    with opened(browser, front_end, path, home / "server") as page:
        yield page


@pytest.fixture(params=FIGURES, ids=lambda make: make.__name__)
def make(request: pytest.FixtureRequest) -> Make:
    return request.param


@pytest.fixture
def figure(notebook: NotebookPage, make: Make) -> FigureOnPage:
    return FigureOnPage(notebook.page, FIGURES.index(make))


@pytest.fixture
def keys(notebook: NotebookPage) -> Keyboard:
    return Keyboard(notebook.page)


def button(figure: FigureOnPage, label: str) -> Locator:
    return figure.body.get_by_role("button", name=label, exact=True)


def buttons(make: Make) -> list[str]:
    """Return the labels of the buttons below the controls, in their order."""
    masks = ["new masks"] if "masks" in first(make).first else []
    return [*first(make).presets, *masks, "reset", "show the code"]


def controls(figure: FigureOnPage, make: Make) -> list[Locator]:
    """Return all that Tab should stop at, in the order in which it stands there."""
    found: list[Locator] = []
    for control in first(make).controls.values():
        if isinstance(control, NumberControl):
            slider = figure.slider(control.range.shown)
            found += [slider.handle, slider.field]
        else:
            found += [button(figure, option) for option in control.buttons.options]
    return found + [button(figure, label) for label in buttons(make)]


def test_tab_stops_at_every_control_and_shows_it(keys, figure, make):
    keys.walk(controls(figure, make))


def test_every_control_does_its_work(keys, figure, make, front_end):
    """Arrow keys move sliders, a number and Enter do it in the field, Space or Enter press a button.

    Of a row of choices one is pressed, and the first one again: all are buttons of one kind.
    """
    live, pictures, start = first(make), Pictures(figure), figure.picture()
    for name, control in live.controls.items():
        if isinstance(control, ChoiceControl):
            other = next(option for option in reversed(control.buttons.options) if option != live.first[name])
            for option in (other, live.first[name]):
                keys.tab_to(button(figure, option))
                pictures.follow(keys, "Space")
                assert option in figure.chosen()
            continue
        slider, range_ = figure.slider(control.range.shown), control.range
        if front_end != "notebook":  # where an arrow key moves on to another cell (jupyter/notebook, issue 7716)
            keys.tab_to(slider.handle)
            key, value = next_place(range_, live.first[name])
            pictures.follow(keys, key)
            expect(slider.field).to_have_value(range_.text(value))
        keys.tab_to(slider.field)
        pictures.follow(keys, *typed(range_.text(other_place(range_, live.first[name]))))
    presses = {"new masks": "Space"} | dict.fromkeys(live.presets, "Enter")  # a preset may drop nothing
    for label, key in presses.items():
        if label in buttons(make):
            keys.tab_to(button(figure, label))
            pictures.follow(keys, key)
    reset, code, listing = button(figure, "reset"), button(figure, "show the code"), figure.body.locator("pre")
    keys.tab_to(code)
    keys.press("Enter")
    expect(listing).to_be_visible()
    keys.press("Space")
    expect(listing).to_be_hidden()
    keys.tab_to(reset, "Shift+Tab", most=1)
    pictures.follow(keys, "Enter")
    wait_until(lambda: figure.picture() == start, lambda: "not the first picture again")


class Pictures:
    """The pictures that a figure shows one after the other."""

    def __init__(self, figure: FigureOnPage) -> None:
        self.figure = figure
        figure.image.evaluate("""found => {
            const image = found.tagName === "IMG" ? found : found.querySelector("img");
            image.quick = 0;  // at rest a sharp picture follows each, with more pixels than it takes
            image.addEventListener("load", () => image.quick += image.naturalWidth < 1.5 * image.width);
        }""")

    def quick(self) -> int:
        """Return how many pictures came because something moved."""
        script = "found => (found.tagName === 'IMG' ? found : found.querySelector('img')).quick"
        return int(self.figure.image.evaluate(script))

    def follow(self, keys: Keyboard, *presses: str) -> None:
        """Press keys, and wait until another picture is seen."""
        count, before = self.quick(), self.figure.picture()
        for key in presses:
            keys.press(key)
        wait_until(
            lambda: self.quick() > count and self.figure.picture() != before,
            lambda: f"no new picture after {presses} at {keys.here()}; {self.figure.status()}; {self.quick() - count} "
            f"came in passing, the last one is {'the old' if self.figure.picture() == before else 'a new'} one",
        )


def typed(text: str) -> list[str]:
    """Return the keys that replace the text of a field."""
    return ["ControlOrMeta+a", *text, "Enter"]


def next_place(range_: Range, value: float) -> tuple[str, float]:
    """Return the arrow key that can move a slider from here, and where to."""
    if value < range_.high:
        return "ArrowRight", range_.rounded(value + range_.step)
    return "ArrowLeft", range_.rounded(value - range_.step)


def other_place(range_: Range, value: float) -> float:
    """Return a place of a slider some steps away from here."""
    places = [range_.snapped(range_.low + share * (range_.high - range_.low)) for share in (0.25, 0.6)]
    return max(places, key=lambda place: abs(place - value))


def test_a_hint_opens_and_closes(keys, notebook):
    hint = notebook.page.locator("details", has_text="A second hint")
    summary = hint.locator("summary")
    keys.walk([summary])
    for key, is_open in (("Enter", True), ("Space", False)):
        keys.press(key)
        assert hint.evaluate("found => found.open") == is_open
