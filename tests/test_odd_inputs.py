"""What the lesson does with kinds of numbers and settings that nobody thought of when it was written."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.activations import sigmoid
from course_utils.costs import binary_cross_entropy, softmax_cross_entropy
from course_utils.experiments import confidence_interval, quadrant_run
from course_utils.flat_training import train_flat
from course_utils.network import forward, initialize_parameters
from course_utils.optimizers import Adam, AdamW, GradientDescent, Momentum
from course_utils.penalties import penalty, penalty_gradient, soft_threshold, weights
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
