"""AdamW's time scale: how many epochs its weights remember, on few digits and on more, some with wrong labels."""

from __future__ import annotations

import numpy as np

from course_utils.arguments import checked_count, checked_nonnegative
from course_utils.datasets import digits_split
from course_utils.flat_training import train_flat
from course_utils.network import initialize_parameters
from course_utils.optimizers import AdamW

__all__ = ["BATCH", "RATE", "decayed_accuracy"]

RATE, BATCH, EPOCHS = 0.003, 20, 40


def decayed_accuracy(seed: int, m: int = 100, weight_decay: float = 0.0) -> float:
    """Train [64, 128, 10] by AdamW for 40 epochs on m digits, one in five with a wrong label, and return the accuracy.

    Parameters
    ----------
    seed : int >= 0
        Draws the digits, the wrong labels, the first weights and the batches of 20.
    m : int >= 20
    weight_decay : float >= 0

    Returns
    -------
    float
        The share of all other digits that it gets right; their labels are the right ones.
    """
    rng, m = np.random.default_rng(checked_count("seed", seed, 0)), checked_count("m", m, BATCH)
    data = digits_split(m, rng)
    y, wrong = data.y_train.copy(), rng.permutation(m)[: m // 5]
    y[:, wrong] = np.roll(y[:, wrong], 1, axis=0)
    run = train_flat(
        data.x_train,
        y,
        initialize_parameters([64, 128, 10], rng),
        rng=rng,
        steps=EPOCHS * m // BATCH,
        optimizer=AdamW(RATE, weight_decay=checked_nonnegative("weight_decay", weight_decay)),
        cost="softmax_cross_entropy",
        batch_size=BATCH,
        test=(data.x_test, data.y_test),
        record_every=EPOCHS * m // BATCH,
    )
    return float(run.history["test_accuracy"][-1])
