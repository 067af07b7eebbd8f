"""What dropout computes on average: all subnetworks enumerated, and closed forms for units and linear regression.

A layer of n units with dropout stands for 2ⁿ subnetworks. For small n all of them can be run, each weighted by its
probability; what comes out needs no sampling (Baldi & Sadowski 2013; Wager, Wang & Liang 2013).
"""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np

from course_utils.activations import HiddenActivations, sigmoid
from course_utils.arguments import (
    Array,
    Count,
    Examples,
    InsideUnit,
    KeepProb,
    KeepProbs,
    Masks,
    Matrix,
    NetworkParameters,
    Nonnegative,
    beside,
    chances_of,
    checked,
    factor_of,
    one_or_each_row_of,
    up_to,
)
from course_utils.costs import mean_squared_error
from course_utils.dropout import layer_keep_probs
from course_utils.network import forward, layer_sizes

__all__ = [
    "MOST_UNITS",
    "all_masks",
    "averaging_errors",
    "dropout_lambds",
    "dropout_regression_cost",
    "dropout_regression_weights",
    "keep_prob_from_lambd",
    "lambd_from_keep_prob",
    "mask_probabilities",
    "normalized_geometric_mean",
    "preactivation_moments",
    "ridge_weights",
    "subnetwork_logits",
]

MOST_UNITS = 16  # 65 536 masks; every unit more doubles time and memory


@checked
def all_masks(n: Annotated[int, up_to(MOST_UNITS, "since all 2**n masks are listed")]) -> Array:
    """Return every mask of ``n`` units once, one mask a column.

    Column k holds the binary digits of k, the first unit's first: column 0 drops all, the last keeps all.

    Parameters
    ----------
    n : int from 1 to 16

    Returns
    -------
    bool array (n, 2**n)

    Examples
    --------
    >>> all_masks(2).astype(int)
    array([[0, 0, 1, 1],
           [0, 1, 0, 1]])
    """
    return (np.arange(2**n) >> np.arange(n)[::-1, np.newaxis] & 1).astype(bool)  # (n, 2**n)


@checked
def mask_probabilities(masks: Masks, keep_prob: KeepProb) -> Array:
    """Return the probability of each mask: q to the number kept, times 1 - q to the number dropped.

    Parameters
    ----------
    masks : array (n, k) of zeros and ones
        One mask a column.
    keep_prob : float in (0, 1]
        q, the same for all units.

    Returns
    -------
    array (k,)
        Sums to 1 over all masks.

    Examples
    --------
    >>> mask_probabilities(all_masks(2), 0.75)
    array([0.0625, 0.1875, 0.1875, 0.5625])
    """
    kept = masks.sum(axis=0)  # (k,)
    return keep_prob**kept * (1 - keep_prob) ** (len(masks) - kept)


@checked
def subnetwork_logits(
    x: Examples,
    parameters: NetworkParameters,
    *,
    keep_prob: KeepProbs,
    activation: HiddenActivations = "relu",
) -> tuple[Array, Array]:
    """Run every subnetwork that dropout can make of a network, on every example.

    Parameters
    ----------
    x : array (n_0, m)
        One example per column.
    parameters : dict
        ``W1 b1 ... WL bL``.
    keep_prob : float or sequence of L floats in (0, 1]
        One number for all hidden layers, or one for the input and one per hidden layer. The units of all layers with
        a keep_prob below 1, N in number, may be 16 at most.
    activation : str or sequence of L - 1 str

    Returns
    -------
    (array (n_L, m, 2**N), array (2**N,))
        Logits of each subnetwork, scaled by 1 / keep_prob as in training, and its probability.

    Examples
    --------
    >>> parameters = {"W1": np.array([[1.0, 2.0]]), "b1": np.zeros((1, 1))}
    >>> z, probability = subnetwork_logits([[3.0], [5.0]], parameters, keep_prob=[0.5])
    >>> z[0, 0], probability
    (array([ 0., 20.,  6., 26.]), array([0.25, 0.25, 0.25, 0.25]))
    """
    *sizes, _ = layer_sizes(parameters)
    keep_probs = layer_keep_probs(keep_prob, len(sizes))
    dropped = [layer for layer, q in enumerate(keep_probs) if q < 1]
    units = sum(sizes[layer] for layer in dropped)
    if units > MOST_UNITS:
        raise ValueError(f"units with dropout must be at most {MOST_UNITS}, since all masks are listed, got {units}")
    rows = all_masks(units) if units else np.ones((0, 1), bool)  # (N, 2**N)
    masks: list[Array | None] = [None] * len(sizes)
    probability = np.ones(rows.shape[1])  # (2**N,)
    for layer in dropped:
        masks[layer], rows = np.split(rows, [sizes[layer]])
        probability *= mask_probabilities(masks[layer], keep_probs[layer])
    logits = [  # each mask is one column of a batch that holds one example over and over
        forward(
            np.repeat(column[:, np.newaxis], len(probability), axis=1),
            parameters,
            activation=activation,
            keep_prob=keep_probs,
            masks=masks,
        )[0]
        for column in x.T
    ]
    return np.stack(logits, axis=1), probability  # (n_L, m, 2**N)


@checked
def normalized_geometric_mean(p: InsideUnit, probability: Annotated[Any, chances_of("p")]) -> Array:
    """Return G / (G + G'), the geometric mean of p made a probability again.

    G = Π p^π is the geometric mean of p weighted by ``probability`` π, and G' that of 1 - p (Baldi & Sadowski 2013).

    Parameters
    ----------
    p : array (..., k) of numbers in (0, 1)
        What each of k subnetworks predicts.
    probability : array (k,)
        The probability of each subnetwork, summing to 1.

    Returns
    -------
    array (...)

    Raises
    ------
    ValueError
        For p of exactly 0 or 1, as sigmoid gives for very large logits: then the mean is 0, 1 or undefined.

    Examples
    --------
    >>> float(normalized_geometric_mean([0.5, 0.8], [0.5, 0.5]).round(3))
    0.667
    """
    # log G - log G' is the logit of G / (G + G').
    return sigmoid(np.log(p) @ probability - np.log1p(-p) @ probability)


@checked
def averaging_errors(
    x: Examples,
    parameters: NetworkParameters,
    *,
    keep_prob: KeepProbs,
    activation: HiddenActivations = "relu",
) -> tuple[float, float]:
    """Return how far sigmoid(z) of the whole network is from two means over all of its subnetworks.

    The first is the distance from the normalized geometric mean, which is sigmoid of the mean logit; the second is
    that from the plain mean. Both are averages of absolute values over the outputs and examples.

    Parameters
    ----------
    x, parameters, keep_prob, activation
        As in :func:`subnetwork_logits`.

    Returns
    -------
    (float, float)
    """
    logits, probability = subnetwork_logits(x, parameters, keep_prob=keep_prob, activation=activation)
    whole = sigmoid(forward(x, parameters, activation=activation)[0])  # (n_L, m)
    geometric, plain = sigmoid(logits @ probability), sigmoid(logits) @ probability  # (n_L, m) each
    return float(np.mean(np.abs(whole - geometric))), float(np.mean(np.abs(whole - plain)))


@checked
def preactivation_moments(W: Annotated[Any, factor_of("a")], a: Matrix, keep_prob: KeepProb) -> tuple[Array, Array]:
    """Return mean W a and variance W² a² (1 - q) / q of W (a · mask / q), squares taken entry by entry.

    The masks of different units are independent, so their variances add up. A bias would move the mean alone.

    Parameters
    ----------
    W : array (n_out, n_in)
    a : array (n_in, m)
        Outputs of the layer below, before dropout.
    keep_prob : float in (0, 1]
        q.

    Returns
    -------
    (array (n_out, m), array (n_out, m))

    Examples
    --------
    >>> preactivation_moments([[1.0, -2.0]], [[3.0], [1.0]], 0.5)
    (array([[1.]]), array([[13.]]))
    """
    return W @ a, W**2 @ a**2 * (1 - keep_prob) / keep_prob


@checked
def dropout_regression_cost(
    W: Annotated[Any, factor_of("x")], x: Matrix, y: Annotated[Any, beside("x", "W")], keep_prob: KeepProb
) -> float:
    """Return the mean squared error of W (x · mask / q) against y, averaged over all masks.

    For each output it is the error of W x plus (1 - q) / q Σ_j W_j² Σ_i x_ji² / m: a penalty on the weights
    (Srivastava et al. 2014, section 9.1; Wager, Wang & Liang 2013).

    Parameters
    ----------
    W : array (n_y, n_x)
    x : array (n_x, m)
    y : array (n_y, m)
    keep_prob : float in (0, 1]
        q, for every feature.

    Examples
    --------
    >>> dropout_regression_cost([[1.0]], [[2.0, 4.0]], [[2.0, 4.0]], 0.5)
    10.0
    """
    mean, variance = preactivation_moments(W, x, keep_prob)
    return mean_squared_error(mean, y) + float(np.mean(variance))


@checked
def dropout_lambds(x: Matrix, keep_prob: KeepProb) -> Array:
    """Return for each feature the λ whose λ/(2m) w² is dropout's penalty on its weight: 2 (1 - q) / q Σ_i x_ji².

    Parameters
    ----------
    x : array (n_x, m)
    keep_prob : float in (0, 1]

    Returns
    -------
    array (n_x,)

    Examples
    --------
    >>> dropout_lambds([[1.0, -1.0], [10.0, 10.0]], 0.5)
    array([  4., 400.])
    """
    return 2 * (1 - keep_prob) / keep_prob * np.sum(x**2, axis=1)


@checked
def ridge_weights(x: Matrix, y: Annotated[Any, beside("x")], lambd: Annotated[Any, one_or_each_row_of("x")]) -> Array:
    """Return the weights W (n_y, n_x) that minimise mean squared error + Σ λ/(2m) W², without a bias.

    The gradient 2/m (W x - y) xᵀ + λ/m W is zero where W (x xᵀ + λ/2) = y xᵀ.

    Parameters
    ----------
    x : array (n_x, m)
    y : array (n_y, m)
    lambd : float >= 0, or array (n_x,) of such
        λ of all weights, or one for each feature.

    Raises
    ------
    ValueError
        If several W are equally good, as for λ = 0 and features that depend on one another.

    Examples
    --------
    >>> ridge_weights([[1.0, 2.0]], [[1.0, 2.0]], 10.0)
    array([[0.5]])
    """
    lambds = np.broadcast_to(lambd, len(x))  # (n_x,)
    curvature = x @ x.T + np.diag(lambds / 2)  # (n_x, n_x)
    scale = np.sqrt(np.diag(curvature))  # features of very different size are not yet dependent ones
    scale[scale == 0] = 1
    if np.linalg.cond(curvature / np.outer(scale, scale)) > 1e12:
        raise ValueError(f"lambd must be > 0 where features depend on one another, got {lambd}: no W is the only best")
    return np.linalg.solve(curvature, x @ y.T).T


@checked
def dropout_regression_weights(x: Matrix, y: Annotated[Any, beside("x")], keep_prob: KeepProb) -> Array:
    """Return the weights W (n_y, n_x) that minimise the mean squared error averaged over all masks of the features.

    They are those of a ridge regression in which each feature has its own λ, see :func:`dropout_lambds`.
    """
    return ridge_weights(x, y, dropout_lambds(x, keep_prob))


@checked
def lambd_from_keep_prob(keep_prob: KeepProb, m: Count) -> float:
    """Return λ of the L2 that equals dropout of standardised features in linear regression: 2m (1 - q) / q.

    Standardised means Σ_i x_ji² = m for every feature; the cost is the mean squared error plus λ/(2m) Σ W².

    Examples
    --------
    >>> lambd_from_keep_prob(0.5, 100)
    200.0
    """
    return 2 * m * (1 - keep_prob) / keep_prob


@checked
def keep_prob_from_lambd(lambd: Nonnegative, m: Count) -> float:
    """Return keep_prob from the λ that :func:`lambd_from_keep_prob` gives: 2m / (2m + λ).

    Examples
    --------
    >>> keep_prob_from_lambd(200, 100)
    0.5
    """
    return 2 * m / (2 * m + lambd)
