"""A cell that failed leaves the function before it standing, and a check says so instead of judging that one."""

import re
import sys

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from nbclient import NotebookClient
from traitlets.config import Config

from course_utils.exercises.check import solution
from course_utils.exercises.failed_cells import FailedCells
from course_utils.exercises.verdict import DONE, NOT_YET
from tests import ROOT

from . import MODULE

IMPORTS = "from course_utils.exercises import check"
RIGHT = """\
def mine(x, keep_prob):
    return x**2 * (1 - keep_prob) / keep_prob
"""
CHECK = 'check("dropout_variance", mine)'
# Cells that do not come to define `mine`: kind of the error, number of the line, its text.
FAILING = {
    "syntax": (RIGHT + "    return (x\n", "SyntaxError", 3, "return (x"),
    "syntax above": ("x = = 3\n" + RIGHT, "SyntaxError", 1, "x = = 3"),
    "indentation": (
        RIGHT.replace("    ", "", 1) + "\n",
        "IndentationError",
        2,
        "return x**2 * (1 - keep_prob) / keep_prob",
    ),
    "before": ("first = 1\nfirst / 0\n" + RIGHT, "ZeroDivisionError", 2, "first / 0"),
    "decorator": ("import math\n\n@math.nothing\n" + RIGHT, "AttributeError", 3, "@math.nothing"),
    "default": (
        RIGHT.replace("keep_prob)", "keep_prob=unheard)", 1),
        "NameError",
        1,
        "def mine(x, keep_prob=unheard):",
    ),
    "magic": ("%matplotlib unheard-of\n" + RIGHT, "", 1, "%matplotlib unheard-of"),
    "shell": ("!true\n1 / 0\n" + RIGHT, "ZeroDivisionError", 2, "1 / 0"),
    "lambda": ("mine = lambda x, q: x if\n", "SyntaxError", 1, "mine = lambda x, q: x if"),
    "made": ("make = None\nmine: object = make()\n", "TypeError", 2, "mine: object = make()"),
    "class": ("class mine(unheard):\n    pass\n", "NameError", 1, "class mine(unheard):"),
    "deep": (f"{IMPORTS}, hint\nhint(3)\n" + RIGHT, "ValueError", 2, "hint(3)"),  # the line is the reader's
    "within": ("def helper():\n    1 / 0\n\nhelper()\n" + RIGHT, "ZeroDivisionError", 4, "helper()"),
    "stopped": ("raise KeyboardInterrupt\n" + RIGHT, "KeyboardInterrupt", 1, "raise KeyboardInterrupt"),
}
# Cells after which the function that stands is what its reader means.
JUDGED = {
    "works": RIGHT,
    "defined, then failed": RIGHT + "1 / 0\n",
    "as it was": "mine = mine\n",
    "another name": "other = = 3\n",
    "a call": "mine(3)\n",
    "a comparison": "mine == unheard\n",
    "an indented name": "class Other(unheard):\n    def mine(self):\n        pass\n",
}


@pytest.fixture
def shell(monkeypatch):
    """An IPython whose cells are watched, and that keeps no history."""
    config = Config()
    config.HistoryManager.enabled = False
    shell = InteractiveShell.instance(config=config)
    monkeypatch.setattr(MODULE, "CELLS", FailedCells(shell))
    run(shell, IMPORTS)
    yield shell
    shell.restore_sys_module_state()
    InteractiveShell.clear_instance()


def run(shell, cell):
    with capture_output() as captured:
        result = shell.run_cell(cell)
    assert "Error in callback" not in captured.stdout + captured.stderr
    return result


def verdict(shell, cell=CHECK):
    assert run(shell, cell).success
    return MODULE.LAST["dropout_variance"]


@pytest.mark.parametrize("name", FAILING)
def test_a_failed_cell_is_told_with_its_error_and_line_until_it_runs(shell, name):
    cell, kind, number, line = FAILING[name]
    run(shell, RIGHT)
    assert verdict(shell).outcome == DONE
    assert not run(shell, cell).success
    found = verdict(shell)
    assert (found.outcome, found.misconception) == (NOT_YET, "cell-failed")
    case = dict(found.case)
    assert case[f"line {number}"] == line
    assert case["error"].startswith(kind)
    assert set(case) == {"error", f"line {number}"}
    run(shell, RIGHT)
    assert verdict(shell).outcome == DONE


@pytest.mark.parametrize("name", JUDGED)
def test_what_a_cell_did_define_or_does_not_concern_is_judged(shell, name):
    run(shell, RIGHT.replace("**2", ""))
    run(shell, JUDGED[name])
    assert verdict(shell).misconception != "cell-failed"
    assert (verdict(shell).outcome == DONE) == (RIGHT in JUDGED[name])


def test_an_answer_with_another_name_is_judged(shell):
    run(shell, RIGHT + RIGHT.replace("mine", "other"))
    run(shell, FAILING["syntax"][0])
    assert verdict(shell, 'check("dropout_variance", other)').outcome == DONE
    assert verdict(shell).misconception == "cell-failed"
    run(shell, "mine = mine")  # the reader means the one that stands
    assert verdict(shell).outcome == DONE
    run(shell, "kept = mine")
    run(shell, RIGHT + "1 / 0\n")
    assert verdict(shell, 'check("dropout_variance", kept)').outcome == DONE


def test_a_class_that_stands_is_told(shell):
    run(shell, "class Mine:\n    pass\n")
    run(shell, "class Mine:\n    pass)\n")
    assert verdict(shell, 'check("dropout_variance", Mine)').misconception == "cell-failed"


def test_a_failed_cell_is_no_try(shell, capsys):
    run(shell, RIGHT)
    run(shell, FAILING["default"][0])
    verdict(shell)
    solution("dropout_variance")
    assert "try it first" in capsys.readouterr().out


def test_nothing_is_kept_of_cells_that_work(shell):
    for cell in (*JUDGED.values(), RIGHT, CHECK):
        run(shell, cell)
    cells = MODULE.CELLS
    assert (cells.before, cells.failures) == ({}, {})


def test_in_a_kernel_the_cells_are_watched_from_the_first_import(monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    sources = [IMPORTS, RIGHT, FAILING["syntax"][0], CHECK, FAILING["default"][0], CHECK, RIGHT, CHECK]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    NotebookClient(notebook, kernel_name="python3", allow_errors=True, timeout=120).execute()
    said = [cell.outputs[0].data["text/plain"] for cell in notebook.cells if cell.source == CHECK]
    assert re.search(r"error: SyntaxError: .*[a-z]\n    line 3: return \(x\n", said[0])  # Python's word, no file's name
    assert "NameError: name 'unheard' is not defined" in said[1]
    assert said[2].startswith("dropout_variance: done.")


def test_without_ipython_nothing_is_watched():
    assert "IPython" in sys.modules  # but no shell runs
    assert MODULE.CELLS is None
