"""The course's training loop in PyTorch, full batch, with masks that NumPy draws.

``nn.Dropout`` draws from a generator of its device, so a GPU drops other units than a CPU. Masks from a NumPy rng are
the same everywhere: this loop takes the steps of :func:`course_utils.training.train` on any device.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from course_utils.arguments import checked_matrix, checked_nonnegative, checked_positive, checked_rng, shown
from course_utils.costs import accuracy, checked_labels
from course_utils.dropout import draw_masks
from course_utils.pytorch.conversion import columns, from_torch, rows
from course_utils.pytorch.evaluation import evaluate
from course_utils.pytorch.network import COST_FUNCTIONS, Network
from course_utils.pytorch.regularization import clip_max_norm, l1_norm
from course_utils.training import TrainingRun, check_finite, checked_recording, checked_test, history_of

__all__ = ["train"]


def train(
    x: Any,
    y: Any,
    network: Network,
    optimizer: torch.optim.Optimizer,
    *,
    rng: np.random.Generator,
    steps: int = 300,
    cost: str = "binary_cross_entropy",
    lambd1: float = 0.0,
    max_norm: float | None = None,
    test: tuple[Any, Any] | None = None,
    record_every: int | None = None,
) -> TrainingRun:
    """Train ``network`` in place on the device where it is, and return its weights and history.

    Parameters
    ----------
    x, y : arrays (n_0, m) and (n_L, m)
        Training examples, one per column, as everywhere in the course.
    network : Network
        From :func:`course_utils.pytorch.to_torch`; its ``keep_probs`` say how much is dropped.
    optimizer : torch.optim.Optimizer
        Of the parameters of ``network``. Its weight_decay is its own; see
        :func:`course_utils.pytorch.regularization.decay_groups`.
    rng : numpy.random.Generator
        Draws the masks; the same rng gives the same run.
    steps : int >= 1
        Number of updates, each with all examples.
    cost : str
        binary_cross_entropy, softmax_cross_entropy or mean_squared_error.
    lambd1 : float >= 0
        λ₁ of L1 in λ₁/m Σ |W|, added to the cost.
    max_norm : float > 0, optional
        Longest row that a weight matrix may have after a step.
    test : (x, y), optional
        Test examples for the history.
    record_every : int, optional
        Steps between entries of the history; about 50 entries unless given.

    Returns
    -------
    TrainingRun
        As from :func:`course_utils.training.train`.

    Raises
    ------
    ValueError, TypeError
        For bad arguments.
    FloatingPointError
        If the cost is not finite at a recorded step.
    """
    if not isinstance(network, Network):
        raise TypeError(f"network must be a Network from to_torch(parameters), got {shown(network)}")
    if not isinstance(optimizer, torch.optim.Optimizer):
        raise TypeError(f"optimizer must be one of torch.optim, such as torch.optim.SGD(...), got {shown(optimizer)}")
    examples, test = tensors(x, y, network, cost), checked_test(test)
    test_examples = None if test is None else tensors(*test, network, cost, "test ")
    steps, every = checked_recording(steps, record_every)
    lambd1, rng, m = checked_nonnegative("lambd1", lambd1), checked_rng(rng), len(examples[0])
    limit = None if max_norm is None else checked_positive("max_norm", max_norm)
    records: list[tuple[float, ...]] = []

    network.train()
    for step in range(1, steps + 1):
        masks = draw_masks(network.sizes, m, network.keep_probs, rng)
        z = network(examples[0], masks)  # (m, n_L)
        value = COST_FUNCTIONS[cost](z, examples[1])
        if lambd1:
            value = value + lambd1 / m * l1_norm(network)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        if limit is not None:
            clip_max_norm(network, limit)
        if step % every == 0 or step == steps:
            check_finite(value.item(), from_torch(network), step, optimizer.param_groups[0]["lr"])
            scored = [scores(network, data, cost) for data in (examples, test_examples)]
            records.append((step, value.item(), *scored[0], *scored[1]))
    return TrainingRun(from_torch(network), history_of(records))


def tensors(x: Any, y: Any, network: Network, cost: str, prefix: str = "") -> tuple[torch.Tensor, torch.Tensor]:
    """Return examples as rows, in the dtype and on the device of ``network``."""
    weight, x = next(network.parameters()), checked_matrix(f"{prefix}x", x)
    if x.shape[0] != network.sizes[0]:
        raise ValueError(f"{prefix}x must have {network.sizes[0]} rows, one per input, got shape {x.shape}")
    y = checked_labels(y, (network.sizes[-1], x.shape[1]), cost, f"{prefix}y")
    return rows(x).to(weight), rows(y).to(weight)  # (m, n_0), (m, n_L)


def scores(network: Network, data: tuple[torch.Tensor, torch.Tensor] | None, cost: str) -> tuple[float, float]:
    """Return cost and accuracy of the whole network; nan for what is not defined."""
    if data is None:
        return float("nan"), float("nan")
    x, y = data
    z = evaluate(network, x)  # (m, n_L)
    value = COST_FUNCTIONS[cost](z, y).item()
    return value, float("nan") if cost == "mean_squared_error" else accuracy(columns(z), columns(y))
