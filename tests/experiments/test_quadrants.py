"""Experiments: the same seed gives the same run, masks alone can change, intervals are Student's."""

import numpy as np
import pytest
from scipy import stats

from course_utils.experiments import confidence_interval, over_seeds, quadrant_run
from course_utils.experiments.intervals import T_QUANTILES

SMALL = {"steps": 20, "m_test": 50, "resolution": 5, "hidden": (8,)}


def test_same_seeds_give_the_same_run():
    first, second = (quadrant_run(0.8, seed=3, mask_seed=4, **SMALL) for _ in range(2))
    assert np.array_equal(first.probability, second.probability)
    assert np.array_equal(first.hidden, second.hidden, equal_nan=True)


def test_mask_seed_changes_masks_and_nothing_else():
    first, second = (quadrant_run(0.8, seed=3, mask_seed=masks, **SMALL) for masks in (0, 1))
    assert np.array_equal(first.data.x_train, second.data.x_train)
    assert not np.array_equal(first.probability, second.probability)
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
    run = quadrant_run(1.0, seed=0, m_test=50, flipped=0.0, resolution=41)
    expected = ((run.axis[:, None] > 0) == (run.axis[None, :] > 0)).astype(float)
    asymmetric = run.data.x_train[:, run.data.y_train[0] == 1].mean(axis=1)
    assert asymmetric.shape == (2,)
    inner = np.abs(run.axis) < 1.5
    agree = np.mean((run.probability > 0.5)[np.ix_(inner, inner)] == (expected > 0.5)[np.ix_(inner, inner)])
    assert agree > 0.85


def test_over_seeds_keeps_the_order():
    assert over_seeds(lambda seed: seed**2, [3, 1, 2]) == [9, 1, 4]


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


@pytest.mark.parametrize("name", ["seed", "mask_seed"])
def test_bad_seeds_are_named(name):
    with pytest.raises((ValueError, TypeError), match=rf"^{name} must be a whole number"):
        quadrant_run(0.8, **{name: -1})


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ({"records": 0}, "records must be a whole number >= 1, got 0"),
        ({"records": 2.5}, r"records must be a whole number >= 1, got 2\.5"),
        ({"steps": "3"}, "steps must be a whole number >= 1, got '3'"),
        ({"resolution": 1}, "resolution must be a whole number >= 2, got 1"),
        ({"hidden": ()}, r"hidden must list .* such as \(64, 64\), got \(\)"),
        ({"hidden": 64}, r"hidden must list .* such as \(64, 64\), got 64"),
        ({"hidden": "64"}, "hidden must list .*, got '64'"),
        ({"hidden": (8, 0)}, r"hidden\[1\] must be a whole number >= 1, got 0"),
    ],
)
def test_bad_arguments_are_named(argument, message):
    with pytest.raises((ValueError, TypeError), match=f"^{message}"):
        quadrant_run(**argument)
