"""A reader without a mouse: Tab from control to control, a key at each, and whether one sees where one is."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from playwright.sync_api import Locator, Page

STOPS = 200  # presses of Tab that lead round a whole page, menus and all

# What may show that the keys go there; a caret alone does not.
LOOK = """found => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, borderWidth } = getComputedStyle(found);
    return [outlineStyle === "none" ? "" : outlineWidth + outlineColor, boxShadow, borderColor + borderWidth];
}"""
IN_SIGHT = """found => {
    const box = found.getBoundingClientRect(), middle = [box.x + box.width / 2, box.y + box.height / 2];
    return found.contains(document.elementFromPoint(...middle));
}"""
NAME = """() => {
    const found = document.activeElement;
    const said = found.getAttribute("aria-label") || found.innerText || found.getAttribute("placeholder") || "";
    return `${found.tagName.toLowerCase()}.${found.classList[0] || ""} ${said.slice(0, 30)}`;
}"""


def write(page: Page, text: str) -> None:
    """Put another text into the field where the keys go, and end it with Enter."""
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def is_at(target: Locator) -> bool:
    """Tell whether the keys go to ``target``."""
    return bool(target.evaluate("found => found === document.activeElement"))


def tab_to(target: Locator, key: str = "Tab") -> None:
    """Press Tab (or Shift+Tab) until the keys go to ``target``; fail with the stops on the way if they never do."""
    stops: list[str] = []
    while not is_at(target):
        if len(stops) == STOPS:
            pytest.fail(f"{key} does not reach {target}; it stops at {stops}")
        target.page.keyboard.press(key)
        stops.append(target.page.evaluate(NAME))


def walk(targets: Sequence[Locator]) -> None:
    """Tab to the first target, on to all others, one press each, and from the last back to the one before.

    Each must be in sight and look unlike itself without the keys.
    """
    tab_to(targets[0])
    page = targets[0].page
    for target in targets:
        where = page.evaluate(NAME)
        assert is_at(target), f"the keys are at {where}, not at {target}"
        assert target.evaluate(IN_SIGHT), f"{where} has the keys, out of sight"
        focused = target.evaluate(LOOK)
        page.keyboard.press("Tab")
        assert target.evaluate(LOOK) != focused, f"{where} looks the same with and without the keys"
    tab_to(targets[-1], "Shift+Tab")
    for target in targets[-2:-1]:
        page.keyboard.press("Shift+Tab")
        assert is_at(target), f"Shift+Tab leads to {page.evaluate(NAME)}, not back to {target}"
