"""Experiments of the PyTorch chapter: one training run each, on whatever device there is."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from course_utils.arguments import Array, checked_choice, checked_count, checked_nonnegative, shown
from course_utils.bands import Band
from course_utils.costs import accuracy
from course_utils.datasets import Split, digits, noisy_quadrants, sine
from course_utils.dropout import keep_prob_from_p
from course_utils.experiments import QuadrantRun, surveyed
from course_utils.network import initialize_parameters
from course_utils.pytorch.conversion import rows, to_torch
from course_utils.pytorch.devices import best_device
from course_utils.pytorch.evaluation import evaluate
from course_utils.pytorch.network import Network
from course_utils.pytorch.randomness import seeded
from course_utils.pytorch.regularization import decay_groups
from course_utils.pytorch.training import train
from course_utils.pytorch.uncertainty import mc_dropout

__all__ = ["digit_accuracy", "digit_network", "quadrant_run", "sine_band"]

OPTIMIZERS: dict[str, Any] = {"Adam": torch.optim.Adam, "AdamW": torch.optim.AdamW}
SET_ASIDE = 500  # digits on which strengths may be chosen; the others are for results
GAPS = {"middle": (0.3, 0.7), "peak": (0.1, 0.4), "none": (0.0, 0.0)}


def quadrant_run(
    p: float = 0.0,
    weight_decay: float = 0.0,
    optimizer: str = "Adam",
    *,
    seed: int = 0,
    mask_seed: int = 0,
    m_test: int = 4000,
    steps: int = 300,
    records: int = 15,
    resolution: int = 60,
    dtype: type[np.floating[Any]] = np.float64,
) -> QuadrantRun:
    """Train [2, 64, 64, 1] on noisy quadrants in PyTorch, with ``nn.Dropout``'s p and an optimizer's weight_decay.

    The network of :func:`course_utils.experiments.quadrant_run`: equal seeds draw equal data, weights and masks. With
    "Adam" weight_decay is its λ/m; with "AdamW" it is not. Biases do not decay.
    """
    weight_decay = checked_nonnegative("weight_decay", weight_decay)
    record_every = max(1, checked_count("steps", steps) // checked_count("records", records))
    resolution = checked_count("resolution", resolution, 2)
    make, keep_prob = OPTIMIZERS[checked_choice("optimizer", optimizer, OPTIMIZERS)], keep_prob_from_p(p)
    data = noisy_quadrants(np.random.default_rng(checked_count("seed", seed, 0)), m_test=m_test)
    parameters = initialize_parameters([2, 64, 64, 1], np.random.default_rng([seed, 1]), dtype=dtype)
    mask_rng = np.random.default_rng([seed, 2, checked_count("mask_seed", mask_seed, 0)])
    network = to_torch(parameters, keep_prob=keep_prob).to(best_device())
    run = train(
        data.x_train,
        data.y_train,
        network,
        make(decay_groups(network, weight_decay), lr=0.02),
        rng=mask_rng,
        steps=steps,
        test=(data.x_test, data.y_test),
        record_every=record_every,
    )
    return surveyed(data, run, keep_prob, mask_rng, resolution)


def digit_network(
    seed: int,
    *,
    p_input: float = 0.0,
    p_hidden: float = 0.0,
    weight_decay: float = 0.0,
    l1: float = 0.0,
    max_norm: float | None = None,
    choosing: bool = False,
    hidden: int = 256,
    steps: int = 200,
) -> tuple[Network, Split]:
    """Train [64, hidden, hidden, 10] on 200 digits in PyTorch and return it with its data.

    Parameters
    ----------
    seed : int >= 0
        Draws the training digits, the first weights and the masks: equal seeds make a fair pair.
    p_input, p_hidden : float in [0, 1)
        Probability to drop an input or a hidden unit.
    weight_decay, l1 : float >= 0
        λ/m of L2 and λ₁/m of L1, on weights alone.
    max_norm : float > 0, optional
        Longest row of weights.
    choosing : bool
        Use the 500 digits that are set aside for choosing strengths: 200 to train, 300 to validate. Otherwise 200 of
        the other 1297 to train and 1097 to test.
    hidden, steps : int >= 1

    Returns
    -------
    (Network, Split)
    """
    rng = np.random.default_rng(checked_count("seed", seed, 0))
    x, y = digits()
    order = np.random.default_rng(2014).permutation(x.shape[1])  # the same digits are set aside for every seed
    chosen, rest = np.split(rng.permutation(order[:SET_ASIDE] if choosing else order[SET_ASIDE:]), [200])
    data = Split(x[:, chosen], y[:, chosen], x[:, rest], y[:, rest])
    parameters = initialize_parameters([64, hidden, hidden, 10], rng)  # float64: the same digits on every machine
    keep_probs = [keep_prob_from_p(p_input), *[keep_prob_from_p(p_hidden)] * 2]
    network = to_torch(parameters, keep_prob=keep_probs).to(best_device())
    train(
        data.x_train,
        data.y_train,
        network,
        torch.optim.SGD(decay_groups(network, weight_decay), lr=0.1, momentum=0.9),
        rng=rng,
        steps=steps,
        cost="softmax_cross_entropy",
        lambd1=checked_nonnegative("l1", l1) * len(chosen),
        max_norm=max_norm,
        record_every=steps,
    )
    return network, data


def digit_accuracy(seed: int, **settings: Any) -> float:
    """Return the share of test digits that a :func:`digit_network` with these settings gets right."""
    network, data = digit_network(seed, **settings)
    x_test = rows(data.x_test).to(next(network.parameters()))  # (1097, 64)
    return accuracy(evaluate(network, x_test).cpu().numpy().T, data.y_test)


def sine_band(
    p: float = 0.1,
    samples: int = 200,
    gap: str = "middle",
    *,
    seed: int = 0,
    steps: int = 500,
    dtype: type[np.floating[Any]] = np.float64,
) -> Band:
    """Train [1, 128, 128, 1] on the sine with a gap in its points, and predict with dropout left on.

    Parameters
    ----------
    p : float in (0, 1)
        Probability to drop a hidden unit.
    samples : int >= 1
        Number of predictions.
    gap : "middle", "peak" or "none"
        Which points are left out of training: those from 0.3 to 0.7, from 0.1 to 0.4, or none.
    seed : int >= 0
        Draws first weights and masks.
    steps : int >= 1
    dtype : numpy.float64 or numpy.float32
        float32 trains faster; float64 gives the same digits on every machine.

    Returns
    -------
    Band
    """
    p, steps = 1 - keep_prob_from_p(p), checked_count("steps", steps)
    if p == 0:
        raise ValueError("p must be a number in (0, 1), got 0: without dropout all samples are equal")
    x, y = sine()
    low, high = GAPS[checked_choice("gap", gap, GAPS)]
    seen = (x[0] < low) | (x[0] >= high)
    network = fitted_curve(p, gap, checked_count("seed", seed, 0), steps, checked_float(dtype))
    inputs = curve_inputs(x).to(next(network.parameters()))  # (100, 1)
    drawn = mc_dropout(network, inputs, samples, seed)[:, :, 0]  # (samples, 100)
    return Band(x[0], y[0], seen, 20 * drawn.cpu().numpy())


@lru_cache(maxsize=64)  # other samples of the same network need no training
def fitted_curve(p: float, gap: str, seed: int, steps: int, dtype: str) -> nn.Sequential:
    """Return a network fitted to the sine, divided by 20, without the points in the gap; nobody may change it.

    It has PyTorch's own first weights, since their biases spread the bends of ReLU over the curve.
    """
    x, y = sine()
    low, high = GAPS[gap]
    seen = (x[0] < low) | (x[0] >= high)
    with seeded(seed):
        network = nn.Sequential(
            nn.Linear(1, 128),
            nn.ReLU(),
            nn.Dropout(p),
            nn.Linear(128, 128),
            nn.ReLU(),
            nn.Dropout(p),
            nn.Linear(128, 1),
        ).to(best_device(), getattr(torch, dtype))
        inputs, targets = (
            part.to(next(network.parameters())) for part in (curve_inputs(x[:, seen]), rows(y[:, seen] / 20))
        )
        optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
        for _ in range(steps):
            optimizer.zero_grad()
            functional.mse_loss(network(inputs), targets).backward()
            optimizer.step()
    return network


def curve_inputs(x: Array) -> torch.Tensor:
    """Return x in [0, 1) as rows in [-2, 2), a scale that training likes."""
    return rows(4 * x - 2)


def checked_float(dtype: Any) -> str:
    """Return the name of a NumPy dtype that is also one of PyTorch: float64 or float32."""
    if dtype not in (np.float64, np.float32):
        raise ValueError(f"dtype must be numpy.float64 or numpy.float32, got {shown(dtype)}")
    return np.dtype(dtype).name
