"""Runs that take minutes each, kept as they end, a line of JSON each: a study that was stopped goes on where it was."""

from __future__ import annotations

import hashlib
import json
import math
import os
import platform
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

from tqdm.auto import tqdm

from course_utils.experiments.catalogue import Study
from course_utils.experiments.seeds import outcomes_of

__all__ = ["add_run", "read_runs", "run_all"]

KEYS = ("settings", "error", "wrong", "seconds", "versions")
Case = tuple[str, int]  # a setting and a seed
Runs = dict[Case, dict[str, Any]]


def run_all(
    study: Study,
    journal: Path,
    seeds: Sequence[int],
    *,
    data: str | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    progress: bool = False,
) -> Runs:
    """Run what the journal does not hold yet, and return all runs of these seeds.

    Parameters
    ----------
    study : Study
        One with ``data``.
    journal : pathlib.Path
        A file to which each run is added as it ends. Beside it a folder holds how far unfinished runs are, by epochs,
        unless they run on a cluster, where they begin again.
    seeds : sequence of int
    data : str, optional
        A path for the function that reads the study's data; workers of a cluster must find it there too.
    workers, cluster
        As for :func:`course_utils.experiments.over_seeds`.
    progress : bool
        Whether to show a bar of runs, and one of epochs for each that goes on.

    Returns
    -------
    dict
        What each run said, by setting and seed.
    """
    runs = read_runs(journal, study)
    cases = [(name, seed) for seed in seeds for name in study.settings]
    todo = [case for case in cases if case not in runs]
    if todo:
        resolve_name(str(study.data))(data)  # bad data is told before anything runs
        experiment, half_done = resolve_name(study.experiment), journal.resolve().with_suffix(".running")
        outcomes = outcomes_of(
            lambda case: experiment(
                case[1],
                **study.settings[case[0]],
                data=data,
                checkpoint=None if cluster else checkpoint(half_done, study, case),
                progress=progress and not cluster,
            ),
            todo,
            workers,
            cluster,
        )
        for case, outcome in zip(todo, tqdm(outcomes, total=len(todo), unit="run", disable=not progress), strict=True):
            said = {"setting": case[0], "seed": case[1], "settings": study.settings[case[0]], **outcome}
            add_run(journal, {**said, "versions": versions(study)})
            checkpoint(half_done, study, case).unlink(missing_ok=True)
        runs = read_runs(journal, study)
        if half_done.exists() and not any(half_done.iterdir()):
            half_done.rmdir()
    return {case: runs[case] for case in cases}


def read_runs(journal: Path, study: Study) -> Runs:
    """Return the runs that a journal holds of a study as it is now; of a run that it holds twice, the last.

    A line that is damaged is named on stderr and left out, so that its run begins again.
    """
    runs = {}
    for number, line in enumerate(journal.read_bytes().split(b"\n") if journal.exists() else [], start=1):
        if not line:
            continue
        try:
            run = json.loads(line)
            case, settings, error, *_ = (run["setting"], run["seed"]), *(run[key] for key in KEYS)
            if not math.isfinite(error):
                raise ValueError(error)
            if case[0] in study.settings and settings == as_stored(study.settings[case[0]]):
                runs[case] = run
        except (ValueError, TypeError, KeyError):
            print(f"{journal}: line {number} is damaged; its run begins again", file=sys.stderr)
    return runs


def add_run(journal: Path, run: dict[str, Any]) -> None:
    """Add a run to a journal as one line, and return when it is on the disk."""
    line = json.dumps(run, ensure_ascii=False).encode() + b"\n"
    with journal.open("ab+", buffering=0) as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":  # a line that a power cut has torn
                line = b"\n" + line
        file.write(line)  # at the end, in one piece
        os.fsync(file.fileno())


def checkpoint(folder: Path, study: Study, case: Case) -> Path:
    """Return the file of an unfinished run; with other settings or versions it is another one."""
    what = json.dumps([study.settings[case[0]], case, versions(study)])
    return folder / f"{hashlib.sha256(what.encode()).hexdigest()[:16]}.pt"


def versions(study: Study) -> dict[str, str]:
    """Return the versions of Python and of the packages that a study computes with."""
    return {"python": platform.python_version(), **{name: version(name) for name in study.packages}}


def as_stored(settings: Any) -> Any:
    """Return settings as JSON gives them back."""
    return json.loads(json.dumps(settings))
