"""Stopped gradient descent beside L2: closed forms against the steps themselves, and the theorem's bound."""

import numpy as np
import pytest

from course_utils.experiments.bowl import BOWL
from course_utils.experiments.descent import (
    LOG_TIMES,
    penalized_share,
    regression_risks,
    stopped_descent,
    stopped_share,
)


def test_tiny_steps_come_where_the_formula_says():
    rate, steps, curvature = 1e-4, 30_000, np.array([0.01, 0.3, 2.0])
    assert np.allclose(stopped_share(curvature, rate * steps), 1 - (1 - rate * curvature) ** steps, atol=1e-4)


@pytest.mark.parametrize("log_time", [-1.0, 0.0, 1.5])
def test_both_are_where_they_should_be_on_the_bowl(log_time):
    found, w = stopped_descent(log_time), np.zeros(2)
    for _ in range(20_000):
        w -= found.time / 20_000 * BOWL.curvature @ (w - BOWL.centre)
    assert np.allclose(found.weights[0], w, atol=1e-3)
    assert np.allclose(found.weights[1], BOWL.minimum(lambd=BOWL.m / found.time), atol=1e-12)


def test_a_place_lies_on_its_path():
    found = stopped_descent(float(LOG_TIMES[17]))
    for path, weights, risks, risk in zip(found.paths, found.weights, found.risks, found.risk, strict=True):
        assert np.allclose(path[:, 17], weights)
        assert risks[17] == pytest.approx(risk)


def test_errors_are_those_of_drawn_labels():
    m, n, time = 30, 5, 3.0
    rng = np.random.default_rng([2, 6])  # as there
    x = rng.standard_normal((n, m)) * np.linspace(1, 0.1, n)[:, np.newaxis]
    curvature, directions = np.linalg.eigh(x @ x.T / m)
    w = directions @ (directions.T @ rng.standard_normal(n) / np.sqrt(n))
    noise = np.random.default_rng(0).standard_normal((20_000, m))
    fitted = np.linalg.lstsq(x.T, (w @ x + noise).T, rcond=None)[0]  # (n, 20 000)
    exact = regression_risks(np.array([time]), seed=2, m=m, n=n)
    for share, expected in zip((stopped_share, penalized_share), exact, strict=True):
        shrunken = directions @ (share(curvature, time)[:, np.newaxis] * (directions.T @ fitted))
        assert np.mean(np.sum((shrunken - w[:, np.newaxis]) ** 2, axis=0)) == pytest.approx(expected[0], rel=0.03)


@pytest.mark.parametrize("seed", range(10))
def test_stopping_is_never_worse_than_the_theorem_says(seed):
    stopped, penalized = regression_risks(10 ** np.linspace(-3, 5, 200), seed=seed)
    assert np.max(stopped / penalized) <= 1.69


@pytest.mark.parametrize("bad", [{"log_time": 3.1}, {"log_time": "1"}, {"seed": -1}])
def test_what_is_not_allowed_is_refused(bad):
    with pytest.raises((ValueError, TypeError), match=f"{next(iter(bad))} must be"):
        stopped_descent(**bad)
