"""How much faster many seeds are with two workers than with one, by the clock and with the start of the workers."""

from __future__ import annotations

from functools import partial
from statistics import median
from time import perf_counter

from measure import Comparison

from course_utils.experiments import digit_accuracy, over_seeds

SEEDS, ROUNDS = range(16), 3


def seconds(workers: int) -> float:
    """Return the seconds that all seeds take, new workers included."""
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor().shutdown(wait=True)  # those of the round before
    start = perf_counter()
    over_seeds(partial(digit_accuracy, keep_prob=[0.8, 0.5, 0.5]), SEEDS, workers=workers)
    return perf_counter() - start


def experiments_two_workers() -> Comparison:
    """16 seeds of an experiment with two workers against one; the machine must have two idle cores."""
    times = [(seconds(2), seconds(1)) for _ in range(ROUNDS)]
    return Comparison(*(round(median(column), 2) for column in zip(*times, strict=True)), unit="s")


BENCHES = (experiments_two_workers,)
