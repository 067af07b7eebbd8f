"""Networks trained on few handwritten digits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from course_utils.arguments import checked_count
from course_utils.datasets import digits_split
from course_utils.flat_training import train_flat
from course_utils.network import initialize_parameters
from course_utils.optimizers import Momentum

__all__ = ["digit_accuracy"]


def digit_accuracy(seed: int, keep_prob: float | Sequence[float] = 1.0, *, steps: int = 400) -> float:
    """Train [64, 256, 256, 10] on 200 digits in NumPy and return the share of the 1597 others that it gets right.

    ``seed`` draws the digits, the first weights and the masks, so equal seeds make a fair pair.
    """
    rng = np.random.default_rng(checked_count("seed", seed, 0))
    data = digits_split(200, rng)
    run = train_flat(
        data.x_train,
        data.y_train,
        initialize_parameters([64, 256, 256, 10], rng),
        rng=rng,
        steps=steps,
        optimizer=Momentum(0.1),
        cost="softmax_cross_entropy",
        keep_prob=keep_prob,
        test=(data.x_test, data.y_test),
        record_every=steps,
    )
    return float(run.history["test_accuracy"][-1])
