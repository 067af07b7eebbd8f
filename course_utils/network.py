"""A network of any number of layers with dropout, L1 and L2: initialise, forward, cost, backward, predict.

Parameters are a plain dict: ``W1`` (n_1, n_0), ``b1`` (n_1, 1), ``W2`` (n_2, n_1), ... The last layer is linear and
gives logits; the cost knows what to make of them.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from course_utils.activations import ACTIVATIONS, HiddenActivations
from course_utils.arguments import (
    Array,
    Cache,
    Count,
    Examples,
    FloatType,
    GivenMasks,
    KeepProbs,
    LayerSizes,
    Logits,
    MaskRng,
    NamedArrays,
    NetworkParameters,
    Nonnegative,
    Rng,
    Scheme,
    checked,
    is_list,
)
from course_utils.costs import COSTS, CostName, Labels
from course_utils.dropout import apply_mask, draw_masks, layer_keep_probs
from course_utils.penalties import penalty, penalty_gradient

__all__ = ["backward", "compute_cost", "forward", "initialize_parameters", "layer_sizes", "predict"]


@checked
def initialize_parameters(
    layer_sizes: LayerSizes, rng: Rng, scheme: Scheme = "he", dtype: FloatType = np.float64
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
    parameters = {}
    for layer, (n_in, n_out) in enumerate(pairwise(layer_sizes), start=1):
        scale = weight_scale(scheme, n_in, n_out)
        parameters[f"W{layer}"] = (rng.standard_normal((n_out, n_in)) * scale).astype(dtype)
        parameters[f"b{layer}"] = np.zeros((n_out, 1), dtype)
    return parameters


def weight_scale(scheme: str | float, n_in: int, n_out: int) -> float:
    """Return the standard deviation that ``scheme`` gives a layer's weights."""
    if isinstance(scheme, str):
        return float(np.sqrt(2 / n_in if scheme == "he" else 2 / (n_in + n_out)))
    return scheme


@checked
def layer_sizes(parameters: NetworkParameters) -> list[int]:
    """Return n_0, n_1, ..., n_L of a network."""
    depth = len(parameters) // 2
    return [parameters["W1"].shape[1], *(len(parameters[f"W{layer}"]) for layer in range(1, depth + 1))]


def layer_activations(activation: Any, depth: int) -> list[str]:
    """Return one activation name per hidden layer, from one name for all or a list."""
    return list(activation) if is_list(activation) else [activation] * (depth - 1)


@checked
def forward(
    x: Examples,
    parameters: NetworkParameters,
    *,
    activation: HiddenActivations = "relu",
    keep_prob: KeepProbs = 1.0,
    masks: GivenMasks = None,
    rng: MaskRng = None,
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
    sizes = layer_sizes(parameters)
    depth, m = len(sizes) - 1, x.shape[1]
    activations = layer_activations(activation, depth)
    keep_probs = layer_keep_probs(keep_prob, depth)
    masks = draw_masks(sizes, m, keep_probs, rng) if masks is None else masks

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


@checked
def compute_cost(
    z: Logits,
    y: Labels,
    parameters: NamedArrays,
    *,
    cost: CostName = "binary_cross_entropy",
    lambd: Nonnegative = 0.0,
    lambd1: Nonnegative = 0.0,
    m: Count | None = None,
) -> float:
    """Return the cost of logits ``z`` (n_L, m) against labels ``y`` of the same shape, penalties included.

    ``m`` in λ/(2m) is the number of training examples: the columns of y unless given, as a minibatch must.
    """
    return COSTS[cost].value(z, y) + penalty(parameters, y.shape[1] if m is None else m, lambd, lambd1)


@checked
def backward(
    y: Labels,
    parameters: NamedArrays,
    cache: Cache,
    *,
    cost: CostName = "binary_cross_entropy",
    lambd: Nonnegative = 0.0,
    lambd1: Nonnegative = 0.0,
    m: Count | None = None,
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
    inputs, zs, masks = cache["inputs"], cache["z"], cache["masks"]
    m = y.shape[1] if m is None else m
    gradients = {}

    dz = COSTS[cost].gradient(zs[-1], y)  # (n_L, m)
    for layer in range(len(zs), 0, -1):
        W = parameters[f"W{layer}"]
        gradients[f"W{layer}"] = dz @ inputs[layer - 1].T + penalty_gradient(W, m, lambd, lambd1)  # (n_out, n_in)
        gradients[f"b{layer}"] = dz.sum(axis=1, keepdims=True)  # (n_out, 1)
        if layer > 1:
            da = W.T @ dz  # (n_in, m)
            da = apply_mask(da, masks[layer - 1], cache["keep_probs"][layer - 1])  # the forward pass's own mask
            dz = ACTIVATIONS[cache["activations"][layer - 2]].backward(da, zs[layer - 2])
    return {name: gradients[name] for name in parameters}


@checked
def predict(
    x: Examples,
    parameters: NetworkParameters,
    *,
    activation: HiddenActivations = "relu",
    cost: CostName = "binary_cross_entropy",
) -> Array:
    """Return the predictions (n_L, m) of the whole network: no masks, no scaling.

    They are probabilities for the cross-entropies and plain values for mean_squared_error. Parameters do not tell
    what they were trained with: unless told ``activation`` and ``cost``, this assumes ReLU and binary cross-entropy.
    """
    z, _ = forward(x, parameters, activation=activation)
    return COSTS[cost].link(z)
