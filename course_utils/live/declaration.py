"""What a live figure says of itself before anything moves, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from course_utils.live.quantities import shown
from course_utils.texts import sentence, texts

__all__ = ["spoken"]


def spoken(declaration: Mapping[str, Any]) -> dict[str, Any]:
    """Return a declaration with what a reader sees and hears of it, in the language of the course's texts."""
    quantities = [one | {"label": shown(one["name"])} for one in declaration["quantities"]]
    presets = []
    for one in declaration["presets"]:
        hint = sentence("preset_hint", "live", settings="  ".join(f"{k} {v}" for k, v in one["changes"].items()))
        presets.append(one | {"label": texts()["presets"].get(one["name"], one["name"]), "hint": hint})
    return {**declaration, "quantities": quantities, "presets": presets, "texts": dict(texts()["live"])}
