"""Exercises of chapter 05: find the line that is wrong in fifteen specimens, and mend nine of them and a network."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from unittest import mock

import numpy as np

from course_utils.activations import sigmoid, tanh_derivative
from course_utils.arguments import Array
from course_utils.costs import binary_cross_entropy
from course_utils.exercises.comparison import (
    agree,
    as_numbers,
    called,
    require_refused,
    require_unchanged,
    require_values,
    returned_array,
)
from course_utils.exercises.exercise import Answer, Exercise
from course_utils.exercises.mistake import Mistake, require
from course_utils.exercises.randomness import require_count_varies, require_generator_used, require_share
from course_utils.exercises.verdict import Case
from course_utils.gradient_check import numeric_gradients, relative_errors

__all__ = ["EXERCISES"]

Arrays = dict[str, Array]


# Finding: the letter of a line.


@dataclass(frozen=True)
class Suspects:
    """The lettered lines of one specimen.

    Parameters
    ----------
    wrong : str
        Letter of the line that is wrong.
    reason : str
        Why it is, told to whoever has found it.
    innocent : dict of pairs
        For each other letter the id of the misconception that accuses it, and why this line is innocent.
    """

    wrong: str
    reason: str
    innocent: Mapping[str, tuple[str, str]]


def letter_of(value: Any) -> str:
    """Return the one letter in an answer; "# B" and "line b" will do."""
    several = isinstance(value, list | tuple | set) and len(value) > 1
    require(not several, "several-lines", ("got", value))
    require(isinstance(value, str), "not-a-letter", ("got", value))
    letters = re.findall(r"\b[a-z]\b", value.lower())
    require(letters, "not-a-letter", ("got", value))
    require(len(set(letters)) == 1, "several-lines", ("got", value))
    return str(letters[0])


def examine_suspect(suspects: Suspects, suspect: Answer, rng: np.random.Generator) -> str:
    """Examine ``suspect_...()``, which names a line."""
    letter = letter_of(called(suspect))
    if letter in suspects.innocent:
        misconception, why = suspects.innocent[letter]
        raise Mistake(misconception, ((f"line {letter}", why),))
    letters = ", ".join(sorted({*suspects.innocent, suspects.wrong}))
    require(letter == suspects.wrong, "no-such-line", ("got", letter), ("lines", letters))
    return f"line {letter}: {suspects.reason}"


A4_AND_A5 = {
    "a": ("accuses-the-setup", "it unpacks what the forward pass kept, and m is the number of examples"),
    "b": ("accuses-the-cost", "W2 and b2 are made from dz2 and pass the check, so dz2 is right"),
    "c": ("accuses-the-chain", "the product with W2 is right; it is the gradient after dropout, as its name says"),
    "d": ("accuses-the-scale", "mask and 1 / keep_prob are those of the forward pass; look who uses the result"),
    "e": ("accuses-the-other-bug", "it decides how steep tanh is, and a dropped unit gets no gradient at any slope"),
    "f": ("accuses-the-other-bug", "it uses the slope as it finds it, whichever sign that has"),
    "g": ("accuses-the-messenger", "it makes W1 and b1 from dz1 as one should; dz1 came to it wrong"),
    "h": ("accuses-the-chain", "W2 and b2 pass the check"),
}
SUSPECTS = {
    "find_a1": Suspects(
        "a",
        "it reads the global parameters, since the argument is spelt in another way",
        {
            "b": ("accuses-the-forward-pass", "the product is right for the W1 that it gets; which W1 is it?"),
            "c": ("accuses-the-messenger", "it uses a1 and W2 as they come; alone, the function stops before it"),
        },
    ),
    "find_a2": Suspects(
        "d",
        "it calls dropped_a2 without its own keep_prob, so the default is used",
        {
            "a": ("accuses-the-randomness", "turning the knob of dropped_a2 moved the share: the comparison works"),
            "b": ("accuses-the-scale", "the scale changes no zero into another number, and zeros are counted"),
            "c": (
                "accuses-the-randomness",
                "a fixed seed repeats the draws; the knob of dropped_a2 moved with one too",
            ),
            "e": ("accuses-the-messenger", "it takes the mean of what line d gives it"),
        },
    ),
    "find_b6": Suspects(
        "d",
        "it calls sigmoid whatever was chosen; the stored choice is never read",
        {
            "a": ("accuses-the-setup", "W is stored, and changing it moves the output"),
            "b": ("accuses-the-setup", "the choice arrives: the object holds np.tanh"),
            "c": ("accuses-the-forward-pass", "the product comes before any activation and is the same for both"),
        },
    ),
    "find_a8": Suspects(
        "c",
        "its name is misspelt, so it replaces nothing and nobody calls it",
        {
            "a": ("accuses-the-setup", "with nn in place the class is made without an error"),
            "b": ("accuses-the-setup", "it stores a number, and the object was made without an error"),
            "d": ("accuses-the-messenger", "it was never reached: the error comes from the base class"),
        },
    ),
    "find_a3": Suspects(
        "b",
        "it draws one column of random numbers for all examples",
        {
            "a": ("accuses-the-setup", "n and m are the numbers of units and examples"),
            "c": ("accuses-the-messenger", "a product of equal shapes would be right here; one of them came smaller"),
            "d": ("accuses-the-scale", "the mean over 4000 masks is 1.0, so the scale is right"),
        },
    ),
    "find_b1": Suspects(
        "c",
        "x *= works in place, on the array of the caller",
        {
            "a": ("accuses-the-randomness", "one pass keeps half, as it should; the mask is a new array"),
            "b": ("accuses-the-scale", "1 / keep_prob is the right scale, and a number changes no array"),
            "d": ("accuses-the-messenger", "returning an array changes nothing in it"),
        },
    ),
    "find_b2": Suspects(
        "d",
        "it passes a probability to keep where one to drop is asked for",
        {
            "a": ("accuses-the-randomness", "level 0.9 drops nine in ten, which is what level promises"),
            "b": ("accuses-the-scale", "with level dropped, 1 - level is kept, and the mean is right"),
            "c": ("accuses-the-forward-pass", "tanh(W @ x) is the layer, and it drops nothing"),
        },
    ),
    "find_a4": Suspects(
        "f",
        "it goes on with the gradient from before mask and scale, and da1 is never used",
        {letter: reason for letter, reason in A4_AND_A5.items() if letter != "f"},
    ),
    "find_a5": Suspects(
        "e",
        "a1 is no longer tanh(z1) there: it has been masked and scaled",
        {letter: reason for letter, reason in A4_AND_A5.items() if letter != "e"},
    ),
    "find_b3": Suspects(
        "b",
        "it multiplies by the input instead of the outputs of the layer below",
        {
            "a": ("accuses-the-setup", "the input is what the first layer gets; who reads a after that?"),
            "c": ("accuses-the-forward-pass", "the sigmoid of z is the layer's output"),
            "d": ("accuses-the-messenger", "the last layer uses the last a, as it should, and stays linear"),
        },
    ),
    "find_b4": Suspects(
        "d",
        "the derivative of a square is twice its base, and the 2 is missing",
        {
            "a": ("accuses-the-forward-pass", "a linear layer; the differences of the cost go through it too"),
            "b": (
                "accuses-the-forward-pass",
                "the error is output minus target, and its sign is right: the cost falls",
            ),
            "c": ("accuses-the-cost", "the mean of squares is what was agreed upon"),
            "e": ("accuses-the-messenger", "both arrays are off by the same factor, so it was in dz already"),
        },
    ),
    "find_b5": Suspects(
        "a",
        "exp(1000) is more than a computer can hold",
        {
            "b": ("accuses-the-messenger", "adding 1 to infinity raises nothing; infinity was there before"),
            "c": ("accuses-the-messenger", "1 / infinity is 0, and this is even the right result"),
        },
    ),
    "find_a7": Suspects(
        "c",
        "1 - p is exactly 0 there, its logarithm is -infinity, and 0 times that is nan",
        {
            "a": ("accuses-the-forward-pass", "p = 1.0 is the number nearest to the true one, and it is finite"),
            "b": ("accuses-the-cost", "log(1) is 0; this line breaks on the other side, for z = -800"),
            "d": ("accuses-the-messenger", "it adds a nan that is there already"),
        },
    ),
    "find_a6": Suspects(
        "a",
        "weights between 0 and 0.01 put all units on a plateau, alike and nearly linear",
        {
            "b": ("accuses-the-schedule", "three times the learning rate left the accuracy below 0.7"),
            "c": ("accuses-the-schedule", "a hundred times as many steps left the accuracy below 0.5"),
            "d": ("accuses-the-randomness", "without any dropout the accuracy is the same"),
        },
    ),
    "find_b7": Suspects(
        "c",
        "at rate 0.3 the first step overshoots for every seed, at 0.1 for none",
        {
            "a": ("accuses-the-model", "25 units are what the task asks for, and at rate 0.1 they make no jump"),
            "b": (
                "accuses-the-randomness",
                "all eight seeds jump at rate 0.3; the seed only decides where the run lands",
            ),
            "d": ("accuses-the-schedule", "the jump is in the first step, however many follow"),
        },
    ),
}


# Mending: one function for each specimen.


def examine_mended_b6(hidden: Answer, rng: np.random.Generator) -> str:
    """Examine ``mended_b6(x, W, activation)``."""
    cases = []
    for n, n_in, m in ((1, 1, 1), (3, 2, 4)):
        x, W = rng.uniform(0.3, 1.5, (n_in, m)).round(1), rng.uniform(0.3, 1.5, (n, n_in)).round(1)
        cases += [(x, W, name) for name in ("sigmoid", "tanh")]
    functions: dict[str, Callable[[Array], Array]] = {"sigmoid": sigmoid, "tanh": np.tanh}
    x, W, _ = cases[2]
    first, second = (returned_array(hidden, *copy.deepcopy(case)) for case in cases[2:])
    same = agree(first, second) and not agree(first, W @ x)
    require(not same, "argument-ignored", ("activation", "sigmoid, then tanh"), ("got for both", second))
    require_values(
        hidden,
        cases,
        lambda x, W, activation: functions[activation](W @ x),
        {
            "choices-swapped": lambda x, W, name: functions["tanh" if name == "sigmoid" else "sigmoid"](W @ x),
            "activation-left-out": lambda x, W, name: W @ x,
        },
    )
    x, W, _ = cases[0]
    for bad in ("relu", "Tanh", ""):
        require_refused("activation", bad, lambda bad=bad: hidden(x.copy(), W.copy(), bad))
    return "both activations, on two layers; other names refused; arguments unchanged"


def examine_mended_a3(dropped: Answer, rng: np.random.Generator) -> str:
    """Examine ``mended_a3(a, keep_prob, rng)``."""
    a, keep_prob, seed = np.ones((200, 50)), 0.8, int(rng.integers(2**31))
    out = returned_array(dropped, a.copy(), keep_prob, np.random.default_rng(seed))
    require(out.shape == a.shape, "wrong-shape", ("expected", a.shape), ("got", out.shape))
    corner = ("a, keep_prob", f"ones of shape {a.shape}, {keep_prob}"), ("corner of your result", out[:4, :4])
    if np.ptp(out) > 0:
        require(np.any(out != out[:, :1]), "mask-shared-by-examples", *corner)
        require(np.any(out != out[:1]), "mask-shared-by-units", *corner)
    require_share(float(np.mean(out != 0)), keep_prob, out.size, *corner)
    require_scale(np.unique(out[out != 0].round(9)), keep_prob, *corner)
    values = 1 + np.arange(100.0).reshape(20, 5)
    require_generator_used(lambda a, draws: called(dropped, a.copy(), 0.5, draws), values, seed=seed)
    require_count_varies(lambda draws: returned_array(dropped, np.ones((20, 1)), 0.5, draws) != 0, rng)
    for given in (values.copy(), values.astype(int)):
        before = given.copy()
        out = returned_array(dropped, given, 0.8, np.random.default_rng(seed))
        require_unchanged(["a"], [before], [given])
        case = ("a", before[:2]), ("expected", "a / 0.8, or 0"), ("got", out[:2])
        require(given.dtype.kind == "f" or not cut_off(out, values), "integers-cut-off", *case)
        require(np.all((out == 0) | np.isclose(out, values / 0.8)), "wrong-value", *case)
    return "own mask for each example and unit, share kept, scale, rng used, a unchanged, whole numbers"


def cut_off(out: Array, values: Array) -> bool:
    """Return whether values / 0.8 are there without their fractions."""
    return bool(np.all((out == 0) | (out == np.floor(values / 0.8))) and np.any(values[out != 0] % 4))


def require_scale(kept: Array, keep_prob: float, *case: tuple[str, Any]) -> None:
    """Require ones to become 1 / keep_prob where they are kept."""
    scales = {"scale-missing": 1.0, "scale-inverted": keep_prob, "scale-by-drop": 1 / (1 - keep_prob)}
    for misconception, scale in scales.items():
        require(np.isclose(scale, 1 / keep_prob) or not np.allclose(kept, scale, rtol=1e-6), misconception, *case)
    require(np.allclose(kept, 1 / keep_prob), "wrong-value", *case, ("expected where kept", 1 / keep_prob))


def examine_mended_b1(step: Answer, rng: np.random.Generator) -> str:
    """Examine ``mended_b1(parameters, gradients, learning_rate)``."""
    cases = []
    for shape, rate in (((1, 1), 0.1), ((2, 3), 0.3)):
        old, slopes = (
            {"W1": rng.uniform(0.5, 2, shape).round(1), "b1": rng.uniform(0.5, 2, (shape[0], 1)).round(1)}
            for _ in range(2)
        )
        cases.append((old, slopes, rate))

    given = copy.deepcopy(cases[1])
    new = called(step, *given)
    old = given[0]
    shared = isinstance(new, dict) and new is not old and any(new.get(name) is old[name] for name in old)
    before, after = cases[1][0]["W1"], old["W1"]
    require(not shared or agree(before, after), "copy-too-shallow", ("W1 before", before), ("afterwards", after))

    def moved(old: Arrays, change: Callable[[str], Any]) -> Arrays:
        return {name: value + change(name) for name, value in old.items()}

    require_arrays(
        step,
        cases,
        ("parameters", "gradients", "learning_rate"),
        lambda old, g, rate: moved(old, lambda name: -rate * g[name]),
        {
            "step-uphill": lambda old, g, rate: moved(old, lambda name: rate * g[name]),
            "learning-rate-missing": lambda old, g, rate: moved(old, lambda name: -g[name]),
            "biases-left-out": lambda old, g, rate: moved(old, lambda name: -rate * g[name] * (name == "W1")),
        },
    )
    return "weights and biases of two networks; the old dict and its arrays unchanged"


def require_arrays(
    answer: Answer,
    cases: Sequence[tuple[Any, ...]],
    names: Sequence[str],
    right: Callable[..., Arrays],
    wrong: Mapping[str, Callable[..., Arrays]],
) -> None:
    """Require an answer to return dicts of arrays that are right, and to leave its arguments, called ``names``, alone.

    Like :func:`~course_utils.exercises.comparison.require_values`; the case says which arrays are off.
    """
    calls = [copy.deepcopy(case) for case in cases]
    expected = [right(*copy.deepcopy(case)) for case in cases]
    got = [arrays_of(called(answer, *call), list(arrays)) for call, arrays in zip(calls, expected, strict=True)]
    failing = [index for index in range(len(cases)) if not agree_all(got[index], expected[index])]
    shown = verdicts(got[failing[0]], expected[failing[0]]) if failing else ()
    for misconception, function in wrong.items() if failing else ():
        explained = all(agree_all(one, function(*copy.deepcopy(case))) for one, case in zip(got, cases, strict=True))
        require(not explained, misconception, *shown)
    for before, after in zip(cases, calls, strict=True):
        require_unchanged(names, before, after)
    for index in failing:
        for name, value in expected[index].items():
            shapes = ("array", name), ("expected", value.shape), ("got", got[index][name].shape)
            require(got[index][name].shape == value.shape, "wrong-shape", *shapes)
    require(not failing, "wrong-value", *shown)


def arrays_of(value: Any, names: Sequence[str]) -> Arrays:
    """Return a dict with an array for each name, or refuse a value that is none."""
    found = sorted(value) if isinstance(value, dict) else type(value).__name__
    fits = isinstance(value, dict) and set(names) <= set(value)
    require(fits, "not-a-dict-of-arrays", ("expected a dict with", ", ".join(names)), ("got", found))
    return {name: as_numbers(value[name]) for name in names}


def agree_all(one: Arrays, other: Arrays) -> bool:
    """Return whether all arrays of two dicts agree."""
    return all(agree(one[name], other[name]) for name in other)


def verdicts(got: Arrays, expected: Arrays) -> tuple[tuple[str, Any], ...]:
    """Return which arrays are right and which are not, and the smallest array that is not."""
    words = {name: "right" if agree(got[name], expected[name]) else "off" for name in expected}
    off = min((name for name in words if words[name] == "off"), key=lambda name: expected[name].size)
    listed = "  ".join(f"{name} {word}" for name, word in words.items())
    return ("arrays", listed), (f"{off}, expected", expected[off]), (f"{off}, got", got[off])


def examine_mended_backward(backward: Answer, rng: np.random.Generator) -> str:
    """Examine ``mended_backward(y, parameters, cache)``."""
    cases = [backward_case(rng, *sizes) for sizes in ((2, 1, 2, 0.5), (4, 2, 5, 0.8))]

    def gradients(y: Array, parameters: Arrays, cache: dict[str, Any], dz1: Array, m: float) -> Arrays:
        dz2 = (sigmoid(cache["z2"]) - y) / m
        return {
            "W1": dz1 @ cache["x"].T / m,
            "b1": dz1.sum(axis=1, keepdims=True) / m,
            "W2": dz2 @ cache["a1"].T,
            "b2": dz2.sum(axis=1, keepdims=True),
        }

    def by(hidden: Callable[..., Array], summed: bool = False) -> Callable[..., Arrays]:
        """Return the gradients that follow from m dz1 = hidden(gradient after dropout, mask, 1 / keep_prob, cache)."""

        def function(y: Array, parameters: Arrays, cache: dict[str, Any]) -> Arrays:
            above = parameters["W2"].T @ (sigmoid(cache["z2"]) - y)
            dz1 = hidden(above, cache["mask"], 1 / cache["keep_prob"], cache)
            return gradients(y, parameters, cache, dz1, 1 if summed else y.shape[1])

        return function

    def slope(cache: dict[str, Any]) -> Array:
        return tanh_derivative(cache["z1"])

    def wrong_slope(cache: dict[str, Any]) -> Array:
        return 1 - cache["a1"] ** 2

    require_arrays(
        backward,
        cases,
        ("y", "parameters", "cache"),
        by(lambda above, mask, scale, cache: above * mask * scale * slope(cache)),
        {
            "two-bugs-left": by(lambda above, mask, scale, cache: above * wrong_slope(cache)),
            "mask-forgotten-backward": by(lambda above, mask, scale, cache: above * slope(cache)),
            "derivative-of-dropped-output": by(
                lambda above, mask, scale, cache: above * mask * scale * wrong_slope(cache)
            ),
            "scale-forgotten-backward": by(lambda above, mask, scale, cache: above * mask * slope(cache)),
            "mask-lost-backward": by(lambda above, mask, scale, cache: above * scale * slope(cache)),
            "scale-inverted": by(lambda above, mask, scale, cache: above * mask / scale * slope(cache)),
            "derivative-missing": by(lambda above, mask, scale, cache: above * mask * scale),
            "derivative-at-output": by(
                lambda above, mask, scale, cache: above * mask * scale * tanh_derivative(np.tanh(cache["z1"]))
            ),
            "derivative-of-z": by(lambda above, mask, scale, cache: above * mask * scale * (1 - cache["z1"] ** 2)),
            "sum-for-mean": by(lambda above, mask, scale, cache: above * mask * scale * slope(cache), summed=True),
        },
    )
    return "W1, b1, W2, b2 of two networks with a mask for each example; arguments unchanged"


def backward_case(
    rng: np.random.Generator, n_h: int, n_x: int, m: int, keep_prob: float
) -> tuple[Array, Arrays, dict[str, Any]]:
    """Return labels, parameters and the cache of a forward pass, at weights of ordinary size."""
    parameters = {
        "W1": rng.uniform(0.3, 0.9, (n_h, n_x)).round(1),
        "b1": rng.uniform(0.1, 0.3, (n_h, 1)).round(1),
        "W2": rng.uniform(0.5, 1.5, (1, n_h)).round(1),
        "b2": np.array([[0.1]]),
    }
    x, mask = rng.uniform(0.5, 1.0, (n_x, m)).round(1), rng.random((n_h, m)) < 0.5
    mask[0, 0], mask[-1, -1] = True, False
    z1 = parameters["W1"] @ x + parameters["b1"]  # (n_h, m)
    a1 = np.tanh(z1) * mask / keep_prob
    z2 = parameters["W2"] @ a1 + parameters["b2"]  # (1, m)
    y = (np.arange(m)[np.newaxis] % 2).astype(float)
    return y, parameters, {"x": x, "z1": z1, "a1": a1, "z2": z2, "mask": mask, "keep_prob": keep_prob}


def examine_mended_b3(network: Answer, rng: np.random.Generator) -> str:
    """Examine ``mended_b3(x, weights)``."""

    def case(m: int, *sizes: int) -> tuple[Array, list[Array]]:
        shapes = zip(sizes[1:], sizes[:-1], strict=True)
        return rng.uniform(0.5, 2, (sizes[0], m)).round(1), [rng.uniform(0.5, 2, shape).round(1) for shape in shapes]

    def output(x: Array, weights: Sequence[Array], activation: Callable[[Array], Array] = sigmoid) -> Array:
        a = x
        for W in weights[:-1]:
            a = activation(W @ a)
        return weights[-1] @ a

    wrong = {
        "activation-on-output": lambda x, weights: sigmoid(output(x, weights)),
        "activation-left-out": lambda x, weights: output(x, weights, lambda z: z),
    }
    alike = {
        "input-in-every-layer": lambda x, weights: output(x, weights[-2:]),
        "layer-left-out": lambda x, weights: output(x, [*weights[:-2], weights[-1]]),
    }
    other = {"layer-left-out": lambda x, weights: output(x, [weights[0], *weights[2:]])}
    equal_sizes = [case(1, 2, 2, 2, 1), case(3, 2, 2, 2, 2)]
    require_values(network, equal_sizes, lambda x, weights: output(x, weights), wrong | alike)
    require_values(network, [case(2, 2, 2, 2, 2, 1)], lambda x, weights: output(x, weights), other)
    require_values(
        network, [case(2, 3, 1), case(2, 2, 3, 1), case(3, 3, 5, 4, 2)], lambda x, weights: output(x, weights), wrong
    )
    return "none to three hidden layers, equal sizes and different ones; arguments unchanged"


def examine_mended_b4(gradient: Answer, rng: np.random.Generator) -> str:
    """Examine ``mended_b4(z, y)``."""
    cases = []
    for shape in ((1, 2), (2, 3)):
        z = rng.uniform(1, 5, shape).round(1)
        cases.append((z, z + rng.choice([-1, 1], shape) * rng.uniform(0.3, 2, shape).round(1)))
    require_values(
        gradient,
        cases,
        lambda z, y: 2 * (z - y) / z.size,
        {
            "half-of-the-square": lambda z, y: (z - y) / z.size,
            "sum-for-mean": lambda z, y: 2 * (z - y),
            "mean-over-columns-only": lambda z, y: 2 * (z - y) / z.shape[1],
            "sign-turned": lambda z, y: 2 * (y - z) / z.size,
            "cost-for-gradient": lambda z, y: (z - y) ** 2 / z.size,
        },
    )
    scalar = returned_array(gradient, *copy.deepcopy(cases[1]))
    require(scalar.shape == (2, 3), "wrong-shape", ("expected", (2, 3)), ("got", scalar.shape))
    return "one row and two rows of outputs, errors of both signs; arguments unchanged"


def examine_mended_b5(mended: Answer, rng: np.random.Generator) -> str:
    """Examine ``mended_b5(z)``."""
    moderate = np.array([[0.0, 1.0, -2.0]]), rng.uniform(-5, 5, (2, 3)).round(1), np.array([[-9.0, 9.0]])
    with np.errstate(all="ignore"):
        far = returned_array(mended, np.array([[-30.0, -1000.0]])).ravel()
        clipped = far.size == 2 and far[0] == far[1] and 1e-12 < far[0] < 0.01
        require(not clipped, "z-clipped", ("z", -30.0), ("expected about", 1e-13), ("got", far[:1]))
        require_values(mended, [(z,) for z in moderate], lambda z: sigmoid(z), {"sign-turned": lambda z: sigmoid(-z)})
    below, above = (overflow(mended, np.array([[z, z]])) for z in (-1000.0, 1000.0))
    says = "NumPy reports", "overflow encountered in exp"
    require(not below == above == "reported", "both-branches-computed", ("z", "-1000, and also 1000"), says)
    require(above != "reported", "overflow-moved", ("z", 1000.0), says)
    require(below != "reported", "overflow-left", ("z", -1000.0), says)
    require("silent" not in (below, above), "overflow-silenced", ("z", "-1000 or 1000"), ("exp gives", "infinity"))
    require_values(mended, [(np.array([[-1000.0, -710.0, 710.0, 1000.0]]),)], lambda z: sigmoid(z))
    return "values, z from -1000 to 1000, no overflow on the way, z unchanged"


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


def examine_mended_a7(cost: Answer, rng: np.random.Generator) -> str:
    """Examine ``mended_a7(z, y)``."""
    moderate = []
    for shape in ((1, 1), (1, 4), (2, 3)):
        z = rng.uniform(0.5, 3, shape).round(1) * rng.choice([-1, 1], shape)
        moderate.append((z, (np.arange(z.size).reshape(shape) % 2 == 0).astype(float)))
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
    return "values on random logits, z from -1000 to 1000 with both labels, arguments unchanged"


# The last round: a network with three bugs.

BUGS_LEFT = ("", "one-bug-left", "two-bugs-left", "three-bugs-left")
Pass = tuple[Array, float, Arrays]  # logits, cost and gradients of one training pass


def examine_network(network: Answer, rng: np.random.Generator) -> str:
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
    found = penalty_evidence(run, parameters), slope_evidence(run, rng), masks
    left = [evidence for evidence in found if evidence]
    mended = f"{3 - len(left)} of 3"
    require(not left, BUGS_LEFT[len(left)], ("mended", mended), ("evidence", left[0] if left else ""))
    _, _, gradients = run(parameters, 0.5, 2.0)
    differences = numeric_gradients(lambda p: run(p, 0.5, 2.0)[1], parameters)
    errors = relative_errors(gradients, differences)
    words = "  ".join(f"{name} {'right' if error < 1e-4 else f'{error:.0e}'}" for name, error in errors.items())
    require(max(errors.values()) < 1e-4, "wrong-value", ("gradient check", words))
    given = copy.deepcopy(parameters)
    called(network, x, y, given, 0.5, 2.0, np.random.default_rng(seed))
    require_unchanged(["parameters"], [parameters], [given])
    return "all three bugs are gone: logits, cost, masks, share kept, scale, gradient check with λ; arguments unchanged"


def training_pass(network: Answer, *arguments: Any) -> Pass:
    """Return the logits, cost and gradients of an answer as arrays, a float and a dict of arrays."""
    value = called(network, *arguments)
    fits = isinstance(value, tuple | list) and len(value) == 3
    require(fits, "not-numbers", ("expected", "three values: logits, cost, gradients"), ("got", type(value).__name__))
    logits, cost, gradients = as_numbers(value[0]), as_numbers(value[1]), arrays_of(value[2], list(arguments[2]))
    expected = (1, arguments[0].shape[1])
    require(logits.shape == expected, "wrong-shape", ("logits expected", expected), ("got", logits.shape))
    require(cost.size == 1, "wrong-shape", ("cost expected", "one number"), ("got", cost.shape))
    for name, value in arguments[2].items():
        shapes = (f"{name} expected", value.shape), ("got", gradients[name].shape)
        require(gradients[name].shape == value.shape, "wrong-shape", *shapes)
    return logits, float(cost.item()), gradients


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


def penalty_evidence(run: Callable[..., Pass], parameters: Arrays) -> str:
    """Return where the gradient of the penalty is off as it was found; other ways to be off are mistakes."""
    m, lambd = 6, 3.0
    (_, _, without), (_, _, with_l2) = run(parameters, 0.5, 0.0), run(parameters, 0.5, lambd)
    added = {name: with_l2[name] - without[name] for name in parameters}
    due = {name: lambd / m * value * (name in ("W1", "W2")) for name, value in parameters.items()}
    if all(np.allclose(added[name], due[name], rtol=1e-4, atol=1e-5) for name in due):
        return ""
    off = next(name for name in due if not np.allclose(added[name], due[name], rtol=1e-4, atol=1e-5))
    case: Case = (("λ, m", f"{lambd:g}, {m}"), (f"{off} of the network", parameters[off]))
    case = (*case, ("λ should add to its gradient", due[off]), ("it adds", added[off]))
    biases_too = any(np.abs(added[name]).max() > 1e-5 for name in ("b1", "b2"))
    require(not biases_too, "biases-penalized", *case)
    factors = {"half-missing": 2.0, "m-missing": m, "m-and-half-missing": 2 * m, "penalty-missing": 0.0}
    for misconception, factor in factors.items():
        explained = all(np.allclose(added[name], factor * due[name], rtol=1e-4, atol=1e-5) for name in due)
        require(not explained, misconception, *case)
    as_found = all(np.allclose(added[name], 0.5 * due[name], rtol=1e-4, atol=1e-5) for name in due)
    require(as_found, "wrong-value", *case)
    return "with λ = 0 the gradients of W2 and b2 pass the check; with λ = 3 that of b2 still does, that of W2 does not"


def slope_evidence(run: Callable[..., Pass], rng: np.random.Generator) -> str:
    """Return where the gradient of the data cost is off as it was found; other ways to be off are mistakes.

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
        return ""
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
    return "at weights of ordinary size and λ = 0, the gradients of W2 and b2 pass the check, those of W1 and b1 do not"


def mask_evidence(run: Callable[..., Pass], rng: np.random.Generator) -> str:
    """Return what many passes of equal examples show as it was found; other faults of the masks are mistakes."""
    n, q, seed = 2000, 0.8, int(rng.integers(2**30))
    one = {"W1": np.zeros((1, 2)), "b1": np.array([[20.0]]), "W2": np.ones((1, 1)), "b2": np.zeros((1, 1))}

    def logits(p: Arrays, n: int, number: int) -> Array:
        return run(p, q, 0.0, np.ones((2, n)), np.ones((1, n)), seed + number)[0]

    passes = [logits(one, 50, number) for number in range(100)]  # one unit whose output is 1, or 1 / keep_prob if kept
    kept = np.unique(np.round([z[z != 0].mean() for z in passes if z.any()], 6))
    case = ("keep_prob", q), ("logits of a unit that gives 1", np.unique(np.round(passes, 3))[:4])
    require(np.any(np.array(passes) == 0), "nothing-dropped", *case)
    require(len(kept), "everything-dropped", *case)
    require_scale(kept, q, *case)
    if all(np.ptp(z) == 0 for z in passes):
        return "50 equal examples have 50 equal logits in every one of 100 passes, at keep_prob 0.8"
    wide = {"W1": np.zeros((30, 2)), "b1": np.full((30, 1), 20.0), "W2": np.ones((1, 30)), "b2": np.zeros((1, 1))}
    sums = np.unique(logits(wide, 50, 0).round(3))
    all_or_none = np.isin(np.round(sums * q), (0, 30)).all()
    require(not all_or_none, "mask-shared-by-units", ("30 units that give 1, different logits", sums))
    require_share(float(np.mean(logits(one, n, 0) != 0)), q, n, ("keep_prob", q))
    return ""


def find(name: str, hint: str, second_hint: str) -> Exercise:
    """Return the exercise of finding the line of one specimen."""
    return Exercise(name, partial(examine_suspect, SUSPECTS[name]), hint, second_hint)


EXERCISES = (
    find(
        "find_a1",
        "`alone` runs the function without the notebook. Which name does it miss?",
        "Compare the name in the def line, letter by letter, with the one that is read.",
    ),
    find(
        "find_a2",
        "The inner knob works, the outer one does not. Where does the outer function call the inner one?",
        "Which arguments does dropped_a2 get there?",
    ),
    find(
        "find_b6",
        "The choice arrives in the object. Who reads it afterwards?",
        "Search for the word activation in the method output.",
    ),
    find(
        "find_a8",
        "A method that should replace one of the base class is new. Which?",
        "Read its name aloud, letter by letter.",
    ),
    Exercise(
        "mended_b6",
        examine_mended_b6,
        hint="A dict from names to functions, one test for unknown names, and one call.",
        second_hint='functions = {"sigmoid": sigmoid, "tanh": np.tanh}; then functions[activation](W @ x).',
    ),
    find(
        "find_a3",
        "One column of the result is like all others. In which line was there one column only?",
        "Write the shape behind every line.",
    ),
    Exercise(
        "mended_a3",
        examine_mended_a3,
        hint="Every entry of a has a random number of its own.",
        second_hint="mask = rng.random(a.shape) < keep_prob, then return a * mask / keep_prob.",
    ),
    find(
        "find_b1",
        "The caller's array changes. Which line works in place?",
        "*= does not make a new array.",
    ),
    Exercise(
        "mended_b1",
        examine_mended_b1,
        hint="Build a new dict, with a new array for each name.",
        second_hint="{name: value - learning_rate * gradients[name] for name, value in parameters.items()}",
    ),
    find(
        "find_b2",
        "Each function keeps its own promise. Where does a number pass from one to the other?",
        "level is the probability to drop. What is handed over as level?",
    ),
    find(
        "find_a4",
        "Which name is computed and never read?",
        "da1 has been masked. Which line should use it?",
    ),
    find(
        "find_a5",
        "What is in a1 when the slope is taken: tanh(z1), or something else?",
        "forward_found assigns a1 twice.",
    ),
    Exercise(
        "mended_backward",
        examine_mended_backward,
        hint="Two lines change: the slope is taken at z1, and dz1 is made from da1.",
        second_hint='slope = 1 - np.tanh(cache["z1"]) ** 2 and dz1 = da1 * slope.',
    ),
    find(
        "find_b3",
        "The first matrix has no effect. Which line forgets what the round before has computed?",
        "a changes from round to round. Is it read in the loop?",
    ),
    Exercise(
        "mended_b3",
        examine_mended_b3,
        hint="Each round starts from the outputs of the round before.",
        second_hint="In the loop: a = sigmoid(W @ a).",
    ),
    find(
        "find_b4",
        "All entries are off by the factor 2. Where does a 2 belong?",
        "The derivative of error**2 is 2 * error.",
    ),
    Exercise(
        "mended_b4",
        examine_mended_b4,
        hint="The mean is over all entries, and each of them is a square.",
        second_hint="2 * (z - y) / z.size",
    ),
    find(
        "find_b5",
        "The message names the function that overflows.",
        "What is -z for z = -1000?",
    ),
    Exercise(
        "mended_b5",
        examine_mended_b5,
        hint="Compute e = exp(-|z|), which is never above 1. Both formulas can be written with it.",
        second_hint="e = np.exp(-np.abs(z)); the result is 1 / (1 + e) for z >= 0 and e / (1 + e) for z < 0.",
    ),
    find(
        "find_a7",
        "At z = 40, what is p, and what is 1 - p?",
        "Which of the two logarithms gets the 0?",
    ),
    Exercise(
        "mended_a7",
        examine_mended_a7,
        hint="Put -log σ(z) = log(1 + exp(-z)) and -log(1 - σ(z)) = log(1 + exp(z)) together.",
        second_hint="The mean of np.logaddexp(0, z) - y * z.",
    ),
    find(
        "find_a6",
        "The table changed one setting at a time. Which change made a difference?",
        "The setting of the row that is above 0.85.",
    ),
    find(
        "find_b7",
        "All seeds jump, so it is not luck. What was changed between the two halves of the table?",
        "How long is the first step?",
    ),
    Exercise(
        "mended_network",
        examine_network,
        hint="Look at the shape of the mask, at what the slope of tanh is taken from, and at the factors of λ.",
        second_hint="rng.random(a1.shape); 1 - np.tanh(W1 @ x + b1) ** 2; lambd / m in both gradients.",
    ),
)
