"""The slides as a lecturer meets them: opened from a folder, without a network, at the projector's size."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect

from course_utils.workshop.authoring.chapters import find_chapters, select_chapters  # noqa: E402
from course_utils.workshop.slides.deck import KEYS, write_slides  # noqa: E402
from tests import NOTEBOOKS, SOURCES  # noqa: E402
from tests.browser import pages  # noqa: E402 - only where Playwright is
from tests.browser.front_ends import FigureOnPage  # noqa: E402
from tests.browser.own_fonts import strange_fonts  # noqa: E402

DECKS = sorted(path.parent.name for path in SOURCES.glob("*/slides.md"))
DECK = "02_numpy_dropout"  # with code, formulas, pictures and pauses: for what is the same in all decks
SIZE = {"width": 1280, "height": 720}
SMALLEST_TEXT, SMALLEST_CODE = 24, 20  # pixels, to be read from 3 m
SMALLEST_PICTURE = 640, 300  # pixels; one of the two has to be reached

TITLE = "Reveal.getCurrentSlide().querySelector('h1, h2').textContent"
ALL_AT_ONCE = ".reveal .slides section, .reveal .slides section > * { display: block !important }"

MEASURE = """async limits => {
    const said = [];
    const note = (at, text) => said.push(`slide ${at}: ${text}`);
    for (const slide of Reveal.getSlides()) {
        const {h, v} = Reveal.getIndices(slide);
        // At its last step all of a slide is visible; what waits for a key has its place from the first.
        Reveal.slide(h, v || 0, slide.querySelectorAll(".fragment").length - 1);
        const at = `${Reveal.getSlidePastCount() + 1} ${slide.querySelector("h1, h2").textContent}`;
        if (slide.scrollHeight > limits.height) note(at, `${slide.scrollHeight - limits.height} px too high`);
        for (const found of slide.querySelectorAll("*")) {
            if (found.closest("aside, .course-unseen") || found.closest("svg") && found.tagName !== "svg") continue;
            const box = found.getBoundingClientRect(), style = getComputedStyle(found);
            if (!found.getClientRects().length || style.visibility === "hidden") continue;
            const words = found.textContent.trim().slice(0, 30), name = found.tagName.toLowerCase();
            const [wide, low] = [box.right - limits.width, box.bottom - limits.height];
            if (wide > 1) note(at, `<${name}> ${wide} px too wide: ${words}`);
            if (low > 1) note(at, `<${name}> ends ${low} px too low: ${words}`);
            if (["pre", "p", "li", "td", "th"].includes(name) && found.scrollWidth > found.clientWidth + 1)
                note(at, `<${name}> cut off by ${found.scrollWidth - found.clientWidth} px: ${words}`);
            if (name === "img") {
                const scale = Math.min(box.width / found.naturalWidth, box.height / found.naturalHeight);
                const [width, height] = [found.naturalWidth * scale, found.naturalHeight * scale];
                if (!found.naturalWidth) note(at, "a picture is missing");
                else if (width < limits.picture[0] && height < limits.picture[1])
                    note(at, `a picture of ${Math.round(width)} x ${Math.round(height)} px only`);
                if (!found.alt) note(at, "a picture without words for who cannot see it");
            }
            const own = [...found.childNodes].filter(node => node.nodeType === 3 && node.data.trim());
            const code = found.closest("pre, code"), size = parseFloat(style.fontSize);
            if (own.length && size < (code ? limits.code : limits.text)) note(at, `type of ${size} px: ${words}`);
            if (own.some(node => node.data.includes("$")) && !code) note(at, `a $ is left: ${words}`);
        }
    }
    return said;
}"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A function that writes a chapter's slides, once."""

    @lru_cache
    def write(name: str) -> Path:
        (chapter,) = select_chapters(find_chapters(NOTEBOOKS), [name])
        return write_slides(chapter, tmp_path_factory.mktemp("slides"))

    return write


def reload(page: playwright.Page, query: str = "") -> None:
    """Open a page's deck again, by an address that may name a slide or a manner."""
    address = page.url.split("#")[0].split("?")[0]
    page.goto("about:blank")  # else another hash alone would load nothing
    page.goto(address + query)
    page.wait_for_function("window.Reveal && Reveal.isReady()")


@contextmanager
def opened(browser: playwright.Browser, path: Path) -> Iterator[playwright.Page]:
    """Open a deck that is cut off from everything but files."""
    with pages.opened(browser, path.as_uri(), viewport=SIZE, offline=True) as deck:
        deck.wait_for_function("window.Reveal && Reveal.isReady()")
        yield deck


@pytest.fixture
def deck(browser: playwright.Browser, written: Callable[[str], Path]) -> Iterator[playwright.Page]:
    with opened(browser, written(DECK)) as deck:
        yield deck


@pytest.mark.parametrize("name", DECKS)
def test_every_slide_can_be_read_from_the_last_row(browser, written, name):
    limits = {"text": SMALLEST_TEXT, "code": SMALLEST_CODE, "picture": SMALLEST_PICTURE, **SIZE}
    source = (SOURCES / name / "slides.md").read_text(encoding="utf-8")
    with opened(browser, written(name)) as deck:
        assert deck.evaluate("Reveal.getTotalSlides()") >= 5
        assert deck.evaluate(MEASURE, limits) == []
        # Now what does not depend on one slide being seen at a time: formulas are drawings, and fonts the deck's own.
        deck.add_style_tag(content=ALL_AT_ONCE)
        heights = deck.locator("section svg.formula").evaluate_all(
            "all => all.filter(one => !one.closest('aside')).map(one => one.getBoundingClientRect().height)"
        )
        assert bool(re.search(r"\$[^$]+\$", source)) == bool(heights)
        assert all(height > 5 for height in heights)
        assert strange_fonts(deck) == {}


# --- the presenter's window


def test_the_presenter_has_the_notes_a_clock_by_the_plan_and_what_comes_next(deck):
    with deck.expect_popup() as popup:
        deck.keyboard.press("s")
    window = popup.value
    deck.keyboard.press("ArrowRight")
    notes = re.sub(r"<[^>]*>", " ", deck.evaluate("Reveal.getSlideNotes()")).split()
    said = window.locator(".presenter-now")
    expect(said.locator("h3")).to_have_text(deck.evaluate(TITLE))
    assert notes
    assert said.inner_text().split()[-1] == notes[-1]
    expect(window.locator(".presenter-next")).to_have_text(deck.evaluate(TITLE))
    shown = window.frames[1]
    step = "(at => [at.indexh, at.indexv, at.indexf ?? -1])(Reveal.getState())"
    shown.wait_for_function(f"JSON.stringify({step}) === '[1,0,0]'")  # what waits for a key on this slide
    window.keyboard.press("PageDown")  # keys of either window
    assert deck.evaluate(step) == [1, 0, 0]
    shown.wait_for_function(f"JSON.stringify({step}) === '[1,1,-1]'")
    plans = window.locator("select option").all_inner_texts()
    assert plans[0].startswith("in full: ")
    assert "1 × 50 minutes: " in "".join(plans)
    left = window.locator("output").last
    minutes = int(left.inner_text().split(":")[0])
    window.select_option("select", index=1)
    assert int(left.inner_text().split(":")[0]) < minutes
    assert deck.locator("body").inner_text().find("Listen for") == -1  # not for the room


def test_the_presenter_sees_each_step_before_the_room_does(deck):
    several = "Reveal.getSlides().find(one => one.querySelectorAll('.fragment').length > 1)"
    deck.evaluate(f"(at => Reveal.slide(at.h, at.v))(Reveal.getIndices({several}))")
    with deck.expect_popup() as popup:
        deck.keyboard.press("s")
    shown = popup.value.wait_for_selector("iframe").content_frame()
    for step in (0, 1):
        shown.wait_for_function(f"window.Reveal?.isReady() && Reveal.getState().indexf === {step}")
        deck.keyboard.press("PageDown")
    deck.keyboard.press("d")
    frame = popup.value.locator("iframe[src$='theme=dark']").element_handle().content_frame()
    frame.wait_for_function("document.documentElement.className.includes('dark')")


def test_the_presenters_window_takes_all_keys_also_after_the_mouse(deck):
    with deck.expect_popup() as popup:
        deck.keyboard.press("s")
    window = popup.value
    for key, state in (("b", "isPaused"), (".", "isPaused"), ("o", "isOverview")):
        for is_so in (True, False):
            window.keyboard.press(key)
            assert deck.evaluate(f"Reveal.{state}()") == is_so, key
    past = "Reveal.getSlidePastCount()"
    window.get_by_role("button", name="forward").click()
    window.wait_for_function("document.activeElement === document.body")
    reached = deck.evaluate(past)
    deck.evaluate("Reveal.slide(0)")
    window.keyboard.press("ArrowRight")
    assert deck.evaluate(past) == reached
    deck.evaluate("Reveal.slide(0)")
    plan = window.locator("select")
    plan.click()
    plan.select_option(index=1)
    assert plan.evaluate("one => one !== document.activeElement")
    window.keyboard.press("Escape")  # Playwright's choice leaves the list open
    window.keyboard.press("ArrowRight")
    assert deck.evaluate(past) == reached
    assert plan.evaluate("one => one.selectedIndex") == 1
    window.get_by_role("button", name="cover or lift").focus()  # without the mouse
    deck.evaluate("Reveal.slide(0)")
    window.keyboard.press("ArrowRight")
    assert deck.evaluate(past) == reached


def test_a_page_from_a_disk_finds_its_presenter_again_and_leaves_no_other(deck):
    with deck.expect_popup() as popup:
        deck.keyboard.press("s")
    for slide in (1, 2):
        reload(deck, f"#/{slide}")
        expect(popup.value.locator(".presenter-now")).to_have_text(re.compile("^Press s"))
        with deck.expect_popup() as popup:
            deck.keyboard.press("s")
        expect(popup.value.locator(".presenter-now h3")).to_have_text(deck.evaluate(TITLE))
        assert len(deck.context.pages) == 2


# --- the room


def test_a_covered_figure_shows_its_axes_until_a_key_lifts_the_cover(deck):
    covered = "document.querySelector('[data-covered]').closest('section')"
    deck.evaluate(f"(at => Reveal.slide(at.h, at.v))(Reveal.getIndices({covered}))")
    where = deck.evaluate("Reveal.getIndices()")
    figure = FigureOnPage(deck, deck.locator(".course-figure").count() - 1)
    expect(figure.body).to_have_attribute("data-shown", re.compile("."))
    cover = figure.body.locator(".course-cover")
    assert cover.inner_text().startswith("Predict first.")
    assert cover.get_attribute("role") == "status"
    axes = figure.picture()
    deck.keyboard.press("2")  # the presets of this slide
    assert figure.picture() == axes
    assert figure.body.locator("[aria-live]").inner_text() == ""
    deck.keyboard.press("ArrowRight")
    assert cover.count() == 0
    assert figure.picture() != axes
    assert deck.evaluate("Reveal.getIndices()") == where
    deck.keyboard.press("a")
    deck.keyboard.press("1")
    kept, moving = (box.bounding_box() for box in figure.body.locator(".course-panels").all())
    assert kept["x"] + kept["width"] <= moving["x"]
    deck.keyboard.press("x")
    assert figure.body.locator(".course-panels").count() == 1
    deck.keyboard.press("ArrowRight")
    assert deck.evaluate("Reveal.getIndices()") != where


def test_larger_type_for_the_whole_show_as_far_as_a_slide_has_room(deck):
    limits = {"text": SMALLEST_TEXT, "code": SMALLEST_CODE, "picture": (0, 0), **SIZE}
    size = TITLE.replace(".textContent", "").join(("parseFloat(getComputedStyle(", ").fontSize)"))
    small = deck.evaluate(size)
    deck.keyboard.press("+")
    assert deck.evaluate(size) > small
    reload(deck)
    assert deck.evaluate(size) > small
    deck.wait_for_function("Reveal.isReady()")
    soon = "await new Promise(done => setTimeout(done)); const at ="  # the type is fitted once the slide is there
    assert deck.evaluate(MEASURE.replace("const at =", soon), limits) == []


def test_all_keys_are_listed_and_none_is_missing(deck):
    deck.keyboard.press("?")
    listed = deck.locator(".course-keys li").all_inner_texts()
    assert len(listed) == len(KEYS)
    deck.keyboard.press("Escape")
    assert deck.locator("dialog").count() == 0


def test_a_live_slide_plays_and_gives_the_keys_back(deck):
    where = "(at => [at.h, at.v])(Reveal.getIndices())"
    place = deck.evaluate("(at => [at.h, at.v])(Reveal.getIndices(document.querySelector('.live').closest('section')))")
    deck.evaluate("([h, v]) => Reveal.slide(h, v)", place)
    figure = FigureOnPage(deck)
    expect(figure.body).to_have_attribute("data-shown", "1|0.5|0")  # as the chapter begins
    before = figure.picture()
    figure.slider("step").drag(0, 0.6)
    expect(figure.body).to_have_attribute("data-shown", re.compile(r"[345]\|0\.5\|0"))
    assert figure.picture() != before
    deck.keyboard.press("ArrowDown")  # the hand has left it
    assert deck.evaluate(where) == [place[0], place[1] + 1]
    deck.keyboard.press("ArrowUp")
    figure.slider("keep_prob").handle.focus()
    moved = figure.shown()
    deck.keyboard.press("ArrowRight")
    assert deck.evaluate(where) == place
    assert figure.shown() != moved
    deck.keyboard.press("Escape")
    deck.keyboard.press("ArrowDown")
    assert deck.evaluate(where) == [place[0], place[1] + 1]
    deck.keyboard.press("ArrowUp")
    figure.press_button("there and back")
    deck.keyboard.press("Space")  # and presses no button again
    assert deck.evaluate(where) == [place[0], place[1] + 1]
    deck.keyboard.press("ArrowUp")
    deck.keyboard.press("d")
    pixel = "one => one.getContext('2d').getImageData(2, 2, 1, 1).data[0]"
    assert figure.body.locator("canvas").first.evaluate(pixel) < 60


def test_keys_lead_through_all_slides_and_an_address_to_one(deck):
    total = deck.evaluate("Reveal.getTotalSlides()")
    for _ in range(total - 1 + deck.locator(".fragment").count() + deck.locator("[data-covered]").count()):
        deck.keyboard.press("ArrowRight")
    assert deck.evaluate("Reveal.isLastSlide()")
    assert deck.locator(".slide-number").inner_text().replace(" ", "").replace("\n", "") == f"{total}/{total}"
    # The address follows once a second at most.
    last = deck.evaluate("(at => at.v ? `#/${at.h}/${at.v}` : `#/${at.h}`)(Reveal.getIndices())")
    deck.wait_for_function("last => location.hash.startsWith(last)", arg=last)
    address = deck.evaluate("location.hash")
    reload(deck, "#/1")
    assert deck.evaluate("Reveal.getIndices().h") == 1
    reload(deck, address)
    assert deck.evaluate("Reveal.isLastSlide()")


def test_dark_by_key_and_by_address(deck):
    assert pages.brightness(deck) > 234
    deck.keyboard.press("d")
    assert pages.brightness(deck) < 33
    deck.keyboard.press("d")
    assert pages.brightness(deck) > 234
    reload(deck, "?theme=dark")
    assert pages.brightness(deck) < 33


def test_each_slide_is_a_page_on_paper(deck):
    reload(deck, "?print-pdf")
    deck.wait_for_selector(".pdf-page")
    total = deck.evaluate("Reveal.getTotalSlides()")
    assert deck.locator(".pdf-page").count() == total
    assert deck.locator(".pdf-page .fragment:not(.visible)").count() == 0
    edges = deck.locator(".pdf-page h2").evaluate_all("all => all.map(one => one.getBoundingClientRect().left)")
    assert {round(edge) for edge in edges} == {64}  # the margins of the screen
    pdf = deck.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type /Page\b", pdf)) == total
