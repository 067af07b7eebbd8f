# What the cells of this chapter must show; run behind each of them, in a copy of its names.

# %% key="cost-one-weight"
assert np.allclose(minima, [2 / (1 + lambd / m) for lambd in (0.0, 4.0, 12.0)])
assert minima[1] == 1

# %% key="cost-path"
from course_utils.guesses import answer

before, after, far = (BOWL.minimum(lambd=lambd) for lambd in (0.0, 1.0, 6.0))
assert before.round(2).tolist() == [1.9, 0.7] and after.round(2).tolist() == [1.26, 0.73]
assert answer("bowl-second") == ("c" if after[1] > before[1] else "a")
assert np.all(far > 0) and far.round(2).tolist() == [0.53, 0.36]

# %% key="cost-directions-check"
assert np.allclose(left, curvatures / (curvatures + 2.0 / BOWL.m))
assert left.round(2).tolist() == [0.23, 0.6]

# %% key="gradient-difference"
from course_utils.guesses import answer

for name in parameters:
    shrinks = lambd / m * parameters[name] if name.startswith("W") else 0
    assert np.allclose(with_l2[name] - data_only[name], shrinks, atol=1e-14)
assert answer("lower-layers") == "b"  # W1 gets λ/m W1 and nothing else, as seen above

# %% key="gradient-factors-check"
from course_utils.guesses import answer

errors = {factor: worst_error(factor, lambd=0.7) for factor in (0.5, 1, 2)}
assert errors[1] < 1e-7 and round(errors[0.5], 2) == 0.23 and round(errors[2], 2) == 0.29
assert answer("small-lambda") == "abcd"[sum(found["λ/(2m)"])]
assert found == {"λ/(2m)": [True, True, False], "λ/m": [False] * 3, "2λ/m": [True, True, False]}
own = gradient_check(x, y, parameters, activation="tanh", lambd=0.7)  # the same for the course's own backward
assert max(own.values()) < 1e-7

# %% key="decay-alone"
from course_utils.guesses import answer

for strength, panel in zip((0.1, 1.0, 1.9, 2.1), panels.values(), strict=True):
    assert np.allclose(panel["weight"][1], (1 - strength) ** steps, atol=1e-12)
for total, grows in ((1.9, False), (2.1, True)):  # η (h + λ/m), half of it from the data
    weight = 1.0
    for _ in range(15):
        weight -= total / 2 * weight + total / 2 * weight
    assert (abs(weight) > 1) == grows
ends = [abs(panel["weight"][1][-1]) for panel in panels.values()]
assert answer("decay-fastest") == "abcd"[np.argmin(ends)] and min(ends) == 0

# %% key="decay-half-life"
assert 690 < half_life < 695

# %% key="network-three"
from course_utils.guesses import answer

(train0, test0, squares0), (train1, test1, squares1), (train5, test5, squares5) = last.values()
assert train0 == 1 and 0.17 < train0 - train1 < 0.22 and train5 < train1
assert 0.08 < test1 - test0 < 0.10 and test5 < test0
assert 45 < squares0 / squares1 < 57 and squares1 > squares5
assert answer("lambda-five") == ("c" if test5 < test0 - 0.01 else "b")

# %% key="network-live"
for lambd1, expected in ((5.0, 0.5),):  # the preset *exact zeros*
    run = quadrant_run(lambd1=lambd1, seed=0, records=1, resolution=2).run
    flat = np.concatenate([W.ravel() for W in weights(run.parameters).values()])
    assert flat.size == 4288 and np.mean(flat == 0) > expected and run.history["train_accuracy"][-1] > 0.99
assert all(np.all(W != 0) for W in weights(runs["λ = 1"].run.parameters).values())

# %% key="l1-two-ways"
from course_utils.guesses import answer

assert np.sum(stepping == 0) == landed == 0 and np.array_equal(jumping == 0, true_W == 0)
assert round(jumping[0, 0], 2) == 2.73
assert answer("subgradient-zeros") == ("c" if np.sum(stepping == 0) == 0 else "b")

# %% key="l1-trace"
hops = np.diff([w for w, _ in trace[-100:]])
assert 0.5 * eta * lambd1 / m < np.abs(hops).max() < 4 * eta * lambd1 / m  # as large as the pull of one step
assert all(w == 0 for _, w in trace[-900:])

# %% key="l1-hundred"
assert exactly[10] <= 2 and 60 <= exactly[30] <= 72 and exactly[50] >= 94 > exactly[80]
assert 8 <= lost <= 12 and zero[:, 3:].sum(axis=1).max() == 5  # at the last λ₁, 80

# %% key="paths-check"
l2_sizes, zeros = np.sum(l2_path**2, axis=1), np.sum(l1_path == 0, axis=1)
assert np.all(np.diff(l2_sizes) < 0) and np.all(l2_path != 0)  # L2: the sum of squares shrinks, none stays at zero
assert l2_sizes[[0, -1]].round(1).tolist() == [14.3, 0.2]
assert growing.tolist() == [3, 4, 5, 7]
assert (np.diff(sizes, axis=0).max(axis=0)[growing] > 1e-5).all()  # no rounding
change = np.flatnonzero(np.diff(np.sign(l2_path[:, 5])))[0] + 1  # the first λ at which w6 has changed its sign
assert 0.015 < sizes[change:, 5].max() - sizes[change, 5] < 0.025  # and grows again
rising = strengths[1:][np.diff(sizes[:, 5]) > 0]  # w6 grows up to these λ
assert rising[0] < 1.2 and np.sum(rising < strengths[change]) == np.sum(rising < 6.5)  # from the first λ on, up to six
assert 0 < sizes[:change, 5].max() - sizes[0, 5] < 0.001  # a little
assert sizes[0, 3:5].round(2).tolist() == [0.12, 0.15] and sizes[:, 3:5].max(axis=0).round(2).tolist() == [0.26, 0.24]
assert [i for i in range(8) if l2_path[:, i].min() < 0 < l2_path[:, i].max()] == [5]  # w6 alone changes its sign
assert zeros[0] == 0 and zeros[-1] == 8 and np.all(np.diff((l1_path == 0).astype(int), axis=0) >= 0)  # L1: they stay
first_zero = np.argmax(l1_path == 0, axis=0)
assert first_zero[3:].max() < first_zero[2] < first_zero[1] < first_zero[0]  # what matters least goes first
from course_utils.experiments.bowl import QuadraticCost

curvature = 2 / m * x @ x.T
exact = QuadraticCost(np.linalg.solve(x @ x.T, x @ y.T)[:, 0], (curvature + curvature.T) / 2, m)
minima = np.array([exact.minimum(lambd1=lambd1) for lambd1 in strengths[::4]])
assert np.allclose(minima, l1_path[::4], rtol=0, atol=1e-8)  # 400 proximal steps are enough
minimum = exact.minimum(lambd1=30.0)
assert np.allclose(jumping[0], minimum, atol=1e-10) and np.array_equal(jumping[0] == 0, minimum == 0)
assert np.allclose(exact.minimum(lambd=strengths[20]), l2_path[20])
before, between, after = (exact.minimum(lambd1=lambd1) for lambd1 in (25.0, 30.0, 35.0))
assert np.allclose(between, (before + after) / 2)  # between two kinks the path is straight

# %% key="elastic-pairs"
from course_utils.experiments.bowl import QuadraticCost

correlations = [np.corrcoef(both)[0, 1] for both in pair_x]
assert abs(np.mean(correlations) - 0.99) < 0.003
assert np.sum(pairs["L1 alone"] == 0) == 40 and not np.any(pairs["elastic net, λ = 30"] == 0)
smaller, larger = pairs["elastic net, λ = 30"].T
assert np.all(smaller > 0) and np.median(smaller / larger).round(2) == 0.92 and np.min(smaller / larger).round(2) == 0.69
for i in range(100):  # 3000 steps are enough, and the difference of the weights keeps to the bound of their theorem 1
    both, target = pair_x[i], pair_y[i]
    curvature, centre = 2 / m * both @ both.T, np.linalg.solve(both @ both.T, both @ target.T)[:, 0]
    exact = QuadraticCost(centre, (curvature + curvature.T) / 2, m)
    for name, lambd in (("L1 alone", 0.0), ("elastic net, λ = 30", 30.0)):
        assert np.allclose(np.sort(exact.minimum(lambd=lambd, lambd1=100.0)), pairs[name][i], atol=2e-4)
    assert larger[i] - smaller[i] <= 2 / 30 * np.linalg.norm(both[0] - both[1]) * np.linalg.norm(target)
v = np.linspace(-3, 3, 25)[:, None]
w = np.linspace(-3, 3, 60_001)
found = w[np.argmin(0.5 * (w - v) ** 2 + 0.7 * np.abs(w) + 0.4 / 2 * w**2, axis=1)]
assert np.abs(found - soft_threshold(v[:, 0], 0.7) / 1.4).max() < 1e-4

# %% key="l1-corner-count"
from course_utils.experiments.bowl import QuadraticCost

assert with_zero["L2"] == 0 and 280 <= with_zero["L1"] <= 305
for corner in corners[:50]:  # each budget has a λ₁ that leads to the same weights
    slope = np.abs(corner.curvature @ (corner.star - corner.diamond)).max()
    same = QuadraticCost(corner.star, corner.curvature, 4).minimum(lambd1=4 * slope)
    assert np.allclose(same, corner.diamond, atol=1e-9)

# %% key="l1-corner"
from course_utils.experiments.corner import penalty_corner as touching

on_line, beside = touching(2.0, -0.75), [touching(2.0, -0.5), touching(1.75, -0.75)]
assert np.sum(on_line.circle == 0) == 1 and all(np.all(one.circle != 0) for one in beside)
zeros = {budget: np.sum(touching(1.25, 1.25, budget).diamond == 0) for budget in (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)}
assert list(zeros.values()) == [0, 0, 0, 0, 1, 1]

# %% key="bias-check"
assert np.allclose(free["K"] - free["°C"], 273.15)  # the unit does not matter
for unit, y in temperatures.items():
    assert np.allclose(paying[unit].mean(), y.mean() / (1 + 2.0 / (2 * 20)))  # λ = 2, m = 20
slopes = [np.diff(fit["°C"][0])[0] / np.diff(height[0])[0] for fit in (free, paying)]
assert np.isclose(*slopes)  # the bias of the output makes nothing steeper
shifts = {unit: round(y.mean() - paying[unit].mean(), 1) for unit, y in temperatures.items()}
assert shifts == {"°C": 0.7, "K": 13.7}

# %% key="names-convert"
from course_utils.penalties import lambd_from

formulas = {
    "lambd/(2m)": lambda W, strength: strength / (2 * m) * np.sum(W**2),
    "lambd/2": lambda W, strength: strength / 2 * np.sum(W**2),
    "lambd": lambda W, strength: strength * np.sum(W**2),
}
W = np.array([[1.0, -2.0, 0.5]])
for convention in ("lambd/(2m)", "lambd/2", "lambd", "weight_decay"):
    strength = lambd_to(lambd, convention, m)
    assert np.isclose(lambd_from(strength, convention, m), lambd)
    if convention in formulas:
        pull = numeric_gradients(lambda p, f=formulas[convention], s=strength: f(p["W1"], s), {"W1": W})["W1"]
        assert np.allclose(pull, lambd / m * W, atol=1e-9)

# %% key="names-batches-check"
for size, times in ((100, 1), (10, 10)):
    mean = np.mean([gradient(batch, size) for batch in batches], axis=0)
    assert np.allclose(mean - data_part, times * (whole - data_part), atol=1e-12)

# %% key="adam-network"
from course_utils.guesses import answer

free_squares, l2_squares, same_squares = trials.values()
assert 0.9 < same_squares / free_squares < 1 and 35 < same_squares / l2_squares < 60
assert answer("adam-alike") == ("a" if l2_squares < same_squares / 5 else "c")
assert 0.93 < (1 - 0.02 * 0.01) ** 300 < 0.95

# %% key="adam-divided"
assert 770 < enlarged["W2"] < 850 and 46 < enlarged["W3"] < 54 and 200 < enlarged["W1"] < 249

# %% key="adam-strengths"
from course_utils.experiments.strengths import strength_accuracy
from course_utils.guesses import answer

assert abs(strength_accuracy(0, weight_decay=3.0) - study.values["AdamW, 3, test"][0]) < 0.01
assert answer("adamw-decay") == "abcdef"[score.argmax()]
chosen = [scores_of(study, recipe, "validation")[1].mean(axis=1).argmax() for recipe in ("Adam", "AdamW")]
assert chosen == [2, 4] and [scores_of(study, "Adam", "test")[0][2], tried[4], tried[3]] == ["1", "3", "1"]
for little in ("0.01", "0.1"):  # nothing that 16 seeds could show
    mean, half = confidence_interval(study.values[f"AdamW, {little}, test"] - study.values["none, nothing, test"])
    assert mean - half < 0 < mean + half < 0.01
for enough in ("AdamW, 1, test", "AdamW, 3, test", "Adam, 1, test"):
    mean, half = confidence_interval(study.values[enough] - study.values["none, nothing, test"])
    assert mean - half > 0.03

# %% key="adam-chosen"
mean, half = confidence_interval(validation[4] - validation[3])
assert mean - half < 0 < mean  # 3 and 1 cannot be told apart
described = read_study("chosen_strengths")
assert described.settings["AdamW"] == {"weight_decay": 3.0} and described.settings["L2"] == {"lambd": 1.0}
assert not set(described.seeds) & set(study.seeds)
mean, half = confidence_interval(reports["AdamW"] - reports["L2"])
assert mean - half < 0 < mean + half and half < 0.01
for name in ("L2", "AdamW"):
    mean, half = confidence_interval(reports[name] - reports["none"])
    assert mean - half > 0.04

# %% key="together-check"
assert max(errors.values()) < 1e-7

# %% key="together-runs"
from course_utils.experiments.strengths import strength_accuracy

best = {}
for recipe in ("dropout", "L2", "L1", "all three"):
    tried, validation = scores_of(study, recipe, "validation")
    best[recipe] = tried[validation.mean(axis=1).argmax()]
assert best == {"dropout": "0.7", "L2": "1", "L1": "50", "all three": "0.8 0.1 20"}
rivals = [confidence_interval(validation[validation.mean(axis=1).argmax()] - other) for other in validation]
near = [name for name, (mean, half) in zip(tried, rivals, strict=True) if mean - half <= 0]
assert scores_of(study, "dropout", "test")[0] == ["0.95", "0.9", "0.8", "0.7", "0.5", "0.3"]
assert scores_of(study, "L2", "test")[0] == ["0.1", "0.3", "1", "2", "5"]
assert scores_of(study, "L1", "test")[0] == ["5", "10", "20", "50", "100"]
assert tried[0] == "0.95 0.1 5" and tried[-1] == "0.7 1 50" and len(tried) == 27
mean, half = confidence_interval(study.values["all three, 0.7 1 50, test"] - study.values["none, nothing, test"])
assert round(100 * mean) == -18 and round(100 * half) == 5  # each one's best dose at once is far too much
mean, half = confidence_interval(study.values["L2, 0.1, test"] - study.values["none, nothing, test"])
assert mean - half < 0 < mean + half  # alone, λ = 0.1 shows no effect
assert near.count("0.8 0.1 20") == 1 and len(near) == 11  # itself and ten others
for full in ((0, "0.7"), (1, "1"), (2, "50")):
    assert any(name.split()[full[0]] == full[1] for name in near)
for small, large in (("dropout, 0.8, test", "dropout, 0.7, test"), ("L1, 20, test", "L1, 50, test")):
    mean, half = confidence_interval(study.values[large] - study.values[small])
    assert mean - half > 0
settings = read_study("chosen_strengths").settings
best = {"none": "", "dropout": "0.7", "L2": "1", "L1": "50", "all three": "0.8 0.1 20"}  # as together-choice says
gains = {}
for name in best:
    assert " ".join(f"{value:g}" for value in settings[name].values()) == best[name]
    assert abs(strength_accuracy(16, **settings[name]) - reports[name][0]) < 0.01
    gains[name], half = confidence_interval(reports[name] - reports["none"])
    low, high = {"none": (-1, 1), "all three": (0.0735, 0.0745)}.get(name, (0.045, 0.0655))
    assert low - 0.001 < gains[name] < high + 0.001 and (name == "none" or gains[name] - half > 0)
    assert name != "all three" or 0.016 < half < 0.018
for name, lead, error in (("dropout", 0.021, 0.018), ("L1", 0.028, 0.014)):
    mean, half = confidence_interval(reports["all three"] - reports[name])
    assert mean - half > 0 and abs(mean - lead) < 0.0006 and abs(half - error) < 0.0006
alone = sum(reports[name] - reports["none"] for name in ("dropout", "L2", "L1"))
mean, half = confidence_interval(alone - (reports["all three"] - reports["none"]))
assert mean - half > 0.05 and round(100 * alone.mean()) == 16  # far from the sum
mean, half = confidence_interval(reports["all three"] - reports["L2"])
assert mean - half < 0 < mean  # not shown

# %% key="map-draws"
assert best_lambd == {1: 8, 2: 32}
rng = np.random.default_rng(1)
fine = 8 * np.geomspace(0.5, 2, 11)  # 8 is the sixth
draws = 20_000
for size, spread, noise in ((20, 0.5, 1.0), (40, 1.0, 2.0)):  # both times 2σ²/τ² = 8, for other m
    W = spread * rng.standard_normal((draws, 1, 8))
    x = rng.standard_normal((draws, 8, size))
    y = W @ x + noise * rng.standard_normal((draws, 1, size))
    squares, products = x @ x.transpose(0, 2, 1), y @ x.transpose(0, 2, 1)
    fits = [products @ np.linalg.inv(squares + lambd / 2 * np.eye(8)) for lambd in fine]
    far = [np.mean(np.sum((fit - W) ** 2, axis=(1, 2))) for fit in fits]
    assert abs(np.argmin(far) - 5) <= 1

# %% key="choose-luck"
assert abs(coins.mean() - 0.5) < 0.01 and 0.585 < coins.max(axis=1).mean() < 0.595

# %% key="choose-run"
assert lambdas[best] == 1.0 and round(validation[best].mean(), 2) == 0.78

# %% key="choose-figure"
assert lambdas[best] == 1.0 and np.sum(train.argmax(axis=0) == 0) >= 8  # training data vote for λ = 0
assert train[0].mean() == train.mean(axis=1).max() and abs(train[-1].mean() - 0.5) < 0.06
assert abs(validation[-1].mean() - 0.5) < 0.06
assert 0.98 < train[0].mean() < 0.99 and round(train[-1].mean(), 2) == 0.54
assert [round(validation[i].mean(), 2) for i in (0, 3)] == [0.72, 0.78]
for far in (0, -2, -1):  # λ = 0, 5 and 10
    mean, half = confidence_interval(validation[best] - validation[far])
    assert mean - half > 0.02
mean, half = confidence_interval(validation[best] - validation[lambdas.index(2.0)])
assert mean - half < 0 < mean  # cannot be told apart

# %% key="choose-report"
assert mean - half > 0.03 and np.sum(chosen_test > test[0]) == 10 and half < 0.8 * unpaired
assert np.sum(own == 3) == 6 and {lambdas[i] for i in own} == {0.1, 0.3, 1.0}
assert abs(np.sqrt(validation[best].mean() * (1 - validation[best].mean()) / 100) - 0.04) < 0.003  # "four points"
assert len({lambdas[i] for i in own}) == 3
