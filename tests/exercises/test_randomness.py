"""Bounds that a right answer keeps, and a name for each way not to use the generator that was given."""

import functools
import math
import random

import numpy as np
import pytest

from course_utils.exercises.randomness import (
    ONE_IN,
    require_count_varies,
    require_generator_used,
    require_scale,
    require_share,
    share_bound,
)

from . import mistake

SIZES = [50, 400, 3000, 10_007]
PROBABILITIES = [0.05, 0.3, 0.5, 0.8, 0.99]
WITHIN = [0.0, share_bound(10_000) - 1e-9, 1e-9 - share_bound(10_000)]
BEYOND = [share_bound(10_000) + 1e-9, -share_bound(10_000) - 1e-9]


@functools.cache
def distribution(n, p):
    """Return the probability of each number of successes in n draws, exact but for rounding."""
    count = range(n + 1)
    logarithms = [math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) for k in count]
    return np.exp(
        [value + k * math.log(p) + (n - k) * math.log1p(-p) for k, value in zip(count, logarithms, strict=True)]
    )


def tail(n, p, bound):
    """Return the exact probability that the share of n draws is further than ``bound`` from p."""
    shares = np.arange(n + 1) / n
    return distribution(n, p)[np.abs(shares - p) > bound].sum()


@pytest.mark.parametrize("n", SIZES)
def test_a_right_share_is_out_of_bounds_less_than_once_in_a_hundred_million(n):
    for p in PROBABILITIES:
        assert distribution(n, p).sum() == pytest.approx(1)
        assert tail(n, p, share_bound(n)) <= 1 / ONE_IN
    assert tail(n, 0.5, 0.8 * share_bound(n)) > 1 / ONE_IN  # it is not much wider than it must be
    assert share_bound(n) == pytest.approx(math.sqrt(math.log(2e8) / (2 * n)))  # Hoeffding's


@pytest.mark.parametrize(
    ("share", "probability", "expected"),
    [
        *((0.8 + distance, 0.8, None) for distance in WITHIN),
        *((0.2 + distance, 0.8, "keep-drop-swapped") for distance in WITHIN),
        *((share + distance, 0.8, "share-wrong") for share in (0.8, 0.2) for distance in BEYOND),
        (1.0, 1.0, None),
        (0.0, 0.0, None),
        (0.0, 1.0, "everything-dropped"),
        (1.0, 0.0, "nothing-dropped"),
    ],
)
def test_a_share_is_near_or_its_mistake_is_named(share, probability, expected):
    if expected is None:
        require_share(share, probability, 10_000)
    else:
        case = {"x": "ones", "keep_prob": probability, "share kept": share, "expected about": probability}
        assert mistake(require_share, share, probability, 10_000, ("x", "ones")) == (expected, case)


@pytest.mark.parametrize(
    ("scale", "keep_prob", "share", "expected"),
    [
        (3.0, 0.8, 0.79, None),  # not right, but none of these
        (1 / 0.8, 0.8, 0.79, None),
        (1 / 0.8, 0.8, 0.8, None),  # now and then a draw keeps exactly this share
        (1 / 0.5, 0.5, 0.49, None),  # as many are dropped as kept
        (0.5, 0.5, 0.49, "scale-inverted"),
    ],
)
def test_a_wrong_scale_is_named_where_the_right_one_differs(scale, keep_prob, share, expected):
    kept = np.full(5, scale)
    if expected is None:
        require_scale(kept, keep_prob, share)
    else:
        assert mistake(require_scale, kept, keep_prob, share)[0] == expected


X = np.arange(100.0)


def right(x, rng):
    return x * (rng.random(x.shape) < 0.5)


# Silenced below: the old global generators are the mistake.
def seeds_numpy(x, rng):
    np.random.seed(0)  # noqa: NPY002
    return x * (np.random.random(x.shape) < 0.5)  # noqa: NPY002


def seeds_python(x, rng):
    random.seed(int(rng.integers(2**31)))
    return [value * (random.random() < 0.5) for value in x]


def draws_from_both(x, rng):
    np.random.random()  # noqa: NPY002
    return right(x, rng)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (seeds_numpy, "global-generator"),
        (seeds_python, "global-generator"),
        (draws_from_both, "global-generator"),
        (lambda x, rng: x, "generator-reseeded"),
    ],
)
def test_ways_not_to_use_the_generator_that_nobody_planted_have_a_name(answer, expected):
    states = np.random.get_state(), random.getstate()  # noqa: NPY002
    try:
        assert mistake(require_generator_used, answer, X, seed=0)[0] == expected
    finally:
        np.random.set_state(states[0])  # noqa: NPY002
        random.setstate(states[1])


@pytest.mark.parametrize(
    "answer",
    [
        right,
        lambda x, rng: right(x, np.random.default_rng(rng.integers(2**62))),
        lambda x, rng: right(x, rng.spawn(1)[0]),
        lambda x, rng: [value * (rng.random() < 0.5) for value in x],
        lambda x, rng: np.where(rng.permutation(len(x)) % 2, 0, x),
    ],
)
def test_whoever_draws_from_the_generator_passes_for_every_seed(answer):
    for seed in range(200):
        require_generator_used(answer, X, seed=seed)


def test_a_fixed_number_is_seen_and_a_free_one_passes_for_every_seed():
    def fixed(rng):
        return rng.permutation(20) < 10

    for seed in range(200):
        require_count_varies(lambda rng: rng.random(20) < 0.5, np.random.default_rng(seed))
        assert mistake(require_count_varies, fixed, np.random.default_rng(seed))[0] == "count-fixed"
    # All 50 numbers are equal with the sum of P(k)^50 over k.
    assert np.sum(distribution(20, 0.5) ** 50) < 1e-35
