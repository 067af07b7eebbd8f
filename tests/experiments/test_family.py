"""Dropout's family: means, variances and shapes of the factors, who shares them, and gradients with them held still."""

import numpy as np
import pytest

from course_utils.experiments.family import (
    KINDS,
    drop_connect,
    dropped_factors,
    gaussian_dropout,
    keep_factors,
    spatial_dropout,
    stochastic_depth,
)
from course_utils.gradient_check import numeric_gradients, relative_errors

Q = 0.7
N = 200_000


def block(a):
    return np.tanh(2 * a)


MEMBERS = {
    "dropout": lambda a, rng: keep_factors(a.shape, Q, rng),
    "Gaussian": lambda a, rng: gaussian_dropout(a, Q, rng)[1],
    "spatial": lambda a, rng: spatial_dropout(a[:, np.newaxis], Q, rng)[1],
    "stochastic depth": lambda a, rng: stochastic_depth(a, block, Q, rng)[1],
    "DropConnect": lambda a, rng: drop_connect(np.ones((1, len(a))), a, Q, rng)[1],
}


@pytest.mark.parametrize("name", MEMBERS)
def test_factors_have_mean_one_and_dropouts_variance(name):
    factors = MEMBERS[name](np.ones((4, N)), np.random.default_rng(1))
    assert factors.mean() == pytest.approx(1, abs=0.01)
    assert factors.var() == pytest.approx((1 - Q) / Q, rel=0.02)
    assert (set(np.unique(factors)) == {0, 1 / Q}) == (name != "Gaussian")


def test_shapes_say_who_shares_a_factor():
    rng = np.random.default_rng(0)
    a, W = np.ones((6, 5, 4)), np.ones((3, 6))
    assert gaussian_dropout(a, Q, rng)[1].shape == (6, 5, 4)
    out, factors = spatial_dropout(a, Q, rng)
    assert (out.shape, factors.shape) == ((6, 5, 4), (6, 1, 4))
    out, factors = drop_connect(W, a[:, 0], Q, rng)
    assert (out.shape, factors.shape) == ((3, 4), (3, 6, 4))
    out, factors = stochastic_depth(a[:, 0], block, Q, rng)
    assert (out.shape, factors.shape) == ((6, 4), (1, 4))


def test_means_are_those_of_the_whole_network():
    rng = np.random.default_rng(2)
    a, W = np.tile(rng.standard_normal((3, 1)), (1, N)), rng.standard_normal((2, 3))
    assert np.allclose(drop_connect(W, a, Q, rng)[0].mean(axis=1), (W @ a)[:, 0], atol=0.03)
    assert np.allclose(stochastic_depth(a, block, Q, rng)[0].mean(axis=1), (a + block(a))[:, 0], atol=0.03)


def test_an_example_that_skips_its_block_is_left_as_it_is():
    a = np.random.default_rng(3).standard_normal((3, 50))
    out, factors = stochastic_depth(a, block, 0.5, np.random.default_rng(4))
    skipped = factors[0] == 0
    assert 5 < skipped.sum() < 45
    assert np.array_equal(out[:, skipped], a[:, skipped])
    assert np.allclose(out[:, ~skipped], (a + 2 * block(a))[:, ~skipped])


def test_gradients_are_multiplied_by_the_same_factors():
    rng = np.random.default_rng(5)
    a, W, target = rng.standard_normal((4, 6)), rng.standard_normal((3, 4)), rng.standard_normal((3, 6))
    _, weights = drop_connect(W, a, Q, rng)
    _, depths = stochastic_depth(a, block, Q, rng)

    def cost(parameters):
        z = np.einsum("ij,ijm,jm->im", parameters["W"], weights, parameters["a"])
        return float(np.sum(z * target) + np.sum((parameters["a"] + depths * block(parameters["a"])) ** 2) / 2)

    out = a + depths * block(a)
    da = np.einsum("ij,ijm,im->jm", W, weights, target) + out * (1 + depths * 2 * (1 - block(a) ** 2))
    gradients = {"W": np.einsum("ijm,jm,im->ij", weights, a, target), "a": da}
    assert max(relative_errors(gradients, numeric_gradients(cost, {"W": W, "a": a})).values()) < 1e-7


@pytest.mark.parametrize("kind", KINDS)
def test_pictures_show_what_is_shared(kind):
    found = dropped_factors(kind, 0.5, 3)
    assert found.factors.shape == (3, 8, 8)
    shared = {axis for axis in (1, 2) if np.ptp(found.factors, axis=axis).max() == 0}
    assert shared == {"spatial": {2}, "stochastic depth": {1, 2}}.get(kind, set())
    assert np.array_equal(found.factors, dropped_factors(kind, 0.5, 3).factors)
    assert not np.array_equal(found.factors, dropped_factors(kind, 0.5, 4).factors)


@pytest.mark.parametrize("kind", KINDS)
def test_the_noise_of_the_mean_is_that_of_many_draws(kind):
    means = [dropped_factors(kind, 0.6, masks).factors.mean(axis=(1, 2)) for masks in range(1500)]
    assert np.std(means) == pytest.approx(dropped_factors(kind, 0.6).deviations[kind], rel=0.06)


def test_nothing_is_dropped_at_keep_prob_one():
    assert all(np.all(dropped_factors(kind, 1.0).factors == 1) for kind in KINDS)


@pytest.mark.parametrize("bad", [{"kind": "Bernoulli"}, {"keep_prob": 0}, {"masks": -1}, {"seed": 0.5}])
def test_what_is_not_allowed_is_refused(bad):
    with pytest.raises((ValueError, TypeError), match=f"{next(iter(bad))} must be"):
        dropped_factors(**bad)
