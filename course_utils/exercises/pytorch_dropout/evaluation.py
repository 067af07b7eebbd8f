"""The check of ``evaluate``: the whole network, without gradients, and its mode put back."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.activations import sigmoid, softmax
from course_utils.arguments import Array
from course_utils.exercises.calls import called, require_unchanged
from course_utils.exercises.exercise import Answer
from course_utils.exercises.explanation import agree
from course_utils.exercises.mistake import Mistake, require
from course_utils.exercises.pytorch_dropout.tensors import (
    changeable_network,
    drawn_network,
    drawn_seed,
    require_mode,
    require_tensor,
    require_trainable,
    short_numbers,
    tensor,
    torch_seeded,
    values_of,
)
from course_utils.exercises.verdict import said

__all__ = ["examine_evaluate"]


def examine_evaluate(evaluate: Answer, rng: np.random.Generator) -> None:
    """Examine ``evaluate(model, x)``."""
    from course_utils.pytorch import evaluation

    for training in (True, False):
        network, x = drawn_network(rng, 3, 20, 2), tensor(short_numbers(rng, 4, 3))
        before, right = values_of(x), values_of(evaluation.evaluate(network, x))
        passes: list[list[bool]] = []  # modes of the model and then of its parts, each time that it runs
        network.register_forward_hook(
            lambda model, *_, passes=passes: passes.append([part.training for part in model.modules()])
        )
        with torch_seeded(drawn_seed(rng)):
            got = require_tensor(called(evaluate, network.train(training), x))
            n, halfway = len(passes), any(len(set(modes)) > 1 for modes in passes)
            require_mode(network, training)
            require_unchanged(["x"], [before], [values_of(x)])
            again = require_tensor(called(evaluate, network, x))
            case = ("model", said("3-20-2, half of inputs and units dropped")), ("x, first row", before[:1])
            if not np.array_equal(values_of(got), values_of(again)):
                both = ("first result", values_of(got)[:1]), ("second result", values_of(again)[:1])
                require(not halfway, "parts-not-switched", *case, *both, ("modes of model, of parts", passes[0]))
                toggled = not training and any(all(modes) for modes in passes)
                require(not toggled, "mode-toggled", *case, *both)
                require(n <= 1, "average-for-whole-network", *case, *both, ("passes", n))
                raise Mistake("eval-forgotten" if got.requires_grad else "no-grad-for-eval", (*case, *both))
            kinds = {str(parameter.dtype) for parameter in network.parameters()}
            require(kinds == {str(x.dtype)}, "dtype-changed", *case, got=", ".join(kinds), expected=str(x.dtype))
            require_output(values_of(got), right, *case)
            rates = [layer.p for layer in network.dropout]
            require(rates == [0.5, 0.5], "rates-changed", ("p before", [0.5, 0.5]), ("p afterwards", rates))
            require_trainable(network)
            require(not got.requires_grad, "gradients-kept", ("requires_grad of the result", True))
    with torch_seeded(drawn_seed(rng)):
        model = changeable_network(rng)
    require_every_mode(evaluate, model, tensor(short_numbers(rng, 5, 3)), drawn_seed(rng))


def require_every_mode(evaluate: Answer, model: Any, x: Any, seed: int) -> None:
    """Require all that minds the mode to be switched, and nothing else to be changed."""
    from course_utils.pytorch.randomness import torch

    model.eval()
    with torch.no_grad():
        right = values_of(model(x))
    before = {name: (values_of(value), value.dtype) for name, value in model.state_dict().items()}
    model.train()
    with torch_seeded(seed):
        state = torch.random.get_rng_state()
        got, again = (values_of(require_tensor(called(evaluate, model, x))) for _ in range(2))
        drawn = not torch.equal(state, torch.random.get_rng_state())
    case = (
        ("model", "functional.dropout(..., training=self.training), BatchNorm1d, Dropout"),
        ("got, first row", got[:1]),
    )
    for name, value in model.state_dict().items():
        moved = ("of the model", name), ("before", before[name][0]), ("afterwards", values_of(value))
        require(
            value.dtype == before[name][1], "dtype-changed", *moved, got=str(value.dtype), expected=str(before[name][1])
        )
        require(np.array_equal(before[name][0], values_of(value)), "statistics-moved", *moved)
    require(np.array_equal(got, again), "model-not-switched", *case, ("second result", again[:1]))
    require(agree(got, right), "parts-not-switched", *case, ("expected, first row", right[:1]))
    require(not drawn, "seed-set-for-all", *case)


def require_output(got: Array, right: Array, *case: tuple[str, Any]) -> None:
    """Require the output of the whole network, and nothing that was made of it."""
    case = (*case, ("expected, first row", right[:1]), ("got", got[:1]))
    transformed = sigmoid(right), softmax(right.T).T, right.argmax(axis=1), (right > 0).astype(float), np.tanh(right)
    require(not any(agree(got, made) for made in transformed), "output-transformed", *case)
    require(got.shape == right.shape, "wrong-shape", ("expected", right.shape), ("got", got.shape))
    require(agree(got, right), "wrong-value", *case)
