"""Numbers, names and arrays: an error names the argument, what was given and what is allowed."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from numbers import Integral, Real
from typing import Annotated, Any, TypeAlias, TypeGuard

import numpy as np
import numpy.typing as npt

from course_utils.arguments.door import Domain

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


def checked_reals(name: str, value: Any) -> Array:
    """Return ``value`` as a plain array of float64, or of float32 if it is one; it may be empty and hold nan.

    In bytes 0 - 20 would be 236, and in half precision 300 · 300 is infinite.
    """
    if np.ma.is_masked(value):
        raise ValueError(f"{name} must have no masked entries, got {np.sum(value.mask)}; leave them out or fill them")
    try:
        array = np.asarray(value)
    except ValueError:  # rows of unequal length
        raise ValueError(f"{name} must have rows of one length, got {shown(value)}") from None
    except (RuntimeError, TypeError) as error:  # a tensor with a gradient, of bfloat16, or on a GPU
        raise TypeError(f"{name} must be an array, got {shown(value)}: {error}") from None
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{name} must hold real numbers, got {shown(value)}")
    return array.astype(plain_type(array), copy=False)


def plain_type(array: Array) -> type[np.floating[Any]]:
    """Return the type in which to compute with an array, in the processor's byte order."""
    return np.float32 if array.dtype.kind == "f" and array.dtype.itemsize == 4 else np.float64


def checked_array(name: str, value: Any) -> Array:
    """Return ``value`` as a finite, non-empty float array; float32 stays float32, all else becomes float64."""
    array = checked_reals(name, value)
    if array.size == 0:
        raise ValueError(f"{name} must not be empty, got shape {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite, got {int((~np.isfinite(array)).sum())} nan or infinite values")
    return array


def checked_matrix(name: str, value: Any, meaning: str = "one example per column") -> Array:
    """Return ``value`` as a finite float array with two axes."""
    array = checked_array(name, value)
    if array.ndim != 2:
        raise ValueError(f"{name} must have 2 axes, {meaning}, got shape {array.shape}")
    return array


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


def one_of(names: Collection[str]) -> Domain:
    """Return the domain of a choice among ``names``."""
    return Domain(lambda name, value: checked_choice(name, value, names))


def checked_shape(name: str, shape: Any) -> tuple[int, ...]:
    """Return the shape of an array that is not empty."""
    if not isinstance(shape, tuple):
        raise TypeError(f"{name} must be a tuple of whole numbers >= 1, got {shown(shape)}")
    return tuple(checked_count(f"{name}[{axis}]", n) for axis, n in enumerate(shape))


def checked_zeros_and_ones(name: str, value: Any, meaning: str = "one mask per column") -> Array:
    """Return a matrix that holds nothing else."""
    array = checked_matrix(name, value, meaning)
    if not np.isin(array, (0, 1)).all():
        raise ValueError(f"{name} must hold zeros and ones only, got values from {array.min():g} to {array.max():g}")
    return array


def checked_open_interval(name: str, value: Any) -> Array:
    """Return an array of numbers in (0, 1)."""
    array = checked_array(name, value)
    if array.min() <= 0 or array.max() >= 1:
        given = f"got values from {array.min():g} to {array.max():g}"
        raise ValueError(f"{name} must lie between 0 and 1, without either, {given}")
    return array


def chances_of(other: str) -> Domain:
    """Return the domain of probabilities (k,) that sum to 1, one for each entry of the last axis of another array."""

    def among(name: str, value: Array, given: Mapping[str, Any]) -> Array:
        shape = given[other].shape
        if value.ndim != 1 or shape[-1:] != value.shape:
            raise ValueError(
                f"{name} must have shape (k,) for {other} of shape (..., k), got {value.shape} and {shape}"
            )
        if value.min() < 0 or not np.isclose(value.sum(), 1):
            raise ValueError(f"{name} must be at least 0 and sum to 1, got a sum of {value.sum():g}")
        return value

    return Domain(checked_array, among)


def up_to(most: int, why: str) -> Domain:
    """Return the domain of a whole number from 1 to ``most``."""

    def alone(name: str, value: Any) -> int:
        number = checked_count(name, value)
        if number > most:
            raise ValueError(f"{name} must be at most {most}, {why}, got {number}")
        return number

    return Domain(alone)


def factor_of(other: str) -> Domain:
    """Return the domain of a matrix that can be multiplied with another argument."""

    def among(name: str, value: Array, given: Mapping[str, Any]) -> Array:
        if value.shape[1] != len(given[other]):
            rows = len(given[other])
            raise ValueError(f"{name} must have {rows} columns, one per row of {other}, got shape {value.shape}")
        return value

    return Domain(partial(checked_matrix, meaning="(n_out, n_in)"), among)


def beside(other: str, weights: str = "") -> Domain:
    """Return the domain of a matrix with as many examples as another argument, or of the targets of its product."""

    def among(name: str, value: Array, given: Mapping[str, Any]) -> Array:
        if value.shape[1] != given[other].shape[1]:
            columns = given[other].shape[1]
            raise ValueError(f"{name} must have {columns} columns, one per example of {other}, got shape {value.shape}")
        if weights and len(value) != len(given[weights]):
            rows = len(given[weights])
            raise ValueError(f"{name} must have {rows} rows, one per row of {weights}, got shape {value.shape}")
        return value

    return Domain(checked_matrix, among)


def one_or_each_row_of(other: str) -> Domain:
    """Return the domain of a number >= 0, or one for each row of another argument."""

    def among(name: str, value: Any, given: Mapping[str, Any]) -> Any:
        if np.ndim(value) == 0:
            return checked_nonnegative(name, value)
        array, rows = checked_array(name, value), len(given[other])
        if array.shape != (rows,) or array.min() < 0:
            raise ValueError(f"{name} must be one number >= 0, or {rows} of them, one per row of {other}, got {value}")
        return array

    return Domain(among=among)


KeepProb: TypeAlias = Annotated[float, Domain(lambda name, value: checked_keep_prob(value, name))]
BelowOne: TypeAlias = Annotated[float, Domain(checked_below_one)]
Nonnegative: TypeAlias = Annotated[float, Domain(checked_nonnegative)]
Positive: TypeAlias = Annotated[float, Domain(checked_positive)]
Count: TypeAlias = Annotated[int, Domain(checked_count)]
Rng: TypeAlias = Annotated[np.random.Generator, Domain(lambda _, value: checked_rng(value))]
Shape: TypeAlias = Annotated[tuple[int, ...], Domain(checked_shape)]
Numbers: TypeAlias = Annotated[Any, Domain(checked_reals)]
Reals: TypeAlias = Annotated[Any, Domain(checked_array)]
Matrix: TypeAlias = Annotated[Any, Domain(checked_matrix)]
WeightMatrix: TypeAlias = Annotated[Any, Domain(partial(checked_matrix, meaning="(n_out, n_in)"))]
Masks: TypeAlias = Annotated[Any, Domain(checked_zeros_and_ones)]
InsideUnit: TypeAlias = Annotated[Any, Domain(checked_open_interval)]
