"""The training loop of :mod:`course_utils.training`, several times faster and step for step the same.

Speed comes from three things and costs readability, so the lesson is the plain loop, not this one:
all parameters lie in one flat vector, so that an optimizer is a few operations on one array; a layer's weights and
bias are one matrix [W b] that meets inputs with a row of ones, so that a bias costs nothing; and every array is made
once and reused. The same rng draws the same batches and masks.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_utils.activations import ACTIVATIONS, Activation, HiddenActivations
from course_utils.arguments import (
    Array,
    Count,
    Examples,
    KeepProbs,
    NetworkParameters,
    Nonnegative,
    Parameters,
    Positive,
    Rng,
    checked,
    shown,
)
from course_utils.costs import COSTS, CostName, Labels
from course_utils.dropout import layer_keep_probs
from course_utils.network import compute_cost, layer_activations
from course_utils.optimizers import Adam, AdamW, AnOptimizer, GradientDescent, Momentum, Optimizer
from course_utils.penalties import max_norm as scale_to_max_norm
from course_utils.training import (
    TestExamples,
    TrainingRun,
    check_finite,
    history_of,
    in_dtype,
    steps_and_batches,
    whole_network_scores,
)

__all__ = ["train_flat"]


@checked
@np.errstate(over="ignore", invalid="ignore")  # divergence gets one clear error instead
def train_flat(
    x: Examples,
    y: Labels,
    parameters: NetworkParameters,
    *,
    rng: Rng,
    steps: Count = 300,
    optimizer: AnOptimizer | None = None,
    activation: HiddenActivations = "relu",
    cost: CostName = "binary_cross_entropy",
    keep_prob: KeepProbs = 1.0,
    lambd: Nonnegative = 0.0,
    lambd1: Nonnegative = 0.0,
    proximal: bool = False,
    max_norm: Positive | None = None,
    batch_size: Count | None = None,
    test: TestExamples | None = None,
    record_every: Count | None = None,
    progress: bool = False,
) -> TrainingRun:
    """Train as :func:`course_utils.training.train` does, with the same arguments, result and errors.

    float32 parameters train faster than float64 ones, the more so the larger the network. Divergence is noticed at the
    recorded steps.
    """
    x, y = in_dtype((x, y), parameters)
    test = None if test is None else in_dtype(test, parameters)
    optimizer, every = optimizer or Adam(0.02), record_every or max(1, steps // 50)
    cost_gradient = COSTS[cost].gradient
    depth, m = len(parameters) // 2, x.shape[1]
    names, keep_probs = layer_activations(activation, depth), layer_keep_probs(keep_prob, depth)

    theta, matrices = flattened(parameters)
    gradient, gradients = flattened({name: np.zeros_like(value) for name, value in parameters.items()})
    is_weight, _ = flattened({name: np.full_like(v, name.startswith("W")) for name, v in parameters.items()})
    decay, decay1 = lambd / m * is_weight, lambd1 / m * is_weight
    update = updater(optimizer, theta, gradient, is_weight)
    passes: dict[int, list[Layer]] = {}  # by number of examples: the last batch of an epoch may be smaller
    uniforms: list[Array] = []
    records: list[tuple[float, ...]] = []

    for step, columns in steps_and_batches(steps, m, batch_size, rng, progress):
        x_batch, y_batch = (x, y) if isinstance(columns, slice) else (x[:, columns], y[:, columns])
        width = x_batch.shape[1]
        if width not in passes:
            passes[width] = layers_for(width, matrices, gradients, names, keep_probs)
        if not uniforms:
            uniforms = uniforms_ahead(passes[width], steps - step + 1 if width == m else 1, rng)
        z = forward_in_place(x_batch, passes[width], uniforms.pop())
        recorded = step % every == 0 or step == steps
        if recorded:
            value = compute_cost(z, y_batch, unflattened(matrices), cost=cost, lambd=lambd, lambd1=lambd1, m=m)
        backward_in_place(cost_gradient(z, y_batch), passes[width])
        if lambd:
            gradient += decay * theta
        if lambd1 and not proximal:
            gradient += decay1 * np.sign(theta)
        update(step)
        if lambd1 and proximal:
            threshold = optimizer.learning_rate * decay1
            theta -= np.clip(theta, -threshold, threshold)
        if max_norm is not None:
            for matrix in matrices:
                matrix[:, :-1] = scale_to_max_norm(matrix[:, :-1], max_norm)
        if recorded:
            after = unflattened(matrices)
            check_finite(value, after, step, optimizer.learning_rate)
            scores = [whole_network_scores(data, after, activation, cost) for data in ((x, y), test)]
            records.append((step, value, *scores[0], *scores[1]))
    return TrainingRun(unflattened(matrices), history_of(records))


def flattened(parameters: Parameters) -> tuple[Array, list[Array]]:
    """Return one vector of all parameters, and its view [W b] (n_out, n_in + 1) for each layer."""
    depth = len(parameters) // 2
    matrices = [np.hstack([parameters[f"W{layer}"], parameters[f"b{layer}"]]) for layer in range(1, depth + 1)]
    theta = np.concatenate([matrix.ravel() for matrix in matrices])
    ends = np.cumsum([matrix.size for matrix in matrices])[:-1]
    pieces = np.split(theta, ends)  # views, not copies
    return theta, [piece.reshape(matrix.shape) for piece, matrix in zip(pieces, matrices, strict=True)]


def unflattened(matrices: list[Array]) -> dict[str, Array]:
    """Return a copy of the matrices [W b] as a dict ``W1 b1 W2 b2 ...``."""
    parameters = {}
    for layer, matrix in enumerate(matrices, start=1):
        parameters[f"W{layer}"], parameters[f"b{layer}"] = matrix[:, :-1].copy(), matrix[:, -1:].copy()
    return parameters


@dataclass(frozen=True)
class InPlace:
    """An activation that writes into given arrays: ``function(z, out)``; ``backward(da, a, z)`` turns da into dz.

    Going back is the last use of a and z, so they may be overwritten.
    """

    function: Callable[[Array, Array], Any]
    backward: Callable[[Array, Array, Array], Any]


@dataclass(frozen=True)
class Layer:
    """A layer [W b], the activation and the dropout below it, and the arrays of one pass over m examples."""

    matrix: Array  # [W b] (n_out, n_in + 1), a view of the parameters
    gradient: Array  # of the same shape, a view of the gradient
    activation: InPlace  # of the layer below; the input's is the identity
    keep_prob: float
    a: Array  # (n_in, m), activations before the mask; ``dropped`` itself where nothing is dropped
    keep: Array  # (n_in, m), mask / keep_prob
    uniforms: slice  # of the random numbers of a step, those for the mask
    dropped: Array  # (n_in, m), what the layer gets
    inputs: Array  # (n_in + 1, m), the same above a row of ones
    z: Array  # (n_out, m)
    da: Array  # (n_in, m)


def layers_for(
    m: int, matrices: list[Array], gradients: list[Array], names: Sequence[str], keep_probs: Sequence[float]
) -> list[Layer]:
    """Return the layers with arrays for ``m`` examples."""
    layers, end = [], 0
    for matrix, gradient, name, keep_prob in zip(matrices, gradients, ["identity", *names], keep_probs, strict=True):
        inputs = np.ones((matrix.shape[1], m), matrix.dtype)
        dropped = inputs[:-1]
        count = dropped.size if keep_prob < 1 else 0
        layer = Layer(
            matrix=matrix,
            gradient=gradient,
            activation=IN_PLACE.get(name) or in_place(ACTIVATIONS[name]),
            keep_prob=keep_prob,
            a=dropped if keep_prob == 1 else np.empty_like(dropped),
            keep=np.empty_like(dropped),
            uniforms=slice(end, end + count),
            dropped=dropped,
            inputs=inputs,
            z=np.empty((matrix.shape[0], m), matrix.dtype),
            da=np.empty_like(dropped),
        )
        layers.append(layer)
        end += count
    return layers


def uniforms_ahead(layers: list[Layer], steps: int, rng: np.random.Generator) -> list[Array]:
    """Draw the random numbers of up to ``steps`` steps at once, which saves time: those that single masks would draw.

    They are given last step first, to be popped. A shuffle between two steps forbids to draw ahead.
    """
    count = layers[-1].uniforms.stop
    ahead = max(1, min(steps, 64_000 // max(count, 1)))  # 512 KB: more would not stay in the cache
    return list(rng.random((ahead, count)))[::-1]


def forward_in_place(x: Array, layers: list[Layer], uniforms: Array) -> Array:
    """Return the logits; leave in ``layers`` what going back needs."""
    z = x  # (n_0, m)
    for layer in layers:
        layer.activation.function(z, layer.a)
        if layer.keep_prob < 1:
            np.copyto(layer.keep, uniforms[layer.uniforms].reshape(layer.keep.shape) < layer.keep_prob)
            np.multiply(layer.keep, 1 / layer.keep_prob, out=layer.keep)
            np.multiply(layer.a, layer.keep, out=layer.dropped)
        z = np.dot(layer.matrix, layer.inputs, out=layer.z)  # (n_out, m)
    return z


def backward_in_place(dz: Array, layers: list[Layer]) -> None:
    """Write the gradient of every layer, from the gradient with respect to the logits."""
    for layer, below in zip(reversed(layers), [*reversed(layers[:-1]), None], strict=True):
        np.dot(dz, layer.inputs.T, out=layer.gradient)  # (n_out, n_in + 1)
        if below is not None:
            np.dot(layer.matrix[:, :-1].T, dz, out=layer.da)  # (n_in, m)
            if layer.keep_prob < 1:
                np.multiply(layer.da, layer.keep, out=layer.da)
            layer.activation.backward(layer.da, layer.a, below.z)
            dz = layer.da


def in_place(activation: Activation) -> InPlace:
    """Return any activation as one that writes into given arrays; those below do it without new ones."""
    return InPlace(
        lambda z, out: np.copyto(out, activation.function(z)),
        lambda da, a, z: np.copyto(da, activation.backward(da, z)),
    )


def sigmoid_in_place(z: Array, out: Array) -> None:
    """Write (1 + tanh(z/2)) / 2, which is sigmoid(z)."""
    np.multiply(z, 0.5, out=out)
    np.tanh(out, out=out)
    out += 1
    out *= 0.5


def softmax_in_place(z: Array, out: Array) -> None:
    """Write softmax(z)."""
    np.subtract(z, z.max(axis=0), out=out)
    np.exp(out, out=out)
    out /= out.sum(axis=0)


def softmax_backward_in_place(da: Array, a: Array, z: Array) -> None:
    """Turn da into a (da - Σ a da)."""
    da -= (a * da).sum(axis=0)
    da *= a


def relu_in_place(z: Array, out: Array) -> None:
    """Write max(z, 0); against an array of zeros it takes half the time of max against a number."""
    out.fill(0)
    np.maximum(z, out, out=out)


def relu_backward_in_place(da: Array, a: Array, z: Array) -> None:
    """Turn da into da where a > 0, else 0."""
    np.copyto(a, a > 0)
    da *= a


def tanh_backward_in_place(da: Array, a: Array, z: Array) -> None:
    """Turn da into da (1 - a²)."""
    np.multiply(a, a, out=a)
    np.subtract(1, a, out=a)
    da *= a


def sigmoid_backward_in_place(da: Array, a: Array, z: Array) -> None:
    """Turn da into da a (1 - a)."""
    da *= a
    np.subtract(1, a, out=a)
    da *= a


IN_PLACE = {
    "relu": InPlace(relu_in_place, relu_backward_in_place),
    "tanh": InPlace(np.tanh, tanh_backward_in_place),
    "sigmoid": InPlace(sigmoid_in_place, sigmoid_backward_in_place),
    "identity": InPlace(lambda z, out: np.copyto(out, z), lambda da, a, z: None),
    "softmax": InPlace(softmax_in_place, softmax_backward_in_place),
}


def updater(optimizer: Optimizer, theta: Array, gradient: Array, is_weight: Array) -> Callable[[int], None]:
    """Return a function of the step, from 1, that moves ``theta`` along ``gradient`` in place."""
    mean, square, scratch = np.zeros_like(theta), np.zeros_like(theta), np.empty_like(theta)
    weight_decay = optimizer.weight_decay if isinstance(optimizer, AdamW) else 0.0
    undecayed = 1 - optimizer.learning_rate * weight_decay * is_weight

    def gradient_descent(step: int, direction: Array = gradient) -> None:
        np.multiply(direction, optimizer.learning_rate, out=scratch)
        np.subtract(theta, scratch, out=theta)

    def momentum(step: int) -> None:
        assert isinstance(optimizer, Momentum)
        np.multiply(mean, optimizer.beta, out=mean)
        np.add(mean, gradient, out=mean)
        gradient_descent(step, mean)

    def adam(step: int) -> None:
        assert isinstance(optimizer, Adam)
        if weight_decay:
            np.multiply(theta, undecayed, out=theta)
        np.multiply(mean, optimizer.beta1, out=mean)
        np.add(mean, gradient, out=mean)
        np.multiply(square, optimizer.beta2, out=square)
        np.multiply(gradient, gradient, out=scratch)
        np.add(square, scratch, out=square)
        # Here mean and square lack the factors 1 - beta and the corrections for their start at zero: all are numbers
        # common to a whole array, and so cost nothing when they are put into the two numbers below.
        of_mean = (1 - optimizer.beta1) / (1 - optimizer.beta1**step)
        of_root = math.sqrt((1 - optimizer.beta2) / (1 - optimizer.beta2**step))
        np.sqrt(square, out=scratch)
        np.add(scratch, optimizer.epsilon / of_root, out=scratch)
        np.divide(mean, scratch, out=scratch)
        np.multiply(scratch, optimizer.learning_rate * of_mean / of_root, out=scratch)
        np.subtract(theta, scratch, out=theta)

    updates = {GradientDescent: gradient_descent, Momentum: momentum, Adam: adam, AdamW: adam}
    if type(optimizer) not in updates:  # one of a reader's own has a step of its own
        names = ", ".join(kind.__name__ for kind in updates)
        raise TypeError(f"optimizer must be one of {names} in train_flat, got {shown(optimizer)}; train takes any")
    return updates[type(optimizer)]
