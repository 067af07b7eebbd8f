"""Theory of dropout: closed forms against loops over all masks, least squares and scikit-learn's ridge."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils import theory
from course_utils.activations import sigmoid
from course_utils.network import forward, initialize_parameters

keep_probs = st.floats(0.05, 1)
seeds = st.integers(0, 10_000)


def plainly(parameters, x, masks, keep_probs):
    """Return the logit of one example with given masks: tanh network written as sums over lists."""
    a = [value * keep / q for value, keep, q in zip(x, masks[0], [keep_probs[0]] * len(x), strict=True)]
    depth = len(parameters) // 2
    for layer in range(1, depth + 1):
        W, b = parameters[f"W{layer}"].tolist(), parameters[f"b{layer}"][:, 0].tolist()
        z = [bias + sum(w * value for w, value in zip(row, a, strict=True)) for row, bias in zip(W, b, strict=True)]
        if layer < depth:
            q = keep_probs[layer]
            a = [float(np.tanh(value)) * keep / q for value, keep in zip(z, masks[layer], strict=True)]
    return z


# Masks and their probabilities


@pytest.mark.parametrize("n", range(1, 9))
def test_masks_are_all_different_and_in_binary_order(n):
    masks = theory.all_masks(n)
    assert masks.dtype == bool
    assert [tuple(column) for column in masks.T.astype(int).tolist()] == list(product((0, 1), repeat=n))


@given(st.integers(1, 10), keep_probs)
def test_probabilities_are_products_unit_by_unit_of_any_masks(n, keep_prob):
    masks = theory.all_masks(n)[:, 1:].astype(int)
    kept = masks.sum(axis=0)
    expected = keep_prob**kept * (1 - keep_prob) ** (n - kept)
    assert theory.mask_probabilities(masks, keep_prob) == pytest.approx(expected, rel=1e-10, abs=1e-300)


# Every subnetwork of a network


@pytest.mark.parametrize(
    ("sizes", "keep_prob"),
    [([3, 1], [0.6]), ([2, 3, 1], 0.5), ([2, 3, 2], [0.8, 0.5]), ([2, 2, 3, 1], [0.9, 1.0, 0.7]), ([2, 3, 1], 1.0)],
)
def test_subnetworks_are_those_of_nested_loops(sizes, keep_prob):
    keep_probs = keep_prob if isinstance(keep_prob, list) else [1.0] + [keep_prob] * (len(sizes) - 2)
    rng = np.random.default_rng(len(sizes))
    parameters = initialize_parameters(sizes, rng)
    parameters = {name: value + 0.3 * rng.standard_normal(value.shape) for name, value in parameters.items()}
    x = rng.standard_normal((sizes[0], 3))
    logits, probability = theory.subnetwork_logits(x, parameters, keep_prob=keep_prob, activation="tanh")
    choices = [product((0, 1), repeat=n) if q < 1 else [(1,) * n] for n, q in zip(sizes, keep_probs, strict=False)]
    combinations = list(product(*map(list, choices)))
    assert logits.shape == (sizes[-1], 3, len(combinations))
    for k, masks in enumerate(combinations):
        chance = np.prod([q if keep else 1 - q for mask, q in zip(masks, keep_probs, strict=True) for keep in mask])
        assert probability[k] == pytest.approx(chance, rel=1e-12)
        for i in range(3):
            assert logits[:, i, k] == pytest.approx(plainly(parameters, x[:, i], masks, keep_probs), rel=1e-10)


@given(seeds, st.lists(st.floats(0.1, 1), min_size=3, max_size=3))
def test_mean_of_a_linear_network_is_the_whole_network(seed, keep_prob):
    rng = np.random.default_rng(seed)
    parameters, x = initialize_parameters([3, 4, 3, 2], rng), rng.standard_normal((3, 2))
    logits, probability = theory.subnetwork_logits(x, parameters, keep_prob=keep_prob, activation="identity")
    whole, _ = forward(x, parameters, activation="identity")
    assert np.allclose(logits @ probability, whole, rtol=0, atol=1e-13 * max(np.abs(logits).max(), 1))


# The normalized geometric mean


@given(seeds, st.floats(0.3, 1))
def test_geometric_mean_of_a_sigmoid_unit_is_the_whole_unit(seed, keep_prob):
    rng = np.random.default_rng(seed)
    parameters = {"W1": 0.3 * rng.standard_normal((1, 8)), "b1": rng.standard_normal((1, 1))}
    x = rng.standard_normal((8, 3))
    logits, probability = theory.subnetwork_logits(x, parameters, keep_prob=[keep_prob])
    largest = np.abs(logits).max()
    assert largest < 25
    ngm = theory.normalized_geometric_mean(sigmoid(logits), probability)
    lost = 1e-15 * np.exp(largest)  # p has 16 digits, and 1 - p far fewer where p is near 1
    assert np.allclose(ngm, sigmoid(forward(x, parameters)[0]), rtol=0, atol=1e-13 + lost)


@given(st.lists(st.floats(0.01, 0.99), min_size=1, max_size=6), seeds)
def test_geometric_mean_is_the_product_written_out(p, seed):
    probability = np.random.default_rng(seed).dirichlet(np.ones(len(p)))
    G, other = np.prod(p**probability), np.prod((1 - np.array(p)) ** probability)
    assert theory.normalized_geometric_mean(p, probability.tolist()) == pytest.approx(G / (G + other), rel=1e-9)


def test_geometric_mean_of_many_masks_does_not_underflow():
    p = np.full(2**16, 1e-6)
    assert theory.normalized_geometric_mean(p, np.full(2**16, 2.0**-16)) == pytest.approx(1e-6, rel=1e-9)


@pytest.mark.parametrize("sizes", [[2, 3, 1], [2, 3, 2], [2, 2, 3, 2]])
def test_averaging_errors_are_distances_from_both_means(sizes):
    rng = np.random.default_rng(len(sizes))
    parameters, x = initialize_parameters(sizes, rng, scheme=1.5), rng.standard_normal((2, 4))
    settings = {"activation": "tanh", "keep_prob": 0.6}
    logits, probability = theory.subnetwork_logits(x, parameters, **settings)
    whole = sigmoid(forward(x, parameters, activation="tanh")[0])
    ngm = theory.normalized_geometric_mean(sigmoid(logits), probability)
    plain = np.average(sigmoid(logits), axis=-1, weights=probability)
    found = theory.averaging_errors(x, parameters, **settings)
    assert found == pytest.approx((np.mean(abs(whole - ngm)), np.mean(abs(whole - plain))), rel=1e-9, abs=1e-13)
    assert (found[0] < 1e-13) == (len(sizes) == 3)  # exact if no unit follows a dropped one
    assert found[1] > 1e-3


# Moments of a sum


@given(seeds, keep_probs)
def test_moments_are_those_over_all_masks(seed, keep_prob):
    rng = np.random.default_rng(seed)
    W, a = rng.standard_normal((2, 5)), rng.standard_normal((5, 3))
    mean, variance = theory.preactivation_moments(W, a, keep_prob)
    masks = theory.all_masks(5)
    chances = theory.mask_probabilities(masks, keep_prob)
    outputs = np.stack([W @ (a * mask[:, np.newaxis] / keep_prob) for mask in masks.T], axis=-1)
    assert np.allclose(mean, outputs @ chances, rtol=0, atol=1e-11)
    assert np.allclose(variance, (outputs - mean[..., np.newaxis]) ** 2 @ chances, rtol=1e-9, atol=1e-11)


# Linear regression


def regression(seed, n=6, m=9, n_y=2):
    """Return W (n_y, n), x (n, m) with features of very different size, y (n_y, m)."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, m)) * 10.0 ** rng.uniform(-1, 1, (n, 1))
    return rng.standard_normal((n_y, n)), x, rng.standard_normal((n_y, m))


@given(seeds, keep_probs)
def test_regression_cost_is_the_mean_over_all_masks(seed, keep_prob):
    W, x, y = regression(seed)
    total = 0.0
    for kept in product((0, 1), repeat=6):
        chance = keep_prob ** sum(kept) * (1 - keep_prob) ** (6 - sum(kept))
        total += chance * np.mean((y - W @ (x * np.array(kept)[:, np.newaxis] / keep_prob)) ** 2)
    assert theory.dropout_regression_cost(W, x, y, keep_prob) == pytest.approx(total, rel=1e-10)


@given(seeds, keep_probs)
def test_lambds_are_those_of_the_courses_penalty(seed, keep_prob):
    W, x, y = regression(seed, n_y=1)
    penalty = np.sum(theory.dropout_lambds(x, keep_prob) / (2 * x.shape[1]) * W**2)
    whole = np.mean((y - W @ x) ** 2)
    assert theory.dropout_regression_cost(W, x, y, keep_prob) == pytest.approx(whole + penalty, rel=1e-10)


@pytest.mark.parametrize("lambd", [0.3, 5.0, 200.0])
def test_ridge_is_scikit_learns(lambd):
    linear_model = pytest.importorskip("sklearn.linear_model")
    _, x, y = regression(3)
    ours = theory.ridge_weights(x, y, lambd)
    theirs = linear_model.Ridge(alpha=lambd / 2, fit_intercept=False, solver="svd").fit(x.T, y.T)
    assert np.allclose(ours, theirs.coef_, rtol=1e-8)


@pytest.mark.parametrize("keep_prob", [0.1, 0.5, 0.9])
def test_dropout_weights_are_least_squares_on_all_masked_copies(keep_prob):
    _, x, y = regression(5, n=4, m=12)
    masks = theory.all_masks(4)
    root = np.sqrt(theory.mask_probabilities(masks, keep_prob))
    copies = np.hstack([x * mask[:, np.newaxis] / keep_prob * r for mask, r in zip(masks.T, root, strict=True)])
    repeats = np.hstack([y * r for r in root])
    expected = np.linalg.lstsq(copies.T, repeats.T, rcond=None)[0].T
    assert np.allclose(theory.dropout_regression_weights(x, y, keep_prob), expected, rtol=1e-8)


@given(st.integers(1, 1000), st.floats(0.01, 1))
def test_lambd_and_keep_prob_say_the_same(m, keep_prob):
    lambd = theory.lambd_from_keep_prob(keep_prob, m)
    assert theory.keep_prob_from_lambd(lambd, m) == pytest.approx(keep_prob, rel=1e-12)
    assert theory.dropout_lambds(np.ones((1, m)), keep_prob) == pytest.approx(lambd, rel=1e-12)


@pytest.mark.parametrize("keep_prob", [0.3, 0.9])
def test_dropout_makes_twins_equal(keep_prob):
    rng = np.random.default_rng(0)
    feature, y = rng.standard_normal((1, 20)), rng.standard_normal((1, 20))
    twins = np.vstack([feature, feature])
    w1, w2 = theory.dropout_regression_weights(twins, y, keep_prob)[0]
    assert w1 == pytest.approx(w2, rel=1e-9)


def test_dependent_features_are_told_from_those_of_very_different_size():
    _, x, y = regression(8, n=3, m=10)
    sizes = np.array([[1e-6], [1.0], [1e6]])
    expected = np.linalg.lstsq(x.T, y.T, rcond=None)[0].T
    assert np.allclose(theory.ridge_weights(sizes * x, y, 0.0) * sizes.T, expected, rtol=1e-6)
    for dependent in (x[0] / 3 + x[1], 0 * x[0]):  # the first but for rounding
        with pytest.raises(ValueError, match=r"^lambd must be > 0 where features depend on one another, got 0"):
            theory.ridge_weights(np.vstack([x, dependent]), y, 0.0)


def test_no_more_units_are_dropped_than_masks_can_be_listed():
    parameters = {"W1": np.ones((1, 17)), "b1": np.zeros((1, 1))}
    with pytest.raises(ValueError, match=r"^units with dropout must be at most 16, .* got 17$"):
        theory.subnetwork_logits(np.ones((17, 1)), parameters, keep_prob=[0.5])


def test_arguments_are_left_alone():
    given_arrays = W, x, y = np.ones((1, 2)), np.ones((2, 3)), np.ones((1, 3))
    theory.subnetwork_logits(x, {"W1": W, "b1": np.zeros((1, 1))}, keep_prob=[0.5])
    theory.dropout_regression_cost(W, x, y, 0.5)
    theory.ridge_weights(x, y, 1.0)
    assert all((array == 1).all() for array in given_arrays)
