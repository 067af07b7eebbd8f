"""A demo as the lecturer meets it: the command itself, Chromium, and the keyboard."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "browser"))

playwright = pytest.importorskip("playwright.sync_api")

from front_ends import FigureOnPage, chromium, free_port, launch  # noqa: E402 - only where playwright is

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is no signal")
SIZE = {"width": 1280, "height": 720}
PATIENCE = 30_000  # milliseconds
SMALLEST_TYPE = 18  # pixels, for a room


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.Browser]:
    if chromium() is None:
        reason = "no Chromium on this machine: install it (on Debian: apt install chromium)"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    with playwright.sync_playwright() as running:
        found = launch(running)
        yield found
        found.close()


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

    def __init__(self, browser: playwright.Browser, address: str) -> None:
        self.errors: list[str] = []
        self.outside: list[str] = []
        self.address = address
        self.page = browser.new_page(viewport=SIZE)
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self.note_request)
        self.page.goto(address)

    def note_request(self, request: playwright.Request) -> None:
        if not request.url.startswith((self.address, self.address.replace("http", "ws"), "data:", "blob:")):
            self.outside.append(request.url)

    def figure(self) -> FigureOnPage:
        self.page.wait_for_selector(".noUi-handle")
        return FigureOnPage(self.page)

    def changed(self, before: bytes) -> bool:
        """Tell whether the picture becomes another one."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            if self.figure().picture() != before:
                return True
            self.page.wait_for_timeout(50)
        return False

    def still_picture(self) -> bytes:
        """Return the picture once it stays: a sharper one follows the last move."""
        self.page.wait_for_timeout(1000)
        return self.figure().picture()

    def is_dark(self) -> bool:
        paper = self.page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(map(int, re.findall(r"\d+", paper)[:3])) < 200


@pytest.fixture(scope="module")
def demo(browser: playwright.Browser) -> Iterator[DemoPage]:
    with started("playground") as (address, _):
        page = DemoPage(browser, address)
        page.figure()
        yield page
        page.page.close()


def test_all_of_it_is_on_the_screen(demo):
    for selector in (".course-picture", ".course-buttons", ".course-control >> nth=-1", "#course-plan li >> nth=-1"):
        box = demo.page.locator(selector).bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= SIZE["height"], selector
    assert demo.page.evaluate("document.documentElement.scrollHeight") <= SIZE["height"]
    plan, picture = (demo.page.locator(name).bounding_box() for name in ("#course-plan", ".course-picture"))
    assert picture["x"] + picture["width"] <= plan["x"]


def test_all_type_is_large(demo):
    script = """() => [...document.querySelectorAll("body *")].filter(
        found => found.offsetParent && [...found.childNodes].some(node => node.nodeType === 3 && node.data.trim())
            || found.matches(".course-figure input")
    ).map(found => [found.textContent.trim() || found.placeholder, parseFloat(getComputedStyle(found).fontSize)])"""
    found = demo.page.evaluate(script)
    assert len(found) > 15
    assert [text for text, size in found if size < SMALLEST_TYPE] == []


def test_a_number_key_presses_its_preset(demo):
    demo.page.keyboard.press("1")
    before = demo.still_picture()
    demo.page.keyboard.press("2")
    assert demo.changed(before)
    assert demo.figure().slider("keep_prob").field.input_value() == "0.50"
    demo.page.keyboard.press("3")
    demo.page.wait_for_function("document.querySelectorAll('.course-control input')[1].value === '1.00'")


def test_a_number_key_without_a_preset_does_nothing(demo):
    before = demo.still_picture()
    demo.page.keyboard.press("9")
    assert demo.still_picture() == before


@pytest.mark.parametrize("way", ["key", "button"])
def test_the_plan_hides_and_comes_back(demo, way):
    def turn():
        demo.page.keyboard.press("p") if way == "key" else demo.page.click("#course-plan-button")

    plan = demo.page.locator("#course-plan")
    assert plan.is_visible()
    narrow = demo.page.locator(".course-picture").bounding_box()["width"]
    turn()
    assert not plan.is_visible()
    assert demo.page.locator(".course-picture").bounding_box()["width"] > narrow + 200
    turn()
    assert plan.is_visible()


@pytest.mark.parametrize("way", ["key", "button"])
def test_dark_and_light(demo, way):
    def turn():
        demo.page.keyboard.press("d") if way == "key" else demo.page.click("#course-dark-button")

    assert not demo.is_dark()
    turn()
    assert demo.is_dark()
    turn()
    assert not demo.is_dark()


def test_keys_are_letters_while_typing(demo):
    field = demo.figure().slider("keep_prob").field
    demo.page.keyboard.press("1")
    before = demo.still_picture()
    field.focus()
    demo.page.keyboard.type("2pd")
    assert field.input_value().endswith("2pd")
    assert demo.page.locator("#course-plan").is_visible()
    assert not demo.is_dark()
    assert demo.still_picture() == before
    demo.page.keyboard.press("Enter")
    demo.page.wait_for_function("document.activeElement === document.body")  # the keys are the page's again


@pytest.mark.parametrize("text", ["many", "7", "", "<b>"])
def test_a_wrong_text_is_answered_by_the_figure(demo, text):
    demo.figure().slider("keep_prob").type(text)
    demo.page.wait_for_function(
        "text => (document.querySelector('.course-status').textContent).includes(text)",
        arg=f"keep_prob must be a number from 0.05 to 1, got '{text}'",
    )
    assert "Traceback" not in demo.page.inner_text("body")
    demo.page.keyboard.press("2")
    demo.page.wait_for_function("!document.querySelector('.course-status').textContent.trim()")
    demo.page.keyboard.press("1")


def test_a_page_asked_for_in_the_dark(demo, browser):
    page = DemoPage(browser, demo.address + "?theme=dark")
    page.figure()
    assert page.is_dark()
    page.page.close()


def test_no_error_and_nothing_from_outside(demo):  # last of those that share the page
    assert demo.errors == []
    assert demo.outside == []


def test_tiles_lead_to_every_demo_and_back(browser):
    from course_utils.demos.catalogue import available

    with started("--all") as (address, _):
        all_demos = DemoPage(browser, address)
        tiles = all_demos.page.locator(".course-tile")
        assert tiles.locator("h2").all_inner_texts() == [demo.title for demo in available()]
        assert tiles.locator("p").all_inner_texts() == [demo.line for demo in available()]
        all_demos.page.keyboard.press("d")
        all_demos.page.keyboard.press("6")
        all_demos.figure()
        assert all_demos.page.locator("h1").inner_text() == "The bowl and the penalty"
        assert all_demos.is_dark()  # as it was left
        all_demos.page.click("text=all demos")
        all_demos.page.wait_for_selector(".course-tile")
        assert all_demos.is_dark()
        assert all_demos.errors == []
        assert all_demos.outside == []
        all_demos.page.close()


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


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "kill"])
def test_no_process_is_left(browser, number):
    with started("masks") as (address, process):
        page = DemoPage(browser, address)
        page.figure()
        below = processes_of(process.pid)
        assert len(below) >= 2  # the server and a kernel
        process.send_signal(number)
        said, _ = process.communicate(timeout=30)
        page.page.close()
    assert said == "The demo has stopped.\n"
    assert process.returncode == 0
    deadline = time.monotonic() + 10
    while any(map(is_alive, below)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [number for number in below if is_alive(number)] == []
