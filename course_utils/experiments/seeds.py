"""One experiment repeated over many seeds, on all cores or a cluster; the results are the same."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, TypeVar

from threadpoolctl import threadpool_limits
from tqdm.auto import tqdm

from course_utils.arguments import checked_count, shown

__all__ = ["FailedExperiment", "over_seeds"]

Outcome = TypeVar("Outcome")

WAIT = 20  # seconds, for a cluster to answer and to have a worker


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
    outcomes = outcomes_of(experiment, seeds := checked_seeds(seeds), workers, cluster)
    return list(tqdm(outcomes, total=len(seeds), unit="seed", leave=False, disable=not progress))


def outcomes_of(
    experiment: Callable[[Any], Outcome], cases: list[Any], workers: int | None = None, cluster: str | None = None
) -> Iterator[Outcome]:
    """Return the outcomes of seeds, or of pairs of a name and a seed, in their order and as they come."""
    if workers is not None:
        workers = checked_count("workers", workers)
    if cluster is None:
        return local_outcomes(experiment, cases, workers)
    if not isinstance(cluster, str):
        raise TypeError(f"cluster must be an address such as 'tcp://127.0.0.1:8786', got {shown(cluster)}")
    if workers is not None:
        raise ValueError(f"workers must be left out with cluster, which brings its own, got {workers}")
    return cluster_outcomes(experiment, cases, cluster)


def checked_seeds(seeds: Any) -> list[int]:
    """Return the seeds as a list of ints, at least one."""
    if not isinstance(seeds, Iterable) or isinstance(seeds, str | bytes):
        raise TypeError(f"seeds must be whole numbers such as range(8), got {shown(seeds)}")
    numbers = [checked_count("seeds: each", seed, 0) for seed in seeds]
    if not numbers:
        raise ValueError("seeds must be at least one whole number, got none")
    return numbers


def local_outcomes(experiment: Callable[[Any], Outcome], seeds: list[Any], workers: int | None) -> Iterator[Outcome]:
    """Yield the outcome of each seed, from processes on this machine or, with one worker, from this one."""
    if workers != 1 and len(seeds) > 1 and sys.platform != "emscripten":  # no processes in a browser
        import joblib  # takes as long as all else here, and is not always needed

        workers = min(workers or joblib.cpu_count(), len(seeds))
        if workers > 1:
            # One that has grown, as by PyTorch, is replaced by a new one: nothing that whoever reads it could act on.
            warnings.filterwarnings("ignore", "A worker stopped while some jobs", UserWarning)
            # Without max_nbytes=None, arrays above 1 MB that the experiment brings along would become read-only. So
            # nothing is written to a folder; but joblib makes up a name for one, which must be ASCII, and the usual
            # one on Windows holds the reader's name.
            run = joblib.Parallel(
                workers, backend="loky", return_as="generator", batch_size=1, max_nbytes=None, temp_folder=os.sep
            )
            yield from run(joblib.delayed(outcome_in_worker)(experiment, seed) for seed in seeds)
            return
    with threadpool_limits(limits=1):
        for seed in seeds:
            yield outcome_of(experiment, seed)


def cluster_outcomes(experiment: Callable[[Any], Outcome], seeds: list[Any], address: str) -> Iterator[Outcome]:
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


def outcome_in_worker(experiment: Callable[[Any], Outcome], seed: Any) -> Outcome:
    """Return the outcome of one seed in a worker, which has one thread for arithmetic from then on."""
    threadpool_limits(limits=1)  # not undone: another thread of a Dask worker may be amid an experiment
    return outcome_of(experiment, seed)


def outcome_of(experiment: Callable[[Any], Outcome], seed: Any) -> Outcome:
    """Return the outcome of one seed; an error names it."""
    try:
        return experiment(seed)
    except (Exception, SystemExit) as error:
        raise failure(seed, error) from error


class FailedExperiment(RuntimeError):
    """An experiment raised an error; the message has the seed and the error, the cause its traceback."""


def failure(seed: Any, error: BaseException) -> FailedExperiment:
    """Return the error that names the seed, and what goes with it in a pair."""
    case = "{}, seed {}".format(*seed) if isinstance(seed, tuple) else f"seed {seed}"
    return FailedExperiment(f"the experiment failed for {case}: {type(error).__name__}: {error}")
