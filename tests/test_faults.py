"""The planted faults of `make faults`: each can still be planted, and the command tells caught ones from others."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from dataclasses import replace

import pytest

from tests import faults
from tests.faults import Fault, obstacle, read_faults

FAULTS = read_faults()
ROOMS = {"lesson", "figures", "live", "exercises", "authoring", "homework", "pages"}  # pages: site, slides, demos


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_every_fault_can_be_planted_in_the_tree_as_it_stands(fault):
    assert obstacle(fault, faults.ROOT) == ""
    assert fault.suffers


def test_there_are_enough_and_some_in_every_room():
    assert len({fault.id for fault in FAULTS}) == len(FAULTS) >= 40
    of_room = Counter(fault.room for fault in FAULTS)
    assert set(of_room) >= ROOMS
    assert min(of_room[room] for room in ROOMS) >= 4


@pytest.fixture
def tree(tmp_path):
    """A tree with one module and its tests, one of which is red whatever one does."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "double.py").write_text("def double(x):\n    return 2 * x\n")
    test = "from double import double\n\ndef test_two():\n    assert double(2) == 4\n"
    (tmp_path / "tests" / "test_two.py").write_text(test)
    (tmp_path / "tests" / "test_red.py").write_text("def test_red():\n    assert False\n")
    return tmp_path


FAULT = Fault("twice", "sums", "double.py", "2 * x", "3 * x", ("tests/test_two.py",), "sums are wrong")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, ""),
        ({"file": "treble.py"}, "there is no treble.py"),
        ({"old": "2 - x"}, "its old text stands 0 times in double.py, once is needed"),
        ({"old": "x"}, "its old text stands 2 times in double.py, once is needed"),
        ({"new": "2 * x"}, "its new text is the old one"),
        ({"tests": ("tests/test_two.py", "tests/test_gone.py")}, "there is no tests/test_gone.py"),
        ({"tests": ("tests/test_two.py::test_two",)}, ""),
        ({"tests": ("tests/test_two.py::test_tw",)}, "there is no tests/test_two.py::test_tw"),
        ({"tests": ()}, "no tests are named"),
    ],
)
def test_why_a_fault_cannot_be_planted_is_said(tree, change, words):
    assert obstacle(replace(FAULT, **change), tree) == words


ROW = """[[fault]]
id = "{id}"
room = "sums"
file = "double.py"
old = "{old}"
new = "{new}"
tests = ["{tests}"]
suffers = "sums are wrong"
"""
VERDICTS = {
    "caught": ("2 * x", "3 * x", "tests/test_two.py", "tests/test_two.py::test_two"),
    "unseen": ("2 * x", "x * 2", "tests/test_two.py", "NOT CAUGHT: 1 passed in"),
    "no-python": ("2 * x", "2 *", "tests/test_two.py", "BROKEN: "),
    "red-before": ("2 * x", "3 * x", "tests/test_red.py", "RED WITHOUT THE FAULT TOO: tests/test_red.py::test_red"),
    "gone": ("4 * x", "3 * x", "tests/test_two.py", "DOES NOT APPLY: its old text stands 0 times"),
}


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_only_what_a_test_finds_and_none_finds_without_it_is_caught(tree, capsys):
    rows = [ROW.format(id=id, old=old, new=new, tests=tests) for id, (old, new, tests, _) in VERDICTS.items()]
    (tree / "tests" / "faults.toml").write_text("\n".join(rows))
    subprocess.run(["git", "init", "--quiet", str(tree)], check=True)
    before = {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}
    assert faults.main(["--jobs", "2"], tree) == 1
    said = capsys.readouterr().out
    table = said.partition("\n\n")[2]
    for id, (*_, verdict) in VERDICTS.items():
        assert any(line.split()[1:2] == [id] and verdict in line for line in table.splitlines()), said
    assert "1 of 5 planted faults caught" in said
    assert {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()} == before
    assert faults.main(["caught"], tree) == 0


@pytest.mark.parametrize(
    ("words", "said"), [(["nobody"], "ID must be among"), (["--room", "no"], "room must be one of")]
)
def test_a_wrong_name_is_answered_with_the_right_ones(words, said, capsys):
    with pytest.raises(SystemExit):
        faults.main(words)
    assert said in capsys.readouterr().err
