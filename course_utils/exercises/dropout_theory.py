"""Exercises of chapter 01: counts of kept units, means over masks, variances, dropout as L2, and any small network."""

from __future__ import annotations

from math import comb, perm
from typing import Any

import numpy as np

from course_utils.activations import sigmoid
from course_utils.arguments import Array
from course_utils.exercises.calls import returned_array
from course_utils.exercises.comparison import require_values
from course_utils.exercises.exercise import Answer, Exercise
from course_utils.exercises.explanation import agree
from course_utils.exercises.mistake import require
from course_utils.exercises.randomness import three_decimals
from course_utils.exercises.slips import Slip, combined, known
from course_utils.exercises.verdict import said
from course_utils.theory import (
    all_masks,
    dropout_regression_cost,
    keep_prob_from_lambd,
    mask_probabilities,
    normalized_geometric_mean,
    preactivation_moments,
)

__all__ = ["EXERCISES"]

ZERO, ONE = np.float64(0), np.float64(1)  # of NumPy, since 1 / ZERO is inf and shows a mistake where 1 / 0.0 raises


def few_digits(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """Return numbers of either sign with one decimal: short to read, larger than 1, so that a square shows."""
    return rng.integers(11, 30, shape) / 10 * rng.choice([-1, 1], shape)


def binomial(n: int, k: int, q: float) -> float:
    """Return the probability that exactly k of n units are kept."""
    return float(comb(n, k) * q**k * (1 - q) ** (n - k))


def examine_kept_probability(probability: Answer, rng: np.random.Generator) -> None:
    """Examine ``kept_probability(n, k, keep_prob)``."""
    drawn = [(n, int(rng.integers(1, n)), three_decimals(rng)) for n in (int(rng.integers(4, 7)), 9)]
    cases = [(3, 2, 0.8), *drawn, (6, 3, 0.35), (4, 0, 0.3), (5, 5, 0.9), (3, 2, ONE), (3, 3, ONE)]
    require_values(
        probability,
        cases,
        lambda n, k, keep_prob: binomial(n, k, keep_prob),
        [
            *known(
                {
                    "masks-not-counted": lambda n, k, q: q**k * (1 - q) ** (n - k),
                    "masks-counted-alike": lambda n, k, q: comb(n, k) / 2**n,
                    "keep-drop-swapped": lambda n, k, q: binomial(n, n - k, q),
                    "dropped-units-missing": lambda n, k, q: comb(n, k) * q**k,
                    "kept-units-missing": lambda n, k, q: comb(n, k) * (1 - q) ** (n - k),
                    "given-units-only": lambda n, k, q: q**k,
                    "order-counted": lambda n, k, q: perm(n, k) * q**k * (1 - q) ** (n - k),
                    "comb-upside-down": lambda n, k, q: comb(k, n) * q**k * (1 - q) ** (n - k),
                    "at-most-for-exactly": lambda n, k, q: sum(binomial(n, j, q) for j in range(k + 1)),
                    "at-least-for-exactly": lambda n, k, q: sum(binomial(n, j, q) for j in range(k, n + 1)),
                    "fewer-for-exactly": lambda n, k, q: sum(binomial(n, j, q) for j in range(k)),
                    "more-for-exactly": lambda n, k, q: sum(binomial(n, j, q) for j in range(k + 1, n + 1)),
                    "expected-number": lambda n, k, q: n * q,
                    "sum-without-brackets": [
                        lambda n, k, q: comb(n, k) * q**k * (1 - q) ** n - k,
                        lambda n, k, q: comb(n, k) * q**k * (1 - q ** (n - k)),
                    ],
                    "logarithm-of-zero": lambda n, k, q: np.nan if q == 1 and k == n else binomial(n, k, q),
                }
            ),
            *combined(
                lambda kept, dropped: lambda n, k, q: comb(n, k) * q ** kept(n, k) * (1 - q) ** dropped(n, k),
                {
                    "": lambda n, k: k,
                    "exponent-of-kept": lambda n, k: n,
                },
                {
                    "": lambda n, k: n - k,
                    "exponent-of-dropped": lambda n, k: k,
                    "exponent-turned": lambda n, k: k - n,
                },
            ),
        ],
    )


SCALES: dict[str, Answer] = {  # what dropout makes of the squares; the right one first
    "": lambda q: (1 - q) / q,
    "variance-half-scaled": lambda q: 1 - q,
    "variance-without-scale": lambda q: q * (1 - q),
    "keep-drop-swapped": lambda q: q / (1 - q),
    "square-of-mean-kept": lambda q: 1 / q,
    "kept-for-certain": lambda q: 1 / q**2 - 1,
    "mean-not-scaled": lambda q: 1 / q - q**2,
    "mean-not-squared": lambda q: 1 / q - q,
    "scale-of-dropout-missing": lambda q: 1,
    "moments-added": lambda q: 1 / q + 1,
}


def examine_preactivation_variance(variance: Answer, rng: np.random.Generator) -> None:
    """Examine ``preactivation_variance(W, x, keep_prob)``."""
    cases: list[tuple[Any, ...]] = [(np.array([[1.0, -2.0]]), np.array([[3.0], [1.0]]), 0.8)]
    for n, m, q in ((2, 3, 0.3), (4, 2, three_decimals(rng)), (3, 3, ONE)):
        cases.append((few_digits((1, n), rng), few_digits((n, m), rng), q))
    require_summed_over_units(variance, *cases[1])
    require_values(
        variance,
        cases,
        lambda W, x, keep_prob: preactivation_moments(W, x, keep_prob)[1],
        [
            *known(
                {
                    "deviation-for-variance": lambda W, x, q: np.sqrt((1 - q) / q * (W**2 @ x**2)),
                    "square-of-whole-mean-kept": lambda W, x, q: (1 - q) / q * (W**2 @ x**2) + (W @ x) ** 2,
                    "mean-for-variance": lambda W, x, q: W @ x,
                    "sum-without-brackets": lambda W, x, q: 1 - q / q * (W**2 @ x**2),
                }
            ),
            *combined(
                lambda scale, terms: lambda W, x, q: scale(q) * terms(W, x),
                SCALES,
                {
                    "": lambda W, x: W**2 @ x**2,
                    "square-after-sum": lambda W, x: (W @ x) ** 2,
                    "square-missing": lambda W, x: W**2 @ x,
                    "variance-linear-in-weights": lambda W, x: W @ x**2,
                    "no-squares": lambda W, x: W @ x,
                    "inputs-missing": lambda W, x: W**2 @ np.ones_like(x),
                    "weights-missing": lambda W, x: np.sum(x**2, axis=0, keepdims=True),
                    "product-of-sums": lambda W, x: np.sum(W**2) * np.sum(x**2, axis=0, keepdims=True),
                    "units-averaged": lambda W, x: W**2 @ x**2 / len(x),
                    "terms-not-combined": lambda W, x: W.T**2 * x**2,
                },
            ),
        ],
    )


def require_summed_over_units(variance: Answer, W: Array, x: Array, keep_prob: float) -> None:
    """Require one number for each example, not for each unit; ``x`` must not be square."""
    got = returned_array(variance, W.copy(), x.copy(), keep_prob)
    by_units = (1 - keep_prob) / keep_prob * np.sum(W.T**2 * x**2, axis=1)  # (n,)
    expected = preactivation_moments(W, x, keep_prob)[1]
    case = ("W", W), ("x", x), ("keep_prob", keep_prob), ("expected", expected), ("got", got)
    require(not agree(got.ravel(), by_units), "summed-over-examples", *case)


def examine_mean_over_masks(mean: Answer, rng: np.random.Generator) -> None:
    """Examine ``mean_over_masks(outputs, masks, keep_prob)``."""
    cases: list[tuple[Any, ...]] = [(np.array([3.0, -1, 5, 2]), all_masks(2)[:, [2, 0, 3, 1]], 0.8)]
    for n, q in ((2, 0.3), (3, three_decimals(rng)), (4, 0.6), (3, ONE)):
        masks = rng.permutation(all_masks(n), axis=1)  # masks may come in any order
        cases.append((rng.permutation(2**n) + 1.0, masks, q))

    def right(outputs: Array, masks: Array, keep_prob: float) -> float:
        return float(outputs @ mask_probabilities(masks, keep_prob))

    require_values(
        mean,
        cases,
        right,
        [
            *known(
                {
                    "masks-counted-alike": lambda outputs, masks, q: np.mean(outputs),
                    "probabilities-missing": lambda outputs, masks, q: np.sum(outputs),
                    "keep-drop-swapped": lambda outputs, masks, q: right(outputs, ~masks, q),
                    "count-probability-for-mask": lambda outputs, masks, q: (
                        outputs @ [binomial(len(masks), int(kept), q) for kept in masks.sum(axis=0)]
                    ),
                    "weighted-by-number-kept": lambda outputs, masks, q: outputs @ masks.sum(axis=0) / masks.sum(),
                    "masks-counted-as-units": lambda outputs, masks, q: (
                        outputs @ (q ** masks.sum(axis=0) * (1 - q) ** (len(outputs) - masks.sum(axis=0)))
                    ),
                    "whole-network-only": lambda outputs, masks, q: outputs[masks.all(axis=0)][0],
                    "most-likely-mask-only": lambda outputs, masks, q: outputs[np.argmax(mask_probabilities(masks, q))],
                    "order-of-masks-assumed": lambda outputs, masks, q: right(outputs, all_masks(len(masks)), q),
                    "logarithm-of-zero": lambda outputs, masks, q: np.nan if q == 1 else right(outputs, masks, q),
                    "all-masks-counted-together": lambda outputs, masks, q: np.sum(
                        outputs * q ** masks.sum() * (1 - q) ** (~masks).sum()
                    ),
                }
            ),
            *combined(
                lambda kept, dropped, put_together: (
                    lambda outputs, masks, q: put_together(outputs * kept(masks, q) * dropped(masks, q))
                ),
                {"": lambda masks, q: q ** masks.sum(axis=0), "kept-units-missing": lambda masks, q: 1},
                {"": lambda masks, q: (1 - q) ** (~masks).sum(axis=0), "dropped-units-missing": lambda masks, q: 1},
                {"": np.sum, "weights-averaged-again": np.mean, "terms-not-combined": lambda terms: terms},
            ),
        ],
    )


def geometric(p: Array, weights: Array) -> Array:
    """Return the weighted geometric mean of p, not normalized."""
    return np.exp(weights @ np.log(p))


def normalized(G: Any, G_other: Any) -> Any:
    """Return the share of G in both."""
    return G / (G + G_other)


def drawn_predictions(k: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return k probabilities and their k weights, which sum to 1, all of two decimals."""
    weights = (1 + rng.multinomial(20 - k, [1 / k] * k)) / 20
    return rng.integers(5, 96, k) / 100, weights


def examine_geometric_mean(mean: Answer, rng: np.random.Generator) -> None:
    """Examine ``geometric_mean(p, probability)``."""
    drawn = [drawn_predictions(k, rng) for k in (3, 4, 8)]
    require_values(
        mean,
        [(np.array([0.9, 0.5]), np.array([0.8, 0.2])), *drawn, (np.array([0.2, 0.7]), np.array([0.0, 1.0]))],
        lambda p, probability: normalized_geometric_mean(p, probability),
        [
            *known(
                {
                    "arithmetic-mean": lambda p, w: w @ p,
                    "exponential-missing": lambda p, w: normalized(w @ np.log(p), w @ np.log(1 - p)),
                    "logarithm-base-mixed": lambda p, w: normalized(
                        np.exp(w @ np.log10(p)), np.exp(w @ np.log10(1 - p))
                    ),
                    "terms-not-combined": lambda p, w: normalized(p**w, (1 - p) ** w),
                    "sigmoid-of-mean": lambda p, w: sigmoid(w @ p),
                    "weights-for-powers": lambda p, w: normalized(np.prod(p * w), np.prod((1 - p) * w)),
                    "powers-summed": lambda p, w: normalized(np.sum(p**w), np.sum((1 - p) ** w)),
                }
            ),
            *combined(
                lambda weights, made: lambda p, w: made(geometric(p, weights(w)), geometric(1 - p, weights(w))),
                {
                    "": lambda w: w,
                    "masks-counted-alike": lambda w: np.full_like(w, 1 / len(w)),
                    "probabilities-missing": np.ones_like,
                    "weights-averaged-again": lambda w: w / len(w),
                },
                {
                    "": normalized,
                    "not-normalized": lambda G, G_other: G,
                    "complement-returned": lambda G, G_other: normalized(G_other, G),
                    "odds-for-probability": lambda G, G_other: G / G_other,
                    "odds-against": lambda G, G_other: G_other / G,
                    "logit-for-probability": lambda G, G_other: np.log(G / G_other),
                },
            ),
        ],
    )
    middle = three_decimals(rng)
    p, weights = sigmoid(np.linspace(middle - 2, middle + 2, 4096)), np.full(4096, 1 / 4096)
    got, expected = returned_array(mean, p.copy(), weights.copy()), sigmoid(np.array(middle))
    require(
        agree(got, expected),
        "product-underflows",
        ("p", p), ("probability", weights), ("expected", expected), ("got", got),
    )  # fmt: skip


def examine_dropout_penalty(penalty: Answer, rng: np.random.Generator) -> None:
    """Examine ``dropout_penalty(W, x, keep_prob)`` of a linear regression."""
    cases: list[tuple[Any, ...]] = [(np.array([[2.0, -1.0]]), np.array([[1.0, 2.0, 3.0], [2.0, -2.0, 1.0]]), 0.8)]
    for n, m, q in ((3, 5, 0.3), (4, 2, three_decimals(rng)), (4, 4, ONE)):
        cases.append((few_digits((1, n), rng), few_digits((n, m), rng), q))

    def right(W: Array, x: Array, keep_prob: float) -> float:
        y = W @ x
        return dropout_regression_cost(W, x, y, keep_prob) - dropout_regression_cost(W, x, y, 1.0)

    require_values(
        penalty,
        cases,
        right,
        [
            *known(
                {
                    "deviation-for-variance": lambda W, x, q: np.sqrt(right(W, x, q)),
                    "square-of-whole-mean-kept": lambda W, x, q: right(W, x, q) + np.mean((W @ x) ** 2),
                    "sum-without-brackets": lambda W, x, q: 1 - q / q * np.mean(W**2 @ x**2),
                    "terms-not-combined": lambda W, x, q: (1 - q) / q * W[0] ** 2 * np.mean(x**2, axis=1),
                }
            ),
            *combined(
                lambda scale, terms, times: lambda W, x, q: scale(q) * terms(W, x) * times(*x.shape),
                SCALES,
                {
                    "": lambda W, x: np.mean(W**2 @ x**2),
                    "square-missing": lambda W, x: np.mean(W**2 @ x),
                    "mean-squared": lambda W, x: np.sum(W[0] ** 2 * x.mean(axis=1) ** 2),
                    "features-taken-as-centred": lambda W, x: np.sum(W[0] ** 2 * x.var(axis=1)),
                    "variance-linear-in-weights": lambda W, x: np.mean(W @ x**2),
                    "no-squares": lambda W, x: np.mean(W @ x),
                    "sizes-for-squares": lambda W, x: np.mean(np.abs(W) @ np.abs(x)),
                    "weights-missing": lambda W, x: np.sum(np.mean(x**2, axis=1)),
                    "inputs-missing": lambda W, x: np.sum(W**2),
                    "product-of-sums": lambda W, x: np.sum(W**2) * np.sum(np.mean(x**2, axis=1)),
                    "square-after-sum": lambda W, x: np.mean((W @ x) ** 2),
                },
                {
                    "": lambda n, m: 1,
                    "mean-over-examples-missing": lambda n, m: m,
                    "units-averaged": lambda n, m: 1 / n,
                    "features-for-examples": lambda n, m: m / n,
                    "half-missing": lambda n, m: 2,
                    "m-and-half-missing": lambda n, m: 2 * m,
                    "half-added": lambda n, m: 1 / 2,
                },
            ),
        ],
    )


def examine_matching_keep_prob(matching: Answer, rng: np.random.Generator) -> None:
    """Examine ``matching_keep_prob(lambd, m)``."""
    drawn = [(int(rng.integers(1, 100)) / 10, m) for m in (7, int(rng.integers(20, 400)))]
    require_values(
        matching,
        [(2.0, 3), (30.0, 10), *drawn, (ZERO, 50)],
        lambda lambd, m: keep_prob_from_lambd(lambd, m),
        [
            *known(
                {
                    "strength-taken-for-rate": [lambda lambd, m: 1 - lambd, lambda lambd, m: lambd],
                    "sum-without-brackets": [
                        lambda lambd, m: 2 * m / 2 * m + lambd,
                        lambda lambd, m: 2 * m / (2 * m) + lambd,
                    ],
                    "strength-put-in-for-q": lambda lambd, m: 2 * m * (1 - lambd) / lambd,
                }
            ),
            *combined(
                lambda odds, solved: lambda lambd, m: solved(odds(lambd, m)),
                {  # of dropping against keeping, (1 - q) / q
                    "": lambda lambd, m: lambd / (2 * m),
                    "two-lost-in-solving": lambda lambd, m: lambd / m,
                    "two-doubled-in-solving": lambda lambd, m: lambd / (4 * m),
                    "m-missing": lambda lambd, m: lambd / 2,
                    "m-and-half-missing": lambda lambd, m: lambd,
                    "m-multiplied": lambda lambd, m: lambd / 2 * m,
                    "m-inverted": lambda lambd, m: 2 * m * lambd,
                },
                {
                    "": lambda odds: 1 / (1 + odds),
                    "keep-drop-swapped": lambda odds: odds / (1 + odds),
                    "odds-against": lambda odds: odds,
                    "odds-for-probability": lambda odds: 1 / odds,
                    "first-order-only": lambda odds: 1 - odds,
                    "sign-lost-in-solving": lambda odds: 1 / (1 - odds),
                    "fraction-upside-down": lambda odds: 1 + odds,
                },
            ),
        ],
    )


class Network:
    """A network as a function of its mask, (n,), shown to the learner as a text.

    Parameters
    ----------
    text : str
    n : int
        Number of its units with dropout.
    function : callable
        Takes masks, (n, k), and returns the output of each, (k,).
    """

    def __init__(self, text: str, n: int, function: Answer) -> None:
        self.text, self.n = text, n
        self.outputs = function(all_masks(n).astype(float))  # (2**n,)

    def __call__(self, mask: Any) -> float:
        """Return the output of one subnetwork."""
        mask = np.asarray(mask, dtype=float)
        require(mask.size == self.n, "masks-all-at-once", got=str(mask.shape), expected=f"({self.n},)")
        require(np.isin(mask, (0, 1)).all(), "mask-of-fractions", ("different values in your mask", np.unique(mask)))
        return float(self.outputs[int("".join(str(int(kept)) for kept in mask.ravel()), 2)])

    def __str__(self) -> str:
        return self.text

    def __deepcopy__(self, _: Any) -> Network:
        return self


def drawn_network(n: int, keep_prob: float, rng: np.random.Generator) -> Network:
    """Return a ReLU network with three hidden units that drops its n inputs."""
    W, b, v = few_digits((3, n), rng), few_digits((3, 1), rng), few_digits((1, 3), rng)
    text = said("a ReLU network of {n} inputs that are dropped, 3 hidden units and 1 output", n=n)
    return Network(text, n, lambda masks: (v @ np.maximum(0, W @ (masks / keep_prob) + b))[0])


WEIGHTS: dict[str, Answer] = {  # of masks (n, k) with keep_prob q; the right ones first
    "": mask_probabilities,
    "masks-counted-alike": lambda masks, q: np.full(masks.shape[1], 1 / masks.shape[1]),
    "keep-drop-swapped": lambda masks, q: mask_probabilities(~masks, q),
    "dropped-units-missing": lambda masks, q: q ** masks.sum(axis=0),
    "kept-units-missing": lambda masks, q: (1 - q) ** (~masks).sum(axis=0),
    "probabilities-missing": lambda masks, q: np.ones(masks.shape[1]),
    "count-probability-for-mask": lambda masks, q: (
        mask_probabilities(masks, q) * [comb(len(masks), k) for k in masks.sum(axis=0)]
    ),
    "masks-left-out": lambda masks, q: mask_probabilities(masks, q) * masks.any(axis=0),
}


def moments(weights: Array, z: Array) -> list[float]:
    """Return mean and variance of outputs with weights."""
    mean = weights @ z
    return [mean, weights @ (z - mean) ** 2]


MOMENTS: dict[str, Answer] = {  # of weights w and outputs z; the right ones first
    "": lambda w, z: [w @ z, w @ z**2 - (w @ z) ** 2],
    "square-of-mean-kept": lambda w, z: [w @ z, w @ z**2],
    "moments-added": lambda w, z: [w @ z, w @ z**2 + (w @ z) ** 2],
    "deviation-for-variance": lambda w, z: [w @ z, np.sqrt(moments(w, z)[1])],
    "whole-network-only": lambda w, z: [z[-1], w @ (z - z[-1]) ** 2],
    "masks-counted-alike": lambda w, z: [w @ z, z.var()],
}


def moments_slips() -> list[Slip]:
    """Return what goes wrong with weights and moments; without the right weights the two ways to a variance differ."""

    def formula(weights: Answer, made: Answer) -> Answer:
        return lambda network, n, q: made(weights(all_masks(n), q), network.outputs)

    others = {
        "masks-left-out": [
            formula(mask_probabilities, lambda w, z: moments(w[:-1], z[:-1])),
            formula(mask_probabilities, lambda w, z: MOMENTS[""](w[:-1], z[:-1])),
        ],
        "whole-network-only": [
            formula(mask_probabilities, lambda w, z: [z[-1], moments(w, z)[1]]),
            formula(mask_probabilities, lambda w, z: [z[-1], w @ z**2 - z[-1] ** 2]),
        ],
    }
    return [*combined(formula, WEIGHTS, {"": moments}), *known(others), *combined(formula, WEIGHTS, MOMENTS)]


def examine_subnetwork_moments(answer: Answer, rng: np.random.Generator) -> None:
    """Examine ``subnetwork_moments(network, n, keep_prob)``, which may go about it in any way."""
    simple = Network("3 r₁ - r₂ + 2 r₁ r₂", 2, lambda r: 3 * r[0] - r[1] + 2 * r[0] * r[1])
    cases: list[tuple[Any, ...]] = [(simple, 2, 0.8)]
    for n, q in ((3, 0.3), (1, 0.6), (5, three_decimals(rng)), (7, 0.9), (4, ONE)):
        cases.append((drawn_network(n, q, rng), n, q))

    def right(network: Network, n: int, keep_prob: float) -> list[float]:
        return moments(mask_probabilities(all_masks(n), keep_prob), network.outputs)

    require_values(answer, cases, right, moments_slips())


EXERCISES = (
    Exercise("kept_probability", examine_kept_probability),
    Exercise("preactivation_variance", examine_preactivation_variance),
    Exercise("mean_over_masks", examine_mean_over_masks),
    Exercise("geometric_mean", examine_geometric_mean),
    Exercise("dropout_penalty", examine_dropout_penalty),
    Exercise("matching_keep_prob", examine_matching_keep_prob),
    Exercise("subnetwork_moments", examine_subnetwork_moments),
)
