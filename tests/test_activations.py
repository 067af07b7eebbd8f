"""Activations against other implementations, at extremes, and against differences."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import special

from course_utils import activations
from course_utils.activations import ACTIVATIONS

EXTREME = np.array([[-1000.0, -50.0, -1.0, 0.0, 1.0, 50.0, 1000.0]])
ONE_BY_ONE = {
    "sigmoid": (activations.sigmoid, activations.sigmoid_derivative),
    "tanh": (activations.tanh, activations.tanh_derivative),
    "relu": (activations.relu, activations.relu_derivative),
    "identity": (activations.identity, activations.identity_derivative),
}
logits = arrays(np.float64, st.tuples(st.integers(1, 5), st.integers(1, 4)), elements=st.floats(-1000, 1000))
moderate = arrays(np.float64, (3, 4), elements=st.floats(-8, 8))


@given(logits)
def test_sigmoid_is_scipys_to_the_last_digits(z):
    np.testing.assert_allclose(activations.sigmoid(z), special.expit(z), rtol=1e-14, atol=1e-300)


@given(logits)
def test_sigmoid_of_both_signs_sums_to_one(z):
    np.testing.assert_allclose(activations.sigmoid(z) + activations.sigmoid(-z), 1, rtol=1e-15)


@given(logits)
def test_softmax_is_scipys_and_sums_to_one_down_a_column(z):
    s = activations.softmax(z)
    np.testing.assert_allclose(s, special.softmax(z, axis=0), rtol=1e-13, atol=1e-300)
    np.testing.assert_allclose(s.sum(axis=0), 1, rtol=1e-14)


@given(moderate, st.floats(-500, 500))
def test_softmax_does_not_change_when_a_column_is_shifted(z, shift):
    np.testing.assert_allclose(activations.softmax(z + shift), activations.softmax(z), rtol=1e-11)


@given(st.floats(-8, 8))
def test_tanh_relu_and_identity_agree_with_the_math_module(value):
    z = np.array([[value]])
    assert activations.tanh(z)[0, 0] == pytest.approx(math.tanh(value), rel=1e-14)
    assert activations.relu(z)[0, 0] == max(value, 0)
    assert activations.identity(z)[0, 0] == value


def test_limits_are_right_at_a_thousand():
    assert activations.sigmoid(EXTREME)[0, [0, 3, 6]].tolist() == [0, 0.5, 1]
    assert activations.tanh(EXTREME)[0, [0, 3, 6]].tolist() == [-1, 0, 1]
    assert activations.relu(EXTREME)[0, [0, 3, 6]].tolist() == [0, 0, 1000]
    assert activations.softmax(EXTREME.T)[:, 0].tolist() == [0, 0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_going_back_is_finite_at_a_thousand_and_keeps_the_dtype(name, dtype):
    for z in (EXTREME.astype(dtype), EXTREME.T.astype(dtype)):
        a, dz = ACTIVATIONS[name].function(z), ACTIVATIONS[name].backward(np.ones_like(z), z)
        assert a.dtype == dz.dtype == dtype
        assert a.shape == dz.shape == z.shape
        assert np.isfinite(a).all()
        assert np.isfinite(dz).all()


@pytest.mark.parametrize("name", ONE_BY_ONE)
@given(z=moderate)
def test_derivatives_are_the_slopes(name, z):
    function, derivative = ONE_BY_ONE[name]
    z = np.where(np.abs(z) < 1e-3, 0.5, z)  # relu has no slope at 0
    slope = (function(z + 1e-5) - function(z - 1e-5)) / 2e-5
    np.testing.assert_allclose(derivative(z), slope, atol=1e-9)


@pytest.mark.parametrize("name", ONE_BY_ONE)
@given(z=moderate, da=moderate)
def test_going_back_multiplies_by_the_derivative(name, z, da):
    np.testing.assert_allclose(ACTIVATIONS[name].backward(da, z), da * ONE_BY_ONE[name][1](z), rtol=1e-15)


def test_the_derivative_of_relu_at_its_kink_is_zero():
    assert activations.relu_derivative(np.array([[0.0, -0.0]])).tolist() == [[0, 0]]


@given(z=moderate, da=moderate)
def test_softmax_goes_back_through_its_whole_jacobian(z, da):
    columns = []
    for z_column, da_column in zip(z.T, da.T, strict=True):
        s = special.softmax(z_column)
        columns.append((np.diag(s) - np.outer(s, s)) @ da_column)
    np.testing.assert_allclose(activations.softmax_backward(da, z), np.stack(columns, axis=1), atol=1e-13)


@given(moderate)
def test_no_activation_changes_its_argument(z):
    before = z.copy()
    for activation in ACTIVATIONS.values():
        activation.function(z)
        activation.backward(z, z)
    np.testing.assert_array_equal(z, before)
