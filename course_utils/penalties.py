"""L1 and L2 penalties on weights, the L1 proximal step, and the max-norm constraint.

The cost gets λ/(2m) Σ W² + λ₁/m Σ |W|, over all weight matrices and never over a bias; m is the number of training
examples. In code λ is ``lambd`` and λ₁ is ``lambd1``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeAlias

import numpy as np

from course_utils.arguments import (
    Array,
    Count,
    NamedArrays,
    Nonnegative,
    Positive,
    Reals,
    WeightMatrix,
    checked,
    one_of,
)

__all__ = [
    "CONVENTIONS",
    "lambd_from",
    "lambd_to",
    "max_norm",
    "penalty",
    "penalty_gradient",
    "soft_threshold",
    "weights",
]


@checked
def weights(parameters: NamedArrays) -> dict[str, Array]:
    """Return the weight matrices of ``parameters``, without the biases."""
    return {name: value for name, value in parameters.items() if name.startswith("W")}


@checked
def penalty(parameters: NamedArrays, m: Count, lambd: Nonnegative = 0.0, lambd1: Nonnegative = 0.0) -> float:
    """Return λ/(2m) Σ W² + λ₁/m Σ |W|.

    Parameters
    ----------
    parameters : dict
        ``W1 b1 W2 b2 ...``; the biases are left alone.
    m : int
        Number of training examples.
    lambd, lambd1 : float >= 0
        λ of L2 and λ₁ of L1.

    Examples
    --------
    >>> penalty({"W1": np.array([[3.0, -4.0]]), "b1": np.array([[9.0]])}, m=10, lambd=2.0)
    2.5
    """
    total = 0.0
    for W in weights(parameters).values():
        total += lambd / (2 * m) * float(np.sum(W * W)) + lambd1 / m * float(np.sum(np.abs(W)))
    return total


@checked
def penalty_gradient(W: Reals, m: Count, lambd: Nonnegative = 0.0, lambd1: Nonnegative = 0.0) -> Array:
    """Return the gradient of the penalty: λ/m W + λ₁/m sign(W), with 0 as the subgradient of |W| at 0."""
    return lambd / m * W + lambd1 / m * np.sign(W)


@checked
def soft_threshold(W: Reals, threshold: Nonnegative) -> Array:
    """Return the L1 proximal step: move each weight towards 0 by ``threshold`` and stop there.

    After a gradient step with learning rate η the threshold is ηλ₁/m. Unlike the subgradient it gives exact zeros
    (Parikh & Boyd 2014, section 6.5.2).

    Examples
    --------
    >>> soft_threshold(np.array([-2.0, 0.3, 0.5]), 0.5)
    array([-1.5,  0. ,  0. ])
    """
    return W - np.clip(W, -threshold, threshold)


@checked
def max_norm(W: WeightMatrix, limit: Positive) -> Array:
    """Return W with every row longer than ``limit`` scaled back to it.

    A row holds the weights that come into one unit (Srivastava et al. 2014, section 5.1).
    """
    norms = np.linalg.norm(W, axis=1, keepdims=True)  # (n_out, 1)
    return W * np.where(norms > limit, limit / np.maximum(norms, limit), 1).astype(W.dtype)


# Ways to write the strength of L2, each with the λ of the course that a strength of 1 stands for. The first three say
# what stands before Σ W² in the cost; weight_decay is what PyTorch's SGD multiplies W by and adds to the gradient.
CONVENTIONS: dict[str, Callable[[int], float]] = {
    "lambd/(2m)": lambda m: 1,
    "lambd/2": lambda m: m,
    "lambd": lambda m: 2 * m,
    "weight_decay": lambda m: m,
}
Convention: TypeAlias = Annotated[str, one_of(CONVENTIONS)]


@checked
def lambd_from(value: Nonnegative, convention: Convention, m: Count) -> float:
    """Return the λ of the course, in λ/(2m) Σ W², for a strength of L2 that is given in another convention.

    All of them stand beside a data cost that is a mean over examples. ``weight_decay`` is an L2 penalty for plain
    gradient descent only; Adam divides a gradient, and AdamW does not divide its decay (Loshchilov & Hutter 2019).

    Parameters
    ----------
    value : float >= 0
        The strength in the other convention.
    convention : str
        What it multiplies: "lambd/(2m)", "lambd/2" or "lambd" before Σ W², or "weight_decay".
    m : int >= 1
        Number of training examples, not of a minibatch.

    Examples
    --------
    >>> [lambd_from(0.01, convention, m=100) for convention in CONVENTIONS]
    [0.01, 1.0, 2.0, 1.0]
    """
    return value * CONVENTIONS[convention](m)


@checked
def lambd_to(lambd: Nonnegative, convention: Convention, m: Count) -> float:
    """Return what the λ of the course is called in another convention: the way back of :func:`lambd_from`.

    Parameters
    ----------
    lambd : float >= 0
        λ in λ/(2m) Σ W².
    convention, m
        As in :func:`lambd_from`.

    Examples
    --------
    >>> [lambd_to(2.0, convention, m=100) for convention in CONVENTIONS]
    [2.0, 0.02, 0.01, 0.02]
    """
    return lambd / CONVENTIONS[convention](m)
