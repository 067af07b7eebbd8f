"""Penalties and constraints in PyTorch: on weights, never on biases.

A weight is a parameter with two axes or more; a bias has one.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from course_utils.arguments import Nonnegative, Positive, checked
from course_utils.pytorch.network import AModule

__all__ = ["clip_max_norm", "decay_groups", "l1_norm", "soft_threshold", "weights"]


@checked
def weights(network: AModule) -> list[nn.Parameter]:
    """Return the parameters of ``network`` that are weights."""
    return [parameter for parameter in network.parameters() if parameter.ndim >= 2]


@checked
def decay_groups(network: AModule, weight_decay: Nonnegative) -> list[dict[str, Any]]:
    """Return two parameter groups for an optimizer of ``torch.optim``: weights decay, biases do not.

    ``weight_decay`` on all of ``network.parameters()`` would pull the biases to zero as well.

    Examples
    --------
    >>> groups = decay_groups(nn.Linear(3, 2), 0.1)
    >>> [(group["weight_decay"], [tuple(p.shape) for p in group["params"]]) for group in groups]
    [(0.1, [(2, 3)]), (0.0, [(2,)])]
    """
    biases = [parameter for parameter in network.parameters() if parameter.ndim < 2]
    return [{"params": weights(network), "weight_decay": weight_decay}, {"params": biases, "weight_decay": 0.0}]


@checked
def l1_norm(network: AModule) -> torch.Tensor:
    """Return Σ |W| over the weights, ready for ``backward()``; the derivative of |W| at 0 is taken as 0."""
    sums = [W.abs().sum() for W in weights(network)]
    return torch.stack(sums).sum() if sums else torch.zeros(())


@checked
@torch.no_grad()
def soft_threshold(network: AModule, threshold: Nonnegative) -> None:
    """Move each weight towards 0 by ``threshold`` and stop there, in place: the L1 proximal step.

    After a step of plain SGD with learning rate η the threshold is ηλ₁/m (Parikh & Boyd 2014, section 6.5.2).
    """
    for W in weights(network):
        W.sub_(W.clamp(-threshold, threshold))


@checked
@torch.no_grad()
def clip_max_norm(network: AModule, limit: Positive) -> None:
    """Scale all weights that come into one unit back to the length ``limit`` where they are longer, in place.

    They are a row of a linear layer or of an embedding, and all that one output channel of a convolution is computed
    with (Srivastava et al. 2014, section 5.1).
    """
    parts = network.modules()
    groups = {part.weight: part.groups for part in parts if isinstance(part, nn.modules.conv._ConvTransposeNd)}
    for W in weights(network):
        by_unit = W.unflatten(0, (groups.get(W, 1), -1))  # (groups, n_out, ...)
        if W in groups:  # a transposed convolution has its inputs first, in groups, each with outputs of its own
            by_unit = by_unit.transpose(1, 2)
        norms = torch.linalg.vector_norm(by_unit, dim=tuple(range(2, by_unit.ndim)), keepdim=True)
        by_unit.mul_(limit / norms.clamp(min=limit))
