"""Chapter 00 in JupyterLab, Notebook 7 and Voilà: what one control, one choice and one hint do in each of them.

That every control of every figure works is tried in JupyterLab alone: front ends know no figures. So are a second view,
a page that is loaded again, and a kernel that is gone.
"""

from __future__ import annotations

from collections.abc import Iterator

import nbformat
import pytest
from playwright.sync_api import Browser, expect

from course_utils.live import keep_prob_trainer, lambda_trainer
from tests.browser.front_ends import (
    FIRST_NOTEBOOK,
    FigureOnPage,
    NotebookPage,
    SliderOnPage,
    opened,
    write_notebook,
)
from tests.browser.keyboard import is_at, tab_to, walk, write
from tests.browser.pictures import assert_shows, cells, ranges, share, wait_until

OTHERS = ("notebook", "voila")
FIRST = 1.0  # the slider's first value
WRONG_ANSWER = """\
from course_utils.exercises import check

check("dropout_variance", lambda x, keep_prob: x)
"""


# JupyterLab is what readers open; the demos try Voilà too.
@pytest.fixture(scope="module", params=["lab", *(pytest.param(name, marks=pytest.mark.slow) for name in OTHERS)])
def front_end(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def notebook(browser: Browser, front_end: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NotebookPage]:
    """Open the first notebook, below it a figure with a choice and a wrong answer."""
    home = tmp_path_factory.mktemp(front_end)
    chapter = nbformat.read(FIRST_NOTEBOOK, 4)
    chapter.cells += [nbformat.v4.new_code_cell(source) for source in (*cells([lambda_trainer]), WRONG_ANSWER)]
    nbformat.write(chapter, home / FIRST_NOTEBOOK.name)
    with opened(browser, front_end, home / FIRST_NOTEBOOK.name, home / "server") as page:
        yield page


def shows(figure: FigureOnPage, keep_prob: float, masks: int = 0) -> None:
    """Wait for the picture of these settings."""
    assert_shows(figure, keep_prob_trainer, keep_prob=keep_prob, masks=masks)


@pytest.fixture
def figure(notebook: NotebookPage) -> FigureOnPage:
    """Return the chapter's live figure, set back; only once that is seen, else it could undo what a test types."""
    found = FigureOnPage(notebook.page)
    found.press_button("reset")
    shows(found, FIRST)
    return found


@pytest.fixture
def slider(figure: FigureOnPage) -> SliderOnPage:
    return figure.slider("keep_prob")


def test_arrow_keys(figure, slider):
    slider.handle.focus()
    for _ in range(4):
        slider.handle.press("ArrowLeft")
    shows(figure, 0.8)
    slider.handle.press("ArrowRight")
    shows(figure, 0.85)


def test_a_click_and_a_drag_end_with_the_picture_of_their_place(figure, slider):
    (keep_prob,) = ranges(keep_prob_trainer)
    slider.click_track(share(keep_prob, 0.5))
    shows(figure, 0.5)
    slider.drag(share(keep_prob, 0.5), share(keep_prob, 0.3))
    shows(figure, 0.3)


def test_field(figure, slider, notebook):
    slider.type("0.33")  # between two places of the slider
    shows(figure, 0.33)
    slider.type("0,75")
    shows(figure, 0.75)
    tab_to(slider.handle)
    slider.handle.press("Tab")  # leads from the slider to its field
    assert is_at(slider.field)
    write(notebook.page, "0.7")
    shows(figure, 0.7)


def test_bad_text_is_refused_with_a_line(figure, slider):
    slider.type("0.9")
    shows(figure, 0.9)
    for text in ("abc", "1.01", "", "0x1"):
        slider.type(text)
        line = f"keep_prob must be a number from 0.05 to 1, got {text!r}"
        wait_until(lambda line=line: figure.status() == line, lambda: f"status: {figure.status()!r}")
        shows(figure, 0.9)
    slider.type("0.85")  # and the figure goes on working
    shows(figure, 0.85)
    wait_until(lambda: figure.status() == "", lambda: f"status stays: {figure.status()!r}")


def test_buttons(notebook, figure, slider):
    slider.type("0.8")
    shows(figure, 0.8)
    for masks in (1, 2):
        figure.press_button("new masks")
        shows(figure, 0.8, masks)
    other = FigureOnPage(notebook.page, 1)
    other.press_button("too much")
    assert_shows(other, lambda_trainer, lambd=5.0, penalty="both")
    other.press_button("L1")
    assert_shows(other, lambda_trainer, lambd=5.0, penalty="L1")
    shows(figure, 0.8, masks=2)  # figures do not meet


def test_a_hint_opens_and_closes_by_keyboard(notebook):
    hint = notebook.page.locator("details", has_text="A second hint").last  # the chapter has one too
    walk([hint.locator("summary")])
    for key in ("Enter", "Space"):
        notebook.page.keyboard.press(key)
        expect(hint).to_have_js_property("open", key == "Enter")


def test_a_guess_by_keyboard_stands_beside_what_came_out(notebook, front_end):
    if front_end == "voila":
        pytest.skip("Voilà shows what came out as it was when the page was made")
    boundary, accuracies = (notebook.page.locator(".course-guess").nth(index) for index in (0, 1))
    outcome = notebook.page.locator("div[style*='border-left']", has_text="winds around single points")
    expect(outcome).to_contain_text("It is “winds around single points”.")
    boundary.get_by_label("is smooth").focus()
    notebook.page.keyboard.press("Space")
    expect(outcome).to_contain_text("You guessed “is smooth")
    notebook.page.keyboard.press("ArrowDown")  # in a row of choices the arrows choose
    expect(outcome).to_contain_text("Your guess was right")
    boundary.get_by_label("fairly sure").check()
    recap = notebook.page.get_by_text("Right: 1 of your")
    expect(recap).to_contain_text("Fairly sure: 1 of 1")
    assert accuracies.get_by_role("radio", checked=True).count() == 0  # forms do not meet
    boundary.get_by_role("button", name="take back").click()
    expect(outcome).not_to_contain_text("guess")
    expect(recap).to_have_count(0)


TWICE = "from IPython.display import display\nfrom course_utils.live import keep_prob_trainer\n\n" + (
    "live = keep_prob_trainer()\ndisplay(live, live)"
)
WHICH = "print(f'{live.settings}')"
FAILS = """\
kept = live.compute
def fails(**arguments): raise RuntimeError("no network today")
live.compute = fails
live.set(keep_prob=0.36)
live.compute = kept
"""


@pytest.fixture(scope="module")
def twice(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NotebookPage]:
    """Open a notebook in JupyterLab that shows one figure twice, and can say what Python knows of it."""
    home = tmp_path_factory.mktemp("twice")
    with opened(
        browser, "lab", write_notebook(home / "twice.ipynb", [TWICE, WHICH, "later = 0"]), home / "server"
    ) as page:
        yield page


def test_two_views_of_a_figure_move_together_and_python_knows(twice):
    one, other = (FigureOnPage(twice.page, index) for index in (0, 1))
    one.slider("keep_prob").type("0.6")
    shows(one, 0.6)
    shows(other, 0.6)
    other.press_button("just right")
    shows(one, 0.5)
    one.press_button("pin")  # a view's own
    assert len(one.picture()) == 2 * len(other.picture())
    one.press_button("pin")
    one.slider("keep_prob").type("0.6")  # which the browser has
    shows(other, 0.6)
    twice.page.get_by_text("print(f").click()
    twice.page.keyboard.press("Control+Enter")
    expect(twice.page.get_by_text("{'keep_prob': 0.6, 'masks': 0}")).to_be_visible()


def test_what_fails_in_code_is_said_in_every_view(twice):
    before = FigureOnPage(twice.page).shown()
    run_last_cell(twice, FAILS)
    for index in (0, 1):
        figure = FigureOnPage(twice.page, index)
        expect(figure.body.locator("[role=status]")).to_contain_text("no network today")
        assert figure.shown() == before
    FigureOnPage(twice.page).slider("keep_prob").type("0.36")  # and the figures go on working
    for index in (0, 1):
        shows(FigureOnPage(twice.page, index), 0.36)


def test_a_figure_goes_on_where_what_played_in_its_place_was_left(twice):
    twice.page.evaluate("document.body.dataset.moved = JSON.stringify({keep_prob: 0.5, masks: 2})")
    run_last_cell(twice, "keep_prob_trainer()")
    shows(FigureOnPage(twice.page, 2), 0.5, masks=2)
    assert twice.page.evaluate("document.body.dataset.moved") is None  # the next one begins as it is told
    run_last_cell(twice, "0")
    expect(twice.page.locator(".course-figure")).to_have_count(2)


def run_last_cell(notebook: NotebookPage, text: str) -> None:
    """Write a text into the last cell and run it."""
    notebook.page.locator(".jp-CodeCell .cm-content").last.click()
    notebook.page.keyboard.press("ControlOrMeta+a")
    notebook.page.keyboard.insert_text(text)
    notebook.page.keyboard.press("Control+Enter")


def test_a_page_that_is_loaded_again_has_its_figure(twice):
    FigureOnPage(twice.page).slider("keep_prob").type("0.4")
    shows(FigureOnPage(twice.page), 0.4)
    save(twice)
    twice.page.reload()
    twice.page.locator(".course-panel canvas").first.wait_for()
    figure = FigureOnPage(twice.page)
    shows(figure, 0.4)
    figure.slider("keep_prob").type("0.45")
    shows(figure, 0.45)


def test_a_figure_without_its_kernel_says_so_and_keeps_its_picture(twice):
    figure = FigureOnPage(twice.page)
    before = figure.shown(), figure.picture()
    twice.page.evaluate("""async () => {
        const kernels = await (await fetch("/api/kernels")).json();
        const token = document.cookie.match(/_xsrf=([^;]+)/)?.[1];
        await Promise.all(kernels.map(({id}) => fetch(`/api/kernels/${id}/restart`,
            {method: "POST", headers: token ? {"X-XSRFToken": token} : {}})));
    }""")
    twice.page.wait_for_timeout(1500)
    figure.slider("keep_prob").type("0.15")
    wait_until(lambda: "run the cell" in figure.status(), lambda: f"status: {figure.status()!r}")
    assert (figure.shown(), figure.picture()) == before


def save(notebook: NotebookPage) -> None:
    """Save the notebook and wait until it is."""
    notebook.page.locator(".jp-InputArea-editor").last.click()  # a figure's controls keep all keys to themselves
    notebook.page.keyboard.press("ControlOrMeta+s")
    notebook.page.wait_for_timeout(1000)


LAYOUT = """figure => {
    const boxes = [...figure.querySelectorAll(".course-panels > *")].map(one => one.getBoundingClientRect());
    return {wide: figure.scrollWidth > figure.clientWidth, lefts: boxes.map(box => box.left),
            tops: boxes.map(box => box.top - figure.getBoundingClientRect().top), widths: boxes.map(box => box.width),
            height: figure.scrollHeight};
}"""
SMALLEST = 10 / 72 * 100  # pixels of type in a panel that is shown as wide as it is recorded


@pytest.mark.parametrize("width", [1440, 390])
def test_panels_stand_in_a_row_or_below_each_other_with_type_to_be_read(notebook, front_end, width):
    files = notebook.page.locator(".jp-SideBar.jp-mod-left .lm-TabBar-tab.lm-mod-current")
    narrow = width == 390 and front_end == "lab"
    if narrow:
        files.click()  # else JupyterLab's list of files leaves no room for a notebook
    before = notebook.page.viewport_size
    notebook.page.set_viewport_size({"width": width, "height": 900})
    figure = FigureOnPage(notebook.page, 1)  # three panels
    notebook.page.wait_for_timeout(300)
    found = figure.body.evaluate(LAYOUT)
    figure.press_button("too much")
    assert_shows(figure, lambda_trainer, lambd=5.0, penalty="both")
    assert figure.body.evaluate(LAYOUT) == found  # nothing jumps
    notebook.page.set_viewport_size(before)
    if narrow:
        notebook.page.locator(".jp-SideBar.jp-mod-left .lm-TabBar-tab").first.click()
    natural = max(size[0] for size in lambda_trainer().frames.sizes)
    assert not found["wide"]
    assert min(found["widths"]) / natural * SMALLEST >= 11.99
    rows, columns = len(set(found["tops"])), len(set(found["lefts"]))
    assert (rows, columns) == ((1, 3) if width == 1440 else (3, 1))


def test_a_dark_page_has_a_dark_picture(notebook, figure):
    darkness = "canvas => [...canvas.getContext('2d').getImageData(3, 3, 1, 1).data].slice(0, 3)"
    canvas = figure.body.locator("canvas").first
    assert canvas.evaluate(darkness) == [255, 255, 255]
    dark = notebook.page.add_style_tag(content="* { background-color: #111 !important; }")
    notebook.page.evaluate("document.body.dataset.try = 'dark'")
    wait_until(lambda: max(canvas.evaluate(darkness)) < 40, lambda: str(canvas.evaluate(darkness)))
    dark.evaluate("one => one.remove()")
    notebook.page.evaluate("document.body.dataset.try = 'light'")
    wait_until(lambda: min(canvas.evaluate(darkness)) == 255, lambda: str(canvas.evaluate(darkness)))
