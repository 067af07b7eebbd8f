"""Networks trained on few handwritten digits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from course_utils.arguments import Array, checked_count
from course_utils.datasets import digits_split
from course_utils.experiments.stopping import EVERY, stopping_step
from course_utils.flat_training import train_flat
from course_utils.network import initialize_parameters
from course_utils.optimizers import Momentum

__all__ = ["digit_accuracy"]


def digit_accuracy(
    seed: int, keep_prob: float | Sequence[float] = 1.0, *, validation: int = 0, steps: int = 400
) -> float:
    """Train [64, 256, 256, 10] on 200 digits in NumPy and return the share of the others that it gets right.

    ``seed`` draws the digits, the first weights and the masks, so equal seeds make a fair pair. With ``validation``
    so many of the others choose the step with the lowest cost on them, and only the rest are the test.
    """
    seed, validation = checked_count("seed", seed, 0), checked_count("validation", validation, 0)

    def trained(test: slice, steps: int, every: int) -> dict[str, Array]:
        rng = np.random.default_rng(seed)
        data = digits_split(200, rng)
        return train_flat(
            data.x_train,
            data.y_train,
            initialize_parameters([64, 256, 256, 10], rng),
            rng=rng,
            steps=steps,
            optimizer=Momentum(0.1),
            cost="softmax_cross_entropy",
            keep_prob=keep_prob,
            test=(data.x_test[:, test], data.y_test[:, test]),
            record_every=every,
        ).history

    if validation:
        steps = stopping_step(trained(slice(validation), steps, EVERY))
    return float(trained(slice(validation, None), steps, steps)["test_accuracy"][-1])
