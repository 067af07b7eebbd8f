"""Costs against their naive formulas with more digits, at extreme logits, and against differences."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils import costs
from course_utils.costs import COSTS
from course_utils.gradient_check import numeric_gradients


@st.composite
def logits_and_labels(draw, cost, limit):
    """Draw z and y (n, m) that suit ``cost``, with |z| <= limit."""
    n, m, rng = draw(st.integers(1, 4)), draw(st.integers(1, 5)), np.random.default_rng(draw(st.integers(0, 2**32)))
    z = rng.uniform(-limit, limit, (n, m))
    if cost == "mean_squared_error":
        return z, rng.uniform(-limit, limit, (n, m))
    if draw(st.booleans()):  # soft labels
        y = rng.random((n, m))
        return z, y / y.sum(axis=0) if cost == "softmax_cross_entropy" else y
    hard = np.eye(n)[:, rng.integers(n, size=m)]
    return z, hard if cost == "softmax_cross_entropy" else rng.integers(2, size=(n, m)).astype(float)


def naive(cost, z, y):
    """Return the cost from its textbook formula, which overflows for large logits, in extended precision."""
    z, y = z.astype(np.longdouble), y.astype(np.longdouble)
    if cost == "mean_squared_error":
        return np.sum((z - y) ** 2) / z.size
    if cost == "softmax_cross_entropy":
        s = np.exp(z) / np.exp(z).sum(axis=0)
        return -np.sum(y * np.log(s)) / z.shape[1]
    a = 1 / (1 + np.exp(-z))
    return -np.sum(y * np.log(a) + (1 - y) * np.log(1 - a)) / z.size


@pytest.mark.parametrize("name", COSTS)
@given(data=st.data())
def test_costs_are_their_textbook_formulas_and_gradients_their_slopes(name, data):
    z, y = data.draw(logits_and_labels(name, 15))
    assert COSTS[name].value(z, y) == pytest.approx(float(naive(name, z, y)), rel=1e-10, abs=1e-11)
    z, y = data.draw(logits_and_labels(name, 5))
    slope = numeric_gradients(lambda p: COSTS[name].value(p["z"], y), {"z": z})["z"]
    np.testing.assert_allclose(COSTS[name].gradient(z, y), slope, atol=1e-8)


@pytest.mark.parametrize("name", COSTS)
@given(data=st.data())
def test_costs_and_gradients_are_finite_at_a_thousand_and_far_beyond(name, data):
    for limit in (1e3, 1e100):
        z, y = data.draw(logits_and_labels(name, limit))
        assert np.isfinite(COSTS[name].value(z, y))
        assert np.isfinite(COSTS[name].gradient(z, y)).all()


def test_cross_entropies_grow_with_the_logit_where_the_label_is_wrong():
    z, y = np.array([[1000.0, -1000.0, 1000.0, -1000.0]]), np.array([[1.0, 0.0, 0.0, 1.0]])
    assert costs.binary_cross_entropy(z, y) == 500
    assert costs.binary_cross_entropy_gradient(z, y).tolist() == [[0, 0, 0.25, -0.25]]
    z, y = np.array([[1000.0, -1000.0], [-1000.0, 1000.0]]), np.array([[1.0, 1.0], [0.0, 0.0]])
    assert costs.softmax_cross_entropy(z, y) == 1000
    assert costs.softmax_cross_entropy_gradient(z, y).tolist() == [[0, -0.5], [0, 0.5]]


def test_links_turn_logits_into_predictions():
    z = np.array([[0.0, 2.0], [0.0, 1.0]])
    np.testing.assert_allclose(COSTS["binary_cross_entropy"].link(z), 1 / (1 + np.exp(-z)))
    np.testing.assert_allclose(COSTS["softmax_cross_entropy"].link(z), np.exp(z) / np.exp(z).sum(axis=0))
    np.testing.assert_array_equal(COSTS["mean_squared_error"].link(z), z)


@pytest.mark.parametrize("name", COSTS)
def test_float32_gradients_stay_float32(name):
    z, y = np.ones((2, 3), np.float32), np.full((2, 3), 0.5, np.float32)
    assert COSTS[name].gradient(z, y).dtype == np.float32


@pytest.mark.parametrize("name", COSTS)
@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.int64, bool])
@pytest.mark.parametrize("label_dtype", [np.uint8, bool, np.float64])
def test_whole_numbers_cost_what_the_same_floats_do(name, dtype, label_dtype):
    """In bytes 0 - 20 is 236, and NumPy does not subtract truth values."""
    z, y = np.array([[3, 0, 1], [0, 100, 0]]).astype(dtype), np.eye(2)[:, [1, 0, 0]].astype(label_dtype)
    for function in (COSTS[name].value, COSTS[name].gradient, costs.accuracy):
        np.testing.assert_array_equal(function(z, y), function(z.astype(float), y.astype(float)))


def test_accuracy_counts_columns():
    assert costs.accuracy(np.array([[2.0, -1.0, 3.0, -4.0]]), np.array([[1, 0, 0, 0]])) == 0.75
    assert costs.accuracy(np.array([[0.1, -0.1]]), np.array([[1, 0]])) == 1  # the border is at logit 0
    z = np.array([[3.0, 1.0, 0.0, 0.0], [1.0, 2.0, 1.0, 2.0], [0.0, 0.0, 5.0, 9.0]])
    assert costs.accuracy(z, np.eye(3)[:, [0, 1, 2, 2]]) == 1
    assert costs.accuracy(z, np.eye(3)[:, [1, 0, 2, 1]]) == 0.25
