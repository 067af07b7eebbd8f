"""Rosters of one's own, of Canvas and of Moodle, and points that go back there."""

import csv
import io
import re

import pytest

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.homework.feedback import safe, table
from course_utils.workshop.homework.grading import Graded, Mark
from course_utils.workshop.homework.lms import canvas, moodle
from course_utils.workshop.homework.roster import read_roster

OWN = "id,name,email\nada,Ada Lovelace,ada@x.org\nbob,Bob Ross,bob@x.org\n"
CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,homework02 (4711),Current Score
,,,,,Manual Posting,
    Points Possible,,,,,22,(read only)
"Lovelace, Ada",9001,S1,ada,Monday,,
"Ross, Bob",9002,S2,bob,Monday,,
"Student, Test",9003,,f81d,Monday,,
"""
MOODLE = """First name,Last name,ID number,Institution,Department,Email address,Last downloaded from this course
Ada,Lovelace,S1,,,ada@x.org,1700000000
Bob,Ross,,,,bob@x.org,1700000000
"""
WORKSHEET = """Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed",\
"Last modified (submission)","Last modified (grade)","Feedback comments"
"Participant 71","Ada Lovelace",ada@x.org,"Submitted for grading",,100.00,Yes,"Monday, 30 November 2026, 9:00 PM",-,
"Participant 72","Bob Ross",bob@x.org,"No submission",,100.00,Yes,-,-,
"""


def roster(tmp_path, text, name="roster.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_text(text, encoding=encoding, newline="")
    return read_roster(path)


def rows(text):
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize(
    ("text", "kind", "ids"),
    [
        (OWN, "own", ["ada", "bob"]),
        (CANVAS, "canvas", ["ada", "bob"]),
        (MOODLE, "moodle", ["S1", "bob@x.org"]),
        (WORKSHEET, "worksheet", ["ada@x.org", "bob@x.org"]),
        (OWN.replace(",", ";"), "own", ["ada", "bob"]),
        (re.sub(r",(?! )", ";", CANVAS), "canvas", ["ada", "bob"]),
        (OWN.replace("\n", "\r\n"), "own", ["ada", "bob"]),
        ("student_id\tname\nada\tAda\n\n", "own", ["ada"]),
    ],
    ids=["own", "Canvas", "Moodle", "worksheet", "semicolons", "Canvas with semicolons", "Windows", "tabs"],
)
def test_whose_columns_they_are_is_seen(tmp_path, text, kind, ids):
    found = roster(tmp_path, text)
    assert (found.kind, [one.id for one in found.students]) == (kind, ids)


@pytest.mark.parametrize("text", [OWN, CANVAS, MOODLE, WORKSHEET], ids=["own", "Canvas", "Moodle", "worksheet"])
def test_names_are_as_one_says_them(tmp_path, text):
    assert [one.name for one in roster(tmp_path, text).students] == ["Ada Lovelace", "Bob Ross"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_spreadsheets_save_is_read(tmp_path, encoding):
    (one,) = roster(tmp_path, "id,name\nzoë,Zoë Ü\n", encoding=encoding).students
    assert (one.id, one.name) == ("zoë", "Zoë Ü")


def test_a_folder_is_found_by_whatever_names_one_student_alone(tmp_path):
    found = roster(tmp_path, CANVAS)
    assert {found.id(name) for name in ("ada", "ADA", "9001", "s1", "Ada Lovelace")} == {"ada"}
    assert found.student("nobody") is None
    assert found.id("nobody") == "nobody"
    two = roster(tmp_path, "id,name\nzoe\u0308,Zoe\u0308\n")  # as macOS names folders
    assert {two.id(name) for name in ("zo\xeb", "zoe\u0308", "ZO\xcb")} == {"zo\xeb"}
    twins = roster(tmp_path, "id,name\na1,Ada\na2,Ada\n")
    assert twins.student("Ada") is None
    assert twins.id("a2") == "a2"


def test_downloads_are_found_by_the_platforms_number_and_else_by_the_name(tmp_path):
    found = roster(tmp_path, CANVAS)
    assert [found.student(name) and found.id(name) for name in ("lovelaceada_9001", "x_9002")] == ["ada", "bob"]
    assert found.student("ada_7") is None  # another student, who has left, may be called like it
    found = roster(tmp_path, WORKSHEET)
    assert found.id("Ada Lovelace_71") == "ada@x.org"
    assert found.id("Participant_72") == "bob@x.org"
    assert found.student("Ada Lovelace_73") is None
    assert roster(tmp_path, MOODLE).id("Ada Lovelace_71") == "S1"
    found = roster(tmp_path, "id,name\n71,Bob\na_72,Ada\n")
    assert (found.id("Bob_72"), found.id("a_72")) == ("71", "a_72")
    assert found.student("Ada Lovelace_71") is None  # the number is the platform's, not the id


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("", "", "is empty; its first line names the columns"),
        ("Name,Mail\nAda,x\n", ":1", "the columns are Name, Mail; needed is `id`"),
        ("id,name\n", "", "has no students"),
        ("id,name\nada,A\nada,B\n", ":3", "the id ada stands in line 2 already"),
        ("id,name\n../x,A\n", ":2", "'../x' is no id"),
        ("id,name\n.ada,A\n", ":2", "'.ada' is no id"),
        ("id,name\n,A\n", ":2", "'' is no id"),
        ("id,name\n<b>,A\n", ":2", "'<b>' is no id"),
        ("id,name\nada,A,B\n", ":2", "has 3 fields, the first line names 2"),
    ],
)
def test_a_fault_is_told_with_file_line_and_what_is_allowed(tmp_path, text, line, why):
    with pytest.raises(ChapterError) as caught:
        roster(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path / 'roster.csv'}{line}: ")
    assert why in str(caught.value)


def test_a_roster_that_is_none_is_told(tmp_path):
    (tmp_path / "roster.csv").write_bytes(b"id,name\nada,\xe4\n")
    with pytest.raises(ChapterError, match=r"roster\.csv:2: is not in UTF-8"):
        read_roster(tmp_path / "roster.csv")
    with pytest.raises(ChapterError, match="No such file"):
        read_roster(tmp_path / "none.csv")


def test_canvas_gets_its_own_columns_back_and_points_where_there_are_any(tmp_path):
    header, possible, ada, bob = rows(canvas(roster(tmp_path, CANVAS), "homework02", 22, {"ada": 17.5}))
    # As its importer asks: Student, ID, two ids, Section last, then assignments; a row of points.
    assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "homework02 (4711)"]
    assert possible[0].strip() == "Points Possible"
    assert possible[-1] == "22"
    assert ada == ["Lovelace, Ada", "9001", "S1", "ada", "Monday", "17.5"]
    assert bob == ["Ross, Bob", "9002", "S2", "bob", "Monday", ""]


def test_of_another_roster_canvas_gets_the_login_and_the_name(tmp_path):
    header, _, ada, _ = rows(canvas(roster(tmp_path, OWN), "homework02", 22, {"ada": 3}))
    assert header[-1] == "homework02"
    assert ada == ["Lovelace, Ada", "", "", "ada", "", "3"]


def test_moodle_gets_what_it_identifies_users_by(tmp_path):
    header, ada, bob = rows(moodle(roster(tmp_path, MOODLE), "homework02", 22, {"S1": 17.5}))
    assert header == ["Full name", "ID number", "Email address", "homework02"]
    assert ada == ["Ada Lovelace", "S1", "ada@x.org", "17.5"]
    assert bob[2:] == ["bob@x.org", ""]


def test_a_worksheet_goes_back_with_grades_and_otherwise_as_it_was(tmp_path):
    before, after = rows(WORKSHEET), rows(moodle(roster(tmp_path, WORKSHEET), "x", 20, {"ada@x.org": 15}))
    assert after[0] == before[0]
    assert after[1] == [*before[1][:4], "75", *before[1][5:]]  # of its maximum grade
    assert after[2] == before[2]


FORMULAS = ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1+1", "\n=1", '=HYPERLINK("http://x")']


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_table_holds_a_formula(tmp_path, formula):
    quoted = '"' + formula.replace('"', '""') + '"'
    text = f"id,name,email\nada,{quoted},{quoted}\n"
    found = roster(tmp_path, text)
    for written in (canvas(found, "t", 1, {}), moodle(found, "t", 1, {})):
        for field in (field for row in rows(written)[1:] for field in row):
            assert field == "" or field.strip()[:1] not in tuple("=+-@＝"), field
    one = Graded(formula, "x", [Mark("c", 1, 1)])
    assert not any(field.strip()[:1] in tuple("=+@＝") for row in rows(table([one])) for field in row if field)


@pytest.mark.parametrize("value", ["-", "ada", "a=b", "", 5, None, "2026-12-01"])
def test_what_is_no_formula_is_left_alone(value):
    assert safe(value) == value
