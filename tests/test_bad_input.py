"""Bad input to every public function: the error names the argument, shows the value and says what is allowed."""

import importlib
import inspect
import re

import numpy as np
import pytest

from course_utils import costs, datasets, dropout, gradient_check, network, optimizers, penalties, theory
from course_utils.experiments import over_seeds, quadrant_run
from course_utils.experiments.bowl import QuadraticCost, penalized_bowl
from course_utils.experiments.bugs import examination, first_parameters, gradient_errors, training_costs
from course_utils.experiments.masks import mask_statistics, sampled_moments
from course_utils.flat_training import train_flat
from course_utils.training import train

try:
    from course_utils import pytorch
except ImportError:  # all else works without PyTorch
    pytorch = None

SIZES, M = [3, 4, 2], 5
RNG = np.random.default_rng(0)
X, Y = RNG.standard_normal((3, M)), np.eye(2)[:, [0, 1, 1, 0, 1]]
PARAMETERS = network.initialize_parameters(SIZES, RNG)
Z, CACHE = network.forward(X, PARAMETERS)
OTHER_CACHE = network.forward(X, network.initialize_parameters([3, 7, 2], RNG))[1]
GRADIENTS = network.backward(Y, PARAMETERS, CACHE)
MASK = np.ones((3, M), bool)


def with_nan(array):
    """Return a copy with a nan at its start."""
    copy = np.array(array, dtype=float)
    copy.flat[0] = np.nan
    return copy


def changed(**changes):
    """Return the parameters with some replaced, or left out for None."""
    return {name: value for name, value in (PARAMETERS | changes).items() if value is not None}


NO_NUMBERS = [None, "0.5", True, 0.5j, {}, b"1", (), np.array(0.5)]
NO_ARRAYS = [None, "text", [[1.0], [1.0, 2.0]], [[1j]], {}, [], [["a", "b"]], object()]
NO_MATRICES = [*NO_ARRAYS, np.ones(3), np.ones((1, 2, 3)), np.zeros((3, 0)), with_nan(X), -np.inf * X]
NO_COUNTS = [0, -3, 2.5, np.nan, *NO_NUMBERS]
NO_SEEDS = NO_COUNTS[1:]
NONNEGATIVE = [-1, -1e-300, np.nan, np.inf, *NO_NUMBERS]
POSITIVE = [0, *NONNEGATIVE]
BELOW_ONE = [1, 1.5, *NONNEGATIVE]
NO_KEEP_PROB = [0, 1.2, -0.1, np.nan, np.inf, *NO_NUMBERS]
NO_KEEP_PROBS = [*NO_KEEP_PROB, [0.5], [0.5, 0.5, 0.5], [1.0, 0], [1.0, "0.5"], [np.nan, 1.0], np.array([0.5])]
NO_NAMES = ["ReLU", "selu", "", None, 3, {}]
NO_LABELS = [*NO_MATRICES, Y.T, Y[:1], Y + 1, -Y, with_nan(Y)]
NO_LOGITS = [Z.T, np.ones(3), np.ones((1, M)), np.ones((2, 1)), np.ones((1, 1)), np.ones(()), np.zeros((2, 0))]
NO_MASK = [*NO_MATRICES[1:], np.ones((2, 2)), np.ones((1, M)), np.full(MASK.shape, 0.5), np.full(MASK.shape, 2)]
NO_MAPPINGS = [None, 3, "W1", [X]]
NO_PARAMETERS = [
    None, {}, "W1", changed(b2=None), changed(W1=None), changed(W3=np.ones((2, 2))), changed(W1=PARAMETERS["W1"].T),
    changed(b1=np.zeros(4)), changed(b1=np.zeros((1, 4))), changed(W2=with_nan(PARAMETERS["W2"])),
    changed(W1=PARAMETERS["W1"].tolist()), changed(W1=np.ones((4, 3), int)), changed(b2=np.zeros((2, 1), np.float32)),
]  # fmt: skip
KINDS = {
    "activation": [*NO_NAMES, [], ["relu", "tanh"], ["selu"], [None]],
    "cache": [None, {}, "cache", Z, {"z": []}, OTHER_CACHE],
    "gradients": [None, {}, {"W1": GRADIENTS["W1"]}, GRADIENTS | {"W1": np.ones((3, 4))}, "text"],
    "layer_sizes": [None, "234", 5, [], [3], [3, 0], [3, 2.5], [-1, 2], [[3, 4]], [3, "4"], np.array(3)],
    "mask": NO_MASK,
    "masks": [
        3, "ab", {}, np.ones((2, 3, 5)), [], [None], [None] * 3, [None, MASK], [None, np.full((4, M), 0.5)],
        [MASK, "text"], *([mask, None] for mask in NO_MASK),
    ],
    "optimizer": ["adam", 0.1, optimizers.Adam, {}],
    "parameters": NO_PARAMETERS,
    "rng": [None, 0, "seed", np.random.RandomState(0)],
    "scheme": ["glorot", *(value for value in POSITIVE if not isinstance(value, str))],
    "dtype": [int, "float", None, np.float16, complex],
    "shape": [None, 3, "23", [2, 3], (2, 0), (-1, 2), (2.5,), (None,)],
    "test": [3, "ab", X, (X,), (X, Y, Y), (X.T, Y), (X, Y + 1), (X, Y[:, :2]), (with_nan(X), Y)],
    "x": [*NO_MATRICES, X.T],
    "y": NO_LABELS,
    "z": NO_LOGITS,
    "flipped": [-0.1, 1.5, np.nan, *NO_NUMBERS],
    "keep_prob": NO_KEEP_PROBS,
    **dict.fromkeys(("cost", "convention", "penalty", "gap", "bug"), NO_NAMES),
    **dict.fromkeys(("m", "m_train", "m_test", "steps", "batch_size", "record_every", "records"), NO_COUNTS),
    **dict.fromkeys(("samples", "workers"), NO_COUNTS),
    **dict.fromkeys(("seed", "mask_seed"), NO_SEEDS),
    **dict.fromkeys(("lambd", "lambd1", "value", "threshold", "weight_decay", "l1"), NONNEGATIVE),
    **dict.fromkeys(("learning_rate", "epsilon", "limit", "max_norm", "scale"), POSITIVE),
    **dict.fromkeys(("p", "beta", "beta1", "beta2"), BELOW_ONE),
    "resolution": [1, *NO_COUNTS],
    "hidden": [(), 64, "64", (8, 0), None],
    "proximal": [],  # any value is true or false
    "progress": [],
}  # fmt: skip
NAMES = {  # that an error may use for an argument
    "parameters": ("parameters", "W1", "W2", "b1", "b2"),
    "z": ("z", "y"),
    "first": ("first", "second"),
    "hidden": ("hidden", "layer_sizes"),
    "p_hidden": ("p",),
    "p_input": ("p",),
}


def call(function, bad=None, /, **good):
    """Return a function, right arguments, and bad values for those of its own kind; [] where any value may stand."""
    parameters = inspect.signature(function).parameters
    needed = {name: GOOD[name] for name, one in parameters.items() if one.default is one.empty and name in GOOD}
    usual = {name: KINDS[name] for name in parameters if name in KINDS}
    return function, needed | good, usual | (bad or {})


GOOD = {
    "a": X, "cache": CACHE, "convention": "lambd/2", "da": X, "first": GRADIENTS, "gradients": GRADIENTS,
    "keep_prob": 0.5, "lambd": 1.0, "layer_sizes": SIZES, "limit": 1.0, "m": M, "mask": MASK, "masks": MASK, "n": 3,
    "p": 0.5, "parameters": PARAMETERS, "rng": RNG, "second": GRADIENTS, "shape": (2, 3), "threshold": 0.1,
    "value": 1.0, "W": X, "x": X, "y": Y, "z": Z,
}  # fmt: skip
LIKE = {"y": NO_LOGITS}
NO_GRADIENTS = [None, 3, {}, {"W1": X}, GRADIENTS | {"W1": X.T}]
OF_ANY_SIZE = {"x": NO_MATRICES}
NO_TARGETS = {"x": NO_MATRICES, "y": [*NO_MATRICES, Y.T]}
SEED_X, SEED_Y, _ = datasets.seed_quadrants()
CLINIC = {"x": SEED_X, "y": SEED_Y, "parameters": network.initialize_parameters([2, 3, 1], RNG), "rng": RNG}
NO_CLINIC = {
    "x": [SEED_X[:1], SEED_X * np.nan],
    "y": [SEED_Y[:, :3], SEED_Y + 1],
    "parameters": [{}, {"W1": np.ones((1, 2)), "b1": np.zeros((1, 1))}],
}
CALLS = [
    *map(call, (dropout.draw_mask, dropout.draw_masks, dropout.p_from_keep_prob, dropout.keep_prob_from_p)),
    *map(call, (penalties.lambd_from, penalties.lambd_to, datasets.quadrants, datasets.sine, penalized_bowl)),
    *map(call, (theory.averaging_errors, theory.lambd_from_keep_prob, theory.keep_prob_from_lambd)),
    *map(call, (network.initialize_parameters, network.layer_sizes, network.predict)),
    *map(call, (optimizers.GradientDescent, optimizers.Momentum, optimizers.Adam, optimizers.AdamW)),
    call(dropout.dropout, {"a": [*NO_ARRAYS, with_nan(X), np.ones((2, 0))]}),
    call(dropout.dropout_backward, {"da": [*NO_ARRAYS, with_nan(X)]}),
    # Passed on, so that training can find out for itself that it diverged; and no mask is one, too.
    call(dropout.apply_mask, {"a": []}),
    call(penalties.penalty, {"parameters": NO_MAPPINGS}),
    call(penalties.weights, {"parameters": NO_MAPPINGS}),
    call(penalties.penalty_gradient, {"W": []}),
    call(penalties.soft_threshold, {"W": [*NO_ARRAYS, with_nan(X)]}),
    call(penalties.max_norm, {"W": NO_MATRICES}),
    call(costs.accuracy, LIKE),
    *(call(function, LIKE) for cost in costs.COSTS.values() for function in (cost.value, cost.gradient)),
    call(network.forward, keep_prob=[0.9, 0.5], rng=RNG),
    call(network.forward, {"keep_prob": [], "rng": [0, "seed"]}, rng=RNG),
    call(network.compute_cost, {"parameters": []}),  # as forward has checked them
    call(
        network.compute_cost, {"parameters": [], "cost": [], "y": [np.full(Y.shape, 0.9), *NO_LABELS]},
        cost="softmax_cross_entropy",
    ),
    call(network.backward, {"parameters": []}),
    *(
        call(made.step, {"parameters": [], "state": []}, state=made.start(PARAMETERS))
        for made in (optimizers.GradientDescent(), optimizers.Momentum(), optimizers.Adam(), optimizers.AdamW())
    ),
    call(train, rng=RNG, steps=2),
    call(train_flat, rng=RNG, steps=2),
    call(gradient_check.gradient_check, keep_prob=0.5, rng=RNG),
    call(
        gradient_check.numeric_gradients, {"cost": [None, 3, "cost"], "parameters": [None, 3, [X]]},
        cost=lambda parameters: 0.0,
    ),
    call(gradient_check.relative_errors, {"first": NO_GRADIENTS, "second": NO_GRADIENTS}),
    call(datasets.noisy_quadrants, m_train=M, m_test=M),
    call(datasets.tumours_split, {"m_train": [1, 569, *NO_COUNTS]}, m_train=10),
    call(datasets.digits_split, {"m_train": [1797, *NO_COUNTS]}, m_train=10),
    call(theory.all_masks, {"n": [17, *NO_COUNTS]}),
    call(theory.mask_probabilities, {"masks": [*NO_MATRICES, [[0.5]]]}),
    call(theory.subnetwork_logits, keep_prob=[0.5, 0.5]),
    call(
        theory.normalized_geometric_mean,
        {
            "p": [*NO_ARRAYS, [0.5, 1.0], [0.0, 0.5], np.array(0.5)],
            "probability": [[0.5, 0.6], [1.5, -0.5], [1.0], [[0.5, 0.5]], None],
        },
        p=[0.5, 0.5], probability=[0.5, 0.5],
    ),
    call(theory.preactivation_moments, {"W": [*NO_MATRICES, Y], "a": NO_MATRICES}, W=Y @ X.T),
    call(
        theory.dropout_regression_cost, {"x": NO_MATRICES, "y": [*NO_MATRICES, Y.T, Y[:1]], "W": [*NO_MATRICES, Y]},
        W=Y @ X.T,
    ),
    call(theory.dropout_lambds, OF_ANY_SIZE),
    call(theory.ridge_weights, {**NO_TARGETS, "lambd": [-1, "1", None, [1.0], [1.0, 2.0, -1.0]]}),
    call(theory.dropout_regression_weights, NO_TARGETS),
    call(quadrant_run, steps=1, m_test=5, resolution=2, hidden=(4,)),
    call(
        QuadraticCost,
        {
            "centre": [],
            "curvature": [np.eye(3), np.array([[1.0, 2.0], [2.0, 1.0]]), np.array([[1.0, 0.5], [0.0, 1.0]])],
        },
        centre=np.ones(2), curvature=np.eye(2), m=4,
    ),
    call(mask_statistics, {"masks": NO_SEEDS}, samples=5),
    call(sampled_moments, {"a": [np.array(3.0), np.ones((2, 3)), *NO_ARRAYS]}, a=[3.0], samples=5),
    call(
        examination,
        {"masks": NO_SEEDS, "scale": [0.0, -1, "1", None], "steps": [0, 2.5, "3"], "keep_prob": [0, 1.5, np.nan, None]},
        steps=2,
    ),
    call(first_parameters, scale=0.1),
    call(gradient_errors, NO_CLINIC, **CLINIC),
    call(training_costs, NO_CLINIC, **CLINIC, steps=2, bug="A4"),
    call(
        over_seeds,
        {"experiment": [3, None], "seeds": [[], 8, "01", [0, -1], [0, 1.5]], "cluster": [8786]},
        experiment=abs, seeds=range(2), workers=1,
    ),
]  # fmt: skip
if pytorch is not None:
    import torch
    from torch import nn

    from course_utils.pytorch import regularization
    from course_utils.pytorch.band import sine_band
    from course_utils.pytorch.digits import digit_network
    from course_utils.pytorch.quadrants import quadrant_run as torch_quadrant_run
    from course_utils.pytorch.training import train as torch_train
    from course_utils.pytorch.uncertainty import mc_dropout

    NETWORK, ROWS, LABELS = pytorch.to_torch(PARAMETERS), pytorch.rows(X), pytorch.rows(Y)
    TINY = {"steps": 1, "hidden": 2}
    CALLS += [
        call(pytorch.to_torch),
        call(pytorch.rows, OF_ANY_SIZE),
        call(
            pytorch.compute_cost, {"z": [], "y": [LABELS.T, LABELS[:, :1], LABELS[:1]], "network": []},
            z=NETWORK(ROWS), y=LABELS, network=NETWORK,
        ),
        call(NETWORK.forward, {"x": [ROWS.T, ROWS[0], ROWS.float(), ROWS[:, :2]]}, x=ROWS),
        call(
            torch_train,
            {"network": [nn.Linear(3, 2), None], "optimizer": ["SGD", None]},
            network=NETWORK, optimizer=torch.optim.SGD(NETWORK.parameters(), lr=0.1), rng=RNG, steps=1,
        ),
        call(sine_band, {"p": [0, *BELOW_ONE]}, samples=2, steps=1),
        call(torch_quadrant_run, {"optimizer": ["SGD", None, 3]}, m_test=5, steps=1, resolution=2),
        call(digit_network, {"hidden": NO_COUNTS, "p_input": BELOW_ONE, "p_hidden": BELOW_ONE, "choosing": []},
             seed=0, **TINY),
        call(regularization.decay_groups, {"network": []}, network=NETWORK, weight_decay=0.1),
        call(regularization.clip_max_norm, {"network": []}, network=NETWORK, limit=9.0),
        call(regularization.soft_threshold, {"network": []}, network=NETWORK, threshold=0.0),
        call(
            mc_dropout, {"network": [nn.Linear(1, 1)], "x": []},
            network=nn.Dropout(), x=torch.ones(1, 1), samples=2, seed=0,
        ),
    ]  # fmt: skip


def name_of(function):
    """Return the name of a function with its module's."""
    return f"{function.__module__.removeprefix('course_utils.')}.{function.__qualname__}"


ALL = pytest.mark.parametrize(("function", "good", "bad"), CALLS, ids=[name_of(each[0]) for each in CALLS])


@ALL
def test_the_right_call_is_taken(function, good, bad):
    """Else anything could be refused."""
    function(**good)


@pytest.mark.parametrize(
    ("function", "good", "argument", "values"),
    [(function, good, name, values) for function, good, bad in CALLS for name, values in bad.items() if values],
    ids=[f"{name_of(function)} {name}" for function, _, bad in CALLS for name, values in bad.items() if values],
)
def test_a_bad_value_is_refused_by_name(function, good, argument, values):
    if inspect.signature(function).parameters[argument].default is None and "keep_prob" not in good:
        values = [value for value in values if value is not None]  # but where something is dropped an rng is needed
    for value in values:
        with pytest.raises((ValueError, TypeError)) as raised:
            function(**(good | {argument: value}))
        message = str(raised.value)
        where = f"{argument}={value!r}: {raised.type.__name__}: {message}"
        assert raised.type in (ValueError, TypeError), where
        parts = re.fullmatch(r"(.+?) must (.+), got (.+)", message)  # on one line
        assert parts, where
        assert len(message) < 400, where
        subject, _, shown = parts.groups()
        names = NAMES.get(argument, (argument,))
        assert subject.startswith(names) or set(names).intersection(subject.replace("[", " ").split()), where
        if isinstance(value, int | float | str) and len(str(value)) < 50 and str(value).isprintable():
            assert str(value) in shown, where


@ALL
def test_every_argument_is_tried(function, good, bad):
    assert set(inspect.signature(function).parameters) == set(bad)


HOLDERS = {"Cost", "Optimizer", "Split", "TrainingRun", "Network"}  # made by the course, not by its users
NOTHING_TO_CHECK = {"digits", "seed_quadrants", "tumours"}
TESTED_ELSEWHERE = {"from_torch", "gradients"}


@pytest.mark.parametrize(
    "module",
    ["costs", "datasets", "dropout", "flat_training", "gradient_check", "network", "optimizers", "penalties", "pytorch",
     "theory", "training"],
)  # fmt: skip
def test_every_public_function_is_tried(module):
    if module == "pytorch":
        pytest.importorskip("torch", reason="needs PyTorch")
    public = {name for name in importlib.import_module(f"course_utils.{module}").__all__ if not name.isupper()}
    tried = {function.__name__ for function, _, _ in CALLS}
    assert public <= tried | HOLDERS | NOTHING_TO_CHECK | TESTED_ELSEWHERE
