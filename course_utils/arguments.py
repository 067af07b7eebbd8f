"""Checks of arguments: an error names the argument, what was given and what is allowed."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from numbers import Integral, Real
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
Parameters: TypeAlias = Mapping[str, Array]


def checked_number(name: str, value: Any, allowed: str, low: float, high: float, open_low: bool) -> float:
    """Return ``value`` as a float between ``low`` and ``high``; ``allowed`` is the interval in words."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a number {allowed}, got {shown(value)}")
    number = float(value)
    inside = low < number <= high if open_low else low <= number <= high
    if not (math.isfinite(number) and inside):
        raise ValueError(f"{name} must be a number {allowed}, got {value}")
    return number


def checked_keep_prob(value: Any, name: str = "keep_prob") -> float:
    """Return the probability to keep a unit, a float in (0, 1]."""
    return checked_number(name, value, "in (0, 1]", 0.0, 1.0, open_low=True)


def checked_nonnegative(name: str, value: Any) -> float:
    """Return ``value`` as a finite float, at least 0."""
    return checked_number(name, value, ">= 0", 0.0, math.inf, open_low=False)


def checked_positive(name: str, value: Any) -> float:
    """Return ``value`` as a finite float above 0."""
    return checked_number(name, value, "> 0", 0.0, math.inf, open_low=True)


def checked_count(name: str, value: Any, minimum: int = 1) -> int:
    """Return ``value`` as an int, at least ``minimum``."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, Integral):
        raise TypeError(f"{name} must be a whole number >= {minimum}, got {shown(value)}")
    if value < minimum:
        raise ValueError(f"{name} must be a whole number >= {minimum}, got {value}")
    return int(value)


def checked_choice(name: str, value: Any, allowed: Collection[str]) -> str:
    """Return ``value`` if it is one of the names in ``allowed``."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be one of {', '.join(allowed)}, got {shown(value)}")
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, got {value!r}")
    return value


def checked_rng(rng: Any) -> np.random.Generator:
    """Return ``rng`` if it is a ``numpy.random.Generator``; there is no hidden default."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator such as np.random.default_rng(0), got {shown(rng)}")
    return rng


def checked_array(name: str, value: Any) -> Array:
    """Return ``value`` as a finite, non-empty float array; float32 stays float32, integers become float64."""
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{name} must hold real numbers, got dtype {array.dtype}")
    if array.size == 0:
        raise ValueError(f"{name} must not be empty, got shape {array.shape}")
    if array.dtype.kind != "f":
        array = array.astype(np.float64)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite, got {int((~np.isfinite(array)).sum())} nan or infinite values")
    return array


def checked_matrix(name: str, value: Any, meaning: str = "one example per column") -> Array:
    """Return ``value`` as a finite float array with two axes."""
    array = checked_array(name, value)
    if array.ndim != 2:
        raise ValueError(f"{name} must have 2 axes, {meaning}, got shape {array.shape}")
    return array


def checked_mask(name: str, mask: Any, shape: tuple[int, int]) -> Array:
    """Return a mask of zeros and ones of ``shape`` (n, m), or (n, 1) for one mask shared by all examples."""
    array = np.asarray(mask)
    allowed = f"({shape[0]}, {shape[1]}) or ({shape[0]}, 1)"
    if array.shape not in (shape, (shape[0], 1)):
        raise ValueError(f"{name} must have shape {allowed}, got {array.shape}")
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{name} must hold zeros and ones, got dtype {array.dtype}")
    if not np.isin(array, (0, 1)).all():
        raise ValueError(f"{name} must hold zeros and ones only, got values from {array.min()} to {array.max()}")
    return array.astype(bool)


def checked_parameters(parameters: Any) -> int:
    """Return the number of layers of ``parameters`` after checking names and shapes.

    ``W1`` has shape (n_1, n_0), ``b1`` (n_1, 1), and so on; nothing is missing and nothing else is there.
    """
    if not isinstance(parameters, Mapping) or not parameters:
        raise TypeError(f"parameters must be a dict W1 b1 W2 b2 ..., got {shown(parameters)}")
    depth = max(len(parameters) // 2, 1)
    expected = {f"{letter}{layer}" for layer in range(1, depth + 1) for letter in "Wb"}
    if set(parameters) != expected:
        raise ValueError(f"parameters must have the keys W1 b1 W2 b2 ..., got {sorted(map(str, parameters))}")
    n_in = checked_matrix("W1", parameters["W1"], "(n_1, n_0)").shape[1]
    for layer in range(1, depth + 1):
        W = checked_matrix(f"W{layer}", parameters[f"W{layer}"], "(n_out, n_in)")
        b = checked_matrix(f"b{layer}", parameters[f"b{layer}"], "(n_out, 1)")
        if W.shape[1] != n_in:
            raise ValueError(f"W{layer} must have {n_in} columns, one per unit below it, got shape {W.shape}")
        if b.shape != (W.shape[0], 1):
            raise ValueError(f"b{layer} must have shape ({W.shape[0]}, 1) to match W{layer}, got {b.shape}")
        n_in = W.shape[0]
    return depth


def shown(value: Any) -> str:
    """Return a short text of a wrong value with its type."""
    text = repr(value)
    return f"{text if len(text) <= 60 else text[:57] + '...'} ({type(value).__name__})"
