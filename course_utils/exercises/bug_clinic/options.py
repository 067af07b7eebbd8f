"""The checks of ``mended_a9`` and ``mended_b8``: what was chosen, λ or keep_prob, must arrive where it acts."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from course_utils.activations import sigmoid
from course_utils.arguments import Array
from course_utils.exercises.calls import returned_array
from course_utils.exercises.comparison import require_values
from course_utils.exercises.exercise import Answer
from course_utils.exercises.explanation import agree
from course_utils.exercises.mistake import require
from course_utils.exercises.randomness import (
    KEEP_PROBS,
    require_generator_used,
    require_one_mask_for_each,
    require_shares_and_scales,
    require_zeros,
)
from course_utils.exercises.verdict import Case, said

__all__ = ["examine_one_forward", "examine_training"]


def examine_training(training: Answer, rng: np.random.Generator) -> None:
    """Examine ``mended_a9(x, y, lambd, steps)``."""

    def trained(x: Array, y: Array, lambd: float, steps: int, rate: float = 0.1, l2_by: float = 1.0) -> Array:
        W, m = np.zeros((len(y), len(x))), x.shape[1]
        for _ in range(steps):
            W = W - rate * ((W @ x - y) @ x.T / m + l2_by * lambd / m * W)
        return W

    cases = []
    for n_y, n_x, m, lambd, steps in ((1, 1, 2, 3.0, 2), (1, 2, 3, 5.0, 3), (2, 3, 5, 2.0, 3), (1, 2, 3, 0.0, 2)):
        cases.append((rng.uniform(0.5, 2, (n_x, m)).round(1), rng.uniform(0.5, 2, (n_y, m)).round(1), lambd, steps))
    require_values(
        training,
        cases,
        lambda x, y, lambd, steps: trained(x, y, lambd, steps),
        {
            "penalty-missing": lambda x, y, lambd, steps: trained(x, y, 0.0, steps),
            "half-missing": lambda x, y, lambd, steps: trained(x, y, lambd, steps, l2_by=2.0),
            "two-of-derivative-missing": lambda x, y, lambd, steps: trained(x, y, lambd, steps, l2_by=0.5),
            "m-missing": lambda x, y, lambd, steps: trained(x, y, lambd, steps, l2_by=x.shape[1]),
            "penalty-sign": lambda x, y, lambd, steps: trained(x, y, lambd, steps, l2_by=-1.0),
            "step-uphill": lambda x, y, lambd, steps: trained(x, y, lambd, steps, rate=-0.1),
            "learning-rate-missing": lambda x, y, lambd, steps: trained(x, y, lambd, steps, rate=1.0),
            "one-step-more-or-less": [
                lambda x, y, lambd, steps: trained(x, y, lambd, steps - 1),
                lambda x, y, lambd, steps: trained(x, y, lambd, steps + 1),
            ],
        },
    )


def examine_one_forward(forward: Answer, rng: np.random.Generator) -> None:
    """Examine ``mended_b8(x, W1, W2, keep_prob, rng)``."""
    seed, n, m = int(rng.integers(2**31)), 200, 51
    cases: list[tuple[Any, ...]] = []
    for n_x, n_h, n_y, k in ((1, 1, 1, 1), (2, 3, 2, 4)):
        arrays = [rng.uniform(0.5, 2, shape).round(1) for shape in ((n_x, k), (n_h, n_x), (n_y, n_h))]
        cases.append((*arrays, 1.0, np.random.default_rng(seed)))
    x, W1, W2, *_ = cases[1]
    whole = returned_array(forward, *copy.deepcopy(cases[1]))
    case: Case = ("keep_prob", 1.0), ("expected", W2 @ sigmoid(W1 @ x)), ("got", whole)
    require(not agree(whole, W2 @ W1 @ x), "activation-left-out", *case)
    require(not agree(whole, sigmoid(W2 @ sigmoid(W1 @ x))), "activation-on-output", *case)

    def hidden(a: Array, keep_prob: float, draws: np.random.Generator) -> Array:
        """Return the outputs of a network whose hidden outputs, each by itself, are worth ``a`` (n,)."""
        x, W1 = np.ones((1, m)), np.full((len(a), 1), 40.0)  # sigmoid(40) is 1
        return returned_array(forward, x, W1, np.diag(a), keep_prob, draws)

    worth = np.resize([2.0, -1.0, 1.0, -3.0, 1.5], n)
    shown = ("hidden outputs", said("all 1")), ("W2", said("diagonal: 2, -1, 1, -3, 1.5, ..."))
    outs = {q: hidden(worth, q, np.random.default_rng(seed)) for q in KEEP_PROBS}
    require_one_mask_for_each(lambda draws: hidden(np.ones(4), 0.5, draws)[:, :5] != 0, rng)
    all_kept = np.repeat(worth[:, None], m, axis=1)  # (n, m)
    for q, out in outs.items():
        require_zeros(out, all_kept, q, *shown)
        kept = out != 0
        case = (*shown, ("keep_prob", q), ("corner of your result", out[:4, :4]))
        if np.ptp(kept.astype(int)) > 0:
            require(np.any(kept != kept[:, :1]), "mask-shared-by-examples", *case)
            require(np.any(kept != kept[:1]), "mask-shared-by-units", *case)
    require_shares_and_scales(outs, all_kept, *shown)
    require_generator_used(
        lambda draws: hidden(worth, 0.5, draws), seed=seed, shorter=lambda draws: hidden(worth[:10], 0.5, draws)
    )
    sums = returned_array(forward, np.ones((1, 60)), np.full((30, 1), 40.0), np.ones((1, 30)), 0.5, rng)
    different = np.unique(sums.round(3))
    shown_sums = ("30 hidden units that give 1, one output, different ones", different[:4])
    require(len(different) > 2, "mask-on-the-output", shown_sums)
    require_values(forward, cases, lambda x, W1, W2, keep_prob, rng: W2 @ sigmoid(W1 @ x))
