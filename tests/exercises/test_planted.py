"""Every right answer passes for some seeds, every wrong one is answered with its own misconception for each of them.

SEEDS=1000 tries more; `make confusion` tries others.
"""

import json
import os
from importlib.resources import files

import pytest

from course_utils.exercises.check import CHAPTERS, EXERCISES, examined
from course_utils.exercises.texts import texts
from course_utils.exercises.verdict import DONE, NOT_YET

from .planted import RIGHT, WRONG

SEEDS = range(int(os.environ.get("SEEDS", "2")))
SOLUTIONS = json.loads((files("course_utils") / "data" / "solutions.json").read_text())


@pytest.mark.parametrize("name", RIGHT)
def test_right_answers_pass_for_every_seed(name):
    off = []
    for style, answer in RIGHT[name].items():
        for seed in SEEDS:
            verdict = examined(EXERCISES[name], answer, seed)
            off += [f"{style}, seed {seed}: {verdict}"] if verdict.outcome != DONE else []
    assert off == []


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answers_show_their_own_misconception_for_every_seed(name):
    off = []
    for number, (misconception, answer) in enumerate(WRONG[name]):
        for seed in SEEDS:
            verdict = examined(EXERCISES[name], answer, seed)
            own = (verdict.outcome, verdict.misconception) == (NOT_YET, misconception)
            if not (own and verdict.hint and verdict.second_hint):
                off.append(f"{number}, {misconception}, seed {seed}: {verdict}")
    assert off == []


def test_every_exercise_has_planted_answers():
    missing_torch = {exercise.name for exercise in CHAPTERS["04"]} - set(RIGHT)
    assert set(RIGHT) == set(WRONG) == set(EXERCISES) - missing_torch
    assert all(len(answers) >= 2 for answers in RIGHT.values())
    assert all(len({misconception for misconception, _ in answers}) >= 4 for answers in WRONG.values())


def test_every_misconception_is_planted():
    pytest.importorskip("torch", reason="the planted answers of chapter 04 need torch")
    planted = {misconception for answers in WRONG.values() for misconception, _ in answers}
    elsewhere = {"not-a-function", "endless-loop", "endless-recursion", "too-much-memory", "calls-exit"}  # test_check
    assert planted | elsewhere == {name for name, entry in texts("en").items() if "belief" in entry}


def test_every_exercise_has_a_solution_in_its_chapter():
    in_chapters = {stem[:2]: list(solutions) for stem, solutions in SOLUTIONS.items()}
    assert in_chapters == {number: [exercise.name for exercise in exercises] for number, exercises in CHAPTERS.items()}
