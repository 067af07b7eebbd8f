"""The demos, as `catalogue.toml` has them: what each shows, how it starts, and a plan of what to show and say."""

import difflib
import importlib.util
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import tomli

from course_utils.environment import how_to_install
from course_utils.workshop.authoring.presses import presets_in

__all__ = ["DEMOS", "Demo", "available", "demos", "find_demo"]

CATALOGUE = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True)
class Step:
    """A step of a plan: what to say, the presets that it presses, and the question that each of them asks first."""

    say: str
    presses: list[int]
    asks: dict[int, str]


@dataclass(frozen=True)
class Demo:
    """One live figure for a room.

    Parameters
    ----------
    name
        What the command line calls it.
    title
    line
        What it shows, in one line.
    plan
        What to show and say, three to six steps.
    factory, module
        The function that returns the figure, and where it is.
    minutes
        What the plan takes.
    predict
        What the room guesses before it sees a preset, by the preset's number.
    needs_torch
    """

    name: str
    title: str
    line: str
    plan: list[str]
    factory: str
    minutes: int
    predict: dict[str, str]
    module: str = "course_utils.live"
    needs_torch: bool = False

    @property
    def steps(self) -> list[Step]:
        """The plan's steps."""
        pressed = [presets_in(step) for step in self.plan]
        asks = [{key: self.predict[str(key)] for key in keys if str(key) in self.predict} for keys in pressed]
        return [Step(*one) for one in zip(self.plan, pressed, asks, strict=True)]


def demos() -> tuple[Demo, ...]:
    """Return the demos in the language that the course speaks; what it lacks is English."""
    return catalogue(os.environ.get("COURSE_LANGUAGE", "en"))


@cache
def catalogue(language: str) -> tuple[Demo, ...]:
    """Return the demos in a language."""
    written = read(CATALOGUE)
    told = read(CATALOGUE.parent / language / CATALOGUE.name) if language else {}
    return tuple(Demo(name, **laid_over(one, told.get(name, {}))) for name, one in written.items())


def laid_over(english: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """Return an entry with what is translated of it."""
    spoken = {key: text for key, text in told.items() if text and key != "predict"}
    questions = {key: text for key, text in told.get("predict", {}).items() if text}
    return english | spoken | {"predict": english["predict"] | questions}


def read(path: Path) -> dict[str, dict[str, Any]]:
    """Return the entries of a catalogue, none if it is not there."""
    return tomli.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


DEMOS = catalogue("en")


def available() -> tuple[Demo, ...]:
    """Return the demos that can run here: those for PyTorch only where it is installed."""
    torch = importlib.util.find_spec("torch") is not None
    return tuple(demo for demo in demos() if torch or not demo.needs_torch)


def find_demo(name: str) -> Demo:
    """Return the demo called ``name``; raise ``ValueError`` that says which name is nearest."""
    found = {demo.name: demo for demo in available()}
    if name in found:
        return found[name]
    if name in {demo.name for demo in DEMOS}:
        raise ValueError(f"the demo {name} needs PyTorch: {how_to_install('torch')}")
    near = difflib.get_close_matches(name.lower().replace("_", "-"), found, n=1, cutoff=0.4)
    advice = f"did you mean {near[0]}?" if near else f"there are {', '.join(found)}"
    raise ValueError(f"no demo is called {name!r}; {advice}")
