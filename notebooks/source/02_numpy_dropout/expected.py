# What the cells of this chapter must show; run behind each of them, in a copy of its names.

# %% key="vector-scaling"
assert abs(dropped.mean() - 5.5) < 0.02

# %% key="vector-variance-check"
assert np.allclose(sampled, formula, rtol=0.03)

# %% key="vector-live-check"
assert np.allclose(mean_fifth, mean_half, rtol=0.2)
assert np.allclose(variance_fifth, 4 * variance_half, rtol=0.2)

# %% key="pitfall-in-place"
assert not np.array_equal(values, np.ones(8))

# %% key="pitfall-swapped"
assert np.array_equal(ones, np.ones(10_000))  # the course's dropout leaves its input alone

# %% key="batch-noise-measured"
assert 85 < factor < 115  # about m = 100

# %% key="layers-wrong-slope"
assert 1 - scaled**2 < 0 < 1 - a_unit**2

# %% key="gradient-check-still"
assert max(errors.values()) < 1e-7

# %% key="gradient-check-moving"
assert max(moving.values()) > 0.99
sizes = [np.sqrt(sum(np.sum(value**2) for value in gradients.values())) for gradients in (analytic, numeric)]
assert sizes[1] > 10_000 * sizes[0]  # the one is far larger

# %% key="training-loop"
same_sign = (data.x_train[0] > 0) == (data.x_train[1] > 0)
assert np.sum(data.y_train[0] != same_sign) == 15 and data.x_test.shape == (2, 4000)

# %% key="training-curves"
last = {name: {key: values[-1] for key, values in result.run.history.items()} for name, result in runs.items()}
none, half = last["keep_prob 1"], last["keep_prob 0.5"]
assert none["train_accuracy"] == 1 and 0.80 < none["test_accuracy"] < 0.825
assert 0.85 <= half["train_accuracy"] < 0.875 and 0.90 < half["test_accuracy"] < 0.92
assert 4 < none["test_cost"] / half["test_cost"] < 5
history = runs["keep_prob 1"].run.history
assert 40 <= history["step"][np.argmin(history["test_cost"])] <= 60  # and only then it rises
assert np.all(np.diff(history["test_cost"][history["step"] >= 60]) > 0)

# %% key="stopping"
def gain(name):
    return confidence_interval(stopping[name] - stopping["neither"])


assert abs(again - stopping["stopped"][0]) < 0.005
assert 0.095 < gain("stopped")[0] < 0.105 and 0.06 < gain("keep_prob 0.5")[0] < 0.07 and 0.065 < gain("λ = 1")[0] < 0.075
mean, half_width = gain("keep_prob 0.3")
assert mean - half_width < 0
for rival in ("keep_prob 0.8", "keep_prob 0.5", "keep_prob 0.3", "λ = 1"):
    mean, half_width = confidence_interval(stopping["stopped"] - stopping[rival])
    assert mean - half_width > 0  # stopping wins
rivals = ("200 points, keep_prob 0.8", "200 points, keep_prob 0.5", "200 points, λ = 1", "stopped, keep_prob 0.8")
for rival, within in zip(rivals, (0.03, 0.03, 0.03, 0.015), strict=True):
    mean, half_width = confidence_interval(stopping["stopped"] - stopping[rival])
    assert abs(mean) < half_width and abs(mean) + half_width < within
mean, half_width = confidence_interval(stopping["stopped"] - stopping["200 points"])
assert mean - half_width > 0

# %% key="test-time-three"
assert binary_cross_entropy(np.mean(masked, axis=0), y_test) < binary_cross_entropy(whole, y_test)
assert 0.03 < whole_accuracy - draws.mean() < 0.05 and abs(whole_accuracy - average_accuracy) < 0.01

# %% key="test-time-unscaled"
assert 0.35 < ratio(unscaled(trained), whole) < 0.45
assert 0.01 < whole_accuracy - unscaled_accuracy < 0.03
assert binary_cross_entropy(unscaled(trained), y_test) > 1.3 * binary_cross_entropy(whole, y_test)

# %% key="test-time-causes-run"
assert abs(left["neither"] - 0.25) < 1e-12 and all(0.34 < left[cause] < 0.4 for cause in ("biases alone", "noise alone"))

# %% key="test-time-mistake"
mean, half = confidence_interval(mistaken[:, 2] - mistaken[:, 3])
assert times.min() > 2.5 and abs(mean) < 0.01  # several times as large, and the accuracy does not tell

# %% key="digits-run"
assert all(abs(anew[name] - study.values[name][0]) < 0.01 for name in anew)

# %% key="digits-intervals"
for name in ("dropout", "hidden 0.9", "hidden 0.7", "hidden 0.5", "hidden 0.3"):
    mean, half = gains[name]
    assert mean - half > 0 and 0.005 < mean < 0.025
mean, half = gains["stopped"]
assert mean - half > -0.02 and mean + half < 0.002 and np.sum(study.values["stopped"] > plain) == 0
rng = np.random.default_rng(0)
from course_utils.optimizers import Momentum

split, start = digits_split(200, rng), initialize_parameters([64, 256, 256, 10], rng)
settings = {"steps": 400, "optimizer": Momentum(0.1), "cost": "softmax_cross_entropy", "record_every": 20}
history = train_flat(split.x_train, split.y_train, start, rng=rng, test=(split.x_test, split.y_test), **settings).history
lowest = np.argmin(history["test_cost"])
assert history["step"][lowest] <= 100 and history["test_cost"][-1] > 1.02 * history["test_cost"][lowest]
assert history["test_accuracy"][-1] >= history["test_accuracy"][lowest] - 0.005
assert dropped.min() < plain.max()  # single seeds overlap

# %% key="sine-run"
assert errors[1.0].max() < 0.05 and errors[0.95].min() > 1
assert np.all(errors[1.0] < errors[0.95]) and np.all(errors[0.95] < errors[0.8]) and np.all(errors[0.8] < errors[0.5])

# %% key="sine-noise"
rng = np.random.default_rng(0)
squares = [np.mean((forward(x, exact, activation="tanh", keep_prob=0.5, rng=rng)[0] - y) ** 2) for _ in range(2000)]
assert abs(np.mean(squares) / noise_exact - 1) < 0.05  # formula and 2000 draws agree
assert noise_half < noise_exact / 3
