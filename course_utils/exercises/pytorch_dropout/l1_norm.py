"""The check of ``l1_norm``: the sum of absolute weights, through which gradients flow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.arguments import Array
from course_utils.exercises.calls import called, require_unchanged
from course_utils.exercises.exercise import Answer
from course_utils.exercises.explanation import agree
from course_utils.exercises.mistake import Mistake, require
from course_utils.exercises.pytorch_dropout.tensors import (
    drawn_network,
    drawn_seed,
    mixed_network,
    network_of,
    require_tensor,
    require_trainable,
    torch_seeded,
    values_of,
)
from course_utils.exercises.slips import combined, known
from course_utils.exercises.verdict import named, said

__all__ = ["examine_l1"]

Layers = list[tuple[Array, Array]]  # of weight and bias


def examine_l1(l1_norm: Answer, rng: np.random.Generator) -> None:
    """Examine ``l1_norm(model)``."""
    smallest = network_of([[[1, -2], [0.5, -1.5]]], [[0.5, -0.5]])  # a negative sum tells |Σ W| from Σ W
    networks = [smallest, drawn_network(rng, 3, 4, 2), drawn_network(rng, 2, 5, 4, 3)]
    with torch_seeded(drawn_seed(rng)):
        norms = [norm_of(l1_norm, network) for network in networks]
        got = [float(values_of(norm).sum()) for norm in norms]
        layers = [[(values_of(W), values_of(b)) for W, b in network.layers()] for network in networks]
        right = [sum(float(np.abs(W).sum()) for W, _ in network) for network in layers]
        if not any(got):
            require_every_kind(l1_norm, mixed_network(rng))
        failing = [index for index in range(len(networks)) if not agree(got[index], right[index])]
        if failing:
            first = failing[0]
            shown = [pair for n, (W, b) in enumerate(layers[first], start=1) for pair in ((f"W{n}", W), (f"b{n}", b))]
            case = (*shown, ("expected", right[first]), ("got", got[first]))
            for norm in NORMS:
                if agree(got, [norm.function(network) for network in layers]):
                    raise Mistake(norm.found[0].misconception, case, *norm.found[1:])
            raise Mistake("wrong-value", case)
        for network, norm in zip(networks, norms, strict=True):
            require_signs(network, norm)
        require_every_kind(l1_norm, mixed_network(rng))


def require_every_kind(l1_norm: Answer, model: Any) -> None:
    """Require weights with any number of axes and in any block to count, and the scale of a normalization not to."""
    got = float(values_of(norm_of(l1_norm, model)).sum())
    sizes = {name: float(np.abs(values_of(parameter)).sum()) for name, parameter in model.named_parameters()}
    conv, norm, linear, inner = (sizes[f"{name}.weight"] for name in ("0", "1", "3", "4.1"))
    right = conv + linear + inner
    shapes = {name: tuple(parameter.shape) for name, parameter in model.named_parameters()}
    case = ("shapes of the parameters", shapes), ("expected", right), ("got", got)
    for misconception, other in (
        ("norm-scales-in-norm", right + norm),
        ("more-axes-left-out", linear + inner),
        ("nested-layers-missed", conv + linear),
        ("nested-layers-missed", conv + norm + linear),
        ("nested-layers-missed", linear),
        ("nothing-added-up", 0.0),
    ):
        require(not agree(got, other), misconception, *case)
    require(agree(got, right), "wrong-value", *case)


def norm_of(l1_norm: Answer, network: Any) -> Any:
    """Return ``l1_norm(network)``, a tensor of one number; the network must be as it was."""
    before = [values_of(parameter) for parameter in network.parameters()]
    norm = called(l1_norm, network)
    nothing = isinstance(norm, int | float) and norm == 0
    require(not nothing, "nothing-added-up", ("got", norm))
    norm = require_tensor(norm)
    require(norm.numel() == 1, "wrong-shape", ("expected", said("one number")), ("got, of shape", tuple(norm.shape)))
    require(all(parameter.grad is None for parameter in network.parameters()), "backward-inside")
    names = [name for name, _ in network.named_parameters()]
    require_unchanged(names, before, [values_of(parameter) for parameter in network.parameters()])
    require_trainable(network)
    return norm


def require_signs(network: Any, norm: Any) -> None:
    """Require the gradient of the norm to be the sign of each weight."""
    require(norm.requires_grad, "graph-cut", ("requires_grad of the result", False))
    norm.backward()
    for layer, (W, _) in enumerate(network.layers(), start=1):
        missing = named("gradient with respect to {name}", name=f"W{layer}"), said("none")
        require(W.grad is not None, "graph-cut", missing)
        case = (f"W{layer}", values_of(W)), ("expected gradient", np.sign(values_of(W))), ("got", values_of(W.grad))
        require(agree(values_of(W.grad), np.sign(values_of(W))), "wrong-value", *case)


# What is summed up of each layer, and over which arrays; the right one first.
OF_A_LAYER: dict[str, Callable[[Array], Any]] = {
    "": lambda W: np.abs(W).sum(),
    "squares-for-absolute": lambda W: np.square(W).sum(),
    "absolute-missing": np.sum,
    "absolute-after-sum": lambda W: abs(W.sum()),
    "mean-of-absolute": lambda W: np.abs(W).mean(),
    "euclidean-norm": np.linalg.norm,
    "largest-for-sum": lambda W: np.abs(W).max(),
    "number-of-weights": np.count_nonzero,
}
SUMMED: dict[str, Callable[[Layers], list[Array]]] = {
    "": lambda layers: [W for W, _ in layers],
    "biases-in-norm": lambda layers: [array for layer in layers for array in layer],
    "first-layer-only": lambda layers: [W for W, _ in layers[:1]],
    "last-layer-only": lambda layers: [W for W, _ in layers[-1:]],
}
NORMS = [
    *known(
        {
            "nothing-added-up": lambda layers: 0.0,
            "absolute-after-sum": lambda layers: abs(sum(W.sum() for W, _ in layers)),
            "mean-of-absolute": [
                lambda layers: sum(np.abs(W).mean() for W, _ in layers) / len(layers),
                lambda layers: sum(np.abs(W).sum() for W, _ in layers) / sum(W.size for W, _ in layers),
                lambda layers: sum(np.abs(W).sum() for W, _ in layers) / len(layers),
            ],
            "euclidean-norm": lambda layers: np.sqrt(sum(np.square(W).sum() for W, _ in layers)),
            "matrix-norm": lambda layers: sum(np.linalg.norm(W, 1) for W, _ in layers),
            "half-kept": lambda layers: sum(np.abs(W).sum() for W, _ in layers) / 2,
        }
    ),
    *combined(lambda of, over: lambda layers: sum(float(of(array)) for array in over(layers)), OF_A_LAYER, SUMMED),
]
