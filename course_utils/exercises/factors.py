"""A stray factor: the product of powers of known quantities that it is, read off its values in several cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import combinations, product

import numpy as np

from course_utils.arguments import Array
from course_utils.exercises.slips import Case, counts_of

__all__ = ["monomial", "quantities"]


def quantities(names: Sequence[str], cases: Sequence[Case]) -> dict[str, Array]:
    """Return the positive numbers that a stray factor may be made of, each with its values in the cases, (cases,)."""
    found: dict[str, list[float]] = {}
    for position, name in enumerate(names):
        values = [case[position] for case in cases]
        if all(isinstance(value, int | float | np.number) for value in values):
            found[name] = [float(value) for value in values]
            if all(0 < value <= 1 for value in values):
                found[f"(1 - {name})"] = [1 - float(value) for value in values]
    for name, counted in counts_of(names, cases).items():
        found[name] = [float(counted(*case)) for case in cases]
    arrays = {name: np.array(values) for name, values in found.items()}
    return {name: values for name, values in arrays.items() if np.all(values > 0) and np.ptp(values) > 0}


def monomial(factors: Array, known: Mapping[str, Array]) -> str:
    """Return the simplest product of powers of known quantities that is ``factors`` in every case, as a formula.

    Parameters
    ----------
    factors : array, (cases,)
    known : dict of arrays (cases,)
        As :func:`quantities` gives them.

    Returns
    -------
    str
        Such as "2 * m" or "1 / keep_prob**2"; "" if there is none.
    """
    if np.all(factors == 0):
        return "0"
    if np.any(factors == 0) or not np.all(np.isfinite(factors)) or abs(np.sign(factors).sum()) != len(factors):
        return ""
    names, sign = tuple(known), "-" if factors[0] < 0 else ""
    exponents, target = products(len(names)), np.log(np.abs(factors))
    logs = np.log(np.vstack([np.full(len(factors), 2.0), *known.values()]))  # (1 + quantities, cases)
    near = np.all(np.abs(exponents @ logs - target) < 3e-5, axis=1)
    return sign + written(dict(zip(("2", *names), exponents[np.argmax(near)], strict=True))) if near.any() else ""


@cache
def products(count: int) -> Array:
    """Return the exponents of 2 and of ``count`` quantities, of which at most two take part, the simplest first."""
    rows = [np.zeros(1 + count)]
    for chosen in (*combinations(range(1, 1 + count), 1), *combinations(range(1, 1 + count), 2)):
        for powers in product((-2, -1, -0.5, 0.5, 1, 2), repeat=len(chosen)):
            rows.append(np.zeros(1 + count))
            rows[-1][list(chosen)] = powers
    exponents = np.repeat(rows, 5, axis=0)  # (5 · products, 1 + count)
    exponents[:, 0] = np.tile(range(-2, 3), len(rows))
    sizes = np.abs(exponents).sum(axis=1)
    sizes += np.sum(exponents % 1 != 0, axis=1)  # a root is less simple than a square
    ordered: Array = exponents[np.argsort(sizes, kind="stable")]
    return ordered


def written(exponents: Mapping[str, float]) -> str:
    """Return a product of powers as a formula of Python."""

    def side(sign: int) -> str:
        powers = {name: sign * power for name, power in exponents.items() if sign * power > 0}
        parts = [str(int(2 ** powers.pop("2")))] if "2" in powers else []
        parts += [name if power == 1 else f"{name}**{power:g}" for name, power in powers.items()]
        return f"({' * '.join(parts)})" if sign < 0 and len(parts) > 1 else " * ".join(parts)

    above, below = side(1), side(-1)
    return f"{above or 1} / {below}" if below else above or "1"
