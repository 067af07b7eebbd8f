"""Checks of chapter 03: right answers pass, each planted mistake is named, the chapter's own solutions pass."""

from pathlib import Path

import numpy as np
import pytest

from course_utils.authoring.source import read_source
from course_utils.exercises import check
from course_utils.exercises.l2_backprop import CHECKS

SOURCE = Path(__file__).parents[2] / "notebooks" / "source" / "03_l2_cost_and_backprop.py"


def verdict(capsys, name, answer):
    check(name, answer)
    return capsys.readouterr().out


def weights_of(parameters):
    return [value for name, value in parameters.items() if name.startswith("W")]


def total(parameters, of=np.square):
    return sum(np.sum(of(W)) for W in weights_of(parameters))


def last_layer_only(parameters, lambd, m):
    for W in weights_of(parameters):
        cost = lambd / (2 * m) * np.sum(W**2)
    return cost


def gradient_in_place(dW, W, lambd, m):
    dW += lambd / m * W
    return dW


def gradient_scaling_weights(dW, W, lambd, m):
    W *= lambd / m
    return dW + W


def step_in_place(W, dW, learning_rate, lambd, m):
    W -= learning_rate * (dW + lambd / m * W)
    return W


def step_scaling_gradient(W, dW, learning_rate, lambd, m):
    dW *= learning_rate
    return (1 - learning_rate * lambd / m) * W - dW


def sign_in_place(W, lambd1, m):
    np.sign(W, out=W)
    return lambd1 / m * W


def threshold_in_place(W, threshold):
    W[np.abs(W) <= threshold] = 0
    return W - threshold * np.sign(W)


def threshold_in_loops(W, threshold):
    result = np.zeros(W.shape)
    for index, w in np.ndenumerate(W):
        if w > threshold:
            result[index] = w - threshold
        elif w < -threshold:
            result[index] = w + threshold
    return result


def penalized(factor=1.0, of=lambda name: name.startswith("W")):
    """Return an answer that penalizes some arrays with a factor of λ/m."""
    return lambda p, g, lambd, m: {k: g[k] + factor * lambd / m * p[k] if of(k) else g[k] for k in g}


def penalized_with_copies(parameters, gradients, lambd, m):
    result = {name: gradient.copy() for name, gradient in gradients.items()}
    for layer in (1, 2):
        result[f"W{layer}"] += lambd / m * parameters[f"W{layer}"]
    return result


def penalized_arrays_in_place(parameters, gradients, lambd, m):
    for name in ("W1", "W2"):
        gradients[name] += lambd / m * parameters[name]
    return gradients


def penalized_dict_in_place(parameters, gradients, lambd, m):
    for name in ("W1", "W2"):
        gradients[name] = gradients[name] + lambd / m * parameters[name]
    return gradients


def parameters_in_place(parameters, gradients, lambd, m):
    answer = penalized()(parameters, gradients, lambd, m)
    for name in parameters:
        parameters[name] *= 0
    return answer


def converted(value, convention, m):
    if convention in ("weight_decay", "lambd/2"):
        return value * m
    return 2 * value * m if convention == "lambd" else value


RIGHT = {
    "l2_cost": [
        lambda p, lambd, m: lambd / (2 * m) * total(p),
        lambda p, lambd, m: 0.5 * lambd / m * (np.linalg.norm(p["W1"]) ** 2 + np.linalg.norm(p["W2"]) ** 2),
        lambda p, lambd, m: np.array([[lambd * total(p) / 2 / m]]),
    ],
    "l2_gradient": [
        lambda dW, W, lambd, m: dW + lambd / m * W,
        lambda dW, W, lambd, m: np.add(dW, (lambd * W) / m),
    ],
    "weight_decay_step": [
        lambda W, dW, eta, lambd, m: (1 - eta * lambd / m) * W - eta * dW,
        lambda W, dW, eta, lambd, m: W - eta * (dW + lambd / m * W),
    ],
    "l1_gradient": [
        lambda W, lambd1, m: lambd1 / m * np.sign(W),
        lambda W, lambd1, m: lambd1 * ((W > 0).astype(int) - (W < 0)) / m,
    ],
    "soft_threshold": [
        lambda W, t: np.sign(W) * np.maximum(np.abs(W) - t, 0),
        lambda W, t: W - np.clip(W, -t, t),
        threshold_in_loops,
    ],
    "penalized_gradients": [penalized(), penalized_with_copies],
    "to_course_lambd": [
        converted,
        lambda value, c, m: {"lambd/(2m)": 1, "lambd/2": m, "lambd": 2 * m, "weight_decay": m}[c] * value,
    ],
}
WRONG = {
    "l2_cost": {
        "biases are penalized too": lambda p, lambd, m: lambd / (2 * m) * sum(np.sum(v**2) for v in p.values()),
        "the 2 in λ/(2m) is missing": lambda p, lambd, m: lambd / m * total(p),
        "m is missing. The penalty": lambda p, lambd, m: lambd / 2 * total(p),
        "both 2 and m": lambda p, lambd, m: lambd * total(p),
        "λ is missing": lambda p, lambd, m: total(p) / (2 * m),
        "multiplies by m": lambda p, lambd, m: lambd / 2 * m * total(p),
        "what L1 does": lambda p, lambd, m: lambd / (2 * m) * total(p, np.abs),
        "ones cancel": lambda p, lambd, m: lambd / (2 * m) * total(p, lambda W: W),
        "mean of the squares": lambda p, lambd, m: lambd / (2 * m) * sum(np.mean(W**2) for W in weights_of(p)),
        "a square root": lambda p, lambd, m: lambd / (2 * m) * sum(np.linalg.norm(W) for W in weights_of(p)),
        "Only the first layer": lambda p, lambd, m: lambd / (2 * m) * np.sum(p["W1"] ** 2),
        "Only the last layer": last_layer_only,
        "sum over all entries": lambda p, lambd, m: lambd / (2 * m) * p["W1"] ** 2,
        "The result is not λ/(2m)": lambda p, lambd, m: 0.0,
        "returns None": lambda p, lambd, m: None,
        "raised KeyError": lambda p, lambd, m: p["W3"],
    },
    "l2_gradient": {
        "This adds λ/(2m) W": lambda dW, W, lambd, m: dW + lambd / (2 * m) * W,
        "This adds 2λ/m W": lambda dW, W, lambd, m: dW + 2 * lambd / m * W,
        "This adds λ W": lambda dW, W, lambd, m: dW + lambd * W,
        "data part is lost": lambda dW, W, lambd, m: lambd / m * W,
        "penalty is missing": lambda dW, W, lambd, m: dW,
        "Wrong sign": lambda dW, W, lambd, m: dW - lambd / m * W,
        "gradient of L1": lambda dW, W, lambd, m: dW + lambd / m * np.sign(W),
        "one power of W": lambda dW, W, lambd, m: dW + lambd / (2 * m) * W**2,
        "divided by m once more": lambda dW, W, lambd, m: (dW + lambd * W) / m,
        "changes dW of its caller": gradient_in_place,
        "changes W of its caller": gradient_scaling_weights,
        "must have shape": lambda dW, W, lambd, m: np.sum(dW + lambd / m * W),
        "The result is not dW": lambda dW, W, lambd, m: 0 * dW,
    },
    "weight_decay_step": {
        "shrinks by 1 - λ: ": lambda W, dW, eta, lambd, m: (1 - lambd) * W - eta * dW,
        "shrinks by 1 - λ/m: ": lambda W, dW, eta, lambd, m: (1 - lambd / m) * W - eta * dW,
        "shrinks by 1 - ηλ: ": lambda W, dW, eta, lambd, m: (1 - eta * lambd) * W - eta * dW,
        "shrinks by 1 - ηλ/(2m)": lambda W, dW, eta, lambd, m: (1 - eta * lambd / (2 * m)) * W - eta * dW,
        "shrinks by 1 - 2ηλ/m": lambda W, dW, eta, lambd, m: (1 - 2 * eta * lambd / m) * W - eta * dW,
        "W grows": lambda W, dW, eta, lambd, m: (1 + eta * lambd / m) * W - eta * dW,
        "data's step shrinks too": lambda W, dW, eta, lambd, m: (1 - eta * lambd / m) * (W - eta * dW),
        "gradient is not used": lambda W, dW, eta, lambd, m: (1 - eta * lambd / m) * W,
        "There is no decay": lambda W, dW, eta, lambd, m: W - eta * dW,
        "without the learning rate": lambda W, dW, eta, lambd, m: (1 - eta * lambd / m) * W - dW,
        "goes uphill": lambda W, dW, eta, lambd, m: (1 - eta * lambd / m) * W + eta * dW,
        "changes W of its caller": step_in_place,
        "changes dW of its caller": step_scaling_gradient,
        "The result is not (1": lambda W, dW, eta, lambd, m: 0 * W,
    },
    "l1_gradient": {
        "W / |W| is 0/0": lambda W, lambd1, m: lambd1 / m * W / np.abs(W),
        "gradient of L2": lambda W, lambd1, m: lambd1 / m * W,
        "no 2 in λ₁/m": lambda W, lambd1, m: lambd1 / (2 * m) * np.sign(W),
        "m is missing": lambda W, lambd1, m: lambd1 * np.sign(W),
        "λ₁ is missing": lambda W, lambd1, m: np.sign(W) / m,
        "the sign alone": lambda W, lambd1, m: np.sign(W),
        "Wrong sign": lambda W, lambd1, m: -lambd1 / m * np.sign(W),
        "not its slope": lambda W, lambd1, m: lambd1 / m * np.abs(W),
        "negative where W is negative": lambda W, lambd1, m: np.full(W.shape, lambd1 / m),
        "At W = 0 any number": lambda W, lambd1, m: lambd1 / m * np.where(W >= 0, 1, -1),
        "changes W of its caller": sign_in_place,
        "shape of W": lambda W, lambd1, m: lambd1 / m * np.sign(W).sum(),
        "Not λ₁/m": lambda W, lambd1, m: 0 * W,
    },
    "soft_threshold": {
        "jump over zero": lambda W, t: W - t * np.sign(W),
        "Negative weights are lost": lambda W, t: np.maximum(W - t, 0),
        "hard threshold": lambda W, t: np.where(np.abs(W) > t, W, 0),
        "The sign is lost": lambda W, t: np.maximum(np.abs(W) - t, 0),
        "never gives zero": lambda W, t: (1 - t) * W,
        "what the step takes away": lambda W, t: np.clip(W, -t, t),
        "must shrink by the threshold": lambda W, t: W,
        "away from zero": lambda W, t: W + t * np.where(W < 0, -1, np.sign(W)),
        "exactly 0, not nearly": lambda W, t: np.sign(W) * np.maximum(np.abs(W) - t, 1e-12),
        "random weights": lambda W, t: np.sign(W) * np.maximum(np.abs(W) - t, 0) + (W.size > 50) * (np.abs(W) > t),
        "changes W of its caller": threshold_in_place,
        "The result is not sign": lambda W, t: 0 * W,
    },
    "penalized_gradients": {
        "The bias is penalized": penalized(of=lambda name: True),
        "The bias loses": lambda p, g, lambd, m: {
            k: g[k] + lambd / m * p[k] if k.startswith("W") else 0 * g[k] for k in g
        },
        "gradient of a bias must stay": lambda p, g, lambd, m: {
            k: g[k] + lambd / m * p[k] if k.startswith("W") else g[k] + 1 for k in g
        },
        "missing in a layer": penalized(of=lambda name: name == "W1"),
        "Some gradients are missing": lambda p, g, lambd, m: {k: g[k] + lambd / m * p[k] for k in ("W1", "W2")},
        "This adds λ/(2m) W": penalized(0.5),
        "This adds 2λ/m W": penalized(2),
        "This adds λ W": penalized(5),
        "data part is lost": lambda p, g, lambd, m: {k: lambd / m * v if k[0] == "W" else g[k] for k, v in p.items()},
        "must be dW + λ/m W": penalized(-1),
        "changes the gradients": penalized_arrays_in_place,
        "changes the gradients of": penalized_dict_in_place,
        "changes the parameters": parameters_in_place,
        "must be a dict": lambda p, g, lambd, m: list(g.values()),
        "returns None": lambda p, g, lambd, m: None,
    },
    "to_course_lambd": {
        "Wrong way": lambda value, c, m: value if c == "lambd/(2m)" else value / m / (2 if c == "lambd" else 1),
        "factor of 2 is missing": lambda value, c, m: value if c == "lambd/(2m)" else value * m,
        "factor of 2 too many": lambda value, c, m: value if c == "lambd/(2m)" else 2 * value * m,
        "m is missing: the course": lambda value, c, m: value,
        "m too many": lambda value, c, m: value * m,
        "Set the factors": lambda value, c, m: 0.0,
        "m is missing, and a factor of 2": lambda value, c, m: value if c == "lambd/(2m)" else value / 2,
        "returns None": lambda value, c, m: None,
    },
}


@pytest.mark.parametrize(("name", "answer"), [(name, answer) for name, answers in RIGHT.items() for answer in answers])
def test_right_answers_pass(capsys, name, answer):
    assert verdict(capsys, name, answer).startswith(f"{name}: done.")


@pytest.mark.parametrize(
    ("name", "message", "answer"),
    [(name, message, answer) for name, wrong in WRONG.items() for message, answer in wrong.items()],
)
def test_planted_mistakes_are_named(capsys, name, message, answer):
    said = verdict(capsys, name, answer)
    assert said.startswith(f"{name}: not yet.")
    assert message in said


def test_every_exercise_is_tried():
    assert set(CHECKS) == set(RIGHT) == set(WRONG)


def test_the_chapters_own_solutions_pass(capsys):
    cells = read_source(SOURCE).cells
    names = {"np": np, "check": check}
    for cell in cells:
        if cell.is_exercise or cell.text.startswith("check("):
            exec(cell.variant_text("instructor"), names)
    said = capsys.readouterr().out
    assert [line.split(":")[0] for line in said.splitlines() if not line.startswith(" ")] == list(CHECKS)
    assert said.count(": done.") == len(CHECKS)
