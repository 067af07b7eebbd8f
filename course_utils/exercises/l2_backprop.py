"""Checks of chapter 03: the L2 cost and its gradient, weight decay, L1, biases left alone, and names of λ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from course_utils.exercises.mistake import require, require_value, returned_array
from course_utils.penalties import CONVENTIONS, lambd_from, penalty, soft_threshold

__all__ = ["CHECKS"]

Answer = Callable[..., Any]
Case = tuple[str, Any]


def require_unchanged(name: str, before: Any, after: Any, cure: str) -> None:
    """Raise if an argument was changed by the call."""
    require(
        np.array_equal(before, after),
        f"Your function changes {name} of its caller: += and -= on an array work in place. {cure}",
    )


def example_network(rng: np.random.Generator) -> dict[str, Any]:
    """Return numbers shaped like the parameters of two layers."""
    shapes = {"W1": (3, 2), "b1": (3, 1), "W2": (1, 3), "b2": (1, 1)}
    return {name: rng.standard_normal(shape) for name, shape in shapes.items()}


def examine_cost(l2_cost: Answer) -> str:
    """Examine ``l2_cost(parameters, lambd, m)``."""
    simple = {"W1": np.array([[3.0, -1.0]]), "b1": np.array([[5.0]]), "W2": np.array([[2.5]]), "b2": np.array([[7.0]])}
    drawn = example_network(np.random.default_rng(3))
    for parameters, lambd, m in ((simple, 6.0, 10), (drawn, 0.7, 4)):
        squares = sum(float(np.sum(value**2)) for name, value in parameters.items() if name.startswith("W"))
        sizes = sum(float(np.sum(np.abs(value))) for name, value in parameters.items() if name.startswith("W"))
        signed = sum(float(np.sum(value)) for name, value in parameters.items() if name.startswith("W"))
        means = sum(float(np.mean(value**2)) for name, value in parameters.items() if name.startswith("W"))
        biases = sum(float(np.sum(value**2)) for name, value in parameters.items() if name.startswith("b"))
        norms = sum(float(np.linalg.norm(value)) for name, value in parameters.items() if name.startswith("W"))
        first = float(np.sum(parameters["W1"] ** 2))
        factor, right = lambd / (2 * m), penalty(parameters, m, lambd)
        got = float(compared_number(l2_cost({name: value.copy() for name, value in parameters.items()}, lambd, m)))
        wrong = {
            "The biases are penalized too: take the arrays whose name begins with W.": factor * (squares + biases),
            "This is λ/m Σ W²: the 2 in λ/(2m) is missing.": 2 * factor * squares,
            "This is λ/2 Σ W²: m is missing. The penalty is divided by the number of examples, as the data cost is.": (
                factor * m * squares
            ),
            "This is λ Σ W²: both 2 and m of λ/(2m) are missing.": 2 * m * factor * squares,
            "λ is missing: this is Σ W² / (2m).": squares / (2 * m),
            "λ / 2 * m divides by 2 and multiplies by m: write λ / (2 * m).": lambd / 2 * m * squares,
            "The weights are not squared; this is what L1 does with |W|.": factor * sizes,
            "The weights are not squared: negative and positive ones cancel.": factor * signed,
            "This is the mean of the squares of each layer: the penalty is a sum over all weights.": factor * means,
            "This is the norm ‖W‖, a square root: the penalty has its square, the plain sum of W².": factor * norms,
            "Only the first layer counts: sum over all layers.": factor * first,
            "Only the last layer counts: add up the layers instead of overwriting.": factor * (squares - first),
        }
        require_value(
            got, right, wrong, "The result is not λ/(2m) times the sum of all squared weights.", ("λ, m", (lambd, m))
        )
    return "factor, squares, all layers, biases left out"


def compared_number(value: Any) -> Any:
    """Return what should be one number as an array without axes."""
    array = returned_array(lambda: value)
    require(array.size == 1, f"The cost is one number, got an array of shape {array.shape}: sum over all entries.")
    return array.reshape(())


def examine_gradient(l2_gradient: Answer) -> str:
    """Examine ``l2_gradient(dW, W, lambd, m)``."""
    rng, lambd, m = np.random.default_rng(0), 3.0, 5
    dW, W = rng.standard_normal((2, 2, 3))
    given_dW, given_W = dW.copy(), W.copy()
    got, part = returned_array(l2_gradient, given_dW, given_W, lambd, m), lambd / m * W
    wrong = {
        "This adds λ/(2m) W. The derivative of W² is 2 W, and the 2 cancels the one in λ/(2m).": dW + part / 2,
        "This adds 2λ/m W. The derivative of W² is 2 W, but the cost has λ/(2m): the 2 cancels.": dW + 2 * part,
        "This adds λ W: m is missing.": dW + m * part,
        "The data part is lost: add to dW, do not replace it.": part,
        "The penalty is missing: this is dW alone.": dW,
        "Wrong sign: the gradient points where the cost grows, so the penalty's part is added.": dW - part,
        "This is the gradient of L1: it takes the sign of W. L2 takes W itself.": dW + lambd / m * np.sign(W),
        "This adds the cost, not its derivative: one power of W too many.": dW + lambd / (2 * m) * W**2,
        "The data part is divided by m once more: dW holds the mean over examples already.": dW / m + part,
    }
    require_value(got, dW + part, wrong, "The result is not dW + λ/m W.", ("λ, m", (lambd, m)))
    require_unchanged("dW", dW, given_dW, "Write dW + ... instead.")
    require_unchanged("W", W, given_W, "Make a new array.")
    return "factor, sign, data part, arguments unchanged"


def examine_step(step: Answer) -> str:
    """Examine ``weight_decay_step(W, dW, learning_rate, lambd, m)``."""
    rng, learning_rate, lambd, m = np.random.default_rng(1), 0.4, 3.0, 10
    W, dW = rng.standard_normal((2, 2, 3))
    given_W, given_dW = W.copy(), dW.copy()
    got = returned_array(step, given_W, given_dW, learning_rate, lambd, m)
    moved, decay = learning_rate * dW, learning_rate * lambd / m
    wrong = {
        "W shrinks by 1 - λ: learning rate and m are missing. The factor is 1 - ηλ/m.": (1 - lambd) * W - moved,
        "W shrinks by 1 - λ/m: the learning rate is missing. The factor is 1 - ηλ/m.": (1 - lambd / m) * W - moved,
        "W shrinks by 1 - ηλ: m is missing. The factor is 1 - ηλ/m.": (1 - learning_rate * lambd) * W - moved,
        "W shrinks by 1 - ηλ/(2m): the gradient of λ/(2m) W² is λ/m W.": (1 - decay / 2) * W - moved,
        "W shrinks by 1 - 2ηλ/m: the 2 of W² cancels the one in λ/(2m).": (1 - 2 * decay) * W - moved,
        "W grows: the penalty's gradient is subtracted, so the factor is 1 minus ηλ/m.": (1 + decay) * W - moved,
        "The data's step shrinks too: only the old W is multiplied by 1 - ηλ/m.": (1 - decay) * (W - moved),
        "The weights decay, but the data's gradient is not used.": (1 - decay) * W,
        "There is no decay: this is the step without a penalty.": W - moved,
        "dW enters without the learning rate.": (1 - decay) * W - dW,
        "The step goes uphill: subtract η dW.": (1 - decay) * W + moved,
    }
    require_value(
        got, (1 - decay) * W - moved, wrong, "The result is not (1 - ηλ/m) W - η dW.",
        ("η, λ, m", (learning_rate, lambd, m)),
    )  # fmt: skip
    require_unchanged("W", W, given_W, "Return a new array.")
    require_unchanged("dW", dW, given_dW, "Return a new array.")
    return "decay factor, data's step, arguments unchanged"


def examine_l1_gradient(l1_gradient: Answer) -> str:
    """Examine ``l1_gradient(W, lambd1, m)``."""
    lambd1, m, W = 3.0, 5, np.array([[2.0, -0.5, 0.0], [-3.0, 0.1, 4.0]])
    given = W.copy()
    with np.errstate(invalid="ignore", divide="ignore"):  # 0/0 is one of the mistakes
        got = returned_array(l1_gradient, given, lambd1, m)
    require(got.shape == W.shape, f"The result must have the shape of W, {W.shape}, got {got.shape}.")
    pull, away = lambd1 / m, W != 0
    require(
        not np.isnan(got).any(),
        "W / |W| is 0/0 where a weight is 0: np.sign knows what to do there.",
        ("W, first row", W[0]),
        ("got", got[0]),
    )
    wrong = {
        "This is the gradient of L2: it grows with W. L1 pulls every weight equally hard.": pull * W,
        "This is λ₁/(2m): L1 has no square, so there is no 2 in λ₁/m Σ|W|.": pull / 2 * np.sign(W),
        "m is missing: the pull is λ₁/m.": lambd1 * np.sign(W),
        "λ₁ is missing: the pull is λ₁/m.": np.sign(W) / m,
        "λ₁/m is missing: this is the sign alone.": np.sign(W),
        "Wrong sign: |W| grows away from 0, so its slope has the sign of W.": -pull * np.sign(W),
        "This is the penalty itself, |W|, not its slope.": pull * np.abs(W),
        "The slope must be negative where W is negative.": np.full(W.shape, pull),
    }
    shown = ("λ₁, m", (lambd1, m)), ("W", W)
    wrong = {message: value[away] for message, value in wrong.items()}
    require_value(got[away], pull * np.sign(W)[away], wrong, "Not λ₁/m sign(W).", *shown)
    require(
        got[0, 2] == 0,
        "At W = 0 any number from -λ₁/m to λ₁/m is a subgradient. Take 0, so that a weight that is zero is not pushed "
        "away.",
        ("expected", 0.0),
        ("got", got[0, 2]),
    )
    require_unchanged("W", W, given, "Make a new array.")
    return "sign, size, zero"


def examine_soft_threshold(answer: Answer) -> str:
    """Examine ``soft_threshold(W, threshold)``."""
    W, threshold = np.array([[-2.0, -0.5, -0.2, 0.0], [0.3, 0.5, 1.0, 4.0]]), 0.5
    given = W.copy()
    got = returned_array(answer, given, threshold)
    wrong = {
        "Weights below the threshold jump over zero and change sign: stop them at zero.": W - threshold * np.sign(W),
        "Negative weights are lost: the step goes towards zero from both sides.": np.maximum(W - threshold, 0),
        "This cuts small weights but leaves large ones as they are (a hard threshold): those shrink as well.": (
            np.where(np.abs(W) > threshold, W, 0)
        ),
        "The sign is lost: multiply by np.sign(W).": np.maximum(np.abs(W) - threshold, 0),
        "Every weight is multiplied, which never gives zero: subtract the threshold from |W|.": (1 - threshold) * W,
        "This keeps what the step takes away: W is limited to ± threshold.": np.clip(W, -threshold, threshold),
        "Large weights must shrink by the threshold, small ones become 0.": W,
        "Weights move away from zero: subtract the threshold from |W|.": (np.abs(W) + threshold) * np.sign(W),
    }
    require_value(
        got, soft_threshold(W, threshold), wrong, "The result is not sign(W) · max(|W| - threshold, 0).",
        ("threshold", threshold), ("W", W),
    )  # fmt: skip
    require_unchanged("W", W, given, "Return a new array.")
    drawn = np.random.default_rng(0).standard_normal((20, 10))
    many = returned_array(answer, drawn.copy(), 0.3)
    require(
        int(np.sum(many == 0)) == int(np.sum(np.abs(drawn) <= 0.3)),
        "Small weights must become exactly 0, not nearly.",
        ("weights up to the threshold", int(np.sum(np.abs(drawn) <= 0.3))),
        ("exact zeros", int(np.sum(many == 0))),
    )
    require_value(many, soft_threshold(drawn, 0.3), {}, "Wrong for 200 random weights and threshold 0.3.")
    return "shrinks, exact zeros, both signs, argument unchanged"


def examine_penalized_gradients(penalized_gradients: Answer) -> str:
    """Examine ``penalized_gradients(parameters, gradients, lambd, m)``."""
    rng, lambd, m = np.random.default_rng(3), 3.0, 5
    parameters, gradients = example_network(rng), example_network(rng)
    given = [{name: value.copy() for name, value in arrays.items()} for arrays in (parameters, gradients)]
    got = penalized_gradients(*given, lambd, m)
    require(got is not None, "The function returns None: is the return statement missing?")
    require(
        isinstance(got, Mapping), f"The result must be a dict with a gradient per parameter, got {type(got).__name__}."
    )
    lost = [name for name in parameters if name not in got]
    require(
        not lost,
        "Some gradients are missing: parameters without a penalty still have their gradient.",
        ("missing", lost),
    )
    for name, dW in gradients.items():
        part = lambd / m * parameters[name]
        value = returned_array(lambda name=name: got[name])
        if name.startswith("b"):
            require_value(
                value, dW, {
                    "The bias is penalized: only arrays whose name begins with W get λ/m W.": dW + part,
                    "The bias loses its gradient: leave it as it is.": np.zeros_like(dW),
                },
                "The gradient of a bias must stay as it is.", ("parameter", name),
            )  # fmt: skip
        else:
            require_value(
                value, dW + part, {
                    "The penalty is missing in a layer: every W gets λ/m W.": dW,
                    "This adds λ/(2m) W: the 2 cancels when W² is differentiated.": dW + part / 2,
                    "This adds 2λ/m W: the 2 cancels the one in λ/(2m).": dW + 2 * part,
                    "This adds λ W: m is missing.": dW + m * part,
                    "The data part is lost: add λ/m W to the gradient.": part,
                },
                "The gradient of a weight matrix must be dW + λ/m W.", ("parameter", name),
            )  # fmt: skip
    for arrays, before, name in zip(given, (parameters, gradients), ("parameters", "gradients"), strict=True):
        require(
            set(arrays) == set(before) and all(np.array_equal(arrays[key], before[key]) for key in before),
            f"Your function changes the {name} of its caller: build a new dict with new arrays, without += .",
        )
    return "weights penalized, biases left alone, arguments unchanged"


def examine_conversion(to_course_lambd: Answer) -> str:
    """Examine ``to_course_lambd(value, convention, m)``."""
    value, m = 0.03, 50
    for convention in CONVENTIONS:
        got, right = float(compared_number(to_course_lambd(value, convention, m))), lambd_from(value, convention, m)
        wrong = {
            "Wrong way: this turns the course's λ into the other convention.": value**2 / right,
            "A factor of 2 is missing: compare what stands before W in the gradients.": right / 2,
            "There is a factor of 2 too many: compare what stands before W in the gradients.": right * 2,
            "m is missing: the course divides its penalty by m, this convention does not.": right / m,
            "m is missing, and a factor of 2.": right / (2 * m),
            "There is an m too many.": right * m,
        }
        wrong = {message: number for message, number in wrong.items() if not np.isclose(number, right)}
        case = ("value, convention, m", (value, convention, m))
        require_value(got, right, wrong, "Set the factors of W in both gradients equal and solve for λ.", case)
    return "all four conventions"


CHECKS: dict[str, Callable[[Answer], str]] = {
    "l2_cost": examine_cost,
    "l2_gradient": examine_gradient,
    "weight_decay_step": examine_step,
    "l1_gradient": examine_l1_gradient,
    "soft_threshold": examine_soft_threshold,
    "penalized_gradients": examine_penalized_gradients,
    "to_course_lambd": examine_conversion,
}
