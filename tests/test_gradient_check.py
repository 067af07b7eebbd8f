"""The gradient check itself: exact on polynomials, still masks, and sensitive to small mistakes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from course_utils import gradient_check as checks
from course_utils.gradient_check import gradient_check, numeric_gradients, relative_errors
from course_utils.network import initialize_parameters

matrices = arrays(np.float64, (2, 3), elements=st.floats(-10, 10))


@given(matrices)
def test_differences_of_a_quadratic_are_exact_but_for_rounding(W):
    found = numeric_gradients(lambda p: float(np.sum(p["W1"] ** 2) + 3 * p["b1"][0, 0]), {"W1": W, "b1": W[:1, :1]})
    np.testing.assert_allclose(found["W1"], 2 * W, atol=1e-8)
    assert found["b1"][0, 0] == pytest.approx(3, abs=1e-8)


def test_differences_change_nothing_given_and_undo_every_nudge():
    parameters = initialize_parameters([2, 3, 1], np.random.default_rng(0))
    before, seen = {name: value.tobytes() for name, value in parameters.items()}, []
    numeric_gradients(lambda p: seen.append(sum(value.sum() for value in p.values())) or 0.0, parameters)
    assert {name: value.tobytes() for name, value in parameters.items()} == before
    total = sum(value.sum() for value in parameters.values())
    assert len(seen) == 2 * sum(value.size for value in parameters.values())
    np.testing.assert_allclose(seen, total + np.tile([1e-5, -1e-5], len(seen) // 2), rtol=1e-12)


@given(matrices, st.floats(1e-6, 0.5))
def test_the_relative_error_is_the_share_of_what_differs(W, share):
    size = np.linalg.norm(W)
    if size > 1e-3:
        error = relative_errors({"W1": W * (1 + share)}, {"W1": W})["W1"]
        assert error == pytest.approx(share / (2 + share), rel=1e-6)


def test_relative_errors_at_their_ends():
    zero, one = {"W1": np.zeros((2, 2))}, {"W1": np.ones((2, 2))}
    assert relative_errors(zero, zero) == {"W1": 0}
    assert relative_errors(zero, one) == {"W1": 1}
    assert relative_errors(one, {"W1": -np.ones((2, 2))}) == {"W1": 1}
    assert np.isnan(relative_errors(one, {"W1": np.full((2, 2), np.nan)})["W1"])  # and nan <= 1e-7 is False


@pytest.mark.parametrize("moving", [False, True])
def test_masks_are_drawn_once_and_held_still_or_it_would_be_nonsense(moving, monkeypatch):
    """Fresh masks at every difference are the mistake that given masks are there to avoid."""
    rng = np.random.default_rng(0)
    parameters, x = initialize_parameters([3, 8, 1], rng), rng.standard_normal((3, 10))
    still = checks.forward
    if moving:
        monkeypatch.setattr(checks, "forward", lambda *a, **k: still(*a, **(k | {"masks": None, "rng": rng})))
    errors = gradient_check(x, np.ones((1, 10)), parameters, keep_prob=[0.8, 0.5], rng=rng, activation="tanh")
    assert max(errors.values()) > 0.1 if moving else max(errors.values()) < 1e-7


@pytest.mark.parametrize("name", ["W1", "b1", "W2", "b2"])
def test_one_wrong_entry_in_one_array_is_seen_there_and_nowhere_else(name, monkeypatch):
    right = checks.backward

    def wrong(*arguments, **settings):
        gradients = right(*arguments, **settings)
        gradients[name][0, 0] *= 1.01
        return gradients

    monkeypatch.setattr(checks, "backward", wrong)
    rng = np.random.default_rng(1)
    parameters, x = initialize_parameters([3, 4, 1], rng), rng.standard_normal((3, 10))
    errors = gradient_check(x, np.ones((1, 10)), parameters, activation="tanh", lambd=1.0)
    assert errors.pop(name) > 1e-5
    assert max(errors.values()) < 1e-7


def test_float32_networks_are_checked_in_float64():
    rng = np.random.default_rng(0)
    parameters = initialize_parameters([3, 4, 1], rng, dtype=np.float32)
    x = rng.standard_normal((3, 10)).astype(np.float32)
    assert max(gradient_check(x, np.ones((1, 10)), parameters, activation="tanh").values()) < 1e-9


@pytest.mark.parametrize("kind", [np.uint8, np.int8, np.float16, np.float32])
@given(st.lists(st.integers(0, 100), min_size=2, max_size=5))
def test_relative_errors_of_small_types_are_those_of_large_ones(kind, numbers):
    first, second = np.array(numbers, kind), np.array(numbers[::-1], kind)
    exact = relative_errors({"a": first.astype(float)}, {"a": second.astype(float)})
    assert relative_errors({"a": first}, {"a": second}) == exact


@pytest.mark.parametrize("wrap", [np.float32, lambda value: np.array([[value]]), lambda value: np.array(value)])
def test_a_cost_may_be_any_one_number(wrap):
    found = numeric_gradients(lambda p: wrap(float(p["W1"][0, 0]) * 3), {"W1": np.array([[2.0]])}, epsilon=0.5)
    assert found["W1"] == pytest.approx(np.array([[3.0]]))


@pytest.mark.parametrize("value", [None, "much", [1.0, 2.0], np.ones((2, 2)), 1j])
def test_a_cost_that_is_no_number_is_named(value):
    with pytest.raises(TypeError, match="cost must return a number, got"):
        numeric_gradients(lambda p: value, {"W1": np.array([[2.0]])})
