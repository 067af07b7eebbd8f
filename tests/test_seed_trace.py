"""The first seed's ten printed costs, with its own wrong backward pass; and what the right one changes.

A falling cost says nothing about a gradient: only the ninth number moves. A gradient check says it at once.
"""

import numpy as np
import pytest

from course_utils.datasets import seed_quadrants
from course_utils.gradient_check import numeric_gradients, relative_errors
from course_utils.network import backward, compute_cost, forward
from course_utils.optimizers import GradientDescent

PRINTED = ["0.693123", "0.693079", "0.693048", "0.693010", "0.692978"]
PRINTED += ["0.692937", "0.692903", "0.692873", "0.692840", "0.692827"]
KEEP_PROB = 0.7
ACTIVATION = "tanh"


def seeds_backward(y, parameters, cache):
    """Return the seed's gradients, the specimen of two mistakes.

    It masks and scales the gradient that reaches the hidden layer and then goes on with the unmasked one, and it takes
    the derivative of tanh from the activation after masking and scaling.
    """
    x, dropped = cache["inputs"]
    m = y.shape[1]
    dz2 = 1 / (1 + np.exp(-cache["z"][1])) - y
    dz1 = (parameters["W2"].T @ dz2) * (1 - dropped**2)
    return {
        "W1": dz1 @ x.T / m,
        "b1": dz1.sum(axis=1, keepdims=True) / m,
        "W2": dz2 @ dropped.T / m,
        "b2": dz2.sum(axis=1, keepdims=True) / m,
    }


def first_seed():
    """Return the seed's data and first weights, and the generator that draws its masks."""
    x, y, legacy = seed_quadrants()
    W1, W2 = legacy.rand(30, 2) * 0.01, legacy.rand(1, 30) * 0.01
    return x, y, {"W1": W1, "b1": np.zeros((30, 1)), "W2": W2, "b2": np.zeros((1, 1))}, legacy


def trace(gradients_of):
    """Return the ten costs as the seed printed them."""
    x, y, parameters, legacy = first_seed()
    optimizer, printed = GradientDescent(0.1), []
    for _ in range(10):
        mask = legacy.rand(30, 1) < KEEP_PROB  # one mask for all examples: another of the seed's mistakes
        z, cache = forward(x, parameters, activation=ACTIVATION, keep_prob=KEEP_PROB, masks=[None, mask])
        printed.append(f"{compute_cost(z, y, parameters):f}")
        parameters, _ = optimizer.step(parameters, gradients_of(y, parameters, cache), {})
    return printed


def test_the_seeds_ten_costs_to_the_last_printed_digit():
    assert trace(seeds_backward) == PRINTED


def test_the_right_backward_pass_moves_the_ninth_cost_only():
    assert trace(backward) == [*PRINTED[:8], "0.692839", PRINTED[9]]


def test_each_of_the_two_mistakes_alone_is_not_the_seeds():
    """Else this test would not hold both."""
    x, y, parameters, legacy = first_seed()
    mask = legacy.rand(30, 1) < KEEP_PROB
    _, cache = forward(x, parameters, activation=ACTIVATION, keep_prob=KEEP_PROB, masks=[None, mask])
    wrong, right = seeds_backward(y, parameters, cache), backward(y, parameters, cache)
    dropped_units = ~mask[:, 0]
    assert np.abs(wrong["W1"][dropped_units]).min() > 0  # no gradient should come to a dropped unit
    assert not right["W1"][dropped_units].any()
    for name in ("W2", "b2"):
        np.testing.assert_allclose(wrong[name], right[name], rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize(("gradients_of", "right"), [(seeds_backward, False), (backward, True)])
def test_a_gradient_check_tells_them_apart(gradients_of, right):
    x, y, parameters, legacy = first_seed()
    masks = [None, legacy.rand(30, 1) < KEEP_PROB]

    def cost_at(nudged):
        z, _ = forward(x, nudged, activation=ACTIVATION, keep_prob=KEEP_PROB, masks=masks)
        return compute_cost(z, y, nudged)

    _, cache = forward(x, parameters, activation=ACTIVATION, keep_prob=KEEP_PROB, masks=masks)
    errors = relative_errors(gradients_of(y, parameters, cache), numeric_gradients(cost_at, parameters))
    if right:
        assert max(errors.values()) < 1e-7
    else:
        assert min(errors["W1"], errors["b1"]) > 1e-3
