"""Long studies: experiments over many seeds, run by ``python -m course_utils study`` and read by the chapters."""

from __future__ import annotations

import json
import platform
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import product
from pathlib import Path
from pkgutil import resolve_name
from time import perf_counter
from typing import Any

import numpy as np

from course_utils.arguments import Array, checked_choice
from course_utils.experiments.seeds import over_seeds

__all__ = ["STUDIES", "Results", "Study", "UnreadableStudy", "read_study"]

FOLDER = Path(__file__).parents[1] / "data" / "studies"  # in the package: a notebook that carries the course has it too
DIGITS = 6  # significant ones that are kept; seeds differ in the second


@dataclass(frozen=True)
class Study:
    """An experiment, the settings that it compares, and the seeds of each.

    ``experiment`` names a function as "module:function", so that results can be read where PyTorch is missing;
    ``experiment(seed, **settings[name])`` returns a number. ``packages`` are those whose arithmetic it uses.
    """

    line: str
    experiment: str
    settings: Mapping[str, Mapping[str, Any]]
    seeds: Sequence[int]
    packages: tuple[str, ...] = ("numpy",)


@dataclass(frozen=True)
class Results:
    """What came out of a study: for each of its settings one number a seed, ``values[name]`` (n,)."""

    values: dict[str, Array]
    settings: Mapping[str, Mapping[str, Any]]
    seeds: Sequence[int]


class UnreadableStudy(RuntimeError):
    """The results of a study are missing, damaged, or those of other settings; the message has the command."""


def scored(grids: Mapping[str, Sequence[Mapping[str, float]]]) -> dict[str, dict[str, Any]]:
    """Return settings for a score of each strength in each grid on the points that choose and on those that report."""
    return {
        f"{name}, {' '.join(f'{value:g}' for value in strengths.values()) or 'nothing'}, {on}": {**strengths, "on": on}
        for on in ("validation", "test")
        for name, grid in grids.items()
        for strengths in grid
    }


DROPOUT = {"p_input": 0.2, "p_hidden": 0.5}
DECAYS = {  # λ/m from 0.001 to 0.1, for m = 100
    "none": [{}],
    "Adam": [{"lambd": strength} for strength in (0.1, 0.3, 1.0, 3.0, 10.0)],
    "AdamW": [{"weight_decay": strength} for strength in (0.01, 0.1, 0.3, 1.0, 3.0, 10.0)],
}
RECIPES = {
    "none": [{}],
    "dropout": [{"keep_prob": keep_prob} for keep_prob in (0.95, 0.9, 0.8, 0.7, 0.5, 0.3)],
    "L2": [{"lambd": lambd} for lambd in (0.1, 0.3, 1.0, 2.0, 5.0)],
    "L1": [{"lambd1": lambd1} for lambd1 in (5.0, 10.0, 20.0, 50.0, 100.0)],
    "all three": [
        {"keep_prob": keep_prob, "lambd": lambd, "lambd1": lambd1}
        for keep_prob, lambd, lambd1 in product((0.95, 0.8, 0.7), (0.1, 0.3, 1.0), (5.0, 20.0, 50.0))
    ],
}
STUDIES = {
    "digit_dropout": Study(
        "chapter 02: dropout on 200 digits, in NumPy",
        "course_utils.experiments.digits:digit_accuracy",
        {"none": {"keep_prob": 1.0}, "dropout": {"keep_prob": [0.8, 0.5, 0.5]}},
        range(8),
    ),
    "digit_regularizers": Study(
        "chapter 04: six ways to regularize on 200 digits, in PyTorch",
        "course_utils.pytorch.digits:digit_accuracy",
        {
            "none": {},
            "L1": {"l1": 3e-4},
            "L2": {"weight_decay": 3e-3},
            "dropout": DROPOUT,
            "dropout + max-norm": {**DROPOUT, "max_norm": 1.5},
            "dropout + L2": {**DROPOUT, "weight_decay": 3e-4},
        },
        range(10),
        ("numpy", "torch"),
    ),
    "decay_strengths": Study(
        "chapter 03: L2 under Adam and AdamW's decay, each at several strengths",
        "course_utils.experiments.strengths:strength_accuracy",
        scored(DECAYS),
        range(16),
    ),
    "recipe_strengths": Study(
        "chapter 03: dropout, L2, L1 and all three, each at several strengths",
        "course_utils.experiments.strengths:strength_accuracy",
        scored(RECIPES),
        range(16),
    ),
    "chosen_strengths": Study(  # other seeds: networks that were picked for their scores do not report themselves
        "chapter 03: the strengths that those two studies choose, on other seeds",
        "course_utils.experiments.strengths:strength_accuracy",
        {
            "none": {},
            "dropout": {"keep_prob": 0.7},
            "L2": {"lambd": 1.0},
            "L1": {"lambd1": 50.0},
            "all three": {"keep_prob": 0.8, "lambd": 0.1, "lambd1": 20.0},
            "AdamW": {"weight_decay": 3.0},
        },
        range(16, 32),
    ),
}


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
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise unreadable(name, f"cannot be read: {type(error).__name__}: {error}") from error
    if described != description(study):
        raise unreadable(name, "are of other settings or seeds")
    if any(value.shape != (len(study.seeds),) or not np.isfinite(value).all() for value in values.values()):
        raise unreadable(name, "must be one finite number for each setting and seed")
    return Results(values, study.settings, study.seeds)


def unreadable(name: str, reason: str) -> UnreadableStudy:
    """Return the error that says what is wrong with a study's results and how to make them again."""
    return UnreadableStudy(f"the results of study {name} {reason}; make them with  python -m course_utils study {name}")


def description(study: Study) -> dict[str, Any]:
    """Return what makes stored results those of this study, as JSON gives it back."""
    settings = {name: dict(chosen) for name, chosen in study.settings.items()}
    return json.loads(json.dumps({"settings": settings, "seeds": list(study.seeds)}))


def study_record(study: Study, *, progress: bool = False) -> dict[str, Any]:
    """Run a study on all cores, and return what is stored of it."""
    start = perf_counter()
    experiment, settings = resolve_name(study.experiment), study.settings
    with warnings.catch_warnings():
        # To joblib a worker that loads PyTorch late looks like one that leaks memory: it starts another, and says so.
        warnings.filterwarnings("ignore", "A worker stopped while some jobs were given", UserWarning)
        runs = over_seeds(
            lambda seed: {name: experiment(seed, **chosen) for name, chosen in settings.items()},
            study.seeds,
            progress=progress,
        )
    return {
        **description(study),
        "values": {name: [float(f"{run[name]:.{DIGITS}g}") for run in runs] for name in settings},
        "versions": {"python": platform.python_version(), **{name: version(name) for name in study.packages}},
        "seconds": round(perf_counter() - start),
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
