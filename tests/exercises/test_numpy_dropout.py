"""Checks of chapter 02: right answers pass, each planted mistake is named, unsolved stubs stop nothing."""

import numpy as np
import pytest

from course_utils.exercises import check


def verdict(capsys, name, answer):
    check(name, answer)
    return capsys.readouterr().out


def in_place(x, keep_prob, rng):
    x *= rng.random(x.shape) < keep_prob
    x /= keep_prob
    return x


def own_generator(x, keep_prob, rng):
    return x * (np.random.default_rng().random(x.shape) < keep_prob) / keep_prob


RIGHT = {
    "dropout": [
        lambda x, q, rng: x * (rng.random(x.shape) < q) / q,
        lambda x, q, rng: np.where(rng.random(len(x)) >= q, 0, np.asarray(x) / q),
        lambda x, q, rng: [value / q if rng.random() < q else 0.0 for value in x],
        lambda x, q, rng: x * rng.binomial(1, q, size=x.shape) / q,
    ],
    "batch_mask": [
        lambda a, q, rng: rng.random(a.shape) < q,
        lambda a, q, rng: rng.binomial(1, q, a.shape),
        lambda a, q, rng: np.stack([rng.random(a.shape[0]) < q for _ in range(a.shape[1])], axis=1),
    ],
    "dropout_variance": [lambda x, q: x**2 * (1 - q) / q, lambda x, q: x * x / q - x * x],
    "tanh_dropout_backward": [
        lambda da, z, mask, q: da * mask / q * (1 - np.tanh(z) ** 2),
        lambda da, z, mask, q: np.where(mask, da / q, 0) / np.cosh(z) ** 2,
    ],
    "test_output": [lambda a, W, b, q: W @ (q * a) + b, lambda a, W, b, q: np.dot(q * W, a) + b],
}
WRONG = {
    "dropout": {
        "to keep a value, not to drop": lambda x, q, rng: x * (rng.random(x.shape) < 1 - q) / q,
        "divided by keep_prob": lambda x, q, rng: x * (rng.random(x.shape) < q),
        "changes the caller's array": in_place,
        "draw from rng": own_generator,
        "Nothing was dropped": lambda x, q, rng: x,
        "returns None": lambda x, q, rng: None,
        "must have the shape": lambda x, q, rng: x[:3],
        "raised ZeroDivisionError": lambda x, q, rng: 1 / 0,
    },
    "batch_mask": {
        "shared by all examples": lambda a, q, rng: rng.random((a.shape[0], 1)) < q,
        "All columns are equal": lambda a, q, rng: np.repeat(rng.random((a.shape[0], 1)) < q, a.shape[1], axis=1),
        "All rows are equal": lambda a, q, rng: np.repeat(rng.random((1, a.shape[1])) < q, a.shape[0], axis=0),
        "zeros and ones": lambda a, q, rng: (rng.random(a.shape) < q) / q,
        "About keep_prob": lambda a, q, rng: rng.random(a.shape) < 1 - q,
    },
    "dropout_variance": {
        "variance of x · mask": lambda x, q: x**2 * q * (1 - q),
        "standard deviation": lambda x, q: np.sqrt(x**2 * (1 - q) / q),
        "m² = m": lambda x, q: x**2 * (1 - q),
    },
    "tanh_dropout_backward": {
        "mask is not used": lambda da, z, mask, q: da * (1 - np.tanh(z) ** 2),
        "1 / keep_prob is missing": lambda da, z, mask, q: da * mask * (1 - np.tanh(z) ** 2),
        "masked and scaled output": lambda da, z, mask, q: da * mask / q * (1 - (np.tanh(z) * mask / q) ** 2),
        "not through tanh": lambda da, z, mask, q: da * mask / q,
        "dz is not": lambda da, z, mask, q: da * 0,
    },
    "test_output": {
        "keep_prob times smaller": lambda a, W, b, q: W @ a + b,
        "Wrong way": lambda a, W, b, q: W @ (a / q) + b,
        "bias was never dropped": lambda a, W, b, q: q * (W @ a + b),
        "The result is not": lambda a, W, b, q: W @ a * 0 + b,
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


@pytest.mark.parametrize("name", RIGHT)
def test_a_stub_is_not_attempted(capsys, name):
    def stub(*arguments):
        raise NotImplementedError("your turn")

    assert "not attempted yet" in verdict(capsys, name, stub)
