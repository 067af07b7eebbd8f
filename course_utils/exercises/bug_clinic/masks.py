"""The check of ``mended_a3``: a mask with an entry for each unit and each example."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.arguments import Array
from course_utils.exercises.calls import called, require_unchanged, returned_array
from course_utils.exercises.exercise import Answer
from course_utils.exercises.mistake import require
from course_utils.exercises.randomness import (
    KEEP_PROBS,
    require_count_varies,
    require_generator_used,
    require_one_mask_for_each,
    require_scale,
    require_shares_and_scales,
    require_zeros,
)

__all__ = ["examine_mask", "require_right_scale"]


def examine_mask(dropped: Answer, rng: np.random.Generator) -> None:
    """Examine ``mended_a3(a, keep_prob, rng)``."""
    a, seed = np.resize([2.0, -1.0, 1.0, -3.0, 1.5], (200, 51)), int(rng.integers(2**31))
    require_one_mask_for_each(lambda draws: returned_array(dropped, np.ones((4, 5)), 0.5, draws) != 0, rng)
    outs = {q: returned_array(dropped, a.copy(), q, np.random.default_rng(seed)) for q in KEEP_PROBS}
    for q, out in outs.items():
        require(out.size != 1, "one-number-for-many", ("got", out), got=str(out.shape), expected=str(a.shape))
        require_zeros(out, a, q)
        corner = ("a, a corner", a[:4, :4]), ("keep_prob", q), ("corner of your result", out[:4, :4])
        kept = out != 0
        if np.ptp(kept.astype(int)) > 0:
            require(np.any(kept != kept[:, :1]), "mask-shared-by-examples", *corner)
            require(np.any(kept != kept[:1]), "mask-shared-by-units", *corner)
    require_shares_and_scales(outs, a, ("a, a corner", a[:4, :4]))
    values = 1 + np.arange(100.0).reshape(20, 5)
    require_generator_used(
        lambda a, draws: called(dropped, a.copy(), 0.5, draws),
        values,
        seed=seed,
        shorter=lambda draws: returned_array(dropped, values[:10].copy(), 0.5, draws),
    )
    require_count_varies(lambda draws: returned_array(dropped, np.ones((20, 1)), 0.5, draws) != 0, rng)
    for given in (values.copy(), values.astype(int)):
        before = given.copy()
        out = returned_array(dropped, given, 0.8, np.random.default_rng(seed))
        require_unchanged(["a"], [before], [given])
        cut_off = np.all((out == 0) | (out == np.floor(values / 0.8))) and np.any(values[out != 0] % 4)
        case = ("a", before[:2]), ("expected", "a / 0.8, or 0"), ("got", out[:2])
        require(given.dtype.kind == "f" or not cut_off, "integers-cut-off", *case)
        require(np.all((out == 0) | np.isclose(out, values / 0.8)), "wrong-value", *case)


def require_right_scale(kept: Array, keep_prob: float, *case: tuple[str, Any]) -> None:
    """Require ones to become 1 / keep_prob where they are kept."""
    require_scale(kept, keep_prob, None, *case)
    require(np.allclose(kept, 1 / keep_prob), "wrong-value", *case, ("expected where kept", 1 / keep_prob))
