"""The checks of ``mended_backward`` and ``mended_b4``: a backward pass with dropout, and a mean of squares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from course_utils.activations import sigmoid, tanh_derivative
from course_utils.arguments import Array
from course_utils.exercises.backward import WAYS_BACK
from course_utils.exercises.bug_clinic.named_arrays import Arrays, require_arrays
from course_utils.exercises.comparison import require_values
from course_utils.exercises.exercise import Answer
from course_utils.exercises.slips import known

__all__ = ["examine_backward", "examine_squares"]


def examine_backward(backward: Answer, rng: np.random.Generator) -> None:
    """Examine ``mended_backward(y, parameters, cache)``."""
    cases = [backward_case(rng, *sizes) for sizes in ((2, 1, 2, 0.5), (4, 2, 5, 0.8))]

    ways = [replace(way, function=gradients_by(way.function)) for way in WAYS_BACK]
    require_arrays(
        backward,
        cases,
        ("y", "parameters", "cache"),
        gradients_by(right_way),
        [*known({"sum-for-mean": gradients_by(right_way, summed=True)}), *ways],
    )


def right_way(above: Array, z: Array, mask: Array, keep_prob: float) -> Array:
    """Return the gradient before tanh and dropout."""
    dz: Array = above * mask / keep_prob * tanh_derivative(z)
    return dz


def gradients_by(hidden: Callable[..., Array], summed: bool = False) -> Callable[..., Arrays]:
    """Return the gradients that follow from m dz1 = hidden(gradient after dropout, z1, mask, keep_prob)."""

    def gradients(y: Array, parameters: Arrays, cache: dict[str, Any]) -> Arrays:
        dz2 = sigmoid(cache["z2"]) - y  # (1, m), and m times too large until the end
        dz1 = hidden(parameters["W2"].T @ dz2, cache["z1"], cache["mask"], cache["keep_prob"])  # (n_h, m)
        sums = {
            "W1": dz1 @ cache["x"].T,
            "b1": dz1.sum(axis=1, keepdims=True),
            "W2": dz2 @ cache["a1"].T,
            "b2": dz2.sum(axis=1, keepdims=True),
        }
        return {name: value / (1 if summed else y.shape[1]) for name, value in sums.items()}

    return gradients


def backward_case(
    rng: np.random.Generator, n_h: int, n_x: int, m: int, keep_prob: float
) -> tuple[Array, Arrays, dict[str, Any]]:
    """Return labels, parameters and the cache of a forward pass, at weights of ordinary size."""
    parameters = {
        "W1": rng.uniform(0.3, 0.9, (n_h, n_x)).round(1),
        "b1": rng.uniform(0.1, 0.3, (n_h, 1)).round(1),
        "W2": rng.uniform(0.5, 1.5, (1, n_h)).round(1),
        "b2": np.array([[0.1]]),
    }
    x, mask = rng.uniform(0.5, 1.0, (n_x, m)).round(1), rng.random((n_h, m)) < 0.5
    mask[0, 0], mask[-1, -1] = True, False
    z1 = parameters["W1"] @ x + parameters["b1"]  # (n_h, m)
    a1 = np.tanh(z1) * mask / keep_prob
    z2 = parameters["W2"] @ a1 + parameters["b2"]  # (1, m)
    y = (np.arange(m)[np.newaxis] % 2).astype(float)
    return y, parameters, {"x": x, "z1": z1, "a1": a1, "z2": z2, "mask": mask, "keep_prob": keep_prob}


def examine_squares(gradient: Answer, rng: np.random.Generator) -> None:
    """Examine ``mended_b4(z, y)``."""
    cases = []
    for shape in ((1, 2), (2, 3)):
        z, error = rng.uniform(1, 5, shape).round(1), rng.uniform(0.3, 2, shape).round(1)
        cases.append((z, z + error * np.resize([-1.0, 1.0], shape)))
    require_values(
        gradient,
        cases,
        lambda z, y: 2 * (z - y) / z.size,
        {
            "half-of-the-square": lambda z, y: (z - y) / z.size,
            "sum-for-mean": lambda z, y: 2 * (z - y),
            "mean-over-columns-only": lambda z, y: 2 * (z - y) / z.shape[1],
            "sign-turned": lambda z, y: 2 * (y - z) / z.size,
            "cost-for-gradient": lambda z, y: (z - y) ** 2 / z.size,
        },
    )
