"""Checks of arguments: an error names the argument, what was given and what is allowed."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from numbers import Integral, Real
from typing import Any, TypeAlias, TypeGuard

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
Parameters: TypeAlias = Mapping[str, Array]


def checked_number(name: str, value: Any, allowed: str, low: float, high: float, open_low: bool) -> float:
    """Return ``value`` as a float between ``low`` and ``high``; ``allowed`` is the interval in words."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a number {allowed}, got {shown(value)}")
    try:
        number = float(value)
    except OverflowError:  # a whole number of hundreds of digits
        number = math.inf
    inside = low < number <= high if open_low else low <= number <= high
    if not (math.isfinite(number) and inside):
        raise ValueError(f"{name} must be a number {allowed}, got {value}")
    return number


def checked_keep_prob(value: Any, name: str = "keep_prob") -> float:
    """Return the probability to keep a unit, a float in (0, 1]."""
    return checked_number(name, value, "in (0, 1]", 0.0, 1.0, open_low=True)


def checked_below_one(name: str, value: Any) -> float:
    """Return ``value`` as a float in [0, 1)."""
    return checked_number(name, value, "in [0, 1)", 0.0, math.nextafter(1.0, 0.0), open_low=False)


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
    try:
        array = np.asarray(value)
    except ValueError:  # rows of unequal length
        raise ValueError(f"{name} must have rows of one length, got {shown(value)}") from None
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{name} must hold real numbers, got {shown(value)}")
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


def checked_mask(name: str, mask: Any, shape: tuple[int, ...]) -> Array:
    """Return a bool mask of ``shape``; for (n, m) also (n, 1), one mask shared by all examples."""
    if isinstance(mask, np.ndarray) and mask.dtype == bool and mask.shape == shape:
        return mask
    array = checked_array(name, mask)
    allowed = [shape, (shape[0], 1)] if len(shape) == 2 else [shape]
    if array.shape not in allowed:
        raise ValueError(f"{name} must have shape {' or '.join(map(str, allowed))}, got {array.shape}")
    if not np.isin(array, (0, 1)).all():
        raise ValueError(f"{name} must hold zeros and ones only, got values from {array.min():g} to {array.max():g}")
    return array.astype(bool)


def checked_sizes(name: str, sizes: Any) -> list[int]:
    """Return the layer sizes n_0, n_1, ..., n_L as a list of at least two whole numbers >= 1."""
    if not is_list(sizes) or len(sizes) < 2:
        raise ValueError(f"{name} must list at least an input and an output size, got {shown(sizes)}")
    return [checked_count(f"{name}[{i}]", size) for i, size in enumerate(sizes)]


def checked_parameters(parameters: Any) -> list[int]:
    """Return the layer sizes n_0, n_1, ..., n_L of ``parameters`` after checking names, shapes and dtypes.

    ``W1`` has shape (n_1, n_0), ``b1`` (n_1, 1), and so on; nothing is missing and nothing else is there. All are
    NumPy arrays of one float dtype: whole numbers would round every step of training down to nothing.
    """
    if not isinstance(parameters, Mapping) or not parameters:
        raise TypeError(f"parameters must be a dict W1 b1 W2 b2 ..., got {shown(parameters)}")
    depth = max(len(parameters) // 2, 1)
    expected = {f"{letter}{layer}" for layer in range(1, depth + 1) for letter in "Wb"}
    if set(parameters) != expected:
        raise ValueError(f"parameters must have the keys W1 b1 W2 b2 ..., got {sorted(map(str, parameters))}")
    for name, array in parameters.items():
        if not isinstance(array, np.ndarray) or array.dtype.kind != "f":
            raise TypeError(f"{name} must be a NumPy array of floats, got {shown(array)}")
        if array.dtype != parameters["W1"].dtype:
            raise TypeError(f"{name} must have the dtype of W1, {parameters['W1'].dtype}, got {array.dtype}")
    sizes = [checked_matrix("W1", parameters["W1"], "(n_1, n_0)").shape[1]]
    for layer in range(1, depth + 1):
        W = checked_matrix(f"W{layer}", parameters[f"W{layer}"], "(n_out, n_in)")
        b = checked_matrix(f"b{layer}", parameters[f"b{layer}"], "(n_out, 1)")
        if W.shape[1] != sizes[-1]:
            raise ValueError(f"W{layer} must have {sizes[-1]} columns, one per unit below it, got shape {W.shape}")
        if b.shape != (W.shape[0], 1):
            raise ValueError(f"b{layer} must have shape ({W.shape[0]}, 1) to match W{layer}, got {b.shape}")
        sizes.append(W.shape[0])
    return sizes


def is_list(value: Any) -> TypeGuard[Sequence[Any]]:
    """Return whether ``value`` is a list, a tuple or an array with one axis, and not a text."""
    if isinstance(value, np.ndarray):
        return value.ndim == 1
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def shown(value: Any) -> str:
    """Return a short text of a wrong value with its type, on one line."""
    text = " ".join(repr(value).split())
    kind = f"ndarray of {value.dtype}" if isinstance(value, np.ndarray) else type(value).__name__
    return f"{text if len(text) <= 60 else text[:57] + '...'} ({kind})"
