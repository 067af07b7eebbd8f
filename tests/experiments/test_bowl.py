"""The penalized bowl: its costs against the penalties of the course, its minimum against grids and other methods."""

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
def test_minimum_is_where_a_fine_grid_finds_it(lambd, lambd1):
    axis = np.linspace(-0.5, 2.5, 601)  # 0.005 apart
    grid = np.stack(np.meshgrid(axis, axis)).reshape(2, -1)
    found = grid[:, np.argmin(BOWL.value(grid, lambd, lambd1))]
    assert np.allclose(BOWL.minimum(lambd, lambd1), found, atol=0.01)


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


@pytest.mark.parametrize(("lambd", "lambd1"), STRENGTHS)
@pytest.mark.parametrize("cost", COSTS)
def test_minimum_meets_the_conditions_of_optimality(cost, lambd, lambd1):
    w = cost.minimum(lambd, lambd1)
    slope = cost.curvature @ (w - cost.centre) + lambd / cost.m * w
    free = w != 0
    assert np.allclose(slope[free], -lambd1 / cost.m * np.sign(w[free]), atol=1e-12)
    assert np.all(np.abs(slope[~free]) <= lambd1 / cost.m + 1e-12)


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
    for strengths in STRENGTHS:
        assert np.array_equal(lists.minimum(*strengths), BOWL.minimum(*strengths))
        assert np.array_equal(lists.value([0.4, -0.9], *strengths), BOWL.value([0.4, -0.9], *strengths))


def test_l1_makes_zeros_one_after_the_other_and_l2_makes_none():
    grid = np.linspace(0, LARGEST_LAMBD, 61)
    l1, l2 = ([penalized_bowl(lambd, kind).zeros for lambd in grid] for kind in ("L1", "L2"))
    assert l1 == sorted(l1)
    assert set(l1) == {0, 1, 2}
    assert set(l2) == {0}
    assert BOWL.minimum(lambd1=1.53).all()
    assert np.array_equal(BOWL.minimum(lambd1=1.55) == 0, [False, True])
    assert not np.all(BOWL.minimum(lambd1=4.63) == 0)
    assert np.all(BOWL.minimum(lambd1=4.65) == 0)


@pytest.mark.parametrize("lambd1", [1.54, 4.64])
def test_a_weight_that_just_reaches_zero_is_exactly_zero(lambd1):
    assert penalized_bowl(lambd1, "L1").zeros == {1.54: 1, 4.64: 2}[lambd1]


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


def test_a_kink_lies_on_the_grid():
    assert 0.0 in penalized_bowl().axis.round(12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: penalized_bowl(-1.0), "lambd must be a number >= 0"),
        (lambda: penalized_bowl(penalty="L3"), "penalty must be one of L2, L1"),
        (lambda: penalized_bowl(resolution=1), "resolution must be a whole number >= 2"),
        (lambda: QuadraticCost(np.ones(2), np.eye(3), 4), r"curvature must be \(n, n\) for a centre \(n,\)"),
        (lambda: QuadraticCost(np.ones(2), np.array([[1.0, 2.0], [2.0, 1.0]]), 4), "positive eigenvalues"),
        (lambda: QuadraticCost(np.ones(2), np.array([[1.0, 0.5], [0.0, 1.0]]), 4), "symmetric"),
        (lambda: QuadraticCost(np.ones(2), np.eye(2), 0), "m must be a whole number >= 1"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
