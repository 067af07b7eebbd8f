"""Answers to the exercises of chapter 02."""

import random

import numpy as np

from course_utils import network
from course_utils.activations import sigmoid
from course_utils.flat_training import train_flat
from course_utils.optimizers import Adam


def refusing(function):
    """Return a dropout function that also refuses a bad keep_prob."""

    def answer(x, keep_prob, rng):
        if keep_prob <= 0 or keep_prob > 1:
            raise ValueError("keep_prob must be in (0, 1]")
        return function(x, keep_prob, rng)

    return answer


def in_place(x, keep_prob, rng):
    x *= rng.random(x.shape) < keep_prob
    x /= keep_prob
    return x


def into_zeros_like(x, keep_prob, rng):
    out = np.zeros_like(x)
    mask = rng.random(x.shape) < keep_prob
    out[mask] = x[mask] / keep_prob
    return out


def exactly_the_share(x, keep_prob, rng):
    mask = np.zeros(len(x), dtype=bool)
    mask[rng.permutation(len(x))[: round(keep_prob * len(x))]] = True
    return x * mask / keep_prob


def share_seen(x, keep_prob, rng):
    mask = rng.random(x.shape) < keep_prob
    return x * mask / mask.mean()


def seeded_inside(x, keep_prob, rng):
    return x * (np.random.default_rng(0).random(x.shape) < keep_prob) / keep_prob


def own_generator(x, keep_prob, rng):
    return x * (np.random.default_rng().random(x.shape) < keep_prob) / keep_prob


def global_numpy(x, keep_prob, rng):
    return x * (np.random.rand(*x.shape) < keep_prob) / keep_prob  # noqa: NPY002  # the mistake


def global_python(x, keep_prob, rng):
    return np.array([value / keep_prob if random.random() < keep_prob else 0.0 for value in x])


def loop(x, keep_prob, rng):
    out = []
    for value in x:
        if rng.random() < keep_prob:
            out.append(value / keep_prob)
        else:
            out.append(0.0)
    return out


def shuffled_mask(a, keep_prob, rng):
    mask = np.arange(a.size) < keep_prob * a.size
    return rng.permutation(mask).reshape(a.shape)


def mask_in_place(a, keep_prob, rng):
    a[:] = rng.random(a.shape) < keep_prob
    return a


def backward_in_place(da, z, mask, keep_prob):
    da *= mask / keep_prob
    da *= 1 - np.tanh(z) ** 2
    return da


def backward_in_loops(da, z, mask, keep_prob):
    dz = np.zeros(z.shape)
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            if mask[i, j]:
                dz[i, j] = da[i, j] / keep_prob * (1 - np.tanh(z[i, j]) ** 2)
    return dz


def slope_by_function_of_w(cost, w, draw, epsilon):
    mask = draw()

    def at(w):
        return cost(w, mask)

    return (at(w + epsilon) - at(w - epsilon)) / epsilon / 2


def slope_by_diff(cost, w, draw, epsilon):
    mask = draw()
    costs = [cost(point, mask) for point in (w - epsilon, w + epsilon)]
    return np.diff(costs)[0] / (2 * epsilon)


def slope_by_gradient(cost, w, draw, epsilon):
    kept = draw()
    return np.gradient([cost(w + k * epsilon, kept) for k in (-1, 0, 1)], epsilon)[1]


def with_mask(formula):
    """Return an answer that draws one mask and puts it into a formula."""

    def answer(cost, w, draw, epsilon):
        mask = draw()
        return formula(lambda at: cost(at, mask), w, epsilon)

    return answer


def layer_in_place(a, W, b, keep_prob):
    a *= keep_prob
    return W @ a + b


def tanh_slope(z):
    return 1 - np.tanh(z) ** 2


STORED = {}  # what answers keep from one call to the next


def refusing_one(x, keep_prob, rng):
    if not 0 < keep_prob < 1:
        raise ValueError("keep_prob must be in (0, 1)")
    return x * (rng.random(x.shape) < keep_prob) / keep_prob


def imports_a_toolbox(x, keep_prob, rng):
    import toolbox_that_nobody_has as toolbox

    return toolbox.dropout(x, keep_prob)


def slope_of_many_masks(cost, w, draw, epsilon):
    slopes = []
    for _ in range(50):
        mask = draw()
        slopes.append((cost(w + epsilon, mask) - cost(w - epsilon, mask)) / (2 * epsilon))
    return np.mean(slopes)


def slope_of_a_mean_mask(cost, w, draw, epsilon):
    mask = np.mean([draw() for _ in range(50)], axis=0)
    return (cost(w + epsilon, mask) - cost(w - epsilon, mask)) / (2 * epsilon)


def slope_of_a_sum(cost, w, draw, epsilon):
    mask = draw()
    return (cost(w + epsilon, mask) + cost(w - epsilon, mask)) / (2 * epsilon)


def slope_of_a_bend(cost, w, draw, epsilon):
    mask = draw()
    return (cost(w + epsilon, mask) - 2 * cost(w, mask) + cost(w - epsilon, mask)) / epsilon**2


def slope_of_an_own_mask(cost, w, draw, epsilon):
    mask = np.arange(draw().size) == 0
    return (cost(w + epsilon, mask) - cost(w - epsilon, mask)) / (2 * epsilon)


def slope_with_own_step(cost, w, draw, epsilon):
    mask, epsilon = draw(), 0.2
    return (cost(w + epsilon, mask) - cost(w - epsilon, mask)) / (2 * epsilon)


def slope_without_dropout(cost, w, draw, epsilon):
    mask = np.ones_like(draw())
    return (cost(w + epsilon, mask) - cost(w - epsilon, mask)) / (2 * epsilon)


def slope_uncalled(cost, w, draw, epsilon):
    return (cost(w + epsilon, draw) - cost(w - epsilon, draw)) / (2 * epsilon)


def slope_of_a_mask_in_brackets(cost, w, draw, epsilon):
    mask = draw[0]
    return (cost(w + epsilon, mask) - cost(w - epsilon, mask)) / (2 * epsilon)


def variance_in_a_branch(x, q):
    if x > 100:
        square = x**2
    return square * (1 - q) / q


def backward_that_asserts(da, z, mask, q):
    assert da.shape[1] == 3
    return da * mask / q * tanh_slope(z)


def moments(second, first):
    return lambda x, q: x**2 * second(q) - (x * first(q)) ** 2


def trained(steps=300, sign=1, sizes=(2, 64, 64, 1), **settings):
    """Return a plain loop of full passes with Adam, and a function that predicts with the whole network."""

    def answer(x, y, rng):
        parameters, optimizer = network.initialize_parameters(list(sizes), rng), Adam(0.02)
        state = optimizer.start(parameters)
        for _ in range(steps):
            _, cache = network.forward(x, parameters, rng=rng, keep_prob=settings.get("keep_prob", 1.0))
            gradients = network.backward(y, parameters, cache, lambd=settings.get("lambd", 0.0))
            signed = {name: sign * gradient for name, gradient in gradients.items()}
            parameters, state = optimizer.step(parameters, signed, state)
        return lambda points: network.predict(points, parameters)

    return answer


def trained_by_hand(x, y, rng):
    """A network with one hidden layer of tanh, whose gradients are written out, and L2."""
    W1, b1 = rng.standard_normal((30, 2)), np.zeros((30, 1))
    W2, b2 = 0.1 * rng.standard_normal((1, 30)), np.zeros((1, 1))
    m, lambd = x.shape[1], 0.5
    for _ in range(3000):
        a = np.tanh(W1 @ x + b1)
        dz = (1 / (1 + np.exp(-(W2 @ a + b2))) - y) / m
        da = W2.T @ dz * (1 - a**2)
        W2, b2 = W2 - 0.5 * (dz @ a.T + lambd / m * W2), b2 - 0.5 * dz.sum(axis=1, keepdims=True)
        W1, b1 = W1 - 0.5 * (da @ x.T + lambd / m * W1), b1 - 0.5 * da.sum(axis=1, keepdims=True)
    return lambda points: (1 / (1 + np.exp(-(W2 @ np.tanh(W1 @ points + b1) + b2))))[0]


def trained_in_batches(x, y, rng):
    start = network.initialize_parameters([2, 64, 64, 1], rng)
    run = train_flat(x, y, start, rng=rng, steps=600, optimizer=Adam(0.01), keep_prob=0.5, batch_size=25)
    return lambda points: network.predict(points, run.parameters)


def started_at_zero(x, y, rng):
    """Training whose weights all begin at 0: the units of a layer stay alike, and so does the gradient."""
    parameters = {name: 0 * value for name, value in network.initialize_parameters([2, 64, 64, 1], rng).items()}
    for _ in range(300):
        _, cache = network.forward(x, parameters, keep_prob=0.5, rng=rng)
        gradients = network.backward(y, parameters, cache)
        parameters = {name: value - 0.5 * gradients[name] for name, value in parameters.items()}
    return lambda points: network.predict(points, parameters)


def with_parameters(found):
    """Return training with dropout whose result is made of the trained network by ``found``."""

    def answer(x, y, rng):
        start = network.initialize_parameters([2, 64, 64, 1], rng)
        run = train_flat(x, y, start, rng=rng, steps=300, optimizer=Adam(0.02), keep_prob=0.5)
        return found(run.parameters, rng)

    return answer


def labels_given_back(x, y, rng):
    y[:] = trained(keep_prob=0.5)(x, y, rng)(x)
    return lambda points: np.full((1, points.shape[1]), 0.5)


RIGHT = {
    "dropout_variance": {
        "formula": lambda x, q: x**2 * (1 - q) / q,
        "second moment": lambda x, q: x * x / q - x * x,
        "float32": lambda x, q: np.float32(x) ** 2 * (np.float32(1) / np.float32(q) - np.float32(1)),
        "sum over both outcomes": lambda x, q: sum(p * (v - x) ** 2 for p, v in ((q, x / q), (1 - q, 0))),
    },
    "dropout": {
        "vectorised": refusing(lambda x, q, rng: x * (rng.random(x.shape) < q) / q),
        "np.where": refusing(lambda x, q, rng: np.where(rng.random(x.shape) >= q, 0, np.asarray(x) / q)),
        "binomial": refusing(lambda x, q, rng: x * rng.binomial(1, q, size=x.shape) / q),
        "choice": refusing(lambda x, q, rng: x * rng.choice([0, 1], p=[1 - q, q], size=x.shape) / q),
        "float32": refusing(lambda x, q, rng: (x * (rng.random(x.shape, dtype=np.float32) < q) / q).astype(np.float32)),
    },
    "batch_mask": {
        "vectorised": lambda a, q, rng: rng.random(a.shape) < q,
        "binomial": lambda a, q, rng: rng.binomial(1, q, a.shape),
        "column by column": lambda a, q, rng: np.stack([rng.random(a.shape[0]) < q for _ in range(a.shape[1])], axis=1),
        "nested lists": lambda a, q, rng: [[int(rng.uniform() < q) for _ in row] for row in a],
        "float32": lambda a, q, rng: (rng.random(a.shape) < q).astype(np.float32),
    },
    "tanh_dropout_backward": {
        "vectorised": lambda da, z, mask, q: da * mask / q * tanh_slope(z),
        "cosh": lambda da, z, mask, q: np.where(mask, da / q, 0) / np.cosh(z) ** 2,
        "loops": backward_in_loops,
        "float32": lambda da, z, mask, q: (da * mask / q * tanh_slope(z)).astype(np.float32),
    },
    "slope_with_dropout": {
        "as in the chapter": with_mask(lambda J, w, e: (J(w + e) - J(w - e)) / (2 * e)),
        "a function of w": slope_by_function_of_w,
        "np.diff": slope_by_diff,
        "np.gradient": slope_by_gradient,
        "float32": with_mask(lambda J, w, e: np.float32(J(w + e) - J(w - e)) / np.float32(2 * e)),
    },
    "training_loop": {
        "dropout": trained(keep_prob=0.5),
        "L2": trained(lambd=1.0),
        "dropout and L2": trained(keep_prob=0.8, lambd=0.3),
        "fewer steps and a little dropout": trained(steps=80, keep_prob=0.7),
        "mini-batches": trained_in_batches,
        "by hand, with a flat result": trained_by_hand,
    },
    "test_output": {
        "inputs scaled": lambda a, W, b, q: W @ (q * a) + b,
        "weights scaled": lambda a, W, b, q: np.dot(q * W, a) + b,
        "einsum": lambda a, W, b, q: q * np.einsum("ij,jk->ik", W, a) + b,
    },
}
WRONG = {
    "dropout_variance": [
        ("mean-not-squared", lambda x, q: x**2 / q - q * x**2),
        ("outcomes-weighed-alike", lambda x, q: np.var([x / q, 0])),
        ("sum-without-brackets", lambda x, q: x**2 / q - 1),
        ("moments-added", lambda x, q: x**2 / q + x**2),
        ("kinds-do-not-go-together", lambda x, q: x << 2),
        ("variance-of-a-constant", lambda x, q: 0.0),
        ("kept-for-certain", moments(lambda q: 1 / q**2, lambda q: 1)),
        ("second-moment-not-scaled", moments(lambda q: q, lambda q: 1)),
        ("mean-not-scaled", moments(lambda q: 1 / q, lambda q: q)),
        ("mean-scaled-once-more", moments(lambda q: 1 / q, lambda q: 1 / q)),
        ("kept-for-certain + mean-not-scaled", moments(lambda q: 1 / q**2, lambda q: q)),
        ("factor-off", lambda x, q: x**2 * (1 - q) / q / q),
        ("result-changed", lambda x, q: x**2 - x**2 / q),
        ("name-before-its-value", variance_in_a_branch),
        ("none-computed-with", lambda x, q: print(x) * (1 - q) / q),
        ("returns-several-things", lambda x, q: (x, x**2 * (1 - q) / q)),
        ("returns-a-function", lambda x, q: variance_in_a_branch),
        ("brackets-for-index", lambda x, q: x(1 - q) / q),
        ("variance-without-scale", lambda x, q: x**2 * q * (1 - q)),
        ("variance-half-scaled", lambda x, q: x**2 * (1 - q)),
        ("deviation-for-variance", lambda x, q: np.sqrt(x**2 * (1 - q) / q)),
        ("square-of-mean-kept", lambda x, q: x**2 / q),
        ("square-missing", lambda x, q: x * (1 - q) / q),
        ("keep-drop-swapped", lambda x, q: x**2 * q / (1 - q)),
        ("argument-hard-coded", lambda x, q: x**2),
        ("right-but-for-the-shape", lambda x, q: np.array([x**2 * (1 - q) / q])),
        ("returns-text", lambda x, q: f"{x**2 * (1 - q) / q}"),
        ("returns-none", lambda x, q: print(x**2 * (1 - q) / q)),
    ],
    "dropout": [
        ("dropped-ones-not-zero", refusing(lambda x, q, rng: np.where(rng.random(x.shape) < q, x / q, 1.0))),
        ("dropped-ones-not-zero", refusing(lambda x, q, rng: np.where(rng.random(x.shape) < q, x / q, np.nan))),
        ("root-for-scale", refusing(lambda x, q, rng: x * (rng.random(x.shape) < q) / np.sqrt(q))),
        ("returns-several-things", refusing(lambda x, q, rng: (x * (rng.random(x.shape) < q) / q, x))),
        (
            "mask-stored",
            refusing(lambda x, q, rng: x * STORED.setdefault((x.shape, q, 0), rng.random(x.shape) < q) / q),
        ),
        ("random-numbers-for-mask", refusing(lambda x, q, rng: x * rng.random(x.shape) / q)),
        ("wrong-value", refusing(lambda x, q, rng: x - (rng.random(x.shape) < q) / q)),
        ("dropped-ones-not-zero", refusing(lambda x, q, rng: x / (rng.random(x.shape) < q) / q)),
        ("mask-for-result", refusing(lambda x, q, rng: (rng.random(x.shape) < q) / q)),
        ("mask-for-result", refusing(lambda x, q, rng: (rng.random(x.shape) < q).astype(float))),
        ("dropped-entries-removed", refusing(lambda x, q, rng: x[rng.random(x.shape) < q] / q)),
        ("dropped-ones-left", refusing(lambda x, q, rng: np.where(rng.random(x.shape) < q, x / q, x))),
        ("uniform-around-zero", refusing(lambda x, q, rng: x * (rng.uniform(-1, 1, x.shape) < q) / q)),
        ("uniform-around-zero", refusing(lambda x, q, rng: x * (rng.random(x.shape) * 2 < q) / q)),
        ("dropped-twice", refusing(lambda x, q, rng: x * (rng.random(x.shape) < q) * (rng.random(x.shape) < q) / q)),
        ("normal-for-uniform", refusing(lambda x, q, rng: x * (rng.normal(size=x.shape) < q) / q)),
        ("normal-for-uniform", refusing(lambda x, q, rng: x * (rng.standard_normal(x.shape) > 1 - q) / q)),
        ("p-ignored", refusing(lambda x, q, rng: x * rng.integers(0, 2, x.shape) / q)),
        ("p-ignored + scale-missing", refusing(lambda x, q, rng: x * (rng.random(x.shape) < 0.5))),
        ("keep-drop-swapped + scale-missing", refusing(lambda x, q, rng: x * (rng.random(x.shape) > q))),
        ("keep-drop-swapped + scale-inverted", refusing(lambda x, q, rng: x * (rng.random(x.shape) > q) * q)),
        ("keep-drop-swapped", refusing(lambda x, q, rng: x * (rng.random(x.shape) > q) / (1 - q))),
        ("scaled-twice", refusing(lambda x, q, rng: x * ((rng.random(x.shape) < q) / q) / q)),
        ("factor-off", refusing(lambda x, q, rng: x * (rng.random(x.shape) < q) / np.sqrt(q) / np.sqrt(q) ** 5)),
        ("share-wrong", refusing(lambda x, q, rng: x * (rng.random(x.shape) < q**3) / q)),
        (
            "mask-stored",
            refusing(lambda x, q, rng: x * STORED.setdefault((x.shape, "mask"), rng.random(x.shape) < q) / q),
        ),
        ("one-coin-for-all", refusing(lambda x, q, rng: x * (rng.random() < q) / q)),
        ("mask-shared-along-an-axis", refusing(lambda x, q, rng: x * (rng.random(x.shape[-1]) < q) / q)),
        (
            "mask-shared-along-an-axis",
            refusing(
                lambda x, q, rng: (
                    x * (rng.random((*x.shape[:-1], 1)) < q if x.ndim > 1 else rng.random(x.shape) < q) / q
                )
            ),
        ),
        ("refuses-what-is-allowed", refusing_one),
        ("number-from-an-array", refusing(lambda x, q, rng: float(x) * (rng.random(x.shape) < q) / q)),
        ("unknown-module", refusing(imports_a_toolbox)),
        ("other-arguments", lambda x, keep_prob: x * keep_prob),
        ("works-for-one-axis", refusing(lambda x, q, rng: np.where(rng.random(len(x)) >= q, 0, x / q))),
        ("works-for-one-axis", refusing(loop)),
        ("keep-drop-swapped", refusing(lambda x, q, rng: x * (rng.random(x.shape) < 1 - q) / q)),
        ("keep-drop-swapped", refusing(lambda x, level, rng: x * (rng.random(x.shape) >= level) / (1 - level))),
        ("scale-missing", refusing(lambda x, q, rng: x * (rng.random(x.shape) < q))),
        ("scale-inverted", refusing(lambda x, q, rng: x * (rng.random(x.shape) < q) * q)),
        ("scale-by-drop", refusing(lambda x, q, rng: x * (rng.random(x.shape) < q) / (1 - q))),
        ("scale-by-share-seen", refusing(share_seen)),
        ("count-fixed", refusing(exactly_the_share)),
        ("normal-for-uniform", refusing(lambda x, q, rng: x * (rng.standard_normal(x.shape) < q) / q)),
        ("nothing-dropped", refusing(lambda x, q, rng: x)),
        ("everything-dropped", refusing(lambda x, q, rng: x * (rng.random(x.shape).astype(int) > q))),
        ("changes-its-argument", refusing(in_place)),
        ("integers-cut-off", refusing(into_zeros_like)),
        ("global-generator", refusing(global_numpy)),
        ("global-generator", refusing(global_python)),
        ("own-generator", refusing(own_generator)),
        ("generator-reseeded", refusing(seeded_inside)),
        ("accepts-anything", lambda x, q, rng: x * (rng.random(x.shape) < q) / q),
        ("wrong-value", refusing(lambda x, q, rng: np.sort(x * (rng.random(x.shape) < q) / q))),
        ("wrong-shape", refusing(lambda x, q, rng: (x * (rng.random(x.shape) < q) / q)[:3])),
        ("unknown-attribute", refusing(lambda x, q, rng: x * (rng.rand(*x.shape) < q) / q)),
        ("returns-none", refusing(lambda x, q, rng: None)),
    ],
    "batch_mask": [
        ("activations-compared", lambda a, q, rng: rng.random(a.shape) < a),
        (
            "columns-never-drawn",
            lambda a, q, rng: np.hstack([rng.random((len(a), a.shape[1] - 1)) < q, np.ones((len(a), 1))]),
        ),
        (
            "columns-repeated",
            lambda a, q, rng: np.hstack([rng.random((len(a), -(-a.shape[1] // 2))) < q] * 2)[:, : a.shape[1]],
        ),
        ("nothing-dropped", lambda a, q, rng: rng.random(a.shape) != q),
        ("activations-compared", lambda a, q, rng: a < q),
        ("activations-compared", lambda a, q, rng: abs(a) > q),
        ("mask-applied-already", lambda a, q, rng: a * (rng.random(a.shape) < q)),
        ("mask-applied-already", lambda a, q, rng: a * (rng.random(a.shape) < q) / q),
        ("normal-for-uniform", lambda a, q, rng: rng.standard_normal(a.shape) < q),
        ("mask-stored", lambda a, q, rng: STORED.setdefault(("batch", a.shape), rng.random(a.shape) < q)),
        ("mask-shared-by-examples", lambda a, q, rng: rng.random(len(a)) < q),
        ("one-coin-for-all", lambda a, q, rng: rng.random() < q),
        ("other-shape", lambda a, q, rng: rng.random(a.size) < q),
        ("mask-shared-by-examples", lambda a, q, rng: rng.random((a.shape[0], 1)) < q),
        ("mask-shared-by-examples", lambda a, q, rng: np.repeat(rng.random((len(a), 1)) < q, a.shape[1], axis=1)),
        ("mask-shared-by-units", lambda a, q, rng: rng.random((1, a.shape[1])) < q),
        ("mask-shared-by-units", lambda a, q, rng: np.tile(rng.random(a.shape[1]) < q, (len(a), 1))),
        ("mask-scaled-already", lambda a, q, rng: (rng.random(a.shape) < q) / q),
        ("mask-not-binary", lambda a, q, rng: rng.random(a.shape)),
        ("keep-drop-swapped", lambda a, q, rng: rng.random(a.shape) < 1 - q),
        ("keep-drop-swapped", lambda a, q, rng: rng.random(a.shape) > q),
        ("p-ignored", lambda a, q, rng: rng.random(a.shape) < 0.5),
        ("count-fixed", shuffled_mask),
        ("global-generator", lambda a, q, rng: np.random.random(a.shape) < q),  # noqa: NPY002  # the mistake
        ("own-generator", lambda a, q, rng: np.random.default_rng().random(a.shape) < q),
        ("generator-reseeded", lambda a, q, rng: np.random.default_rng(1).random(a.shape) < q),
        ("changes-its-argument", mask_in_place),
        ("shape-transposed", lambda a, q, rng: rng.random(a.T.shape) < q),
    ],
    "tanh_dropout_backward": [
        ("square-outside-derivative", lambda da, z, mask, q: da * mask / q * (1 - np.tanh(z)) ** 2),
        ("sum-without-brackets", lambda da, z, mask, q: da * mask / q * 1 - np.tanh(z) ** 2),
        (
            "scale-forgotten-backward + square-outside-derivative",
            lambda da, z, mask, q: da * mask * (1 - np.tanh(z)) ** 2,
        ),
        ("mask-inverted-backward", lambda da, z, mask, q: da * ~mask / q * tanh_slope(z)),
        ("derivative-at-dropped-input", lambda da, z, mask, q: da * mask / q * tanh_slope(z * mask / q)),
        ("derivative-without-square", lambda da, z, mask, q: da * mask / q * (1 - np.tanh(z))),
        ("activation-for-derivative", lambda da, z, mask, q: da * mask / q * np.tanh(z)),
        ("derivative-of-sigmoid", lambda da, z, mask, q: da * mask / q * np.exp(-z) / (1 + np.exp(-z)) ** 2),
        ("derivative-of-relu", lambda da, z, mask, q: da * mask / q * (z > 0)),
        ("scale-by-drop", lambda da, z, mask, q: da * mask / (1 - q) * tanh_slope(z)),
        ("scaled-twice", lambda da, z, mask, q: da * mask / q / q * tanh_slope(z)),
        ("factor-off", lambda da, z, mask, q: da * mask / q * tanh_slope(z) / z.shape[1]),
        ("product-for-entries", lambda da, z, mask, q: np.dot(da * mask / q, tanh_slope(z))),
        (
            "mask-forgotten-backward + derivative-of-dropped-output",
            lambda da, z, mask, q: da * (1 - (np.tanh(z) * mask / q) ** 2),
        ),
        ("scale-forgotten-backward + derivative-missing", lambda da, z, mask, q: da * mask),
        ("scale-inverted + derivative-of-z", lambda da, z, mask, q: da * mask * q * (1 - z**2)),
        ("arguments-exchanged", lambda da, z, mask, q: z * mask / q * tanh_slope(da)),
        ("own-assertion", backward_that_asserts),
        ("mask-forgotten-backward", lambda da, z, mask, q: da * tanh_slope(z)),
        ("scale-forgotten-backward", lambda da, z, mask, q: da * mask * tanh_slope(z)),
        ("mask-lost-backward", lambda da, z, mask, q: da / q * tanh_slope(z)),
        ("scale-inverted", lambda da, z, mask, q: da * (mask * q) * tanh_slope(z)),
        ("derivative-of-dropped-output", lambda da, z, mask, q: da * mask / q * (1 - (np.tanh(z) * mask / q) ** 2)),
        ("derivative-missing", lambda da, z, mask, q: np.where(mask, da / q, 0)),
        ("derivative-at-output", lambda da, z, mask, q: da * mask / q * tanh_slope(np.tanh(z))),
        ("derivative-of-z", lambda da, z, mask, q: da * mask / q * (1 - z**2)),
        ("gradient-ignored", lambda da, z, mask, q: mask / q * tanh_slope(z)),
        ("changes-its-argument", backward_in_place),
        ("result-changed", lambda da, z, mask, q: np.sum(da * mask / q * tanh_slope(z))),
        (
            "mask-drawn-anew",
            lambda da, z, mask, q: da * (np.random.default_rng().random(z.shape) < q) / q * tanh_slope(z),
        ),
        ("result-constant", lambda da, z, mask, q: da * 0),
    ],
    "slope_with_dropout": [
        ("number-for-array", lambda J, w, draw, e: [J(w[i], draw()) for i in range(len(w))]),
        ("masks-averaged", slope_of_a_mean_mask),
        ("cost-for-slope", lambda J, w, draw, e: J(w, draw())),
        ("costs-added", slope_of_a_sum),
        ("second-derivative", slope_of_a_bend),
        ("other-mask-used", slope_of_an_own_mask),
        ("cost-without-mask", lambda J, w, draw, e: J(draw(), w)),
        ("argument-hard-coded", slope_with_own_step),
        ("slopes-averaged", slope_of_many_masks),
        ("dropout-switched-off", slope_without_dropout),
        ("function-not-called", slope_uncalled),
        ("index-for-brackets", slope_of_a_mask_in_brackets),
        ("masks-moving", lambda J, w, draw, e: (J(w + e, draw()) - J(w - e, draw())) / (2 * e)),
        ("mask-not-drawn", lambda J, w, draw, e: (J(w + e, 1) - J(w - e, 1)) / (2 * e)),
        ("difference-one-sided", with_mask(lambda J, w, e: (J(w + e) - J(w)) / e)),
        ("difference-one-sided", with_mask(lambda J, w, e: (J(w) - J(w - e)) / e)),
        ("difference-over-one-step", with_mask(lambda J, w, e: (J(w + e) - J(w - e)) / e)),
        ("difference-undivided", with_mask(lambda J, w, e: J(w + e) - J(w - e))),
        ("brackets-missing", with_mask(lambda J, w, e: (J(w + e) - J(w - e)) / 2 * e)),
        ("slope-upside-down", with_mask(lambda J, w, e: (J(w - e) - J(w + e)) / (2 * e))),
        ("epsilon-ignored", with_mask(lambda J, w, e: (J(w + 1e-5) - J(w - 1e-5)) / 2e-5)),
        ("wrong-value", with_mask(lambda J, w, e: (J(w + 2 * e) - J(w - e)) / (3 * e))),
        ("cost-without-mask", lambda J, w, draw, e: (J(w + e) - J(w - e)) / (2 * e)),
    ],
    "training_loop": [
        ("learned-by-heart", trained()),
        ("learned-by-heart", trained(lambd=0.001)),
        ("learned-too-little", trained(lambd=4.0)),
        ("learned-too-little", trained(keep_prob=0.15)),
        ("no-better-than-a-coin", lambda x, y, rng: lambda points: np.full((1, points.shape[1]), 0.5)),
        ("no-better-than-a-coin", started_at_zero),
        ("no-better-than-a-coin", trained(sign=-1, steps=10)),
        ("no-better-than-a-coin", with_parameters(lambda p, rng: lambda x: 1 - network.predict(x, p))),
        ("no-function-returned", with_parameters(lambda p, rng: p)),
        ("no-function-returned", with_parameters(lambda p, rng: (p, network.predict))),
        ("returns-none", with_parameters(lambda p, rng: None)),
        ("returns-none", with_parameters(lambda p, rng: lambda x: None)),
        (
            "masks-left-on",
            with_parameters(lambda p, rng: lambda x: sigmoid(network.forward(x, p, keep_prob=0.5, rng=rng)[0])),
        ),
        ("logit-for-probability", with_parameters(lambda p, rng: lambda x: network.forward(x, p)[0])),
        ("classes-for-probabilities", with_parameters(lambda p, rng: lambda x: network.predict(x, p) > 0.5)),
        ("wrong-shape", with_parameters(lambda p, rng: lambda x: network.predict(x, p).mean(axis=1))),
        ("changes-its-argument", labels_given_back),
    ],
    "test_output": [
        ("bias-scaled", lambda a, W, b, q: W @ (q * a) + b / q),
        ("drops-at-test-time", lambda a, W, b, q: W @ (a * (np.random.rand(*a.shape) < q)) + b),  # noqa: NPY002
        ("drops-at-test-time", lambda a, W, b, q: W @ (a * (np.random.default_rng(0).random(a.shape) < q)) + b),
        ("square-root-for-scale", lambda a, W, b, q: W @ (np.sqrt(q) * a) + b),
        ("bias-subtracted", lambda a, W, b, q: W @ (q * a) - b),
        ("test-scale-missing + bias-missing", lambda a, W, b, q: W @ a),
        ("scale-inverted + bias-missing", lambda a, W, b, q: W @ a / q),
        ("test-scale-missing + result-changed", lambda a, W, b, q: np.maximum(W @ a + b, 0)),
        ("result-changed", lambda a, W, b, q: np.tanh(W @ (q * a) + b)),
        ("result-changed", lambda a, W, b, q: np.maximum(W @ (q * a) + b, 0)),
        ("entries-for-product", lambda a, W, b, q: W * (q * a) + b),
        ("argument-changed", lambda a, W, b, q: W @ (q * a) + b.mean()),
        ("axis-summed", lambda a, W, b, q: (W @ a + b)[:, 0] * 0.7 if a.shape[1] > 1 else W @ (q * a) + b),
        ("test-scale-missing", lambda a, W, b, q: W @ a + b),
        ("scale-inverted", lambda a, W, b, q: W @ (a / q) + b),
        ("bias-scaled", lambda a, W, b, q: q * (W @ a + b)),
        ("keep-drop-swapped", lambda a, W, b, q: W @ ((1 - q) * a) + b),
        ("bias-missing", lambda a, W, b, q: W @ (q * a)),
        ("scaled-twice", lambda a, W, b, q: (q * W) @ (q * a) + b),
        ("changes-its-argument", layer_in_place),
        ("argument-changed", lambda a, W, b, q: b + 0 * (W @ a)),
        ("product-does-not-fit", lambda a, W, b, q: a @ W + b),
    ],
}
