"""The course's network as an ``nn.Module``, and its cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Annotated, Any, TypeAlias

import torch
from torch import nn
from torch.nn import functional

from course_utils import activations
from course_utils.arguments import Array, Count, Domain, Nonnegative, checked, fitting_masks, shown
from course_utils.costs import CostName
from course_utils.dropout import p_from_keep_prob

__all__ = ["ACTIVATIONS", "COST_FUNCTIONS", "Network", "compute_cost"]

# The course's activations are PyTorch's functions of the same names; two are special.
ACTIVATIONS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    **{name: getattr(functional, name) for name in activations.ACTIVATIONS if hasattr(functional, name)},
    "identity": lambda z: z,
    "softmax": lambda z: torch.softmax(z, dim=1),  # dim 1: one example per row
}
COST_FUNCTIONS: dict[str, Callable[..., torch.Tensor]] = {
    "binary_cross_entropy": functional.binary_cross_entropy_with_logits,
    "softmax_cross_entropy": functional.cross_entropy,
    "mean_squared_error": functional.mse_loss,
}


class Network(nn.Module):
    """Linear layers with dropout before each; made by :func:`course_utils.pytorch.to_torch`."""

    def __init__(self, sizes: Sequence[int], activation: Sequence[str], keep_probs: Sequence[float]) -> None:
        super().__init__()
        self.sizes, self.activations, self.keep_probs = list(sizes), list(activation), list(keep_probs)
        self.linear = nn.ModuleList(nn.Linear(n, n_out) for n, n_out in pairwise(sizes))
        self.dropout = nn.ModuleList(nn.Dropout(p_from_keep_prob(q)) for q in keep_probs)

    def layers(self) -> Iterator[tuple[nn.Parameter, nn.Parameter]]:
        """Yield weight (n_out, n_in) and bias (n_out,) of each layer."""
        for part in self.linear:  # of self.parameters() two that are tied would be one
            yield part.weight, part.bias  # type: ignore[misc]  # of linear layers

    def forward(self, x: torch.Tensor, masks: Sequence[Array | None] | None = None) -> torch.Tensor:
        """Return logits (m, n_L) for ``x`` (m, n_0).

        ``masks`` are the course's, (n_i, m) each or None, and take the place of ``nn.Dropout``'s own.
        """
        n, dtype = self.sizes[0], self.linear[0].weight.dtype
        if x.ndim != 2 or x.shape[1] != n or x.dtype != dtype:
            given = f"{tuple(x.shape)} and {x.dtype}"
            raise ValueError(f"x must have shape (m, {n}), one example per row, and dtype {dtype}, got {given}")
        if masks is not None:
            masks = fitting_masks(masks, self.sizes, x.shape[0])
        for i, (linear, dropout) in enumerate(zip(self.linear, self.dropout, strict=True)):
            if i:
                x = ACTIVATIONS[self.activations[i - 1]](x)
            if masks is None:
                x = dropout(x)
            elif (mask := masks[i]) is not None:
                x = x * torch.as_tensor(mask.T, dtype=x.dtype, device=x.device) / self.keep_probs[i]
            x = linear(x)  # (m, n_{i+1})
        return x


def instance_of(kind: type[Any], words: str) -> Domain:
    """Return the domain of an object of PyTorch."""

    def alone(name: str, value: Any) -> Any:
        if not isinstance(value, kind):
            raise TypeError(f"{name} must be {words}, got {shown(value)}")
        return value

    return Domain(alone)


AModule: TypeAlias = Annotated[nn.Module, instance_of(nn.Module, "an nn.Module")]
ANetwork: TypeAlias = Annotated[Network, instance_of(Network, "a Network from to_torch(parameters)")]
ATensor: TypeAlias = Annotated[torch.Tensor, instance_of(torch.Tensor, "a tensor")]


@checked
def compute_cost(
    z: ATensor,
    y: ATensor,
    network: ANetwork,
    *,
    cost: CostName = "binary_cross_entropy",
    lambd: Nonnegative = 0.0,
    lambd1: Nonnegative = 0.0,
    m: Count | None = None,
) -> torch.Tensor:
    """Return the cost of logits ``z`` (m, n_L) with λ/(2m) Σ W² + λ₁/m Σ |W|, ready for ``backward()``.

    ``m`` is the number of training examples: the rows of y unless given, as a minibatch must.
    """
    if not z.is_floating_point() or not len(z):
        raise ValueError(f"z must hold floats, a row for each example, got {tuple(z.shape)} of {z.dtype}")
    if z.shape != y.shape:
        raise ValueError(f"z and y must have one shape (m, n_L), got {tuple(z.shape)} and {tuple(y.shape)}")
    if cost != "mean_squared_error" and not y.is_meta and (y.min() < 0 or y.max() > 1):
        raise ValueError(f"y must hold labels from 0 to 1, got values from {y.min():g} to {y.max():g}")
    total, m = COST_FUNCTIONS[cost](z, y.to(z.dtype)), m or len(y)
    for W, _ in network.layers():
        total = total + lambd / (2 * m) * (W**2).sum() + lambd1 / m * W.abs().sum()
    return total
