"""All demos from the page of tiles, each handled as badly as a tired hand or a curious student can."""

from __future__ import annotations

import os
import random
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

playwright = pytest.importorskip("playwright.sync_api")

from course_utils.workshop.demos.catalogue import available  # noqa: E402
from tests.workshop.demos.demo_pages import SIZE, DemoPage, processes_of, started  # noqa: E402 - only where playwright is

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is no signal")
NAMES = [demo.name for demo in available()]
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


@contextmanager
def pages_of(served, browser) -> Iterator[Callable[[str], DemoPage]]:
    """Give a function that opens a demo; close all of its pages in the end, and look at what they said."""
    pages: list[DemoPage] = []

    def open_page(name: str) -> DemoPage:
        pages.append(DemoPage(browser, served[0], f"voila/render/{name}.ipynb"))
        pages[-1].figure()
        return pages[-1]

    yield open_page
    for page in pages:
        page.close()
        assert page.errors == []
        assert page.outside == []


@pytest.fixture
def opened(served, browser) -> Iterator[Callable[[str], DemoPage]]:
    with pages_of(served, browser) as found:
        yield found


@pytest.fixture(scope="module")
def visited(request, served, browser) -> Iterator[DemoPage]:
    """Open each demo once for all tests of it."""
    with pages_of(served, browser) as found:
        yield found(request.param)


def check_usable(found: DemoPage) -> None:
    """Press presets and see the picture follow, with nothing said and no traceback anywhere."""
    for key in "31":
        found.page.keyboard.press(key)
    found.page.wait_for_function("!document.querySelector('.course-status').textContent.trim()")
    before = found.still_picture()
    found.page.keyboard.press("3")
    assert found.changed(before)
    assert "Traceback" not in found.page.inner_text("body")


def test_tiles_lead_to_every_demo_and_back(served, browser):
    all_demos = DemoPage(browser, served[0])
    tiles = all_demos.page.locator(".course-tile")
    assert tiles.locator("h2").all_inner_texts() == [demo.title for demo in available()]
    assert tiles.locator("p").all_inner_texts() == [demo.line for demo in available()]
    all_demos.page.keyboard.press("d")
    all_demos.page.keyboard.press("6")
    all_demos.figure()
    assert all_demos.page.locator("h1").inner_text() == "The bowl and the penalty"
    assert all_demos.is_dark()  # as it was left
    all_demos.page.click("text=all demos")
    all_demos.page.wait_for_selector(".course-tile")
    assert all_demos.is_dark()
    assert all_demos.errors == []
    assert all_demos.outside == []
    all_demos.page.close()


@slow
@pytest.mark.parametrize("visited", NAMES, indirect=True)
def test_a_demo_fits_every_projector(visited):
    page = visited.page
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for _ in range(2):  # with the plan and without
            page.wait_for_timeout(100)
            seen = page.locator(
                ".course-picture, .course-buttons, .course-control, .course-control input, .course-control button,"
                " #course-plan li, .course-header *"
            ).evaluate_all("""all => all.filter(found => found.offsetParent).map(found => {
                const box = found.getBoundingClientRect();
                return [found.textContent, box.left, box.top, box.right, box.bottom];
            })""")
            assert len(seen) > 8
            outside = [one for one in seen if min(one[1:3]) < 0 or one[3] > width or one[4] > height]
            assert outside == [], (width, height)
            cut = page.locator(".course-figure .widget-label, .course-header h1, .course-preset").evaluate_all(
                "all => all.filter(found => found.scrollWidth > found.clientWidth).map(found => found.textContent)"
            )
            assert cut == [], (width, height)
            page.keyboard.press("p")
    page.set_viewport_size(SIZE)


@slow
@pytest.mark.parametrize("visited", NAMES, indirect=True)
def test_a_demo_survives_wrong_texts(visited):
    page = visited.page
    fields = page.locator(".course-control input")
    for number in range(fields.count()):
        for text in WRONG_TEXTS:
            fields.nth(number).fill(text)
            fields.nth(number).press("Enter")
        page.wait_for_function("document.querySelector('.course-status').textContent.includes('must be a number')")
        page.wait_for_function("document.activeElement.tagName !== 'INPUT'")  # after Enter, a moment later
    check_usable(visited)


@slow
@pytest.mark.parametrize("visited", NAMES, indirect=True)
def test_a_demo_survives_hasty_hands(visited):
    page, chance = visited.page, random.Random(0)
    page.locator(".noUi-handle").first.hover()
    page.mouse.down()
    for x in (0, 1279, 200, 700, 100):
        page.mouse.move(x, chance.uniform(0, 719), steps=5)
    page.mouse.up()
    for _ in range(40):  # presets while the one before still trains, letters, arrows
        page.keyboard.press(chance.choice(["1", "2", "3", "4", "9", "0", "p", "d", "x", "Escape", "ArrowLeft"]))
    check_usable(visited)


@slow
@pytest.mark.parametrize("visited", NAMES, indirect=True)
def test_the_last_of_many_presets_wins(visited):
    page = visited.page
    page.keyboard.press("3")
    other = visited.still_picture()
    page.keyboard.press("1")
    assert visited.changed(other)
    first = visited.still_picture()
    for key in "2323":
        page.keyboard.press(key)
    assert visited.changed(first)
    for key in "231":
        page.keyboard.press(key)
    deadline = time.monotonic() + 30
    while visited.figure().picture() != first and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    assert visited.still_picture() == first


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
    one.page.wait_for_function("document.querySelector('.course-control input').value === '0.50'")
    assert other.still_picture() == before
    check_usable(one)
    check_usable(other)


@slow
def test_pages_that_are_left_leave_no_kernel(served, browser):  # 300 students come and go
    def settles_at(wanted: int) -> bool:
        deadline = time.monotonic() + 20
        while len(set(processes_of(served[1].pid)) - before) != wanted and time.monotonic() < deadline:
            time.sleep(0.1)
        return len(set(processes_of(served[1].pid)) - before) == wanted

    before = set(processes_of(served[1].pid))  # the server, and kernels of pages that stand open or are going
    with pages_of(served, browser) as open_page:
        found = open_page("masks")
        found.page.reload()
        found.figure()
        assert settles_at(1)
    assert settles_at(0)
