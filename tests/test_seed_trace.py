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


def passed(x, parameters, mask):
    """Return logits and cache of a pass with one mask for all examples: another of the seed's mistakes."""
    return forward(x, parameters, activation="tanh", keep_prob=KEEP_PROB, masks=[None, mask])


@pytest.mark.parametrize(("gradients_of", "ninth"), [(seeds_backward, "0.692840"), (backward, "0.692839")])
def test_the_seeds_ten_costs_to_the_last_printed_digit_of_which_the_right_pass_moves_one(gradients_of, ninth):
    x, y, parameters, legacy = first_seed()
    printed = []
    for _ in range(10):
        z, cache = passed(x, parameters, legacy.rand(30, 1) < KEEP_PROB)
        printed.append(f"{compute_cost(z, y, parameters):f}")
        parameters, _ = GradientDescent(0.1).step(parameters, gradients_of(y, parameters, cache), {})
    assert printed == [*PRINTED[:8], ninth, PRINTED[9]]


def test_a_gradient_check_tells_the_passes_apart():
    x, y, parameters, legacy = first_seed()
    mask = legacy.rand(30, 1) < KEEP_PROB
    _, cache = passed(x, parameters, mask)
    wrong, right = seeds_backward(y, parameters, cache), backward(y, parameters, cache)
    numeric = numeric_gradients(lambda p: compute_cost(passed(x, p, mask)[0], y, p), parameters)
    assert max(relative_errors(right, numeric).values()) < 1e-7
    errors = relative_errors(wrong, numeric)
    assert min(errors["W1"], errors["b1"]) > 1e-3
    assert max(errors["W2"], errors["b2"]) < 1e-7
    dropped = ~mask[:, 0]
    assert np.abs(wrong["W1"][dropped]).min() > 0  # no gradient should come to a dropped unit
    assert not right["W1"][dropped].any()
