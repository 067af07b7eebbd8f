"""The network on noisy quadrants, trained in PyTorch on whatever device there is."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from course_utils.arguments import checked_choice, checked_count, checked_nonnegative
from course_utils.datasets import noisy_quadrants
from course_utils.dropout import keep_prob_from_p
from course_utils.experiments.quadrants import QuadrantRun, surveyed
from course_utils.network import initialize_parameters
from course_utils.pytorch.conversion import to_torch
from course_utils.pytorch.devices import best_device
from course_utils.pytorch.regularization import decay_groups
from course_utils.pytorch.training import train

__all__ = ["OPTIMIZERS", "quadrant_run"]

OPTIMIZERS: dict[str, Any] = {"Adam": torch.optim.Adam, "AdamW": torch.optim.AdamW}


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

    The network of :func:`course_utils.experiments.quadrants.quadrant_run`: equal seeds draw equal data, weights and
    masks. With "Adam" weight_decay is its λ/m; with "AdamW" it is not. Biases do not decay.
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
