"""Whether there is evidence for each of the three bugs of ``mended_network``; other faults are mistakes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from course_utils.activations import sigmoid, tanh_derivative
from course_utils.arguments import Array
from course_utils.exercises.bug_clinic.masks import require_right_scale
from course_utils.exercises.bug_clinic.named_arrays import Arrays
from course_utils.exercises.bug_clinic.training_pass import Pass
from course_utils.exercises.mistake import require
from course_utils.exercises.randomness import require_share
from course_utils.exercises.verdict import Case, named

__all__ = ["mask_evidence", "penalty_evidence", "slope_evidence"]


def penalty_evidence(run: Callable[..., Pass], parameters: Arrays) -> bool:
    """Return whether the gradient of the penalty is off as it was found; other ways to be off are mistakes."""
    m, lambd = 6, 3.0
    (_, _, without), (_, _, with_l2) = run(parameters, 0.5, 0.0), run(parameters, 0.5, lambd)
    added = {name: with_l2[name] - without[name] for name in parameters}
    due = {name: lambd / m * value * (name in ("W1", "W2")) for name, value in parameters.items()}

    def explains(factor: float) -> bool:
        return all(np.allclose(added[name], factor * due[name], rtol=1e-4, atol=1e-5) for name in due)

    if explains(1.0):
        return False
    off = next(name for name in due if not np.allclose(added[name], due[name], rtol=1e-4, atol=1e-5))
    case: Case = (("λ, m", f"{lambd:g}, {m}"), (named("{name} of the network", name=off), parameters[off]))
    case = (*case, ("λ should add to its gradient", due[off]), ("it adds", added[off]))
    biases_too = any(np.abs(added[name]).max() > 1e-5 for name in ("b1", "b2"))
    require(not biases_too, "biases-penalized", *case)
    factors = {"half-missing": 2.0, "m-missing": m, "m-and-half-missing": 2 * m, "penalty-missing": 0.0}
    for misconception, factor in factors.items():
        require(not explains(factor), misconception, *case)
    require(explains(0.5), "wrong-value", *case)  # as it was found
    return True


def slope_evidence(run: Callable[..., Pass], rng: np.random.Generator) -> bool:
    """Return whether the gradient of the data cost is off as it was found; other ways to be off are mistakes.

    With one hidden unit the logits tell which entries of the mask are kept.
    """
    q, x, y = 0.5, rng.uniform(0.5, 1.5, (2, 12)).round(1), np.tile([[1.0, 0.0]], 6)
    p = {"W1": rng.uniform(0.3, 0.6, (1, 2)).round(1), "W2": np.array([[0.8]])}
    p |= {"b1": np.array([[0.1]]), "b2": np.array([[0.2]])}
    for seed in rng.integers(2**31, size=60):  # one mask for all examples may drop them all, though not 60 times
        logits, _, gradients = run(p, q, 0.0, x, y, int(seed))
        mask = ~np.isclose(logits, p["b2"], atol=1e-6)  # (1, m)
        if mask.any():
            break
    whole = np.tanh(p["W1"] @ x + p["b1"])  # (1, m), nowhere near 0
    above = p["W2"].T @ (sigmoid(logits) - y) / y.shape[1]  # after dropout
    slope, wrong_slope = 1 - whole**2, 1 - (whole * mask / q) ** 2

    def explains(dz1: Array) -> bool:
        return bool(np.allclose(gradients["W1"], dz1 @ x.T, rtol=1e-3, atol=1e-6))

    if explains(above * mask / q * slope):
        return False
    for misconception, dz1 in {
        "mask-forgotten-backward": above * slope,
        "scale-forgotten-backward": above * mask * slope,
        "mask-lost-backward": above / q * slope,
        "derivative-missing": above * mask / q,
        "derivative-at-output": above * mask / q * tanh_derivative(whole),
    }.items():
        require(not explains(dz1), misconception, ("keep_prob, λ", "0.5, 0"), ("gradient of W1", gradients["W1"]))
    due = above * mask / q * slope @ x.T
    case = ("keep_prob, λ", "0.5, 0"), ("W1 expected", due), ("got", gradients["W1"])
    require(explains(above * mask / q * wrong_slope), "wrong-value", *case)
    return True


def mask_evidence(run: Callable[..., Pass], rng: np.random.Generator) -> bool:
    """Return whether equal examples have equal logits, as it was found; other faults of the masks are mistakes."""
    q, seed = 0.5, int(rng.integers(2**30))
    one = {"W1": np.zeros((1, 2)), "b1": np.array([[20.0]]), "W2": np.ones((1, 1)), "b2": np.zeros((1, 1))}
    wide = {"W1": np.zeros((30, 2)), "b1": np.full((30, 1), 20.0), "W2": np.ones((1, 30)), "b2": np.zeros((1, 1))}

    def logits(p: Arrays, keep_prob: float, m: int, number: int = 0) -> Array:
        return run(p, keep_prob, 0.0, np.ones((2, m)), np.ones((1, m)), seed + number)[0]

    passes = [logits(one, q, 12, number) for number in range(60)]  # a unit that gives 1, so 1 / keep_prob if kept
    kept = np.unique(np.round([z[z != 0].mean() for z in passes if z.any()], 6))
    case = ("keep_prob", q), ("logits of a unit that gives 1", np.unique(np.round(passes, 3))[:4])
    require(np.any(np.array(passes) == 0), "nothing-dropped", *case)
    require(len(kept), "everything-dropped", *case)
    require_right_scale(kept, q, *case)
    if all(np.ptp(z) == 0 for z in passes):
        return True
    sums = np.unique(logits(wide, q, 12).round(3))
    all_or_none = np.isin(np.round(sums * q), (0, 30)).all()
    require(not all_or_none, "mask-shared-by-units", ("30 units that give 1, different logits", sums))
    require_share(float(np.mean(logits(one, 0.8, 1000) != 0)), 0.8, 1000, ("keep_prob", 0.8))
    return False
