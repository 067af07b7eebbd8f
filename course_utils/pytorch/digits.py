"""Networks trained in PyTorch on few handwritten digits, with every regularizer of the chapter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from course_utils.arguments import checked_choice, checked_count, checked_nonnegative
from course_utils.costs import accuracy
from course_utils.datasets import Split, digits
from course_utils.dropout import keep_prob_from_p
from course_utils.network import initialize_parameters
from course_utils.pytorch.conversion import rows, to_torch
from course_utils.pytorch.devices import best_device
from course_utils.pytorch.evaluation import evaluate
from course_utils.pytorch.network import Network
from course_utils.pytorch.regularization import decay_groups
from course_utils.pytorch.training import train
from course_utils.pytorch.uncertainty import mc_dropout

__all__ = ["digit_accuracy", "digit_network", "forgotten_loss"]

SUMMARIES: dict[str, Callable[[list[float]], Any]] = {"mean": np.mean, "best": np.max}
SET_ASIDE = 500  # digits on which strengths may be chosen; the others are for results


def digit_network(
    seed: int,
    *,
    p_input: float = 0.0,
    p_hidden: float = 0.0,
    weight_decay: float = 0.0,
    l1: float = 0.0,
    max_norm: float | None = None,
    choosing: bool = False,
    hidden: int = 256,
    steps: int = 200,
) -> tuple[Network, Split]:
    """Train [64, hidden, hidden, 10] on 200 digits in PyTorch and return it with its data.

    Parameters
    ----------
    seed : int >= 0
        Draws the training digits, the first weights and the masks: equal seeds make a fair pair.
    p_input, p_hidden : float in [0, 1)
        Probability to drop an input or a hidden unit.
    weight_decay, l1 : float >= 0
        λ/m of L2 and λ₁/m of L1, on weights alone.
    max_norm : float > 0, optional
        Longest row of weights.
    choosing : bool
        Use the 500 digits that are set aside for choosing strengths: 200 to train, 300 to validate. Otherwise 200 of
        the other 1297 to train and 1097 to test.
    hidden, steps : int >= 1

    Returns
    -------
    (Network, Split)
    """
    rng = np.random.default_rng(checked_count("seed", seed, 0))
    x, y = digits()
    order = np.random.default_rng(2014).permutation(x.shape[1])  # the same digits are set aside for every seed
    chosen, rest = np.split(rng.permutation(order[:SET_ASIDE] if choosing else order[SET_ASIDE:]), [200])
    data = Split(x[:, chosen], y[:, chosen], x[:, rest], y[:, rest])
    parameters = initialize_parameters([64, hidden, hidden, 10], rng)  # float64: the same digits on every machine
    keep_probs = [keep_prob_from_p(p_input), *[keep_prob_from_p(p_hidden)] * 2]
    network = to_torch(parameters, keep_prob=keep_probs).to(best_device())
    train(
        data.x_train,
        data.y_train,
        network,
        torch.optim.SGD(decay_groups(network, weight_decay), lr=0.1, momentum=0.9),
        rng=rng,
        steps=steps,
        cost="softmax_cross_entropy",
        lambd1=checked_nonnegative("l1", l1) * len(chosen),
        max_norm=max_norm,
        record_every=steps,
    )
    return network, data


def digit_accuracy(seed: int, **settings: Any) -> float:
    """Return the share of test digits that a :func:`digit_network` with these settings gets right."""
    network, data = digit_network(seed, **settings)
    x_test = rows(data.x_test).to(next(network.parameters()))  # (1097, 64)
    return accuracy(evaluate(network, x_test).cpu().numpy().T, data.y_test)


def forgotten_loss(seed: int, which: str = "mean", passes: int = 30, **settings: Any) -> float:
    """Return how much test accuracy a :func:`digit_network` loses if nobody calls ``eval()``.

    Parameters
    ----------
    seed : int >= 0
        Draws the digits, the first weights, and the masks of training and of the passes.
    which : "mean" or "best"
        What is taken from the whole network's accuracy: the mean or the best of several passes with dropout on.
    passes : int >= 1
    **settings
        Those of :func:`digit_network`.

    Returns
    -------
    float
    """
    summary = SUMMARIES[checked_choice("which", which, SUMMARIES)]
    network, data = digit_network(seed, **settings)
    x_test = rows(data.x_test).to(next(network.parameters()))  # (1097, 64)
    whole = accuracy(evaluate(network, x_test).cpu().numpy().T, data.y_test)
    drawn = mc_dropout(network, x_test, passes, seed).cpu().numpy()  # (passes, 1097, 10)
    return whole - float(summary([accuracy(z.T, data.y_test) for z in drawn]))
