"""Ten thousand moves on a page: the last value wins, and neither the browser nor the kernel grows with them."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, CDPSession

from course_utils.live import keep_prob_trainer
from tests.browser.front_ends import FigureOnPage, opened, write_notebook
from tests.browser.pictures import assert_shows, cells, wait_until

EVENTS = int(os.environ.get("STORM_EVENTS", "10000"))
GROWTH = 20e6  # bytes
STORM = """async ([count, seed]) => {
    const figure = document.querySelector(".course-figure"), slider = figure.querySelector("input[type=range]");
    const field = figure.querySelector(".course-field"), buttons = figure.querySelectorAll(".course-buttons button");
    let state = seed;
    const random = below => (state = (state * 1103515245 + 12345) % 2147483648) % below;
    for (let i = 0; i < count; i++) {
        const what = random(10);
        if (what < 6) {
            slider.value = 0.05 + 0.05 * random(20);
            slider.dispatchEvent(new Event("input"));
        } else if (what < 8) {
            field.value = ["0.5", "abc", "0,33", "", "2", (0.05 + random(900) / 1000).toFixed(3)][random(6)];
            field.dispatchEvent(new Event("change"));
        } else if (what === 8) buttons[random(5)].click();  // presets, new masks and reset
        else buttons[5].click();  // pin
        if (i % 4 === 0) await new Promise(done => setTimeout(done, 2));
    }
    if (figure.querySelector("figure")) buttons[5].click();
}"""


def heap(session: CDPSession) -> float:
    """Return the bytes that the page's scripts hold."""
    session.send("HeapProfiler.collectGarbage")
    return float(session.send("Runtime.getHeapUsage")["usedSize"])


def kernel() -> psutil.Process:
    """Return the process of the only kernel that was started from here."""
    children = psutil.Process().children(recursive=True)
    (found,) = [one for one in children if "ipykernel_launcher" in " ".join(one.cmdline())]
    return found


@pytest.mark.slow
def test_a_storm_of_moves(browser: Browser, tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "storm.ipynb", cells([keep_prob_trainer]))
    with opened(browser, "lab", notebook, tmp_path / "home") as page:
        figure, session = FigureOnPage(page.page), page.page.context.new_cdp_session(page.page)
        process = kernel()

        def storm(count: int, seed: int) -> None:
            page.page.evaluate(STORM, [count, seed])
            figure.slider("keep_prob").type("0.41")
            figure.press_button("reset")
            figure.slider("keep_prob").type("0.37")
            wait_until(lambda: figure.shown() == "0.37|0", lambda: f"{figure.shown()}; {figure.status()}")
            wait_until(lambda: figure.body.get_attribute("aria-busy") == "false", figure.status)

        storm(EVENTS // 4, 1)  # caches fill
        before = heap(session), process.memory_info().rss
        storm(EVENTS, 2)
        after = heap(session), process.memory_info().rss
        assert_shows(figure, keep_prob_trainer, keep_prob=0.37)
        print(f"browser {(after[0] - before[0]) / 1e6:.1f} MB, kernel {(after[1] - before[1]) / 1e6:.1f} MB more")
        assert after[0] - before[0] < GROWTH
        assert after[1] - before[1] < GROWTH
