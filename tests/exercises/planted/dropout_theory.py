"""Answers to the exercises of chapter 01."""

import math
from functools import reduce
from itertools import combinations, product

import numpy as np


def kept_by_pascal(n, k, q):
    """Return the probability by asking of the last unit whether it is kept."""
    if k < 0 or k > n:
        return 0.0
    if n == 0:
        return 1.0
    return q * kept_by_pascal(n - 1, k - 1, q) + (1 - q) * kept_by_pascal(n - 1, k, q)


def kept_by_factorials(n, k, q):
    ways = math.factorial(n) // (math.factorial(k) * math.factorial(n - k))
    return ways * math.pow(q, k) * math.pow(1 - q, n - k)


def kept_by_listing(n, k, q):
    total = 0.0
    for kept in combinations(range(n), k):
        chance = 1.0
        for unit in range(n):
            chance *= q if unit in kept else 1 - q
        total += chance
    return total


def kept_by_bits(n, k, q):
    return sum(q**k * (1 - q) ** (n - k) for number in range(2**n) if format(number, "b").count("1") == k)


def kept_by_logarithms(n, k, q):
    return math.comb(n, k) * np.exp(k * np.log(q) + (n - k) * np.log(1 - q))


def kept_in_float32(n, k, q):
    q = np.float32(q)
    return np.float32(math.comb(n, k)) * q ** np.float32(k) * (np.float32(1) - q) ** np.float32(n - k)


def kept_in_a_simulation(n, k, q):
    masks = np.random.default_rng().random((n, 5000)) < q
    return np.mean(masks.sum(axis=0) == k)


def at_most(n, k, q):
    total = 0
    for j in range(k + 1):
        total += math.comb(n, j) * q**j * (1 - q) ** (n - j)
    return total


def variance_in_loops(W, x, q):
    n, m = x.shape
    out = np.zeros((1, m))
    for i in range(m):
        for j in range(n):
            out[0, i] += W[0, j] ** 2 * x[j, i] ** 2 * (1 - q) / q
    return out


def variance_over_all_masks(W, x, q):
    """Return E[z²] - E[z]² with every mask in it."""
    mean = np.zeros((1, x.shape[1]))
    square = np.zeros((1, x.shape[1]))
    for kept in product([0, 1], repeat=len(x)):
        mask = np.array(kept)[:, None]
        chance = q ** sum(kept) * (1 - q) ** (len(kept) - sum(kept))
        z = W @ (x * mask / q)
        mean += chance * z
        square += chance * z**2
    return square - mean**2


def variance_in_place(W, x, q):
    W *= W
    x *= x
    return (1 - q) / q * (W @ x)


def variance_simulated(W, x, q):
    rng = np.random.default_rng()
    return np.var([W @ (x * (rng.random(x.shape) < q) / q) for _ in range(300)], axis=0)


def variance_of_first_example(W, x, q):
    out = np.zeros((1, x.shape[1]))
    out[:] = (1 - q) / q * np.sum(W[0] ** 2 * x[:, 0] ** 2)
    return out


def nothing_to_do_at_one(W, x, q):
    if q == 1:
        return 0.0
    return (1 - q) / q * (W**2 @ x**2)


def looped_mean(outputs, masks, q):
    total = 0.0
    for output, mask in zip(outputs, masks.T, strict=True):
        chance = 1.0
        for kept in mask:
            chance *= q if kept else 1 - q
        total += chance * output
    return total


def mean_by_logarithms(outputs, masks, q):
    kept = masks.sum(axis=0)
    return np.sum(outputs * np.exp(kept * np.log(q) + (len(masks) - kept) * np.log(1 - q)))


def mean_with_list_of_weights(outputs, masks, q):
    n, k = masks.shape
    weights = [q ** int(masks[:, j].sum()) * (1 - q) ** (n - int(masks[:, j].sum())) for j in range(k)]
    return np.average(outputs, weights=weights)


def mean_in_float32(outputs, masks, q):
    kept, dropped = np.count_nonzero(masks, axis=0), np.count_nonzero(~masks, axis=0)
    weights = np.float32(q) ** kept.astype(np.float32) * np.float32(1 - q) ** dropped.astype(np.float32)
    return outputs.astype(np.float32) @ weights


def mean_in_order(outputs, masks, q):
    total = 0
    for output, mask in zip(outputs, product([0, 1], repeat=len(masks)), strict=True):
        total += output * q ** sum(mask) * (1 - q) ** (len(mask) - sum(mask))
    return total


def mean_of_drawn_masks(outputs, masks, q):
    rng = np.random.default_rng()
    drawn = rng.random((len(masks), 500)) < q
    found = [np.flatnonzero((masks == mask[:, None]).all(axis=0))[0] for mask in drawn.T]
    return np.mean(outputs[found])


def mean_of_counts(outputs, masks, q):
    n = len(masks)
    weights = [math.comb(n, int(kept)) * q**kept * (1 - q) ** (n - kept) for kept in masks.sum(axis=0)]
    return np.dot(outputs, weights)


def mean_in_place(outputs, masks, q):
    outputs *= np.where(masks, q, 1 - q).prod(axis=0)
    return outputs.sum()


def chances(masks, q):
    """Return the probability of each mask."""
    return np.prod(np.where(masks, q, 1 - q), axis=0)


def geometric(p, weights):
    return np.exp(np.sum(weights * np.log(p)))


def ngm(p, weights):
    return geometric(p, weights) / (geometric(p, weights) + geometric(1 - p, weights))


def geometric_in_a_loop(p, weights):
    log_g, log_other = 0.0, 0.0
    for value, weight in zip(p, weights, strict=True):
        log_g += weight * math.log(value)
        log_other += weight * math.log(1 - value)
    return math.exp(log_g) / (math.exp(log_g) + math.exp(log_other))


def ngm_in_float32(p, weights):
    p, weights = p.astype(np.float32), weights.astype(np.float32)
    return ngm(p, weights)


def geometric_by_whole_powers(p, weights):
    """Return what is right for a few masks: each p as often as its weight says, of 20, and the 20th root."""
    times = len(p) * 20 * weights
    above, below = np.prod(p**times), np.prod((1 - p) ** times)
    root = 1 / (len(p) * 20)
    return above**root / (above**root + below**root)


def geometric_in_place(p, weights):
    other = np.exp(weights @ np.log(1 - p))
    np.log(p, out=p)
    G = np.exp(weights @ p)
    return G / (G + other)


def geometric_of_positive_weights(p, weights):
    p, weights = p[weights > 0.0], weights[weights > 0.0]
    return ngm(p, weights)


def geometric_by_ratio_to_the_first(p, weights):
    """Return what fails where the first weight is 0."""
    relative = weights / weights[0]
    return ngm(p, relative / relative.sum())


def looped_penalty(W, x, q):
    n, m = x.shape
    return sum((1 - q) / q * W[0, j] ** 2 * sum(x[j, i] ** 2 for i in range(m)) / m for j in range(n))


def penalty_over_all_masks(W, x, q):
    """Return how much the cost for y = 0 grows, with every mask in it."""
    total = 0.0
    for kept in product([0, 1], repeat=len(x)):
        mask = np.array(kept)[:, None]
        total += q ** sum(kept) * (1 - q) ** (len(kept) - sum(kept)) * np.mean((W @ (x * mask / q)) ** 2)
    return total - np.mean((W @ x) ** 2)


def penalty_from_lambds(W, x, q):
    m = x.shape[1]
    lambds = 2 * (1 - q) / q * np.sum(x**2, axis=1)
    return np.dot(lambds, W.ravel() ** 2) / (2 * m)


def penalty_in_float32(W, x, q):
    W, x = W.astype(np.float32), x.astype(np.float32)
    return np.float32((1 - q) / q) * np.mean(np.einsum("ij,jk->ik", W * W, x * x))


def penalty_simulated(W, x, q):
    rng = np.random.default_rng()
    costs = [np.mean((W @ (x * (rng.random(x.shape) < q) / q)) ** 2) for _ in range(300)]
    return np.mean(costs) - np.mean((W @ x) ** 2)


def penalty_in_place(W, x, q):
    x **= 2
    return (1 - q) / q * np.sum(W[0] ** 2 * x.mean(axis=1))


def matching_by_steps(lambd, m):
    odds = lambd / m / 2  # (1 - q) / q
    return 1 - odds / (1 + odds)


def matching_by_bisection(lambd, m):
    low, high = 0.0, 1.0
    for _ in range(60):
        q = (low + high) / 2
        if 2 * m * (1 - q) > lambd * q:
            low = q
        else:
            high = q
    return (low + high) / 2


def matching_by_inverse_odds(lambd, m):
    odds = 2 * m / lambd
    return odds / (1 + odds)


def matching_by_solver(lambd, m):
    return np.linalg.solve([[lambd + 2.0 * m]], [2.0 * m])[0]


def variance_simulated_with_a_seed(W, x, q):
    rng = np.random.default_rng(0)
    return np.var([W @ (x * (rng.random(x.shape) < q) / q) for _ in range(300)], axis=0)


def mean_by_an_index_too_far(outputs, masks, q):
    return sum(outputs[k] * q ** masks[:, k].sum() for k in range(len(outputs) + 1))


def moments_in_a_loop(network, n, q):
    mean, square = 0.0, 0.0
    for mask in product([0, 1], repeat=n):
        chance = q ** sum(mask) * (1 - q) ** (n - sum(mask))
        mean += chance * network(mask)
        square += chance * network(mask) ** 2
    return mean, square - mean**2


def listed(network, n, q):
    """Return outputs and probabilities of all subnetworks."""
    masks = np.array(list(product([False, True], repeat=n)))
    return np.array([network(mask) for mask in masks]), chances(masks.T, q)


def moments_around_the_mean(network, n, q):
    z, w = listed(network, n, q)
    mean = np.sum(w * z)
    return mean, np.sum(w * (z - mean) ** 2)


def moments_by_np_average(network, n, q):
    z, w = listed(network, n, q)
    return [np.average(z, weights=w), np.average((z - np.average(z, weights=w)) ** 2, weights=w)]


def moments_by_np_cov(network, n, q):
    z, w = listed(network, n, q)
    return np.array([z @ w, np.cov(z, aweights=w, ddof=0)])


def moments_by_bits(network, n, q):
    z, w = [], []
    for number in range(2**n):
        mask = np.array([number >> unit & 1 for unit in range(n)])
        z.append(network(mask))
        w.append(np.prod([q if kept else 1 - q for kept in mask]))
    mean = sum(a * b for a, b in zip(w, z, strict=True))
    return mean, sum(a * b * b for a, b in zip(w, z, strict=True)) - mean * mean


def moments_by_text(network, n, q):
    mean = square = 0
    for number in range(2**n):
        digits = [int(digit) for digit in f"{number:0{n}b}"]
        z = network(digits)
        weight = q ** digits.count(1) * (1 - q) ** digits.count(0)
        mean, square = mean + weight * z, square + weight * z * z
    return [mean, square - mean * mean]


def moments_by_recursion(network, n, q, kept=()):
    """Return moments from those with the next unit dropped and with it kept: the law of total variance."""
    if len(kept) == n:
        return network(np.array(kept)), 0.0
    (m0, v0), (m1, v1) = (moments_by_recursion(network, n, q, (*kept, unit)) for unit in (0, 1))
    mean = q * m1 + (1 - q) * m0
    return mean, q * v1 + (1 - q) * v0 + q * (1 - q) * (m1 - m0) ** 2


def moments_by_folding(network, n, q):
    """Return moments of a table with an axis a unit, averaged along one axis after the other."""
    z = np.array([network(mask) for mask in product([0, 1], repeat=n)]).reshape([2] * n)
    mean, square = z, z**2
    for _ in range(n):
        mean, square = np.array([1 - q, q]) @ mean.reshape(2, -1), np.array([1 - q, q]) @ square.reshape(2, -1)
    return mean.item(), square.item() - mean.item() ** 2


def moments_by_kron(network, n, q):
    w = reduce(np.kron, [[1 - q, q]] * n)
    z = np.fromiter((network(mask) for mask in np.ndindex(*[2] * n)), float)
    return w @ z, w @ z**2 - (w @ z) ** 2


def moments_by_kept_sets(network, n, q):
    mean = square = 0.0
    for k in range(n + 1):
        for kept in combinations(range(n), k):
            mask = np.zeros(n)
            mask[list(kept)] = 1
            z = network(mask)
            mean += q**k * (1 - q) ** (n - k) * z
            square += q**k * (1 - q) ** (n - k) * z**2
    return mean, square - mean**2


def moments_by_pairs(network, n, q):
    """Return the variance as half the mean square of differences."""
    z, w = listed(network, n, q)
    return w @ z, w @ (z[:, None] - z) ** 2 @ w / 2


def moments_of_columns(network, n, q):
    masks = (np.arange(2**n) >> np.arange(n)[:, None]) & 1
    z = np.array([network(masks[:, [k]]) for k in range(2**n)])
    w = chances(masks == 1, q)
    return z @ w, z**2 @ w - (z @ w) ** 2


def moments_in_float32(network, n, q):
    z, w = (a.astype(np.float32) for a in listed(network, n, q))
    return w @ z, w @ (z - w @ z) ** 2


def moments_by_running_update(network, n, q):
    """Return what West's update gives, mask after mask."""
    total, mean, spread = 0.0, 0.0, 0.0
    for mask in product((1, 0), repeat=n):
        weight = math.prod(q if kept else 1 - q for kept in mask)
        if weight == 0:
            continue
        total += weight
        step = network(mask) - mean
        mean += weight / total * step
        spread += weight * step * (network(mask) - mean)
    return {"mean": mean, "variance": spread}.values()


def moments_simulated(network, n, q):
    rng = np.random.default_rng()
    z = [network(rng.random(n) < q) for _ in range(2000)]
    return np.mean(z), np.var(z)


def moments_of_other_masks(numbers):
    """Return an answer that runs only these of the numbers up to 2ⁿ."""

    def answer(network, n, q):
        mean = square = 0.0
        for number in numbers(2**n):
            mask = [number >> unit & 1 for unit in range(n)]
            weight = q ** sum(mask) * (1 - q) ** (n - sum(mask))
            mean += weight * network(mask)
            square += weight * network(mask) ** 2
        return mean, square - mean**2

    return answer


def moments_with(weight, variance=lambda w, z: w @ z**2 - (w @ z) ** 2):
    """Return an answer that weights a mask with k kept of n by ``weight(n, k, q)``."""

    def answer(network, n, q):
        masks = list(product([0, 1], repeat=n))
        z, w = np.array([network(mask) for mask in masks]), np.array([weight(n, sum(mask), q) for mask in masks])
        return w @ z, variance(w, z)

    return answer


def mask_chance(n, k, q):
    return q**k * (1 - q) ** (n - k)


def spread_around_the_whole(network, n, q):
    z, w = listed(network, n, q)
    whole = network(np.ones(n))
    return whole, w @ (z - whole) ** 2


def centred(w, z):
    return w @ (z - w @ z) ** 2


def moments_by_name(network, n, q):
    mean, variance = moments_in_a_loop(network, n, q)
    return {"mean": mean, "variance": variance}


RIGHT = {
    "kept_probability": {
        "comb": lambda n, k, q: math.comb(n, k) * q**k * (1 - q) ** (n - k),
        "factorials": kept_by_factorials,
        "Pascal's triangle": kept_by_pascal,
        "masks listed": kept_by_listing,
        "bits counted": kept_by_bits,
        "polynomial": lambda n, k, q: (
            np.poly1d(reduce(np.convolve, [[q, 1 - q]] * n)).coeffs[n - k] if q < 1 else float(k == n)
        ),
        "convolved": lambda n, k, q: reduce(np.convolve, [np.array([1 - q, q])] * n, np.ones(1))[k],
        "float32": kept_in_float32,
    },
    "preactivation_variance": {
        "matrix product": lambda W, x, q: (1 - q) / q * (W**2 @ x**2),
        "second moment": lambda W, x, q: np.sum((W.T * x) ** 2 / q - (W.T * x) ** 2, axis=0, keepdims=True),
        "loops": variance_in_loops,
        "all masks": variance_over_all_masks,
        "nested lists": lambda W, x, q: [[sum((W[0] * column) ** 2) * (1 / q - 1) for column in x.T]],
        "einsum": lambda W, x, q: np.einsum("ij,jk,ij,jk->ik", W, x, W, x) * (1 - q) / q,
        "float32": lambda W, x, q: np.float32((1 - q) / q) * (W.astype(np.float32) ** 2 @ x.astype(np.float32) ** 2),
    },
    "mean_over_masks": {
        "counts": lambda outputs, masks, q: np.sum(
            outputs * q ** masks.sum(axis=0) * (1 - q) ** (len(masks) - masks.sum(axis=0))
        ),
        "np.where": lambda outputs, masks, q: outputs @ chances(masks, q),
        "powers of masks": lambda outputs, masks, q: np.dot(
            np.prod(q**masks * (1 - q) ** (1 - masks), axis=0), outputs
        ),
        "loops": looped_mean,
        "np.average": mean_with_list_of_weights,
        "float32": mean_in_float32,
    },
    "geometric_mean": {
        "logarithms": ngm,
        "mean logit": lambda p, w: 1 / (1 + np.exp(-(w @ np.log(p / (1 - p))))),
        "product of powers": lambda p, w: np.prod(p**w) / (np.prod(p**w) + np.prod((1 - p) ** w)),
        "product of odds": lambda p, w: 1 / (1 + np.multiply.reduce((1 / p - 1) ** w)),
        "loop": geometric_in_a_loop,
        "np.average": lambda p, w: 1 / (1 + np.exp(np.average(np.log1p(-p) - np.log(p), weights=w))),
        "weights above 0": geometric_of_positive_weights,
        "float32": ngm_in_float32,
    },
    "dropout_penalty": {
        "by feature": lambda W, x, q: (1 - q) / q * np.sum(W[0] ** 2 * np.mean(x**2, axis=1)),
        "by example": lambda W, x, q: np.mean((1 - q) / q * (W**2 @ x**2)),
        "loops": looped_penalty,
        "all masks": penalty_over_all_masks,
        "λ of each feature": penalty_from_lambds,
        "norm": lambda W, x, q: np.linalg.norm(W.T * x) ** 2 * (1 / q - 1) / x.shape[1],
        "float32": penalty_in_float32,
    },
    "matching_keep_prob": {
        "solved": lambda lambd, m: 2 * m / (2 * m + lambd),
        "divided": lambda lambd, m: 1 / (1 + lambd / m / 2),
        "power": lambda lambd, m: (1 + lambd / (2 * m)) ** -1,
        "one minus the drop probability": matching_by_steps,
        "bisection": matching_by_bisection,
        "a linear equation": matching_by_solver,
        "float32": lambda lambd, m: np.float32(2 * m) / (np.float32(2 * m) + np.float32(lambd)),
    },
    "subnetwork_moments": {
        "itertools": moments_in_a_loop,
        "around the mean": moments_around_the_mean,
        "np.average": moments_by_np_average,
        "np.cov": moments_by_np_cov,
        "bits": moments_by_bits,
        "binary text": moments_by_text,
        "recursion": moments_by_recursion,
        "axes folded": moments_by_folding,
        "np.kron": moments_by_kron,
        "sets of kept units": moments_by_kept_sets,
        "all pairs": moments_by_pairs,
        "masks as columns": moments_of_columns,
        "float32": moments_in_float32,
        "running update": lambda network, n, q: list(moments_by_running_update(network, n, q)),
    },
}
WRONG = {
    "kept_probability": [
        ("exponent-of-kept", lambda n, k, q: math.comb(n, k) * q**n * (1 - q) ** (n - k)),
        ("exponent-of-dropped", lambda n, k, q: math.comb(n, k) * q**k * (1 - q) ** k),
        ("exponent-turned", lambda n, k, q: math.comb(n, k) * q**k * np.float64(1 - q) ** (k - n)),
        ("fewer-for-exactly", lambda n, k, q: sum(math.comb(n, j) * q**j * (1 - q) ** (n - j) for j in range(k))),
        (
            "more-for-exactly",
            lambda n, k, q: sum(math.comb(n, j) * q**j * (1 - q) ** (n - j) for j in range(k + 1, n + 1)),
        ),
        ("sum-without-brackets", lambda n, k, q: math.comb(n, k) * q**k * (1 - q ** (n - k))),
        ("caret-for-power", lambda n, k, q: math.comb(n, k) * q ^ k),
        ("argument-changed", lambda n, k, q: math.comb(n, k) * math.sqrt(q) ** k * (1 - math.sqrt(q)) ** (n - k)),
        ("number-too-large", lambda n, k, q: math.exp(1000.0 * n)),
        ("masks-not-counted", lambda n, k, q: q**k * (1 - q) ** (n - k)),
        ("masks-counted-alike", lambda n, k, q: math.comb(n, k) * 0.5**n),
        ("keep-drop-swapped", lambda n, k, q: math.comb(n, k) * (1 - q) ** k * q ** (n - k)),
        ("dropped-units-missing", lambda n, k, q: math.comb(n, k) * q**k),
        ("kept-units-missing", lambda n, k, q: math.comb(n, n - k) * (1 - q) ** (n - k)),
        ("given-units-only", lambda n, k, q: math.prod([q] * k)),
        ("order-counted", lambda n, k, q: math.factorial(n) / math.factorial(n - k) * q**k * (1 - q) ** (n - k)),
        ("comb-upside-down", lambda n, k, q: math.comb(k, n) * q**k * (1 - q) ** (n - k)),
        ("at-most-for-exactly", at_most),
        ("at-least-for-exactly", lambda n, k, q: 1 - at_most(n, k - 1, q)),
        ("sum-without-brackets", lambda n, k, q: math.comb(n, k) * q**k * (1 - q) ** n - k),
        ("logarithm-of-zero", kept_by_logarithms),
        ("random-for-exact", kept_in_a_simulation),
        ("wrong-at-one-value", lambda n, k, q: 0.0 if k == 0 else math.comb(n, k) * q**k * (1 - q) ** (n - k)),
        ("exponent-of-dropped", lambda n, k, q: math.comb(n, k) * q**k * (1 - q) ** k),
        ("expected-number", lambda n, k, q: n * q),
        ("result-changed", lambda n, k, q: round(math.comb(n, k) * q**k * (1 - q) ** (n - k), 2)),
        ("right-but-for-the-shape", lambda n, k, q: [math.comb(n, k) * q**k * (1 - q) ** (n - k)]),
        ("many-for-one-number", lambda n, k, q: [math.comb(n, j) * q**j * (1 - q) ** (n - j) for j in range(n + 1)]),
        ("returns-text", lambda n, k, q: f"{math.comb(n, k) * q**k * (1 - q) ** (n - k):.3f}"),
        ("returns-none", lambda n, k, q: print(math.comb(n, k) * q**k * (1 - q) ** (n - k))),
        ("unknown-attribute", lambda n, k, q: n.comb(k) * q**k * (1 - q) ** (n - k)),
    ],
    "preactivation_variance": [
        ("scale-of-dropout-missing", lambda W, x, q: W**2 @ x**2),
        ("moments-added", lambda W, x, q: (1 / q + 1) * (W**2 @ x**2)),
        ("argument-hard-coded", lambda W, x, q: 0.25 * (W**2 @ x**2)),
        ("no-squares", lambda W, x, q: (1 - q) / q * (W @ x)),
        ("keep-drop-swapped + square-after-sum", lambda W, x, q: q / (1 - q) * (W @ x) ** 2),
        ("variance-half-scaled + square-missing", lambda W, x, q: (1 - q) * (W**2 @ x)),
        ("kept-for-certain", lambda W, x, q: (1 / q**2 - 1) * (W**2 @ x**2)),
        ("random-for-exact", variance_simulated_with_a_seed),
        ("matrix-function-for-entries", lambda W, x, q: (1 - q) / q * (np.linalg.matrix_power(W, 2) @ x**2)),
        ("variance-half-scaled", lambda W, x, q: (1 - q) * W**2 @ x**2),
        ("variance-without-scale", lambda W, x, q: W**2 @ x**2 * q * (1 - q)),
        ("keep-drop-swapped", lambda W, x, q: q / (1 - q) * (W**2 @ x**2)),
        ("square-after-sum", lambda W, x, q: (1 - q) / q * np.dot(W, x) ** 2),
        ("square-missing", lambda W, x, q: (1 - q) / q * np.dot(W**2, x)),
        ("variance-linear-in-weights", lambda W, x, q: (1 - q) / q * np.dot(W, x**2)),
        ("inputs-missing", lambda W, x, q: np.full((1, x.shape[1]), (1 - q) / q * np.sum(W**2))),
        ("weights-missing", lambda W, x, q: (1 - q) / q * (x**2).sum(axis=0).reshape(1, -1)),
        ("product-of-sums", lambda W, x, q: (1 - q) / q * np.linalg.norm(W) ** 2 * (x**2).sum(axis=0, keepdims=True)),
        ("deviation-for-variance", lambda W, x, q: np.sqrt((1 - q) / q) * np.sqrt(np.sum((W.T * x) ** 2, 0))[None]),
        ("square-of-mean-kept", lambda W, x, q: (W / q) ** 2 @ x**2 * q),
        ("square-of-whole-mean-kept", lambda W, x, q: variance_in_loops(W, x, q) + (W @ x) ** 2),
        ("mean-for-variance", lambda W, x, q: W @ (x * q / q)),
        ("units-averaged", lambda W, x, q: (1 - q) / q * np.mean((W.T * x) ** 2, axis=0, keepdims=True)),
        ("summed-over-examples", lambda W, x, q: (1 - q) / q * np.sum(W.T**2 * x**2, axis=1, keepdims=True)),
        ("summed-over-examples", lambda W, x, q: (1 - q) / q * np.sum((W.T * x) ** 2, axis=1)),
        ("summed-over-examples", lambda W, x, q: [(1 - q) / q * (W[0] ** 2 * (x**2).sum(axis=1))]),
        ("terms-not-combined", lambda W, x, q: (1 - q) / q * (W.T * x) ** 2),
        ("sum-without-brackets", lambda W, x, q: 1 - q / q * (W**2 @ x**2)),
        ("random-for-exact", variance_simulated),
        ("changes-its-argument", variance_in_place),
        ("wrong-value", variance_of_first_example),
        ("result-constant", lambda W, x, q: 0 * (W @ x)),
        ("wrong-value", lambda W, x, q: ((1 - q) / q) ** 2 * (W**2 @ x**2)),
        ("right-but-for-the-shape", lambda W, x, q: (1 - q) / q * np.sum(W.T**2 * x**2, axis=0)),
        ("result-changed", lambda W, x, q: (1 - q) / q * np.sum(W.T**2 * x**2)),
        ("right-but-for-the-shape", lambda W, x, q: ((1 - q) / q * (W**2 @ x**2)).T),
        ("one-number-for-many", nothing_to_do_at_one),
        ("product-does-not-fit", lambda W, x, q: (1 - q) / q * (x**2 @ W**2)),
        ("returns-none", lambda W, x, q: None),
    ],
    "mean_over_masks": [
        (
            "all-masks-counted-together",
            lambda o, masks, q: np.sum(o * q ** masks.sum() * (1 - q) ** (masks.size - masks.sum())),
        ),
        ("dropped-units-missing + weights-averaged-again", lambda o, masks, q: np.mean(o * q ** masks.sum(axis=0))),
        ("axis-not-there", lambda o, masks, q: o.sum(axis=1) @ q ** masks.sum(axis=0)),
        ("index-out-of-range", mean_by_an_index_too_far),
        ("masks-counted-alike", lambda outputs, masks, q: np.mean(outputs)),
        ("masks-counted-alike", lambda outputs, masks, q: sum(outputs) / 2 ** masks.shape[0]),
        ("probabilities-missing", lambda outputs, masks, q: np.sum(outputs)),
        ("keep-drop-swapped", lambda outputs, masks, q: outputs @ chances(masks, 1 - q)),
        ("keep-drop-swapped", lambda outputs, masks, q: looped_mean(outputs, ~masks, q)),
        ("dropped-units-missing", lambda outputs, masks, q: np.sum(outputs * q ** masks.sum(axis=0))),
        ("dropped-units-missing", lambda outputs, masks, q: outputs @ np.where(masks, q, 1).prod(axis=0)),
        ("kept-units-missing", lambda outputs, masks, q: outputs @ np.where(masks, 1, 1 - q).prod(axis=0)),
        ("weights-averaged-again", lambda outputs, masks, q: np.mean(outputs * chances(masks, q))),
        ("count-probability-for-mask", mean_of_counts),
        ("weighted-by-number-kept", lambda outputs, masks, q: np.average(outputs, weights=masks.mean(axis=0))),
        (
            "masks-counted-as-units",
            lambda outputs, masks, q: np.sum(
                outputs * q ** masks.sum(axis=0) * (1 - q) ** (masks.shape[1] - masks.sum(axis=0))
            ),
        ),
        ("whole-network-only", lambda outputs, masks, q: outputs[np.argmax(masks.sum(axis=0))]),
        ("most-likely-mask-only", lambda outputs, masks, q: outputs[chances(masks, q).argmax()]),
        ("order-of-masks-assumed", mean_in_order),
        ("terms-not-combined", lambda outputs, masks, q: outputs * chances(masks, q)),
        ("logarithm-of-zero", mean_by_logarithms),
        ("random-for-exact", mean_of_drawn_masks),
        ("changes-its-argument", mean_in_place),
        ("wrong-value", lambda outputs, masks, q: outputs[0]),
        ("wrong-value", lambda outputs, masks, q: q * np.mean(outputs)),
        ("wrong-value", lambda outputs, masks, q: outputs @ chances(masks[:-1], q)),
        ("argument-changed", lambda outputs, masks, q: abs(outputs) @ chances(masks, q)),
        ("dropped-units-missing + terms-not-combined", lambda outputs, masks, q: outputs * q ** masks.sum(axis=0)),
        ("many-for-one-number", lambda outputs, masks, q: np.sum(outputs * np.where(masks, q, 1 - q), axis=1)),
        ("summed-along-wrong-axis", lambda outputs, masks, q: np.sum(outputs * q ** masks.sum(axis=1))),
        ("returns-none", lambda outputs, masks, q: print(looped_mean(outputs, masks, q))),
    ],
    "geometric_mean": [
        ("sigmoid-of-mean", lambda p, w: 1 / (1 + np.exp(-(w @ p)))),
        ("weights-for-powers", lambda p, w: np.prod(p * w) / (np.prod(p * w) + np.prod((1 - p) * w))),
        ("probabilities-missing + not-normalized", lambda p, w: np.prod(p)),
        ("masks-counted-alike + odds-for-probability", lambda p, w: np.exp(np.mean(np.log(p / (1 - p))))),
        ("arithmetic-mean", lambda p, w: np.average(p, weights=w)),
        ("not-normalized", geometric),
        ("not-normalized", lambda p, w: geometric(p, w) / (geometric(p, w) + (1 - geometric(p, w)))),
        ("masks-counted-alike", lambda p, w: ngm(p, np.full(len(p), 1 / len(p)))),
        ("probabilities-missing", lambda p, w: ngm(p, 1)),
        ("complement-returned", lambda p, w: ngm(1 - p, w)),
        (
            "weights-averaged-again",
            lambda p, w: (
                np.exp(np.mean(w * np.log(p))) / (np.exp(np.mean(w * np.log(p))) + np.exp(np.mean(w * np.log(1 - p))))
            ),
        ),
        ("odds-for-probability", lambda p, w: np.prod((p / (1 - p)) ** w)),
        ("odds-against", lambda p, w: np.exp(w @ np.log(1 - p)) / np.exp(w @ np.log(p))),
        ("logit-for-probability", lambda p, w: w @ (np.log(p) - np.log(1 - p))),
        ("exponential-missing", lambda p, w: np.sum(w * np.log(p)) / np.sum(w * (np.log(p) + np.log(1 - p)))),
        (
            "logarithm-base-mixed",
            lambda p, w: np.exp(w @ np.log10(p)) / (np.exp(w @ np.log10(p)) + np.exp(w @ np.log10(1 - p))),
        ),
        ("terms-not-combined", lambda p, w: p**w / (p**w + (1 - p) ** w)),
        ("product-underflows", geometric_by_whole_powers),
        ("changes-its-argument", geometric_in_place),
        ("result-constant", lambda p, w: 0.5),
        ("masks-counted-alike + not-normalized", lambda p, w: np.prod(p) ** (1 / len(p))),
        ("wrong-value", lambda p, w: 1 / np.sum(w / p)),
        ("wrong-value", lambda p, w: np.exp(np.log(p) @ w) / (np.exp(np.log(p) @ w) + np.exp(-np.log(p) @ w))),
        ("powers-summed", lambda p, w: np.sum(p**w) / (np.sum(p**w) + np.sum((1 - p) ** w))),
        ("result-not-finite", geometric_by_ratio_to_the_first),
        ("right-but-for-the-shape", lambda p, w: np.array([ngm(p, w)])),
        ("many-for-one-number", lambda p, w: w * np.log(p)),
        ("number-from-an-array", lambda p, w: np.exp(w @ math.log(p))),
        ("returns-none", lambda p, w: None),
    ],
    "dropout_penalty": [
        ("scale-of-dropout-missing", lambda W, x, q: np.mean(W**2 @ x**2)),
        ("no-squares", lambda W, x, q: (1 - q) / q * np.mean(W @ x)),
        ("keep-drop-swapped + mean-over-examples-missing", lambda W, x, q: q / (1 - q) * np.sum(W**2 @ x**2)),
        (
            "variance-without-scale + units-averaged",
            lambda W, x, q: q * (1 - q) * np.mean(W[0] ** 2 * np.mean(x**2, axis=1)),
        ),
        ("mean-squared + half-added", lambda W, x, q: (1 - q) / q / 2 * np.sum(W[0] ** 2 * x.mean(axis=1) ** 2)),
        ("mean-over-examples-missing", lambda W, x, q: (1 - q) / q * np.sum(W**2 @ x**2)),
        ("units-averaged", lambda W, x, q: (1 - q) / q * np.mean(W.T**2 * x**2)),
        ("features-for-examples", lambda W, x, q: (1 - q) / q * np.sum(W**2 @ x**2) / len(x)),
        ("variance-half-scaled", lambda W, x, q: (1 - q) * np.mean(W**2 @ x**2)),
        ("variance-without-scale", lambda W, x, q: q * (1 - q) * np.mean(W**2 @ x**2)),
        ("keep-drop-swapped", lambda W, x, q: q / (1 - q) * np.sum(W[0] ** 2 * np.mean(x**2, axis=1))),
        ("square-of-mean-kept", lambda W, x, q: 1 / q * np.sum(W[0] ** 2 * np.mean(x**2, axis=1))),
        ("square-of-whole-mean-kept", lambda W, x, q: looped_penalty(W, x, q) + np.mean((W @ x) ** 2)),
        ("square-missing", lambda W, x, q: (1 - q) / q * np.sum(W[0] ** 2 * np.mean(x, axis=1))),
        ("mean-squared", lambda W, x, q: (1 - q) / q * np.sum(W[0] ** 2 * x.mean(axis=1) ** 2)),
        ("features-taken-as-centred", lambda W, x, q: (1 - q) / q * W[0] ** 2 @ np.var(x, axis=1)),
        ("variance-linear-in-weights", lambda W, x, q: (1 - q) / q * np.sum(W[0] * np.mean(x**2, axis=1))),
        ("weights-missing", lambda W, x, q: (1 - q) / q * np.sum(x**2) / x.shape[1]),
        ("inputs-missing", lambda W, x, q: (1 - q) / q * np.sum(W**2)),
        ("product-of-sums", lambda W, x, q: (1 - q) / q * np.sum(W**2) * np.mean(np.sum(x**2, axis=0))),
        ("square-after-sum", lambda W, x, q: (1 - q) / q * np.mean((W @ x) ** 2)),
        ("half-missing", lambda W, x, q: 2 * (1 - q) / q * np.sum(W[0] ** 2 * np.mean(x**2, axis=1))),
        ("m-and-half-missing", lambda W, x, q: np.sum(2 * (1 - q) / q * np.sum(x**2, axis=1) * W[0] ** 2)),
        ("half-added", lambda W, x, q: 0.5 * (1 - q) / q * np.mean(W**2 @ x**2)),
        ("deviation-for-variance", lambda W, x, q: np.sqrt((1 - q) / q * np.mean(W**2 @ x**2))),
        ("terms-not-combined", lambda W, x, q: (1 - q) / q * W[0] ** 2 * np.mean(x**2, axis=1)),
        ("sum-without-brackets", lambda W, x, q: 1 - q / q * np.mean(W**2 @ x**2)),
        ("random-for-exact", penalty_simulated),
        ("changes-its-argument", penalty_in_place),
        ("result-constant", lambda W, x, q: 7.0),
        ("sizes-for-squares", lambda W, x, q: (1 - q) / q * np.sum(np.abs(W[0]) * np.mean(np.abs(x), axis=1))),
        ("wrong-at-one-value", lambda W, x, q: 0.1 if q == 1 else (1 - q) / q * np.mean(W**2 @ x**2)),
        ("many-for-one-number", lambda W, x, q: (1 - q) / q * (W**2 @ x**2)),
        ("right-but-for-the-shape", lambda W, x, q: (1 - q) / q * W**2 @ np.mean(x**2, axis=1)),
        ("right-but-for-the-shape", lambda W, x, q: (1 - q) / q * W**2 @ np.mean(x**2, axis=1, keepdims=True)),
        ("entries-for-product", lambda W, x, q: (1 - q) / q * np.sum(W**2 * x**2) / len(x[0])),
        ("returns-none", lambda W, x, q: None),
    ],
    "matching_keep_prob": [
        ("two-doubled-in-solving", lambda lambd, m: 4 * m / (4 * m + lambd)),
        ("sum-without-brackets", lambda lambd, m: (2 * m) / (2 * m) + lambd),
        ("argument-hard-coded", lambda lambd, m: 200 / (200 + lambd)),
        ("strength-put-in-for-q", lambda lambd, m: 2 * m * (1 - lambd) / np.float64(lambd)),
        ("fraction-upside-down", lambda lambd, m: (2 * m + lambd) / (2 * m)),
        ("two-lost-in-solving + keep-drop-swapped", lambda lambd, m: lambd / (m + lambd)),
        ("m-inverted", lambda lambd, m: 1 / (1 + 2 * m * lambd)),
        ("m-and-half-missing + sign-lost-in-solving", lambda lambd, m: 1 / np.float64(1 - lambd)),
        ("keep-drop-swapped", lambda lambd, m: lambd / (2 * m + lambd)),
        ("two-lost-in-solving", lambda lambd, m: m / (m + lambd)),
        ("two-doubled-in-solving", lambda lambd, m: 1 / (1 + lambd / (4 * m))),
        ("m-missing", lambda lambd, m: 2 / (2 + lambd)),
        ("m-and-half-missing", lambda lambd, m: 1 / (1 + lambd)),
        ("m-multiplied", lambda lambd, m: 1 / (1 + lambd / 2 * m)),
        ("odds-against", lambda lambd, m: lambd / (2 * m)),
        ("odds-for-probability", lambda lambd, m: 2 * m / lambd),
        ("first-order-only", lambda lambd, m: (2 * m - lambd) / (2 * m)),
        ("strength-taken-for-rate", lambda lambd, m: 1 - lambd),
        ("sign-lost-in-solving", lambda lambd, m: -2 * m / (lambd - 2 * m)),
        ("sum-without-brackets", lambda lambd, m: 2 * m / 2 * m + lambd),
        ("result-constant", lambda lambd, m: 0.5),
        ("wrong-at-one-value", matching_by_inverse_odds),
        ("wrong-value", lambda lambd, m: max(0.5, 2 * m / (2 * m + lambd))),
        ("wrong-value", lambda lambd, m: np.exp(-lambd / (2 * m))),
        ("right-but-for-the-shape", lambda lambd, m: np.array([2 * m / (2 * m + lambd)])),
        ("returns-a-dict", lambda lambd, m: {"keep_prob": 2 * m / (2 * m + lambd)}),
        ("number-for-array", lambda lambd, m: 2 * m / (2 * m + lambd[0])),
        ("returns-none", lambda lambd, m: print(2 * m / (2 * m + lambd))),
    ],
    "subnetwork_moments": [
        ("masks-counted-alike", moments_with(lambda n, k, q: 1 / 2**n)),
        ("masks-counted-alike", moments_with(mask_chance, lambda w, z: np.var(z))),
        ("masks-counted-alike", lambda network, n, q: [f(listed(network, n, q)[0]) for f in (np.mean, np.var)]),
        ("keep-drop-swapped", moments_with(lambda n, k, q: q ** (n - k) * (1 - q) ** k)),
        ("keep-drop-swapped", lambda network, n, q: moments_by_recursion(network, n, 1 - q)),
        ("dropped-units-missing", moments_with(lambda n, k, q: q**k)),
        ("dropped-units-missing", moments_with(lambda n, k, q: q**k, centred)),
        ("kept-units-missing", moments_with(lambda n, k, q: (1 - q) ** (n - k))),
        ("probabilities-missing", moments_with(lambda n, k, q: 1)),
        ("count-probability-for-mask", moments_with(lambda n, k, q: math.comb(n, k) * mask_chance(n, k, q))),
        ("count-probability-for-mask", moments_with(lambda n, k, q: math.comb(n, k) * mask_chance(n, k, q), centred)),
        ("masks-left-out", moments_of_other_masks(lambda number: range(1, number))),
        ("masks-left-out", moments_of_other_masks(lambda number: range(number - 1))),
        ("square-of-mean-kept", moments_with(mask_chance, lambda w, z: w @ z**2)),
        ("moments-added", moments_with(mask_chance, lambda w, z: w @ z**2 + (w @ z) ** 2)),
        ("deviation-for-variance", moments_with(mask_chance, lambda w, z: np.sqrt(centred(w, z)))),
        ("dropped-units-missing + square-of-mean-kept", moments_with(lambda n, k, q: q**k, lambda w, z: w @ z**2)),
        ("whole-network-only", lambda network, n, q: (network([1] * n), moments_in_a_loop(network, n, q)[1])),
        ("whole-network-only", spread_around_the_whole),
        ("masks-all-at-once", lambda network, n, q: [network(np.array(list(product([0, 1], repeat=n)))), 0]),
        ("masks-all-at-once", lambda network, n, q: (network(1), 0)),
        ("mask-of-fractions", lambda network, n, q: (network(q * np.ones(n)), q * (1 - q))),
        ("mask-of-fractions", lambda network, n, q: moments_in_a_loop(lambda r: network(np.array(r) / q), n, q)),
        ("random-for-exact", moments_simulated),
        ("result-changed", lambda network, n, q: moments_in_a_loop(network, n, q)[::-1]),
        ("result-changed", lambda network, n, q: moments_in_a_loop(network, n, q)[0]),
        ("wrong-value", moments_with(mask_chance, lambda w, z: w @ np.abs(z - w @ z))),
        ("wrong-value", lambda network, n, q: moments_in_a_loop(network, n, min(q, 0.8))),
        ("right-but-for-the-shape", lambda network, n, q: [[one] for one in moments_in_a_loop(network, n, q)]),
        ("returns-a-dict", moments_by_name),
        ("function-not-called", lambda network, n, q: (q * network, 0)),
        ("index-for-brackets", lambda network, n, q: (network[0], 0)),
        ("returns-none", lambda network, n, q: print(moments_in_a_loop(network, n, q))),
    ],
}
