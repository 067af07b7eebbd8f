"""The check of ``make_model``: any network with dropout that is whole in evaluation mode, and learns.

Of an answer's layers nothing is read but the shapes of its weights: what is dropped shows in outputs and gradients.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np

from course_utils.arguments import Array
from course_utils.datasets import noisy_quadrants
from course_utils.exercises.calls import called
from course_utils.exercises.exercise import Answer
from course_utils.exercises.mistake import require
from course_utils.exercises.pytorch_dropout.module import made, require_module
from course_utils.exercises.pytorch_dropout.tensors import drawn_seed, require_tensor, torch_seeded, values_of
from course_utils.exercises.randomness import KEEP_PROBS, require_scales, require_shares, share_bound
from course_utils.exercises.verdict import said

__all__ = ["examine_model"]

ROWS = 10_000  # equal ones, each with masks of its own
BOUND, STEPS, RATE = 0.75, 150, 0.02  # of unseen points right, after so many steps of Adam


def examine_model(make_model: Answer, rng: np.random.Generator) -> None:
    """Examine ``make_model(sizes, keep_prob)``."""
    with torch_seeded(drawn_seed(rng)):
        require_layers(make_model, [3, 7, 5, 2])
        require_modes(make_model, rng)
        require_logits(make_model, rng)
        require_each_unit_dropped(make_model)
        require_bend(make_model, rng)
        require_learns(make_model, rng)


def built(make_model: Answer, sizes: list[int], keep_prob: float) -> Any:
    """Return a new model, in training mode."""
    model = made(make_model, list(sizes), keep_prob)
    require(not isinstance(model, type), "class-for-model", ("got", model))
    require_module(model)
    require(any(True for _ in model.parameters()), "layers-not-registered", ("sizes", sizes), ("parameters", []))
    return model.train()


def tensor_for(model: Any, x: Array) -> Any:
    """Return x (m, n) in the dtype of a model."""
    from course_utils.pytorch import rows

    return rows(x.T).to(next(model.parameters()))


def outputs(model: Any, x: Array, n_out: int) -> Array:
    """Return what a model makes of x (m, n), in the mode in which it is: (m, n_out)."""
    out = require_tensor(called(model, tensor_for(model, x)))
    shape = (len(x), n_out)
    require(tuple(out.shape) == shape, "wrong-shape", ("expected", shape), ("got", tuple(out.shape)))
    return values_of(out)


def require_layers(make_model: Answer, sizes: list[int]) -> None:
    """Require a weight between any two neighbouring layers, all known to the model."""
    model = built(make_model, sizes, 0.5)
    shapes = [tuple(parameter.shape) for parameter in model.parameters() if parameter.ndim == 2]
    wanted, got = (Counter(tuple(sorted(shape)) for shape in each) for each in (pairwise(sizes), shapes))
    case = ("sizes", sizes), ("shapes of the weights in model.parameters()", shapes)
    require(not got - wanted, "sizes-ignored", *case)
    outputs(model, np.ones((4, sizes[0])), sizes[-1])
    require(got == wanted, "layers-not-registered", *case)


def require_modes(make_model: Answer, rng: np.random.Generator) -> None:
    """Require evaluation to repeat itself, and training to drop other units in each pass and each row."""
    case = ("sizes, keep_prob", "[3, 20, 20, 2], 0.5")
    model, x = built(make_model, [3, 20, 20, 2], 0.5), rng.standard_normal((20, 3))
    whole, again = (outputs(model.eval(), x, 2) for _ in range(2))
    both = ("first result", whole[0]), ("second result", again[0])
    require(np.array_equal(whole, again), "drops-in-evaluation", case, *both)
    first, second = (outputs(model.train(), x, 2) for _ in range(2))
    all_three = ("first result", first[0]), ("second result", second[0]), ("in evaluation mode", whole[0])
    require(not np.allclose(first, whole, atol=1e-6), "nothing-dropped", case, *all_three)
    require(np.ptp(first, axis=0).max() > 0, "everything-dropped", case, *all_three)
    require(not np.array_equal(first, second), "mask-drawn-once", case, *all_three)
    on_output = np.mean(first == 0) > 0.1 and not np.any(whole == 0)
    each = ("in training mode", first[:3]), ("in evaluation mode", whole[:3])
    require(not on_output, "dropout-on-output", case, *each)
    equal = outputs(model, np.ones((200, 3)), 2)
    require(np.ptp(equal, axis=0).max() > 1e-6, "rows-share-mask", case, ("results for equal rows", equal[:3]))
    require(distinct(equal[:, 0]) > 4, "row-drops-whole", case, ("results for equal rows", equal[:3]))


def require_logits(make_model: Answer, rng: np.random.Generator) -> None:
    """Require outputs of new models to lie on both sides of 0 and beyond 1: those of ten never do by chance."""
    found = [outputs(built(make_model, [3, 8, 3], 0.5).eval(), 5 * rng.standard_normal((50, 3)), 3) for _ in range(10)]
    out = np.concatenate(found)  # (500, 3)
    case = ("in evaluation mode", out[:3])
    require(out.min() < 0 or out.max() > 1, "probabilities-for-logits", case)
    require(out.min() < 0, "relu-on-output", case)


def require_each_unit_dropped(make_model: Answer) -> None:
    """Require hidden units, and nothing else, to be kept with probability keep_prob.

    With one unit in each layer a gradient arrives at the input exactly if all of them are kept.
    """
    case = ("rows", said("{count} equal ones", count=ROWS))
    shares, scales = {}, {}
    for keep_prob in KEEP_PROBS:
        told = ("sizes", [4, 1, 1]), ("keep_prob", keep_prob)
        out, kept, factors = passes(make_model, [4, 1, 1], keep_prob)
        require(not kept.all(), "nothing-dropped", *told)
        require(distinct(out) <= 2, "dropout-on-input", *told)
        shares[keep_prob] = float(kept.mean())
        if kept.any():
            scales[keep_prob] = float(factors[kept][0])
            other = passes(make_model, [4, 1, 1], keep_prob)[2]  # a new model, with other weights
            even = np.allclose(other[other != 0], scales[keep_prob])
            require(even, "dropout-before-activation", *told, ("factors", (scales[keep_prob], other.max())))
    if len(scales) == len(KEEP_PROBS):
        require_scales(scales, shares, ROWS, case)
    require_shares(shares, ROWS, case)
    share = float(passes(make_model, [4, 1, 1, 1], 0.5)[1].mean())
    deep = ("sizes, keep_prob", "[4, 1, 1, 1], 0.5"), ("both hidden units kept, share", share)
    require(abs(share - 0.25) <= share_bound(ROWS), "layer-without-dropout", *deep, ("expected about", 0.25))


def passes(make_model: Answer, sizes: list[int], keep_prob: float) -> tuple[Array, Array, Array]:
    """Return of equal rows in training mode the outputs, which felt the input, and how much more than in evaluation.

    A new model may have a dead unit, or one that dies when others are scaled; then another one is made.
    """
    for _ in range(60):
        model, x = built(make_model, sizes, keep_prob).double(), np.ones((ROWS, sizes[0]))
        whole = slopes(model.eval(), x)[1]
        out, slope = slopes(model.train(), x)
        if np.abs(whole).min() > 1e-4 and np.any(slope):
            break
    factors = slope / np.where(whole == 0, 1, whole)
    return out, factors != 0, factors


def slopes(model: Any, x: Array) -> tuple[Array, Array]:
    """Return outputs (m,) and how fast each grows with its row, all inputs together (m,)."""
    given = tensor_for(model, x).requires_grad_()
    out = require_tensor(called(model, given))
    require(out.requires_grad, "graph-cut", ("gradient of the result", said("none")))
    out.sum().backward()
    require(given.grad is not None, "graph-cut", ("gradient of the result with respect to x", said("none")))
    return values_of(out)[:, 0], values_of(given.grad).sum(axis=1)


def distinct(values: Array) -> int:
    """Return how many values there are, but for rounding."""
    return 1 + int(np.sum(np.diff(np.sort(values)) > 1e-5))


def require_bend(make_model: Answer, rng: np.random.Generator) -> None:
    """Require the whole network not to be one straight line."""
    model, a, b = built(make_model, [2, 20, 20, 1], 0.8).eval(), *3 * rng.standard_normal((2, 30, 2))
    at_a, at_b, between = (outputs(model, x, 1) for x in (a, b, (a + b) / 2))
    bend = float(np.abs(between - (at_a + at_b) / 2).max())
    require(bend > 1e-4 * np.abs(at_a).max(), "activation-missing", ("largest distance from a straight line", bend))


def require_learns(make_model: Answer, rng: np.random.Generator) -> None:
    """Require a model to be right on most unseen points after the course's usual training."""
    from course_utils.pytorch.randomness import torch

    data = noisy_quadrants(rng, m_train=300, flipped=0.1)
    model = built(make_model, [2, 64, 1], 0.8)
    x, y = (tensor_for(model, part.T) for part in (data.x_train, data.y_train))
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    for _ in range(STEPS):
        optimizer.zero_grad()
        torch.nn.functional.binary_cross_entropy_with_logits(model(x), y).backward()
        optimizer.step()
    right = float(np.mean((outputs(model.eval(), data.x_test.T, 1) > 0) == data.y_test.T))
    require(right > BOUND, "learns-too-little", ("share of unseen points right", right), ("asked for more than", BOUND))
