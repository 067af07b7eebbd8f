"""The lecturer's commands: what they print, and what they refuse in one line."""

import pytest

from course_utils.__main__ import main


def run(course, *words):
    return main([*words, "--notebooks-dir", str(course.notebooks_dir)])


@pytest.mark.parametrize("command", ["slides", "handout", "homework"])
def test_an_unknown_chapter_is_named(built, capsys, command):
    assert run(built, command, "07") == 1
    assert capsys.readouterr().err == "07: no such chapter; there are: 02_dropout\n"


def test_slides_of_a_chapter_without_a_deck(built, tmp_path, capsys):
    assert run(built, "slides", "02", "--out", str(tmp_path / "out")) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("02_dropout/slides.md: is missing; the slides of a chapter are written there\n")
    assert not (tmp_path / "out").exists()


def test_all_handouts_and_what_is_missing(built, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("course_utils.workshop.handouts.handout._launch", lambda playwright: None)
    text = built.source_dir / "02_dropout" / "handout.md"
    text.write_text("# Dropout\n\nOn one sheet.\n\n## Idea\n\nA mask.\n")
    built.write("03_other", '# %% [markdown] key="title"\n# # Other\n')
    assert run(built, "handout", "--out", str(tmp_path / "out")) == 1
    out, err = capsys.readouterr()
    assert out.splitlines()[0] == str(tmp_path / "out" / "02_dropout.html")
    assert err.splitlines()[0].endswith("03_other/handout.md: is missing, so chapter 03 has no handout")
    assert "plans.md" in err.splitlines()[1]  # not written yet either


def test_plans_alone_want_no_chapter(built, tmp_path, capsys):
    assert run(built, "handout", "plans", "--out", str(tmp_path)) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "plans.md" in line


def test_homework_of_a_chapter_of_the_course(tmp_path, capsys):
    assert main(["homework", "02", "--course", str(tmp_path / "course")]) == 0
    lines = capsys.readouterr().out.splitlines()
    release = tmp_path / "course" / "release" / "homework02" / "02_numpy_dropout.ipynb"
    assert lines[0] == f"{release}: hand this out; it has no solutions and no hidden tests"
    assert lines[2] == "7 checks and 8 texts to read, 22 points"
    assert str(tmp_path / "course" / "submitted" / "STUDENT" / "homework02" / release.name) in lines[3]
    assert lines[-1].endswith(f"homework 02 --course {tmp_path / 'course'} --grade")
    assert release.is_file()

    assert main(["homework", "02", "--course", str(tmp_path / "course"), "--grade"]) == 1
    assert "submitted: no STUDENT/homework02/02_numpy_dropout.ipynb here" in capsys.readouterr().err


def test_grading_before_making_says_what_to_run(tmp_path, capsys):
    assert main(["homework", "02", "--course", str(tmp_path), "--grade"]) == 1
    assert "first run `python -m course_utils homework 02`" in capsys.readouterr().err
