"""Checks of chapter 02: dropout of a vector, masks of a batch, its variance, going back, and test time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.activations import tanh_derivative
from course_utils.exercises.mistake import require, returned_array

__all__ = ["CHECKS"]

Answer = Callable[..., Any]


def examine_dropout(dropout: Answer) -> str:
    """Examine ``dropout(x, keep_prob, rng)``."""
    keep_prob, ones = 0.8, np.ones(10_000)
    out = returned_array(dropout, ones.copy(), keep_prob, np.random.default_rng(0))
    require(out.shape == ones.shape, f"The result must have the shape of x, {ones.shape}, got {out.shape}.")
    values, share = np.unique(out.round(9)), float(np.mean(out != 0))
    case = ("x, keep_prob", "ten thousand ones, 0.8"), ("values in your result", values[:5])
    require(0 in values, "Nothing was dropped: draw a mask with rng and multiply by it.", *case)
    require(
        abs(share - keep_prob) < 0.05,
        "keep_prob is the probability to keep a value, not to drop it: about 0.8 of the values must stay."
        if abs(share - (1 - keep_prob)) < 0.05
        else "About 0.8 of the values must stay.",
        *case,
        ("share kept", round(share, 3)),
    )
    require(
        np.allclose(values, [0, 1 / keep_prob]),
        "Kept values must be divided by keep_prob, so that the mean stays what it was: expected 0 and 1.25.",
        *case,
    )
    x = np.arange(1.0, 11.0)
    returned_array(dropout, x, 0.5, np.random.default_rng(1))
    require(
        np.array_equal(x, np.arange(1.0, 11.0)),
        "Your function changes the caller's array: x *= mask works in place, x = x * mask makes a new one.",
    )
    first, second = (returned_array(dropout, x, 0.5, np.random.default_rng(2)) for _ in range(2))
    require(np.array_equal(first, second), "The same rng must give the same result: draw from rng, not from np.random.")
    returned_array(dropout, np.arange(1, 11), 0.5, np.random.default_rng(1))
    return "share kept, scaling, input unchanged, integers, rng used"


def examine_batch_mask(batch_mask: Answer) -> str:
    """Examine ``batch_mask(a, keep_prob, rng)``."""
    a = np.ones((200, 50))
    mask = returned_array(batch_mask, a, 0.5, np.random.default_rng(0))
    require(
        mask.shape != (200, 1),
        "One mask is shared by all examples: a mask of shape (n, 1) drops the same units everywhere. "
        "Each example needs its own column.",
        ("expected shape", a.shape),
        ("your shape", mask.shape),
    )
    require(mask.shape == a.shape, f"The mask must have the shape of a, {a.shape}, got {mask.shape}.")
    require(bool(np.isin(mask, (0, 1)).all()), "A mask holds zeros and ones (or False and True) only.")
    require(
        bool(np.any(mask != mask[:, :1])),
        "All columns are equal: every example lost the same units. Draw a number for every entry.",
    )
    require(bool(np.any(mask != mask[:1])), "All rows are equal: an example keeps all its units or none.")
    many = returned_array(batch_mask, a, 0.9, np.random.default_rng(1)).mean()
    require(
        abs(many - 0.9) < 0.03, "About keep_prob of the entries must be 1.", ("keep_prob", 0.9), ("got", round(many, 3))
    )
    return "own mask per example, own draw per unit, share kept"


def examine_variance(variance: Answer) -> str:
    """Examine ``dropout_variance(x, keep_prob)``."""
    for x, keep_prob in ((3.0, 0.5), (1.0, 0.8), (-2.0, 0.3), (4.0, 1.0)):
        got, right = float(returned_array(variance, x, keep_prob)), x**2 * (1 - keep_prob) / keep_prob
        case = ("x, keep_prob", (x, keep_prob)), ("expected", round(right, 4)), ("got", round(got, 4))
        require(
            not np.isclose(got, x**2 * keep_prob * (1 - keep_prob)) or np.isclose(got, right),
            "This is the variance of x · mask. Dividing by keep_prob divides the variance by keep_prob².",
            *case,
        )
        require(
            not np.isclose(got, np.sqrt(right)) or np.isclose(got, right), "This is the standard deviation.", *case
        )
        require(
            np.isclose(got, right), "Compute E[(m x / q)²] - x² with m² = m, since a mask is 0 or 1.", *case
        )
    return "four pairs of x and keep_prob"


def examine_backward(backward: Answer) -> str:
    """Examine ``tanh_dropout_backward(da_dropped, z, mask, keep_prob)``."""
    rng, keep_prob = np.random.default_rng(0), 0.5
    z, da = rng.standard_normal((2, 4, 3))
    mask = rng.random((4, 3)) < keep_prob
    dz = returned_array(backward, da, z, mask, keep_prob)
    dropped = np.tanh(z) * mask / keep_prob
    right = da * mask / keep_prob * tanh_derivative(z)
    case = ("expected, first row", right[0]), ("got, first row", dz[0])
    require(dz.shape == z.shape, f"dz must have the shape of z, {z.shape}, got {dz.shape}.")
    wrong = {
        "The mask is not used on the way back: a dropped unit had no part in the cost, so its gradient is 0.": da
        * tanh_derivative(z),
        "The mask is used, but 1 / keep_prob is missing: the forward pass had it, so its derivative has it.": da
        * mask
        * tanh_derivative(z),
        "The derivative of tanh is taken at the masked and scaled output: take 1 - tanh(z)² from z.": da
        * mask
        / keep_prob
        * (1 - dropped**2),
        "The gradient went through dropout but not through tanh: multiply by 1 - tanh(z)².": da * mask / keep_prob,
    }
    for message, value in wrong.items():
        require(not np.allclose(dz, value), message, *case)
    require(np.allclose(dz, right), "dz is not da · mask / keep_prob · (1 - tanh(z)²).", *case)
    return "mask, scale and derivative, on a random batch"


def examine_unscaled_test(predict: Answer) -> str:
    """Examine ``test_output(a, W, b, keep_prob)`` of a layer that was trained without scaling."""
    rng, keep_prob = np.random.default_rng(0), 0.6
    a, W, b = rng.random((5, 3)), rng.standard_normal((2, 5)), rng.standard_normal((2, 1))
    got, right = returned_array(predict, a, W, b, keep_prob), W @ (a * keep_prob) + b
    case = ("expected", right), ("got", got)
    require(got.shape == right.shape, f"The result must have shape {right.shape}, got {got.shape}.")
    require(
        not np.allclose(got, W @ a + b),
        "Without scaling, the layer saw inputs that were keep_prob times smaller on average. Scale them now.",
        *case,
    )
    require(
        not np.allclose(got, W @ (a / keep_prob) + b),
        "Wrong way: in training the inputs were smaller on average, so multiply by keep_prob.",
        *case,
    )
    require(
        not np.allclose(got, (W @ a + b) * keep_prob),
        "The bias was never dropped, so it must not be scaled: scale what dropout touched, a.",
        *case,
    )
    require(np.allclose(got, right), "The result is not W (keep_prob · a) + b.", *case)
    return "the mean over masks, bias left alone"


CHECKS: dict[str, Callable[[Answer], str]] = {
    "dropout": examine_dropout,
    "batch_mask": examine_batch_mask,
    "dropout_variance": examine_variance,
    "tanh_dropout_backward": examine_backward,
    "test_output": examine_unscaled_test,
}
