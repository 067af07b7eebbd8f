"""The tables of ``make confusion`` say what happened, and the command fails when something is off."""

import pytest

from . import confusion, planted

GOOD = confusion.Measured("mean", (("m-missing", ("m-missing",)), ("m-twice", ("m-twice",))), 2, (), (0.1, 0.2, 0.4))
CONFUSED = confusion.Measured(
    "sum",
    (
        ("m-missing", ("m-missing",)),
        ("m-missing", ("m-missing", "m-twice")),
        ("m-twice", ("wrong-value",)),
        ("half-kept", ("done",)),
    ),
    1,
    ("sum, loop, seed 3: refused",),
    (0.5,),
)


def test_a_matrix_has_a_row_for_each_planted_and_a_column_for_each_diagnosed_misconception():
    assert [line.split() for line in CONFUSED.matrix().splitlines()] == [
        ["sum", "answers", *"abcde"],
        ["a", "m-missing", "2", "2", "1", ".", ".", "."],
        ["b", "m-twice", "1", ".", ".", ".", ".", "1"],
        ["c", "half-kept", "1", ".", ".", ".", "1", "."],
        ["d", "done", "not", "planted"],
        ["e", "wrong-value", "not", "planted"],
    ]
    assert (GOOD.own(), CONFUSED.own()) == (2, 1)


def test_a_report_ends_with_sums_and_false_alarms():
    lines = confusion.report([GOOD, CONFUSED], 3).splitlines()
    assert "planted 6, always diagnosed as their own misconception 3, others 3" in lines
    assert lines[-4].split() == ["mean", "2", "2", "0.200", "0.400", "3", "0"]
    assert lines[-3].split() == ["sum", "1", "4", "0.500", "0.500", "1", "1"]
    assert lines[-2].split() == ["2", "exercises", "3", "6", "0.300", "0.500", "4", "1"]
    assert lines[-1] == "sum, loop, seed 3: refused"


def test_all_is_well_only_on_the_diagonal_and_without_false_alarms():
    alarm = confusion.Measured("mean", GOOD.wrong, 2, ("mean, loop, seed 0: refused",), GOOD.seconds)
    twice = confusion.Measured("mean", (("m-twice", ("m-twice", "m-missing")),), 2, (), GOOD.seconds)
    assert confusion.all_well([GOOD, GOOD])
    for bad in (CONFUSED, alarm, twice):
        assert not confusion.all_well([GOOD, bad])


def test_the_planted_answers_of_one_exercise(capsys):
    assert confusion.main(["test_output", "--seeds", "2", "--workers", "1"]) == 0
    out = capsys.readouterr().out
    n = len(planted.WRONG["test_output"])
    assert f"planted {n}, always diagnosed as their own misconception {n}, others 0" in out
    assert "false alarms in 2 seeds" in out


@pytest.mark.parametrize("off", ["wrong", "right"])
def test_the_command_fails_when_something_is_off(monkeypatch, capsys, off):
    def right(a, W, b, q):
        return W @ (q * a) + b

    if off == "wrong":
        monkeypatch.setitem(planted.WRONG, "test_output", [("bias-missing", lambda a, W, b, q: W @ a + b)])
    else:
        answers = {"sound": right, "off by a little": lambda *given: right(*given) + 0.1}
        monkeypatch.setitem(planted.RIGHT, "test_output", answers)
    assert confusion.main(["test_output", "--seeds", "2", "--workers", "1"]) == 1
    out = capsys.readouterr().out
    assert ("test-scale-missing" in out.split("planted")[1]) if off == "wrong" else ("off by a little, seed 1" in out)
