"""Answers to the exercises of chapter 06."""

import numpy as np


def share_by_steps(curvature, learning_rate, steps):
    w = 0.0
    for _ in range(steps):
        w -= learning_rate * curvature * (w - 1.0)
    return w


def share_by_rest(curvature, learning_rate, steps):
    rest = 1
    for _ in range(steps):
        rest *= 1 - learning_rate * curvature
    return 1 - rest


def share_as_series(curvature, learning_rate, steps):
    step = curvature * learning_rate
    return sum(step * (1 - step) ** k for k in range(steps))


def look_with_counter(costs, patience):
    best, best_cost, waited = 0, float("inf"), 0
    for look, cost in enumerate(costs):
        if cost < best_cost:
            best, best_cost, waited = look, cost, 0
        else:
            waited += 1
            if waited == patience:
                break
    return best


def look_with_while(costs, patience):
    best = look = 0
    while look < len(costs) and look - best < patience:
        look += 1
        if look < len(costs) and costs[look] < costs[best]:
            best = look
    return best


def look_from_slices(costs, patience):
    for look in range(len(costs)):
        best_so_far = costs[look] == min(costs[: look + 1]) and costs[look] not in costs[:look]
        if best_so_far and min(costs[look + 1 : look + 1 + patience], default=np.inf) >= costs[look]:
            return look


def look_stopped(costs, patience):
    best = 0
    for look, cost in enumerate(costs):
        if cost < costs[best]:
            best = look
        elif look - best >= patience:
            return look
    return look


def look_without_reset(costs, patience):
    best, bad = 0, 0
    for look in range(1, len(costs)):
        if costs[look] < costs[best]:
            best = look
        else:
            bad += 1
        if bad == patience:
            break
    return best


def look_beside_the_last(costs, patience):
    bad, best = 0, 0
    for look in range(1, len(costs)):
        bad = 0 if costs[look] < costs[look - 1] else bad + 1
        if costs[look] < costs[best]:
            best = look
        if bad == patience:
            break
    return best


def look_too_patient(costs, patience):
    best = 0
    for look, cost in enumerate(costs):
        if cost < costs[best]:
            best = look
        elif look - best > patience:
            break
    return best


def look_impatient(costs, patience):
    return look_with_counter(costs, patience - 1)


def noise_of(W, a, keep_prob):
    return (1 - keep_prob) / keep_prob * (W**2) @ (a**2).mean(axis=1)


def shift_in_loops(W, a, keep_prob):
    out = []
    for row in W:
        extra = sum(w**2 * np.mean(x**2) for w, x in zip(row, a, strict=True)) * (1 - keep_prob) / keep_prob
        out.append((extra + np.var(row @ a)) / np.var(row @ a))
    return np.array(out)


def shift_by_total_variance(W, a, keep_prob):
    per_example = (1 / keep_prob - 1) * (W**2) @ (a**2)
    over_examples = np.var(W @ a, axis=1)
    return (over_examples + per_example.mean(axis=1)) / over_examples


def shift_by_all_masks(W, a, keep_prob):
    import itertools

    n = len(a)
    first, second = 0, 0
    for mask in itertools.product([0, 1], repeat=n):
        mask = np.array(mask)[:, None]
        p = np.prod(np.where(mask, keep_prob, 1 - keep_prob))
        z = W @ (a * mask / keep_prob)
        first, second = first + p * z.mean(axis=1), second + p * (z**2).mean(axis=1)
    return (second - first**2) / np.var(W @ a, axis=1)


def decay_in_steps(epochs, learning_rate, m, batch_size):
    steps = m / batch_size * epochs
    return 1 / steps / learning_rate


def decay_in_one(epochs, learning_rate, m, batch_size):
    return batch_size / (epochs * learning_rate * m)


def gaussian_normal(a, keep_prob, rng):
    return a * rng.normal(1, np.sqrt((1 - keep_prob) / keep_prob), size=a.shape)


def gaussian_added(a, keep_prob, rng):
    noise = rng.standard_normal(a.shape) * (1 / keep_prob - 1) ** 0.5
    return a + a * noise


def gaussian_plain_noise(a, keep_prob, rng):
    return a + np.sqrt((1 - keep_prob) / keep_prob) * rng.standard_normal(a.shape)


def gaussian_by_variance(a, keep_prob, rng):
    return a * rng.normal(1, (1 - keep_prob) / keep_prob, size=a.shape)


def gaussian_with(scale, mean=1.0):
    """Return an answer whose noise has another scale or mean."""

    def answer(a, keep_prob, rng):
        return a * (mean + scale(keep_prob) * rng.standard_normal(a.shape))

    return answer


def gaussian_and_coins(a, keep_prob, rng):
    return a * (rng.random(a.shape) < keep_prob) / keep_prob


def gaussian_for_rows(a, keep_prob, rng):
    return a * (1 + np.sqrt((1 - keep_prob) / keep_prob) * rng.standard_normal((a.shape[0], 1)))


def gaussian_uniform(a, keep_prob, rng):
    width = np.sqrt(12 * (1 - keep_prob) / keep_prob)
    return a * (1 + width * (rng.random(a.shape) - 0.5))


def gaussian_own(a, keep_prob, rng):
    return a * np.random.default_rng().normal(1, np.sqrt((1 - keep_prob) / keep_prob), size=a.shape)


def gaussian_around_q(a, keep_prob, rng):
    return a * (keep_prob + 0.3 * rng.standard_normal(a.shape))


def gaussian_in_place(a, keep_prob, rng):
    a *= rng.normal(1, np.sqrt((1 - keep_prob) / keep_prob), size=a.shape)
    return a


def spatial_plain(a, keep_prob, rng):
    channels, _, m = a.shape
    return a * (rng.random((channels, 1, m)) < keep_prob) / keep_prob


def spatial_in_loops(a, keep_prob, rng):
    out = np.zeros(a.shape)
    for channel in range(a.shape[0]):
        for example in range(a.shape[2]):
            if rng.random() < keep_prob:
                out[channel, :, example] = a[channel, :, example] / keep_prob
    return out


def spatial_by_repeat(a, keep_prob, rng):
    coins = keep_prob > rng.random((a.shape[2], a.shape[0])).T
    return np.where(np.repeat(coins[:, None], a.shape[1], axis=1), a / keep_prob, 0)


def spatial_with(shape, scale=lambda q: 1 / q, chance=lambda q: q):
    """Return an answer whose mask has another shape, scale or chance."""

    def answer(a, keep_prob, rng):
        channels, positions, m = a.shape
        return a * (rng.random(shape(channels, positions, m)) < chance(keep_prob)) * scale(keep_prob)

    return answer


def spatial_own(a, keep_prob, rng):
    return spatial_plain(a, keep_prob, np.random.default_rng())


def softmax(scores):
    e = np.exp(scores - scores.max(axis=0))
    return e / e.sum(axis=0)


def attention_plain(dout, q, k, v, factors):
    n = q.shape[0]
    A = softmax(k.T @ q / np.sqrt(n))  # (keys, queries)
    dv = dout @ (A * factors).T
    dA = (v.T @ dout) * factors
    ds = A * (dA - (A * dA).sum(axis=0, keepdims=True)) / np.sqrt(n)
    return k @ ds, q @ ds.T, dv


def attention_in_loops(dout, q, k, v, factors):
    n, tokens = q.shape
    dq, dk, dv = np.zeros_like(q), np.zeros_like(k), np.zeros_like(v)
    for t in range(tokens):
        scores = np.array([k[:, s] @ q[:, t] for s in range(tokens)]) / n**0.5
        A = softmax(scores)
        dA = np.zeros(tokens)
        for s in range(tokens):
            dv[:, s] += A[s] * factors[s, t] * dout[:, t]
            dA[s] = v[:, s] @ dout[:, t] * factors[s, t]
        jacobian = np.diag(A) - np.outer(A, A)
        ds = jacobian @ dA / n**0.5
        for s in range(tokens):
            dq[:, t] += ds[s] * k[:, s]
            dk[:, s] += ds[s] * q[:, t]
    return [dq, dk, dv]


def attention_by_differences(dout, q, k, v, factors):
    def value(q, k, v):
        return np.sum(dout * (v @ (softmax(k.T @ q / np.sqrt(len(q))) * factors)))

    gradients = []
    for place in range(3):
        given = [q, k, v]
        slopes = np.zeros_like(q)
        for index in np.ndindex(*q.shape):
            sides = []
            for e in (1e-6, -1e-6):
                moved = given[place].copy()
                moved[index] += e
                sides.append(value(*given[:place], moved, *given[place + 1 :]))
            slopes[index] = (sides[0] - sides[1]) / 2e-6
        gradients.append(slopes)
    return tuple(gradients)


def attention_wrong(**changes):
    """Return a way back with one line changed."""

    def answer(dout, q, k, v, factors):
        root = np.sqrt(len(q))
        A = softmax(k.T @ q / root)
        dA = (v.T @ dout) * (1 if changes.get("mask") else factors)
        if changes.get("back") == "none":
            ds = dA
        elif changes.get("back") == "diagonal":
            ds = A * (1 - A) * dA
        elif changes.get("back") == "first":
            ds = A * dA
        elif changes.get("back") == "rows":
            ds = A * (dA - (A * dA).sum(axis=1, keepdims=True))
        else:
            ds = A * (dA - (A * dA).sum(axis=0))
        ds = ds if changes.get("root") else ds / root
        dv = dout @ {"A": A, "factors": factors}.get(changes.get("values"), A * factors).T
        dq, dk = k @ ds, q @ ds.T
        if changes.get("exchanged"):
            dq, dk = dk, dq
        if changes.get("shape"):
            dv = dv.T
        return (dq,) if changes.get("one") else (dq, dk, dv)

    return answer


RIGHT = {
    "share_reached": {
        "formula": lambda curvature, learning_rate, steps: 1 - (1 - curvature * learning_rate) ** steps,
        "by steps": share_by_steps,
        "by what is left": share_by_rest,
        "as a series": share_as_series,
    },
    "best_look": {"counter": look_with_counter, "while": look_with_while, "slices": look_from_slices},
    "variance_shift": {
        "formula": lambda W, a, q: 1 + noise_of(W, a, q) / np.var(W @ a, axis=1),
        "loops": shift_in_loops,
        "total variance": shift_by_total_variance,
        "all masks": shift_by_all_masks,
    },
    "decay_for": {"steps": decay_in_steps, "one line": decay_in_one},
    "gaussian_dropout": {"normal": gaussian_normal, "added": gaussian_added},
    "spatial_dropout": {"plain": spatial_plain, "loops": spatial_in_loops, "repeat": spatial_by_repeat},
    "attention_backward": {
        "matrices": attention_plain,
        "loops": attention_in_loops,
        "differences": attention_by_differences,
    },
}

WRONG = {
    "share_reached": [
        ("left-for-reached", lambda curvature, learning_rate, steps: (1 - curvature * learning_rate) ** steps),
        ("steps-added-up", lambda curvature, learning_rate, steps: learning_rate * curvature * steps),
        ("tiny-steps-assumed", lambda curvature, learning_rate, steps: 1 - np.exp(-learning_rate * curvature * steps)),
        ("one-step-only", lambda curvature, learning_rate, steps: learning_rate * curvature),
        ("penalty-for-stopping", lambda curvature, rate, steps: curvature / (curvature + 1 / (rate * steps))),
        ("power-of-the-step", lambda curvature, learning_rate, steps: 1 - (curvature * learning_rate) ** steps),
        ("argument-changed", lambda curvature, learning_rate, steps: 1 - (1 - learning_rate) ** steps),
    ],
    "best_look": [
        ("looks-ahead", lambda costs, patience: costs.index(min(costs))),
        ("last-for-best", look_stopped),
        ("cost-for-place", lambda costs, patience: costs[look_with_counter(costs, patience)]),
        ("counter-never-reset", look_without_reset),
        ("compared-with-the-last", look_beside_the_last),
        ("patience-off-by-one", look_too_patient),
        ("patience-off-by-one", look_impatient),
        ("counted-from-one", lambda costs, patience: look_with_counter(costs, patience) + 1),
    ],
    "variance_shift": [
        ("same-for-all-units", lambda W, a, q: np.ones(len(W)) / q),
        ("variance-linear-in-weights", lambda W, a, q: 1 + (1 - q) / q * W @ (a**2).mean(1) / np.var(W @ a, axis=1)),
        ("mean-squared", lambda W, a, q: 1 + (1 - q) / q * W**2 @ a.mean(1) ** 2 / np.var(W @ a, axis=1)),
        ("features-taken-as-centred", lambda W, a, q: 1 + (1 - q) / q * W**2 @ a.var(axis=1) / np.var(W @ a, axis=1)),
        ("square-after-sum", lambda W, a, q: 1 + (1 - q) / q * ((W @ a) ** 2).mean(1) / np.var(W @ a, axis=1)),
        ("variance-without-scale", lambda W, a, q: 1 + q**2 * noise_of(W, a, q) / np.var(W @ a, axis=1)),
        ("variance-half-scaled", lambda W, a, q: 1 + q * noise_of(W, a, q) / np.var(W @ a, axis=1)),
        ("second-moment-taken", lambda W, a, q: 1 + W**2 @ (a**2).mean(1) / q / np.var(W @ a, axis=1)),
        ("added-noise-only", lambda W, a, q: noise_of(W, a, q) / np.var(W @ a, axis=1)),
        ("evaluation-over-training", lambda W, a, q: 1 / (1 + noise_of(W, a, q) / np.var(W @ a, axis=1))),
        ("variance-for-ratio", lambda W, a, q: np.var(W @ a, axis=1) + noise_of(W, a, q)),
        ("deviations-compared", lambda W, a, q: np.sqrt(1 + noise_of(W, a, q) / np.var(W @ a, axis=1))),
    ],
    "decay_for": [
        ("epochs-taken-for-steps", lambda epochs, learning_rate, m, size: 1 / (learning_rate * epochs)),
        ("steps-upside-down", lambda epochs, rate, m, size: 1 / (rate * epochs * size / m)),
        ("examples-for-steps", lambda epochs, rate, m, size: 1 / (rate * epochs * m)),
        ("rate-left-out", lambda epochs, rate, m, size: 1 / (epochs * m / size)),
        ("rate-multiplied", lambda epochs, rate, m, size: rate / (epochs * m / size)),
        ("time-for-decay", lambda epochs, rate, m, size: rate * epochs * m / size),
    ],
    "gaussian_dropout": [
        ("zeros-become-noise", gaussian_plain_noise),
        ("variance-as-scale", gaussian_by_variance),
        ("variance-without-scale", gaussian_with(lambda q: np.sqrt(q * (1 - q)))),
        ("variance-half-scaled", gaussian_with(lambda q: np.sqrt(1 - q))),
        ("fraction-turned", gaussian_with(lambda q: np.sqrt(q / (1 - q)))),
        ("strength-ignored", gaussian_with(lambda q: 1.0)),
        ("noise-around-zero", gaussian_with(lambda q: np.sqrt((1 - q) / q), mean=0.0)),
        ("mean-not-one", gaussian_around_q),
        ("coins-for-normal", gaussian_and_coins),
        ("noise-shared", gaussian_for_rows),
        ("other-noise", gaussian_uniform),
        ("own-generator", gaussian_own),
        ("changes-its-argument", gaussian_in_place),
    ],
    "spatial_dropout": [
        ("entries-for-channels", spatial_with(lambda c, p, m: (c, p, m))),
        ("mask-shared-by-examples", spatial_with(lambda c, p, m: (c, 1, 1))),
        ("positions-for-channels", spatial_with(lambda c, p, m: (1, p, m))),
        ("one-coin-for-all", spatial_with(lambda c, p, m: (1, 1, m))),
        ("scale-missing", spatial_with(lambda c, p, m: (c, 1, m), scale=lambda q: 1)),
        ("keep-drop-swapped", spatial_with(lambda c, p, m: (c, 1, m), chance=lambda q: 1 - q)),
        ("own-generator", spatial_own),
    ],
    "attention_backward": [
        ("mask-forgotten-backward", attention_wrong(mask=True)),
        ("softmax-left-out", attention_wrong(back="none")),
        ("softmax-as-sigmoid", attention_wrong(back="diagonal")),
        ("softmax-taken-as-constant", attention_wrong(back="first")),
        ("softmax-over-queries", attention_wrong(back="rows")),
        ("root-of-n-lost", attention_wrong(root=True)),
        ("values-see-undropped", attention_wrong(values="A")),
        ("values-see-factors-alone", attention_wrong(values="factors")),
        ("queries-and-keys-exchanged", attention_wrong(exchanged=True)),
        ("not-three-gradients", attention_wrong(one=True)),
        ("gradient-of-other-shape", attention_wrong(shape=True)),
    ],
}
