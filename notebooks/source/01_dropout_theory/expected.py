# What the cells of this chapter must show; run behind each of them, in a copy of its names.

# %% key="coins-train"
assert memorised == 1 and abs(guessed - 0.5) < 0.05

# %% key="quadrants"
assert all(result.run.history["train_accuracy"][-1] > 0.97 for result in runs.values())
assert runs["15 wrong labels"].run.history["test_accuracy"][-1] < 0.85
assert runs["clean labels"].run.history["test_accuracy"][-1] > 0.94

# %% key="remedies"
assert all(mean - half > 0 for mean, half in intervals.values())

# %% key="subnetworks-met"
for units in (10, 64):
    masks = draw_mask((units, 30_000), 0.5, np.random.default_rng(1))
    assert np.unique(np.packbits(masks, axis=0), axis=1).shape[1] == min(2**units, 30_000)

# %% key="moments-unit"
for keep_prob in (0.9, 0.5, 0.1):
    outputs = x * draw_mask((400_000,), keep_prob, np.random.default_rng(0)) / keep_prob
    formula = x**2 * (1 - keep_prob) / keep_prob
    assert abs(outputs.mean() - x) < 0.1 and abs(outputs.var() / formula - 1) < 0.03

# %% key="moments-spread"
for units in (1, 100):
    w, x = np.full((1, units), 1 / units), np.ones((units, 1))
    _, variance = preactivation_moments(w, x, keep_prob=0.5)
    sampled = w @ (draw_mask((units, 20_000), 0.5, rng) / 0.5)
    assert abs(sampled.std() / np.sqrt(variance.item()) - 1) < 0.03

# %% key="enumeration-three"
assert np.isclose(probability.sum(), 1)

# %% key="enumeration-linear"
assert abs(z[0, 0] @ probability - whole.item()) < 1e-12
assert abs(z.mean() - whole.item()) > 0.3

# %% key="sigmoid-unit"
assert abs(scaled - 0.5) > abs(plain - 0.5) + 0.05

# %% key="sigmoid-ngm-exact"
assert abs(ngm - scaled) < 1e-12

# %% key="depth-gaps"
one, two, three = gaps["from the NGM"].values()
assert one.max() < 1e-12 and gaps["from the plain mean"]["1 hidden layer"][-1] > 0.05
for deep in (two, three):
    assert np.all(np.diff(deep) > 0) and deep[0] < 0.01 and deep[-1] > 0.05
for name, from_ngm in gaps["from the NGM"].items():
    assert np.all(from_ngm < gaps["from the plain mean"][name])

# %% key="depth-trained"
assert trained[1.0] > 3 * trained[0.8]

# %% key="regression-enumeration"
assert abs(errors @ probability / closed_form - 1) < 1e-10

# %% key="regression-minimum"
assert np.allclose(W_copies, W_closed, rtol=1e-9)

# %% key="regression-paths"
same = dropout_regression_weights(standard, y, 0.5)
assert np.allclose(same, ridge_weights(standard, y, lambd_from_keep_prob(0.5, m)), rtol=1e-10)
assert np.allclose(by_dropout, same, rtol=1e-10)  # units make no difference to dropout
assert by_ridge[0, 0] < 0.2 and by_ridge[0, 2] > 0.8  # and all the difference to ridge

# %% key="twins-numbers"
free, tied = ends.values()
assert np.abs(free.sum(axis=0) - 3).max() < 0.1 and np.ptp(free.sum(axis=0)) < 0.01
assert np.allclose(np.diff(free, axis=0), np.diff(starts, axis=0), atol=1e-6)
assert free.max() > 4 and free.min() < -2
assert np.abs(np.diff(tied, axis=0)).max() < 0.3
assert np.allclose(tied, dropout_regression_weights(twins, y, 0.5).T, atol=0.3)

# %% key="hidden-run"
mean, half = intervals["correlation"]
assert -0.03 < mean - half < mean + half < 0.03
for keep_prob, low, high in ((1.0, 0.15, 0.25), (0.5, 0.02, 0.05)):
    lost = np.mean(values("accuracy", keep_prob) - values("accuracy with half", keep_prob))
    assert low < lost < high
assert intervals["accuracy"][0] > -0.01

# %% key="sparsity-run"
for quantity in ("share active", "mean output"):
    mean, half = confidence_interval(values(quantity, 0.5) - values(quantity, 1.0))
    assert mean + half < -0.1
assert np.all(values("share active", 0.5) < values("share active", 1.0))

# %% key="no-help-numbers"
assert low["noisy labels"] > 0.02 and high["clean labels"] < 0 and high["tiny network"] < -0.1
assert low["many points"] < 0 < high["many points"] and abs(intervals["many points"][0]) < 0.02
assert differences["noisy labels"].min() < 0.03 and differences["noisy labels"].max() > 0.1

# %% key="log-accuracy"
mean, half = confidence_interval(in_log - whole_test)
assert mean + half < -0.01 and np.mean(whole_train - whole_test) > 0.01
