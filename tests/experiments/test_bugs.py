"""Bugs of the backward pass: healthy it is the course's, ill it is wrong in W1 and b1 alone, and only through masks."""

import numpy as np
import pytest

from course_utils.datasets import seed_quadrants
from course_utils.dropout import draw_mask
from course_utils.experiments.bugs import (
    BUGS,
    LEARNING_RATE,
    OTHER_SEEDS,
    backward,
    examination,
    first_parameters,
    forward,
    gradient_errors,
    training_costs,
)
from course_utils.network import backward as right_backward
from course_utils.network import compute_cost
from course_utils.network import forward as right_forward

X, Y, _ = seed_quadrants()
ILL = [bug for bug in BUGS if bug != "healthy"]
SCALES = (0.01, 0.1, 1.0)


def case(scale, keep_prob=0.7, seed=0):
    """Return first parameters with biases that are not zero, a mask, and what the course's forward pass keeps."""
    rng = np.random.default_rng(seed)
    parameters = first_parameters(scale, rng)
    parameters |= {name: scale * rng.standard_normal(parameters[name].shape) for name in ("b1", "b2")}
    mask = draw_mask((30, 200), keep_prob, rng)
    z, cache = right_forward(X, parameters, activation="tanh", keep_prob=keep_prob, masks=[None, mask])
    return parameters, mask, z, cache


def gradients(bug, scale, keep_prob=0.7):
    parameters, mask, _, _ = case(scale, keep_prob)
    keep = mask / keep_prob
    return backward(X, Y, parameters, forward(X, parameters, keep), keep, bug)


@pytest.mark.parametrize("scale", SCALES)
def test_healthy_passes_are_the_courses(scale):
    parameters, mask, z, cache = case(scale)
    found, _, dropped = forward(X, parameters, mask / 0.7)
    np.testing.assert_allclose(found, z, rtol=1e-12)
    np.testing.assert_allclose(dropped, cache["inputs"][1], rtol=1e-12)
    for name, gradient in right_backward(Y, parameters, cache).items():
        np.testing.assert_allclose(gradients("healthy", scale)[name], gradient, rtol=1e-12, atol=1e-16)


def test_bugs_are_those_of_their_names():
    parameters, mask, z, _ = case(1.0)
    a = np.tanh(parameters["W1"] @ X + parameters["b1"])
    dropped = a * mask / 0.7
    dz2 = (1 / (1 + np.exp(-z)) - Y) / 200
    da = parameters["W2"].T @ dz2
    masked = da * mask / 0.7
    slopes = {"A4": da * (1 - a**2), "A5": masked * (1 - dropped**2), "both": da * (1 - dropped**2)}
    assert list(slopes) == ILL
    for bug, dz in slopes.items():
        for name, layer, inputs in (("1", dz, X), ("2", dz2, dropped)):  # wrong below the mask, right above
            found = gradients(bug, 1.0)
            np.testing.assert_allclose(found[f"W{name}"], layer @ inputs.T, rtol=1e-10, atol=1e-14)
            np.testing.assert_allclose(found[f"b{name}"], layer.sum(axis=1, keepdims=True), rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("keep_prob", [0.05, 0.7, 0.95, 1.0])
@pytest.mark.parametrize("scale", [0.01, 0.03, 0.1, 0.3, 1.0])
def test_the_gradient_check_passes_the_healthy_and_only_them(scale, keep_prob):
    parameters = first_parameters(scale, np.random.default_rng(1))
    errors = gradient_errors(X, Y, parameters, keep_prob=keep_prob, rng=np.random.default_rng(2))
    assert list(errors) == list(BUGS)
    for bug, found in errors.items():
        assert max(found["W2"], found["b2"]) < 1e-7
        assert (max(found["W1"], found["b1"]) > 1e-7) == (bug != "healthy" and keep_prob < 1)
        if bug in ("A4", "both") and keep_prob < 1:
            assert min(found["W1"], found["b1"]) > 1e-3


def test_with_first_weights_as_small_as_the_seeds_the_second_bug_lies_between_the_lines():
    found = examination("A5").errors
    assert 1e-7 < found["W1"] < 1e-3
    assert examination("A5", scale=0.3).errors["W1"] > 1e-3


@pytest.mark.parametrize("bug", ILL)
def test_nothing_dropped_means_no_bug(bug):
    found = examination(bug, scale=1.0, steps=30, keep_prob=1.0)
    assert np.array_equal(found.costs, found.healthy_costs)
    assert found.errors == found.healthy_errors
    assert max(found.errors.values()) < 1e-7


def test_healthy_costs_are_those_of_the_courses_own_steps():
    parameters, rng = first_parameters(0.3, np.random.default_rng(0)), np.random.default_rng(1)
    found = training_costs(X, Y, parameters, steps=20, keep_prob=0.6, rng=np.random.default_rng(1), bug="healthy")
    for cost in found:
        z, cache = right_forward(X, parameters, activation="tanh", keep_prob=0.6, rng=rng)
        assert cost == pytest.approx(compute_cost(z, Y, parameters), rel=1e-12)
        gradient = right_backward(Y, parameters, cache)
        parameters = {name: value - LEARNING_RATE * gradient[name] for name, value in parameters.items()}


def test_training_changes_nothing_given():
    parameters = first_parameters(0.3, np.random.default_rng(0))
    before = {name: value.tobytes() for name, value in parameters.items()}
    training_costs(X, Y, parameters, steps=3, keep_prob=0.6, rng=np.random.default_rng(1), bug="both")
    assert {name: value.tobytes() for name, value in parameters.items()} == before


def test_the_costs_of_ten_steps_hide_the_bugs_and_those_of_large_weights_do_not():
    hidden, shown = examination("both"), examination("both", scale=0.3, steps=1000)
    assert 0 < hidden.differences.max() < hidden.other_differences.max() / 50
    assert shown.differences[-100:].min() > shown.other_differences[-100:].max()
    assert np.all(shown.costs[-100:] < shown.healthy_costs[-100:])  # and it is the ill one whose cost is lower


def test_an_examination_holds_one_start_and_one_row_of_masks():
    found, other = examination("A4", 0.1, 12, 0.8, 3, seed=5), examination("A4", 0.1, 12, 0.8, 4, seed=5)
    assert found.costs[0] == found.healthy_costs[0] != other.costs[0]  # a bug is felt after its first step
    assert found.costs[1] != found.healthy_costs[1]
    assert found.other_costs.shape == (OTHER_SEEDS, 12)
    assert np.array_equal(found.other_costs[0], examination("healthy", 0.1, 12, 0.8, seed=6).costs)
    assert np.array_equal(found.other_costs, other.other_costs)
    assert np.array_equal(found.differences, np.abs(found.costs - found.healthy_costs))
    assert np.array_equal(found.other_differences[1], np.abs(found.other_costs[1] - found.healthy_costs))
    first = first_parameters(0.1, np.random.default_rng([5, 1]))
    rngs = [np.random.default_rng([5, 2, 3]) for _ in range(2)]
    again = training_costs(X, Y, first, steps=12, keep_prob=0.8, rng=rngs[0], bug="A4")
    assert np.array_equal(found.costs, again)
    errors = gradient_errors(X, Y, first, keep_prob=0.8, rng=rngs[1])  # through the first mask of the run
    assert (found.errors, found.healthy_errors) == (errors["A4"], errors["healthy"])
    with pytest.raises(ValueError, match="read-only"):
        found.costs[0] = 0  # it is kept for the next who asks


def test_first_parameters_are_uniform_up_to_their_scale():
    found = first_parameters(0.1, np.random.default_rng(0))
    weights = np.concatenate([found["W1"].ravel(), found["W2"].ravel()])
    assert 0 < weights.min() < 0.02
    assert 0.08 < weights.max() < 0.1
    assert not found["b1"].any()
    assert not found["b2"].any()
