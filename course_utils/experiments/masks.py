"""Dropout masks of a small network: one training pass, and mean and variance over many, against the formulas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from course_utils.arguments import Array, checked_array, checked_count, checked_keep_prob, checked_rng
from course_utils.dropout import apply_mask, draw_mask, draw_masks
from course_utils.network import forward, initialize_parameters

__all__ = ["MaskStatistics", "expected_moments", "mask_statistics", "sampled_moments"]

LAYER_SIZES = (3, 6, 5, 1)


@dataclass(frozen=True)
class MaskStatistics:
    """Masks of one example in one training pass, and moments of the first hidden layer's outputs over many masks.

    ``kept`` holds a bool array (n,) for every layer of ``layer_sizes``; input and output are always kept. ``a`` (n_1,)
    are the outputs of the first hidden layer before dropout. That layer, because nothing below it is dropped: its a
    is the same in every pass. ``expected`` and ``sampled`` are mean and variance (n_1,) of a · mask / keep_prob.
    """

    layer_sizes: tuple[int, ...]
    keep_prob: float
    samples: int
    kept: tuple[Array, ...]
    a: Array
    expected: tuple[Array, Array]
    sampled: tuple[Array, Array]


def mask_statistics(keep_prob: float = 0.5, masks: int = 0, *, seed: int = 0, samples: int = 2000) -> MaskStatistics:
    """Draw the masks of one training pass of a 3-6-5-1 network, and many more for its first hidden layer.

    Parameters
    ----------
    keep_prob : float in (0, 1]
        Of both hidden layers; the input is never dropped.
    masks : int >= 0
        Which masks: others for every number, while network and example stay.
    seed : int >= 0
        Draws network and example, and with ``masks`` the masks.
    samples : int >= 1
        How many masks the sampled mean and variance are over.

    Returns
    -------
    MaskStatistics
    """
    keep_prob, masks = checked_keep_prob(keep_prob), checked_count("masks", masks, 0)
    seed, samples = checked_count("seed", seed, 0), checked_count("samples", samples)
    rng = np.random.default_rng([seed, 2, masks])
    kept = [
        np.ones(n, bool) if mask is None else mask[:, 0]
        for n, mask in zip(LAYER_SIZES, [*draw_masks(LAYER_SIZES, 1, keep_prob, rng), None], strict=True)
    ]
    a = first_hidden_outputs(np.random.default_rng([seed, 1]))
    sampled = sampled_moments(a, keep_prob, samples, rng)
    return MaskStatistics(LAYER_SIZES, keep_prob, samples, tuple(kept), a, expected_moments(a, keep_prob), sampled)


def first_hidden_outputs(rng: np.random.Generator) -> Array:
    """Return the outputs (n_1,) of the first hidden layer of a network for one example, both drawn from ``rng``.

    Sigmoid units with weights this large spread over (0, 1), and none is 0, where dropping changes nothing.
    """
    parameters = initialize_parameters(LAYER_SIZES, rng, scheme=1.0)
    x = rng.standard_normal((LAYER_SIZES[0], 1))
    _, cache = forward(x, parameters, activation="sigmoid")
    return cache["inputs"][1][:, 0]


def expected_moments(a: Any, keep_prob: float) -> tuple[Array, Array]:
    """Return mean a and variance a² (1 - q) / q of a · mask / q, where q is keep_prob.

    A mask is 1 with probability q, so its mean is q and its variance q (1 - q); dividing by q divides the variance
    by q² (Srivastava et al. 2014, section 10).

    Examples
    --------
    >>> expected_moments([2.0, 3.0], 0.5)
    (array([2., 3.]), array([4., 9.]))
    """
    a, q = checked_array("a", a), checked_keep_prob(keep_prob)
    return a, a**2 * (1 - q) / q


def sampled_moments(a: Any, keep_prob: float, samples: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return mean and variance of a · mask / keep_prob over ``samples`` masks of every entry of ``a`` (n,)."""
    a, samples = checked_array("a", a), checked_count("samples", samples)
    if a.ndim != 1:
        raise ValueError(f"a must have one axis, the units of one example, got shape {a.shape}")
    mask = draw_mask((len(a), samples), keep_prob, checked_rng(rng))  # (n, samples)
    outputs = apply_mask(np.broadcast_to(a[:, np.newaxis], mask.shape), mask, keep_prob)
    return outputs.mean(axis=1), outputs.var(axis=1)
