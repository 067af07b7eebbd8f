"""The check of ``evaluate``: the whole network, without gradients, and its mode put back."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.activations import sigmoid, softmax
from course_utils.arguments import Array
from course_utils.exercises.comparison import agree, called, require_unchanged
from course_utils.exercises.exercise import Answer
from course_utils.exercises.mistake import Mistake, require
from course_utils.exercises.pytorch_dropout.tensors import (
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
            n, halfway = len(passes), any(any(modes) and not modes[0] for modes in passes)
            require_mode(network, training)
            require_unchanged(["x"], [before], [values_of(x)])
            again = require_tensor(called(evaluate, network, x))
            case = ("model", "3-20-2, half of inputs and units dropped"), ("x, first row", before[:1])
            if not np.array_equal(values_of(got), values_of(again)):
                both = ("first result", values_of(got)[:1]), ("second result", values_of(again)[:1])
                require(not halfway, "parts-not-switched", *case, *both, ("modes of model, of parts", (False, True)))
                require(n <= 1, "average-for-whole-network", *case, *both, ("passes", n))
                raise Mistake("eval-forgotten" if got.requires_grad else "no-grad-for-eval", (*case, *both))
            require_output(values_of(got), right, *case)
            rates = [layer.p for layer in network.dropout]
            require(rates == [0.5, 0.5], "rates-changed", ("p before", [0.5, 0.5]), ("p afterwards", rates))
            require_trainable(network)
            require(not got.requires_grad, "gradients-kept", ("requires_grad of the result", True))


def require_output(got: Array, right: Array, *case: tuple[str, Any]) -> None:
    """Require the output of the whole network, and nothing that was made of it."""
    case = (*case, ("expected, first row", right[:1]), ("got", got[:1]))
    transformed = sigmoid(right), softmax(right.T).T, right.argmax(axis=1), (right > 0).astype(float), np.tanh(right)
    require(not any(agree(got, made) for made in transformed), "output-transformed", *case)
    require(got.shape == right.shape, "wrong-shape", ("expected", right.shape), ("got", got.shape))
    require(agree(got, right), "wrong-value", *case)
