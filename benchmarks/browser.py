"""How fast a live figure follows the hand in a real browser: a key goes down, a new picture has been decoded.

Milliseconds by the page's own clock, over 50 moves, each made once the picture before it is there. The peer is a plain
``interact`` figure with the same training in the same notebook. Browser and kernel share the machine, so other work on
it shows here.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from statistics import median, quantiles

import nbformat
from measure import Comparison

BENCHMARKS = Path(__file__).resolve().parent
sys.path.append(str(BENCHMARKS.parent))  # the tests' servers and pages serve here too

MOVES = 50
OURS = """\
import sys
sys.path.append({benchmarks!r})
import numpy as np
from course_utils.experiments import quadrant_run
from course_utils.figures.quadrants import TrainerFigure
from course_utils.live.controls import Range
from course_utils.live.live_figure import LiveFigure

def compute(keep_prob):
    return quadrant_run(keep_prob, m_test=1000, records=10, dtype=np.float32)

LiveFigure(compute, lambda result: TrainerFigure(result, "bench"), settings={{"keep_prob": 1.0}},
           quantities=[Range("keep_prob", 0.3, 1.0, 0.01)])
"""
BARE = """\
from ipywidgets import FloatSlider, Image, VBox
from course_utils.figures.canvas import Canvas

def picture(keep_prob):
    scene = TrainerFigure(compute(keep_prob), "bench")
    return Canvas(scene.figure, scene.changing, 100).jpeg()

pictures = [picture(0.5), picture(0.9)]
bare = FloatSlider(value=1.0, min=0.3, max=1.0, step=0.01, readout=False)
image = Image(value=pictures[0], format="jpeg")
bare.observe(lambda change: setattr(image, "value", pictures[round(100 * change["new"]) % 2]), "value")
VBox([bare, image])
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
# Starts the clock at the key press or Enter itself and stops it when a picture with another source is decoded. The
# sharp picture of a figure at rest, 2400 pixels wide, must not be taken for the next move's.
WATCH = """([selector, number]) => new Promise((resolve, reject) => {
    const source = () => {
        const found = document.querySelectorAll(selector)[number];
        return found ? (found.tagName === "IMG" ? found : found.querySelector("img")) : null;
    };
    let before = source().src;
    const limit = performance.now() + 15000;
    let pressed = null;
    window.addEventListener("keydown", event => { pressed ??= event.timeStamp; }, {capture: true});
    window.watched = new Promise((done, fail) => {
        const look = async () => {
            const image = source();
            if (pressed !== null && image && image.src && image.src !== before) {
                await image.decode().catch(() => {});
                if (image.naturalWidth < 2000) return done(performance.now() - pressed);
                before = image.src;
            }
            if (performance.now() > limit) return fail(new Error("no new picture"));
            setTimeout(look, 1);
        };
        look();
    });
    resolve();
})"""


def bench_notebook(folder: Path, front_end: str) -> Path:
    """Write the notebook with our figure and, in JupyterLab, a slider between two ready pictures and the peer's.

    Elsewhere only our figure: Voilà sometimes waits for ever for an ``interact`` (seen with 0.5.13), and a figure in
    Notebook 7 takes no arrow keys.
    """
    sources = [OURS.format(benchmarks=str(BENCHMARKS)), *([BARE, PEER] if front_end == "lab" else [])]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
    path = folder / "bench.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), path)
    return path


@cache
def measured(front_end: str) -> dict[str, list[float]]:
    """Return the milliseconds of all moves: ours retraining, ours from memory, ready pictures, and the peer's."""
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
    from tests.browser.front_ends import FigureOnPage, NotebookPage

    page = NotebookPage(browser, front_end, address).page  # type: ignore[arg-type]  # an object here, so that this file loads without playwright
    slider = FigureOnPage(page).slider("keep_prob")
    plain = ".jp-OutputArea-output img:not(.widget-image)"
    if front_end == "lab":
        page.wait_for_selector(plain, state="attached")

    def timed(selector: str, act: Callable[[], None], number: int = 0) -> float:
        page.wait_for_timeout(50)  # let the page settle
        page.evaluate(WATCH, [selector, number])
        act()
        return float(page.evaluate("window.watched"))

    def ours(step: int, key: str) -> float:
        if front_end == "notebook":  # which takes arrow keys for itself
            value = f"{1 - 0.01 * step:.2f}"
            slider.field.fill(value)
            return timed(".widget-image", lambda: slider.field.press("Enter"))
        slider.handle.focus()
        return timed(".widget-image", lambda: page.keyboard.press(key))

    retrained = [ours(step, "ArrowLeft") for step in range(1, MOVES + 1)]
    remembered = [ours(MOVES - step, "ArrowRight") for step in range(1, MOVES + 1)]
    times = {"retrain": retrained, "cached": remembered}
    if front_end != "lab":
        return times
    for number, (name, selector, picture) in enumerate((("ready", ".widget-image", 1), ("peer", plain, 0)), start=1):
        handle = page.locator(".widget-slider .noUi-handle").nth(number)
        handle.scroll_into_view_if_needed()
        times[name] = []
        for _ in range(MOVES):
            handle.focus()
            times[name].append(timed(selector, lambda: page.keyboard.press("ArrowLeft"), picture))
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
    """Give the same for values seen before; the peer trains again."""
    times = measured("lab")
    return Comparison(p95(times["cached"]), p95(times["peer"]), "ms")


def browser_lab_ready_p95() -> Comparison:
    """Give what the way there and back takes: a slider in JupyterLab that switches between two ready pictures."""
    times = measured("lab")
    return Comparison(p95(times["ready"]), p95(times["peer"]), "ms")


def browser_notebook_retrain_p95() -> Comparison:
    """Notebook 7, by the text field; the peer's moves are JupyterLab's."""
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
