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

from tests.browser.front_ends import FigureOnPage, free_port
from tests.browser.pages import brightness, watch
from tests.browser.pictures import wait_until

SIZE = {"width": 1280, "height": 720}
PATIENCE = 60_000  # milliseconds
SHARP = 2000  # pixels; a picture in passing is narrower
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
SHOWN = (
    ".course-picture, .course-buttons, .course-control, .course-control input, .course-control button, #course-plan li,"
    " .course-header *"
)
WORDS = ".course-figure .widget-label, .course-header h1, .course-preset"


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
        self.page.goto(address + path)

    def figure(self) -> FigureOnPage:
        self.page.wait_for_selector(".noUi-handle")
        return FigureOnPage(self.page)

    def assert_changes(self, before: bytes) -> None:
        """Wait for another picture than the one before."""
        wait_until(lambda: self.figure().picture() != before, lambda: "no other picture", seconds=30)

    def still_picture(self) -> bytes:
        """Return the sharp picture that follows the last move, once it stays."""
        picture, before = b"", None
        while picture != before:
            before = picture
            self.page.wait_for_timeout(500)
            self.page.wait_for_function(f"document.querySelector('.widget-image').naturalWidth >= {SHARP}")
            picture = self.figure().picture()
        return picture

    def misfits(self) -> list[str]:
        """Return what does not fit the screen."""
        return list(self.page.evaluate(MISFITS, [SHOWN, WORDS]))

    def is_dark(self) -> bool:
        return brightness(self.page) < 66


@contextmanager
def visited(browser: Browser, address: str, path: str = "") -> Iterator[DemoPage]:
    """Open a page; in the end nothing may have gone wrong, and it is left as by a reader: it can tell the server."""
    found = DemoPage(browser, address, path)
    yield found
    found.page.goto("about:blank")
    found.page.close()
    assert found.faults == []


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Return those that still run."""
    found = []
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            if process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found
