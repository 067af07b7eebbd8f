"""No check takes a changed solution for the right one; and the mutants that show it are real ones."""

import pytest

from course_utils.exercises.check import EXERCISES
from course_utils.exercises.comparison import require_values
from course_utils.exercises.exercise import Exercise

from . import mutation

HALF = '''\
def half(x, m):
    """Return x / 2, never x + 2."""
    # x - 2 would be wrong
    if x > 0:
        x = x / 2
    return abs(float(x))
'''


@pytest.mark.slow  # `make mutants` says more
@pytest.mark.parametrize("name", mutation.names_of([]))
def test_every_mutant_is_noticed_or_explained(name):
    result = mutation.examine_mutants(name)
    assert result.killed
    assert result.unexplained() == []
    assert result.gone() == []


def test_explanations_are_of_exercises_and_have_words():
    assert {name for name, _, _ in mutation.SURVIVORS} <= set(EXERCISES)
    assert all(reason for reason in mutation.SURVIVORS.values())


@pytest.mark.parametrize(
    ("line", "changes"),
    [
        ("x = x / 2", {"x = x * 2", "x = x / 3", "x = x", "x = 2", "x = m / 2", "pass"}),
        ("if x > 0:", {"if x >= 0:", "if not x > 0:", ""}),
        ("return abs(float(x))", {"return abs(x)", "return float(x)", "pass"}),
    ],
)
def test_each_kind_of_mutant_is_made(line, changes):
    assert changes <= {new for (old, new), _ in mutation.mutants(HALF) if old == line}


def test_each_mutant_is_made_once_and_a_text_is_no_code():
    sources = [source for _, source in mutation.mutants(HALF)]
    assert len(sources) == len(set(sources))
    assert all("Return x / 2, never x + 2." in source for source in sources)


def test_a_keyword_is_left_out_and_the_words_of_an_error_are_free():
    changes = dict(mutation.mutants("def f(x):\n    return np.sum(x, axis=1)\n"))
    assert ("return np.sum(x, axis=1)", "return np.sum(x)") in changes
    text = 'def f(x, y):\n    raise ValueError(f"x is {x}")\n'
    assert not [change for change, _ in mutation.mutants(text) if "{y}" in change[1]]


def test_lines_of_a_change():
    assert mutation.change("a\nb\nc", "a\nB\nc") == ("b", "B")
    assert mutation.change("a\nb\nc", "a\nc") == ("b", "")
    assert mutation.change("a\n    b\nc\nd", "a\nb\nC\nd") == ("c", "C")


CASES = {
    "strong": [(3.0, 1.0), (-2.0, 1.0), (0.0, 1.0)],
    "positive alone": [(3.0, 1.0), (5.0, 2.0)],
    "blind": [(0.0, 1.0)],
}


@pytest.fixture
def exercise_with(monkeypatch, tmp_path):
    """Make the only exercise one that is examined with some cases."""

    def make(cases):
        def right(x, m):
            return abs(x / 2) if x > 0 else abs(x)

        def examine(answer, rng):
            require_values(answer, cases, right)

        path = tmp_path / "00_chapter.py"
        path.write_text("import math\n", encoding="utf-8")
        monkeypatch.setattr(mutation, "EXERCISES", {"half": Exercise("dropout", examine)})
        monkeypatch.setattr(mutation, "solutions", lambda: {"half": (path, HALF)})
        return mutation.examine_mutants("half")

    return make


def test_the_weaker_the_check_the_more_survive(exercise_with):
    strong, positive, blind = (set(exercise_with(cases).survived) for cases in CASES.values())
    assert ("x = x / 2", "x = x / 3") not in strong | positive
    assert ("if x > 0:", "") in positive - strong
    assert ("x = x / 2", "x = x / 3") in blind
    assert ("if x > 0:", "if x >= 0:") in strong  # the same after all
    assert len(strong) < len(positive) < len(blind)


def test_a_survivor_needs_a_reason_and_a_reason_a_survivor(exercise_with, monkeypatch):
    result = exercise_with(CASES["strong"])
    assert set(result.unexplained()) == set(result.survived)
    monkeypatch.setattr(mutation, "SURVIVORS", {("half", *change): "the same" for change in result.survived})
    assert (result.unexplained(), result.gone()) == ([], [])
    assert "# the same" in mutation.report([result])
    assert "0 of them unexplained; 0 explained that do not survive" in mutation.report([result])

    wrong = ("x = x / 2", "x = x / 3")
    monkeypatch.setitem(mutation.SURVIVORS, ("half", *wrong), "thought so")
    assert result.gone() == [wrong]
    assert "x = x / 2  ->  x = x / 3    # EXPLAINED, BUT NO SURVIVOR" in mutation.report([result])


def test_a_solution_that_is_refused_is_an_error(exercise_with):
    with pytest.raises(AssertionError, match="the solution itself is refused"):
        exercise_with([("text", 1.0)])


def test_the_command_says_no_for_an_unexplained_survivor(monkeypatch, capsys):
    words = ["--only", "batch_mask"]
    assert mutation.main(words) == 0
    assert "1 exercises: " in capsys.readouterr().out
    monkeypatch.setattr(mutation, "SURVIVORS", {})
    assert mutation.main(words) == 1
    assert "# NOT EXPLAINED" in capsys.readouterr().out
