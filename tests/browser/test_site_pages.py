"""The site in a real Chromium: all screens, light and dark, by keyboard, with axe-core, from a sub-path or folder."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.pages import CHAPTERS, SCREENS, opened, violations

NAMES = ["index", *(chapter.stem for chapter in CHAPTERS)]
HEAVIEST = 300_000  # bytes of a page without its pictures
LETTERS = ("svg.formula *",)  # of formulas: thousands of shapes, left to none of axe's rules
# What is wider than the screen and cannot be scrolled by itself.
CUT_OFF = """() => [...document.querySelectorAll("body *")].filter(one =>
    !one.closest("svg, [data-scrolls], .unseen, .skip, .display-formula, .course-buttons, .course-unseen")
    && (one.getBoundingClientRect().right > document.documentElement.clientWidth + 1
        || one.getBoundingClientRect().left < -1)).map(one => one.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("name", NAMES)
def test_a_page_fits_every_screen_is_light_and_has_all_its_pictures(browser, address, site, name):
    assert (site / f"{name}.html").stat().st_size < HEAVIEST
    with opened(browser, f"{address}/{name}.html") as page:
        page.evaluate("document.querySelectorAll('img').forEach(one => one.loading = 'eager')")
        page.wait_for_function("[...document.images].every(one => one.complete)")
        wordless = "one => !one.naturalWidth || one.alt.length < 10 && !one.matches('.card *')"
        assert page.evaluate(f"[...document.images].filter({wordless}).length") == 0
        for screen, size in SCREENS.items():
            page.set_viewport_size(size)
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], screen
            assert page.evaluate(CUT_OFF) == [], screen


# All pages come from one template; these have the most kinds of outputs, and the others take a minute.
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name[:2] in ("in", "04") else pytest.mark.slow) for name in NAMES]
)
def test_axe_finds_no_serious_violation(browser, address, name):
    with opened(browser, f"{address}/{name}.html") as page:
        assert violations(page, LETTERS) == []
        page.locator("#theme").click()  # only colours differ
        assert violations(page, LETTERS, runOnly=["color-contrast"]) == []


def test_axe_on_a_phone_with_the_menu_and_a_search_open(browser, address):
    with opened(browser, f"{address}/00_start_here.html", "phone", color_scheme="dark") as page:
        page.locator("#menu").click()
        page.locator("#search").fill("dropout")
        page.wait_for_selector("#found a")
        assert violations(page, LETTERS) == []


def test_guesses_stay_in_the_browser_and_stand_beside_what_came_out(browser, address):
    with opened(browser, f"{address}/00_start_here.html") as page:
        assert page.locator(".course-guess").count() == 2
        form, outcome = page.locator(".course-guess").first, page.locator("[data-outcome]").first
        recap = page.locator("[data-calibration]")
        expect(recap).to_contain_text("You made no guesses")
        form.get_by_label("is smooth").check()
        form.get_by_label("a hunch").check()
        page.reload()
        expect(form.get_by_label("is smooth")).to_be_checked()
        expect(form.get_by_label("a hunch")).to_be_checked()
        expect(outcome).to_contain_text("It is “winds around single points”.")
        expect(outcome).to_contain_text("You guessed “is smooth")
        expect(recap).to_contain_text("a hunch")
        expect(recap.get_by_text("You made no guesses")).to_be_hidden()
        form.get_by_role("button", name="take back").click()
        expect(outcome.locator(".course-yours")).to_have_count(0)
        expect(recap.get_by_text("You made no guesses")).to_be_visible()


@pytest.mark.parametrize(
    ("given", "kept"),
    [("1,5", "1.5"), ("-2e1", "-20"), ("12 %", "12"), ("30 000", "30000"), ("much", None), ("1.2.3", None)],
)
def test_a_number_is_kept_as_it_was_meant(given, kept, browser, address):
    with opened(browser, f"{address}/02_numpy_dropout.html") as page:
        form = page.locator(".course-guess:has(input[type=text])").first
        form.get_by_role("textbox").fill(given)
        form.get_by_role("button", name="keep").click()
        expect(form.get_by_role("status")).to_contain_text("Kept" if kept else "This must be a number")
        page.reload()
        expect(form.get_by_role("textbox")).to_have_value(kept or "")


def test_a_curve_is_drawn_by_pointer_or_by_keys(browser, address):
    with opened(browser, f"{address}/01_dropout_theory.html") as page:
        form = page.locator(".course-guess:has(svg)").first
        picture, sliders = form.locator("svg"), form.get_by_role("slider")
        picture.scroll_into_view_if_needed()
        box = picture.bounding_box()
        page.mouse.move(box["x"] + 0.15 * box["width"], box["y"] + 0.2 * box["height"])
        page.mouse.down()
        page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.7 * box["height"], steps=30)
        page.mouse.up()
        drawn = [float(one) for one in sliders.evaluate_all("all => all.map(one => one.value)")]
        assert drawn == sorted(drawn, reverse=True)
        assert drawn[0] > drawn[-1]
        sliders.last.focus()
        page.keyboard.press("End")
        expect(form.get_by_role("status")).to_contain_text("Kept")
        page.reload()
        expect(sliders.last).to_have_value(sliders.last.get_attribute("max"))
        yours = page.locator("[data-outcome] .course-curve")
        expect(yours).to_be_visible()


def test_search_by_keyboard(browser, address):
    with opened(browser, f"{address}/00_start_here.html") as page:
        page.keyboard.press("/")
        expect(page.locator("#search")).to_be_focused()
        page.keyboard.type("gradient check")
        options = page.locator("#found a")
        expect(options.first).to_contain_text("The gradient check")
        expect(options.first.locator("mark").first).to_be_visible()
        expect(page.locator("#count")).to_have_text(re.compile(r"\d+ sections found"))
        page.keyboard.press("ArrowDown")
        expect(page.locator("#search")).to_have_attribute("aria-activedescendant", "found-1")
        expect(options.nth(1)).to_have_attribute("aria-selected", "true")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"02_numpy_dropout\.html#4-the-gradient-check$"))
        top = page.locator("#\\34 -the-gradient-check").bounding_box()["y"]
        assert 40 <= top < 200  # below the bar


def test_escape_closes_the_search_then_leaves_it(browser, address):
    with opened(browser, f"{address}/index.html") as page:
        page.keyboard.press("/")
        page.keyboard.type("mask")
        expect(page.locator("#found")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#found")).to_be_hidden()
        page.keyboard.press("Escape")
        expect(page.locator("#search")).not_to_be_focused()
        expect(page.locator("#search")).to_have_value("")


@pytest.mark.parametrize("asked", ["zebra", "<img src=x onerror=alert(1)>", "(((", "\\", "   "])
def test_search_bears_anything(browser, address, asked):
    with opened(browser, f"{address}/index.html") as page:
        page.locator("#search").fill("mask")
        expect(page.locator("#found a").first).to_be_visible()
        page.locator("#search").fill(asked)
        if asked.strip() and asked not in ("(((", "\\"):
            expect(page.locator("#found")).to_contain_text("Nothing found")
        page.keyboard.press("Enter")
        assert page.locator("#found img").count() == 0


def test_search_from_a_folder(browser, site):
    with opened(browser, (site / "index.html").as_uri()) as page:
        page.locator("#search").fill("inverted dropout")
        page.locator("#found a").first.click()
        page.wait_for_url(re.compile(r"/\d\d_\w+\.html"))
        expect(page.locator("h1")).to_be_visible()


def test_the_dark_switch_is_remembered(browser, address):
    background = "getComputedStyle(document.body).backgroundColor"
    with opened(browser, f"{address}/index.html") as page:
        light = page.evaluate(background)
        page.locator("#theme").click()
        dark = page.evaluate(background)
        assert dark != light
        expect(page.locator("#theme")).to_have_attribute("aria-pressed", "true")
        page.goto(f"{address}/01_dropout_theory.html")
        assert page.evaluate(background) == dark
        page.locator("#theme").click()
        assert page.evaluate(background) == light
    with opened(browser, f"{address}/index.html", color_scheme="dark") as page:  # as the system says
        assert page.evaluate(background) == dark
        page.locator("#theme").click()
        assert page.evaluate(background) == light


def test_from_chapter_to_chapter(browser, address):
    with opened(browser, f"{address}/index.html") as page:
        with page.expect_navigation():
            page.locator("main .button").first.click()
        seen = [page.locator("h1").inner_text()]
        while page.locator("a.next").count():
            with page.expect_navigation():
                page.locator("a.next").click()
            seen.append(page.locator("h1").inner_text())
        assert len(seen) == len(CHAPTERS)
        page.locator("a.prev").click()
        assert page.locator("h1").inner_text() == seen[-2]
        expect(page.locator("#chapters a[aria-current=page]")).to_have_text(seen[-2])


def test_only_a_chapter_without_torch_offers_to_run_it(browser, address):
    for name, offers in (("03_l2_cost_and_backprop", True), ("04_pytorch_dropout", False)):
        with opened(browser, f"{address}/{name}.html") as page:
            assert bool(page.get_by_role("link", name="Run it here").count()) == offers
            assert offers or "PyTorch" in page.locator("main").inner_text()


def test_the_section_one_reads_is_marked(browser, address):
    with opened(browser, f"{address}/02_numpy_dropout.html") as page:
        link = page.locator("#chapters ol ol a").nth(2)
        link.click()
        expect(link).to_have_attribute("aria-current", "location")
        expect(page.locator("#chapters ol ol a[aria-current]")).to_have_count(1)
        expect(link).to_be_in_viewport()  # the list stays where it is


def test_the_menu_of_a_phone(browser, address):
    with opened(browser, f"{address}/02_numpy_dropout.html", "phone") as page:
        chapters = page.locator("#chapters")
        expect(chapters).to_be_hidden()
        page.locator("#menu").click()
        expect(chapters).to_be_visible()
        expect(page.locator("#menu")).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("Escape")
        expect(chapters).to_be_hidden()
        page.locator("#menu").press("Enter")
        chapters.get_by_text("03 L2").click()
        page.wait_for_url("**/03_l2_cost_and_backprop.html")


def test_the_first_stop_of_tab_leads_to_the_text(browser, address):
    with opened(browser, f"{address}/02_numpy_dropout.html") as page:
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.locator("main .button")).to_be_focused()
        assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"


def test_only_what_scrolls_is_a_stop(browser, address):
    with opened(browser, f"{address}/02_numpy_dropout.html", "phone") as page:
        script = """() => [...document.querySelectorAll("[data-scrolls]")].map(one =>
            [one.scrollWidth > one.clientWidth + 1, one.tabIndex === 0])"""
        found = page.evaluate(script)
        assert {scrolls for scrolls, _ in found} == {True, False}
        assert [pair for pair in found if pair[0] != pair[1]] == []


def test_without_scripts_everything_can_be_read(browser, address):
    with opened(browser, f"{address}/02_numpy_dropout.html", "phone", java_script_enabled=False) as page:
        expect(page.locator("#chapters")).to_be_visible()
        expect(page.locator("#search")).to_be_hidden()
        expect(page.locator("#menu")).to_be_hidden()


def test_paper_has_the_text_alone(browser, address):
    with opened(browser, f"{address}/02_numpy_dropout.html", color_scheme="dark") as page:
        for _ in range(2):  # dark as the system says, then by the switch
            page.emulate_media(media="print")
            for selector in (".bar", "#chapters", ".ways", ".turn", ".skip"):
                expect(page.locator(selector)).to_be_hidden()
            expect(page.locator("h1")).to_be_visible()
            assert page.evaluate("[...document.querySelectorAll('.scroll')].every(one => one.offsetWidth)")
            assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
            page.emulate_media(media="screen", color_scheme="light")
            page.locator("#theme").click()
