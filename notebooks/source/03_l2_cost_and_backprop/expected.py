# What the cells of this chapter must show; run behind each of them, in a copy of its names.

# %% key="cost-one-weight"
assert np.allclose(minima, [2 / (1 + lambd / m) for lambd in (0.0, 4.0, 12.0)])

# %% key="cost-directions-check"
assert np.allclose(left, curvatures / (curvatures + 2.0 / BOWL.m))
assert left.round(2).tolist() == [0.23, 0.6]

# %% key="gradient-difference"
for name in parameters:
    shrinks = lambd / m * parameters[name] if name.startswith("W") else 0
    assert np.allclose(with_l2[name] - data_only[name], shrinks, atol=1e-14)

# %% key="gradient-factors-check"
errors = {factor: worst_error(factor, lambd=0.7) for factor in (0.5, 1, 2)}
assert errors[1] < 1e-7 and round(errors[0.5], 2) == 0.23 and round(errors[2], 2) == 0.29
numeric = numeric_gradients(lambda nudged: penalized_cost(nudged, 0.7), parameters)
assert all(relative_errors(data_only, numeric)[name] < 1e-7 for name in ("b1", "b2"))  # biases pass in all three
own = gradient_check(x, y, parameters, activation="tanh", lambd=0.7)  # the same for the course's own backward
assert max(own.values()) < 1e-7

# %% key="gradient-hidden-check"
assert [worst_error(0.5, lambd=small) < 1e-7 for small in (1.0, 1e-3, 1e-8)] == [False, False, True]

# %% key="decay-alone"
for strength, panel in zip((0.1, 1.0, 1.9, 2.1), panels.values(), strict=True):
    assert np.allclose(panel["weight"][1], (1 - strength) ** steps, atol=1e-12)
for total, grows in ((1.9, False), (2.1, True)):  # η (h + λ/m), half of it from the data
    weight = 1.0
    for _ in range(15):
        weight -= total / 2 * weight + total / 2 * weight
    assert (abs(weight) > 1) == grows

# %% key="decay-half-life"
assert 690 < half_life < 695

# %% key="decay-network"
assert worst < 1e-12

# %% key="network-three"
(train0, test0, squares0), (train1, test1, squares1), (train5, test5, squares5) = last.values()
assert train0 == 1 and 0.17 < train0 - train1 < 0.22 and train5 < train1
assert 0.08 < test1 - test0 < 0.10 and test5 < test0
assert 45 < squares0 / squares1 < 57 and squares1 > squares5

# %% key="l1-two-ways"
assert np.sum(stepping == 0) == landed == 0 and np.array_equal(jumping == 0, true_W == 0)
assert round(jumping[0, 0], 2) == 2.73

# %% key="l1-hundred"
assert exactly[10] <= 2 and 60 <= exactly[30] <= 72 and exactly[50] >= 94 > exactly[80]
assert 8 <= lost <= 12 and zero[:, 3:].sum(axis=1).max() == 5  # at the last λ₁, 80

# %% key="l1-trace-check"
hops = np.diff([w for w, _ in trace[-100:]])
assert 0.5 * eta * lambd1 / m < np.abs(hops).max() < 4 * eta * lambd1 / m  # as large as the pull of one step
assert all(w == 0 for _, w in trace[-900:])

# %% key="paths-check"
l2_sizes, zeros = np.sum(l2_path**2, axis=1), np.sum(l1_path == 0, axis=1)
assert np.all(np.diff(l2_sizes) < 0) and np.all(l2_path != 0)  # L2: the sum of squares shrinks, none stays at zero
assert l2_sizes[[0, -1]].round(1).tolist() == [14.3, 0.2]
assert growing.tolist() == [3, 4, 5, 7]
assert (np.diff(sizes, axis=0).max(axis=0)[growing] > 1e-5).all()  # no rounding
change = np.flatnonzero(np.diff(np.sign(l2_path[:, 5])))[0] + 1  # the first λ at which w6 has changed its sign
assert 0.015 < sizes[change:, 5].max() - sizes[change, 5] < 0.025  # and grows again
assert sizes[0, 3:5].round(2).tolist() == [0.12, 0.15] and sizes[:, 3:5].max(axis=0).round(2).tolist() == [0.26, 0.24]
assert [i for i in range(8) if l2_path[:, i].min() < 0 < l2_path[:, i].max()] == [5]  # w6 alone changes its sign
assert zeros[0] == 0 and zeros[-1] == 8 and np.all(np.diff((l1_path == 0).astype(int), axis=0) >= 0)  # L1: they stay
first_zero = np.argmax(l1_path == 0, axis=0)
assert first_zero[3:].max() < first_zero[2] < first_zero[1] < first_zero[0]  # what matters least goes first

# %% key="paths-exact"
assert np.allclose(minima, l1_path, rtol=0, atol=1e-8)
minimum = exact.minimum(lambd1=30.0)
assert np.allclose(jumping[0], minimum, atol=1e-10) and np.array_equal(jumping[0] == 0, minimum == 0)
assert np.allclose(exact.minimum(lambd=strengths[20]), l2_path[20])
before, between, after = (exact.minimum(lambd1=lambd1) for lambd1 in (25.0, 30.0, 35.0))
assert np.allclose(between, (before + after) / 2)  # between two kinks the path is straight

# %% key="bias-check"
assert np.allclose(free["K"] - free["°C"], 273.15)  # the unit does not matter
for unit, y in {"°C": celsius, "K": kelvin}.items():
    assert np.allclose(paying[unit].mean(), y.mean() / (1 + 2.0 / (2 * 20)))  # λ = 2, m = 20
steeper = {name: np.diff(fit["°C"][0])[0] / np.diff(hours[0])[0] for name, fit in (("free", free), ("paying", paying))}
assert np.isclose(*steeper.values())  # the bias of the output makes nothing steeper
assert round(kelvin.mean() - paying["K"].mean(), 1) == 13.7 and round(celsius.mean() - paying["°C"].mean(), 1) == 0.7

# %% key="names-convert"
from course_utils.penalties import lambd_from

for convention in ("lambd/(2m)", "lambd/2", "lambd", "weight_decay"):
    assert np.isclose(lambd_from(lambd_to(lambd, convention, m), convention, m), lambd)

# %% key="names-proof"
assert all(np.allclose(pull, lambd / m * W, atol=1e-9) for pull in pulls.values())

# %% key="names-batches-check"
assert np.allclose(with_100, whole, atol=1e-12) and np.isclose(factor, 10)

# %% key="adam-two-weights-check"
for name in ("gradient descent, L2", "AdamW"):
    assert all(abs(share - (1 - eta * decay) ** steps) < 0.02 for share in left[name].values())
assert abs(left["Adam, L2"][0.1]) < 0.01 and 0.76 < left["Adam, L2"][10] < 0.84

# %% key="adam-network"
free_squares, l2_squares, same_squares = trials.values()
assert 0.9 < same_squares / free_squares < 1 and 35 < same_squares / l2_squares < 60
assert 0.93 < (1 - 0.02 * 0.01) ** 300 < 0.95

# %% key="adam-divided"
assert 200 < enlarged[5]["W2"] < 240 and 340 < enlarged[20]["W2"] < 400 and 770 < enlarged[100]["W2"] < 850
assert 46 < enlarged[100]["W3"] < 54 and 200 < enlarged[100]["W1"] < 249
for name in ("W1", "W2", "W3"):
    assert enlarged[5][name] < enlarged[20][name] < enlarged[100][name]

# %% key="adam-strengths"
assert abs(now - study.values["AdamW, 3, test"][0]) < 0.01
chosen = [scores_of(study, recipe, "validation")[1].mean(axis=1).argmax() for recipe in ("Adam", "AdamW")]
assert "2" not in scores_of(study, "Adam", "test")[0]  # "which this grid lacks"
assert chosen == [2, 4] and [scores_of(study, "Adam", "test")[0][2], tried[4], tried[3]] == ["1", "3", "1"]
for little in ("0.01", "0.1"):  # nothing that 16 seeds could show
    mean, half = confidence_interval(study.values[f"AdamW, {little}, test"] - study.values["none, nothing, test"])
    assert mean - half < 0 < mean + half < 0.01
for enough in ("AdamW, 1, test", "AdamW, 3, test", "Adam, 1, test"):
    mean, half = confidence_interval(study.values[enough] - study.values["none, nothing, test"])
    assert mean - half > 0.03

# %% key="adam-chosen"
mean, half = confidence_interval(validation_of["AdamW"][4] - validation_of["AdamW"][3])
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

# %% key="together-choice"
best = {}
for recipe in ("dropout", "L2", "L1", "all three"):
    tried, validation = scores_of(study, recipe, "validation")
    best[recipe] = tried[validation.mean(axis=1).argmax()]
assert best == {"dropout": "0.7", "L2": "1", "L1": "50", "all three": "0.8 0.1 20"}
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

# %% key="together-runs"
settings = read_study("chosen_strengths").settings
best = {"none": "", "dropout": "0.7", "L2": "1", "L1": "50", "all three": "0.8 0.1 20"}  # as together-choice says
for name in best:
    assert " ".join(f"{value:g}" for value in settings[name].values()) == best[name]
    assert abs(table[name][0] - reports[name][0]) < 0.01
    mean, half = confidence_interval(reports[name] - reports["none"])
    low, high = {"none": (-1, 1), "all three": (0.0735, 0.0745)}.get(name, (0.045, 0.0655))
    assert low - 0.001 < mean < high + 0.001 and (name == "none" or mean - half > 0)
    assert name != "all three" or 0.016 < half < 0.018
for name, lead, error in (("dropout", 0.021, 0.018), ("L1", 0.028, 0.014)):
    mean, half = confidence_interval(reports["all three"] - reports[name])
    assert mean - half > 0 and abs(mean - lead) < 0.0006 and abs(half - error) < 0.0006
alone = sum(reports[name] - reports["none"] for name in ("dropout", "L2", "L1"))
mean, half = confidence_interval(alone - (reports["all three"] - reports["none"]))
assert mean - half > 0.05  # far from the sum
mean, half = confidence_interval(reports["all three"] - reports["L2"])
assert mean - half < 0 < mean  # not shown
assert table["all three"][1] < table["none"][1] / 10 and table["all three"][2] > 0.5
assert table["L1"][2] > 0.9 and max(table[name][2] for name in ("none", "dropout", "L2")) == 0

# %% key="choose-luck"
assert abs(coins.mean() - 0.5) < 0.01 and 0.585 < coins.max(axis=1).mean() < 0.595

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

# %% key="choose-one-standard-error"
assert 0.037 < alone[one].mean() < 0.045 and 0.025 < error[one][own != one].mean() < 0.036
mean, half = confidence_interval(test[cautious, seeds] - chosen_test)
assert mean - half < 0 < mean + half and half < 0.02
mean, half = confidence_interval(test[cautious, seeds] - test[0])
assert mean - half > 0.03
assert {lambdas[i] for i in cautious} == {1.0, 2.0, 5.0} and all(cautious >= own)
assert (alone[own, seeds] > error[one][own != one].mean()).all()  # "That one is larger"
assert np.sum(cautious == 5) == 1 < 6 < np.sum(cautious == 4)
assert [np.sum(usual == i) for i in (3, 4, 5)] == [1, 6, 3] and usual.mean() > cautious.mean()
mean, half = confidence_interval(100 * (test[usual, seeds] - chosen_test))
assert -2.7 < mean < -1.7 and 2.8 < half < 3.8 and mean + half > 0  # not seen to be worse

# %% key="choose-stop"
mean, half = confidence_interval(stopped - test[0])
assert mean - half > 0.06
assert [lambdas[i] for i in costs.argmin(axis=0)].count(2.0) == 6
assert all(len(set(validation[:, seed])) < 7 and len(set(costs[:, seed])) == 7 for seed in seeds)  # ties
for name in ("accuracy", "cost"):
    mean, half = confidence_interval(stopped - ways[f"λ by {name}"])
    assert mean - half > 0 and 0.025 < mean < 0.035  # "by three points"
    mean, half = confidence_interval(stopped - ways[f"λ by {name}, all 200"])
    assert mean - half < 0 < mean + half and half < 0.035
for ours in (stopped, ways["λ by cost, all 200"]):  # "both gain nine points"
    mean, half = confidence_interval(ours - test[0])
    assert 0.085 < mean < 0.095 and mean - half > 0.06
