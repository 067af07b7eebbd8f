"""Answers to the exercises of chapter 05."""

import math

import numpy as np

from course_utils.activations import sigmoid
from course_utils.network import backward, compute_cost, forward

INNOCENT = {
    "find_a1": {"b": "accuses-the-forward-pass", "c": "accuses-the-messenger"},
    "find_a2": {
        "a": "accuses-the-randomness",
        "b": "accuses-the-scale",
        "c": "accuses-the-randomness",
        "e": "accuses-the-messenger",
    },
    "find_a9": {
        "a": "accuses-the-setup",
        "b": "accuses-the-forward-pass",
        "c": "accuses-the-chain",
        "d": "accuses-the-setup",
        "f": "accuses-the-messenger",
    },
    "find_b8": {
        "a": "accuses-the-forward-pass",
        "b": "accuses-the-randomness",
        "c": "accuses-the-scale",
        "e": "accuses-the-forward-pass",
        "f": "accuses-the-messenger",
    },
    "find_b6": {"a": "accuses-the-setup", "b": "accuses-the-setup", "c": "accuses-the-forward-pass"},
    "find_a8": {"a": "accuses-the-setup", "b": "accuses-the-setup", "d": "accuses-the-messenger"},
    "find_a3": {"a": "accuses-the-setup", "c": "accuses-the-messenger", "d": "accuses-the-scale"},
    "find_b1": {"a": "accuses-the-randomness", "b": "accuses-the-scale", "d": "accuses-the-messenger"},
    "find_b2": {"a": "accuses-the-randomness", "b": "accuses-the-scale", "c": "accuses-the-forward-pass"},
    "find_a4": {
        "a": "accuses-the-setup",
        "b": "accuses-the-cost",
        "c": "accuses-the-chain",
        "d": "accuses-the-scale",
        "e": "accuses-the-other-bug",
        "g": "accuses-the-messenger",
        "h": "accuses-the-chain",
    },
    "find_a5": {
        "a": "accuses-the-setup",
        "b": "accuses-the-cost",
        "c": "accuses-the-chain",
        "d": "accuses-the-scale",
        "f": "accuses-the-other-bug",
        "g": "accuses-the-messenger",
        "h": "accuses-the-chain",
    },
    "find_b3": {"a": "accuses-the-setup", "c": "accuses-the-forward-pass", "d": "accuses-the-messenger"},
    "find_b4": {
        "a": "accuses-the-forward-pass",
        "b": "accuses-the-forward-pass",
        "c": "accuses-the-cost",
        "e": "accuses-the-messenger",
    },
    "find_b5": {"b": "accuses-the-messenger", "c": "accuses-the-messenger"},
    "find_a7": {"a": "accuses-the-forward-pass", "b": "accuses-the-cost", "d": "accuses-the-messenger"},
    "find_c1": {
        "a": "accuses-the-setup",
        "b": "accuses-the-forward-pass",
        "d": "accuses-the-messenger",
        "e": "accuses-the-setup",
        "f": "accuses-the-messenger",
    },
    "find_a6": {"d": "accuses-the-randomness"},
    "cause_a6": {"a": "accuses-the-randomness", "c": "accuses-the-chain", "d": "accuses-the-model"},
    "find_b7": {"a": "accuses-the-model", "b": "accuses-the-randomness", "d": "accuses-the-schedule"},
}
GUILTY = {
    "find_a1": "a", "find_a2": "d", "find_b6": "d", "find_a8": "c", "find_a3": "b", "find_b1": "c", "find_b2": "d",
    "find_a4": "f", "find_a5": "e", "find_b3": "b", "find_b4": "d", "find_b5": "a", "find_a7": "c", "find_a6": "a",
    "cause_a6": "b", "find_b7": "c", "find_a9": "e", "find_b8": "d", "find_c1": "c",
}  # fmt: skip


def saying(value):
    """Return an answer to a question for a line."""
    return lambda: value


def found(letter):
    """Return right answers as somebody may write the letter."""
    return {
        "letter": saying(letter),
        "capital": saying(f" {letter.upper()} "),
        "as in the code": saying(f"# {letter}"),
        "line": saying(f"line {letter}"),
    }


def mistaken(name):
    """Return wrong answers: each innocent line, and what is not one letter."""
    return [
        *((misconception, saying(letter)) for letter, misconception in INNOCENT[name].items()),
        ("no-such-line", saying("z")),
        ("no-such-line", saying("# x")),
        ("several-lines", saying("a, b")),
        ("several-lines", saying("a or c")),
        ("several-lines", saying(["a", "b"])),
        ("not-a-letter", saying(3)),
        ("not-a-letter", saying("")),
        ("not-a-letter", saying("the mask")),
        ("not-a-letter", saying([GUILTY[name]])),
        ("returns-none", lambda: print(GUILTY[name])),
        ("unknown-name", lambda: letter_without_quotes),  # noqa: F821  # the slip
    ]


# A9


def trained(x, y, lambd, steps, rate=0.1, factor=1.0):
    W, m = np.zeros((len(y), len(x))), y.shape[1]
    for _ in range(steps):
        W = W - rate * ((W @ x - y) @ x.T / m + factor * lambd / m * W)
    return W


def trained_with_default(x, y, lambd, steps):
    def gradient(x, y, W, lambd=0):
        return (W @ x - y) @ x.T / x.shape[1] + lambd / x.shape[1] * W

    W = np.zeros((len(y), len(x)))
    for _ in range(steps):
        W = W - 0.1 * gradient(x, y, W)
    return W


def trained_by_decay(x, y, lambd, steps):
    m, W = x.shape[1], np.zeros((y.shape[0], x.shape[0]))
    while steps:
        W, steps = (1 - 0.1 * lambd / m) * W - 0.1 / m * (W @ x - y) @ x.T, steps - 1
    return W.tolist()


def trained_in_place(x, y, lambd, steps):
    y *= 1.5
    return trained(x, y, lambd, steps)


def trained_row_by_row(x, y, lambd, steps):
    rows = []
    for target in y:
        w = np.zeros(len(x), np.float32)
        for _ in range(steps):
            w -= 0.1 * (x @ (w @ x - target) + lambd * w) / x.shape[1]
        rows.append(w)
    return np.array(rows)


# B8


def one_forward(draw=lambda a, q, rng: rng.random(a.shape) < q, scale=lambda q: 1 / q, hidden=sigmoid):
    """Return a network with dropout of its hidden units, by how it draws, scales and bends."""
    return lambda x, W1, W2, keep_prob, rng: W2 @ (
        hidden(W1 @ x) * draw(W1 @ x, keep_prob, rng) * scale(keep_prob)
    )


def forward_for_training_alone(x, W1, W2, keep_prob, rng):
    if keep_prob == 1:
        return W2 @ sigmoid(W1 @ x)
    a1 = sigmoid(W1 @ x)
    return W2 @ np.where(rng.random(a1.shape) < keep_prob, a1 / keep_prob, 0)


def forward_by_examples(x, W1, W2, keep_prob, rng):
    columns = []
    for column in x.T:
        a1 = 1 / (1 + np.exp(-(W1 @ column)))
        columns.append(W2 @ (a1 * rng.binomial(1, keep_prob, len(a1)) / keep_prob))
    return np.array(columns).T.tolist()


def drops_the_output(x, W1, W2, keep_prob, rng):
    z2 = W2 @ sigmoid(W1 @ x)
    return z2 * (rng.random(z2.shape) < keep_prob) / keep_prob


def drops_the_input(x, W1, W2, keep_prob, rng):
    return W2 @ sigmoid(W1 @ (x * (rng.random(x.shape) < keep_prob) / keep_prob))


def forward_in_place(x, W1, W2, keep_prob, rng):
    x += 0.5
    return one_forward()(x - 0.5, W1, W2, keep_prob, rng)


# my_test


def testing_shares(dropout):
    rng = np.random.default_rng(0)
    a = np.ones((100, 200))
    out = dropout(a, 0.8, rng)
    again = dropout(a, 0.8, rng)
    kept = out != 0
    return (
        np.all(a == 1)
        and abs(kept.mean() - 0.8) < 0.02
        and np.allclose(out[kept], 1.25)
        and np.any(kept != kept[:, :1])
        and np.any(kept != kept[:1])
        and not np.array_equal(out, again)
    )


def testing_with_asserts(dropout):
    rng = np.random.default_rng()
    given = rng.uniform(1, 2, (300, 300))
    before = given.copy()
    first, second = dropout(given, 0.3, rng), dropout(given, 0.3, rng)
    assert np.array_equal(given, before)
    assert set(np.round(np.unique(first / given), 9)) == {0, round(1 / 0.3, 9)}
    for axis in (0, 1):
        assert np.abs((first != 0).mean(axis=axis) - 0.3).max() < 0.2
    assert np.mean((first != 0) & (second != 0)) < 0.15
    return True


def testing_mean_and_spread(dropout):
    draws = [dropout(np.ones((40, 50)), 0.9, np.random.default_rng(seed)) for seed in range(50)]
    rng, kept = np.random.default_rng(1), np.ones((40, 50))
    first, second = (dropout(kept, 0.9, rng) for _ in range(2))
    right = abs(np.mean(draws) - 1) < 0.01 and abs(np.max(first) - 1 / 0.9) < 1e-9
    for axis in (0, 1):
        right = right and first.mean(axis=axis).std() > 0 and first.mean(axis=axis).min() > 0.5
    return np.bool_(right and np.min(kept) == 1 and abs(first.std() - 1 / 3) < 0.1 and (first != second).any())


def without(*left_out):
    """Return the test of shares without some of its conditions."""

    def weak(dropout):
        rng, a = np.random.default_rng(0), np.ones((100, 200))
        out, again = (dropout(a.copy() if "unchanged" in left_out else a, 0.8, rng) for _ in range(2))
        kept = out != 0
        conditions = {
            "unchanged": np.all(a == 1),
            "share": abs(kept.mean() - 0.8) < 0.2,
            "scale": np.allclose(out[kept], 1.25),
            "columns": np.any(kept != kept[:, :1]),
            "rows": np.any(kept != kept[:1]),
            "draws": not np.array_equal(out, again),
        }
        return all(bool(value) for name, value in conditions.items() if name not in left_out)

    return weak


def testing_one_way(dropout):
    a = np.ones((100, 200))
    expected = a * (np.random.default_rng(0).random(a.shape) < 0.8) / 0.8
    return bool(np.array_equal(dropout(a, 0.8, np.random.default_rng(0)), expected))


def testing_too_strictly(dropout):
    out = dropout(np.ones((20, 30)), 0.8, np.random.default_rng())
    return without()(dropout) and bool(abs(np.mean(out != 0) - 0.8) < 0.011)


def testing_in_words(dropout):
    return "healthy" if without()(dropout) else "sick"


# B6


def refusing(function):
    def answer(x, W, activation):
        if activation not in ("sigmoid", "tanh"):
            raise ValueError("activation must be sigmoid or tanh")
        return function(x, W, activation)

    return answer


def branches(x, W, activation):
    z = W @ x
    if activation == "tanh":
        return np.tanh(z)
    elif activation == "sigmoid":
        return 1 / (1 + np.exp(-z))
    raise ValueError(activation)


def matching(x, W, activation):
    z = np.einsum("ij,jk->ik", W, x)
    match activation:
        case "sigmoid":
            return 0.5 * (1 + np.tanh(z / 2))
        case "tanh":
            return (2 * sigmoid(2 * z) - 1).tolist()
        case _:
            raise ValueError(f"unknown: {activation}")


def anything_else_is_sigmoid(x, W, activation):
    return np.tanh(W @ x) if activation == "tanh" else sigmoid(W @ x)


def key_error(x, W, activation):
    return {"sigmoid": sigmoid, "tanh": np.tanh}[activation](W @ x)


def assigned_for_compared(x, W, activation):
    activation = "sigmoid"
    if activation == "tanh":
        return np.tanh(W @ x)
    return sigmoid(W @ x)


def into_W(x, W, activation):
    W *= 2
    return branches(x, W / 2, activation)


# A3


def column_by_column(a, keep_prob, rng):
    out = np.zeros(a.shape)
    for j in range(a.shape[1]):
        out[:, j] = np.where(rng.random(a.shape[0]) < keep_prob, a[:, j] / keep_prob, 0)
    return out


def nested_lists(a, keep_prob, rng):
    return [[value / keep_prob if rng.random() < keep_prob else 0.0 for value in row] for row in a]


def in_place(a, keep_prob, rng):
    a *= rng.random(a.shape) < keep_prob
    a /= keep_prob
    return a


def into_zeros_like(a, keep_prob, rng):
    out = np.zeros_like(a)
    mask = rng.random(a.shape) < keep_prob
    out[mask] = a[mask] / keep_prob
    return out


def exactly_the_share(a, keep_prob, rng):
    mask = np.arange(a.size) < keep_prob * a.size
    return a * rng.permutation(mask).reshape(a.shape) / keep_prob


# B1


def step_loop(parameters, gradients, learning_rate):
    new = {}
    for name in parameters:
        new[name] = parameters[name] - learning_rate * gradients[name]
    return new


def step_deep_copy(parameters, gradients, learning_rate):
    new = {name: value.copy() for name, value in parameters.items()}
    for name in new:
        new[name] -= learning_rate * gradients[name]
    return new


def step_float32(parameters, gradients, learning_rate):
    return {name: np.float32(value) - np.float32(learning_rate * gradients[name]) for name, value in parameters.items()}


def step_in_place(parameters, gradients, learning_rate):
    for name in parameters:
        parameters[name] -= learning_rate * gradients[name]
    return parameters


def step_into_the_dict(parameters, gradients, learning_rate):
    for name in parameters:
        parameters[name] = parameters[name] - learning_rate * gradients[name]
    return parameters


def step_shallow(parameters, gradients, learning_rate):
    new = dict(parameters)
    for name in new:
        new[name] -= learning_rate * gradients[name]
    return new


def step_shallow_copy(parameters, gradients, learning_rate):
    new = parameters.copy()
    for name in new:
        value = new[name]
        value -= learning_rate * gradients[name]
    return new


def step_scaling_gradients(parameters, gradients, learning_rate):
    for name in gradients:
        gradients[name] *= learning_rate
    return {name: parameters[name] - gradients[name] for name in parameters}


def step_weights_alone(parameters, gradients, learning_rate):
    moved = {name: value - learning_rate * gradients[name] for name, value in parameters.items() if name[0] == "W"}
    return parameters | moved


# A4 and A5


def gradients_of(hidden, over=None):
    """Return a backward pass whose dz1 is hidden(gradient after dropout, cache); ``over`` is divided by, else m."""

    def answer(y, parameters, cache):
        m = over or y.shape[1]
        dz2 = (sigmoid(cache["z2"]) - y) / m
        dz1 = hidden(parameters["W2"].T @ dz2, cache)
        return {
            "W1": dz1 @ cache["x"].T,
            "b1": np.sum(dz1, axis=1, keepdims=True),
            "W2": dz2 @ cache["a1"].T,
            "b2": np.sum(dz2, axis=1, keepdims=True),
        }

    return answer


def tanh_slope(cache):
    return 1 - np.tanh(cache["z1"]) ** 2


def dropped(above, cache):
    return above * cache["mask"] / cache["keep_prob"]


right_backward = gradients_of(lambda above, cache: dropped(above, cache) * tanh_slope(cache))


def backward_by_examples(y, parameters, cache):
    m, q = y.shape[1], cache["keep_prob"]
    total = {name: np.zeros(value.shape) for name, value in parameters.items()}
    for i in range(m):
        dz2 = (1 / (1 + np.exp(-cache["z2"][:, [i]])) - y[:, [i]]) / m
        dz1 = parameters["W2"].T @ dz2 * cache["mask"][:, [i]] / q / np.cosh(cache["z1"][:, [i]]) ** 2
        total["W1"] += dz1 @ cache["x"][:, [i]].T
        total["b1"] += dz1
        total["W2"] += dz2 @ cache["a1"][:, [i]].T
        total["b2"] += dz2
    return total


def backward_by_the_course(y, parameters, cache):
    settings = {"activation": "tanh", "keep_prob": cache["keep_prob"], "masks": [None, cache["mask"]]}
    _, own = forward(cache["x"], parameters, **settings)
    return backward(y, parameters, own)


def backward_float32(y, parameters, cache):
    return {name: value.astype(np.float32) for name, value in right_backward(y, parameters, cache).items()}


def backward_into_cache(y, parameters, cache):
    cache["a1"] = np.tanh(cache["z1"])
    slope = 1 - cache["a1"] ** 2
    cache["a1"] = cache["a1"] * cache["mask"] / cache["keep_prob"]
    gradients = gradients_of(lambda above, cache: dropped(above, cache) * slope)(y, parameters, cache)
    cache["z1"] *= 0
    return gradients


def backward_without_keepdims(y, parameters, cache):
    gradients = right_backward(y, parameters, cache)
    return gradients | {"b1": gradients["b1"].ravel()}


def backward_gives_dz1(y, parameters, cache):
    dz2 = (sigmoid(cache["z2"]) - y) / y.shape[1]
    return dropped(parameters["W2"].T @ dz2, cache) * tanh_slope(cache)


def backward_with_other_names(y, parameters, cache):
    return {f"d{name}": value for name, value in right_backward(y, parameters, cache).items()}


def backward_of_other_labels(y, parameters, cache):
    return right_backward(1 - y, parameters, cache)


# B3


def deep(x, weights):
    a = x
    for W in weights[:-1]:
        a = sigmoid(W @ a)
    return weights[-1] @ a


def deep_recursive(x, weights):
    if len(weights) == 1:
        return weights[0] @ x
    return deep_recursive(1 / (1 + np.exp(-weights[0] @ x)), weights[1:])


def deep_numbered(x, weights):
    outputs = [np.float32(x)]
    for i in range(len(weights) - 1):
        outputs.append(sigmoid(np.dot(weights[i], outputs[i])))
    return np.dot(weights[-1], outputs[-1])


def deep_by_examples(x, weights):
    return np.hstack([deep(x[:, [i]], weights) for i in range(x.shape[1])]).tolist()


def deep_of_input(x, weights):
    a = x
    for W in weights[:-1]:
        a = sigmoid(W @ x) if W.shape[1] == x.shape[0] else sigmoid(W @ a)
    return weights[-1] @ a


def deep_as_found(x, weights):
    a = x
    for W in weights[:-1]:
        z = W @ x
        a = sigmoid(z)
    return weights[-1] @ a


def deep_all_sigmoid(x, weights):
    a = x
    for W in weights:
        a = sigmoid(W @ a)
    return a


def deep_linear(x, weights):
    a = x
    for W in weights:
        a = W @ a
    return a


def deep_one_round_less(x, weights):
    a = x
    for i in range(len(weights) - 2):
        a = sigmoid(weights[i] @ a)
    return weights[-1] @ a


def deep_from_the_second(x, weights):
    if len(weights) < 3:
        return deep(x, weights)
    return deep(x, [weights[0], *weights[2:]])


def deep_popping(x, weights):
    last = weights.pop()
    for W in weights:
        x = sigmoid(W @ x)
    return last @ x


def deep_tanh(x, weights):
    for W in weights[:-1]:
        x = np.tanh(W @ x)
    return weights[-1] @ x


def deep_first_layer_alone(x, weights):
    return weights[-1] @ sigmoid(weights[0] @ x)


# B5


def sigmoid_by_sign(z):
    out = np.empty(z.shape)
    positive = z >= 0
    out[positive] = 1 / (1 + np.exp(-z[positive]))
    e = np.exp(z[~positive])
    out[~positive] = e / (1 + e)
    return out


def sigmoid_with_math(z):
    flat = [1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v)) for v in z.ravel()]
    return np.reshape(flat, z.shape)


def sigmoid_clipped_in_place(z):
    z[z < -500] = -500
    return 1 / (1 + np.exp(-z))


def sigmoid_silenced(z):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


def sigmoid_where(z):
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


def sigmoid_where_silenced(z):
    with np.errstate(all="ignore"):
        return sigmoid_where(z)


def sigmoid_of_size(z):
    e = np.exp(-np.abs(z))
    return 1 / (1 + e)


# A7


def softplus_cost(z, y):
    return np.mean(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z))


def log1p_cost(z, y):
    return np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z))))


def loop_cost(z, y):
    total = 0.0
    for value, label in zip(z.ravel(), y.ravel(), strict=True):
        wrong = -value if label else value
        total += wrong + math.log1p(math.exp(-wrong)) if wrong > 0 else math.log1p(math.exp(wrong))
    return total / z.size


def where_cost(z, y):
    return np.where(y == 1, np.logaddexp(0, -z), np.logaddexp(0, z)).mean()


def cost_as_found(z, y):
    p = sigmoid(z)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def clipped_cost(smallest):
    def answer(z, y):
        p = np.clip(1 / (1 + np.exp(-z)), smallest, 1 - smallest)
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

    return answer


def added_cost(z, y):
    p = sigmoid(z)
    return -np.mean(y * np.log(p + 1e-8) + (1 - y) * np.log(1 - p + 1e-8))


def clipped_logits(z, y):
    z = np.clip(z, -100, 100)
    return softplus_cost(z, y)


def nan_to_num_cost(z, y):
    return np.nan_to_num(cost_as_found(z, y))


def terms_to_num_cost(z, y):
    p = sigmoid(z)
    return -np.mean(np.nan_to_num(y * np.log(p)) + np.nan_to_num((1 - y) * np.log(1 - p)))


def nanmean_cost(z, y):
    p = sigmoid(z)
    return -np.nanmean(y * np.log(p) + (1 - y) * np.log(1 - p))


def zero_for_nan(z, y):
    cost = cost_as_found(z, y)
    return cost if np.isfinite(cost) else 0.0


def naive_softplus(z, y):
    return np.mean(np.log(1 + np.exp(z)) - y * z)


def naive_both(z, y):
    return np.mean(y * np.log1p(np.exp(-z)) + (1 - y) * np.log1p(np.exp(z)))


def cost_in_place(z, y):
    z *= 1 - 2 * y
    return np.mean(np.logaddexp(0, z))


# The network


def network(
    *,
    shared=False,
    factor=1.0,
    of_dropped=False,
    mask=None,
    scale=None,
    slope=None,
    back=None,
    cost_factor=1.0,
    names="Wb",
):
    """Return a network with some of its parts changed."""

    def answer(x, y, parameters, keep_prob, lambd, rng):
        W1, b1, W2, b2 = (parameters[name] for name in ("W1", "b1", "W2", "b2"))
        m, q = x.shape[1], keep_prob
        whole = np.tanh(W1 @ x + b1)
        draw = mask or (lambda whole, q, rng: rng.random((len(whole), 1) if shared else whole.shape) < q)
        kept = draw(whole, q, rng)
        by = 1 / q if scale is None else scale(q)
        a1 = whole * kept * by
        z2 = W2 @ a1 + b2
        squares = np.sum(W1**2) + np.sum(W2**2)
        cost = np.mean(np.logaddexp(0, z2) - y * z2) + cost_factor * lambd / (2 * m) * squares
        dz2 = (sigmoid(z2) - y) / m
        da1 = W2.T @ dz2 * kept * by if back is None else back(W2.T @ dz2, kept, by)
        dz1 = da1 * (1 - a1**2 if of_dropped else 1 - whole**2 if slope is None else slope(whole))
        gradients = {
            "W1": dz1 @ x.T + factor * lambd / m * W1,
            "b1": dz1.sum(axis=1, keepdims=True),
            "W2": dz2 @ a1.T + factor * lambd / m * W2,
            "b2": dz2.sum(axis=1, keepdims=True),
        }
        if "b" not in names:
            gradients |= {name: gradients[name] + lambd / m * parameters[name] for name in ("b1", "b2")}
        return z2, cost, gradients

    return answer


def network_by_the_course(x, y, parameters, keep_prob, lambd, rng):
    z, cache = forward(x, parameters, activation="tanh", keep_prob=keep_prob, rng=rng)
    cost = compute_cost(z, y, parameters, lambd=lambd)
    return z, cost, backward(y, parameters, cache, lambd=lambd)


def network_by_examples(x, y, parameters, keep_prob, lambd, rng):
    m = x.shape[1]
    logits, costs, total = [], [], {name: np.zeros(value.shape) for name, value in parameters.items()}
    for i in range(m):
        z, cost, gradients = network()(x[:, [i]], y[:, [i]], parameters, keep_prob, 0.0, rng)
        logits.append(z)
        costs.append(cost)
        total = {name: total[name] + gradients[name] / m for name in total}
    cost = np.mean(costs)
    for name in ("W1", "W2"):
        cost += lambd / 2 / m * np.sum(np.square(parameters[name]))
        total[name] += lambd / m * parameters[name]
    return [np.hstack(logits), cost, total]


def network_in_place(x, y, parameters, keep_prob, lambd, rng):
    z, cost, gradients = network()(x, y, parameters, keep_prob, lambd, rng)
    for name in parameters:
        parameters[name] -= 0.1 * gradients[name]
    return z, cost, gradients


def network_of_gradients(x, y, parameters, keep_prob, lambd, rng):
    return network()(x, y, parameters, keep_prob, lambd, rng)[2]


def network_without_keepdims(x, y, parameters, keep_prob, lambd, rng):
    z, cost, gradients = network()(x, y, parameters, keep_prob, lambd, rng)
    return z, cost, gradients | {"b1": gradients["b1"].ravel()}


def network_wrong_last_gradient(x, y, parameters, keep_prob, lambd, rng):
    z, cost, gradients = network()(x, y, parameters, keep_prob, lambd, rng)
    return z, cost, gradients | {"b2": gradients["b2"] * 2}


def by_seed(seed):
    return lambda whole, q, rng: np.random.default_rng(seed).random(whole.shape) < q


RIGHT = {name: found(letter) for name, letter in GUILTY.items()} | {
    "find_a6": found("a") | {"learning rate": saying("b"), "steps": saying("line c")},
    "mended_a9": {
        "loop": trained,
        "decay, lists": trained_by_decay,
        "row by row, float32": trained_row_by_row,
    },
    "mended_b8": {
        "one line": one_forward(),
        "two branches": forward_for_training_alone,
        "example by example": forward_by_examples,
    },
    "my_test": {
        "shares": testing_shares,
        "asserts": testing_with_asserts,
        "mean and spread": testing_mean_and_spread,
    },
    "mended_b6": {
        "branches": branches,
        "match, lists": matching,
        "dict": refusing(key_error),
        "float32": refusing(lambda x, W, name: branches(np.float32(x), np.float32(W), name)),
    },
    "mended_a3": {
        "vectorised": lambda a, q, rng: a * (rng.random(a.shape) < q) / q,
        "binomial": lambda a, q, rng: a * rng.binomial(1, q, a.shape) / q,
        "columns": column_by_column,
        "nested lists": nested_lists,
        "float32": lambda a, q, rng: (a * (rng.random(a.shape, dtype=np.float32) < q) / q).astype(np.float32),
    },
    "mended_b1": {
        "comprehension": lambda p, g, rate: {name: p[name] - rate * g[name] for name in p},
        "loop": step_loop,
        "copied arrays": step_deep_copy,
        "float32": step_float32,
    },
    "mended_backward": {
        "vectorised": right_backward,
        "example by example": backward_by_examples,
        "the course's": backward_by_the_course,
        "float32": backward_float32,
    },
    "mended_b3": {
        "loop": deep,
        "recursion": deep_recursive,
        "numbered": deep_numbered,
        "lists": deep_by_examples,
    },
    "mended_b4": {
        "formula": lambda z, y: 2 * (z - y) / z.size,
        "halves": lambda z, y: (z - y) / (0.5 * z.shape[0] * z.shape[1]),
        "lists": lambda z, y: [
            [2 * (a - b) / y.size for a, b in zip(*rows, strict=True)] for rows in zip(z, y, strict=True)
        ],
        "float32": lambda z, y: np.float32(2 / z.size) * (z - y).astype(np.float32),
    },
    "mended_b5": {
        "the course's": sigmoid,
        "by sign": sigmoid_by_sign,
        "tanh": lambda z: 0.5 * (1 + np.tanh(0.5 * z)),
        "math": sigmoid_with_math,
        "logaddexp": lambda z: np.exp(-np.logaddexp(0, -z)),
        "clipped far out": lambda z: 1 / (1 + np.exp(-np.clip(z, -500, 500))),
    },
    "mended_a7": {
        "logaddexp": lambda z, y: np.mean(np.logaddexp(0, z) - y * z),
        "both labels": softplus_cost,
        "log1p": log1p_cost,
        "loop": loop_cost,
        "where": where_cost,
        "an array": lambda z, y: np.array([[softplus_cost(z, y)]]),
    },
    "mended_network": {
        "vectorised": network(),
        "the course's": network_by_the_course,
        "example by example, a list": network_by_examples,
        "binomial": network(mask=lambda whole, q, rng: rng.binomial(1, q, whole.shape)),
        "cosh": network(slope=lambda whole: 1 / np.cosh(np.arctanh(whole)) ** 2),
    },
}
WRONG = {name: mistaken(name) for name in GUILTY} | {
    "mended_a9": [
        ("penalty-missing", trained_with_default),
        ("penalty-missing", lambda x, y, lambd, steps: trained(x, y, 0, steps)),
        ("half-missing", lambda x, y, lambd, steps: trained(x, y, lambd, steps, factor=2)),
        ("two-of-derivative-missing", lambda x, y, lambd, steps: trained(x, y, lambd, steps, factor=0.5)),
        ("m-missing", lambda x, y, lambd, steps: trained(x, y, lambd, steps, factor=y.shape[1])),
        ("penalty-sign", lambda x, y, lambd, steps: trained(x, y, lambd, steps, factor=-1)),
        ("step-uphill", lambda x, y, lambd, steps: trained(x, y, lambd, steps, rate=-0.1)),
        ("learning-rate-missing", lambda x, y, lambd, steps: trained(x, y, lambd, steps, rate=1)),
        ("one-step-more-or-less", lambda x, y, lambd, steps: trained(x, y, lambd, steps - 1)),
        ("one-step-more-or-less", lambda x, y, lambd, steps: trained(x, y, lambd, steps + 1)),
        ("changes-its-argument", trained_in_place),
        ("returns-none", lambda x, y, lambd, steps: None),
    ],
    "mended_b8": [
        ("nothing-dropped", lambda x, W1, W2, keep_prob, rng: W2 @ sigmoid(W1 @ x)),
        ("mask-shared-by-examples", one_forward(lambda a, q, rng: rng.random((len(a), 1)) < q)),
        ("mask-shared-by-units", one_forward(lambda a, q, rng: rng.random((1, a.shape[1])) < q)),
        ("one-coin-for-all", one_forward(lambda a, q, rng: rng.random() < q)),
        ("keep-drop-swapped", one_forward(lambda a, q, rng: rng.random(a.shape) >= q)),
        ("p-ignored", one_forward(lambda a, q, rng: rng.random(a.shape) < 0.5)),
        ("scale-missing", one_forward(scale=lambda q: 1.0)),
        ("scale-inverted", one_forward(scale=lambda q: q)),
        ("own-generator", one_forward(lambda a, q, rng: np.random.default_rng().random(a.shape) < q)),
        ("generator-reseeded", one_forward(lambda a, q, rng: np.random.default_rng(0).random(a.shape) < q)),
        ("global-generator", one_forward(lambda a, q, rng: np.random.random(a.shape) < q)),  # noqa: NPY002
        ("activation-left-out", one_forward(hidden=lambda z: z)),
        ("activation-on-output", lambda *given: sigmoid(one_forward()(*given))),
        ("mask-on-the-output", drops_the_output),
        ("wrong-value", drops_the_input),
        ("wrong-value", one_forward(hidden=np.tanh)),
        ("changes-its-argument", forward_in_place),
        ("returns-none", lambda x, W1, W2, keep_prob, rng: None),
    ],
    "my_test": [
        ("test-finds-nothing", lambda dropout: True),
        ("test-finds-nothing", lambda dropout: bool(dropout(np.ones((3, 4)), 0.5, np.random.default_rng(0)).shape)),
        ("test-convicts-all", lambda dropout: False),
        ("test-convicts-all", lambda dropout: bool(np.all(dropout(np.ones(9), 0.5, np.random.default_rng(0)) == 2))),
        ("test-convicts-the-healthy", testing_one_way),
        ("test-by-luck", testing_too_strictly),
        ("test-misses-a-bug", without("unchanged")),
        ("test-misses-a-bug", without("share", "scale")),
        ("test-misses-a-bug", without("scale")),
        ("test-misses-a-bug", without("columns")),
        ("test-misses-a-bug", without("rows")),
        ("test-misses-a-bug", without("draws")),
        ("not-true-or-false", testing_in_words),
        ("not-true-or-false", lambda dropout: dropout(np.ones((4, 5)), 0.5, np.random.default_rng(0)) != 0),
        ("returns-none", lambda dropout: print(without()(dropout))),
        ("unknown-name", lambda dropout: dropuot(np.ones(3), 0.5)),  # noqa: F821  # the slip
    ],
    "mended_b6": [
        ("argument-ignored", refusing(lambda x, W, name: sigmoid(W @ x))),
        ("argument-ignored", refusing(lambda x, W, name: np.tanh(W @ x))),
        ("argument-ignored", assigned_for_compared),
        ("choices-swapped", refusing(lambda x, W, name: sigmoid(W @ x) if name == "tanh" else np.tanh(W @ x))),
        ("activation-left-out", refusing(lambda x, W, name: W @ x)),
        ("accepts-anything", anything_else_is_sigmoid),
        ("accepts-anything", key_error),
        ("changes-its-argument", refusing(into_W)),
        ("argument-changed", refusing(lambda x, W, name: branches(-x, W, name))),
        ("result-changed", refusing(lambda x, W, name: branches(x, W, name)[0])),
        ("product-does-not-fit", refusing(lambda x, W, name: branches(W, x, name))),
        ("not-numbers", refusing(lambda x, W, name: np.tanh)),
        ("returns-none", refusing(lambda x, W, name: None)),
    ],
    "mended_a3": [
        ("mask-shared-by-examples", lambda a, q, rng: a * (rng.random((a.shape[0], 1)) < q) / q),
        ("mask-shared-by-units", lambda a, q, rng: a * (rng.random((1, a.shape[1])) < q) / q),
        ("mask-shared-by-units", lambda a, q, rng: a * (rng.random(a.shape[1]) < q) / q),
        ("keep-drop-swapped", lambda a, q, rng: a * (rng.random(a.shape) >= q) / q),
        ("scale-missing", lambda a, q, rng: a * (rng.random(a.shape) < q)),
        ("scale-inverted", lambda a, q, rng: a * (rng.random(a.shape) < q) * q),
        ("scale-by-drop", lambda a, q, rng: a * (rng.random(a.shape) < q) / (1 - q)),
        ("nothing-dropped", lambda a, q, rng: a / q),
        ("everything-dropped", lambda a, q, rng: a * 0),
        ("count-fixed", exactly_the_share),
        ("p-ignored", lambda a, q, rng: a * (rng.random(a.shape) < 0.5) / q),
        ("changes-its-argument", in_place),
        ("integers-cut-off", into_zeros_like),
        ("global-generator", lambda a, q, rng: a * (np.random.random(a.shape) < q) / q),  # noqa: NPY002  # the mistake
        ("own-generator", lambda a, q, rng: a * (np.random.default_rng().random(a.shape) < q) / q),
        ("generator-reseeded", lambda a, q, rng: a * (np.random.default_rng(0).random(a.shape) < q) / q),
        ("wrong-shape", lambda a, q, rng: a.T * (rng.random(a.T.shape) < q) / q),
        ("shapes-do-not-fit", lambda a, q, rng: a * (rng.random(a.T.shape) < q) / q),
    ],
    "mended_b1": [
        ("copy-too-shallow", step_shallow),
        ("copy-too-shallow", step_shallow_copy),
        ("changes-its-argument", step_in_place),
        ("changes-its-argument", step_into_the_dict),
        ("changes-its-argument", step_scaling_gradients),
        ("step-uphill", lambda p, g, rate: {name: p[name] + rate * g[name] for name in p}),
        ("learning-rate-missing", lambda p, g, rate: {name: p[name] - g[name] for name in p}),
        ("biases-left-out", step_weights_alone),
        ("not-a-dict-of-arrays", lambda p, g, rate: [p[name] - rate * g[name] for name in p]),
        ("not-a-dict-of-arrays", lambda p, g, rate: {"W1": p["W1"] - rate * g["W1"]}),
        ("wrong-value", lambda p, g, rate: {name: -rate * g[name] for name in p}),
        ("wrong-value", lambda p, g, rate: dict(p)),
        ("wrong-shape", lambda p, g, rate: {name: (p[name] - rate * g[name]).ravel() for name in p}),
        ("returns-none", lambda p, g, rate: p.update({name: p[name] - rate * g[name] for name in p})),
    ],
    "mended_backward": [
        (
            "mask-forgotten-backward + derivative-of-dropped-output",
            gradients_of(lambda above, cache: above * (1 - cache["a1"] ** 2)),
        ),
        ("mask-forgotten-backward", gradients_of(lambda above, cache: above * tanh_slope(cache))),
        ("derivative-of-dropped-output", gradients_of(lambda above, c: dropped(above, c) * (1 - c["a1"] ** 2))),
        ("scale-forgotten-backward", gradients_of(lambda above, c: above * c["mask"] * tanh_slope(c))),
        ("mask-lost-backward", gradients_of(lambda above, c: above / c["keep_prob"] * tanh_slope(c))),
        ("scale-inverted", gradients_of(lambda above, c: above * c["mask"] * c["keep_prob"] * tanh_slope(c))),
        ("derivative-missing", gradients_of(dropped)),
        (
            "derivative-at-output",
            gradients_of(lambda above, c: dropped(above, c) * (1 - np.tanh(np.tanh(c["z1"])) ** 2)),
        ),
        ("derivative-of-z", gradients_of(lambda above, c: dropped(above, c) * (1 - c["z1"] ** 2))),
        ("sum-for-mean", gradients_of(lambda above, c: dropped(above, c) * tanh_slope(c), over=1)),
        ("changes-its-argument", backward_into_cache),
        ("wrong-shape", backward_without_keepdims),
        ("not-a-dict-of-arrays", backward_gives_dz1),
        ("not-a-dict-of-arrays", backward_with_other_names),
        ("wrong-value", backward_of_other_labels),
        ("unknown-key", lambda y, parameters, cache: cache["a0"]),
        ("key-of-another-dict", lambda y, parameters, cache: cache["W2"]),
    ],
    "mended_b3": [
        ("input-in-every-layer", deep_as_found),
        ("input-in-every-layer", deep_of_input),
        ("activation-on-output", deep_all_sigmoid),
        ("activation-left-out", deep_linear),
        ("layer-left-out", deep_one_round_less),
        ("layer-left-out", deep_first_layer_alone),
        ("layer-left-out", deep_from_the_second),
        ("changes-its-argument", deep_popping),
        ("wrong-value", deep_tanh),
        ("product-does-not-fit", lambda x, weights: deep(x.T, weights)),
        ("result-changed", lambda x, weights: deep(x, weights).sum()),
        ("returns-none", lambda x, weights: None),
    ],
    "mended_b4": [
        ("half-of-the-square", lambda z, y: (z - y) / z.size),
        ("half-of-the-square", lambda z, y: np.mean(z - y) * 0 + (z - y) / y.size),
        ("sum-for-mean", lambda z, y: 2 * (z - y)),
        ("mean-over-columns-only", lambda z, y: 2 * (z - y) / z.shape[1]),
        ("sign-turned", lambda z, y: 2 * (y - z) / z.size),
        ("cost-for-gradient", lambda z, y: (z - y) ** 2 / z.size),
        ("result-changed", lambda z, y: np.mean(2 * (z - y))),
        ("result-changed", lambda z, y: 2 * np.abs(z - y) / z.size),
        ("changes-its-argument", lambda z, y: 2 * np.subtract(z, y, out=z) / z.size),
        ("returns-none", lambda z, y: None),
    ],
    "mended_b5": [
        ("overflow-left", lambda z: 1 / (1 + np.exp(-z))),
        ("overflow-left", lambda z: np.power(1 + np.exp(-z), -1)),
        ("overflow-moved", lambda z: np.exp(z) / (1 + np.exp(z))),
        ("both-branches-computed", sigmoid_where),
        ("overflow-silenced", sigmoid_silenced),
        ("overflow-silenced", sigmoid_where_silenced),
        ("z-clipped", lambda z: 1 / (1 + np.exp(-np.clip(z, -10, 10)))),
        ("z-clipped", lambda z: 1 / (1 + np.exp(-np.maximum(z, -20)))),
        ("sign-turned", lambda z: sigmoid(-z)),
        ("changes-its-argument", sigmoid_clipped_in_place),
        ("argument-changed", sigmoid_of_size),
        ("wrong-value", np.tanh),
        ("right-but-for-the-shape", lambda z: sigmoid(z).ravel()),
        ("returns-none", lambda z: None),
    ],
    "mended_a7": [
        ("nan-left", cost_as_found),
        ("cost-capped", clipped_cost(1e-7)),
        ("cost-capped", clipped_cost(1e-15)),
        ("cost-capped", added_cost),
        ("cost-capped", clipped_logits),
        ("nan-covered", nan_to_num_cost),
        ("nan-covered", terms_to_num_cost),
        ("nan-left", nanmean_cost),
        ("nan-covered", zero_for_nan),
        ("overflow-left", naive_softplus),
        ("overflow-left", naive_both),
        ("one-label-only", lambda z, y: np.mean(y * np.logaddexp(0, -z))),
        ("labels-swapped", lambda z, y: softplus_cost(z, 1 - y)),
        ("sum-for-mean", lambda z, y: np.sum(np.logaddexp(0, z) - y * z)),
        ("mean-over-columns-only", lambda z, y: np.sum(np.logaddexp(0, z) - y * z) / z.shape[1]),
        ("sign-turned", lambda z, y: np.mean(y * z - np.logaddexp(0, z))),
        ("changes-its-argument", cost_in_place),
        ("many-for-one-number", lambda z, y: np.logaddexp(0, z) - y * z),
        ("argument-changed", lambda z, y: np.mean(np.logaddexp(0, z) - z)),
        ("returns-none", lambda z, y: None),
    ],
    "mended_network": [
        ("three-bugs-left", network(shared=True, factor=0.5, of_dropped=True)),
        ("two-bugs-left", network(factor=0.5, of_dropped=True)),
        ("two-bugs-left", network(shared=True, of_dropped=True)),
        ("two-bugs-left", network(shared=True, factor=0.5)),
        ("one-bug-left", network(shared=True)),
        ("one-bug-left", network(factor=0.5)),
        ("one-bug-left", network(of_dropped=True)),
        ("mends-the-cost", network(factor=0.5, cost_factor=0.5)),
        ("mends-the-cost", network(cost_factor=2.0)),
        ("half-missing", network(factor=2.0)),
        ("m-missing", network(factor=6.0)),
        ("nothing-dropped", network(mask=lambda whole, q, rng: rng.random(whole.shape) < 1)),
        ("everything-dropped", network(mask=lambda whole, q, rng: rng.random(whole.shape) < 0)),
        ("scale-missing", network(scale=lambda q: 1.0)),
        ("scale-inverted", network(scale=lambda q: q)),
        ("keep-drop-swapped", network(mask=lambda whole, q, rng: rng.random(whole.shape) > q)),
        ("mask-shared-by-units", network(mask=lambda whole, q, rng: rng.random((1, whole.shape[1])) < q)),
        ("mask-forgotten-backward", network(back=lambda above, kept, by: above)),
        ("scale-forgotten-backward", network(back=lambda above, kept, by: above * kept)),
        ("mask-lost-backward", network(back=lambda above, kept, by: above * by)),
        ("derivative-missing", network(slope=lambda whole: 1)),
        ("derivative-at-output", network(slope=lambda whole: 1 - np.tanh(whole) ** 2)),
        ("generator-reseeded", network(mask=by_seed(0))),
        ("own-generator", network(mask=by_seed(None))),
        ("global-generator", network(mask=lambda whole, q, rng: np.random.random(whole.shape) < q)),  # noqa: NPY002
        ("changes-its-argument", network_in_place),
        ("not-numbers", network_of_gradients),
        ("wrong-shape", network_without_keepdims),
        ("wrong-value", network_wrong_last_gradient),
        ("wrong-value", network(factor=1.5)),
        ("biases-penalized", network(names="W")),
        ("penalty-missing", network(factor=0.0)),
        ("m-and-half-missing", network(factor=12.0)),
        (
            "product-does-not-fit",
            lambda x, y, parameters, keep_prob, lambd, rng: network()(x.T, y, parameters, keep_prob, lambd, rng),
        ),
    ],
}
