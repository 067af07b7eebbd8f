"""A demo as the lecturer meets it: the command in a process of its own, and its page in Chromium."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil
from playwright.sync_api import Browser

from course_utils.texts import texts
from tests.browser.front_ends import FigureOnPage, free_port
from tests.browser.pages import brightness, watch
from tests.browser.pictures import wait_until

SIZE = {"width": 1280, "height": 720}
PATIENCE = 60_000  # milliseconds
# Whether the full picture stands there; until it does, something is said or the figure is busy.
AT_REST = """preview => {
    const figure = document.querySelector(".course-figure");
    const said = figure.querySelector(".course-status").textContent;
    return figure.dataset.shown && figure.getAttribute("aria-busy") !== "true" && said !== preview;
}"""
# What is partly outside of the screen, and which words are cut off.
MISFITS = """([shown, words]) => {
    const seen = [...document.querySelectorAll(shown)].filter(one => one.offsetParent);
    if (seen.length < 9) return ["hardly anything is seen"];
    const box = one => one.getBoundingClientRect();
    const outside = ({left, top, right, bottom}) => left < 0 || top < 0 || right > innerWidth || bottom > innerHeight;
    return seen.filter(one => outside(box(one)))
        .concat([...document.querySelectorAll(words)].filter(one => one.scrollWidth > one.clientWidth))
        .map(one => `${one.className}: ${one.textContent}`);
}"""
# Whether panels stand in one row as large as the room for them allows, in one direction or the other.
FILLED = """() => {
    const box = one => document.querySelector(one).getBoundingClientRect();
    const all = [...document.querySelectorAll(".course-panel canvas")].map(one => one.getBoundingClientRect());
    const room = box(".course-pictures"), width = all.reduce((sum, one) => sum + one.width, 0);
    const height = Math.max(...all.map(one => one.height)), low = Math.min(...all.map(one => one.height));
    return all.every(one => one.top === all[0].top) && low > 200 && height < room.height + 1
        && (width > room.width - 2 || height > room.height - 2);
}"""
GROUND = """one => [...one.getContext("2d").getImageData(0, 0, 1, 1).data.slice(0, 3)]"""
SHOWN = (
    ".course-panel canvas, .course-words, figcaption, .course-buttons *, .course-control, .course-control *,"
    " #course-plan li, .course-header *"
)
WORDS = ".course-control > :first-child, .course-field, .course-words, .course-figure button, .course-header h1"


@contextmanager
def started(*words: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start the command; give the address it prints."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")}
    command = [sys.executable, "-m", "course_utils", "demo", *words, "--no-browser", "--port", str(free_port())]
    process = subprocess.Popen(command, env=kept, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        line = process.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+/", line)
        assert address, line
        yield address.group(), process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


class DemoPage:
    """A page at the projector's size, and what went wrong on it."""

    def __init__(self, browser: Browser, address: str, path: str = "") -> None:
        self.address = address
        self.page = browser.new_page(viewport=SIZE)
        self.faults = watch(self.page.context, (address, address.replace("http", "ws")))
        self.page.set_default_timeout(PATIENCE)
        self.page.add_init_script("try { sessionStorage['course-predict'] = 'off' } catch {}")  # presets show at once
        self.page.goto(address + path)

    def figure(self) -> FigureOnPage:
        """Return the kernel's figure once it has taken the place of what played before."""
        self.page.wait_for_selector("#rendered_cells .course-figure[data-shown]")
        return FigureOnPage(self.page)

    def assert_changes(self, before: list[str]) -> None:
        """Wait for another picture than the one before."""
        wait_until(lambda: self.figure().picture() != before, lambda: "no other picture", seconds=30)

    def still_picture(self) -> list[str]:
        """Return the full picture that follows the last move, once it stays."""
        picture, before = [""], None
        while picture != before:
            before = picture
            self.page.wait_for_timeout(500)
            self.page.wait_for_function(AT_REST, arg=texts()["live"]["preview"])
            picture = self.figure().picture()
        return picture

    def misfits(self) -> list[str]:
        """Return what does not fit the screen."""
        return list(self.page.evaluate(MISFITS, [SHOWN, WORDS]))

    def is_filled(self) -> bool:
        """Tell whether the panels take the room that is left for them."""
        return bool(self.page.evaluate(FILLED))

    def is_dark(self) -> bool:
        return brightness(self.page) < 66

    def ground(self) -> float:
        """Return how bright the figure's own ground is, from 0 to 255."""
        return sum(self.page.locator(".course-panel canvas").first.evaluate(GROUND)) / 3


@contextmanager
def visited(browser: Browser, address: str, path: str = "") -> Iterator[DemoPage]:
    """Open a page; in the end nothing may have gone wrong, and it is left as by a reader: it can tell the server."""
    found = DemoPage(browser, address, path)
    yield found
    found.page.goto("about:blank")
    found.page.close()
    assert found.faults == [], found.faults


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Return those that still run."""
    found = []
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            if process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found
