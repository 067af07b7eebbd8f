"""The network: its gradients against differences over random networks, and what forward and predict compute."""

import inspect
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils import network
from course_utils.activations import ACTIVATIONS
from course_utils.costs import COSTS
from course_utils.flat_training import train_flat
from course_utils.gradient_check import gradient_check
from course_utils.network import (
    backward,
    compute_cost,
    forward,
    initialize_parameters,
    layer_sizes,
    predict,
)
from course_utils.training import train

NETWORKS = 20 * len(ACTIVATIONS)  # so many that each pair of them comes
TOLERANCE = 1e-7


def errors_of(case):
    """Return the relative error of each gradient of a random network."""
    settings = {name: getattr(case, name) for name in ("masks", "keep_prob", "activation", "cost", "lambd", "lambd1")}
    return gradient_check(case.x, case.y, case.parameters, **settings)


def test_analytic_gradients_agree_with_differences_over_random_networks(random_case, record_property):
    cases = [random_case(seed) for seed in range(NETWORKS)]
    worst, name, case = max(
        ((error, name, case) for case in cases for name, error in errors_of(case).items()), key=lambda found: found[0]
    )
    message = f"worst relative error of {NETWORKS} networks {worst:.2e}, {name} of {case}"
    record_property("worst", message)
    print(message)
    assert worst <= TOLERANCE, message


def test_the_random_networks_hold_every_kind(random_case):
    """Were the family poorer than it says, the check above would prove less than it says."""
    cases = [random_case(seed) for seed in range(NETWORKS)]
    kinds = {(len(case.keep_prob), case.cost, case.activation[0]) for case in cases if case.activation} | {
        (1, case.cost, None) for case in cases if not case.activation
    }
    assert kinds == set(itertools.product((2, 3, 4), COSTS, ACTIVATIONS)) | {(1, cost, None) for cost in COSTS}
    assert {tuple(sorted(case.activation)) for case in cases} > set(itertools.combinations(sorted(ACTIVATIONS), 2))
    assert any(case.masks[0] is not None for case in cases)
    for l1, l2, dropped in itertools.product((False, True), repeat=3):
        assert any(
            (case.lambd1 > 0, case.lambd > 0, any(mask is not None for mask in case.masks)) == (l1, l2, dropped)
            for case in cases
        )


MISTAKES = {
    "the mask is forgotten": ('da = apply_mask(da, masks[layer - 1], cache["keep_probs"][layer - 1])', "pass"),
    "1 / keep_prob is forgotten": ('cache["keep_probs"][layer - 1])', "1.0)"),
    "a fresh mask is drawn": ("masks[layer - 1],", "draw_fresh(da),"),
    "the derivative is taken at the masked activation": (
        'dz = ACTIVATIONS[cache["activations"][layer - 2]].backward(da, zs[layer - 2])',
        "dz = da * (1 - inputs[layer - 1] ** 2)",
    ),
    "L2 is twice too large": ("penalty_gradient(W, m, lambd, lambd1)", "penalty_gradient(W, m, 2 * lambd, lambd1)"),
    "L2 is not divided by m": ("penalty_gradient(W, m, lambd, lambd1)", "penalty_gradient(W, 1, lambd, lambd1)"),
    "L1 is left out": ("penalty_gradient(W, m, lambd, lambd1)", "penalty_gradient(W, m, lambd)"),
    "biases are penalised": (
        "dz.sum(axis=1, keepdims=True)",
        'dz.sum(axis=1, keepdims=True) + lambd / m * parameters[f"b{layer}"]',
    ),
    "the last layer's input is taken everywhere": ("dz @ inputs[layer - 1].T", "dz @ inputs[max(layer - 2, 0)].T"),
}


@pytest.mark.parametrize("mistake", [None, *MISTAKES])
def test_the_check_sees(mistake, monkeypatch):
    """The real backward pass with one change: were it let through, the check would be worth nothing."""
    right, wrong = MISTAKES.get(mistake, ("", ""))
    source = inspect.getsource(network.backward)
    assert mistake is None or source.count(right) == 1, f"this test changes {right!r}, which backward no longer holds"
    rng = np.random.default_rng(1)
    names = vars(network) | {"draw_fresh": lambda da: rng.random(da.shape) < 0.5}
    exec(source.replace(right, wrong), names)
    monkeypatch.setattr("course_utils.gradient_check.backward", names["backward"])

    sizes = [3, 3, 3, 2]  # square, so that a mistake can also stay hidden behind matching shapes
    parameters = {name: value + 0.3 for name, value in initialize_parameters(sizes, rng).items()}
    case = {"keep_prob": [0.6, 0.5, 0.7], "rng": rng, "activation": "tanh", "lambd": 0.5, "lambd1": 0.3}
    worst = max(gradient_check(rng.standard_normal((3, 6)), rng.random((2, 6)), parameters, **case).values())
    assert worst > 1e-3 if mistake else worst <= TOLERANCE


def by_hand(case):
    """Return the logits, example by example and unit by unit, in plain Python arithmetic."""
    depth, columns = len(case.keep_prob), []
    for example in range(case.x.shape[1]):
        a = case.x[:, example]
        for layer in range(1, depth + 1):
            mask = case.masks[layer - 1]
            if mask is not None:
                q = case.keep_prob[layer - 1]
                a = np.array([a[i] / q if mask[i, example] else 0.0 for i in range(len(a))])
            W, b = case.parameters[f"W{layer}"], case.parameters[f"b{layer}"]
            z = np.array([sum(W[j, i] * a[i] for i in range(len(a))) + b[j, 0] for j in range(len(b))])
            a = ACTIVATIONS[case.activation[layer - 1]].function(z[:, np.newaxis])[:, 0] if layer < depth else z
        columns.append(a)
    return np.stack(columns, axis=1)


@pytest.mark.parametrize("seed", range(0, 60, 7))
def test_forward_is_what_one_computes_by_hand(random_case, seed):
    case = random_case(seed)
    z, _ = forward(case.x, case.parameters, activation=case.activation, keep_prob=case.keep_prob, masks=case.masks)
    np.testing.assert_allclose(z, by_hand(case), rtol=1e-11, atol=1e-12)


@given(st.integers(0, 2**32))
def test_the_same_rng_gives_the_same_pass_and_given_masks_replay_it(seed):
    rng = np.random.default_rng(seed)
    parameters, x = initialize_parameters([3, 5, 4, 1], rng), rng.standard_normal((3, 7))
    first, cache = forward(x, parameters, keep_prob=[0.8, 0.5, 0.6], rng=np.random.default_rng(seed))
    again, _ = forward(x, parameters, keep_prob=[0.8, 0.5, 0.6], rng=np.random.default_rng(seed))
    replayed, _ = forward(x, parameters, keep_prob=[0.8, 0.5, 0.6], masks=cache["masks"])
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(first, replayed)


def test_nothing_given_is_changed(random_case):
    case = next(case for case in map(random_case, range(NETWORKS)) if all(m is not None for m in case.masks[:2]))
    given_arrays = [case.x, case.y, *case.parameters.values(), *(mask for mask in case.masks if mask is not None)]
    before = [array.tobytes() for array in given_arrays]
    z, cache = forward(case.x, case.parameters, activation=case.activation, keep_prob=case.keep_prob, masks=case.masks)
    compute_cost(z, case.y, case.parameters, cost=case.cost, lambd=1.0, lambd1=1.0)
    backward(case.y, case.parameters, cache, cost=case.cost, lambd=1.0, lambd1=1.0)
    predict(case.x, case.parameters, activation=case.activation, cost=case.cost)
    assert [array.tobytes() for array in given_arrays] == before


def test_one_mask_for_all_examples_may_be_given():
    rng = np.random.default_rng(0)
    parameters, x = initialize_parameters([2, 4, 1], rng), rng.standard_normal((2, 5))
    shared = np.array([[1], [0], [1], [0]])
    narrow, cache = forward(x, parameters, keep_prob=0.5, masks=[None, shared], activation="tanh")
    wide, _ = forward(x, parameters, keep_prob=0.5, masks=[None, np.repeat(shared, 5, axis=1)], activation="tanh")
    np.testing.assert_array_equal(narrow, wide)
    gradients = backward(np.ones((1, 5)), parameters, cache)
    assert gradients["W1"].any(axis=1).tolist() == [True, False, True, False]


@pytest.mark.parametrize("cost", COSTS)
def test_predict_is_the_link_of_the_whole_network(cost):
    rng = np.random.default_rng(0)
    parameters, x = initialize_parameters([2, 6, 3], rng), rng.standard_normal((2, 9))
    z, _ = forward(x, parameters, activation="tanh")
    np.testing.assert_array_equal(predict(x, parameters, activation="tanh", cost=cost), COSTS[cost].link(z))


def test_predict_assumes_what_training_does_unless_told():
    assumed = inspect.signature(predict).parameters
    for loop in (train, train_flat):
        trained = inspect.signature(loop).parameters
        assert all(assumed[name].default == trained[name].default for name in ("activation", "cost"))
    assert (assumed["activation"].default, assumed["cost"].default) == ("relu", "binary_cross_entropy")
    assert "unless told ``activation`` and ``cost``, this assumes ReLU and binary cross-entropy" in predict.__doc__


@pytest.mark.parametrize("m", [None, 1, 4, 100])
def test_penalties_of_a_minibatch_count_the_training_set(m):
    """With m given, a batch of any size gets the whole set's penalty; without, it is the whole set."""
    rng = np.random.default_rng(0)
    parameters, x, y = initialize_parameters([2, 3, 1], rng), rng.standard_normal((2, 4)), np.ones((1, 4))
    z, cache = forward(x, parameters)
    plain, with_l2 = compute_cost(z, y, parameters), compute_cost(z, y, parameters, lambd=2.0, m=m)
    squares = sum(float((parameters[name] ** 2).sum()) for name in ("W1", "W2"))
    assert with_l2 - plain == pytest.approx(squares / (m or 4), rel=1e-9)
    difference = backward(y, parameters, cache, lambd=2.0, m=m)["W1"] - backward(y, parameters, cache)["W1"]
    np.testing.assert_allclose(difference, 2 / (m or 4) * parameters["W1"], rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize(("scheme", "scale"), [("he", np.sqrt(2 / 400)), ("xavier", np.sqrt(2 / 700)), (0.01, 0.01)])
def test_first_weights_have_the_scale_of_their_scheme(scheme, scale):
    """Of 120 000 normal numbers the standard deviation is within 1.5 % with six sigma to spare."""
    parameters = initialize_parameters([400, 300, 1], np.random.default_rng(0), scheme)
    assert parameters["W1"].std() == pytest.approx(scale, rel=0.015)
    assert abs(parameters["W1"].mean()) < 6 * scale / np.sqrt(120_000)
    assert not parameters["b1"].any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_network_keeps_its_dtype(dtype):
    rng = np.random.default_rng(0)
    parameters = initialize_parameters((2, 3, 1), rng, dtype=dtype)
    x, y = rng.standard_normal((2, 5)).astype(dtype), np.ones((1, 5), dtype)
    z, cache = forward(x, parameters, keep_prob=[0.9, 0.5], rng=rng)
    gradients = backward(y, parameters, cache, lambd=0.1, lambd1=0.1)
    assert {array.dtype for array in (z, *parameters.values(), *gradients.values())} == {np.dtype(dtype)}


def test_sizes_are_read_from_the_parameters():
    parameters = initialize_parameters(np.array([2, 7, 5, 1]), np.random.default_rng(0))
    assert layer_sizes(parameters) == [2, 7, 5, 1]
    assert list(parameters) == ["W1", "b1", "W2", "b2", "W3", "b3"]


def test_one_activation_is_for_all_hidden_layers():
    rng = np.random.default_rng(0)
    parameters, x = initialize_parameters([2, 3, 3, 1], rng), rng.standard_normal((2, 5))
    one, _ = forward(x, parameters, activation="tanh")
    two, _ = forward(x, parameters, activation=["tanh", "tanh"])
    other, _ = forward(x, parameters, activation=["tanh", "relu"])
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("arranged", [sorted, lambda names: sorted(names, key=lambda name: -int(name[1:]))])
def test_the_order_of_the_parameters_in_their_dict_means_nothing(arranged):
    rng = np.random.default_rng(0)
    parameters = initialize_parameters([2, 3, 4, *[3] * 8, 1], rng)  # W10 stands before W2 in the alphabet
    x, y = rng.standard_normal((2, 5)), rng.integers(2, size=(1, 5))
    other = {name: parameters[name] for name in arranged(parameters)}
    expected = backward(y, parameters, forward(x, parameters)[1])
    found = backward(y, other, forward(x, other)[1])
    assert list(found) == list(other)
    for name, gradient in found.items():
        np.testing.assert_array_equal(gradient, expected[name])
