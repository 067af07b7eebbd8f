"""Every right answer passes for some seeds, every wrong one is answered with its own misconception for each of them.

SEEDS=1000 tries more; `make confusion` tries others.
"""

import json
import os
from importlib.resources import files

import pytest

from course_utils.exercises.catalogue import CATALOGUE
from course_utils.exercises.check import CHAPTERS, EXERCISES, examined
from course_utils.exercises.verdict import DONE, NOT_ATTEMPTED, NOT_YET

from .planted import RIGHT, WRONG

SEEDS = range(int(os.environ.get("SEEDS", "3")))
SOLUTIONS = json.loads((files("course_utils") / "data" / "solutions.json").read_text())
RIGHT_ANSWERS = [
    pytest.param(name, answer, id=f"{name}-{style}")
    for name, answers in RIGHT.items()
    for style, answer in answers.items()
]
WRONG_ANSWERS = [
    pytest.param(name, misconception, answer, id=f"{name}-{number}-{misconception}")
    for name, answers in WRONG.items()
    for number, (misconception, answer) in enumerate(answers)
]


@pytest.mark.parametrize(("name", "answer"), RIGHT_ANSWERS)
def test_right_answers_pass_for_every_seed(name, answer):
    for seed in SEEDS:
        verdict = examined(EXERCISES[name], answer, seed)
        assert verdict.outcome == DONE, f"seed {seed}: {verdict}"


@pytest.mark.parametrize(("name", "misconception", "answer"), WRONG_ANSWERS)
def test_wrong_answers_show_their_own_misconception_for_every_seed(name, misconception, answer):
    for seed in SEEDS:
        verdict = examined(EXERCISES[name], answer, seed)
        assert (verdict.outcome, verdict.misconception) == (NOT_YET, misconception), f"seed {seed}: {verdict}"
        assert verdict.hint
        assert verdict.second_hint


def test_every_exercise_has_planted_answers():
    missing_torch = {exercise.name for exercise in CHAPTERS["04"]} - set(RIGHT)
    assert set(RIGHT) == set(WRONG) == set(EXERCISES) - missing_torch
    assert all(len(answers) >= 2 for answers in RIGHT.values())
    assert all(len({misconception for misconception, _ in answers}) >= 4 for answers in WRONG.values())


def test_every_misconception_of_the_catalogue_is_planted():
    pytest.importorskip("torch", reason="the planted answers of chapter 04 need torch")
    planted = {misconception for answers in WRONG.values() for misconception, _ in answers}
    elsewhere = {"not-a-function", "endless-loop", "endless-recursion", "too-much-memory", "calls-exit"}  # test_check
    assert planted | elsewhere == set(CATALOGUE)


@pytest.mark.parametrize("name", RIGHT)
def test_a_stub_is_not_attempted(name):
    def stub(*arguments):
        raise NotImplementedError("your turn")

    assert examined(EXERCISES[name], stub).outcome == NOT_ATTEMPTED


def test_every_exercise_has_a_solution_in_its_chapter():
    in_chapters = {stem[:2]: list(solutions) for stem, solutions in SOLUTIONS.items()}
    assert in_chapters == {number: [exercise.name for exercise in exercises] for number, exercises in CHAPTERS.items()}
