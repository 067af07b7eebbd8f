# What the cells of this chapter must show; run behind each of them, in a copy of its names.

# %% key="coins-train"
assert memorised == 1 and abs(guessed - 0.5) < 0.05

# %% key="quadrants"
assert all(result.run.history["train_accuracy"][-1] > 0.97 for result in runs.values())
assert runs["15 wrong labels"].run.history["test_accuracy"][-1] < 0.85
assert runs["clean labels"].run.history["test_accuracy"][-1] > 0.94

# %% key="remedies"
assert all(intervals[name][0] > intervals[name][1] for name in ("clean labels", "400 points", "6 units a layer"))
assert all(abs(intervals[name][0]) < intervals[name][1] for name in ("3 units a layer", "16 units a layer"))
assert 0.13 < intervals["clean labels"][0] < 0.16 and 0.08 < intervals["400 points"][0] < 0.11
assert 0.055 < intervals["6 units a layer"][0] < 0.07

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

# %% key="sigmoid-surer"
assert surer[0.5] == 500 and 470 < surer[0.8] < 500

# %% key="sigmoid-ngm-exact"
assert abs(ngm - scaled) < 1e-12

# %% key="depth-gaps"
one, two, three = gaps["from the NGM"].values()
assert one.max() < 1e-12 and gaps["from the plain mean"]["1 hidden layer"][-1] > 0.05
for deep in (two, three):
    assert np.all(np.diff(deep) > 0) and deep[0] < 0.01 and deep[-1] > 0.05
for name, by in nearer.items():
    assert np.all(by.mean(axis=1) > 0)
    for scale, seeds in zip(SCALES, by, strict=True):
        mean, half = confidence_interval(seeds)
        assert (mean - half > 0) or (name == "3 hidden layers" and scale <= 0.5)

# %% key="depth-trained"
gap, right, logits = (dict(zip(trained, column, strict=True)) for column in zip(*trained.values(), strict=True))
for less, more in (("keep_prob 0.8", "L2, λ = 1"), ("L2, λ = 1", "neither")):
    mean, half = confidence_interval(gap[more] - gap[less])
    assert mean - half > 0
mean, half = confidence_interval(gap["L2, λ = 10"] - gap["keep_prob 0.8"])
assert mean - half < 0 < mean + half  # just as far
assert 0.35 < logits["keep_prob 0.8"].mean() / logits["neither"].mean() < 0.5
mean, half = confidence_interval(right["neither"] - right["keep_prob 0.8"])
assert mean - half > 0

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
free, tied, shrunk = ends.values()
assert np.abs(free.sum(axis=0) - 3).max() < 0.1 and np.ptp(free.sum(axis=0)) < 0.01
assert np.allclose(np.diff(free, axis=0), np.diff(starts, axis=0), atol=1e-6)
assert free.max() > 4 and free.min() < -2
assert np.abs(np.diff(tied, axis=0)).max() < 0.05
assert np.allclose(tied, dropout_regression_weights(twins, y, 0.5).T, atol=0.3)
assert np.allclose(shrunk, dropout_regression_weights(twins, y, 0.5).T, atol=0.05)  # which has no bias

# %% key="hidden-run"
mean, half = intervals["correlation, dropout"]
assert -0.01 < mean - half < mean + half < 0.01
for way, low, high in (("neither", 0.18, 0.21), ("dropout", 0.025, 0.036), ("L2", 0.14, 0.165)):
    lost = np.mean(values("accuracy", way) - values("accuracy with half", way))
    assert low < lost < high
mean, half = intervals["accuracy, dropout"]
assert mean - half > 0 and 0.006 < mean < 0.014
assert 0.002 < intervals["accuracy, L2"][0] < 0.008
for better in ("accuracy, L2", "correlation, L2"):
    mean, half = intervals[better]
    assert mean - half > 0

# %% key="sparsity-run"
for quantity in ("share active", "mean output"):
    mean, half = confidence_interval(values(quantity, "dropout") - values(quantity, "neither"))
    assert mean + half < -0.1
    assert np.all(values(quantity, "dropout") < values(quantity, "neither"))
assert np.all(values("mean output", "L2") < values("mean output", "neither"))
mean, half = confidence_interval(values("share active", "L2") - values("share active", "neither"))
assert mean - half > 0

# %% key="no-help-numbers"
def sign(case, keep_prob):
    mean, half = gains[case][keep_prob]
    return np.sign(mean) if abs(mean) > half else 0


assert abs(anew - points["noisy labels, 0.8"][0]) < 0.005
assert [sign("noisy labels", q) for q in (0.95, 0.9, 0.8, 0.7, 0.5, 0.3)] == [1, 1, 1, 1, 1, 0]
assert [sign("many noisy points", q) for q in (0.95, 0.9, 0.8, 0.7, 0.5, 0.3)] == [1, 1, 1, 1, 0, -1]
assert [sign("clean labels", q) for q in (0.95, 0.9, 0.8, 0.7, 0.5, 0.3)] == [0, 0, 0, 0, -1, -1]
assert [sign("the same, 1500 steps", q) for q in (0.95, 0.9, 0.8, 0.7, 0.5, 0.3)] == [1, 1, 1, 1, 1, 0]
assert all(0.065 < gains["the same, 1500 steps"][q][0] < 0.085 for q in (0.8, 0.7, 0.5))
assert -0.075 < gains["many noisy points"][0.3][0] < -0.06 and max(g for g, _ in gains["many noisy points"].values()) < 0.025
assert [sign("few clean points", q) for q in (0.95, 0.9, 0.8, 0.7, 0.5, 0.3)] == [-1, -1, 0, -1, -1, -1]
assert all(sign("clean digits", q) == 1 for q in (0.9, 0.7, 0.5, 0.3))
assert all(sign("tiny network", q) <= 0 for q in gain) and sign("tiny network", 0.7) == sign("tiny network", 0.5) == -1
assert all(0.055 < gains["noisy labels"][q][0] < 0.075 for q in (0.7, 0.5)) and gains["tiny network"][0.7][0] > -0.15
assert -0.31 < gains["tiny network"][0.3][0] < -0.29
assert 0.015 < gains["many noisy points"][0.8][0] < 0.025
assert max(abs(mean) + half for q, (mean, half) in gains["clean labels"].items() if q >= 0.7) < 0.011  # nothing to be seen
few = over_seeds(lambda seed: quadrant_run(seed=seed, flipped=0.0, m_train=40, records=1, resolution=2).run.history, range(8))
assert all(history["train_accuracy"][-1] == 1 for history in few)
assert 0.07 < 1 - points["few clean points, 1"].mean() < 0.09

# %% key="no-help-seeds"
assert seeds.min() < 0 and seeds.max() > 0.1

# %% key="log-accuracy"
mean, half = confidence_interval(in_log - whole_test)
assert mean + half < -0.01
mean, half = confidence_interval(whole_train - whole_test)
assert mean - half > 0
