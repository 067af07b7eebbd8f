"""How fast a figure without a kernel follows a dragged slider, on the site's first page and on a chapter's, from disk.

Milliseconds from the input event's own time stamp until the new picture has been painted, over all moves of a drag to
and fro. The peer swaps pictures that are ready: an ``img`` whose source becomes another PNG of the same figure.
"""

from __future__ import annotations

import base64
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from measure import Comparison

sys.path.append(str(Path(__file__).resolve().parents[1]))  # the tests' pages serve here too

MOVES = 80
PAUSE = 25  # milliseconds between two moves of the mouse
# Notes for every input how long it took until the picture after it was on the screen.
WATCH = """([selector, name]) => {
    window.times = [];
    let from = null;
    addEventListener("input", event => { from ??= event.timeStamp; }, {capture: true});
    new MutationObserver(async () => {
        if (from === null) return;
        const began = from, shown = document.querySelector(selector);
        from = null;
        if (shown.decode) await shown.decode().catch(() => {});
        requestAnimationFrame(() => {
            const {port1, port2} = new MessageChannel();
            port1.onmessage = () => window.times.push(performance.now() - began);
            port2.postMessage(0);
        });
    }).observe(document.querySelector(selector), {attributes: true, attributeFilter: [name]});
}"""
SWAPPED = """<!DOCTYPE html><meta charset="utf-8"><input type="range" min="0" max="{last}" style="width: 400px"><br>
<img width="1200"><script>
const pictures = {pictures}, image = document.querySelector("img");
image.src = pictures[0];
document.querySelector("input").addEventListener("input", event => {{ image.src = pictures[event.target.value]; }});
</script>"""


@contextmanager
def pages() -> Iterator[tuple[Any, Path]]:
    """Give a browser and the folder of a site, in which `swapped.html` has ready pictures of the playground."""
    from playwright.sync_api import sync_playwright

    from course_utils.live import playground
    from course_utils.workshop.site.pages import write_pages
    from tests.browser.front_ends import chromium, launch
    from tests.browser.pages import CHAPTERS

    if chromium() is None:
        raise ImportError("there is no Chromium on this machine")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Path(folder) / "site"
        site.mkdir()
        write_pages(CHAPTERS, site, lite=True)
        live, pictures = playground(), []
        for step in range(20):
            live.set(keep_prob=1 - step / 20)
            pictures.append("data:image/png;base64," + base64.b64encode(live.saved("png")).decode())
        text = SWAPPED.format(last=len(pictures) - 1, pictures=pictures)
        (site / "swapped.html").write_text(text, encoding="utf-8")
        browser = launch(playwright)
        yield browser, site
        browser.close()


@cache
def measured(page: str, ratio: int) -> tuple[list[float], list[float]]:
    """Return milliseconds of the first figure on a page, and of ready pictures, on a screen of so sharp pixels."""
    with pages() as (browser, site):
        ours = dragged(browser, site / page, ".course-figure", "data-shown", ratio)
        return ours, dragged(browser, site / "swapped.html", "img", "src", ratio)


def dragged(browser: Any, path: Path, selector: str, name: str, ratio: int) -> list[float]:
    """Drag the first slider of a page to and fro; return the milliseconds of all moves."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, device_scale_factor=ratio)
    page.goto(path.as_uri())
    slider = page.locator("input[type=range]").first
    slider.scroll_into_view_if_needed()
    page.wait_for_selector(f"{selector}[{name}]")
    page.wait_for_timeout(1500)
    page.evaluate(WATCH, [selector, name])
    box = slider.bounding_box()
    height = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] - 12, height)
    page.mouse.down()
    for move in range(MOVES):
        share = abs((7 * move) % 120 - 60) / 60
        page.mouse.move(box["x"] + 12 + share * (box["width"] - 24), height)
        page.wait_for_timeout(PAUSE)
    page.mouse.up()
    page.wait_for_timeout(200)
    times = list(page.evaluate("window.times"))
    page.close()
    return times


def opened(browser: Any, path: Path, selector: str) -> float:
    """Return the milliseconds from opening a page until something stands there, the median of seven times."""
    times = []
    for _ in range(7):
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(path.as_uri())
        page.wait_for_selector(selector)
        times.append(page.evaluate("performance.now()"))
        page.close()
    return round(median(times), 1)


def atlas_opened() -> Comparison:
    """Open the first page from disk until its figure plays; the peer is a page with twenty ready pictures."""
    with pages() as (browser, site):
        ours = opened(browser, site / "index.html", ".course-figure[data-shown]")
        return Comparison(ours, opened(browser, site / "swapped.html", "img[src]"), "ms")


def compared(page: str, ratio: int) -> Comparison:
    """Return the 95th percentiles of a page and of ready pictures."""
    ours, peer = (round(quantiles(times, n=20)[-1], 1) for times in measured(page, ratio))
    return Comparison(ours, peer, "ms")


def atlas_drag_p95() -> Comparison:
    """Drag keep_prob of the playground on the first page."""
    return compared("index.html", 1)


def atlas_drag_sharp_p95() -> Comparison:
    """Drag it on a screen with twice as many pixels a side."""
    return compared("index.html", 2)


def atlas_chapter_drag_p95() -> Comparison:
    """Drag keep_prob of a chapter's figure."""
    return compared("02_numpy_dropout.html", 1)


def atlas_chapter_drag_sharp_p95() -> Comparison:
    """Drag it on a screen with twice as many pixels a side."""
    return compared("02_numpy_dropout.html", 2)


BENCHES = (
    atlas_opened,
    atlas_drag_p95,
    atlas_drag_sharp_p95,
    atlas_chapter_drag_p95,
    atlas_chapter_drag_sharp_p95,
)
