import difflib
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell

from course_utils.__main__ import main
from course_utils.workshop.authoring.chapters import Chapter, ChapterError, chapter_of
from course_utils.workshop.authoring.freshness import stale_chapters
from course_utils.workshop.authoring.notebook import encode_notebook, unexecuted_notebook
from course_utils.workshop.authoring.recovery import recover_chapter
from course_utils.workshop.authoring.source import parse_source, read_source

from .course import CHAPTER


def source_text(course):
    return course.chapter("02_dropout").source.read_text(encoding="utf-8")


def recover_after(course, change):
    """Edit the notebook, recover, and give the result and the lines that changed in the source."""
    before = source_text(course)
    course.edit("02_dropout", change)
    result = recover_chapter(course.chapter("02_dropout"))
    lines = difflib.ndiff(before.split("\n"), source_text(course).split("\n"))
    return result, [line for line in lines if line[0] in "+-"]


def keys(course):
    return [cell.key for cell in read_source(course.chapter("02_dropout").source).cells]


def test_unedited_notebook_gives_the_identical_source(built):
    result = recover_chapter(built.chapter("02_dropout"))
    assert not result.rewritten
    assert result.changed == result.added == result.removed == ()
    assert source_text(built) == CHAPTER


@pytest.mark.parametrize("end", ["", "\n", "\n\n\n"])
@pytest.mark.parametrize("text", ["# only a comment\n", '# %% key="a"\nx', '\n\n# %% [markdown] key="a"\n# x\n\n\n#\n'])
def test_odd_sources_come_back_identical(course, text, end):
    chapter = course.write("02_dropout", text + end)
    course.pretend_build("02_dropout")
    assert not recover_chapter(chapter).rewritten
    assert source_text(course) == text + end


HEADER = '- # %% key="setup" tags=["hide-input"]'


@pytest.mark.parametrize(
    ("number", "edited", "diff"),
    [
        (0, {"source": "# Dropout\n\nOne mask.\n"}, ["- # A mask per *example*, $a^{[1]}$.", "+ # One mask."]),
        (1, {"source": "%matplotlib inline\nimport numpy as jnp"}, ["- import numpy as np", "+ import numpy as jnp"]),
        (1, {"metadata": {"tags": ["a"]}}, [HEADER, '+ # %% key="setup" tags=["a"]']),
        (4, {"source": "Still: λ."}, ["- In triple quotes: λ.", "+ Still: λ."]),  # and the quotes stay
        (5, {"source": "print(2)"}, ['- print("end")', "+ print(2)"]),  # and the file's end stays
    ],
)
def test_an_edit_changes_the_lines_of_its_cell_alone(built, number, edited, diff):
    result, lines = recover_after(built, lambda nb: nb.cells[number].update(edited))
    assert lines == diff
    assert result.changed == (keys(built)[number],)
    assert stale_chapters([built.chapter("02_dropout")]) == []


def test_code_turned_into_prose(built):
    _, diff = recover_after(built, lambda nb: nb.cells.__setitem__(5, new_markdown_cell("The end", id="last")))
    assert diff == ['- # %% key="last"', '- print("end")', '+ # %% [markdown] key="last"', "+ # The end"]


def test_new_cells_get_a_key_from_their_first_words(built):
    def add(notebook):
        notebook.cells.insert(1, new_markdown_cell("## Why does a *mask* differ at each step?"))
        notebook.cells.insert(2, new_code_cell("np.zeros(3)", metadata={"tags": ["a"]}))
        notebook.cells.insert(3, new_code_cell("np.zeros(3)", id="123e4567-e89b-12d3-a456-426614174000"))
        notebook.cells.append(new_markdown_cell("正则化"))
        notebook.cells.append(new_markdown_cell("Title"))
        notebook.cells.append(new_markdown_cell("A name somebody chose", id="chosen"))

    result, diff = recover_after(built, add)
    assert result.added == ("why-does-a-mask-differ", "np-zeros-3", "np-zeros-3-2", "cell", "title-2", "chosen")
    assert not [line for line in diff if line[0] == "-"]
    assert '# %% key="np-zeros-3" tags=["a"]\nnp.zeros(3)\n\n# %%' in source_text(built)
    assert source_text(built).endswith('# %% [markdown] key="chosen"\n# A name somebody chose\n')


def test_deleted_and_moved_cells(built):
    result, diff = recover_after(built, lambda nb: nb.cells.pop(3))
    assert result.removed == ("try-it",)
    assert [line for line in diff if line[0] == "+"] == []
    result, _ = recover_after(built, lambda nb: nb.cells.insert(0, nb.cells.pop()))
    assert result.rewritten
    assert result.changed == result.added == result.removed == ()
    assert keys(built) == ["last", "title", "setup", "mask-per-example", "quoted"]
    assert 'print("end")\n\n# %% [markdown] key="title"' in source_text(built)
    assert stale_chapters([built.chapter("02_dropout")]) == []


def test_all_cells_deleted_leaves_the_header(course):
    course.write("02_dropout", '# hi\n\n# %% key="a"\nx\n')
    course.pretend_build("02_dropout")
    recover_after(course, lambda nb: nb.cells.clear())
    assert source_text(course) == "# hi\n\n"


def test_cut_and_pasted_cells_are_known_by_their_text(built):
    def paste(notebook):
        notebook.cells[2].id = "f3a1b2c4"  # the exercise
        notebook.cells.insert(0, notebook.cells.pop(2))

    result, _ = recover_after(built, paste)
    assert result.added == result.removed == ()
    assert keys(built)[0] == "mask-per-example"
    assert "mask = rng.random(shape) < keep_prob" in source_text(built)


def test_a_copied_cell_is_a_new_one(built):
    result, _ = recover_after(built, lambda nb: nb.cells.append(new_code_cell(nb.cells[5].source)))
    assert result.added == ("print-end",)


def save_in_colab(notebook):
    """Move ids into the metadata, as Colab does."""
    notebook.nbformat_minor = 0
    for cell in notebook.cells:
        cell.metadata.update(id=cell.pop("id"), outputId="x")


def test_notebooks_from_colab_have_their_ids_in_the_metadata(built):
    built.edit("02_dropout", save_in_colab)
    assert not recover_chapter(built.chapter("02_dropout")).rewritten


def test_an_id_used_twice_belongs_to_the_first_cell(built):
    def copy(notebook):
        save_in_colab(notebook)
        notebook.cells.append(notebook.cells[5].copy())

    result, _ = recover_after(built, copy)
    assert result.added == ("last-2",)


def solve(notebook):
    notebook.cells[0].source = "# Also edited"
    notebook.cells[2].source = "def draw_mask(shape, keep_prob, rng):\n    return 1"


PICTURE = {"source": "![x](attachment:x.png)", "attachments": {"x.png": {"image/png": "A"}}}
EDITED = r"02_dropout\.ipynb: exercise mask-per-example was edited; edit it in .*02_dropout/chapter\.py:20"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (solve, EDITED),
        (lambda nb: nb.cells[2].metadata.update(tags=["a"]), EDITED),
        (lambda nb: nb.cells.pop(2), r"exercise mask-per-example was deleted; delete it in .*/chapter\.py:20"),
        (lambda nb: nb.cells[0].update(PICTURE), "cell title has an attached picture"),
        (lambda nb: nb.cells[5].update(source="1\n# %% two\n2"), "cell last: its text cannot be written"),
        (lambda nb: nb.cells[5].update(source="### BEGIN SOLUTION\n1"), "cell last: its text cannot be written"),
    ],
)
def test_what_a_source_cannot_take_is_refused_in_one_line(built, change, message):
    with pytest.raises(ChapterError, match=message) as caught:
        recover_after(built, change)
    assert "\n" not in str(caught.value)
    assert source_text(built) == CHAPTER


def test_a_new_exercise_may_be_written_in_the_notebook(built):
    text = "### BEGIN SOLUTION\n1\n### END SOLUTION"
    recover_after(built, lambda nb: nb.cells.append(new_code_cell(text)))
    assert source_text(built).endswith(f'# %% key="begin-solution-1-end-solution"\n{text}\n')


def test_a_notebook_without_source_gets_one(built):
    chapter = built.chapter("02_dropout")
    chapter.source.unlink()
    result = recover_chapter(chapter)
    assert result.added[:2] == ("title", "setup")
    assert source_text(built).startswith('# %% [markdown] key="title"\n# # Dropout\n#\n# A mask')
    assert stale_chapters([chapter]) == []


@pytest.mark.parametrize("folder", ["instructor", "de"])
def test_an_edition_is_not_recovered(built, folder):
    edition = built.notebooks_dir / folder / "02_dropout.ipynb"
    edition.parent.mkdir()
    edition.write_bytes(built.chapter("02_dropout").notebook.read_bytes())
    with pytest.raises(ChapterError, match="is an edition, built from the chapter's texts; edit those"):
        recover_chapter(chapter_of(edition))
    assert list(edition.parent.iterdir()) == [edition]


def test_faults_of_the_files_come_through(built, tmp_path):
    with pytest.raises(ChapterError, match="cannot be read: No such file"):
        recover_chapter(Chapter(tmp_path, tmp_path / "x.ipynb"))
    chapter = built.write("02_dropout", "# %%\n")
    with pytest.raises(ChapterError, match="has no key"):
        recover_chapter(chapter)


BODY = st.lists(st.sampled_from(["x = 1", "", "# note", "    y", "%time f()", "def f():", "λ"]), max_size=4)
CELL = st.tuples(st.sampled_from(["", " [markdown]"]), BODY, st.integers(0, 3), st.sampled_from(["", ' tags=["a"]']))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(cells=st.lists(CELL, min_size=1, max_size=5), data=st.data())
def test_any_source_comes_back_identical_and_an_edit_stays_in_its_cell(tmp_path, cells, data):
    pieces = []
    for number, (kind, body, gap, tags) in enumerate(cells):
        lines = [f"# {line}".rstrip() if kind else line for line in body]
        pieces.append("\n".join([f'# %%{kind} key="cell-{number}"{tags}', *lines]).rstrip("\n") + "\n" * (gap + 1))
    chapter = Chapter(tmp_path, tmp_path / "x.ipynb")
    text = "# header\n" + "".join(pieces)
    chapter.source.write_text(text, encoding="utf-8")
    notebook = unexecuted_notebook(parse_source(text, chapter.source))
    chapter.notebook.write_bytes(encode_notebook(notebook))
    assert not recover_chapter(chapter).rewritten

    edited = data.draw(st.integers(0, len(cells) - 1))
    notebook.cells[edited].source = "edited"
    chapter.notebook.write_bytes(encode_notebook(notebook))
    recover_chapter(chapter)
    after = re.split(r"(?m)^(?=# %%)", chapter.source.read_text(encoding="utf-8"))
    before = re.split(r"(?m)^(?=# %%)", text)
    assert [n for n, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]] == [edited + 1]


def test_a_name_without_a_folder_is_looked_for_here(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["recover", "02_none.ipynb"]) == 1
    assert capsys.readouterr().err.splitlines() == ["02_none.ipynb: cannot be read: No such file or directory"]
