"""Tensors and networks for the checks of chapter 04: drawn, read, and required to be as they were."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import numpy as np

from course_utils.arguments import Array
from course_utils.exercises.mistake import require

__all__ = [
    "changeable_network",
    "drawn_network",
    "drawn_seed",
    "mixed_network",
    "network_of",
    "require_mode",
    "require_tensor",
    "require_trainable",
    "short_numbers",
    "tensor",
    "torch_seeded",
    "values_of",
]


@contextmanager
def torch_seeded(seed: int) -> Iterator[None]:
    """Seed PyTorch's generator; afterwards its state and its gradient mode are as they were.

    A learner's ``torch.set_grad_enabled(False)`` would otherwise outlast the check.
    """
    from course_utils.pytorch import randomness

    with randomness.seeded(seed), randomness.torch.enable_grad():
        yield


def drawn_seed(rng: np.random.Generator) -> int:
    """Return a seed for PyTorch's generator."""
    return int(rng.integers(2**31))


def tensor(array: Any) -> Any:
    """Return a new tensor of an array."""
    from course_utils.pytorch import rows

    values = np.array(array, dtype=float)
    return rows(values.reshape(-1, 1)).reshape(values.shape)


def values_of(value: Any) -> Array:
    """Return a copy of a tensor's values as floats."""
    return np.array(value.detach().cpu().numpy(), dtype=float)


def require_tensor(value: Any, what: str = "result") -> Any:
    """Return a value if it is a tensor; numbers, arrays and the rest are mistakes, each with its name."""
    case = (what, value), ("its kind", type(value).__name__)
    require(not isinstance(value, np.ndarray | np.generic), "numpy-for-tensor", *case)
    require(not isinstance(value, bool | int | float | complex), "number-for-tensor", *case)
    require(hasattr(value, "detach") and hasattr(value, "requires_grad_"), "not-a-tensor", *case)
    return value


def network_of(weights: Sequence[Any], biases: Sequence[Any]) -> Any:
    """Return a network in training mode with these weights (n_out, n) and biases (n_out), dropout with p 0.5."""
    from course_utils.pytorch import to_torch

    parameters = {}
    for layer, (W, b) in enumerate(zip(weights, biases, strict=True), start=1):
        parameters[f"W{layer}"] = np.array(W, dtype=float)
        parameters[f"b{layer}"] = np.array(b, dtype=float)[:, np.newaxis]
    return to_torch(parameters, "tanh", [0.5] * len(weights))


def short_numbers(rng: np.random.Generator, *shape: int) -> Array:
    """Return numbers of one decimal from 0.1 to 2 in size, none of them zero, of both signs."""
    signs: Array = rng.choice([-1.0, 1.0], shape)
    signs.flat[:2] = 1, -1
    return signs * rng.integers(1, 21, shape) / 10


def drawn_network(rng: np.random.Generator, *sizes: int) -> Any:
    """Return a network of these sizes with short weights and biases."""
    weights = [short_numbers(rng, n_out, n) for n, n_out in pairwise(sizes)]
    return network_of(weights, [short_numbers(rng, n_out) for n_out in sizes[1:]])


def mixed_network(rng: np.random.Generator) -> Any:
    """Return a model of a convolution, a normalization, a linear layer and a block with another one, all numbers short.

    The weights have three axes, one, two and two; no two parameters have the same size.
    """
    from course_utils.pytorch.randomness import torch

    nn = torch.nn
    block = nn.Sequential(nn.ReLU(), nn.Linear(4, 2))
    model = nn.Sequential(nn.Conv1d(2, 3, 2), nn.BatchNorm1d(3), nn.Flatten(), nn.Linear(6, 4), block).double()
    for parameter in model.parameters():
        parameter.data = tensor(short_numbers(rng, *parameter.shape))
    return model


def changeable_network(rng: np.random.Generator) -> Any:
    """Return a model that minds its mode in three ways: by a dropout of its own, by a layer's, and by a normalization.

    Its input has three features.
    """
    from course_utils.pytorch.randomness import torch

    class Changeable(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.norm, self.dropout = (
                torch.nn.Linear(3, 20),
                torch.nn.BatchNorm1d(20),
                torch.nn.Dropout(0.3),
            )
            self.last = torch.nn.Linear(20, 2)

        def forward(self, x: Any) -> Any:
            a = torch.nn.functional.dropout(self.first(x), 0.4, training=self.training)
            return self.last(self.dropout(self.norm(a)))

    model = Changeable().double()
    for parameter in model.parameters():
        parameter.data = tensor(short_numbers(rng, *parameter.shape))
    return model


def require_trainable(network: Any) -> None:
    """Require that gradients are on, for every parameter and for the program."""
    from course_utils.pytorch import randomness

    require(randomness.torch.is_grad_enabled(), "gradients-off-for-all")
    frozen = [name for name, parameter in network.named_parameters() if not parameter.requires_grad]
    require(not frozen, "parameters-frozen", ("need no gradients now", frozen))


def require_mode(network: Any, training: bool) -> None:
    """Require a network and all its parts to be in the mode in which they were given away."""
    wrong = [name or "the model" for name, part in network.named_modules() if part.training != training]
    case = ("training before", training), ("training afterwards", not training), ("of", wrong)
    require(not wrong, "left-in-evaluation" if training else "left-in-training", *case)
