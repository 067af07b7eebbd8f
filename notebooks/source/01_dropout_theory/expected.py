# What the cells of this chapter must show; run behind each of them, in a copy of its names.

# %% key="coins-train"
assert memorised == 1 and abs(guessed - 0.5) < 0.05
assert run.history["test_cost"][-1] > 3 * np.log(2)

# %% key="quadrants"
assert all(result.run.history["train_accuracy"][-1] > 0.97 for result in runs.values())
assert runs["15 wrong labels"].run.history["test_accuracy"][-1] < 0.85
assert runs["clean labels"].run.history["test_accuracy"][-1] > 0.94

# %% key="overfitting-live"
def live_accuracies(**settings):
    history = quadrant_run(**settings).run.history
    return history["train_accuracy"][-1], history["test_accuracy"][-1]


for points in (280, 320, 360, 400):
    train_accuracy, test_accuracy = live_accuracies(m_train=points)
    assert 0.83 < test_accuracy < 0.93 and train_accuracy < 0.95
clean, tiny = live_accuracies(flipped=0.0), live_accuracies(hidden=(4, 4))
assert clean[0] - clean[1] < 0.03 and max(tiny) < 0.8
others = [live_accuracies(hidden=(4, 4), flipped=0.0, seed=seed)[1] for seed in range(1, 6)]
assert np.median(others) > 0.9  # four units are enough, from another start

# %% key="remedies"
from course_utils.guesses import answer

assert all(intervals[name][0] > intervals[name][1] for name in ("clean labels", "400 points", "6 units a layer"))
assert all(abs(intervals[name][0]) < intervals[name][1] for name in ("3 units a layer", "16 units a layer"))
assert 0.13 < intervals["clean labels"][0] < 0.16 and 0.08 < intervals["400 points"][0] < 0.11
assert 0.055 < intervals["6 units a layer"][0] < 0.07
clear = [n for n in (3, 6, 16) if intervals[f"{n} units a layer"][0] > intervals[f"{n} units a layer"][1]]
assert (answer("remedies-sizes"), clear) == ("c", [6])
assert gains["16 units a layer"].size == 8 and before.mean() < 0.85

# %% key="subnetworks-met"
for units in (10, 64):
    masks = draw_mask((units, 30_000), 0.5, np.random.default_rng(1))
    assert np.unique(np.packbits(masks, axis=0), axis=1).shape[1] == min(2**units, 30_000)
assert abs((1 - 0.9**6) * (1 - 0.9**5) - 0.2) < 0.01  # a path is left at keep_prob 0.1

# %% key="moments-unit"
assert np.allclose(deviations, [np.sqrt((1 - q) / q) for q in keep_probs], atol=0.02)
assert all(abs(sampled.mean() - 1) < 0.03 for sampled in outputs)

# %% key="moments-spread"
from course_utils.theory import preactivation_moments

for units in (1, 100):
    _, variance = preactivation_moments(np.full((1, units), 1 / units), np.ones((units, 1)), keep_prob=0.5)
    assert abs(spread[units] / np.sqrt(variance.item()) - 1) < 0.03
assert abs(spread[1] / spread[100] - 10) < 0.3

# %% key="enumeration-three"
assert np.isclose(probability.sum(), 1)

# %% key="enumeration-linear"
from course_utils.guesses import answer

assert abs(z[0, 0] @ probability - whole.item()) < 1e-12
assert abs(z.mean() - whole.item()) > 0.3
assert answer("linear-mean") == ("a" if np.isclose(z[0, 0] @ probability, whole.item(), atol=1e-12) else "b")

# %% key="sigmoid-unit"
from course_utils.guesses import answer

assert abs(scaled - 0.5) > abs(plain - 0.5) + 0.05
assert answer("sigmoid-side") == ("c" if abs(scaled - 0.5) > abs(plain - 0.5) else "b")


def is_surer(seed, keep_prob):
    """Return whether the whole network is farther from one half than the plain mean, for another unit and input."""
    rng = np.random.default_rng(seed)
    unit, x = {"W1": rng.standard_normal((1, 10)), "b1": np.array([[0.5]])}, rng.standard_normal((10, 1))
    z, probability = subnetwork_logits(x, unit, keep_prob=[keep_prob])
    plain, scaled = sigmoid(z[0, 0]) @ probability, sigmoid(forward(x, unit)[0]).item()
    return abs(scaled - 0.5) > abs(plain - 0.5)


surer = {keep_prob: sum(is_surer(seed, keep_prob) for seed in range(100, 600)) for keep_prob in (0.5, 0.8)}
assert surer[0.5] == 500 and 470 < surer[0.8] < 500

# %% key="sigmoid-ngm-exact"
assert abs(ngm - scaled) < 1e-12

from course_utils.theory import averaging_errors  # what the text says of deeper networks


def distances(sizes, scale, seed):
    rng = np.random.default_rng(seed)
    parameters, x = initialize_parameters(sizes, rng, scheme=scale), rng.standard_normal((4, 20))
    return averaging_errors(x, parameters, keep_prob=0.5, activation="tanh")  # from the NGM, from the plain mean


scales = np.array([0.25, 0.5, 1.0, 2.0])
for sizes in ([4, 10, 1], [4, 5, 5, 1], [4, 4, 3, 3, 1]):
    found = np.array([[distances(sizes, scale, seed) for seed in range(10)] for scale in scales])  # (4, 10, 2)
    from_ngm, from_plain = found.mean(axis=1).T
    assert np.all(from_ngm < from_plain)
    if len(sizes) == 3:
        assert from_ngm.max() < 1e-12 and from_plain[-1] > 0.05
    else:
        assert np.all(np.diff(from_ngm) > 0) and from_ngm[0] < 0.01 and from_ngm[-1] > 0.05

# %% key="regression-enumeration"
assert abs(errors @ probability / closed_form - 1) < 1e-10

# %% key="regression-minimum"
assert np.allclose(W_copies, W_closed, rtol=1e-9)

# %% key="regression-scales"
from course_utils.guesses import answer

assert np.ptp(by_dropout) < 0.1 and by_ridge.argmin() == 0
assert answer("units-shrink") == "c"
same = dropout_regression_weights(standard, y, 0.5)
assert np.allclose(same, ridge_weights(standard, y, lambd_from_keep_prob(0.5, m)), rtol=1e-10)
assert np.allclose(by_dropout, same, rtol=1e-10)  # units make no difference to dropout
assert by_ridge[0, 0] < 0.2 and by_ridge[0, 2] > 0.8  # and all the difference to ridge

# %% key="twins-numbers"
from course_utils.guesses import answer

free, tied, shrunk = ends.values()
assert np.abs(free.sum(axis=0) - 3).max() < 0.1 and np.ptp(free.sum(axis=0)) < 0.01
assert np.allclose(np.diff(free, axis=0), np.diff(starts, axis=0), atol=1e-6)
assert free.max() > 4 and free.min() < -2
assert np.abs(np.diff(tied, axis=0)).max() < 0.05
assert np.allclose(tied, dropout_regression_weights(twins, y, 0.5).T, atol=0.3)
assert np.allclose(shrunk, dropout_regression_weights(twins, y, 0.5).T, atol=0.05)  # which has no bias
assert (answer("twins-end"), np.abs(tied - 1).max() < 0.3) == ("c", True)

# %% key="hidden-run"
from course_utils.guesses import answer

mean, half = intervals["correlation, dropout"]
assert answer("hidden-correlation") == ("b" if -0.01 < mean - half < mean + half < 0.01 else "a")
for way, low, high in (("neither", 0.18, 0.21), ("dropout", 0.025, 0.036), ("L2", 0.14, 0.165)):
    lost = np.mean(values("accuracy", way) - values("accuracy with half", way))
    assert low < lost < high
mean, half = intervals["accuracy, dropout"]
assert mean - half > 0 and 0.006 < mean < 0.014
assert answer("removal-price") == ("c" if mean - half > 0.0025 else "b")
assert 0.002 < intervals["accuracy, L2"][0] < 0.008
for better in ("accuracy, L2", "correlation, L2"):
    mean, half = intervals[better]
    assert mean - half > 0

# %% key="sparsity-run"
from course_utils.guesses import answer

for quantity in ("share active", "mean output"):
    mean, half = confidence_interval(values(quantity, "dropout") - values(quantity, "neither"))
    assert mean + half < -0.1
    assert np.all(values(quantity, "dropout") < values(quantity, "neither"))
assert np.all(values("mean output", "L2") < values("mean output", "neither"))
mean, half = confidence_interval(values("share active", "L2") - values("share active", "neither"))
assert mean - half > 0
assert answer("quiet-l2") == ("c" if mean - half > 0 else "b")

# %% key="no-help-numbers"
from course_utils.guesses import answer


def sign(case, keep_prob):
    mean, half = gains[case][keep_prob]
    return np.sign(mean) if abs(mean) > half else 0


assert abs(again - points["noisy labels, 0.8"][0]) < 0.005
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
assert answer("few-points") == {1: "a", 0: "b", -1: "c"}[sign("few clean points", 0.9)]

# %% key="no-help-seeds"
assert (round(100 * seeds.min()), round(100 * seeds.max())) == (-1, 12)

# %% key="log-accuracy"
mean, half = confidence_interval(in_log - whole_test)
assert mean + half < -0.01
mean, half = confidence_interval(whole_train - whole_test)
assert mean - half > 0

# %% key="open-example"
outputs = [rivals(mask) for mask in ([0, 0], [0, 1], [1, 0], [1, 1])]
assert outputs == [0, 0, 2, 0]
assert (np.mean(outputs), np.var(outputs)) == (0.5, 0.75)
