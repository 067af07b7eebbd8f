"""A demo as the lecturer meets it: the command in a process of its own, and its page in Chromium."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Request

from tests.browser.front_ends import FigureOnPage, free_port

SIZE = {"width": 1280, "height": 720}
PATIENCE = 60_000  # milliseconds
SHARP = 2000  # pixels; a picture in passing is narrower


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
        self.errors: list[str] = []
        self.outside: list[str] = []
        self.address = address
        self.page = browser.new_page(viewport=SIZE)
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self.note_request)
        self.page.goto(address + path)

    def close(self) -> None:
        """Leave the page as a reader does, so that it can tell the server."""
        self.page.goto("about:blank")
        self.page.close()

    def note_request(self, request: Request) -> None:
        if not request.url.startswith((self.address, self.address.replace("http", "ws"), "data:", "blob:")):
            self.outside.append(request.url)

    def figure(self) -> FigureOnPage:
        self.page.wait_for_selector(".noUi-handle")
        return FigureOnPage(self.page)

    def changed(self, before: bytes) -> bool:
        """Tell whether the picture becomes another one."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.figure().picture() != before:
                return True
            self.page.wait_for_timeout(50)
        return False

    def still_picture(self) -> bytes:
        """Return the sharp picture that follows the last move, once it stays."""
        picture, before = b"", None
        while picture != before:
            before = picture
            self.page.wait_for_timeout(500)
            self.page.wait_for_function(f"document.querySelector('.widget-image').naturalWidth >= {SHARP}")
            picture = self.figure().picture()
        return picture

    def is_dark(self) -> bool:
        paper = self.page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(map(int, re.findall(r"\d+", paper)[:3])) < 200


def processes_of(parent: int) -> list[int]:
    """Return the numbers of all processes below ``parent``."""
    lines = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in lines.splitlines()]
    found = [parent]
    for number in found:
        found += [child for child, above in pairs if above == number]
    return found[1:]


def is_alive(number: int) -> bool:
    said = subprocess.run(["ps", "-o", "stat=", "-p", str(number)], capture_output=True, text=True).stdout.strip()
    return bool(said) and not said.startswith("Z")
