"""Handouts on paper, by a real Chromium: one sheet of A4 or letter, all of it there, nothing fetched."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as BrowserPage

from course_utils.workshop.authoring.chapters import find_chapters
from course_utils.workshop.handouts.handout import Paper, handout_page, plans_page, print_page
from tests import NOTEBOOKS
from tests.browser.own_fonts import strange_fonts, with_another_font

CHAPTERS = [one for one in find_chapters(NOTEBOOKS) if one.source.exists() and one.number]
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

# What a screen shows: the widths of the pictures, the sizes of the formulas, and the width of it all.
ON_SCREEN = """() => ({
    images: [...document.images].map(one => one.complete && one.naturalWidth),
    formulas: [...document.querySelectorAll("svg")].map(one => one.getBoundingClientRect())
        .map(box => [box.width, box.height]),
    width: document.documentElement.scrollWidth,
})"""


@dataclass(frozen=True)
class Measured:
    """What one page shows on a screen 1000 pixels wide and on each sheet, what it asked for, and fonts not its own."""

    screen: dict[str, Any]
    sheets: dict[Paper, dict[str, Any]]
    asked: list[str]
    fonts: dict[str, str]


def pixels(millimetres: float) -> int:
    return round(millimetres * 96 / 25.4)


def sheets_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """All handouts and the plans, as files."""
    folder = tmp_path_factory.mktemp("handouts")
    made = {chapter.stem: handout_page(chapter) for chapter in CHAPTERS} | {"plans": plans_page(CHAPTERS)}
    for name, html in made.items():
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


@contextmanager
def opened(browser: Browser, path: Path, **media: str) -> Iterator[tuple[BrowserPage, list[str]]]:
    """Open a page with the network cut; give it and what it asked for besides itself."""
    context = browser.new_context(viewport={"width": 1000, "height": 700}, offline=True)
    page, asked = context.new_page(), []
    strange = (path.as_uri(), "data:")
    page.on("request", lambda request: None if request.url.startswith(strange) else asked.append(request.url))
    page.emulate_media(**media)
    page.goto(path.as_uri())
    page.evaluate("document.fonts.ready")
    yield page, asked
    context.close()


def on_paper(page: BrowserPage) -> dict[Paper, dict[str, Any]]:
    """Measure a page as it is printed, for each sheet."""
    page.emulate_media(media="print")
    found = {}
    for paper, (width, height) in PAPERS.items():
        # The height is the whole sheet's, margins included: that is what style sheets are told when they print.
        page.set_viewport_size({"width": pixels(width - MARGINS[0]), "height": pixels(height)})
        found[paper] = page.evaluate(MEASURE)
    return found


@pytest.fixture(scope="module")
def measured(browser: Browser, pages: dict[str, Path]) -> Callable[[str], Measured]:
    """A function that opens a page once and measures all of it."""

    @lru_cache
    def measure(name: str) -> Measured:
        with opened(browser, pages[name]) as (page, asked):
            return Measured(page.evaluate(ON_SCREEN), on_paper(page), asked, strange_fonts(page))

    return measure


# What is one sheet of the shorter paper is one of the other too, as the measures below say of each.
@pytest.mark.parametrize("paper", ["Letter", pytest.param("A4", marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", [*NAMES, "plans"])
def test_sheets_of_paper(browser, pages, name, paper):
    pdf = print_page(browser, pages[name], paper)
    assert sheets_of(pdf) == (4 if name == "plans" else 1)  # the contents and three plans, each on a sheet of its own
    (box,) = set(re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf))
    assert [float(side) / 72 * 25.4 for side in box] == pytest.approx(PAPERS[paper], abs=1)


def test_the_command_prints_one_sheet(browser, tmp_path):
    command = [sys.executable, "-m", "course_utils", "handout", "05", "--out", str(tmp_path)]
    subprocess.run([*command, "--notebooks-dir", str(NOTEBOOKS)], check=True, stdout=subprocess.PIPE)
    assert {path.suffix for path in tmp_path.iterdir()} == {".html", ".pdf"}
    assert sheets_of((tmp_path / "05_bug_clinic.pdf").read_bytes()) == 1


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_is_well_filled(measured, name, paper):
    assert 0.85 < measured(name).sheets[paper]["end"] / pixels(PAPERS[paper][1] - MARGINS[1]) < 1


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("name", NAMES)
def test_no_line_of_code_is_broken(measured, name, paper):
    listings = measured(name).sheets[paper]["listings"]
    assert listings
    assert [first for first, lines, rows in listings if rows != lines] == []


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("name", [*NAMES, "plans"])
def test_nothing_is_cut_off(measured, name, paper):
    assert measured(name).sheets[paper]["cut"] == []


@pytest.mark.parametrize("name", [*NAMES, "plans"])
def test_type_can_be_read(measured, name):
    points = measured(name).sheets["Letter"]
    assert points["text"] >= (8.2 if name == "plans" else 8.5)
    assert points["smallest"] >= 6.75


@pytest.mark.parametrize("name", [*NAMES, "plans"])
def test_nothing_is_fetched_or_missing(measured, name):
    assert measured(name).asked == []
    screen = measured(name).screen
    assert screen["width"] <= 1000  # nor must one scroll to the side
    assert all(width > 100 for width in screen["images"])
    assert all(width > 2 and 2 < height < 120 for width, height in screen["formulas"])
    assert name == "plans" or (screen["images"] and screen["formulas"])


@pytest.mark.parametrize("name", [*NAMES, "plans"])
def test_every_letter_is_of_the_fonts_that_the_page_brings(measured, name):
    assert measured(name).fonts == {}


def test_a_machine_with_another_font_prints_the_same(browser, pages, measured, tmp_path):
    name = "02_numpy_dropout"
    with with_another_font(browser, tmp_path) as other, opened(other, pages[name]) as (page, _):
        assert on_paper(page) == measured(name).sheets
        assert sheets_of(print_page(other, pages[name], "A4")) == 1


def brightness(page: BrowserPage, what: str) -> float:
    colour = page.evaluate(f"getComputedStyle(document.body).{what}")
    return sum(map(float, re.findall(r"[\d.]+", colour)[:3])) / 3


def test_dark_on_a_dark_screen_and_light_on_paper(browser, pages):
    with opened(browser, pages[NAMES[2]], color_scheme="dark") as (page, _):
        assert brightness(page, "backgroundColor") < 60
        assert brightness(page, "color") > 200
        page.emulate_media(media="print", color_scheme="dark")
        assert brightness(page, "backgroundColor") > 250
        assert brightness(page, "color") < 60
