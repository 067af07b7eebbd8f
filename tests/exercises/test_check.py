"""A check answers whatever a learner's code does, and stops nothing."""

import sys

import numpy as np
import pytest

from course_utils.exercises import check


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    # By its name in sys.modules, since the package's attribute of this name is the function.
    monkeypatch.setattr(sys.modules["course_utils.exercises.check"], "OUTCOMES", {})


def verdict(capsys, answer, name="dropout"):
    check(name, answer)
    out, error = capsys.readouterr()
    assert error == ""
    return out


def endless(x, keep_prob, rng):
    while True:
        pass


def recursion(*arguments):
    return recursion(*arguments)


def talkative(x, keep_prob, rng):
    print("here I am" + 60 * "!")
    return x * (rng.random(len(x)) < keep_prob) / keep_prob


def test_an_endless_loop_is_stopped(capsys):
    assert "stopped after 5 seconds" in verdict(capsys, endless)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (recursion, "calls itself again and again"),
        (lambda x, keep_prob, rng: exit(), "calls exit()"),
        (lambda x, keep_prob, rng: sys.exit(1), "calls exit()"),
        (lambda x, keep_prob, rng: input(), "input() waits for a reader"),
        (lambda x, keep_prob, rng: 1 / 0, "raised ZeroDivisionError: division by zero (at: (lambda"),
        (lambda x: x, "raised TypeError"),
        (lambda x, keep_prob, rng: x.sum(axis=7), "(at: (lambda x, keep_prob, rng: x.sum(axis=7)"),  # not NumPy's line
        (lambda x, keep_prob, rng: None, "returns None"),
        (lambda x, keep_prob, rng: "text", "must return numbers, got str"),
        (3, "must be a function, got int"),
        (None, "must be a function, got NoneType"),
    ],
)
def test_whatever_happens_is_answered(capsys, answer, words):
    text = verdict(capsys, answer)
    assert text.startswith("dropout: not yet. ")
    assert words in text


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux alone")
@pytest.mark.parametrize("make", [np.ones, np.zeros, np.empty])
def test_a_huge_result_is_answered(capsys, make):
    assert "more than 1 GB of memory" in verdict(capsys, lambda x, keep_prob, rng: make((10**5, 10**5)))


def test_what_an_answer_prints_is_shown_but_not_for_ever(capsys):
    text = verdict(capsys, talkative)
    assert text.startswith("dropout: done. ")
    assert "your code printed: here I am!" in text
    assert text.count("here I am") == 3  # what fits into the first 200 characters


def test_progress_of_the_chapter(capsys):
    assert "chapter 02: ●○○○○ 1 of 5 done" in verdict(capsys, talkative)
    assert "chapter 02: ○○○○○ 0 of 5 done" in verdict(capsys, None)
    verdict(capsys, talkative)
    right = verdict(capsys, lambda x, keep_prob: x**2 * (1 - keep_prob) / keep_prob, "dropout_variance")
    assert "chapter 02: ●○●○○ 2 of 5 done" in right


def test_a_check_leaves_the_global_random_state_alone(capsys):
    # Silenced below: the old global generator is what learners use by mistake, so it is what must be guarded.
    np.random.seed(3)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    verdict(capsys, lambda x, keep_prob, rng: x * (np.random.random(len(x)) < keep_prob) / keep_prob)  # noqa: NPY002
    assert np.array_equal(np.random.get_state()[1], before)  # noqa: NPY002


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("dropuot", "got 'dropuot'; is it 'dropout'?"),
        ("no such thing at all", "got 'no such thing at all'$"),
        (3, "got 3$"),
    ],
)
def test_an_exercise_that_does_not_exist_is_named(name, words):
    with pytest.raises(ValueError, match=f"^name must be that of an exercise, {words.replace('?', '[?]')}"):
        check(name, print)
