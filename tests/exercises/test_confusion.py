"""The table of ``make confusion`` says what happened, and the command fails when something is off."""

from xml.etree import ElementTree

import pytest

from course_utils.texts import texts

from . import confusion, planted

GOOD = confusion.Measured("mean", (("m-missing", ("m-missing",)), ("m-twice", ("m-twice",))), 2, (), (0.1, 0.2, 0.4))
CONFUSED = confusion.Measured(
    "sum",
    (("m-missing", ("m-missing",)), ("m-missing", ("m-missing", "m-twice")), ("half-kept", ("done",))),
    1,
    ("sum, loop, seed 3: refused",),
    (0.5,),
)


def test_a_report_has_a_row_for_each_exercise_sums_and_what_is_off():
    lines = confusion.report([GOOD, CONFUSED], 3).splitlines()
    assert [line.split() for line in lines[3:6]] == [
        ["mean", "2", "2", "0", "0.200", "0.400", "3", "0"],
        ["sum", "1", "3", "2", "0.500", "0.500", "1", "1"],
        ["2", "exercises", "3", "5", "2", "0.300", "0.500", "4", "1"],
    ]
    assert lines[6:] == [
        "sum: m-missing taken for m-missing, m-twice",
        "sum: half-kept taken for done",
        "sum, loop, seed 3: refused",
    ]


@pytest.mark.parametrize("off", ["", "wrong", "right"])
def test_the_command_fails_when_something_is_off(monkeypatch, capsys, off):
    def right(a, W, b, q):
        return W @ (q * a) + b

    if off == "wrong":
        monkeypatch.setitem(planted.WRONG, "test_output", [("bias-missing", lambda a, W, b, q: W @ a + b)])
    if off == "right":
        answers = {"sound": right, "off by a little": lambda *given: right(*given) + 0.1}
        monkeypatch.setitem(planted.RIGHT, "test_output", answers)
    assert confusion.main(["test_output", "--seeds", "2", "--workers", "1"]) == bool(off)
    out = capsys.readouterr().out
    assert "right ones with 2 seeds" in out
    assert ("bias-missing taken for test-scale-missing" in out) == (off == "wrong")
    assert ("off by a little, seed 1" in out) == (off == "right")


def test_the_page_says_what_was_planted_and_by_what_each_misconception_is_known(tmp_path):
    path = tmp_path / "new" / "page.html"
    assert confusion.main(["test_output", "--seeds", "1", "--workers", "1", "--page", str(path)]) == 0
    page = ElementTree.fromstring(
        path.read_text(encoding="utf-8").partition("</title>")[2].removesuffix("</html>\n").join(("<p>", "</p>"))
    )
    rows = [[cell.text for cell in row] for row in page.iter("tr")]
    planted_here = {misconception for misconception, _ in planted.WRONG["test_output"]}
    assert {row[0] for row in rows if row[0] == row[1]} == planted_here
    known = {name: entry["sign"] for name, entry in texts("en").items() if "belief" in entry}
    assert {row[0]: row[2] for row in rows if row[0] in known and row[0] != row[1]}.items() <= known.items()
    assert sum(row[0] in known for row in rows) >= len(known)
