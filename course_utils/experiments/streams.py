"""The same few points again and again, or always new ones: dropout where a network overfits and where it cannot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from course_utils.arguments import checked_count, checked_keep_prob
from course_utils.datasets import Split, quadrants
from course_utils.experiments.quadrants import QuadrantRun, surveyed
from course_utils.flat_training import train_flat
from course_utils.network import initialize_parameters
from course_utils.optimizers import Adam

__all__ = ["SEEN", "stream_accuracy", "stream_run"]

STEPS, BATCH, SHOWN = 300, 50, 150
SEEN = STEPS * BATCH  # examples, each counted as often as it is seen


def stream_run(
    m: int = 100, keep_prob: float = 1.0, *, seed: int = 0, records: int = 15, resolution: int = 60
) -> QuadrantRun:
    """Train on 15 000 noisy points of the quadrants, of which only ``m`` are different.

    Parameters
    ----------
    m : int >= 50
        Different points; every one is seen 15 000 / m times. 15 % of the labels are wrong, and the same every time.
    keep_prob : float in (0, 1]
    seed : int >= 0
        Draws points, first weights and masks.
    records, resolution : int
        Of the costs, and of the picture.

    Returns
    -------
    QuadrantRun
        Its ``data`` has at most 150 of the training points, to be drawn.
    """
    m, seed = checked_count("m", m, BATCH), checked_count("seed", seed, 0)
    x, y = quadrants(m, np.random.default_rng([seed, 4]), 0.15)
    data = Split(x, y, *quadrants(4000, np.random.default_rng([seed, 5])))
    start, rng = (
        initialize_parameters([2, 64, 64, 1], np.random.default_rng([seed, 1])),
        np.random.default_rng([seed, 2]),
    )
    run = train_flat(
        x,
        y,
        start,
        rng=rng,
        steps=STEPS,
        optimizer=Adam(0.01),
        keep_prob=checked_keep_prob(keep_prob),
        batch_size=BATCH,
        test=(data.x_test, data.y_test),
        record_every=STEPS // records,
    )
    few = replace(data, x_train=x[:, :SHOWN], y_train=y[:, :SHOWN])
    return surveyed(few, run, keep_prob, rng, resolution)


def stream_accuracy(seed: int, m: int = 100, keep_prob: float = 1.0) -> float:
    """Return the accuracy on 4000 clean points of a :func:`stream_run`."""
    run = stream_run(m, keep_prob, seed=seed, records=1, resolution=2).run
    return float(run.history["test_accuracy"][-1])
