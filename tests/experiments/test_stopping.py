"""Early stopping: validation points are new and noisy, the step is that of the lowest cost, and training ends there."""

import numpy as np
import pytest

from course_utils.datasets import same_signs
from course_utils.experiments import quadrant_run, stopped_accuracy, stopping_step, validation_points

SMALL = {"m_test": 200, "hidden": (16,), "m_train": 40}


def test_validation_points_are_as_noisy_as_training_points_and_none_of_them():
    x, y = validation_points(4)
    assert np.sum(y != same_signs(x)) == 15
    train = quadrant_run(seed=4, steps=1, m_test=1, resolution=2).data
    assert not np.isin(x, train.x_train).any()
    assert not np.array_equal(x, validation_points(5)[0])


def test_it_stops_where_the_validation_cost_is_lowest_and_first():
    history = {"step": np.array([5, 10, 15, 20]), "test_cost": np.array([0.7, 0.4, 0.5, 0.4])}
    assert stopping_step(history) == 10


@pytest.mark.parametrize("keep_prob", [1.0, 0.7])
def test_stopping_is_the_long_run_read_at_that_step(keep_prob):
    settings = SMALL | {"seed": 1, "keep_prob": keep_prob, "resolution": 2, "steps": 100, "records": 20}
    step = stopping_step(quadrant_run(test=validation_points(1, 30), **settings).run.history)
    history = quadrant_run(**settings).run.history
    assert 5 <= step < 100
    expected = history["test_accuracy"][list(history["step"]).index(step)]
    assert stopped_accuracy(1, validation=30, keep_prob=keep_prob, steps=100, **SMALL) == expected
    assert stopped_accuracy(1, keep_prob=keep_prob, steps=100, **SMALL) == history["test_accuracy"][-1]


def test_validation_refuses_what_is_no_number_of_points():
    with pytest.raises(ValueError, match="validation must be"):
        stopped_accuracy(0, validation=-1)
