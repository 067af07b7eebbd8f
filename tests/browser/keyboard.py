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
NAME = """() => {
    const found = document.activeElement;
    const said = found.getAttribute("aria-label") || found.innerText || found.getAttribute("placeholder") || "";
    return `${found.tagName.toLowerCase()}.${found.classList[0] || ""} ${said.slice(0, 30)}`;
}"""


class Keyboard:
    """The keys of a page, whichever front end it is."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, key: str) -> None:
        """Press a key where the keys go now."""
        self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        """Put another text into the field where the keys go, and end it with Enter."""
        self.press("ControlOrMeta+a")
        self.page.keyboard.type(text)
        self.press("Enter")

    def here(self) -> str:
        """Return what has the focus, in a few words."""
        return str(self.page.evaluate(NAME))

    def is_at(self, target: Locator) -> bool:
        """Tell whether the keys go to ``target``."""
        return bool(target.evaluate("found => found === document.activeElement"))

    def tab_to(self, target: Locator, key: str = "Tab", most: int = STOPS) -> None:
        """Press Tab (or Shift+Tab) until the keys go to ``target``; fail with the stops on the way if they never do."""
        stops: list[str] = []
        while not self.is_at(target):
            if len(stops) == most:
                pytest.fail(f"{key} does not reach {target}; it stops at {stops}")
            self.press(key)
            stops.append(self.here())

    def walk(self, targets: Sequence[Locator]) -> None:
        """Tab to the first target, on to all others, one press each, and from the last back to the one before.

        Each must be in sight and look unlike itself without the keys.
        """
        self.tab_to(targets[0])
        for target in targets:
            where = self.here()
            assert self.is_at(target), f"the keys are at {where}, not at {target}"
            assert _in_sight(target), f"{where} has the keys, out of sight"
            focused = target.evaluate(LOOK)
            self.press("Tab")
            assert target.evaluate(LOOK) != focused, f"{where} looks the same with and without the keys"
        self.tab_to(targets[-1], "Shift+Tab")
        for target in targets[-2:-1]:
            self.press("Shift+Tab")
            assert self.is_at(target), f"Shift+Tab leads to {self.here()}, not back to {target}"


def _in_sight(target: Locator) -> bool:
    inside = """found => {
        const box = found.getBoundingClientRect(), middle = [box.x + box.width / 2, box.y + box.height / 2];
        return found.contains(document.elementFromPoint(...middle));
    }"""
    return bool(target.evaluate(inside))
