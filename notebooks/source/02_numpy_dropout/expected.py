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
assert min(moving.values()) > 0.5

# %% key="training-loop"
same_sign = (data.x_train[0] > 0) == (data.x_train[1] > 0)
assert np.sum(data.y_train[0] != same_sign) == 15 and data.x_test.shape == (2, 4000)

# %% key="training-curves"
last = {name: {key: values[-1] for key, values in result.run.history.items()} for name, result in runs.items()}
none, half = last["keep_prob 1"], last["keep_prob 0.5"]
assert none["train_accuracy"] > 0.99 and none["test_accuracy"] < 0.83
assert half["train_accuracy"] < 0.90 and half["test_accuracy"] > 0.90
assert none["test_cost"] > 4 * half["test_cost"]

# %% key="test-time-three"
assert masked_accuracy < whole_accuracy - 0.02

# %% key="test-time-unscaled"
assert 0.3 < ratio < 0.5
assert unscaled_accuracy > whole_accuracy - 0.06
assert binary_cross_entropy(mean_unscaled, y_test) > 1.3 * binary_cross_entropy(whole, y_test)

# %% key="digits-run"
assert all(abs(anew[name] - study.values[name][0]) < 0.01 for name in study.settings)

# %% key="digits-intervals"
assert mean - half > 0 and 0.01 < mean < 0.025
assert dropped.min() < plain.max()  # single seeds overlap

# %% key="sine-run"
assert errors["keep_prob 1"] < 0.1 < 5 < errors["keep_prob 0.8"] < errors["keep_prob 0.5"]

# %% key="sine-noise"
rng = np.random.default_rng(0)
squares = [
    np.mean((forward(x, networks[1.0], activation="tanh", keep_prob=0.5, rng=rng)[0] - y) ** 2) for _ in range(2000)
]
assert abs(np.mean(squares) / noise_exact - 1) < 0.05  # formula and 2000 draws agree
assert noise_half < noise_exact / 3
