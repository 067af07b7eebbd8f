# What the cells of this chapter must show; run behind each of them, in a copy of its names.

# %% key="vector-scaling"
assert abs(dropped.mean() - 5.5) < 0.02
assert abs(np.mean(masks.sum(axis=1) == 6) - 0.25) < 0.01

# %% key="variance-check"
assert np.allclose(mean_fifth, mean_half, rtol=0.2)
assert np.allclose(variance_fifth, 4 * variance_half, rtol=0.2)

# %% key="pitfall-in-place"
from course_utils.guesses import answer

assert set(values) == {0, 2} and answer("careless-values") == "c"

# %% key="pitfall-swapped"
assert np.array_equal(ones, np.ones(10_000))  # the course's dropout leaves its input alone

# %% key="batch-stripes"
from course_utils.guesses import answer

in_rows, in_columns = (np.all(shared == np.take(shared, [0], axis), axis) for axis in (1, 0))
assert answer("stripes") == ("a" if in_rows.all() and not in_columns.any() else "c")
assert not np.any(np.ptp(own.astype(int), axis=1) == 0)

# %% key="batch-noise-measured"
assert 85 < factor < 115  # about m = 100

# %% key="layers-outcome"
from course_utils.experiments.passes import dropout_pass
from course_utils.guesses import answer

steps = dropout_pass()
assert answer("dropped-gradient") == ("d" if not np.any(steps.da[~steps.mask]) else "a")
others = dropout_pass(masks=1)  # only what is given stays
assert np.array_equal(steps.a, others.a) and np.array_equal(steps.da_dropped, others.da_dropped)
changing = ("uniforms", "mask", "a_kept", "a_dropped", "da_kept", "da")
assert not any(np.array_equal(getattr(steps, name), getattr(others, name)) for name in changing)

# %% key="layers-wrong-slope"
assert 1 - scaled**2 < 0 < 1 - a_unit**2

# %% key="gradient-check-still"
assert max(still.values()) < 1e-7

# %% key="gradient-check-lost-run"
from course_utils.guesses import answer

found = {name for name, error in lost.items() if error > 1e-3}
assert answer("lost-scale") == ("c" if found == {"W1", "b1", "W2", "b2"} else "a")
assert all(lost[name] < 1e-7 for name in ("W3", "b3"))

# %% key="gradient-check-moving"
from course_utils.guesses import answer

assert answer("moving-masks") == ("c" if max(moving.values()) > 0.99 else "b")
sizes = [np.sqrt(sum(np.sum(value**2) for value in gradients.values())) for gradients in (analytic, noisy)]
assert sizes[1] > 10_000 * sizes[0]  # the one is far larger

# %% key="build-same"
assert max(differences) < 1e-12
for sizes in ([2, 1], [3, 7, 2], [2, 6, 5, 4, 1]):  # other depths, more outputs, whole and dropped
    for keep_prob, lambd in ((1.0, 0.0), (0.7, 2.0)):
        start, drawn = initialize(sizes, np.random.default_rng(3)), np.random.default_rng(4)
        same = network.initialize_parameters(sizes, np.random.default_rng(3))
        assert all(np.array_equal(start[name], same[name]) for name in same)
        x, y = drawn.standard_normal((sizes[0], 9)), drawn.integers(2, size=(sizes[-1], 9)).astype(float)
        z, cache = forward(x, start, keep_prob, np.random.default_rng(5))
        settings = {"activation": "tanh", "keep_prob": keep_prob, "rng": np.random.default_rng(5)}
        z_course, cache_course = network.forward(x, start, **settings)
        assert np.abs(z - z_course).max() < 1e-12
        if sizes[-1] == 1:  # the cost is a mean over all outputs
            gradients, right = backward(y, start, cache, lambd), network.backward(y, start, cache_course, lambd=lambd)
            assert all(np.abs(gradients[name] - right[name]).max() < 1e-12 for name in right)
            assert abs(cost(z, y, start, lambd) - network.compute_cost(z_course, y, start, lambd=lambd)) < 1e-12

# %% key="training-points"
assert x_seed.shape == (2, 200) and np.array_equal(y_seed[0] == 1, (x_seed[0] > 0) == (x_seed[1] > 0))
same_sign = (data.x_train[0] > 0) == (data.x_train[1] > 0)
assert np.sum(data.y_train[0] != same_sign) == 15 and data.x_test.shape == (2, 4000)

# %% key="training-loop"
from course_utils.guesses import answer

tests = {name: test for name, (_, _, test) in found.items()}
assert answer("four-ways") == "abcd"[list(found).index(max(tests, key=tests.get))]
assert min(tests, key=tests.get) == "both" and tests["dropout"] - tests["L2"] > 0.02
assert found["neither"][0] < 0.1 * min(found[name][0] for name in ("dropout", "L2", "both"))
assert found["dropout"][1] < found["dropout"][0]  # without masks it is lower
assert cost(whole, data.y_train, parameters, 0.0) == found["both"][1]

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

# %% key="exercise-training"
from course_utils.exercises.numpy_dropout import POINTS

for points in POINTS:  # a network without a remedy ends near 1 or above
    result = quadrant_run(1.0, seed=points, records=1, resolution=2).run.history
    assert result["train_accuracy"][-1] == 1
    rng = np.random.default_rng(points)
    split, start = noisy_quadrants(rng), network.initialize_parameters([2, 64, 64, 1], rng)
    for steps in (300, 600):
        run = train_flat(
            split.x_train, split.y_train, start, rng=rng, steps=steps, optimizer=Adam(0.02), record_every=steps
        )
        z, _ = network.forward(split.x_test, run.parameters)
        assert network.compute_cost(z, split.y_test, run.parameters) > 0.9

# %% key="live-trainer"
def last(keep_prob, mask_seed=0):
    return quadrant_run(keep_prob, mask_seed=mask_seed, resolution=2).run.history


for name in ("train_accuracy", "test_accuracy"):
    assert last(0.1)[name][-1] < 0.7
luck = [last(0.5, mask_seed)["test_accuracy"][-1] for mask_seed in range(5)]
assert 0.01 < np.ptp(luck) < 0.08

# %% key="test-time-three"
assert binary_cross_entropy(np.mean(masked, axis=0), y_test) < binary_cross_entropy(whole, y_test)
assert 0.03 < whole_accuracy - draws.mean() < 0.05 and abs(whole_accuracy - average_accuracy) < 0.01

# %% key="test-time-mistake"
mean, half = confidence_interval(mistaken[:, 2] - mistaken[:, 3])
assert times.min() > 2.5 and abs(mean) < 0.01  # several times as large, and the accuracy does not tell

from course_utils.guesses import answer

assert answer("unscaled-outputs") == ("d" if times.min() > 1 and abs(mean) < 0.01 else "c")

# %% key="digits-run"
assert all(abs(again[name] - study.values[name][0]) < 0.01 for name in again)

# %% key="digits-intervals"
for name in ("dropout", "hidden 0.9", "hidden 0.7", "hidden 0.5", "hidden 0.3"):
    mean, half = gains[name]
    assert mean - half > 0 and 0.005 < mean < 0.025
mean, half = gains["stopped"]
assert mean - half > -0.02 and mean + half < 0.002 and np.sum(study.values["stopped"] > plain) == 0
rng = np.random.default_rng(0)
from course_utils.optimizers import Momentum

split, start = digits_split(200, rng), network.initialize_parameters([64, 256, 256, 10], rng)
settings = {"steps": 400, "optimizer": Momentum(0.1), "cost": "softmax_cross_entropy", "record_every": 20}
history = train_flat(split.x_train, split.y_train, start, rng=rng, test=(split.x_test, split.y_test), **settings).history
lowest = np.argmin(history["test_cost"])
assert history["step"][lowest] <= 100 and history["test_cost"][-1] > 1.02 * history["test_cost"][lowest]
assert history["test_accuracy"][-1] >= history["test_accuracy"][lowest] - 0.005
assert dropped.min() < plain.max()  # single seeds overlap

# %% key="sine-live"
from course_utils.experiments.sine import sine_run
from course_utils.guesses import answer

ends = np.array([[sine_run(net, seed).costs[-1] for seed in range(8)] for net in ("1-6-1", "1-25-1")])
assert ends[0, 0] > 10 and ends[0, 1:].max() < 1 and ends[1].max() < 1  # one start of eight is stuck
assert abs(ends[0, 0] - 11.6) < 0.05 and abs(ends[0, 1] - 0.2) < 0.05
assert answer("stuck-starts") == {1: "a", 2: "b", 3: "b"}.get(np.sum(ends[0] > 1), "c")
stuck = sine_run("1-6-1", 0)
missed = np.abs(stuck.fit - stuck.y)[0]
assert missed[85:].mean() > 5 * missed[:60].mean()  # the last rise
third = stuck.costs[stuck.steps > stuck.last / 3]
assert third[0] - third[-1] < 0.1 * third[-1]
for seed in range(8):
    wide = sine_run("1-25-1", seed).costs
    assert wide[1] > 1.1 * wide[0]

# %% key="sine-run"
assert errors[1.0].max() < 0.05 and errors[0.95].min() > 1
assert np.all(errors[1.0] < errors[0.95]) and np.all(errors[0.95] < errors[0.8]) and np.all(errors[0.8] < errors[0.5])
assert abs(np.mean(y_between**2) - 200) < 5  # about what always 0 would have

# %% key="sine-noise"
rng = np.random.default_rng(0)
settings = {"activation": "tanh", "keep_prob": 0.5, "rng": rng}
squares = [np.mean((network.forward(x, exact, **settings)[0] - y) ** 2) for _ in range(2000)]
assert abs(np.mean(squares) / noise_exact - 1) < 0.05  # formula and 2000 draws agree
assert noise_half < noise_exact / 3

# %% key="playground"
def scores(keep_prob, hidden, flipped):
    run = quadrant_run(keep_prob, hidden=(hidden, hidden), flipped=flipped, resolution=2).run.history
    return run["train_accuracy"][-1], run["test_accuracy"][-1]


clean, dropped_half = scores(1.0, 16, 0.0), scores(0.5, 16, 0.0)
assert clean[0] - dropped_half[0] > 0.05 and clean[1] - dropped_half[1] > 0.05
for q in (0.9, 0.8, 0.7, 0.6):
    assert scores(q, 16, 0.0)[1] < clean[1] + 0.01
assert scores(0.5, 2, 0.0)[1] < 0.7 and scores(0.5, 128, 0.0)[1] > 0.95
assert scores(0.7, 16, 0.3)[1] - scores(1.0, 16, 0.3)[1] > 0.07
