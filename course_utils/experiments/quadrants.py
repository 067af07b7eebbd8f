"""A network trained on noisy quadrants, with dropout, L2 and L1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_utils.arguments import Array, checked_count, is_list, shown
from course_utils.datasets import Split, noisy_quadrants
from course_utils.flat_training import train_flat
from course_utils.network import forward, initialize_parameters, predict
from course_utils.optimizers import Adam
from course_utils.training import TrainingRun

__all__ = ["QuadrantRun", "quadrant_run", "surveyed"]


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
    test: tuple[Array, Array] | None = None,
) -> QuadrantRun:
    """Train a ReLU network with the given hidden layers on noisy quadrants with dropout, L2 and L1.

    ``seed`` draws data and first weights; ``mask_seed`` the masks, so that masks can change while all else stays.
    L1 takes the proximal step, so that weights become exactly zero.
    float32 trains faster; float64 gives the same digits on every machine.
    ``test``, x and y, are points to score the run on at every record; by default they are ``m_test`` clean ones.
    """
    if not is_list(hidden) or not len(hidden):
        raise ValueError(f"hidden must list one size or more, such as (64, 64), got {shown(hidden)}")
    sizes = [2, *(checked_count(f"hidden[{i}]", size) for i, size in enumerate(hidden)), 1]
    record_every = max(1, checked_count("steps", steps) // checked_count("records", records))
    resolution = checked_count("resolution", resolution, 2)
    data = noisy_quadrants(np.random.default_rng(checked_count("seed", seed, 0)), m_train, m_test, flipped)
    parameters = initialize_parameters(sizes, np.random.default_rng([seed, 1]), dtype=dtype)
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
        test=(data.x_test, data.y_test) if test is None else test,
        record_every=record_every,
    )
    return surveyed(data, run, keep_prob, mask_rng, resolution)


def surveyed(data: Split, run: TrainingRun, keep_prob: float, rng: np.random.Generator, resolution: int) -> QuadrantRun:
    """Return a finished run with its predictions on a grid and its first hidden layer in a pass with fresh masks."""
    axis = np.linspace(-3, 3, resolution)
    grid = np.stack(np.meshgrid(axis, axis)).reshape(2, -1)  # (2, resolution²)
    probability = predict(grid, run.parameters).reshape(resolution, resolution)
    _, cache = forward(data.x_train, run.parameters, keep_prob=keep_prob, rng=rng)
    hidden, mask = cache["inputs"][1], cache["masks"][1]
    return QuadrantRun(data, run, axis, probability, hidden if mask is None else np.where(mask, hidden, np.nan))
