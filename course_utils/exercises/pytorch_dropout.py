"""Checks of chapter 04: p, a dropout module, evaluation, parameter groups, L1, max-norm, and Monte Carlo dropout.

``course_utils.pytorch`` loads torch, which every other chapter does without; so it is imported where a check runs, not
when this file is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from course_utils.exercises.mistake import require, returned_array
from course_utils.network import initialize_parameters

__all__ = ["CHECKS"]

Answer = Callable[..., Any]


def network_with_dropout(keep_prob: float = 0.5) -> Any:
    """Return a small network in training mode with weights and biases that are not zero."""
    from course_utils.pytorch import to_torch

    rng = np.random.default_rng(0)
    parameters = {name: value + 0.3 for name, value in initialize_parameters([3, 40, 2], rng).items()}
    return to_torch(parameters, "tanh", keep_prob)


def example_rows(m: int = 6) -> Any:
    """Return a tensor (m, 3) of examples."""
    from course_utils.pytorch import rows

    return rows(np.random.default_rng(1).standard_normal((3, m)))


def returned_tensor(value: Any, what: str = "the result") -> Any:
    """Return ``value`` if it is a tensor; None, numbers and arrays are mistakes."""
    require(value is not None, "The function returns None: is the return statement missing?")
    require(
        hasattr(value, "detach"),
        f"It must be a tensor: {what} is {type(value).__name__}. Leave .item(), float() and NumPy out.",
    )
    return value


def values_of(tensor: Any) -> np.ndarray[Any, Any]:
    """Return a copy of a tensor's values."""
    return np.array(tensor.detach().cpu().numpy(), dtype=float)


def examine_p(p_for_pytorch: Answer) -> str:
    """Examine ``p_for_pytorch(keep_probs)``."""
    for keep_probs in ([0.8, 0.5, 0.5], [1.0, 0.9], [0.6]):
        got, right = returned_array(p_for_pytorch, list(keep_probs)), 1 - np.array(keep_probs)
        case = ("keep_probs", keep_probs), ("expected", right), ("got", got)
        require(got.shape == right.shape, "The list must have one p for each keep_prob.", *case)
        require(
            not np.allclose(got, keep_probs),
            "This is keep_prob itself. PyTorch's p is the probability to drop, so 0.8 kept is 0.2 dropped.",
            *case,
        )
        require(
            not np.allclose(got, 1 / np.array(keep_probs)),
            "This is the scale 1 / keep_prob. p is the probability to drop.",
            *case,
        )
        require(np.allclose(got, right), "p is not 1 - keep_prob.", *case)
    return "three lists, keep_prob 1 among them"


def examine_module(make: Answer) -> str:
    """Examine a class whose objects are dropout layers, ``make(p)``."""
    from course_utils.pytorch import rows
    from course_utils.pytorch.randomness import seeded

    layer, p, ones = make(0.3), 0.3, rows(np.ones((1, 20_000)))
    require(
        hasattr(layer, "training") and hasattr(layer, "modules"),
        "Make it a class that inherits from nn.Module and calls super().__init__().",
    )
    require(
        any("forward" in vars(kind) for kind in type(layer).__mro__ if kind.__name__ != "Module"),
        "There is no method named forward, which PyTorch calls: is it misspelt?",
        ("methods", [name for name in vars(type(layer)) if not name.startswith("__")]),
    )
    with seeded(0):
        layer.train()
        out = values_of(returned_tensor(layer(ones)))
        again = values_of(layer(ones))
        layer.eval()
        whole = values_of(returned_tensor(layer(ones)))
    dropped, values = float(np.mean(out == 0)), np.unique(out.round(9))
    case = ("p", p), ("share of zeros in training", round(dropped, 3)), ("values in training", values[:5])
    require(out.shape == (20_000, 1), f"The result must have the shape of x, (20000, 1), got {out.shape}.")
    require(dropped > 0, "In training nothing is dropped: if self.training, multiply by a random mask.", *case)
    require(
        abs(dropped - p) < 0.03,
        "p is the probability to drop, not to keep: with p 0.3 about 30 % must become zero."
        if abs(dropped - (1 - p)) < 0.03
        else "With p 0.3 about 30 % must become zero.",
        *case,
    )
    require(not np.array_equal(out, again), "Each pass in training needs new random numbers: draw them in forward.")
    in_evaluation = ("values in evaluation mode", np.unique(whole.round(9))[:5])
    require(
        not np.any(whole == 0),
        "In evaluation mode it still drops: look at self.training, which eval() sets to False.",
        in_evaluation,
    )
    require(
        not np.allclose(values, [0, 1]) or np.allclose(whole, 1),
        "It scales at test time. PyTorch's dropout divides by 1 - p in training and does nothing in evaluation mode.",
        in_evaluation,
        *case,
    )
    require(
        np.allclose(values, [0, 1 / (1 - p)]),
        "What stays must be divided by 1 - p, so that the mean stays what it was: expected 0 and 1.429.",
        *case,
    )
    require(np.allclose(whole, 1), "In evaluation mode x must come out as it went in, unscaled.", in_evaluation)
    return "share dropped, scaling, new masks in each pass, x unchanged in evaluation mode"


def examine_evaluate(evaluate: Answer) -> str:
    """Examine ``evaluate(model, x)``."""
    from course_utils.pytorch import evaluation
    from course_utils.pytorch.randomness import seeded

    network, x = network_with_dropout(), example_rows()
    right = values_of(evaluation.evaluate(network, x))
    for training in (True, False):
        network.train(training)
        with seeded(0):
            got = returned_tensor(evaluate(network, x))
            again = values_of(evaluate(network, x))
        mode = "training" if training else "evaluation"
        require(
            np.array_equal(values_of(got), again),
            "Two calls, two results: dropout is still on. torch.no_grad() does not switch it off, model.eval() does.",
            ("first", values_of(got)[0]),
            ("second", again[0]),
        )
        require(
            np.allclose(values_of(got), right),
            "The result is not the model's output for x without dropout.",
            ("expected, first row", right[0]),
            ("got, first row", values_of(got)[0]),
        )
        require(
            network.training == training and all(part.training == training for part in network.modules()),
            "The model must come back in the mode in which it came: remember model.training before eval()."
            if training
            else "A model that came in evaluation mode must stay there: do not call model.train() regardless.",
            ("mode before", mode),
            ("training afterwards", network.training),
        )
        require(
            not got.requires_grad,
            "The result still carries gradients: run the model inside  with torch.no_grad():  to save memory.",
        )
    return "no dropout, no gradients, both modes kept"


def examine_groups(decay_groups: Answer) -> str:
    """Examine ``decay_groups(model, weight_decay)``."""
    network = network_with_dropout()
    groups = decay_groups(network, 0.02)
    require(groups is not None, "The function returns None: is the return statement missing?")
    require(
        isinstance(groups, list | tuple) and all(isinstance(group, Mapping) and "params" in group for group in groups),
        'Return a list of dicts, each with "params" and "weight_decay".',
    )
    groups = [{**group, "params": list(group["params"])} for group in groups]
    decays: dict[int, float] = {}
    for group in groups:
        for parameter in group["params"]:
            require(id(parameter) not in decays, "A parameter stands in two groups: it would be updated twice.")
            require(
                "weight_decay" in group,
                'A group lacks "weight_decay", so it gets the optimizer\'s own, whatever that is: say 0.0 for biases.',
            )
            decays[id(parameter)] = float(group["weight_decay"])
    for name, parameter in network.named_parameters():
        kind, right = ("weight", 0.02) if parameter.ndim >= 2 else ("bias", 0.0)
        require(
            id(parameter) in decays,
            f"The {kind} {name} is in no group, so it would never be trained.",
            ("parameters in groups", len(decays)),
        )
        case = ("parameter", name), ("shape", tuple(parameter.shape)), ("weight_decay", decays[id(parameter)])
        require(
            not (kind == "bias" and decays[id(parameter)] == 0.02),
            "A bias decays: put parameters with one axis into a group with weight_decay 0.0.",
            *case,
        )
        require(np.isclose(decays[id(parameter)], right), f"A {kind} must have weight_decay {right}.", *case)
    return "every parameter in one group, weights decay, biases do not"


def examine_l1(l1_norm: Answer) -> str:
    """Examine ``l1_norm(model)``."""
    network = network_with_dropout()
    weights = [W for W, _ in network.layers()]
    biases = [b for _, b in network.layers()]
    right = float(sum(np.abs(values_of(W)).sum() for W in weights))
    with_biases = right + float(sum(np.abs(values_of(b)).sum() for b in biases))
    norm = returned_tensor(l1_norm(network))
    got = float(values_of(norm).sum())
    case = ("expected", round(right, 3)), ("got", round(got, 3))
    require(norm.numel() == 1, f"The result must be one number, got a tensor of shape {tuple(norm.shape)}.")
    wrong = {
        "The biases are in it: L1 is for weights alone, parameters with two axes or more.": with_biases,
        "These are squares, so L2: take W.abs().": float(sum((values_of(W) ** 2).sum() for W in weights)),
        "W without abs(): positive and negative weights cancel.": float(sum(values_of(W).sum() for W in weights)),
        "This is a mean. L1 is the sum over all weights.": float(
            np.mean(np.concatenate([np.abs(values_of(W)).ravel() for W in weights]))
        ),
    }
    for message, value in wrong.items():
        require(not np.isclose(got, value), message, *case)
    require(np.isclose(got, right), "The result is not the sum of |W| over all weights of all layers.", *case)
    require(
        norm.requires_grad,
        "No gradient can flow through the result, so it would have no effect in the cost: leave detach(), .data, "
        ".item() and torch.no_grad() out.",
    )
    norm.backward()
    require(
        all(np.array_equal(values_of(W.grad), np.sign(values_of(W))) for W in weights),
        "The gradient with respect to W is not sign(W).",
    )
    return "all weights, no bias, gradient is the sign"


def examine_clip_rows(clip_rows: Answer) -> str:
    """Examine ``clip_rows(model, c)``."""
    network, c = network_with_dropout(), 1.0
    before = [(values_of(W), values_of(b)) for W, b in network.layers()]
    lengths = [np.linalg.norm(W, axis=1, keepdims=True) for W, _ in before]
    require(any((n > c).any() and (n < c).any() for n in lengths), "Fault of the check: no row to clip.")
    try:
        clip_rows(network, c)
    except RuntimeError as error:
        require(
            "leaf" not in str(error),
            "PyTorch refuses to change a weight that needs gradients in place: do it inside  with torch.no_grad():",
        )
        raise
    for (W, b), (old_W, old_b), n in zip(network.layers(), before, lengths, strict=True):
        new_W = values_of(W)
        case = ("lengths before, first rows", n[:4, 0]), ("after", np.linalg.norm(new_W, axis=1)[:4]), ("c", c)
        columns = np.linalg.norm(old_W, axis=0, keepdims=True)
        require(np.array_equal(values_of(b), old_b), "The biases have changed: clip weights alone.")
        require(
            not (np.array_equal(new_W, old_W) and (n > c).any()), "Nothing has changed: write into W in place.", *case
        )
        wrong = {
            "Shorter rows were stretched to c as well: scale only those that are longer.": old_W / n * c,
            "Columns were scaled. A row holds the weights that come into one unit: take dim=1.": old_W
            * np.minimum(1, c / columns),
            "Every single weight was cut to ± c. It is the length of a row that may not exceed c.": np.clip(
                old_W, -c, c
            ),
            "The whole matrix was scaled at once. Every row has its own length.": old_W
            * min(1.0, c / float(np.linalg.norm(old_W))),
        }
        right = old_W * np.minimum(1, c / n)
        for message, value in wrong.items():
            require(not np.allclose(new_W, value) or np.allclose(value, right), message, *case)
        require(np.allclose(new_W, right), "Rows longer than c must have length c, the others stay.", *case)
        require(W.requires_grad, "The weights need no gradients any more: training would stand still.")
    return "long rows scaled, short ones and biases left alone, in place"


def examine_mc_predict(mc_predict: Answer) -> str:
    """Examine ``mc_predict(model, x, samples)``."""
    from course_utils.pytorch.evaluation import evaluate
    from course_utils.pytorch.randomness import seeded
    from course_utils.pytorch.uncertainty import mc_dropout

    network, x, samples = network_with_dropout(), example_rows(), 2000
    drawn = values_of(mc_dropout(network, x, samples, seed=0))
    for training in (False, True):
        network.train(training)
        with seeded(1):
            answer = mc_predict(network, x, samples)
        require(answer is not None, "The function returns None: is the return statement missing?")
        require(
            isinstance(answer, tuple | list) and len(answer) == 2, "Return two tensors: the mean and the deviation."
        )
        mean, deviation = (returned_tensor(part, name) for part, name in zip(answer, ("mean", "std"), strict=True))
        shape = (len(x), 2)
        require(
            tuple(mean.shape) == tuple(deviation.shape) == shape,
            f"Both must have the shape of model(x), {shape}: take mean and std over the samples, dim=0.",
            ("shapes", (tuple(mean.shape), tuple(deviation.shape))),
        )
        got, right = values_of(deviation), drawn.std(axis=0)
        case = ("expected about, first row", right[0]), ("got, first row", got[0])
        require(
            got.max() > 1e-9,
            "All samples are equal: in evaluation mode dropout is off. Call model.train() before sampling.",
            *case,
        )
        require(
            not np.allclose(got, drawn.var(axis=0), rtol=0.15) or np.allclose(got, right, rtol=0.15),
            "This is the variance; take std.",
            *case,
        )
        require(
            not np.allclose(got, right / np.sqrt(samples), rtol=0.3),
            "This is the error of the mean. The band is the deviation of single predictions: leave the root out.",
            *case,
        )
        require(np.allclose(got, right, rtol=0.15), "The second result is not the deviation of the samples.", *case)
        require(
            np.allclose(values_of(mean), drawn.mean(axis=0), atol=6 * float(right.max()) / np.sqrt(samples)),
            "The first result is not the mean of the samples.",
            ("whole network, first row", values_of(evaluate(network, x))[0]),
            ("expected about, first row", drawn.mean(axis=0)[0]),
            ("got, first row", values_of(mean)[0]),
        )
        require(
            network.training == training,
            "The model must come back in the mode in which it came: remember model.training first.",
            ("training before", training),
            ("training afterwards", network.training),
        )
        require(
            not mean.requires_grad,
            "The result carries the gradients of every sample: run the model inside  with torch.no_grad():",
        )
    return "mean, deviation, mode put back, no gradients"


CHECKS: dict[str, Callable[[Answer], str]] = {
    "p_for_pytorch": examine_p,
    "dropout_module": examine_module,
    "evaluate": examine_evaluate,
    "decay_groups": examine_groups,
    "l1_norm": examine_l1,
    "clip_rows": examine_clip_rows,
    "mc_predict": examine_mc_predict,
}
