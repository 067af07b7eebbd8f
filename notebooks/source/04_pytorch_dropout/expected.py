# What the cells of this chapter must show; run behind each of them, in a copy of its names.

# %% key="layer-ones"
assert abs((out == 0).double().mean() - 0.4) < 0.02 and abs(out.max() - 1 / 0.6) < 1e-6

# %% key="tumours-data"
assert x_test.shape == (469, 8)

# %% key="training-loop"
assert cost.item() < 0.3

# %% key="modes-twice"
assert in_training > 0.99 and in_evaluation == 0

# %% key="forgotten"
assert abs(accuracies.mean() - accuracy_eval) < 0.015 and accuracies.max() - accuracies.min() > 0.015
assert undecided > 15

# %% key="forgotten-figure"
assert (chances.max(dim=1).values - chances.min(dim=1).values).max().item() > 0.5

# %% key="forgotten-digits-run"
assert forgotten.max() < whole and 0.05 < whole - forgotten.mean() < 0.15

# %% key="numpy-compare"
assert worst < 1e-12

# %% key="decay-sgd"
assert difference > 0.05

# %% key="decay-sgd-groups"
assert difference < 1e-12

# %% key="decay-adam-run"
assert largest_difference(adam_numpy, adam_torch) < 1e-8
assert largest_difference(adam_numpy, adamw_torch) > 0.5
assert size(adamw_torch) > 2 * size(adam_torch)

# %% key="decay-two-weights"
assert coupled[0] > 0.8 > 0.4 > coupled[1] and abs(decoupled[0] - decoupled[1]) < 0.05

# %% key="l1-zeros"
assert (by_autograd == 0).sum() == 0 and (by_threshold == 0).double().mean() > 0.5
assert (by_autograd.abs() < 0.01).double().mean() > 0.5

# %% key="max-norm-run"
assert limited.max() < 2.0 + 1e-9 < free.max() and 15 < at_limit < 50

# %% key="digits-run"
assert abs(now - then) < 0.01

# %% key="digits-figure"
with_dropout = ("dropout", "dropout + max-norm", "dropout + L2")
for name in with_dropout:
    mean, half = intervals[name]
    assert mean - half > 0.5  # helps, beyond doubt
    mean, half = confidence_interval(gains[name] - gains["L2"])
    assert mean - half > 0  # and helps more than L2
    assert 1 / 8 < gains[name].mean() / (100 * errors["none"].mean()) < 1 / 3
    mean, half = confidence_interval(gains[name] - gains["dropout"] + 1e-12)
    assert mean - half <= 1e-9 and mean + half >= -1e-9  # ten seeds cannot tell it from plain dropout
assert gains["L1"].mean() < gains["L2"].mean() < 0.8
assert intervals["L1"][0] - intervals["L1"][1] < 0  # L1's interval holds zero

# %% key="digits-paper"
for name in ("dropout + L2", "dropout + max-norm"):
    mean, half = confidence_interval(errors["L2"] - errors[name])
    scale = 100 / errors["L2"].mean()
    assert mean - half > 0
    assert scale * mean < 18 and scale * (mean + half) < 28

# %% key="mc-gap-run"
assert in_gap > 1.25 * on_data
assert band.coverage[1] > 0.8

# %% key="mc-peak"
assert peak.coverage[1] < 0.5

# %% key="mc-p"
assert widths[0.5] > 2 * widths[0.02]
