"""The steps of dropout in one pass, forward and back, as numbers of a small layer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course_utils.arguments import Array, checked_count, checked_keep_prob

__all__ = ["STEPS", "DropoutPass", "dropout_pass"]

STEPS = 6  # draw, compare, multiply, divide; then back: multiply, divide
SHAPE = (4, 3)  # units, examples


@dataclass(frozen=True)
class DropoutPass:
    """Dropout of a layer's outputs ``a`` (4, 3), and the way back through it, seen as far as ``step``.

    ``uniforms`` < ``keep_prob`` is the ``mask``; ``a_kept`` is a · mask, ``a_dropped`` that divided by keep_prob.
    ``da_dropped`` is the gradient that comes back; ``da_kept`` and ``da`` are it after the same two steps.
    """

    keep_prob: float
    step: int
    a: Array
    uniforms: Array
    mask: Array
    a_kept: Array
    a_dropped: Array
    da_dropped: Array
    da_kept: Array
    da: Array


def dropout_pass(keep_prob: float = 0.5, step: int = STEPS, masks: int = 0, *, seed: int = 0) -> DropoutPass:
    """Run dropout on the outputs of a layer of four units for three examples, and go back through it.

    Parameters
    ----------
    keep_prob : float in (0, 1]
    step : int from 1 to 6
        How far to go: draw, compare, multiply, divide; then back, multiply, divide.
    masks : int >= 0
        Which mask: another one for every number, while outputs and gradient stay.
    seed : int >= 0
        Draws outputs and gradient, and with ``masks`` the mask.

    Returns
    -------
    DropoutPass
    """
    q, step = checked_keep_prob(keep_prob), checked_count("step", step)
    if step > STEPS:
        raise ValueError(f"step must be at most {STEPS}, got {step}")
    seed, masks = checked_count("seed", seed, 0), checked_count("masks", masks, 0)
    given = np.random.default_rng([seed, 1])
    a, da_dropped = one_decimal(given), one_decimal(given)  # (4, 3)
    uniforms = np.random.default_rng([seed, 3, masks]).random(SHAPE)
    mask = uniforms < q
    a_kept, da_kept = a * mask, da_dropped * mask
    return DropoutPass(q, step, a, uniforms, mask, a_kept, a_kept / q, da_dropped, da_kept, da_kept / q)


def one_decimal(rng: np.random.Generator) -> Array:
    """Return numbers (4, 3) of either sign from 0.1 to 0.9, which a reader can divide in the head."""
    return rng.choice([-1, 1], SHAPE) * rng.integers(1, 10, SHAPE) / 10
