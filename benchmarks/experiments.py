"""How much faster many seeds are with two workers than with one, by the clock and with the start of the workers."""

from __future__ import annotations

from statistics import median
from time import perf_counter

import numpy as np
from measure import Comparison

from course_utils.datasets import digits_split
from course_utils.experiments import over_seeds
from course_utils.flat_training import train_flat
from course_utils.network import initialize_parameters
from course_utils.optimizers import Momentum

SEEDS, ROUNDS = range(16), 3


def digit_accuracy(seed: int) -> float:
    """Train 64-256-256-10 with dropout on 200 digits, as chapter 02 does; over a second."""
    rng = np.random.default_rng(seed)
    data = digits_split(200, rng)
    parameters = initialize_parameters([64, 256, 256, 10], rng)
    run = train_flat(
        data.x_train,
        data.y_train,
        parameters,
        rng=rng,
        steps=400,
        optimizer=Momentum(0.1),
        cost="softmax_cross_entropy",
        keep_prob=[0.8, 0.5, 0.5],
        test=(data.x_test, data.y_test),
        record_every=400,
    )
    return run.history["test_accuracy"][-1]


def seconds(workers: int) -> float:
    """Return the seconds that all seeds take, new workers included."""
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor().shutdown(wait=True)  # those of the round before
    start = perf_counter()
    over_seeds(digit_accuracy, SEEDS, workers=workers)
    return perf_counter() - start


def experiments_two_workers() -> Comparison:
    """16 seeds of an experiment with two workers against one; the machine must have two idle cores."""
    times = [(seconds(2), seconds(1)) for _ in range(ROUNDS)]
    return Comparison(*(round(median(column), 2) for column in zip(*times, strict=True)), unit="s")


BENCHES = (experiments_two_workers,)
