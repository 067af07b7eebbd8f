"""What the lesson does with kinds of numbers and settings that nobody thought of when it was written."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils import activations, dropout, theory
from course_utils.activations import ACTIVATIONS, sigmoid
from course_utils.costs import COSTS, accuracy, binary_cross_entropy, softmax_cross_entropy
from course_utils.experiments import confidence_interval, quadrant_run
from course_utils.flat_training import train_flat
from course_utils.gradient_check import numeric_gradients
from course_utils.network import backward, compute_cost, forward, initialize_parameters
from course_utils.optimizers import Adam, AdamW, GradientDescent, Momentum
from course_utils.penalties import max_norm, penalty, penalty_gradient, soft_threshold, weights
from course_utils.training import steps_and_batches, train

NUMBERS = st.lists(st.integers(-100, 100), min_size=1, max_size=6)
KINDS = {
    "list": lambda W: [W],
    "int8": lambda W: np.array([W], np.int8),
    "matrix": lambda W: np.matrix([W]),
    "half": lambda W: np.array([W], np.float16),
    "mask that hides nothing": lambda W: np.ma.array([W]),
}


@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
@pytest.mark.parametrize("kind", ["list", "int8", "matrix", "mask that hides nothing"])
@given(NUMBERS)
def test_penalties_of_any_kind_of_array_are_those_of_floats(kind, W):
    plain, odd = np.array([W], float), KINDS[kind](W)
    assert penalty({"W1": odd, "b1": [[9]]}, 7, 2.0, 1.5) == penalty({"W1": plain}, 7, 2.0, 1.5)
    assert np.array_equal(penalty_gradient(odd, 7, 2.0, 1.5), penalty_gradient(plain, 7, 2.0, 1.5))
    assert np.array_equal(soft_threshold(odd, 3.0), soft_threshold(plain, 3.0))
    assert type(weights({"W1": odd})["W1"]) is np.ndarray


def test_weights_of_floats_are_the_arrays_themselves():
    W = np.ones((2, 3), np.float32)
    assert weights({"W1": W, "b1": np.zeros((2, 1))})["W1"] is W


def test_what_a_mask_hides_is_never_used():
    hidden = np.ma.array([[1.0, 2, -999], [0, 1, 2]], mask=[[0, 0, 1], [0, 0, 0]])
    parameters = initialize_parameters([2, 3, 1], np.random.default_rng(0))
    with pytest.raises(ValueError, match="x must have no masked entries, got 1; leave them out or fill them"):
        forward(hidden, parameters)
    with pytest.raises(ValueError, match="values must have no masked entries, got 1"):
        confidence_interval(np.ma.array([1.0, 2, 1e6], mask=[0, 0, 1]))


def test_a_tensor_with_a_gradient_is_refused_by_name():
    torch = pytest.importorskip("torch")
    parameters = initialize_parameters([2, 3, 1], np.random.default_rng(0))
    with pytest.raises(TypeError, match=r"x must be an array, got .*detach"):
        forward(torch.ones(2, 3, requires_grad=True), parameters)
    assert forward(torch.ones(2, 3), parameters)[0].shape == (1, 3)


def test_strict_settings_of_numpy_make_no_difference():
    z, y = np.array([[1000.0, -1000.0, 0.5]]), np.array([[1.0, 0.0, 1.0]])
    many = np.array([[900.0], [-900.0]])
    usual = sigmoid(z), binary_cross_entropy(z, y), softmax_cross_entropy(many, np.array([[1.0], [0.0]]))
    settings = {"m_test": 100, "records": 2, "steps": 200, "dtype": np.float32}
    probability = quadrant_run(flipped=0.0, **settings).probability
    before = np.geterr()
    with np.errstate(all="raise"):
        strict = sigmoid(z), binary_cross_entropy(z, y), softmax_cross_entropy(many, np.array([[1.0], [0.0]]))
        assert np.array_equal(quadrant_run(flipped=0.0, **settings).probability, probability)
        assert np.geterr() == {"divide": "raise", "over": "raise", "under": "raise", "invalid": "raise"}
    assert np.geterr() == before
    assert np.array_equal(usual[0], strict[0])
    assert usual[1:] == strict[1:]


@pytest.mark.parametrize("kind", [np.uint8, np.int8, np.int16, np.uint64])
def test_a_batch_size_may_be_any_whole_number(kind):
    def batches(size):
        return [columns.tolist() for _, columns in steps_and_batches(12, 500, size, np.random.default_rng(1), False)]

    assert batches(kind(100)) == batches(100)


class Halving(GradientDescent):
    """A reader's own, whose steps become smaller."""

    def step(self, parameters, gradients, state):
        number = state.get("n", 0)
        moved = {k: v - self.learning_rate / 2**number * gradients[k] for k, v in parameters.items()}
        return moved, {"n": number + 1}


def test_the_fast_loop_refuses_an_optimizer_whose_steps_it_does_not_know():
    x, y = np.random.default_rng(0).standard_normal((2, 9)), np.ones((1, 9))

    def run(loop, optimizer):
        parameters = initialize_parameters([2, 3, 1], np.random.default_rng(0))
        return loop(x, y, parameters, rng=np.random.default_rng(0), steps=3, optimizer=optimizer)

    with pytest.raises(TypeError, match=r"optimizer must be one of GradientDescent, .* in train_flat, got .*Halving"):
        run(train_flat, Halving(0.5))
    slow, usual = (run(train, optimizer).parameters["W1"] for optimizer in (Halving(0.5), GradientDescent(0.5)))
    assert not np.array_equal(slow, usual)
    for optimizer in (GradientDescent(), Momentum(), Adam(), AdamW()):
        assert np.allclose(run(train, optimizer).parameters["W1"], run(train_flat, optimizer).parameters["W1"])


def rng():
    return np.random.default_rng(3)


NETWORK = initialize_parameters([3, 4, 1], rng())
X, W, Y = rng().standard_normal((3, 5)), NETWORK["W1"], np.array([[1.0, 0, 0, 1, 1]])
Z, CACHE = forward(X, NETWORK)
MASK = X > 0
LOOP = {"steps": 2, "lambd": 1.0, "lambd1": 0.1, "max_norm": 1.0, "keep_prob": 0.8}


def stepped(optimizer, name):
    """Return a function of parameters or of gradients that takes two steps."""

    def step(array):
        given = {"parameters": {"W1": W}, "gradients": {"W1": W}} | {name: {"W1": array}}
        state = optimizer.start(given["parameters"])
        for _ in range(2):
            given["parameters"], state = optimizer.step(**given, state=state)
        return given["parameters"]["W1"]

    return step


# What takes an array, as a function of it, and an array to start from.
DOORS = {
    **{f"{name} of z": (one.function, X) for name, one in ACTIVATIONS.items()},
    **{f"{name}'s derivative": (getattr(activations, f"{name}_derivative"), X) for name in ("relu", "tanh", "sigmoid")},
    "softmax back": (lambda a: activations.softmax_backward(a, X), X),
    **{name: (lambda a, one=one: one.value(a, np.eye(3)[:, [0, 1, 2, 0, 1]]), X) for name, one in COSTS.items()},
    "labels": (lambda a: binary_cross_entropy(Z, a), Y),
    "gradient of a cost": (lambda a: COSTS["mean_squared_error"].gradient(a, Y), Z),
    "accuracy": (lambda a: accuracy(a, Y), Z),
    "dropout": (lambda a: dropout.dropout(a, 0.5, rng())[0], X),
    "dropout back": (lambda a: dropout.dropout_backward(a, MASK, 0.5), X),
    "masked": (lambda a: dropout.apply_mask(a, MASK, 0.5), X),
    "mask": (lambda a: dropout.apply_mask(X, a, 0.5), MASK.astype(float)),
    "examples": (lambda a: forward(a, NETWORK)[0], X),
    "weights": (lambda a: penalty_gradient(a, 3, 1.0, 1.0), W),
    "weights of a cost": (lambda a: compute_cost(Z, Y, NETWORK | {"W1": a}, lambd=1.0, lambd1=1.0), W),
    "weights going back": (lambda a: backward(Y, NETWORK | {"W1": a}, CACHE, lambd=1.0)["W1"], W),
    "longest row": (lambda a: max_norm(a, 1.0), W),
    "training": (lambda a: train(a, Y, NETWORK, rng=rng(), **LOOP).parameters["W1"], X),
    "labels to train with": (lambda a: train(X, a, NETWORK, rng=rng(), **LOOP).parameters["W1"], Y),
    "test examples": (lambda a: train(X, Y, NETWORK, rng=rng(), **LOOP, test=(a, Y)).history["test_cost"], X),
    "the fast loop": (lambda a: train_flat(a, Y, NETWORK, rng=rng(), **LOOP).parameters["W1"], X),
    **{
        f"{name} of {type(optimizer).__name__}": (stepped(optimizer, name), W)
        for name in ("parameters", "gradients") for optimizer in (GradientDescent(), Momentum(), Adam(), AdamW())
    },
    "subnetworks": (lambda a: theory.subnetwork_logits(a, NETWORK, keep_prob=0.5)[0], X),
    "their masks": (lambda a: theory.mask_probabilities(a, 0.5), MASK.astype(float)),
    "geometric mean": (lambda a: theory.normalized_geometric_mean(a, np.full(5, 0.2)), 0.5 + 0.1 * np.tanh(X)),
    "moments": (lambda a: theory.preactivation_moments(a, X, 0.5)[1], W),
    "regression": (lambda a: theory.ridge_weights(a, Y, 1.0), X),
    "one penalty each": (lambda a: theory.ridge_weights(X, Y, a), np.array([1.0, 2.0, 3.0])),
    "interval": (lambda a: confidence_interval(a), np.arange(5.0)),
    "differences": (lambda a: numeric_gradients(lambda p: float(np.sum(p["W1"] ** 2)), {"W1": a})["W1"], W),
}  # fmt: skip
# The same numbers in another form; those of the first two are exact in a byte.
FORMS = {
    "bytes": lambda a: a.astype(np.int8),
    "half": lambda a: a.astype(np.float16),
    "matrix": np.matrix,
    "nothing masked": lambda a: np.ma.array(a, mask=np.zeros(a.shape, bool)),
    "list": lambda a: a.tolist(),
    "big-endian": lambda a: a.astype(">f8"),
    "long": lambda a: a.astype(np.longdouble),
    "backwards": lambda a: np.ascontiguousarray(a[..., ::-1])[..., ::-1],
    "fortran": np.asfortranarray,
    "read-only": lambda a: np.frombuffer(a.tobytes()).reshape(a.shape),
}


@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("function", "plain"), DOORS.values(), ids=DOORS)
def test_numbers_mean_the_same_in_any_form(function, plain, form):
    if form in ("bytes", "half") and not 0 < plain.min() < plain.max() < 1:
        plain = np.rint(2 * plain) if plain.min() < 0 else plain
    if form == "half" and 0 < plain.min() < plain.max() < 1:
        plain = plain.astype(np.float16).astype(float)
    if (form == "bytes" and np.any(plain % 1)) or (form == "matrix" and plain.ndim != 2):
        pytest.skip("there are no such numbers")
    with np.errstate(all="raise"):
        found, expected = function(FORMS[form](plain)), function(plain)
    assert type(found) is type(expected)
    assert np.allclose(found, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(("function", "plain"), DOORS.values(), ids=DOORS)
def test_a_masked_entry_is_refused_at_every_door(function, plain):
    hidden = np.ma.array(plain, mask=np.arange(plain.size).reshape(plain.shape) == 1)
    with pytest.raises(ValueError, match="must have no masked entries, got 1; leave them out or fill them"):
        function(hidden)


def test_half_precision_does_not_overflow():
    """The square of 300 is infinite there."""
    W = np.full((1, 2), 300, np.float16)
    assert penalty({"W1": W}, 1, 2.0) == 180_000
    assert COSTS["mean_squared_error"].value(W, np.zeros((1, 2), np.float16)) == 90_000
    assert confidence_interval(W[0]) == (300, 0)


def test_a_network_may_mix_byte_orders_but_not_widths():
    mixed = NETWORK | {"W1": W.astype(">f8")}
    assert np.array_equal(forward(X, mixed)[0], Z)
    assert train(X, Y, mixed, rng=rng(), **LOOP).parameters["W1"].dtype.isnative
    with pytest.raises(TypeError, match="b1 must have the dtype of W1, float32, got float64"):
        forward(X, NETWORK | {"W1": W.astype(np.float32)})
