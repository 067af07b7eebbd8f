"""Costs computed from logits z, with their gradients, stable for any finite z.

A cost is a mean, so its gradient holds the 1/m already. ``link`` turns logits into predictions. Averages run over
all entries for binary cross-entropy and squared error, over the m columns for softmax cross-entropy, as in PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

import numpy as np

from course_utils.activations import identity, sigmoid, softmax
from course_utils.arguments import Array, LikeLogits, Logits, checked, labels_for, one_of

__all__ = [
    "COSTS",
    "Cost",
    "accuracy",
    "binary_cross_entropy",
    "binary_cross_entropy_gradient",
    "mean_squared_error",
    "mean_squared_error_gradient",
    "softmax_cross_entropy",
    "softmax_cross_entropy_gradient",
]


@checked
def binary_cross_entropy(z: Logits, y: LikeLogits) -> float:
    """Return the mean of -y log σ(z) - (1-y) log(1-σ(z)) = log(1 + exp(z)) - y z, without taking log(0)."""
    return float(np.mean(np.logaddexp(0, z) - y * z))


@checked
def binary_cross_entropy_gradient(z: Logits, y: LikeLogits) -> Array:
    """Return (σ(z) - y) / z.size."""
    return (sigmoid(z) - y) / z.size


@checked
def softmax_cross_entropy(z: Logits, y: LikeLogits) -> float:
    """Return the mean over columns of -Σ y log softmax(z) = log Σ exp(z) - Σ y z."""
    z = z - z.max(axis=0, keepdims=True)
    return float(np.mean(np.log(np.exp(z).sum(axis=0)) - (y * z).sum(axis=0)))


@checked
def softmax_cross_entropy_gradient(z: Logits, y: LikeLogits) -> Array:
    """Return (softmax(z) - y) / m, for columns of y that sum to 1."""
    return (softmax(z) - y) / z.shape[1]


@checked
def mean_squared_error(z: Logits, y: LikeLogits) -> float:
    """Return the mean of (z - y)²."""
    return float(np.mean((z - y) ** 2))


@checked
def mean_squared_error_gradient(z: Logits, y: LikeLogits) -> Array:
    """Return 2 (z - y) / z.size: the factor 2 belongs to the mean of squares that is reported."""
    return 2 * (z - y) / z.size


@dataclass(frozen=True)
class Cost:
    """A cost of logits: ``value(z, y)``, ``gradient(z, y)``, the ``link`` to predictions, and what labels may be."""

    value: Callable[[Array, Array], float]
    gradient: Callable[[Array, Array], Array]
    link: Callable[[Array], Array]
    labels: str = "any numbers"


COSTS = {
    "binary_cross_entropy": Cost(binary_cross_entropy, binary_cross_entropy_gradient, sigmoid, "in [0, 1]"),
    "softmax_cross_entropy": Cost(
        softmax_cross_entropy, softmax_cross_entropy_gradient, softmax, "columns that sum to 1"
    ),
    "mean_squared_error": Cost(mean_squared_error, mean_squared_error_gradient, identity),
}
CostName: TypeAlias = Annotated[str, one_of(COSTS)]
Labels: TypeAlias = Annotated[Any, labels_for(COSTS)]


@checked
def accuracy(z: Logits, y: LikeLogits) -> float:
    """Return the share of columns whose class is right: the larger logit, or z > 0 against y > 0.5 for one output."""
    right = (z > 0) == (y > 0.5) if z.shape[0] == 1 else z.argmax(axis=0) == y.argmax(axis=0)
    return float(np.mean(right))
