import pytest
from nbformat.v4 import new_code_cell

from course_utils.workshop.authoring.freshness import stale_chapters


def stale(course):
    return stale_chapters([course.chapter("02_dropout")])


def replace_in_source(course, old, new):
    path = course.chapter("02_dropout").source
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ("A mask per *example*", "One mask per *example*", "changed: title"),
        ('print("end")', 'print("the end")', "changed: last"),
        (' tags=["raises-exception"]', "", "changed: try-it"),
        ('# %% key="last"', '# %% [markdown] key="last"', "changed: last"),
        ('key="last"', 'key="end"', "only in the source: end; only in the notebook: last"),
        ('print("end")', 'print("end")\n\n# %% key="new"\n2', "only in the source: new"),
    ],
)
def test_an_edited_source_names_the_cell_and_both_commands(built, old, new, difference):
    replace_in_source(built, old, new)
    (line,) = stale(built)
    notebook = built.chapter("02_dropout").notebook
    assert line == (
        f"{notebook}: differs from its source ({difference}); if you edited the source, run `python -m course_utils "
        f"build 02`; if you edited the notebook, run `python -m course_utils recover {notebook}`"
    )


def test_a_changed_solution_alone_changes_no_notebook(built):
    replace_in_source(built, "rng.random(shape) < keep_prob", "rng.random(shape) <= keep_prob")
    assert stale(built) == []


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        (lambda nb: nb.cells[0].update(source="# Other"), "changed: title"),
        (lambda nb: nb.cells[3].metadata.update(tags=[]), "changed: try-it"),
        (lambda nb: nb.cells.pop(1), "only in the source: setup"),
        (lambda nb: nb.cells.insert(0, new_code_cell("1", id="abcd1234")), "only in the notebook: abcd1234"),
        (lambda nb: nb.cells.append(nb.cells.pop(4)), "in another order: quoted, last"),
    ],
)
def test_an_edited_notebook_names_the_cell(built, change, difference):
    built.edit("02_dropout", change)
    (line,) = stale(built)
    assert f"({difference}); if you edited the source" in line


def test_what_editors_add_by_themselves_is_no_difference(built):
    def look_at(notebook):
        notebook.cells[1].metadata.update(
            execution={"iopub.status.busy": "2024"}, editable=True, slideshow={"slide_type": ""}, collapsed=False
        )
        notebook.cells[0].metadata.update(tags=[])
        notebook.cells[0].source += "\n"

    built.edit("02_dropout", look_at)
    assert stale(built) == []


def never_run(notebook):
    for cell in notebook.cells:
        cell.update(execution_count=None)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda built, chapter: chapter.notebook.unlink(), "is missing; run `python -m course_utils build 02`"),
        (lambda built, chapter: chapter.source.unlink(), "02_dropout.ipynb` to make one, or delete the notebook"),
        (
            lambda built, chapter: built.edit("02_dropout", never_run),
            "cells that never ran (setup, mask-per-example, try-it, last); run `python -m course_utils build 02`",
        ),
        (lambda built, chapter: chapter.notebook.write_text("{"), "02_dropout.ipynb: is not a notebook"),
        (
            lambda built, chapter: replace_in_source(built, 'key="last"', 'key="title"'),
            "02_dropout/chapter.py:37: cell title: this key stands in line 8 already",
        ),
    ],
)
def test_what_is_missing_unreadable_or_never_ran_is_told_in_one_line(built, change, said):
    change(built, built.chapter("02_dropout"))
    (line,) = stale(built)
    assert said in line


def test_an_empty_cell_or_one_told_to_wait_needs_no_run(course):
    course.write("02_dropout", '# %% key="empty"\n\n# %% key="later" tags=["skip-execution"]\nx\n')
    course.pretend_build("02_dropout")
    course.edit("02_dropout", never_run)
    assert stale(course) == []
