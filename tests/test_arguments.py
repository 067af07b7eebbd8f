"""Checks of arguments: what passes unchanged, and what an error says."""

import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils import arguments
from course_utils.network import initialize_parameters

DOMAINS = [
    (lambda name, value: arguments.checked_keep_prob(value, name), "in (0, 1]", lambda value: 0 < value <= 1),
    (arguments.checked_below_one, "in [0, 1)", lambda value: 0 <= value < 1),
    (arguments.checked_nonnegative, ">= 0", lambda value: 0 <= value < np.inf),
    (arguments.checked_positive, "> 0", lambda value: 0 < value < np.inf),
]


@pytest.mark.parametrize(("check", "allowed", "inside"), DOMAINS)
@given(value=st.floats() | st.floats(-0.5, 1.5) | st.integers(-2, 2) | st.just(10**400))
def test_a_number_passes_unchanged_or_is_refused_with_its_interval(check, allowed, inside, value):
    if inside(value) and value < 10**400:
        assert check("rate", value) == value
    else:
        with pytest.raises(ValueError, match=re.escape(f"rate must be a number {allowed}, got {value}")):
            check("rate", value)


@pytest.mark.parametrize("number", [1, np.float32(0.5), np.float64(0.5), np.int64(1), Fraction(1, 2)])
def test_any_real_number_becomes_a_plain_float(number):
    assert type(arguments.checked_keep_prob(number)) is float
    assert arguments.checked_keep_prob(number) == number


@pytest.mark.parametrize("value", [True, np.True_, "0.5", None, 0.5j, [0.5], np.array(0.5), b"1"])
def test_what_is_no_number_is_a_type_error_that_shows_the_value(value):
    with pytest.raises(TypeError, match=f"^lambd must be a number >= 0, got .*{type(value).__name__}"):
        arguments.checked_nonnegative("lambd", value)


@given(st.integers(-5, 50), st.integers(0, 3))
def test_counts_start_at_their_minimum(value, minimum):
    if value >= minimum:
        assert arguments.checked_count("steps", np.int32(value), minimum) == value
        assert type(arguments.checked_count("steps", np.int32(value), minimum)) is int
    else:
        with pytest.raises(ValueError, match=f"steps must be a whole number >= {minimum}, got {value}"):
            arguments.checked_count("steps", value, minimum)


@pytest.mark.parametrize("value", [1.0, True, "3", None])
def test_counts_are_whole_numbers(value):
    with pytest.raises(TypeError, match="steps must be a whole number >= 1"):
        arguments.checked_count("steps", value)


def test_a_choice_is_listed_in_its_error():
    assert arguments.checked_choice("cost", "a", ["a", "b"]) == "a"
    for value, kind, shown in (("c", ValueError, "'c'"), (3, TypeError, r"3 \(int\)")):
        with pytest.raises(kind, match=f"cost must be one of a, b, got {shown}"):
            arguments.checked_choice("cost", value, ["a", "b"])


@pytest.mark.parametrize("rng", [None, 0, np.random.RandomState(0), np.random])
def test_only_a_generator_is_an_rng(rng):
    with pytest.raises(TypeError, match=r"rng must be a numpy.random.Generator such as np.random.default_rng\(0\)"):
        arguments.checked_rng(rng)
    good = np.random.default_rng(0)
    assert arguments.checked_rng(good) is good


@pytest.mark.parametrize(
    ("given_dtype", "dtype"),
    [(np.float32, np.float32), (np.float64, np.float64), (int, np.float64), (bool, np.float64), (np.uint8, np.float64)],
)
def test_floats_keep_their_dtype_and_whole_numbers_become_float64(given_dtype, dtype):
    array = np.ones((2, 3), given_dtype)
    checked = arguments.checked_array("x", array)
    assert checked.dtype == dtype
    np.testing.assert_array_equal(checked, array)


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        ([[1.0], [1.0, 2.0]], ValueError, "x must have rows of one length, got"),
        ([], ValueError, r"x must not be empty, got shape \(0,\)"),
        (np.zeros((2, 0)), ValueError, r"x must not be empty, got shape \(2, 0\)"),
        ([1.0, np.nan, np.inf], ValueError, "x must be finite, got 2 nan or infinite values"),
        ("text", TypeError, "x must hold real numbers, got 'text'"),
        (None, TypeError, r"x must hold real numbers, got None \(NoneType\)"),
        ([1j], TypeError, "x must hold real numbers, got"),
        ([object()], TypeError, "x must hold real numbers, got"),
    ],
)
def test_arrays_are_finite_real_and_not_empty(value, error, message):
    with pytest.raises(error, match=message):
        arguments.checked_array("x", value)


@pytest.mark.parametrize("shape", [(3,), (1, 2, 3), ()])
def test_a_matrix_has_two_axes(shape):
    with pytest.raises(ValueError, match="x must have 2 axes, one example per column, got shape"):
        arguments.checked_matrix("x", np.ones(shape))


@pytest.mark.parametrize("mask", [np.ones((2, 3), bool), [[1, 0, 1], [0, 0, 1]], np.zeros((2, 1)), np.eye(2, 3)])
def test_masks_of_zeros_and_ones_become_bool(mask):
    checked = arguments.checked_mask("mask", mask, (2, 3))
    assert checked.dtype == bool
    np.testing.assert_array_equal(checked, np.asarray(mask) == 1)


@pytest.mark.parametrize(
    ("mask", "message"),
    [
        (np.ones((3, 2)), r"mask must have shape \(2, 3\) or \(2, 1\), got \(3, 2\)"),
        (np.ones((1, 3)), r"mask must have shape \(2, 3\) or \(2, 1\), got \(1, 3\)"),
        (np.full((2, 3), 0.5), "mask must hold zeros and ones only, got values from 0.5 to 0.5"),
        (np.full((2, 3), np.nan), "mask must be finite"),
        (np.full((2, 3), 2), "mask must hold zeros and ones only, got values from 2 to 2"),
    ],
)
def test_other_masks_are_refused(mask, message):
    with pytest.raises(ValueError, match=message):
        arguments.checked_mask("mask", mask, (2, 3))


def test_parameters_give_the_layer_sizes():
    parameters = initialize_parameters([2, 5, 4, 3], np.random.default_rng(0))
    assert arguments.checked_parameters(parameters) == [2, 5, 4, 3]


def changed(**changes):
    """Return parameters of a 2-3-1 network with some arrays replaced, or left out for None."""
    parameters = initialize_parameters([2, 3, 1], np.random.default_rng(0)) | changes
    return {name: value for name, value in parameters.items() if value is not None}


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        (None, TypeError, "parameters must be a dict"),
        ({}, TypeError, "parameters must be a dict"),
        ([1, 2], TypeError, "parameters must be a dict"),
        (changed(b2=None), ValueError, "parameters must have the keys W1 b1 W2 b2 ..., got"),
        (changed(W3=np.ones((1, 1))), ValueError, "parameters must have the keys"),
        (changed(W1=[[1.0, 2.0]]), TypeError, "W1 must be a NumPy array of floats, got .* \\(list\\)"),
        (changed(W1=np.ones((3, 2), int)), TypeError, "W1 must be a NumPy array of floats"),
        (changed(b1=np.ones((3, 1), np.float32)), TypeError, "b1 must have the dtype of W1, float64, got float32"),
        (changed(W1=np.ones((3, 2, 1))), ValueError, "W1 must have 2 axes"),
        (changed(b1=np.ones(3)), ValueError, "b1 must have 2 axes"),
        (changed(b1=np.ones((1, 3))), ValueError, r"b1 must have shape \(3, 1\) to match W1, got \(1, 3\)"),
        (changed(W2=np.ones((1, 4))), ValueError, "W2 must have 3 columns, one per unit below it, got shape"),
        (changed(W2=np.full((1, 3), np.nan)), ValueError, "W2 must be finite, got 3 nan"),
    ],
)
def test_wrong_parameters_are_refused_by_name(parameters, error, message):
    with pytest.raises(error, match=message):
        arguments.checked_parameters(parameters)


def test_a_shown_value_is_one_short_line_with_its_type():
    text = arguments.shown(np.arange(100.0).reshape(10, 10))
    assert "\n" not in text
    assert len(text) < 90
    assert text.endswith("(ndarray of float64)")
