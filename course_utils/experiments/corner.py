"""Where the contours of a data cost in two weights first touch the circle of L2 and the diamond of L1."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course_utils.arguments import Array, checked_array, checked_positive
from course_utils.experiments.bowl import BOWL

__all__ = ["Corner", "penalty_corner", "touched_circle", "touched_diamond"]

CURVATURE = BOWL.curvature
AXES = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])  # both kinds of ball have a point on each


@dataclass(frozen=True)
class Corner:
    """The best weights that a budget allows, for L2 and for L1.

    ``star`` (2,) is where the data cost is least. ``circle`` and ``diamond`` (2,) are the best weights with
    ‖w‖ <= ``budget`` and with |w₁| + |w₂| <= ``budget``; zeros are exact. ``curvature`` (2, 2) is that of the cost.
    """

    star: Array
    budget: float
    curvature: Array
    circle: Array
    diamond: Array

    def cost(self, w: Array) -> float:
        """Return the data cost at weights (2,)."""
        return float((w - self.star) @ self.curvature @ (w - self.star) / 2)

    @property
    def stars_of_zeros(self) -> Array:
        """Return (4, 3, 2): for each axis the ball's point on it, and the first and last direction of its stars.

        The diamond's best weights lie in this corner for all stars between both directions: there the cost falls
        towards the corner's axis at least as steeply as across it.
        """
        across = np.roll(AXES, 1, axis=0)
        first, last = (np.linalg.solve(self.curvature, (AXES + side * across).T).T for side in (1, -1))
        return np.stack([self.budget * AXES, first, last], axis=1)

    @property
    def stars_on_axes(self) -> Array:
        """Return (4, 2, 2): for each axis the circle's point on it, and the direction of the stars that end there."""
        return np.stack([self.budget * AXES, np.linalg.solve(self.curvature, AXES.T).T], axis=1)


def penalty_corner(star_1: float = 1.25, star_2: float = 1.0, budget: float = 1.0) -> Corner:
    """Compute where the contours around a star first touch a circle and a diamond.

    Parameters
    ----------
    star_1, star_2 : float
        The weights at which the data cost is least.
    budget : float > 0
        Radius of the circle; the diamond has its corners on it.

    Returns
    -------
    Corner
    """
    star, budget = checked_array("star", [star_1, star_2]), checked_positive("budget", budget)
    return Corner(star, budget, CURVATURE, touched_circle(star, budget), touched_diamond(star, budget))


def touched_circle(star: Array, budget: float) -> Array:
    """Return the w (2,) of least cost with ‖w‖ <= budget.

    On the circle w = (H + μ)⁻¹ H star with a μ > 0, which is λ/m of L2; the larger μ, the shorter w.
    """
    if np.linalg.norm(star) <= budget:
        return star
    curvatures, directions = np.linalg.eigh(CURVATURE)
    pull = curvatures * (directions.T @ star)
    low, high = 0.0, float(np.linalg.norm(pull)) / budget  # there w is shorter than the budget
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if np.linalg.norm(pull / (curvatures + middle)) > budget else (low, middle)
    w: Array = directions @ (pull / (curvatures + high))
    return np.where(np.abs(w) < 1e-12 * budget, 0.0, w)  # as far as rounding lets one tell


def touched_diamond(star: Array, budget: float) -> Array:
    """Return the w (2,) of least cost with |w₁| + |w₂| <= budget: the best point of its four edges, in closed form."""
    if np.abs(star).sum() <= budget:
        return star
    best = []
    for start, end in zip(budget * AXES, budget * np.roll(AXES, 1, axis=0), strict=True):
        edge = end - start
        share = np.clip(edge @ CURVATURE @ (star - start) / (edge @ CURVATURE @ edge), 0, 1)
        w = end if share == 1 else start + share * edge  # a corner exactly, not nearly
        best.append(((w - star) @ CURVATURE @ (w - star), tuple(w)))
    return np.array(min(best)[1])
