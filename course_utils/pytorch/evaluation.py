"""Evaluating a network: dropout off, no gradients, and every mode put back afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

from course_utils.arguments import checked
from course_utils.pytorch.network import AModule, ATensor

__all__ = ["evaluate", "modes_kept"]


@contextmanager
def modes_kept(network: nn.Module) -> Iterator[None]:
    """Put ``network`` and all its parts back into the modes they have now, whatever a ``with`` block does.

    Parts can differ: a frozen part may be in evaluation mode while the rest is trained.

    Returns
    -------
    context manager
    """
    modes = [(part, part.training) for part in network.modules()]
    try:
        yield
    finally:
        for part, training in modes:
            part.training = training


@checked
def evaluate(network: AModule, x: ATensor) -> torch.Tensor:
    """Return the output of the whole network for ``x`` (m, n_0): no dropout, no gradients, modes as they were."""
    with modes_kept(network), torch.no_grad():
        return network.eval()(x)
