"""From the course's arrays to PyTorch's tensors and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from course_utils.activations import HiddenActivations
from course_utils.arguments import Array, KeepProbs, NetworkParameters, checked, checked_matrix
from course_utils.dropout import layer_keep_probs
from course_utils.network import layer_activations, layer_sizes
from course_utils.pytorch.network import ANetwork, ATensor, Network
from course_utils.pytorch.randomness import seeded

__all__ = ["columns", "from_torch", "gradients", "rows", "to_torch"]


@checked
def to_torch(
    parameters: NetworkParameters, activation: HiddenActivations = "relu", keep_prob: KeepProbs = 1.0
) -> Network:
    """Return a :class:`Network` with the weights of ``parameters`` in their dtype, in training mode."""
    sizes = layer_sizes(parameters)
    depth = len(sizes) - 1
    with seeded(0):  # nn.Linear draws first weights, which are overwritten: leave the global generator as it was
        network = Network(sizes, layer_activations(activation, depth), layer_keep_probs(keep_prob, depth))
    network.to(copied(parameters["W1"]).dtype)
    with torch.no_grad():
        for layer, (W, b) in enumerate(network.layers(), start=1):
            W.copy_(copied(parameters[f"W{layer}"]))
            b.copy_(copied(parameters[f"b{layer}"][:, 0]))
    return network


def copied(array: Array) -> torch.Tensor:
    """Return an array as a tensor of its own, however it lies in memory."""
    return torch.from_numpy(np.array(array, array.dtype.newbyteorder("="), order="C"))


@checked
def from_torch(network: ANetwork) -> dict[str, Array]:
    """Return the weights of ``network`` as ``W1 b1 W2 b2 ...``, copied."""
    return as_columns(list(network.layers()))


@checked
def gradients(network: ANetwork) -> dict[str, Array]:
    """Return the gradients that ``backward()`` left, named and shaped as the course's parameters."""
    names = [f"{kind}{layer}" for layer in range(1, len(network.sizes)) for kind in "Wb"]
    parameters = [parameter for pair in network.layers() for parameter in pair]
    frozen = [name for name, parameter in zip(names, parameters, strict=True) if not parameter.requires_grad]
    if frozen:
        raise ValueError(f"network must learn all its parameters, requires_grad is off for {', '.join(frozen)}")
    if any(parameter.grad is None for parameter in parameters):
        raise ValueError("network must hold gradients: call cost.backward() first")
    return as_columns([(W.grad, b.grad) for W, b in network.layers()])


def as_columns(layers: Sequence[tuple[Any, Any]]) -> dict[str, Array]:
    """Return pairs of weight (n_out, n_in) and bias (n_out,) as NumPy ``W`` and ``b`` (n_out, 1)."""
    arrays = {}
    for layer, (weight, bias) in enumerate(layers, start=1):
        arrays[f"W{layer}"] = numbers(weight).copy()
        arrays[f"b{layer}"] = numbers(bias).copy()[:, np.newaxis]
    return arrays


def numbers(tensor: torch.Tensor) -> Array:
    """Return a tensor as an array; NumPy has no bfloat16, whose numbers are float32 too."""
    tensor = tensor.detach().cpu()
    return np.asarray((tensor.float() if tensor.dtype == torch.bfloat16 else tensor).numpy())


def rows(x: Any) -> torch.Tensor:
    """Return the course's array (n, m) as a tensor (m, n)."""
    return copied(checked_matrix("x", x).T)


@checked
def columns(x: ATensor) -> Array:
    """Return the tensor (m, n) as the course's array (n, m)."""
    return numbers(x).T
