"""Right answers pass for some seeds, wrong ones are answered with their own misconception for each of them.

SEEDS=1000 tries more, for wrong answers at most 20; `make confusion` tries others.
"""

import os

import pytest

from course_utils.exercises.check import CHAPTERS, EXERCISES, examined
from course_utils.exercises.verdict import DONE, NOT_ATTEMPTED
from course_utils.texts import texts
from course_utils.workshop.authoring.source import read_source

from . import confusion, mutation
from .planted import RIGHT, WRONG

SEEDS = range(int(os.environ.get("SEEDS", "2")))


@pytest.mark.parametrize("name", RIGHT)
def test_right_answers_pass_and_wrong_ones_show_their_own_misconception(name):
    measured = confusion.measure(name, SEEDS)
    assert (measured.mistaken(), measured.alarms) == ([], ())


def test_every_exercise_has_planted_answers():
    missing_torch = {exercise.name for exercise in CHAPTERS["04"]} - set(RIGHT)
    assert set(RIGHT) == set(WRONG) == set(EXERCISES) - missing_torch
    assert all(len(answers) >= 2 for answers in RIGHT.values())
    assert all(len({misconception for misconception, _ in answers}) >= 4 for answers in WRONG.values())


def test_every_misconception_is_planted():
    pytest.importorskip("torch", reason="the planted answers of chapter 04 need torch")
    planted = {one for answers in WRONG.values() for found, _ in answers for one in found.split(" + ")}
    in_test_check = {"not-a-function", "endless-loop", "endless-recursion", "too-much-memory", "calls-exit"}
    assert planted | in_test_check | {"cell-failed"} == {
        name for name, entry in texts("en").items() if "belief" in entry
    }


@pytest.mark.parametrize("name", mutation.names_of([]))
def test_the_chapters_own_solution_is_done_and_its_stub_not_attempted(name):
    path, solution = mutation.solutions()[name]
    cells = [cell for cell in read_source(path).cells if cell.is_exercise]
    (stub,) = (c.variant_text("student") for c in cells if c.variant_text("instructor").strip() == solution)
    for text, outcome in ((solution, DONE), (stub, NOT_ATTEMPTED)):
        verdict = examined(EXERCISES[name], mutation.answer_of(text, path))
        assert verdict.outcome == outcome, str(verdict)
