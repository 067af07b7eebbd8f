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


def test_numbers_depend_on_the_settings_alone_and_other_masks_leave_the_network():
    one, again, other, seeded = (
        mask_statistics(0.5, masks, seed=seed) for masks, seed in ((2, 1), (2, 1), (3, 1), (2, 2))
    )
    assert np.array_equal(one.sampled, again.sampled)
    assert np.array_equal(np.concatenate(one.kept), np.concatenate(again.kept))
    assert np.array_equal(one.a, other.a)
    assert not np.array_equal(one.sampled, other.sampled)
    assert not np.array_equal(np.concatenate(one.kept), np.concatenate(other.kept))
    assert not np.array_equal(one.a, seeded.a)
