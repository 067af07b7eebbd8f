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
def test_softmax_is_scipys_down_a_column(z):
    np.testing.assert_allclose(activations.softmax(z), special.softmax(z, axis=0), rtol=1e-13, atol=1e-300)


@given(logits)
def test_tanh_relu_and_identity_agree_with_the_math_module(z):
    np.testing.assert_allclose(activations.tanh(z), np.vectorize(math.tanh, [float])(z), rtol=1e-14)
    assert activations.relu(z).tolist() == [[max(value, 0) for value in row] for row in z.tolist()]
    assert activations.identity(z).tolist() == z.tolist()


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_going_back_is_finite_at_a_thousand_and_keeps_the_dtype(name, dtype):
    for z in (EXTREME.astype(dtype), EXTREME.T.astype(dtype)):
        a, dz = ACTIVATIONS[name].function(z), ACTIVATIONS[name].backward(np.ones_like(z), z)
        assert a.dtype == dz.dtype == dtype
        assert a.shape == dz.shape == z.shape
        assert np.isfinite([a, dz]).all()


@pytest.mark.parametrize("name", ONE_BY_ONE)
@given(z=moderate, da=moderate)
def test_derivatives_are_the_slopes_and_going_back_multiplies_by_them(name, z, da):
    function, derivative = ONE_BY_ONE[name]
    z = np.where(np.abs(z) < 1e-3, 0.5, z)  # relu has no slope at 0
    slope = (function(z + 1e-5) - function(z - 1e-5)) / 2e-5
    np.testing.assert_allclose(derivative(z), slope, atol=1e-9)
    np.testing.assert_allclose(ACTIVATIONS[name].backward(da, z), da * derivative(z), rtol=1e-15)


def test_the_derivative_of_relu_at_its_kink_is_zero():
    assert activations.relu_derivative(np.array([[0.0, -0.0]])).tolist() == [[0, 0]]


@given(z=moderate, da=moderate)
def test_softmax_goes_back_through_its_whole_jacobian(z, da):
    s = special.softmax(z, axis=0)
    jacobians = np.einsum("im,ij->mij", s, np.eye(len(s))) - np.einsum("im,jm->mij", s, s)
    np.testing.assert_allclose(activations.softmax_backward(da, z), np.einsum("mij,jm->im", jacobians, da), atol=1e-13)


@given(moderate)
def test_no_activation_changes_its_argument(z):
    before = z.copy()
    for activation in ACTIVATIONS.values():
        activation.function(z)
        activation.backward(z, z)
    np.testing.assert_array_equal(z, before)
