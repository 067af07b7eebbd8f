"""How fast a live figure follows the hand in a real browser: a key goes down, a new picture has been painted.

Milliseconds by the page's own clock, over 60 moves, each made once the picture before it is there. The peer is a plain
``interact`` figure with the same training in the same notebook. Browser and kernel share the machine, so other work on
it shows here.
"""

from __future__ import annotations

import sys
import tempfile
from functools import cache
from pathlib import Path
from statistics import median, quantiles

import nbformat
from measure import Comparison

BENCHMARKS = Path(__file__).resolve().parent
sys.path.append(str(BENCHMARKS.parent))  # the tests' servers and pages serve here too

MOVES = 60
OURS = """\
import sys
sys.path.append({benchmarks!r})
import numpy as np
from course_utils.experiments import quadrant_run
from course_utils.figures.quadrants import TrainerFigure
from course_utils.live.live_figure import LiveFigure
from course_utils.live.quantities import Range

def figure():
    return LiveFigure(lambda keep_prob: quadrant_run(keep_prob, m_test=1000, records=10, dtype=np.float32),
                      TrainerFigure, [Range("keep_prob", 0.3, 1.0, 0.01, 1.0)], remembered=100, ahead=False)
figure()
"""
KNOWN = """\
known = figure()
for step in range(1, {moves} + 1):  # the kernel has them, the browser does not
    known.reply({{"ahead": {{"keep_prob": 1 - step / 100}}}})
known
"""
PEER = """\
from interact import plain_figure, trained
from IPython.display import Image, display
from ipywidgets import FloatSlider, interact
from interact import inline_png

@interact(keep_prob=FloatSlider(value=1.0, min=0.3, max=1.0, step=0.01, readout=False))
def show(keep_prob):
    display(Image(inline_png(trained(keep_prob))))
"""
# Starts the clock at the key press itself and stops it when the picture is painted: when another picture's source is
# decoded, or the figure says which settings it shows, and the frame after that is on the screen.
WATCH = """([selector, number]) => {
    const found = () => document.querySelectorAll(selector)[number];  // interact puts another one there
    const state = () => found()?.dataset.shown ?? found()?.src;
    const before = state();
    let pressed = null;
    window.addEventListener("keydown", event => { pressed ??= event.timeStamp; }, {capture: true, once: true});
    window.watched = new Promise((done, fail) => {
        const painted = () => requestAnimationFrame(() => {
            const {port1, port2} = new MessageChannel();
            port1.onmessage = () => done(performance.now() - pressed);
            port2.postMessage(0);
        });
        const look = async () => {
            if (pressed === null || !state() || state() === before) return;
            watching.disconnect();
            if (found().decode) await found().decode().catch(() => {});
            painted();
        };
        const watching = new MutationObserver(look);
        watching.observe(document, {attributes: true, childList: true, subtree: true});
        setTimeout(() => fail(new Error("no new picture")), 15000);
    });
}"""


def bench_notebook(folder: Path, front_end: str) -> Path:
    """Write the notebook with our figure and, in JupyterLab, one whose pictures the kernel has, and the peer's.

    Elsewhere only our figure: Voilà sometimes waits for ever for an ``interact`` (seen with 0.5.13).
    """
    more = [KNOWN.format(moves=MOVES), PEER] if front_end == "lab" else []
    sources = [OURS.format(benchmarks=str(BENCHMARKS)), *more]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
    path = folder / "bench.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), path)
    return path


@cache
def measured(front_end: str) -> dict[str, list[float]]:
    """Return the milliseconds of all moves: retraining, known to the kernel, known to the browser, and the peer's."""
    from playwright.sync_api import sync_playwright

    from tests.browser.front_ends import chromium, launch, served

    if chromium() is None:
        raise ImportError("there is no Chromium on this machine")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        with served(front_end, bench_notebook(home, front_end), home / "home") as address:
            browser = launch(playwright)
            times = moves_on_page(browser, front_end, address)
            browser.close()
    return times


def moves_on_page(browser: object, front_end: str, address: str) -> dict[str, list[float]]:
    """Open the notebook and make all moves."""
    from tests.browser.front_ends import NotebookPage

    page = NotebookPage(browser, front_end, address).page  # type: ignore[arg-type]  # an object here, so that this file loads without playwright
    sliders = page.locator("input[type=range], .widget-slider .noUi-handle")
    plain = ".jp-OutputArea-output img"
    if front_end == "lab":
        page.wait_for_selector(plain, state="attached")

    def moves(slider: int, key: str, selector: str, number: int = 0) -> list[float]:
        found = []
        sliders.nth(slider).scroll_into_view_if_needed()
        for _ in range(MOVES):
            sliders.nth(slider).focus()
            page.wait_for_timeout(50)  # let the page settle
            page.evaluate(WATCH, [selector, number])
            page.keyboard.press(key)
            found.append(float(page.evaluate("window.watched")))
        return found

    figure = ".course-figure"
    times = {"retrain": moves(0, "ArrowLeft", figure), "ready": moves(0, "ArrowRight", figure)}
    if front_end == "lab":
        times |= {"cached": moves(1, "ArrowLeft", figure, 1), "peer": moves(2, "ArrowLeft", plain)}
    return times


def p95(times: list[float]) -> float:
    """Return the 95 % quantile."""
    return round(quantiles(times, n=20)[-1], 1)


def browser_lab_vs_interact() -> Comparison:
    """Medians of a move with retraining in JupyterLab."""
    times = measured("lab")
    return Comparison(round(median(times["retrain"]), 1), round(median(times["peer"]), 1), "ms")


def browser_lab_retrain_p95() -> Comparison:
    """Give the time that 95 of 100 moves with retraining keep to."""
    times = measured("lab")
    return Comparison(p95(times["retrain"]), p95(times["peer"]), "ms")


def browser_lab_cached_p95() -> Comparison:
    """Give the same for pictures that the kernel has; the peer trains again."""
    times = measured("lab")
    return Comparison(p95(times["cached"]), p95(times["peer"]), "ms")


def browser_lab_ready_p95() -> Comparison:
    """Give the same for pictures that the browser has."""
    times = measured("lab")
    return Comparison(p95(times["ready"]), p95(times["peer"]), "ms")


def browser_notebook_retrain_p95() -> Comparison:
    """Notebook 7; the peer's moves are JupyterLab's."""
    return Comparison(p95(measured("notebook")["retrain"]), p95(measured("lab")["peer"]), "ms")


def browser_voila_retrain_p95() -> Comparison:
    """Voilà; the peer's moves are JupyterLab's."""
    return Comparison(p95(measured("voila")["retrain"]), p95(measured("lab")["peer"]), "ms")


BENCHES = (
    browser_lab_vs_interact,
    browser_lab_retrain_p95,
    browser_lab_cached_p95,
    browser_lab_ready_p95,
    browser_notebook_retrain_p95,
    browser_voila_retrain_p95,
)
