"""Exercises of chapter 02: dropout of a vector, its variance, masks, going back, slopes, training, and test time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_utils.activations import tanh_derivative
from course_utils.arguments import Array
from course_utils.datasets import noisy_quadrants
from course_utils.exercises.backward import WAYS_BACK
from course_utils.exercises.calls import as_numbers, called, require_refused, require_unchanged, returned_array
from course_utils.exercises.comparison import require_values
from course_utils.exercises.exercise import Answer, Exercise
from course_utils.exercises.mistake import Mistake, require
from course_utils.exercises.randomness import (
    KEEP_PROBS,
    require_count_varies,
    require_generator_used,
    require_one_mask_for_each,
    require_shares,
    require_shares_and_scales,
    require_zeros,
    three_decimals,
)
from course_utils.exercises.slips import combined, known
from course_utils.exercises.verdict import said

__all__ = ["EXERCISES"]


def signed(rng: np.random.Generator, *shape: int) -> Array:
    """Return numbers of one decimal from 0.3 to 2 in size, of both signs."""
    signs: Array = np.resize([1.0, -1.0, -1.0], shape)
    return rng.permutation(signs.ravel()).reshape(shape) * rng.integers(3, 20, shape) / 10


def variance_from(second: Answer, first: Answer) -> Answer:
    """Return the variance of r x / q from what is taken for its mean square and for its mean, both at x = 1."""
    return lambda x, q: x**2 * (second(q) - first(q) ** 2)


def examine_variance(variance: Answer, rng: np.random.Generator) -> None:
    """Examine ``dropout_variance(x, keep_prob)``."""
    drawn = [(float(rng.integers(-9, -1)), q) for q in (0.3, 0.7, three_decimals(rng))]
    require_values(
        variance,
        [(2.0, 0.5), (3.0, 0.8), *drawn, (4.0, np.float64(1))],
        lambda x, keep_prob: x**2 * (1 - keep_prob) / keep_prob,
        [
            *known(
                {
                    "variance-of-a-constant": lambda x, q: 0.0,
                    "variance-without-scale": lambda x, q: x**2 * q * (1 - q),
                    "variance-half-scaled": lambda x, q: x**2 * (1 - q),
                    "deviation-for-variance": lambda x, q: abs(x) * np.sqrt((1 - q) / q),
                    "square-of-mean-kept": lambda x, q: x**2 / q,
                    "moments-added": lambda x, q: x**2 / q + x**2,
                    "outcomes-weighed-alike": lambda x, q: x**2 / (4 * q**2),
                    "sum-without-brackets": [lambda x, q: x**2 - 1, lambda x, q: x**2 / q - 1],
                    "square-missing": lambda x, q: x * (1 - q) / q,
                }
            ),
            *combined(
                variance_from,
                {"": lambda q: 1 / q, "kept-for-certain": lambda q: 1 / q**2, "second-moment-not-scaled": lambda q: q},
                {
                    "": lambda q: 1,
                    "mean-not-scaled": lambda q: q,
                    "mean-not-squared": np.sqrt,
                    "mean-scaled-once-more": lambda q: 1 / q,
                },
            ),
        ],
    )


def examine_dropout(dropout: Answer, rng: np.random.Generator) -> None:
    """Examine ``dropout(x, keep_prob, rng)``."""
    seed = int(rng.integers(2**31))

    def dropped(x: Array, keep_prob: float, draws: np.random.Generator | None = None) -> Array:
        return returned_array(dropout, x.copy(), keep_prob, draws or np.random.default_rng(seed))

    n, numbers = 10_007, np.arange(1.0, 101.0)  # a prime, so that no mask keeps exactly 0.8
    x, case = np.resize([2.0, -1.0, 1.0, -3.0], n), (("x", said("{count} numbers: 2, -1, 1, -3, 2, ...", count=n)),)
    require_one_mask_for_each(lambda draws: dropped(np.ones(20), 0.5, draws) != 0, rng)
    outs = {q: dropped(x, q) for q in KEEP_PROBS}
    for q, out in outs.items():
        require_zeros(out, x, q, *case)
    require_generator_used(
        lambda draws: dropped(numbers, 0.5, draws), seed=seed, shorter=lambda draws: dropped(numbers[:40], 0.5, draws)
    )
    require_shares_and_scales(outs, x, *case)
    require_count_varies(lambda draws: dropped(np.ones(20), 0.5, draws) != 0, rng)
    for shape in ((40, 25), (12, 10, 8)):
        require_mask_in_every_axis(lambda x: dropped(x, 0.5, rng), shape)
    for given in (numbers, numbers.astype(int)):
        before = given.copy()
        out = returned_array(dropout, given, 0.8, np.random.default_rng(seed))
        require_unchanged(["x"], [before], [given])
        shown = ("x", before), ("keep_prob", 0.8), ("expected", said("x / 0.8, or 0")), ("got", out)
        require(not set(out) <= {0, *np.floor(numbers / 0.8)}, "integers-cut-off", *shown)
        require(np.all((out == 0) | np.isclose(out, numbers / 0.8)), "wrong-value", *shown)
    whole = dropped(numbers, 1.0)
    same = np.array_equal(whole, numbers)
    require(same, "wrong-value", ("keep_prob", 1.0), ("expected", said("x itself")), ("got", whole))
    for bad in (0.0, -0.5, 1.5):
        require_refused("keep_prob", bad, dropout, numbers.copy(), bad, np.random.default_rng(seed))


def require_mask_in_every_axis(dropped: Answer, shape: tuple[int, ...]) -> None:
    """Require an array with several axes to be dropped entry by entry."""
    try:
        mask = dropped(np.ones(shape)) != 0
    except Mistake as mistake:
        raise Mistake("works-for-one-axis", (("shape of x", shape), *mistake.case)) from mistake
    require(mask.shape == shape, "works-for-one-axis", ("shape of x", shape), ("got", mask.shape))
    for axis in range(len(shape)):
        shared = np.ptp(mask.astype(int), axis=axis).max() == 0
        corner = ("shape of x", shape), ("kept, a corner", mask[:4, :4].astype(int))
        require(not shared, "mask-shared-along-an-axis", *corner, axis=str(axis))


def examine_batch_mask(batch_mask: Answer, rng: np.random.Generator) -> None:
    """Examine ``batch_mask(a, keep_prob, rng)``."""
    shape, seed = (200, 50), int(rng.integers(2**31))
    a = signed(rng, *shape)

    def drawn(keep_prob: float, rows: int = 200) -> Answer:
        return lambda draws: returned_array(batch_mask, a[:rows].copy(), keep_prob, draws)

    require_one_mask_for_each(lambda draws: returned_array(batch_mask, np.ones((4, 5)), 0.5, draws), rng)
    masks = {q: drawn(q)(np.random.default_rng(seed)) for q in KEEP_PROBS}
    for q, mask in masks.items():
        require_mask(mask, a, q)
    require_generator_used(drawn(0.5), seed=seed, shorter=drawn(0.5, rows=100))
    require_shares({q: float(mask.mean()) for q, mask in masks.items()}, a.size, ("shape of a", shape))
    require_count_varies(lambda draws: returned_array(batch_mask, np.ones((20, 1)), 0.5, draws), rng)
    given = a.copy()
    returned_array(batch_mask, given, 0.5, np.random.default_rng(seed))
    require_unchanged(["a"], [a], [given])


def require_mask(mask: Array, a: Array, keep_prob: float) -> None:
    """Require a mask of zeros and ones with an own column for each example, in the shape of ``a``."""
    n, m = a.shape
    shapes = ("shape of a", a.shape), ("shape of your mask", mask.shape)
    require(mask.shape not in ((n, 1), (n,)), "mask-shared-by-examples", *shapes)
    require(mask.shape not in ((1, m), (m,)), "mask-shared-by-units", *shapes)
    require(mask.size > 1, "one-coin-for-all", *shapes)
    words = {"got": str(mask.shape), "expected": str(a.shape)}
    require(mask.shape != (m, n), "shape-transposed", *shapes, **words)
    require(mask.shape == a.shape or mask.size != a.size, "other-shape", *shapes, **words)
    require(mask.shape == a.shape, "wrong-shape", *shapes)
    values = np.unique(mask.round(6))
    case = ("keep_prob", keep_prob), ("corner of a", a[:4, :4]), ("corner of your mask", mask[:4, :4])
    varied = np.ptp(mask) > 0
    compared = [made(a) for a in (a, np.abs(a)) for made in (lambda a: a < keep_prob, lambda a: a > keep_prob)]
    same = varied and (any(np.array_equal(mask, one) for one in compared) or not mask[a < 0].any())
    require(not same, "activations-compared", *case)
    applied = np.isclose(mask, a) | np.isclose(mask, 0)
    ratios = np.unique((mask / a)[mask != 0].round(6))
    require(not applied.all() or len(values) < 3, "mask-applied-already", *case)
    require(len(values) < 3 or len(ratios) != 1, "mask-applied-already", *case)
    require(len(values) != 2 or values[0] != 0 or values[1] == 1, "mask-scaled-already", *case)
    require(np.isin(mask, (0, 1)).all(), "mask-not-binary", ("different values in your mask", values[:5]))
    if 0 < mask.mean() < 1:
        require(np.any(mask != mask[:, :1]), "mask-shared-by-examples", *case)
        require(np.any(mask != mask[:1]), "mask-shared-by-units", *case)
        require(not np.any(np.ptp(mask, axis=0) == 0), "columns-never-drawn", *case)
        require(len(np.unique(mask, axis=1).T) == mask.shape[1], "columns-repeated", *case)


def examine_backward(backward: Answer, rng: np.random.Generator) -> None:
    """Examine ``tanh_dropout_backward(da_dropped, z, mask, keep_prob)``."""
    cases = []
    for shape, keep_prob in (((2, 1), 0.8), ((4, 3), 0.5), ((3, 5), three_decimals(rng))):
        mask = rng.random(shape) < 0.5
        mask[0, 0], mask[-1, -1] = True, False
        cases.append((signed(rng, *shape), signed(rng, *shape), mask, keep_prob))
    ones = np.ones((20, 10))  # so many that no two masks are alike
    mask = rng.random(ones.shape) < 0.5
    first, again = (returned_array(backward, ones.copy(), ones.copy(), mask.copy(), 0.5) for _ in range(2))
    same = np.array_equal(first, again, equal_nan=True)
    require(same, "mask-drawn-anew", ("first call", first), ("second call", again))
    others = {
        "dropped-entries-removed": lambda da, z, mask, q: (da / q * tanh_derivative(z))[mask],
        "sum-without-brackets": lambda da, z, mask, q: da * mask / q * 1 - np.tanh(z) ** 2,
    }
    require_values(
        backward,
        cases,
        lambda da_dropped, z, mask, keep_prob: da_dropped * mask / keep_prob * tanh_derivative(z),
        [*WAYS_BACK, *known(others)],
        drawn="mask-drawn-anew",
    )


class Cost:
    """A cost with known slope, and the masks to draw for it; it notes who drew how often, and which costs were asked.

    Parameters
    ----------
    mask : array
        What every draw gives, as a copy.
    """

    def __init__(self, mask: Array) -> None:
        self.mask = mask
        self.draws: list[Array] = []
        self.asked: list[tuple[int, float]] = []  # of each cost the draw, counted from 1, and w
        self.masks: list[Any] = []  # with which costs were asked

    def draw(self) -> Array:
        """Return a mask."""
        self.draws.append(self.mask.copy())
        return self.draws[-1]

    def cost(self, w: float, *mask: Any) -> float:
        """Return a cubic in w times the number of kept units: bent enough to tell the ways to measure a slope apart."""
        require(len(mask) == 1, "cost-without-mask", ("a call", f"cost(w{', ...' * len(mask)})"))
        require(not callable(mask[0]), "function-not-called", ("mask given to cost", mask[0]))
        require(np.ndim(w) == 0 or np.ndim(mask[0]) > 0, "cost-without-mask", ("a call", "cost(mask, w)"))
        require(mask[0] is not None, "mask-not-drawn", ("mask given to cost", None))
        self.asked.append((next((n for n, drawn in enumerate(self.draws, 1) if drawn is mask[0]), 0), float(w)))
        self.masks.append(mask[0])
        return float((w**3 + 2 * w**2 - 30 * w + 40) * np.sum(mask[0]))


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

    def __deepcopy__(self, _: Any) -> Shown:
        return self  # it notes down who calls


def examine_slope(slope: Answer, rng: np.random.Generator) -> None:
    """Examine ``slope_with_dropout(cost, w, draw, epsilon)``."""
    cases: list[tuple[Any, ...]] = []
    costs = []
    for w, epsilon in ((2.0, 0.5), *((float(rng.integers(-90, 90)) / 10 + 0.05, epsilon) for epsilon in (0.13, 0.27))):
        costs.append(Cost(np.array([1, 0, 1]) if rng.random() < 0.5 else np.array([0, 1, 1])))
        cost = Shown(said("(w³ + 2 w² - 30 w + 40) · (number of kept units)"), costs[-1].cost)
        cases.append((cost, w, Shown(said("gives the mask {mask}", mask=costs[-1].mask), costs[-1].draw), epsilon))
    called(slope, *cases[0])
    one = costs[0]
    require(len(one.draws) > 0, "mask-not-drawn", ("calls of draw()", 0))
    sides = {draw: {w for number, w in one.asked if number == draw} for draw, _ in one.asked}
    case = ("expected calls of draw()", 1), ("got", len(one.draws))
    held = len(one.draws) > 1 and 0 not in sides and all(len(points) > 1 for points in sides.values())
    require(not held, "slopes-averaged", *case)
    of_means = len(one.draws) > 1 and all(mask is one.masks[0] for mask in one.masks)
    require(not of_means, "masks-averaged", *case)
    require(len(one.draws) == 1, "masks-moving", *case)
    others = [mask for mask in one.masks if not np.array_equal(mask, one.mask) and not np.all(mask)]
    require(not others, "other-mask-used", ("mask of draw()", one.mask), ("mask given to cost", others[:1]))

    def right(cost: Answer, w: float, draw: Answer, epsilon: float) -> float:
        mask = draw()
        return float(cost(w + epsilon, mask) - cost(w - epsilon, mask)) / (2 * epsilon)

    def whole(draw: Answer) -> Answer:
        return lambda: np.ones_like(draw())

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
            "epsilon-ignored": lambda cost, w, draw, e: (3 * w**2 + 4 * w - 30) * draw().sum(),
            "cost-for-slope": lambda cost, w, draw, e: cost(w, draw()),
            "costs-added": lambda cost, w, draw, e: (cost(w + e, draw()) + cost(w - e, draw())) / (2 * e),
            "second-derivative": lambda cost, w, draw, e: (
                (cost(w + e, draw()) - 2 * cost(w, draw()) + cost(w - e, draw())) / e**2
            ),
            "sum-without-brackets": lambda cost, w, draw, e: cost(w + e, draw()) - cost(w - e, draw()) / (2 * e),
            "dropout-switched-off": lambda cost, w, draw, e: right(cost, w, whole(draw), e),
        },
    )


POINTS = (22, 37)  # seeds of quadrants on which a network without a remedy ends at a cost near 1 or above
WANTED = 0.5  # cost on unseen points; each of dropout, L2 and stopping comes to less than 0.4
BY_HEART = 0.35  # cost on the training points, below what one that ignores their wrong labels can have
COIN = 0.66  # a little below ln 2, which is what always saying 0.5 costs


def examine_training(train: Answer, rng: np.random.Generator) -> None:
    """Examine ``my_training(x, y, rng)``: any way to learn is right that predicts points it has not seen."""
    seen, unseen = [], []
    for points in POINTS:
        data = noisy_quadrants(np.random.default_rng(points))
        x, y = data.x_train.copy(), data.y_train.copy()
        predict = called(train, x, y, np.random.default_rng(rng.integers(2**31)))
        require_unchanged(["x", "y"], [data.x_train, data.y_train], [x, y])
        require(callable(predict), "no-function-returned", ("got", type(predict).__name__))
        seen.append(cost_of(predict, data.x_train, data.y_train))
        unseen.append(cost_of(predict, data.x_test, data.y_test))
    known, new = float(np.mean(seen)), float(np.mean(unseen))
    wanted = said("below {bound}", bound=WANTED)
    case = ("cost on the training points", known), ("cost on unseen points", new), ("wanted", wanted)
    require(known < COIN, "no-better-than-a-coin", *case)
    require(new < WANTED or known >= BY_HEART, "learned-by-heart", *case)
    require(new < WANTED, "learned-too-little", *case)


def cost_of(predict: Answer, x: Array, y: Array) -> float:
    """Return the binary cross-entropy of what ``predict`` says of points (2, m), which has to be probabilities."""
    first, again = (as_numbers(called(predict, x.copy())) for _ in range(2))
    require(first.size == y.size, "wrong-shape", ("shape of the points", x.shape), ("got, of shape", first.shape))
    same = np.array_equal(first, again, equal_nan=True)
    require(same, "masks-left-on", ("first call", first), ("second call", again))
    some = ("got among them", first.ravel()[:4])
    require(not np.any((first < 0) | (first > 1)), "logit-for-probability", some)
    require(not np.isin(first, (0, 1)).all(), "classes-for-probabilities", some)
    probability = np.clip(np.nan_to_num(first.reshape(y.shape), nan=0.5), 1e-12, 1 - 1e-12)
    return float(-np.mean(y * np.log(probability) + (1 - y) * np.log(1 - probability)))


def layer_output(scale: Answer, bias: Answer) -> Answer:
    """Return z from what becomes of the inputs and of the bias."""
    return lambda a, W, b, q: W @ (scale(q) * a) + bias(b, q)


def examine_test_output(predict: Answer, rng: np.random.Generator) -> None:
    """Examine ``test_output(a, W, b, keep_prob)`` of a layer that was trained without scaling."""
    cases = []
    for (n, n_out, m), keep_prob in (((2, 1, 1), 0.8), ((5, 2, 3), 0.5), ((3, 4, 2), three_decimals(rng))):
        cases.append((signed(rng, n, m), signed(rng, n_out, n), signed(rng, n_out, 1), keep_prob))
    require_values(
        predict,
        cases,
        lambda a, W, b, keep_prob: W @ (keep_prob * a) + b,
        [
            *known({"bias-scaled": lambda a, W, b, q: W @ (q * a) + b / q}),
            *combined(
                layer_output,
                {
                    "": lambda q: q,
                    "test-scale-missing": lambda q: 1,
                    "scale-inverted": lambda q: 1 / q,
                    "keep-drop-swapped": lambda q: 1 - q,
                    "scaled-twice": lambda q: q**2,
                    "square-root-for-scale": np.sqrt,
                },
                {
                    "": lambda b, q: b,
                    "bias-missing": lambda b, q: 0 * b,
                    "bias-scaled": lambda b, q: q * b,
                    "bias-subtracted": lambda b, q: -b,
                },
            ),
        ],
        drawn="drops-at-test-time",
    )


EXERCISES = (
    Exercise("dropout_variance", examine_variance),
    Exercise("dropout", examine_dropout),
    Exercise("batch_mask", examine_batch_mask),
    Exercise("tanh_dropout_backward", examine_backward),
    Exercise("slope_with_dropout", examine_slope),
    Exercise("training_loop", examine_training, seconds=30.0),
    Exercise("test_output", examine_test_output),
)
