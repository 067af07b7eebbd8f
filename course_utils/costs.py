"""Costs computed from logits z, with their gradients, stable for any finite z.

A cost is a mean, so its gradient holds the 1/m already. ``link`` turns logits into predictions. Averages run over
all entries for binary cross-entropy and squared error, over the m columns for softmax cross-entropy, as in PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_utils.activations import identity, sigmoid, softmax
from course_utils.arguments import Array, checked_choice, checked_matrix

__all__ = [
    "COSTS",
    "Cost",
    "accuracy",
    "binary_cross_entropy",
    "binary_cross_entropy_gradient",
    "cost_named",
    "mean_squared_error",
    "mean_squared_error_gradient",
    "softmax_cross_entropy",
    "softmax_cross_entropy_gradient",
]


def binary_cross_entropy(z: Array, y: Array) -> float:
    """Return the mean of -y log σ(z) - (1-y) log(1-σ(z)) = log(1 + exp(z)) - y z, without taking log(0)."""
    z, y = checked_pair(z, y)
    return float(np.mean(np.logaddexp(0, z) - y * z))


def binary_cross_entropy_gradient(z: Array, y: Array) -> Array:
    """Return (σ(z) - y) / z.size."""
    z, y = checked_pair(z, y)
    return (sigmoid(z) - y) / z.size


def softmax_cross_entropy(z: Array, y: Array) -> float:
    """Return the mean over columns of -Σ y log softmax(z) = log Σ exp(z) - Σ y z."""
    z, y = checked_pair(z, y)
    z = z - z.max(axis=0, keepdims=True)
    return float(np.mean(np.log(np.exp(z).sum(axis=0)) - (y * z).sum(axis=0)))


def softmax_cross_entropy_gradient(z: Array, y: Array) -> Array:
    """Return (softmax(z) - y) / m, for columns of y that sum to 1."""
    z, y = checked_pair(z, y)
    return (softmax(z) - y) / z.shape[1]


def mean_squared_error(z: Array, y: Array) -> float:
    """Return the mean of (z - y)²."""
    z, y = checked_pair(z, y)
    return float(np.mean((z - y) ** 2))


def mean_squared_error_gradient(z: Array, y: Array) -> Array:
    """Return 2 (z - y) / z.size: the factor 2 belongs to the mean of squares that is reported."""
    z, y = checked_pair(z, y)
    return 2 * (z - y) / z.size


@dataclass(frozen=True)
class Cost:
    """A cost of logits: its ``value(z, y)``, its ``gradient(z, y)``, and the ``link`` from logits to predictions."""

    value: Callable[[Array, Array], float]
    gradient: Callable[[Array, Array], Array]
    link: Callable[[Array], Array]


COSTS = {
    "binary_cross_entropy": Cost(binary_cross_entropy, binary_cross_entropy_gradient, sigmoid),
    "softmax_cross_entropy": Cost(softmax_cross_entropy, softmax_cross_entropy_gradient, softmax),
    "mean_squared_error": Cost(mean_squared_error, mean_squared_error_gradient, identity),
}


def cost_named(name: Any) -> Cost:
    """Return the cost called ``name``; raise ``ValueError`` or ``TypeError`` for an unknown one."""
    return COSTS[checked_choice("cost", name, COSTS)]


def checked_pair(z: Any, y: Any) -> tuple[Array, Array]:
    """Return logits and labels as float arrays of one shape (n, m): others would be broadcast into nonsense.

    Whole numbers become float64: in bytes 0 - 20 is 236.
    """
    z, y = np.asarray(z), np.asarray(y)
    if z.ndim != 2 or z.shape != y.shape or not z.size:
        raise ValueError(f"z and y must have one shape (n, m) and not be empty, got {z.shape} and {y.shape}")
    if z.dtype.kind not in "fiub" or y.dtype.kind not in "fiub":
        raise TypeError(f"z and y must hold real numbers, got dtypes {z.dtype} and {y.dtype}")
    return (z if z.dtype.kind == "f" else z.astype(float)), (y if y.dtype.kind == "f" else y.astype(float))


def checked_labels(y: Any, shape: tuple[int, ...], cost: str, name: str = "y") -> Array:
    """Return labels (n_y, m) that suit ``cost``: in [0, 1] for cross-entropies, columns summing to 1 for softmax."""
    cost_named(cost)
    y = checked_matrix(name, y)
    if y.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, as the network's output, got {y.shape}")
    if cost != "mean_squared_error" and (y.min() < 0 or y.max() > 1):
        raise ValueError(f"{name} must lie in [0, 1] for {cost}, got values from {y.min():g} to {y.max():g}")
    sums = y.sum(axis=0)
    if cost == "softmax_cross_entropy" and not np.allclose(sums, 1, atol=1e-6):
        raise ValueError(
            f"{name} must have columns that sum to 1, such as one-hot labels, for {cost}, "
            f"got sums from {sums.min():g} to {sums.max():g}"
        )
    return y


def accuracy(z: Array, y: Array) -> float:
    """Return the share of columns whose class is right: the larger logit, or z > 0 against y > 0.5 for one output."""
    z, y = checked_pair(z, y)
    right = (z > 0) == (y > 0.5) if z.shape[0] == 1 else z.argmax(axis=0) == y.argmax(axis=0)
    return float(np.mean(right))
