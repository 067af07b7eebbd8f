"""The check of ``mc_predict``: mean and deviation of predictions with dropout on."""

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
    drawn_seed,
    network_of,
    require_mode,
    require_tensor,
    require_trainable,
    short_numbers,
    tensor,
    torch_seeded,
    values_of,
)
from course_utils.exercises.randomness import share_bound
from course_utils.exercises.verdict import said

__all__ = ["examine_mc"]


def examine_mc(mc_predict: Answer, rng: np.random.Generator) -> None:
    """Examine ``mc_predict(model, x, samples)``.

    The model is b + w x with dropout on x: a sample is b or b + 2 w x. So the share of samples with x kept can be read
    off the mean, and it determines the deviation: no bound is needed but for the share itself.
    """
    for training in (False, True):
        w, b = rng.choice([-1.5, 1.5, 2.0], 2), short_numbers(rng, 2)
        x = np.array([[1.0], *(rng.choice([-1, 1], (7, 1)) * rng.integers(11, 31, (7, 1)) / 10)])
        samples, seed = int(rng.choice([151, 157, 163, 167, 173])), drawn_seed(rng)  # primes
        network, given = network_of([w[:, np.newaxis]], [b]), tensor(x)
        with torch_seeded(seed):
            mean, deviation = pair_of(called(mc_predict, network.train(training), given, samples), (8, 2))
            require_mode(network, training)
            require_trainable(network)
        model = said("{b} + {w} x, x dropped with p 0.5", b=b, w=w)
        case = ("model", model), ("x, first row", x[0]), ("samples", samples)
        require_spread(values_of(mean), values_of(deviation), x * w + b, x * w, samples, *case)
        require(not (mean.requires_grad or deviation.requires_grad), "gradients-kept", *case)
        network.dropout[0].p = 0.3
        with torch_seeded(seed):
            called(mc_predict, network, given, 3)
        require(network.dropout[0].p == 0.3, "rates-changed", ("p before", 0.3), ("afterwards", network.dropout[0].p))
        network.dropout[0].p = 0.5
        require_unchanged(["x"], [x], [values_of(given)])
        with torch_seeded(seed + 1):
            other, _ = pair_of(called(mc_predict, network.train(training), given, samples), (8, 2))
        require(not agree(values_of(mean), values_of(other)), "torch-seed-fixed", *case)


def pair_of(value: Any, shape: tuple[int, ...]) -> tuple[Any, Any]:
    """Return the two tensors of an answer; one tensor with both inside will do."""
    stacked = hasattr(value, "requires_grad_") and tuple(value.shape) == (2, *shape)
    require(
        stacked or (isinstance(value, tuple | list) and len(value) == 2), "not-a-pair", ("got", type(value).__name__)
    )
    mean, deviation = (require_tensor(part, name) for part, name in zip(value, ("mean", "deviation"), strict=True))
    shapes = tuple(mean.shape), tuple(deviation.shape)
    require(shapes == (shape, shape), "averaged-over-examples", ("shape of model(x)", shape), ("yours", shapes))
    return mean, deviation


def require_spread(mean: Array, deviation: Array, whole: Array, step: Array, n: int, *case: tuple[str, Any]) -> None:
    """Require mean and deviation of n samples, each of which is whole - step or whole + step."""
    case = (*case, ("output without dropout, first row", whole[0]), ("your mean", mean[0]), ("deviation", deviation[0]))
    if np.all(np.abs(deviation) < 1e-6):
        require(not agree(mean, whole), "dropout-off-in-sampling", *case)
        sampled = agree(np.abs(mean - whole), np.abs(step))
        raise Mistake("one-sample-repeated" if sampled else "wrong-value", case)
    require(not agree(mean, whole), "whole-network-for-mean", *case)  # n is odd, so no mean of samples is that
    swapped = any(agree(mean, spread) for spread in spreads(shares_of(deviation, whole, step), step, n))
    require(not swapped, "pair-swapped", *case)
    shares = shares_of(mean, whole, step)
    require(shares.min() >= 0 and shares.max() <= 1, "wrong-value", *case)
    counted = ((count, count * shares) for count in (n, *range(2, 1000)))
    # Of the right number, whole numbers of samples kept x, but for the digits that float32 loses.
    used = next((count for count, with_x in counted if np.abs(with_x - with_x.round()).max() < 1e-4), None)
    require(used, "wrong-value", *case)
    require(used == n, "other-number-of-samples", *case, ("samples in your mean", used))
    right = spreads(shares, step, n)
    for misconception, factors in SPREADS.items():
        wrong = any(agree(deviation, factor(spread, n)) for spread in right for factor in factors)
        require(not wrong, misconception, *case, ("expected deviation", right[1][0]))
    require(
        any(agree(deviation, spread) for spread in right), "wrong-value", *case, ("expected deviation", right[1][0])
    )
    kept = float(shares[:, 0].mean())  # both outputs see one mask
    require(abs(kept - 0.5) <= share_bound(n * len(shares)), "wrong-value", *case, ("share of x kept", kept))


def shares_of(mean: Array, whole: Array, step: Array) -> Array:
    """Return which share of samples kept x, if the mean is one of whole - step and whole + step."""
    shares: Array = (mean - whole) / step / 2 + 0.5
    return shares


def spreads(shares: Array, step: Array, n: int) -> tuple[Array, Array]:
    """Return the deviation of n samples of which a share kept x, divided by n and by n - 1."""
    spread = 2 * np.abs(step) * np.sqrt((shares * (1 - shares)).clip(0))
    return spread, spread * np.sqrt(n / (n - 1))


SPREADS: dict[str, tuple[Callable[[Array, int], Array], ...]] = {
    "variance-for-deviation": (lambda spread, n: spread**2,),
    "error-of-mean": (lambda spread, n: spread / np.sqrt(n), lambda spread, n: spread / np.sqrt(n - 1)),
    "twice-the-deviation": (lambda spread, n: 2 * spread, lambda spread, n: 4 * spread),
}
