"""Solutions of the exercises, as the chapters have them; written by ``python -m course_utils build``."""

from __future__ import annotations

import json
from importlib.resources import files

__all__ = ["solution_text"]


def solution_text(name: str) -> str:
    """Return the code that solves an exercise; nothing before its chapter is built."""
    texts = json.loads((files("course_utils") / "data" / "solutions.json").read_text(encoding="utf-8"))
    return next((solutions[name] for solutions in texts.values() if name in solutions), "")
