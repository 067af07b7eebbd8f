"""The penalized bowl: its costs against the penalties of the course, its minimum against proximal steps."""

import numpy as np
import pytest

from course_utils.experiments.bowl import BOWL, LARGEST_LAMBD, QuadraticCost, penalized_bowl
from course_utils.penalties import penalty, soft_threshold

STRENGTHS = [(0.0, 0.0), (2.5, 0.0), (0.0, 1.0), (0.0, 3.0), (0.0, 6.0), (1.5, 2.0)]


def random_cost(n, seed):
    rng = np.random.default_rng([seed, n])
    root = rng.standard_normal((n, n))
    curvature = root @ root.T + 0.1 * np.eye(n)
    return QuadraticCost(rng.standard_normal(n), (curvature + curvature.T) / 2, m=7)


COSTS = [BOWL, *(random_cost(n, seed) for n in (1, 2, 3) for seed in range(4))]


def test_cost_is_written_out_for_two_weights():
    u, v = 0.4 - BOWL.centre[0], -0.9 - BOWL.centre[1]
    (a, b), (_, c) = BOWL.curvature
    assert BOWL.value([0.4, -0.9]) == pytest.approx((a * u * u + 2 * b * u * v + c * v * v) / 2)


@pytest.mark.parametrize(("lambd", "lambd1"), STRENGTHS)
def test_penalty_is_that_of_the_course(lambd, lambd1):
    w = np.array([0.4, -0.9])
    expected = penalty({"W1": w[np.newaxis], "b1": np.ones((1, 1))}, BOWL.m, lambd, lambd1)
    assert BOWL.penalty(w, lambd, lambd1) == pytest.approx(expected)
    assert BOWL.value(w, lambd, lambd1) == pytest.approx(BOWL.value(w) + expected)


@pytest.mark.parametrize(("lambd", "lambd1"), STRENGTHS)
@pytest.mark.parametrize("cost", COSTS)
def test_minimum_is_where_proximal_steps_end(cost, lambd, lambd1):
    step = 1 / (np.linalg.eigvalsh(cost.curvature)[-1] + lambd / cost.m)
    w = np.zeros(len(cost.centre))
    for _ in range(4000):
        gradient = cost.curvature @ (w - cost.centre) + lambd / cost.m * w
        w = soft_threshold(w - step * gradient, step * lambd1 / cost.m)
    found = cost.minimum(lambd, lambd1)
    assert np.allclose(found, w, atol=1e-10)
    assert np.array_equal(found == 0, w == 0)  # zeros are exact


@pytest.mark.parametrize("scale", [1e-13, 1e-6, 1.0, 1e5, 1e13])
@pytest.mark.parametrize("seed", range(20))
def test_the_unit_of_the_cost_does_not_move_the_minimum(scale, seed):
    """Nor does it hide a minimum that lies on an axis, where rounding takes the slope past what L1 holds."""
    rng = np.random.default_rng(seed)
    (a, b), c = rng.uniform(0.5, 2, 2), rng.uniform(-0.9, 0.9)
    curvature = np.array([[a, c * np.sqrt(a * b)], [c * np.sqrt(a * b), b]])
    centre = np.array([0.0, rng.uniform(-1, 1)])
    one, other = QuadraticCost(centre, curvature, 4), QuadraticCost(centre, scale * curvature, 4)
    for strength in (0.0, 0.1, 1.0, 20.0):
        for name in ("lambd", "lambd1"):
            expected, found = one.minimum(**{name: strength}), other.minimum(**{name: scale * strength})
            np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)
    assert np.allclose(other.minimum(), centre, rtol=1e-12, atol=1e-15)


def test_lists_are_as_good_as_arrays():
    lists = QuadraticCost(BOWL.centre.tolist(), BOWL.curvature.tolist(), 4)
    assert np.array_equal(lists.minimum(1.5, 2.0), BOWL.minimum(1.5, 2.0))
    assert lists.value([0.4, -0.9], 1.5, 2.0) == BOWL.value([0.4, -0.9], 1.5, 2.0)


def test_l1_makes_exact_zeros_one_after_the_other_and_l2_makes_none():
    grid = np.linspace(0, LARGEST_LAMBD, 61)
    assert {penalized_bowl(lambd, "L2").zeros for lambd in grid} == {0}
    l1 = [penalized_bowl(lambd, "L1").zeros for lambd in grid]
    assert l1 == sorted(l1)
    assert [penalized_bowl(lambd1, "L1").zeros for lambd1 in (1.53, 1.54, 1.55, 4.63, 4.64, 4.65)] == [0, 1, 1, 1, 2, 2]


@pytest.mark.parametrize("kind", ["L2", "L1"])
@pytest.mark.parametrize("lambd", [0.0, 0.7, 3.0])
def test_bowl_holds_costs_and_minimum(lambd, kind):
    bowl = penalized_bowl(lambd, kind, resolution=21)
    name = {"L2": "lambd", "L1": "lambd1"}[kind]
    for row, column in ((0, 0), (3, 17), (20, 8)):
        w = np.array([bowl.axis[column], bowl.axis[row]])  # w₁ to the right, w₂ upwards
        assert bowl.data[row, column] == pytest.approx(BOWL.value(w))
        assert bowl.penalty[row, column] == pytest.approx(BOWL.penalty(w, **{name: lambd}))
        assert bowl.total[row, column] == pytest.approx(BOWL.value(w, **{name: lambd}))
    assert bowl.minimum_cost == pytest.approx(BOWL.value(BOWL.minimum(**{name: lambd}), **{name: lambd}))
    assert bowl.minimum_cost < bowl.total.min()
    assert np.array_equal(bowl.path[:, 0], BOWL.minimum())
    assert np.array_equal(bowl.path[:, -1], BOWL.minimum(**{name: LARGEST_LAMBD}))
    assert np.min(np.linalg.norm(bowl.path.T - bowl.minimum, axis=1)) < 1e-9  # λ is one of those of the path
    assert 0.0 in penalized_bowl().axis.round(12)  # where a kink lies
