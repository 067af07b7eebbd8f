import ast
from pathlib import Path

import pytest

from course_utils.exercises.check import CHAPTERS
from course_utils.workshop.authoring.chapters import ChapterError, chapter_of
from course_utils.workshop.authoring.notebook import encode_notebook
from course_utils.workshop.authoring.solutions import STUB
from course_utils.workshop.authoring.source import parse_source, read_source
from course_utils.workshop.homework.assignment import assignment, released
from course_utils.workshop.homework.making import make_homework
from tests import NOTEBOOKS, SOURCES

SOURCE = SOURCES / "02_numpy_dropout" / "chapter.py"
SEEDS = [271828, 314159]


@pytest.fixture(scope="module")
def ours():
    return assignment(read_source(SOURCE), SEEDS)


def marks(cell):
    return cell.metadata.nbgrader


def test_every_cell_has_nbgraders_marks_and_an_id_of_its_own(ours):
    ids = [marks(cell).grade_id for cell in ours.cells]
    assert len(set(ids)) == len(ids)
    assert ids == [cell.id for cell in ours.cells]
    assert {marks(cell).schema_version for cell in ours.cells} == {3}
    assert all(marks(cell).locked != marks(cell).solution for cell in ours.cells)


def test_each_exercise_has_a_check_with_points_and_each_section_a_question_to_read(ours):
    checks = [cell for cell in ours.cells if marks(cell).grade and cell.cell_type == "code"]
    assert len(checks) == len(CHAPTERS["02"]) == 7
    for cell, exercise in zip(checks, CHAPTERS["02"], strict=True):
        assert f'require_done("{exercise.name}"' in cell.source
        assert marks(cell).points == 2
    questions = [cell for cell in ours.cells if marks(cell).grade and cell.cell_type == "markdown"]
    assert [(marks(cell).solution, marks(cell).points) for cell in questions] == [(True, 1)] * 8


def test_questions_are_the_chapters_own(ours, tmp_path):
    texts = {cell.id: cell.source for cell in ours.cells}
    assert texts["sine-question"].startswith("**Question.** Name a task on which dropout hurts")
    (tmp_path / "02_a").mkdir()
    source = parse_source(SOURCE.read_text(encoding="utf-8"), tmp_path / "02_a" / "chapter.py")
    predicted = {cell.id: cell.source for cell in assignment(source, SEEDS).cells}
    assert predicted["vector-question"].endswith("Say what the chapter shows, and why.")
    for text, fault in (('other = "Why?"', "the chapter has no section other"), ("=", "cannot be read")):
        source.path.with_name("homework.toml").write_text(text)
        with pytest.raises(ChapterError, match=rf"02_a/homework\.toml: {fault}"):
            assignment(source, SEEDS)


def test_released_holds_neither_solutions_nor_hidden_tests(ours):
    text = encode_notebook(released(ours)).decode()
    for word in ("SOLUTION", "HIDDEN", "require_done", *map(str, SEEDS), "keep_prob * a"):
        assert word not in text
    assert sum(STUB in cell.source for cell in released(ours).cells) == 7
    assert "271828" in encode_notebook(ours).decode()  # the instructor's own is left as it was


@pytest.mark.parametrize("path", sorted(SOURCES.glob("0[1-5]*/chapter.py")), ids=lambda path: path.parent.name[:2])
def test_every_cell_is_python_before_and_after_the_release(path):
    notebook = assignment(read_source(path), SEEDS)
    for variant in (notebook, released(notebook)):
        for cell in variant.cells:
            if cell.cell_type == "code":
                ast.parse(cell.source)


def test_what_stands_before_an_exercise_is_left_in_the_chapter():
    source = read_source(SOURCE)
    before = {cell.key: cell.text for cell in source.cells}["batch-noise-text"]
    assert before.startswith("The factor is the number of examples.")  # it answers a question of the sheet
    sheet = {cell.id: cell.source for cell in assignment(source, SEEDS).cells}
    assert sheet["batch-noise-text"].startswith("**Exercise 3.**")
    assert before.endswith(sheet["batch-noise-text"])


def test_the_course_folder_is_its_makers_alone(tmp_path):
    make_homework(chapter_of(NOTEBOOKS / "02_numpy_dropout.ipynb"), tmp_path / "course")
    assert (tmp_path / "course").stat().st_mode & 0o077 == 0


TEXT = SOURCE.read_text(encoding="utf-8")
BARE = '# %% [markdown] key="t"\n# # A\n\n# %% [markdown] key="s"\n# ## 1 A\n'
EXERCISE = '\n# %% key="a"\ndef f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (BARE, "has no exercises"),
        (BARE + EXERCISE, "each exercise needs one check"),
        (TEXT.replace('key="vector"', f'key="{"x" * 64}"'), f"two cells of the sheet would have the key {'x' * 64}; "),
        (
            TEXT.replace('key="exercise-dropout"', 'key="vector-answer"'),
            "two cells of the sheet would have the key vector-answer; ",
        ),
    ],
    ids=["no exercise", "no check", "long key", "key of an answer"],
)
def test_a_chapter_that_makes_no_sheet_is_refused(text, why):
    with pytest.raises(ChapterError, match=rf"02_a/chapter\.py: {why}"):
        assignment(parse_source(text, Path("02_a/chapter.py")), SEEDS)
