"""The check of ``mended_network``: a training pass with three bugs, all of them mended."""

from __future__ import annotations

import copy
from collections.abc import Callable

import numpy as np

from course_utils.arguments import Array
from course_utils.costs import binary_cross_entropy
from course_utils.exercises.bug_clinic.evidence import mask_evidence, penalty_evidence, slope_evidence
from course_utils.exercises.bug_clinic.named_arrays import Arrays
from course_utils.exercises.bug_clinic.training_pass import Pass, training_pass
from course_utils.exercises.calls import called, require_unchanged
from course_utils.exercises.exercise import Answer
from course_utils.exercises.mistake import Mistake, require
from course_utils.exercises.randomness import require_generator_used
from course_utils.exercises.verdict import Words, said
from course_utils.gradient_check import numeric_gradients, relative_errors
from course_utils.texts import texts

__all__ = ["examine_network"]

BUGS_LEFT = ("", "one-bug-left", "two-bugs-left", "three-bugs-left")


def examine_network(network: Answer, rng: np.random.Generator) -> None:
    """Examine ``mended_network(x, y, parameters, keep_prob, lambd, rng)``."""
    seed = int(rng.integers(2**31))
    x, y = rng.uniform(-2, 2, (2, 6)).round(1), np.array([[1.0, 0.0, 1.0, 1.0, 0.0, 0.0]])
    parameters = random_network(rng, 5)

    def run(p: Arrays, keep_prob: float, lambd: float, x: Array = x, y: Array = y, seed: int = seed) -> Pass:
        return training_pass(network, x.copy(), y, copy.deepcopy(p), keep_prob, lambd, np.random.default_rng(seed))

    masks = mask_evidence(run, rng)
    require_agreed_cost(run, x, y, parameters)
    wide = random_network(rng, 200)
    require_generator_used(
        lambda q, draws: training_pass(network, x, y, copy.deepcopy(wide), q, 0.0, draws)[0], 0.5, seed=seed
    )
    found = {"penalty": penalty_evidence(run, parameters), "slope": slope_evidence(run, rng), "masks": masks}
    left = [bug for bug in found if found[bug]]
    if left:
        mended, evidence = said("{count} of 3", count=3 - len(left)), Words(texts()["mended_network"][left[0]])
        raise Mistake(BUGS_LEFT[len(left)], (("mended", mended), ("evidence", evidence)))
    _, _, gradients = run(parameters, 0.5, 2.0)
    differences = numeric_gradients(lambda p: run(p, 0.5, 2.0)[1], parameters)
    errors = relative_errors(gradients, differences)
    words = "  ".join(f"{name} {'right' if error < 1e-4 else f'{error:.0e}'}" for name, error in errors.items())
    require(max(errors.values()) < 1e-4, "wrong-value", ("gradient check", words))
    given = copy.deepcopy(parameters)
    called(network, x, y, given, 0.5, 2.0, np.random.default_rng(seed))
    require_unchanged(["parameters"], [parameters], [given])


def random_network(rng: np.random.Generator, n_h: int) -> Arrays:
    """Return parameters of ordinary size."""
    return {
        "W1": rng.uniform(0.5, 1.5, (n_h, 2)).round(1) * rng.choice([-1, 1], (n_h, 2)),
        "b1": rng.uniform(0.1, 0.5, (n_h, 1)).round(1),
        "W2": rng.uniform(0.5, 1.5, (1, n_h)).round(1),
        "b2": np.array([[0.2]]),
    }


def require_agreed_cost(run: Callable[..., Pass], x: Array, y: Array, parameters: Arrays) -> None:
    """Require the logits and the cost of a pass that drops nothing to be those agreed upon."""
    z2 = parameters["W2"] @ np.tanh(parameters["W1"] @ x + parameters["b1"]) + parameters["b2"]  # (1, m)
    logits, cost, _ = run(parameters, 1.0, 0.0)
    agreed, given = binary_cross_entropy(z2, y), ("keep_prob", 1.0)
    require(np.allclose(logits, z2, rtol=1e-4), "wrong-value", given, ("logits expected", z2), ("got", logits))
    require(
        np.isclose(cost, agreed, rtol=1e-4), "mends-the-cost", given, ("lambd", 0), ("expected", agreed), ("got", cost)
    )
    squares = float(np.sum(parameters["W1"] ** 2) + np.sum(parameters["W2"] ** 2))
    agreed += 3.0 / (2 * x.shape[1]) * squares
    _, cost, _ = run(parameters, 1.0, 3.0)
    require(
        np.isclose(cost, agreed, rtol=1e-4), "mends-the-cost", given, ("lambd", 3), ("expected", agreed), ("got", cost)
    )
