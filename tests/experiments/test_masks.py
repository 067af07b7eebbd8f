"""Masks of the small network: moments by formula against enumeration and sampling, and what the numbers depend on."""

import numpy as np
import pytest

from course_utils.dropout import dropout
from course_utils.experiments.masks import expected_moments, mask_statistics, sampled_moments

A = np.array([0.3, -1.2, 2.0])


@pytest.mark.parametrize("keep_prob", [0.05, 0.3, 0.5, 0.9, 1.0])
def test_formula_is_the_average_over_both_masks(keep_prob):
    mean, variance = expected_moments(A, keep_prob)
    outcomes, chances = np.stack([0 * A, A / keep_prob]), np.array([1 - keep_prob, keep_prob])
    assert np.allclose(mean, chances @ outcomes, rtol=1e-13)
    assert np.allclose(variance, chances @ (outcomes - mean) ** 2, rtol=1e-13, atol=1e-15)


def test_sampled_moments_are_those_of_dropout_one_mask_at_a_time():
    mean, variance = sampled_moments(A, 0.4, 400, np.random.default_rng(3))
    columns = np.repeat(A[:, np.newaxis], 400, axis=1)
    outputs, _ = dropout(columns, 0.4, np.random.default_rng(3))
    assert np.allclose(mean, [sum(row) / 400 for row in outputs], rtol=1e-12)
    squares = [sum((value - m) ** 2 for value in row) / 400 for row, m in zip(outputs, mean, strict=True)]
    assert np.allclose(variance, squares, rtol=1e-12)


@pytest.mark.parametrize("keep_prob", [0.05, 0.1, 0.5, 0.9])
def test_sampled_moments_lie_within_their_standard_errors(keep_prob):
    found = mask_statistics(keep_prob, samples=20_000)
    (mean, variance), a, q = found.expected, found.a, keep_prob
    fourth = a**4 * (1 - q) * ((1 - q) ** 3 / q**3 + 1)  # fourth central moment of a · mask / q
    spread = np.maximum(fourth - variance**2, 0)
    assert np.all(np.abs(found.sampled[0] - mean) < 4.5 * np.sqrt(variance / 20_000))
    # At one half both outcomes lie equally far from the mean: the error of the variance is then of second order.
    assert np.all(np.abs(found.sampled[1] - variance) < 4.5 * np.sqrt(spread / 20_000) + 1e-3 * a**2)


def test_nothing_dropped_varies_nothing():
    found = mask_statistics(1.0)
    assert all(kept.all() for kept in found.kept)
    assert np.array_equal(found.sampled[0].round(12), found.a.round(12))
    assert np.max(found.sampled[1]) < 1e-25
    assert not np.any(found.expected[1])


def test_only_hidden_units_are_dropped_and_about_as_many_as_keep_prob_says():
    share = []
    for masks in range(300):
        kept = mask_statistics(0.3, masks, samples=1).kept
        assert [len(layer) for layer in kept] == [3, 6, 5, 1]
        assert kept[0].all()
        assert kept[3].all()
        share.append(np.concatenate(kept[1:3]).mean())
    assert np.mean(share) == pytest.approx(0.3, abs=0.03)  # four standard errors


def test_numbers_depend_on_the_settings_alone():
    one, again = mask_statistics(0.5, 2, seed=1), mask_statistics(0.5, 2, seed=1)
    assert np.array_equal(one.sampled, again.sampled)
    assert all(map(np.array_equal, one.kept, again.kept))


def test_other_masks_leave_the_network_and_another_seed_does_not():
    one, other, seeded = mask_statistics(), mask_statistics(masks=1), mask_statistics(seed=1)
    assert np.array_equal(one.a, other.a)
    assert not np.array_equal(one.sampled, other.sampled)
    assert not np.array_equal(np.concatenate(one.kept), np.concatenate(other.kept))
    assert not np.array_equal(one.a, seeded.a)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"keep_prob": 0.0}, "keep_prob must be a number in"),
        ({"masks": -1}, "masks must be a whole number >= 0"),
        ({"seed": -1}, "seed must be a whole number >= 0"),
        ({"samples": 0}, "samples must be a whole number >= 1"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        mask_statistics(**arguments)


@pytest.mark.parametrize("a", [3.0, np.ones((2, 3))])
def test_samples_are_of_one_example(a):
    with pytest.raises(ValueError, match=r"a must have one axis, .*, got shape \("):
        sampled_moments(a, 0.5, 10, np.random.default_rng(0))
