"""Penalties and constraints in PyTorch: on weights, never on biases.

A weight is a parameter with two axes or more; a bias has one.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from course_utils.arguments import checked_nonnegative, checked_positive

__all__ = ["clip_max_norm", "decay_groups", "l1_norm", "soft_threshold", "weights"]


def weights(network: nn.Module) -> list[nn.Parameter]:
    """Return the parameters of ``network`` that are weights."""
    return [parameter for parameter in network.parameters() if parameter.ndim >= 2]


def decay_groups(network: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Return two parameter groups for an optimizer of ``torch.optim``: weights decay, biases do not.

    ``weight_decay`` on all of ``network.parameters()`` would pull the biases to zero as well.

    Examples
    --------
    >>> groups = decay_groups(nn.Linear(3, 2), 0.1)
    >>> [(group["weight_decay"], [tuple(p.shape) for p in group["params"]]) for group in groups]
    [(0.1, [(2, 3)]), (0.0, [(2,)])]
    """
    decay = checked_nonnegative("weight_decay", weight_decay)
    biases = [parameter for parameter in network.parameters() if parameter.ndim < 2]
    return [{"params": weights(network), "weight_decay": decay}, {"params": biases, "weight_decay": 0.0}]


def l1_norm(network: nn.Module) -> torch.Tensor:
    """Return Σ |W| over the weights, ready for ``backward()``; the derivative of |W| at 0 is taken as 0."""
    sums = [W.abs().sum() for W in weights(network)]
    return torch.stack(sums).sum() if sums else torch.zeros(())


@torch.no_grad()
def soft_threshold(network: nn.Module, threshold: float) -> None:
    """Move each weight towards 0 by ``threshold`` and stop there, in place: the L1 proximal step.

    After a step of plain SGD with learning rate η the threshold is ηλ₁/m (Parikh & Boyd 2014, section 6.5.2).
    """
    threshold = checked_nonnegative("threshold", threshold)
    for W in weights(network):
        W.sub_(W.clamp(-threshold, threshold))


@torch.no_grad()
def clip_max_norm(network: nn.Module, limit: float) -> None:
    """Scale all weights that come into one unit back to the length ``limit`` where they are longer, in place.

    They are a row of a linear layer or of an embedding, and all that one output channel of a convolution is computed
    with (Srivastava et al. 2014, section 5.1).
    """
    limit = checked_positive("limit", limit)
    parts = network.modules()
    groups = {part.weight: part.groups for part in parts if isinstance(part, nn.modules.conv._ConvTransposeNd)}
    for W in weights(network):
        by_unit = W.unflatten(0, (groups.get(W, 1), -1))  # (groups, n_out, ...)
        if W in groups:  # a transposed convolution has its inputs first, in groups, each with outputs of its own
            by_unit = by_unit.transpose(1, 2)
        norms = torch.linalg.vector_norm(by_unit, dim=tuple(range(2, by_unit.ndim)), keepdim=True)
        by_unit.mul_(limit / norms.clamp(min=limit))
