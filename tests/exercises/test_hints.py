"""Hints go from the exercise to the mistake, and a solution comes after a try."""

import pytest

from course_utils.exercises import check, hint, solution
from course_utils.exercises.check import CHAPTERS
from course_utils.texts import texts

from . import MODULE, recursion, unfinished
from .mutation import solutions

TRY_FIRST = 'dropout: try it first, and check your answer. `hint("dropout")` helps to begin.\n'


@pytest.fixture
def said(capsys):
    """Return what a call prints."""

    def call(function, *arguments):
        function(*arguments)
        return capsys.readouterr().out

    return call


def test_hints_go_from_the_exercise_to_the_mistake(said):
    name = "dropout_variance"
    exercise, mistake = texts()[name], texts()["square-of-mean-kept"]
    assert said(hint, name) == f"{name}: {exercise['hint']}\n"  # before any try
    said(check, name, unfinished)
    assert said(hint, name) == f"{name}: {exercise['hint']}\n"

    text = said(check, name, lambda x, q: x**2 / q)
    assert f"hint: {mistake['hint']}" in text
    assert mistake["second_hint"] not in text  # for those who ask
    assert f'more: `hint("{name}")`, and after a try `solution("{name}")`' in text
    assert said(hint, name) == f"{name}: {mistake['second_hint']}\n"

    assert f"hint: {exercise['hint']}" in said(check, name, lambda x, q: x + q)  # a mistake without a name
    assert said(hint, name) == f"{name}: {exercise['second_hint']}\n"

    said(check, name, lambda x, q: x**2 * (1 - q) / q)
    assert said(hint, name) == f"{name} is done, it needs no hint.\n"


@pytest.mark.parametrize("answer", [None, lambda *a: None, unfinished])
def test_a_solution_is_refused_until_an_answer_gave_a_value(said, answer):
    assert said(solution, "dropout") == TRY_FIRST
    said(check, "dropout", answer)
    assert said(solution, "dropout") == TRY_FIRST
    assert "try it first" in said(solution, "batch_mask")


@pytest.mark.parametrize(
    "answer",
    [lambda: 0, recursion, lambda *a: exit(), lambda *a: 0.0, lambda x, q, rng: x * (rng.random(x.shape) < q) / q],
)
def test_a_solution_comes_after_any_other_answer_and_stays(said, answer):
    said(check, "dropout", answer)
    assert said(solution, "dropout").startswith("def my_dropout(x, keep_prob, rng):\n")
    said(check, "dropout", None)
    assert said(solution, "dropout").startswith("def my_dropout(x, keep_prob, rng):\n")


def test_the_solution_of_every_exercise_is_that_of_its_chapter(said):
    in_chapters = [(path.parent.name[:2], name) for name, (path, _) in solutions().items()]
    assert in_chapters == [(number, exercise.name) for number, exercises in CHAPTERS.items() for exercise in exercises]
    for name, (_, text) in solutions().items():
        MODULE.TRIED.add(name)
        assert said(solution, name) == text + "\n"
        assert "SOLUTION" not in text
