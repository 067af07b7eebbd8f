"""All demos from the page of tiles, each handled as badly as a tired hand or a curious student can."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

playwright = pytest.importorskip("playwright.sync_api")

import psutil  # noqa: E402

from course_utils.workshop.demos.catalogue import available  # noqa: E402
from tests.browser.pictures import wait_until  # noqa: E402 - only where playwright is
from tests.workshop.demos.demo_pages import SIZE, DemoPage, started, visited  # noqa: E402

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is no signal")
slow = pytest.mark.slow  # a page with a kernel takes ten seconds to come up; test_demo_page has one for every day
WRONG_TEXTS = (
    "", " ", "many", "<img src=x onerror=alert(1)>", "1e999", "-1e999", "nan", "99999999999999999999", "--1", "1 2",
    "None", "'\"", "7" * 3000,
)  # fmt: skip
SIZES = ((1280, 720), (1024, 768), (1920, 1080))


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    with started("--all") as found:
        yield found


@pytest.fixture
def opened(served, browser) -> Iterator[Callable[[str], DemoPage]]:
    """Give a function that opens a demo."""
    with ExitStack() as stack:

        def open_page(name: str) -> DemoPage:
            found = stack.enter_context(visited(browser, served[0], f"voila/render/{name}.ipynb"))
            found.figure()
            return found

        yield open_page


@pytest.fixture(scope="module", params=[pytest.param(demo.name, marks=slow) for demo in available()])
def demo(request, served, browser) -> Iterator[DemoPage]:
    """Open each demo once for all tests of it."""
    with visited(browser, served[0], f"voila/render/{request.param}.ipynb") as found:
        found.figure()
        yield found


def check_usable(found: DemoPage) -> None:
    """Press presets and see the picture follow, with nothing said and no traceback anywhere."""
    for key in "31":
        found.page.keyboard.press(key)
    found.page.wait_for_function("!document.querySelector('.course-status').textContent.trim()")
    before = found.still_picture()
    found.page.keyboard.press("3")
    found.assert_changes(before)
    assert "Traceback" not in found.page.inner_text("body")


def test_tiles_lead_to_every_demo_and_back(served, browser):
    with visited(browser, served[0]) as all_demos:
        page, tiles = all_demos.page, all_demos.page.locator(".course-tile")
        assert tiles.locator("h2").all_inner_texts() == [demo.title for demo in available()]
        assert tiles.locator("p").all_inner_texts() == [demo.line for demo in available()]
        page.keyboard.press("d")
        page.keyboard.press("6")
        all_demos.figure()
        assert page.locator("h1").inner_text() == "The bowl and the penalty"
        assert all_demos.is_dark()  # as it was left
        page.click("text=all demos")
        page.wait_for_selector(".course-tile")
        assert all_demos.is_dark()


def test_a_demo_fits_every_projector(demo):
    for width, height in SIZES:
        demo.page.set_viewport_size({"width": width, "height": height})
        for _ in range(2):  # with the plan and without
            demo.page.wait_for_timeout(100)
            assert demo.misfits() == [], (width, height)
            assert demo.is_filled(), (width, height)
            demo.page.keyboard.press("p")
    demo.page.set_viewport_size(SIZE)


def test_a_demo_survives_wrong_texts(demo):
    for field in demo.page.locator(".course-field").all():
        for text in WRONG_TEXTS:
            field.fill(text)
            field.press("Enter")
        demo.page.wait_for_function("document.querySelector('.course-status').textContent.includes('must be a number')")
        demo.page.wait_for_function("document.activeElement.tagName !== 'INPUT'")  # after Enter, a moment later
    check_usable(demo)


def test_a_demo_survives_hasty_hands(demo):
    page, chance = demo.page, random.Random(0)
    page.locator("input[type=range]").first.hover()
    page.mouse.down()
    for x in (0, 1279, 200, 700, 100):
        page.mouse.move(x, chance.uniform(0, 719), steps=5)
    page.mouse.up()
    for _ in range(40):  # presets while the one before still trains, letters, arrows
        page.keyboard.press(chance.choice(["1", "2", "3", "4", "9", "0", "p", "d", "x", "Escape", "ArrowLeft"]))
    check_usable(demo)


def test_the_last_of_many_presets_wins(demo):
    demo.page.keyboard.press("3")
    other = demo.still_picture()
    demo.page.keyboard.press("1")
    demo.assert_changes(other)
    first = demo.still_picture()
    for key in "2323":
        demo.page.keyboard.press(key)
    demo.assert_changes(first)
    for key in "231":
        demo.page.keyboard.press(key)
    wait_until(lambda: demo.figure().picture() == first, lambda: "the first preset does not come back", seconds=30)
    assert demo.still_picture() == first


@slow
def test_reload_back_and_forward(opened):
    found = opened("playground")
    found.page.keyboard.press("2")
    found.page.reload()
    found.figure()
    check_usable(found)
    found.page.click("text=all demos")
    found.page.wait_for_selector(".course-tile")
    found.page.go_back()
    found.figure()
    check_usable(found)
    found.page.go_forward()
    found.page.wait_for_selector(".course-tile")


@slow
def test_two_viewers_do_not_meet(opened):
    one, other = opened("playground"), opened("playground")
    before = other.still_picture()
    one.page.keyboard.press("2")
    one.page.wait_for_function("document.querySelector('.course-field').value === '0.50'")
    assert other.still_picture() == before
    check_usable(one)
    check_usable(other)


@slow
def test_pages_that_are_left_leave_no_kernel(served, browser):  # 300 students come and go
    def begun() -> int:
        return len(set(psutil.Process(served[1].pid).children(recursive=True)) - before)

    before = set(psutil.Process(served[1].pid).children(recursive=True))  # the server, and pages' that are going
    with visited(browser, served[0], "voila/render/masks.ipynb") as found:
        found.figure()
        found.page.reload()
        found.figure()
        wait_until(lambda: begun() == 1, lambda: f"{begun()} kernels for a page", seconds=20)
    wait_until(lambda: begun() == 0, lambda: f"{begun()} kernels for no page", seconds=20)
