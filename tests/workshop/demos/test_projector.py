"""What the room sees of every demo, and what its presenter can do, without a kernel: the figures play their atlases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect

from course_utils.workshop.demos import page as demo_page  # noqa: E402
from course_utils.workshop.demos.catalogue import DEMOS, find_demo  # noqa: E402
from tests.browser.pages import violations, watch  # noqa: E402 - only where Playwright is
from tests.workshop.demos.demo_pages import FILLED, MISFITS, SHOWN, WORDS  # noqa: E402
from tests.workshop.demos.still_page import still_pages  # noqa: E402

PROJECTORS = ((1280, 720), (1920, 1080))
# The lines of letters that reach over a side of their panel, where they would be cut off.
CUT = """() => document.querySelector(".course-figure").figure.picture.players.flatMap(player => {
    const across = ({glyphs, aside}) => glyphs.flatMap(([number, x, , size]) =>
        player.chunk(number).ends?.map(end => x + aside + size * end) ?? []);
    const lines = [...player.plate, ...player.frame].map(number => player.chunk(number))
        .filter(({glyphs, turn}) => glyphs && !turn).map(across);
    return lines.filter(line => line.some(x => x < 0 || x > player.width)).map(([x]) => x);
})"""
SITE = "https://ada.github.io/course/"


@pytest.fixture(scope="module")
def stills(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """Give the pages of all demos, of a course that has an address."""
    folder = tmp_path_factory.mktemp("demos")
    (folder / "pyproject.toml").write_text('[project.urls]\nRepository = "https://github.com/ada/course"\n')
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo_page, "ROOT", folder)
        yield still_pages(DEMOS, folder / "pages")


@pytest.fixture
def room(browser: playwright.Browser, stills: dict[str, Path]) -> Iterator[playwright.Page]:
    """Open a demo on a projector; nothing may go wrong there."""
    with browser.new_context(viewport={"width": 1280, "height": 720}, offline=True) as context:
        faults = watch(context, stills["sine"].parent.as_uri())
        page = context.new_page()
        open_demo(page, stills["sine"])
        yield page
    assert faults == []


def open_demo(page: playwright.Page, path: Path) -> None:
    page.goto(path.as_uri())
    page.wait_for_selector(".course-figure[data-shown]")


def presets(page: playwright.Page) -> range:
    return range(1, page.locator(".course-preset").count() + 1)


def misfits(page: playwright.Page) -> list[str]:
    return [*page.evaluate(MISFITS, [SHOWN, WORDS]), *(["not filled"] if not page.evaluate(FILLED) else [])]


def test_nothing_overflows_on_any_projector_and_every_number_is_whole(browser, stills):
    found = []
    with browser.new_context(offline=True) as context:
        context.add_init_script("sessionStorage['course-predict'] = 'off'")
        page = context.new_page()
        for name, path in stills.items():
            open_demo(page, path)
            for number in presets(page):
                page.keyboard.press(str(number))
                found += [(name, number, "cut off at", x) for x in page.evaluate(CUT)]
            for width, height in PROJECTORS:
                page.set_viewport_size({"width": width, "height": height})
                page.keyboard.press("p")  # once with the plan
                found += [(name, width, text) for text in misfits(page)]
    assert found == []


@pytest.mark.slow
@pytest.mark.parametrize("size", PROJECTORS)
def test_larger_type_overflows_nowhere(browser, stills, size):
    found = []
    with browser.new_context(offline=True, viewport=dict(zip(("width", "height"), size, strict=True))) as context:
        context.add_init_script("sessionStorage['course-predict'] = 'off'; localStorage['course-type'] = '1.3'")
        page = context.new_page()
        for name, path in stills.items():
            open_demo(page, path)
            for number in presets(page):
                page.keyboard.press(str(number))
            found += [(name, text) for text in misfits(page)]
    assert found == []


def test_a_preset_asks_before_it_shows(room):
    figure = room.locator(".course-figure")
    room.keyboard.press("2")
    cover = figure.locator(".course-cover")
    question = find_demo("sine").predict["2"]
    assert cover.inner_text() == f"Predict first. {question}\n(key c lifts the cover)"
    assert cover.get_attribute("role") == "status"
    assert figure.locator("[role=img]").get_attribute("aria-label") == cover.text_content()
    shown = "document.querySelector('canvas').toDataURL()"
    axes = room.evaluate(shown)
    room.keyboard.press("3")  # asks nothing, so its picture is shown
    assert cover.count() == 0
    assert room.evaluate(shown) != axes
    room.keyboard.press("c")
    assert room.evaluate(shown) == axes
    assert figure.locator("[aria-live]").inner_text() == ""
    assert [one for one in violations(room, ["canvas"]) if not one.startswith(("landmark", "region"))] == []  # Voilà's
    room.keyboard.press("c")
    expect(room.locator(".course-said")).to_have_text("The picture is shown.")
    room.keyboard.press("2")
    assert cover.count() == 0  # once is enough


def test_keys_of_a_clicker_go_through_the_plan_and_the_presenter_follows(room):
    with room.expect_popup() as popup:
        room.keyboard.press("s")
    window, demo = popup.value, find_demo("sine")
    now, coming = window.locator(".presenter-now p"), window.locator(".presenter-next")
    expect(now).to_have_text(demo.line)
    steps = [[0], [1, "covered"], [1], [2], [3], [3]]
    for step, *covered in steps:
        room.keyboard.press("PageDown")
        expect(now).to_have_text(demo.plan[step])
        expect(coming).to_have_text([*demo.plan, "Nothing more."][step + 1])
        assert bool(room.locator(".course-cover").count()) == bool(covered)
        assert window.locator(".presenter-picture canvas").count() == (2 if step < 3 else 0)  # what will be pressed
    assert window.locator(".presenter-seen").inner_text().startswith("network 1-25-1, ")
    window.keyboard.press("1")  # keys of either window
    expect(now).to_have_text(demo.plan[0])
    assert not room.locator("#course-plan").is_visible()
    elapsed, here, whole = (window.locator("output").nth(place).inner_text() for place in (1, 2, 3))
    assert re.fullmatch(r"0:0\d", elapsed)
    seconds = [int(minute) * 60 + int(second) for minute, second in (here.split(":"), whole.split(":"))]
    assert seconds[0] == pytest.approx(60 * demo.minutes / len(demo.plan), abs=9)
    assert seconds[1] == pytest.approx(60 * demo.minutes, abs=9)
    assert violations(window, ["canvas"]) == []


def test_a_browser_that_keeps_nothing_runs_the_show_and_its_clock(browser, stills):
    refuse = "{get() { throw new DOMException('denied', 'SecurityError'); }}"
    with browser.new_context(offline=True) as context:
        for name in ("sessionStorage", "localStorage"):
            context.add_init_script(f"Object.defineProperty(window, '{name}', {refuse})")
        faults = watch(context, stills["sine"].parent.as_uri())
        page = context.new_page()
        open_demo(page, stills["sine"])
        page.keyboard.press("+")
        page.keyboard.press("+")
        assert page.evaluate("document.documentElement.style.getPropertyValue('--type')") == "1.3"
        with page.expect_popup() as popup:
            page.keyboard.press("s")
        expect(popup.value.locator("output").nth(1)).to_have_text(re.compile("0:0[1-9]"))
    assert faults == []


def test_a_button_that_the_mouse_pressed_gives_the_keys_back(room):
    room.click("#course-plan-button")
    room.wait_for_function("document.activeElement === document.body")
    room.keyboard.press("Space")  # the plan's first step, and no press of the button
    room.keyboard.press("ArrowRight")
    assert room.locator("#course-plan").is_visible()
    assert room.locator(".course-cover").count() == 1


def test_a_is_kept_on_the_left_with_its_settings_above(room):
    room.keyboard.press("1")
    room.keyboard.press("a")
    room.keyboard.press("4")
    left, right = (box.bounding_box() for box in room.locator(".course-panels").all())
    assert left["x"] + left["width"] <= right["x"]
    assert left["y"] == right["y"]
    caption = room.locator("figcaption")
    assert caption.inner_text().startswith("A: network 1-6-1, seed 0, moment 0")
    box = caption.bounding_box()
    assert box["y"] + box["height"] <= left["y"]
    assert room.locator(".course-pictures").get_attribute("data-moving").startswith("B: network 1-25-1")
    assert room.evaluate(MISFITS, [SHOWN, WORDS]) == []
    room.keyboard.press("x")
    assert room.locator(".course-panels").count() == 1


def test_larger_type_is_remembered(room, stills):
    size = "parseFloat(getComputedStyle(document.querySelector('.course-preset')).fontSize)"
    before = room.evaluate(size)
    room.keyboard.press("+")
    assert room.evaluate(size) == pytest.approx(1.15 * before)
    open_demo(room, stills["masks"])
    assert room.evaluate(size) == pytest.approx(1.15 * before)
    room.keyboard.press("-")
    assert room.evaluate(size) == before


def test_a_phone_reads_the_link_with_the_settings_of_the_moment(room):
    zxingcpp = pytest.importorskip("zxingcpp", reason="zxing-cpp, which reads QR codes, is not installed")
    from io import BytesIO

    from PIL import Image

    room.keyboard.press("4")
    room.keyboard.press("l")
    address = f"{SITE}figures/sine_trainer.html#network=1-25-1&seed=0&moment=24"
    assert room.locator(".course-address").inner_text() == address
    for size in PROJECTORS:
        room.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
        seen = Image.open(BytesIO(room.screenshot())).convert("L")
        assert [code.text for code in zxingcpp.read_barcodes(seen)] == [address]
        box = room.locator("dialog").bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= size[1]
    room.keyboard.press("l")
    assert room.locator("dialog").count() == 0


def test_without_an_address_the_key_says_what_sets_one(browser, tmp_path, monkeypatch):
    monkeypatch.setattr(demo_page, "ROOT", tmp_path)
    pages = still_pages(DEMOS[:1], tmp_path / "pages")
    page = browser.new_page()
    open_demo(page, pages[DEMOS[0].name])
    page.keyboard.press("l")
    assert "python -m course_utils publish OWNER/NAME" in page.locator("dialog").inner_text()
    assert page.locator("svg").count() == 0
    page.close()


def test_all_keys_are_listed_on_one_screen(room):
    room.keyboard.press("?")
    assert room.locator(".course-keys li").count() == len(demo_page.KEYS)
    box = room.locator("dialog").bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 720
    room.keyboard.press("Escape")
    assert room.locator("dialog").count() == 0
