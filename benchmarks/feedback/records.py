"""What the benchmark holds, as JSON lines: exercises, misconceptions, planted answers and mutants."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from course_utils.exercises.check import CHAPTERS
from course_utils.texts import texts
from course_utils.workshop.authoring.source import Source, read_source
from tests.exercises import mutation, planted

from .sources import ANSWER, right_text, wrong_text

Record = dict[str, Any]

CHAPTER_OF = {one.name: chapter for chapter, exercises in CHAPTERS.items() for one in exercises}


def exercises() -> list[Record]:
    """Return each exercise: what a learner is given, and a solution."""
    return [
        {"exercise": name, "chapter": CHAPTER_OF[name], "given": _given(name), "solution": solution_text(name)}
        for name in planted.RIGHT
    ]


def misconceptions() -> list[Record]:
    """Return each misconception that answers were planted for, with the belief behind it and its sign."""
    return [
        {"misconception": name, "belief": entry["belief"], "sign": entry["sign"]}
        for name, entry in texts("en").items()
        if "belief" in entry
    ]


def answers(exercise: str) -> Iterator[Record]:
    """Give the planted answers of an exercise: right ones in several styles, wrong ones with their misconceptions."""
    path = _planted_in(exercise)
    about = {"exercise": exercise, "chapter": CHAPTER_OF[exercise]}
    for number, style in enumerate(planted.RIGHT[exercise]):
        told = {"kind": "right", "style": style, "misconceptions": []}
        yield {"id": f"{exercise}/right/{number}", **about, **told, "source": right_text(path, exercise, style)}
    for number, (planted_as, _) in enumerate(planted.WRONG[exercise]):
        told = {"kind": "wrong", "style": "", "misconceptions": planted_as.split(" + ")}
        yield {"id": f"{exercise}/wrong/{number}", **about, **told, "source": wrong_text(path, exercise, number)}


def mutants(exercise: str) -> Iterator[Record]:
    """Give the mutants of the solution of an exercise; `equal` says why one computes the same after all, if it does."""
    path, text = mutation.solutions()[exercise]
    for number, ((before, after), source) in enumerate(mutation.mutants(text)):
        yield {
            "id": f"{exercise}/mutant/{number}",
            "exercise": exercise,
            "chapter": CHAPTER_OF[exercise],
            "kind": "mutant",
            "before": before,
            "after": after,
            "equal": _reason(exercise, before, after),
            "source": _standing_alone(source, path),
        }


def sample(records: list[Record], most: int | None) -> list[Record]:
    """Return at most so many records, drawn by a fixed seed, in their order; all of them for None."""
    if most is None or len(records) <= most:
        return records
    return [records[place] for place in sorted(random.Random(0).sample(range(len(records)), most))]


def solution_text(exercise: str) -> str:
    """Return the course's own solution of an exercise as a text that runs alone."""
    path, text = mutation.solutions()[exercise]
    return _standing_alone(text, path)


def _reason(exercise: str, before: str, after: str) -> str:
    if exercise in mutation.ANY_GOOD_ANSWER:
        return "any answer that does well is right"
    return mutation.SURVIVORS.get((exercise, before, after), "")


def _planted_in(exercise: str) -> Path:
    return next(Path(str(module.__file__)) for module in planted.MODULES if exercise in module.RIGHT)


def _standing_alone(source: str, chapter: Path) -> str:
    """Return a solution with the imports of its chapter that it needs, under the name that all answers have."""
    tree = ast.parse(source)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    imports = [text for name, text in mutation.imports_of(chapter).items() if name in used]
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return "\n\n".join([*dict.fromkeys(imports), source.strip(), f"{ANSWER} = {names[-1]}\n"])


@cache
def _source(path: Path) -> Source:
    return read_source(path)


def _given(exercise: str) -> str:
    """Return the cell of an exercise as a learner finds it."""
    path, solution = mutation.solutions()[exercise]
    cells = (cell for cell in _source(path).cells if cell.is_exercise)
    return next(c.variant_text("student") for c in cells if c.variant_text("instructor").strip() == solution).strip()
