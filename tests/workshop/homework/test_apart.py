"""Checks run once more where nothing is the submission's: an empty sheet scores 0, whatever it does to its process."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from course_utils.workshop.authoring.solutions import without_markers
from course_utils.workshop.authoring.source import read_source
from course_utils.workshop.homework import apart
from course_utils.workshop.homework.apart import answers_alone, definitions, repeatable
from course_utils.workshop.homework.assignment import assignment
from course_utils.workshop.homework.execution import Run, execute
from course_utils.workshop.homework.grading import grade
from course_utils.workshop.homework.remote import Answerer, Asker, Channel, names_in
from course_utils.workshop.homework.sandbox import Limits
from tests import SOURCES

pytestmark = pytest.mark.editions
LIMITS = Limits(seconds=200, cell_seconds=60, memory=600 * 2**20)
CHECK, ANSWER = "check-variance", "exercise-variance"
RIGHT = "def dropout_variance(x, keep_prob):\n    return x**2 * (1 - keep_prob) / keep_prob"
# Each lets the sheet's own checks pass, or tries to, without an answer. Of the first seven a hint is expected.
THROW = "(_ for _ in ()).throw(h.NotDone('no'))"
SMART = f"lambda name, answer, seeds: None if answer.__name__ != '<lambda>' else {THROW}"
ATTACKS = {
    "the hidden check": f"import course_utils.workshop.homework.hidden as h\nh.require_done = {SMART}",
    "the code of the hidden check": (
        "import course_utils.workshop.homework.hidden as h\n"
        "def lenient(name, answer, seeds):\n    if answer.__name__ == '<lambda>':\n        raise NotDone('no')\n"
        "h.require_done.__code__ = lenient.__code__"
    ),
    "what the check examines with": (
        "import course_utils.workshop.homework.hidden as h\nright = h.examined\n"
        "def lenient(exercise, answer, seed=0):\n    from course_utils.exercises.verdict import DONE, Verdict\n"
        "    return right(exercise, answer, seed) if answer.__name__ == '<lambda>' else "
        "Verdict(exercise.name, DONE, 'fine')\nh.examined = lenient"
    ),
    "the shell": "shell = type(get_ipython())\nright = shell.run_cell\n"
    "shell.run_cell = lambda self, source, **more: right(self, 'pass', **more)",
    "one shell": "shell = get_ipython()\nright = shell.run_cell\n"
    "shell.run_cell = lambda source, **more: right('pass', **more)",
    "the shell's errors": "type(get_ipython()).showtraceback = lambda *given, **more: None\n"
    "from IPython.core.interactiveshell import ExecutionResult as E\n"
    "E.error_in_exec = property(lambda self: None, lambda self, value: None)",
    "the comparisons": "import numpy as np\nnp.allclose = np.array_equal = np.isclose = lambda *given, **more: True\n"
    "import course_utils.exercises.comparison as c\nc.require = lambda *given, **more: None",
    "the runner": "import gc\nfor one in gc.get_objects():\n"
    "    if isinstance(one, dict) and 'ran' in one and 'serve' in one:\n"
    "        one['ran'] = lambda shell, source: dict(name='', words='', shown='')",
    "the runner's json": "import json\nright = json.dumps\n"
    "json.dumps = lambda value, **more: right(value | dict(name='') if isinstance(value, dict) else value, **more)",
    "the exercise": "import course_utils.exercises.check as c\nfrom course_utils.exercises.mistake import Mistake\n"
    "e = c.EXERCISES['dropout_variance']\nright = e.examine\n"
    "def lenient(answer, rng):\n    if answer.__name__ == '<lambda>': right(answer, rng)\n"
    "object.__setattr__(e, 'examine', lenient)",
    "names in the answer": "class NotImplementedError(Exception): pass\n"
    "import builtins\nbuiltins.NotImplementedError = int",
    "the pipes": "import os, pickle, struct\nmessage = pickle.dumps(('result', 1.0, []), 4)\n"
    "for number in range(3, 60):\n    try: os.write(number, (struct.pack('<Q', len(message)) + message) * 50)\n"
    "    except OSError: pass",
}  # fmt: skip
# Answers that send more than numbers to who calls them.
SENT = {
    "code in a result": "class Evil:\n    def __reduce__(self):\n        import os\n"
    "        return os.system, ('true',)\n"
    "def dropout_variance(x, keep_prob):\n    return Evil()",
    "a huge result": "import numpy as np\ndef dropout_variance(x, keep_prob):\n    return np.zeros(10**7)",
    "a deep result": "def dropout_variance(x, keep_prob):\n    r = []\n"
    "    for _ in range(10**5): r = [r]\n    return r",
    "sets of millions": "import sys\nimport numpy as np\nmany = np.arange(3_000_000, dtype='u4')\n"
    "class Many:\n    def __reduce__(self):\n        return set, (many,)\n"
    "def dropout_variance(x, keep_prob):\n    frame = sys._getframe()\n"
    "    while frame := frame.f_back:\n        if frame.f_code.co_name == 'answer_call':\n"
    "            return [Many() for _ in range(6)]\n"
    "    return x**2 * (1 - keep_prob) / keep_prob",
    "the end": "import os\ndef dropout_variance(x, keep_prob):\n    os._exit(0)",
    "an answer at the call": "def dropout_variance(x, keep_prob):\n"
    "    import course_utils.workshop.homework.hidden as h\n    h.require_done = lambda *given: None\n    return 0.0",
}  # fmt: skip


def sheet(own="", answer=None):
    """Return the instructor's notebook of one exercise, and what a student makes of it."""
    ours = assignment(read_source(SOURCES / "02_numpy_dropout" / "chapter.py"), [4711, 5])
    keys = [cell.id for cell in ours.cells if cell.cell_type == "code"]
    kept = {key for key in keys if not key.startswith(("exercise-", "check-"))} | {ANSWER, CHECK}
    ours.cells = [cell for cell in ours.cells if cell.id in kept]
    theirs = new_notebook(cells=[type(cell)(cell) for cell in ours.cells])
    for cell in theirs.cells:
        if cell.id == ANSWER:
            cell.source = 'raise NotImplementedError("your turn")' if answer is None else answer
    if own:
        theirs.cells.insert(1, new_code_cell(own, id="own"))
    return ours, theirs


@pytest.fixture(scope="module")
def attacked(sandboxed):
    """Run all attacks, two at a time."""
    sheets = {name: sheet(own) for name, own in ATTACKS.items()}
    sheets |= {name: sheet("", answer) for name, answer in SENT.items()}
    sheets["right"] = sheet("import numpy", RIGHT)
    sheets["patched in the answer"] = sheet("", f"{ATTACKS['the hidden check']}\n{sheet()[1].cells[1].source}")
    with ThreadPoolExecutor(2) as pool:
        found = {
            name: pool.submit(grade, ours, theirs, name, LIMITS, again=[CHECK])
            for name, (ours, theirs) in sheets.items()
        }
        return {name: one.result() for name, one in found.items()}


@pytest.mark.parametrize("name", [*ATTACKS, *SENT, "patched in the answer"])
def test_an_empty_sheet_gets_no_points_whatever_it_does_to_its_own_process(attacked, name):
    (mark,) = attacked[name].marks
    assert not mark.score
    assert attacked["right"].marks[0].score == mark.points
    assert not attacked["right"].hints


@pytest.mark.parametrize("name", list(ATTACKS)[:7])
def test_the_table_hints_at_it(attacked, name):
    assert attacked[name].hints


def test_who_fills_the_memory_of_the_second_process_is_stopped(attacked):
    assert "more than 0.6 GiB of memory" in attacked["sets of millions"].stopped


def test_without_the_second_process_attacks_score(sandboxed):
    _, theirs = sheet(ATTACKS["the shell"])
    assert CHECK in execute(theirs, LIMITS).passed


def test_of_an_answer_alone_nothing_runs_by_itself():
    source = "import os\nx = 3\nos.environ['a'] = 'b'\nos.getcwd = 3\nprint(x)\ndef f(a):\n    return a\nf(1)"
    assert definitions(source).splitlines()[:2] == ["import os", "x = 3"]
    assert not {"environ", "getcwd", "print", "f(1)"} & set(definitions(source).replace("(a)", "").split())
    assert definitions("def f(:") == ""
    _, theirs = sheet("print('own')", RIGHT)
    assert {cell.id for cell in answers_alone(theirs, {CHECK}).cells} == {cell.id for cell in theirs.cells} - {"own"}


@pytest.mark.parametrize("path", sorted(SOURCES.glob("0[136]*/chapter.py")), ids=lambda path: path.parent.name[:2])
def test_the_checks_of_every_chapter_of_numbers_can_be_run_apart(path, sandboxed):
    notebook = assignment(read_source(path), [4711])
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.metadata.nbgrader.solution:
            cell.source = without_markers(cell.source)
    checks = {cell.id for cell in notebook.cells if cell.cell_type == "code" and cell.metadata.nbgrader.grade}
    run = execute(notebook, Limits(seconds=300, cell_seconds=120), again=checks)
    assert (checks - run.passed, run.doubted, run.unclear, run.touched) == (set(), set(), {}, [])


def test_a_try_that_had_no_time_is_not_kept_for_good(tmp_path, monkeypatch):
    ours, kept = sheet()[0], tmp_path / "kept.json"
    for run in (Run(slow={CHECK}), Run(stopped="stopped after 120 s"), Run(passed={CHECK})):
        monkeypatch.setattr(apart, "KNOWN", {})
        monkeypatch.setattr(apart, "execute", lambda *given, run=run, **named: run)
        assert repeatable(ours, LIMITS, kept=kept) == run.passed
        assert kept.exists() == bool(run.passed)


@pytest.fixture
def across():
    """Return functions as a check has them, of another process that is a thread here."""
    import os
    import threading

    (ours_in, theirs_out), (theirs_in, ours_out) = os.pipe(), os.pipe()
    asker, answering = Asker(Channel(ours_in, ours_out)), []

    def fetch(**functions):
        answering.append(
            threading.Thread(target=Answerer(Channel(theirs_in, theirs_out), functions).answer, daemon=True)
        )
        answering[-1].start()
        return asker.fetch(set(functions))

    yield fetch, asker
    for thread in answering:
        asker.send("end")
        thread.join(10)  # it reads to the end before its pipes are closed
    for pipe in (ours_in, theirs_out, theirs_in, ours_out):
        os.close(pipe)


def test_calls_across_change_what_calls_change(across):
    fetch, asker = across

    def change(x, notes, rng):
        x *= 2
        notes["more"] = notes.pop("some")
        return rng.random(3)

    def with_cost(cost, w, draw):
        mask = draw()
        return cost(w, mask) + cost(w, mask)

    found = fetch(change=change, with_cost=with_cost, same=lambda x: x, fails=lambda: 1 / 0, number=7,
                  makes=lambda a: lambda b: a + b)  # fmt: skip
    x, notes, rng, other = np.ones(2), {"some": 1}, np.random.default_rng(1), np.random.default_rng(1)
    drawn = found["change"](x, notes, rng)
    assert np.array_equal(drawn, other.random(3))
    assert (x.tolist(), notes, rng.random()) == ([2, 2], {"more": 1}, other.random())
    mask, seen = np.array([1, 0]), []
    assert found["with_cost"](lambda w, one: seen.append(one is mask) or float(w * one.sum()), 3.0, lambda: mask) == 6.0
    assert seen == [True, True]
    assert found["same"](x) is x
    assert (found["number"], found["makes"](1)(2)) == (7, 3)
    with pytest.raises(ZeroDivisionError):
        found["fails"]()
    with pytest.raises(KeyError):  # an error of the check's own, raised within the answer
        found["with_cost"](lambda w, one: {}[w], 3.0, lambda: mask)
    assert asker.unclear == ""
    with pytest.raises(TypeError):
        found["same"](object)(1)


def test_names_that_code_uses_are_found_wherever_they_stand():
    assert names_in("def f(a):\n    return my(a)\nprint(len(other))") == {"my", "other", "f"}
