"""The networks of Srivastava et al. 2014 on MNIST, trained in batches, and resumed after a kill."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from multiprocessing import current_process
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from tqdm.auto import tqdm

from course_utils.arguments import Array, checked_count
from course_utils.datasets import Split
from course_utils.dropout import p_from_keep_prob
from course_utils.experiments.mnist import mnist
from course_utils.network import initialize_parameters
from course_utils.pytorch.conversion import to_torch
from course_utils.pytorch.devices import best_device
from course_utils.pytorch.network import Network
from course_utils.pytorch.randomness import seeded
from course_utils.pytorch.regularization import clip_max_norm

__all__ = ["mnist_run"]

PARENT = os.getppid()
SIZES = [784, 1024, 1024, 1024, 10]


class QuickDropout(nn.Dropout):
    """``nn.Dropout`` with 16 random bits for a unit: five times as fast on a CPU, where masks are half of the time."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return x with units dropped and the others scaled, in training; else x."""
        if not self.training or not self.p:
            return x
        words = torch.empty(-(-x.numel() // 4), dtype=torch.int64, device=x.device).random_(-(2**63), None)
        drawn = words.view(torch.int16)[: x.numel()].view(x.shape)  # from -2¹⁵ to 2¹⁵ - 1
        return x * ((drawn >= round(self.p * 2**16) - 2**15) / (1 - self.p)).to(x.dtype)


def mnist_run(
    seed: int,
    *,
    data: Any = None,
    checkpoint: Path | None = None,
    validation: int = 0,
    progress: bool = False,
    **settings: Any,
) -> dict[str, Any]:
    """Train one network and return what it gets wrong on the test digits.

    Parameters
    ----------
    seed : int >= 0
        Draws the first weights, the order of the digits and the masks: with equal seeds the first two are equal.
    data : path or Split, optional
        As :func:`course_utils.experiments.mnist.mnist` takes it; or the digits themselves.
    checkpoint : pathlib.Path, optional
        A file that is written after each epoch. A run that finds it goes on from there, to the same weights.
    validation : int >= 0
        So many of the training digits, the last ones, are not trained on and take the place of the test digits.
    progress : bool
        Whether to show a bar of epochs.
    **settings
        Those of :func:`trained`.

    Returns
    -------
    dict
        ``error`` in percent, ``wrong`` the places of the digits that it gets wrong, ``epochs``, the ``seconds`` that
        they took, and the ``device``.
    """
    digits = data if isinstance(data, Split) else kept_digits(data)
    if checked_count("validation", validation, 0):
        x, y = digits.x_train, digits.y_train
        digits = Split(x[:, :-validation], y[:-validation], x[:, -validation:], y[-validation:])
    network, seconds = trained(digits, checked_count("seed", seed, 0), checkpoint, progress, **settings)
    wrong = np.flatnonzero(predictions(network, digits.x_test) != digits.y_test)
    return {
        "error": 100 * len(wrong) / len(digits.y_test),
        "wrong": wrong.tolist(),
        "epochs": settings["epochs"],
        "seconds": round(seconds),
        "device": next(network.parameters()).device.type,
    }


kept_digits = lru_cache(maxsize=1)(mnist)  # a process that trains several networks reads them once


def trained(
    digits: Split,
    seed: int,
    checkpoint: Path | None,
    progress: bool,
    *,
    epochs: int,
    learning_rate: float,
    batch: int = 512,
    momentum: float = 0.95,
    keep_prob: Sequence[float] = (1.0, 1.0, 1.0, 1.0),
    max_norm: float | None = None,
    scheme: str = "he",
    sizes: Sequence[int] = SIZES,
) -> tuple[Network, float]:
    """Return a network after some epochs and the seconds that they took, with a learning rate that falls to 0.

    The products are in bfloat16, which newer processors multiply fastest; weights and their changes are in float32.
    """
    device = best_device()
    x, y = (torch.from_numpy(part.T.copy()).to(device) for part in (digits.x_train, digits.y_train))  # (m, 784), (m,)
    network = to_torch(initialize_parameters(sizes, np.random.default_rng(seed), scheme), keep_prob=keep_prob)
    network.dropout = nn.ModuleList(QuickDropout(p_from_keep_prob(q)) for q in keep_prob)
    network.to(device, torch.float32)
    optimizer = torch.optim.SGD(network.parameters(), lr=learning_rate, momentum=momentum)
    steps = -(-len(x) // batch)  # of an epoch
    parts = (network, optimizer)
    first, seconds = resumed(checkpoint, parts)
    bar = tqdm(range(first, epochs), initial=first, total=epochs, unit="epoch", leave=False, disable=not progress)
    for epoch in bar:
        if is_orphan():
            os._exit(1)  # who begins the study again should find the processor free
        start = perf_counter()
        with seeded(seed * 10_000 + epoch):  # each epoch by itself, so that none needs to know those before it
            for i, chosen in enumerate(torch.randperm(len(x)).to(device).split(batch), start=epoch * steps):
                optimizer.param_groups[0]["lr"] = learning_rate * (1 - i / (epochs * steps))
                step(network, optimizer, pixels(x[chosen]), y[chosen].long())
                if max_norm is not None:
                    clip_max_norm(network, max_norm)
        seconds += perf_counter() - start
        keep(checkpoint, parts, epoch + 1, seconds)
    return network, seconds


def is_orphan() -> bool:
    """Return whether this is a worker of a study that was killed."""
    return current_process().name.startswith("Loky") and os.getppid() != PARENT


def step(network: Network, optimizer: torch.optim.Optimizer, x: torch.Tensor, y: torch.Tensor) -> None:
    """Take one step of training on a batch."""
    optimizer.zero_grad()
    functional.cross_entropy(logits(network, x), y).backward()
    optimizer.step()


def logits(network: Network, x: torch.Tensor) -> torch.Tensor:
    """Return the output (m, 10), from products in bfloat16."""
    with torch.autocast(x.device.type, torch.bfloat16):
        return network(x).float()


def pixels(x: torch.Tensor) -> torch.Tensor:
    """Return bytes as numbers from 0 to 1."""
    return x.float() / 255


@torch.no_grad()
def predictions(network: Network, x: Array) -> Array:
    """Return the classes (m,) that the whole network finds for x (784, m)."""
    network.eval()
    rows = torch.from_numpy(x.T.copy()).to(next(network.parameters()).device)
    return np.concatenate([logits(network, pixels(part)).argmax(dim=1).cpu().numpy() for part in rows.split(1000)])


def keep(checkpoint: Path | None, parts: Sequence[Any], epochs: int, seconds: float) -> None:
    """Write how far a run is, in one step: whoever reads it finds the epoch before or this one."""
    if checkpoint is None:
        return
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    beside = checkpoint.with_suffix(".new")
    torch.save({"parts": [part.state_dict() for part in parts], "epochs": epochs, "seconds": seconds}, beside)
    os.replace(beside, checkpoint)


def resumed(checkpoint: Path | None, parts: Sequence[Any]) -> tuple[int, float]:
    """Put a run where it was; return its epochs and seconds so far."""
    if checkpoint is None or not checkpoint.exists():
        return 0, 0.0
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    for part, kept in zip(parts, state["parts"], strict=True):
        part.load_state_dict(kept)
    return state["epochs"], state["seconds"]
