"""Bands: mean, deviation, widths and coverage of samples that are worked out by hand."""

import numpy as np
import pytest

from course_utils.experiments.band import Band

X = np.array([0.0, 1.0, 2.0, 3.0])


def band(samples, y=(0.0, 0.0, 0.0, 0.0), seen=(True, True, False, False)):
    samples = np.array(samples, dtype=float)
    return Band(X, np.array(y), np.array(seen), samples, samples)


def test_mean_and_deviation_are_numpys():
    samples = np.random.default_rng(0).standard_normal((50, 4))
    found = band(samples)
    np.testing.assert_allclose(found.mean, samples.sum(axis=0) / 50)
    np.testing.assert_allclose(found.deviation, np.sqrt(((samples - found.mean) ** 2).sum(axis=0) / 49))


def test_widths_are_taken_on_the_data_and_in_the_gap():
    on_data, in_gap = band([[-1, -1, -3, -3], [1, 1, 3, 3]]).widths
    assert (on_data, in_gap) == pytest.approx((np.sqrt(2), 3 * np.sqrt(2)))


def test_coverage_counts_points_within_two_deviations():
    samples = [[-1, -1, -1, -1], [1, 1, 1, 1]]  # mean 0, deviation √2, so the band ends at 2.83
    assert band(samples, y=(0.0, 2.8, -2.8, 2.9)).coverage == (1.0, 0.5)


def test_one_sample_has_no_width_and_without_a_gap_nothing_is_said_of_it():
    assert (band([[1, 2, 3, 4]]).widths, band([[1, 2, 3, 4]]).coverage) == ((0, 0), (0, 0))
    found = band([[-1, -1, -1, -1], [1, 1, 1, 1]], seen=(True,) * 4)
    assert np.isnan([found.widths[1], found.coverage[1]]).all()
