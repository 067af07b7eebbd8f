"""A whole class graded once: scores, feedback, and what hostile submissions got hold of."""

import csv
import io
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.notebook import read_notebook
from course_utils.workshop.homework import grading
from course_utils.workshop.homework.course import grade_homework, grading_summary
from course_utils.workshop.homework.feedback import table, total_points
from course_utils.workshop.homework.grading import Graded, Mark, grade_folder, spoken
from course_utils.workshop.homework.sandbox import PACKAGE
from course_utils.workshop.homework.submission import LOST, merged, read_submission

from .submissions import ASSIGNMENT, CHAPTER, FILE, MARK, NAME, REWRITTEN, SAME, TEXT, hand_in, planted, rewrite, until

pytestmark = pytest.mark.editions  # a whole class takes more than a minute
STUDENTS = list(planted(Path(), 0, ""))
GRADE = """
import sys
from pathlib import Path
from course_utils.workshop.homework.grading import grade_folder
grade_folder(*map(Path, sys.argv[2:]), workers=int(sys.argv[1]))
"""


def shown(classroom, student):
    """Return all that the cells of a submission showed."""
    notebook = nbformat.read(classroom.course / "results" / ASSIGNMENT / f"{student}.ipynb", 4)
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return "\n".join(output.get("text", output.get("evalue", "")) for output in outputs)


def page(classroom, student):
    return (classroom.course / "feedback" / student / ASSIGNMENT / FILE.replace("ipynb", "html")).read_text()


@pytest.mark.parametrize("student", STUDENTS)
def test_a_submission_gets_the_score_and_the_words_it_deserves(classroom, student):
    expected, one = classroom.expected[student], classroom.graded[student]
    assert not one.failed
    assert (total_points(one, {}), one.contained) == (expected.score, True), [mark.words for mark in one.marks]
    assert (expected.stopped in one.stopped) if expected.stopped else one.stopped == ""
    for words in (*expected.said, expected.stopped):
        assert words in page(classroom, student)
    assert "<script>" not in page(classroom, student)


def test_files_that_are_no_notebook_get_nothing_and_are_told_why(classroom):
    for student, why in classroom.files.items():
        assert total_points(classroom.graded[student], {}) == 0
        assert why in classroom.graded[student].stopped
        assert why in page(classroom, student)
    scores = {student: {mark.score for mark in classroom.graded[student].marks} for student in classroom.files}
    assert scores == {student: {0} if student == "absent" else {None} for student in classroom.files}


def test_only_answers_of_a_changed_notebook_count(classroom):
    assert {student: total_points(classroom.graded[student], {}) for student in REWRITTEN} == REWRITTEN


def test_an_answer_that_is_nowhere_waits_for_a_reader(classroom):
    gone = {mark.cell: mark for mark in classroom.graded["an answer is gone"].marks}
    assert (gone["check-dropout"].score, gone["check-batch"].score) == (None, 2)
    assert gone["check-dropout"].words == LOST
    assert {mark.score for mark in classroom.graded["everything is gone"].marks} == {None}
    assert "22 more wait for a reader" in page(classroom, "everything is gone")
    found = classroom.graded["without marks and ids"].marks  # texts are found below their questions
    assert [mark.words for mark in found if mark.cell.endswith("-answer")] == [TEXT] * 8


def test_what_tools_make_of_a_sheet_does_not_change_what_runs(course):
    hand_in(course, "perfect")
    rewrite(course, SAME)
    ours = read_notebook(course / "source" / NAME)

    def run(student):
        notebook = merged(ours, read_submission(course / "submitted" / student / ASSIGNMENT, FILE))
        return [(cell.id, cell.source) for cell in notebook.cells]

    for student in SAME:
        assert sorted(run(student)) == sorted(run("perfect"))
        code = [cell for cell in run(student) if not cell[0].endswith(("answer", "question", "heading", "text"))]
        assert [cell for cell in run("perfect") if cell in code] == code


FLOOD = "for _ in range(40): print('x' * 10_000)"
WEIGH = """
import sys
from pathlib import Path
from course_utils.workshop.homework.course import grade_homework
from course_utils.workshop.homework.sandbox import Limits
from tests.workshop.homework.submissions import CHAPTER
outcome = grade_homework(CHAPTER, Path(sys.argv[1]), limits=Limits(seconds=20))
print([(one.student, one.notes) for one in outcome.graded])
print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.usefixtures("sandboxed")
def test_one_budget_for_a_whole_submission_keeps_the_grader_small(course):
    """Its cells, what they show, its texts and its pictures, through to nbgrader's gradebook and the feedback."""
    picture = {"a.png": {"image/png": "A" * (3 * 2**19)}}
    for student in ("cells", "texts"):
        path = hand_in(course, student, "empty")
        notebook = nbformat.read(path, 4)
        if student == "cells":
            notebook.cells += [new_code_cell(FLOOD) for _ in range(12_000)]
        for cell in notebook.cells:
            if student == "texts" and cell.id.endswith("-answer"):
                cell.source, cell.attachments = "<b>" * 40_000, picture
        nbformat.write(notebook, path)
    words = [sys.executable, "-W", "ignore", "-c", "import re" + WEIGH, str(course)]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    notes, peak = ran.stdout.splitlines()
    assert int(peak) < 300 * 1024, ran.stderr
    assert "outputs were cut" in notes
    assert "cells were left out: a submission may have 1000 cells" in notes
    assert "pictures left out in" in notes
    assert (course / "results" / ASSIGNMENT / "cells.ipynb").stat().st_size < 3 * 10**6


def test_names_that_do_not_fit_are_told_and_cost_nobody_anything(classroom):
    text = grading_summary(classroom.outcome)
    for name in (r"a name that is not UTF-8 J\udcf6rg", "a name <img src=x onerror=alert(1)>"):
        assert f"{name}: nbgrader cannot show this name; rename the folder" in text
        assert name in classroom.outcome.table.read_text()
    assert (classroom.course / "autograded" / "perfect" / NAME).exists()
    assert not list((classroom.course / "autograded").glob("a name*"))


@pytest.mark.parametrize(
    ("student", "attempts"), [("writes", 24), ("network", 8), ("spies", 13), ("spies on the tests", 1), ("hides", 32)]
)
def test_no_attempt_to_get_out_succeeds(classroom, student, attempts):
    assert "got out" not in shown(classroom, student)
    assert f"attempts: {attempts}\n" in shown(classroom, student)


def test_nothing_is_written_outside_nobody_is_called_and_no_process_is_left(classroom):
    assert classroom.after == classroom.before
    assert not classroom.visited
    assert not processes(MARK)


def processes(word):
    """Return the command lines on this machine that hold a word."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes().decode(errors="replace"))
        except OSError:
            continue
    return [line for line in found if word in line and "pytest" not in line]


def test_everybody_is_in_the_table_and_texts_wait(classroom):
    rows = {row["student"]: row for row in csv.DictReader(io.StringIO(classroom.outcome.table.read_text()))}
    everybody = set(classroom.expected) | set(classroom.files) | set(REWRITTEN)
    assert set(rows) == set(map(spoken, everybody))
    for student, one in classroom.graded.items():
        assert float(rows[spoken(student)]["score"]) == total_points(one, {})
    assert rows["two-mistakes"]["misconceptions"] == "scale-missing mask-shared-by-examples"
    assert rows["perfect"]["vector-answer"] == ""
    assert rows["empty"]["vector-answer"] == "0.0"
    assert "ended" in rows["crashes"]["stopped"]
    assert "check edited: check-" in rows["forged checks"]["hints"]
    assert "hidden.require_done" in rows["lies by replacing the hidden check"]["hints"]
    assert "passes only beside" in rows["lies by replacing the shell"]["hints"]
    assert "the same answers as" in rows["perfect"]["hints"]  # all texts of the class are the same
    assert rows["empty"]["hints"] == rows["broken"]["hints"] == ""
    assert "Look at (hints at tampering or copying, no proof):" in grading_summary(classroom.outcome)


def test_nothing_is_graded_twice_unless_it_changed(classroom):
    results = classroom.course / "results" / ASSIGNMENT
    times = {path: path.stat().st_mtime_ns for path in results.glob("*.json")}
    path = classroom.course / "submitted" / "shared" / NAME
    path.write_text(path.read_text().replace("(len(a), 1)", "a.shape"))
    again = grade_homework(CHAPTER, classroom.course)
    assert {one.student: total_points(one, {}) for one in again.graded}["shared"] == 14
    assert {path.stem for path in times if path.stat().st_mtime_ns != times[path]} == {"shared"}


def places(course):
    return course / "source" / NAME, course / "submitted", course / "results"


def start(course, workers=1):
    """Start a grader of its own."""
    words = [sys.executable, "-c", GRADE, str(workers), *map(str, places(course))]
    return subprocess.Popen(words, stderr=subprocess.PIPE, text=True)


@pytest.mark.usefixtures("sandboxed")
def test_a_killed_grader_is_taken_up_again(course):
    students = [f"s{number}" for number in range(7)]
    for student in students:
        hand_in(course, student)
    results, kept = course / "results", {}
    for number in (2, 4):
        process = start(course)
        assert until(lambda number=number: len(list(results.glob("*.json"))) >= number, 60)
        process.kill()
        process.communicate()
        assert all(path.stat().st_mtime_ns == kept[path] for path in kept)
        kept = {path: path.stat().st_mtime_ns for path in results.glob("*.json")}
        assert number <= len(kept) < len(students)
    graded = grade_folder(*places(course), workers=2)
    assert [(one.student, total_points(one, {})) for one in graded] == [(student, 14) for student in students]
    assert all(path.stat().st_mtime_ns == kept[path] for path in kept)


@pytest.mark.usefixtures("sandboxed")
def test_nothing_outlives_a_killed_grader(course):
    hand_in(course, "busy", own=f"import subprocess; subprocess.run(['sleep', '{MARK}7'])")
    process = start(course)
    assert until(lambda: processes(f"{MARK}7"), 30)
    process.kill()  # the one process alone: everything below it has to end by itself
    process.communicate()
    assert until(lambda: not processes(f"{MARK}7"), 5)


@pytest.mark.usefixtures("sandboxed")
def test_one_grader_at_a_time_and_it_can_be_interrupted(course):
    for number in range(3):
        hand_in(course, f"s{number}", own="while True: pass")
    process = start(course, workers=2)
    assert until((course / "results" / ".lock").exists, 30)
    time.sleep(1)
    with pytest.raises(ChapterError, match="another grader is at work"):
        grade_folder(*places(course))
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)  # the cells alone would take longer
    assert process.returncode != 0
    assert not list((course / "results").glob("[!.]*.json"))


@pytest.mark.usefixtures("sandboxed")
def test_a_fault_of_one_submission_does_not_stop_the_others(course, monkeypatch):
    for student in ("a", "b", "c"):
        hand_in(course, student, "empty")
    right = grading.grade

    def wrong(ours, notebook, student, *given, **named):
        if student == "b":
            raise RuntimeError("a fault")
        return right(ours, notebook, student, *given, **named)

    monkeypatch.setattr(grading, "grade", wrong)
    graded = grade_folder(*places(course))
    assert [one.failed for one in graded] == ["", "RuntimeError: a fault", ""]
    assert sorted(path.stem for path in (course / "results").glob("[!.]*.json")) == ["a", "c"]
    assert "RuntimeError" in table(graded)


def test_nothing_runs_where_nothing_contains_it_and_nobody_works(course, monkeypatch):
    hand_in(course, "one")
    with pytest.raises(ChapterError, match="at least 1"):
        grade_homework(CHAPTER, course, workers=0)
    monkeypatch.setattr(grading, "contained", lambda: "no namespaces")
    with pytest.raises(ChapterError, match="would run as you: no namespaces"):
        grade_homework(CHAPTER, course)
    assert not (course / "results" / ASSIGNMENT / "one.json").exists()


@pytest.mark.usefixtures("sandboxed")
def test_homework_where_submissions_could_read_it_is_refused(course, monkeypatch):
    hand_in(course, "one")
    monkeypatch.setattr(grading, "readable", lambda: [course.parent, PACKAGE])
    with pytest.raises(ChapterError, match=f"{re.escape(str(course.parent))} holds Python"):
        grade_homework(CHAPTER, course)


def test_no_formula_gets_into_a_table():
    rows = table([Graded("=1+1", "", [Mark("a", 1, 1)]), Graded("plain", "", [Mark("a", 1, None)], failed="@x")])
    assert "'=1+1" in rows
    assert "'@x" in rows
    assert os.linesep != "\r\n" or "\r" not in rows
