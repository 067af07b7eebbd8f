"""The check of ``decay_groups``: groups of parameters for an optimizer, of which the weights decay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from course_utils.exercises.calls import called
from course_utils.exercises.exercise import Answer
from course_utils.exercises.explanation import agree
from course_utils.exercises.mistake import require
from course_utils.exercises.pytorch_dropout.tensors import (
    drawn_network,
    drawn_seed,
    mixed_network,
    require_trainable,
    torch_seeded,
)

__all__ = ["examine_groups"]


def examine_groups(decay_groups: Answer, rng: np.random.Generator) -> None:
    """Examine ``decay_groups(model, weight_decay)``."""
    with torch_seeded(drawn_seed(rng)):
        networks = drawn_network(rng, 3, 4, 2), mixed_network(rng)
    strengths = 0.02, float(rng.choice([0.3, 0.5]))
    found = []
    with torch_seeded(drawn_seed(rng)):
        for network, strength in zip(networks, strengths, strict=True):
            found.append(decays_of(called(decay_groups, network, strength), network))
            require_trainable(network)
    for (weights, more, biases, norms), strength in zip(found, strengths, strict=True):
        case = ("weight_decay given", strength), ("of weights", weights), ("of biases", biases)
        require(not (any(biases) and not any(weights)), "groups-swapped", *case)
        require(not any(biases), "biases-decay", *case)
        require(not any(norms), "norm-scales-decay", *case, ("of a normalization's scale", norms))
        require(any(weights), "weights-do-not-decay", *case)
        require(not more or any(more), "more-axes-left-out", *case, ("of a weight with three axes", more))
        require(len({*weights, *more}) == 1, "wrong-value", *case, ("of a weight with three axes", more))
    got = np.array([weights[0] for weights, *_ in found])
    right, factors = agree(got, strengths), got / strengths
    both = ("weight_decay given to two models", strengths), ("of weights", got)
    require(right or got[0] != got[1], "decay-hard-coded", *both)
    require(right or not agree(factors[0], factors[1]), "decay-rescaled", *both)
    require(right, "wrong-value", *both)


def decays_of(groups: Any, network: Any) -> tuple[list[float], list[float], list[float], list[float]]:
    """Return the weight_decay of each matrix, of each weight with more axes, each bias and each other vector."""
    right_kind = isinstance(groups, list | tuple) and all(isinstance(group, Mapping) for group in groups)
    require(right_kind and all("params" in group for group in groups), "not-groups", ("got", groups))
    names = {id(parameter): name for name, parameter in network.named_parameters()}
    decays: dict[int, float] = {}
    for group in groups:
        for member in members_of(group["params"]):
            require(id(member) in names, "copies-for-parameters", ("in a group", member))
            require(id(member) not in decays, "parameter-twice", ("parameter", names[id(member)]))
            require("weight_decay" in group, "decay-unsaid", ("keys of the group", list(group)))
            decay, kind = group["weight_decay"], type(group["weight_decay"]).__name__
            is_number = np.ndim(decay) == 0 and not isinstance(decay, str) and hasattr(decay, "__float__")
            require(is_number, "decay-not-a-number", ("of a group", decay), kind=kind)
            decays[id(member)] = float(decay)
    missing = [parameter for parameter in network.parameters() if id(parameter) not in decays]
    case = ("in no group", [f"{names[id(parameter)]}, shape {tuple(parameter.shape)}" for parameter in missing])
    require(not missing or any(parameter.ndim <= 2 for parameter in missing), "more-axes-left-out", case)
    require(not missing, "left-out-of-groups", case)
    kinds: dict[str, list[float]] = {"matrix": [], "more": [], "bias": [], "vector": []}
    for name, parameter in network.named_parameters():
        kind = "bias" if "bias" in name else {1: "vector", 2: "matrix"}.get(parameter.ndim, "more")
        kinds[kind].append(decays[id(parameter)])
    return kinds["matrix"], kinds["more"], kinds["bias"], kinds["vector"]


def members_of(params: Any) -> list[Any]:
    """Return what a group holds, as an optimizer reads it: one tensor, or several, each perhaps with its name."""
    if hasattr(params, "requires_grad_"):
        return [params]
    kind = ("params", type(params).__name__)
    require(isinstance(params, Iterable) and not isinstance(params, set | str | Mapping), "not-groups", kind)
    return [member[1] if isinstance(member, tuple) and len(member) == 2 else member for member in params]
