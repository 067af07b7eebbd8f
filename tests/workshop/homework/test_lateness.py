"""Due dates, extensions, and what being late costs."""

import re
from datetime import datetime, timedelta, timezone

import pytest

from course_utils.texts import speaking
from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.homework.course_file import CourseFile, LateRule, keep_seed, read_course
from course_utils.workshop.homework.lateness import Lateness, handed_in, lateness

DUE = datetime(2026, 12, 1, 17, tzinfo=timezone.utc)
RULE = LateRule(percent_a_day=10, days=5, grace_minutes=15)
TEXT = """seed = "s"
[due]
homework02 = 2026-12-01 18:00:00+01:00
[extensions.ada]
homework02 = 2026-12-04T18:00:00+01:00
[late]
percent_a_day = 10
days = 5
grace_minutes = 15
"""


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "course.toml").write_text(TEXT)
    return read_course(tmp_path)


def test_all_that_a_course_can_agree_on_is_read(settings, tmp_path):
    assert settings.seed == "s"
    assert settings.due == {"homework02": DUE}
    assert settings.late == RULE
    assert read_course(tmp_path / "none") == CourseFile(tmp_path / "none" / "course.toml")
    (tmp_path / "roster.csv").touch()
    assert read_course(tmp_path).roster == tmp_path / "roster.csv"


@pytest.mark.parametrize(
    ("after", "days", "final"),
    [
        (timedelta(hours=-1), 0, 15), (timedelta(0), 0, 15), (timedelta(minutes=15), 0, 15),
        (timedelta(minutes=16), 1, 13), (timedelta(days=1), 1, 13), (timedelta(days=1, seconds=1), 2, 11),
        (timedelta(days=5), 5, 5), (timedelta(days=5, seconds=1), 6, 0), (timedelta(days=400), 400, 0),
    ],
)  # fmt: skip
def test_each_day_begun_costs_its_share_of_the_assignments_points(settings, after, days, final):
    how = lateness(settings, "homework02", "bob", DUE + after)
    assert (how.days, how.final(15, 20)) == (days, final)
    assert bool(how.spoken(15, 20)) == bool(days)


def test_an_extension_is_one_students_alone_and_never_shortens(settings):
    when = DUE + timedelta(days=2)
    assert lateness(settings, "homework02", "ada", when).days == 0
    assert lateness(settings, "homework02", "bob", when).days == 2
    earlier = CourseFile(settings.path, due={"h": DUE}, extensions={"ada": {"h": DUE - timedelta(days=1)}}, late=RULE)
    assert lateness(earlier, "h", "ada", DUE).days == 0


def test_nothing_is_taken_without_a_date_or_without_a_time(settings):
    assert lateness(settings, "homework03", "bob", DUE + timedelta(days=9)).final(15, 20) == 15
    assert lateness(settings, "homework02", "bob", None).final(15, 20) == 15
    free = CourseFile(settings.path, due={"h": DUE})
    late = lateness(free, "h", "bob", DUE + timedelta(days=9))
    assert (late.days, late.final(15, 20)) == (9, 15)
    assert "costs nothing" in late.spoken(15, 20)
    assert "costs nothing" in free.late.spoken()


def test_no_score_falls_below_nothing(settings):
    assert lateness(settings, "homework02", "bob", DUE + timedelta(days=4)).final(3, 20) == 0


def test_a_student_reads_what_it_cost_and_by_which_rule(settings):
    said = lateness(settings, "homework02", "bob", DUE + timedelta(hours=30)).spoken(15, 20)
    assert said == (
        "Handed in 2026-12-02 23:00 UTC, due 2026-12-01 17:00 UTC: 2 days late, which costs 4 points. "
        "It counts 11 of 20 points."
    )
    assert settings.late.spoken() == (
        "Each day begun after the due date costs 10 % of the assignment's points, up to 15 minutes cost nothing, "
        "and after 5 days nothing counts."
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-01 17:00:00.123456 UTC", DUE.replace(microsecond=123456)),  # as nbgrader writes it
        ("2026-12-01 17:00:00 UTC\n", DUE),
        ("2026-12-01T18:00:00+01:00", DUE),
        ("2026-12-01T17:00:00Z", DUE),
        ("2026-12-01 17:00:00", DUE),
        ("2026-12-01 17:00:00 CET", None),
        ("yesterday", None),
        ("", None),
        ("9" * 5000, None),
    ],
)
def test_when_it_was_handed_in_is_read_from_beside_it(tmp_path, text, expected):
    (tmp_path / "timestamp.txt").write_text(text)
    assert handed_in(tmp_path) == expected


def test_a_time_that_is_a_link_or_missing_is_none(tmp_path):
    assert handed_in(tmp_path) is None
    (tmp_path / "there.txt").write_text("2026-12-01 17:00:00 UTC")
    (tmp_path / "timestamp.txt").symlink_to(tmp_path / "there.txt")
    assert handed_in(tmp_path) is None


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("seed = 1", 1, "`seed` must be a text in quotes, got 1"),
        ("\n[due]\nhomework02 = 2026-12-01 18:00:00", 3, "must be a moment with its zone"),
        ("[due]\n\nhomework02 = 2026-12-01", 3, "must be a moment with its zone"),
        ("[due]\nhomework02 = 'Friday'", 2, "must be a moment with its zone"),
        ("[late]\npercent_a_day = 200", 2, "must be a number from 0 to 100, got 200"),
        ("[late]\npercent_a_day = true", 2, "must be a number from 0 to 100"),
        ("[late]\npercent = 10", 2, "`percent` is not known; allowed are: percent_a_day, days, grace_minutes"),
        ("[dues]\nx = 1", 1, "`dues` is not known; allowed are: seed, roster, due, extensions, late"),
        ("due = 1", 1, "`due` must be a table"),
        ("[extensions]\nada = 1", 2, "`ada` must be a table"),
        ("[due", 0, "cannot be read"),
        (
            "# [extensions.ada]\n[due]\nhw = 2026-12-01 18:00:00Z\n[extensions.bob]\nhw = 2026-12-02 18:00:00Z\n"
            "[extensions.ada]\nhw = 2026-12-04", 7, "`hw` must be a moment with its zone",
        ),
        ("due = {}\nextensions = {ada = 1}", 2, "`ada` must be a table, `[extensions.ada]`"),
    ],
)
def test_a_fault_is_told_with_file_line_and_what_is_allowed(tmp_path, text, line, why):
    path = tmp_path / "course.toml"
    path.write_text(text)
    with pytest.raises(ChapterError) as caught:
        read_course(tmp_path)
    assert str(caught.value).startswith(f"{path}:{line}: " if line else f"{path}: ")
    assert why in str(caught.value)


def test_what_editors_of_windows_save_is_read_and_gets_a_seed(tmp_path):
    path = tmp_path / "course.toml"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.replace('"s"', '""').replace("\n", "\r\n").encode())
    assert read_course(tmp_path).due == {"homework02": DUE}
    keep_seed(tmp_path, "new")
    assert (read_course(tmp_path).seed, read_course(tmp_path).late) == ("new", RULE)
    path.write_bytes(b"[due]\n# f\xfcr alle\n")
    with pytest.raises(ChapterError, match=r"course\.toml:2: is not in UTF-8; save it as UTF-8"):
        read_course(tmp_path)


def test_in_chinese_no_english_is_left():
    how = [Lateness(DUE, DUE, 1, 0.0), Lateness(DUE, DUE, 2, 0.2), Lateness(DUE, DUE, 9, 1.0)]
    with speaking("zh"):
        said = [one.spoken(5, 10) for one in how]
    assert said[1] == (
        "交于 2026-12-01 17:00 UTC，截止于 2026-12-01 17:00 UTC：迟了 2 天，扣去：2 分。计 3 分，满分 10 分。"
    )
    assert all(re.findall("[A-Za-z]+", one) == ["UTC", "UTC"] for one in said)
