# What the cells of this chapter must show; run behind each of them, in a copy of its names.

# %% key="cost-one-weight"
assert np.allclose(minima, [2 / (1 + lambd / m) for lambd in (0.0, 4.0, 12.0)])

# %% key="cost-directions-check"
assert np.allclose(left, curvatures / (curvatures + 2.0 / BOWL.m))
assert left[0] < 0.25 < 0.5 < left[1]

# %% key="gradient-difference"
for name in parameters:
    shrinks = lambd / m * parameters[name] if name.startswith("W") else 0
    assert np.allclose(with_l2[name] - data_only[name], shrinks, atol=1e-14)

# %% key="gradient-factors-check"
errors = {factor: worst_error(factor, lambd=0.7) for factor in (0.5, 1, 2)}
assert errors[1] < 1e-7 and min(errors[0.5], errors[2]) > 0.1
own = gradient_check(x, y, parameters, activation="tanh", lambd=0.7)  # the same for the course's own backward
assert max(own.values()) < 1e-7

# %% key="gradient-hidden-check"
assert [worst_error(0.5, lambd=small) < 1e-7 for small in (1.0, 1e-3, 1e-8)] == [False, False, True]

# %% key="decay-alone"
for strength, panel in zip((0.1, 1.0, 1.9, 2.1), panels.values(), strict=True):
    assert np.allclose(panel["weight"][1], (1 - strength) ** steps, atol=1e-12)

# %% key="decay-half-life"
assert 690 < half_life < 695

# %% key="decay-network"
assert worst < 1e-12

# %% key="network-three"
(train0, test0, squares0), (train1, test1, squares1), (train5, test5, squares5) = last.values()
assert train0 > 0.97 > 0.92 > train1
assert test1 > test0 + 0.03 and test1 > test5 + 0.03
assert squares0 > 20 * squares1 and squares1 > squares5

# %% key="l1-two-ways"
assert np.sum(stepping == 0) == 0 and np.array_equal(jumping == 0, true_W == 0)

# %% key="l1-trace-check"
hops = np.diff([w for w, _ in trace[-100:]])
assert 0.5 * eta * lambd1 / m < np.abs(hops).max() < 4 * eta * lambd1 / m  # as large as the pull of one step
assert all(w == 0 for _, w in trace[-900:])

# %% key="paths-check"
l2_sizes, zeros = np.sum(l2_path**2, axis=1), np.sum(l1_path == 0, axis=1)
assert np.all(np.diff(l2_sizes) < 0) and np.all(l2_path != 0)  # L2: shrinks smoothly, never zero
assert zeros[0] <= 1 and zeros[-1] == 8 and np.all(np.diff(zeros) >= 0)  # L1: one zero after the other
first_zero = np.argmax(l1_path == 0, axis=0)
assert first_zero[3:].max() < first_zero[2] < first_zero[1] < first_zero[0]  # what matters least goes first

# %% key="paths-exact"
assert np.allclose(minima, l1_path, atol=1e-8)
minimum = exact.minimum(lambd1=30.0)
assert np.allclose(jumping[0], minimum, atol=1e-10) and np.array_equal(jumping[0] == 0, minimum == 0)
assert np.allclose(exact.minimum(lambd=strengths[20]), l2_path[20])
before, between, after = (exact.minimum(lambd1=lambd1) for lambd1 in (25.0, 30.0, 35.0))
assert np.allclose(between, (before + after) / 2)  # between two kinks the path is straight

# %% key="bias-check"
assert np.allclose(free["K"] - free["°C"], 273.15)  # the unit does not matter
for unit, y in {"°C": celsius, "K": kelvin}.items():
    assert np.allclose(paying[unit].mean(), y.mean() / (1 + 2.0 / (2 * 20)))  # λ = 2, m = 20
assert kelvin.mean() - paying["K"].mean() > 10 > 1 > celsius.mean() - paying["°C"].mean()

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
assert abs(left["Adam, L2"][0.1]) < 0.01 and left["Adam, L2"][10] > 0.7

# %% key="adam-network"
(l2_squares, l2_test), (same_squares, same_test), (strong_squares, strong_test) = trials.values()
assert same_squares > 20 * l2_squares and same_squares > 5 * strong_squares
assert min(l2_test, strong_test) > same_test + 0.03

# %% key="together-check"
assert max(errors.values()) < 1e-7

# %% key="together-runs"
none, every = table["none"], table["all three"]
mean, half = confidence_interval(every[0] - none[0])
assert mean - half > 0  # all three beat none, and it is not luck
assert np.mean(every[1]) < np.mean(none[1]) / 10
assert min(every[2] + table["L1"][2]) > 0.4 and max(none[2] + table["dropout"][2] + table["L2"][2]) == 0
assert np.mean(every[0]) < np.mean(table["dropout"][0]) + 0.02  # but not clearly the best single one

# %% key="choose-luck"
assert abs(coins.mean() - 0.5) < 0.01 and 0.57 < coins.max(axis=1).mean() < 0.62

# %% key="choose-figure"
assert lambdas[best] in (1.0, 2.0)
assert train[0].mean() == train.mean(axis=1).max()  # training data vote for λ = 0
assert validation[best].mean() > max(validation[0].mean(), validation[-1].mean()) + 0.03

# %% key="choose-report"
assert mean - half > 0.02 and np.sum(chosen_test > test[0]) >= 8 and half < unpaired

# %% key="choose-one-standard-error"
assert np.all((error > 0.03) & (error < 0.05)) and near.sum(axis=0).mean() > 3
assert test[0].mean() + 0.02 < rule_test.mean() < chosen_test.mean() - 0.01
