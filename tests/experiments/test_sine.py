"""The second seed's networks: the training is that of its notebook, and moments are moments of one training."""

import numpy as np
import pytest

from course_utils.activations import sigmoid
from course_utils.datasets import sine
from course_utils.experiments.sine import MOMENTS, NETWORKS, sine_run


def learned_as_in_the_notebook(units, rate, seed, steps):
    """Return what that notebook's own lines make of the points after some steps."""
    x, y = sine()
    legacy = np.random.RandomState(seed)
    w1, w2 = legacy.random_sample((units, 1)), legacy.random_sample((1, units))
    b1, b2 = np.zeros((units, 1)), np.zeros((1, 1))
    for _ in range(steps):
        a = sigmoid(w1 @ x + b1)
        dz2 = w2 @ a + b2 - y
        dz1 = w2.T @ dz2 * a * (1 - a)
        w2, b2 = w2 - rate * dz2 @ a.T / 100, b2 - rate * dz2.mean(axis=1, keepdims=True)
        w1, b1 = w1 - rate * dz1 @ x.T / 100, b1 - rate * dz1.mean(axis=1, keepdims=True)
    return w2 @ sigmoid(w1 @ x + b1) + b2


@pytest.mark.parametrize("network", NETWORKS)
def test_it_learns_as_the_notebook_does(network):
    units, rate, _ = NETWORKS[network]
    run = sine_run(network, seed=3, moment=7)
    assert np.allclose(run.fit, learned_as_in_the_notebook(units, rate, 3, run.steps[-1]), rtol=0, atol=1e-9)
    assert run.costs[-1] == np.mean((run.fit - run.y) ** 2)


@pytest.mark.parametrize("network", NETWORKS)
def test_moments_are_those_of_one_training(network):
    last = sine_run(network, 1)
    assert (len(last.steps), last.steps[0], last.steps[-1], last.last) == (MOMENTS + 1, 0, *[NETWORKS[network][2]] * 2)
    assert np.all(np.diff(last.steps) > 0)
    early = sine_run(network, 1, 5)
    assert np.array_equal(early.steps, last.steps[:6])
    assert np.array_equal(early.costs, last.costs[:6])


def test_one_start_is_stuck_and_another_is_not():
    stuck, done = sine_run("1-6-1", 0).costs[-1], sine_run("1-6-1", 1).costs[-1]
    assert stuck == pytest.approx(11.6, abs=0.05)
    assert done == pytest.approx(0.2, abs=0.05)


def test_the_first_step_of_the_wide_network_goes_up():
    costs = sine_run("1-25-1", 0, 1).costs
    assert costs[1] > 1.2 * costs[0]


@pytest.mark.parametrize("bad", [{"network": "2-6-1"}, {"seed": -1}, {"moment": MOMENTS + 1}, {"moment": 0.5}])
def test_what_is_not_allowed_is_refused(bad):
    with pytest.raises((ValueError, TypeError), match=f"{next(iter(bad))} must be"):
        sine_run(**bad)
