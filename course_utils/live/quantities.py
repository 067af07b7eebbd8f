"""Quantities that a live figure lets its reader move; each is declared once, in one line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from course_utils.arguments import checked_count
from course_utils.texts import sentence, texts

__all__ = ["Choice", "Quantity", "Range", "Redraw", "arguments_of"]

# Another name of the argument that a setting becomes, or a function of all settings that returns arguments.
Becomes = str | Callable[..., dict[str, Any]] | None


@dataclass(frozen=True)
class Range:
    """A number from ``low`` to ``high``, moved by ``step``, shown with ``digits`` decimals; with none it is whole.

    ``name`` is the setting's name in code, ``start`` its first value, ``becomes`` what is computed from it, if that is
    another argument.
    """

    name: str
    low: float
    high: float
    step: float
    start: float
    digits: int = 2
    becomes: Becomes = None

    def parse(self, text: str) -> float:
        """Return the number that ``text`` says; raise ``ValueError`` naming the range if it says none."""
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            value = float("nan")
        if not self.low <= value <= self.high:
            name = shown(self.name)
            raise ValueError(
                sentence("number", "live", name=name, low=self.low, high=self.high, given=repr(text.strip()))
            )
        return round(value) if self.digits == 0 else round(value, 10)

    def places(self) -> list[float]:
        """Return all places of its slider."""
        steps = round((self.high - self.low) / self.step)
        return [self.parse(str(round(self.low + i * self.step, 10))) for i in range(steps + 1)]


@dataclass(frozen=True)
class Choice:
    """One of a few named options; ``name``, ``start`` and ``becomes`` as those of :class:`Range`."""

    name: str
    options: Sequence[str]
    start: str
    becomes: Becomes = None

    def parse(self, text: str) -> str:
        """Return ``text`` if it is an option; raise ``ValueError`` naming them if not."""
        if text not in self.options:
            options = ", ".join(self.options)
            raise ValueError(sentence("option", "live", name=shown(self.name), options=options, given=repr(text)))
        return text

    def places(self) -> list[str]:
        """Return all options."""
        return list(self.options)


@dataclass(frozen=True)
class Redraw:
    """A whole number that a button counts up from 0: which of many random draws is shown."""

    name: str
    becomes: Becomes = None
    start: int = 0

    def parse(self, text: str) -> int:
        """Return the number that ``text`` says; raise ``ValueError`` if it says none."""
        return checked_count(self.name, int(text) if text.isdecimal() else text, 0)

    def places(self) -> list[int]:
        """Return the first few draws."""
        return list(range(5))


Quantity = Range | Choice | Redraw


def shown(name: str) -> str:
    """Return what the reader sees of a setting's name, which is the name where no text says another."""
    return texts()["controls"].get(name, name)


def arguments_of(quantities: Sequence[Quantity], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments that settings become, in the order of their quantities; of two of a name the last holds."""
    found: dict[str, Any] = {}
    for quantity in quantities:
        if callable(quantity.becomes):
            found |= quantity.becomes(**settings)
        else:
            found[quantity.becomes or quantity.name] = settings[quantity.name]
    return found
