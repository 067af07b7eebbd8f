"""A curve fitted with a gap in its points, and its predictions with dropout left on."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from course_utils.arguments import Array, checked_choice, checked_count, shown
from course_utils.datasets import sine
from course_utils.dropout import keep_prob_from_p
from course_utils.experiments.band import Band
from course_utils.pytorch.conversion import rows
from course_utils.pytorch.devices import best_device
from course_utils.pytorch.evaluation import modes_kept
from course_utils.pytorch.randomness import seeded
from course_utils.pytorch.uncertainty import mc_dropout

__all__ = ["GAPS", "REGIONS", "band_measure", "sine_band"]

GAPS = {"middle": (0.3, 0.7), "peak": (0.1, 0.4), "none": (0.0, 0.0)}
REGIONS = {"middle": GAPS["middle"], "peak": GAPS["peak"], "top": (0.2, 0.3), "all": (0.0, 1.0)}
CURVES = 12  # thinned networks that are drawn, at most
MEASURES: dict[str, Callable[[Array, Array], Array]] = {
    "deviation": lambda error, deviation: deviation,
    "error": lambda error, deviation: error,
    "coverage": lambda error, deviation: error <= 2 * deviation,
}


def sine_band(
    p: float = 0.1,
    samples: int = 200,
    gap: str = "middle",
    *,
    seed: int = 0,
    steps: int = 500,
    dtype: type[np.floating[Any]] = np.float64,
) -> Band:
    """Train [1, 128, 128, 1] on the sine with a gap in its points, and predict with dropout left on.

    Parameters
    ----------
    p : float in (0, 1)
        Probability to drop a hidden unit.
    samples : int >= 1
        Number of predictions.
    gap : "middle", "peak" or "none"
        Which points are left out of training: those from 0.3 to 0.7, from 0.1 to 0.4, or none.
    seed : int >= 0
        Draws first weights and masks.
    steps : int >= 1
    dtype : numpy.float64 or numpy.float32
        float32 trains faster; float64 gives the same digits on every machine.

    Returns
    -------
    Band
    """
    p, steps = 1 - keep_prob_from_p(p), checked_count("steps", steps)
    if p == 0:
        raise ValueError("p must be a number in (0, 1), got 0: without dropout all samples are equal")
    x, y = sine()
    low, high = GAPS[checked_choice("gap", gap, GAPS)]
    seen = (x[0] < low) | (x[0] >= high)
    network = fitted_curve(p, gap, checked_count("seed", seed, 0), steps, checked_float(dtype))
    inputs = curve_inputs(x).to(next(network.parameters()))  # (100, 1)
    drawn = mc_dropout(network, inputs, samples, seed)[:, :, 0]  # (samples, 100)
    curves = thinned_curves(network, inputs, min(samples, CURVES), seed)
    return Band(x[0], y[0], seen, 20 * drawn.cpu().numpy(), 20 * curves.cpu().numpy())


@lru_cache(maxsize=64)  # other samples of the same network need no training
def fitted_curve(p: float, gap: str, seed: int, steps: int, dtype: str) -> nn.Sequential:
    """Return a network fitted to the sine, divided by 20, without the points in the gap; nobody may change it.

    It has PyTorch's own first weights, since their biases spread the bends of ReLU over the curve.
    """
    x, y = sine()
    low, high = GAPS[gap]
    seen = (x[0] < low) | (x[0] >= high)
    with seeded(seed):
        network = nn.Sequential(
            nn.Linear(1, 128),
            nn.ReLU(),
            nn.Dropout(p),
            nn.Linear(128, 128),
            nn.ReLU(),
            nn.Dropout(p),
            nn.Linear(128, 1),
        ).to(best_device(), getattr(torch, dtype))
        inputs, targets = (
            part.to(next(network.parameters())) for part in (curve_inputs(x[:, seen]), rows(y[:, seen] / 20))
        )
        optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
        for _ in range(steps):
            optimizer.zero_grad()
            functional.mse_loss(network(inputs), targets).backward()
            optimizer.step()
    return network


def thinned_curves(network: nn.Sequential, inputs: torch.Tensor, count: int, seed: int) -> torch.Tensor:
    """Return the curves (count, m) of thinned networks: all points of a curve share one mask."""
    curves = []
    with modes_kept(network), seeded(seed), torch.no_grad():
        network.train()
        for _ in range(count):
            a = inputs  # (m, 1)
            for part in network:
                a = a * part(torch.ones_like(a[:1])) if isinstance(part, nn.Dropout) else part(a)
            curves.append(a[:, 0])
    return torch.stack(curves)


def band_measure(seed: int, p: float, gap: str, region: str, measure: str) -> float:
    """Return one number on the 200 predictions of a :func:`sine_band`: the mean over a region of x.

    A region can be measured whether its points were trained on or not: with two gaps and one seed that makes a pair.

    Parameters
    ----------
    seed : int >= 0
        Draws first weights and masks.
    p : float in (0, 1)
    gap : "middle", "peak" or "none"
        Which points are left out of training.
    region : "middle", "peak", "top" or "all"
        Where to look: at one of the gaps, at x from 0.2 to 0.3, or everywhere.
    measure : "deviation", "error" or "coverage"
        Of the samples their standard deviation; of their mean its distance from the curve; or the share of points
        with the curve within mean ± 2 deviations.

    Returns
    -------
    float
    """
    measured = MEASURES[checked_choice("measure", measure, MEASURES)]
    low, high = REGIONS[checked_choice("region", region, REGIONS)]
    band = kept_band(p, gap, seed)
    inside = (band.x >= low) & (band.x < high)
    return float(measured(np.abs(band.mean - band.y), band.deviation)[inside].mean())


@lru_cache(maxsize=9)  # a study asks many numbers of the same samples
def kept_band(p: float, gap: str, seed: int) -> Band:
    """Return a band of 200 samples; nobody may change it."""
    return sine_band(p, 200, gap, seed=seed)


def curve_inputs(x: Array) -> torch.Tensor:
    """Return x in [0, 1) as rows in [-2, 2), a scale that training likes."""
    return rows(4 * x - 2)


def checked_float(dtype: Any) -> str:
    """Return the name of a NumPy dtype that is also one of PyTorch: float64 or float32."""
    if dtype not in (np.float64, np.float32):
        raise ValueError(f"dtype must be numpy.float64 or numpy.float32, got {shown(dtype)}")
    return np.dtype(dtype).name
