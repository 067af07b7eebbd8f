"""Monte Carlo dropout: many predictions with dropout left on, and how far they spread."""

from __future__ import annotations

import torch
from torch import nn

from course_utils.arguments import Count, checked, shown
from course_utils.pytorch.evaluation import modes_kept
from course_utils.pytorch.network import AModule, ATensor
from course_utils.pytorch.randomness import seeded

__all__ = ["mc_dropout"]

# What PyTorch's layers of dropout are, layers that drop by themselves, and one that skips its dropout in evaluation.
DROPPING = (nn.modules.dropout._DropoutNd, nn.RNNBase, nn.MultiheadAttention, nn.TransformerEncoderLayer)


@checked
def mc_dropout(network: AModule, x: ATensor, samples: Count, seed: int) -> torch.Tensor:
    """Return predictions (samples, m, n_L) for ``x`` (m, n_0), each with masks of its own.

    Only dropout is in training mode; all modes are put back afterwards (Gal & Ghahramani 2016, section 4).

    Parameters
    ----------
    network : nn.Module
        With at least one layer that drops, such as ``nn.Dropout`` or ``nn.Dropout2d``; it returns one tensor.
    x : tensor (m, n_0)
        On the device of ``network``.
    samples : int >= 1
        Number of masks for each example.
    seed : int >= 0
        For PyTorch's generator.

    Examples
    --------
    >>> network = nn.Sequential(nn.Dropout(0.5), nn.Linear(4, 1))
    >>> mc_dropout(network, torch.ones(3, 4), samples=10, seed=0).shape
    torch.Size([10, 3, 1])
    """
    if not x.ndim:
        raise ValueError(f"x must have one example per row, got {shown(x)}")
    layers = [part for part in network.modules() if isinstance(part, DROPPING) and getattr(part, "dropout", True)]
    if not layers:
        raise ValueError("network must have a layer nn.Dropout, got one without")
    with modes_kept(network), seeded(seed), torch.no_grad():
        network.eval()
        for layer in layers:
            layer.training = True
        # All samples in one pass: every copy of an example gets a mask of its own.
        out = network(x.repeat(samples, *[1] * (x.ndim - 1)))  # (samples · m, n_L)
    if not isinstance(out, torch.Tensor) or out.shape[:1] != (samples * len(x),):
        given = tuple(out.shape) if isinstance(out, torch.Tensor) else type(out).__name__
        raise ValueError(f"network must return one tensor, a row for each of {samples * len(x)} examples, got {given}")
    return out.reshape(samples, len(x), *out.shape[1:])
