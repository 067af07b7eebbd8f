"""What a step of a demo's plan presses: it begins with that, in words, which a translation must keep."""

import re

__all__ = ["presets_in"]

_PRESSED = re.compile(r"(?:Press|按) ([1-9])(?:(?:, then|，再按) ([1-9]))?(?!\d)")


def presets_in(step: str) -> list[int]:
    """Return the presets that a step of a plan presses, as in "Press 1, then 2." or "按 1，再按 2。"."""
    match = _PRESSED.match(step)
    return [int(key) for key in match.groups() if key] if match else []
