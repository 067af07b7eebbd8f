"""Digits: validation digits choose the step and are no part of the test."""

import numpy as np

from course_utils.costs import accuracy, softmax_cross_entropy
from course_utils.datasets import digits_split
from course_utils.experiments import digit_accuracy
from course_utils.network import forward, initialize_parameters
from course_utils.optimizers import Momentum
from course_utils.training import train

STEPS = (5, 10, 15, 20)


def plain_run(steps):
    """Return the data and the parameters after some steps of the plain loop."""
    rng = np.random.default_rng(3)
    data = digits_split(200, rng)
    start = initialize_parameters([64, 256, 256, 10], rng)
    settings = {"optimizer": Momentum(0.1), "cost": "softmax_cross_entropy", "record_every": steps}
    return data, train(data.x_train, data.y_train, start, rng=rng, steps=steps, **settings).parameters


def test_stopping_takes_the_step_with_the_lowest_cost_on_the_first_digits_and_tests_on_the_rest():
    scores = []
    for steps in STEPS:
        data, parameters = plain_run(steps)
        z, _ = forward(data.x_test, parameters)
        scores.append((softmax_cross_entropy(z[:, :30], data.y_test[:, :30]), accuracy(z[:, 30:], data.y_test[:, 30:])))
    assert digit_accuracy(3, validation=30, steps=20) == min(scores)[1]
    data, parameters = plain_run(20)
    assert digit_accuracy(3, steps=20) == accuracy(forward(data.x_test, parameters)[0], data.y_test)
