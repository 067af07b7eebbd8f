"""The check of ``dropout_module``: a dropout layer, in training mode and in evaluation mode."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.arguments import Array
from course_utils.exercises.calls import called, require_unchanged
from course_utils.exercises.exercise import Answer
from course_utils.exercises.explanation import agree
from course_utils.exercises.mistake import Mistake, require
from course_utils.exercises.pytorch_dropout.tensors import (
    drawn_seed,
    require_tensor,
    short_numbers,
    tensor,
    torch_seeded,
    values_of,
)
from course_utils.exercises.randomness import KEEP_PROBS, require_scales, require_shares, share_bound, three_decimals
from course_utils.exercises.verdict import named, said

__all__ = ["examine_module"]


def examine_module(make: Answer, rng: np.random.Generator) -> None:
    """Examine a class whose objects are dropout layers, ``make(p)``."""
    require(isinstance(make, type) or not hasattr(make, "training"), "object-for-class", ("got", make))
    seed = drawn_seed(rng)
    with torch_seeded(seed):
        require_module(made(make, 0.5))
        require_new_masks(make, seed)
        require_dropped(lambda p: made(make, p))
        for p in (0.2, three_decimals(rng)):
            require_whole_in_evaluation(made(make, p), p, rng)
            require_drops_again(made(make, p), p)
        require_torchs_generator(make, seed)
        require_entries(made(make, 0.5), 0.5, short_numbers(rng, 5, 6))
        require_entries(made(make, 0.0), 0.0, short_numbers(rng, 2, 2))
        for shape in ((61,), (3, 4, 5)):
            require_entries(made(make, 0.5), 0.5, short_numbers(rng, *shape))
        require_every_axis(made(make, 0.5))
        require_gradient(made(make, 0.5), short_numbers(rng, 4, 5))


def made(make: Answer, *arguments: Any) -> Any:
    """Return the module that an answer makes of some arguments."""
    try:
        return called(make, *arguments)
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


def require_like(value: Any, shape: tuple[int, ...]) -> Array:
    """Return the values of a tensor, which must have the shape."""
    got = tuple(require_tensor(value).shape)
    require(got == shape, "wrong-shape", ("expected", shape), ("got", got))
    return values_of(value)


def require_new_masks(make: Answer, seed: int) -> None:
    """Require passes in training mode to drop something, each something else, and not all or nothing."""
    layer, ones = made(make, 0.5).train(), np.ones((4, 5))
    with torch_seeded(seed):
        passes = [run(layer, ones) for _ in range(50)]
    zeros = [out == 0 for out in passes]
    counts = {int(dropped.sum()) for dropped in zeros}
    case = ("x, p", said("(4, 5) ones, 0.5")), ("number of zeros in passes", sorted(counts))
    if counts == {0}:
        raise what_no_zero_means(layer, passes, *case)
    require(counts != {20}, "everything-dropped", *case)
    require(counts != {0, 20}, "one-coin-for-all", *case)
    if all(np.array_equal(dropped, zeros[0]) for dropped in zeros):
        with torch_seeded(seed + 1):
            again = run(made(make, 0.5).train(), ones) == 0
        fixed = np.array_equal(again, zeros[0])
        raise Mistake("torch-seed-fixed" if fixed else "mask-drawn-once", (*case, ("dropped each time", zeros[0])))
    require(len(counts) > 1, "count-fixed", *case)  # fifty independent passes agree with a probability below 1e-35


def what_no_zero_means(layer: Any, passes: list[Array], *case: tuple[str, Any]) -> Mistake:
    """Return the mistake of a layer that makes no zero of ones, or raise one with a name of its own."""
    of_zeros, values, got = run(layer, np.zeros((4, 5))), np.unique(passes), ("got", passes[0])
    zeros = (*case, ("result for zeros", of_zeros))
    require(np.ptp(of_zeros) > 0 or not np.any(of_zeros), "constant-added", *zeros, value=f"{of_zeros[0, 0]:g}")
    require(len(values) != 2 or not np.allclose(values, [1, 2]), "dropped-ones-left", *case, got)
    other = values[values != 2][:1].sum()
    require(len(values) != 2, "dropped-ones-not-zero", *case, got, value=f"{other:g}")
    require(not np.any(of_zeros), "noise-added", *zeros)
    require(len(values) < 10, "random-numbers-for-mask", *case, got)
    whole = np.all([run(layer.eval(), np.ones((4, 5))) != 0 for _ in range(3)])
    return Mistake("nothing-dropped" if whole else "modes-exchanged", case)


def require_dropped(made_with: Callable[[float], Any]) -> None:
    """Require the share of zeros in training at several p, their independence, and the scale of what stays."""
    shares, scales = {}, {}
    for p in (round(1 - keep_prob, 3) for keep_prob in KEEP_PROBS):
        layer = made_with(p)
        out = run(layer.train(), np.ones((100, 100)))
        dropped = out == 0
        case = ("x, p", said("(100, 100) ones, {p}", p=p)), ("values in training", np.unique(out.round(9))[:5])
        if 0 < dropped.mean() < 1:
            require(np.any(dropped != dropped[:1]), "rows-share-mask", *case, ("zeros, a corner", dropped[:3, :5]))
            require(np.any(dropped != dropped[:, :1]), "row-drops-whole", *case, ("zeros, a corner", dropped[:3, :5]))
            kept = out[~dropped]
            if np.allclose(kept, 1):
                evaluated = run(layer.eval(), np.ones((1, 3)))
                require(not np.allclose(evaluated, 1 - p), "scaled-at-test-time", *case, ("in evaluation", evaluated))
            require(np.ptp(kept) < 1e-5, "random-numbers-for-mask", *case)
            scales[1 - p] = float(kept[0])
        shares[1 - p] = float(1 - dropped.mean())
    if len(scales) == len(KEEP_PROBS):
        require_scales(scales, shares, 10_000, *case[:1], named="p")
    require_shares(shares, 10_000, *case[:1], named="p")


def require_drops_again(layer: Any, p: float) -> None:
    """Require a layer to drop in training mode as before, after it was in evaluation mode."""
    for _ in range(20):
        run(layer.train(), np.ones((2, 3)))
    layer.eval()
    first, again = (run(layer, np.ones((4, 5))) for _ in range(2))
    require(
        np.array_equal(first, again), "mode-changes-for-good", ("two passes in evaluation mode", [first[0], again[0]])
    )
    share = float(np.mean(run(layer.train(), np.ones((100, 100))) == 0))
    case = ("p", p), ("share dropped after eval() and train()", share)
    require(abs(share - p) <= share_bound(10_000), "mode-changes-for-good", *case)


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
    first, again, other = ((named("pass {n}, first row", n=n), out[0]) for n, out in enumerate(results, start=1))
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


def require_every_axis(layer: Any) -> None:
    """Require a tensor with three axes to be dropped entry by entry."""
    dropped = (run(layer.train(), np.ones((12, 10, 8))) == 0).astype(int)
    for axis in range(3):
        corner = ("shape of x", (12, 10, 8)), ("dropped, a corner", dropped[:3, :4, 0])
        require(np.ptp(dropped, axis=axis).max() > 0, "mask-shared-along-an-axis", *corner, axis=str(axis))


def require_gradient(layer: Any, x: Array) -> None:
    """Require gradients to pass through a layer in both modes, in training mode scaled as the values are."""
    whole = called(layer.eval(), tensor(x).requires_grad_())
    require(whole.requires_grad, "graph-cut", ("gradient in evaluation mode", said("none")))
    given = tensor(x).requires_grad_()
    out = called(layer.train(), given)
    require(out.requires_grad, "graph-cut", ("gradient of the result with respect to x", said("none")))
    out.sum().backward()
    require(given.grad is not None, "graph-cut", ("gradient of the result with respect to x", said("none")))
    case = ("x", x), ("result", values_of(out)), ("its gradient", values_of(given.grad))
    require(agree(values_of(given.grad) * x, values_of(out)), "wrong-value", *case)
