"""A data cost that is a quadratic bowl in few weights, and where its minimum goes under L2 and L1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np

from course_utils.arguments import (
    Array,
    checked_array,
    checked_choice,
    checked_count,
    checked_matrix,
    checked_nonnegative,
)

__all__ = ["BOWL", "LARGEST_LAMBD", "PENALTIES", "PenalizedBowl", "QuadraticCost", "penalized_bowl"]

PENALTIES = ("L2", "L1")
LARGEST_LAMBD = 6.0  # how far the path of the minimum goes: past the second exact zero of L1


@dataclass(frozen=True)
class QuadraticCost:
    """½ (w - centre)ᵀ curvature (w - centre): the squared error of a linear unit has this form.

    Parameters
    ----------
    centre : array (n,)
        Where the cost is least.
    curvature : array (n, n)
        Symmetric, with positive eigenvalues.
    m : int >= 1
        Number of training examples, which the penalties are divided by.
    """

    centre: Array
    curvature: Array
    m: int

    def __post_init__(self) -> None:
        centre, curvature = checked_array("centre", self.centre), checked_matrix("curvature", self.curvature, "(n, n)")
        if centre.ndim != 1 or curvature.shape != (len(centre), len(centre)):
            raise ValueError(f"curvature must be (n, n) for a centre (n,), got {curvature.shape} and {centre.shape}")
        if not np.array_equal(curvature, curvature.T) or np.linalg.eigvalsh(curvature)[0] <= 0:
            raise ValueError(f"curvature must be symmetric with positive eigenvalues, got {curvature.tolist()}")
        checked_count("m", self.m)
        object.__setattr__(self, "centre", centre)  # lists are as good as arrays
        object.__setattr__(self, "curvature", curvature)

    def value(self, w: Any, lambd: float = 0.0, lambd1: float = 0.0) -> Array:
        """Return the cost with λ/(2m) Σ w² + λ₁/m Σ |w| at weights (n, ...): one number for each of the ``...``."""
        w = checked_array("w", w)
        away = w - np.reshape(self.centre, (-1,) + (1,) * (w.ndim - 1))
        return np.einsum("i...,ij,j...->...", away, self.curvature, away) / 2 + self.penalty(w, lambd, lambd1)

    def penalty(self, w: Any, lambd: float = 0.0, lambd1: float = 0.0) -> Array:
        """Return λ/(2m) Σ w² + λ₁/m Σ |w| at weights (n, ...)."""
        w, l2, l1 = checked_array("w", w), checked_nonnegative("lambd", lambd), checked_nonnegative("lambd1", lambd1)
        return l2 / (2 * self.m) * np.sum(w**2, axis=0) + l1 / self.m * np.sum(np.abs(w), axis=0)

    def minimum(self, lambd: float = 0.0, lambd1: float = 0.0) -> Array:
        """Return the weights (n,) where the cost with its penalties is least; zeros that L1 makes are exact.

        With L1 every weight is positive, negative or zero at the minimum. For each of the 3ⁿ cases the minimum solves
        linear equations; the case is the right one if its weights have the signs it says, and if at every zero the
        slope of the rest of the cost is at most λ₁/m, so that no step away from zero pays.
        """
        l2, l1 = checked_nonnegative("lambd", lambd) / self.m, checked_nonnegative("lambd1", lambd1) / self.m
        curvature, pull = self.curvature + l2 * np.eye(len(self.centre)), self.curvature @ self.centre
        rounding = 1e-12 * np.max(np.abs(self.curvature) @ np.abs(self.centre))  # of a slope, in the cost's own units
        for signs in sign_patterns(len(self.centre)):
            w = minimum_of_case(curvature, pull, signs, l1)
            slope = np.abs(curvature @ w - pull)[signs == 0]
            if np.array_equal(np.sign(w), signs) and np.all(slope <= l1 + rounding):
                return w
        raise AssertionError("a strictly convex cost has a minimum")


def sign_patterns(n: int) -> Iterator[Array]:
    """Return all rows of n signs -1, 0, 1, those with most zeros first."""
    return iter(sorted(map(np.array, product((0.0, 1.0, -1.0), repeat=n)), key=np.count_nonzero))


def minimum_of_case(curvature: Array, pull: Array, signs: Array, l1: float) -> Array:
    """Return w with zeros where ``signs`` is 0, and elsewhere curvature · w - pull + l1 · signs = 0."""
    w, free = np.zeros(len(signs)), signs != 0
    w[free] = np.linalg.solve(curvature[np.ix_(free, free)], (pull - l1 * signs)[free])
    return w


# Its minimum is no multiple of an eigenvector, so that L2's path is bent; L1 takes w₂ to zero at λ₁ = 1.54 and w₁
# at 4.64.
BOWL = QuadraticCost(np.array([1.9, 0.7]), np.array([[0.5, 0.3], [0.3, 0.4]]), m=4)


@dataclass(frozen=True)
class PenalizedBowl:
    """A data cost, a penalty and their sum over two weights.

    ``axis`` (k,) holds both weights' coordinates of a square grid; ``data``, ``penalty`` and ``total`` (k, k) the
    costs on it, w₁ to the right and w₂ upwards. ``path`` (2, p) is where the minimum of the sum goes as λ grows from
    0 to ``LARGEST_LAMBD``; ``minimum`` (2,) is that of this λ, which may be larger.
    """

    kind: str
    lambd: float
    axis: Array
    data: Array
    penalty: Array
    total: Array
    data_minimum: Array
    minimum: Array
    minimum_cost: float
    path: Array

    @property
    def zeros(self) -> int:
        """Return how many weights are exactly zero at the minimum of the sum."""
        return int(np.sum(self.minimum == 0))


def penalized_bowl(lambd: float = 1.0, penalty: str = "L2", *, resolution: int = 81) -> PenalizedBowl:
    """Compute a data cost of two weights (``BOWL``), the penalty, and their sum.

    Parameters
    ----------
    lambd : float >= 0
        λ of L2, or λ₁ of L1.
    penalty : "L2" or "L1"
        λ/(2m) Σ w² or λ₁/m Σ |w|.
    resolution : int >= 2
        Points of the grid in each direction.

    Returns
    -------
    PenalizedBowl
    """
    lambd, penalty = checked_nonnegative("lambd", lambd), checked_choice("penalty", penalty, PENALTIES)
    strengths = strengths_of(penalty, lambd)
    axis = np.linspace(-1.2, 2.8, checked_count("resolution", resolution, 2))  # 81 points: one at 0, where L1 kinks
    grid = np.stack(np.meshgrid(axis, axis))  # (2, resolution, resolution)
    data, penalties = BOWL.value(grid), BOWL.penalty(grid, **strengths)
    minimum = BOWL.minimum(**strengths)
    return PenalizedBowl(
        penalty,
        lambd,
        axis,
        data,
        penalties,
        data + penalties,
        BOWL.centre,
        minimum,
        float(BOWL.value(minimum, **strengths)),
        minimum_path(penalty),
    )


def strengths_of(penalty: str, lambd: float) -> dict[str, float]:
    """Return λ as the argument that it is for this penalty."""
    return {"lambd" if penalty == "L2" else "lambd1": lambd}


@lru_cache
def minimum_path(penalty: str) -> Array:
    """Return the minima (2, p) for λ from 0 to the largest; read-only, since it is kept."""
    path = np.stack([BOWL.minimum(**strengths_of(penalty, lambd)) for lambd in np.linspace(0, LARGEST_LAMBD, 121)]).T
    path.flags.writeable = False
    return path
