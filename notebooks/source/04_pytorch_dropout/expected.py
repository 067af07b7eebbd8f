# What the cells of this chapter must show; run behind each of them, in a copy of its names.

# %% key="layer-ones"
assert abs((out == 0).double().mean() - 0.4) < 0.02 and abs(out.max() - 1 / 0.6) < 1e-6

# %% key="model-misspelt"
from course_utils.guesses import answer

for stage in ("a", "b", "c"):  # the class and its object have been made without an error
    try:
        stage == "c" and misspelt(torch.ones(5, 8))
    except NotImplementedError:
        assert stage == answer("typo-noticed")
        break
else:
    raise AssertionError("nobody noticed the typo")

# %% key="tumours-data"
assert x_test.shape == (469, 8)

# %% key="training-loop"
assert 0.05 < cost.item() < 0.2

# %% key="modes-twice"
assert in_training > 0.99 and in_evaluation == 0

# %% key="forgotten"
assert 8 < (malignant[1:] != malignant[:-1]).double().sum(dim=(1, 2)).mean() < 13
assert abs(accuracies.mean() - accuracy_eval) < 0.005 and 0.025 < accuracies.max() - accuracies.min() < 0.035
assert 25 <= undecided.sum() <= 37

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
from course_utils.guesses import answer

with seeded(0):
    function, attention = (
        bool((one.eval()(given.to(device)) == 0).any())
        for one, given in ((FunctionalDropout(), torch.ones(10_000)), (Attention(), torch.eye(100)[None]))
    )
    assert answer("functional-zeros") == {(0, 0): "a", (1, 0): "b", (0, 1): "c", (1, 1): "d"}[function, attention]
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
assert 0.15 < max(differences(sgd_numpy, sgd_all).values()) < 0.25

# %% key="decay-first"
from course_utils.guesses import answer

found = {name for name, difference in early.items() if difference > 1e-12}
assert answer("first-to-differ") == {frozenset(): "d", frozenset({"b1", "b2", "b3"}): "c"}.get(frozenset(found), "a")

# %% key="decay-sgd-groups"
assert max(differences(sgd_numpy, sgd_torch).values()) < 1e-12

# %% key="decay-adam-run"
from course_utils.guesses import answer

equal = [max(differences(adam_numpy, found).values()) < 1e-8 for found in (adam_torch, adamw_torch)]
assert answer("decay-adam") == {(1, 0): "a", (0, 1): "b", (1, 1): "c", (0, 0): "d"}[tuple(equal)]
assert max(differences(adam_numpy, adamw_torch).values()) > 1
assert 4.8 < size(adamw_torch) / size(adam_torch) < 5.3  # "about five times"
for rate in (0.02, 0.01):  # AdamW's decay is multiplied by lr
    one = torch.ones(1, dtype=torch.float64, requires_grad=True)
    one.grad = torch.zeros_like(one)
    torch.optim.AdamW([one], lr=rate, weight_decay=0.1).step()
    assert abs(one.item() - (1 - rate * 0.1)) < 1e-12

# %% key="decay-momentum"
from course_utils.guesses import answer
from course_utils.optimizers import Momentum

for momentum in (0.0, 0.9):  # weight_decay is L2 in the cost, with momentum too
    settings = {"lr": 0.1, "momentum": momentum}
    in_gradient = torch_weights(lambda net, settings=settings: torch.optim.SGD(groups(net, LAMBD / M), **settings))
    assert max(differences(numpy_weights(Momentum(0.1, beta=momentum)), in_gradient).values()) < 1e-12
alike = [abs(what_is_left(momentum, False) - what_is_left(momentum, True)) < 1e-12 for momentum in (0.9, 0.0)]
assert answer("decay-momentum") == {(1, 1): "a", (0, 1): "b", (1, 0): "c", (0, 0): "d"}[tuple(alike)]
assert 0.81 < what_is_left(0.9, True) < 0.83 and 0.11 < what_is_left(0.9, False) < 0.13  # the notes'
assert 9 < np.log(what_is_left(0.9, False)) / np.log(what_is_left(0.9, True)) < 11.5  # "10 times"

# %% key="decay-two-weights"
from course_utils.guesses import answer

assert answer("decay-which") == ("a" if adam[0] < adam[1] - 0.1 else "b" if adam[1] < adam[0] - 0.1 else "c")
assert 0.85 < adam[0] < 0.95 and abs(adam[1]) < 0.05
assert abs(adamw[0] - adamw[1]) < 0.05 and 0.65 < adamw.min() < 0.75

# %% key="check-l1"
def trained_with_l1(proximal, lr=0.1, strength=0.005):
    with seeded(0):
        model = nn.Sequential(nn.Linear(8, 60), nn.ReLU(), nn.Linear(60, 1)).to(device, torch.float64)
    weights = regularization.weights(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    for _ in range(500):
        optimizer.zero_grad()
        cost = functional.binary_cross_entropy_with_logits(model(x), y)
        (cost if proximal else cost + strength * regularization.l1_norm(model)).backward()
        optimizer.step()
        if proximal:
            with torch.no_grad():
                for W in weights:
                    shrunk = (W.abs() - lr * strength).clamp(min=0)
                    W.copy_(W.sign() * shrunk)
    return torch.cat([W.detach().flatten() for W in weights])


by_autograd, by_threshold = trained_with_l1(proximal=False), trained_with_l1(proximal=True)
assert (by_autograd == 0).sum() == 0 and (by_threshold == 0).double().mean() > 0.5

# %% key="max-norm-run"
assert limited.max() < 2.0 + 1e-9 and 2.4 < free.max() < 2.6
assert 30 <= (limited > 2.0 - 1e-9).sum() <= 36

# %% key="live-trainer"
from course_utils.pytorch.quadrants import quadrant_run

fast = {"m_test": 500, "resolution": 2}
by_heart, half, most = (quadrant_run(p, **fast).run for p in (0.0, 0.5, 0.9))
l2, beside, end = (
    quadrant_run(0.0, decay, kind, **fast).run for decay, kind in ((0.01, "Adam"), (0.01, "AdamW"), (0.1, "AdamW"))
)
final = [run.history["train_accuracy"][-1] for run in (by_heart, half, most, l2, beside, end)]
assert final[0] > 0.97 and 0.8 < final[1] < 0.9 and final[2] < 0.65  # 15 labels are wrong
assert min(final[4:]) > 0.97 and final[3] < 0.9
spread = [np.abs(run.parameters["W2"]).mean() for run in (by_heart, l2, beside)]
assert spread[1] < 0.2 * spread[0] and spread[2] > 0.9 * spread[0]  # a needle, and as wide as without

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

# %% key="digits-table"
assert 17 < 100 * max(mean for mean, half in intervals.values()) / without < 26  # "about a fifth", the notes'

# %% key="digits-run"
assert abs(now - then) < 0.01

# %% key="mnist-figure"
assert all(one["epochs"] == 60 for one in mnist.settings.values()) and len(mnist.seeds) >= 3
between = {("none", "dropout"): 24, ("none", "dropout + max-norm"): 26, ("dropout", "dropout + max-norm"): 2}
for (one, other), count in between.items():
    differences = 100 * (mnist.values[one] - mnist.values[other]), 100 * (wrong[one] - wrong[other])
    for values, wide in zip(differences, {24: (18, 14), 26: (16, 14), 2: (4, 7)}[count], strict=True):
        mean, half = confidence_interval(values)
        assert round(mean) == count and round(half) == wide and (mean - half > 0) == (one == "none")
        assert mean + half < 19 if one == "dropout" else mean - half < 35 < mean + half
means = {name: errors.mean() for name, errors in mnist.values.items()}
assert [f"{mean:.2f}" for mean in means.values()] == ["1.47", "1.23", "1.21"]
assert 0.15 < 1 - means["dropout"] / means["none"] < 0.18  # "a sixth"

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

mean, half = (100 * one / errors["L2"].mean() for one in confidence_interval(errors["L2"] - errors["dropout + L2"]))
theirs = 100 * (1 - 1.25 / 1.62)  # the paper's
assert round(theirs) == 23 and mean - half < theirs < mean + half and abs(mean - 100 / 6) < 1.5

# %% key="mc-gap-run"
on_data, in_gap = band.widths
assert 1.2 < on_data < 1.4 and 2.1 < in_gap < 2.4
assert band.coverage[1] > 0.99 and 0.3 <= band.x[band.deviation.argmax()] < 0.7

# %% key="mc-peak"
assert 0.12 < peak.coverage[1] < 0.22
off = np.abs(peak.mean - peak.y)[~peak.seen].max()
assert 7.5 < off < 8.5 and peak.deviation[~peak.seen].max() < 2  # the alt text

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
from course_utils.guesses import answer

for p, width, held in (("0.02", 0.72, 0.08), ("0.1", 1.35, 0.2), ("0.5", 3.03, 0.4)):
    mean, half = confidence_interval(bands[f"deviation, p {p}, all, without none"])
    assert abs(mean - width) < 0.03 and half < 0.15
    assert abs(seen_and_unseen("coverage", "peak", p)[1].mean() - held) < 0.02
grows = [bands[f"deviation, p {p}, all, without none"].mean() for p in ("0.02", "0.1", "0.5")]
held = seen_and_unseen("coverage", "peak", "0.5")[1].mean()
assert grows == sorted(grows) and answer("p-width") == ("c" if held > 0.5 else "d")

# %% key="live-mc"
few, many, most = (sine_band(0.1, samples, "middle").widths[1] for samples in (10, 100, 200))
assert 0.7 < sine_band(0.1, 2, "middle").deviation.mean() / sine_band(0.1, 200, "middle").deviation.mean() < 0.9
assert 0.9 < many / most < 1.1 and 0.8 < few / most < 1.25
assert sine_band(0.1, 200, "none").widths[0] > 1
top = (peak.x >= 0.2) & (peak.x < 0.3)
missed = [sine_band(p, 200, "peak") for p in (0.02, 0.3, 0.6)]
assert all((np.abs(one.y - one.mean) > 2 * one.deviation)[top].any() for one in missed)
off = [np.abs(one.mean - one.y)[one.seen].mean() for one in (peak, missed[-1])]
assert off[1] > 1.3 * off[0] and missed[-1].widths[0] > 2 * peak.widths[0]
