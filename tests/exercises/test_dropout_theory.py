"""Checks of chapter 01: right answers pass, each planted mistake is named, the chapter's own solutions are right."""

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from course_utils.authoring.source import read_source
from course_utils.exercises import check
from course_utils.exercises.dropout_theory import CHECKS

SOURCE = Path(__file__).parents[2] / "notebooks" / "source" / "01_dropout_theory.py"


def verdict(capsys, name, answer):
    check(name, answer)
    return capsys.readouterr().out


def geometric(p, weights):
    return np.exp(np.sum(weights * np.log(p)))


def looped_mean(outputs, masks, q):
    total = 0.0
    for output, mask in zip(outputs, masks.T, strict=True):
        chance = 1.0
        for kept in mask:
            chance *= q if kept else 1 - q
        total += chance * output
    return total


def looped_penalty(W, x, q):
    n, m = x.shape
    return sum((1 - q) / q * W[0, j] ** 2 * sum(x[j, i] ** 2 for i in range(m)) / m for j in range(n))


RIGHT = {
    "kept_probability": [
        lambda n, k, q: math.comb(n, k) * q**k * (1 - q) ** (n - k),
        lambda n, k, q: sum(q**k * (1 - q) ** (n - k) for number in range(2**n) if format(number, "b").count("1") == k),
    ],
    "preactivation_variance": [
        lambda W, x, q: (1 - q) / q * (W**2 @ x**2),
        lambda W, x, q: np.sum((W.T * x) ** 2 / q - (W.T * x) ** 2, axis=0, keepdims=True),
    ],
    "mean_over_masks": [
        looped_mean,
        lambda outputs, masks, q: outputs @ np.prod(np.where(masks, q, 1 - q), axis=0),
    ],
    "geometric_mean": [
        lambda p, w: geometric(p, w) / (geometric(p, w) + geometric(1 - p, w)),
        lambda p, w: 1 / (1 + np.exp(-(w @ np.log(p / (1 - p))))),
    ],
    "dropout_penalty": [
        looped_penalty,
        lambda W, x, q: np.mean((1 - q) / q * (W**2 @ x**2)),
    ],
    "matching_keep_prob": [lambda lambd, m: 2 * m / (2 * m + lambd), lambda lambd, m: 1 / (1 + lambd / m / 2)],
}
WRONG = {
    "kept_probability": {
        "one mask that keeps k units": lambda n, k, q: q**k * (1 - q) ** (n - k),
        "share of masks": lambda n, k, q: math.comb(n, k) / 2**n,
        "keep and drop are swapped": lambda n, k, q: math.comb(n, k) * q ** (n - k) * (1 - q) ** k,
        "dropped units are missing": lambda n, k, q: math.comb(n, k) * q**k,
        "Multiply comb(n, k)": lambda n, k, q: 0.0,
        "must have shape ()": lambda n, k, q: [0.5],
        "returns None": lambda n, k, q: None,
    },
    "preactivation_variance": {
        "1 / keep_prob is missing": lambda W, x, q: (1 - q) * (W**2 @ x**2),
        "without scaling": lambda W, x, q: q * (1 - q) * (W**2 @ x**2),
        "keep and drop are swapped": lambda W, x, q: q / max(1 - q, 1e-9) * (W**2 @ x**2),
        "not the sum": lambda W, x, q: (1 - q) / q * (W @ x) ** 2,
        "x is not squared": lambda W, x, q: (1 - q) / q * (W**2 @ x),
        "W is not squared": lambda W, x, q: (1 - q) / q * (W @ x**2),
        "standard deviation": lambda W, x, q: np.sqrt((1 - q) / q * (W**2 @ x**2)),
        "wrong axis": lambda W, x, q: (1 - q) / q * np.sum(W.T**2 * x**2, axis=1, keepdims=True),
        "must have shape (1, 3), one row": lambda W, x, q: (1 - q) / q * np.sum(W.T**2 * x**2, axis=0),
        "Add up W² x²": lambda W, x, q: 0 * (W @ x),
        "raised ValueError": lambda W, x, q: W @ W,
    },
    "mean_over_masks": {
        "counts alike": lambda outputs, masks, q: np.mean(outputs),
        "without weights": lambda outputs, masks, q: np.sum(outputs),
        "keep and drop are swapped": lambda outputs, masks, q: looped_mean(outputs, ~masks, q),
        "dropped units are missing": lambda outputs, masks, q: np.sum(outputs * q ** masks.sum(axis=0)),
        "sum to 1 already": lambda outputs, masks, q: looped_mean(outputs, masks, q) / len(outputs),
        "Weight each output": lambda outputs, masks, q: outputs[0],
        "must have shape ()": lambda outputs, masks, q: outputs * q ** masks.sum(axis=0),
    },
    "geometric_mean": {
        "plain (arithmetic) mean": lambda p, w: w @ p,
        "not normalized": geometric,
        "weight the logarithms": lambda p, w: (
            geometric(p, 1 / len(p)) / (geometric(p, 1 / len(p)) + geometric(1 - p, 1 / len(p)))
        ),
        "The weights are missing": lambda p, w: np.prod(p) / (np.prod(p) + np.prod(1 - p)),
        "G', normalized": lambda p, w: geometric(1 - p, w) / (geometric(p, w) + geometric(1 - p, w)),
        "Compute G": lambda p, w: 0.5,
        "underflow": lambda p, w: np.prod(p) ** w[0] if len(p) > 8 else RIGHT["geometric_mean"][0](p, w),
    },
    "dropout_penalty": {
        "mean over examples is missing": lambda W, x, q: (1 - q) / q * np.sum(W**2 @ x**2),
        "not by all entries": lambda W, x, q: (1 - q) / q * np.mean(W.T**2 * x**2),
        "number of features, in place of m": lambda W, x, q: (1 - q) / q * np.sum(W**2 @ x**2) / len(x),
        "1 / keep_prob is missing": lambda W, x, q: (1 - q) * np.mean(W**2 @ x**2),
        "divides a variance by q²": lambda W, x, q: q * (1 - q) * np.mean(W**2 @ x**2),
        "keep and drop are swapped": lambda W, x, q: q / max(1 - q, 1e-9) * np.mean(W**2 @ x**2),
        "x is not squared": lambda W, x, q: (1 - q) / q * np.mean(W**2 @ x),
        "mean of x is squared": lambda W, x, q: (1 - q) / q * np.sum(W[0] ** 2 * x.mean(axis=1) ** 2),
        "W is not squared": lambda W, x, q: (1 - q) / q * np.mean(W @ x**2),
        "its own feature": lambda W, x, q: (1 - q) / q * np.sum(W**2) * np.mean(np.sum(x**2, axis=0)),
        "square each term": lambda W, x, q: (1 - q) / q * np.mean((W @ x) ** 2),
        "plain L2": lambda W, x, q: (1 - q) / q * np.sum(W**2),
        "Multiply each W²": lambda W, x, q: 7.0,
        "must have shape ()": lambda W, x, q: (1 - q) / q * (W**2 @ x**2),
    },
    "matching_keep_prob": {
        "probability to drop": lambda lambd, m: lambd / (2 * m + lambd),
        "factor 2 is missing": lambda lambd, m: m / (m + lambd),
        "m is missing": lambda lambd, m: 2 / (2 + lambd),
        "Both 2 and m": lambda lambd, m: 1 / (1 + lambd),
        "solve for q": lambda lambd, m: lambd / (2 * m),
        "Solve λ": lambda lambd, m: 0.5,
    },
}


def test_every_exercise_is_tried():
    assert set(RIGHT) == set(WRONG) == set(CHECKS)


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
    assert message in said.splitlines()[0]


@pytest.mark.parametrize("name", RIGHT)
def test_a_stub_is_not_attempted(capsys, name):
    def stub(*arguments):
        raise NotImplementedError("your turn")

    assert "not attempted yet" in verdict(capsys, name, stub)


def exercise_cells():
    """Return the text of each cell with a solution, and the name under which the next cell checks it."""
    cells = read_source(SOURCE).cells
    return [
        (cell.variant_text("instructor"), following.text) for cell, following in pairwise(cells) if cell.is_exercise
    ]


@pytest.mark.parametrize(("solution", "checked"), exercise_cells())
def test_the_chapters_own_solutions_pass(capsys, solution, checked):
    exec(f"import numpy as np\n{solution}\n{checked}", {"check": check})
    assert ": done." in capsys.readouterr().out


def test_every_check_stands_in_the_chapter():
    assert [checked.split('"')[1] for _, checked in exercise_cells()] == list(CHECKS)
