"""Penalties against sums written out, differences, and the definition of a proximal step."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from course_utils import penalties
from course_utils.gradient_check import numeric_gradients
from course_utils.network import initialize_parameters

lambdas = st.floats(0, 10)
matrices = arrays(np.float64, st.tuples(st.integers(1, 5), st.integers(1, 5)), elements=st.floats(-100, 100))


def network(seed, sizes=(3, 4, 2)):
    """Return parameters with biases that are not zero."""
    rng = np.random.default_rng(seed)
    return {name: value + rng.standard_normal(value.shape) for name, value in initialize_parameters(sizes, rng).items()}


@given(st.integers(0, 1000), st.integers(1, 50), lambdas, lambdas)
def test_penalty_is_the_sum_over_the_weights_written_out(seed, m, lambd, lambd1):
    parameters = network(seed)
    squares = sum(w**2 for name in ("W1", "W2") for w in parameters[name].ravel().tolist())
    sizes = sum(abs(w) for name in ("W1", "W2") for w in parameters[name].ravel().tolist())
    expected = lambd / (2 * m) * squares + lambd1 / m * sizes
    assert penalties.penalty(parameters, m, lambd, lambd1) == pytest.approx(expected, rel=1e-12)
    assert set(penalties.weights(parameters)) == {"W1", "W2"}


@given(st.integers(0, 50), st.integers(1, 50), lambdas, lambdas)
def test_gradient_of_the_penalty_is_its_slope(seed, m, lambd, lambd1):
    W = network(seed)["W1"]
    W = W + np.copysign(0.01, W)  # |W| has no slope at 0
    slope = numeric_gradients(lambda p: penalties.penalty(p, m, lambd, lambd1), {"W1": W})["W1"]
    np.testing.assert_allclose(penalties.penalty_gradient(W, m, lambd, lambd1), slope, rtol=1e-7, atol=1e-8)


def test_the_subgradient_at_zero_is_zero():
    assert penalties.penalty_gradient(np.zeros((1, 2)), 1, 1.0, 1.0).tolist() == [[0, 0]]


@given(matrices, st.floats(0, 50))
def test_soft_threshold_shrinks_and_never_changes_sign(W, t):
    shrunk = penalties.soft_threshold(W, t)
    assert (shrunk * W >= 0).all()
    assert (shrunk[np.abs(W) <= t] == 0).all()
    np.testing.assert_allclose(np.abs(shrunk), np.maximum(np.abs(W) - t, 0), atol=1e-12)


@given(matrices, st.floats(0.1, 50))
def test_max_norm_shortens_long_rows_only_and_keeps_their_direction(W, limit):
    before, norms = W.copy(), np.sqrt((W**2).sum(axis=1))
    bounded = penalties.max_norm(W, limit)
    np.testing.assert_array_equal(W, before)
    for row, new, norm in zip(W, bounded, norms, strict=True):
        if norm <= limit:
            np.testing.assert_array_equal(new, row)
        else:
            assert np.sqrt((new**2).sum()) == pytest.approx(limit, rel=1e-12)
            np.testing.assert_allclose(new * norm, row * limit, rtol=1e-12, atol=1e-300)


def test_float32_stays_float32():
    W = np.full((2, 3), 5, np.float32)
    assert penalties.soft_threshold(W, np.float64(0.1)).dtype == np.float32
    assert penalties.max_norm(W, np.float64(0.1)).dtype == np.float32
    assert penalties.penalty_gradient(W, 3, np.float64(0.1), np.float64(0.1)).dtype == np.float32


@given(lambdas, st.integers(1, 10_000), st.sampled_from(list(penalties.CONVENTIONS)))
def test_every_convention_converts_to_and_fro(lambd, m, convention):
    value = penalties.lambd_to(lambd, convention, m)
    assert penalties.lambd_from(value, convention, m) == pytest.approx(lambd, rel=1e-14)


WRITTEN_OUT = {  # as someone who reads a paper would write them
    "lambd/(2m)": lambda W, value, m: value / (2 * m) * (W**2).sum(),
    "lambd/2": lambda W, value, m: value / 2 * (W**2).sum(),
    "lambd": lambda W, value, m: value * (W**2).sum(),
}


@pytest.mark.parametrize("convention", penalties.CONVENTIONS)
def test_formulas_of_the_conventions_have_the_same_slope(convention):
    W, m, lambd = network(0)["W1"], 12, 0.7
    value = penalties.lambd_to(lambd, convention, m)
    formula = WRITTEN_OUT.get(convention, WRITTEN_OUT["lambd/2"])  # whose slope is weight_decay · W
    slope = numeric_gradients(lambda p: float(formula(p["W1"], value, m)), {"W1": W})["W1"]
    np.testing.assert_allclose(slope, penalties.penalty_gradient(W, m, lambd), rtol=1e-7)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("convention", penalties.CONVENTIONS)
def test_pytorch_takes_the_same_steps_under_every_convention(convention, momentum):
    """Weights of a linear unit after ten steps of PyTorch's SGD, with its own gradients of the written-out cost."""
    torch = pytest.importorskip("torch")
    rng, m, value, learning_rate = np.random.default_rng(0), 9, 0.3, 0.1
    x, y, start = rng.standard_normal((3, m)), rng.standard_normal((1, m)), rng.standard_normal((1, 3))

    lambd, W, velocity = penalties.lambd_from(value, convention, m), start, np.zeros((1, 3))
    for _ in range(10):
        gradient = 2 / m * (W @ x - y) @ x.T + penalties.penalty_gradient(W, m, lambd)
        velocity = momentum * velocity + gradient
        W = W - learning_rate * velocity

    theirs = torch.tensor(start, requires_grad=True)
    decay = value if convention == "weight_decay" else 0.0
    optimizer = torch.optim.SGD([theirs], lr=learning_rate, momentum=momentum, weight_decay=decay)
    for _ in range(10):
        optimizer.zero_grad()
        cost = ((theirs @ torch.tensor(x) - torch.tensor(y)) ** 2).mean()
        if convention in WRITTEN_OUT:
            cost = cost + WRITTEN_OUT[convention](theirs, value, m)
        cost.backward()
        optimizer.step()
    np.testing.assert_allclose(W, theirs.detach().numpy(), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("alpha", [0.1, 3.0])
def test_lambda_is_twice_the_alpha_of_ridge(alpha):
    """Where the data cost is a sum of squares; as chapter 03 says."""
    linear_model = pytest.importorskip("sklearn.linear_model")
    rng, m = np.random.default_rng(0), 15
    x, y = rng.standard_normal((4, m)), rng.standard_normal((1, m))
    W = y @ x.T @ np.linalg.inv(x @ x.T + alpha * np.eye(4))
    slope = 2 / m * (W @ x - y) @ x.T + penalties.penalty_gradient(W, m, lambd=2 * alpha)
    np.testing.assert_allclose(slope, 0, atol=1e-12)  # so W is the minimum of the course's cost
    ridge = linear_model.Ridge(alpha=alpha, fit_intercept=False).fit(x.T, y[0])
    np.testing.assert_allclose(W[0], ridge.coef_, rtol=1e-10)


@pytest.mark.parametrize("alpha", [0.05, 0.4])
def test_proximal_steps_end_where_the_lasso_does(alpha):
    """Its data cost is half the mean of squares, so that λ₁/m is twice its alpha."""
    linear_model = pytest.importorskip("sklearn.linear_model")
    rng, m = np.random.default_rng(1), 40
    x = rng.standard_normal((6, m))
    y = np.array([[2.0, -1.0, 0.5, 0, 0, 0]]) @ x + 0.3 * rng.standard_normal((1, m))
    W, learning_rate, lambd1 = np.zeros((1, 6)), 0.1, 2 * alpha * m
    for _ in range(2000):
        W = penalties.soft_threshold(W - learning_rate * 2 / m * (W @ x - y) @ x.T, learning_rate * lambd1 / m)
    lasso = linear_model.Lasso(alpha=alpha, fit_intercept=False, tol=1e-12, max_iter=100_000).fit(x.T, y[0])
    np.testing.assert_allclose(W[0], lasso.coef_, atol=1e-8)
    assert np.array_equal(W[0] == 0, lasso.coef_ == 0)
    assert 0 < np.sum(W == 0) < 6
