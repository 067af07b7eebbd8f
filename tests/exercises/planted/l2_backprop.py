"""Answers to the exercises of chapter 03."""

import numpy as np


def weights_of(parameters):
    return [value for name, value in parameters.items() if name.startswith("W")]


def total(parameters, of=np.square):
    return sum(np.sum(of(W)) for W in weights_of(parameters))


# l2_cost


def cost_by_layers(parameters, lambd, m):
    cost = 0
    for layer in range(1, len(parameters) // 2 + 1):
        cost += np.linalg.norm(parameters[f"W{layer}"]) ** 2
    return 0.5 * lambd / m * cost


def cost_in_loops(parameters, lambd, m):
    cost = 0.0
    for name in parameters:
        if name[0] == "W":
            for row in parameters[name].tolist():
                for w in row:
                    cost += lambd * w * w / (2 * m)
    return cost


def cost_with_axes(parameters, lambd, m):
    squares = np.zeros((1, 1))
    for W in weights_of(parameters):
        squares = squares + np.sum(np.square(W), keepdims=True)
    return squares * lambd / m / 2


def cost_flat(parameters, lambd, m):
    flat = np.concatenate([W.ravel() for W in weights_of(parameters)]).astype(np.float32)
    return lambd / (2 * m) * flat.dot(flat)


def cost_returned_too_early(parameters, lambd, m):
    squares = 0
    for name, value in parameters.items():
        if "W" in name:
            squares += np.sum(value**2)
            return lambd / (2 * m) * squares


def cost_overwritten(parameters, lambd, m):
    for W in weights_of(parameters):
        cost = lambd / (2 * m) * np.sum(W**2)
    return cost


def cost_range_too_short(parameters, lambd, m):
    L = len(parameters) // 2
    return sum(lambd / (2 * m) * np.sum(np.square(parameters["W" + str(layer)])) for layer in range(1, L))


def cost_of_two_layers(parameters, lambd, m):
    W1, W2 = parameters["W1"], parameters["W2"]
    return (np.sum(np.square(W1)) + np.sum(np.square(W2))) * lambd / (2 * m)


def cost_without_columns(parameters, lambd, m):
    squares = 0
    for value in parameters.values():
        if value.shape[1] != 1:
            squares += (value * value).sum()
    return lambd / (2 * m) * squares


def cost_squaring_in_place(parameters, lambd, m):
    squares = 0
    for W in weights_of(parameters):
        W **= 2
        squares += W.sum()
    return lambd / (2 * m) * squares


def cost_removing_biases(parameters, lambd, m):
    for name in list(parameters):
        if name.startswith("b"):
            del parameters[name]
    return lambd / (2 * m) * sum(np.sum(value**2) for value in parameters.values())


def cost_with_builtin_sum(parameters, lambd, m):
    return lambd / (2 * m) * sum(parameters["W1"] ** 2)


def cost_from_layer_zero(parameters, lambd, m):
    return lambd / (2 * m) * sum(np.sum(parameters[f"W{layer}"] ** 2) for layer in range(len(parameters) // 2))


def cost_with_lambd_in_the_square(parameters, lambd, m):
    return sum(np.sum((lambd / (2 * m) * W) ** 2) for W in weights_of(parameters))


# l2_gradient and weight_decay_step


def gradient_in_loops(dW, W, lambd, m):
    return [[d + lambd * w / m for d, w in zip(ds, ws, strict=True)] for ds, ws in zip(dW, W, strict=True)]


def gradient_in_place(dW, W, lambd, m):
    dW += lambd / m * W
    return dW


def gradient_scaling_weights(dW, W, lambd, m):
    W *= lambd / m
    return dW + W


def gradient_by_division(dW, W, lambd, m):
    return (dW * m / lambd + W) * lambd / m


def gradient_of_the_norm(dW, W, lambd, m):
    return dW + lambd / m * W / np.linalg.norm(W)


def step_in_loops(W, dW, learning_rate, lambd, m):
    new = W.copy()
    for i in range(W.shape[0]):
        for j in range(W.shape[1]):
            new[i, j] -= learning_rate * (dW[i, j] + lambd / m * W[i, j])
    return new


def step_in_place(W, dW, learning_rate, lambd, m):
    W -= learning_rate * (dW + lambd / m * W)
    return W


def step_scaling_gradient(W, dW, learning_rate, lambd, m):
    dW *= learning_rate
    return (1 - learning_rate * lambd / m) * W - dW


def step_then_decay(W, dW, learning_rate, lambd, m):
    W = W - learning_rate * dW
    return W - learning_rate * lambd / m * W


def gradient_with_l2_and_decay(W, dW, learning_rate, lambd, m):
    with_l2 = dW + lambd / m * W
    return (1 - learning_rate * lambd / m) * W - learning_rate * with_l2


def step_with_a_time_constant(W, dW, learning_rate, lambd, m):
    constant = m / (learning_rate * lambd)
    return W - W / constant - learning_rate * dW


def step_with_limited_factor(W, dW, learning_rate, lambd, m):
    factor = max(0, 1 - learning_rate * lambd / m)
    return factor * W - learning_rate * dW


# l1_gradient


def slopes_in_loops(W, lambd1, m):
    slopes = np.zeros_like(W)
    for index in np.ndindex(W.shape):
        if W[index] > 0:
            slopes[index] = lambd1 / m
        elif W[index] < 0:
            slopes[index] = -lambd1 / m
    return slopes


def slopes_by_masks(W, lambd1, m):
    return lambd1 * ((W > 0).astype(int) - (W < 0)) / m


def slopes_divided(W, lambd1, m):
    return lambd1 / m * np.divide(W, np.abs(W), out=np.zeros(W.shape), where=W != 0)


def sign_in_place(W, lambd1, m):
    np.sign(W, out=W)
    return lambd1 / m * W


def signs_in_lists(W, lambd1, m):
    return [[lambd1 / m * w / abs(w) for w in row] for row in W.tolist()]


# soft_threshold


def threshold_in_loops(W, threshold):
    result = np.zeros(W.shape)
    for index, w in np.ndenumerate(W):
        if w > threshold:
            result[index] = w - threshold
        elif w < -threshold:
            result[index] = w + threshold
    return result


def threshold_by_masks(W, threshold):
    result, up, down = W.copy(), np.greater(W, threshold), np.less(W, -threshold)
    result[up] -= threshold
    result[down] += threshold
    result[~(up | down)] = 0
    return result


def threshold_in_place(W, threshold):
    W[np.abs(W) <= threshold] = 0
    return W - threshold * np.sign(W)


def threshold_by_share(W, threshold):
    return W * np.maximum(1 - threshold / np.abs(W), 0)


def threshold_inside_abs(W, threshold):
    return np.sign(W) * np.maximum(np.abs(W - threshold), 0)


def threshold_subtracted_from_what_is_large(W, threshold):
    large = W - threshold
    return np.where(np.abs(W) >= threshold, large, 0)


def threshold_edge_kept(W, threshold):
    result = np.where(np.abs(W) == threshold, W, 0)
    return np.where(np.abs(W) > threshold, W - threshold * np.sign(W), result)


# penalized_gradients


def penalized(factor=lambda lambd, m: lambd / m, of=lambda name: name.startswith("W")):
    """Return an answer that penalizes some arrays."""

    def answer(parameters, gradients, lambd, m):
        result = {}
        for name in gradients:
            result[name] = gradients[name]
            if of(name):
                result[name] = result[name] + factor(lambd, m) * parameters[name]
        return result

    return answer


def penalized_with_copies(parameters, gradients, lambd, m):
    result = {name: gradient.copy() for name, gradient in gradients.items()}
    for layer in range(1, len(parameters) // 2 + 1):
        result[f"W{layer}"] += lambd / m * parameters[f"W{layer}"]
    return result


def penalized_merged(parameters, gradients, lambd, m):
    weights = {name: gradients[name] + lambd * W / m for name, W in parameters.items() if name[0] == "W"}
    return {**gradients, **weights}


def penalized_in_float32(parameters, gradients, lambd, m):
    return {
        name: np.float32(gradient) + np.float32(lambd / m) * np.float32(parameters[name]) * (name[0] == "W")
        for name, gradient in gradients.items()
    }


def penalized_in_lists(parameters, gradients, lambd, m):
    result = {}
    for name in sorted(parameters):
        share = lambd / m if name.startswith("W") else 0
        pairs = zip(gradients[name], parameters[name], strict=True)
        result[name] = [[d + share * w for d, w in zip(ds, ws, strict=True)] for ds, ws in pairs]
    return result


def penalized_arrays_in_place(parameters, gradients, lambd, m):
    for name in gradients:
        if name.startswith("W"):
            gradients[name] += lambd / m * parameters[name]
    return gradients


def penalized_shallow_copy(parameters, gradients, lambd, m):
    result = dict(gradients)
    for name in result:
        if name.startswith("W"):
            result[name] += lambd / m * parameters[name]
    return result


def penalized_dict_in_place(parameters, gradients, lambd, m):
    for name in gradients:
        if "W" in name:
            gradients[name] = gradients[name] + lambd / m * parameters[name]
    return gradients


def parameters_in_place(parameters, gradients, lambd, m):
    answer = penalized()(parameters, gradients, lambd, m)
    for name in parameters:
        parameters[name] *= 0
    return answer


def penalized_two_layers(parameters, gradients, lambd, m):
    result = dict(gradients)
    for name in ("W1", "W2"):
        result[name] = gradients[name] + lambd / m * parameters[name]
    return result


def penalized_range_too_short(parameters, gradients, lambd, m):
    result = gradients.copy()
    for layer in range(1, len(parameters) // 2):
        result[f"W{layer}"] = result[f"W{layer}"] + lambd / m * parameters[f"W{layer}"]
    return result


def penalized_last(parameters, gradients, lambd, m):
    for name in parameters:
        if name.startswith("W"):
            result = dict(gradients)
            result[name] = gradients[name] + lambd / m * parameters[name]
    return result


def penalized_by_shape(parameters, gradients, lambd, m):
    return {
        name: gradient if gradient.shape[1] == 1 else gradient + lambd / m * parameters[name]
        for name, gradient in gradients.items()
    }


def penalized_zipped(parameters, gradients, lambd, m):
    result = {}
    for (name, W), gradient in zip(parameters.items(), gradients.values(), strict=True):
        result[name] = gradient + lambd / m * W if name.startswith("W") else gradient
    return result


def penalized_zipped_names(parameters, gradients, lambd, m):
    return {
        name: gradient + lambd / m * value if other.startswith("W") else gradient
        for (other, value), (name, gradient) in zip(parameters.items(), gradients.items(), strict=True)
    }


def penalized_biases_zero(parameters, gradients, lambd, m):
    return {
        name: gradients[name] + lambd / m * W if name.startswith("W") else np.zeros(W.shape)
        for name, W in parameters.items()
    }


def penalized_data_lost(parameters, gradients, lambd, m):
    return {name: lambd / m * parameters[name] if name[0] == "W" else gradients[name] for name in gradients}


def penalized_renamed(parameters, gradients, lambd, m):
    return {f"d{name}": value for name, value in penalized()(parameters, gradients, lambd, m).items()}


def penalized_by_division(parameters, gradients, lambd, m):
    return {
        name: (gradient * m / lambd + parameters[name]) * lambd / m if name.startswith("W") else gradient
        for name, gradient in gradients.items()
    }


# to_course_lambd


def converted(value, convention, m):
    if convention in ("weight_decay", "lambd/2"):
        return value * m
    return 2 * value * m if convention == "lambd" else value


def converted_by_gradient(value, convention, m):
    before_W = {"lambd/(2m)": value / m, "lambd/2": value, "lambd": 2 * value, "weight_decay": value}
    return before_W[convention] * m


def converted_by_match(value, convention, m):
    match convention:
        case "lambd/(2m)":
            factor = 1
        case "lambd":
            factor = 2 * m
        case _:
            factor = m
    return np.array([factor * value], dtype=np.float32)


def by_table(**factors):
    """Return an answer that multiplies by the factor of each convention, which may depend on m."""
    names = {"course": "lambd/(2m)", "half": "lambd/2", "whole": "lambd", "decay": "weight_decay"}
    right = {"course": lambda m: 1, "half": lambda m: m, "whole": lambda m: 2 * m, "decay": lambda m: m}
    table = {names[key]: factors.get(key, right[key]) for key in names}
    return lambda value, convention, m: table[convention](m) * value


def converted_with_a_typo(value, convention, m):
    if convention == "lambd/(2m)":
        return value
    if convention == "lambd":
        return 2 * value * m
    if convention in ("lambd/2", "weight-decay"):
        return value * m


def converted_without_a_branch(value, convention, m):
    return {"lambd/(2m)": value, "lambd/2": value * m, "lambd": 2 * m * value}[convention]


def gradients_without_items(parameters, gradients, lambd, m):
    out = {}
    for name, gradient, number in zip(gradients, gradients.values(), strict=True):
        out[name] = gradient + number
    return out


# choose_lambda


POWERS = [0.01, 0.1, 1, 10, 100, 1000]


def held_out(x, y, fit, lambdas=POWERS, part=20):
    errors = []
    for lambd in lambdas:
        W = fit(x[:, part:], y[:, part:], lambd)
        errors.append(np.mean((W @ x[:, :part] - y[:, :part]) ** 2))
    return lambdas[np.argmin(errors)]


def cross_validated(x, y, fit, folds=5):
    lambdas = np.geomspace(0.01, 1000, 12)
    columns = np.random.default_rng(0).permutation(x.shape[1])
    errors = np.zeros(len(lambdas))
    for part in np.array_split(columns, folds):
        rest = np.setdiff1d(columns, part)
        errors += [np.sum((fit(x[:, rest], y[:, rest], lambd) @ x[:, part] - y[:, part]) ** 2) for lambd in lambdas]
    return float(lambdas[errors.argmin()])


def one_left_out(x, y, fit):
    m = x.shape[1]
    scores = {}
    for lambd in (0.1, 1, 10, 100, 1000):
        scores[lambd] = 0.0
        for i in range(m):
            others = [j for j in range(m) if j != i]
            scores[lambd] += (fit(x[:, others], y[:, others], lambd) @ x[:, i] - y[0, i]).item() ** 2
    return min(scores, key=scores.get)


def generalized(x, y, fit):
    """Choose by generalized cross-validation, which needs no examples apart."""
    m = x.shape[1]
    values = np.linalg.eigvalsh(x @ x.T)

    def score(lambd):
        left = 1 - np.sum(values / (values + lambd / 2)) / m
        return np.mean((fit(x, y, lambd) @ x - y) ** 2) / left**2

    return min(np.geomspace(0.05, 2000, 30), key=score)


def by_the_prior(x, y, fit):
    """Estimate noise and size of the weights, and take the λ of the Gaussian prior, without any search."""
    n, m = x.shape
    W = fit(x, y, 0)
    noise = np.sum((W @ x - y) ** 2) / (m - n)
    prior = max(np.mean(W**2) - noise * np.trace(np.linalg.inv(x @ x.T)) / n, noise / 300)
    return 2 * noise / prior


def searched_in_steps(x, y, fit):
    """Halve a range of exponents, by the error on every third column."""
    aside = np.arange(x.shape[1]) % 3 == 0

    def error(power):
        W = fit(x[:, ~aside], y[:, ~aside], 10**power)
        return float(np.mean((W @ x[:, aside] - y[:, aside]) ** 2))

    low, high = -2.0, 3.5
    while high - low > 0.2:
        third = (high - low) / 3
        if error(low + third) < error(high - third):
            high -= third
        else:
            low += third
    return 10 ** ((low + high) / 2)


def chosen_by_training_error(x, y, fit):
    return POWERS[np.argmin([np.mean((fit(x, y, lambd) @ x - y) ** 2) for lambd in POWERS])]


def fitted_on_all_of_them(x, y, fit):
    return POWERS[np.argmin([np.mean((fit(x, y, lambd) @ x[:, :20] - y[:, :20]) ** 2) for lambd in POWERS])]


def scored_where_it_was_fitted(x, y, fit):
    x, y = x[:, 20:], y[:, 20:]
    return min(POWERS, key=lambda lambd: np.mean((fit(x, y, lambd) @ x - y) ** 2))


def chosen_by_chance(x, y, fit):
    held_out(x, y, fit)
    return POWERS[int(1000 * abs(x[0, 0])) % 6]


def chosen_once(x, y, fit, kept=[]):  # noqa: B006 - as somebody would write it
    if not kept:
        kept.append(held_out(x, y, fit))
    return kept[0]


def index_of_the_best(x, y, fit):
    return POWERS.index(held_out(x, y, fit))


def largest_error(x, y, fit):
    errors = [np.mean((fit(x[:, 20:], y[:, 20:], lambd) @ x[:, :20] - y[:, :20]) ** 2) for lambd in POWERS]
    return POWERS[np.argmax(errors)]


def centred_in_place(x, y, fit):
    x -= x.mean(axis=1, keepdims=True)
    return held_out(x, y, fit)


RIGHT = {
    "l2_cost": {
        "generator": lambda p, lambd, m: lambd / (2 * m) * total(p),
        "norms, layer by layer": cost_by_layers,
        "loops": cost_in_loops,
        "1 x 1 array": cost_with_axes,
        "flat, float32": cost_flat,
        "a list with one number": lambda p, lambd, m: [lambd * total(p) / 2 / m],
        "einsum": lambda p, lambd, m: 0.5 / m * lambd * sum(np.einsum("ij,ij", W, W) for W in weights_of(p)),
        "trace": lambda p, lambd, m: lambd / (2 * m) * sum(np.trace(W @ W.T) for W in weights_of(p)),
    },
    "l2_gradient": {
        "formula": lambda dW, W, lambd, m: dW + lambd / m * W,
        "np.add": lambda dW, W, lambd, m: np.add(dW, (lambd * W) / m),
        "loops, lists": gradient_in_loops,
        "float32": lambda dW, W, lambd, m: dW.astype(np.float32) + np.float32(lambd / m) * W.astype(np.float32),
        "derivative spelled out": lambda dW, W, lambd, m: dW + lambd / (2 * m) * 2 * W,
    },
    "weight_decay_step": {
        "decay": lambda W, dW, eta, lambd, m: (1 - eta * lambd / m) * W - eta * dW,
        "gradient": lambda W, dW, eta, lambd, m: W - eta * (dW + lambd / m * W),
        "loops": step_in_loops,
        "float32": lambda W, dW, eta, lambd, m: np.float32(W) - np.float32(eta) * np.float32(dW + lambd / m * W),
        "lists": lambda W, dW, eta, lambd, m: (W * (m - eta * lambd) / m - dW * eta).tolist(),
    },
    "l1_gradient": {
        "np.sign": lambda W, lambd1, m: lambd1 / m * np.sign(W),
        "masks": slopes_by_masks,
        "loops": slopes_in_loops,
        "np.where twice": lambda W, lambd1, m: np.where(W > 0, lambd1 / m, np.where(W < 0, -lambd1 / m, 0)),
        "division where it can be": slopes_divided,
        "nan to zero": lambda W, lambd1, m: np.nan_to_num(W / np.abs(W)) * lambd1 / m,
        "float32, lists": lambda W, lambd1, m: (np.sign(W.astype(np.float32)) * lambd1 / m).tolist(),
    },
    "soft_threshold": {
        "sign and size": lambda W, t: np.sign(W) * np.maximum(np.abs(W) - t, 0),
        "what is clipped": lambda W, t: W - np.clip(W, -t, t),
        "two ramps": lambda W, t: np.maximum(W - t, 0) - np.maximum(-W - t, 0),
        "loops": threshold_in_loops,
        "masks": threshold_by_masks,
        "np.where": lambda W, t: np.where(np.abs(W) > t, W - t * np.sign(W), 0),
        "float32": lambda W, t: np.sign(np.float32(W)) * np.maximum(np.abs(np.float32(W)) - t, 0),
        "lists": lambda W, t: [[max(abs(w) - t, 0) * (1 if w > 0 else -1) for w in row] for row in W],
    },
    "penalized_gradients": {
        "new dict": penalized(),
        "copies": penalized_with_copies,
        "merged": penalized_merged,
        "float32": penalized_in_float32,
        "lists, sorted names": penalized_in_lists,
    },
    "to_course_lambd": {
        "branches": converted,
        "by the gradient": converted_by_gradient,
        "match, float32, an array": converted_by_match,
        "table": by_table(),
    },
    "choose_lambda": {
        "held out": held_out,
        "cross-validated": cross_validated,
        "ten folds": lambda x, y, fit: cross_validated(x, y, fit, folds=10),
        "one left out": one_left_out,
        "generalized": generalized,
        "by the prior": by_the_prior,
        "searched in steps": searched_in_steps,
        "as an array": lambda x, y, fit: np.array([[held_out(x, y, fit)]]),
    },
}
WRONG = {
    "l2_cost": [
        ("text-plus-number", lambda p, lambd, m: sum(np.sum(p["W" + n] ** 2) for n in range(1, len(p) // 2 + 1))),
        ("whole-number-needed", lambda p, lambd, m: sum(np.sum(p[f"W{n}"] ** 2) for n in range(1, len(p) / 2 + 1))),
        ("first-layer-missed", lambda p, lambd, m: lambd / (2 * m) * sum(np.sum(W**2) for W in weights_of(p)[1:])),
        ("biases-alone", lambda p, lambd, m: lambd / (2 * m) * sum(np.sum(v**2) for k, v in p.items() if k[0] == "b")),
        ("norm-for-square", lambda p, lambd, m: lambd / (2 * m) * np.sqrt(total(p))),
        ("biases-penalized + m-missing", lambda p, lambd, m: lambd / 2 * sum(np.sum(v**2) for v in p.values())),
        ("absolute-for-square + first-layer-only", lambda p, lambd, m: lambd / (2 * m) * np.sum(np.abs(p["W1"]))),
        ("mean-for-sum + half-missing", lambda p, lambd, m: lambd / m * sum(np.mean(W**2) for W in weights_of(p))),
        ("product-for-entries", lambda p, lambd, m: lambd / (2 * m) * sum(np.sum(np.dot(W, W)) for W in weights_of(p))),
        ("layer-not-there", lambda p, lambd, m: sum(np.sum(p[f"W{n}"] ** 2) for n in range(1, len(p)))),
        ("biases-penalized", lambda p, lambd, m: lambd / (2 * m) * sum(np.sum(v**2) for v in p.values())),
        ("half-missing", lambda p, lambd, m: lambd / m * total(p)),
        ("m-missing", lambda p, lambd, m: lambd / 2 * total(p)),
        ("m-and-half-missing", lambda p, lambd, m: lambd * total(p)),
        ("lambd-missing", lambda p, lambd, m: total(p) / (2 * m)),
        ("strength-missing", lambda p, lambd, m: total(p)),
        ("m-multiplied", lambda p, lambd, m: lambd / 2 * m * total(p)),
        ("absolute-for-square", lambda p, lambd, m: lambd / (2 * m) * total(p, np.abs)),
        ("weights-not-squared", lambda p, lambd, m: lambd / (2 * m) * total(p, lambda W: W)),
        ("square-of-sum", lambda p, lambd, m: lambd / (2 * m) * sum(W.sum() ** 2 for W in weights_of(p))),
        ("mean-for-sum", lambda p, lambd, m: lambd / (2 * m) * sum(np.mean(W**2) for W in weights_of(p))),
        ("norm-for-square", lambda p, lambd, m: lambd / (2 * m) * sum(np.linalg.norm(W) for W in weights_of(p))),
        ("norm-for-square", lambda p, lambd, m: lambd / (2 * m) * sum(total({"W": W}) ** 0.5 for W in weights_of(p))),
        ("spectral-norm", lambda p, lambd, m: lambd / (2 * m) * sum(np.linalg.norm(W, 2) ** 2 for W in weights_of(p))),
        ("product-for-square", lambda p, lambd, m: lambd / (2 * m) * sum(np.dot(W, W.T).sum() for W in weights_of(p))),
        ("first-layer-only", lambda p, lambd, m: lambd / (2 * m) * np.sum(p["W1"] ** 2)),
        ("first-layer-only", cost_returned_too_early),
        ("last-layer-only", cost_overwritten),
        ("last-layer-missed", cost_range_too_short),
        ("layers-fixed", cost_of_two_layers),
        ("bias-by-shape", cost_without_columns),
        ("sum-missing", cost_with_builtin_sum),
        ("sum-missing", lambda p, lambd, m: [lambd / (2 * m) * np.sum(W**2) for W in weights_of(p)]),
        ("sum-missing", lambda p, lambd, m: lambd / (2 * m) * p["W1"] ** 2),
        ("changes-its-argument", cost_squaring_in_place),
        ("changes-its-argument", cost_removing_biases),
        ("layer-not-there", cost_from_layer_zero),
        ("layer-not-there", lambda p, lambd, m: p["W3"]),
        ("caret-for-power", lambda p, lambd, m: lambd / (2 * m) * sum(np.sum(W ^ 2) for W in weights_of(p))),
        ("returns-a-dict", lambda p, lambd, m: {"cost": lambd / (2 * m) * total(p)}),
        ("returns-none", lambda p, lambd, m: print(lambd / (2 * m) * total(p))),
        ("strength-in-the-square", cost_with_lambd_in_the_square),
        ("result-constant", lambda p, lambd, m: 0.0),
        ("wrong-value", lambda p, lambd, m: int(lambd) / (2 * m) * total(p)),  # right for a whole λ
        ("wrong-at-one-value", lambda p, lambd, m: lambd / (2 * m) * total(p) if lambd else 1.0),  # right but for λ = 0
    ],
    "l2_gradient": [
        ("sum-without-brackets", lambda dW, W, lambd, m: (dW + lambd / m) * W),
        ("argument-hard-coded", lambda dW, W, lambd, m: dW + 0.01 / m * W),
        ("result-not-finite", lambda dW, W, lambd, m: dW + lambd / m * W / np.zeros(W.shape)),
        ("part-sign + part-off", lambda dW, W, lambd, m: -dW + lambd / W.size * W),
        ("part-missing + part-off", lambda dW, W, lambd, m: lambd / W.size * W),
        ("step-for-gradient", lambda dW, W, lambd, m: (1 - lambd / m) * W - dW),
        ("other-count-for-m", lambda dW, W, lambd, m: dW + lambd / W.size * W),
        ("other-count-for-m", lambda dW, W, lambd, m: dW + lambd / len(W) * W),
        ("argument-changed", lambda dW, W, lambd, m: dW + lambd / m * np.abs(W)),
        ("arguments-exchanged", lambda dW, W, lambd, m: W + lambd / m * dW),
        ("part-off", lambda dW, W, lambd, m: 2 * dW + lambd / m * W),
        ("part-off + part-off", lambda dW, W, lambd, m: dW / m + lambd / (2 * m) * W),
        ("part-off", lambda dW, W, lambd, m: dW - lambd * W),
        ("m-inverted", lambda dW, W, lambd, m: dW + lambd * m * W),
        ("half-kept", lambda dW, W, lambd, m: dW + lambd / (2 * m) * W),
        ("half-missing", lambda dW, W, lambd, m: dW + 2 * lambd / m * W),
        ("half-missing", lambda dW, W, lambd, m: dW + lambd / m * (2 * W)),
        ("m-missing", lambda dW, W, lambd, m: dW + lambd * W),
        ("m-and-half-missing", lambda dW, W, lambd, m: dW + lambd * 2 * W),
        ("lambd-missing", lambda dW, W, lambd, m: dW + W / m),
        ("strength-missing", lambda dW, W, lambd, m: dW + W),
        ("m-multiplied", lambda dW, W, lambd, m: dW + lambd / 2 * m * W),
        ("m-twice", lambda dW, W, lambd, m: (dW + lambd * W) / m),
        ("m-twice", lambda dW, W, lambd, m: 1 / m * dW + lambd / m * W),
        ("data-part-lost", lambda dW, W, lambd, m: lambd / m * W),
        ("penalty-missing", lambda dW, W, lambd, m: dW),
        ("penalty-sign", lambda dW, W, lambd, m: dW - lambd / m * W),
        ("sign-for-weights", lambda dW, W, lambd, m: dW + lambd / m * np.sign(W)),
        ("penalty-not-differentiated", lambda dW, W, lambd, m: dW + lambd / (2 * m) * W**2),
        ("cost-added-to-gradient", lambda dW, W, lambd, m: dW + lambd / (2 * m) * np.sum(np.square(W))),
        ("gradient-for-weights", lambda dW, W, lambd, m: (1 + lambd / m) * dW),
        ("changes-its-argument", gradient_in_place),
        ("changes-its-argument", gradient_scaling_weights),
        ("result-changed", lambda dW, W, lambd, m: np.sum(dW + lambd / m * W)),
        ("right-but-for-the-shape", lambda dW, W, lambd, m: [dW + lambd / m * W]),
        ("shapes-do-not-fit", lambda dW, W, lambd, m: dW + lambd / m * W.T @ W),
        ("returns-a-dict", lambda dW, W, lambd, m: {"dW": dW + lambd / m * W}),
        ("returns-none", lambda dW, W, lambd, m: None),
        ("gradient-of-norm", gradient_of_the_norm),
        ("wrong-at-one-value", gradient_by_division),  # right but for λ = 0
        ("result-constant", lambda dW, W, lambd, m: 0 * dW),
    ],
    "weight_decay_step": [
        ("sum-without-brackets", lambda W, dW, eta, lambd, m: (1 - eta * lambd) / m * W - eta * dW),
        ("sum-without-brackets", lambda W, dW, eta, lambd, m: W - eta * dW + lambd / m * W),
        ("gradient-for-step", lambda W, dW, eta, lambd, m: dW + lambd / m * W),
        ("gradient-decays", lambda W, dW, eta, lambd, m: W - eta * (1 - lambd / m) * dW),
        ("rate-twice-in-decay", lambda W, dW, eta, lambd, m: W - eta * (dW + eta * lambd / m * W)),
        ("m-missing + step-uphill", lambda W, dW, eta, lambd, m: (1 - eta * lambd) * W + eta * dW),
        ("decay-without-rate + m-twice", lambda W, dW, eta, lambd, m: (1 - lambd / m) * W - eta * dW / m),
        ("other-count-for-m", lambda W, dW, eta, lambd, m: (1 - eta * lambd / W.shape[1]) * W - eta * dW),
        ("decay-is-lambd", lambda W, dW, eta, lambd, m: (1 - lambd) * W - eta * dW),
        ("decay-without-rate", lambda W, dW, eta, lambd, m: (1 - lambd / m) * W - eta * dW),
        ("decay-without-rate", lambda W, dW, eta, lambd, m: W - eta * dW - lambd / m * W),
        ("m-missing", lambda W, dW, eta, lambd, m: (1 - eta * lambd) * W - eta * dW),
        ("m-missing", lambda W, dW, eta, lambd, m: W - eta * (dW + lambd * W)),
        ("half-kept", lambda W, dW, eta, lambd, m: W - eta * (dW + lambd / (2 * m) * W)),
        ("decay-twice", lambda W, dW, eta, lambd, m: W - eta * (dW + 2 * lambd / m * W)),
        ("decay-twice", gradient_with_l2_and_decay),
        ("lambd-missing", lambda W, dW, eta, lambd, m: W - eta * (dW + W / m)),
        ("penalty-sign", lambda W, dW, eta, lambd, m: (1 + eta * lambd / m) * W - eta * dW),
        ("penalty-sign", lambda W, dW, eta, lambd, m: W - eta * (dW - lambd / m * W)),
        ("data-step-shrinks", lambda W, dW, eta, lambd, m: (1 - eta * lambd / m) * (W - eta * dW)),
        ("data-step-shrinks", step_then_decay),
        ("data-part-lost", lambda W, dW, eta, lambd, m: (1 - eta * lambd / m) * W),
        ("penalty-missing", lambda W, dW, eta, lambd, m: W - eta * dW),
        ("step-without-rate", lambda W, dW, eta, lambd, m: (1 - eta * lambd / m) * W - dW),
        ("learning-rate-missing", lambda W, dW, eta, lambd, m: W - (dW + lambd / m * W)),
        ("step-uphill", lambda W, dW, eta, lambd, m: (1 - eta * lambd / m) * W + eta * dW),
        ("step-not-added", lambda W, dW, eta, lambd, m: -eta * (dW + lambd / m * W)),
        ("share-lost-for-share-left", lambda W, dW, eta, lambd, m: eta * lambd / m * W - eta * dW),
        ("m-twice", lambda W, dW, eta, lambd, m: W - eta / m * (dW + lambd * W)),
        ("sign-for-weights", lambda W, dW, eta, lambd, m: W - eta * (dW + lambd / m * np.sign(W))),
        ("gradient-for-weights", lambda W, dW, eta, lambd, m: W - eta * (dW + lambd / m * dW)),
        ("penalty-not-differentiated", lambda W, dW, eta, lambd, m: W - eta * dW - eta * lambd / (2 * m) * W**2),
        ("changes-its-argument", step_in_place),
        ("changes-its-argument", step_scaling_gradient),
        ("result-changed", lambda W, dW, eta, lambd, m: (W - eta * (dW + lambd / m * W)).T),
        ("raises-an-error", lambda W, dW, eta, lambd, m: (1 - eta * lambd / m) @ W - eta * dW),
        ("returns-none", lambda W, dW, eta, lambd, m: None),
        ("divides-by-zero", step_with_a_time_constant),  # right but for λ = 0
        ("wrong-value", lambda W, dW, eta, lambd, m: W - eta * (dW + lambd / m * W[0])),  # right for one row
        ("wrong-value", step_with_limited_factor),  # right while ηλ/m is below 1
        ("wrong-value", lambda W, dW, eta, lambd, m: np.exp(-eta * lambd / m) * W - eta * dW),
        ("result-constant", lambda W, dW, eta, lambd, m: 0 * W),
    ],
    "l1_gradient": [
        ("m-inverted", lambda W, lambd1, m: lambd1 * m * np.sign(W)),
        ("weights-for-sign + m-missing", lambda W, lambd1, m: lambd1 * W),
        ("zero-over-zero", lambda W, lambd1, m: lambd1 / m * W / np.abs(W)),
        ("weights-for-sign", lambda W, lambd1, m: lambd1 / m * W),
        ("half-kept", lambda W, lambd1, m: lambd1 / (2 * m) * np.sign(W)),
        ("m-missing", lambda W, lambd1, m: lambd1 * np.sign(W)),
        ("m-multiplied", lambda W, lambd1, m: lambd1 / 2 * m * np.sign(W)),
        ("m-twice", lambda W, lambd1, m: lambd1 / m * np.sign(W) / m),
        ("lambd-missing", lambda W, lambd1, m: np.sign(W) / m),
        ("strength-missing", lambda W, lambd1, m: np.sign(W)),
        ("penalty-sign", lambda W, lambd1, m: -lambd1 / m * np.sign(W)),
        ("penalty-sign", lambda W, lambd1, m: lambd1 / m * np.where(W < 0, 1, -1)),
        ("size-for-slope", lambda W, lambd1, m: lambd1 / m * np.abs(W)),
        ("size-for-slope", lambda W, lambd1, m: lambd1 / m * np.sign(W) * W),
        ("slope-always-positive", lambda W, lambd1, m: np.full(W.shape, lambd1 / m)),
        ("slope-always-positive", lambda W, lambd1, m: lambd1 / m * np.abs(np.sign(W))),
        ("slope-of-relu", lambda W, lambd1, m: np.where(W > 0, lambd1 / m, 0)),
        ("penalty-for-gradient", lambda W, lambd1, m: lambd1 / m * np.sum(np.abs(W))),
        ("pushed-from-zero", lambda W, lambd1, m: lambd1 / m * np.where(W >= 0, 1, -1)),
        ("pushed-from-zero", lambda W, lambd1, m: [[lambd1 / m if w > 0 else -lambd1 / m for w in row] for row in W]),
        ("changes-its-argument", sign_in_place),
        ("result-changed", lambda W, lambd1, m: lambd1 / m * np.sign(W).sum()),
        ("right-but-for-the-shape", lambda W, lambd1, m: lambd1 / m * np.sign(W).ravel()),
        ("divides-by-zero", signs_in_lists),
        ("if-on-an-array", lambda W, lambd1, m: lambd1 / m if W > 0 else -lambd1 / m),
        ("returns-none", lambda W, lambd1, m: None),
        ("divides-by-zero", lambda W, lambd1, m: np.sign(W) / (m / lambd1)),  # right but for λ₁ = 0
        ("wrong-value", lambda W, lambd1, m: lambd1 / np.count_nonzero(W) * W.size / m * np.sign(W)),  # but for zeros
        ("result-constant", lambda W, lambd1, m: 0 * W),
        ("wrong-value", lambda W, lambd1, m: lambd1 / m * np.tanh(W)),
    ],
    "soft_threshold": [
        ("group-for-entry", lambda W, t: W * max(1 - t / np.linalg.norm(W), 0)),
        ("group-for-entry", lambda W, t: W * np.maximum(1 - t / np.linalg.norm(W, axis=1, keepdims=True), 0)),
        ("result-changed", lambda W, t: np.round(np.sign(W) * np.maximum(np.abs(W) - t, 0), 2)),
        ("minimum-for-maximum", lambda W, t: np.sign(W) * np.minimum(np.abs(W) - t, 0)),
        ("zeroed-after-shrinking", lambda W, t: np.where(np.abs(W) <= 2 * t, 0, W - t * np.sign(W))),
        ("quadratic-shrinking", lambda W, t: W / (1 + t)),
        ("argument-changed", lambda W, t: np.sign(W) * np.maximum(np.abs(W) - t / 2, 0)),
        ("columns-and-rows-combined", lambda W, t: np.sign(W.ravel()) * np.maximum(np.abs(W.reshape(-1, 1)) - t, 0)),
        ("jumps-over-zero", lambda W, t: W - t * np.sign(W)),
        ("jumps-over-zero", lambda W, t: np.where(W > 0, W - t, W + t)),
        ("jumps-over-zero", lambda W, t: np.sign(W) * (np.abs(W) - t)),
        ("folded-back", lambda W, t: np.sign(W) * np.abs(np.abs(W) - t)),
        ("shifted-one-way", lambda W, t: W - t),
        ("negative-moved-away", lambda W, t: np.where(np.abs(W) > t, W - t, 0)),
        ("negative-moved-away", threshold_subtracted_from_what_is_large),
        ("negative-side-lost", lambda W, t: np.maximum(W - t, 0)),
        ("sign-lost", lambda W, t: np.maximum(np.abs(W) - t, 0)),
        ("hard-threshold", lambda W, t: np.where(np.abs(W) > t, W, 0)),
        ("hard-threshold", lambda W, t: W * (np.abs(W) >= t)),
        ("small-kept", lambda W, t: np.where(np.abs(W) > t, np.sign(W) * (np.abs(W) - t), W)),
        ("multiplied-not-subtracted", lambda W, t: (1 - t) * W),
        ("step-for-result", lambda W, t: np.clip(W, -t, t)),
        ("nothing-shrunk", lambda W, t: W),
        ("away-from-zero", lambda W, t: np.sign(W) * (np.abs(W) + t)),
        ("away-from-zero", lambda W, t: W + t * np.where(W < 0, -1, 1)),
        ("nearly-zero", lambda W, t: np.sign(W) * np.maximum(np.abs(W) - t, 1e-12)),
        ("nearly-zero", lambda W, t: np.sign(W) * np.maximum(np.abs(W) - t, 1e-5)),
        ("nearly-zero", lambda W, t: np.sign(W) * np.maximum(np.abs(W) - t * (1 - 1e-12), 0)),  # at the threshold
        ("zero-over-zero", lambda W, t: W / np.abs(W) * np.maximum(np.abs(W) - t, 0)),
        ("zero-over-zero", threshold_by_share),  # right but for W = 0 at threshold 0
        ("wrong-value", lambda W, t: np.where(W == 0, t, W - np.clip(W, -t, t))),  # right but for W = 0
        ("changes-its-argument", threshold_in_place),
        ("wrong-shape", lambda W, t: (W - np.clip(W, -t, t))[np.abs(W) > t]),
        ("if-on-an-array", lambda W, t: np.sign(W) * max(np.abs(W) - t, 0)),
        ("returns-none", lambda W, t: None),
        ("wrong-value", threshold_inside_abs),
        ("multiplied-not-subtracted", lambda W, t: np.sign(W) * np.maximum(np.abs(W) * t, 0)),
        ("wrong-value", threshold_edge_kept),  # right but for |W| = threshold
        ("wrong-value", lambda W, t: np.sign(W) * np.maximum(np.abs(W) - t, 0) + (W.size > 10) * (np.abs(W) > t)),
        ("wrong-value", lambda W, t: np.sign(W) * np.maximum(np.abs(W) - (t or 0.1), 0)),  # right but for threshold 0
        ("result-constant", lambda W, t: 0 * W),
    ],
    "penalized_gradients": [
        (
            "penalty-not-differentiated",
            lambda p, g, lambd, m: {k: v + lambd / (2 * m) * p[k] ** 2 * (k[0] == "W") for k, v in g.items()},
        ),
        (
            "gradient-of-norm",
            lambda p, g, lambd, m: {
                k: v + (lambd / m * p[k] / np.linalg.norm(p[k]) if k[0] == "W" else 0) for k, v in g.items()
            },
        ),
        ("items-missing", gradients_without_items),
        ("step-for-gradient", lambda p, g, lambd, m: {k: p[k] - v for k, v in penalized()(p, g, lambd, m).items()}),
        ("biases-alone", lambda p, g, lambd, m: {k: v + lambd / m * p[k] * (k[0] == "b") for k, v in g.items()}),
        (
            "first-layer-missed",
            lambda p, g, lambd, m: {k: v + lambd / m * p[k] * (k[0] == "W" and k != "W1") for k, v in g.items()},
        ),
        ("unknown-key", lambda p, g, lambd, m: {k: g["d" + k] + lambd / m * p[k] for k in p}),
        ("biases-penalized", penalized(of=lambda name: True)),
        ("bias-gradient-lost", penalized_biases_zero),
        ("penalty-missing", lambda p, g, lambd, m: dict(g)),
        ("penalty-missing", penalized(of=lambda name: name == "W2")),
        ("first-layer-only", penalized(of=lambda name: name == "W1")),
        ("last-layer-only", penalized_last),
        ("last-layer-missed", penalized_range_too_short),
        ("layers-fixed", penalized_two_layers),
        ("bias-by-shape", penalized_by_shape),
        ("names-differ", lambda p, g, lambd, m: {k: g[k] + lambd / m * p[k] for k in g if k.startswith("W")}),
        ("names-differ", penalized_renamed),
        ("names-differ", lambda p, g, lambd, m: penalized()(p, g, lambd, m) | {"cost": 0.0}),
        ("half-kept", penalized(lambda lambd, m: lambd / (2 * m))),
        ("half-kept", penalized(lambda lambd, m: lambd / (2 * m), of=lambda name: True)),  # and biases
        ("half-missing", penalized(lambda lambd, m: 2 * lambd / m)),
        ("m-missing", penalized(lambda lambd, m: lambd)),
        ("m-and-half-missing", penalized(lambda lambd, m: 2 * lambd)),
        ("m-multiplied", penalized(lambda lambd, m: lambd / 2 * m)),
        ("lambd-missing", penalized(lambda lambd, m: 1 / m)),
        ("strength-missing", penalized(lambda lambd, m: 1)),
        ("penalty-sign", penalized(lambda lambd, m: -lambd / m)),
        ("data-part-lost", penalized_data_lost),
        ("sign-for-weights", lambda p, g, lambd, m: penalized()({k: np.sign(v) for k, v in p.items()}, g, lambd, m)),
        ("gradient-for-weights", lambda p, g, lambd, m: penalized()(g, g, lambd, m)),
        (
            "m-twice",
            lambda p, g, lambd, m: {k: v / m for k, v in penalized(lambda lambd, m: lambd)(p, g, lambd, m).items()},
        ),
        ("m-twice", lambda p, g, lambd, m: {k: v / m for k, v in penalized()(p, g, lambd, m).items()}),
        ("paired-by-order", penalized_zipped),
        ("paired-by-order", penalized_zipped_names),
        ("changes-its-argument", penalized_arrays_in_place),
        ("changes-its-argument", penalized_shallow_copy),
        ("changes-its-argument", penalized_dict_in_place),
        ("changes-its-argument", parameters_in_place),
        ("not-a-dict-of-arrays", lambda p, g, lambd, m: list(g.values())),
        ("not-a-dict-of-arrays", lambda p, g, lambd, m: penalized()(p, g, lambd, m).values()),
        ("not-numbers", lambda p, g, lambd, m: dict.fromkeys(g)),
        ("result-changed", lambda p, g, lambd, m: {k: v.sum() for k, v in penalized()(p, g, lambd, m).items()}),
        ("unknown-key", lambda p, g, lambd, m: {k: g[k] + lambd / m * p["dW"] for k in g}),
        ("returns-none", lambda p, g, lambd, m: None),
        ("wrong-value", lambda p, g, lambd, m: {k: v + 1 for k, v in penalized()(p, g, lambd, m).items()}),
        (
            "wrong-at-one-value",
            lambda p, g, lambd, m: {k: v + (k == "b1") for k, v in penalized()(p, g, lambd, m).items()},
        ),
        ("result-not-finite", penalized_by_division),  # right but for λ = 0
    ],
    "to_course_lambd": [
        ("one-branch-for-all", lambda value, name, m: 2 * m * value),
        ("conversion-inverted", by_table(half=lambda m: 1 / m, whole=lambda m: 0.5 / m, decay=lambda m: 1 / m)),
        ("conversion-inverted", by_table(decay=lambda m: 1 / m)),  # in one convention alone
        ("name-ignored", lambda value, convention, m: value),
        ("m-missing", by_table(half=lambda m: 1, whole=lambda m: 2, decay=lambda m: 1)),
        ("m-missing", by_table(decay=lambda m: 1)),
        ("m-and-half-missing", by_table(whole=lambda m: 1)),
        ("m-and-half-missing", by_table(half=lambda m: 0.5, whole=lambda m: 0.5, decay=lambda m: 0.5)),
        ("stops-at-the-gradient", lambda value, convention, m: converted(value, convention, m) / m),
        ("stops-at-the-gradient", by_table(course=lambda m: 1 / m)),
        ("m-inverted", by_table(half=lambda m: 1 / m, whole=lambda m: 2 / m, decay=lambda m: 1 / m)),
        ("m-inverted", by_table(whole=lambda m: 2 / m)),
        ("two-of-derivative-missing", lambda value, convention, m: value if "m" in convention[6:] else value * m),
        ("two-of-derivative-missing", by_table(half=lambda m: m / 2)),
        (
            "argument-changed",
            lambda value, convention, m: converted(value, convention, m) * (1 + ("m)" not in convention)),
        ),
        ("two-not-cancelled", by_table(half=lambda m: 2 * m)),
        ("weight-decay-in-the-cost", by_table(decay=lambda m: 2 * m)),
        ("course-lambd-changed", by_table(course=lambda m: m)),
        ("one-branch-for-all", lambda value, convention, m: value * m),
        ("returns-none", converted_with_a_typo),
        ("value-not-foreseen", converted_without_a_branch),
        ("returns-text", lambda value, convention, m: f"{converted(value, convention, m)}"),
        ("wrong-shape", lambda value, convention, m: [value, value * m, 2 * value * m, value * m]),
        ("result-constant", lambda value, convention, m: 0.0),
        ("argument-hard-coded", lambda value, convention, m: converted(value, convention, 100)),
        ("result-changed", lambda value, convention, m: round(converted(value, convention, m), 1)),
        ("m-twice", by_table(decay=lambda m: m**2)),
    ],
    "choose_lambda": [
        ("one-strength-for-all", lambda x, y, fit: 0.0),
        ("one-strength-for-all", lambda x, y, fit: 1.0),
        ("one-strength-for-all", lambda x, y, fit: 10),
        ("one-strength-for-all", chosen_once),
        ("training-data-choose", chosen_by_training_error),
        ("training-data-choose", fitted_on_all_of_them),
        ("training-data-choose", scored_where_it_was_fitted),
        ("index-for-strength", index_of_the_best),
        ("strength-never-tried", lambda x, y, fit: 1 / held_out(x, y, fit)),
        ("strength-never-tried", lambda x, y, fit: np.random.default_rng(0).random() + x[0, 0] ** 2),
        ("grid-too-narrow", lambda x, y, fit: held_out(x, y, fit, [0.5, 1.0, 2.0])),
        ("grid-too-narrow", lambda x, y, fit: held_out(x, y, fit, np.linspace(0, 1, 11))),
        ("worst-for-best", largest_error),
        ("choice-too-noisy", chosen_by_chance),
        ("strength-negative", lambda x, y, fit: -held_out(x, y, fit)),
        ("strength-negative", lambda x, y, fit: held_out(x, y, fit, np.linspace(-1, 1, 5))),
        ("changes-its-argument", centred_in_place),
        ("returns-none", lambda x, y, fit: None),
        ("wrong-shape", lambda x, y, fit: [0.1, 1.0]),
        ("returns-text", lambda x, y, fit: "10"),
        ("number-from-an-array", lambda x, y, fit: fit(x, y, np.arange(3.0)) and 1.0),
    ],
}
