"""Random features: the errors are those of a plain solution, with a peak without λ and none at the best."""

import numpy as np
import pytest

from course_utils.experiments.feature_weights import smallest_length
from course_utils.experiments.features import (
    COUNTS,
    STRENGTHS,
    feature_errors,
    isotropic_errors,
    random_features,
    shrunken_inverse,
    squared_errors,
)


@pytest.mark.parametrize("count", [20, 60, 200])
def test_errors_are_those_of_the_normal_equations(count):
    rng = np.random.default_rng([3, 1])
    x, w = rng.standard_normal((10, 60)), rng.standard_normal(10) / np.sqrt(10)
    y, x_test = w @ x + 0.5 * rng.standard_normal(60), rng.standard_normal((10, 1000))
    a, a_test = random_features(x, count, 3), random_features(x_test, count, 3)
    train, test = squared_errors(3, count)
    for place, lambd in enumerate(STRENGTHS):
        if lambd >= 0.001:
            v = np.linalg.solve(a @ a.T + lambd * np.eye(count), a @ y)
            assert np.mean((v @ a - y) ** 2) == pytest.approx(train[place], rel=1e-6)
            assert np.mean((v @ a_test - w @ x_test) ** 2) == pytest.approx(test[place], rel=1e-6)
    if count != 60:
        v = np.linalg.pinv(a.T) @ y
        assert np.mean((v @ a_test - w @ x_test) ** 2) == pytest.approx(test[0], rel=1e-6)


@pytest.mark.parametrize("count", [20, 60, 400])
def test_length_is_that_of_the_pseudoinverse_on_undivided_outputs(count):
    rng = np.random.default_rng([3, 1])
    x, w = rng.standard_normal((10, 60)), rng.standard_normal(10) / np.sqrt(10)
    y = w @ x + 0.5 * rng.standard_normal(60)
    W = np.random.default_rng([3, 2]).standard_normal((400, 10))[:count] / np.sqrt(10)
    weights = np.linalg.pinv(np.maximum(W @ x, 0).T) @ y
    assert smallest_length(3, count) == pytest.approx(np.linalg.norm(weights), rel=1e-6)
    with pytest.raises(ValueError, match=r"count must be one of 5, .*, 400, got 61"):
        smallest_length(3, 61)


def test_a_larger_layer_begins_with_the_smaller():
    x = np.random.default_rng(0).standard_normal((10, 4))
    small, large = random_features(x, 5, 1), random_features(x, 20, 1)
    assert np.allclose(small * np.sqrt(5), large[:5] * np.sqrt(20))


def test_small_singular_values_are_left_out_without_a_penalty_only():
    assert shrunken_inverse(np.array([2.0, 1e-14]), 0.0).tolist() == [0.5, 0.0]
    assert shrunken_inverse(np.array([2.0, 1.0]), 1.0) == pytest.approx([0.4, 0.5])


def test_the_peak_is_where_weights_and_points_are_equally_many():
    found = feature_errors(20, 0.1)
    assert (COUNTS[found.count], STRENGTHS[found.strength]) == (20, 0.1)
    assert COUNTS[np.argmax(found.test[:, 0])] == 60
    assert np.all(np.diff(found.test.min(axis=1)) < 0)


def test_the_best_strength_is_the_best():
    n, m, noise = 40, 30, 0.5
    x = np.random.default_rng(0).standard_normal((200, m, n))
    errors = {}
    for lambd in (0.5 * n * noise**2, n * noise**2, 2 * n * noise**2):
        rng, total = np.random.default_rng(1), 0.0
        for one in x:
            w = rng.standard_normal(n)
            w /= np.linalg.norm(w)
            y = one @ w + noise * rng.standard_normal(m)
            total += np.sum((np.linalg.solve(one.T @ one + lambd * np.eye(n), one.T @ y) - w) ** 2)
        errors[lambd] = total
    assert min(errors, key=errors.get) == n * noise**2


def test_more_points_begin_with_the_fewer():
    assert isotropic_errors(0, 30) != isotropic_errors(1, 30)
    assert isotropic_errors(0, 400)[0] < 0.1


@pytest.mark.parametrize("bad", [{"features": 61}, {"lambd": 0.2}])
def test_what_is_not_allowed_is_refused(bad):
    with pytest.raises(ValueError, match=f"{next(iter(bad))} must be one of"):
        feature_errors(**bad)
