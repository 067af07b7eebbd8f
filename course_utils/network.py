"""A network of any number of layers with dropout, L1 and L2: initialise, forward, cost, backward, predict.

Parameters are a plain dict: ``W1`` (n_1, n_0), ``b1`` (n_1, 1), ``W2`` (n_2, n_1), ... The last layer is linear and
gives logits; the cost knows what to make of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from course_utils.activations import ACTIVATIONS
from course_utils.arguments import (
    Array,
    Parameters,
    checked_choice,
    checked_matrix,
    checked_number,
    checked_parameters,
    checked_rng,
    checked_sizes,
    is_list,
    shown,
)
from course_utils.costs import checked_labels, cost_named
from course_utils.dropout import apply_mask, draw_masks, given_masks, layer_keep_probs
from course_utils.penalties import penalty, penalty_gradient, weights

__all__ = ["backward", "compute_cost", "forward", "initialize_parameters", "layer_sizes", "predict"]


def initialize_parameters(
    layer_sizes: Sequence[int],
    rng: np.random.Generator,
    scheme: str | float = "he",
    dtype: type[np.floating[Any]] = np.float64,
) -> dict[str, Array]:
    """Draw normal weights and set biases to zero.

    Parameters
    ----------
    layer_sizes : sequence of at least two ints
        n_0, n_1, ..., n_L.
    rng : numpy.random.Generator
    scheme : "he", "xavier" or a float > 0
        Standard deviation of the weights: sqrt(2 / n_in) (He et al. 2015), sqrt(2 / (n_in + n_out)) (Glorot & Bengio
        2010), or the number itself.
    dtype : numpy.float64 or numpy.float32

    Returns
    -------
    dict
        ``W1 b1 ... WL bL``.

    Examples
    --------
    >>> parameters = initialize_parameters([2, 30, 1], np.random.default_rng(0))
    >>> {name: value.shape for name, value in parameters.items()}
    {'W1': (30, 2), 'b1': (30, 1), 'W2': (1, 30), 'b2': (1, 1)}
    """
    sizes, rng = checked_sizes("layer_sizes", layer_sizes), checked_rng(rng)
    if dtype not in (np.float64, np.float32):
        raise ValueError(f"dtype must be numpy.float64 or numpy.float32, got {shown(dtype)}")
    parameters = {}
    for layer, (n_in, n_out) in enumerate(pairwise(sizes), start=1):
        scale = weight_scale(scheme, n_in, n_out)
        parameters[f"W{layer}"] = (rng.standard_normal((n_out, n_in)) * scale).astype(dtype)
        parameters[f"b{layer}"] = np.zeros((n_out, 1), dtype)
    return parameters


def weight_scale(scheme: str | float, n_in: int, n_out: int) -> float:
    """Return the standard deviation that ``scheme`` gives a layer's weights."""
    if isinstance(scheme, str) and scheme in ("he", "xavier"):
        return float(np.sqrt(2 / n_in if scheme == "he" else 2 / (n_in + n_out)))
    return checked_number("scheme", scheme, "> 0, or 'he' or 'xavier'", 0.0, np.inf, open_low=True)


def layer_sizes(parameters: Parameters) -> list[int]:
    """Return n_0, n_1, ..., n_L of a network."""
    return checked_parameters(parameters)


def layer_activations(activation: str | Sequence[str], depth: int) -> list[str]:
    """Return one activation name per hidden layer, from one name for all or a list."""
    if not is_list(activation):
        return [checked_choice("activation", activation, ACTIVATIONS)] * (depth - 1)
    if len(activation) != depth - 1:
        allowed = f"one name, or a list of {depth - 1}, one per hidden layer"
        raise ValueError(f"activation must be {allowed}, got {len(activation)}: {shown(activation)}")
    return [checked_choice(f"activation[{i}]", name, ACTIVATIONS) for i, name in enumerate(activation)]


def forward(
    x: Any,
    parameters: Parameters,
    *,
    activation: str | Sequence[str] = "relu",
    keep_prob: float | Sequence[float] = 1.0,
    masks: Sequence[Array | None] | None = None,
    rng: np.random.Generator | None = None,
) -> tuple[Array, dict[str, Any]]:
    """Run the network on ``x`` with dropout, and keep what going back will need.

    Parameters
    ----------
    x : array (n_0, m)
        One example per column; it is not changed.
    parameters : dict
        ``W1 b1 ... WL bL``.
    activation : str or sequence of L - 1 str
        Of the hidden layers: sigmoid, tanh, relu, identity or softmax.
    keep_prob : float or sequence of L floats in (0, 1]
        One number for every hidden layer, or one for the input and one per hidden layer.
    masks : list of L arrays or None, optional
        Masks to use instead of drawing: zeros and ones (n_i, m), or (n_i, 1) for one mask shared by all examples,
        or None for a layer without dropout. keep_prob still says how to scale.
    rng : numpy.random.Generator, optional
        Needed where masks are drawn.

    Returns
    -------
    (array (n_L, m), dict)
        Logits, and a cache: ``inputs`` (what each layer got, masked and scaled), ``z``, ``masks``, ``keep_probs``,
        ``activations``.

    Raises
    ------
    ValueError, TypeError
        For shapes that do not match, nan, an unknown activation, a keep_prob outside (0, 1], a missing rng.
    """
    x, sizes = checked_matrix("x", x), checked_parameters(parameters)
    depth, m = len(sizes) - 1, x.shape[1]
    if x.shape[0] != sizes[0]:
        raise ValueError(f"x must have {sizes[0]} rows, one per column of W1, got shape {x.shape}")
    activations = layer_activations(activation, depth)
    keep_probs = layer_keep_probs(keep_prob, depth)
    masks = draw_masks(sizes, m, keep_probs, rng) if masks is None else given_masks(masks, sizes, m)

    inputs, zs = [], []
    a = x  # (n_0, m)
    for layer in range(1, depth + 1):
        a = apply_mask(a, masks[layer - 1], keep_probs[layer - 1])
        z = parameters[f"W{layer}"] @ a + parameters[f"b{layer}"]  # (n_layer, m)
        inputs.append(a)
        zs.append(z)
        if layer < depth:
            a = ACTIVATIONS[activations[layer - 1]].function(z)
    cache = {"inputs": inputs, "z": zs, "masks": masks, "keep_probs": keep_probs, "activations": activations}
    return z, cache


def compute_cost(
    z: Array,
    y: Any,
    parameters: Parameters,
    *,
    cost: str = "binary_cross_entropy",
    lambd: float = 0.0,
    lambd1: float = 0.0,
    m: int | None = None,
) -> float:
    """Return the cost of logits ``z`` (n_L, m) against labels ``y`` of the same shape, penalties included.

    ``m`` in λ/(2m) is the number of training examples: the columns of y unless given, as a minibatch must.
    """
    y = checked_labels(y, np.shape(z), cost)
    return cost_named(cost).value(z, y) + penalty(parameters, y.shape[1] if m is None else m, lambd, lambd1)


def backward(
    y: Any,
    parameters: Parameters,
    cache: dict[str, Any],
    *,
    cost: str = "binary_cross_entropy",
    lambd: float = 0.0,
    lambd1: float = 0.0,
    m: int | None = None,
) -> dict[str, Array]:
    """Return the gradient of the cost with respect to every parameter, through the masks of the forward pass.

    Parameters
    ----------
    y : array (n_L, m)
    parameters, cache : dict
        What :func:`forward` took and gave.
    cost : str
        binary_cross_entropy, softmax_cross_entropy or mean_squared_error.
    lambd, lambd1 : float >= 0
        λ of L2 and λ₁ of L1.
    m : int, optional
        Number of training examples, for the penalties; the columns of y unless given.

    Returns
    -------
    dict
        The keys and shapes of ``parameters``.
    """
    inputs, zs, masks = checked_cache(cache, parameters)
    y = checked_labels(y, zs[-1].shape, cost)
    m = y.shape[1] if m is None else m
    gradients = {}

    dz = cost_named(cost).gradient(zs[-1], y)  # (n_L, m)
    for layer in range(len(zs), 0, -1):
        W = parameters[f"W{layer}"]
        gradients[f"W{layer}"] = dz @ inputs[layer - 1].T + penalty_gradient(W, m, lambd, lambd1)  # (n_out, n_in)
        gradients[f"b{layer}"] = dz.sum(axis=1, keepdims=True)  # (n_out, 1)
        if layer > 1:
            da = W.T @ dz  # (n_in, m)
            da = apply_mask(da, masks[layer - 1], cache["keep_probs"][layer - 1])  # the forward pass's own mask
            dz = ACTIVATIONS[cache["activations"][layer - 2]].backward(da, zs[layer - 2])
    return {name: gradients[name] for name in parameters}


def checked_cache(cache: Any, parameters: Parameters) -> tuple[list[Array], list[Array], list[Array | None]]:
    """Return inputs, logits and masks of the forward pass of a network with these ``parameters``."""
    if not isinstance(cache, dict) or not {"inputs", "z", "masks", "keep_probs", "activations"} <= set(cache):
        raise TypeError(f"cache must be the dict that forward returned beside the logits, got {shown(cache)}")
    layers = enumerate(zip(cache["z"], cache["inputs"], strict=True), start=1)
    shapes = {f"W{layer}": (len(z), len(a)) for layer, (z, a) in layers}
    given = {name: W.shape for name, W in weights(parameters).items()}  # in any order
    if shapes != given:
        raise ValueError(f"cache must come from a network with the shapes of parameters, {given}, got {shapes}")
    return cache["inputs"], cache["z"], cache["masks"]


def predict(
    x: Any,
    parameters: Parameters,
    *,
    activation: str | Sequence[str] = "relu",
    cost: str = "binary_cross_entropy",
) -> Array:
    """Return the predictions (n_L, m) of the whole network: no masks, no scaling.

    They are probabilities for the cross-entropies and plain values for mean_squared_error.
    """
    link = cost_named(cost).link
    z, _ = forward(x, parameters, activation=activation)
    return link(z)
