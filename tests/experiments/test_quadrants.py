"""Experiments: the same seed gives the same run, masks alone can change, intervals are Student's."""

import numpy as np
import pytest
from scipy import stats

from course_utils.experiments import confidence_interval, quadrant_run
from course_utils.experiments.intervals import T_QUANTILES
from course_utils.network import predict

SMALL = {"steps": 20, "m_test": 50, "resolution": 5, "hidden": (8,)}


def test_mask_seed_changes_masks_and_nothing_else():
    first, same, other = (quadrant_run(0.8, seed=3, mask_seed=masks, **SMALL) for masks in (0, 0, 1))
    assert np.array_equal(first.probability, same.probability)
    assert np.array_equal(first.hidden, same.hidden, equal_nan=True)
    assert np.array_equal(first.data.x_train, other.data.x_train)
    assert not np.array_equal(first.probability, other.probability)
    whole, again = (quadrant_run(1.0, seed=3, mask_seed=masks, **SMALL) for masks in (0, 1))
    assert np.array_equal(whole.probability, again.probability)  # so the first weights were the same


def test_more_test_points_do_not_change_training():
    few, many = (quadrant_run(0.8, seed=1, **(SMALL | {"m_test": m})) for m in (50, 500))
    assert np.array_equal(few.probability, many.probability)


def test_hidden_outputs_are_nan_where_dropped():
    run = quadrant_run(0.6, **SMALL)
    assert run.hidden.shape == (8, 100)
    assert abs(np.isnan(run.hidden).mean() - 0.4) < 0.1
    assert not np.isnan(quadrant_run(1.0, **SMALL).hidden).any()


def test_probability_rows_go_up_the_second_coordinate():
    run = quadrant_run(1.0, m_test=50, steps=20, resolution=7)
    row, column = 1, 5
    point = np.array([[run.axis[column]], [run.axis[row]]])
    assert run.probability[row, column] == pytest.approx(predict(point, run.run.parameters).item())
    assert run.probability[row, column] != pytest.approx(run.probability[column, row], rel=0.01)


@pytest.mark.parametrize("n", [2, 5, 8, 31, 32, 60, 400])
def test_interval_is_students(n):
    values = np.random.default_rng(n).standard_normal(n)
    mean, half = confidence_interval(values)
    low, high = stats.t.interval(0.95, n - 1, values.mean(), stats.sem(values))
    assert mean == pytest.approx(values.mean())
    assert half == pytest.approx((high - low) / 2, rel=2e-3)


def test_quantiles_are_those_of_scipy():
    degrees = np.arange(1, len(T_QUANTILES) + 1)
    assert np.allclose(T_QUANTILES, stats.t.ppf(0.975, degrees), atol=5.1e-4)


@pytest.mark.parametrize("bad", [[1.0], [], [1.0, np.nan], [[1.0, 2.0]]])
def test_interval_refuses(bad):
    with pytest.raises(ValueError, match="values must"):
        confidence_interval(np.array(bad))
