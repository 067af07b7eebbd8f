"""The long studies of the course: what each compares, and over which seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

__all__ = ["STUDIES", "Study"]

Grids = Mapping[str, Sequence[Mapping[str, float]]]  # name of a way to regularize, then its strengths


@dataclass(frozen=True)
class Study:
    """An experiment, the settings that it compares, and the seeds of each.

    ``experiment`` names a function as "module:function", so that results can be read where PyTorch is missing;
    ``experiment(seed, **settings[name])`` returns a number. ``packages`` are those whose arithmetic it uses.

    With ``data``, which names the function that reads its data, one run takes minutes and is kept by itself, see
    :mod:`course_utils.experiments.journal`: more seeds may be asked for than ``seeds``; the experiment is also told
    ``data``, ``checkpoint`` and ``progress``; and it returns a dict, in which "error" is the number.
    """

    line: str
    experiment: str
    settings: Mapping[str, Mapping[str, Any]]
    seeds: Sequence[int]
    packages: tuple[str, ...] = ("numpy",)
    data: str | None = None


def scored(grids: Grids) -> dict[str, dict[str, Any]]:
    """Return settings for a score of each strength in each grid on the points that choose and on those that report."""
    return {
        f"{name}, {' '.join(f'{value:g}' for value in strengths.values()) or 'nothing'}, {on}": {**strengths, "on": on}
        for on in ("validation", "test")
        for name, grid in grids.items()
        for strengths in grid
    }


KEEP_PROBS = (1.0, 0.95, 0.9, 0.8, 0.7, 0.5, 0.3)
CASES: Mapping[str, Mapping[str, Any]] = {
    "noisy labels": {},
    "clean labels": {"flipped": 0.0},
    "few clean points": {"flipped": 0.0, "m_train": 40},
    "many noisy points": {"m_train": 600},
    "the same, 1500 steps": {"m_train": 600, "steps": 1500},
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
DECAYS: Grids = {  # λ/m from 0.001 to 0.1, for m = 100
    "none": [{}],
    "Adam": [{"lambd": strength} for strength in (0.1, 0.3, 1.0, 3.0, 10.0)],
    "AdamW": [{"weight_decay": strength} for strength in (0.01, 0.1, 0.3, 1.0, 3.0, 10.0)],
}
RECIPES: Grids = {
    "none": [{}],
    "dropout": [{"keep_prob": keep_prob} for keep_prob in (0.95, 0.9, 0.8, 0.7, 0.5, 0.3)],
    "L2": [{"lambd": lambd} for lambd in (0.1, 0.3, 1.0, 2.0, 5.0)],
    "L1": [{"lambd1": lambd1} for lambd1 in (5.0, 10.0, 20.0, 50.0, 100.0)],
    "all three": [
        {"keep_prob": keep_prob, "lambd": lambd, "lambd1": lambd1}
        for keep_prob, lambd, lambd1 in product((0.95, 0.8, 0.7), (0.1, 0.3, 1.0), (5.0, 20.0, 50.0))
    ],
}
# λ = 1 / (learning rate · τ · steps in an epoch), for the learning rate and the batches of experiments/timescales.py.
TIMES = (5, 7.5, 10, 15, 20, 30, 40, 60, 120)  # τ in epochs; with four times the points the same λ has a quarter of τ
MNIST = {"epochs": 60, "batch": 128, "learning_rate": 0.03, "scheme": "xavier"}
MNIST_DROPOUT = {"keep_prob": [0.8, 0.5, 0.5, 0.5]}  # the paper's
MNIST_WAYS: Mapping[str, tuple[Mapping[str, Any], Sequence[float]]] = {  # with the learning rates tried
    "none": ({}, (0.1, 0.03)),
    "dropout": (MNIST_DROPOUT, (0.3, 0.1, 0.03)),
    "dropout + max-norm 3": ({**MNIST_DROPOUT, "max_norm": 3.0}, (0.3, 0.1)),
    "dropout + max-norm 2": ({**MNIST_DROPOUT, "max_norm": 2.0}, (0.3, 0.1)),
}
STUDIES = {
    "keep_probs": Study(
        "chapter 01: when dropout helps, by keep_prob",
        "course_utils.experiments.stopping:stopped_accuracy",
        {f"{case}, {q:g}": {**settings, "keep_prob": q} for case, settings in CASES.items() for q in KEEP_PROBS},
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
    "averaging": Study(
        "chapter 06: the average of several networks, on noisy quadrants",
        "course_utils.experiments.averages:averaged_accuracy",
        {
            **{f"{networks} networks": {"networks": networks} for networks in (1, 5, 20)},
            "each of 20": {"networks": 20, "apart": True},
        },
        range(16),
    ),
    "streams": Study(
        "chapter 06: dropout on 15 000 noisy points, all different or few again and again",
        "course_utils.experiments.streams:stream_accuracy",
        {
            f"{m} points, keep_prob {q:g}": {"m": m, "keep_prob": q}
            for m in (100, 300, 1000, 3000, 15000)
            for q in (1.0, 0.9, 0.8, 0.5)
        },
        range(16),
    ),
    "stream_training": Study(
        "chapter 06: how many of their training points these networks are right about",
        "course_utils.experiments.stream_training:training_accuracy",
        {
            f"{m} points, keep_prob {q:g}": {"m": m, "keep_prob": q}
            for m in (100, 300, 1000, 3000, 15000)
            for q in (1.0, 0.8)
        },
        range(16),
    ),
    "time_scales": Study(
        "chapter 06: AdamW on digits with wrong labels, by its time scale in epochs, for two sizes of the data",
        "course_utils.experiments.timescales:decayed_accuracy",
        {
            f"{m} digits, {name}": {"m": m, "weight_decay": decay}
            for m in (100, 400)
            for name, decay in [("no decay", 0.0), *((f"τ {t:g}", 20 / (0.003 * t * m)) for t in TIMES)]
        },
        range(16),
    ),
    "attention_dropout": Study(
        "chapter 06: dropout in attention, on sequences to look something up in",
        "course_utils.experiments.attention:lookup_accuracy",
        {
            f"{m} sequences, keep_prob {q:g}": {"m": m, "keep_prob": q}
            for m in (30, 60, 100)
            for q in (1.0, 0.9, 0.8, 0.5)
        },
        range(8),
    ),
    "attention_longer": Study(
        "chapter 06: the same with 1000 steps in place of 300",
        "course_utils.experiments.attention:lookup_accuracy",
        {
            f"{m} sequences, keep_prob {q:g}": {"m": m, "keep_prob": q, "steps": 1000}
            for m in (30, 60, 100)
            for q in (1.0, 0.9, 0.8, 0.5)
        },
        range(8),
    ),
    "mnist_strengths": Study(
        "chapter 04: strengths tried for the study mnist, on 10 000 digits set aside",
        "course_utils.pytorch.mnist:mnist_run",
        {
            f"{name}, {rate:g}": {**way, "learning_rate": rate, "epochs": 3, "validation": 10_000}
            for name, (way, rates) in MNIST_WAYS.items()
            for rate in rates
        }
        | {
            f"{name}, 30 epochs": {**MNIST, **MNIST_WAYS[name][0], "epochs": 30, "validation": 10_000}
            for name in ("none", "dropout", "dropout + max-norm 2")
        },
        range(1),
        ("numpy", "torch"),
        "course_utils.experiments.mnist:mnist",
    ),
    "mnist": Study(
        "chapter 04: the paper of 2014 at full size, on MNIST, which it reads from --data",
        "course_utils.pytorch.mnist:mnist_run",
        {
            "none": MNIST,
            "dropout": {**MNIST, **MNIST_DROPOUT},
            "dropout + max-norm": {**MNIST, **MNIST_DROPOUT, "max_norm": 2.0},
        },
        range(3),
        ("numpy", "torch"),
        "course_utils.experiments.mnist:mnist",
    ),
}
