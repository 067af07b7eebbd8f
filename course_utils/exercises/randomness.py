"""What a mask must have: draws from the given generator, a share near its probability, and the right scale."""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable, Mapping, Sequence
from math import erf, sqrt
from typing import Any

import numpy as np

from course_utils.arguments import Array
from course_utils.exercises.calls import returned_array
from course_utils.exercises.factors import monomial
from course_utils.exercises.mistake import Found, Mistake, require
from course_utils.exercises.slips import Function
from course_utils.texts import sentence

__all__ = [
    "KEEP_PROBS",
    "require_count_varies",
    "require_generator_used",
    "require_one_mask_for_each",
    "require_scale",
    "require_scales",
    "require_share",
    "require_shares",
    "require_shares_and_scales",
    "require_zeros",
    "share_bound",
    "three_decimals",
]

ONE_IN = 1e8  # right answers that fail one comparison of a share; a check makes fewer than a hundred

# The shares kept at keep_prob q by those who draw or compare otherwise.
SHARES: dict[str, Callable[[float], Sequence[float]]] = {
    "keep-drop-swapped": lambda q: (1 - q,),
    "p-ignored": lambda q: (0.5,),
    "normal-for-uniform": lambda q: (below(q), 1 - below(1 - q)),
    "uniform-around-zero": lambda q: ((1 + q) / 2, q / 2),
    "dropped-twice": lambda q: (q**2,),
}
# What a kept 1 becomes at keep_prob q if the share s was kept.
SCALES: dict[str, Callable[[float, float], float]] = {
    "scale-missing": lambda q, s: 1.0,
    "scale-inverted": lambda q, s: q,
    "scale-by-drop": lambda q, s: 1 / (1 - q),
    "scaled-twice": lambda q, s: 1 / q**2,
    "root-for-scale": lambda q, s: 1 / np.sqrt(q),
    "scale-by-share-seen": lambda q, s: 1 / s,
}


# keep_probs at which all shares and scales that a mistake leads to are different ones.
KEEP_PROBS = (0.805, 0.298, 0.5)


def three_decimals(rng: np.random.Generator) -> float:
    """Return a probability of three decimals, away from 0, 1/2 and 1."""
    return float(rng.choice([rng.integers(150, 400), rng.integers(600, 850)])) / 1000


def below(z: float) -> float:
    """Return the probability of a standard normal number to be below z."""
    return (1 + erf(z / sqrt(2))) / 2


def share_bound(n: int) -> float:
    """Return how far the share of n independent draws may be from its probability (Hoeffding's inequality).

    P(|share - p| > t) <= 2 exp(-2 n t²), for every p.
    """
    return float(np.sqrt(np.log(2 * ONE_IN) / (2 * n)))


def share_mistake(shares: Mapping[float, float], n: int) -> str:
    """Return what explains the shares kept of n draws at all of some keep_probs; "" if they are right."""

    def explains(share: Callable[[float], Sequence[float]]) -> bool:
        forms = zip(*[share(keep_prob) for keep_prob in shares], strict=True)
        kept = np.array(list(shares.values()))
        return any(np.all(np.abs(kept - form) <= share_bound(n)) for form in forms)

    if explains(lambda keep_prob: (keep_prob,)):
        return ""
    known = list(SHARES.items())[: None if len(shares) > 1 else 2]  # one share alone is explained by too much
    return next((misconception for misconception, share in known if explains(share)), "share-wrong")


def require_shares(shares: Mapping[float, float], n: int, *case: tuple[str, Any], named: str = "keep_prob") -> None:
    """Require the shares of n draws to be near their probabilities, or name what they are the shares of.

    The case shows the probability to keep, or the one to drop if that is what it is ``named`` for: "p".
    """
    first = next(iter(shares))
    off = next((q for q, share in shares.items() if abs(share - q) > share_bound(n)), first)
    case = (*case, shown_as(named, off), ("share kept", shares[off]), ("expected about", off))
    require(min(shares.values()) < 1 or min(shares) == 1, "nothing-dropped", *case)
    require(max(shares.values()) > 0 or max(shares) == 0, "everything-dropped", *case)
    misconception = share_mistake(shares, n)
    require(not misconception, misconception, *case)


def shown_as(named: str, keep_prob: float) -> tuple[str, float]:
    """Return the row of a case that says how likely a value is kept, or dropped."""
    return named, round(1 - keep_prob if named == "p" else keep_prob, 9)


def require_share(share: float, probability: float, n: int, *case: tuple[str, Any]) -> None:
    """Require the share of n draws at one keep_prob to be near its probability."""
    require_shares({probability: share}, n, *case)


def require_scale(kept: Array, keep_prob: float, share: float | None, *case: tuple[str, Any]) -> None:
    """Require that ones which were kept, a share of all, have not become what a wrong scale makes of them.

    Without ``share`` nobody is taken to have divided by the share that was kept.
    """
    for misconception, scale in SCALES.items() if len(kept) else ():
        wrong = scale(keep_prob, share or np.nan)
        right_too = np.isclose(wrong, 1 / keep_prob)
        require(right_too or not np.allclose(kept, wrong, rtol=1e-6), misconception, *case)


def require_scales(
    scales: Mapping[float, float],
    shares: Mapping[float, float],
    n: int,
    *case: tuple[str, Any],
    named: str = "keep_prob",
) -> None:
    """Require what kept ones have become at some keep_probs to be 1 / keep_prob, and the shares kept to be right.

    Two mistakes are named together, but for a scale that makes up for the wrong share.
    """
    q, kept = (np.array(list(values)) for values in (scales, scales.values()))  # (keep_probs,)
    share = share_mistake(shares, n)
    consistent = np.all(np.abs(kept * np.array([shares[at] for at in scales]) - 1) < 0.15)  # a scale for that share
    if np.allclose(kept, 1 / q, rtol=1e-6) or (share and consistent):
        require_shares(shares, n, *case, named=named)
        return
    scale = next(
        (
            misconception
            for misconception, wrong in SCALES.items()
            if all(np.isclose(one, wrong(at, shares[at]), rtol=1e-6) for at, one in scales.items())
        ),
        "",
    )
    words = (
        {}
        if scale
        else {
            "factor": monomial(kept * q, {"keep_prob": q, "(1 - keep_prob)": 1 - q}),
            "where": sentence("in_every_case"),
        }
    )
    found = Found(scale or ("factor-off" if words["factor"] else "wrong-value"), words if words.get("factor") else {})
    case = (*case, shown_as(named, q[0]), ("a kept 1 becomes", kept[0]), ("expected where kept", 1 / q[0]))
    if share and share != "share-wrong":
        raise Mistake(share, case, found)
    raise Mistake(found.misconception, case, **found.words)


def require_zeros(out: Array, x: Array, keep_prob: float, *case: tuple[str, Any]) -> None:
    """Require zeros and the values of x, in its shape, whatever their scale and share."""
    n, shapes = x.size, (("keep_prob", keep_prob), ("expected", x.shape), ("got", out.shape))
    is_share = abs(out.size / n - keep_prob) <= share_bound(n) < 1 - keep_prob
    require(out.ndim != 1 or not out.all() or not is_share, "dropped-entries-removed", *shapes)
    require(out.shape[1:] != x.shape, "returns-several-things", *shapes)
    require(out.shape == x.shape, "wrong-shape", *shapes)
    case = (*case, ("keep_prob", keep_prob), ("got", out.ravel()[:6]))
    right = np.isclose(out, x / keep_prob)
    others = out[~right]
    if 0 < right.mean() < 1 and np.all(others != 0):
        require(not np.allclose(others, x[~right]), "dropped-ones-left", *case)
        same = others.size and (np.isnan(others).all() or np.all(np.abs(others) == np.abs(others[0])))
        require(not same, "dropped-ones-not-zero", *case, value=f"{others[0]:g}")
    require(np.isfinite(out).all(), "result-not-finite", *case)
    kept = out[out != 0]
    require(kept.size == 0 or np.ptp(kept) > 1e-6, "mask-for-result", *case)
    require(not out.all() or len(np.unique((out / x).round(9))) < 10, "random-numbers-for-mask", *case)


def require_one_mask_for_each(kept: Callable[[np.random.Generator], Any], rng: np.random.Generator) -> None:
    """Require ``kept(rng)``, the mask of 20 values at keep_prob 0.5, not to keep or drop them all together."""
    counts = {int(np.sum(kept(rng))) for _ in range(40)}
    require(counts != {0, 20}, "one-coin-for-all", ("20 values, keep_prob", 0.5), ("kept in 40 passes", sorted(counts)))


def require_shares_and_scales(outs: Mapping[float, Array], x: Array, *case: tuple[str, Any]) -> None:
    """Require what dropout made of x at some keep_probs to be x / keep_prob where kept, and the right share kept."""
    shares = {q: float(np.mean(out != 0)) for q, out in outs.items()}
    ratios = {q: (out / x)[out != 0] for q, out in outs.items()}
    for q, kept in ratios.items():
        even = len(kept) == 0 or np.ptp(kept) < 1e-6
        require(even, "wrong-value", *case, ("keep_prob", q), ("got", outs[q].ravel()[:6]))
    if min(shares.values()) > 0 and max(shares.values()) < 1:
        require_scales({q: float(kept[0]) for q, kept in ratios.items()}, shares, x.size, *case)
    require_shares(shares, x.size, *case)


def require_count_varies(kept: Callable[[np.random.Generator], Any], rng: np.random.Generator) -> None:
    """Require ``kept(rng)``, the mask of 20 units at keep_prob 0.5, not to hold the same number every time.

    Fifty draws of 20 independent units agree in their number with a probability below 1e-35.
    """
    counts = {int(np.sum(kept(rng))) for _ in range(50)}
    case = ("n, keep_prob", "20, 0.5"), ("kept in each of 50 draws", sorted(counts))
    require(len(counts) > 1 or counts == {20}, "count-fixed", *case)  # whoever keeps all drops nothing


def global_states() -> bytes:
    """Return the states of the generators that nobody should touch."""
    return pickle.dumps((np.random.get_state(), random.getstate()))  # noqa: NPY002  # the very state to guard


def require_generator_used(answer: Function, *arguments: Any, seed: int, shorter: Function | None = None) -> None:
    """Require ``answer(*arguments, rng)`` to draw from ``rng`` and nowhere else.

    The arguments must be large enough for two independent results never to be equal. ``shorter(rng)`` gives the answer
    for the beginning of the array: with a fixed seed that is the beginning of the answer, with a stored mask it is not.
    """
    before = global_states()
    first, again, other = (
        returned_array(answer, *arguments, np.random.default_rng(number)) for number in (seed, seed, seed + 1)
    )
    require(global_states() == before, "global-generator")
    require(np.array_equal(first, again), "own-generator")
    nothing_drawn = shorter is not None and (np.all(first != 0) or not np.any(first))  # has other names
    if np.array_equal(first, other) and not nothing_drawn:
        few = np.ravel(shorter(np.random.default_rng(seed + 2))) if shorter else first.ravel()
        stored = not np.array_equal(few != 0, first.ravel()[: few.size] != 0)
        raise Mistake("mask-stored" if stored else "generator-reseeded")
