"""Exercises of chapter 03: L2 in cost and gradient, weight decay, L1, biases left alone, λ by name and by choice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course_utils.arguments import Array
from course_utils.exercises.calls import as_numbers, called, require_unchanged, returned_array
from course_utils.exercises.comparison import require_values
from course_utils.exercises.exercise import Answer, Exercise
from course_utils.exercises.mistake import Mistake, require
from course_utils.exercises.slips import combined, known
from course_utils.exercises.verdict import said
from course_utils.penalties import CONVENTIONS, lambd_from, lambd_to, penalty, soft_threshold, weights

__all__ = ["EXERCISES"]

Arrays = dict[str, Array]


def one_number(answer: Answer, otherwise: str) -> Answer:
    """Return ``answer`` with its result as one number, be it in an array; other shapes are a misconception."""

    def call(*arguments: Any) -> Array:
        returned = called(answer, *arguments)
        require(not isinstance(returned, tuple) or len(returned) == 1, "returns-several-things", ("got", returned))
        value = as_numbers(returned)
        require(value.size == 1, otherwise, ("expected", said("one number")), ("shape of your result", value.shape))
        return value.reshape(())

    return call


def drawn(rng: np.random.Generator, shape: tuple[int, ...], low: int = 3, high: int = 30) -> Array:
    """Return numbers of both signs with one decimal, of sizes from ``low`` / 10 up to ``high`` / 10."""
    sizes = rng.integers(low, high, shape) / 10
    return np.where(rng.random(shape) < 0.5, -sizes, sizes)


def drawn_network(rng: np.random.Generator, sizes: Sequence[int]) -> Arrays:
    """Return numbers shaped like the parameters of a network with these layer sizes."""
    shapes = {}
    for layer in range(1, len(sizes)):
        shapes[f"W{layer}"], shapes[f"b{layer}"] = (sizes[layer], sizes[layer - 1]), (sizes[layer], 1)
    return {name: drawn(rng, shape) for name, shape in shapes.items()}


def drawn_strength(rng: np.random.Generator) -> tuple[float, int]:
    """Return λ, no whole number, and m, with λ/m below 1, so that a penalty never cancels a larger gradient."""
    return float(rng.integers(2, 9) + 0.5), int(rng.integers(11, 30))


def squares(W: Array) -> float:
    """Return the sum of all squares."""
    return float(np.sum(W**2))


# What is summed up of each layer, and over which arrays; the right one first.
OF_A_LAYER: dict[str, Callable[[Array], Any]] = {
    "": squares,
    "absolute-for-square": lambda W: np.sum(np.abs(W)),
    "weights-not-squared": np.sum,
    "square-of-sum": lambda W: np.sum(W) ** 2,
    "mean-for-sum": lambda W: np.mean(W**2),
    "norm-for-square": np.linalg.norm,
    "spectral-norm": lambda W: np.linalg.norm(W, 2) ** 2,
    "product-for-square": lambda W: np.sum(W @ W.T),
}
SUMMED: dict[str, Callable[[Arrays], Sequence[Array]]] = {
    "": lambda p: list(weights(p).values()),
    "biases-penalized": lambda p: list(p.values()),
    "first-layer-only": lambda p: list(weights(p).values())[:1],
    "last-layer-only": lambda p: list(weights(p).values())[-1:],
    "last-layer-missed": lambda p: list(weights(p).values())[:-1],
    "first-layer-missed": lambda p: list(weights(p).values())[1:],
    "layers-fixed": lambda p: list(weights(p).values())[:2],
    "bias-by-shape": lambda p: [W for W in weights(p).values() if W.shape[1] > 1],
    "biases-alone": lambda p: [value for name, value in p.items() if name.startswith("b")],
}
STRENGTHS: dict[str, Callable[[float, int], float]] = {
    "": lambda lambd, m: lambd / (2 * m),
    "m-multiplied": lambda lambd, m: lambd / 2 * m,
    "half-missing": lambda lambd, m: lambd / m,
    "m-missing": lambda lambd, m: lambd / 2,
    "m-and-half-missing": lambda lambd, m: lambd,
    "lambd-missing": lambda lambd, m: 1 / (2 * m),
    "strength-missing": lambda lambd, m: 1,
    "half-kept": lambda lambd, m: lambd / (4 * m),
    "strength-in-the-square": lambda lambd, m: (lambd / (2 * m)) ** 2,
}


def examine_cost(l2_cost: Answer, rng: np.random.Generator) -> None:
    """Examine ``l2_cost(parameters, lambd, m)``."""
    simple = {"W1": np.array([[3.0, -1.0]]), "b1": np.array([[5.0]]), "W2": np.array([[2.5]]), "b2": np.array([[7.0]])}
    networks = [drawn_network(rng, sizes) for sizes in ((2, 2, 1, 2), (2, 3, 2, 3, 1))]
    roots = {"norm-for-square": lambda p, lambd, m: lambd / (2 * m) * np.sqrt(sum(map(squares, weights(p).values())))}
    costs = combined(
        lambda of, over, strength: lambda p, lambd, m: strength(lambd, m) * sum(float(of(W)) for W in over(p)),
        OF_A_LAYER,
        SUMMED,
        STRENGTHS,
    )
    require_values(
        one_number(l2_cost, "sum-missing"),
        [(simple, 6.0, 10), *((network, *drawn_strength(rng)) for network in networks), (simple, 0.0, 10)],
        lambda parameters, lambd, m: penalty(parameters, m, lambd),
        [*costs, *known(roots)],
    )


def examine_gradient(l2_gradient: Answer, rng: np.random.Generator) -> None:
    """Examine ``l2_gradient(dW, W, lambd, m)``."""
    simple = np.array([[0.5, -1.0]]), np.array([[2.0, -3.0]])
    pairs = [(drawn(rng, shape, 30, 60), drawn(rng, shape)) for shape in ((2, 3), (4, 2))]
    require_values(
        l2_gradient,
        [(*simple, 3.0, 5), *((*pair, *drawn_strength(rng)) for pair in pairs), (*simple, 0.0, 5)],
        lambda dW, W, lambd, m: dW + lambd / m * W,
        {
            "m-and-half-missing": lambda dW, W, lambd, m: dW + 2 * lambd * W,
            "strength-missing": lambda dW, W, lambd, m: dW + W,
            "m-multiplied": lambda dW, W, lambd, m: dW + lambd / 2 * m * W,
            "m-twice": lambda dW, W, lambd, m: (dW + lambd * W) / m,
            "data-part-lost": lambda dW, W, lambd, m: lambd / m * W,
            "sign-for-weights": lambda dW, W, lambd, m: dW + lambd / m * np.sign(W),
            "penalty-not-differentiated": lambda dW, W, lambd, m: dW + lambd / (2 * m) * W**2,
            "cost-added-to-gradient": lambda dW, W, lambd, m: dW + lambd / (2 * m) * squares(W),
            "gradient-of-norm": lambda dW, W, lambd, m: dW + lambd / m * W / np.linalg.norm(W),
            "sum-without-brackets": lambda dW, W, lambd, m: (dW + lambd / m) * W,
            "gradient-for-weights": lambda dW, W, lambd, m: dW + lambd / m * dW,
            "step-for-gradient": [
                lambda dW, W, lambd, m: (1 - lambd / m) * W - dW,
                lambda dW, W, lambd, m: W - lambd / m * dW,
            ],
        },
        parts={"dW": lambda dW, W, lambd, m: dW, "lambd / m * W": lambda dW, W, lambd, m: lambd / m * W},
    )


DECAYS: dict[str, Callable[[float, float, int], float]] = {  # the share by which W shrinks; the right one first
    "": lambda eta, lambd, m: eta * lambd / m,
    "penalty-missing": lambda eta, lambd, m: 0,
    "decay-is-lambd": lambda eta, lambd, m: lambd,
    "decay-without-rate": lambda eta, lambd, m: lambd / m,
    "m-missing": lambda eta, lambd, m: eta * lambd,
    "half-kept": lambda eta, lambd, m: eta * lambd / (2 * m),
    "decay-twice": lambda eta, lambd, m: 2 * eta * lambd / m,
    "lambd-missing": lambda eta, lambd, m: eta / m,
    "penalty-sign": lambda eta, lambd, m: -eta * lambd / m,
    "rate-twice-in-decay": lambda eta, lambd, m: eta**2 * lambd / m,
    "m-inverted": lambda eta, lambd, m: eta * lambd * m,
}
STEPS: dict[str, Callable[..., Array]] = {  # what the data take off W
    "": lambda dW, eta, lambd, m: eta * dW,
    "step-without-rate": lambda dW, eta, lambd, m: dW,
    "step-uphill": lambda dW, eta, lambd, m: -eta * dW,
    "data-part-lost": lambda dW, eta, lambd, m: 0 * dW,
    "m-twice": lambda dW, eta, lambd, m: eta * dW / m,
    "data-step-shrinks": lambda dW, eta, lambd, m: (1 - eta * lambd / m) * eta * dW,
}


def examine_step(step: Answer, rng: np.random.Generator) -> None:
    """Examine ``weight_decay_step(W, dW, learning_rate, lambd, m)``."""
    simple = np.array([[2.0, -3.0]]), np.array([[0.5, 1.0]])
    drawn_cases = [
        (drawn(rng, shape, 30, 60), drawn(rng, shape, 3, 15), float(rng.integers(1, 5) / 10), *drawn_strength(rng))
        for shape in ((2, 3), (4, 2))
    ]
    require_values(
        step,
        [(*simple, 0.4, 3.0, 10), *drawn_cases, (*simple, 0.4, 0.0, 10), (*simple, 0.5, 15.0, 5)],  # W changes its sign
        lambda W, dW, learning_rate, lambd, m: (1 - learning_rate * lambd / m) * W - learning_rate * dW,
        [
            *known(
                {
                    "learning-rate-missing": lambda W, dW, eta, lambd, m: (1 - lambd / m) * W - dW,
                    "step-not-added": lambda W, dW, eta, lambd, m: -eta * (dW + lambd / m * W),
                    "gradient-for-step": lambda W, dW, eta, lambd, m: dW + lambd / m * W,
                    "share-lost-for-share-left": lambda W, dW, eta, lambd, m: eta * lambd / m * W - eta * dW,
                    "sign-for-weights": lambda W, dW, eta, lambd, m: W - eta * (dW + lambd / m * np.sign(W)),
                    "gradient-for-weights": lambda W, dW, eta, lambd, m: W - eta * (1 + lambd / m) * dW,
                    "gradient-decays": lambda W, dW, eta, lambd, m: W - eta * (1 - lambd / m) * dW,
                    "sum-without-brackets": [
                        lambda W, dW, eta, lambd, m: (1 - eta * lambd) / m * W - eta * dW,
                        lambda W, dW, eta, lambd, m: (1 - eta) * lambd / m * W - eta * dW,
                        lambda W, dW, eta, lambd, m: W - eta * dW + lambd / m * W,
                    ],
                    "penalty-not-differentiated": lambda W, dW, eta, lambd, m: W - eta * (dW + lambd / (2 * m) * W**2),
                    "m-twice": lambda W, dW, eta, lambd, m: W - eta / m * (dW + lambd * W),
                }
            ),
            *combined(
                lambda share, taken: (
                    lambda W, dW, eta, lambd, m: (1 - share(eta, lambd, m)) * W - taken(dW, eta, lambd, m)
                ),
                DECAYS,
                STEPS,
            ),
        ],
    )


def examine_l1_gradient(l1_gradient: Answer, rng: np.random.Generator) -> None:
    """Examine ``l1_gradient(W, lambd1, m)``."""

    def right(W: Array, lambd1: float, m: int) -> Array:
        return lambd1 / m * np.sign(W)

    wrong: dict[str, Answer] = {
        "weights-for-sign": lambda W, lambd1, m: lambd1 / m * W,
        "m-multiplied": lambda W, lambd1, m: lambd1 / 2 * m * np.sign(W),
        "strength-missing": lambda W, lambd1, m: np.sign(W),
        "size-for-slope": lambda W, lambd1, m: lambd1 / m * np.abs(W),
        "slope-always-positive": lambda W, lambd1, m: np.full(W.shape, lambd1 / m),
        "slope-of-relu": lambda W, lambd1, m: lambd1 / m * (W > 0),
        "penalty-for-gradient": lambda W, lambd1, m: lambd1 / m * np.sum(np.abs(W)),
    }
    drawn_cases = [(drawn(rng, shape), *drawn_strength(rng)) for shape in ((2, 3), (4, 2))]
    cases = [(np.array([[2.0, -0.5, 1.5]]), 3.0, 5), *drawn_cases]
    require_values(l1_gradient, cases, right, wrong)
    for W, lambd1, m in [(np.array([[2.0, 0.0, -3.0]]), 3.0, 5), (np.zeros((2, 1)), 3.0, 5)]:
        got, settings = returned_array(l1_gradient, W.copy(), lambd1, m), (("lambd1", lambd1), ("m", m))
        require_no_nan(got, W, *settings)
        pushed = got.shape == W.shape and np.any(got[W == 0] != 0)
        require(not pushed, "pushed-from-zero", ("W", W), *settings, ("expected", right(W, lambd1, m)), ("got", got))
        require_values(l1_gradient, [(W, lambd1, m)], right)
    require_values(l1_gradient, [(cases[0][0], 0.0, 5)], right)


def require_no_nan(got: Array, W: Array, *settings: tuple[str, Any]) -> None:
    """Require numbers for weights that are 0, in results that are right elsewhere."""
    require(not np.isnan(got).any(), "zero-over-zero", ("W", W), *settings, ("got", got))
    require(np.isfinite(got).all(), "result-not-finite", ("W", W), *settings, ("got", got))


def short(rng: np.random.Generator, *shape: int) -> Array:
    """Return numbers of both signs with three decimals, up to 2 in size, none of them small."""
    numbers: Array = rng.integers(101, 1999, shape) / 1000 * np.resize([1, -1, -1], shape)
    return numbers


def examine_soft_threshold(answer: Answer, rng: np.random.Generator) -> None:
    """Examine ``soft_threshold(W, threshold)``."""
    cases = [
        (np.array([[-2.0, -0.2, 0.3, 4.0]]), 0.5),
        (
            np.concatenate([drawn(rng, (3, 2), 10, 30), drawn(rng, (3, 2), 1, 4)], axis=1),
            float(rng.integers(6, 9) / 10),
        ),
        (short(rng, 4, 3), float(rng.integers(401, 799) / 1000)),
    ]
    for W, threshold in cases:
        require_exact_zeros(answer, W, threshold)
    require_values(
        answer,
        cases,
        soft_threshold,
        {
            "jumps-over-zero": lambda W, t: W - t * np.sign(W),
            "folded-back": lambda W, t: np.sign(W) * np.abs(np.abs(W) - t),
            "shifted-one-way": lambda W, t: W - t,
            "negative-moved-away": lambda W, t: np.where(np.abs(W) > t, W - t, 0),
            "negative-side-lost": lambda W, t: np.maximum(W - t, 0),
            "sign-lost": lambda W, t: np.maximum(np.abs(W) - t, 0),
            "hard-threshold": lambda W, t: np.where(np.abs(W) > t, W, 0),
            "small-kept": lambda W, t: np.where(np.abs(W) > t, W - t * np.sign(W), W),
            "multiplied-not-subtracted": [lambda W, t: (1 - t) * W, lambda W, t: t * W],
            "step-for-result": lambda W, t: np.clip(W, -t, t),
            "nothing-shrunk": lambda W, t: W,
            "away-from-zero": lambda W, t: W + t * np.sign(W),
            "minimum-for-maximum": lambda W, t: np.sign(W) * np.minimum(np.abs(W) - t, 0),
            "zeroed-after-shrinking": lambda W, t: np.where(np.abs(W) <= 2 * t, 0, W - t * np.sign(W)),
            "quadratic-shrinking": lambda W, t: W / (1 + t),
            "group-for-entry": [
                lambda W, t: W * max(1 - t / np.linalg.norm(W), 0),
                *(
                    lambda W, t, axis=axis: W * np.maximum(1 - t / np.linalg.norm(W, axis=axis, keepdims=True), 0)
                    for axis in (0, 1)
                ),
            ],
        },
    )
    edges = np.array([[-0.5, 0.0, 0.5, 1.5]])
    for threshold in (0.5, 0.0):
        require_exact_zeros(answer, edges, threshold)
        require_no_nan(returned_array(answer, edges.copy(), threshold), edges, ("threshold", threshold))
        require_values(answer, [(edges, threshold)], soft_threshold)


def require_exact_zeros(answer: Answer, W: Array, threshold: float) -> None:
    """Require no tiny numbers where 0 belongs."""
    got = returned_array(answer, W.copy(), threshold)
    if got.shape == W.shape:
        at_zero = got[np.abs(W) <= threshold]
        tiny = at_zero[(at_zero != 0) & (np.abs(at_zero) < 1e-3)]
        require(
            tiny.size == 0,
            "nearly-zero",
            ("W", W),
            ("threshold", threshold),
            ("exact zeros expected", at_zero.size),
            ("got among them", [float(number) for number in tiny[:3]]),
        )


def gradient_of_one(answer: Answer) -> Answer:
    """Return a function that gives the gradient of one name in what ``answer`` gives."""

    def call(parameters: Arrays, gradients: Arrays, lambd: float, m: int, name: str) -> Array:
        names = set(gradients)
        got = called(answer, parameters, gradients, lambd, m)
        kinds = ("expected", said("a dict")), ("got", type(got).__name__)
        require(isinstance(got, Mapping), "not-a-dict-of-arrays", *kinds)
        case = ("missing", sorted(names - set(got))), ("too many", sorted(set(got) - names, key=str))
        require(set(got) == names, "names-differ", *case)
        return as_numbers(got[name])

    return call


def penalized(factor: Callable[[float, int], float], where: Callable[[Arrays, str], Any] | None = None) -> Answer:
    """Return what an answer gives that adds ``factor`` of λ and m times each weight matrix, ``where`` this is true."""

    def gradient(p: Arrays, g: Arrays, lambd: float, m: int, name: str) -> Array:
        takes_part = where(p, name) if where else name.startswith("W")
        return g[name] + factor(lambd, m) * p[name] if takes_part else g[name]

    return gradient


def penalized_by(term: Callable[[Array, float, int], Any]) -> Answer:
    """Return what an answer gives that adds another term of each weight matrix to its gradient."""
    return lambda p, g, lambd, m, name: g[name] + (term(p[name], lambd, m) if name.startswith("W") else 0)


def share(lambd: float, m: int) -> float:
    """Return what stands before W in the gradient."""
    return lambd / m


def gradient_with_l2(parameters: Arrays, gradients: Arrays, lambd: float, m: int, name: str) -> Array:
    """Return the right gradient of one name."""
    return gradients[name] + (lambd / m * parameters[name] if name.startswith("W") else 0)


IN_ONE_GRADIENT: dict[str, Answer] = {  # mistakes that the gradient of one name can show
    "biases-penalized": penalized(share, lambda p, name: True),
    "penalty-missing": lambda p, g, lambd, m, name: g[name],
    "step-for-gradient": lambda p, g, lambd, m, name: p[name] - gradient_with_l2(p, g, lambd, m, name),
    "m-and-half-missing": penalized(lambda lambd, m: 2 * lambd),
    "m-multiplied": penalized(lambda lambd, m: lambd / 2 * m),
    "strength-missing": penalized(lambda lambd, m: 1),
    "data-part-lost": lambda p, g, lambd, m, name: lambd / m * p[name] if name.startswith("W") else g[name],
    "bias-gradient-lost": lambda p, g, lambd, m, name: (
        gradient_with_l2(p, g, lambd, m, name) if name.startswith("W") else 0 * g[name]
    ),
    "penalty-not-differentiated": penalized_by(lambda W, lambd, m: lambd / (2 * m) * W**2),
    "cost-added-to-gradient": penalized_by(lambda W, lambd, m: lambd / (2 * m) * squares(W)),
    "gradient-of-norm": penalized_by(lambda W, lambd, m: lambd / m * W / np.linalg.norm(W)),
    "sign-for-weights": lambda p, g, lambd, m, name: (
        g[name] + lambd / m * np.sign(p[name]) if name.startswith("W") else g[name]
    ),
    "gradient-for-weights": lambda p, g, lambd, m, name: gradient_with_l2(g, g, lambd, m, name),
    "m-twice": lambda p, g, lambd, m, name: gradient_with_l2(p, g, lambd * m, m, name) / m,
}
IN_ALL_GRADIENTS: dict[str, Answer] = IN_ONE_GRADIENT | {
    "m-twice": lambda p, g, lambd, m, name: gradient_with_l2(p, g, lambd, m, name) / m,
    "biases-alone": penalized(share, lambda p, name: name.startswith("b")),
    "first-layer-only": penalized(share, lambda p, name: name == "W1"),
    "first-layer-missed": penalized(share, lambda p, name: name in list(weights(p))[1:]),
    "last-layer-only": penalized(share, lambda p, name: name == list(weights(p))[-1]),
    "last-layer-missed": penalized(share, lambda p, name: name in list(weights(p))[:-1]),
    "layers-fixed": penalized(share, lambda p, name: name in ("W1", "W2")),
    "bias-by-shape": penalized(share, lambda p, name: p[name].shape[1] > 1),
}


def drawn_case(rng: np.random.Generator, sizes: Sequence[int]) -> tuple[Arrays, Arrays, float, int]:
    """Return parameters with gradients, λ and m."""
    parameters = drawn_network(rng, sizes)
    gradients = {name: drawn(rng, value.shape, 30, 60) for name, value in parameters.items()}
    return parameters, gradients, *drawn_strength(rng)


def examine_penalized_gradients(penalized_gradients: Answer, rng: np.random.Generator) -> None:
    """Examine ``penalized_gradients(parameters, gradients, lambd, m)``."""
    one = gradient_of_one(penalized_gradients)
    networks = [drawn_case(rng, sizes) for sizes in ((2, 1, 1), (2, 2, 1, 2), (1, 2, 2, 1, 2))]
    cases = [(*network, name) for network in networks for name in network[0]]
    require_values(one, cases, gradient_with_l2, IN_ALL_GRADIENTS, in_part=IN_ONE_GRADIENT, key=4)
    parameters, gradients, lambd, m = drawn_case(rng, (1, 1, 1))
    require_values(one, [(parameters, gradients, 0.0, m, name) for name in parameters], gradient_with_l2)
    backwards = dict(reversed(gradients.items()))
    try:
        require_values(one, [(parameters, backwards, lambd, m, name) for name in parameters], gradient_with_l2)
    except Mistake as mistake:
        raise Mistake("paired-by-order", mistake.case) from mistake


def by_name(course: float, half: float, whole: float, weight_decay: float) -> dict[str, float]:
    """Return a factor for each convention."""
    return dict(zip(CONVENTIONS, (course, half, whole, weight_decay), strict=True))


def examine_conversion(to_course_lambd: Answer, rng: np.random.Generator) -> None:
    """Examine ``to_course_lambd(value, convention, m)``."""
    pairs = [(0.3, 10), (float(rng.integers(1, 9) / 100), int(rng.integers(20, 200)))]
    require_values(
        one_number(to_course_lambd, "wrong-shape"),
        [(value, convention, m) for value, m in pairs for convention in CONVENTIONS],
        lambda value, convention, m: lambd_from(value, convention, m),
        {  # what shows in several conventions together
            "name-ignored": lambda value, name, m: value,
            "one-branch-for-all": [lambda value, name, m: value * m, lambda value, name, m: 2 * value * m],
            "conversion-inverted": lambd_to,
            "stops-at-the-gradient": lambda value, name, m: lambd_from(value, name, m) / m,
            "m-inverted": lambda value, name, m: value * by_name(1, 1 / m, 2 / m, 1 / m)[name],
            "weight-decay-in-the-cost": lambda value, name, m: value * by_name(1, m, 2 * m, 2 * m)[name],
        },
        in_part={
            "two-of-derivative-missing": lambda value, name, m: lambd_from(value, name, m) / 2,
            "two-not-cancelled": lambda value, name, m: lambd_from(value, name, m) * 2,
            "m-and-half-missing": lambda value, name, m: lambd_from(value, name, m) / (2 * m),
            "conversion-inverted": lambd_to,
            "stops-at-the-gradient": lambda value, name, m: value / m,
            "m-missing": lambda value, name, m: lambd_from(value, name, m) / m,
            "m-inverted": lambda value, name, m: 2 * value / m,
            "course-lambd-changed": lambda value, name, m: value * m,
        },
        key=1,
    )


NOISES = (0.5, 4.0, 16.0)  # from λ = 0.5 to λ = 512, by the Gaussian prior: no λ is good for all
STRENGTHS_TRIED = np.geomspace(0.01, 3000, 40)
BOUND = 2.0  # times the error of the best λ; ten validation points get 1.3, the best λ for all draws 3.3


@dataclass
class Draw:
    """Examples of a linear unit whose weights are known here, and the strengths that an answer has tried on them."""

    x: Array
    y: Array
    W: Array
    tried: list[float] = field(default_factory=list)
    columns: set[int] = field(default_factory=set)  # how many examples were fitted

    def fit(self, x: Array, y: Array, lambd: float) -> Array:
        """Return the weights (1, n) of least mean squared error with λ/(2m) Σ W²; the strength is noted down."""
        require(np.ndim(lambd) == 0, "number-from-an-array", ("lambd", lambd))
        require(lambd >= 0, "strength-negative", ("lambd", lambd))
        self.tried.append(float(lambd))
        self.columns.add(x.shape[1])
        return np.linalg.solve(x @ x.T + (lambd / 2 + 1e-9) * np.eye(len(x)), x @ y.T).T

    def error(self, lambd: float) -> float:
        """Return the mean squared error of all unseen examples, less the noise: their inputs are standard normal."""
        return squares(self.fit(self.x, self.y, lambd) - self.W)


def drawn_examples(rng: np.random.Generator, noise: float, n: int = 40, m: int = 60) -> Draw:
    """Return m examples of a linear unit with n inputs."""
    W, x = rng.standard_normal((1, n)), rng.standard_normal((n, m))
    return Draw(x, W @ x + noise * rng.standard_normal((1, m)), W)


def examine_choice(choose_lambda: Answer, rng: np.random.Generator) -> None:
    """Examine ``choose_lambda(x, y, fit)``: only what its λ are worth on unseen examples counts, and then why."""
    draws = [drawn_examples(rng, noise) for noise in rng.permutation(np.repeat(NOISES, 8))]
    chosen, tried, fitted = [], [], set()
    for draw in draws:
        x, y = draw.x.copy(), draw.y.copy()
        value = one_number(choose_lambda, "wrong-shape")(x, y, draw.fit)
        require_unchanged(["x", "y"], [draw.x, draw.y], [x, y])
        require(value >= 0, "strength-negative", ("got", value))
        require(np.isfinite(value), "result-not-finite", ("got", value))
        chosen.append(float(value))
        tried.append(np.array(list(dict.fromkeys(draw.tried))))
        fitted |= draw.columns
    least = [min(map(draw.error, STRENGTHS_TRIED)) for draw in draws]

    def loss(strengths: Sequence[float]) -> float:
        """Return by which factor the error is larger than that of the best λ, on average over the draws."""
        errors = [draw.error(lambd) for draw, lambd in zip(draws, strengths, strict=True)]
        return float(np.exp(np.mean(np.log(np.divide(errors, least)))))

    case = (
        ("error on unseen data, best λ = 1", loss(chosen)),
        ("the same for λ = 1 everywhere", loss([1.0] * len(draws))),
        ("expected at most", BOUND),
        ("first λ that you chose", chosen[:4]),
    )
    if loss(chosen) > BOUND:
        raise Mistake(why_so_bad(draws, chosen, tried, fitted == {x.shape[1]}, loss), case)


def why_so_bad(
    draws: Sequence[Draw],
    chosen: Sequence[float],
    tried: Sequence[Array],
    all_fitted: bool,
    loss: Callable[[Sequence[float]], float],
) -> str:
    """Return the misconception of an answer whose λ are bad: ``chosen`` in each draw, of those ``tried``."""
    several = all(len(one) > 1 for one in tried)
    smallest = [len(one) > 1 and lambd == one.min() for lambd, one in zip(chosen, tried, strict=True)]
    if np.mean(smallest) > 0.9:
        return "training-data-choose"
    if len(set(chosen)) == 1:
        return "one-strength-for-all"
    if not several:
        return "strength-never-tried"
    places = [
        int(lambd) if lambd.is_integer() and lambd < len(one) else 0 for lambd, one in zip(chosen, tried, strict=True)
    ]
    if np.array_equal(places, chosen) and loss([one[i] for i, one in zip(places, tried, strict=True)]) <= BOUND:
        return "index-for-strength"
    if not all(lambd in one for lambd, one in zip(chosen, tried, strict=True)):
        return "strength-never-tried"
    if all_fitted:
        return "training-data-choose"
    of_tried = [[draw.error(lambd) for lambd in one] for draw, one in zip(draws, tried, strict=True)]
    if loss([one[np.argmin(errors)] for one, errors in zip(tried, of_tried, strict=True)]) > BOUND:
        return "grid-too-narrow"
    worst = [one[np.argmax(errors)] for one, errors in zip(tried, of_tried, strict=True)]
    return "worst-for-best" if np.mean(np.equal(worst, chosen)) > 0.5 else "choice-too-noisy"


EXERCISES = (
    Exercise("l2_cost", examine_cost),
    Exercise("l2_gradient", examine_gradient),
    Exercise("weight_decay_step", examine_step),
    Exercise("l1_gradient", examine_l1_gradient),
    Exercise("soft_threshold", examine_soft_threshold),
    Exercise("penalized_gradients", examine_penalized_gradients),
    Exercise("to_course_lambd", examine_conversion),
    Exercise("choose_lambda", examine_choice),
)
