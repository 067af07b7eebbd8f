"""An atlas: the frames of all states of a figure's telling controls, computed beforehand and kept in one file.

A figure plays it where there is no kernel, and in a notebook what it holds is not computed again. Its numbers are
float64, which other processors compute alike.
"""

from __future__ import annotations

import ast
import hashlib
import itertools
import json
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from course_utils.figures.frames import Frames
from course_utils.figures.recorder import ChunkStore
from course_utils.live.quantities import Quantity, Redraw

__all__ = ["Atlas", "find_atlas", "key_of", "lines_of", "sources_of", "stamp", "states_of"]

FOLDER = Path(__file__).parent / "atlases"
PACKAGE = Path(__file__).parents[1]
# What every atlas depends on beside the module of its figure, and where nothing lies that it depends on.
ALWAYS = ("course_utils.figures.frames", "course_utils.live.atlas")
NEVER = ("course_utils.live.live_figure", "course_utils.texts")

Lines = Sequence[Mapping[str, Sequence[Any]]]  # of each setting all its values; a line holds all combinations


def states_of(lines: Lines) -> Iterator[dict[str, Any]]:
    """Give the settings of all states on some lines, each once."""
    seen = set()
    for line in lines:
        for values in itertools.product(*line.values()):
            if values not in seen:
                seen.add(values)
                yield dict(zip(line, values, strict=True))


def lines_of(
    quantities: Sequence[Quantity],
    first: Mapping[str, Any],
    presets: Iterable[Mapping[str, Any]],
    telling: Sequence[Sequence[str]],
) -> Lines:
    """Return the lines of an atlas: all combinations of some settings, the others as at first.

    Every preset has lines of its own: its draws, and if it lies elsewhere one for each of the settings told first.
    """
    places = {quantity.name: quantity.places() for quantity in quantities}
    draws = [one.name for one in quantities if isinstance(one, Redraw) and (one.name,) in telling]
    lines = [{**first} | {name: places[name] for name in names} for names in telling]
    for changes in presets:
        elsewhere = any(first[name] != value for name, value in changes.items() if name not in telling[0])
        lines += [{**first, **changes, name: places[name]} for name in [*draws, *(telling[0] if elsewhere else ())]]
    return [{name: one if isinstance(one, list) else [one] for name, one in line.items()} for line in lines]


def key_of(settings: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what tells settings from others of the same figure."""
    return tuple(settings.values())


@dataclass(frozen=True)
class Atlas:
    """Frames of many states, and what a page needs to show them.

    ``head`` has the ``lines`` of states, and for each state ``frames``, ``words`` and ``given``, the arguments that it
    was computed from; ``plates``, what stands behind all frames; ``figure``, what the figure declares of itself;
    ``fixed``, its arguments that nothing changes; the ``module`` where it is, and what the atlas was ``made_from``.
    ``chunks`` are what frames and plates name by number.
    """

    head: dict[str, Any]
    chunks: list[bytes]

    @cached_property
    def places(self) -> dict[tuple[Any, ...], int]:
        """Where the frames of settings lie."""
        return {key_of(settings): place for place, settings in enumerate(states_of(self.head["lines"]))}

    def fits(self, frames: Frames) -> bool:
        """Return whether its frames belong before the plates of a figure: another matplotlib may lay it out anew."""
        store = ChunkStore()
        for chunk in frames.store.chunks:
            store.number(chunk)
        known: dict[int, int] = {}
        plates = [store.adopt(self.chunks, plate, known) for plate in self.head["plates"]]
        return plates == frames.plates

    def packed(self) -> bytes:
        """Return the bytes of its file."""
        head = self.head | {"lengths": [len(chunk) for chunk in self.chunks]}
        text = json.dumps(head, separators=(",", ":"), ensure_ascii=False).encode()
        return zlib.compress(struct.pack("<I", len(text)) + text + b"".join(self.chunks), 9)

    @classmethod
    def unpacked(cls, data: bytes) -> Atlas:
        """Return the atlas that a file holds; raise ``ValueError`` if it holds none."""
        try:
            data = zlib.decompress(data)
            end = 4 + struct.unpack_from("<I", data)[0]
            head = json.loads(data[4:end])
            ends = list(itertools.accumulate(head.pop("lengths"), initial=end))
        except (zlib.error, struct.error, ValueError, LookupError) as error:
            raise ValueError(f"data must be those of an atlas, and are not: {error!r}") from error
        return cls(head, [data[start:stop] for start, stop in itertools.pairwise(ends)])


@cache
def find_atlas(name: str) -> Atlas | None:
    """Return the atlas of a figure; none where there is no sound file, or the course's code has changed since."""
    try:
        atlas = Atlas.unpacked((FOLDER / f"{name}.atlas").read_bytes())
    except (OSError, ValueError):
        return None
    made_from = atlas.head["made_from"]
    # To read all sources takes long, so it is done only where they are not the very files that were read last.
    is_fresh = stamp(made_from["modules"]) == stamps().get(name) or sources_of(atlas.head["module"]) == made_from
    return atlas if is_fresh else None


def stamps() -> dict[str, str]:
    """Return what the sources of each atlas had for a stamp when they were read last."""
    path = FOLDER / "stamps.json"
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def stamp(modules: Sequence[str]) -> str:
    """Return a hash of the files of some modules as they are."""
    paths = [path_of(name) for name in modules]
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths if path)).hexdigest()[:16]


def sources_of(module: str) -> dict[str, Any]:
    """Return what the atlas of a figure in a module is made from: names of modules, and a hash of what they say.

    Comments and docstrings do not count.
    """
    wanted, found = [module, *ALWAYS], {}
    while wanted:
        name = wanted.pop()
        path = path_of(name)
        if path is not None and name not in found and name not in NEVER:
            text = path.read_text(encoding="utf-8")
            tree = ast.parse(text)
            found[name] = stripped(text, tree)
            wanted += imported(tree)
    modules = sorted(found)
    said = "\n".join(f"{name}\n{found[name]}" for name in modules)
    return {"modules": modules, "sources": hashlib.sha256(said.encode()).hexdigest()[:16]}


def imported(tree: ast.Module) -> list[str]:
    """Return the names of the modules that some code may import from the course."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("course_utils"):
            found += [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
    return found


def path_of(name: str) -> Path | None:
    """Return the file of a module of the course, none if there is none of this name."""
    place = PACKAGE.joinpath(*name.split(".")[1:])
    return next((path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()), None)


def stripped(text: str, tree: ast.Module) -> str:
    """Return code without docstrings, comments on lines of their own, and empty lines."""
    left_out: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            first = node.body[0]
            left_out |= set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    lines = enumerate(text.splitlines(), 1)
    return "\n".join(
        line for number, line in lines if number not in left_out and line.strip() and line.lstrip()[0] != "#"
    )
