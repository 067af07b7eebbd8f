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


def start(seed=0, sizes=(2, 8, 1), m=30):
    """Return quadrant data and first weights, and arguments that all short runs share."""
    rng = np.random.default_rng(seed)
    x, y = quadrants(m, rng)
    return x, y, initialize_parameters(sizes, rng)


def test_one_step_of_gradient_descent_is_the_gradient_times_the_rate():
    x, y, parameters = start()
    run = train(x, y, parameters, rng=np.random.default_rng(1), steps=1, optimizer=GradientDescent(0.3), keep_prob=0.5)
    _, cache = forward(x, parameters, keep_prob=0.5, rng=np.random.default_rng(1))
    for name, gradient in backward(y, parameters, cache).items():
        np.testing.assert_allclose(run.parameters[name], parameters[name] - 0.3 * gradient, rtol=1e-14)


@BOTH
def test_the_same_rng_gives_the_same_run_and_another_gives_another(trainer):
    x, y, parameters = start()
    first, same, other = (
        trainer(x, y, parameters, rng=np.random.default_rng(seed), steps=20, keep_prob=0.7, batch_size=7)
        for seed in (1, 1, 2)
    )
    for name in parameters:
        np.testing.assert_array_equal(first.parameters[name], same.parameters[name])
        assert not np.array_equal(first.parameters[name], other.parameters[name])
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
    run = trainer(x, y, parameters, rng=np.random.default_rng(0), steps=3, **settings)
    assert [array.tobytes() for array in given_arrays] == before
    for value in run.parameters.values():
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
    x, y, parameters = start()
    rng = np.random.default_rng(0)
    trainer(x, y, parameters, rng=rng, steps=3, batch_size=30)
    assert rng.bit_generator.state == np.random.default_rng(0).bit_generator.state


@BOTH
def test_the_penalty_of_a_minibatch_counts_the_training_set(trainer):
    """One step on 5 of 30 examples with no gradient but the penalty's: W ← (1 - η λ/30) W."""
    _, _, parameters = start()
    x, y = np.zeros((2, 30)), np.full((1, 30), 0.5)  # relu(0) = 0 everywhere: logits and gradients of the cost are 0
    optimizer = GradientDescent(0.1)
    run = trainer(x, y, parameters, rng=np.random.default_rng(0), steps=1, optimizer=optimizer, batch_size=5, lambd=3.0)
    for name, W in weights(parameters).items():
        np.testing.assert_allclose(run.parameters[name], (1 - 0.1 * 3 / 30) * W, rtol=1e-12)
        assert np.array_equal(run.parameters[f"b{name[1:]}"], parameters[f"b{name[1:]}"])
    half = 3 / (2 * 30) * sum((W**2).sum() for W in weights(parameters).values())
    assert run.history["cost"][0] == pytest.approx(np.log(2) + half, rel=1e-12)


@BOTH
@pytest.mark.parametrize(
    ("steps", "every", "recorded"),
    [(10, 3, [3, 6, 9, 10]), (9, 3, [3, 6, 9]), (5, 100, [5]), (1, 1, [1]), (4, None, [1, 2, 3, 4])],
)
def test_history_holds_the_recorded_steps_and_always_the_last(trainer, steps, every, recorded):
    x, y, parameters = start()
    run = trainer(x, y, parameters, rng=np.random.default_rng(0), steps=steps, record_every=every, test=(x, y))
    assert set(run.history) == set(HISTORY)
    assert run.history["step"].tolist() == recorded
    assert all(len(values) == len(recorded) and np.isfinite(values).all() for values in run.history.values())


@BOTH
def test_about_fifty_records_unless_told(trainer):
    x, y, parameters = start()
    run = trainer(x, y, parameters, rng=np.random.default_rng(0), steps=250)
    assert len(run.history["step"]) == 50


@BOTH
def test_history_is_what_it_says(trainer):
    """The cost is the step's own, masked, before the update; the scores are the whole network's after it."""
    x, y, parameters = start()
    x_test, y_test = quadrants(40, np.random.default_rng(9))
    optimizer = GradientDescent(0.5)
    run = trainer(x, y, parameters, rng=np.random.default_rng(1), steps=1, optimizer=optimizer, test=(x_test, y_test))
    history = {name: values[0] for name, values in run.history.items()}
    z, _ = forward(x, parameters)
    assert history["cost"] == pytest.approx(np.mean(np.log1p(np.exp(np.where(y == 1, -z, z)))), rel=1e-12)
    for part, (x_part, y_part) in {"train": (x, y), "test": (x_test, y_test)}.items():
        p = predict(x_part, run.parameters)
        assert history[f"{part}_accuracy"] == np.mean((p > 0.5) == y_part)
        assert history[f"{part}_cost"] == pytest.approx(-np.mean(np.log(np.where(y_part == 1, p, 1 - p))), rel=1e-9)


@BOTH
def test_what_is_not_defined_is_nan(trainer):
    x, y, parameters = start()
    run = trainer(x, y, parameters, rng=np.random.default_rng(0), steps=2, cost="mean_squared_error")
    assert np.isnan(run.history["train_accuracy"]).all()
    assert np.isnan(run.history["test_accuracy"]).all()
    assert np.isnan(run.history["test_cost"]).all()
    assert np.isfinite(run.history["train_cost"]).all()


@BOTH
def test_progress_is_shown_on_stderr_when_asked_for_and_never_else(trainer, capsys):
    x, y, parameters = start()
    trainer(x, y, parameters, rng=np.random.default_rng(0), steps=5)
    assert capsys.readouterr() == ("", "")
    trainer(x, y, parameters, rng=np.random.default_rng(0), steps=5, progress=True)
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
def test_the_proximal_step_gives_exact_zeros_and_the_subgradient_does_not(trainer):
    x, y, parameters = start(sizes=(2, 20, 1))
    settings = {"steps": 200, "optimizer": GradientDescent(0.1), "lambd1": 1.0}
    zeros = [
        sum(
            int((W == 0).sum())
            for W in weights(
                trainer(x, y, parameters, rng=np.random.default_rng(0), proximal=proximal, **settings).parameters
            ).values()
        )
        for proximal in (True, False)
    ]
    assert zeros[0] > 5
    assert zeros[1] == 0


@BOTH
def test_one_proximal_step_is_a_soft_threshold_of_the_gradient_step(trainer):
    x, y, parameters = start()
    settings = {"steps": 1, "optimizer": GradientDescent(0.5)}
    plain = trainer(x, y, parameters, rng=np.random.default_rng(0), **settings).parameters
    proximal = trainer(x, y, parameters, rng=np.random.default_rng(0), lambd1=9.0, proximal=True, **settings).parameters
    for name, value in plain.items():
        t = 0.5 * 9 / 30 if name.startswith("W") else 0
        np.testing.assert_allclose(proximal[name], np.sign(value) * np.maximum(np.abs(value) - t, 0), atol=1e-14)


@BOTH
def test_max_norm_holds_after_every_step(trainer):
    x, y, parameters = start()
    run = trainer(x, y, parameters, rng=np.random.default_rng(0), steps=30, optimizer=Adam(0.1), max_norm=0.7)
    norms = np.concatenate([np.linalg.norm(W, axis=1) for W in weights(run.parameters).values()])
    assert norms.max() <= 0.7 * (1 + 1e-12)
    assert (norms > 0.69).any()


@BOTH
def test_it_learns_the_quadrants(trainer):
    rng = np.random.default_rng(0)
    data = noisy_quadrants(rng, m_train=200, flipped=0.0, m_test=1000)
    run = trainer(
        data.x_train,
        data.y_train,
        initialize_parameters([2, 30, 1], rng),
        rng=rng,
        steps=300,
        test=(data.x_test, data.y_test),
    )
    assert run.history["train_accuracy"][-1] >= 0.98
    assert run.history["test_accuracy"][-1] >= 0.93
    assert run.history["cost"][-1] < 0.3 * run.history["cost"][0]


@BOTH
def test_it_learns_from_minibatches(trainer):
    """Examples and labels stay together when they are shuffled."""
    x, y, parameters = start(sizes=(2, 20, 1), m=100)
    run = trainer(x, y, parameters, rng=np.random.default_rng(0), steps=300, batch_size=16)
    assert run.history["train_accuracy"][-1] >= 0.95


@BOTH
def test_it_learns_the_sine(trainer):
    """Mean square 200 when nothing is learned."""
    x, y = sine()
    rng = np.random.default_rng(0)
    parameters = initialize_parameters([1, 25, 1], rng)
    settings = {"activation": "tanh", "cost": "mean_squared_error", "optimizer": Adam(0.05)}
    run = trainer(x, y, parameters, rng=rng, steps=1500, **settings)
    assert run.history["cost"][-1] < 5


def test_it_learns_the_digits_in_minibatches():
    rng = np.random.default_rng(0)
    data = digits_split(500, rng)
    run = train_flat(
        data.x_train,
        data.y_train,
        initialize_parameters([64, 64, 10], rng, dtype=np.float32),
        rng=rng,
        steps=300,
        optimizer=Momentum(0.1),
        cost="softmax_cross_entropy",
        keep_prob=[0.9, 0.7],
        batch_size=50,
        test=(data.x_test, data.y_test),
    )
    assert run.history["test_accuracy"][-1] > 0.92
