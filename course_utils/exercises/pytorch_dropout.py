"""Exercises of chapter 04: p, a dropout module, evaluation, parameter groups, L1, max-norm, and Monte Carlo dropout.

``course_utils.pytorch`` loads torch, which every other chapter does without; so it is imported where a check runs, not
when this file is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import numpy as np

from course_utils.activations import sigmoid, softmax
from course_utils.exercises.comparison import (
    agree,
    as_numbers,
    called,
    require_unchanged,
    require_values,
    returned_array,
)
from course_utils.exercises.exercise import Answer, Exercise
from course_utils.exercises.mistake import Mistake, require
from course_utils.exercises.randomness import require_share, share_bound

__all__ = ["EXERCISES"]

Array = np.ndarray[Any, Any]


@contextmanager
def torch_seeded(seed: int) -> Iterator[None]:
    """Seed PyTorch's generator; afterwards its state and its gradient mode are as they were.

    A learner's ``torch.set_grad_enabled(False)`` would otherwise outlast the check.
    """
    from course_utils.pytorch import randomness

    with randomness.seeded(seed), randomness.torch.enable_grad():
        yield


def drawn_seed(rng: np.random.Generator) -> int:
    """Return a seed for PyTorch's generator."""
    return int(rng.integers(2**31))


def tensor(array: Any) -> Any:
    """Return a new tensor of a two-axes array, its rows the array's rows."""
    from course_utils.pytorch import rows

    return rows(np.array(array, dtype=float).T)


def values_of(value: Any) -> Array:
    """Return a copy of a tensor's values as floats."""
    return np.array(value.detach().cpu().numpy(), dtype=float)


def require_tensor(value: Any, what: str = "result") -> Any:
    """Return a value if it is a tensor; numbers, arrays and the rest are mistakes, each with its name."""
    case = (what, value), ("its kind", type(value).__name__)
    require(not isinstance(value, np.ndarray | np.generic), "numpy-for-tensor", *case)
    require(not isinstance(value, bool | int | float | complex), "number-for-tensor", *case)
    require(hasattr(value, "detach") and hasattr(value, "requires_grad_"), "not-a-tensor", *case)
    return value


def require_like(value: Any, shape: Sequence[int], what: str = "result") -> Array:
    """Return the values of a tensor, which must have the shape."""
    got = tuple(require_tensor(value, what).shape)
    require(got == tuple(shape), "wrong-shape", ("expected", tuple(shape)), ("got", got))
    return values_of(value)


def network_of(weights: Sequence[Any], biases: Sequence[Any]) -> Any:
    """Return a network in training mode with these weights (n_out, n) and biases (n_out), dropout with p 0.5."""
    from course_utils.pytorch import to_torch

    parameters = {}
    for layer, (W, b) in enumerate(zip(weights, biases, strict=True), start=1):
        parameters[f"W{layer}"] = np.array(W, dtype=float)
        parameters[f"b{layer}"] = np.array(b, dtype=float)[:, np.newaxis]
    return to_torch(parameters, "tanh", [0.5] * len(weights))


def short_numbers(rng: np.random.Generator, *shape: int) -> Array:
    """Return numbers of one decimal from 0.1 to 2 in size, none of them zero, of both signs."""
    signs: Array = rng.choice([-1.0, 1.0], shape)
    signs.flat[:2] = 1, -1
    return signs * rng.integers(1, 21, shape) / 10


def drawn_network(rng: np.random.Generator, *sizes: int) -> Any:
    """Return a network of these sizes with short weights and biases."""
    weights = [short_numbers(rng, n_out, n) for n, n_out in pairwise(sizes)]
    return network_of(weights, [short_numbers(rng, n_out) for n_out in sizes[1:]])


def with_a_third_axis(network: Any) -> Any:
    """Return the network with its first weight (n_out, 2 k) reshaped to (n_out, k, 2), as in a convolution."""
    W = network.linear[0].weight
    W.data = W.data.reshape(len(W), -1, 2)
    return network


def require_trainable(network: Any) -> None:
    """Require that gradients are on, for every parameter and for the program."""
    from course_utils.pytorch import randomness

    require(randomness.torch.is_grad_enabled(), "gradients-off-for-all")
    frozen = [name for name, parameter in network.named_parameters() if not parameter.requires_grad]
    require(not frozen, "parameters-frozen", ("need no gradients now", frozen))


def require_mode(network: Any, training: bool) -> None:
    """Require a network and all its parts to be in the mode in which they were given away."""
    wrong = [name or "the model" for name, part in network.named_modules() if part.training != training]
    case = ("training before", training), ("training afterwards", not training), ("of", wrong)
    require(not wrong, "left-in-evaluation" if training else "left-in-training", *case)


# p_for_pytorch


def examine_p(p_for_pytorch: Answer, rng: np.random.Generator) -> str:
    """Examine ``p_for_pytorch(keep_probs)``."""
    drawn = [float(q) for q in rng.permutation(np.arange(1, 20))[:4] / 20]
    lists = [0.8, 0.5, 0.5], [0.6], drawn, [1.0, 0.7, 0.9]
    first = returned_array(p_for_pytorch, list(lists[0])).ravel()
    one = len(first) == 1 and np.isin(first.round(9), (0.2, 0.5)).all()
    require(not one, "one-of-many", ("keep_probs", lists[0]), ("expected", [0.2, 0.5, 0.5]), ("got", first))
    require_values(
        p_for_pytorch,
        [(keep_probs,) for keep_probs in lists],
        lambda keep_probs: 1 - np.array(keep_probs),
        {
            "keep-drop-swapped": lambda q: q,
            "scale-for-rate": lambda q: 1 / np.array(q),
            "percent-for-rate": lambda q: 100 - 100 * np.array(q),
            "negative-rate": lambda q: np.array(q) - 1,
            "rates-compounded": lambda q: 1 - np.cumprod(q),
        },
    )
    return "four lists, keep_prob 1 among them"


# dropout_module


def examine_module(make: Answer, rng: np.random.Generator) -> str:
    """Examine a class whose objects are dropout layers, ``make(p)``."""
    require(isinstance(make, type) or not hasattr(make, "training"), "object-for-class", ("got", make))
    seed = drawn_seed(rng)
    with torch_seeded(seed):
        require_module(made(make, 0.5))
        require_new_masks(make, seed)
        for p in (0.2, float(rng.choice([0.1, 0.3, 0.6, 0.8]))):
            require_dropped(made(make, p), p)
            require_whole_in_evaluation(made(make, p), p, rng)
        require_torchs_generator(make, seed)
        require_entries(made(make, 0.5), 0.5, short_numbers(rng, 5, 6))
        require_entries(made(make, 0.0), 0.0, short_numbers(rng, 2, 2))
        require_gradient(made(make, 0.5), short_numbers(rng, 4, 5))
    return "share dropped, scale, new masks in each pass, gradients, x unchanged in evaluation mode, p 0"


def made(make: Answer, p: float) -> Any:
    """Return the layer ``make(p)``."""
    try:
        return called(make, p)
    except Mistake as mistake:
        forgotten = any("before Module.__init__() call" in str(value) for _, value in mistake.case)
        require(not forgotten, "init-forgotten", *mistake.case)
        raise


def require_module(layer: Any) -> None:
    """Require a layer to be a module with a forward of its own."""
    kinds = type(layer).__mro__
    require(any(kind.__name__ == "Module" for kind in kinds), "not-a-module", ("got", type(layer).__name__))
    require("_modules" in vars(layer), "init-forgotten", ("class", type(layer).__name__))
    named = [name for kind in kinds[:-1] if kind.__name__ != "Module" for name in vars(kind)]
    own = [name for name in named if not name.startswith("__")]
    require("forward" in own, "forward-missing", ("methods of your class", own))


def run(layer: Any, x: Array) -> Array:
    """Return what a layer makes of x, in the mode in which it is."""
    return require_like(called(layer, tensor(x)), x.shape)


def require_new_masks(make: Answer, seed: int) -> None:
    """Require passes in training mode to drop something, each something else, and not all or nothing."""
    layer, ones = made(make, 0.5).train(), np.ones((4, 5))
    with torch_seeded(seed):
        passes = [run(layer, ones) == 0 for _ in range(50)]
    counts = {int(dropped.sum()) for dropped in passes}
    case = ("x, p", "(4, 5) ones, 0.5"), ("number of zeros in passes", sorted(counts))
    if counts == {0}:
        whole = np.all([run(layer.eval(), ones) != 0 for _ in range(3)])
        raise Mistake("nothing-dropped" if whole else "modes-exchanged", case)
    require(counts != {20}, "everything-dropped", *case)
    require(counts != {0, 20}, "one-coin-for-all", *case)
    if all(np.array_equal(dropped, passes[0]) for dropped in passes):
        with torch_seeded(seed + 1):
            again = run(made(make, 0.5).train(), ones) == 0
        fixed = np.array_equal(again, passes[0])
        raise Mistake("torch-seed-fixed" if fixed else "mask-drawn-once", (*case, ("dropped each time", passes[0])))
    require(len(counts) > 1, "count-fixed", *case)  # fifty independent passes agree with a probability below 1e-35


def require_dropped(layer: Any, p: float) -> None:
    """Require the share of zeros in training, their independence, and the scale of what stays."""
    out = run(layer.train(), np.ones((100, 100)))
    dropped = out == 0
    values, kept = np.unique(out.round(9)), out[~dropped]
    case = ("x, p", f"(100, 100) ones, {p}"), ("values in training", values[:5])
    if 0 < dropped.mean() < 1:
        require(np.any(dropped != dropped[:1]), "rows-share-mask", *case, ("zeros, a corner", dropped[:3, :5]))
        require(np.any(dropped != dropped[:, :1]), "row-drops-whole", *case, ("zeros, a corner", dropped[:3, :5]))
    share = float(1 - dropped.mean())
    require(abs(share - 0.5) > share_bound(out.size) or abs(p - 0.5) < 0.1, "p-ignored", *case, ("share kept", share))
    require_share(share, 1 - p, out.size, *case)
    if np.allclose(kept, 1):
        evaluated = run(layer.eval(), np.ones((1, 3)))
        require(not np.allclose(evaluated, 1 - p), "scaled-at-test-time", *case, ("in evaluation", evaluated))
    for misconception, scale in {
        "scale-missing": 1.0,
        "scale-inverted": 1 - p,
        "scale-by-drop": 1 / p,
        "scale-by-share-seen": 1 / share,
    }.items():
        require(not np.allclose(kept, scale, rtol=1e-6) or np.isclose(scale, 1 / (1 - p)), misconception, *case)
    require(np.allclose(kept, 1 / (1 - p)), "wrong-value", *case, ("expected", [0, 1 / (1 - p)]))


def require_whole_in_evaluation(layer: Any, p: float, rng: np.random.Generator) -> None:
    """Require a layer in evaluation mode to hand x on."""
    x = np.vstack([short_numbers(rng, 2, 3), np.ones((20, 3))])
    given = tensor(x)
    out = require_like(called(layer.eval(), given), x.shape)
    require_unchanged(["x"], [x], [values_of(given)])
    case = ("x", x[:2]), ("p", p), ("in evaluation mode", out[:2])
    require(not np.any(out == 0), "drops-in-evaluation", *case, ("values for ones", np.unique(out[2:])))
    factor = out[0, 0] / x[0, 0]
    require(not agree(out, factor * x) or np.isclose(factor, 1), "scaled-in-both-modes", *case)
    require(agree(out, x), "wrong-value", *case)


def require_torchs_generator(make: Answer, seed: int) -> None:
    """Require masks to depend on the seed of PyTorch's generator, and on nothing else."""
    results = []
    for number in (seed, seed, seed + 1):
        with torch_seeded(number):
            results.append(run(made(make, 0.5).train(), np.ones((20, 10))))
    first, again, other = ((f"pass {n}, first row", out[0]) for n, out in enumerate(results, start=1))
    require(np.array_equal(results[0], results[1]), "not-torchs-generator", ("seed", seed), first, again)
    require(not np.array_equal(results[0], results[2]), "torch-seed-fixed", ("seeds", (seed, seed + 1)), first, other)


def require_entries(layer: Any, p: float, x: Array) -> None:
    """Require every entry to be dropped or scaled, in training mode, and x to stay as it was."""
    given = tensor(x)
    out = require_like(called(layer.train(), given), x.shape)
    require_unchanged(["x"], [x], [values_of(given)])
    case = ("x", x), ("p", p), ("expected", "x / (1 - p), or 0"), ("got", out)
    require(not np.all((out == 0) | np.isclose(out, 1 / (1 - p))), "input-lost", *case)
    kept = out != 0 if p else np.full(x.shape, True)
    require(agree(out, x * kept / (1 - p)), "wrong-value", *case)


def require_gradient(layer: Any, x: Array) -> None:
    """Require gradients to pass through a layer in training mode, scaled as the values are."""
    given = tensor(x).requires_grad_()
    out = called(layer.train(), given)
    require(out.requires_grad, "graph-cut", ("gradient of the result with respect to x", "none"))
    out.sum().backward()
    require(given.grad is not None, "graph-cut", ("gradient of the result with respect to x", "none"))
    case = ("x", x), ("result", values_of(out)), ("its gradient", values_of(given.grad))
    require(agree(values_of(given.grad) * x, values_of(out)), "wrong-value", *case)


# evaluate


def examine_evaluate(evaluate: Answer, rng: np.random.Generator) -> str:
    """Examine ``evaluate(model, x)``."""
    from course_utils.pytorch import evaluation

    for training in (True, False):
        network, x = drawn_network(rng, 3, 20, 2), tensor(short_numbers(rng, 4, 3))
        before, right = values_of(x), values_of(evaluation.evaluate(network, x))
        passes: list[tuple[bool, bool]] = []  # modes of the model and of any part, each time that it runs
        network.register_forward_hook(lambda model, *_, passes=passes: passes.append(modes_of(model)))
        with torch_seeded(drawn_seed(rng)):
            got = require_tensor(called(evaluate, network.train(training), x))
            n, halfway = len(passes), (False, True) in passes
            require_mode(network, training)
            require_unchanged(["x"], [before], [values_of(x)])
            again = require_tensor(called(evaluate, network, x))
            case = ("model", "3-20-2, half of inputs and units dropped"), ("x, first row", before[:1])
            if not np.array_equal(values_of(got), values_of(again)):
                both = ("first result", values_of(got)[:1]), ("second result", values_of(again)[:1])
                require(not halfway, "parts-not-switched", *case, *both, ("modes of model, of parts", (False, True)))
                require(n <= 1, "average-for-whole-network", *case, *both, ("passes", n))
                raise Mistake("eval-forgotten" if got.requires_grad else "no-grad-for-eval", (*case, *both))
            require_output(values_of(got), right, *case)
            rates = [layer.p for layer in network.dropout]
            require(rates == [0.5, 0.5], "rates-changed", ("p before", [0.5, 0.5]), ("p afterwards", rates))
            require_trainable(network)
            require(not got.requires_grad, "gradients-kept", ("requires_grad of the result", True))
    return "no dropout, no gradients, both modes kept"


def modes_of(model: Any) -> tuple[bool, bool]:
    """Return whether a model itself and whether any part of it is in training mode."""
    return model.training, any(part.training for part in model.modules())


def require_output(got: Array, right: Array, *case: tuple[str, Any]) -> None:
    """Require the output of the whole network, and nothing that was made of it."""
    case = (*case, ("expected, first row", right[:1]), ("got", got[:1]))
    transformed = sigmoid(right), softmax(right.T).T, right.argmax(axis=1), (right > 0).astype(float), np.tanh(right)
    require(not any(agree(got, made) for made in transformed), "output-transformed", *case)
    require(got.shape == right.shape, "wrong-shape", ("expected", right.shape), ("got", got.shape))
    require(agree(got, right), "wrong-value", *case)


# decay_groups


def examine_groups(decay_groups: Answer, rng: np.random.Generator) -> str:
    """Examine ``decay_groups(model, weight_decay)``."""
    networks = drawn_network(rng, 3, 4, 2), with_a_third_axis(drawn_network(rng, 6, 4, 3, 2))
    strengths = 0.02, float(rng.choice([0.1, 0.3, 0.5]))
    found = []
    with torch_seeded(drawn_seed(rng)):
        for network, strength in zip(networks, strengths, strict=True):
            found.append(decays_of(called(decay_groups, network, strength), network))
            require_trainable(network)
    for (weights, more, biases), strength in zip(found, strengths, strict=True):
        case = ("weight_decay given", strength), ("of weights", weights), ("of biases", biases)
        require(not (any(biases) and not any(weights)), "groups-swapped", *case)
        require(not any(biases), "biases-decay", *case)
        require(any(weights), "weights-do-not-decay", *case)
        require(not more or any(more), "more-axes-left-out", *case, ("of a weight with three axes", more))
        require(len({*weights, *more}) == 1, "wrong-value", *case, ("of a weight with three axes", more))
    got = np.array([weights[0] for weights, _, _ in found])
    right, factors = agree(got, strengths), got / strengths
    both = ("weight_decay given to two models", strengths), ("of weights", got)
    require(right or got[0] != got[1], "decay-hard-coded", *both)
    require(right or not agree(factors[0], factors[1]), "decay-rescaled", *both)
    require(right, "wrong-value", *both)
    return "every parameter in one group, weights decay, also one with three axes, biases do not"


def decays_of(groups: Any, network: Any) -> tuple[list[float], list[float], list[float]]:
    """Return the weight_decay of each matrix, of each weight with more axes, and of each bias."""
    right_kind = isinstance(groups, list | tuple) and all(isinstance(group, Mapping) for group in groups)
    require(right_kind and all("params" in group for group in groups), "not-groups", ("got", groups))
    names = {id(parameter): name for name, parameter in network.named_parameters()}
    decays: dict[int, float] = {}
    for group in groups:
        for member in members_of(group["params"]):
            require(id(member) in names, "copies-for-parameters", ("in a group", member))
            require(id(member) not in decays, "parameter-twice", ("parameter", names[id(member)]))
            require("weight_decay" in group, "decay-unsaid", ("keys of the group", list(group)))
            decays[id(member)] = float(as_numbers(group["weight_decay"]))
    missing = [parameter for parameter in network.parameters() if id(parameter) not in decays]
    case = ("in no group", [f"{names[id(parameter)]}, shape {tuple(parameter.shape)}" for parameter in missing])
    require(not missing or any(parameter.ndim <= 2 for parameter in missing), "more-axes-left-out", case)
    require(not missing, "left-out-of-groups", case)
    ranks = [(min(parameter.ndim, 3), decays[id(parameter)]) for parameter in network.parameters()]
    matrices, more, biases = ([decay for rank, decay in ranks if rank == wanted] for wanted in (2, 3, 1))
    return matrices, more, biases


def members_of(params: Any) -> list[Any]:
    """Return what a group holds, as an optimizer reads it: one tensor, or several, each perhaps with its name."""
    if hasattr(params, "requires_grad_"):
        return [params]
    kind = ("params", type(params).__name__)
    require(isinstance(params, Iterable) and not isinstance(params, set | str | Mapping), "not-groups", kind)
    return [member[1] if isinstance(member, tuple) and len(member) == 2 else member for member in params]


# l1_norm


def examine_l1(l1_norm: Answer, rng: np.random.Generator) -> str:
    """Examine ``l1_norm(model)``."""
    smallest = network_of([[[1, -2], [0.5, -1.5]]], [[0.5, -0.5]])  # a negative sum tells |Σ W| from Σ W
    networks = [smallest, drawn_network(rng, 3, 4, 2), drawn_network(rng, 2, 5, 4, 3)]
    with torch_seeded(drawn_seed(rng)):
        norms = [norm_of(l1_norm, network) for network in networks]
        got = [float(values_of(norm).sum()) for norm in norms]
        layers = [[(values_of(W), values_of(b)) for W, b in network.layers()] for network in networks]
        right = [sum_of(np.abs, network) for network in layers]
        failing = [index for index in range(len(networks)) if not agree(got[index], right[index])]
        if failing:
            first = failing[0]
            shown = [pair for n, (W, b) in enumerate(layers[first], start=1) for pair in ((f"W{n}", W), (f"b{n}", b))]
            case = (*shown, ("expected", right[first]), ("got", got[first]))
            for misconception, function in NORMS:
                require(not agree(got, [function(network) for network in layers]), misconception, *case)
            raise Mistake("wrong-value", case)
        for network, norm in zip(networks, norms, strict=True):
            require_signs(network, norm)
        network = with_a_third_axis(drawn_network(rng, 4, 3, 2))
        norm, (W1, W2) = norm_of(l1_norm, network), (np.abs(values_of(W)).sum() for W, _ in network.layers())
        case = ("shape of W1", (3, 2, 2)), ("expected", W1 + W2), ("got", float(values_of(norm).sum()))
        require(not agree(case[2][1], W2), "more-axes-left-out", *case)
        require(agree(case[2][1], W1 + W2), "wrong-value", *case)
    return "all weights of four models, no bias, gradient is the sign"


def norm_of(l1_norm: Answer, network: Any) -> Any:
    """Return ``l1_norm(network)``, a tensor of one number; the network must be as it was."""
    before = [values_of(parameter) for parameter in network.parameters()]
    norm = require_tensor(called(l1_norm, network))
    require(norm.numel() == 1, "wrong-shape", ("expected", "one number"), ("got, of shape", tuple(norm.shape)))
    require(all(parameter.grad is None for parameter in network.parameters()), "backward-inside")
    names = [name for name, _ in network.named_parameters()]
    require_unchanged(names, before, [values_of(parameter) for parameter in network.parameters()])
    require_trainable(network)
    return norm


def require_signs(network: Any, norm: Any) -> None:
    """Require the gradient of the norm to be the sign of each weight."""
    require(norm.requires_grad, "graph-cut", ("requires_grad of the result", False))
    norm.backward()
    for layer, (W, _) in enumerate(network.layers(), start=1):
        require(W.grad is not None, "graph-cut", (f"gradient with respect to W{layer}", "none"))
        case = (f"W{layer}", values_of(W)), ("expected gradient", np.sign(values_of(W))), ("got", values_of(W.grad))
        require(agree(values_of(W.grad), np.sign(values_of(W))), "wrong-value", *case)


Layers = list[tuple[Array, Array]]  # of weight and bias


def sum_of(function: Callable[[Array], Any], layers: Layers) -> float:
    """Return the sum over layers of what a function makes of each weight, summed."""
    return float(sum(np.sum(function(W)) for W, _ in layers))


NORMS: tuple[tuple[str, Callable[[Layers], float]], ...] = (
    ("biases-in-norm", lambda layers: sum(float(np.abs(W).sum() + np.abs(b).sum()) for W, b in layers)),
    ("squares-for-absolute", lambda layers: sum_of(np.square, layers)),
    ("absolute-missing", lambda layers: sum_of(np.sum, layers)),
    ("absolute-after-sum", lambda layers: sum_of(lambda W: abs(W.sum()), layers)),
    ("absolute-after-sum", lambda layers: abs(sum_of(np.sum, layers))),
    ("mean-of-absolute", lambda layers: sum_of(lambda W: np.abs(W).mean(), layers)),
    ("mean-of-absolute", lambda layers: sum_of(lambda W: np.abs(W).mean(), layers) / len(layers)),
    ("mean-of-absolute", lambda layers: sum_of(np.abs, layers) / sum(W.size for W, _ in layers)),
    ("mean-of-absolute", lambda layers: sum_of(np.abs, layers) / len(layers)),
    ("euclidean-norm", lambda layers: sum_of(np.linalg.norm, layers)),
    ("euclidean-norm", lambda layers: float(np.sqrt(sum_of(np.square, layers)))),
    ("matrix-norm", lambda layers: sum_of(lambda W: np.linalg.norm(W, 1), layers)),
    ("half-kept", lambda layers: sum_of(np.abs, layers) / 2),
    ("first-layer-only", lambda layers: sum_of(np.abs, layers[:1])),
    ("last-layer-only", lambda layers: sum_of(np.abs, layers[-1:])),
)


# clip_rows

Change = tuple[Array, Array, float]  # a weight before and after, and the limit
Clipping = tuple[str, Callable[[Array, float], Array]]  # a misconception, and what comes of it


def examine_clip_rows(clip_rows: Answer, rng: np.random.Generator) -> str:
    """Examine ``clip_rows(model, c)``."""
    limit = float(rng.choice([1.5, 2.5, 3.0]))
    square = [drawn_rows(rng, 3, limit * rng.permutation([0.4, 0.8, 1.6])) for _ in range(2)]
    others = [drawn_rows(rng, 4, limit * np.array([1.6, 0.0, 0.7])), drawn_rows(rng, 3, limit * np.array([0.5, 1.8]))]
    with torch_seeded(drawn_seed(rng)):
        small, large = clipped(clip_rows, [[[3, 4], [0.6, -0.8]]], 2.0), clipped(clip_rows, square, limit)
        require_rows_clipped([*small, *large], CLIPPINGS)
        # Only now: matrices that are not square, or with a row of zeros, turn some mistakes into errors.
        for old, new, c in (last := clipped(clip_rows, others, limit)):
            case = ("W before", old), ("c", c), ("W afterwards", new)
            require(np.isfinite(new).all(), "zero-row", *case)
        require_rows_clipped(last, ())
    return "long rows scaled, short ones, a row of zeros and biases left alone, in place"


def drawn_rows(rng: np.random.Generator, n: int, lengths: Any) -> Array:
    """Return a matrix with n columns and rows of about these lengths, in numbers of two decimals."""
    drawn = short_numbers(rng, len(lengths), n)
    scaled: Array = drawn / np.linalg.norm(drawn, axis=1, keepdims=True) * np.reshape(lengths, (-1, 1))
    return scaled.round(2)


def clipped(clip_rows: Answer, weights: Sequence[Any], c: float) -> list[Change]:
    """Return what a call does to the weights of a network; if that is right, it may do nothing else."""
    network = network_of(weights, [np.arange(4.0, 4 + len(W)) for W in weights])  # biases are longer than c
    (100 * sum(parameter.sum() for parameter in network.parameters())).backward()
    own = list(network.parameters())
    called(lambda model, limit: clipping_done(clip_rows, model, limit), network, c)
    new = list(network.parameters())
    changes = [(np.array(W, dtype=float), values_of(now), c) for W, now in zip(weights, new[::2], strict=True)]
    for old, now, _ in changes:
        require(now.shape == old.shape, "wrong-shape", ("expected", old.shape), ("got", now.shape))
    case = ("W1 before", changes[0][0]), ("c", c), ("W1 afterwards", changes[0][1])
    if all(np.array_equal(old, now) for old, now, _ in changes):
        as_they_were = all(bool((now.grad == 100).all()) for now in own)
        raise Mistake("name-rebound" if as_they_were else "gradients-clipped", case)
    if all(agree(now, rows_clipped(old, c)) for old, now, _ in changes):
        for before, b in ((np.arange(4.0, 4 + len(b)), values_of(b)) for b in new[1::2]):
            require(np.array_equal(before, b), "biases-clipped", ("b before", before), ("b afterwards", b), ("c", c))
        require(all(old is now for old, now in zip(own, new, strict=True)), "parameter-replaced", *case)
        require_trainable(network)
    return changes


def clipping_done(clip_rows: Answer, model: Any, c: float) -> bool:
    """Call ``clip_rows(model, c)``, which need not return anything; autograd's refusal is a mistake of its own."""
    try:
        clip_rows(model, c)
    except RuntimeError as error:
        refused = "in-place operation" in str(error) or "modified inplace" in str(error)
        require(not refused, "needs-no-grad", ("error", str(error)))
        raise
    return True


def rows_clipped(W: Array, c: float) -> Array:
    """Return W with rows longer than c scaled to length c."""
    return scaled_rows(W, np.minimum(1, c / np.maximum(row_lengths(W), 1e-300)))


def row_lengths(W: Array) -> Array:
    """Return the length of each row, (n, 1)."""
    lengths: Array = np.linalg.norm(W, axis=1, keepdims=True)
    return lengths


def scaled_rows(W: Array, factors: Any) -> Array:
    """Return W times factors, one for each row or one for all."""
    scaled: Array = W * factors
    return scaled


def require_rows_clipped(changes: Sequence[Change], wrong: Sequence[Clipping]) -> None:
    """Require rows longer than the limit to have its length and the others to be as they were."""
    failing = [change for change in changes if not agree(change[1], rows_clipped(change[0], change[2]))]
    if not failing:
        return
    old, new, c = failing[0]
    given = ("W before", old), ("lengths of its rows", row_lengths(old)[:, 0]), ("c", c)
    case = (*given, ("expected", rows_clipped(old, c)), ("got", new))
    for misconception, function in wrong:
        with np.errstate(all="ignore"):
            explained = all(agree(now, function(W, limit)) for W, now, limit in changes)
        require(not explained, misconception, *case)
    unchanged = [np.array_equal(now, W) for W, now, _ in changes]
    first_only = len(changes) > 1 and agree(changes[-2][1], rows_clipped(changes[-2][0], changes[-2][2]))
    require(not (first_only and unchanged[-1]), "first-layer-only", *case)
    raise Mistake("wrong-value", case)


CLIPPINGS: tuple[Clipping, ...] = (
    ("short-rows-stretched", lambda W, c: W * c / row_lengths(W)),
    ("limit-from-below", lambda W, c: W * np.maximum(1, c / row_lengths(W))),
    ("columns-clipped", lambda W, c: rows_clipped(W.T, c).T),
    ("entries-clipped", lambda W, c: W.clip(-c, c)),
    ("matrix-scaled", lambda W, c: W * min(1.0, c / float(np.linalg.norm(W)))),
    ("matrix-scaled", lambda W, c: W * c / float(np.linalg.norm(W))),
    ("matrix-scaled", lambda W, c: W * min(1.0, c / float(row_lengths(W).max()))),
    ("root-missing", lambda W, c: W * np.minimum(1, c / row_lengths(W) ** 2)),
    ("length-by-absolute", lambda W, c: W * np.minimum(1, c / np.abs(W).sum(axis=1, keepdims=True))),
    ("unit-length", lambda W, c: W / row_lengths(W)),
    ("unit-length", lambda W, c: W * np.minimum(1, 1 / row_lengths(W))),
    ("unit-length", lambda W, c: np.where(row_lengths(W) > c, W / row_lengths(W), W)),
    ("axis-lost", lambda W, c: W * np.minimum(1, c / row_lengths(W)[:, 0])),
    ("rows-zeroed", lambda W, c: W * (row_lengths(W) <= c)),
)


# mc_predict


def examine_mc(mc_predict: Answer, rng: np.random.Generator) -> str:
    """Examine ``mc_predict(model, x, samples)``.

    The model is b + w x with dropout on x: a sample is b or b + 2 w x. So the share of samples with x kept can be read
    off the mean, and it determines the deviation: no bound is needed but for the share itself.
    """
    for training in (False, True):
        w, b = rng.choice([-1.5, 1.5, 2.0], 2), short_numbers(rng, 2)
        x = np.array([[1.0], *(rng.choice([-1, 1], (7, 1)) * rng.integers(11, 31, (7, 1)) / 10)])
        samples, seed = int(rng.choice([151, 157, 163, 167, 173])), drawn_seed(rng)  # primes
        network, given = network_of([w[:, np.newaxis]], [b]), tensor(x)
        with torch_seeded(seed):
            mean, deviation = pair_of(called(mc_predict, network.train(training), given, samples), (8, 2))
            require_mode(network, training)
            require_trainable(network)
        case = (("model", f"{b} + {w} x, x dropped with p 0.5"), ("x, first row", x[0]), ("samples", samples))
        require_spread(values_of(mean), values_of(deviation), x * w + b, x * w, samples, *case)
        require(not (mean.requires_grad or deviation.requires_grad), "gradients-kept", *case)
        require(network.dropout[0].p == 0.5, "rates-changed", ("p before", 0.5), ("afterwards", network.dropout[0].p))
        require_unchanged(["x"], [x], [values_of(given)])
        with torch_seeded(seed + 1):
            other, _ = pair_of(called(mc_predict, network.train(training), given, samples), (8, 2))
        require(not agree(values_of(mean), values_of(other)), "torch-seed-fixed", *case)
    return "mean and deviation of the samples, their number, both modes put back, no gradients"


def pair_of(value: Any, shape: tuple[int, ...]) -> tuple[Any, Any]:
    """Return the two tensors of an answer; one tensor with both inside will do."""
    stacked = hasattr(value, "requires_grad_") and tuple(value.shape) == (2, *shape)
    require(
        stacked or (isinstance(value, tuple | list) and len(value) == 2), "not-a-pair", ("got", type(value).__name__)
    )
    mean, deviation = (require_tensor(part, name) for part, name in zip(value, ("mean", "deviation"), strict=True))
    shapes = tuple(mean.shape), tuple(deviation.shape)
    require(shapes == (shape, shape), "averaged-over-examples", ("shape of model(x)", shape), ("yours", shapes))
    return mean, deviation


def require_spread(mean: Array, deviation: Array, whole: Array, step: Array, n: int, *case: tuple[str, Any]) -> None:
    """Require mean and deviation of n samples, each of which is whole - step or whole + step."""
    case = (*case, ("output without dropout, first row", whole[0]), ("your mean", mean[0]), ("deviation", deviation[0]))
    if np.all(np.abs(deviation) < 1e-6):
        require(not agree(mean, whole), "dropout-off-in-sampling", *case)
        sampled = agree(np.abs(mean - whole), np.abs(step))
        raise Mistake("one-sample-repeated" if sampled else "wrong-value", case)
    require(not agree(mean, whole), "whole-network-for-mean", *case)  # n is odd, so no mean of samples is that
    swapped = any(agree(mean, spread) for spread in spreads(shares_of(deviation, whole, step), step, n))
    require(not swapped, "pair-swapped", *case)
    shares = shares_of(mean, whole, step)
    require(shares.min() >= 0 and shares.max() <= 1, "wrong-value", *case)
    used = next((count for count in (n, *range(2, 1000)) if whole_numbers(count * shares)), None)
    require(used, "wrong-value", *case)
    require(used == n, "other-number-of-samples", *case, ("samples in your mean", used))
    right = spreads(shares, step, n)
    for misconception, factors in SPREADS.items():
        wrong = any(agree(deviation, factor(spread, n)) for spread in right for factor in factors)
        require(not wrong, misconception, *case, ("expected deviation", right[1][0]))
    require(
        any(agree(deviation, spread) for spread in right), "wrong-value", *case, ("expected deviation", right[1][0])
    )
    kept = float(shares[:, 0].mean())  # both outputs see one mask
    require(abs(kept - 0.5) <= share_bound(n * len(shares)), "wrong-value", *case, ("share of x kept", kept))


def shares_of(mean: Array, whole: Array, step: Array) -> Array:
    """Return which share of samples kept x, if the mean is one of whole - step and whole + step."""
    shares: Array = (mean - whole) / step / 2 + 0.5
    return shares


def whole_numbers(values: Array) -> bool:
    """Return whether values are whole numbers, but for the digits that float32 loses."""
    return float(np.abs(values - values.round()).max()) < 1e-4


def spreads(shares: Array, step: Array, n: int) -> tuple[Array, Array]:
    """Return the deviation of n samples of which a share kept x, divided by n and by n - 1."""
    spread = 2 * np.abs(step) * np.sqrt((shares * (1 - shares)).clip(0))
    return spread, spread * np.sqrt(n / (n - 1))


SPREADS: dict[str, tuple[Callable[[Array, int], Array], ...]] = {
    "variance-for-deviation": (lambda spread, n: spread**2,),
    "error-of-mean": (lambda spread, n: spread / np.sqrt(n), lambda spread, n: spread / np.sqrt(n - 1)),
    "twice-the-deviation": (lambda spread, n: 2 * spread, lambda spread, n: 4 * spread),
}
EXERCISES = (
    Exercise(
        "p_for_pytorch",
        examine_p,
        hint="keep_prob 0.8 keeps 80 of 100 units. Which probability does PyTorch want to know?",
        second_hint="[1 - keep_prob for keep_prob in keep_probs]",
    ),
    Exercise(
        "dropout_module",
        examine_module,
        hint="Two cases: in evaluation mode return x. In training mode draw a mask, multiply, and divide.",
        second_hint="mask = torch.rand_like(x) >= self.p, then x * mask / (1 - self.p), if self.training.",
    ),
    Exercise(
        "evaluate",
        examine_evaluate,
        hint="Four steps: remember the mode, eval(), run the model without gradients, set the mode back.",
        second_hint="was_training = model.training; model.eval(); with torch.no_grad(): out = model(x); "
        "model.train(was_training).",
    ),
    Exercise(
        "decay_groups",
        examine_groups,
        hint="Sort model.parameters() into two lists, by the number of axes.",
        second_hint='Return [{"params": weights, "weight_decay": weight_decay}, '
        '{"params": biases, "weight_decay": 0.0}].',
    ),
    Exercise(
        "l1_norm",
        examine_l1,
        hint="Go through model.parameters(), leave out what has one axis, and add up absolute values.",
        second_hint="sum(W.abs().sum() for W in model.parameters() if W.ndim >= 2)",
    ),
    Exercise(
        "clip_rows",
        examine_clip_rows,
        hint="For each weight: one length for each row, one factor for each row, and write into the weight.",
        second_hint="The factor is (c / lengths).clamp(max=1), of shape (rows, 1). W.mul_(factor), in torch.no_grad().",
    ),
    Exercise(
        "mc_predict",
        examine_mc,
        hint="Remember the mode, model.train(), stack as many outputs as asked for, set the mode back.",
        second_hint="out = torch.stack([model(x) for _ in range(samples)]) in torch.no_grad(); mean and std of dim 0.",
    ),
)
