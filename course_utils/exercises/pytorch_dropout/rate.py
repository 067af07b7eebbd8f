"""The check of ``p_for_pytorch``: what PyTorch calls p is the probability to drop."""

from __future__ import annotations

import numpy as np

from course_utils.exercises.calls import returned_array
from course_utils.exercises.comparison import require_values
from course_utils.exercises.exercise import Answer
from course_utils.exercises.mistake import require

__all__ = ["examine_p"]


def examine_p(p_for_pytorch: Answer, rng: np.random.Generator) -> None:
    """Examine ``p_for_pytorch(keep_probs)``."""
    drawn = [float(q) for q in rng.permutation(np.arange(101, 999))[:4] / 1000]
    lists = [0.8, 0.5, 0.5], [0.6], drawn, [1.0, 0.7, 0.9]
    first = returned_array(p_for_pytorch, list(lists[0])).ravel()
    one = len(first) == 1 and np.isin(first.round(9), (0.2, 0.5)).all()
    require(not one, "one-of-many", ("keep_probs", lists[0]), ("expected", [0.2, 0.5, 0.5]), ("got", first))
    require_values(
        p_for_pytorch,
        [(keep_probs,) for keep_probs in lists],
        lambda keep_probs: 1 - np.array(keep_probs),
        {
            "keep-drop-swapped": lambda q: q,
            "scale-for-rate": lambda q: 1 / np.array(q),
            "percent-for-rate": lambda q: 100 - 100 * np.array(q),
            "negative-rate": lambda q: np.array(q) - 1,
            "rates-compounded": lambda q: 1 - np.cumprod(q),
        },
    )
