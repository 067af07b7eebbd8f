"""The checks of ``mended_b6`` and ``mended_b3``: a layer with its activation, and a network of layers."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_utils.activations import sigmoid
from course_utils.arguments import Array
from course_utils.exercises.calls import require_refused, returned_array
from course_utils.exercises.comparison import require_values
from course_utils.exercises.exercise import Answer
from course_utils.exercises.explanation import agree
from course_utils.exercises.mistake import require
from course_utils.exercises.verdict import said

__all__ = ["examine_activation", "examine_deep_network"]


def examine_activation(hidden: Answer, rng: np.random.Generator) -> None:
    """Examine ``mended_b6(x, W, activation)``."""
    cases = []
    for n, n_in, m in ((1, 1, 1), (3, 2, 4)):
        x, W = rng.uniform(0.3, 1.5, (n_in, m)).round(1), rng.uniform(0.3, 1.5, (n, n_in)).round(1)
        cases += [(x, W, name) for name in ("sigmoid", "tanh")]
    functions: dict[str, Callable[[Array], Array]] = {"sigmoid": sigmoid, "tanh": np.tanh}
    x, W, _ = cases[2]
    first, second = (returned_array(hidden, *copy.deepcopy(case)) for case in cases[2:])
    same = agree(first, second) and not agree(first, W @ x)
    require(not same, "argument-ignored", ("activation", said("sigmoid, then tanh")), ("got for both", second))
    require_values(
        hidden,
        cases,
        lambda x, W, activation: functions[activation](W @ x),
        {
            "choices-swapped": lambda x, W, name: functions["tanh" if name == "sigmoid" else "sigmoid"](W @ x),
            "activation-left-out": lambda x, W, name: W @ x,
        },
    )
    x, W, _ = cases[0]
    for bad in ("relu", "Tanh", ""):
        require_refused("activation", bad, lambda bad=bad: hidden(x.copy(), W.copy(), bad))


def examine_deep_network(network: Answer, rng: np.random.Generator) -> None:
    """Examine ``mended_b3(x, weights)``."""

    def case(m: int, *sizes: int) -> tuple[Array, list[Array]]:
        shapes = zip(sizes[1:], sizes[:-1], strict=True)
        weights = [rng.uniform(0.5, 2, shape).round(1) * rng.choice([-1, 1], shape) for shape in shapes]
        return rng.uniform(0.5, 2, (sizes[0], m)).round(1), weights

    def output(x: Array, weights: Sequence[Array], activation: Callable[[Array], Array] = sigmoid) -> Array:
        a = x
        for W in weights[:-1]:
            a = activation(W @ a)
        return weights[-1] @ a

    wrong: dict[str, Answer] = {
        "activation-on-output": lambda x, weights: sigmoid(output(x, weights)),
        "activation-left-out": lambda x, weights: output(x, weights, lambda z: z),
    }
    alike: dict[str, Any] = {
        "input-in-every-layer": lambda x, weights: output(x, weights[-2:]),
        "layer-left-out": [
            lambda x, weights: output(x, [*weights[:-2], weights[-1]]),
            lambda x, weights: output(x, weights[1:]),
            lambda x, weights: output(x, [weights[0], *weights[2:]]),
            lambda x, weights: output(x, [weights[0], weights[-1]]),
        ],
    }
    other = {"layer-left-out": lambda x, weights: output(x, [weights[0], *weights[2:]])}
    equal_sizes = [case(1, 2, 2, 2, 2, 1), case(3, 2, 2, 2, 2, 2)]
    require_values(network, equal_sizes, lambda x, weights: output(x, weights), wrong | alike)
    require_values(network, [case(2, 2, 2, 2, 2, 1)], lambda x, weights: output(x, weights), other)
    require_values(
        network, [case(2, 3, 1), case(2, 2, 3, 1), case(3, 3, 5, 4, 2)], lambda x, weights: output(x, weights), wrong
    )
