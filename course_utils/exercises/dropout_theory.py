"""Checks of chapter 01: counts of kept units, means over masks, variances, and dropout as an L2 penalty."""

from __future__ import annotations

from collections.abc import Callable
from math import comb
from typing import Any

import numpy as np

from course_utils.activations import sigmoid
from course_utils.arguments import Array
from course_utils.exercises.mistake import require, require_value, returned_array
from course_utils.theory import (
    all_masks,
    dropout_regression_cost,
    keep_prob_from_lambd,
    mask_probabilities,
    preactivation_moments,
)

__all__ = ["CHECKS"]

Answer = Callable[..., Any]
KEEP_PROB_SWAPPED = "keep_prob is the probability to keep, not to drop: keep and drop are swapped."


def few_digits(shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """Return numbers of either sign with one decimal, short to read and none near 0 or equal to its square."""
    return rng.integers(5, 30, shape) / 10 * rng.choice([-1, 1], shape)


def examine_kept_probability(probability: Answer) -> str:
    """Examine ``kept_probability(n, k, keep_prob)``."""
    for n, k, q in ((3, 2, 0.8), (10, 3, 0.5), (5, 5, 0.9), (4, 0, 0.3), (6, 1, 0.25)):
        count, chance = comb(n, k), q**k * (1 - q) ** (n - k)
        wrong = {
            "This is the probability of one mask that keeps k units. There are comb(n, k) of them.": chance,
            "This is the share of masks that keep k units. The masks are equally likely only at keep_prob 0.5.": count
            / 2**n,
            KEEP_PROB_SWAPPED: count * q ** (n - k) * (1 - q) ** k,
            "The n - k dropped units are missing: each contributes a factor of 1 - keep_prob.": count * q**k,
        }
        require_value(
            returned_array(probability, n, k, q),
            np.array(count * chance),
            wrong,
            "Multiply comb(n, k) by the probability of one mask: q for each unit kept, 1 - q for each dropped.",
            ("n, k, keep_prob", (n, k, q)),
        )
    return "five triples of n, k and keep_prob"


def examine_preactivation_variance(variance: Answer) -> str:
    """Examine ``preactivation_variance(W, x, keep_prob)``."""
    rng = np.random.default_rng(0)
    for n, m, q in ((2, 3, 0.8), (4, 2, 0.3), (3, 3, 1.0)):
        W, x = few_digits((1, n), rng), few_digits((n, m), rng)
        terms, factor = W.T**2 * x**2, (1 - q) / q  # (n, m)
        right = preactivation_moments(W, x, q)[1]  # (1, m)
        wrong = {
            "1 / keep_prob is missing: the factor is (1 - q) / q.": (1 - q) * (W**2 @ x**2),
            "This is the variance without scaling: dividing by q divides it by q².": q * (1 - q) * (W**2 @ x**2),
            "keep and drop are swapped: the factor is (1 - q) / q.": q / max(1 - q, 1e-9) * (W**2 @ x**2),
            "Square each term before adding up, not the sum: the masks of different units are independent.": factor
            * (W @ x) ** 2,
            "x is not squared.": factor * (W**2 @ x),
            "W is not squared.": factor * (W @ x**2),
            "This is the standard deviation.": np.sqrt(right),
        }
        got = returned_array(variance, W, x, q)
        summed = factor * terms.sum(axis=1)
        require(
            n == m or got.size != n or not np.allclose(got.ravel(), summed),
            "The sum runs over the wrong axis: add up over units, and keep one number for each example.",
            ("W", W), ("x", x), ("expected", right), ("got", got),
        )  # fmt: skip
        require(
            got.shape != (m,) or not np.allclose(got, right[0]),
            f"The numbers are right, but the result must have shape {right.shape}, one row: got {got.shape}.",
        )
        require_value(
            got,
            right,
            wrong,
            "Add up W² x² over the units and multiply by (1 - q) / q.",
            ("W", W),
            ("x", x),
            ("keep_prob", q),
        )
    return "three batches, nothing dropped too"


def examine_mean_over_masks(mean: Answer) -> str:
    """Examine ``mean_over_masks(outputs, masks, keep_prob)``."""
    rng = np.random.default_rng(0)
    for n, q in ((2, 0.8), (3, 0.5), (4, 0.3)):
        masks = all_masks(n)
        order = rng.permutation(2**n)  # of the masks, which come in any
        masks, outputs = masks[:, order], rng.integers(-9, 10, 2**n).astype(float)
        right = outputs @ mask_probabilities(masks, q)
        kept = masks.sum(axis=0)
        wrong = {
            "Each mask counts alike here, which is right at keep_prob 0.5 only: use the probabilities.": np.mean(
                outputs
            ),
            "This sums the outputs without weights.": np.sum(outputs),
            KEEP_PROB_SWAPPED: outputs @ mask_probabilities(~masks, q),
            "The dropped units are missing: each contributes a factor of 1 - keep_prob.": outputs @ q**kept,
            "The weights are right, but np.mean divides by the number of masks: they sum to 1 already.": right / 2**n,
        }
        require_value(
            returned_array(mean, outputs, masks, q),
            np.array(right),
            wrong,
            "Weight each output by q for every unit that its mask keeps and 1 - q for every one it drops, and sum.",
            ("masks", masks.astype(int).tolist()),
            ("outputs", outputs),
            ("keep_prob", q),
        )
    return "all masks of two, three and four units, in any order"


def examine_geometric_mean(mean: Answer) -> str:
    """Examine ``geometric_mean(p, probability)``."""
    rng = np.random.default_rng(0)
    for k in (2, 4, 8):
        z, probability = rng.normal(1, 2, k), rng.random(k)
        probability /= probability.sum()
        p = sigmoid(z)
        G, other = np.exp(probability @ np.log(p)), np.exp(probability @ np.log(1 - p))
        alike = np.exp(np.mean(np.log(p))), np.exp(np.mean(np.log(1 - p)))
        wrong = {
            "This is the plain (arithmetic) mean.": p @ probability,
            "This is G, which is not normalized: divide by G + G', so that both sides sum to 1.": G,
            "Each mask counts alike here: weight the logarithms by probability.": alike[0] / sum(alike),
            "The weights are missing: this is the product of all p, not a weighted geometric mean.": np.prod(p)
            / (np.prod(p) + np.prod(1 - p)),
            "This is G', normalized: the mean of 1 - p. Return G / (G + G').": other / (G + other),
            "G' is the geometric mean of 1 - p, not 1 minus that of p.": G,
        }
        require_value(
            returned_array(mean, p, probability),
            np.array(sigmoid(z @ probability)),
            wrong,
            "Compute G = exp(Σ π log p) and G' = exp(Σ π log(1 - p)), and return G / (G + G').",
            ("p", p),
            ("probability", probability),
        )
    z = np.linspace(-1, 3, 4096)
    got = returned_array(mean, sigmoid(z), np.full(len(z), 1 / len(z)))
    require(
        np.isclose(got, sigmoid(np.array(1.0))),
        "With 4096 masks the result is off: products of many small numbers underflow, sums of logarithms do not.",
        ("expected", round(float(sigmoid(np.array(1.0))), 4)),
        ("got", got),
    )
    return "weights used, normalized, no underflow with 4096 masks"


def examine_dropout_penalty(penalty: Answer) -> str:
    """Examine ``dropout_penalty(W, x, keep_prob)`` of a linear regression."""
    rng = np.random.default_rng(0)
    for n, m, q in ((2, 3, 0.8), (3, 5, 0.3), (4, 4, 1.0)):
        W, x = few_digits((1, n), rng), few_digits((n, m), rng)
        y, factor = rng.standard_normal((1, m)), (1 - q) / q
        right = dropout_regression_cost(W, x, y, q) - dropout_regression_cost(W, x, y, 1.0)
        sums = W[0] ** 2 @ np.sum(x**2, axis=1)
        wrong = {
            "The mean over examples is missing: divide by m, the number of columns of x.": factor * sums,
            "The mean over examples must divide by m, the number of columns, not by all entries of x.": factor
            * sums
            / x.size,
            "This divides by n, the number of features, in place of m, the number of examples.": factor * sums / n,
            "1 / keep_prob is missing: the factor is (1 - q) / q, not 1 - q.": (1 - q) * sums / m,
            "The factor is (1 - q) / q: dividing by q divides a variance by q².": q * (1 - q) * sums / m,
            "keep and drop are swapped: the factor is (1 - q) / q.": q / max(1 - q, 1e-9) * sums / m,
            "x is not squared: take the mean of x², feature by feature.": factor * (W[0] ** 2 @ x.mean(axis=1)),
            "The mean of x is squared: take the mean of x², not the square of the mean.": factor
            * (W[0] ** 2 @ x.mean(axis=1) ** 2),
            "W is not squared.": factor * (W[0] @ np.mean(x**2, axis=1)),
            "Each weight goes with its own feature: multiply W² by the mean of x², then sum.": factor
            * np.sum(W**2)
            * np.mean(np.sum(x**2, axis=0)),
            "This is the variance that two dropped features have together: square each term, not their sum.": factor
            * np.mean((W @ x) ** 2),
            "This is plain L2: the size of each feature is missing.": factor * np.sum(W**2),
        }
        require_value(
            returned_array(penalty, W, x, q),
            np.array(right),
            wrong,
            "Multiply each W² by the mean of x² over the examples, sum over the features, times (1 - q) / q.",
            ("W", W),
            ("x", x),
            ("keep_prob", q),
        )
    return "three regressions, nothing dropped too"


def examine_matching_keep_prob(matching: Answer) -> str:
    """Examine ``matching_keep_prob(lambd, m)``."""
    for lambd, m in ((200.0, 100), (0.0, 50), (30.0, 10), (1.0, 400)):
        right = keep_prob_from_lambd(lambd, m)
        wrong = {
            "This is the probability to drop: keep_prob is 1 minus it.": 1 - right,
            "The factor 2 is missing: the penalty is λ/(2m) Σ W², and its λ is 2m (1 - q) / q.": m / (m + lambd),
            "m is missing: the more examples, the less a given λ does.": 2 / (2 + lambd),
            "Both 2 and m are missing: this is for a penalty of λ Σ W².": 1 / (1 + lambd),
            "This is (1 - q) / q. Go on and solve for q.": lambd / (2 * m),
        }
        require_value(
            returned_array(matching, lambd, m),
            np.array(right),
            wrong,
            "Solve λ = 2m (1 - q) / q: λ q = 2m - 2m q.",
            ("lambd, m", (lambd, m)),
        )
    return "four pairs of λ and m, no penalty too"


CHECKS: dict[str, Callable[[Answer], str]] = {
    "kept_probability": examine_kept_probability,
    "preactivation_variance": examine_preactivation_variance,
    "mean_over_masks": examine_mean_over_masks,
    "geometric_mean": examine_geometric_mean,
    "dropout_penalty": examine_dropout_penalty,
    "matching_keep_prob": examine_matching_keep_prob,
}
