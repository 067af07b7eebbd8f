"""What Python, NumPy and PyTorch say is read for what it means: each sentence here is one that they really say."""

import math

import numpy as np
import pytest

from course_utils.exercises.calls import called
from course_utils.exercises.mistake import Mistake

W, X, LIST = np.ones((2, 3)), np.ones((3, 4)), [0.8, 0.5]
PARAMETERS = {"W1": np.ones((1, 2)), "b1": np.zeros((1, 1)), "W2": np.ones((1, 1)), "b2": np.zeros((1, 1))}


def helper(x):
    x + 1


def before(x):
    if x is None:
        total = 0
    return total


def refuses(x):
    if x:
        raise ValueError("x must not be true")


def asserts(x):
    assert x == 0
    return x


def recursive_import(x):
    import no_such_toolbox

    return no_such_toolbox


@pytest.mark.parametrize(
    ("answer", "arguments", "expected", "words"),
    [
        (lambda a, b: a * b, (W, np.ones((4, 2))), "shapes-do-not-fit", {}),
        (lambda a, b: a * b, (np.ones((2, 3)), np.ones((3, 5))), "entries-for-product", {"one": "(2, 3)"}),
        (lambda a, b: a + 2 * (b * 3), (np.ones((2, 3)), np.ones((4, 3))), "shapes-do-not-fit", {}),
        (lambda a, b: a @ b, (X, W), "product-does-not-fit", {"rows": "2", "columns": "4"}),
        (lambda a, b: a @ b, (X, X), "product-for-entries", {"one": "(3, 4)"}),
        (lambda a, b: np.dot(a, b), (X, X), "product-for-entries", {"one": "(3, 4)"}),
        (lambda a, b: np.dot(a, b), (X, W), "product-does-not-fit", {"rows": "2", "columns": "4"}),
        (
            lambda o, masks: o * masks.sum(axis=1),
            (np.ones(4), np.ones((2, 4))),
            "summed-along-wrong-axis",
            {"argument": "masks"},
        ),
        (lambda a: a[0] if a > 0 else a, (W,), "if-on-an-array", {}),
        (lambda a: max(a, 0), (W,), "if-on-an-array", {}),
        (lambda a: math.exp(a), (W,), "number-from-an-array", {}),
        (lambda a: 1 / a, (0,), "divides-by-zero", {}),
        (lambda a: undefined_name, (0,), "unknown-name", {"name": "undefined_name"}),  # noqa: F821
        (before, (0,), "name-before-its-value", {"name": "total"}),
        (recursive_import, (0,), "unknown-module", {"name": "no_such_toolbox"}),
        (lambda a: np.squareroot(a), (0,), "unknown-attribute", {"kind": "numpy", "name": "squareroot"}),
        (lambda a: a.shape, (LIST,), "unknown-attribute", {"kind": "list", "name": "shape"}),
        (lambda a: a(0), (3,), "brackets-for-index", {"kind": "int"}),
        (lambda a: helper[a], (3,), "index-for-brackets", {}),
        (lambda a: helper * a, (3,), "function-not-called", {}),
        (lambda a: 1 - a, (LIST,), "list-for-array", {}),
        (lambda a: a * 0.5, (LIST,), "list-for-array", {}),
        (lambda a: a < 0.5, (LIST,), "list-for-array", {}),
        (lambda a: a["W1"], (LIST,), "list-for-array", {}),
        (lambda a: helper(a, a), (3,), "other-arguments", {"name": "helper"}),
        (lambda a: helper(), (3,), "other-arguments", {"name": "helper"}),
        (lambda a: helper(y=a), (3,), "other-arguments", {"name": "helper"}),
        (lambda a: helper(a) * 2, (3,), "none-computed-with", {}),
        (lambda a: helper(a).sum(), (3,), "none-computed-with", {}),
        (lambda a: a.sum(axis=1), (np.ones(3),), "axis-not-there", {}),
        (lambda a: a[0, 0], (np.ones(3),), "axis-not-there", {}),
        (lambda a: a[9], (np.ones(3),), "index-out-of-range", {}),
        (lambda a: a[9], (LIST,), "index-out-of-range", {}),
        (lambda a: np.linalg.inv(a), (W,), "matrix-function-for-entries", {}),
        (lambda a: math.exp(a), (1e4,), "number-too-large", {}),
        (asserts, (3,), "own-assertion", {}),
        (refuses, (3,), "refuses-what-is-allowed", {}),
        (lambda p: p["W3"], (PARAMETERS,), "layer-not-there", {"key": "'W3'", "layers": "2"}),
        (lambda p: p["dW1"], (PARAMETERS,), "unknown-key", {"key": "'dW1'"}),
        (lambda name: {"lambda": 1}[name], ("lambd",), "value-not-foreseen", {"key": "'lambd'"}),
        (lambda a: open("/no/such/file"), (3,), "raises-an-error", {}),  # noqa: SIM115
    ],
)
def test_an_error_is_read_for_what_it_means(answer, arguments, expected, words):
    with pytest.raises(Mistake) as caught:
        called(answer, *arguments)
    assert caught.value.misconception == expected
    assert words.items() <= caught.value.found[0].words.items()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (lambda a: a + a[:, :1].T, "shapes-do-not-fit"),
        (lambda a: a if a > 0 else -a, "if-on-an-array"),
        (lambda a: float(a), "number-from-an-array"),
        (lambda a: a.sum(dim=5), "axis-not-there"),
        (lambda a: a.weight, "unknown-attribute"),
    ],
)
def test_so_are_the_errors_of_pytorch(answer, expected):
    torch = pytest.importorskip("torch")
    with pytest.raises(Mistake) as caught:
        called(answer, torch.ones(2, 3))
    assert caught.value.misconception == expected
