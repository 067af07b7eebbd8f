"""Answers to the exercises of chapter 02."""

import random

import numpy as np


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


RIGHT = {
    "dropout_variance": {
        "formula": lambda x, q: x**2 * (1 - q) / q,
        "second moment": lambda x, q: x * x / q - x * x,
        "float32": lambda x, q: np.float32(x) ** 2 * (np.float32(1) / np.float32(q) - np.float32(1)),
        "sum over both outcomes": lambda x, q: sum(p * (v - x) ** 2 for p, v in ((q, x / q), (1 - q, 0))),
    },
    "dropout": {
        "vectorised": refusing(lambda x, q, rng: x * (rng.random(x.shape) < q) / q),
        "np.where": refusing(lambda x, q, rng: np.where(rng.random(len(x)) >= q, 0, np.asarray(x) / q)),
        "loop, a list": refusing(loop),
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
    "test_output": {
        "inputs scaled": lambda a, W, b, q: W @ (q * a) + b,
        "weights scaled": lambda a, W, b, q: np.dot(q * W, a) + b,
        "einsum": lambda a, W, b, q: q * np.einsum("ij,jk->ik", W, a) + b,
    },
}
WRONG = {
    "dropout_variance": [
        ("variance-without-scale", lambda x, q: x**2 * q * (1 - q)),
        ("variance-half-scaled", lambda x, q: x**2 * (1 - q)),
        ("deviation-for-variance", lambda x, q: np.sqrt(x**2 * (1 - q) / q)),
        ("square-of-mean-kept", lambda x, q: x**2 / q),
        ("square-missing", lambda x, q: x * (1 - q) / q),
        ("keep-drop-swapped", lambda x, q: x**2 * q / (1 - q)),
        ("wrong-value", lambda x, q: x**2),
        ("wrong-shape", lambda x, q: np.array([x**2 * (1 - q) / q])),
        ("not-numbers", lambda x, q: f"{x**2 * (1 - q) / q}"),
        ("returns-none", lambda x, q: print(x**2 * (1 - q) / q)),
    ],
    "dropout": [
        ("keep-drop-swapped", refusing(lambda x, q, rng: x * (rng.random(x.shape) < 1 - q) / q)),
        ("keep-drop-swapped", refusing(lambda x, level, rng: x * (rng.random(x.shape) >= level) / (1 - level))),
        ("scale-missing", refusing(lambda x, q, rng: x * (rng.random(x.shape) < q))),
        ("scale-inverted", refusing(lambda x, q, rng: x * (rng.random(x.shape) < q) * q)),
        ("scale-by-drop", refusing(lambda x, q, rng: x * (rng.random(x.shape) < q) / (1 - q))),
        ("scale-by-share-seen", refusing(share_seen)),
        ("count-fixed", refusing(exactly_the_share)),
        ("share-wrong", refusing(lambda x, q, rng: x * (rng.standard_normal(x.shape) < q) / q)),
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
        ("raises-an-error", refusing(lambda x, q, rng: x * (rng.rand(*x.shape) < q) / q)),
        ("returns-none", refusing(lambda x, q, rng: None)),
    ],
    "batch_mask": [
        ("mask-shared-by-examples", lambda a, q, rng: rng.random((a.shape[0], 1)) < q),
        ("mask-shared-by-examples", lambda a, q, rng: np.repeat(rng.random((len(a), 1)) < q, a.shape[1], axis=1)),
        ("mask-shared-by-units", lambda a, q, rng: rng.random((1, a.shape[1])) < q),
        ("mask-shared-by-units", lambda a, q, rng: np.tile(rng.random(a.shape[1]) < q, (len(a), 1))),
        ("mask-not-binary", lambda a, q, rng: (rng.random(a.shape) < q) / q),
        ("mask-not-binary", lambda a, q, rng: rng.random(a.shape)),
        ("keep-drop-swapped", lambda a, q, rng: rng.random(a.shape) < 1 - q),
        ("keep-drop-swapped", lambda a, q, rng: rng.random(a.shape) > q),
        ("share-wrong", lambda a, q, rng: rng.random(a.shape) < 0.5),
        ("count-fixed", shuffled_mask),
        ("global-generator", lambda a, q, rng: np.random.random(a.shape) < q),  # noqa: NPY002  # the mistake
        ("own-generator", lambda a, q, rng: np.random.default_rng().random(a.shape) < q),
        ("generator-reseeded", lambda a, q, rng: np.random.default_rng(1).random(a.shape) < q),
        ("changes-its-argument", mask_in_place),
        ("wrong-shape", lambda a, q, rng: rng.random(a.T.shape) < q),
    ],
    "tanh_dropout_backward": [
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
        ("wrong-shape", lambda da, z, mask, q: np.sum(da * mask / q * tanh_slope(z))),
        (
            "mask-drawn-anew",
            lambda da, z, mask, q: da * (np.random.default_rng().random(z.shape) < q) / q * tanh_slope(z),
        ),
        ("wrong-value", lambda da, z, mask, q: da * 0),
    ],
    "slope_with_dropout": [
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
        ("raises-an-error", lambda J, w, draw, e: (J(w + e) - J(w - e)) / (2 * e)),
    ],
    "test_output": [
        ("test-scale-missing", lambda a, W, b, q: W @ a + b),
        ("scale-inverted", lambda a, W, b, q: W @ (a / q) + b),
        ("bias-scaled", lambda a, W, b, q: q * (W @ a + b)),
        ("keep-drop-swapped", lambda a, W, b, q: W @ ((1 - q) * a) + b),
        ("bias-missing", lambda a, W, b, q: W @ (q * a)),
        ("scaled-twice", lambda a, W, b, q: (q * W) @ (q * a) + b),
        ("changes-its-argument", layer_in_place),
        ("wrong-value", lambda a, W, b, q: b + 0 * (W @ a)),
        ("raises-an-error", lambda a, W, b, q: a @ W + b),
    ],
}
