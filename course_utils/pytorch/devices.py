"""The device that networks run on: the one place where it is chosen."""

from __future__ import annotations

import torch

__all__ = ["best_device"]


def best_device() -> torch.device:
    """Return a CUDA GPU if there is one, else the CPU.

    Apple's GPUs are left out: they have no float64, in which this course compares PyTorch with NumPy.
    """
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
