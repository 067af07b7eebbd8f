"""Checks of chapter 03."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["CHECKS"]

Answer = Callable[..., Any]

CHECKS: dict[str, Callable[[Answer], str]] = {}
