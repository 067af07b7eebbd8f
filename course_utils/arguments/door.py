"""The door of a public function: its arguments are checked once, by the domains that stand in its signature."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, fields
from typing import Any, ParamSpec, TypeVar, get_args, get_type_hints

import numpy as np

__all__ = ["Domain", "Settings", "checked"]

P = ParamSpec("P")
R = TypeVar("R")
inside: ContextVar[bool] = ContextVar("inside", default=False)


@dataclass(frozen=True)
class Domain:
    """What an argument may be, as ``Annotated[float, Domain(...)]`` says it in a signature.

    Parameters
    ----------
    alone : function of a name and a value, optional
        Returns the value as the function gets it, or raises. Where ``| None`` stands beside the domain, None passes.
    among : function of a name, a value and a dict of all arguments, optional
        The same for what depends on the others; it is asked once each of them is right by itself.
    """

    alone: Callable[[str, Any], Any] | None = None
    among: Callable[[str, Any, Mapping[str, Any]], Any] | None = None


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """Return ``function`` with its arguments checked and converted by the domains in its signature.

    What it calls in its turn is not checked again: inside, all arguments come from checked ones. So a loop may call
    public functions a thousand times and pays for the mathematics alone.
    """
    signature = inspect.signature(function)

    @functools.wraps(function)
    def at_the_door(*args: P.args, **kwargs: P.kwargs) -> R:
        if inside.get():
            return function(*args, **kwargs)
        try:
            call = signature.bind(*args, **kwargs)
        except TypeError:
            return function(*args, **kwargs)  # Python says it better
        call.apply_defaults()
        admit(domains_of(function), call.arguments)
        within = copy_context()  # it ends with the call, however that ends
        within.run(inside.set, True)
        return within.run(quietly, function, *call.args, **call.kwargs)

    return at_the_door


def quietly(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a function; that a number is too small to be told from 0 is no error, whatever ``np.seterr`` was told."""
    with np.errstate(under="ignore"):
        return function(*args, **kwargs)


@functools.cache
def domains_of(function: Callable[..., Any]) -> dict[str, tuple[Domain, bool]]:
    """Return the domain of each argument that has one, and whether None may stand there."""
    hints = get_type_hints(function, include_extras=True)
    found = {}
    for name, hint in hints.items():
        optional = type(None) in get_args(hint)
        for part in (hint, *get_args(hint)):
            for extra in getattr(part, "__metadata__", ()):
                if isinstance(extra, Domain):
                    found[name] = (extra, optional)
    return found


def admit(domains: Mapping[str, tuple[Domain, bool]], given: dict[str, Any]) -> None:
    """Replace the arguments ``given`` by what their domains make of them, first each alone, then among the others."""
    for name, (domain, optional) in domains.items():
        if name in given and domain.alone and not (optional and given[name] is None):
            given[name] = domain.alone(name, given[name])
    for name, (domain, _) in domains.items():
        if name in given and domain.among:
            given[name] = domain.among(name, given[name], given)


class Settings:
    """A frozen dataclass whose fields have domains."""

    def __post_init__(self) -> None:
        """Check the fields; they become plain floats, since a NumPy float64 would make float32 arrays float64."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}  # type: ignore[arg-type]  # a dataclass
        admit(domains_of(type(self)), given)  # type: ignore[arg-type]  # a class can be hashed
        for name, value in given.items():
            object.__setattr__(self, name, value)
