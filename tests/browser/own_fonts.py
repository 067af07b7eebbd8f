"""Whether a page counts on fonts of the machine: on another one it would measure otherwise."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import matplotlib
from playwright.sync_api import Browser, Page

from tests.browser.front_ends import CHROMIUM_OPTIONS, chromium

# Every letter of the page, once in each of its styles, in an element of its own; those of English share one.
LETTERS = """() => {
    const styles = {}, texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const text = texts.currentNode, {fontStyle, fontWeight, fontFamily} = getComputedStyle(text.parentElement);
        if (text.parentElement.closest("svg, script, style")) continue;
        const letters = styles[`${fontStyle} ${fontWeight} 20px ${fontFamily}`] ??= new Set([""]);
        for (const letter of text.data.trim()) letters.add(letter);
    }
    const all = document.body.appendChild(document.createElement("div"));
    for (const [font, letters] of Object.entries(styles)) {
        const english = [...letters].filter(letter => letter <= "~").join("");
        for (const text of [english, ...letters].filter(text => text.length > 1 || text > "~")) {
            const one = all.appendChild(document.createElement("bdi"));
            one.style.font = font;
            one.textContent = text;
        }
    }
}"""


def strange_fonts(page: Page) -> dict[str, list[str]]:
    """Return the fonts of the machine that a page's letters are drawn with, and which letters; a page brings its own.

    The letters are then left at the page's end.
    """
    page.evaluate(LETTERS)
    page.evaluate("document.fonts.ready")  # of a style that was on no screen yet
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    found = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": "body > div:last-child > bdi"})["nodeIds"]
    strange: dict[str, list[str]] = {}
    for node, text in zip(found, page.locator("body > div:last-child > bdi").all_inner_texts(), strict=True):
        for font in session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]:
            if not font["isCustomFont"]:
                strange.setdefault(font["familyName"], []).append(text)
    return strange


@contextmanager
def with_another_font(browser: Browser, folder: Path) -> Iterator[Browser]:
    """Start a second browser, on a machine whose only font is one that no page asks for; without any none can draw."""
    shutil.copy(Path(matplotlib.get_data_path(), "fonts", "ttf", "STIXGeneral.ttf"), folder)
    settings = folder / "fonts.conf"
    settings.write_text(f"<fontconfig><dir>{folder}</dir><cachedir>{folder}</cachedir></fontconfig>", encoding="utf-8")
    environment = {**os.environ, "FONTCONFIG_FILE": str(settings)}
    other = browser.browser_type.launch(executable_path=chromium(), args=CHROMIUM_OPTIONS, env=environment)
    yield other
    other.close()
