"""A page in Chromium: opening it, what goes wrong there, and what axe-core, which is taken from PyPI, finds."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from course_utils.workshop.authoring.chapters import find_chapters
from tests import NOTEBOOKS

CHAPTERS = [one for one in find_chapters(NOTEBOOKS) if one.source.exists() and one.number]
SCREENS = {
    "phone": {"width": 390, "height": 844},
    "laptop": {"width": 1280, "height": 800},
    "wide": {"width": 1920, "height": 1080},
}
RUN_AXE = """([exclude, options]) => axe.run({ exclude }, { preload: false, resultTypes: ["violations"], ...options })
    .then(found => found.violations.flatMap(one => one.nodes.map(
        node => `${one.id} (${one.impact}): ${node.html.slice(0, 160)}`)))"""


def watch(
    context: BrowserContext, ours: str | tuple[str, ...], known: Sequence[str] = (), kinds: Collection[str] = ("error",)
) -> list[str]:
    """Return a list that fills with what pages complain of, but for what is known, and what they ask for elsewhere."""
    faults: list[str] = []

    def note(text: str) -> None:
        if not any(part in text for part in known):
            faults.append(text)

    def is_ours(url: str) -> bool:
        return url.startswith(("data:", "blob:", "about:")) or url.startswith(ours)

    context.on("console", lambda said: note(f"{said.text} ({said.location})") if said.type in kinds else None)
    context.on("weberror", lambda thrown: note(str(thrown.error)))
    context.on("request", lambda asked: None if is_ours(asked.url) else note(f"asks for {asked.url}"))
    return faults


@contextmanager
def opened(
    browser: Browser, url: str, screen: str = "laptop", ours: str | None = None, **options: Any
) -> Iterator[Page]:
    """Open a page; in the end it may neither have complained nor asked for anything but ``ours``, its folder's."""
    with browser.new_context(**{"viewport": SCREENS[screen]} | options) as context:
        faults = watch(context, ours or url.rsplit("/", 1)[0], kinds=("error", "warning"))
        page = context.new_page()
        page.goto(url)
        page.evaluate("document.fonts.ready")
        yield page
    assert faults == []


def brightness(page: Page, what: str = "backgroundColor") -> float:
    """Return how bright a page's paper, or its ``color``, is, from 0 to 255."""
    colour = page.evaluate(f"getComputedStyle(document.body).{what}")
    return sum(map(float, re.findall(r"[\d.]+", colour)[:3])) / 3


@cache
def axe_script() -> str:
    """Return axe-core's script, of the package that carries it."""
    package = distribution("axe-playwright-python")
    return Path(str(package.locate_file("axe_playwright_python/axe.min.js"))).read_text(encoding="utf-8")


def violations(page: Page, exclude: Sequence[str] = (), **options: Any) -> list[str]:
    """Return what axe-core finds outside of ``exclude``: the rule, how bad it is, and where."""
    page.evaluate(axe_script())
    return list(page.evaluate(RUN_AXE, [list(exclude), options]))
