"""Inverted dropout of activations: draw a mask, apply it, go back through it.

Each unit of each example is kept with probability keep_prob and divided by keep_prob, so that its expected value
stays what it was and nothing needs to be scaled at test time (Hinton et al. 2012; Srivastava et al. 2014, section 10).
"""

from __future__ import annotations

from typing import Annotated, Any

from course_utils.arguments import (
    Array,
    BelowOne,
    Count,
    KeepProb,
    KeepProbs,
    LayerSizes,
    MaskRng,
    Numbers,
    Reals,
    Rng,
    Shape,
    checked,
    is_list,
    mask_of,
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


@checked
def draw_mask(shape: Shape, keep_prob: KeepProb, rng: Rng) -> Array:
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
    return rng.random(shape) < keep_prob


@checked
def apply_mask(a: Numbers, mask: Annotated[Array | None, mask_of("a")], keep_prob: KeepProb) -> Array:
    """Return a · mask / keep_prob as a new array; a mask of None keeps everything as it is.

    The same line serves going back: the derivative of a · mask / keep_prob with respect to a is mask / keep_prob.
    """
    return a if mask is None else a * mask / keep_prob


@checked
def dropout(a: Reals, keep_prob: KeepProb, rng: Rng) -> tuple[Array, Array]:
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
    mask = draw_mask(a.shape, keep_prob, rng)
    return apply_mask(a, mask, keep_prob), mask


@checked
def dropout_backward(da: Reals, mask: Annotated[Array, mask_of("da")], keep_prob: KeepProb) -> Array:
    """Return the gradient before dropout from the one after it: da · mask / keep_prob, with the forward pass's mask."""
    return apply_mask(da, mask, keep_prob)


def layer_keep_probs(keep_prob: Any, depth: int) -> list[float]:
    """Return one keep_prob per layer that can be dropped: the input, then each hidden layer.

    A single number is for the hidden layers and keeps the input whole. The output is never dropped.
    """
    return list(keep_prob) if is_list(keep_prob) else [1.0] + [keep_prob] * (depth - 1)


@checked
def draw_masks(
    layer_sizes: LayerSizes,
    m: Count,
    keep_prob: KeepProbs,
    rng: MaskRng,
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
    *sizes, _ = layer_sizes
    keep_probs = layer_keep_probs(keep_prob, len(sizes))
    return [None if q == 1 else draw_mask((n, m), q, rng) for n, q in zip(sizes, keep_probs, strict=True)]


@checked
def p_from_keep_prob(keep_prob: KeepProb) -> float:
    """Return PyTorch's ``p``, the probability to drop: 1 - keep_prob."""
    return 1 - keep_prob


@checked
def keep_prob_from_p(p: BelowOne) -> float:
    """Return keep_prob from PyTorch's ``p``; p = 1 would drop everything and is refused."""
    return 1 - p
