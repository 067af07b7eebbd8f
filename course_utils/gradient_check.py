"""Gradient check: compare a gradient with central differences of the cost, parameter array by parameter array."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from course_utils.arguments import Array, Parameters, checked_parameters, checked_positive, shown
from course_utils.network import backward, compute_cost, forward

__all__ = ["gradient_check", "numeric_gradients", "relative_errors"]


def numeric_gradients(
    cost: Callable[[dict[str, Array]], float], parameters: Parameters, epsilon: float = 1e-5
) -> dict[str, Array]:
    """Return the central differences (J(θ + ε) - J(θ - ε)) / 2ε, one parameter at a time.

    Parameters
    ----------
    cost : function of a dict of parameters
        It must give the same value for the same parameters: dropout masks have to be held still.
    parameters : dict of arrays
        Not changed. Use float64: float32 has too few digits for a difference.
    epsilon : float > 0

    Returns
    -------
    dict
        The keys and shapes of ``parameters``.

    Examples
    --------
    >>> numeric_gradients(lambda p: float(np.sum(p["W1"] ** 2)), {"W1": np.array([[3.0]])})["W1"].round(6)
    array([[6.]])
    """
    epsilon = checked_positive("epsilon", epsilon)
    if not callable(cost):
        raise TypeError(f"cost must be a function of a dict of parameters, got {shown(cost)}")
    if not isinstance(parameters, Mapping):
        raise TypeError(f"parameters must be a dict of arrays, got {shown(parameters)}")
    nudged = {name: np.array(value, dtype=np.float64) for name, value in parameters.items()}
    gradients = {name: np.empty_like(value) for name, value in nudged.items()}
    for name, array in nudged.items():
        for index in np.ndindex(array.shape):
            original = array[index]
            array[index] = original + epsilon
            above = value_of(cost, nudged)
            array[index] = original - epsilon
            below = value_of(cost, nudged)
            array[index] = original
            gradients[name][index] = (above - below) / (2 * epsilon)
    return gradients


def value_of(cost: Callable[[dict[str, Array]], Any], parameters: dict[str, Array]) -> float:
    """Return the cost of some parameters, which has to be one number."""
    value = cost(parameters)
    if np.size(value) != 1 or np.asarray(value).dtype.kind not in "fiub":
        raise TypeError(f"cost must return a number, got {shown(value)}")
    return float(np.asarray(value).item())


def relative_errors(first: Parameters, second: Parameters) -> dict[str, float]:
    """Return ‖a - b‖ / (‖a‖ + ‖b‖) for each array: below 1e-7 is right, above 1e-3 is a mistake; 0 if both are 0."""
    for name, gradients in (("first", first), ("second", second)):
        if not isinstance(gradients, Mapping):
            raise TypeError(f"{name} must be a dict of gradients, got {shown(gradients)}")
    if set(first) != set(second):
        raise ValueError(f"first and second must have the same keys, got {sorted(first)} and {sorted(second)}")
    errors = {}
    for name in first:
        a, b = (np.asarray(one[name], np.float64) for one in (first, second))  # small types would overflow
        if a.shape != b.shape:
            raise ValueError(f"first and second must have one shape for {name}, got {a.shape} and {b.shape}")
        size = np.linalg.norm(a) + np.linalg.norm(b)
        errors[name] = float(np.linalg.norm(a - b) / size) if size else 0.0
    return errors


def gradient_check(
    x: Any,
    y: Any,
    parameters: Parameters,
    *,
    masks: Sequence[Array | None] | None = None,
    keep_prob: float | Sequence[float] = 1.0,
    rng: np.random.Generator | None = None,
    activation: str | Sequence[str] = "relu",
    cost: str = "binary_cross_entropy",
    lambd: float = 0.0,
    lambd1: float = 0.0,
    epsilon: float = 1e-5,
) -> dict[str, float]:
    """Return the relative error of :func:`course_utils.network.backward` for each parameter array.

    Masks are given, or drawn once and then held still: the differences are taken through one thinned network.
    All is done in float64. The other arguments are those of :func:`course_utils.network.forward` and its companions.
    """
    checked_parameters(parameters)
    parameters = {name: value.astype(np.float64) for name, value in parameters.items()}
    _, cache = forward(x, parameters, activation=activation, keep_prob=keep_prob, masks=masks, rng=rng)
    analytic = backward(y, parameters, cache, cost=cost, lambd=lambd, lambd1=lambd1)

    def cost_at(nudged: dict[str, Array]) -> float:
        z, _ = forward(x, nudged, activation=activation, keep_prob=keep_prob, masks=cache["masks"])
        return compute_cost(z, y, nudged, cost=cost, lambd=lambd, lambd1=lambd1)

    return relative_errors(analytic, numeric_gradients(cost_at, parameters, epsilon))
