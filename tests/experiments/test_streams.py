"""Few points or many, an average of networks, a memory in epochs: what differs between two runs, and nothing else."""

import numpy as np
import pytest

from course_utils.experiments import quadrant_run
from course_utils.experiments.averages import averaged_accuracy
from course_utils.experiments.stream_training import training_accuracy
from course_utils.experiments.streams import SEEN, stream_accuracy, stream_run
from course_utils.experiments.timescales import decayed_accuracy


def test_a_run_sees_as_many_points_however_many_are_different():
    few, many = (stream_run(m, records=3, resolution=4) for m in (100, 15_000))
    assert SEEN == 15_000
    for run in (few, many):
        assert run.run.history["step"].tolist() == [100, 200, 300]
    assert (few.data.x_train.shape, many.data.x_train.shape) == ((2, 100), (2, 150))


def test_runs_of_a_seed_share_points_weights_and_test():
    whole, dropped, other = stream_run(100), stream_run(100, 0.5), stream_run(100, seed=1)
    assert np.array_equal(whole.data.x_train, dropped.data.x_train)
    assert np.array_equal(whole.data.x_test, dropped.data.x_test)
    assert not np.array_equal(whole.data.x_train, other.data.x_train)
    assert stream_accuracy(0, 100, 0.5) == dropped.run.history["test_accuracy"][-1]
    assert training_accuracy(0, 100, 0.5) == dropped.run.history["train_accuracy"][-1]


def test_one_network_is_its_own_average_and_points_are_those_of_the_quadrants():
    assert 0.7 < averaged_accuracy(0, 1) < 0.9
    assert averaged_accuracy(0, 1, apart=True) == averaged_accuracy(0, 1)
    assert averaged_accuracy(0, 2) != averaged_accuracy(0, 1)
    together, apart, first = averaged_accuracy(0, 2), averaged_accuracy(0, 2, apart=True), averaged_accuracy(0, 1)
    assert together != apart != first  # the mean of the two accuracies, of which the first is known
    data = quadrant_run(seed=0, steps=1, records=1, resolution=2).data
    assert data.x_train.shape == (2, 100)


def test_a_decay_that_forgets_too_soon_learns_nothing():
    assert decayed_accuracy(0, 40) > 0.4
    assert decayed_accuracy(0, 40, weight_decay=300.0) < 0.2


@pytest.mark.parametrize(
    ("function", "bad"),
    [
        (stream_run, {"m": 49}),
        (stream_run, {"keep_prob": 0}),
        (stream_run, {"seed": -1}),
        (averaged_accuracy, {"seed": 0, "networks": 0}),
        (decayed_accuracy, {"seed": 0, "m": 19}),
        (decayed_accuracy, {"seed": 0, "weight_decay": -1}),
    ],
)
def test_what_is_not_allowed_is_refused(function, bad):
    with pytest.raises((ValueError, TypeError), match=f"{list(bad)[-1]} must be"):
        function(**bad)
