"""Experiments of the course: one training run each, repeated over many seeds, and intervals for what comes out."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import numpy as np
from threadpoolctl import threadpool_limits
from tqdm.auto import tqdm

from course_utils.arguments import Array, checked_array, checked_count, is_list, shown
from course_utils.datasets import Split, digits_split, noisy_quadrants
from course_utils.flat_training import train_flat
from course_utils.network import forward, initialize_parameters, predict
from course_utils.optimizers import Adam, Momentum
from course_utils.training import TrainingRun

__all__ = ["FailedExperiment", "QuadrantRun", "confidence_interval", "digit_accuracy", "over_seeds", "quadrant_run"]

Outcome = TypeVar("Outcome")

WAIT = 20  # seconds, for a cluster to answer and to have a worker

# Two-sided 95 % quantiles of Student's t distribution for 1, 2, ... 30 degrees of freedom.
T_QUANTILES = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip


@dataclass(frozen=True)
class QuadrantRun:
    """A network trained on noisy quadrants: its data, its run, and what a picture of it needs.

    ``axis`` (n,) holds the coordinates of a square grid and ``probability`` (n, n) the predictions on it, row by row
    from the bottom; ``hidden`` (n_1, m) are the first hidden layer's outputs in one training pass, dropped ones nan.
    """

    data: Split
    run: TrainingRun
    axis: Array
    probability: Array
    hidden: Array


def quadrant_run(
    keep_prob: float = 1.0,
    lambd: float = 0.0,
    lambd1: float = 0.0,
    *,
    seed: int = 0,
    mask_seed: int = 0,
    hidden: Sequence[int] = (64, 64),
    m_train: int = 100,
    m_test: int = 4000,
    flipped: float = 0.15,
    steps: int = 300,
    records: int = 15,
    resolution: int = 60,
    dtype: type[np.floating[Any]] = np.float64,
) -> QuadrantRun:
    """Train a ReLU network with the given hidden layers on noisy quadrants with dropout, L2 and L1.

    ``seed`` draws data and first weights; ``mask_seed`` the masks, so that masks can change while all else stays.
    L1 takes the proximal step, so that weights become exactly zero.
    float32 trains faster; float64 gives the same digits on every machine.
    """
    if not is_list(hidden) or not len(hidden):
        raise ValueError(f"hidden must list one size or more, such as (64, 64), got {shown(hidden)}")
    sizes = [2, *(checked_count(f"hidden[{i}]", size) for i, size in enumerate(hidden)), 1]
    record_every = max(1, checked_count("steps", steps) // checked_count("records", records))
    resolution = checked_count("resolution", resolution, 2)
    data = noisy_quadrants(np.random.default_rng(checked_count("seed", seed, 0)), m_train, m_test, flipped)
    parameters = initialize_parameters(sizes, np.random.default_rng([seed, 1]), dtype=dtype)
    mask_rng = np.random.default_rng([seed, 2, checked_count("mask_seed", mask_seed, 0)])
    run = train_flat(
        data.x_train,
        data.y_train,
        parameters,
        rng=mask_rng,
        steps=steps,
        optimizer=Adam(0.02),
        keep_prob=keep_prob,
        lambd=lambd,
        lambd1=lambd1,
        proximal=True,
        test=(data.x_test, data.y_test),
        record_every=record_every,
    )
    return surveyed(data, run, keep_prob, mask_rng, resolution)


def surveyed(data: Split, run: TrainingRun, keep_prob: float, rng: np.random.Generator, resolution: int) -> QuadrantRun:
    """Return a finished run with its predictions on a grid and its first hidden layer in a pass with fresh masks."""
    axis = np.linspace(-3, 3, resolution)
    grid = np.stack(np.meshgrid(axis, axis)).reshape(2, -1)  # (2, resolution²)
    probability = predict(grid, run.parameters).reshape(resolution, resolution)
    _, cache = forward(data.x_train, run.parameters, keep_prob=keep_prob, rng=rng)
    hidden, mask = cache["inputs"][1], cache["masks"][1]
    return QuadrantRun(data, run, axis, probability, hidden if mask is None else np.where(mask, hidden, np.nan))


def digit_accuracy(seed: int, keep_prob: float | Sequence[float] = 1.0, *, steps: int = 400) -> float:
    """Train [64, 256, 256, 10] on 200 digits in NumPy and return the share of the 1597 others that it gets right.

    ``seed`` draws the digits, the first weights and the masks, so equal seeds make a fair pair.
    """
    rng = np.random.default_rng(checked_count("seed", seed, 0))
    data = digits_split(200, rng)
    run = train_flat(
        data.x_train,
        data.y_train,
        initialize_parameters([64, 256, 256, 10], rng),
        rng=rng,
        steps=steps,
        optimizer=Momentum(0.1),
        cost="softmax_cross_entropy",
        keep_prob=keep_prob,
        test=(data.x_test, data.y_test),
        record_every=steps,
    )
    return float(run.history["test_accuracy"][-1])


def over_seeds(
    experiment: Callable[[int], Outcome],
    seeds: Iterable[int],
    *,
    workers: int | None = None,
    progress: bool = False,
    cluster: str | None = None,
) -> list[Outcome]:
    """Return ``experiment(seed)`` for every seed; one seed taken for a result is the commonest mistake of all.

    Seeds run side by side in processes of their own, and what comes out is the same, bit for bit, for any number of
    them: each seed gets one thread for its arithmetic. (The number of threads changes the last digits of a matrix
    product, and networks of this course's size are faster with one.) So the experiment must depend on its seed alone.

    Parameters
    ----------
    experiment : callable
        Takes a seed. May be a lambda or a function of a notebook; libraries are best imported outside it.
    seeds : iterable of int
        Whole numbers ≥ 0, at least one.
    workers : int, optional
        Processes, ≥ 1; one for each core by default, and never more than seeds. With 1 all runs here, without a new
        process. The first call with more waits a second or two until they have started; later calls find them ready.
        In a browser (JupyterLite) there are no processes: all runs here, whatever the number.
    progress : bool
        Whether to show a bar.
    cluster : str, optional
        Address of a Dask scheduler such as ``"tcp://127.0.0.1:8786"``, whose workers are used instead. The course must
        be installed there, and ``distributed`` here. Seeds of a worker that dies are run again on the others. The
        last digits are the same if the processors are of one kind.

    Returns
    -------
    list
        One result for each seed, in the order of ``seeds``.

    Raises
    ------
    FailedExperiment
        If the experiment raises an error; names the seed and the error. It is a RuntimeError.
    ConnectionError
        If no scheduler answers at ``cluster``, or it has no workers.
    ImportError
        If ``cluster`` is given and ``distributed`` is not installed.

    Examples
    --------
    >>> over_seeds(lambda seed: round(np.random.default_rng(seed).random(), 2), [0, 1, 2], workers=1)
    [0.64, 0.51, 0.26]
    """
    if not callable(experiment):
        raise TypeError(f"experiment must be a function of a seed, got {shown(experiment)}")
    seeds = checked_seeds(seeds)
    if workers is not None:
        workers = checked_count("workers", workers)
    if cluster is None:
        outcomes = local_outcomes(experiment, seeds, workers)
    elif not isinstance(cluster, str):
        raise TypeError(f"cluster must be an address such as 'tcp://127.0.0.1:8786', got {shown(cluster)}")
    elif workers is not None:
        raise ValueError(f"workers must be left out with cluster, which brings its own, got {workers}")
    else:
        outcomes = cluster_outcomes(experiment, seeds, cluster)
    return list(tqdm(outcomes, total=len(seeds), unit="seed", leave=False, disable=not progress))


def checked_seeds(seeds: Any) -> list[int]:
    """Return the seeds as a list of ints, at least one."""
    if not isinstance(seeds, Iterable) or isinstance(seeds, str | bytes):
        raise TypeError(f"seeds must be whole numbers such as range(8), got {shown(seeds)}")
    numbers = [checked_count("seeds: each", seed, 0) for seed in seeds]
    if not numbers:
        raise ValueError("seeds must be at least one whole number, got none")
    return numbers


def local_outcomes(experiment: Callable[[int], Outcome], seeds: list[int], workers: int | None) -> Iterator[Outcome]:
    """Yield the outcome of each seed, from processes on this machine or, with one worker, from this one."""
    if workers != 1 and len(seeds) > 1 and sys.platform != "emscripten":  # no processes in a browser
        import joblib  # takes as long as all else here, and is not always needed

        workers = min(workers or joblib.cpu_count(), len(seeds))
        if workers > 1:
            # One that has grown, as by PyTorch, is replaced by a new one: nothing that whoever reads it could act on.
            warnings.filterwarnings("ignore", "A worker stopped while some jobs", UserWarning)
            # Without max_nbytes=None, arrays above 1 MB that the experiment brings along would become read-only.
            run = joblib.Parallel(workers, backend="loky", return_as="generator", batch_size=1, max_nbytes=None)
            yield from run(joblib.delayed(outcome_in_worker)(experiment, seed) for seed in seeds)
            return
    with threadpool_limits(limits=1):
        for seed in seeds:
            yield outcome_of(experiment, seed)


def cluster_outcomes(experiment: Callable[[int], Outcome], seeds: list[int], address: str) -> Iterator[Outcome]:
    """Yield the outcome of each seed from the workers of a Dask scheduler.

    Tasks are submitted without joblib's Dask backend: that one waits for ever when a task cannot be run at all, such as
    one that kills every worker or needs a module that they lack.
    """
    try:
        from distributed import Client, TimeoutError
    except ImportError as error:
        raise ImportError('cluster needs Dask: pip install "distributed>=2024.5"') from error
    try:
        client = Client(address, timeout=WAIT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ConnectionError(f"cluster: no Dask scheduler answers at {address!r} ({error})") from error
    with client:
        futures = client.map(partial(outcome_in_worker, experiment), seeds, pure=False)
        try:
            client.wait_for_workers(1, timeout=WAIT)  # a cluster that grows on demand has none until it has tasks
        except TimeoutError as error:
            raise ConnectionError(f"cluster: the scheduler at {address!r} has no workers; run  dask worker") from error
        for seed, future in zip(seeds, futures, strict=True):
            try:
                yield future.result()
            except FailedExperiment:
                raise
            except Exception as error:  # the worker died again and again, or could not load the experiment
                raise failure(seed, error) from error


def outcome_in_worker(experiment: Callable[[int], Outcome], seed: int) -> Outcome:
    """Return the outcome of one seed in a worker, which has one thread for arithmetic from then on."""
    threadpool_limits(limits=1)  # not undone: another thread of a Dask worker may be amid an experiment
    return outcome_of(experiment, seed)


def outcome_of(experiment: Callable[[int], Outcome], seed: int) -> Outcome:
    """Return the outcome of one seed; an error names it."""
    try:
        return experiment(seed)
    except Exception as error:
        raise failure(seed, error) from error


class FailedExperiment(RuntimeError):
    """An experiment raised an error; the message has the seed and the error, the cause its traceback."""


def failure(seed: int, error: Exception) -> FailedExperiment:
    """Return the error that names the seed."""
    return FailedExperiment(f"the experiment failed for seed {seed}: {type(error).__name__}: {error}")


def confidence_interval(values: Array) -> tuple[float, float]:
    """Return mean and half-width of the 95 % interval of the mean, by Student's t.

    Parameters
    ----------
    values : array (n,)
        Independent results, one per seed, n ≥ 2. For a comparison give the paired differences.

    Examples
    --------
    >>> mean, half = confidence_interval(np.array([1.0, 2.0, 3.0]))
    >>> round(mean, 3), round(half, 3)
    (2.0, 2.484)
    """
    values = checked_array("values", values)
    if values.ndim != 1 or len(values) < 2:
        raise ValueError(f"values must have one axis with at least 2 entries, got shape {values.shape}")
    quantile = T_QUANTILES[len(values) - 2] if len(values) <= 31 else 1.96 + 2.4 / (len(values) - 1)
    return float(values.mean()), float(quantile * values.std(ddof=1) / np.sqrt(len(values)))
