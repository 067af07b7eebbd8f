"""The file of solutions holds what the chapters hold, no more and no less."""

import json
import os

import pytest

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.solution_file import solution_file, stale_solutions, write_solutions

EXERCISE = '''\
# %% key="exercise-{name}"
def my_{name}(x):
    """Return λ."""
    ### BEGIN SOLUTION
    y = {value} * x

    return y
    ### END SOLUTION

# %% key="check-{name}"
check("{name}", my_{name})

'''
CHECK = '# %% key="set-up"\ndef check(name, answer):\n    open("ran", "w").close()\n\n'
SOLUTION = 'def my_{name}(x):\n    """Return λ."""\n    y = {value} * x\n\n    return y'


def exercises(**values):
    return "".join(EXERCISE.format(name=name, value=value) for name, value in values.items())


def solutions(**values):
    return {name: SOLUTION.format(name=name, value=value) for name, value in values.items()}


@pytest.fixture
def path(course):
    """The file, not yet written, in a package beside the notebooks."""
    path = solution_file(course.notebooks_dir)
    path.parent.mkdir(parents=True)
    return path


def held(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_file_stands_in_the_package_beside_the_notebooks(course, monkeypatch):
    expected = course.notebooks_dir.parent / "course_utils" / "data" / "solutions.json"
    assert solution_file(course.notebooks_dir) == expected
    monkeypatch.chdir(course.notebooks_dir.parent)
    assert solution_file(course.notebooks_dir.relative_to(course.notebooks_dir.parent)) == expected


def test_solutions_are_written_without_markers_and_in_order(course, path):
    chapter = course.write("02_dropout", '# %% key="text"\nx = 1\n\n' + exercises(twice=2, thrice=3))
    assert write_solutions([chapter], path)
    assert held(path) == {"02_dropout": solutions(twice=2, thrice=3)}
    assert list(held(path)["02_dropout"]) == ["twice", "thrice"]
    assert "λ" in path.read_text(encoding="utf-8")  # as it is, for whoever reads the file or its diff
    assert path.read_bytes().endswith(b"}\n")
    assert stale_solutions([chapter], path) == []
    before = path.stat().st_mtime_ns
    assert not write_solutions([chapter], path)
    assert path.stat().st_mtime_ns == before


def test_one_chapter_does_not_lose_the_solutions_of_another(course, path):
    second = course.write("02_dropout", exercises(twice=2))
    first = course.write("01_theory", exercises(once=1))
    third = course.write("03_cost", exercises(thrice=3))
    for chapter in (second, third, first):
        write_solutions([chapter], path)
    course.write("02_dropout", exercises(twice=22))
    assert write_solutions([second], path)
    expected = {"01_theory": solutions(once=1), "02_dropout": solutions(twice=22), "03_cost": solutions(thrice=3)}
    assert held(path) == expected
    assert list(held(path)) == list(expected)  # in order, whoever was built last


@pytest.mark.parametrize(
    "changed",
    [exercises(twice=3), exercises(twice=2, thrice=3), exercises(), exercises(double=2), '# %% key="a"\n'],
)
def test_stale_solutions_are_named_with_the_command_that_mends_them(course, path, changed):
    chapter = course.write("02_dropout", exercises(twice=2))
    other = course.write("03_cost", exercises(thrice=3))
    write_solutions([chapter, other], path)
    course.write("02_dropout", changed)
    assert stale_solutions([chapter, other], path) == [
        f"{path}: solutions of 02_dropout are old; run `python -m course_utils build 02`"
    ]
    write_solutions([chapter], path)
    assert stale_solutions([chapter, other], path) == []


def test_solutions_of_a_removed_chapter_or_exercise_go(course, path):
    chapter = course.write("02_dropout", exercises(twice=2, thrice=3))
    other = course.write("03_cost", exercises(once=1))
    write_solutions([chapter, other], path)
    course.write("02_dropout", exercises(thrice=3))
    write_solutions([chapter], path)
    assert held(path)["02_dropout"] == solutions(thrice=3)
    chapter.source.unlink()
    assert write_solutions([chapter], path)
    assert held(path) == {"03_cost": solutions(once=1)}
    course.write("03_cost", '# %% key="a"\nx = 1\n')  # no exercise left
    write_solutions([other], path)
    assert held(path) == {}


@pytest.mark.parametrize("after", ["", '# %% key="try"\nmy_twice(1)\n', '# %% key="c"\ncheck(my_twice)\n'])
def test_an_exercise_without_a_check_is_refused(course, path, after):
    text = exercises(twice=2)
    chapter = course.write("02_dropout", text[: text.index('# %% key="check')] + after)
    words = 'cell exercise-twice: the cell after an exercise must begin with check\\("its name", ...\\)'
    with pytest.raises(ChapterError, match=words):
        write_solutions([chapter], path)
    assert not path.exists()


CONFLICT = '{\n<<<<<<< ours\n "02_dropout": {}\n=======\n "02_dropout": {"a": "b"}\n>>>>>>> theirs\n}\n'


def test_marks_of_a_merge_are_told_before_anything_runs_and_building_all_mends_them(course, path, capsys):
    for stem, exercise in {"02_dropout": exercises(twice=2), "03_cost": exercises(thrice=3)}.items():
        course.write(stem, CHECK + exercise)
        course.pretend_build(stem)
    path.write_text(CONFLICT)
    for words in (["--check"], [], ["2"]):
        assert course.command("build", *words) == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith(f"{path}: cannot be read: ")
        assert line.endswith("delete it, then run `python -m course_utils build`")
    assert not (course.notebooks_dir / "ran").exists()
    path.unlink()
    assert course.command("build") == 0
    assert held(path) == {"02_dropout": solutions(twice=2), "03_cost": solutions(thrice=3)}
    assert course.command("build", "--check") == 0
    assert capsys.readouterr().out.endswith("2 notebooks up to date\n")


def test_solutions_that_cannot_be_written_are_one_line_a_chapter(course, path, capsys):
    for name in ("02_one", "03_two"):
        course.write(name, CHECK + exercises(twice=2))
    path.with_name(f".{path.name}.{os.getpid()}.tmp").mkdir()  # where it is written first
    assert course.command("build") == 1
    assert capsys.readouterr().err == f"{path}: cannot be written: Is a directory\n" * 2


def test_without_a_package_nothing_is_written(course):
    chapter = course.write("02_dropout", exercises(twice=2))
    path = solution_file(course.notebooks_dir)
    assert not write_solutions([chapter], path)
    assert stale_solutions([chapter], path) == []
    assert not path.parent.exists()


def test_the_command_line_says_what_is_stale(course, path, capsys):
    chapter = course.write("02_dropout", exercises(twice=2))
    course.pretend_build("02_dropout")
    old = f"{path}: solutions of 02_dropout are old; run `python -m course_utils build 02`\n"
    assert course.command("build", "--check") == 1
    assert capsys.readouterr().err == old
    write_solutions([chapter], path)
    assert course.command("build", "--check") == 0
    assert capsys.readouterr().out == "1 notebook up to date\n"
