"""What tests share: random networks of every kind, settings of hypothesis, and which tests start other programs."""

from __future__ import annotations

import ctypes
import gc
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

from course_utils.activations import ACTIVATIONS
from course_utils.costs import COSTS
from course_utils.dropout import draw_masks
from course_utils.network import forward

# The same examples on every run: a red test can be run again.
settings.register_profile("course", deadline=None, derandomize=True, database=None)
settings.load_profile("course")

# A shell that starts the tests in the background lets them ignore Ctrl-C, and with them all that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Tests that start other programs, draw, or build chapters, pages and sites.
OUTSIDE = {
    "browser", "figures", "live", "platforms", "workshop", "test_faults.py", "test_imports.py", "test_makefile.py",
    "test_packaging.py", "test_seeds.py", "test_studies.py", "test_workflows.py",
}  # fmt: skip
FURTHEST_FROM_KINK = 1e-3


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make quick` leaves out, and put it first: with two workers the longest files must not come last."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and OUTSIDE.intersection(item.path.relative_to(here).parts):
            item.add_marker(pytest.mark.outside)
        if item.path.suffix == ".ipynb" and item.path.parent.name == "instructor":
            item.add_marker(pytest.mark.editions)
    items.sort(key=lambda item: item.path.suffix == ".py" and not item.get_closest_marker("outside"))


@pytest.fixture(autouse=True, scope="module")
def _pictures_are_forgotten(request: pytest.FixtureRequest) -> Iterator[None]:
    """Forget what a module of tests remembers, and give its memory back: workers go through many modules."""
    yield
    if draws(request):
        for value in vars(request.module).values():
            if hasattr(value, "cache_clear") and str(getattr(value, "__module__", "")).startswith("tests."):
                value.cache_clear()
    gc.collect()
    gc.freeze()  # what is left then stays: to look for figures again costs little
    if sys.platform == "linux":
        with suppress(AttributeError):  # a C library without it
            ctypes.CDLL(None).malloc_trim(0)  # else what was freed between other things stays the process's


@pytest.fixture(autouse=True)
def _widgets_are_closed(request: pytest.FixtureRequest) -> Iterator[None]:
    """Close all widgets: ipywidgets keeps each one, and by it the figure and its pictures, until somebody does."""
    yield
    if "ipywidgets" in sys.modules:
        sys.modules["ipywidgets"].Widget.close_all()
    if draws(request):
        gc.collect()  # figures hold each other


def draws(request: pytest.FixtureRequest) -> bool:
    """Return whether these tests make figures or whole pages."""
    return request.path.parent.name in ("browser", "demos", "figures", "live")


@dataclass(frozen=True)
class Case:
    """A random network with data, masks and penalties."""

    x: Any
    y: Any
    parameters: dict[str, Any]
    activation: list[str]
    cost: str
    keep_prob: list[float]
    masks: list[Any]
    lambd: float
    lambd1: float

    def __str__(self) -> str:
        sizes = [len(self.x)] + [len(value) for name, value in self.parameters.items() if name.startswith("b")]
        return f"{sizes} {self.activation} {self.cost} {self.keep_prob} lambd={self.lambd} lambd1={self.lambd1}"


def labels(cost: str, n: int, m: int, rng: np.random.Generator) -> Any:
    """Return labels (n, m) that suit ``cost``."""
    if cost == "softmax_cross_entropy":
        return np.eye(n)[:, rng.integers(n, size=m)]
    return rng.integers(2, size=(n, m)).astype(float) if cost == "binary_cross_entropy" else rng.standard_normal((n, m))


def away_from_zero(shape: Sequence[int], scale: float, rng: np.random.Generator) -> Any:
    """Return normal numbers pushed away from 0, where |W| has a kink."""
    drawn = rng.standard_normal(shape) * scale
    return drawn + np.copysign(0.05, drawn)


def make_case(seed: int) -> Case:
    """Return the network number ``seed``: 12 for each activation hold each first one with every cost at every depth.

    Networks with a relu so near its kink that a difference could step over it are drawn again.
    """
    rng = np.random.default_rng([2024, seed])
    names, costs = list(ACTIVATIONS), list(COSTS)
    n = len(names)
    depth, cost = 1 + seed // (3 * n) % 4, costs[seed // n % 3]
    ahead = 1 + seed // (12 * n)  # from row to row another neighbour, so that all pairs come
    activation = [names[(seed + ahead * layer) % n] for layer in range(depth - 1)]
    while True:
        m, sizes = int(rng.integers(3, 7)), [int(n) for n in rng.integers(2, 6, size=depth + 1)]
        sizes[-1] = int(rng.integers(1, 4)) + (cost == "softmax_cross_entropy")  # of one class the gradient is 0
        # Weights above a softmax or a sigmoid, whose outputs are small, are larger: else hardly any gradient gets down.
        gains = [1.0] + [3.0 if name in ("softmax", "sigmoid") else 1.0 for name in activation]
        parameters = {}
        for layer in range(1, depth + 1):
            n_in, n_out = sizes[layer - 1 : layer + 1]
            parameters[f"W{layer}"] = away_from_zero((n_out, n_in), gains[layer - 1] / np.sqrt(n_in), rng)
            parameters[f"b{layer}"] = away_from_zero((n_out, 1), 0.5, rng)
        x, y = rng.standard_normal((sizes[0], m)), labels(cost, sizes[-1], m, rng)
        keep_prob = [float(q) for q in np.where(rng.random(depth) < 0.3, 1.0, rng.uniform(0.4, 0.95, depth))]
        masks = draw_masks(sizes, m, keep_prob, rng)
        lambd, lambd1 = (float(value) for value in rng.uniform(0, 2, 2) * (rng.random(2) < 0.7))
        _, cache = forward(x, parameters, activation=activation, keep_prob=keep_prob, masks=masks)
        relus = [z for z, name in zip(cache["z"], activation, strict=False) if name == "relu"]
        if all(np.abs(z).min() > FURTHEST_FROM_KINK for z in relus):
            return Case(x, y, parameters, activation, cost, keep_prob, masks, lambd, lambd1)


@pytest.fixture(scope="session")
def random_case() -> Callable[[int], Case]:
    """Return the function that makes random networks."""
    return make_case
