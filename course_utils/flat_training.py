"""The training loop of :mod:`course_utils.training`, several times faster and step for step the same.

Speed comes from three things and costs readability, so the lesson is the plain loop, not this one:
all parameters lie in one flat vector, so that an optimizer is a few operations on one array; a layer's weights and
bias are one matrix [W b] that meets inputs with a row of ones, so that a bias costs nothing; and every array is made
once and reused. The same rng draws the same batches and masks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_utils.arguments import Array, Parameters, checked_rng
from course_utils.costs import cost_named
from course_utils.dropout import draw_mask, layer_keep_probs
from course_utils.network import compute_cost, layer_activations, layer_sizes
from course_utils.optimizers import Adam, AdamW, GradientDescent, Momentum, Optimizer
from course_utils.penalties import max_norm as scale_to_max_norm
from course_utils.training import (
    TrainingRun,
    check_finite,
    checked_examples,
    checked_recording,
    history_of,
    steps_and_batches,
    whole_network_scores,
)

__all__ = ["train_flat"]


@np.errstate(over="ignore", invalid="ignore")  # divergence gets one clear error instead
def train_flat(
    x: Any,
    y: Any,
    parameters: Parameters,
    *,
    rng: np.random.Generator,
    steps: int = 300,
    optimizer: Optimizer | None = None,
    activation: str | Sequence[str] = "relu",
    cost: str = "binary_cross_entropy",
    keep_prob: float | Sequence[float] = 1.0,
    lambd: float = 0.0,
    lambd1: float = 0.0,
    proximal: bool = False,
    max_norm: float | None = None,
    batch_size: int | None = None,
    test: tuple[Any, Any] | None = None,
    record_every: int | None = None,
    progress: bool = False,
) -> TrainingRun:
    """Train as :func:`course_utils.training.train` does, with the same arguments, result and errors.

    float32 parameters train about twice as fast as float64 ones. Divergence is noticed at the recorded steps.
    """
    x, y, test = checked_examples(x, y, parameters, cost, test)
    steps, every = checked_recording(steps, record_every)
    optimizer = Adam(0.02) if optimizer is None else optimizer
    sizes, m = layer_sizes(parameters), x.shape[1]
    names = layer_activations(activation, len(sizes) - 1)
    keep_probs = layer_keep_probs(keep_prob, len(sizes) - 1)

    theta, layers = flattened(parameters)
    gradient, gradient_layers = flattened({name: np.zeros_like(value) for name, value in parameters.items()})
    is_weight, _ = flattened({name: np.full_like(v, name.startswith("W")) for name, v in parameters.items()})
    update = updater(optimizer, theta, gradient, is_weight)
    decay = (lambd / m) * is_weight
    buffers: dict[int, Buffers] = {}
    records: list[tuple[float, ...]] = []

    for step, columns in steps_and_batches(steps, m, batch_size, checked_rng(rng), progress):
        x_batch, y_batch = (x, y) if isinstance(columns, slice) else (x[:, columns], y[:, columns])
        width = x_batch.shape[1]
        if width not in buffers:
            buffers[width] = Buffers.for_batch(sizes, width, theta.dtype)
        z = forward_in_place(x_batch, layers, names, keep_probs, rng, buffers[width])
        recorded = step % every == 0 or step == steps
        if recorded:
            before = unflattened(layers)
            value = compute_cost(z, y_batch, before, cost=cost, lambd=lambd, lambd1=lambd1, m=m)
        backward_in_place(cost_named(cost).gradient(z, y_batch), layers, gradient_layers, names, buffers[width])
        if lambd:
            gradient += decay * theta
        if lambd1 and not proximal:
            gradient += (lambd1 / m) * (is_weight * np.sign(theta))
        update(step)
        if lambd1 and proximal:
            threshold = optimizer.learning_rate * lambd1 / m
            theta -= is_weight * np.clip(theta, -threshold, threshold)
        if max_norm is not None:
            for layer in layers:
                layer[:, :-1] = scale_to_max_norm(layer[:, :-1], max_norm)
        if recorded:
            after = unflattened(layers)
            check_finite(value, after, step, optimizer.learning_rate)
            scores = [whole_network_scores(data, after, activation, cost) for data in ((x, y), test)]
            records.append((step, value, *scores[0], *scores[1]))
    return TrainingRun(unflattened(layers), history_of(records))


def flattened(parameters: Parameters) -> tuple[Array, list[Array]]:
    """Return one vector of all parameters, and its view [W b] (n_out, n_in + 1) for each layer."""
    depth = len(parameters) // 2
    matrices = [np.hstack([parameters[f"W{layer}"], parameters[f"b{layer}"]]) for layer in range(1, depth + 1)]
    theta = np.concatenate([matrix.ravel() for matrix in matrices])
    ends = np.cumsum([matrix.size for matrix in matrices])[:-1]
    pieces = np.split(theta, ends)  # views, not copies
    return theta, [piece.reshape(matrix.shape) for piece, matrix in zip(pieces, matrices, strict=True)]


def unflattened(layers: list[Array]) -> dict[str, Array]:
    """Return a copy of the layers [W b] as a dict ``W1 b1 W2 b2 ...``."""
    parameters = {}
    for layer, matrix in enumerate(layers, start=1):
        parameters[f"W{layer}"], parameters[f"b{layer}"] = matrix[:, :-1].copy(), matrix[:, -1:].copy()
    return parameters


@dataclass(frozen=True)
class Buffers:
    """Arrays of one pass over m examples, one entry per layer.

    ``inputs`` (n + 1, m) ends in a row of ones; ``a`` holds activations before masking; ``keep`` is mask / keep_prob,
    ones for a layer without dropout.
    """

    inputs: list[Array]
    uniform: list[Array]
    keep: list[Array]
    z: list[Array]
    a: list[Array]
    da: list[Array]

    @classmethod
    def for_batch(cls, sizes: Sequence[int], m: int, dtype: Any) -> Buffers:
        """Make the arrays for batches of ``m`` examples."""
        below, above = sizes[:-1], sizes[1:]

        def empty(rows: Sequence[int], kind: Any = dtype) -> list[Array]:
            return [np.empty((n, m), kind) for n in rows]

        inputs, keep = ([np.ones((n + extra, m), dtype) for n in below] for extra in (1, 0))
        return cls(inputs, empty(below, np.float32), keep, empty(above), empty(below), empty(below))


def forward_in_place(
    x: Array,
    layers: list[Array],
    names: Sequence[str],
    keep_probs: Sequence[float],
    rng: np.random.Generator,
    buffers: Buffers,
) -> Array:
    """Return the logits; leave in ``buffers`` what going back needs."""
    for i, keep_prob in enumerate(keep_probs):  # all masks first, in the order in which the plain loop draws them
        if keep_prob < 1:
            np.copyto(buffers.keep[i], draw_mask(buffers.keep[i].shape, keep_prob, rng))
            buffers.keep[i] *= 1 / keep_prob
    a = x  # (n_0, m)
    for i, layer in enumerate(layers):
        if i:
            a = buffers.a[i]  # (n_i, m)
            IN_PLACE[names[i - 1]].function(buffers.z[i - 1], a)
        if keep_probs[i] < 1:
            np.multiply(a, buffers.keep[i], out=buffers.inputs[i][:-1])
        else:
            buffers.inputs[i][:-1] = a
        np.dot(layer, buffers.inputs[i], out=buffers.z[i])  # (n_out, m)
    return buffers.z[-1]


def backward_in_place(
    dz: Array, layers: list[Array], gradient_layers: list[Array], names: Sequence[str], buffers: Buffers
) -> None:
    """Write the gradient of every layer [W b] into ``gradient_layers``."""
    for i in range(len(layers) - 1, -1, -1):
        np.dot(dz, buffers.inputs[i].T, out=gradient_layers[i])  # (n_out, n_in + 1)
        if i:
            da = buffers.da[i]
            np.dot(layers[i][:, :-1].T, dz, out=da)  # (n_in, m)
            da *= buffers.keep[i]
            IN_PLACE[names[i - 1]].backward(da, buffers.a[i])
            dz = da


@dataclass(frozen=True)
class InPlace:
    """An activation that writes into given arrays: ``function(z, out)``; ``backward(da, a)`` turns da into dz."""

    function: Callable[[Array, Array], Any]
    backward: Callable[[Array, Array], Any]


def sigmoid_in_place(z: Array, out: Array) -> None:
    """Write (1 + tanh(z/2)) / 2, which is sigmoid(z)."""
    np.multiply(z, 0.5, out=out)
    np.tanh(out, out=out)
    out += 1
    out *= 0.5


def tanh_backward_in_place(da,a):
    np.multiply(a,a,out=a)
    np.subtract(1,a,out=a)
    np.multiply(da,a,out=da)


def softmax_in_place(z: Array, out: Array) -> None:
    """Write softmax(z)."""
    np.subtract(z, z.max(axis=0), out=out)
    np.exp(out, out=out)
    out /= out.sum(axis=0)


def softmax_backward_in_place(da: Array, a: Array) -> None:
    """Turn da into a (da - Σ a da)."""
    da -= (a * da).sum(axis=0)
    da *= a


def multiply_by(factor: Callable[[Array], Array]) -> Callable[[Array, Array], Any]:
    """Return the backward of an elementwise activation whose derivative is ``factor(a)``."""
    return lambda da, a: np.multiply(da, factor(a), out=da)


IN_PLACE = {
    "relu": InPlace(lambda z, out: np.maximum(z, 0, out=out), multiply_by(lambda a: a > 0)),
    "tanh": InPlace(lambda z, out: np.tanh(z, out=out), tanh_backward_in_place),
    "sigmoid": InPlace(sigmoid_in_place, multiply_by(lambda a: a * (1 - a))),
    "identity": InPlace(lambda z, out: np.copyto(out, z), lambda da, a: None),
    "softmax": InPlace(softmax_in_place, softmax_backward_in_place),
}


def updater(optimizer: Optimizer, theta: Array, gradient: Array, is_weight: Array) -> Callable[[int], None]:
    """Return a function of the step, from 1, that moves ``theta`` along ``gradient`` in place."""
    mean, square, scratch = np.zeros_like(theta), np.zeros_like(theta), np.empty_like(theta)

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
        if isinstance(optimizer, AdamW):
            np.multiply(theta, 1 - optimizer.learning_rate * optimizer.weight_decay * is_weight, out=theta)
        np.multiply(mean, optimizer.beta1, out=mean)
        np.multiply(gradient, 1 - optimizer.beta1, out=scratch)
        np.add(mean, scratch, out=mean)
        np.multiply(square, optimizer.beta2, out=square)
        np.multiply(gradient, gradient, out=scratch)
        np.multiply(scratch, 1 - optimizer.beta2, out=scratch)
        np.add(square, scratch, out=square)
        # Both corrections for the start at zero are numbers, so they cost nothing if kept out of the arrays.
        root = np.sqrt(1 - optimizer.beta2**step)
        np.sqrt(square, out=scratch)
        np.add(scratch, float(optimizer.epsilon * root), out=scratch)
        np.divide(mean, scratch, out=scratch)
        np.multiply(scratch, float(optimizer.learning_rate * root / (1 - optimizer.beta1**step)), out=scratch)
        np.subtract(theta, scratch, out=theta)

    if isinstance(optimizer, Adam):
        return adam
    if isinstance(optimizer, Momentum):
        return momentum
    if isinstance(optimizer, GradientDescent):
        return gradient_descent
    raise TypeError(f"optimizer must be GradientDescent, Momentum, Adam or AdamW, got {optimizer!r}")
