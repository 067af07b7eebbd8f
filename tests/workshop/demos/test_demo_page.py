"""One demo as the lecturer meets it: the command itself, Chromium, and the keyboard."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api")

import psutil  # noqa: E402

from tests.browser.pages import brightness  # noqa: E402
from tests.browser.pictures import wait_until  # noqa: E402
from tests.workshop.demos.demo_pages import PATIENCE, SIZE, DemoPage, alive, started, visited  # noqa: E402

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is no signal")
SMALLEST_TYPE = 18  # pixels, for a room
FOR_THE_ROOM = 24  # for what is read from three metres
FROM_AFAR = ("h1", ".course-control > :first-child", ".course-field", ".course-preset", ".course-status")
HAS_WORDS = """one => one.offsetParent && [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim())
    || one.matches(".course-field")"""
SIZES = "all => all.map(one => [one.textContent.trim() || one.placeholder, parseFloat(getComputedStyle(one).fontSize)])"


# What plays before there is a kernel: what it shows before and after a preset, and where.
BEFORE = """() => {
    const figure = document.querySelector("#course-before .course-figure[data-shown]");
    if (!figure) return null;
    const first = figure.dataset.shown;
    figure.querySelectorAll(".course-preset")[1].click();
    const {x, y, width, height} = figure.querySelector("canvas").getBoundingClientRect();
    const source = figure.querySelector(".course-source").textContent;
    return {shown: [first, figure.dataset.shown], box: [x, y, width, height], source};
}"""


@pytest.fixture(scope="module")
def demo(browser: playwright.Browser) -> Iterator[DemoPage]:
    with started("playground") as (address, _), visited(browser, address) as page:
        page.figure()
        yield page


def test_all_of_it_is_on_the_screen(demo):
    for _ in range(2):  # with the plan, which has to be asked for, and without
        assert demo.misfits() == []
        assert demo.is_filled()
        assert demo.page.evaluate("document.documentElement.scrollHeight") <= SIZE["height"]
        demo.page.keyboard.press("p")
    demo.page.keyboard.press("p")
    plan, picture = (demo.page.locator(name).bounding_box() for name in ("#course-plan", ".course-panels"))
    assert picture["x"] + picture["width"] <= plan["x"]
    demo.page.keyboard.press("p")


def test_it_plays_before_its_kernel_is_there_which_goes_on_from_there(demo, browser):
    with visited(browser, demo.address) as page:
        before = page.page.wait_for_function(BEFORE).json_value()  # all at once: the kernel may be there any moment
        assert before["shown"] == ["1|0|64|0.15|0", "0.5|0|64|0.15|0"]
        assert before["source"].endswith("states, computed beforehand")
        figure = page.figure()
        playwright.expect(figure.body).to_have_attribute("data-shown", "0.5|0|64|0.15|0")
        assert page.page.locator(".course-figure").count() == 1
        box = page.page.locator(".course-panel canvas").first.bounding_box()
        assert [box[side] for side in ("x", "y", "width", "height")] == pytest.approx(before["box"], abs=1)


def test_a_pinned_picture_stands_beside_the_moving_one(demo):
    demo.figure().press_button("pin")
    pinned, moving = (panels.bounding_box() for panels in demo.page.locator(".course-panels").all())
    assert pinned["width"] == pytest.approx(moving["width"], abs=4)
    assert pinned["x"] + pinned["width"] <= moving["x"]
    assert demo.misfits() == []
    demo.figure().press_button("pin")
    assert demo.is_filled()


def test_all_type_is_large(demo):
    sizes = demo.page.locator("body *").evaluate_all(f"all => ({SIZES})(all.filter({HAS_WORDS}))")
    assert len(sizes) > 15
    assert [text for text, size in sizes if size < SMALLEST_TYPE] == []
    for selector in FROM_AFAR:
        sizes = demo.page.locator(selector).evaluate_all(SIZES)
        assert min(size for _, size in sizes) >= FOR_THE_ROOM, selector


def test_a_number_key_presses_its_preset(demo):
    demo.page.keyboard.press("1")
    before = demo.still_picture()
    demo.page.keyboard.press("9")  # which has none
    assert demo.still_picture() == before
    demo.page.keyboard.press("2")
    demo.assert_changes(before)
    assert demo.figure().slider("keep_prob").field.input_value() == "0.50"
    demo.page.keyboard.press("3")
    demo.page.wait_for_function("document.querySelectorAll('.course-field')[1].value === '1.00'")


def test_number_keys_are_the_pages_while_a_slider_has_the_others(demo):
    slider = demo.figure().slider("keep_prob")
    demo.page.keyboard.press("1")
    slider.handle.focus()
    demo.page.keyboard.press("ArrowLeft")
    playwright.expect(slider.field).to_have_value("0.95", timeout=PATIENCE)
    demo.page.keyboard.press("2")
    playwright.expect(slider.field).to_have_value("0.50", timeout=PATIENCE)


def test_the_plan_comes_when_it_is_asked_for(demo):
    plan, panel = demo.page.locator("#course-plan"), demo.page.locator(".course-panel canvas").first
    for turn in (lambda: demo.page.keyboard.press("p"), lambda: demo.page.click("#course-plan-button")):
        wide = panel.bounding_box()["width"]
        assert not plan.is_visible()  # it has the answers
        turn()
        assert plan.is_visible()
        assert panel.bounding_box()["width"] < wide - 70  # one of three
        turn()
        assert not plan.is_visible()


def test_dark_and_light(demo):
    for turn in (lambda: demo.page.keyboard.press("d"), lambda: demo.page.click("#course-dark-button")):
        assert not demo.is_dark()
        turn()
        assert demo.is_dark()
        wait_until(lambda: demo.ground() == brightness(demo.page), lambda: "the figure stays light")
        turn()
        assert not demo.is_dark()
        wait_until(lambda: demo.ground() == brightness(demo.page), lambda: "the figure stays dark")


def test_keys_are_letters_while_typing(demo):
    field = demo.figure().slider("keep_prob").field
    demo.page.keyboard.press("1")
    before = demo.still_picture()
    field.focus()
    demo.page.keyboard.type("2pd")
    assert field.input_value().endswith("2pd")
    assert not demo.page.locator("#course-plan").is_visible()
    assert not demo.is_dark()
    assert demo.still_picture() == before
    demo.page.keyboard.press("Enter")
    demo.page.wait_for_function("document.activeElement === document.body")  # the keys are the page's again


@pytest.mark.parametrize("text", ["7", "<b>"])
def test_a_wrong_text_is_answered_by_the_figure(demo, text):
    demo.page.keyboard.press("1")
    demo.still_picture()  # what comes late would take the place of the text
    demo.figure().slider("keep_prob").type(text)
    demo.page.wait_for_function(
        "text => (document.querySelector('.course-status').textContent).includes(text)",
        arg=f"keep_prob must be a number from 0.05 to 1, got '{text}'",
    )
    assert "Traceback" not in demo.page.inner_text("body")
    demo.page.wait_for_function("document.activeElement === document.body")  # after Enter, a moment later
    demo.page.keyboard.press("2")
    demo.page.wait_for_function("!document.querySelector('.course-status').textContent.trim()")


def test_a_page_asked_for_in_the_dark(demo, browser):
    with visited(browser, demo.address, "?theme=dark") as page:
        page.figure()
        assert page.is_dark()
        assert page.ground() == brightness(page.page)


def leftovers() -> set[Path]:
    """Return the folders of demos among the system's temporary ones."""
    return set(Path(tempfile.gettempdir()).glob("course-demo-*"))


@pytest.mark.parametrize(
    "number",
    [pytest.param(signal.SIGINT, id="ctrl-c", marks=pytest.mark.slow), pytest.param(signal.SIGKILL, id="kill -9")],
)
def test_no_process_and_no_folder_is_left(browser, number):
    before = leftovers()
    with started("masks") as (address, process):
        page = DemoPage(browser, address)
        page.figure()
        below = psutil.Process(process.pid).children(recursive=True)
        assert len(below) >= 2  # the server and a kernel
        mine = leftovers() - before
        assert mine
        process.send_signal(number)
        said, _ = process.communicate(timeout=30)
        page.page.close()
    if number == signal.SIGKILL:  # the command cannot do or say anything then; the server ends itself
        assert process.returncode == -signal.SIGKILL
    else:
        assert said == "The demo has stopped.\n"
        assert process.returncode == 0
    wait_until(lambda: not alive(below), lambda: f"still there: {alive(below)}")
    assert mine & leftovers() == set()
