"""Gradient check: compare a gradient with central differences of the cost, parameter array by parameter array."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from course_utils.arguments import (
    Array,
    Parameters,
    checked_array,
    checked_network,
    checked_positive,
    checked_reals,
    shown,
)
from course_utils.network import backward, compute_cost, forward

__all__ = ["gradient_check", "numeric_gradients", "relative_errors"]

Cost: TypeAlias = Callable[[dict[str, Array]], Any]
HALVINGS = 6  # of a step where the slopes on both sides differ


def numeric_gradients(
    cost: Callable[[dict[str, Array]], float], parameters: Parameters, epsilon: float = 1e-5
) -> dict[str, Array]:
    """Return the central differences (J(θ + ε) - J(θ - ε)) / 2ε, one parameter at a time.

    Where the cost has a kink, as with a ReLU whose z is 0, there is no slope to compare with: a warning names these
    entries, and they are masked, so that :func:`relative_errors` leaves them out. Near one ε is made smaller.

    Parameters
    ----------
    cost : function of a dict of parameters
        It must give the same value for the same parameters: dropout masks have to be held still.
    parameters : dict of arrays
        Not changed. Use float64: float32 has too few digits for a difference.
    epsilon : float > 0

    Returns
    -------
    dict
        The keys and shapes of ``parameters``; a masked array where there is a kink.

    Examples
    --------
    >>> numeric_gradients(lambda p: float(np.sum(p["W1"] ** 2)), {"W1": np.array([[3.0]])})["W1"].round(6)
    array([[6.]])
    """
    epsilon = checked_positive("epsilon", epsilon)
    if not callable(cost):
        raise TypeError(f"cost must be a function of a dict of parameters, got {shown(cost)}")
    if not isinstance(parameters, Mapping):
        raise TypeError(f"parameters must be a dict of arrays, got {shown(parameters)}")
    nudged = {name: np.array(checked_array(name, value), np.float64, order="C") for name, value in parameters.items()}
    here, gradients, kinks = value_of(cost, nudged), {}, []
    for name in nudged:
        slopes, kinked = settled_slopes(cost, nudged, name, here, epsilon)
        gradients[name] = np.ma.array(slopes[1], mask=kinked) if kinked.any() else slopes[1]
        kinks += [
            f"{name}{list(map(int, at))} ({slopes[(0, *at)]:.3g} and {slopes[(2, *at)]:.3g})"
            for at in np.argwhere(kinked)
        ]
    if kinks:
        listed = ", ".join(kinks[:3]) + (f" and {len(kinks) - 3} more" if len(kinks) > 3 else "")
        warnings.warn(
            f"The cost has a kink at {listed}: its slope below is not that above. No gradient is right or wrong "
            "there, so these entries are left out",
            stacklevel=2,
        )
    return gradients


def settled_slopes(
    cost: Cost, parameters: dict[str, Array], name: str, here: float, step: float
) -> tuple[Array, Array]:
    """Return slopes (3, ...) of the cost along one array, below, across and above, and where they differ: at kinks.

    Where they do at first, the step is halved a few times: what only bends, or has a kink nearby, is then settled.
    """
    slopes = slopes_beside(cost, parameters, name, here, step)
    kinked = differ(slopes, here, step)
    # A cost that draws new masks at each call has no kinks, only noise: it is not the same when asked again.
    if kinked.any() and (
        any(value_of(cost, parameters) != here for _ in range(20))
        or not np.array_equal(slopes, slopes_beside(cost, parameters, name, here, step), equal_nan=True)
    ):
        kinked[...] = False
    for halvings in range(1, HALVINGS + 1):
        if kinked.any():
            finer = slopes_beside(cost, parameters, name, here, step / 2**halvings)
            slopes = np.where(kinked, finer, slopes)
            kinked &= differ(finer, here, step / 2**halvings)
    return slopes, kinked


def slopes_beside(cost: Cost, parameters: dict[str, Array], name: str, here: float, step: float) -> Array:
    """Return slopes (3, ...): below, of central differences, and above; those of one side are exact for a parabola."""
    array, moves = parameters[name], (step, -step, step / 2, -step / 2)
    costs = np.empty((len(moves), *array.shape))
    for index in np.ndindex(array.shape):
        original = array[index]
        for number, move in enumerate(moves):
            array[index] = original + move
            costs[(number, *index)] = value_of(cost, parameters)
        array[index] = original
    above, below, half_above, half_below = costs
    with np.errstate(all="ignore"):  # a cost may be infinite
        sides = 3 * here + below - 4 * half_below, above - below, 4 * half_above - above - 3 * here
        return np.stack(sides) / step / np.reshape([1, 2, 1], (3, *[1] * array.ndim))


def differ(slopes: Array, here: float, step: float) -> Array:
    """Return where slopes below, across and above are not one, by more than a smooth cost and rounding explain."""
    spread = np.ptp(slopes, axis=0)
    largest = np.max(np.abs(slopes), initial=0.0, where=np.isfinite(slopes))
    rounding = 100 * np.finfo(float).eps * (1 + abs(here)) / step
    return np.asarray(np.isfinite(spread) & (spread > max(1e-6, 100 * step**2) * largest + rounding))


def value_of(cost: Cost, parameters: dict[str, Array]) -> float:
    """Return the cost of some parameters, which has to be one number."""
    value = cost(parameters)
    if np.size(value) != 1 or np.asarray(value).dtype.kind not in "fiub":
        raise TypeError(f"cost must return a number, got {shown(value)}")
    return float(np.asarray(value).item())


@np.errstate(under="ignore")  # the square of what is very small
def relative_errors(first: Parameters, second: Parameters) -> dict[str, float]:
    """Return ‖a - b‖ / (‖a‖ + ‖b‖) for each array: below 1e-7 is right, above 1e-3 is a mistake; 0 if both are 0.

    Masked entries are left out: :func:`numeric_gradients` masks kinks, where no gradient is right or wrong.
    """
    for name, gradients in (("first", first), ("second", second)):
        if not isinstance(gradients, Mapping):
            raise TypeError(f"{name} must be a dict of gradients, got {shown(gradients)}")
    if set(first) != set(second):
        raise ValueError(f"first and second must have the same keys, got {sorted(first)} and {sorted(second)}")
    errors = {}
    for name in first:
        (a, hidden), (b, other) = (numbers_and_mask(name, one[name]) for one in (first, second))
        if a.shape != b.shape:
            raise ValueError(f"first and second must have one shape for {name}, got {a.shape} and {b.shape}")
        a, b = a[~(hidden | other)], b[~(hidden | other)]
        size = np.linalg.norm(a) + np.linalg.norm(b)
        errors[name] = float(np.linalg.norm(a - b) / size) if size else 0.0
    return errors


def numbers_and_mask(name: str, gradient: Any) -> tuple[Array, Array]:
    """Return a gradient in float64, since small types would overflow, and which of its entries are masked."""
    masked = np.ma.isMaskedArray(gradient)
    numbers = checked_reals(name, gradient.data if masked else gradient).astype(np.float64)
    return numbers, np.ma.getmaskarray(gradient) if masked else np.zeros(numbers.shape, bool)


def gradient_check(
    x: Any,
    y: Any,
    parameters: Parameters,
    *,
    masks: Sequence[Array | None] | None = None,
    keep_prob: float | Sequence[float] = 1.0,
    rng: np.random.Generator | None = None,
    activation: str | Sequence[str] = "relu",
    cost: str = "binary_cross_entropy",
    lambd: float = 0.0,
    lambd1: float = 0.0,
    epsilon: float = 1e-5,
) -> dict[str, float]:
    """Return the relative error of :func:`course_utils.network.backward` for each parameter array.

    Masks are given, or drawn once and then held still: the differences are taken through one thinned network.
    Kinks are left out, with a warning that names them. All is done in float64. The other arguments are those of
    :func:`course_utils.network.forward` and its companions.
    """
    parameters = {name: value.astype(np.float64) for name, value in checked_network("", parameters).items()}
    _, cache = forward(x, parameters, activation=activation, keep_prob=keep_prob, masks=masks, rng=rng)
    analytic = backward(y, parameters, cache, cost=cost, lambd=lambd, lambd1=lambd1)

    def cost_at(nudged: dict[str, Array]) -> float:
        z, _ = forward(x, nudged, activation=activation, keep_prob=keep_prob, masks=cache["masks"])
        return compute_cost(z, y, nudged, cost=cost, lambd=lambd, lambd1=lambd1)

    return relative_errors(analytic, numeric_gradients(cost_at, parameters, epsilon))
