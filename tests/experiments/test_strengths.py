"""Strengths: the network is that of a quadrant run, decay acts, and what is trained on cannot choose."""

import numpy as np
import pytest

from course_utils.experiments import quadrant_run, validation_points
from course_utils.experiments.strengths import all_points, lambda_scores, scores_of, strength_accuracy
from course_utils.experiments.studies import read_study

REMEDIES = {"none": {}, "two": {"keep_prob": 0.8, "lambd": 0.5}, "L1": {"lambd1": 20.0}}


@pytest.mark.parametrize("name", REMEDIES)
def test_it_is_the_network_of_a_quadrant_run(name):
    for on, test in {"test": None, "validation": validation_points(3)}.items():
        history = quadrant_run(seed=3, records=1, resolution=2, test=test, **REMEDIES[name]).run.history
        assert strength_accuracy(3, on=on, **REMEDIES[name]) == history["test_accuracy"][-1]


def test_decay_outside_the_gradient_acts_and_more_of_it_acts_more():
    none, little, much = (strength_accuracy(3, weight_decay=strength) for strength in (0.0, 1e-6, 30.0))
    assert abs(little - none) < 0.02 < abs(much - none)


def test_joined_points_are_the_training_points_and_then_the_validation_points():
    data = quadrant_run(seed=4, steps=1, m_test=1, resolution=2).data
    x, y = all_points(data, 4)
    x_validation, y_validation = validation_points(4)
    assert np.array_equal(x, np.hstack([data.x_train, x_validation]))
    assert np.array_equal(y, np.hstack([data.y_train, y_validation]))
    assert strength_accuracy(4, lambd=1.0, joined=True) != strength_accuracy(4, lambd=1.0)


def test_points_that_were_trained_on_choose_nothing():
    with pytest.raises(ValueError, match="on must be 'test' with joined=True"):
        strength_accuracy(0, on="validation", joined=True)
    with pytest.raises(ValueError, match="on must be one of test, validation"):
        strength_accuracy(0, on="training")


def test_scores_of_lambdas_are_those_of_single_runs():
    train, validation, cost, test = lambda_scores(3, [0.0, 1.0])
    for i, lambd in enumerate((0.0, 1.0)):
        points = validation_points(3)
        history = quadrant_run(lambd=lambd, seed=3, records=1, test=points).run.history
        last = {name: values[-1] for name, values in history.items()}
        assert (train[i], validation[i]) == (last["train_accuracy"], last["test_accuracy"])
        assert cost[i] == pytest.approx(last["test_cost"])
        assert test[i] == strength_accuracy(3, lambd=lambd)


def test_scores_of_a_study_are_those_of_one_recipe():
    study = read_study("decay_strengths")
    tried, accuracies = scores_of(study, "Adam", "test")
    assert np.array_equal(accuracies[2], study.values[f"Adam, {tried[2]}, test"])
    assert len(tried) == 5 != len(scores_of(study, "AdamW", "test")[0])
