"""Optimizers: their formulas written out number by number, and what a step leaves alone."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.optimizers import Adam, AdamW, GradientDescent, Momentum

ALL = [GradientDescent(0.1), Momentum(0.1, 0.8), Adam(0.1), AdamW(0.1, weight_decay=0.3)]
numbers = st.floats(-10, 10)


def run(optimizer, value, gradients):
    """Take one step for each number in ``gradients`` with a single weight and a bias of the same value."""
    parameters = {"W1": np.array([[value]]), "b1": np.array([[value]])}
    state = optimizer.start(parameters)
    for g in gradients:
        same = {name: np.array([[g]]) for name in parameters}
        parameters, state = optimizer.step(parameters, same, state)
    return parameters["W1"][0, 0], parameters["b1"][0, 0]


@given(numbers, st.lists(numbers, min_size=1, max_size=5))
def test_gradient_descent_moves_against_the_gradient(value, gradients):
    expected = value - 0.1 * sum(gradients)
    assert run(GradientDescent(0.1), value, gradients) == pytest.approx((expected, expected), abs=1e-12)


@given(numbers, st.lists(numbers, min_size=1, max_size=5))
def test_momentum_remembers_gradients_with_geometric_weights(value, gradients):
    """After t steps W = W₀ - η Σ_s V_s with V_s = Σ_{r ≤ s} β^(s - r) g_r."""
    velocities = [sum(0.8 ** (s - r) * gradients[r] for r in range(s + 1)) for s in range(len(gradients))]
    expected = value - 0.1 * sum(velocities)
    assert run(Momentum(0.1, 0.8), value, gradients) == pytest.approx((expected, expected), abs=1e-12)


def adam_by_hand(value, gradients, rate, decay=0.0, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Return the value after Adam's steps, means written as weighted sums over all past gradients."""
    for t in range(1, len(gradients) + 1):
        past = gradients[:t]
        mean = sum((1 - beta1) * beta1 ** (t - 1 - s) * g for s, g in enumerate(past)) / (1 - beta1**t)
        square = sum((1 - beta2) * beta2 ** (t - 1 - s) * g * g for s, g in enumerate(past)) / (1 - beta2**t)
        value = (1 - rate * decay) * value - rate * mean / (math.sqrt(square) + epsilon)
    return value


@given(numbers, st.lists(numbers.filter(lambda g: abs(g) > 1e-3), min_size=1, max_size=6))
def test_adam_is_its_definition_and_adamw_decays_weights_beside_the_gradient(value, gradients):
    plain, decayed = (adam_by_hand(value, gradients, 0.1, decay) for decay in (0.0, 0.3))
    assert run(Adam(0.1), value, gradients) == pytest.approx((plain, plain), rel=1e-9, abs=1e-9)
    found = run(AdamW(0.1, weight_decay=0.3), value, gradients)
    assert found == pytest.approx((decayed, plain), rel=1e-9, abs=1e-9)  # biases do not decay


def test_adam_with_l2_in_the_gradient_is_not_adamw():
    value = np.array([[5.0]])
    l2, _ = Adam(0.1).step({"W1": value}, {"W1": 0.3 * value}, Adam(0.1).start({"W1": value}))
    adamw = AdamW(0.1, weight_decay=0.3)
    decoupled, _ = adamw.step({"W1": value}, {"W1": 0 * value}, adamw.start({"W1": value}))
    assert l2["W1"][0, 0] == pytest.approx(5 - 0.1, abs=1e-6)  # the size of the gradient is divided away
    assert decoupled["W1"][0, 0] == pytest.approx(5 * 0.97)


@pytest.mark.parametrize("optimizer", ALL, ids=lambda optimizer: type(optimizer).__name__)
def test_a_step_changes_nothing_given(optimizer):
    rng = np.random.default_rng(0)
    parameters = {"W1": rng.standard_normal((2, 3)), "b1": rng.standard_normal((2, 1))}
    gradients = {name: rng.standard_normal(value.shape) for name, value in parameters.items()}
    _, state = optimizer.step(parameters, gradients, optimizer.start(parameters))
    kept = [*parameters.values(), *gradients.values()]
    kept += [array for part in state.values() if isinstance(part, dict) for array in part.values()]
    before = [array.tobytes() for array in kept]
    first, _ = optimizer.step(parameters, gradients, state)
    second, _ = optimizer.step(parameters, gradients, state)
    assert [array.tobytes() for array in kept] == before
    for name, value in first.items():
        assert not np.shares_memory(value, parameters[name])
        np.testing.assert_array_equal(value, second[name])


@pytest.mark.parametrize("number", [float, np.float64])
def test_float32_parameters_stay_float32(number):
    for optimizer in ALL:
        numbers = {name: number(value) for name, value in vars(optimizer).items()}
        stepped = gradients = {"W1": np.ones((2, 3), np.float32)}
        optimizer = type(optimizer)(**numbers)
        state = optimizer.start(stepped)
        for _ in range(2):
            stepped, state = optimizer.step(stepped, gradients, state)
        assert stepped["W1"].dtype == np.float32
