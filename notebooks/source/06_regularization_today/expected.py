# What the cells of this chapter must show; run behind each of them, in a copy of its names.

# %% key="map-gains"
from course_utils.guesses import answer

means = {name: mean for name, (mean, _) in intervals.items()}
dropped, average = means["dropout, keep_prob 0.5"], means["average of 20 networks"]
assert answer("average-of-twenty") == ("c" if average < dropped / 4 else "b")
assert (round(average, 1), round(intervals["average of 20 networks"][1], 1)) == (0.6, 0.2)
assert 6 < dropped < 7 and max(means, key=means.get) == "stopped early"
assert 0.3 < means["100 more points"] / means["stopped early"] < 0.37
assert all(len(values) == 16 for values in gains.values())

# %% key="stopping-table"
assert abs(stopped_share(1.0, t) - 1) < 1e-4 and penalized_share(1.0, t) > 0.9
assert stopped_share(0.1, t) - penalized_share(0.1, t) > 0.1

# %% key="stopping-risks"
from course_utils.guesses import answer

assert answer("stopped-best") == ("b" if all(0.95 < one < 1.05 for one in best) else "a")
assert round(min(worst), 1) == round(max(worst), 1) == 1.4 and max(worst) < 1.69 and abs(max(worst) - 1.42) < 0.01  # the theorem's bound
assert len(times) == 41 and len(risks) == 8

# %% key="stopping-live"
from course_utils.experiments.descent import penalized_share, stopped_descent, stopped_share

assert stopped_share(0.5, 10.0) > 0.99 and abs(penalized_share(0.5, 10.0) - 5 / 6) < 1e-9
log_times = [round(0.1 * i - 1, 1) for i in range(41)]
shown = [stopped_descent(one) for one in log_times]
lowest = min(shown, key=lambda one: one.risk[0])
assert round(lowest.time, 1) == 1.6 and abs(lowest.risk[0] / lowest.risk[1] - 1) < 0.03
assert [round(100 * abs(stopped_descent(one).risk[0] / stopped_descent(one).risk[1] - 1)) for one in (0.0, 0.4)] == [5, 5]
assert shown[-1].risk[0] > 10 * lowest.risk[0]
assert log_times[int(np.argmax([one.risk[0] / one.risk[1] for one in shown]))] == 2.1  # the preset

# %% key="units-errors"
from course_utils.guesses import answer

test = dict(zip(COUNTS, errors.test[:, 0], strict=True))
peaked = test[5] > test[20] and test[60] == max(test.values()) > 10 * test[20] and test[400] < test[60] / 10
assert answer("units-beyond") == ("c" if peaked else "a")
assert (round(test[400], 2), round(test[20], 2)) == (0.46, 0.33)
assert COUNTS[0] == 5 and COUNTS[-1] == 400
train = dict(zip(COUNTS, errors.train[:, 0], strict=True))
assert all((error < 1e-9) == (count >= 60) for count, error in train.items())
from course_utils.experiments.features import INPUTS, NOISE, M, random_features, shrunken_inverse


def length(seed, count):
    """Return the length of the smallest weights that fit best, by the arithmetic of squared_errors, outputs undivided."""
    rng = np.random.default_rng([seed, 1])
    x, w = rng.standard_normal((INPUTS, M)), rng.standard_normal(INPUTS) / np.sqrt(INPUTS)
    y, a = w @ x + NOISE * rng.standard_normal(M), random_features(x, count, seed)
    left, sizes, right = np.linalg.svd(a, full_matrices=False)
    return np.linalg.norm(left @ (shrunken_inverse(sizes, 0.0) * (right @ y))) / np.sqrt(count)


assert all(np.isclose(one, np.median([length(seed, m) for seed in range(20)]), rtol=1e-3) for m, one in lengths.items())
assert abs(lengths[20] - 2.2) < 0.05 and abs(lengths[60] / 36 - 1) < 0.02 and abs(lengths[400] - 1.2) < 0.05

# %% key="units-best"
from course_utils.guesses import answer

assert answer("best-units") == ("c" if COUNTS[int(np.argmin(best))] == 400 else "a")
assert np.all(np.diff(best) < 0)  # the peak is gone
assert best[-1] < errors.test[-1, 0] / 4 and len(STRENGTHS) == 9
at_60, at_400 = errors.test[COUNTS.index(60)], errors.test[-1]
assert min(lambd for lambd, error in zip(STRENGTHS, at_60, strict=True) if error < 1) == 0.001
assert STRENGTHS[int(np.argmin(at_400))] == 0.3 and 3.5 < at_400[STRENGTHS.index(3.0)] / at_400.min() < 4

# %% key="points-run"
from course_utils.guesses import answer

plain = {m: one for m, (one, _) in errors_at.items()}
assert answer("more-points") == ("c" if plain[40] > 10 * plain[20] else "b")
assert np.all(np.diff([at_best for _, at_best in errors_at.values()]) < 0)

# %% key="passes-study"
from course_utils.guesses import answer

mean, half = gains[100][0.8]
assert (round(mean, 1), round(half, 1)) == (3.7, 1.5) and mean - half > 0
assert answer("fifty-passes") == ("c" if abs(gains[300][0.8][0]) < gains[300][0.8][1] else "b")
assert all(abs(mean) < half for mean, half in gains[300].values())
assert sum(gains[300][0.8]) < gains[100][0.8][0] / 2  # half of the gain at 100 points is out of reach
assert all(-1 < gains[15000][q][0] < 0 for q in (0.9, 0.8)) and abs(gains[15000][0.8][0]) < gains[15000][0.8][1]
assert 0.9 < -gains[15000][0.9][0] / gains[15000][0.9][1] < 1.1  # "at the edge"
assert 1.4 < -gains[15000][0.5][0] < 1.7 and gains[15000][0.5][1] < -gains[15000][0.5][0]
assert len(streams) * 16 == 320
learned = {m: fits[f"{m} points, keep_prob 1"].mean() for m in gains}
assert round(100 * learned[100]) == 92 and round(100 * learned[300]) == 84
right = {m: streams[f"{m} points, keep_prob 1"].mean() for m in gains}
expected = {m: 0.85 * one + 0.15 * (1 - one) for m, one in right.items()}  # where no label is learned by heart
assert round(100 * right[300]) == 94 and [round(100 * expected[m]) for m in (100, 300, 15000)] == [74, 81, 83]
assert round(100 * learned[15000]) == 83 and abs(learned[15000] - expected[15000]) < 0.003
mean, half = confidence_interval(fits["300 points, keep_prob 1"] - (0.15 + 0.7 * streams["300 points, keep_prob 1"]))
assert mean - half > 0.02  # some wrong labels seem learned at 300 points
assert (learned[100] - 0.85) / 0.15 > 0.4  # of the wrong labels, at least, where all right ones are learned
mean, half = confidence_interval(fits["100 points, keep_prob 1"] - 0.85)
assert mean - half > 0 and fits["100 points, keep_prob 0.8"].mean() < learned[100]
from course_utils.experiments.stream_training import training_accuracy

assert abs(training_accuracy(0, m=100) - fits["100 points, keep_prob 1"][0]) < 0.02

# %% key="passes-live"
from course_utils.experiments.streams import stream_run

shown = {(m, q): stream_run(m, q).run.history["test_accuracy"][-1] for m in (100, 15000) for q in (1.0, 0.5)}
assert [round(100 * one) for one in shown.values()] == [87, 89, 95, 97]

# %% key="normalization-shift"
assert 2.4 < ratios[0.5].mean() < 2.65 and all(ratio.min() > 1 for ratio in ratios.values())
from course_utils.theory import preactivation_moments

for q, measured in ratios.items():
    mean, variance = preactivation_moments(W2, a, q)
    assert np.abs(measured / (1 + variance.mean(axis=1) / mean.var(axis=1)) - 1).max() < 0.12



def layer_normalized(z):
    """Return each column of z with mean 0 and variance 1."""
    return (z - z.mean(axis=0)) / z.std(axis=0)


signal, draws = layer_normalized(W2 @ a), np.random.default_rng(1)
dropped = np.mean([layer_normalized(W2 @ (a * (draws.random(a.shape) < 0.5) / 0.5)) for _ in range(20)], axis=0)
assert abs(np.sum(dropped * signal) / np.sum(signal**2) - 0.71) < 0.02  # layer norm: a smaller signal in training

# %% key="normalization-scale"
assert difference < 1e-12

# %% key="normalization-turn"
assert abs(angle(W) / angle(10 * W) - 100) < 1
assert abs(np.sum(W * normalized_gradient(W, x, y))) < 1e-12

# %% key="normalization-decay"
from course_utils.guesses import answer

angles = {name: turn for name, (_, turn) in steady.items()}
doubled = angles["λ = 0.04"] / angles["λ = 0.01"]
assert answer("fourfold-decay") == ("c" if 1.9 < doubled < 2.1 else "a")
for name, (rate, lambd) in runs.items():
    if lambd:
        assert abs(angles[name] / np.degrees(np.sqrt(2 * rate * lambd)) - 1) < 0.04
assert [round(angles[name], 2) for name in ("λ = 0.01", "λ = 0.04")] == [2.47, 4.93]
assert [round(np.degrees(np.sqrt(0.2 * lambd)), 2) for lambd in (0.01, 0.04)] == [2.56, 5.12]
assert abs(angles["half the rate, λ = 0.02"] / angles["λ = 0.01"] - 1) < 0.01
sizes = histories["no decay"][0]
assert np.all(np.diff(sizes) > 0) and angles["no decay"] < histories["no decay"][1][:50].mean() / 4

# %% key="timescale-study"
from course_utils.guesses import answer

tops = {m: epochs[int(np.argmax(one))] for m, one in means.items()}
assert tops == {100: 40, 400: 15} and answer("fourfold-digits") == "c"
paired = {
    m: scales.values[f"{m} digits, τ {ours:g}"] - scales.values[f"{m} digits, τ {other:g}"]
    for m, ours, other in ((100, 40, 15), (400, 15, 40))
}
assert all(mean > half for mean, half in map(confidence_interval, paired.values()))
assert len(epochs) == 9 and len(scales.seeds) == 16

# %% key="timescale-transfer"
lost = {tau: confidence_interval(100 * (best_for_400 - scales.values[f"400 digits, τ {tau}"])) for tau in ("40", "10")}
assert 2.3 < lost["40"][0] < 2.7 and lost["40"][0] > lost["40"][1] and 0 < lost["10"][0] < lost["10"][1]
assert [round(number, 2) for number in lost["10"]] == [0.36, 0.44]
decays = {name: scales.settings[name]["weight_decay"] for name in ("100 digits, τ 40", "400 digits, τ 10")}
assert len(set(decays.values())) == 1  # the same λ

# %% key="family-noise"
assert abs(deviations["stochastic depth"] / deviations["dropout"] - 8) < 0.2
assert abs(deviations["stochastic depth"] - 1) < 0.01 and abs(deviations["spatial"] - 8**-0.5) < 0.01

# %% key="family-live"
from course_utils.experiments.family import KINDS, dropped_factors

shades = {kind: len(np.unique(dropped_factors(kind).factors)) for kind in KINDS}
assert [kind for kind, number in shades.items() if number > 2] == ["Gaussian"]

# %% key="gaussian-run"
from course_utils.guesses import answer

assert answer("gaussian-penalty") == ("b" if abs(mean - with_penalty) < 1.5 * half else "a")
assert with_penalty - whole > 20 * half

# %% key="depth-run"
assert np.abs(skipping.mean(axis=1) - (a + np.tanh(W @ a))[:, 0]).max() < 0.02
assert np.abs(connecting.mean(axis=1) - (W @ a)[:, 0]).max() < 0.05

# %% key="attention-forward"
assert np.allclose(attend(q, k, v, 1.0), np.mean([attend(q, k, v, keep_factors((4, 4), 0.5, rng)) for _ in range(40_000)], axis=0), atol=0.05)

# %% key="lookup-study"
from course_utils.guesses import answer

losses = {
    steps: [
        confidence_interval(found[f"{m} sequences, keep_prob {q:g}"] - found[f"{m} sequences, keep_prob 1"])
        for m in (30, 60, 100)
        for q in (0.9, 0.8, 0.5)
    ]
    for steps, found in lookups.items()
}
for pairs, clear in ((losses[300], 5), (losses[1000], 9)):
    assert answer("attention-gain") == ("c" if max(mean for mean, _ in pairs) < 0 else "a") and len(pairs) == 9
    assert sum(mean + half < 0 for mean, half in pairs) == clear
shorter, longer = lookups.values()
for name in ("30 sequences, keep_prob 1", "100 sequences, keep_prob 1"):
    assert abs(np.mean(longer[name] - shorter[name])) < 0.01
assert 0.5 < shorter["30 sequences, keep_prob 1"].mean() < 0.6 and shorter["100 sequences, keep_prob 1"].mean() > 0.95
assert {settings["steps"] for settings in read_study("attention_longer").settings.values()} == {1000}

# %% key="lookup-check"
assert max(found.values()) < 1e-7
