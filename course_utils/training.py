"""Training a network with dropout, L1 and L2: the plain loop, written to be read.

:mod:`course_utils.flat_training` runs the same loop several times faster, step for step the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

import numpy as np
from tqdm.auto import tqdm

from course_utils.activations import HiddenActivations
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
    pair_to_test_for,
)
from course_utils.costs import COSTS, CostName, Labels, accuracy
from course_utils.network import backward, compute_cost, forward
from course_utils.optimizers import Adam, AnOptimizer
from course_utils.penalties import max_norm as scale_to_max_norm
from course_utils.penalties import soft_threshold

__all__ = ["TrainingRun", "train"]

TestExamples: TypeAlias = Annotated[Any, pair_to_test_for(COSTS)]


@dataclass(frozen=True)
class TrainingRun:
    """What training gives: final ``parameters``, and a ``history`` of arrays of equal length.

    ``history["step"]`` counts from 1; ``"cost"`` is the cost of that step's batch with masks and penalties, before
    the update. ``"train_cost"``, ``"test_cost"``, ``"train_accuracy"`` and ``"test_accuracy"`` are the whole network's
    after it, without masks and penalties; nan without test data, and accuracies for squared error.
    """

    parameters: dict[str, Array]
    history: dict[str, Array]


@checked
@np.errstate(over="ignore", invalid="ignore")  # divergence gets one clear error instead
def train(
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
    """Train ``parameters`` on ``x``, ``y`` and return new ones; nothing given is changed.

    Parameters
    ----------
    x, y : arrays (n_0, m) and (n_L, m)
        Training examples, one per column.
    parameters : dict
        Where to start, from :func:`course_utils.network.initialize_parameters`.
    rng : numpy.random.Generator
        Draws the order of examples and the masks; the same rng gives the same run.
    steps : int >= 1
        Number of updates.
    optimizer : Optimizer, optional
        Adam(0.02) unless given.
    activation, cost, keep_prob, lambd, lambd1
        As in :func:`course_utils.network.forward` and :func:`course_utils.network.backward`.
    proximal : bool
        Handle L1 by the soft threshold after each step, which gives exact zeros, in place of the subgradient. Its
        threshold is learning_rate · λ₁/m.
    max_norm : float > 0, optional
        Longest row that a weight matrix may have after a step.
    batch_size : int, optional
        Examples per step; all of them unless given. Every example is used once before any is used again.
    test : (x, y), optional
        Test examples for the history.
    record_every : int, optional
        Steps between entries of the history; about 50 entries unless given. The last step is always recorded.
    progress : bool
        Show a progress bar.

    Returns
    -------
    TrainingRun

    Raises
    ------
    ValueError, TypeError
        For bad arguments.
    FloatingPointError
        If the cost stops being finite, which a smaller learning rate mends.

    Examples
    --------
    >>> from course_utils.network import initialize_parameters
    >>> rng = np.random.default_rng(0)
    >>> x = np.array([[0.0, 1.0, 2.0, 3.0]])
    >>> run = train(x, x > 1.5, initialize_parameters([1, 8, 1], rng), rng=rng, steps=100)
    >>> float(run.history["train_accuracy"][-1])
    1.0
    """
    x, y = in_dtype((x, y), parameters)
    test = None if test is None else in_dtype(test, parameters)
    optimizer, every = optimizer or Adam(0.02), record_every or max(1, steps // 50)
    m, state = x.shape[1], optimizer.start(parameters)
    records: list[tuple[float, ...]] = []
    parameters = dict(parameters)
    gradient_lambd1 = 0.0 if proximal else lambd1

    for step, columns in steps_and_batches(steps, m, batch_size, rng, progress):
        x_batch, y_batch = x[:, columns], y[:, columns]
        z, cache = forward(x_batch, parameters, activation=activation, keep_prob=keep_prob, rng=rng)
        gradients = backward(y_batch, parameters, cache, cost=cost, lambd=lambd, lambd1=gradient_lambd1, m=m)
        value = compute_cost(z, y_batch, parameters, cost=cost, lambd=lambd, lambd1=lambd1, m=m)
        parameters, state = optimizer.step(parameters, gradients, state)
        check_finite(value, parameters, step, optimizer.learning_rate)
        if proximal or max_norm is not None:
            parameters = constrained(parameters, optimizer.learning_rate * lambd1 / m if proximal else 0.0, max_norm)
        if step % every == 0 or step == steps:
            scores = [whole_network_scores(data, parameters, activation, cost) for data in ((x, y), test)]
            records.append((step, value, *scores[0], *scores[1]))
    return TrainingRun(parameters, history_of(records))


def constrained(parameters: Parameters, threshold: float, limit: float | None) -> dict[str, Array]:
    """Return parameters after the L1 proximal step and the max-norm constraint, both for weights only."""
    updated = dict(parameters)
    for name, W in parameters.items():
        if name.startswith("W"):
            W = soft_threshold(W, threshold) if threshold else W
            updated[name] = W if limit is None else scale_to_max_norm(W, limit)
    return updated


def steps_and_batches(
    steps: int, m: int, batch_size: int | None, rng: np.random.Generator, progress: bool
) -> Iterator[tuple[int, Array | slice]]:
    """Yield the step, from 1, and the columns of its batch: all, or a slice of a fresh shuffle for each epoch."""
    numbers: Iterable[int] = tqdm(range(1, steps + 1), desc="training", unit="step", leave=False, disable=not progress)
    if batch_size is None or batch_size >= m:
        for step in numbers:
            yield step, slice(None)
        return
    order, position, batch_size = rng.permutation(m), 0, int(batch_size)  # a small NumPy integer would run over
    for step in numbers:
        if position >= m:
            order, position = rng.permutation(m), 0
        yield step, order[position : position + batch_size]
        position += batch_size


def in_dtype(data: tuple[Array, Array], parameters: Parameters) -> tuple[Array, Array]:
    """Return examples in the dtype of the parameters."""
    x, y = data
    return x.astype(parameters["W1"].dtype), y.astype(parameters["W1"].dtype)


def check_finite(value: float, parameters: Parameters, step: int, learning_rate: float) -> None:
    """Raise if training has diverged."""
    if not (np.isfinite(value) and all(np.isfinite(array).all() for array in parameters.values())):
        raise FloatingPointError(
            f"training diverged at step {step} (cost {value:g}): a learning_rate below {learning_rate:g} may help"
        )


def whole_network_scores(
    data: tuple[Array, Array] | None, parameters: Parameters, activation: str | Sequence[str], cost: str
) -> tuple[float, float]:
    """Return cost and accuracy without masks; nan for what is not defined."""
    if data is None:
        return float("nan"), float("nan")
    x, y = data
    z, _ = forward(x, parameters, activation=activation)
    return COSTS[cost].value(z, y), float("nan") if cost == "mean_squared_error" else accuracy(z, y)


HISTORY = ("step", "cost", "train_cost", "train_accuracy", "test_cost", "test_accuracy")


def history_of(records: list[tuple[float, ...]]) -> dict[str, Array]:
    """Return records as one array per name."""
    return {name: np.array(column) for name, column in zip(HISTORY, zip(*records, strict=True), strict=True)}
