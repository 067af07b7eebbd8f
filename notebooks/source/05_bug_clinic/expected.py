# What the cells of this chapter must show; run behind each of them, in a copy of its names.

# %% key="a1-evidence"
assert by_point > 0.1 and by_parameters == 0

# %% key="a2-evidence"
assert inner_change > 0.5 and outer_change == 0

# %% key="b6-evidence"
assert layer.activation is np.tanh and moved == 0

# %% key="a8-evidence"
assert "is new" in origin_of_methods(type(network), Module).values()

# %% key="a3-specimen"
assert np.ptp(means) > 0.2

# %% key="a3-evidence"
assert abs(np.mean(many) - 1) < 0.03 and 0.2 < np.std(many) < 0.25 and columns == 1

# %% key="b2-specimen"
assert abs(out.mean() - np.tanh(1)) < 0.2

# %% key="b2-evidence"
for rate in (0.9, 0.5, 0.1):
    inner = count_left(lambda level, rng: drop_b2(np.ones((40, 50)), level, rng), rate)
    outer = count_left(lambda keep_prob, rng: hidden_b2(x, W, keep_prob, rng), rate)
    assert abs(inner - (1 - rate)) < 0.04 and inner == outer

# %% key="a4-costs"
assert printed == [
    "0.693123", "0.693079", "0.693048", "0.693010", "0.692978",
    "0.692937", "0.692903", "0.692873", "0.692840", "0.692827",
]  # fmt: skip

# %% key="a4-healthy"
assert [f"{cost:.6f}" for cost in healthy_costs] == [*printed[:8], "0.692839", printed[9]]

# %% key="a4-spread"
assert np.abs(wrong - right).max() < 1e-6 and 30 < between_seeds / between_codes < 70
assert abs(higher.mean() - 0.5) < 0.02

# %% key="a4-check"
assert max(healthy_errors.values()) < 1e-7
assert min(found_errors["W1"], found_errors["b1"]) > 0.2 and max(found_errors["W2"], found_errors["b2"]) < 1e-7

# %% key="a4-sizes-check"
worst = [max(checked(backward_a5_alone, scale).values()) for scale in (0.01, 0.1, 1.0)]
assert 1e-5 < worst[0] < 1e-3 < 0.01 < worst[1] and 0.5 < worst[2] < 0.65
assert 0.15 < checked(backward_a5_alone, 1.0)["b1"] < 0.25

# %% key="b3-evidence"
assert not slopes["W1"].any() and slopes["W2"].any()

# %% key="b4-evidence"
assert np.allclose(list(errors.values()), 1 / 3, atol=1e-6)

# %% key="a6-specimen"
assert always_share < ten[-1] < np.log(2)

# %% key="a6-evidence"
_, ten_steps = training(backward_healthy)  # the same run, step for step
assert all(np.allclose(ten_steps[name], p, rtol=0, atol=1e-14) for name, p in ended(1, **settings).items())
assert all(0.4 < value < 0.5 for name in ("nothing else", "keep_prob 1") for value in scores[name])
assert all(value > 0.85 for name in ("learning_rate 5", "scale 1", "steps 20000") for value in scores[name])

# %% key="a6-bend"
assert bend(start(scale=0.01)[2]) < 0.001 and bend(start(scale=1.0)[2]) > 0.3
stuck = [value for name in ("nothing else", "keep_prob 1") for value in bends[name]]
free = [value for name in ("learning_rate 5", "scale 1", "steps 20000") for value in bends[name]]
assert max(stuck) < 0.03 < 0.45 < min(free)

# %% key="a6-small-run"
assert min(bent) > 0.65 > 0.5 > max(scores["nothing else"])

# %% key="b7-symptom"
assert errors[:2].round().tolist() == [260, 350]

# %% key="b7-evidence"
assert (as_found[:, 1] > as_found[:, 0]).all() and (smaller[:, 1] < smaller[:, 0]).all()
assert as_found[:, -1].min() < 0.025 and 0.38 < as_found[:, -1].max() < 0.44
assert smaller[:, -1].max() < 0.05

# %% key="b7-curvature"
assert 0.2 * curvature < 2 < 0.3 * curvature

# %% key="round-training"
assert np.mean(costs[-200:]) < 0.7 * np.mean(costs[:200]) and 0.94 < accuracy(z, y) < 0.98
