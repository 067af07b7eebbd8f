# What the cells of this chapter must show; run behind each of them, in a copy of its names.

# %% key="layer-ones"
assert abs((out == 0).double().mean() - 0.4) < 0.02 and abs(out.max() - 1 / 0.6) < 1e-6

# %% key="tumours-data"
assert x_test.shape == (469, 8)

# %% key="training-loop"
assert 0.05 < cost.item() < 0.2

# %% key="modes-twice"
assert in_training > 0.99 and in_evaluation == 0

# %% key="forgotten"
assert abs(accuracies.mean() - accuracy_eval) < 0.005 and 0.025 < accuracies.max() - accuracies.min() < 0.035
assert 25 <= undecided <= 37

# %% key="forgotten-figure"
assert 0.7 < (chances.max(dim=1).values - chances.min(dim=1).values).max().item() < 0.9
assert chances[0].min() < 0.1 and 0.75 < chances[0].max() < 0.87  # of tumour 1 the notes tell

# %% key="forgotten-digits-run"
assert digits.x_train.shape[1] == 200 and digits.x_train.shape[1] + digits.x_test.shape[1] == 1297
assert forgotten.max() < whole and 0.11 < whole - forgotten.mean() < 0.125  # "about twelve points"

# %% key="forgotten-seeds"
mean, half = confidence_interval(lost["mean of 30 passes"])
assert 0.118 < mean - half < mean + half < 0.13
assert 0.09 < lost["best of 30 passes"].min() < 0.1  # "more than nine points"

# %% key="functional-run"
with seeded(0):
    cases = (FunctionalDropout(), torch.ones(10_000), 0.4), (Attention(), torch.eye(100)[None], 0.1)
    for module, given, share in cases:
        for now in (module.train(), module.eval()):  # the mode changes nothing
            assert abs((now(given.to(device)) == 0).double().mean() - share) < 0.02
    ones = torch.ones(1, 100, 1, device=device)
    assert (functional.dropout(ones, 0.4, training=False) == ones).all()
    assert (functional.scaled_dot_product_attention(ones, ones, ones) > 0).all()

# %% key="numpy-compare"
assert worst < 1e-12

# %% key="decay-sgd"
assert 0.15 < difference < 0.25

# %% key="decay-sgd-groups"
assert difference < 1e-12

# %% key="decay-adam-run"
assert largest_difference(adam_numpy, adam_torch) < 1e-8
assert largest_difference(adam_numpy, adamw_torch) > 1
assert 4.8 < size(adamw_torch) / size(adam_torch) < 5.3  # "about five times"
for rate in (0.02, 0.01):  # AdamW's decay is multiplied by lr
    one = torch.ones(1, dtype=torch.float64, requires_grad=True)
    one.grad = torch.zeros_like(one)
    torch.optim.AdamW([one], lr=rate, weight_decay=0.1).step()
    assert abs(one.item() - (1 - rate * 0.1)) < 1e-12

# %% key="decay-momentum"
from course_utils.optimizers import Momentum

for momentum, factor, near, far in ((0.0, 1, 0, 1e-12), (0.9, 1, 1.8, 2.1), (0.9, 10, 0.15, 0.25)):
    shared = {"lr": 0.1, "momentum": momentum}
    in_gradient = torch_weights(lambda net, shared=shared: torch.optim.SGD(groups(net, LAMBD / M), **shared))
    in_cost = numpy_weights(Momentum(0.1, beta=momentum))
    assert largest_difference(in_cost, in_gradient) < 1e-12  # L2, with momentum too
    decay = factor * LAMBD / M
    aside = torch_weights(lambda net, shared=shared, decay=decay: DecayBeside(groups(net, 0.0), decay, **shared))
    assert near <= largest_difference(in_gradient, aside) < far
    if momentum:
        assert 4.4 < size(in_gradient) < 4.6 and (7.7 < size(aside) < 7.9 if factor == 1 else 4.4 < size(aside) < 4.6)

# %% key="decay-two-weights"
assert 0.85 < adam[0] < 0.95 and abs(adam[1]) < 0.05
assert abs(adamw[0] - adamw[1]) < 0.05 and 0.65 < adamw.min() < 0.75

# %% key="l1-zeros"
assert (by_autograd == 0).sum() == 0 and 0.85 < (by_threshold == 0).double().mean() < 0.95
assert 0.85 < (by_autograd.abs() < 0.01).double().mean() < 0.95

# %% key="max-norm-run"
assert limited.max() < 2.0 + 1e-9 and 2.4 < free.max() < 2.6 and 30 <= at_limit <= 36

# %% key="digits-strengths"
from course_utils.experiments.studies import STUDIES

strength = {"L1": "l1", "L2": "weight_decay", "dropout": "p_hidden", "dropout + max-norm": "max_norm"}
strength["dropout + L2"] = "weight_decay"
beside = []
for method, row in tried.items():
    chosen = max(row, key=lambda value, row=row: row[value].mean())
    assert float(chosen) == STUDIES["digit_regularizers"].settings[method][strength[method]]  # what is compared below
    marks = [mark(one, row[chosen]) for one in row.values()]
    assert marks.count("*") == 1 and "~" in marks
    place = marks.index("*")
    beside.extend(marks[max(place - 1, 0) : place] + marks[place + 1 : place + 2])
    assert "~" in beside[-2:]  # a neighbour of each star
    assert method != "dropout + L2" or marks.count("~") == len(marks) - 1  # the whole row is flat
assert len(beside) == 10 and beside.count("~") == 7  # the notes say so
for method in ("L1", "L2", "dropout"):
    *_, last = tried[method].values()
    assert 2.2 < max(one.mean() for one in tried[method].values()) - last.mean() < 3.3
    assert mark(last, max(tried[method].values(), key=np.mean)) == " "
tightest = tried["dropout + max-norm"]["1"]
mean, half = confidence_interval(tried["dropout + max-norm"]["3"] - tightest)
assert mean - half > 0 and 1.1 < mean < 1.6  # "loses one"
for limit in ("3", "4"):
    assert (tried["dropout + max-norm"][limit] == tried["dropout"]["0.3"]).all()
for limit in ("1", "1.5", "2"):
    assert tried["dropout + max-norm"][limit].mean() < tried["dropout + max-norm"]["3"].mean()

# %% key="digits-run"
assert abs(now - then) < 0.01

# %% key="digits-figure"
share = {name: values.mean() / (100 * errors["none"].mean()) for name, values in gains.items()}
for name in ("dropout", "dropout + max-norm", "dropout + L2"):
    mean, half = intervals[name]
    assert 0.8 < mean - half < 1.1 and 0.195 < share[name] < 0.25
    mean, half = confidence_interval(gains[name] - gains["L2"])
    assert mean - half > 0 and 0.8 < mean < 1.3  # "by a point"
mean, half = intervals["dropout"]
low, high = ((mean + sign * half) / (100 * errors["none"].mean()) for sign in (-1, 1))
assert 0.19 < share["dropout"] < 0.22 and 0.115 < low < 0.13 and 0.27 < high < 0.3  # fifth, eighth, quarter
assert 1.4 < mean < 1.55 and 0.55 < half < 0.65  # the recap's
assert (errors["dropout"] == errors["dropout + max-norm"]).all()
mean, half = confidence_interval(gains["dropout + L2"] - gains["dropout"])
assert mean - half < 0 < mean + half and 0.12 < mean < 0.2  # "a sixth of a point"
assert 0.4 < gains["L2"].mean() < 0.6 and intervals["L2"][0] - intervals["L2"][1] > 0
assert 0.1 < gains["L1"].mean() < 0.25 and intervals["L1"][0] - intervals["L1"][1] < 0  # L1's interval holds zero

# %% key="digits-paper"
for name, ours in (("dropout + L2", 17), ("dropout + max-norm", 15)):
    mean, half = confidence_interval(errors["L2"] - errors[name])
    scale = 100 / errors["L2"].mean()
    assert mean - half > 0 and abs(scale * mean - ours) < 1.5
    theirs = 100 * (1 - paper[name] / paper["L2"])
    assert (scale * (mean - half) < theirs < scale * (mean + half)) == (name == "dropout + L2")
    assert name == "dropout + L2" or scale * (mean + half) < theirs - 10  # "far outside"
assert paper["dropout + max-norm"] < paper["dropout + L2"]
mean, half = confidence_interval(errors["dropout + max-norm"] - errors["dropout + L2"])
assert mean - half < 0 < mean  # "cannot say", "the other way round"

# %% key="mc-gap-run"
assert 1.2 < on_data < 1.4 and 2.1 < in_gap < 2.4
assert band.coverage[1] > 0.99 and 0.3 <= band.x[band.deviation.argmax()] < 0.7

# %% key="mc-peak"
assert 0.12 < peak.coverage[1] < 0.22  # "a sixth"

# %% key="mc-pairs"
for one, gap, miss in ((band, "middle", 1.6), (peak, "peak", 5.9)):
    low, high = np.flatnonzero(~one.seen)[[0, -1]] + [-1, 1]  # the last points that were trained on
    line = np.interp(one.x, one.x[[low, high]], one.y[[low, high]])
    assert abs(np.abs(line - one.y)[~one.seen].mean() - miss) < 0.05
    assert abs(seen_and_unseen("error", gap)[1].mean() - miss) < 0.3  # "about as much as the networks"
limits = {"middle": ((1.75, 1.95), (0.9, 1.2), (2.8, 4.2)), "peak": ((1.2, 1.3), (0.2, 0.6), (9, 11.5))}
for gap, (factor, grows, error) in limits.items():
    seen, unseen = seen_and_unseen("deviation", gap)
    assert factor[0] < unseen.mean() / seen.mean() < factor[1]  # "nearly doubles", "by a quarter"
    mean, half = confidence_interval(unseen - seen)
    assert grows[0] < mean - half < mean + half < grows[1]
    seen, unseen = seen_and_unseen("error", gap)
    assert error[0] < unseen.mean() / seen.mean() < error[1]
    mean, half = confidence_interval(unseen - seen)
    assert mean - half > 0
seen, unseen = seen_and_unseen("coverage", "peak")
assert seen.mean() > 0.99 and 0.17 < unseen.mean() < 0.23  # "loses four fifths"
assert seen_and_unseen("coverage", "middle")[1].mean() > 0.95
for gap, low, high in (("middle", 0.3, 1), ("peak", 2.5, 4)):  # "less than one deviation", "about three"
    mean, half = confidence_interval(seen_and_unseen("error", gap)[1] / seen_and_unseen("deviation", gap)[1])
    assert low < mean - half < mean + half < high, (gap, mean, half)
    ratio = seen_and_unseen("error", gap)[1].mean() / seen_and_unseen("deviation", gap)[1].mean()
    assert low < ratio < high

# %% key="mc-p"
for p, width, held in (("0.02", 0.72, 0.08), ("0.1", 1.35, 0.2), ("0.5", 3.03, 0.4)):
    mean, half = confidence_interval(bands[f"deviation, p {p}, all, without none"])
    assert abs(mean - width) < 0.03 and half < 0.15
    assert abs(seen_and_unseen("coverage", "peak", p)[1].mean() - held) < 0.02
