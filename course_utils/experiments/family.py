"""Dropout's family: what is multiplied by a random factor of mean 1, and which numbers share one factor.

Each function returns what comes out and the factors, which going back multiplies by too. Examples are the last axis.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course_utils.arguments import (
    Array,
    KeepProb,
    Matrix,
    Reals,
    Rng,
    Shape,
    WeightMatrix,
    checked,
    checked_choice,
    checked_count,
    checked_keep_prob,
)

__all__ = [
    "KINDS", "DroppedFactors", "drop_connect", "dropped_factors", "gaussian_dropout", "keep_factors", "spatial_dropout",
    "stochastic_depth",
]  # fmt: skip


@checked
def keep_factors(shape: Shape, keep_prob: KeepProb, rng: Rng) -> Array:
    """Draw factors of mean 1: 0, or with probability ``keep_prob`` 1 / keep_prob."""
    return (rng.random(shape) < keep_prob) / keep_prob


@checked
def gaussian_dropout(a: Reals, keep_prob: KeepProb, rng: Rng) -> tuple[Array, Array]:
    """Return a · factors and factors, normal numbers with dropout's mean and variance (Srivastava et al. 2014, §10).

    Nothing is ever dropped: mean 1 and variance (1 - q) / q are all that a quadratic cost notices of the factors.
    """
    factors = 1 + np.sqrt((1 - keep_prob) / keep_prob) * rng.standard_normal(a.shape)
    return a * factors, factors


@checked
def drop_connect(W: WeightMatrix, a: Matrix, keep_prob: KeepProb, rng: Rng) -> tuple[Array, Array]:
    """Return z (n_out, m) and factors (n_out, n_in, m): each weight is dropped, for each example (Wan et al. 2013)."""
    factors = keep_factors((*W.shape, a.shape[1]), keep_prob, rng)  # (n_out, n_in, m)
    return np.einsum("ij,ijm,jm->im", W, factors, a), factors


@checked
def spatial_dropout(a: Reals, keep_prob: KeepProb, rng: Rng) -> tuple[Array, Array]:
    """Return a · factors and factors (channels, 1, m) for a (channels, positions, m) (Tompson et al. 2015).

    Neighbours in a picture are nearly equal: one of them gives away another that was dropped. So channels go whole.
    """
    factors = keep_factors((a.shape[0], 1, a.shape[-1]), keep_prob, rng)
    return a * factors, factors


@checked
def stochastic_depth(a: Matrix, block: Callable[[Array], Array], keep_prob: KeepProb, rng: Rng) -> tuple[Array, Array]:
    """Return a + factors · block(a) and factors (1, m): an example skips the whole block, or not (Huang et al. 2016).

    Scaled as here it is often called DropPath. Huang et al. multiply by keep_prob at test time instead.
    """
    factors = keep_factors((1, a.shape[1]), keep_prob, rng)
    return a + factors * block(a), factors


SIZE, EXAMPLES = 8, 3
# What a row and a column of the picture are, and the shape of the coins: 1 where all share one.
KINDS = {
    "dropout": ("channel", "position", (SIZE, SIZE)),
    "Gaussian": ("channel", "position", (SIZE, SIZE)),
    "spatial": ("channel", "position", (SIZE, 1)),
    "stochastic depth": ("channel", "position", (1, 1)),
    "DropConnect": ("row of W", "column of W", (SIZE, SIZE)),
    "attention": ("query", "key", (SIZE, SIZE)),
}


@dataclass(frozen=True)
class DroppedFactors:
    """The ``factors`` (3, 8, 8) of one pass for three examples; ``kind`` says of what.

    ``deviations`` has for each kind the standard deviation of the mean of one example's 64 factors.
    """

    kind: str
    keep_prob: float
    factors: Array
    deviations: dict[str, float]


def dropped_factors(kind: str = "dropout", keep_prob: float = 0.5, masks: int = 0, *, seed: int = 0) -> DroppedFactors:
    """Draw the factors of one pass for three examples, by one of the family's members.

    Parameters
    ----------
    kind : str among KINDS
    keep_prob : float in (0, 1]
    masks : int >= 0
        Which draw.
    seed : int >= 0
        Draws the factors, with ``masks``.

    Returns
    -------
    DroppedFactors
    """
    (_, _, coins), q = KINDS[checked_choice("kind", kind, KINDS)], checked_keep_prob(keep_prob)
    rng = np.random.default_rng([checked_count("seed", seed, 0), 7, checked_count("masks", masks, 0)])
    shape = (EXAMPLES, *coins)
    factors = gaussian_dropout(np.ones(shape), q, rng)[1] if kind == "Gaussian" else keep_factors(shape, q, rng)
    deviations = {name: float(np.sqrt((1 - q) / q / np.prod(shared))) for name, (_, _, shared) in KINDS.items()}
    return DroppedFactors(kind, q, np.broadcast_to(factors, (EXAMPLES, SIZE, SIZE)), deviations)
