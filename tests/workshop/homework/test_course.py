"""The two commands: an assignment made, what was handed in graded; nothing here runs a submission."""

import re
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from course_utils.__main__ import main
from course_utils.workshop.authoring.chapters import Chapter, ChapterError
from course_utils.workshop.authoring.notebook import read_notebook
from course_utils.workshop.authoring.solutions import STUB
from course_utils.workshop.homework import course as commands
from course_utils.workshop.homework import gradebook
from course_utils.workshop.homework.course import Outcome, grade_homework, grading_summary
from course_utils.workshop.homework.feedback import Reading, page, table, titles, total_points
from course_utils.workshop.homework.grading import Graded, Mark
from course_utils.workshop.homework.making import make_homework, seeds
from course_utils.workshop.homework.submission import merged, read_submission

from .submissions import CHAPTER, NAME, hand_in

MARKS = [Mark("check-dropout", 2, 2), Mark("vector-answer", 1, None, words="a <b>text</b>"), Mark("sine-answer", 1, 0)]


def test_hidden_cases_are_drawn_once_and_an_instructors_own_settings_stay(course):
    source, settings = course / "source" / NAME, course / "nbgrader_config.py"
    drawn, first, text = seeds(source), source.read_bytes(), settings.read_text()
    assert len(set(drawn)) == 3
    assert STUB in text
    settings.write_text(text + "c.Exchange.root = '/srv/exchange'\n")
    make_homework(CHAPTER, course)
    assert source.read_bytes() == first
    assert "/srv/exchange" in settings.read_text()
    other = make_homework(CHAPTER, course / "other")
    assert seeds(other.source) != drawn


def test_a_chapter_without_source_is_named(tmp_path):
    with pytest.raises(ChapterError, match=r"09_none/chapter\.py: no such file"):
        make_homework(Chapter(Path("09_none"), Path("09_none.ipynb")), tmp_path)


def test_a_place_that_cannot_be_written_is_named_in_one_line(tmp_path, capsys):
    (tmp_path / "file").touch()
    assert main(["homework", "02", "--course", str(tmp_path / "file" / "course")]) == 1
    assert capsys.readouterr().err == f"{tmp_path / 'file' / 'course'}: Not a directory\n"


def test_a_cell_of_the_instructors_own_is_graded_as_it_stands(course):
    path = course / "source" / NAME
    ours = nbformat.read(path, 4)
    ours.cells[1:1] = [new_markdown_cell("Hand it in on Friday.", id="when"), new_code_cell("x = 1", id="plain")]
    nbformat.write(ours, path)
    notebook = merged(read_notebook(path), read_submission(hand_in(course, "a").parent, path.name))
    assert {cell.id for cell in notebook.cells} == {cell.id for cell in ours.cells}
    texts = {cell.id: cell.source for cell in notebook.cells}
    assert (texts["when"], texts["plain"]) == ("Hand it in on Friday.", "x = 1")


@pytest.fixture
def grade_without_running(monkeypatch, course):
    """Grade without a sandbox: each result is a given one."""

    def grade(*students, nbgrader=False, **settings):
        def graded(source, submitted, results, **given):
            results.mkdir(parents=True, exist_ok=True)
            return list(students)

        monkeypatch.setattr(gradebook, "available", lambda: nbgrader)
        monkeypatch.setattr(commands, "grade_folder", graded)
        return grade_homework(CHAPTER, course, **settings)

    return grade


def test_without_nbgrader_pages_and_table_are_written(course, grade_without_running):
    hand_in(course, "Jo Ü").with_name("timestamp.txt").write_text("now")
    outcome = grade_without_running(Graded("Jo Ü", "x", MARKS, contained=True), export=course / "grades" / "all.csv")
    folder = course / "feedback" / "Jo Ü" / "homework02"
    assert "2 of 4 points" in (folder / "02_numpy_dropout.html").read_text()
    assert (folder / "timestamp.txt").read_text() == "now"
    assert outcome.table == course / "grades" / "all.csv"
    assert outcome.table.read_text().startswith("student,score,check-dropout")
    assert not outcome.in_gradebook
    assert "gradebook" not in grading_summary(outcome)


@pytest.mark.parametrize("export", ["file/t.csv", "folder"])
def test_a_table_that_cannot_be_written_stops_before_anything_is_graded(course, capsys, export):
    hand_in(course, "a")
    (course / "file").touch()
    (course / "folder").mkdir()
    words = ["homework", "02", "--course", str(course), "--grade", "--export", str(course / export)]
    assert main(words) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{course / export}: ")
    assert not (course / "results").exists()
    assert list((course / "folder").iterdir()) == []


def test_the_summary_says_what_is_not_certain(grade_without_running):
    fine, failed = Graded("a", "x", MARKS, contained=True), Graded("b", "", failed="OSError: disk full")
    text = grading_summary(grade_without_running(fine, failed))
    assert "1 graded, 0 of them ended early; mean 2.0 of 22 points" in text
    assert "b: not graded: OSError: disk full" in text
    assert "share one process" in text
    assert "virtual machine" in text
    text = grading_summary(grade_without_running(replace(fine, contained=False)))
    assert "1 ran with your rights" in text
    assert grading_summary(Outcome([], 20, {}, Path("t"), Path("f"), False)).startswith("0 graded")


def test_a_student_in_two_folders_gets_points_on_no_platform_and_is_told(course, grade_without_running):
    (course / "roster.csv").write_text("id,name,email\nada,Ada,countess@x.org\nbob,Bob,bob@x.org\n")
    full = [replace(one, score=one.points) for one in MARKS]
    one, other, bob = (Graded(name, "x", full) for name in ("ada", "countess", "bob"))
    outcome = grade_without_running(one, replace(other, marks=MARKS), replace(bob, marks=full))
    text = (course / "results" / "homework02-canvas.csv").read_text()
    assert [row.split(",")[-1] for row in text.splitlines()[2:]] == ["", "4"]
    assert "ada, countess are folders of one student, ada, who gets points on no" in grading_summary(outcome)


def test_what_due_dates_do_not_cover_is_told(course, grade_without_running):
    settings = course / "course.toml"
    (course / "roster.csv").write_text("id,email\nada,countess@x.org\n")
    hand_in(course, "ada").with_name("timestamp.txt").write_text("2026-12-03 12:00:00 UTC")
    hand_in(course, "bob").with_name("timestamp.txt").write_text("yesterday")
    students = [Graded(name, "x", MARKS) for name in ("ada", "bob")]
    settings.write_text("[due]\nhomework2 = 2026-12-01 12:00:00Z")
    assert f"{settings}: [due] has no homework02" in grading_summary(grade_without_running(*students))
    settings.write_text("[due]\nhomework02 = 2026-12-01 12:00:00Z")
    text = grading_summary(grade_without_running(*students))
    assert "1 without a time at which they handed in count as in time: bob" in text
    assert "1 late" in text
    # by another of the names that the roster has for her
    settings.write_text(f"{settings.read_text()}\n[extensions.'countess@x.org']\nhomework02 = 2026-12-04 12:00:00Z")
    assert " late" not in grading_summary(grade_without_running(*students))
    settings.write_text(settings.read_text().replace("countess@", "count@"))
    with pytest.raises(ChapterError, match=r"\[extensions\.count@x\.org\]: the roster has nobody of this id"):
        grade_without_running(*students)


def test_a_gradebook_that_refuses_keeps_nobody_from_the_pages(course, grade_without_running, monkeypatch):
    def refuse(*given):
        raise ChapterError("gradebook.db: has another version")

    monkeypatch.setattr(gradebook, "into_gradebook", refuse)
    monkeypatch.setattr(gradebook, "readings", lambda source: {})
    outcome = grade_without_running(Graded("a", "x", MARKS), nbgrader=True)
    assert "not all scores: gradebook.db: has another version" in grading_summary(outcome)
    assert list(course.glob("feedback/a/homework02/*.html"))


def test_a_page_names_exercises_and_questions_and_holds_text_alone(course):
    names = titles(nbformat.read(course / "source" / NAME, 4))
    assert names["check-dropout"] == "Exercise dropout"
    assert names["vector-answer"].startswith("Why is what is kept divided")
    html = page(Graded("<i>", "x", MARKS), names, {})
    assert not re.search(r"<(i|b>text|script)", html)
    assert "<p>2 of 2</p>\n<h2>Exercise dropout</h2>" in html
    assert "divided by <code>keep_prob</code>" in html
    assert "not read yet" in html
    assert "1 more wait for a reader" in html


def test_a_reader_has_the_last_word():
    one, read = Graded("a", "x", MARKS), {"vector-answer": Reading(0.5), "check-dropout": Reading(1, "copied")}
    assert total_points(one, {}) == 2
    assert total_points(one, read) == 1.5
    assert "a,1.5,1,0.5,0" in table([one], {"a": read})
    beside = {"check-dropout": Reading(None, extra=0.5), "vector-answer": Reading(None, extra=1)}
    assert total_points(one, beside) == 2.5  # what has no points yet has none beside them
