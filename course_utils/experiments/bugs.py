"""Two bugs of going back through dropout: what they do to the cost, and what a gradient check says of them.

The network is that of the course's first seed: 2-30-1, tanh, one logit, cross-entropy, 200 points in quadrants,
gradient descent with learning rate 0.1. Only the masks differ: each example has its own (one for all was bug A3).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from course_utils.arguments import (
    Array,
    Parameters,
    checked_choice,
    checked_count,
    checked_keep_prob,
    checked_matrix,
    checked_parameters,
    checked_positive,
    checked_rng,
    fitting_labels,
)
from course_utils.costs import COSTS, binary_cross_entropy, binary_cross_entropy_gradient
from course_utils.datasets import seed_quadrants
from course_utils.dropout import draw_mask
from course_utils.gradient_check import numeric_gradients, relative_errors

__all__ = ["BUGS", "Examination", "averaged", "examination", "first_parameters", "gradient_errors", "training_costs"]

BUGS = {
    "healthy": "no bug",
    "A4": "mask lost on the way back",
    "A5": "slope of the dropped output",
    "both": "mask lost, slope of the dropped output",
}
HIDDEN = 30
LEARNING_RATE = 0.1
OTHER_SEEDS = 3

Outputs = tuple[Array, Array, Array]


def forward(x: Array, parameters: Parameters, keep: Array | float) -> Outputs:
    """Return the logits (1, m), and what going back needs: tanh (n_1, m) before and after dropout.

    ``keep`` is mask / keep_prob. Here and in :func:`backward` nothing is checked: a run comes by a thousand times.
    """
    a = np.tanh(parameters["W1"] @ x + parameters["b1"])  # (n_1, m)
    dropped = a * keep
    return parameters["W2"] @ dropped + parameters["b2"], a, dropped  # (1, m)


def backward(
    x: Array, y: Array, parameters: Parameters, outputs: Outputs, keep: Array | float, bug: str
) -> dict[str, Array]:
    """Return the gradients that a backward pass with this bug takes for the right ones.

    Both bugs lie between the layers, so W2 and b2 do not feel them.
    """
    z, a, dropped = outputs
    dz2 = binary_cross_entropy_gradient(z, y)  # (1, m)
    da = parameters["W2"].T * dz2  # (n_1, m), of the dropped output
    if bug not in ("A4", "both"):
        da = da * keep
    slope_at = dropped if bug in ("A5", "both") else a
    dz1 = da * (1 - slope_at * slope_at)  # tanh' is 1 - a², where a is tanh and nothing else
    return {
        "W1": dz1 @ x.T,
        "b1": dz1.sum(axis=1, keepdims=True),
        "W2": dz2 @ dropped.T,
        "b2": dz2.sum(axis=1, keepdims=True),
    }


def first_parameters(scale: float, rng: np.random.Generator) -> dict[str, Array]:
    """Draw weights from 0 to ``scale``, all positive as in the seed; biases are zero."""
    scale, rng = checked_positive("scale", scale), checked_rng(rng)
    W1, W2 = rng.random((HIDDEN, 2)) * scale, rng.random((1, HIDDEN)) * scale
    return {"W1": W1, "b1": np.zeros((HIDDEN, 1)), "W2": W2, "b2": np.zeros((1, 1))}


def training_costs(
    x: Any, y: Any, parameters: Parameters, *, steps: int, keep_prob: float, rng: np.random.Generator, bug: str
) -> Array:
    """Train with a bug and return the cost of every step, through that step's mask as the seed printed it.

    Parameters
    ----------
    x : array (n_0, m)
    y : array (1, m)
    parameters : dict
        ``W1 b1 W2 b2`` of a network with one output; not changed.
    steps : int >= 1
    keep_prob : float in (0, 1]
    rng : numpy.random.Generator
        Draws a mask (n_1, m) at every step; equal generators give equal masks whatever the bug.
    bug : str
        "healthy", "A4" (mask lost on the way back), "A5" (slope of the dropped output) or "both".

    Returns
    -------
    array (steps,)
    """
    x, y, n_1 = checked_case(x, y, parameters)
    steps, keep_prob, rng = checked_count("steps", steps), checked_keep_prob(keep_prob), checked_rng(rng)
    checked_choice("bug", bug, BUGS)
    costs = np.empty(steps)
    for step in range(steps):
        keep = draw_keep(n_1, x.shape[1], keep_prob, rng)
        outputs = forward(x, parameters, keep)
        costs[step] = binary_cross_entropy(outputs[0], y)
        gradients = backward(x, y, parameters, outputs, keep, bug)
        parameters = {name: value - LEARNING_RATE * gradients[name] for name, value in parameters.items()}
    return costs


def gradient_errors(
    x: Any, y: Any, parameters: Parameters, *, keep_prob: float, rng: np.random.Generator
) -> dict[str, dict[str, float]]:
    """Return for each of ``BUGS`` the relative error of every gradient, through one mask that is held still.

    Parameters
    ----------
    x, y, parameters, keep_prob
        As in :func:`training_costs`.
    rng : numpy.random.Generator
        Draws the mask; it is the first that :func:`training_costs` draws.

    Returns
    -------
    dict of dicts
        Bug, then ``W1 b1 W2 b2``, then ‖a - b‖ / (‖a‖ + ‖b‖) as in :func:`course_utils.gradient_check.relative_errors`.
    """
    x, y, n_1 = checked_case(x, y, parameters)
    keep = draw_keep(n_1, x.shape[1], checked_keep_prob(keep_prob), checked_rng(rng))
    numeric = numeric_gradients(lambda nudged: binary_cross_entropy(forward(x, nudged, keep)[0], y), parameters)
    outputs = forward(x, parameters, keep)
    return {bug: relative_errors(backward(x, y, parameters, outputs, keep, bug), numeric) for bug in BUGS}


def draw_keep(n_1: int, m: int, keep_prob: float, rng: np.random.Generator) -> Array | float:
    """Draw mask / keep_prob (n_1, m); it is just 1 where nothing is dropped."""
    return 1.0 if keep_prob == 1 else draw_mask((n_1, m), keep_prob, rng) * (1 / keep_prob)


def checked_case(x: Any, y: Any, parameters: Parameters) -> tuple[Array, Array, int]:
    """Return examples that fit the parameters of a network with one hidden layer and one output, and its n_1."""
    x, sizes = checked_matrix("x", x), checked_parameters(parameters)
    if len(sizes) != 3 or sizes[2] != 1:
        raise ValueError(f"parameters must have one hidden layer and one output, got layer sizes {sizes}")
    if x.shape[0] != sizes[0]:
        raise ValueError(f"x must have {sizes[0]} rows, one per column of W1, got shape {x.shape}")
    cost = "binary_cross_entropy"
    return x, fitting_labels("y", y, (1, x.shape[1]), cost, COSTS[cost].labels), sizes[1]


@dataclass(frozen=True)
class Examination:
    """A run with a bug beside the healthy one: the same first weights (from 0 to ``scale``), the same masks.

    ``costs`` and ``healthy_costs`` (steps,) are the two runs; ``other_costs`` (k, steps) are healthy runs from other
    seeds. ``errors`` and ``healthy_errors`` are the relative errors of the gradients of W1, b1, W2 and b2 before the
    first step.
    """

    bug: str
    scale: float
    keep_prob: float
    costs: Array
    healthy_costs: Array
    other_costs: Array
    errors: dict[str, float]
    healthy_errors: dict[str, float]

    @property
    def differences(self) -> Array:
        """Return how far the bug moves the cost at each step (steps,)."""
        return np.abs(self.costs - self.healthy_costs)

    @property
    def other_differences(self) -> Array:
        """Return how far another seed moves it (k, steps)."""
        return np.abs(self.other_costs - self.healthy_costs)


def averaged(costs: Array, blocks: int = 40) -> tuple[Array, Array, int]:
    """Return steps, the means of costs (..., steps) over as many blocks of steps, and the length of a block.

    Masks make a long run restless; its course shows in means. In a short run each step stands by itself.

    Returns
    -------
    tuple
        The middle step of each block (k,), the means (..., k), and how many steps they are of.
    """
    steps = costs.shape[-1]
    length = steps // blocks if steps >= 4 * blocks else 1
    means = costs[..., : steps - steps % length].reshape(*costs.shape[:-1], -1, length).mean(axis=-1)
    middles = (length + 1) / 2 + length * np.arange(means.shape[-1])
    return middles, means, length


def examination(
    bug: str = "both",
    scale: float = 0.01,
    steps: int = 10,
    keep_prob: float = 0.7,
    masks: int = 0,
    *,
    seed: int = 0,
) -> Examination:
    """Train the seed's network with a bug and without, and check both gradients.

    Parameters
    ----------
    bug : str
        "healthy", "A4" (mask lost on the way back), "A5" (slope of the dropped output) or "both".
    scale : float > 0
        First weights lie between 0 and it; the seed's is 0.01.
    steps : int >= 1
    keep_prob : float in (0, 1]
    masks : int >= 0
        Which masks: others for every number, while the first weights stay.
    seed : int >= 0
        Draws the first weights, and with ``masks`` the masks.

    Returns
    -------
    Examination
    """
    checked_choice("bug", bug, BUGS)
    seed, masks = checked_count("seed", seed, 0), checked_count("masks", masks, 0)
    others = [run_costs("healthy", scale, steps, keep_prob, 0, seed + k) for k in range(1, OTHER_SEEDS + 1)]
    errors = run_errors(scale, keep_prob, masks, seed)
    return Examination(
        bug,
        scale,
        keep_prob,
        run_costs(bug, scale, steps, keep_prob, masks, seed),
        run_costs("healthy", scale, steps, keep_prob, masks, seed),
        np.stack(others),
        errors[bug],
        errors["healthy"],
    )


@lru_cache(maxsize=256)
def run_costs(bug: str, scale: float, steps: int, keep_prob: float, masks: int, seed: int) -> Array:
    """Return the costs (steps,) of a run on the seed's points; read-only, since they are kept."""
    x, y, _ = seed_quadrants()
    parameters, rng = first_parameters(scale, np.random.default_rng([seed, 1])), np.random.default_rng([seed, 2, masks])
    costs = training_costs(x, y, parameters, steps=steps, keep_prob=keep_prob, rng=rng, bug=bug)
    costs.flags.writeable = False
    return costs


@lru_cache(maxsize=256)
def run_errors(scale: float, keep_prob: float, masks: int, seed: int) -> dict[str, dict[str, float]]:
    """Return the relative errors at the first step of these runs."""
    x, y, _ = seed_quadrants()
    parameters, rng = first_parameters(scale, np.random.default_rng([seed, 1])), np.random.default_rng([seed, 2, masks])
    return gradient_errors(x, y, parameters, keep_prob=keep_prob, rng=rng)
