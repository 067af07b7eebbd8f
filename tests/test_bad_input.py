"""Bad input to every public function: the error names the argument, shows the value and says what is allowed.

``python tests/test_bad_input.py`` prints the table of bad inputs with their messages.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course_utils import costs, datasets, dropout, network, optimizers, penalties
from course_utils.flat_training import train_flat
from course_utils.gradient_check import gradient_check, numeric_gradients, relative_errors
from course_utils.training import train

try:
    from course_utils import pytorch
except ImportError:  # all else works without PyTorch
    pytorch = None

EXAMPLES = 40  # for each argument of each function, thousands in all

SIZES, M = [3, 4, 2], 5
RNG = np.random.default_rng(0)
X, Y = RNG.standard_normal((3, M)), np.eye(2)[:, [0, 1, 1, 0, 1]]
PARAMETERS = network.initialize_parameters(SIZES, RNG)
Z, CACHE = network.forward(X, PARAMETERS)
OTHER_CACHE = network.forward(X, network.initialize_parameters([3, 7, 2], RNG))[1]
GRADIENTS = network.backward(Y, PARAMETERS, CACHE)
MASK = np.ones((3, M), bool)


@dataclass(frozen=True)
class Kind:
    """A kind of argument: bad values drawn at random, some to print, and the names an error may use for it."""

    drawn: st.SearchStrategy[Any]
    shown: list[Any]
    names: tuple[str, ...] = ()


NO_NUMBERS = [None, "0.5", True, 0.5j, {}, b"1"]
NO_LISTS = st.sampled_from([*NO_NUMBERS, [0.5], (), np.array(0.5), np.array([0.5, 0.5])])


def outside(inside: Callable[[float], bool], shown: list[Any], *names: str) -> Kind:
    """Return numbers that are not inside an interval, and what is no number."""
    floats = st.floats() | st.floats(-2, 2) | st.integers(-3, 3)
    return Kind(floats.filter(lambda value: not inside(value)) | NO_LISTS, shown, names)


def corrupted(array: Any) -> st.SearchStrategy[Any]:
    """Return copies of ``array`` with a nan or an infinity somewhere."""

    def put(index: int, value: float) -> Any:
        copy = np.array(array, dtype=float)
        copy.flat[index] = value
        return copy

    return st.builds(put, st.integers(0, np.size(array) - 1), st.sampled_from([np.nan, np.inf, -np.inf]))


def misshapen(array: Any, fits: Callable[[tuple[int, ...]], bool]) -> st.SearchStrategy[Any]:
    """Return arrays of ones of a shape that does not fit."""
    shapes = st.lists(st.integers(0, 6), max_size=3).map(tuple)
    return shapes.filter(lambda shape: not fits(shape)).map(np.ones)


NO_ARRAYS = st.sampled_from([None, "text", [[1.0], [1.0, 2.0]], [[1j]], {}, [], [["a", "b"]], object()])
ragged = [[1.0], [1.0, 2.0]]


def put_nan(array: Any) -> Any:
    """Return a copy with a nan at its start."""
    copy = np.array(array, dtype=float)
    copy.flat[0] = np.nan
    return copy


def array_kind(array: Any, fits: Callable[[tuple[int, ...]], bool], *names: str) -> Kind:
    """Return bad arrays in place of ``array``: of other shapes, with nan, empty, or no numbers at all."""
    shown = [put_nan(array), np.ones(np.shape(array)[::-1]), np.ones(3), np.zeros((3, 0)), ragged, "text", None]
    shown = [value for value in shown if not (isinstance(value, np.ndarray) and value.size and fits(value.shape))] + [
        put_nan(array)
    ]
    return Kind(misshapen(array, fits) | corrupted(array) | NO_ARRAYS, shown, names)


def is_matrix(shape: tuple[int, ...]) -> bool:
    """Return whether an array of this shape may stand where any matrix may."""
    return len(shape) == 2 and 0 not in shape


def changed(**changes: Any) -> dict[str, Any]:
    """Return the parameters with some replaced, or left out for None."""
    return {name: value for name, value in (PARAMETERS | changes).items() if value is not None}


BAD_PARAMETERS = [
    None,
    {},
    "W1",
    changed(b2=None),
    changed(W1=None),
    changed(W3=np.ones((2, 2))),
    changed(W1=PARAMETERS["W1"].T),
    changed(b1=np.zeros(4)),
    changed(b1=np.zeros((1, 4))),
    changed(W2=put_nan(PARAMETERS["W2"])),
    changed(W1=PARAMETERS["W1"].tolist()),
    changed(W1=np.ones((4, 3), int)),
    changed(b2=np.zeros((2, 1), np.float32)),
]
KEEP_PROB = outside(lambda q: 0 < q <= 1, [0, 1.2, -0.1, np.nan, np.inf, *NO_NUMBERS], "keep_prob")
KEEP_PROB_VALUES = st.floats(0.1, 1)
LAYER_KEEP_PROBS = Kind(
    KEEP_PROB.drawn.filter(lambda value: not isinstance(value, np.ndarray) or value.ndim != 1)
    | st.lists(KEEP_PROB_VALUES, max_size=5).filter(lambda values: len(values) != 2)
    | st.tuples(KEEP_PROB_VALUES, st.floats().filter(lambda q: not 0 < q <= 1))
    | st.tuples(st.sampled_from(NO_NUMBERS), KEEP_PROB_VALUES),
    [*KEEP_PROB.shown, [0.5], [0.5, 0.5, 0.5], [1.0, 0], [1.0, "0.5"], np.array([0.5])],
    ("keep_prob",),
)
NONNEGATIVE = outside(lambda value: 0 <= value < np.inf, [-1, np.nan, np.inf, "1", None, 1j])
POSITIVE = outside(lambda value: 0 < value < np.inf, [0, -0.1, np.nan, np.inf, "0.1", None])
BETA = outside(lambda value: 0 <= value < 1, [1, -0.1, np.nan, "0.9"])
COUNT = Kind(st.integers(max_value=0) | st.floats() | NO_LISTS, [0, -3, 2.5, "3", None, True])
OPTIONAL_COUNT = Kind(COUNT.drawn.filter(lambda value: value is not None), [0, -3, 2.5, "3"])
OPTIONAL_POSITIVE = Kind(POSITIVE.drawn.filter(lambda value: value is not None), [0, -0.1, np.nan, "1"])
SHARE = outside(lambda value: 0 <= value <= 1, [-0.1, 1.5, np.nan, "0.1"])
NO_RNG = [0, None, "seed", np.random.RandomState(0)]
RNG_KIND = Kind(st.integers() | st.sampled_from(NO_RNG), NO_RNG, ("rng",))
X_KIND = array_kind(X, lambda shape: is_matrix(shape) and shape[0] == 3, "x")
Y_KIND = Kind(
    array_kind(Y, lambda shape: shape == Y.shape).drawn
    | st.floats().filter(lambda value: not 0 <= value <= 1).map(lambda value: np.where(Y == 1, value, Y)),
    [*array_kind(Y, lambda shape: shape == Y.shape).shown, Y + 1, -Y],
    ("y",),
)
ANY_MATRIX = array_kind(X, is_matrix)
PARAMETERS_KIND = Kind(st.sampled_from(BAD_PARAMETERS), BAD_PARAMETERS, ("parameters", "W1", "W2", "b1", "b2"))
NO_NAMES = ["ReLU", "selu", "", None, 3, {}]
NAME_KIND = Kind(st.text() | st.sampled_from(NO_NAMES), NO_NAMES)
ACTIVATION_KIND = Kind(
    NAME_KIND.drawn
    | st.lists(st.sampled_from(["relu", "tanh"]), max_size=4).filter(lambda names: len(names) != 1)
    | st.lists(st.text() | st.none(), min_size=1, max_size=1),
    [*NO_NAMES, [], ["relu", "tanh"], ["selu"]],
    ("activation",),
)
SIZES_KIND = Kind(
    st.sampled_from([None, "234", 5, [], [3], [3, 0], [3, 2.5], [-1, 2], [[3, 4]], [3, "4"], np.array(3)]),
    [None, "234", 5, [3], [3, 0, 2], [3, 2.5]],
    ("layer_sizes",),
)
SHAPE_KIND = Kind(st.sampled_from([None, 3, "23", [2, 3], (2, 0), (-1, 2), (2.5,), (None,)]), [3, (2, 0)], ("shape",))
MASK_KIND = Kind(
    array_kind(MASK, lambda shape: shape in (MASK.shape, (3, 1))).drawn.filter(lambda value: value is not None)
    | st.floats().filter(lambda value: value not in (0, 1)).map(lambda value: np.full(MASK.shape, value)),
    [np.ones((2, 2)), np.full(MASK.shape, 0.5), put_nan(MASK), "text", ragged],
    ("mask",),
)
MASKS_KIND = Kind(
    st.sampled_from([3, "ab", {}, np.ones((2, 3, 5)), [], [None], [None] * 3])
    | MASK_KIND.drawn.map(lambda mask: [mask, None])
    | st.sampled_from([[None, MASK], [None, np.full((4, M), 0.5)], [MASK, "text"]]),
    [3, [None], [np.ones((2, 2)), None], [np.full(MASK.shape, 0.5), None]],
    ("masks",),
)
CACHE_KIND = Kind(st.sampled_from([None, {}, "cache", Z, {"z": []}, OTHER_CACHE]), [None, {}, OTHER_CACHE], ("cache",))
GRADIENTS_KIND = Kind(
    st.sampled_from([None, {}, {"W1": GRADIENTS["W1"]}, GRADIENTS | {"W1": np.ones((3, 4))}, "text"]),
    [None, {}, GRADIENTS | {"W1": np.ones((3, 4))}],
    ("gradients",),
)
OPTIMIZER_KIND = Kind(
    st.sampled_from(["adam", 0.1, optimizers.Adam, {}]), ["adam", 0.1, optimizers.Adam], ("optimizer",)
)
TEST_KIND = Kind(
    st.sampled_from([3, "ab", [X], (X, Y, Y), X])
    | X_KIND.drawn.map(lambda x: (x, Y))
    | Y_KIND.drawn.map(lambda y: (X, y)),
    [3, X, (X,), (X.T, Y), (X, Y + 1), (put_nan(X), Y)],
    ("test",),
)
NO_LOGITS = [Z.T, np.ones(3), np.ones((1, M)), np.ones(())]
LOGITS_KIND = Kind(misshapen(Z, lambda shape: shape == Z.shape), NO_LOGITS, ("z", "y"))
NO_FUNCTION = Kind(st.sampled_from([None, 3, "cost"]), [None, 3], ("cost",))
NO_GRADIENTS = Kind(
    st.sampled_from([None, 3, {}, {"W1": X}, GRADIENTS | {"W1": X.T}]),
    [None, {}, GRADIENTS | {"W1": X.T}],
    ("first", "second"),
)

REGULARIZATION = {"lambd": NONNEGATIVE, "lambd1": NONNEGATIVE}
TRAIN = {
    "x": X_KIND,
    "y": Y_KIND,
    "parameters": PARAMETERS_KIND,
    "rng": RNG_KIND,
    "steps": COUNT,
    "optimizer": OPTIMIZER_KIND,
    "activation": ACTIVATION_KIND,
    "cost": NAME_KIND,
    "keep_prob": LAYER_KEEP_PROBS,
    **REGULARIZATION,
    "max_norm": OPTIONAL_POSITIVE,
    "batch_size": OPTIONAL_COUNT,
    "test": TEST_KIND,
    "record_every": OPTIONAL_COUNT,
}
NET = {"x": X, "parameters": PARAMETERS}
PASS = {**NET, "y": Y}
MEAN = {"z": LOGITS_KIND, "y": LOGITS_KIND}


def stepped(optimizer: Any) -> Callable[..., Any]:
    """Return a function that takes one step."""
    return lambda gradients: optimizer.step(PARAMETERS, gradients, optimizer.start(PARAMETERS))


# Of each function: how to call it rightly, and the kind of each argument that can be wrong.
CALLS: dict[str, tuple[Callable[..., Any], dict[str, Any], dict[str, Kind]]] = {
    "draw_mask": (
        dropout.draw_mask,
        {"shape": (2, 3), "keep_prob": 0.5, "rng": RNG},
        {"shape": SHAPE_KIND, "keep_prob": KEEP_PROB, "rng": RNG_KIND},
    ),
    "draw_masks": (
        dropout.draw_masks,
        {"layer_sizes": SIZES, "m": M, "keep_prob": 0.5, "rng": RNG},
        {"layer_sizes": SIZES_KIND, "m": COUNT, "keep_prob": LAYER_KEEP_PROBS, "rng": RNG_KIND},
    ),
    "dropout": (
        dropout.dropout,
        {"a": X, "keep_prob": 0.5, "rng": RNG},
        {"a": array_kind(X, lambda shape: 0 not in shape), "keep_prob": KEEP_PROB, "rng": RNG_KIND},
    ),
    "dropout_backward": (
        dropout.dropout_backward,
        {"da": X, "mask": MASK, "keep_prob": 0.5},
        {"da": Kind(corrupted(X) | NO_ARRAYS, [put_nan(X), "text"]), "mask": MASK_KIND, "keep_prob": KEEP_PROB},
    ),
    "apply_mask": (
        dropout.apply_mask,
        {"a": X, "mask": MASK, "keep_prob": 0.5},
        {"mask": MASK_KIND, "keep_prob": KEEP_PROB},
    ),
    "p_from_keep_prob": (dropout.p_from_keep_prob, {"keep_prob": 0.5}, {"keep_prob": KEEP_PROB}),
    "keep_prob_from_p": (dropout.keep_prob_from_p, {"p": 0.5}, {"p": BETA}),
    "penalty": (
        penalties.penalty,
        {"parameters": PARAMETERS, "m": M},
        {"parameters": Kind(st.sampled_from([None, 3, "W1", [X]]), [None, [X]]), "m": COUNT, **REGULARIZATION},
    ),
    "weights": (
        penalties.weights,
        {"parameters": PARAMETERS},
        {"parameters": Kind(st.sampled_from([None, 3, "W1", [X]]), [None, [X]])},
    ),
    "penalty_gradient": (penalties.penalty_gradient, {"W": X, "m": M}, {"m": COUNT, **REGULARIZATION}),
    "soft_threshold": (
        penalties.soft_threshold,
        {"W": X, "threshold": 0.1},
        {"W": Kind(corrupted(X) | NO_ARRAYS, [put_nan(X), "text"]), "threshold": NONNEGATIVE},
    ),
    "max_norm": (penalties.max_norm, {"W": X, "limit": 1.0}, {"W": ANY_MATRIX, "limit": POSITIVE}),
    "lambd_from": (
        penalties.lambd_from,
        {"value": 1.0, "convention": "lambd/2", "m": M},
        {"value": NONNEGATIVE, "convention": NAME_KIND, "m": COUNT},
    ),
    "lambd_to": (
        penalties.lambd_to,
        {"lambd": 1.0, "convention": "lambd/2", "m": M},
        {"lambd": NONNEGATIVE, "convention": NAME_KIND, "m": COUNT},
    ),
    **{
        name: (getattr(costs, name), {"z": Z, "y": Y}, MEAN)
        for name in (
            "accuracy",
            "binary_cross_entropy",
            "binary_cross_entropy_gradient",
            "mean_squared_error",
            "mean_squared_error_gradient",
            "softmax_cross_entropy",
            "softmax_cross_entropy_gradient",
        )
    },
    "initialize_parameters": (
        network.initialize_parameters,
        {"layer_sizes": SIZES, "rng": RNG},
        {
            "layer_sizes": SIZES_KIND,
            "rng": RNG_KIND,
            "scheme": Kind(POSITIVE.drawn, ["glorot", 0, -1.0, None, np.nan]),
            "dtype": Kind(st.sampled_from([int, "float", None, np.float16, complex]), [int, np.float16]),
        },
    ),
    "layer_sizes": (network.layer_sizes, {"parameters": PARAMETERS}, {"parameters": PARAMETERS_KIND}),
    "forward": (
        network.forward,
        {**NET, "keep_prob": [0.9, 0.5], "rng": RNG},
        {
            "x": X_KIND,
            "parameters": PARAMETERS_KIND,
            "activation": ACTIVATION_KIND,
            "keep_prob": LAYER_KEEP_PROBS,
            "masks": MASKS_KIND,
            "rng": RNG_KIND,
        },
    ),
    "forward with nothing dropped": (
        network.forward,
        {**NET, "rng": RNG},
        {"rng": Kind(st.integers() | st.just("seed"), [0])},
    ),
    "compute_cost": (
        network.compute_cost,
        {"z": Z, "y": Y, "parameters": PARAMETERS},
        {"z": LOGITS_KIND, "y": Y_KIND, "cost": NAME_KIND, **REGULARIZATION, "m": OPTIONAL_COUNT},
    ),
    "compute_cost of softmax": (
        network.compute_cost,
        {"z": Z, "y": Y, "parameters": PARAMETERS, "cost": "softmax_cross_entropy"},
        {"y": Kind(Y_KIND.drawn | st.just(np.full(Y.shape, 0.9)), [np.full(Y.shape, 0.9)])},
    ),
    "backward": (
        network.backward,
        {"y": Y, "parameters": PARAMETERS, "cache": CACHE},
        {"y": Y_KIND, "cache": CACHE_KIND, "cost": NAME_KIND, **REGULARIZATION, "m": OPTIONAL_COUNT},
    ),
    "predict": (
        network.predict,
        NET,
        {"x": X_KIND, "parameters": PARAMETERS_KIND, "activation": ACTIVATION_KIND, "cost": NAME_KIND},
    ),
    "GradientDescent": (optimizers.GradientDescent, {}, {"learning_rate": POSITIVE}),
    "Momentum": (optimizers.Momentum, {}, {"learning_rate": POSITIVE, "beta": BETA}),
    "Adam": (
        optimizers.Adam,
        {},
        {"learning_rate": POSITIVE, "beta1": BETA, "beta2": BETA, "epsilon": POSITIVE},
    ),
    "AdamW": (optimizers.AdamW, {}, {"learning_rate": POSITIVE, "beta1": BETA, "weight_decay": NONNEGATIVE}),
    **{
        f"{make.__name__}.step": (stepped(make()), {"gradients": GRADIENTS}, {"gradients": GRADIENTS_KIND})
        for make in (optimizers.GradientDescent, optimizers.Momentum, optimizers.Adam, optimizers.AdamW)
    },
    "train": (train, {**PASS, "rng": RNG, "steps": 2}, TRAIN),
    "train_flat": (train_flat, {**PASS, "rng": RNG, "steps": 2}, TRAIN),
    "gradient_check": (
        gradient_check,
        {**PASS, "keep_prob": 0.5, "rng": RNG},
        {
            "x": X_KIND,
            "y": Y_KIND,
            "parameters": PARAMETERS_KIND,
            "masks": MASKS_KIND,
            "keep_prob": LAYER_KEEP_PROBS,
            "rng": RNG_KIND,
            "activation": ACTIVATION_KIND,
            "cost": NAME_KIND,
            **REGULARIZATION,
            "epsilon": POSITIVE,
        },
    ),
    "numeric_gradients": (
        numeric_gradients,
        {"cost": lambda parameters: 0.0, "parameters": PARAMETERS},
        {
            "cost": NO_FUNCTION,
            "parameters": Kind(st.sampled_from([None, 3, [X]]), [None, [X]]),
            "epsilon": POSITIVE,
        },
    ),
    "relative_errors": (
        relative_errors,
        {"first": GRADIENTS, "second": GRADIENTS},
        {"first": NO_GRADIENTS, "second": NO_GRADIENTS},
    ),
    "quadrants": (
        datasets.quadrants,
        {"m": M, "rng": RNG},
        {"m": COUNT, "rng": RNG_KIND, "flipped": SHARE},
    ),
    "noisy_quadrants": (
        datasets.noisy_quadrants,
        {"rng": RNG},
        {"rng": RNG_KIND, "m_train": COUNT, "m_test": COUNT, "flipped": SHARE},
    ),
    "sine": (datasets.sine, {}, {"m": COUNT}),
    "tumours_split": (
        datasets.tumours_split,
        {"m_train": 10, "rng": RNG},
        {"m_train": Kind(COUNT.drawn | st.integers(569) | st.just(1), [0, 1, 569, "10"]), "rng": RNG_KIND},
    ),
    "digits_split": (
        datasets.digits_split,
        {"m_train": 10, "rng": RNG},
        {"m_train": Kind(COUNT.drawn | st.integers(1797), [0, 1797, "10"]), "rng": RNG_KIND},
    ),
}
if pytorch is not None:
    NETWORK = pytorch.to_torch(PARAMETERS)
    ROWS, LOGITS = pytorch.rows(X), NETWORK(pytorch.rows(X))
    OTHER_ROWS = [ROWS.T, ROWS[0], ROWS.float(), ROWS[:, :2]]
    OTHER_LABELS = [pytorch.rows(Y).T, pytorch.rows(Y)[:, :1], pytorch.rows(Y)[:1]]
    CALLS |= {
        "pytorch.to_torch": (
            pytorch.to_torch,
            {"parameters": PARAMETERS},
            {"parameters": PARAMETERS_KIND, "activation": ACTIVATION_KIND, "keep_prob": LAYER_KEEP_PROBS},
        ),
        "pytorch.rows": (pytorch.rows, {"x": X}, {"x": ANY_MATRIX}),
        "pytorch.compute_cost": (
            pytorch.compute_cost,
            {"z": LOGITS, "y": pytorch.rows(Y), "network": NETWORK},
            {"y": Kind(st.sampled_from(OTHER_LABELS), OTHER_LABELS), "cost": NAME_KIND, **REGULARIZATION},
        ),
        "pytorch.Network": (
            NETWORK,
            {"x": ROWS},
            {"x": Kind(st.sampled_from(OTHER_ROWS), OTHER_ROWS), "masks": MASKS_KIND},
        ),
    }

PAIRS = [(called, argument) for called, (_, _, kinds) in CALLS.items() for argument in kinds]


def complaint(called: str, argument: str, value: Any) -> Exception:
    """Return the error that a call with a bad value raises."""
    function, good, _ = CALLS[called]
    try:
        function(**(good | {argument: value}))
    except (ValueError, TypeError) as error:
        return error
    raise AssertionError(f"{called} took {argument}={value!r}")


def check_message(called: str, argument: str, value: Any) -> None:
    """Hold the message of a bad call against the rule."""
    error = complaint(called, argument, value)
    message, names = str(error), CALLS[called][2][argument].names or (argument,)
    where = f"{called}({argument}={value!r}): {type(error).__name__}: {message}"
    assert type(error) in (ValueError, TypeError), where
    subject, must, rest = message.partition(" must ")
    allowed, got, given_value = rest.rpartition(", got ")
    assert any(name in subject.replace("[", " ").split() or subject.startswith(name) for name in names), where
    assert must, where
    assert got, where
    assert allowed, where
    assert given_value, where
    assert "\n" not in message, where
    assert len(message) < 400, where
    if isinstance(value, int | float | str) and len(str(value)) < 50 and str(value).isprintable():
        assert str(value) in given_value, where


@pytest.mark.parametrize("called", CALLS)
def test_the_right_call_is_taken(called):
    """Else anything could be refused."""
    function, good, _ = CALLS[called]
    function(**good)


@pytest.mark.parametrize(("called", "argument"), PAIRS)
def test_bad_values_that_are_shown(called, argument):
    for value in CALLS[called][2][argument].shown:
        check_message(called, argument, value)


@pytest.mark.parametrize(("called", "argument"), PAIRS)
def test_thousands_of_bad_values(called, argument):
    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(CALLS[called][2][argument].drawn)
    def every_bad_value_is_refused(value):
        check_message(called, argument, value)

    every_bad_value_is_refused()


FORMULAS = {  # of one array, under NumPy's own rules; what calls them has checked it
    "identity",
    "identity_derivative",
    "relu",
    "relu_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "softmax",
    "softmax_backward",
    "tanh",
    "tanh_derivative",
}
HOLDERS = {"Activation", "Cost", "Optimizer", "Split", "TrainingRun"}  # made by the course, not by its users
NOTHING_TO_CHECK = {"digits", "seed_quadrants", "tumours"}
TESTED_WITH_TORCH = {"from_torch", "gradients"}


def test_every_public_function_is_tried():
    tried = {name.removeprefix("pytorch.").split()[0] for name in CALLS}
    for module in ("activations", "costs", "datasets", "dropout", "gradient_check", "network", "optimizers"):
        check_all_tried(module, tried)
    for module in ("penalties", "training", "flat_training", *(["pytorch"] if pytorch else [])):
        check_all_tried(module, tried)


def check_all_tried(module, tried):
    """Hold the public functions of a module against those tried."""
    names = {name for name in importlib.import_module(f"course_utils.{module}").__all__ if not name.isupper()}
    assert names <= tried | FORMULAS | HOLDERS | NOTHING_TO_CHECK | TESTED_WITH_TORCH, module


def test_every_argument_is_tried():
    """Or stands here with a reason."""
    left_out = {
        "a",  # apply_mask: passed on, so that training can find out for itself that it diverged
        "W",  # penalty_gradient: the same
        "parameters",  # compute_cost and backward: what forward has checked
        "proximal",
        "progress",
        "network",
        "beta2",  # AdamW: Adam's own
        "epsilon",
        "cost",
        "z",
        "threshold",
    }
    for called, (function, _, kinds) in CALLS.items():
        if " " not in called and not called.endswith(("step", "Network")):
            assert set(inspect.signature(function).parameters) <= set(kinds) | left_out, called


def described(value: Any) -> str:
    """Return a short text of a bad value for the table."""
    if isinstance(value, np.ndarray) and value.ndim:
        extra = " with nan" if value.size and not np.isfinite(value).all() else ""
        return f"{value.dtype} array {value.shape}{extra}"
    if isinstance(value, dict) and value:
        right = [*PARAMETERS.values(), *GRADIENTS.values()]
        changes = [f"{name} {described(part)}" for name, part in value.items() if not any(part is a for a in right)]
        missing = [f"no {name}" for name in PARAMETERS if name not in value and "z" not in value]
        return "dict with " + ", ".join(changes + missing)
    if isinstance(value, tuple | list) and any(isinstance(part, np.ndarray) for part in value):
        return "[" + ", ".join(described(part) for part in value) + "]"
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:57] + "..."


def table() -> list[str]:
    """Return a line for each bad value and message, with the functions that give it."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for called, argument in PAIRS:
        for value in CALLS[called][2][argument].shown:
            error = complaint(called, argument, value)
            row = (argument, described(value), f"{type(error).__name__}: {error}")
            found.setdefault(row, [])
            if called not in found[row]:
                found[row].append(called)
    rows = sorted(found.items(), key=lambda item: item[0][0].lower())
    return [f"{argument} = {value}\n    {message}\n    [{', '.join(by)}]" for (argument, value, message), by in rows]


if __name__ == "__main__":
    sys.stdout.write("\n".join(table()) + "\n")
