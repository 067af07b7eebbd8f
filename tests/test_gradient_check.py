"""The gradient check itself: exact on polynomials, still masks, and sensitive to small mistakes."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from course_utils import gradient_check as checks
from course_utils.gradient_check import gradient_check, numeric_gradients, relative_errors
from course_utils.network import compute_cost, initialize_parameters

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
    count = sum(value.size for value in parameters.values())
    steps = [0, *[1e-5, -1e-5, 5e-6, -5e-6] * count]
    np.testing.assert_allclose(seen, total + np.array(steps), rtol=1e-12)


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


# Costs of three numbers whose derivative has a jump at the first of them, and what a right backward may say there.
KINKS = {
    "abs": lambda w: abs(w),
    "relu": lambda w: max(w, 0.0) * 3 + w**2,
    "leaky relu": lambda w: max(w, 0.1 * w),
    "hinge": lambda w: max(0.0, -w) ** 1 + np.exp(w),
    "clip": lambda w: min(max(w, -1.0), 0.0),
    "max-norm": lambda w: (1 + w) / max(1.0, 1 + w) + w**3,
}


@pytest.mark.parametrize("kind", KINKS)
@given(st.floats(-0.99, 0.99), st.floats(-2, 2), st.floats(0.1, 2))
def test_a_right_gradient_passes_wherever_a_kink_lies_within_the_step(kind, place, smooth, other):
    """At the kink there is none; beside it, on one side of it, there is, and the difference across is not it."""
    f, at = KINKS[kind], place * 1e-5

    def cost(p):
        u, v, w = p["W1"][0]
        return float(f(u) + np.tanh(v) * w + w**2)

    W = np.array([[at, smooth, other]])
    side = np.sign(at) or 1.0
    right = np.array([[(f(at + side * 1e-9) - f(at)) / (side * 1e-9), (1 - np.tanh(smooth) ** 2) * other, 0.0]])
    right[0, 2] = np.tanh(smooth) + 2 * other
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = numeric_gradients(cost, {"W1": W})
    assert np.ma.isMaskedArray(found["W1"]) == (abs(place) < 1 / 64)  # where halving ends
    assert relative_errors({"W1": right}, found)["W1"] < 1e-5
    right[0, 2] += 1
    assert relative_errors({"W1": right}, found)["W1"] > 1e-2  # the other entries are compared as ever


def test_a_kink_is_named_with_both_slopes_and_masked():
    with pytest.warns(UserWarning, match=r"kink at W1\[0, 1\] \(-1 and 1\): its slope below is not that above"):
        found = numeric_gradients(lambda p: float(np.abs(p["W1"]).sum()), {"W1": np.array([[2.0, 0, -3]])})["W1"]
    assert np.ma.getmaskarray(found).tolist() == [[False, True, False]]
    np.testing.assert_allclose(np.asarray(found), [[1, 0, -1]], atol=1e-8)  # the differences are there all the same


@pytest.mark.parametrize("case", ["all dropped", "no weights", "weights of 0 under L1", "a feature of zeros"])
def test_the_course_s_own_gradient_is_right_at_kinks(case, monkeypatch):
    rng = np.random.default_rng(5)
    parameters, x, settings = initialize_parameters([2, 8, 8, 1], rng), rng.standard_normal((2, 20)), {}
    if case == "all dropped":
        settings = {"keep_prob": [0.5, 0.5, 0.5], "rng": rng}
    elif case == "no weights":
        parameters["W1"][:] = 0
    elif case == "weights of 0 under L1":
        parameters["W1"][2:5] = 0
        settings = {"lambd1": 3.0, "lambd": 1.0}
    else:
        x[:, 3] = 0
    y = rng.random((1, 20)) < 0.5
    with pytest.warns(UserWarning, match="The cost has a kink at"):
        assert max(gradient_check(x, y, parameters, **settings).values()) < 1e-6
    right = checks.backward
    monkeypatch.setattr(checks, "backward", lambda *a, **k: {n: 1.1 * g for n, g in right(*a, **k).items()})
    with pytest.warns(UserWarning, match="The cost has a kink at"):
        assert max(gradient_check(x, y, parameters, **settings).values()) > 1e-2


@given(matrices, st.floats(1e-7, 1e-2))
def test_what_is_smooth_has_no_kinks(W, epsilon):
    """Not even where it is bent, saturates, or has a slope of 0; warnings are errors here."""
    found = numeric_gradients(
        lambda p: float(np.sum(np.tanh(p["W1"]) ** 2) + np.mean(np.logaddexp(0, 3 * p["W1"]))), {"W1": W}, epsilon
    )
    assert not np.ma.isMaskedArray(found["W1"])


def test_masked_entries_are_left_out_and_no_others():
    hidden = np.ma.array([[1.0, 99.0]], mask=[[False, True]])
    assert relative_errors({"a": hidden}, {"a": [[1.0, 2.0]]}) == {"a": 0}
    assert relative_errors({"a": [[3.0, 2.0]]}, {"a": hidden}) == {"a": 0.5}


@pytest.mark.parametrize("keep_prob", [0.5, 0.9, 0.98])
@pytest.mark.parametrize("seed", range(20))
def test_noise_is_not_taken_for_kinks(seed, keep_prob):
    """Of masks that move, whether many units are dropped or hardly any; warnings are errors here."""
    rng = np.random.default_rng(seed)
    parameters, x = initialize_parameters([3, 4, 1], rng), rng.standard_normal((3, 2))
    settings = {"keep_prob": keep_prob, "rng": rng, "activation": "tanh"}
    found = numeric_gradients(
        lambda p: compute_cost(checks.forward(x, p, **settings)[0], np.ones((1, 2)), p), parameters
    )
    assert not any(map(np.ma.isMaskedArray, found.values()))


def test_what_bends_much_is_no_kink():
    """Its second derivative is a million times its first."""
    parameters = initialize_parameters([3, 4, 1], np.random.default_rng(0))
    x = 1e3 * np.random.default_rng(1).standard_normal((3, 5))
    assert max(gradient_check(x, np.ones((1, 5)), parameters, activation="tanh").values()) < 1e-4


@pytest.mark.parametrize("value", ["much", [1j], [None], [[1.0], [1.0, 2.0]]])
def test_a_gradient_that_holds_no_numbers_is_named(value):
    with pytest.raises((TypeError, ValueError), match=r"^W1 must h"):
        relative_errors({"W1": value}, {"W1": [1.0]})
