# What the cells of this chapter must show; run behind each of them, in a copy of its names.

# %% key="b8-run"
assert len(set(passes)) == 1

# %% key="b8-evidence"
assert by_point > 0.1

# %% key="a9-symptom"
assert np.array_equal(trained_a9(x, y, 0, 200), trained_a9(x, y, 100, 200))
left = np.linalg.solve(x @ x.T + 100 * np.eye(5), x @ y.T)
assert np.sum(left**2) < 0.2 * np.sum(trained_a9(x, y, 0, 200) ** 2)  # what L2 would have left

# %% key="a9-evidence"
from course_utils.guesses import answer

assert answer("a9-check") == ("c" if error < 1e-7 else "a")
assert inner_change > 1 and outer_change == 0

# %% key="a3-specimen"
assert np.ptp(means) > 0.2

# %% key="a3-evidence"
assert abs(np.mean(many) - 1) < 0.03 and 0.2 < np.std(many) < 0.25 and columns == 1

# %% key="b1-run"
assert abs(np.mean(data != 0) - 0.03) < 0.01

# %% key="b2-run"
assert abs(out.mean() - np.tanh(1)) < 0.2
assert abs(np.mean(out != 0) - 0.1) < 0.03

# %% key="b2-evidence"
for rate in (0.9, 0.5, 0.1):
    inner = count_left(lambda level, rng: drop_b2(np.ones((40, 50)), level, rng), rate)
    outer = count_left(lambda keep_prob, rng: hidden_b2(x, W, keep_prob, rng), rate)
    assert abs(inner - (1 - rate)) < 0.04 and inner == outer

# %% key="a7-run"
from course_utils.guesses import answer

cost = {z: float(cross_entropy_a7(np.array([[z]]), np.ones((1, 1)))) for z in (0.0, 20.0)}
assert abs(cost[0.0] - 0.69) < 0.005 and cost[20.0] < 1e-4
with np.errstate(all="ignore"):
    assert answer("a7-forty") == ("c" if np.isnan(cross_entropy_a7(np.array([[40.0]]), np.ones((1, 1)))) else "a")

# %% key="a7-clipped"
assert slopes[10.0] > 0.9 and slopes[20.0] == slopes[40.0] == slopes[1000.0] == 0

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

# %% key="a4-evidence"
dropped_gradients = [np.any(f(y, ordinary, cache)["W1"][gone] != 0) for f in (backward_found, backward_healthy)]
assert dropped_gradients == [True, False] and np.abs(cache["a1"]).max() > 1

# %% key="a4-sizes-check"
from course_utils.guesses import answer

worst = [max(checked(backward_a5_alone, scale).values()) for scale in (0.01, 0.1, 1.0)]
assert 1e-5 < worst[0] < 1e-3 < 0.01 < worst[1] and 0.5 < worst[2] < 0.65
assert 0.15 < checked(backward_a5_alone, 1.0)["b1"] < 0.25
assert answer("a5-found") == ("a" if worst[0] > 1e-3 else "b" if worst[0] > 1e-7 else "c")
_, small = forward_found(x, start()[2], mask, 0.7)
assert 0.001 < np.abs(small["a1"]).max() < 0.06

# %% key="a6-specimen"
from course_utils.guesses import answer

assert always_share < ten[-1] < np.log(2)
assert answer("a6-constant") == ("a" if ten[-1] < always_share else "b" if ten[-1] < np.log(2) else "c")

# %% key="a6-evidence"
from course_utils.guesses import answer

_, ten_steps = training(backward_healthy)  # the same run, step for step
assert all(np.allclose(ten_steps[name], p, rtol=0, atol=1e-14) for name, p in ended(1, **settings).items())
assert all(0.4 < value < 0.5 for name in ("nothing else", "keep_prob 1") for value in scores[name])
assert all(value > 0.85 for name in ("learning_rate 5", "scale 1", "steps 20000") for value in scores[name])
assert {round(value, 2) for value in scores["nothing else"]} == {0.47}
useless = [letter for letter, name in zip("abcd", list(trials)[1:], strict=True) if max(scores[name]) < 0.5]
assert list(trials)[1:] == ["keep_prob 1", "learning_rate 5", "scale 1", "steps 20000"]
assert useless == [answer("a6-useless")]

# %% key="a6-bend"
assert bend(start(scale=0.01)[2]) < 0.001 and bend(start(scale=1.0)[2]) > 0.3
stuck = [value for name in ("nothing else", "keep_prob 1") for value in bends[name]]
free = [value for name in ("learning_rate 5", "scale 1", "steps 20000") for value in bends[name]]
assert max(stuck) < 0.03 < 0.45 < min(free)

# %% key="a6-small-run"
assert min(bent) > 0.65 > 0.5 > max(scores["nothing else"])

# %% key="b7-symptom"
assert errors[:2].round().tolist() == [260, 350]
assert round(errors[-1], 2) == 0.26

# %% key="b7-evidence"
assert (as_found[:, 1] > as_found[:, 0]).all() and (smaller[:, 1] < smaller[:, 0]).all()
assert as_found[:, -1].min() < 0.025 and 0.38 < as_found[:, -1].max() < 0.44
assert smaller[:, -1].max() < 0.05
assert 15 < as_found[:, -1].max() / as_found[:, -1].min() < 30

# %% key="b7-curvature"
assert 0.2 * curvature < 2 < 0.3 * curvature
for seed in range(8):  # whatever the seed
    first = np.random.RandomState(seed).random_sample((25, 1))
    rows_of = np.vstack([sigmoid(first @ x_sine), np.ones((1, 100))])
    assert 0.2 * np.linalg.eigvalsh(rows_of @ rows_of.T / 100).max() < 2 < 0.3 * np.linalg.eigvalsh(rows_of @ rows_of.T / 100).max()

# %% key="round-training"
assert np.mean(costs[-200:]) < 0.7 * np.mean(costs[:200]) and 0.94 < accuracy(z, y) < 0.98

# %% key="round-check"
from course_utils.guesses import answer

checks = [network_check(patient, scale, lambd) for scale, lambd in ((0.01, 1e-3), (1.0, 0.0), (0.01, 10.0), (1.0, 10.0))]
right = [letter for letter, name in zip("abcd", ("W1", "b1", "W2", "b2"), strict=True) if max(c[name] for c in checks) < 1e-7]
assert right == [answer("round-right")]
assert checks[1]["b1"] > 1e-3 > 1e-7 > checks[1]["W2"] and checks[2]["W2"] > 1e-3

# %% key="round-probe"
assert np.ptp(logits) < 1e-12

# %% key="check-own"
from course_utils.exercises.bug_clinic.own_test import HEALTHY, SICK

assert (len(HEALTHY), len(SICK)) == (5, 9)
assert abs(np.sqrt(0.8 * 0.2 / 20_000) - 0.003) < 0.0005

# %% key="a2-specimen"
assert [round(share_left(q), 2) for q in (0.9, 0.5, 0.1)] == [0.7, 0.7, 0.7]

# %% key="a2-evidence"
assert inner_change > 0.5 and outer_change == 0

# %% key="a1-evidence"
assert by_point > 0.1 and by_parameters == 0 and "NameError" in alone(output_a1, point, trained)

# %% key="b6-specimen"
assert layer.activation is np.tanh and moved == 0

# %% key="a8-specimen"
assert not hasattr(Module, "foward") and hasattr(Module, "forward")

# %% key="b3-evidence"
assert not slopes["W1"].any() and slopes["W2"].any()

# %% key="b4-specimen"
assert np.allclose(list(errors.values()), 1 / 3, atol=1e-6)

# %% key="c1-run"
assert len(set(answers)) > 1 and predictor.training is False
assert np.array_equal(functional.dropout(np.ones(5), training=False), np.ones(5))
