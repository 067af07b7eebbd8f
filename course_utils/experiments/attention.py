"""A transformer's core in NumPy: one head of attention with dropout, on a task where it must look something up.

Sequences are (n, T, m): n numbers for each of T tokens, one example in the last axis.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.activations import softmax
from course_utils.arguments import Array, checked_count, checked_keep_prob
from course_utils.costs import softmax_cross_entropy_gradient
from course_utils.experiments.family import keep_factors
from course_utils.optimizers import Adam

__all__ = ["attend", "attend_backward", "first_weights", "lookup_accuracy", "lookups"]

LETTERS, TOKENS = 6, 6  # each token has a key and a value; the last one asks


def lookups(m: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Draw sequences x (12, 7, m) of six keys, each with a value, and a question: y (6, m) is the value of its key.

    The keys of a sequence are all different, values are not. The question has a key and no value.
    """
    keys = rng.permuted(np.tile(np.arange(LETTERS), (checked_count("m", m), 1)), axis=1)  # (m, 6)
    values, asked = rng.integers(LETTERS, size=(m, TOKENS)), rng.integers(TOKENS, size=m)
    letters, rows = np.eye(LETTERS), np.arange(m)
    x = np.zeros((2 * LETTERS, TOKENS + 1, m))
    x[:LETTERS, :-1] = letters[keys].transpose(2, 1, 0)
    x[LETTERS:, :-1] = letters[values].transpose(2, 1, 0)
    x[:LETTERS, -1] = letters[keys[rows, asked]].T
    return x, letters[values[rows, asked]].T


def first_weights(rng: np.random.Generator, n: int = 2 * LETTERS, classes: int = LETTERS) -> dict[str, Array]:
    """Draw weights for queries, keys and values, (n, n) each, and for the output, (classes, n)."""
    shapes = {"W_query": (n, n), "W_key": (n, n), "W_value": (n, n), "W_out": (classes, n)}
    return {name: rng.standard_normal(shape) / np.sqrt(n) for name, shape in shapes.items()}


def attend(x: Array, parameters: dict[str, Array], factors: Any = 1.0) -> tuple[Array, tuple[Array, ...]]:
    """Return logits (classes, m) at the last token, and what going back needs.

    ``factors`` (T, T, m), 0 or 1 / keep_prob, multiply the attention after its softmax, as PyTorch's ``dropout_p`` of
    ``scaled_dot_product_attention`` does; then its rows no longer add up to 1.
    """
    q, k, v = (np.einsum("ij,jtm->itm", parameters[name], x) for name in ("W_query", "W_key", "W_value"))  # (n, T, m)
    scores = np.einsum("itm,ism->stm", q, k) / np.sqrt(len(q))  # (keys, queries, m)
    attention = softmax_over_keys(scores)
    dropped = attention * factors
    h = x + np.einsum("stm,ism->itm", dropped, v)  # (n, T, m)
    return parameters["W_out"] @ h[:, -1], (x, q, k, v, attention, dropped, h)


def softmax_over_keys(scores: Array) -> Array:
    """Return the attention (keys, queries, m): for each query positive and of sum 1."""
    return softmax(scores.reshape(len(scores), -1)).reshape(scores.shape)


def attend_backward(
    dz: Array, parameters: dict[str, Array], cache: tuple[Array, ...], factors: Any = 1.0
) -> dict[str, Array]:
    """Return the gradients of all weights from that of the logits (classes, m), with the forward pass's factors."""
    x, q, k, v, attention, dropped, h = cache
    dh = np.zeros_like(x)
    dh[:, -1] = parameters["W_out"].T @ dz  # only the last token is read
    dattention = np.einsum("itm,ism->stm", dh, v) * factors
    dscores = attention * (dattention - (attention * dattention).sum(axis=0)) / np.sqrt(len(q))
    dq, dk = np.einsum("stm,ism->itm", dscores, k), np.einsum("stm,itm->ism", dscores, q)
    dv = np.einsum("stm,itm->ism", dropped, dh)
    gradients = {
        f"W_{name}": np.einsum("itm,jtm->ij", d, x) for name, d in {"query": dq, "key": dk, "value": dv}.items()
    }
    return gradients | {"W_out": dz @ h[:, -1].T}


def lookup_accuracy(seed: int, keep_prob: float = 1.0, *, m: int = 100, steps: int = 300) -> float:
    """Train the head on m sequences, and return the share of 2000 new ones that it answers.

    Parameters
    ----------
    seed : int >= 0
        Draws sequences, first weights and masks.
    keep_prob : float in (0, 1]
        Of the attention.
    m, steps : int >= 1
    """
    q, rng = checked_keep_prob(keep_prob), np.random.default_rng([checked_count("seed", seed, 0), 8])
    (x, y), (x_test, y_test), parameters = lookups(m, rng), lookups(2000, rng), first_weights(rng)
    optimizer = Adam(0.01)
    state = optimizer.start(parameters)
    for _ in range(checked_count("steps", steps)):
        factors = keep_factors((TOKENS + 1, TOKENS + 1, m), q, rng)
        z, cache = attend(x, parameters, factors)
        gradients = attend_backward(softmax_cross_entropy_gradient(z, y), parameters, cache, factors)
        parameters, state = optimizer.step(parameters, gradients, state)
    z, _ = attend(x_test, parameters)
    return float(np.mean(z.argmax(axis=0) == y_test.argmax(axis=0)))
