"""The corner: touching points against the penalties that lead to them, and against all points that a budget allows."""

import numpy as np
import pytest

from course_utils.experiments.bowl import BOWL, QuadraticCost
from course_utils.experiments.corner import penalty_corner

STARS = [(1.25, 1.0), (1.75, 0.5), (-1.5, 2.0), (0.75, 1.75), (-2.0, -0.25), (0.0, 1.5), (2.0, -0.75), (0.3, -2.0)]
CASES = [(*star, budget) for star in STARS for budget in (0.1, 0.7, 1.0)]
TURN = np.linspace(0, 2 * np.pi, 200_001)
EACH = pytest.mark.parametrize("case", CASES)


@EACH
def test_the_circle_is_touched_where_a_lambda_leads(case):
    corner = penalty_corner(*case)
    slope = corner.curvature @ (corner.star - corner.circle)
    share = np.linalg.norm(slope) / np.linalg.norm(corner.circle)  # λ/m
    cost = QuadraticCost(corner.star, corner.curvature, m=4)
    assert np.allclose(corner.circle, cost.minimum(lambd=4 * share), atol=1e-9)
    assert np.linalg.norm(corner.circle) == pytest.approx(corner.budget)


@EACH
def test_the_diamond_is_touched_where_a_lambda1_leads(case):
    corner = penalty_corner(*case)
    slope = np.abs(corner.curvature @ (corner.star - corner.diamond)).max()  # λ₁/m
    found = QuadraticCost(corner.star, corner.curvature, m=4).minimum(lambd1=4 * slope)
    assert np.allclose(corner.diamond, found, atol=1e-9)
    assert np.abs(corner.diamond).sum() == pytest.approx(corner.budget)


@EACH
def test_no_other_point_of_the_border_costs_less(case):
    corner = penalty_corner(*case)
    circle = corner.budget * np.stack([np.cos(TURN), np.sin(TURN)])
    diamond = circle / np.abs(circle).sum(axis=0) * corner.budget
    for border, touched in ((circle, corner.circle), (diamond, corner.diamond)):
        costs = QuadraticCost(corner.star, corner.curvature, m=4).value(border)
        assert corner.cost(touched) <= costs.min() + 1e-12
        assert np.linalg.norm(border[:, costs.argmin()] - touched) < 1e-3


def test_within_the_budget_the_star_itself_is_best():
    corner = penalty_corner(0.25, -0.5, 1.0)
    assert np.array_equal(corner.circle, corner.star)
    assert np.array_equal(corner.diamond, corner.star)


@pytest.mark.parametrize("axis", range(4))
def test_stars_between_both_directions_end_in_the_corner_and_others_do_not(axis):
    (point, first, last), (_, ray) = (
        found[axis] for found in (penalty_corner().stars_of_zeros, penalty_corner().stars_on_axes)
    )
    for share, inside in ((0.001, True), (0.5, True), (0.999, True), (-0.01, False), (1.01, False)):
        star = point + 0.4 * (share * first + (1 - share) * last)
        assert np.array_equal(penalty_corner(*star).diamond, point) == inside
    assert np.allclose(penalty_corner(*(point + 0.3 * ray)).circle, point)
    assert np.sum(penalty_corner(*(point + 0.3 * ray)).circle == 0) == 1
    assert np.sum(penalty_corner(*(point + 0.3 * ray + 0.01)).circle == 0) == 0


def test_the_curvature_is_that_of_the_bowl():
    assert penalty_corner().cost(np.zeros(2)) == pytest.approx(
        QuadraticCost(np.array([1.25, 1.0]), BOWL.curvature, 4).value([0, 0])
    )


@pytest.mark.parametrize("budget", [0, -1.0, np.nan, np.inf])
def test_a_budget_that_allows_nothing_is_refused(budget):
    with pytest.raises(ValueError, match="budget must be"):
        penalty_corner(budget=budget)
