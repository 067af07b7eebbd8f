"""The generator that ``nn.Dropout`` draws from, set for a while and then put back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from course_utils.arguments import checked_count

__all__ = ["seeded"]


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Let PyTorch's global generators start at ``seed`` inside a ``with`` block; afterwards they are what they were.

    ``nn.Dropout`` and the first weights of ``nn.Linear`` take no generator as an argument: they draw from the global
    one of their device. A GPU draws other numbers than the CPU from the same seed.

    Parameters
    ----------
    seed : int from 0 to 2⁶³ - 1

    Returns
    -------
    context manager

    Examples
    --------
    >>> with seeded(0):
    ...     first = torch.rand(3)
    >>> with seeded(0):
    ...     again = torch.rand(3)
    >>> bool((first == again).all())
    True
    """
    seed = checked_count("seed", seed, 0)
    if seed >= 2**63:
        raise ValueError(f"seed must be a whole number below 2**63, got {seed}")
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        yield
