"""The Chinese pages in a real Chromium: the switch of language keeps the place, search finds, figures speak."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from course_utils.workshop.authoring.translation import declared_languages
from course_utils.workshop.site.pages import write_pages
from tests import NOTEBOOKS
from tests.browser.pages import CHAPTERS, SCREENS, opened


@pytest.fixture(scope="module")
def chinese(tmp_path_factory):
    """The address of the first chapter's Chinese page."""
    folder = tmp_path_factory.mktemp("site") / "pages"
    folder.mkdir()
    write_pages(CHAPTERS[:1], folder, lite=False, told=list(declared_languages(NOTEBOOKS).values()))
    return (folder / "zh" / f"{CHAPTERS[0].stem}.html").as_uri()


def test_the_other_language_opens_at_the_same_place(browser, chinese):
    with opened(browser, chinese, ours=chinese.rsplit("/", 2)[0]) as page:
        page.evaluate("document.getElementById('how-the-exercises-work').scrollIntoView()")
        for folder in ("pages", "zh"):  # Playwright's own click scrolls what is sticky
            page.evaluate("document.querySelector('a.language').click()")
            page.wait_for_url(f"**/{folder}/00_start_here.html#how-the-exercises-work")


@pytest.mark.parametrize(("asked", "found"), [("过拟合", 1), ("重新训练网络", 1), ("梯度检验的置信区间", 0)])
def test_search_finds_chinese_as_it_stands_or_by_its_pairs(browser, chinese, asked, found):
    with opened(browser, chinese, ours=chinese.rsplit("/", 2)[0]) as page:
        page.locator("#search").fill(asked)
        expect(page.locator("#found a, #found .nothing").first).to_be_visible()
        assert (page.locator("#found a").count() > 0) == bool(found)
        expect(page.locator("#count")).to_contain_text("找到")


def test_what_chooses_a_character_chooses_no_section(browser, chinese):
    event = "new KeyboardEvent('keydown', {bubbles: true, cancelable: true, ...typed})"
    typed = f"(field, typed) => field.dispatchEvent({event})"
    with opened(browser, chinese, ours=chinese.rsplit("/", 2)[0]) as page:
        field = page.locator("#search")
        field.fill("过拟合")
        expect(page.locator("#found a").first).to_be_visible()
        for typing in ({"isComposing": True}, {"keyCode": 229}):
            for key in ("ArrowDown", "Enter", "Escape"):
                assert field.evaluate(typed, {"key": key, **typing})  # the keyboard's own, not the page's
        assert page.url == chinese
        assert field.get_attribute("aria-activedescendant") == "found-0"
        assert not field.evaluate(typed, {"key": "Enter"})


def test_figures_and_guesses_speak_chinese_and_pages_fit_every_screen(browser, chinese):
    with opened(browser, chinese, ours=chinese.rsplit("/", 2)[0]) as page:
        page.locator(".course-live input[type=range]").first.press("ArrowLeft")
        expect(page.locator(".course-live").first).to_contain_text("换掩码")
        page.locator(".course-guess label").first.click()
        expect(page.locator(".course-guess").first).to_contain_text("已记下")
        for size in SCREENS.values():
            page.set_viewport_size(size)
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
