"""How fast the course trains: the flat loop beside PyTorch, scikit-learn and the plain loop.

All run in float32 on one thread, the same sizes, examples and number of steps. A peer gets its plain, well-known
form and nothing that it does not need: no recording, no printing, no copies of data.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from measure import Comparison, compared

from course_utils.datasets import noisy_quadrants, seed_quadrants
from course_utils.flat_training import train_flat
from course_utils.network import initialize_parameters
from course_utils.optimizers import Adam, GradientDescent
from course_utils.training import train

GD_STEPS, GD_RATE = 1000, 0.5
ADAM_STEPS, ADAM_RATE = 300, 0.02
LAMBD = 0.1


def gd_run(trainer: Callable[..., Any], keep_prob: float = 0.7) -> Any:
    """Train 2-30-1 tanh on the seeds' 200 points by full-batch gradient descent."""
    x, y, _ = seed_quadrants()
    rng = np.random.default_rng(0)
    return trainer(
        x,
        y,
        initialize_parameters([2, 30, 1], rng, dtype=np.float32),
        rng=rng,
        steps=GD_STEPS,
        optimizer=GradientDescent(GD_RATE),
        activation="tanh",
        keep_prob=keep_prob,
        lambd=LAMBD,
        record_every=GD_STEPS,
    )


def adam_run() -> Any:
    """Train 2-64-64-1 relu on 100 points by Adam."""
    rng = np.random.default_rng(0)
    data = noisy_quadrants(rng, m_train=100, m_test=1)
    return train_flat(
        data.x_train,
        data.y_train,
        initialize_parameters([2, 64, 64, 1], rng, dtype=np.float32),
        rng=rng,
        steps=ADAM_STEPS,
        optimizer=Adam(ADAM_RATE),
        keep_prob=0.8,
        lambd=LAMBD,
        record_every=ADAM_STEPS,
    )


def torch_run(x: Any, y: Any, make_network: Callable[[], Any], make_optimizer: Callable[..., Any], steps: int) -> None:
    """Train in PyTorch's eager mode, as its tutorials do; ``x`` and ``y`` hold one example per row."""
    from torch import nn

    network, cost = make_network(), nn.BCEWithLogitsLoss()
    optimizer = make_optimizer(network.parameters())
    network.train()
    for _ in range(steps):
        optimizer.zero_grad(set_to_none=True)
        cost(network(x), y).backward()
        optimizer.step()


def train_gd_vs_torch() -> Comparison:
    """1000 steps of gradient descent with dropout and L2 against PyTorch eager."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    x, y, _ = seed_quadrants()
    x, y = (torch.tensor(np.ascontiguousarray(array.T), dtype=torch.float32) for array in (x, y))

    def network() -> Any:
        return nn.Sequential(nn.Linear(2, 30), nn.Tanh(), nn.Dropout(0.3), nn.Linear(30, 1))

    optimizer = partial(torch.optim.SGD, lr=GD_RATE, weight_decay=LAMBD / len(x))
    return compared(lambda: gd_run(train_flat), lambda: torch_run(x, y, network, optimizer, GD_STEPS))


def train_gd_vs_sklearn() -> Comparison:
    """1000 steps of gradient descent against scikit-learn's MLP as it comes, which has no dropout; ours has."""
    return against_sklearn(shuffle=True)


def train_gd_vs_sklearn_unshuffled() -> Comparison:
    """1000 steps against scikit-learn's MLP with its shuffling switched off, which a full batch does not need."""
    return against_sklearn(shuffle=False)


def against_sklearn(shuffle: bool) -> Comparison:
    """Compare with MLPClassifier, told to take all steps; it shuffles the examples each step unless told not to."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    x, y, _ = seed_quadrants()
    x, labels = np.ascontiguousarray(x.T, dtype=np.float32), y[0].astype(int)
    peer = MLPClassifier(
        (30,),
        activation="tanh",
        solver="sgd",
        alpha=LAMBD,
        batch_size=len(x),
        learning_rate_init=GD_RATE,
        max_iter=GD_STEPS,
        shuffle=shuffle,
        random_state=0,
        tol=0,
        momentum=0,
        n_iter_no_change=GD_STEPS + 1,  # all steps, as ours
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return compared(lambda: gd_run(train_flat), lambda: peer.fit(x, labels))


def train_adam_vs_torch() -> Comparison:
    """300 steps of Adam on [2, 64, 64, 1] with dropout and L2 against PyTorch eager."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    data = noisy_quadrants(np.random.default_rng(0), m_train=100, m_test=1)
    x, y = (torch.tensor(np.ascontiguousarray(array.T), dtype=torch.float32) for array in (data.x_train, data.y_train))

    def network() -> Any:
        first = [nn.Linear(2, 64), nn.ReLU(), nn.Dropout(0.2)]
        return nn.Sequential(*first, nn.Linear(64, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 1))

    optimizer = partial(torch.optim.Adam, lr=ADAM_RATE, weight_decay=LAMBD / len(x))
    return compared(adam_run, lambda: torch_run(x, y, network, optimizer, ADAM_STEPS))


def train_flat_vs_plain() -> Comparison:
    """1000 steps of the fast loop against the loop that the lesson shows."""
    return compared(lambda: gd_run(train_flat), lambda: gd_run(train))


BENCHES = (
    train_gd_vs_torch,
    train_gd_vs_sklearn,
    train_gd_vs_sklearn_unshuffled,
    train_adam_vs_torch,
    train_flat_vs_plain,
)
