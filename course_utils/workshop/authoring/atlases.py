"""Atlases of the live figures: which there are, whether they are fresh, and how they are made."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import matplotlib

from course_utils.figures.recorder import ChunkStore
from course_utils.live import atlas as kept
from course_utils.live.atlas import Atlas, sources_of, stamp, states_of
from course_utils.live.live_figure import LiveFigure, written
from course_utils.workshop.authoring.files import replace_file

__all__ = [
    "ATLASES", "Drawn", "build_atlas", "computed", "constraints_of", "has_package", "stale_atlases", "write_stamps",
]  # fmt: skip

VERSIONS = ("numpy==", "matplotlib==", "torch==")
PART = 10  # states that a worker is given at once


@dataclass(frozen=True)
class Drawn:
    """A live figure of which there is an atlas: where it is, its function, with which arguments.

    ``more`` are lines that a chapter asks for: settings, and which of the others move from there.
    """

    module: str
    factory: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    more: Sequence[tuple[Mapping[str, Any], Sequence[str]]] = ()

    def figure(self) -> LiveFigure:
        """Return the live figure."""
        found: LiveFigure = getattr(importlib.import_module(self.module), self.factory)(**self.arguments)
        return found


# What chapter 02 asks its readers to do with its last figure.
HURTING = [
    ({"hidden": 16, "flipped": 0.0}, ("keep_prob", "lambd", "hidden", "flipped")),
    ({"hidden": 2, "flipped": 0.0}, ("keep_prob",)),
    ({"hidden": 128, "flipped": 0.0}, ("keep_prob",)),
    ({"hidden": 16, "flipped": 0.3}, ("keep_prob",)),
]
ATLASES = {
    "bug_clinic": Drawn("course_utils.live.bugs", "bug_clinic"),
    "keep_prob_trainer": Drawn("course_utils.live.quadrants", "keep_prob_trainer"),
    "keep_prob_trainer_hidden": Drawn("course_utils.live.quadrants", "keep_prob_trainer", {"hidden": True}),
    "lambda_trainer": Drawn("course_utils.live.quadrants", "lambda_trainer"),
    "mask_explorer": Drawn("course_utils.live.masks", "mask_explorer"),
    "mc_dropout_band": Drawn("course_utils.live.band", "mc_dropout_band"),
    "overfitting": Drawn("course_utils.live.quadrants", "overfitting"),
    "pass_stepper": Drawn("course_utils.live.passes", "pass_stepper"),
    "penalty_bowl": Drawn("course_utils.live.bowl", "penalty_bowl"),
    "penalty_corner": Drawn("course_utils.live.corner", "penalty_corner"),
    "playground": Drawn("course_utils.live.quadrants", "playground", more=HURTING),
    "pytorch_trainer": Drawn("course_utils.live.pytorch_quadrants", "pytorch_trainer"),
    "sine_trainer": Drawn("course_utils.live.sine", "sine_trainer"),
}


def has_package(notebooks_dir: Path) -> bool:
    """Return whether the package that runs stands beside some notebooks: only then its atlases are theirs."""
    return (notebooks_dir.parent / "course_utils").resolve() == kept.PACKAGE


def constraints_of(notebooks_dir: Path) -> Path:
    """Return the file with the pinned versions beside some notebooks."""
    return notebooks_dir.parent / "constraints.txt"


def path_of(name: str) -> Path:
    """Return the file of an atlas."""
    return kept.FOLDER / f"{name}.atlas"


def pinned(constraints: Path) -> list[str]:
    """Return the lines of a file that pin what computes and draws."""
    lines = constraints.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith(VERSIONS)]


def stale_atlases(constraints: Path) -> list[str]:
    """Return the names of the atlases that are missing or were made from something else; nothing is computed.

    Parameters
    ----------
    constraints
        The file with the pinned versions.
    """
    return [name for name, drawn in ATLASES.items() if not is_fresh(name, drawn, pinned(constraints))]


def is_fresh(name: str, drawn: Drawn, versions: list[str]) -> bool:
    """Return whether an atlas was made from what there is now."""
    try:
        head = Atlas.unpacked(path_of(name).read_bytes()).head
    except (OSError, ValueError):  # it is not there, or is no atlas
        return False
    return (head.get("made_from"), head.get("versions")) == (sources_of(drawn.module), versions)


def build_atlas(name: str, constraints: Path, workers: int) -> tuple[Path, int]:
    """Compute all states of a figure in several processes, and write its atlas in one step; return how many."""
    drawn = ATLASES[name]
    live = drawn.figure()
    lines = [*live.lines(), *(line for start, names in drawn.more for line in live.lines_from(start, names))]
    states = list(states_of(lines))
    parts = [states[at : at + PART] for at in range(0, len(states), PART)]
    store, frames, words, given = ChunkStore(), [], [], []
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for part in pool.map(computed, [name] * len(parts), parts):
            known: dict[int, int] = {}
            plates = [store.adopt(part.chunks, plate, known) for plate in part.plates]
            frames += [[store.adopt(part.chunks, panel, known) for panel in panels] for panels in part.frames]
            words += part.words
            given += part.given
    head = {
        "module": drawn.module,
        "made_from": sources_of(drawn.module),
        "versions": pinned(constraints),
        "drawn_by": matplotlib.__version__,
        "figure": live.declaration(),
        "fixed": written(live.fixed),
        "lines": lines,
        "plates": plates,
        "frames": frames,
        "words": words,
        "given": given,
    }
    kept.FOLDER.mkdir(exist_ok=True)
    replace_file(path_of(name), Atlas(head, store.chunks).packed())
    return path_of(name), len(states)


def write_stamps() -> None:
    """Note which files the fresh atlases were last compared with."""
    drawn = {name: one for name, one in ATLASES.items() if path_of(name).exists()}
    stamps = {name: stamp(sources_of(one.module)["modules"]) for name, one in drawn.items()}
    replace_file(kept.FOLDER / "stamps.json", (json.dumps(stamps, indent=1) + "\n").encode())


@dataclass(frozen=True)
class Part:
    """Some states of a figure with chunks of their own."""

    chunks: list[bytes]
    plates: list[list[int]]
    frames: list[list[list[int]]]
    words: list[str]
    given: list[str]


def computed(name: str, states: Sequence[Mapping[str, Any]]) -> Part:
    """Return the frames of some states, computed in full and recorded anew."""
    live = figure_of(name)
    live.frames.renew()
    frames, words, given = [], [], []
    for settings in states:
        arguments = live.arguments(settings) | live.exact
        live.scene.update(live.compute(**arguments))
        frames.append(live.frames.record())
        words.append(live.scene.words)
        given.append(written(arguments))
    return Part(live.frames.store.chunks, live.frames.plates, frames, words, given)


@cache
def figure_of(name: str) -> LiveFigure:
    """Return the figure of an atlas, for one process."""
    return ATLASES[name].figure()
