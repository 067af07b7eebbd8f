"""A class with an instructor's own questions and numbers for each student, handed in, graded and given back."""

import csv
import json
import re
import shutil
from types import SimpleNamespace

import nbformat
import pytest

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.notebook import read_notebook
from course_utils.workshop.authoring.solutions import without_markers
from course_utils.workshop.homework import gradebook
from course_utils.workshop.homework.choices import LINE
from course_utils.workshop.homework.course import grade_homework, grading_summary
from course_utils.workshop.homework.feedback import page, points_of, titles
from course_utils.workshop.homework.making import make_homework, making_summary
from course_utils.workshop.homework.model_answers import model_answers
from course_utils.workshop.homework.variants import variants

from .test_question_file import EXAMPLE

pytestmark = [
    pytest.mark.filterwarnings("default::DeprecationWarning", "default:.*:sqlalchemy.exc.SAWarning"),
    pytest.mark.editions,
]
STUDENTS = ("right", "copied", "unscaled", "tampered", "nothing", "unclear")
ROSTER = "id,name,email\n" + "".join(f"{one},Name of {one},{one}@x.org\n" for one in (*STUDENTS, "absent"))
DUE = "\n[due]\nmy_homework = 2026-12-01 12:00:00Z\n[late]\npercent_a_day = 10\n"
TEXT = "Mean and variance, as I said. <script>alert(1)</script>"


def answered(course, name, sheet_of=None):
    """Return a student's sheet with the right answers for the numbers that stand on it."""
    numbers_of = sheet_of or name
    notebook = nbformat.read(course / "sheets" / numbers_of / "my_homework" / "my_homework.ipynb", 4)
    source = course / "source" / "my_homework" / "my_homework.ipynb"
    ours = {cell.id: cell for cell in variants(source)(numbers_of).cells}
    for cell in notebook.cells:
        key = cell.metadata.nbgrader.grade_id
        if key == "rows-code":
            cell.source = without_markers(ours[key].source)
        elif key == "at-test-time-answer":
            cell.source = re.search(r"\*\*Right:\*\* (\w)", ours[key].source)[1]
        elif key == "kept-answer":
            cell.source = TEXT
    return notebook, {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells}


def letter(cells, word):
    """Return the letter of the choice that says something."""
    return next(letter for letter, text in LINE.findall(cells["at-test-time-question"].source) if word in text)


@pytest.fixture(scope="module")
def class_(sandboxed, tmp_path_factory):
    home = tmp_path_factory.mktemp("own")
    course, questions = home / "homework", home / "my_homework.md"
    shutil.copyfile(EXAMPLE, questions)
    (home / "students.csv").write_text(ROSTER)
    made = make_homework(questions, course, per_student=True, roster=home / "students.csv")
    with (course / "course.toml").open("a") as file:
        file.write(DUE)
    for name in STUDENTS:
        # who copies hands in the sheet of another, with the answers for its numbers
        notebook, cells = answered(course, name, "unscaled" if name == "copied" else None)
        if name == "unscaled":
            cells["rows-code"].source = re.sub(r" / 0\.\d+", "", cells["rows-code"].source)
            cells["at-test-time-answer"].source = f"Answer: {letter(cells, 'divided')})"
        if name == "tampered":  # to a probability that asks for nothing
            for cell in notebook.cells:
                cell.source = re.sub(r"probability 0\.\d", "probability 1.0", cell.source)
                cell.metadata["course"] = {"question": "rows", "kind": "text", "seed": "mine"}
            cells["rows-code"].source = "def drop_rows(x, rng):\n    return x * 1.0"
            cells["rows-check"].source = "assert True"
            cells["at-test-time-question"].source = "- **a)** Nothing.\n- **b)** no"
            cells["at-test-time-answer"].source = "a" if letter(answered(course, name)[1], "Nothing") != "a" else "b"
        if name == "nothing":
            notebook = nbformat.read(course / "sheets" / name / "my_homework" / "my_homework.ipynb", 4)
        if name == "unclear":
            cells["at-test-time-answer"].source = "a or b, who knows"
        folder = course / "submitted" / name / "my_homework"
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / "my_homework.ipynb")
        day = 3 if name == "unscaled" else 1
        (folder / "timestamp.txt").write_text(f"2026-12-0{day} 11:00:00.000000 UTC")
    outcome = grade_homework(questions, course)
    return SimpleNamespace(
        home=home, course=course, questions=questions, made=made, outcome=outcome,
        graded={one.student: {mark.cell: mark for mark in one.marks} for one in outcome.graded},
    )  # fmt: skip


def scores(class_, name):
    return [class_.graded[name][cell].score for cell in ("kept-answer", "rows-check", "at-test-time-answer")]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("right", [None, 2, 1]),
        ("unscaled", [None, 0, 0]),
        ("tampered", [None, 0, 0]),
        ("nothing", [0, 0, 0]),
        ("unclear", [None, 2, None]),
    ],
)
def test_each_is_graded_by_the_numbers_and_the_order_of_their_own_sheet(class_, name, expected):
    assert scores(class_, name) == expected


def test_who_hands_in_anothers_sheet_is_graded_by_their_own_numbers(class_):
    source = class_.made.source
    own, other = ("\n".join(cell.source for cell in variants(source)(name).cells) for name in ("copied", "unscaled"))
    numbers = [re.findall(r"as a whole with probability (0\.\d)", text)[0] for text in (own, other)]
    assert (class_.graded["copied"]["rows-check"].score == 2) == (numbers[0] == numbers[1])


def test_an_own_check_names_the_mistake_and_shows_nothing_else(class_):
    mark = class_.graded["unscaled"]["rows-check"]
    assert mark.misconception == "scale-missing"
    assert mark.words == "What is kept is not divided by the probability. [scale-missing]"
    mark = class_.graded["unscaled"]["at-test-time-answer"]
    assert mark.misconception == "scale-inverted"
    assert "Not right." in mark.words
    assert "{" not in mark.words


def test_a_page_has_the_model_answer_only_where_the_answer_is_graded(class_):
    text = (class_.course / "feedback" / "right" / "my_homework" / "my_homework.html").read_text()
    assert "The division in training has put the mean right already." in text
    assert "It grows with" not in text
    assert "assert" not in text
    one = next(one for one in class_.outcome.graded if one.student == "right")
    sheet = variants(class_.made.source)("right")
    read = {"kept-answer": gradebook.Reading(2.5, "nearly")}
    html = page(one, titles(sheet), read, model_answers(sheet))
    assert points_of(one.marks[0], read) == 2.5
    assert "It grows with" in html
    assert "1 point: the mean" in html
    assert re.search(r"5\.5 of 6 points", html)


def test_readers_see_model_answer_and_rubric_beside_the_answer_and_students_files_never_had_them(class_):
    shown = read_notebook(class_.course / "autograded" / "right" / "my_homework" / "my_homework.ipynb")
    ids = [cell.id for cell in shown.cells]
    model = shown.cells[ids.index("kept-answer") + 1]
    assert model.id == "model-kept-answer"
    assert "not on the student's sheet" in model.source
    assert "It grows with" in model.source
    assert "**Rubric**" in model.source
    assert "<script>" not in shown.cells[ids.index("kept-answer")].source
    for folder in ("sheets", "release", "submitted"):
        for path in (class_.course / folder).rglob("*.ipynb"):
            assert "It grows with" not in path.read_text()
            assert "{{" not in path.read_text()


def test_the_tables_say_who_is_late_and_what_counts(class_):
    rows = {row["student"]: row for row in csv.DictReader(class_.outcome.table.read_text().splitlines())}
    assert rows["unscaled"]["days_late"] == "2"
    assert rows["unscaled"]["handed_in"] == "2026-12-03 11:00 UTC"
    assert rows["right"]["days_late"] == "0"
    assert float(rows["right"]["final"]) == 3
    assert class_.outcome.late == 1
    assert (
        "Handed in 2026-12-03 11:00 UTC"
        in (class_.course / "feedback" / "unscaled" / "my_homework" / "my_homework.html").read_text()
    )


def test_platforms_get_points_once_everything_is_read(class_):
    text = (class_.course / "results" / "my_homework-canvas.csv").read_text()
    points = {row[3]: row[5] for row in csv.reader(text.splitlines()[2:])}
    assert points == {name: "0" if name == "nothing" else "" for name in (*STUDENTS, "absent")}
    assert "5 not in it yet" in grading_summary(class_.outcome)
    with gradebook.opened(class_.course) as book:
        for name in ("right", "unscaled"):
            grade = book.find_grade("kept-answer", "my_homework", "my_homework", name)
            grade.manual_score, grade.needs_manual_grade = 3.0, False
        book.db.commit()
    again = grade_homework(class_.questions, class_.course)
    for platform, column in (("canvas", 5), ("moodle", 3)):
        text = (class_.course / "results" / f"my_homework-{platform}.csv").read_text()
        points = {",".join(row): row[column] for row in csv.reader(text.splitlines())}
        assert next(value for row, value in points.items() if "Name of right" in row or "right," in row) == "6"
        assert next(value for row, value in points.items() if "unscaled" in row) == "1.8"  # 3 less 2 days of 10 % of 6
    assert "4 not in it yet" not in grading_summary(again)
    assert "3 not in it yet" in grading_summary(again)


def test_a_key_that_is_corrected_is_graded_by_at_once(class_):
    before = class_.questions.read_text()
    other = before.replace("[x] Nothing", "[ ] Nothing").replace("[ ] They are divided", "[x] They are divided")
    class_.questions.write_text(other)
    try:
        make_homework(class_.questions, class_.course, per_student=True)
        outcome = grade_homework(class_.questions, class_.course)
        marks = {one.student: one.marks[2].score for one in outcome.graded}
        assert (marks["right"], marks["unscaled"], marks["unclear"]) == (0, 1, None)
    finally:
        class_.questions.write_text(before)
        make_homework(class_.questions, class_.course, per_student=True)


def test_the_class_page_counts_an_own_checks_mistakes(class_):
    html = class_.outcome.class_page.read_text()
    assert re.search(r"of 6</b> <code>scale-missing</code>", html)
    assert "6 graded of 7 in the roster, 1 late" in html
    assert "Name of" not in html
    note = json.loads((class_.course / "results" / "my_homework-class.json").read_text())
    assert note["total"] == 6


CHECKS = {
    "its solution does not pass its check: What is kept is not": ("return x * mask / {{keep_prob}}", "return x * mask"),
    "its check passes without an answer": (
        EXAMPLE.read_text().partition("### Check\n\n```python\n")[2].partition("```")[0], "pass\n"
    ),
    "its solution does not pass its check: A condition of the check does not hold": (
        ', "x itself was changed. [changes-its-argument]"', "\nassert False"
    ),
    "the code in `### Setup` does not run: ModuleNotFoundError": ("import numpy as np", "import nunpy as np"),
    "its cell rows-example does not run: NameError": ("drop_rows(np.ones((4, 3))", "droprows(np.ones((4, 3))"),
}  # fmt: skip


@pytest.mark.parametrize("why", CHECKS)
def test_a_check_that_cannot_be_right_is_told_before_anything_is_written(sandboxed, tmp_path, why):
    path = tmp_path / "my_homework.md"
    old, new = CHECKS[why]
    text = EXAMPLE.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(ChapterError) as caught:
        make_homework(path, tmp_path / "hw")
    assert str(caught.value).startswith(f"{path}: ")
    assert why in str(caught.value)
    assert not (tmp_path / "hw").exists()


def test_the_example_is_made_as_the_readme_says(sandboxed, tmp_path):
    path = tmp_path / "my_homework.md"
    shutil.copyfile(EXAMPLE, path)
    assert "6 points" in making_summary(path, make_homework(path, tmp_path / "hw"))
