"""Exercises of chapter 02: dropout of a vector, its variance, masks of a batch, going back, slopes, and test time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from course_utils.activations import tanh_derivative
from course_utils.exercises.comparison import called, require_refused, require_unchanged, require_values, returned_array
from course_utils.exercises.exercise import Answer, Exercise
from course_utils.exercises.mistake import require
from course_utils.exercises.randomness import (
    require_count_varies,
    require_generator_used,
    require_scale,
    require_share,
)

__all__ = ["EXERCISES"]


def examine_variance(variance: Answer, rng: np.random.Generator) -> None:
    """Examine ``dropout_variance(x, keep_prob)``."""
    drawn = [(float(rng.integers(-9, -1)), q) for q in (0.3, 0.7)]
    require_values(
        variance,
        [(2.0, 0.5), (3.0, 0.8), *drawn, (4.0, np.float64(1))],
        lambda x, keep_prob: x**2 * (1 - keep_prob) / keep_prob,
        {
            "variance-without-scale": lambda x, q: x**2 * q * (1 - q),
            "variance-half-scaled": lambda x, q: x**2 * (1 - q),
            "deviation-for-variance": lambda x, q: abs(x) * np.sqrt((1 - q) / q),
            "square-of-mean-kept": lambda x, q: x**2 / q,
            "square-missing": lambda x, q: x * (1 - q) / q,
            "keep-drop-swapped": lambda x, q: x**2 * q / (1 - q) if q < 1 else np.inf,
        },
    )


def examine_dropout(dropout: Answer, rng: np.random.Generator) -> None:
    """Examine ``dropout(x, keep_prob, rng)``."""
    n, keep_prob, seed = 10_007, 0.8, int(rng.integers(2**31))  # prime, so that no mask keeps exactly 0.8
    x = np.ones(n)
    out = returned_array(dropout, x.copy(), keep_prob, np.random.default_rng(seed))
    shown = (
        ("x, keep_prob", f"{n} ones, {keep_prob}"),
        ("expected", "0 and 1.25"),
        ("got", "only " + " and ".join(f"{value:g}" for value in np.unique(out.round(4))[:5])),
    )
    require(out.shape == x.shape, "wrong-shape", ("expected", x.shape), ("got", out.shape))
    values, share = np.unique(out.round(9)), float(np.mean(out != 0))
    require_share(share, keep_prob, n, *shown)
    at_low = np.mean(returned_array(dropout, x.copy(), 0.3, np.random.default_rng(seed)) != 0)
    require_share(float(at_low), 0.3, n, ("x, keep_prob", f"{n} ones, 0.3"))
    kept = values[values != 0]
    require_scale(kept, keep_prob, share, *shown)
    require(np.allclose(kept, 1 / keep_prob), "wrong-value", *shown)
    numbers = np.arange(1.0, 101.0)
    require_generator_used(lambda x, draws: called(dropout, x.copy(), 0.5, draws), numbers, seed=seed)
    require_count_varies(lambda draws: returned_array(dropout, np.ones(20), 0.5, draws) != 0, rng)
    for given in (numbers, numbers.astype(int)):
        before = given.copy()
        out = returned_array(dropout, given, 0.8, np.random.default_rng(seed))
        require_unchanged(["x"], [before], [given])
        case = ("x", before), ("keep_prob", 0.8), ("expected", "x / 0.8, or 0"), ("got", out)
        require(not set(out) <= {0, *np.floor(numbers / 0.8)}, "integers-cut-off", *case)
        require(np.all((out == 0) | np.isclose(out, numbers / 0.8)), "wrong-value", *case)
    whole = returned_array(dropout, numbers.copy(), 1.0, np.random.default_rng(seed))
    require(np.array_equal(whole, numbers), "wrong-value", ("keep_prob", 1.0), ("expected", "x itself"), ("got", whole))
    for bad in (0.0, -0.5, 1.5):
        require_refused("keep_prob", bad, dropout, numbers.copy(), bad, np.random.default_rng(seed))


def examine_batch_mask(batch_mask: Answer, rng: np.random.Generator) -> None:
    """Examine ``batch_mask(a, keep_prob, rng)``."""
    a, seed = np.ones((200, 50)), int(rng.integers(2**31))
    mask = returned_array(batch_mask, a.copy(), 0.8, np.random.default_rng(seed))
    shapes = ("shape of a", a.shape), ("shape of your mask", mask.shape)
    require(mask.shape != (200, 1), "mask-shared-by-examples", *shapes)
    require(mask.shape != (1, 50), "mask-shared-by-units", *shapes)
    require(mask.shape == a.shape, "wrong-shape", ("expected", a.shape), ("got", mask.shape))
    require(np.isin(mask, (0, 1)).all(), "mask-not-binary", ("different values in your mask", np.unique(mask)[:5]))
    if 0 < mask.mean() < 1:
        corner = ("corner of your mask", mask[:4, :4])
        require(np.any(mask != mask[:, :1]), "mask-shared-by-examples", corner)
        require(np.any(mask != mask[:1]), "mask-shared-by-units", corner)
    require_share(float(mask.mean()), 0.8, mask.size, ("keep_prob", 0.8))
    require_generator_used(lambda a, draws: called(batch_mask, a.copy(), 0.5, draws), a, seed=seed)
    require_count_varies(lambda draws: returned_array(batch_mask, np.ones((20, 1)), 0.5, draws), rng)
    given = a.copy()
    returned_array(batch_mask, given, 0.5, np.random.default_rng(seed))
    require_unchanged(["a"], [a], [given])


def examine_backward(backward: Answer, rng: np.random.Generator) -> None:
    """Examine ``tanh_dropout_backward(da_dropped, z, mask, keep_prob)``."""
    cases = []
    for shape, keep_prob in (((2, 2), 0.5), ((4, 3), 0.8)):
        mask = rng.random(shape) < 0.5
        mask[0, 0], mask[-1, -1] = True, False
        cases.append((*rng.uniform(0.3, 1.5, (2, *shape)).round(1), mask, keep_prob))
    ones = np.ones((20, 10))  # so many that no two masks are alike
    mask = rng.random(ones.shape) < 0.5
    first, again = (returned_array(backward, ones.copy(), ones.copy(), mask.copy(), 0.5) for _ in range(2))
    require(np.array_equal(first, again), "mask-drawn-anew", ("first call", first), ("second call", again))
    require_values(
        backward,
        cases,
        lambda da_dropped, z, mask, keep_prob: da_dropped * mask / keep_prob * tanh_derivative(z),
        {
            "mask-forgotten-backward": lambda da, z, mask, q: da * tanh_derivative(z),
            "scale-forgotten-backward": lambda da, z, mask, q: da * mask * tanh_derivative(z),
            "mask-lost-backward": lambda da, z, mask, q: da / q * tanh_derivative(z),
            "scale-inverted": lambda da, z, mask, q: da * mask * q * tanh_derivative(z),
            "derivative-of-dropped-output": lambda da, z, mask, q: da * mask / q * (1 - (np.tanh(z) * mask / q) ** 2),
            "derivative-missing": lambda da, z, mask, q: da * mask / q,
            "derivative-at-output": lambda da, z, mask, q: da * mask / q * tanh_derivative(np.tanh(z)),
            "derivative-of-z": lambda da, z, mask, q: da * mask / q * (1 - z**2),
            "gradient-ignored": lambda da, z, mask, q: mask / q * tanh_derivative(z),
        },
    )


@dataclass(frozen=True)
class Shown:
    """A function that is shown to the learner as a text."""

    text: str
    function: Callable[..., Any]

    def __call__(self, *arguments: Any) -> Any:
        """Return what the function gives."""
        return self.function(*arguments)

    def __str__(self) -> str:
        return self.text


def drawn(mask: Any, draws: list[Any]) -> Any:
    """Return a copy of a mask and note down that it was drawn."""
    draws.append(mask)
    return mask.copy()


def cubed(w: float, mask: Any) -> float:
    """Return a cost whose slope is known, and bent enough to tell the ways to measure it apart."""
    return float(w**3 * np.sum(mask))


def examine_slope(slope: Answer, rng: np.random.Generator) -> None:
    """Examine ``slope_with_dropout(cost, w, draw, epsilon)``."""
    cases: list[tuple[Any, ...]] = []
    draws: list[Any] = []
    for w, epsilon in ((2.0, 0.5), *((float(rng.integers(-9, 9)), epsilon) for epsilon in (0.1, 0.25))):
        mask = np.array([1, 0, 1]) if rng.random() < 0.5 else np.array([0, 1, 1])
        cost = Shown("w³ · (number of kept units)", cubed)
        draw = Shown(f"gives the mask {mask}", partial(drawn, mask, draws))
        cases.append((cost, w, draw, epsilon))
    called(slope, *cases[0])
    require(len(draws) > 0, "mask-not-drawn", ("calls of draw()", 0))
    require(len(draws) == 1, "masks-moving", ("expected calls of draw()", 1), ("got", len(draws)))

    def right(cost: Answer, w: float, draw: Answer, epsilon: float) -> float:
        mask = draw()
        return float(cost(w + epsilon, mask) - cost(w - epsilon, mask)) / (2 * epsilon)

    require_values(
        slope,
        cases,
        right,
        {
            "difference-one-sided": [
                lambda cost, w, draw, e: (cost(w + e, draw()) - cost(w, draw())) / e,
                lambda cost, w, draw, e: (cost(w, draw()) - cost(w - e, draw())) / e,
            ],
            "difference-over-one-step": lambda *case: 2 * right(*case),
            "difference-undivided": lambda *case: 2 * case[3] * right(*case),
            "brackets-missing": lambda *case: case[3] ** 2 * right(*case),
            "slope-upside-down": lambda *case: -right(*case),
            "epsilon-ignored": lambda cost, w, draw, e: 3 * w**2 * draw().sum(),
        },
    )


def examine_test_output(predict: Answer, rng: np.random.Generator) -> None:
    """Examine ``test_output(a, W, b, keep_prob)`` of a layer that was trained without scaling."""
    cases = []
    for (n, n_out, m), keep_prob in (((2, 1, 1), 0.5), ((5, 2, 3), 0.8)):
        a, W, b = (rng.uniform(0.5, 3, shape).round(1) for shape in ((n, m), (n_out, n), (n_out, 1)))
        cases.append((a, W, b, keep_prob))
    require_values(
        predict,
        cases,
        lambda a, W, b, keep_prob: W @ (keep_prob * a) + b,
        {
            "test-scale-missing": lambda a, W, b, q: W @ a + b,
            "scale-inverted": lambda a, W, b, q: W @ (a / q) + b,
            "bias-scaled": lambda a, W, b, q: q * (W @ a + b),
            "keep-drop-swapped": lambda a, W, b, q: W @ ((1 - q) * a) + b,
            "bias-missing": lambda a, W, b, q: W @ (q * a),
            "scaled-twice": lambda a, W, b, q: (q * W) @ (q * a) + b,
        },
    )


EXERCISES = (
    Exercise("dropout_variance", examine_variance),
    Exercise("dropout", examine_dropout),
    Exercise("batch_mask", examine_batch_mask),
    Exercise("tanh_dropout_backward", examine_backward),
    Exercise("slope_with_dropout", examine_slope),
    Exercise("test_output", examine_test_output),
)
