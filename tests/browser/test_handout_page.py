"""Handouts on paper, by a real Chromium: one sheet of A4 or letter, all of it there, nothing fetched."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from course_utils.workshop.handouts.handout import Paper, handout_page, plans_page, print_page
from tests import NOTEBOOKS
from tests.browser.own_fonts import strange_fonts, with_another_font
from tests.browser.pages import CHAPTERS, brightness, opened

NAMES = [*(chapter.stem for chapter in CHAPTERS), "plans"]
WIDTH = 1000  # pixels of a screen
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


def alone(browser: Browser, path: Path, **options: Any) -> AbstractContextManager[Page]:
    """Open a page with the network cut; it may ask for nothing besides itself."""
    screen = {"width": WIDTH, "height": 700}
    return opened(browser, path.as_uri(), ours=path.as_uri(), viewport=screen, offline=True, **options)


def on_paper(page: Page) -> dict[Paper, dict[str, Any]]:
    """Measure a page as it is printed, for each sheet."""
    page.emulate_media(media="print")
    found = {}
    for paper, (width, height) in PAPERS.items():
        # The height is the whole sheet's, margins included: that is what style sheets are told when they print.
        page.set_viewport_size({"width": pixels(width - MARGINS[0]), "height": pixels(height)})
        found[paper] = page.evaluate(MEASURE)
    return found


# What is one sheet of the shorter paper is one of the other too, as the measures below say of each.
@pytest.mark.parametrize("paper", ["Letter", pytest.param("A4", marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", NAMES)
def test_sheets_of_paper(browser, pages, name, paper):
    pdf = print_page(browser, pages[name], paper)
    assert sheets_of(pdf) == (5 if name == "plans" else 1)  # the contents and four plans, each on a sheet of its own
    (box,) = set(re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf))
    assert [float(side) / 72 * 25.4 for side in box] == pytest.approx(PAPERS[paper], abs=1)


def test_the_command_prints_one_sheet(browser, tmp_path):
    command = [sys.executable, "-m", "course_utils", "handout", "05", "--out", str(tmp_path)]
    subprocess.run([*command, "--notebooks-dir", str(NOTEBOOKS)], check=True, stdout=subprocess.PIPE)
    assert {path.suffix for path in tmp_path.iterdir()} == {".html", ".pdf"}
    assert sheets_of((tmp_path / "05_bug_clinic.pdf").read_bytes()) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_screen_shows_all_of_it(browser, pages, name):
    with alone(browser, pages[name]) as page:
        screen = page.evaluate(ON_SCREEN)
        fonts = strange_fonts(page)
    assert screen["width"] <= WIDTH  # nor must one scroll to the side
    assert all(width > 100 for width in screen["images"])
    assert all(width > 2 and 2 < height < 120 for width, height in screen["formulas"])
    assert name == "plans" or (screen["images"] and screen["formulas"])
    assert fonts == {}  # but those that the page brings


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_can_be_read_and_is_well_filled(browser, pages, name):
    with alone(browser, pages[name]) as page:
        sheets = on_paper(page)
    for paper, sheet in sheets.items():
        assert sheet["cut"] == [], paper
        assert sheet["text"] >= (8.2 if name == "plans" else 8.5)
        assert sheet["smallest"] >= 6.75
        if name != "plans":
            assert 0.85 < sheet["end"] / pixels(PAPERS[paper][1] - MARGINS[1]) < 1, paper
            assert sheet["listings"]
            assert [first for first, lines, rows in sheet["listings"] if rows != lines] == [], paper  # broken lines


def test_a_machine_with_another_font_prints_the_same(browser, pages, tmp_path):
    path = pages["02_numpy_dropout"]
    with alone(browser, path) as page:
        here = on_paper(page)
    with with_another_font(browser, tmp_path) as other, alone(other, path) as page:
        assert on_paper(page) == here
        assert sheets_of(print_page(other, path, "A4")) == 1


def test_dark_on_a_dark_screen_and_light_on_paper(browser, pages):
    with alone(browser, pages[NAMES[2]], color_scheme="dark") as page:
        assert brightness(page, "backgroundColor") < 60
        assert brightness(page, "color") > 200
        page.emulate_media(media="print")
        assert brightness(page, "backgroundColor") > 250
        assert brightness(page, "color") < 60
