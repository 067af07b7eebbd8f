"""The page about a class: its numbers, its words, and how it looks."""

import json
import re
from datetime import datetime, timedelta, timezone

import numpy as np
import pytest

from course_utils.texts import texts
from course_utils.workshop.homework import making
from course_utils.workshop.homework.class_page import binned, class_page, item_rest, note_class, verdict_of
from course_utils.workshop.homework.course_file import CourseFile, LateRule
from course_utils.workshop.homework.grading import Graded, Mark
from course_utils.workshop.homework.lateness import Lateness
from course_utils.workshop.homework.making import make_homework
from course_utils.workshop.homework.roster import Roster, Student

from .test_question_file import EXAMPLE

DUE = datetime(2026, 12, 1, 17, tzinfo=timezone.utc)
NOBODY = Roster()
CELLS = {"kept-answer": 3, "rows-check": 2, "at-test-time-answer": 1}


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.setattr(making, "require_checks_work", lambda sheets, path: None)
    return make_homework(EXAMPLE, tmp_path / "hw").source


def class_of(count, rng, unread=0):
    """Return results of a class in which the second question goes with the first, and the third with nothing."""
    graded = []
    for number in range(count):
        ability = number / count
        scores = [3.0 * (ability > 0.5), 2.0 * (ability + 0.3 * rng.random() > 0.6), float(rng.random() < 0.5)]
        names = ["", "" if scores[1] else "mask-shared-by-examples", "" if scores[2] else "scale-inverted"]
        marks = [
            Mark(cell, points, None if cell == "kept-answer" and number < unread else score, name)
            for (cell, points), score, name in zip(CELLS.items(), scores, names, strict=True)
        ]
        graded.append(Graded(f"secret-{number}", "x", marks))
    return graded


def page(source, graded, roster=NOBODY, late=None, **settings):
    late = late or {one.student: Lateness() for one in graded}
    note_class(source, graded, {}, late, roster)
    course = CourseFile(source, due={"x": DUE}, late=LateRule(10))
    return class_page(source, graded, {}, late, roster, course, **settings)


def test_the_correlation_is_that_of_a_question_with_all_others(tmp_path):
    rng = np.random.default_rng(0)
    points = rng.integers(0, 4, (60, 3)).astype(float)
    points[:, 1] = points[:, 0] + rng.integers(0, 2, 60)
    for column in range(3):
        r, low, high = item_rest(points, column)
        assert r == pytest.approx(np.corrcoef(points[:, column], np.delete(points, column, 1).sum(axis=1))[0, 1])
        assert low < r < high
    assert item_rest(points, 0)[0] > 0.5 > item_rest(points, 2)[0]


def test_the_interval_holds_the_true_correlation_as_often_as_it_says():
    rng, held = np.random.default_rng(1), 0
    for _ in range(600):
        a = rng.standard_normal(40)
        b = 0.5 * a + np.sqrt(0.75) * rng.standard_normal(40)
        _, low, high = item_rest(np.stack([a, b], axis=1), 0)
        held += low < 0.5 < high
    assert 0.92 < held / 600 < 0.98


@pytest.mark.parametrize(
    "points", [np.zeros((10, 3)), np.eye(3), np.ones((9, 1)), np.empty((0, 3)), np.tile([[0.0], [1.0]], (5, 1))]
)
def test_where_nothing_can_be_compared_there_is_no_number(points):
    assert item_rest(points, 0) is None


def test_what_a_number_says_depends_on_how_sure_it_is():
    assert verdict_of(0.5, (0.6, 0.4, 0.75)) == "separates well"
    assert verdict_of(0.5, (0.2, 0.05, 0.35)) == "separates a little"
    assert verdict_of(0.5, (0.05, -0.1, 0.2)) == "hardly separates"
    assert verdict_of(0.5, (0.3, -0.3, 0.7)) == "too few to say"
    assert verdict_of(0.5, (-0.5, -0.7, -0.2)).startswith("look at it")
    assert verdict_of(1.0, None) == "all alike: it separates nobody"
    assert verdict_of(None, None) == "nobody graded yet"


@pytest.mark.parametrize(("score", "bin"), [(0, 0), (0.6, 1), (5.99, 9), (6, 9), (3, 5), (1.2, 2)])
def test_full_points_belong_to_the_last_bar(score, bin):
    assert [one["count"] for one in binned([score], 6)] == [int(place == bin) for place in range(10)]


def test_the_page_counts_scores_and_misconceptions_in_the_courses_own_words(source):
    graded = class_of(40, np.random.default_rng(0))
    html = page(source, graded)
    counted = sum(any(mark.misconception == "mask-shared-by-examples" for mark in one.marks) for one in graded)
    assert re.search(rf"<b>{counted} of 40</b> <code>mask-shared-by-examples</code>", html)
    assert texts()["mask-shared-by-examples"]["belief"].split("`")[0] in html
    assert f"Rows that go as a whole: {counted}" in html
    assert "separates well" in html
    mean = np.mean([sum(mark.score for mark in one.marks) for one in graded])
    assert f"Mean {mean:.1f}" in html
    assert "40 graded" in html
    assert "n = 40" in html
    assert "is few" not in html


def test_few_students_are_warned_of_and_those_who_wait_are_not_compared(source):
    html = page(source, class_of(29, np.random.default_rng(0)))
    assert "n = 29 is few: under 30" in html
    html = page(source, class_of(40, np.random.default_rng(0), unread=15))
    assert "15 answers wait for a reader" in html
    assert "n = 25 is few" in html


def test_nobody_is_named_unless_asked(source):
    graded = class_of(12, np.random.default_rng(0))
    students = tuple(Student(one.student, f"Nora {number} <b>") for number, one in enumerate(graded))
    roster = Roster((*students, Student("gone", "Gina Gone")))
    late = {one.student: Lateness(DUE + timedelta(days=2), DUE, 2, 0.2) for one in graded}
    html = page(source, graded, roster, late)
    for word in ("secret", "Nora", "Gina", "gone"):
        assert word not in html
    assert "12 graded of 13 in the roster, 12 late" in html
    assert "1 of the roster handed nothing in." in html
    assert "Each day begun after the due date costs 10 %" in html
    html = page(source, graded, roster, late, names=True)
    assert "Nora 3 &lt;b&gt;" in html
    assert "handed nothing in: Gina Gone" in html
    note = (source.parents[2] / "results" / "my_homework-class.json").read_text()
    assert "secret" not in note
    assert "Nora" not in note


def test_progress_shows_all_assignments_that_were_graded(source):
    results = source.parents[2] / "results"
    results.mkdir()
    (results / "homework01-class.json").write_text(
        json.dumps({"assignment": "homework01", "total": 10, "scores": [5, 9], "expected": 3, "late": 1, "waiting": 4})
    )
    (results / "homework03-class.json").write_text("{")  # half of a file of another program
    html = page(source, class_of(4, np.random.default_rng(0)))
    assert re.search(r"<td>homework01</td><td[^>]*>2 of 3</td><td[^>]*>1</td><td[^>]*>4</td><td[^>]*>70 %", html)
    assert "<td>my_homework</td>" in html
    assert "homework03" not in html


def test_the_page_needs_no_other_file_and_runs_nothing(source):
    html = page(source, class_of(5, np.random.default_rng(0)))
    assert not re.search(r"<script|<link|src=|href=|url\(|@import|https?:", html)


def test_a_class_of_nobody_or_one_has_a_page(source):
    assert "0 graded" in page(source, [])
    html = page(source, class_of(1, np.random.default_rng(0)))
    assert "too few to compare" in html or "all alike" in html
