"""Exercises of chapter 06: stopping, variance shift, AdamW's decay, dropout's relatives, and back through attention."""

from __future__ import annotations

from collections.abc import Sequence
from math import erf, sqrt

import numpy as np

from course_utils.arguments import Array
from course_utils.exercises.calls import as_numbers, called, require_unchanged, returned_array
from course_utils.exercises.comparison import require_values
from course_utils.exercises.exercise import Answer, Exercise
from course_utils.exercises.mistake import require
from course_utils.exercises.randomness import (
    KEEP_PROBS,
    require_generator_used,
    require_shares_and_scales,
    require_zeros,
    three_decimals,
)
from course_utils.exercises.slips import combined, known

__all__ = ["EXERCISES"]


def examine_share(share: Answer, rng: np.random.Generator) -> None:
    """Examine ``share_reached(curvature, learning_rate, steps)``."""
    drawn = [(float(rng.integers(2, 20)) / 10, float(rng.integers(10, 40)) / 100, steps) for steps in (3, 7)]
    require_values(
        share,
        [(2.0, 0.25, 2), (0.5, 0.1, 1), *drawn, (1.0, 0.5, 4)],
        lambda curvature, learning_rate, steps: 1 - (1 - learning_rate * curvature) ** steps,
        {
            "left-for-reached": lambda s, rate, k: (1 - rate * s) ** k,
            "steps-added-up": lambda s, rate, k: rate * s * k,
            "tiny-steps-assumed": lambda s, rate, k: 1 - np.exp(-rate * s * k),
            "one-step-only": lambda s, rate, k: rate * s,
            "penalty-for-stopping": lambda s, rate, k: s / (s + 1 / (rate * k)),
            "power-of-the-step": lambda s, rate, k: 1 - (rate * s) ** k,
        },
    )


def stopped_at(costs: Sequence[float], patience: int) -> tuple[int, int]:
    """Return the best look before training stops, and the one at which it stops."""
    best = 0
    for look, cost in enumerate(costs):
        if cost < costs[best]:
            best = look
        elif look - best >= patience:
            return best, look
    return best, len(costs) - 1


def patient(costs: Sequence[float], patience: int, compared: str = "best", reset: bool = True) -> int:
    """Return the best look by a rule that compares with another cost, or forgets to count anew."""
    best, bad, last = 0, 0, costs[0]
    for look, cost in enumerate(costs):
        better = cost < (last if compared == "last" else costs[best]) and look > 0
        best = look if cost < costs[best] else best
        bad = (0 if reset else bad) if better or look == 0 else bad + 1
        last = cost
        if bad >= patience:
            break
    return best


def examine_patience(stop: Answer, rng: np.random.Generator) -> None:
    """Examine ``best_look(costs, patience)``."""
    cases = [
        ([3.0, 2.0, 2.5, 2.4, 1.0], 2),
        ([5.0, 4.0, 4.5, 3.0, 3.5, 2.0, 2.5, 2.6, 1.0], 2),
        ([5.0, 4.0, 4.3, 4.2, 4.6, 4.5, 3.0], 3),
        ([4.0, 3.0, 3.0, 3.0, 1.0], 2),
        ([4.0, 3.0, 2.0, 1.0], 2),
        ([2.0, 2.0, 2.0, 1.0], 2),
        ([4.0, 3.0, 3.5, 2.5, 3.6, 3.7, 2.0], 3),
        ([round(float(c), 1) for c in rng.uniform(1, 2, 4)] + [0.5, 0.9, 0.8, 0.7, 0.1], 3),
    ]
    require_values(
        stop,
        cases,
        lambda costs, patience: stopped_at(costs, patience)[0],
        {
            "looks-ahead": lambda costs, n: int(np.argmin(costs)),
            "last-for-best": lambda costs, n: stopped_at(costs, n)[1],
            "cost-for-place": lambda costs, n: costs[stopped_at(costs, n)[0]],
            "counter-never-reset": lambda costs, n: patient(costs, n, reset=False),
            "compared-with-the-last": lambda costs, n: patient(costs, n, compared="last"),
            "patience-off-by-one": [lambda costs, n, d=d: stopped_at(costs, n + d)[0] for d in (1, -1)],
            "counted-from-one": lambda costs, n: stopped_at(costs, n)[0] + 1,
        },
    )


def examine_shift(shift: Answer, rng: np.random.Generator) -> None:
    """Examine ``variance_shift(W, a, keep_prob)``, a number for each unit of the layer."""
    cases = []
    for (n, n_out, m), keep_prob in (((2, 1, 3), 0.8), ((4, 3, 6), 0.5), ((3, 2, 5), three_decimals(rng))):
        cases.append((rng.integers(3, 20, (n_out, n)) / 10, rng.integers(0, 30, (n, m)) / 10 + np.eye(n, m), keep_prob))

    def ratio(noise: Answer, factor: Answer, whole: Answer = lambda v, extra: 1 + extra / v) -> Answer:
        return lambda W, a, q: whole(np.var(W @ a, axis=1), factor(q) * noise(W, a))

    require_values(
        shift,
        cases,
        lambda W, a, keep_prob: ratio(NOISES[""], lambda q: (1 - q) / q)(W, a, keep_prob),
        [
            *known({"same-for-all-units": lambda W, a, q: np.full(len(W), 1 / q)}),
            *combined(
                ratio,
                NOISES,
                {
                    "": lambda q: (1 - q) / q,
                    "variance-without-scale": lambda q: q * (1 - q),
                    "variance-half-scaled": lambda q: 1 - q,
                    "second-moment-taken": lambda q: 1 / q,
                },
                {
                    "": lambda v, extra: 1 + extra / v,
                    "added-noise-only": lambda v, extra: extra / v,
                    "evaluation-over-training": lambda v, extra: v / (v + extra),
                    "variance-for-ratio": lambda v, extra: v + extra,
                    "deviations-compared": lambda v, extra: np.sqrt(1 + extra / v),
                },
            ),
        ],
    )


NOISES = {
    "": lambda W, a: W**2 @ np.mean(a**2, axis=1),
    "variance-linear-in-weights": lambda W, a: W @ np.mean(a**2, axis=1),
    "mean-squared": lambda W, a: W**2 @ np.mean(a, axis=1) ** 2,
    "features-taken-as-centred": lambda W, a: W**2 @ np.var(a, axis=1),
    "square-after-sum": lambda W, a: np.mean((W @ a) ** 2, axis=1),
}


def examine_decay(decay: Answer, rng: np.random.Generator) -> None:
    """Examine ``decay_for(epochs, learning_rate, m, batch_size)``."""
    drawn = [
        (float(rng.integers(2, 40)), float(rng.integers(1, 9)) / 1000, int(rng.integers(20, 90)) * 10, size)
        for size in (20, 50)
    ]

    def formula(steps: Answer, whole: Answer = lambda time, rate: 1 / (rate * time)) -> Answer:
        return lambda epochs, rate, m, size: whole(steps(epochs, m, size), rate)

    require_values(
        decay,
        [(10.0, 0.01, 100, 50), *drawn],
        lambda epochs, learning_rate, m, batch_size: 1 / (learning_rate * epochs * m / batch_size),
        combined(
            formula,
            {
                "": lambda epochs, m, size: epochs * m / size,
                "epochs-taken-for-steps": lambda epochs, m, size: epochs,
                "steps-upside-down": lambda epochs, m, size: epochs * size / m,
                "examples-for-steps": lambda epochs, m, size: epochs * m,
            },
            {
                "": lambda time, rate: 1 / (rate * time),
                "rate-left-out": lambda time, rate: 1 / time,
                "rate-multiplied": lambda time, rate: rate / time,
                "time-for-decay": lambda time, rate: rate * time,
            },
        ),
    )


def examine_gaussian(dropout: Answer, rng: np.random.Generator) -> None:
    """Examine ``gaussian_dropout(a, keep_prob, rng)``."""
    seed, n = int(rng.integers(2**31)), 40_000
    a = np.resize([2.0, -1.0, 4.0, -0.5], (4, n // 4)).T.reshape(-1, 4)  # (10 000, 4)

    def dropped(a: Array, q: float, draws: np.random.Generator | None = None) -> Array:
        return returned_array(dropout, a.copy(), q, draws or np.random.default_rng(seed))

    outs = {q: dropped(a, q) for q in KEEP_PROBS}
    for out in outs.values():
        require(out.shape == a.shape, "wrong-shape", ("shape of a", a.shape), ("got, of shape", out.shape))
    factors = {q: out / a for q, out in outs.items()}
    require_generator_used(lambda draws: dropped(a, 0.5, draws) - a, seed=seed)
    given = a.copy()
    returned_array(dropout, given, 0.5, np.random.default_rng(seed))
    require_unchanged(["a"], [a], [given])
    zeros = dropped(np.zeros((50, 4)), 0.5)
    require(not np.any(zeros), "zeros-become-noise", ("result for zeros", zeros[0]))
    first = factors[0.5]
    few = len(np.unique(first.round(9))) < n // 2
    case = ("keep_prob", 0.5), ("values for ones", first.ravel()[:5])
    require(not few or np.ptp(first) == 0 or not np.any(first == 0), "coins-for-normal", *case)
    require(not few, "noise-shared", *case)
    require_moments(factors, n)
    q, z = 0.5, np.sort((first.ravel() - 1) / sqrt((1 - 0.5) / 0.5))
    normal = np.array([(1 + erf(one / sqrt(2))) / 2 for one in z[:: n // 1000]])
    far = float(np.abs(normal - np.linspace(0, 1, len(z))[:: n // 1000]).max())
    require(far < 0.03, "other-noise", ("keep_prob", q), ("values for ones", first.ravel()[:5]))


# The variance of a factor at keep_prob q by those who scale their normal numbers otherwise.
VARIANCES = {
    "": lambda q: (1 - q) / q,
    "variance-as-scale": lambda q: ((1 - q) / q) ** 2,
    "variance-without-scale": lambda q: q * (1 - q),
    "variance-half-scaled": lambda q: 1 - q,
    "fraction-turned": lambda q: q / (1 - q),
    "strength-ignored": lambda q: 1.0,
}


def require_moments(factors: dict[float, Array], n: int) -> None:
    """Require factors of mean 1 and of dropout's variance, within six standard errors and a little."""
    means = {q: float(one.mean()) for q, one in factors.items()}
    variances = {q: float(one.var()) for q, one in factors.items()}
    q = next((q for q in factors if abs(variances[q] / VARIANCES[""](q) - 1) > 0.06), next(iter(factors)))
    case = (
        ("keep_prob", q), ("mean of the factors", means[q]), ("their variance", variances[q]),
        ("expected variance", VARIANCES[""](q)),
    )  # fmt: skip
    errors = {q: 6.5 * sqrt(variances[q] / n) + 1e-9 for q in factors}
    require(not all(abs(means[q]) < errors[q] for q in means), "noise-around-zero", *case)
    explained = next(
        (name for name, of in VARIANCES.items() if all(abs(variances[q] - of(q)) <= 0.06 * of(q) for q in factors)),
        None,
    )
    require(not explained, explained or "", *case)
    scaled = all(abs(means[q] - q) < errors[q] for q in means)
    require(not scaled, "mean-not-one", *case)
    require(explained == "" and all(abs(means[q] - 1) < errors[q] for q in means), "wrong-value", *case)


def examine_spatial(dropout: Answer, rng: np.random.Generator) -> None:
    """Examine ``spatial_dropout(a, keep_prob, rng)`` for channels, positions, examples."""
    seed, shape = int(rng.integers(2**31)), (30, 4, 400)
    a = rng.integers(1, 30, shape) / 10 * rng.choice([-1, 1], shape)

    def dropped(a: Array, q: float, draws: np.random.Generator | None = None) -> Array:
        return returned_array(dropout, a.copy(), q, draws or np.random.default_rng(seed))

    outs = {q: dropped(a, q) for q in KEEP_PROBS}
    for q, out in outs.items():
        require_zeros(out, a, q, ("shape of a", shape))
    kept = (outs[0.5] != 0).astype(int)
    corner = ("shape of a", shape), ("kept: one example, some channels", kept[:4, :, 0])
    if 0 < kept.mean() < 1:
        require(np.ptp(kept) == 0 or np.any(np.ptp(kept.reshape(-1, shape[2]), axis=0)), "one-coin-for-all", *corner)
        require(np.any(np.ptp(kept, axis=2)), "mask-shared-by-examples", *corner)
        by_position = np.ptp(kept, axis=0).max() == 0
        require(not by_position, "positions-for-channels", *corner)
        require(np.ptp(kept, axis=1).max() == 0, "entries-for-channels", *corner)
    require_generator_used(lambda draws: dropped(a, 0.5, draws), seed=seed)
    coins = {q: out[:, 0] for q, out in outs.items()}  # (channels, examples)
    require_shares_and_scales(coins, a[:, 0], ("shape of a", shape))
    given = a.copy()
    returned_array(dropout, given, 0.5, np.random.default_rng(seed))
    require_unchanged(["a"], [a], [given])


def attention_of(q: Array, k: Array) -> Array:
    """Return the attention (keys, queries) of queries and keys (n, tokens)."""
    scores = np.exp(k.T @ q / np.sqrt(len(q)))
    attention: Array = scores / scores.sum(axis=0)
    return attention


def softmax_back(da: Array, attention: Array) -> Array:
    """Return the gradient before a softmax over axis 0 from the one after it."""
    return attention * (da - np.sum(attention * da, axis=0))


def way_back(
    through: Answer = softmax_back,
    factor: Answer = lambda f: f,
    dropped: Answer = lambda attention, f: attention * f,
    root: Answer = np.sqrt,
    arranged: Answer = lambda dq, dk: (dq, dk),
) -> Answer:
    """Return a way back through attention, of which parts may be wrong."""

    def gradients(dout: Array, q: Array, k: Array, v: Array, factors: Array) -> Array:
        attention = attention_of(q, k)
        dscores = through((v.T @ dout) * factor(factors), attention) / root(len(q))  # (keys, queries)
        dq, dk = arranged(k @ dscores, q @ dscores.T)
        return np.stack([dq, dk, dout @ dropped(attention, factors).T])

    return gradients


def examine_attention(backward: Answer, rng: np.random.Generator) -> None:
    """Examine ``attention_backward(dout, q, k, v, factors)``, which returns dq, dk, dv."""
    cases = []
    for n, tokens, keep_prob in ((2, 3, 0.5), (3, 5, 0.8), (4, 4, three_decimals(rng))):
        factors = (rng.random((tokens, tokens)) < keep_prob) / keep_prob
        factors[0, 0], factors[-1, 0], factors[0, -1] = 1 / keep_prob, 0, 1 / keep_prob
        cases.append((*(rng.integers(-15, 16, (n, tokens)) / 10 for _ in range(4)), factors))

    def stacked(dout: Array, q: Array, k: Array, v: Array, factors: Array) -> Array:
        found = called(backward, dout, q, k, v, factors)
        three = isinstance(found, list | tuple | np.ndarray) and len(found) == 3
        require(three, "not-three-gradients", ("got", type(found).__name__))
        gradients = [as_numbers(one) for one in found]
        for name, one in zip(("dq", "dk", "dv"), gradients, strict=True):
            shapes = ("expected, of shape", q.shape), ("got, of shape", one.shape)
            require(one.shape == q.shape, "gradient-of-other-shape", *shapes, name=name)
        return np.stack(gradients)

    require_values(
        stacked,
        cases,
        way_back(),
        {
            "mask-forgotten-backward": way_back(factor=lambda f: np.ones_like(f)),
            "softmax-taken-as-constant": way_back(through=lambda da, attention: attention * da),
            "softmax-left-out": way_back(through=lambda da, attention: da),
            "softmax-as-sigmoid": way_back(through=lambda da, attention: attention * (1 - attention) * da),
            "softmax-over-queries": way_back(
                through=lambda da, attention: attention * (da - np.sum(attention * da, axis=1, keepdims=True))
            ),
            "root-of-n-lost": way_back(root=lambda n: 1.0),
            "values-see-undropped": way_back(dropped=lambda attention, f: attention),
            "values-see-factors-alone": way_back(dropped=lambda attention, f: f),
            "queries-and-keys-exchanged": way_back(arranged=lambda dq, dk: (dk, dq)),
        },
    )


EXERCISES = (
    Exercise("share_reached", examine_share),
    Exercise("best_look", examine_patience),
    Exercise("variance_shift", examine_shift),
    Exercise("decay_for", examine_decay),
    Exercise("gaussian_dropout", examine_gaussian),
    Exercise("spatial_dropout", examine_spatial),
    Exercise("attention_backward", examine_attention),
)
