"""Several networks that differ in their first weights alone, and the average of what they predict."""

from __future__ import annotations

import numpy as np

from course_utils.arguments import checked_count
from course_utils.datasets import noisy_quadrants
from course_utils.flat_training import train_flat
from course_utils.network import initialize_parameters, predict
from course_utils.optimizers import Adam

__all__ = ["averaged_accuracy"]


def averaged_accuracy(seed: int, networks: int = 5, apart: bool = False) -> float:
    """Return the accuracy on clean points of the mean prediction of several networks.

    Parameters
    ----------
    seed : int >= 0
        Draws the 100 noisy training points, those of a :func:`~course_utils.experiments.quadrant_run` with this seed,
        and the first weights.
    networks : int >= 1
    apart : bool
        Whether each predicts for itself, and the mean of their accuracies is returned.
    """
    data = noisy_quadrants(np.random.default_rng(checked_count("seed", seed, 0)))
    predictions = []
    for number in range(checked_count("networks", networks)):
        start = initialize_parameters([2, 64, 64, 1], np.random.default_rng([seed, 10, number]))
        rng = np.random.default_rng([seed, 11, number])
        run = train_flat(data.x_train, data.y_train, start, rng=rng, steps=300, optimizer=Adam(0.02), record_every=300)
        predictions.append(predict(data.x_test, run.parameters))  # (1, m)
    together = predictions if apart else np.mean(predictions, axis=0)
    return float(np.mean((np.asarray(together) > 0.5) == data.y_test))
