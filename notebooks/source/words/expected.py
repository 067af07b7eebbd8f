# What the cells of this page must show; run behind each of them, in a copy of its names.

# %% key="network-figure"
assert relu(z).min() == 0 and abs(tanh(z)).max() < 1 and sigmoid(np.zeros((1, 1))).item() == 0.5

# %% key="output-softmax"
assert np.isclose(softmax(logits).sum(), 1) and np.all(np.diff(softmax(logits)[:, 0]) < 0)

# %% key="output-figure"
assert abs(-np.log(0.5) - 0.69) < 0.005

# %% key="training-figure"
assert all(np.linalg.norm(places[-1]) < np.linalg.norm(places[0]) / 2 for places in paths.values())
signs = np.sign(paths["gradient descent"][:8, 1])
assert np.all(signs[1:] != signs[:-1])  # it jumps across the valley

# %% key="measured-figure"
mean, half = confidence_interval(b - a)
assert mean - half > 0 and half < confidence_interval(a)[1] / 4
assert 0.6 < (b - a).std(ddof=1) < 0.8
