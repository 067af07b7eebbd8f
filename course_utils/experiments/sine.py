"""The second seed's networks on its sine: what they made of the points at moments of their training, and the cost."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from course_utils.arguments import Array, checked_choice, checked_count
from course_utils.datasets import sine
from course_utils.flat_training import train_flat
from course_utils.network import forward
from course_utils.optimizers import GradientDescent

__all__ = ["MOMENTS", "NETWORKS", "SineRun", "sine_run"]

# Hidden units, learning rate and steps. That notebook took the gradient of half the mean squared error, with this rate.
NETWORKS = {"1-6-1": (6, 0.01, 50_000), "1-25-1": (25, 0.3, 4_000)}
MOMENTS = 24  # after the first, closer together at the start, where most happens


@dataclass(frozen=True)
class SineRun:
    """A network on its way: its ``fit`` (1, m) of the points ``x``, ``y`` (1, m) after ``steps[-1]`` of ``last`` steps.

    ``costs`` are the mean squared errors after ``steps``.
    """

    x: Array
    y: Array
    fit: Array
    steps: Array
    costs: Array
    last: int


def sine_run(network: str = "1-6-1", seed: int = 0, moment: int = MOMENTS) -> SineRun:
    """Train a network of sigmoid units on 100 points of 20 sin(2πx), and look at it at one moment.

    Parameters
    ----------
    network : "1-6-1" or "1-25-1"
        The first learns at rate 0.01 for 50 000 steps, the second at rate 0.3 for 4000.
    seed : int >= 0
        Draws the first weights, from 0 to 1; nothing else is random.
    moment : int from 0 to 24
        0 is before the first step, 24 after the last.

    Returns
    -------
    SineRun
    """
    network, seed = checked_choice("network", network, tuple(NETWORKS)), checked_count("seed", seed, 0)
    if checked_count("moment", moment, 0) > MOMENTS:
        raise ValueError(f"moment must be at most {MOMENTS}, got {moment}")
    steps, fits, costs = trained(network, seed)
    shown = slice(moment + 1)
    return SineRun(*sine(), fits[moment], steps[shown], costs[shown], int(steps[-1]))


@cache
def trained(network: str, seed: int) -> tuple[Array, Array, Array]:
    """Return the moments (n,) as steps, and what the network makes of the points (n, 1, m) and the costs (n,) then."""
    (x, y), (units, rate, last) = sine(), NETWORKS[network]
    legacy = np.random.RandomState(seed)  # the generator of that notebook
    parameters = {
        "W1": legacy.random_sample((units, 1)),
        "b1": np.zeros((units, 1)),
        "W2": legacy.random_sample((1, units)),
        "b2": np.zeros((1, 1)),
    }
    steps = np.round(last * (np.arange(MOMENTS + 1) / MOMENTS) ** 3).astype(int)
    steps[1:] = np.maximum(steps[1:], np.arange(1, MOMENTS + 1))  # at least one step from each to the next
    settings: dict[str, Any] = {"activation": "sigmoid", "cost": "mean_squared_error"}
    settings["optimizer"] = GradientDescent(rate / 2)
    fits = [forward(x, parameters, activation="sigmoid")[0]]
    for before, after in pairwise(steps):
        run = train_flat(x, y, parameters, rng=np.random.default_rng(0), steps=int(after - before), **settings)
        parameters = run.parameters
        fits.append(forward(x, parameters, activation="sigmoid")[0])
    return steps, np.array(fits), np.mean((np.array(fits) - y) ** 2, axis=(1, 2))
