"""Chapters in JupyterLite, from a folder of files with a Pyodide of its own: how soon they start, and how they follow.

Seconds from the click on "Run it here" to the first live figure, in a browser that has seen nothing before, everything
run from the top; and, while a slider of the playground is dragged, the milliseconds from one picture to the next. The
peer of a start is a notebook that shows a widget and nothing else, which no chapter can undercut. The peer of a drag is
the same figure without its quick look: all 300 steps at every move. Browser and Python share this machine.
"""

from __future__ import annotations

import sys
import tempfile
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles

import nbformat
from measure import Comparison

sys.path.append(str(Path(__file__).resolve().parents[1]))  # the tests' pages serve here too

CHAPTERS = ("01_dropout_theory", "02_numpy_dropout", "03_l2_cost_and_backprop")
PLAIN = "00_start_here"  # whose place is taken by notebooks of our own
ROUNDS = 3
DRAGS = 3  # of each figure, to and fro
BARE = """\
import anywidget
script = "export default {render({el}) { el.innerHTML = '<p class=course-figure data-shown>bare</p>'; }};"
type("Bare", (anywidget.AnyWidget,), {"_esm": script})()"""
FIGURES = """\
from course_utils.live import playground
ours, peer = playground(keep_prob=0.95), playground(keep_prob=0.95)
peer.preview = None
ours"""
# Notes when another picture stands there.
WATCH = """found => {
    window.times = [];
    window.watch?.disconnect();
    window.watch = new MutationObserver(() => window.times.push(performance.now()));
    window.watch.observe(found, {attributes: true, attributeFilter: ["data-shown"]});
}"""


@cache
def measured() -> dict[str, list[float]]:
    """Return seconds of starts by chapter and of a bare kernel, and milliseconds between pictures of both figures."""
    from playwright.sync_api import sync_playwright

    from tests.browser.front_ends import chromium, launch
    from tests.browser.lite_page import hosted, make_site, open_up, unpack_distribution

    if chromium() is None:
        raise ImportError("there is no Chromium on this machine")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        root, pyodide = Path(folder) / "host", Path(folder) / "pyodide"
        pyodide.mkdir()
        unpack_distribution(pyodide)
        site = make_site(root, pyodide)
        open_up(site)
        plain = site / "lite" / "files" / f"{PLAIN}.ipynb"
        browser = launch(playwright)
        with hosted(root) as address:
            replace_cells(plain, [BARE])
            times = starts(browser, address)
            replace_cells(plain, [FIGURES, "peer"])
            times |= drags(browser, address)
        browser.close()
    return times


def replace_cells(path: Path, sources: list[str]) -> None:
    """Put these cells in the place of a notebook's own, but for the first code cell, which brings the course."""
    notebook = nbformat.read(path, as_version=4)
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    notebook.cells = [first, *(nbformat.v4.new_code_cell(source) for source in sources)]
    path.write_text(nbformat.writes(notebook, split_lines=False), encoding="utf-8")


def starts(browser: object, address: str) -> dict[str, list[float]]:
    """Open each chapter some times, in turns."""
    from tests.browser.lite_page import LitePage

    times: dict[str, list[float]] = {name: [] for name in (*CHAPTERS, PLAIN)}
    for _ in range(ROUNDS):
        for name in times:
            page = LitePage(browser, address, name)  # type: ignore[arg-type]  # an object here, so that this file loads without playwright
            times[name].append(page.seconds)
            page.context.close()
            print(f"{name}: {times[name][-1]:.1f} s", file=sys.stderr)
    return times


def drags(browser: object, address: str) -> dict[str, list[float]]:
    """Drag the first slider of both figures to and fro, in turns."""
    from tests.browser.front_ends import FigureOnPage
    from tests.browser.lite_page import LitePage

    page = LitePage(browser, address, PLAIN)  # type: ignore[arg-type]  # as in starts
    page.wait_until_run()
    times: dict[str, list[float]] = {"ours": [], "peer": []}
    for step in range(2 * DRAGS):
        for number, name in enumerate(times):
            figure = FigureOnPage(page.page, number)
            slider = figure.slider("keep_prob")
            shares = [0.95 - 0.9 * move / 60 for move in range(1, 61)]
            places = [slider.place(share if step % 2 == 0 else 1 - share) for share in shares]
            # What was shown is kept, so that each drag has to be over other settings.
            figure.slider("λ").type(f"{0.01 * (step + 1):.2f}")
            page.page.wait_for_timeout(3000)
            figure.body.evaluate(WATCH)
            slider.handle.hover()
            begun = page.page.evaluate("performance.now()")
            page.page.mouse.down()
            for x, y in places:
                page.page.mouse.move(x, y)
                page.page.wait_for_timeout(33)
            released = page.page.evaluate("performance.now()")
            page.page.mouse.up()
            page.page.wait_for_timeout(4000)  # the full result has come
            seen = [begun, *page.page.evaluate("window.times")]
            seen = [now for now in seen if now <= released]
            times[name] += [after - before for before, after in pairwise(seen)]
            print(f"{name}: {len(seen) - 1} pictures in a drag", file=sys.stderr)
    page.context.close()
    return times


def p95(times: list[float]) -> float:
    """Return the 95 % quantile."""
    return round(quantiles(times, n=20)[-1], 1)


def lite_drag_p95() -> Comparison:
    """Give the wait for the next picture that 95 of 100 pictures of a drag keep to."""
    return Comparison(p95(measured()["ours"]), p95(measured()["peer"]), "ms")


def lite_drag() -> Comparison:
    """Give the median wait."""
    return Comparison(round(median(measured()["ours"]), 1), round(median(measured()["peer"]), 1), "ms")


def lite_start_01() -> Comparison:
    """Give the median start of chapter 01."""
    return start_of(CHAPTERS[0])


def lite_start_02() -> Comparison:
    """Give the median start of chapter 02."""
    return start_of(CHAPTERS[1])


def lite_start_03() -> Comparison:
    """Give the median start of chapter 03."""
    return start_of(CHAPTERS[2])


def start_of(chapter: str) -> Comparison:
    """Give the median start of a chapter."""
    return Comparison(round(median(measured()[chapter]), 1), round(median(measured()[PLAIN]), 1), "s")


BENCHES = (lite_start_01, lite_start_02, lite_start_03, lite_drag, lite_drag_p95)
