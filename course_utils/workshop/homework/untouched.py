"""What a submission leaves alone unless it means to cheat: the checks, the shell that runs them, Python's own names.

It is looked at after each cell, from within the same process, so it can be deceived as well. What it finds is a hint to
whoever reads the table; what counts is found out elsewhere, by `remote`.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Mapping
from types import FunctionType, ModuleType
from typing import Any

__all__ = ["Untouched"]

OURS = ("course_utils.exercises", "course_utils.workshop", "course_utils.texts", "course_utils.terminal")
CALLED = ("numpy", "numpy.testing")  # which the checks compare with
OFTEN = ("_", "exit", "quit", "input")  # of Python's own names, which the shell and the checks change themselves
MOST = 5  # names that are told
NONE = object()


class Untouched:
    """What stood where when nothing had run yet.

    Parameters
    ----------
    shell
        What runs the cells.
    runner
        The names of the program that does.
    """

    def __init__(self, shell: Any, runner: dict[str, Any]) -> None:
        self.places: dict[str, tuple[Mapping[str, Any], dict[str, Any]]] = {}
        self.keep("runner", runner, [key for key, one in runner.items() if isinstance(one, FunctionType)])
        for name, module in list(sys.modules.items()):
            if isinstance(module, ModuleType) and (name.startswith(OURS) or name in CALLED):
                self.keep(name, vars(module), [key for key in vars(module) if not key.isupper()])
        self.keep("builtins", vars(builtins), [key for key in vars(builtins) if key not in OFTEN])
        for kind in type(shell).__mro__[:2]:
            self.keep(kind.__name__, vars(kind), list(vars(kind)))
        for kind in self.classes():
            functions = [key for key, one in vars(kind).items() if isinstance(one, FunctionType)]
            self.keep(f"{kind.__module__}.{kind.__qualname__}", vars(kind), functions)
        self.shells = [(kind, set(vars(kind))) for kind in type(shell).__mro__[:2]]
        self.shell, self.own = shell, {key for key in vars(shell) if callable(getattr(type(shell), key, None))}

    def classes(self) -> list[type]:
        """Return the classes of the course's own checks."""
        found = [one for place, _ in self.places.values() for one in place.values() if isinstance(one, type)]
        return list({one for one in found if one.__module__.startswith(OURS)})

    def keep(self, name: str, place: Mapping[str, Any], keys: list[str]) -> None:
        """Note what stands under some names, and the code of functions among it."""
        self.places[name] = place, {key: content(place[key]) for key in keys if not key.startswith("__")}

    def changed(self) -> list[str]:
        """Return what stands elsewhere now, by its name."""
        found = [
            f"{name}.{key}"
            for name, (place, kept) in self.places.items()
            for key, before in kept.items()
            if any(one is not other for one, other in zip(content(place.get(key, NONE)), before, strict=True))
        ]
        found += [f"{kind.__name__}.{key}" for kind, names in self.shells for key in vars(kind).keys() - names]
        found += [f"the shell's {key}" for key in vars(self.shell)
                  if key not in self.own and callable(getattr(type(self.shell), key, None))]  # fmt: skip
        return found[:MOST]


def content(value: Any) -> tuple[Any, ...]:
    """Return a value and, of a function, what it does."""
    function = getattr(value, "__wrapped__", value)
    if isinstance(function, FunctionType):
        return value, function.__code__, function.__defaults__, function.__kwdefaults__
    return value, None, None, None
