"""What a mask must have: draws from the given generator, a share near its probability, and the right scale."""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.arguments import Array
from course_utils.exercises.comparison import Function, returned_array
from course_utils.exercises.mistake import Mistake, require

__all__ = ["require_count_varies", "require_generator_used", "require_scale", "require_share", "share_bound"]

ONE_IN = 1e8  # right answers that fail one comparison of a share; a check makes fewer than a hundred


def share_bound(n: int) -> float:
    """Return how far the share of n independent draws may be from its probability (Hoeffding's inequality).

    P(|share - p| > t) <= 2 exp(-2 n t²), for every p.
    """
    return float(np.sqrt(np.log(2 * ONE_IN) / (2 * n)))


def require_share(share: float, probability: float, n: int, *case: tuple[str, Any]) -> None:
    """Require the share of n draws to be near its probability, or name what it is the share of."""
    case = (*case, ("share kept", share), ("expected about", probability))
    require(share < 1 or probability == 1, "nothing-dropped", *case)
    require(share > 0 or probability == 0, "everything-dropped", *case)
    if abs(share - probability) > share_bound(n):
        swapped = abs(share - (1 - probability)) <= share_bound(n)
        raise Mistake("keep-drop-swapped" if swapped else "share-wrong", case)


def require_scale(kept: Array, keep_prob: float, share: float | None, *case: tuple[str, Any]) -> None:
    """Require that ones which were kept, a share of all, have not become what a wrong scale makes of them.

    Without ``share`` nobody is taken to have divided by the share that was kept.
    """
    scales = {"scale-missing": 1.0, "scale-inverted": keep_prob, "scale-by-drop": 1 / (1 - keep_prob)}
    for misconception, scale in (scales | ({"scale-by-share-seen": 1 / share} if share else {})).items():
        right_too = np.isclose(scale, 1 / keep_prob)
        require(right_too or not np.allclose(kept, scale, rtol=1e-6), misconception, *case)


def require_count_varies(kept: Callable[[np.random.Generator], Any], rng: np.random.Generator) -> None:
    """Require ``kept(rng)``, the mask of 20 units at keep_prob 0.5, not to hold the same number every time.

    Fifty draws of 20 independent units agree in their number with a probability below 1e-35.
    """
    counts = {int(np.sum(kept(rng))) for _ in range(50)}
    require(len(counts) > 1, "count-fixed", ("n, keep_prob", "20, 0.5"), ("kept in each of 50 draws", min(counts)))


def global_states() -> bytes:
    """Return the states of the generators that nobody should touch."""
    return pickle.dumps((np.random.get_state(), random.getstate()))  # noqa: NPY002  # the very state to guard


def require_generator_used(answer: Function, *arguments: Any, seed: int) -> None:
    """Require ``answer(*arguments, rng)`` to draw from ``rng`` and nowhere else.

    The arguments must be large enough for two independent results never to be equal.
    """
    before = global_states()
    first, again, other = (
        returned_array(answer, *arguments, np.random.default_rng(number)) for number in (seed, seed, seed + 1)
    )
    require(global_states() == before, "global-generator")
    require(np.array_equal(first, again), "own-generator")
    require(not np.array_equal(first, other), "generator-reseeded")
