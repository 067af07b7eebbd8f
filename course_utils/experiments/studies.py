"""Long studies: experiments over many seeds, run by ``python -m course_utils study`` and read by the chapters."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from pkgutil import resolve_name
from time import perf_counter
from typing import Any

import numpy as np

from course_utils.arguments import Array, checked_choice
from course_utils.experiments.catalogue import STUDIES, Study
from course_utils.experiments.journal import Runs, as_stored, versions
from course_utils.experiments.seeds import over_seeds

__all__ = ["STUDIES", "Results", "Study", "UnreadableStudy", "read_study"]

FOLDER = Path(__file__).parents[1] / "data" / "studies"  # in the package: a notebook that carries the course has it too
DIGITS = 6  # significant ones that are kept; seeds differ in the second


@dataclass(frozen=True)
class Results:
    """What came out of a study: for each of its settings one number a seed, ``values[name]`` (n,).

    On MNIST ``wrong[name]`` also says for each seed which digits the network gets wrong.
    """

    values: dict[str, Array]
    settings: Mapping[str, Mapping[str, Any]]
    seeds: Sequence[int]
    wrong: Mapping[str, Sequence[Sequence[int]]] = field(default_factory=dict)


class UnreadableStudy(RuntimeError):
    """The results of a study are missing, damaged, or those of other settings; the message has the command."""


def read_study(name: str, folder: Path = FOLDER) -> Results:
    """Return the results of a study that was run before.

    Parameters
    ----------
    name : str
        One of those that ``python -m course_utils study`` lists.
    folder : pathlib.Path, optional
        Where ``--out`` of that command has put them; by default they are those that the course brings.

    Returns
    -------
    Results

    Raises
    ------
    UnreadableStudy
        If they are missing, damaged, or were made with other settings or seeds; the message says how to make them.
    """
    study = STUDIES[checked_choice("name", name, STUDIES)]
    try:
        record = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        values = {key: np.array(record["values"][key], dtype=float) for key in study.settings}
        described = {key: record[key] for key in ("settings", "seeds")}
        wrong = {key: record["wrong"][key] for key in study.settings} if study.data else {}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise unreadable(name, f"cannot be read: {type(error).__name__}: {error}") from error
    seeds = range(len(described["seeds"])) if study.data else study.seeds  # as many as somebody had the time for
    if described != description(study, seeds):
        raise unreadable(name, "are of other settings or seeds")
    if any(value.shape != (len(seeds),) or not np.isfinite(value).all() for value in values.values()):
        raise unreadable(name, "must be one finite number for each setting and seed")
    return Results(values, study.settings, seeds, wrong)


def unreadable(name: str, reason: str) -> UnreadableStudy:
    """Return the error that says what is wrong with a study's results and how to make them again."""
    return UnreadableStudy(f"the results of study {name} {reason}; make them with  python -m course_utils study {name}")


def description(study: Study, seeds: Sequence[int]) -> dict[str, Any]:
    """Return what makes stored results those of this study, as JSON gives it back."""
    settings = {name: dict(chosen) for name, chosen in study.settings.items()}
    return as_stored({"settings": settings, "seeds": list(seeds)})


def study_record(
    study: Study, *, progress: bool = False, workers: int | None = None, cluster: str | None = None
) -> dict[str, Any]:
    """Run a study on all cores or a cluster, and return what is stored of it."""
    start = perf_counter()
    experiment, settings = resolve_name(study.experiment), study.settings
    with warnings.catch_warnings():
        # To joblib a worker that loads PyTorch late looks like one that leaks memory: it starts another, and says so.
        warnings.filterwarnings("ignore", "A worker stopped while some jobs were given", UserWarning)
        runs = over_seeds(
            lambda seed: {name: experiment(seed, **chosen) for name, chosen in settings.items()},
            study.seeds,
            workers=workers,
            progress=progress,
            cluster=cluster,
        )
    return {
        **description(study, study.seeds),
        "values": {name: [float(f"{run[name]:.{DIGITS}g}") for run in runs] for name in settings},
        "versions": versions(study),
        "seconds": round(perf_counter() - start),
    }


def journal_record(study: Study, seeds: Sequence[int], runs: Runs) -> dict[str, Any]:
    """Return what is stored of a study whose runs were kept one by one."""
    return {
        **description(study, seeds),
        "values": {name: [runs[name, seed]["error"] for seed in seeds] for name in study.settings},
        "wrong": {name: [runs[name, seed]["wrong"] for seed in seeds] for name in study.settings},
        "versions": {
            name: ", ".join(sorted({run["versions"][name] for run in runs.values()})) for name in versions(study)
        },
        "seconds": sum(run["seconds"] for run in runs.values()),
    }


def study_text(record: Mapping[str, Any], before: str = "") -> str:
    """Return the text of a study's file: ``before``, if nothing but the time that it took has changed since."""
    try:
        old = json.loads(before)
        if {**old, "seconds": 0} == {**record, "seconds": 0}:
            return before
    except (ValueError, TypeError):
        pass  # nothing there, or damaged
    text = json.dumps(record, indent=2, ensure_ascii=False)
    return re.sub(r"\[\s+([^][]*?)\s+\]", lambda found: f"[{' '.join(found[1].split())}]", text) + "\n"  # a list a line
