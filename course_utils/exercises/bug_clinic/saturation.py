"""The checks of ``mended_b5`` and ``mended_a7``: a sigmoid and its cost far from 0."""

from __future__ import annotations

from typing import Any
from unittest import mock

import numpy as np

from course_utils.activations import sigmoid
from course_utils.arguments import Array
from course_utils.costs import binary_cross_entropy
from course_utils.exercises.calls import returned_array
from course_utils.exercises.comparison import require_values
from course_utils.exercises.exercise import Answer
from course_utils.exercises.mistake import require
from course_utils.exercises.verdict import said

__all__ = ["examine_cross_entropy", "examine_sigmoid"]


def examine_sigmoid(mended: Answer, rng: np.random.Generator) -> None:
    """Examine ``mended_b5(z)``."""
    near = np.array([[0.0, 0.5, -0.3, 1.0, -2.0]])
    moderate = near, rng.uniform(-5, 5, (2, 3)).round(1), np.array([[-9.0, 9.0]])
    with np.errstate(all="ignore"):
        far = returned_array(mended, np.array([[-30.0, -1000.0]])).ravel()
        clipped = far.size == 2 and far[0] == far[1] and 1e-12 < far[0] < 0.01
        require(not clipped, "z-clipped", ("z", -30.0), ("expected about", 1e-13), ("got", far[:1]))
        require_values(mended, [(z,) for z in moderate], lambda z: sigmoid(z), {"sign-turned": lambda z: sigmoid(-z)})
    below, above = (overflow(mended, np.array([[z, z]])) for z in (-1000.0, 1000.0))
    says = "NumPy reports", "overflow encountered in exp"
    require(not below == above == "reported", "both-branches-computed", ("z", said("-1000, and also 1000")), says)
    require(above != "reported", "overflow-moved", ("z", 1000.0), says)
    require(below != "reported", "overflow-left", ("z", -1000.0), says)
    silent = ("z", said("-1000 or 1000")), ("exp gives", said("infinity"))
    require("silent" not in (below, above), "overflow-silenced", *silent)
    require_values(mended, [(np.array([[-1000.0, -710.0, 710.0, 1000.0]]),)], lambda z: sigmoid(z))


def overflow(function: Answer, z: Array) -> str:
    """Return whether ``function(z)`` overflows: "reported" by NumPy, "silent" if np.exp alone knows, or ""."""
    largest, exp = [0.0], np.exp

    def watched(*arguments: Any, **options: Any) -> Any:
        with np.errstate(over="ignore"):
            largest.append(float(np.max(exp(arguments[0]), initial=0.0)))
        return exp(*arguments, **options)

    with mock.patch.object(np, "exp", watched), np.errstate(over="raise", divide="raise", invalid="raise"):
        try:
            function(z)
        except (FloatingPointError, OverflowError):
            return "reported"
    return "silent" if np.isinf(largest).any() else ""


def examine_cross_entropy(cost: Answer, rng: np.random.Generator) -> None:
    """Examine ``mended_a7(z, y)``."""
    moderate = [(rng.uniform(0.5, 3, (1, 1)).round(1), np.array([[label]])) for label in (1.0, 0.0)]
    for shape in ((1, 4), (2, 3)):
        labels = np.resize([1.0, 1.0, 0.0, 0.0], shape)
        moderate.append((rng.uniform(0.5, 3, shape).round(1) * np.resize([-1.0, 1.0], shape), labels))
    with np.errstate(all="ignore"):
        require_values(
            lambda z, y: returned_array(cost, z, y).squeeze(),
            moderate,
            binary_cross_entropy,
            {
                "one-label-only": lambda z, y: np.mean(y * np.logaddexp(0, -z)),
                "labels-swapped": lambda z, y: binary_cross_entropy(z, 1 - y),
                "sum-for-mean": lambda z, y: z.size * binary_cross_entropy(z, y),
                "mean-over-columns-only": lambda z, y: len(z) * binary_cross_entropy(z, y),
                "sign-turned": lambda z, y: -binary_cross_entropy(z, y),
            },
        )
        extremes = [(40.0, 1), (40.0, 0), (500.0, 0), (1000.0, 0), (-1000.0, 1), (1000.0, 1), (-1000.0, 0)]
        got = {pair: returned_array(cost, *(np.array([[float(number)]]) for number in pair)) for pair in extremes}

    def demand(condition: Any, misconception: str, z: float, y: int) -> None:
        due = abs(z) if (z > 0) != (y == 1) else 0.0
        require(condition, misconception, ("z, y", f"{z:g}, {y}"), ("expected", due), ("got", got[z, y].squeeze()))

    capped = np.isclose(got[500.0, 0], got[1000.0, 0]) and 0 < got[1000.0, 0] < 1e300
    demand(np.isfinite(got[40.0, 1]), "nan-left", 40.0, 1)
    demand(not capped, "cost-capped", 1000.0, 0)
    demand(np.isclose(got[40.0, 0], 40), "nan-covered", 40.0, 0)
    for z, y in extremes[3:]:
        demand(np.isclose(got[z, y], abs(z) * ((z > 0) != (y == 1))), "overflow-left", z, y)
