import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from course_utils.authoring.solutions import without_markers
from course_utils.homework import grading
from course_utils.homework.assignment import write_assignment
from course_utils.homework.grading import grade_folder, into_gradebook, merged, table
from course_utils.homework.sandbox import contained

SOURCE = Path(__file__).parents[2] / "notebooks" / "source" / "02_numpy_dropout.py"
NAME = "homework02/02_numpy_dropout.ipynb"
BATCH = "def batch_mask(a, keep_prob, rng):\n    return rng.random((len(a), 1)) < keep_prob"
UNSCALED = """def my_dropout(x, keep_prob, rng):
    if not 0 < keep_prob <= 1:
        raise ValueError
    return x * (rng.random(x.shape) < keep_prob)"""
needs_sandbox = pytest.mark.skipif(bool(contained()), reason=f"submissions cannot be contained here: {contained()}")


@pytest.fixture
def course(tmp_path):
    write_assignment(SOURCE, tmp_path, [5, 6])
    return tmp_path


def submit(course, student, answers=None, own=""):
    """Hand in the right answers, or others for some cells; none at all for answers "empty"."""
    ours, theirs = (nbformat.read(course / kind / NAME, 4) for kind in ("source", "release"))
    for right, cell in zip(ours.cells, theirs.cells, strict=True):
        if cell.metadata.nbgrader.solution and answers != "empty":
            text = without_markers(right.source) if cell.cell_type == "code" else "<script>alert(1)</script>"
            cell.source = (answers or {}).get(cell.id, text)
    if own:
        theirs.cells.insert(2, nbformat.v4.new_code_cell(own))
    path = course / "submitted" / student / NAME
    path.parent.mkdir(parents=True)
    nbformat.write(theirs, path)
    return path


def graded(course, workers=1):
    found = grade_folder(course / "source" / NAME, course / "submitted", course / "results", workers=workers)
    return {one.student: one for one in found}


@needs_sandbox
def test_scores_and_feedback(course):
    submit(course, "right")
    submit(course, "empty", "empty")
    submit(course, "wrong", {"exercise-dropout": UNSCALED, "exercise-batch": BATCH})
    submit(
        course, "liar", "empty", own="import course_utils.homework.hidden as h\nh.require_done = lambda *given: None"
    )
    submit(course, "gone", {"exercise-dropout": "import os; os._exit(0)"})
    (submit(course, "noise")).write_text("no notebook")
    found = graded(course, workers=2)
    assert {student: one.score for student, one in found.items()} == {
        "right": 12, "empty": 0, "wrong": 8, "liar": 0, "gone": 2, "noise": 0,
    }  # fmt: skip
    named = [mark.misconception for mark in found["wrong"].marks if mark.score == 0]
    assert named == ["scale-missing", "mask-shared-by-examples"]
    html = (course / "results" / "wrong.html").read_text()
    assert "Kept values are not divided by keep_prob" in html
    assert "<script>" not in html
    rows = list(csv.DictReader(io.StringIO(table(list(found.values())))))
    assert [row["score"] for row in rows] == [str(float(one.score)) for one in found.values()]
    assert {row["vector-answer"] for row in rows if row["student"] == "right"} == {""}


@needs_sandbox
def test_what_is_graded_is_not_graded_again_unless_it_changed(course):
    path = submit(course, "one")
    submit(course, "two")
    graded(course)
    before = {student: (course / "results" / f"{student}.json").stat().st_mtime_ns for student in ("one", "two")}
    path.write_text(path.read_text().replace("keep_prob * a", "a"))
    assert graded(course)["one"].score == 10
    assert (course / "results" / "one.json").stat().st_mtime_ns != before["one"]
    assert (course / "results" / "two.json").stat().st_mtime_ns == before["two"]


@needs_sandbox
def test_a_killed_grader_is_taken_up_again(course):
    students = [f"s{number}" for number in range(8)]
    for student in students:
        submit(course, student)
    results = course / "results"
    code = (
        "from course_utils.homework.grading import grade_folder; from pathlib import Path\n"
        "if __name__ == '__main__':\n"
        f"    course, name = Path({str(course)!r}), {NAME!r}\n"
        "    grade_folder(course / 'source' / name, course / 'submitted', course / 'results', workers=1)"
    )
    script = course / "run.py"
    script.write_text(code)
    process = subprocess.Popen([sys.executable, script], start_new_session=True)
    end = time.monotonic() + 60
    while len(list(results.glob("*.json"))) < 2 and time.monotonic() < end:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    kept = {path: path.stat().st_mtime_ns for path in results.glob("*.json")}
    assert 2 <= len(kept) < len(students)
    assert all(json.loads(path.read_text())["marks"] for path in kept)
    assert {one.score for one in graded(course).values()} == {12}
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert sorted(path.stem for path in results.glob("*.json")) == students


def test_read_only_cells_and_outputs_of_a_submission_do_not_count(course):
    ours, theirs = (nbformat.read(course / kind / NAME, 4) for kind in ("source", "release"))
    for cell in theirs.cells:
        cell.source = "forged"
    del theirs.cells[5]
    run = merged(ours, theirs)
    assert sorted(cell.id for cell in run.cells) == sorted(cell.id for cell in ours.cells)
    texts = {cell.id: cell.source for cell in ours.cells}
    for cell in run.cells:
        assert cell.source == ("forged" if cell.metadata.nbgrader.solution else texts[cell.id])


def test_nothing_runs_where_nothing_contains_it(course, monkeypatch):
    submit(course, "one")
    monkeypatch.setattr(grading, "contained", lambda: "no namespaces")
    with pytest.raises(grading.ChapterError, match="would run as you: no namespaces"):
        graded(course)


@needs_sandbox
@pytest.mark.filterwarnings("default")  # nbgrader's own
def test_scores_reach_nbgraders_gradebook(course, monkeypatch):
    api = pytest.importorskip("nbgrader.api", reason="nbgrader is not installed; only its gradebook needs it")
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    # nbgrader makes its database with a program beside its Python.
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    submit(course, "one", {"exercise-batch": BATCH})
    database = f"sqlite:///{course}/gradebook.db"
    settings = Config()
    settings.CourseDirectory.root, settings.CourseDirectory.db_url = str(course), database
    answer = NbGraderAPI(config=settings).generate_assignment("homework02", force=True)
    assert answer["success"], answer["log"]
    into_gradebook(list(graded(course).values()), database, "homework02", "02_numpy_dropout")
    with api.Gradebook(database) as book:
        found = book.find_submission("homework02", "one")
        assert (found.score, found.max_score, found.needs_manual_grade) == (10, 20, True)
