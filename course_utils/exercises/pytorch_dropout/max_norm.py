"""The check of ``clip_rows``: a limit for the length of each row of a weight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_utils.arguments import Array
from course_utils.exercises.calls import called
from course_utils.exercises.exercise import Answer
from course_utils.exercises.explanation import agree
from course_utils.exercises.mistake import Mistake, require
from course_utils.exercises.pytorch_dropout.tensors import (
    drawn_seed,
    mixed_network,
    network_of,
    require_trainable,
    short_numbers,
    torch_seeded,
    values_of,
)
from course_utils.exercises.slips import Slip, combined, known

__all__ = ["examine_clip_rows"]

Change = tuple[Array, Array, float]  # a weight before and after, and the limit


def examine_clip_rows(clip_rows: Answer, rng: np.random.Generator) -> None:
    """Examine ``clip_rows(model, c)``."""
    limit = float(rng.choice([1.5, 2.5, 3.0]))
    square = [drawn_rows(rng, 3, limit * np.array(lengths)) for lengths in ((0.8, 1.6, 0.4), (0.4, 0.8, 1.6))]
    others = [drawn_rows(rng, 4, limit * np.array([1.6, 0.0, 0.7])), drawn_rows(rng, 3, limit * np.array([0.5, 1.8]))]
    with torch_seeded(drawn_seed(rng)):
        small, large = clipped(clip_rows, [[[3, 4], [0.6, -0.8]]], 2.0), clipped(clip_rows, square, limit)
        require_rows_clipped([*small, *large], CLIPPINGS)
        # Only now: matrices that are not square, or with a row of zeros, turn some mistakes into errors.
        for old, new, c in (last := clipped(clip_rows, others, limit)):
            case = ("W before", old), ("c", c), ("W afterwards", new)
            require(np.isfinite(new).all(), "zero-row", *case)
        require_rows_clipped(last, ())
        require_vectors_kept(clip_rows, mixed_network(rng))


def require_vectors_kept(clip_rows: Answer, model: Any) -> None:
    """Require matrices in blocks to be clipped, and the scales of a normalization and all biases to stay."""
    before = {name: values_of(parameter) for name, parameter in model.named_parameters()}
    called(lambda model, limit: clipping_done(clip_rows, model, limit), model, 0.5)
    for name, parameter in model.named_parameters():
        old, new = before[name], values_of(parameter)
        case = ("parameter", name), ("before", old), ("afterwards", new), ("c", 0.5)
        if old.ndim == 1:
            kind = "biases-clipped" if "bias" in name else "norm-scales-clipped"
            require(np.array_equal(old, new), kind, *case)
        if old.ndim == 2:
            require(not np.array_equal(old, new), "nested-layers-missed", *case)
            require(agree(new, rows_clipped(old, 0.5)), "wrong-value", *case)


def drawn_rows(rng: np.random.Generator, n: int, lengths: Any) -> Array:
    """Return a matrix with n columns and rows of about these lengths, in numbers of two decimals."""
    drawn = short_numbers(rng, len(lengths), n)
    scaled: Array = drawn / np.linalg.norm(drawn, axis=1, keepdims=True) * np.reshape(lengths, (-1, 1))
    return scaled.round(2)


def clipped(clip_rows: Answer, weights: Sequence[Any], c: float) -> list[Change]:
    """Return what a call does to the weights of a network; if that is right, it may do nothing else."""
    network = network_of(weights, [np.arange(4.0, 4 + len(W)) for W in weights])  # biases are longer than c
    (100 * sum(parameter.sum() for parameter in network.parameters())).backward()
    own = list(network.parameters())
    called(lambda model, limit: clipping_done(clip_rows, model, limit), network, c)
    new = list(network.parameters())
    changes = [(np.array(W, dtype=float), values_of(now), c) for W, now in zip(weights, new[::2], strict=True)]
    for old, now, _ in changes:
        require(now.shape == old.shape, "wrong-shape", ("expected", old.shape), ("got", now.shape))
    case = ("W1 before", changes[0][0]), ("c", c), ("W1 afterwards", changes[0][1])
    if len(weights) == 1 and all(np.array_equal(old, now) for old, now, _ in changes):
        as_they_were = all(bool((now.grad == 100).all()) for now in own)
        raise Mistake("name-rebound" if as_they_were else "gradients-clipped", case)
    if all(agree(now, rows_clipped(old, c)) for old, now, _ in changes):
        for before, b in ((np.arange(4.0, 4 + len(b)), values_of(b)) for b in new[1::2]):
            require(np.array_equal(before, b), "biases-clipped", ("b before", before), ("b afterwards", b), ("c", c))
        require(all(old is now for old, now in zip(own, new, strict=True)), "parameter-replaced", *case)
        require_trainable(network)
    return changes


def clipping_done(clip_rows: Answer, model: Any, c: float) -> bool:
    """Call ``clip_rows(model, c)``, which need not return anything; autograd's refusal is a mistake of its own."""
    try:
        clip_rows(model, c)
    except RuntimeError as error:
        refused = "in-place operation" in str(error) or "modified inplace" in str(error)
        require(not refused, "needs-no-grad", ("error", str(error)))
        raise
    return True


def rows_clipped(W: Array, c: float) -> Array:
    """Return W with rows longer than c scaled to length c."""
    scaled: Array = W * np.minimum(1, c / np.maximum(row_lengths(W), 1e-300))
    return scaled


def row_lengths(W: Array) -> Array:
    """Return the length of each row, (n, 1)."""
    lengths: Array = np.linalg.norm(W, axis=1, keepdims=True)
    return lengths


def require_rows_clipped(changes: Sequence[Change], wrong: Sequence[Slip]) -> None:
    """Require rows longer than the limit to have its length and the others to be as they were."""
    failing = [change for change in changes if not agree(change[1], rows_clipped(change[0], change[2]))]
    if not failing:
        return
    old, new, c = failing[0]
    given = ("W before", old), ("lengths of its rows", row_lengths(old)[:, 0]), ("c", c)
    case = (*given, ("expected", rows_clipped(old, c)), ("got", new))
    for slip in wrong:
        with np.errstate(all="ignore"):
            if all(agree(now, slip.function(W, limit)) for W, now, limit in changes):
                raise Mistake(slip.found[0].misconception, case, *slip.found[1:])
    unchanged = [np.array_equal(now, W) for W, now, _ in changes]
    first_only = len(changes) > 1 and agree(changes[-2][1], rows_clipped(changes[-2][0], changes[-2][2]))
    require(not (first_only and unchanged[-1]), "first-layer-only", *case)
    raise Mistake("wrong-value", case)


def row_roots(W: Array) -> Array:
    """Return the root of the mean of the squares of each row."""
    roots: Array = np.sqrt(np.mean(W**2, axis=1, keepdims=True))
    return roots


# What is taken for the length of a row, and what is done with it; the right one first.
LENGTHS: dict[str, Callable[[Array], Array]] = {
    "": row_lengths,
    "root-missing": lambda W: row_lengths(W) ** 2,
    "length-by-absolute": lambda W: np.abs(W).sum(axis=1, keepdims=True),
    "largest-entry-for-length": lambda W: np.abs(W).max(axis=1, keepdims=True),
    "mean-for-length": row_roots,
    "columns-clipped": lambda W: np.linalg.norm(W, axis=0, keepdims=True),
    "matrix-scaled": lambda W: np.full((len(W), 1), np.linalg.norm(W)),
}
FACTORS: dict[str, Callable[[Array, float], Array]] = {
    "": lambda lengths, c: np.minimum(1, c / lengths),
    "short-rows-stretched": lambda lengths, c: c / lengths,
    "limit-from-below": lambda lengths, c: np.maximum(1, c / lengths),
    "unit-length": lambda lengths, c: np.where(lengths > c, 1 / lengths, 1),
    "rows-zeroed": lambda lengths, c: (lengths <= c).astype(float),
    "limit-squared": lambda lengths, c: np.minimum(1, c**2 / lengths),
}
CLIPPINGS = [
    *known(
        {
            "entries-clipped": lambda W, c: W.clip(-c, c),
            "matrix-scaled": lambda W, c: W * min(1.0, c / float(row_lengths(W).max())),
            "unit-length": [lambda W, c: W / row_lengths(W), lambda W, c: W * np.minimum(1, 1 / row_lengths(W))],
            "limit-squared": lambda W, c: W * np.minimum(1, np.sqrt(c) / row_lengths(W)),
            "axis-lost": lambda W, c: W * np.minimum(1, c / row_lengths(W)[:, 0]),
            "first-row-only": lambda W, c: np.vstack([rows_clipped(W[:1], c), W[1:]]),
        }
    ),
    *combined(lambda length, factor: lambda W, c: W * factor(length(W), c), LENGTHS, FACTORS),
]
