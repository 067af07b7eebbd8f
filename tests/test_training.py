"""The plain loop: what it learns, what it records, and what it leaves alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.datasets import digits_split, noisy_quadrants, quadrants, sine
from course_utils.flat_training import train_flat
from course_utils.network import backward, forward, initialize_parameters, predict
from course_utils.optimizers import Adam, GradientDescent, Momentum
from course_utils.penalties import weights
from course_utils.training import HISTORY, steps_and_batches, train

BOTH = pytest.mark.parametrize("trainer", [train, train_flat])


def start(sizes=(2, 8, 1), m=30):
    """Return quadrant data and first weights."""
    rng = np.random.default_rng(0)
    x, y = quadrants(m, rng)
    return x, y, initialize_parameters(sizes, rng)


def run(trainer, seed=0, steps=3, data=None, **settings):
    """Return a run, of the data and first weights above unless others are given."""
    return trainer(*(data or start()), rng=np.random.default_rng(seed), steps=steps, **settings)


def norms(parameters):
    return np.concatenate([np.linalg.norm(W, axis=1) for W in weights(parameters).values()])


def test_one_step_of_gradient_descent_is_the_gradient_times_the_rate():
    x, y, parameters = start()
    found = run(train, 1, steps=1, optimizer=GradientDescent(0.3), keep_prob=0.5).parameters
    _, cache = forward(x, parameters, keep_prob=0.5, rng=np.random.default_rng(1))
    for name, gradient in backward(y, parameters, cache).items():
        np.testing.assert_allclose(found[name], parameters[name] - 0.3 * gradient, rtol=1e-14)


@BOTH
def test_the_same_rng_gives_the_same_run_and_another_gives_another(trainer):
    first, same, other = (run(trainer, seed, steps=20, keep_prob=0.7, batch_size=7) for seed in (1, 1, 2))
    for name, value in first.parameters.items():
        np.testing.assert_array_equal(value, same.parameters[name])
        assert not np.array_equal(value, other.parameters[name])
    for name in HISTORY:
        np.testing.assert_array_equal(first.history[name], same.history[name])


@BOTH
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_nothing_given_is_changed_or_handed_back(trainer, dtype):
    x, y, parameters = start()
    x, y = x.astype(dtype), y.astype(dtype)
    parameters = {name: value.astype(dtype) for name, value in parameters.items()}
    given_arrays = [x, y, *parameters.values()]
    before = [array.tobytes() for array in given_arrays]
    settings = {"keep_prob": [0.9, 0.5], "lambd": 1, "lambd1": 1, "proximal": True, "max_norm": 1, "test": (x, y)}
    found = run(trainer, data=(x, y, parameters), **settings).parameters
    assert [array.tobytes() for array in given_arrays] == before
    for value in found.values():
        assert value.dtype == dtype
        assert not any(np.shares_memory(value, array) for array in given_arrays)


@given(st.integers(1, 30), st.integers(1, 35), st.integers(1, 4))
def test_minibatches_use_every_example_once_an_epoch(m, batch_size, epochs):
    rng = np.random.default_rng(0)
    per_epoch = -(-m // batch_size)
    found = list(steps_and_batches(epochs * per_epoch, m, batch_size, rng, progress=False))
    assert [step for step, _ in found] == list(range(1, epochs * per_epoch + 1))
    for epoch in range(epochs):
        batches = [np.arange(m)[columns] for _, columns in found[epoch * per_epoch : (epoch + 1) * per_epoch]]
        assert sorted(np.concatenate(batches)) == list(range(m))
        assert all(len(batch) == min(batch_size, m) for batch in batches[:-1])


def test_each_epoch_has_an_order_of_its_own():
    found = list(steps_and_batches(2, 50, 49, np.random.default_rng(0), progress=False))
    found += list(steps_and_batches(4, 50, 25, np.random.default_rng(0), progress=False))
    first, second = (np.concatenate([found[i][1], found[i + 1][1]]) for i in (2, 4))
    assert not np.array_equal(first, second)


@BOTH
def test_a_full_batch_draws_no_order(trainer):
    rng = np.random.default_rng(0)
    trainer(*start(), rng=rng, steps=3, batch_size=30)
    assert rng.bit_generator.state == np.random.default_rng(0).bit_generator.state


@BOTH
def test_the_penalty_of_a_minibatch_counts_the_training_set(trainer):
    """One step on 5 of 30 examples with no gradient but the penalty's: W ← (1 - η λ/30) W."""
    _, _, parameters = start()
    data = np.zeros((2, 30)), np.full((1, 30), 0.5), parameters  # relu(0) = 0 everywhere: gradients of the cost are 0
    found = run(trainer, steps=1, data=data, optimizer=GradientDescent(0.1), batch_size=5, lambd=3.0)
    for name, value in parameters.items():
        kept = 1 - 0.1 * 3 / 30 if name.startswith("W") else 1
        np.testing.assert_allclose(found.parameters[name], kept * value, rtol=1e-12)
    half = 3 / (2 * 30) * sum((W**2).sum() for W in weights(parameters).values())
    assert found.history["cost"][0] == pytest.approx(np.log(2) + half, rel=1e-12)


@BOTH
@pytest.mark.parametrize(
    ("steps", "every", "recorded"),
    [(10, 3, [3, 6, 9, 10]), (5, 100, [5]), (4, None, [1, 2, 3, 4]), (250, None, list(range(5, 251, 5)))],
)
def test_history_holds_the_recorded_steps_about_fifty_unless_told_and_always_the_last(trainer, steps, every, recorded):
    x, y, _ = start()
    history = run(trainer, steps=steps, record_every=every, test=(x, y)).history
    assert set(history) == set(HISTORY)
    assert history["step"].tolist() == recorded
    assert all(len(values) == len(recorded) and np.isfinite(values).all() for values in history.values())


@BOTH
def test_history_is_what_it_says(trainer):
    """The cost is the step's own, masked, before the update; the scores are the whole network's after it."""
    x, y, parameters = start()
    x_test, y_test = quadrants(40, np.random.default_rng(9))
    found = run(trainer, steps=1, optimizer=GradientDescent(0.5), test=(x_test, y_test))
    history = {name: values[0] for name, values in found.history.items()}
    z, _ = forward(x, parameters)
    assert history["cost"] == pytest.approx(np.mean(np.log1p(np.exp(np.where(y == 1, -z, z)))), rel=1e-12)
    for part, (x_part, y_part) in {"train": (x, y), "test": (x_test, y_test)}.items():
        p = predict(x_part, found.parameters)
        assert history[f"{part}_accuracy"] == np.mean((p > 0.5) == y_part)
        assert history[f"{part}_cost"] == pytest.approx(-np.mean(np.log(np.where(y_part == 1, p, 1 - p))), rel=1e-9)


@BOTH
def test_what_is_not_defined_is_nan(trainer):
    history = run(trainer, cost="mean_squared_error").history
    undefined = {name for name, values in history.items() if np.isnan(values).all()}
    assert undefined == {"train_accuracy", "test_accuracy", "test_cost"}
    assert np.isfinite(history["train_cost"]).all()


@BOTH
def test_progress_is_shown_on_stderr_when_asked_for_and_never_else(trainer, capsys):
    run(trainer)
    assert capsys.readouterr() == ("", "")
    run(trainer, progress=True)
    out, err = capsys.readouterr()
    assert out == ""
    assert "training" in err


@BOTH
@pytest.mark.parametrize("record_every", [1, 1000])
@pytest.mark.parametrize(
    "limits", [{}, {"max_norm": 3.0}, {"lambd1": 1.0, "proximal": True}, {"keep_prob": 0.5, "lambd": 0.1}]
)
def test_divergence_is_one_clear_error(trainer, record_every, limits):
    """Whatever constraint comes after the step, and whether or not the step is recorded."""
    x, y = sine(20)
    parameters = initialize_parameters([1, 10, 1], np.random.default_rng(0))
    if "max_norm" in limits:  # it bounds what weights can do, so the numbers have to be too large from the start
        y = y * 1e305
    settings = {"optimizer": GradientDescent(1e3), "cost": "mean_squared_error", "record_every": record_every, **limits}
    with pytest.raises(FloatingPointError, match=r"training diverged at step \d+ .* learning_rate below 1000 may help"):
        trainer(x, y, parameters, rng=np.random.default_rng(0), steps=1000, **settings)


@BOTH
def test_one_proximal_step_is_a_soft_threshold_of_the_gradient_step(trainer):
    settings = {"steps": 1, "optimizer": GradientDescent(0.5)}
    proximal = run(trainer, lambd1=9.0, proximal=True, **settings).parameters
    for name, value in run(trainer, **settings).parameters.items():
        t = 0.5 * 9 / 30 if name.startswith("W") else 0
        np.testing.assert_allclose(proximal[name], np.sign(value) * np.maximum(np.abs(value) - t, 0), atol=1e-14)


@BOTH
def test_proximal_steps_give_exact_zeros_and_subgradients_do_not(trainer):
    data, settings = start(sizes=(2, 20, 1)), {"steps": 200, "optimizer": GradientDescent(0.1), "lambd1": 1.0}
    runs = (run(trainer, data=data, proximal=proximal, **settings).parameters for proximal in (True, False))
    zeros, none = (sum(int((W == 0).sum()) for W in weights(parameters).values()) for parameters in runs)
    assert zeros > 5
    assert none == 0


@BOTH
def test_max_norm_holds_after_every_step(trainer):
    found = norms(run(trainer, steps=30, optimizer=Adam(0.1), max_norm=0.7).parameters)
    assert 0.69 < found.max() <= 0.7 * (1 + 1e-12)


@BOTH
def test_it_learns_the_quadrants(trainer):
    rng = np.random.default_rng(0)
    split = noisy_quadrants(rng, m_train=200, flipped=0.0, m_test=1000)
    data = split.x_train, split.y_train, initialize_parameters([2, 30, 1], rng)
    history = trainer(*data, rng=rng, steps=300, test=(split.x_test, split.y_test)).history
    assert history["train_accuracy"][-1] >= 0.98
    assert history["test_accuracy"][-1] >= 0.93
    assert history["cost"][-1] < 0.3 * history["cost"][0]


@BOTH
def test_it_learns_from_minibatches(trainer):
    """Examples and labels stay together when they are shuffled."""
    history = run(trainer, steps=300, data=start(sizes=(2, 20, 1), m=100), batch_size=16).history
    assert history["train_accuracy"][-1] >= 0.95


@BOTH
def test_it_learns_the_sine(trainer):
    """Mean square 200 when nothing is learned."""
    rng = np.random.default_rng(0)
    data = *sine(), initialize_parameters([1, 25, 1], rng)
    settings = {"activation": "tanh", "cost": "mean_squared_error", "optimizer": Adam(0.05)}
    assert trainer(*data, rng=rng, steps=1500, **settings).history["cost"][-1] < 5


def test_it_learns_the_digits_in_minibatches():
    rng = np.random.default_rng(0)
    split = digits_split(500, rng)
    data = split.x_train, split.y_train, initialize_parameters([64, 64, 10], rng, dtype=np.float32)
    settings = {"cost": "softmax_cross_entropy", "keep_prob": [0.9, 0.7], "batch_size": 50}
    test = split.x_test, split.y_test
    history = train_flat(*data, rng=rng, steps=300, optimizer=Momentum(0.1), test=test, **settings).history
    assert history["test_accuracy"][-1] > 0.92
