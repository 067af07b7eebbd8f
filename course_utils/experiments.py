"""Experiments of the course: one training run each, repeated over many seeds, and intervals for what comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from tqdm.auto import tqdm

from course_utils.arguments import Array, checked_array, checked_count
from course_utils.datasets import Split, noisy_quadrants
from course_utils.flat_training import train_flat
from course_utils.network import forward, initialize_parameters, predict
from course_utils.optimizers import Adam
from course_utils.training import TrainingRun

__all__ = ["QuadrantRun", "confidence_interval", "over_seeds", "quadrant_run"]

Outcome = TypeVar("Outcome")

# Two-sided 95 % quantiles of Student's t distribution for 1, 2, ... 30 degrees of freedom.
T_QUANTILES = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip


@dataclass(frozen=True)
class QuadrantRun:
    """A network trained on noisy quadrants: its data, its run, and what a picture of it needs.

    ``axis`` (n,) holds the coordinates of a square grid and ``probability`` (n, n) the predictions on it, row by row
    from the bottom; ``hidden`` (n_1, m) are the first hidden layer's outputs in one training pass, dropped ones nan.
    """

    data: Split
    run: TrainingRun
    axis: Array
    probability: Array
    hidden: Array


def quadrant_run(
    keep_prob: float = 1.0,
    lambd: float = 0.0,
    lambd1: float = 0.0,
    *,
    seed: int = 0,
    mask_seed: int = 0,
    hidden: Sequence[int] = (64, 64),
    m_train: int = 100,
    m_test: int = 4000,
    flipped: float = 0.15,
    steps: int = 300,
    records: int = 15,
    resolution: int = 60,
    dtype: type[np.floating[Any]] = np.float64,
) -> QuadrantRun:
    """Train a ReLU network with the given hidden layers on noisy quadrants with dropout, L2 and L1.

    ``seed`` draws data and first weights; ``mask_seed`` the masks, so that masks can change while all else stays.
    L1 takes the proximal step, so that weights become exactly zero.
    float32 trains faster; float64 gives the same digits on every machine.
    """
    data = noisy_quadrants(np.random.default_rng(checked_count("seed", seed, 0)), m_train, m_test, flipped)
    parameters = initialize_parameters([2, *hidden, 1], np.random.default_rng([seed, 1]), dtype=dtype)
    mask_rng = np.random.default_rng([seed, 2, checked_count("mask_seed", mask_seed, 0)])
    run = train_flat(
        data.x_train,
        data.y_train,
        parameters,
        rng=mask_rng,
        steps=steps,
        optimizer=Adam(0.02),
        keep_prob=keep_prob,
        lambd=lambd,
        lambd1=lambd1,
        proximal=True,
        test=(data.x_test, data.y_test),
        record_every=max(1, steps // records),
    )
    axis = np.linspace(-3, 3, resolution)
    grid = np.stack(np.meshgrid(axis, axis)).reshape(2, -1)  # (2, resolution²)
    probability = predict(grid, run.parameters).reshape(resolution, resolution)
    return QuadrantRun(data, run, axis, probability, hidden_outputs(data.x_train, run, keep_prob, mask_rng))


def hidden_outputs(x: Array, run: TrainingRun, keep_prob: float, rng: np.random.Generator) -> Array:
    """Return the first hidden layer's outputs (n_1, m) in a pass with fresh masks, nan where dropped."""
    _, cache = forward(x, run.parameters, keep_prob=keep_prob, rng=rng)
    hidden, mask = cache["inputs"][1], cache["masks"][1]
    return hidden if mask is None else np.where(mask, hidden, np.nan)


def over_seeds(
    experiment: Callable[[int], Outcome], seeds: Iterable[int], *, progress: bool = False
) -> list[Outcome]:
    """Return ``experiment(seed)`` for every seed; one seed taken for a result is the commonest mistake of all."""
    return [experiment(seed) for seed in tqdm(list(seeds), unit="seed", leave=False, disable=not progress)]


def confidence_interval(values: Array) -> tuple[float, float]:
    """Return mean and half-width of the 95 % interval of the mean, by Student's t.

    Parameters
    ----------
    values : array (n,)
        Independent results, one per seed, n ≥ 2. For a comparison give the paired differences.

    Examples
    --------
    >>> mean, half = confidence_interval(np.array([1.0, 2.0, 3.0]))
    >>> round(mean, 3), round(half, 3)
    (2.0, 2.484)
    """
    values = checked_array("values", values)
    if values.ndim != 1 or len(values) < 2:
        raise ValueError(f"values must have one axis with at least 2 entries, got shape {values.shape}")
    quantile = T_QUANTILES[len(values) - 2] if len(values) <= 31 else 1.96 + 2.4 / (len(values) - 1)
    return float(values.mean()), float(quantile * values.std(ddof=1) / np.sqrt(len(values)))
