"""Hints go from the exercise to the mistake, and a solution comes after a try."""

import functools
import json
import sys

import pytest

from course_utils.exercises import check, hint, solution
from course_utils.exercises.catalogue import CATALOGUE
from course_utils.exercises.check import EXERCISES
from course_utils.exercises.limits import run_limited
from tests import ROOT, SOURCES

MODULE = sys.modules["course_utils.exercises.check"]  # the package's attribute of this name is the function
SOLUTIONS = json.loads((ROOT / "course_utils" / "data" / "solutions.json").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    monkeypatch.setattr(MODULE, "LAST", {})
    monkeypatch.setattr(MODULE, "TRIED", set())
    monkeypatch.setattr(MODULE, "run_limited", functools.partial(run_limited, seconds=1))


def said(capsys, answer, name):
    check(name, answer)
    return capsys.readouterr().out


def unfinished(*arguments):
    raise NotImplementedError("your turn")


def recursion(*arguments):
    return recursion(*arguments)


def hinted(capsys, name):
    hint(name)
    return capsys.readouterr().out


def test_hints_go_from_the_exercise_to_the_mistake(capsys):
    exercise = EXERCISES["dropout_variance"]
    assert hinted(capsys, exercise.name) == f"{exercise.name}: {exercise.hint}\n"  # before any try
    said(capsys, unfinished, exercise.name)
    assert hinted(capsys, exercise.name) == f"{exercise.name}: {exercise.hint}\n"

    text = said(capsys, lambda x, q: x**2 / q, exercise.name)
    mistake = CATALOGUE["square-of-mean-kept"]
    assert f"hint: {mistake.hint}" in text
    assert mistake.second_hint not in text  # for those who ask
    assert f'more: hint("{exercise.name}") or solution("{exercise.name}")  [{mistake.id}]' in text
    assert hinted(capsys, exercise.name) == f"{exercise.name}: {mistake.second_hint}\n"

    text = said(capsys, lambda x, q: x + q, exercise.name)  # a mistake without a name
    assert f"hint: {exercise.hint}" in text
    assert hinted(capsys, exercise.name) == f"{exercise.name}: {exercise.second_hint}\n"

    said(capsys, lambda x, q: x**2 * (1 - q) / q, exercise.name)
    assert hinted(capsys, exercise.name) == f"{exercise.name} is done, it needs no hint.\n"


def shown_solution(capsys, name):
    solution(name)
    return capsys.readouterr().out


@pytest.mark.parametrize("answer", [None, lambda *a: None, unfinished])
def test_a_solution_is_refused_until_an_answer_gave_a_value(capsys, answer):
    assert shown_solution(capsys, "dropout").startswith("dropout: try it first")
    said(capsys, answer, "dropout")
    assert shown_solution(capsys, "dropout") == (
        'dropout: try it first, and check your answer. hint("dropout") helps to begin.\n'
    )
    assert "try it first" in shown_solution(capsys, "batch_mask")


@pytest.mark.parametrize("answer", [lambda: 0, recursion, lambda *a: exit()])
def test_an_answer_that_fails_is_a_try(capsys, answer):
    said(capsys, answer, "dropout")
    assert "try it first" not in shown_solution(capsys, "dropout")


@pytest.mark.parametrize(
    ("chapter", "name"), [(stem, name) for stem, solutions in SOLUTIONS.items() for name in solutions]
)
def test_a_solution_is_the_text_of_its_chapter(capsys, chapter, name):
    MODULE.TRIED.add(name)
    text = shown_solution(capsys, name)
    assert text == SOLUTIONS[chapter][name] + "\n"
    assert "SOLUTION" not in text
    source = (SOURCES / chapter / "chapter.py").read_text(encoding="utf-8")
    assert all(line in source for line in text.splitlines())


@pytest.mark.parametrize("answer", [lambda *a: 0.0, lambda x, q, rng: x * (rng.random(x.shape) < q) / q])
def test_a_solution_comes_after_any_value_right_or_wrong_and_stays(capsys, answer):
    said(capsys, answer, "dropout")
    said(capsys, None, "dropout")
    assert shown_solution(capsys, "dropout").startswith("def my_dropout(x, keep_prob, rng):\n")
