"""An assignment made: from own questions, for each student, and never over what somebody edited."""

import json
import os
import re
import shutil
from dataclasses import replace

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell

from course_utils.__main__ import main
from course_utils.workshop.authoring.address import Address, write_address
from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.languages import source_in
from course_utils.workshop.authoring.notebook import read_notebook
from course_utils.workshop.homework import making
from course_utils.workshop.homework.assignment import EMPTY, assignment
from course_utils.workshop.homework.course import language_in
from course_utils.workshop.homework.grading import Grader
from course_utils.workshop.homework.making import make_homework, making_summary
from course_utils.workshop.homework.sandbox import Limits
from course_utils.workshop.homework.variants import variants

from .submissions import CHAPTER
from .test_question_file import EXAMPLE

ROSTER = "id,name,email\nada,Ada,ada@x.org\nbob,Bob,bob@x.org\nJo Ü,Jo,jo@x.org\n"


@pytest.fixture(autouse=True)
def _untried(monkeypatch, request):
    """Run no check while an assignment is made, but for the tests of that."""
    if "tried" not in request.keywords:
        monkeypatch.setattr(making, "require_checks_work", lambda sheets, path: None)


@pytest.fixture
def questions(tmp_path):
    path = tmp_path / "my_homework.md"
    shutil.copyfile(EXAMPLE, path)
    return path


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "students.csv"
    path.write_text(ROSTER, encoding="utf-8")
    return path


def everything(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def text_of(path):
    return "\n".join(cell.source for cell in nbformat.read(path, 4).cells)


def test_students_get_no_answer_no_rubric_no_check_and_no_key(questions, tmp_path):
    made = make_homework(questions, tmp_path / "hw")
    ours, theirs = text_of(made.source), made.release.read_text(encoding="utf-8")
    for word in ("It grows with", "names both", "assert", "HIDDEN", "SOLUTION", "**Right:**", "scale-inverted", "{{"):
        assert word not in theirs
        assert word in ours or word == "{{"
    answers = {cell.id: cell for cell in nbformat.read(made.release, 4).cells if cell.metadata.nbgrader.solution}
    assert answers["kept-answer"].source == answers["at-test-time-answer"].source == EMPTY
    assert "1 check, 1 choice and 1 text to read, 6 points" in making_summary(questions, made)


def test_each_student_has_a_sheet_with_numbers_and_an_order_of_their_own(questions, roster, tmp_path):
    made = make_homework(questions, tmp_path / "hw", per_student=True, roster=roster)
    sheets = {one: text_of(made.release / one / "my_homework" / "my_homework.ipynb") for one in ("ada", "bob", "Jo Ü")}
    assert made.students == len(set(sheets.values())) == 3
    assert not (tmp_path / "hw" / "release").exists()
    again = make_homework(questions, tmp_path / "hw", per_student=True)  # the roster is the course's now
    assert {one: text_of(again.release / one / "my_homework" / "my_homework.ipynb") for one in sheets} == sheets
    for one, sheet in sheets.items():
        assert "{{" not in sheet
        assert re.search(r"kept with probability 0\.[3-9], and", sheet)
        ours = "\n".join(cell.source for cell in variants(made.source)(one).cells)
        drawn = re.search(r"A unit gives (\d)\. It is kept with probability (0\.\d)", sheet)
        variance = int(drawn[1]) ** 2 * (1 - float(drawn[2])) / float(drawn[2])
        assert f"here {variance:.3g}." in ours  # the model answer is about the same numbers
        assert drawn[0] in ours


def test_without_sheets_of_their_own_all_have_the_same_numbers_again_and_again(questions, tmp_path):
    made = make_homework(questions, tmp_path / "hw")
    before = everything(tmp_path / "hw")
    assert make_homework(questions, tmp_path / "hw").source == made.source
    assert everything(tmp_path / "hw") == before
    assert [cell.source for cell in variants(made.source)("ada").cells] == [
        cell.source for cell in read_notebook(made.source).cells
    ]
    assert "--per-student gives each their own" in making_summary(questions, made)


def test_own_questions_can_stand_behind_a_chapters(questions, tmp_path):
    made = make_homework(CHAPTER, tmp_path / "hw", questions=questions)
    ids = [cell.id for cell in nbformat.read(made.release, 4).cells]
    assert made.source.parent.name == "homework02"
    assert ids.index("check-dropout") < ids.index("kept-question") < ids.index("at-test-time-answer")
    questions.write_text(questions.read_text(encoding="utf-8").replace("#kept ", "#vector "), encoding="utf-8")
    with pytest.raises(ChapterError, match="the sheet has a cell vector-question already"):
        make_homework(CHAPTER, tmp_path / "other", questions=questions)


def test_sheets_for_each_student_need_a_roster(questions, tmp_path):
    with pytest.raises(ChapterError, match=r"course\.toml: names no roster"):
        make_homework(questions, tmp_path / "hw", per_student=True)
    assert not (tmp_path / "hw").exists()


def edit(path, change):
    notebook = nbformat.read(path, 4)
    change(notebook.cells)
    nbformat.write(notebook, path)
    return path.read_bytes()


def reword(cells):
    cells[3].source += "\n\nHand it in on Friday."


EDITS = {
    "reworded": reword,
    "added": lambda cells: cells.append(new_markdown_cell("Well done.", id="end")),
    "removed": lambda cells: cells.pop(),
    "moved": lambda cells: cells.insert(3, cells.pop(5)),
    "worth more": lambda cells: cells[4].metadata.nbgrader.update(points=9),
}


@pytest.mark.parametrize("how", EDITS)
def test_what_was_edited_by_hand_is_not_overwritten_unasked(questions, tmp_path, how):
    course = tmp_path / "hw"
    made = make_homework(questions, course)
    edited = edit(made.source, EDITS[how])
    before = everything(course)
    with pytest.raises(ChapterError, match=r"was edited by hand .*--keep-edits .*--overwrite .*backup"):
        make_homework(questions, course)
    assert everything(course) == before
    again = make_homework(questions, course, overwrite=True)
    assert again.backup.read_bytes() == edited
    assert again.backup.is_relative_to(course / "backup")  # what lies in `source` nbgrader hands out
    assert str(again.backup) in making_summary(questions, again)
    assert make_homework(questions, course).backup is None


def test_edits_that_are_kept_reach_the_students_and_stay_guarded(questions, tmp_path):
    course = tmp_path / "hw"
    made = make_homework(questions, course)
    edited = edit(made.source, reword)
    kept = make_homework(questions, course, keep_edits=True)
    assert made.source.read_bytes() == edited
    assert "Hand it in on Friday." in text_of(kept.release)
    assert EMPTY in text_of(kept.release)
    with pytest.raises(ChapterError, match="was edited by hand"):
        make_homework(questions, course)
    with pytest.raises(ChapterError, match="exclude each other"):
        make_homework(questions, course, keep_edits=True, overwrite=True)


def test_outputs_and_notes_of_editors_are_no_edits(questions, tmp_path):
    made = make_homework(questions, tmp_path / "hw")

    def run(cells):
        for cell in cells:
            cell.metadata["collapsed"] = True
            if cell.cell_type == "code":
                cell.execution_count, cell.outputs = 3, [nbformat.v4.new_output("stream", text="ran")]

    edit(made.source, run)
    make_homework(questions, tmp_path / "hw")


def test_changed_questions_are_no_edits_by_hand(questions, tmp_path):
    make_homework(questions, tmp_path / "hw")
    text = questions.read_text(encoding="utf-8").replace("What are the mean", "Find the mean")
    questions.write_text(text, encoding="utf-8")
    assert "Find the mean" in text_of(make_homework(questions, tmp_path / "hw").source)


def test_a_chapters_homework_from_before_is_not_overwritten_either(tmp_path):
    made = make_homework(CHAPTER, tmp_path / "hw")
    (tmp_path / "hw" / "made.json").unlink()  # nobody noted what was made
    make_homework(CHAPTER, tmp_path / "hw")
    (tmp_path / "hw" / "made.json").unlink()
    edit(made.source, reword)
    with pytest.raises(ChapterError, match="was edited by hand"):
        make_homework(CHAPTER, tmp_path / "hw")


def test_a_note_of_what_was_made_that_is_broken_is_told(questions, tmp_path):
    make_homework(questions, tmp_path / "hw")
    (tmp_path / "hw" / "made.json").write_text("[1]")
    with pytest.raises(ChapterError, match=r"made\.json: cannot be read"):
        make_homework(questions, tmp_path / "hw")


def test_an_older_roster_is_put_aside(questions, roster, tmp_path):
    course = tmp_path / "hw"
    make_homework(questions, course, roster=roster)
    roster.write_text("id\nzoe\n", encoding="utf-8")
    make_homework(questions, course, roster=roster, per_student=True)
    assert [path.name for path in (course / "sheets").iterdir()] == ["zoe"]
    assert [path.read_text(encoding="utf-8") for path in (course / "backup").rglob("roster*")] == [ROSTER]


def test_the_seed_once_drawn_stays_and_without_it_nothing_is_graded(questions, roster, tmp_path):
    course = tmp_path / "hw"
    made = make_homework(questions, course, per_student=True, roster=roster)
    settings = course / "course.toml"
    (seed,) = re.findall(r'^seed = "(\w{16})"', settings.read_text(encoding="utf-8"), re.MULTILINE)
    make_homework(questions, course, per_student=True)
    assert f'seed = "{seed}"' in settings.read_text(encoding="utf-8")
    settings.write_text("", encoding="utf-8")
    with pytest.raises(ChapterError, match="has no seed any more"):
        variants(made.source)
    other = json.loads((course / "made.json").read_text())
    assert other["my_homework"]["per_student"] is True


def test_who_has_a_sheet_is_not_given_other_numbers(questions, roster, tmp_path):
    course = tmp_path / "hw"
    make_homework(questions, course, per_student=True, roster=roster)
    with pytest.raises(ChapterError, match="make it again with --per-student"):
        make_homework(questions, course)
    shutil.rmtree(course / "sheets")
    made = make_homework(questions, course)
    (course / "submitted" / "ada" / "my_homework").mkdir(parents=True)
    assert make_homework(questions, course).release == made.release
    with pytest.raises(ChapterError, match="graded by other numbers"):
        make_homework(questions, course, per_student=True)


MOODLE = "First name,Last name,ID number,Email address\nAda,King,u1,ada@x.org\nBob,Ross,u2,bob@x.org\n"
WORKSHEET = (
    "Identifier,Full name,Email address,Status,Grade\nParticipant 71,Ada King,ada@x.org,,\n"
    "Participant 72,Bob Ross,bob@x.org,,\nParticipant 73,Eve New,eve@x.org,,\n"
)


def test_a_sheet_keeps_its_numbers_whichever_export_is_the_roster_now(questions, roster, tmp_path):
    course = tmp_path / "hw"
    roster.write_text(MOODLE, encoding="utf-8")
    made = make_homework(questions, course, per_student=True, roster=roster)
    before = {one: [cell.source for cell in variants(made.source)(one).cells] for one in ("u1", "u2")}
    (course / "submitted" / "Ada King_71" / "my_homework").mkdir(parents=True)
    (course / "roster.csv").write_text(WORKSHEET, encoding="utf-8")
    ours = variants(made.source)
    for folder, owner in (("Ada King_71", "u1"), ("ada@x.org", "u1"), ("u2", "u2"), ("Bob Ross", "u2")):
        assert [cell.source for cell in ours(folder).cells] == before[owner]
    assert [ours.has_sheet(one) for one in ("u1", "Ada King_71", "eve@x.org", "nobody")] == [True, True, False, False]
    make_homework(questions, course, per_student=True)  # now Eve has one as well
    old, new = (course / "sheets" / one / "my_homework" / "my_homework.ipynb" for one in ("u1", "ada@x.org"))
    assert text_of(old) == text_of(new)
    assert variants(made.source).has_sheet("eve@x.org")
    (course / "roster.csv").write_text("id\nx1\nx2\n", encoding="utf-8")
    with pytest.raises(ChapterError, match=r"nobody in this roster has one of their sheets, made for u1, u2"):
        make_homework(questions, course, per_student=True)


def test_who_has_no_sheet_waits_and_does_not_score(questions, roster, tmp_path):
    course = tmp_path / "hw"
    made = make_homework(questions, course, per_student=True, roster=roster)
    folder = course / "submitted" / "nobody" / "my_homework"
    folder.mkdir(parents=True)
    shutil.copy(course / "sheets" / "ada" / "my_homework" / "my_homework.ipynb", folder)
    one = Grader(made.source, tmp_path, Limits(), open_allowed=False).graded(folder)
    assert {mark.score for mark in one.marks} == {None}
    assert "no sheet was made" in one.stopped


def test_numbers_that_changed_since_sheets_were_made_are_told(questions, roster, tmp_path):
    course = tmp_path / "hw"
    made = make_homework(questions, course, per_student=True, roster=roster)
    was = questions.read_text(encoding="utf-8")
    questions.write_text(was.replace("{{x: 2 | 3 | 5}}", "{{x: 2 | 3 | 7}}"), encoding="utf-8")
    make_homework(questions, course, per_student=True)  # nobody has handed in
    (course / "submitted" / "ada" / "my_homework").mkdir(parents=True)
    before = everything(course)
    questions.write_text(was, encoding="utf-8")
    with pytest.raises(ChapterError, match="with other numbers or another seed they would get 0"):
        make_homework(questions, course, per_student=True)
    assert everything(course) == before
    edit(made.source, lambda cells: [cell.update(source=cell.source.replace("| 7", "| 8")) for cell in cells])
    with pytest.raises(ChapterError, match="others than when students' sheets were made"):
        variants(made.source)


def test_two_choices_that_come_to_say_the_same_are_told_before_anything_is_written(questions, roster, tmp_path):
    text = questions.read_text(encoding="utf-8").replace("multiplied by {{q}}", "divided by {{= q}}")
    questions.write_text(text, encoding="utf-8")
    with pytest.raises(ChapterError, match=r"question at-test-time: for .* two choices say the same"):
        make_homework(questions, tmp_path / "hw", per_student=True, roster=roster)
    assert not (tmp_path / "hw").exists()


def test_a_sheet_says_how_it_runs_on_colab_or_that_it_cannot(questions, tmp_path):
    made = make_homework(questions, tmp_path / "hw", root=tmp_path)
    ids = {cell.id: cell.source for cell in nbformat.read(made.release, 4).cells}
    assert "no address of it is published" in ids["where-it-runs"]
    assert "install-course" not in ids
    (tmp_path / "pyproject.toml").write_text("[project]\n\n[project.optional-dependencies]\n")
    write_address(tmp_path, Address("ada", "dropout"))
    for work, name in ((questions, "own"), (CHAPTER, "chapter")):
        made = make_homework(work, tmp_path / name, root=tmp_path)
        cells = {cell.id: cell for cell in nbformat.read(made.release, 4).cells}
        assert list(cells).index("install-course") == list(cells).index("where-it-runs") + 1 == 2
        assert 'pip install --quiet "git+https://github.com/ada/dropout"' in cells["install-course"].source
        assert cells["install-course"].metadata.nbgrader.locked


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ([], "name a chapter, such as 02, or a file"),
        (["a.md", "--questions", "b.md"], "one file of questions makes one assignment"),
        (["none.md"], "none.md: cannot be read"),
        (["--questions", "none.md"], "none.md: cannot be read"),
        (["none.md", "--grade"], "first run `python -m course_utils homework none.md`"),
        (["none.md", "--keep-edits"], "no such file, so there are no edits to keep"),
    ],
)
def test_the_command_says_in_one_line_what_it_needs(tmp_path, capsys, words, why):
    assert main(["homework", *words, "--course", str(tmp_path / "hw")]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert why in line
    assert not (tmp_path / "hw").exists()


def test_a_hand_edit_of_the_numbers_is_drawn_from(questions, roster, tmp_path):
    made = make_homework(questions, tmp_path / "hw", per_student=True, roster=roster)

    def widen(cells):
        for cell in cells:
            cell.source = cell.source.replace("{{x: 2 | 3 | 5}}", "{{x: 700 | 800}}")

    edit(made.source, widen)
    make_homework(questions, tmp_path / "hw", per_student=True, keep_edits=True)
    sheet = text_of(tmp_path / "hw" / "sheets" / "ada" / "my_homework" / "my_homework.ipynb")
    assert re.search("A unit gives [78]00", sheet)


@pytest.mark.parametrize("each", [False, True])
def test_a_sheet_speaks_the_language_that_is_asked_for(each, questions, roster, tmp_path):
    for work, more in ((CHAPTER, None), (CHAPTER, questions), (questions, None)):
        course = tmp_path / f"{work if work is not questions else 'own'}-{more is None}".replace("/", "")[-20:]
        how = {"questions": more, "per_student": each, "roster": roster if each else None, "language": "zh"}
        made = make_homework(work, course, **how)
        sheet = next(course.glob("sheets/ada/*/*.ipynb")) if each else made.release
        cells = {cell.id: cell.source for cell in nbformat.read(sheet, 4).cells}
        assert language_in(read_notebook(sheet)) == language_in(read_notebook(made.source)) == "zh"
        assert cells["where-it-runs"].startswith("**在 Colab 上**：")
        assert cells["course-language"].startswith('import os\n\nos.environ["COURSE_LANGUAGE"] = "zh"')
        asked = [text for key, text in cells.items() if key.endswith("-question")]
        assert asked
        assert all("**问题" in text and "**Question" not in text for text in asked)
        assert make_homework(work, course, **how).backup is None  # what was made is no edit by hand
        assert os.environ.get("COURSE_LANGUAGE", "en") == "en"


def test_what_a_translation_says_of_an_exercise_is_given(tmp_path, monkeypatch):
    folder = tmp_path / CHAPTER.stem
    shutil.copytree(CHAPTER.folder, folder)
    (folder / "zh").mkdir(exist_ok=True)
    (folder / "zh" / "homework.toml").write_text('vector = "为什么？"\n\n[given]\nexercise-dropout = "两个陷阱。"\n')
    sheet = assignment(source_in(replace(CHAPTER, folder=folder), "zh"), [1])
    cells = {cell.id: cell.source for cell in sheet.cells}
    assert cells["exercise-dropout-given"] == "两个陷阱。"
    assert cells["exercise-variance-given"].startswith("Under dropout a single value")
    assert cells["vector-question"].endswith("为什么？")
