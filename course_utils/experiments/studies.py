"""Long studies: experiments over many seeds, run by ``python -m course_utils study`` and read by the chapters."""

from __future__ import annotations

import json
import platform
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
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


KEEP_PROBS = (1.0, 0.95, 0.9, 0.8, 0.7, 0.5, 0.3)
CASES = {
    "noisy labels": {},
    "clean labels": {"flipped": 0.0},
    "few clean points": {"flipped": 0.0, "m_train": 40},
    "many noisy points": {"m_train": 600},
    "tiny network": {"hidden": [4, 4]},
}
DROPOUT = {"p_input": 0.2, "p_hidden": 0.5}
CHOSEN = {"p_input": 0.2, "p_hidden": 0.3}  # the first from the paper of 2014, the second by digit_strengths
STRENGTHS = {
    "L1": {value: {"l1": value} for value in (1e-4, 3e-4, 1e-3, 3e-3)},
    "L2": {value: {"weight_decay": value} for value in (1e-3, 3e-3, 1e-2, 3e-2)},
    "dropout": {value: {"p_input": 0.2, "p_hidden": value} for value in (0.1, 0.3, 0.5, 0.7)},
    "dropout + max-norm": {value: {**CHOSEN, "max_norm": value} for value in (1.0, 1.5, 2.0, 3.0, 4.0)},
    "dropout + L2": {value: {**CHOSEN, "weight_decay": value} for value in (1e-4, 3e-4, 1e-3, 3e-3)},
}
# The points left out of training, and where to look: at the same region with its points and without them.
GAPS_AND_REGIONS = (
    ("none", "all"),
    ("none", "middle"),
    ("middle", "middle"),
    ("none", "peak"),
    ("peak", "peak"),
    ("none", "top"),
    ("peak", "top"),
)
STUDIES = {
    "keep_probs": Study(
        "chapter 01: when dropout helps, by keep_prob",
        "course_utils.experiments.stopping:stopped_accuracy",
        {f"{case}, {q:g}": settings | {"keep_prob": q} for case, settings in CASES.items() for q in KEEP_PROBS},
        range(16),
    ),
    "early_stopping": Study(
        "chapter 02: early stopping beside dropout and L2, on noisy quadrants",
        "course_utils.experiments.stopping:stopped_accuracy",
        {
            "neither": {},
            "keep_prob 0.8": {"keep_prob": 0.8},
            "keep_prob 0.5": {"keep_prob": 0.5},
            "keep_prob 0.3": {"keep_prob": 0.3},
            "λ = 1": {"lambd": 1.0},
            "stopped": {"validation": 100},
            "stopped, keep_prob 0.8": {"validation": 100, "keep_prob": 0.8},
            "200 points": {"m_train": 200},
            "200 points, keep_prob 0.8": {"m_train": 200, "keep_prob": 0.8},
            "200 points, keep_prob 0.5": {"m_train": 200, "keep_prob": 0.5},
            "200 points, λ = 1": {"m_train": 200, "lambd": 1.0},
        },
        range(16),
    ),
    "digit_dropout": Study(
        "chapter 02: dropout on 200 digits, in NumPy",
        "course_utils.experiments.digits:digit_accuracy",
        {
            "none": {"keep_prob": 1.0},
            "dropout": {"keep_prob": [0.8, 0.5, 0.5]},
            **{f"hidden {q:g}": {"keep_prob": q} for q in (0.9, 0.7, 0.5, 0.3)},
            "stopped": {"validation": 100},
        },
        range(8),
    ),
    "digit_regularizers": Study(
        "chapter 04: six ways to regularize on 200 digits, in PyTorch",
        "course_utils.pytorch.digits:digit_accuracy",
        {
            "none": {},
            "L1": {"l1": 3e-4},
            "L2": {"weight_decay": 3e-3},
            "dropout": CHOSEN,
            "dropout + max-norm": {**CHOSEN, "max_norm": 3.0},
            "dropout + L2": {**CHOSEN, "weight_decay": 3e-4},
        },
        range(10),
        ("numpy", "torch"),
    ),
    "digit_strengths": Study(
        "chapter 04: the strengths tried for these ways, on the digits set aside for choosing",
        "course_utils.pytorch.digits:digit_accuracy",
        {
            f"{name} {value:g}": {**settings, "choosing": True}
            for name, tried in STRENGTHS.items()
            for value, settings in tried.items()
        },
        range(8),
        ("numpy", "torch"),
    ),
    "mc_gaps": Study(
        "chapter 04: Monte Carlo dropout where points were trained on, and where the same points were left out",
        "course_utils.pytorch.band:band_measure",
        {
            f"{measure}, p {p:g}, {region}, without {gap}": {"p": p, "gap": gap, "region": region, "measure": measure}
            for p in (0.02, 0.1, 0.5)
            for gap, region in GAPS_AND_REGIONS
            for measure in ("deviation", "error", "coverage")
        },
        range(10),
        ("numpy", "torch"),
    ),
    "forgotten_eval": Study(
        "chapter 04: how far the accuracy on digits falls if eval() is forgotten",
        "course_utils.pytorch.digits:forgotten_loss",
        {f"{which} of 30 passes": {**DROPOUT, "which": which} for which in ("mean", "best")},
        range(8),
        ("numpy", "torch"),
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
