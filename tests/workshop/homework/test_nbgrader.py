"""The way of one assignment through nbgrader: handed out, collected, graded by us, read by somebody, given back."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from course_utils.workshop.authoring.solutions import STUB
from course_utils.workshop.homework.course import grade_homework
from course_utils.workshop.homework.making import make_homework

from .submissions import ASSIGNMENT, CHAPTER, FILE, NAME, SHARED, filled, hand_in

pytest.importorskip("nbgrader", reason="nbgrader is not installed; homework needs it only to hand out and collect")
pytestmark = [
    pytest.mark.filterwarnings("default::DeprecationWarning", "default:.*:sqlalchemy.exc.SAWarning"),
    pytest.mark.editions,
]

# All commands in one process, since nbgrader takes seconds to import.
COMMANDS = """
import json, os, sys
from nbgrader.apps.nbgraderapp import NbGraderApp
for folder, words in json.loads(sys.argv[1]):
    os.chdir(folder)
    NbGraderApp.clear_instance()
    try:
        NbGraderApp.launch_instance(words)
    except SystemExit as end:
        if end.code:
            raise
"""


def nbgrader(home, *commands):
    """Run commands, each in a folder; without the settings of whoever runs the tests."""
    own = {
        "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home / "config"), "JUPYTER_DATA_DIR": str(home / "data"),
        "IPYTHONDIR": str(home / "ipython"), "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }  # fmt: skip
    root = f"--Exchange.root={home / 'exchange'}"
    given = json.dumps([[str(folder), [*command.split(), root]] for folder, command in commands])
    words = [sys.executable, "-c", COMMANDS, given]
    ran = subprocess.run(words, env=os.environ | own, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stderr


def gradebook(course):
    """Return nbgrader's gradebook of the course."""
    from nbgrader.api import Gradebook

    return Gradebook(f"sqlite:///{course}/gradebook.db")


def scores(course, student):
    """Return what the gradebook has for each cell: the score of the check, and whether somebody has to read it."""
    with gradebook(course) as book:
        submission = book.find_submission(ASSIGNMENT, student).notebooks[0]
        return {grade.name: (grade.auto_score, grade.needs_manual_grade) for grade in submission.grades}


@pytest.fixture(scope="module")
def way(sandboxed, tmp_path_factory):
    """Go the whole way once, and note what stood where."""
    home = tmp_path_factory.mktemp("nbgrader")
    course, desk = home / "homework", home / "desk"
    (home / "exchange").mkdir(mode=0o777)
    (home / "exchange").chmod(0o777)
    desk.mkdir()
    make_homework(CHAPTER, course)
    ours = (course / "release" / NAME).read_bytes()
    seen = SimpleNamespace(home=home, course=course, desk=desk)

    seen.generated = nbgrader(
        home, (course, f"generate_assignment {ASSIGNMENT} --force"), (course, f"release_assignment {ASSIGNMENT}"),
        (desk, f"fetch_assignment {ASSIGNMENT} --course dropout"),
    )  # fmt: skip
    seen.released = (ours, (course / "release" / NAME).read_bytes(), (desk / NAME).read_bytes())

    nbformat.write(filled(course, desk / NAME), desk / NAME)
    hand_in(course, "shared", {"exercise-batch": SHARED})
    hand_in(course, "empty", "empty")
    downloads = course / "downloaded" / ASSIGNMENT / "archive"
    downloads.mkdir(parents=True)
    for name in ("ada", "..", "<i>"):  # the second would lead out of `submitted`
        shutil.copy(desk / NAME, downloads / f"{name}_{FILE}")
    nbgrader(
        home, (desk, f"submit {ASSIGNMENT} --course dropout"), (course, f"collect {ASSIGNMENT}"),
        (course, f"zip_collect {ASSIGNMENT}"),
    )  # fmt: skip
    seen.collected = {path.parents[1].name for path in course.glob(f"submitted/*/{NAME}")}
    (seen.me,) = seen.collected - {"shared", "empty", "ada"}

    seen.first = grade_homework(CHAPTER, course)
    seen.ours = {student: scores(course, student) for student in (seen.me, "shared", "empty", "ada")}
    with gradebook(course) as book:
        grade = book.find_grade("vector-answer", CHAPTER.stem, ASSIGNMENT, "shared")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 0.5, 0.25, False
        book.find_comment("vector-answer", CHAPTER.stem, ASSIGNMENT, "shared").manual_comment = "Nearly <b>."
        book.db.commit()
    seen.read = grade_homework(CHAPTER, course)
    seen.page = (course / "feedback" / "shared" / ASSIGNMENT / FILE.replace("ipynb", "html")).read_text()
    nbgrader(
        home, (course, f"release_feedback {ASSIGNMENT} --student {seen.me}"),
        (desk, f"fetch_feedback {ASSIGNMENT} --course dropout"),
        (course, f"export --to={home / 'scores.csv'}"),
        (course, f"generate_feedback {ASSIGNMENT} --student shared --force"),
        (course, f"autograde {ASSIGNMENT} --student {seen.me} --force"),
    )  # fmt: skip
    seen.theirs = scores(course, seen.me)
    return seen


def test_nbgrader_takes_the_assignment_and_hands_out_no_solution(way):
    assert "ERROR" not in way.generated
    for data in way.released:
        text = data.decode()
        for word in ("SOLUTION", "HIDDEN", "require_done", "keep_prob * a"):
            assert word not in text
        assert text.count(STUB.replace('"', '\\"')) == 7
    ours, theirs = (nbformat.reads(data.decode(), 4) for data in way.released[:2])
    assert [(cell.id, cell.source) for cell in ours.cells] == [(cell.id, cell.source) for cell in theirs.cells]


def test_what_was_handed_in_through_the_exchange_and_what_was_downloaded_is_collected(way):
    assert way.collected == {way.me, "shared", "empty", "ada"}
    assert not (way.course / ASSIGNMENT).exists()


def test_the_gradebook_has_every_score_and_ours_are_nbgraders_own(way):
    assert way.first.in_gradebook
    assert way.ours[way.me] == way.theirs
    assert sum(score or 0 for score, _ in way.theirs.values()) == 14
    assert sum(waiting for _, waiting in way.theirs.values()) == 8
    assert way.ours["ada"] == way.ours[way.me]
    assert way.ours["shared"]["check-batch"] == (0, False)
    assert way.ours["empty"]["vector-answer"] == (0, False)
    assert not any(waiting for _, waiting in way.ours["empty"].values())


def test_what_a_reader_gave_stays_and_reaches_the_student_and_the_tables(way):
    assert way.first.scores["shared"] == 12
    assert way.read.scores["shared"] == 12.75
    assert "12.75 of 22 points" in way.page
    assert "Nearly &lt;b&gt;." in way.page
    assert "7 more wait for a reader" in way.page
    ours, theirs = (
        list(csv.DictReader(path.read_text().splitlines())) for path in (way.read.table, way.home / "scores.csv")
    )
    points = {row["student"]: float(row["score"]) for row in ours}
    assert points == {row["student_id"]: float(row["score"]) for row in theirs}
    assert points["shared"] == 12.75
    assert all(row["timestamp"] for row in theirs if row["student_id"] == way.me)


def test_our_page_comes_back_through_the_exchange_and_nbgraders_own_can_be_made_from_what_we_ran(way):
    (page,) = way.desk.glob(f"{ASSIGNMENT}/feedback/*/*.html")
    assert "14 of 22 points" in page.read_text()
    theirs = (way.course / "feedback" / "shared" / ASSIGNMENT / FILE.replace("ipynb", "html")).read_text()
    assert "12.75" in theirs
    assert "mask-shared-by-examples" in theirs


def test_an_answer_handed_in_anew_waits_for_a_reader_again(way):
    path = way.course / "submitted" / "shared" / NAME
    notebook = nbformat.read(path, 4)
    for cell in notebook.cells:
        if cell.id in ("vector-answer", "exercise-batch"):
            cell.source += "\n# more"
    nbformat.write(notebook, path)
    with gradebook(way.course) as book:  # somebody gave points for another answer
        book.find_grade("check-batch", CHAPTER.stem, ASSIGNMENT, "shared").manual_score = 1.5
        book.db.commit()
    outcome = grade_homework(CHAPTER, way.course)
    assert scores(way.course, "shared")["vector-answer"] == (None, True)
    assert scores(way.course, "shared")["check-batch"] == (0, True)
    assert outcome.scores["shared"] == 12
