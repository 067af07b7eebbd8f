"""Handouts on paper, by a real Chromium: one sheet of A4 or letter, all of it there, nothing fetched."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as BrowserPage

from course_utils.authoring.chapters import find_chapters
from course_utils.teaching.handout import Paper, handout_page, plans_page, print_page

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
CHAPTERS = [one for one in find_chapters(NOTEBOOKS / "source", NOTEBOOKS) if one.source.exists() and one.number]
NAMES = [chapter.stem for chapter in CHAPTERS]
PAPERS: dict[Paper, tuple[float, float]] = {"A4": (210, 297), "Letter": (215.9, 279.4)}
MARGINS = (24, 22)  # those of the style sheet, left and right, above and below

# What a sheet of paper shows. Of each listing: its first line, how many lines it has, and in how many rows it is drawn.
# What is cut off: whatever is outside of the sheet, or wider than the box it stands in.
MEASURE = """() => {
    const all = [...document.querySelectorAll("body *")].filter(one => !one.closest("svg") || one.tagName === "svg");
    const box = one => one.getBoundingClientRect();
    const type = (one) => parseFloat(getComputedStyle(one).fontSize) * 0.75;
    return {
        end: Math.max(...[...document.querySelectorAll("section")].map(one => box(one).bottom)),
        listings: [...document.querySelectorAll("pre")].map(one => {
            const code = one.querySelector("code") || one, range = document.createRange();
            range.selectNodeContents(code);
            const boxes = [...range.getClientRects()].filter(one => one.width > 1);
            const lines = code.textContent.split("\\n").filter(line => line.trim());
            return [lines[0], lines.length, new Set(boxes.map(one => Math.round(one.bottom / 4))).size];
        }),
        cut: all.filter(one => box(one).left < -1 || box(one).right > innerWidth + 1 || (one.clientWidth > 0
            && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline")
        ).map(one => one.outerHTML.slice(0, 80)),
        text: Math.min(...all.filter(one => one.matches("p, li, td") && !one.closest("header, footer")).map(type)),
        smallest: Math.min(...all.filter(one => one.innerText && one.innerText.trim()).map(type)),
    };
}"""

Measured = Callable[[str, Paper], dict[str, Any]]


def pixels(millimetres: float) -> int:
    return round(millimetres * 96 / 25.4)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """All handouts and the plans, as files."""
    folder = tmp_path_factory.mktemp("handouts")
    made = {chapter.stem: handout_page(chapter) for chapter in CHAPTERS} | {"plans": plans_page(CHAPTERS)}
    for name, html in made.items():
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


@contextmanager
def opened(
    browser: Browser, path: Path, width: int, height: int, **media: str
) -> Iterator[tuple[BrowserPage, list[str]]]:
    """Open a page with the network cut; give it and what it asked for besides itself."""
    context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.emulate_media(**media)
    page.goto(path.as_uri())
    yield page, [url for url in asked if url != path.as_uri() and not url.startswith("data:")]
    context.close()


@pytest.fixture(scope="module")
def measured(browser: Browser, pages: dict[str, Path]) -> Measured:
    """A function that measures a page as it is printed, once for each sheet."""

    @lru_cache
    def measure(name: str, paper: Paper) -> dict[str, Any]:
        width, height = PAPERS[paper]
        # The height is the whole sheet's, margins included: that is what style sheets are told when they print.
        with opened(browser, pages[name], pixels(width - MARGINS[0]), pixels(height), media="print") as (page, _):
            return page.evaluate(MEASURE)

    return measure


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("name", [*NAMES, "plans"])
def test_sheets_of_paper(browser: Browser, pages: dict[str, Path], name: str, paper: Paper) -> None:
    pdf = print_page(browser, pages[name], paper)
    sheets = len(re.findall(rb"/Type\s*/Page\b", pdf))
    assert sheets == (4 if name == "plans" else 1)  # the contents and three plans, each on a sheet of its own
    (box,) = set(re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf))
    assert [float(side) / 72 * 25.4 for side in box] == pytest.approx(PAPERS[paper], abs=1)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_is_well_filled(measured: Measured, name: str, paper: Paper) -> None:
    assert 0.85 < measured(name, paper)["end"] / pixels(PAPERS[paper][1] - MARGINS[1]) < 1


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("name", NAMES)
def test_no_line_of_code_is_broken(measured: Measured, name: str, paper: Paper) -> None:
    listings = measured(name, paper)["listings"]
    assert listings
    assert [first for first, lines, rows in listings if rows != lines] == []


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("name", [*NAMES, "plans"])
def test_nothing_is_cut_off(measured: Measured, name: str, paper: Paper) -> None:
    assert measured(name, paper)["cut"] == []


@pytest.mark.parametrize("name", [*NAMES, "plans"])
def test_type_can_be_read(measured: Measured, name: str) -> None:
    points = measured(name, "Letter")
    assert points["text"] >= (8.2 if name == "plans" else 8.5)
    assert points["smallest"] >= 6.75


@pytest.mark.parametrize("name", [*NAMES, "plans"])
def test_nothing_is_fetched_or_missing(browser: Browser, pages: dict[str, Path], name: str) -> None:
    with opened(browser, pages[name], 1000, 700) as (page, asked):
        images = page.evaluate("[...document.images].map(one => one.complete && one.naturalWidth)")
        boxes = "[...document.querySelectorAll('svg')].map(one => one.getBoundingClientRect())"
        formulas = page.evaluate(f"{boxes}.map(box => [box.width, box.height])")
        assert page.evaluate("document.documentElement.scrollWidth") <= 1000  # nor must one scroll to the side
    assert asked == []
    assert all(width > 100 for width in images)
    assert all(width > 2 and 2 < height < 120 for width, height in formulas)
    assert name == "plans" or (images and formulas)


def brightness(page: BrowserPage, what: str) -> float:
    colour = page.evaluate(f"getComputedStyle(document.body).{what}")
    return sum(map(float, re.findall(r"[\d.]+", colour)[:3])) / 3


def test_dark_on_a_dark_screen_and_light_on_paper(browser: Browser, pages: dict[str, Path]) -> None:
    with opened(browser, pages[NAMES[2]], 1000, 700, color_scheme="dark") as (page, _):
        assert brightness(page, "backgroundColor") < 60
        assert brightness(page, "color") > 200
        page.emulate_media(media="print", color_scheme="dark")
        assert brightness(page, "backgroundColor") > 250
        assert brightness(page, "color") < 60
