"""The course's training loop in PyTorch, full batch, with masks that NumPy draws.

``nn.Dropout`` draws from a generator of its device, so a GPU drops other units than a CPU. Masks from a NumPy rng are
the same everywhere: this loop takes the steps of :func:`course_utils.training.train` on any device.
"""

from __future__ import annotations

from inspect import signature
from typing import Annotated, Any

import torch

from course_utils.arguments import Count, Examples, Nonnegative, Positive, Rng, checked
from course_utils.costs import CostName, Labels, accuracy
from course_utils.dropout import draw_masks
from course_utils.pytorch.conversion import columns, from_torch, rows
from course_utils.pytorch.evaluation import evaluate
from course_utils.pytorch.network import COST_FUNCTIONS, ANetwork, Network, instance_of
from course_utils.pytorch.regularization import clip_max_norm, l1_norm
from course_utils.training import TestExamples, TrainingRun, check_finite, history_of

__all__ = ["train"]


@checked
@torch.enable_grad()
def train(
    x: Examples,
    y: Labels,
    network: ANetwork,
    optimizer: Annotated[
        torch.optim.Optimizer, instance_of(torch.optim.Optimizer, "one of torch.optim, such as torch.optim.SGD(...)")
    ],
    *,
    rng: Rng,
    steps: Count = 300,
    cost: CostName = "binary_cross_entropy",
    lambd1: Nonnegative = 0.0,
    max_norm: Positive | None = None,
    test: TestExamples | None = None,
    record_every: Count | None = None,
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
    refuse_foreign(optimizer, network)
    examples, test = tensors(x, y, network), None if test is None else tensors(test[0], test[1], network)
    every, m = record_every or max(1, steps // 50), len(examples[0])
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
        if max_norm is not None:
            clip_max_norm(network, max_norm)
        if step % every == 0 or step == steps:
            check_finite(value.item(), from_torch(network), step, optimizer.param_groups[0]["lr"])
            scored = [scores(network, data, cost) for data in (examples, test)]
            records.append((step, value.item(), *scored[0], *scored[1]))
    return TrainingRun(from_torch(network), history_of(records))


def refuse_foreign(optimizer: torch.optim.Optimizer, network: Network) -> None:
    """Refuse an optimizer that would leave ``network`` as it is, and one that needs the cost as a function."""
    held = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
    if not held or held - set(map(id, network.parameters())):
        raise ValueError("optimizer must hold parameters of network, got one of another: make it after the network")
    if not any(parameter.requires_grad for parameter in network.parameters()):
        raise ValueError("network must learn some of its parameters, requires_grad is off for all")
    if any(one.default is one.empty for one in signature(optimizer.step).parameters.values()):
        kind = type(optimizer).__name__
        raise ValueError(
            f"optimizer must take a step from one gradient, got {kind}, which asks for the cost many times"
        )


def tensors(x: Any, y: Any, network: Network) -> tuple[torch.Tensor, torch.Tensor]:
    """Return examples as rows, in the dtype and on the device of ``network``."""
    weight = next(network.parameters())
    return rows(x).to(weight), rows(y).to(weight)  # (m, n_0), (m, n_L)


def scores(network: Network, data: tuple[torch.Tensor, torch.Tensor] | None, cost: str) -> tuple[float, float]:
    """Return cost and accuracy of the whole network; nan for what is not defined."""
    if data is None:
        return float("nan"), float("nan")
    x, y = data
    z = evaluate(network, x)  # (m, n_L)
    value = COST_FUNCTIONS[cost](z, y).item()
    return value, float("nan") if cost == "mean_squared_error" else accuracy(columns(z), columns(y))
