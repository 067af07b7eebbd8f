"""Inverted dropout of activations: draw a mask, apply it, go back through it.

Each unit of each example is kept with probability keep_prob and divided by keep_prob, so that its expected value
stays what it was and nothing needs to be scaled at test time (Hinton et al. 2012; Srivastava et al. 2014, section 10).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_utils.arguments import (
    Array,
    checked_array,
    checked_below_one,
    checked_count,
    checked_keep_prob,
    checked_mask,
    checked_rng,
    checked_sizes,
    is_list,
    shown,
)

__all__ = [
    "apply_mask",
    "draw_mask",
    "draw_masks",
    "dropout",
    "dropout_backward",
    "keep_prob_from_p",
    "p_from_keep_prob",
]


def draw_mask(shape: tuple[int, ...], keep_prob: float, rng: np.random.Generator) -> Array:
    """Draw a mask: True (keep) with probability ``keep_prob``, each entry on its own.

    Parameters
    ----------
    shape : tuple of int
        (n, m) for a mask of its own for every example, which is what dropout means.
    keep_prob : float in (0, 1]
    rng : numpy.random.Generator

    Returns
    -------
    bool array of ``shape``

    Examples
    --------
    >>> draw_mask((2, 3), 0.5, np.random.default_rng(3))
    array([[ True,  True, False],
           [False,  True,  True]])
    """
    if not isinstance(shape, tuple):
        raise TypeError(f"shape must be a tuple of whole numbers >= 1, got {shown(shape)}")
    shape = tuple(checked_count(f"shape[{axis}]", n) for axis, n in enumerate(shape))
    keep_prob = checked_keep_prob(keep_prob)
    return checked_rng(rng).random(shape) < keep_prob


def apply_mask(a: Array, mask: Array | None, keep_prob: float) -> Array:
    """Return a · mask / keep_prob as a new array; a mask of None keeps everything as it is.

    The same line serves going back: the derivative of a · mask / keep_prob with respect to a is mask / keep_prob.
    """
    return a if mask is None else a * checked_mask("mask", mask, np.shape(a)) / checked_keep_prob(keep_prob)


def dropout(a: Any, keep_prob: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """Drop entries of ``a`` at random and scale the kept ones by 1 / ``keep_prob``.

    Parameters
    ----------
    a : array of any shape, integers too
        It is not changed.
    keep_prob : float in (0, 1]
        Probability to keep an entry. PyTorch's ``p`` is 1 - keep_prob.
    rng : numpy.random.Generator

    Returns
    -------
    (array, bool array)
        The dropped-out values and the mask; going back needs the same mask.

    Raises
    ------
    ValueError, TypeError
        For a keep_prob outside (0, 1], for an empty ``a`` or one with nan, for a missing rng.

    Examples
    --------
    >>> a, mask = dropout([1, 2, 3, 4], 0.5, np.random.default_rng(2))
    >>> a
    array([2., 4., 0., 8.])
    """
    a = checked_array("a", a)
    mask = draw_mask(a.shape, keep_prob, rng)
    return apply_mask(a, mask, keep_prob), mask


def dropout_backward(da: Any, mask: Array, keep_prob: float) -> Array:
    """Return the gradient before dropout from the one after it: da · mask / keep_prob, with the forward pass's mask."""
    da = checked_array("da", da)
    return apply_mask(da, checked_mask("mask", mask, da.shape), keep_prob)


def layer_keep_probs(keep_prob: float | Sequence[float], depth: int) -> list[float]:
    """Return one keep_prob per layer that can be dropped: the input, then each hidden layer.

    A single number is for the hidden layers and keeps the input whole. The output is never dropped.
    """
    if is_list(keep_prob):
        if len(keep_prob) != depth:
            raise ValueError(
                f"keep_prob must have {depth} entries, one for the input and one per hidden layer, "
                f"got {len(keep_prob)}: {shown(keep_prob)}"
            )
        return [checked_keep_prob(q, f"keep_prob[{layer}]") for layer, q in enumerate(keep_prob)]
    return [1.0] + [checked_keep_prob(keep_prob)] * (depth - 1)


def draw_masks(
    layer_sizes: Sequence[int],
    m: int,
    keep_prob: float | Sequence[float],
    rng: np.random.Generator | None,
) -> list[Array | None]:
    """Draw the masks of one pass through a network with dropout.

    Parameters
    ----------
    layer_sizes : sequence of int
        n_0, n_1, ..., n_L; the output layer n_L is never dropped.
    m : int
        Number of examples.
    keep_prob : float or sequence of L floats in (0, 1]
        One number for all hidden layers, or one for the input and one per hidden layer.
    rng : numpy.random.Generator
        May be None if nothing is dropped.

    Returns
    -------
    list of L entries
        A bool array (n_i, m) each, or None where keep_prob is 1.
    """
    sizes, m = checked_sizes("layer_sizes", layer_sizes)[:-1], checked_count("m", m)
    keep_probs = layer_keep_probs(keep_prob, len(sizes))
    if rng is not None:
        checked_rng(rng)
    return [None if q == 1 else draw_mask((n, m), q, checked_rng(rng)) for n, q in zip(sizes, keep_probs, strict=True)]


def given_masks(masks: Any, layer_sizes: Sequence[int], m: int) -> list[Array | None]:
    """Return masks that a caller gives, checked: one entry per layer that can be dropped, None for none."""
    depth = len(layer_sizes) - 1
    allowed = f"a list of {depth} entries (array or None), one for the input and one per hidden layer"
    if not isinstance(masks, list | tuple):
        raise TypeError(f"masks must be {allowed}, got {shown(masks)}")
    if len(masks) != depth:
        raise ValueError(f"masks must be {allowed}, got {len(masks)} entries")
    return [
        None if mask is None else checked_mask(f"masks[{layer}]", mask, (layer_sizes[layer], m))
        for layer, mask in enumerate(masks)
    ]


def p_from_keep_prob(keep_prob: float) -> float:
    """Return PyTorch's ``p``, the probability to drop: 1 - keep_prob."""
    return 1 - checked_keep_prob(keep_prob)


def keep_prob_from_p(p: float) -> float:
    """Return keep_prob from PyTorch's ``p``; p = 1 would drop everything and is refused."""
    return 1 - checked_below_one("p", p)
