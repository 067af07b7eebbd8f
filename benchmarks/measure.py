"""Timing of two ways to do one thing, side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import process_time
from typing import Any


@dataclass(frozen=True)
class Comparison:
    """Two figures in one unit, less being better."""

    ours: float
    peer: float
    unit: str


def compared(ours: Callable[[], Any], peer: Callable[[], Any], rounds: int = 9) -> Comparison:
    """Return the median milliseconds of both, measured in turns so that a busy machine slows both alike.

    They are milliseconds of processor time. On the one thread that all benches run on this is the time that a clock
    shows on an idle machine; on a busy one the clock would also count what others do.
    """
    ours(), peer()  # warm up caches and lazy imports
    times = [(seconds(ours), seconds(peer)) for _ in range(rounds)]
    return Comparison(*(round(1000 * median(column), 2) for column in zip(*times, strict=True)), unit="ms")


def seconds(action: Callable[[], Any]) -> float:
    """Return the processor time that ``action`` takes."""
    start = process_time()
    action()
    return process_time() - start
