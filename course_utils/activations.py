"""Activation functions, each with its derivative beside it.

An activation maps z (n, m) to a of the same shape. Going back, ``backward(da, z)`` turns the gradient with respect
to a into the gradient with respect to z. It takes z, not a: a may have been masked and scaled by dropout since.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

import numpy as np

from course_utils.arguments import Array, Numbers, checked, one_each_hidden_layer

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "identity",
    "identity_derivative",
    "relu",
    "relu_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "softmax",
    "softmax_backward",
    "tanh",
    "tanh_derivative",
]


@checked
def sigmoid(z: Numbers) -> Array:
    """Return 1 / (1 + exp(-z)), which is exp(z) / (1 + exp(z)) for z < 0; no exponent is positive, so none overflows.

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))


@checked
def sigmoid_derivative(z: Numbers) -> Array:
    """Return sigmoid(z) (1 - sigmoid(z)); 1 - sigmoid(z) is sigmoid(-z) without cancellation."""
    return sigmoid(z) * sigmoid(-z)


@checked
def tanh(z: Numbers) -> Array:
    """Return the hyperbolic tangent of z."""
    return np.tanh(z)


@checked
def tanh_derivative(z: Numbers) -> Array:
    """Return 1 - tanh(z)²."""
    return 1 - np.tanh(z) ** 2


@checked
def relu(z: Numbers) -> Array:
    """Return max(z, 0)."""
    return np.maximum(z, 0)


@checked
def relu_derivative(z: Numbers) -> Array:
    """Return 1 where z > 0, else 0; at the kink the derivative is taken as 0."""
    return (z > 0).astype(z.dtype)


@checked
def identity(z: Numbers) -> Array:
    """Return z: a linear layer."""
    return z


@checked
def identity_derivative(z: Numbers) -> Array:
    """Return 1 everywhere."""
    return np.ones_like(z)


@checked
def softmax(z: Numbers) -> Array:
    """Return exp(z) / Σ exp(z) down each column; shifting a column by its largest z changes nothing but overflow."""
    exp_z = np.exp(z - z.max(axis=0, keepdims=True))
    return exp_z / exp_z.sum(axis=0, keepdims=True)


@checked
def softmax_backward(da: Numbers, z: Numbers) -> Array:
    """Return dz = s (da - Σ s da): every output of a column depends on every z of it (Jacobian diag(s) - s sᵀ)."""
    s = softmax(z)
    return s * (da - (s * da).sum(axis=0, keepdims=True))


@dataclass(frozen=True)
class Activation:
    """An activation: ``function(z)`` forward, ``backward(da, z)`` back."""

    function: Callable[[Array], Array]
    backward: Callable[[Array, Array], Array]


ACTIVATIONS = {
    "sigmoid": Activation(sigmoid, lambda da, z: da * sigmoid_derivative(z)),
    "tanh": Activation(tanh, lambda da, z: da * tanh_derivative(z)),
    "relu": Activation(relu, lambda da, z: da * relu_derivative(z)),
    "identity": Activation(identity, lambda da, z: da),
    "softmax": Activation(softmax, softmax_backward),
}
HiddenActivations: TypeAlias = Annotated[Any, one_each_hidden_layer(ACTIVATIONS)]
