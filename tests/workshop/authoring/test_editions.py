"""The instructor's edition: solutions, notes and minutes in it, none of them in the student's."""

import re

import nbformat
import pytest

from course_utils.workshop.authoring.build import build_chapter
from course_utils.workshop.authoring.chapters import ChapterError, chapter_of, find_chapters
from course_utils.workshop.authoring.editions import editions, instructor_path
from course_utils.workshop.authoring.freshness import stale_chapters
from course_utils.workshop.authoring.notes import read_notes
from course_utils.workshop.authoring.recovery import recover_chapter
from course_utils.workshop.authoring.source import read_source
from tests import NOTEBOOKS

CHAPTERS = find_chapters(NOTEBOOKS)
TEXT = """\
# %% [markdown] key="title"
# # A chapter
#
# | section | minutes |
# |---|---|
# | 1 Double | 7 |
# | 2 Half | 5 |

# %% [markdown] key="double"
# ## 1 Double
#
# **Predict:** what is 2 + 2?

# %% key="double-code"
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% key="try-it" tags=["raises-exception"]
print(double(2))

# %% [markdown] key="half"
# ## 2 Half
"""
NOTES = """\
# Notes for the instructor: a chapter

Be quick.

## key: double
**Answer:** four.

- listen

## key: try-it
Say $x$.

## key: half
Nothing.
"""


@pytest.fixture
def noted(course):
    """A chapter with notes."""
    chapter = course.write("01_double", TEXT)
    write_notes(chapter, NOTES)
    return chapter


def write_notes(chapter, text):
    (chapter.folder / "notes.md").write_text(text)


def cells(notebook):
    return {cell.id: cell for cell in notebook.cells}


def both(chapter):
    """Give the student's and the instructor's cells, not executed."""
    notebooks = editions(chapter, read_source(chapter.source))
    return cells(notebooks[chapter.notebook]), cells(notebooks[instructor_path(chapter)])


def test_a_note_stands_below_its_cell_with_its_minutes(noted):
    instructor = both(noted)[1]
    assert list(instructor) == [
        "title", "title-note", "large-type", "double", "double-note", "double-code", "try-it", "try-it-note", "half",
        "half-note",
    ]  # fmt: skip
    assert instructor["double-note"].source == (
        "> **For the instructor · 7 minutes, 0:00 to 0:07**\n>\n> **Answer:** four.\n>\n> - listen"
    )
    assert instructor["try-it-note"].source == "> **For the instructor**\n>\n> Say $x$."


def test_the_clock_runs_through_the_sections(noted):
    instructor = both(noted)[1]
    assert instructor["title-note"].source == "> **For the instructor**\n>\n> Be quick."
    assert instructor["half-note"].source.startswith("> **For the instructor · 5 minutes, 0:07 to 0:12**\n")
    noted.source.write_text(TEXT.replace("| 7 |", "| 75 |"))
    assert "5 minutes, 1:15 to 1:20" in both(noted)[1]["half-note"].source


def test_the_introduction_stands_above_what_the_first_cells_own_note_says(noted):
    write_notes(noted, NOTES.replace("## key: double\n", "## key: title\nAsk.\n\n## key: double\n"))
    instructor = both(noted)[1]
    assert instructor["title-note"].source == "> **For the instructor**\n>\n> Be quick.\n>\n> Ask."


def test_solutions_and_notes_are_the_instructors_alone(noted):
    student, instructor = both(noted)
    assert list(student) == ["title", "double", "double-code", "try-it", "half"]
    assert instructor["double-code"].source == "def double(x):\n    return 2 * x"
    assert "NotImplementedError" in student["double-code"].source


def test_figures_of_the_instructor_are_for_a_room(noted):
    plot = "from course_utils.figures import lines\n\nprint(lines.line_figure({'': {'a': ([0], [1])}}, 'alt').scale)"
    noted.source.write_text(TEXT.replace("print(double(2))", plot))
    build_chapter(noted)
    shown = [cells(nbformat.read(path, as_version=4)) for path in (noted.notebook, instructor_path(noted))]
    assert [cell["try-it"].outputs[0].text for cell in shown] == ["1.0\n", "1.4\n"]


def test_cells_are_marked_for_slides(noted):
    student, instructor = both(noted)
    kinds = {key: cell.metadata.get("slideshow", {}).get("slide_type") for key, cell in instructor.items()}
    assert (kinds["title"], kinds["double"], kinds["half"]) == ("slide",) * 3
    assert kinds["double-note"] == "notes"
    assert kinds["try-it"] is None  # code goes on where its text stands
    assert not any("slideshow" in cell.metadata for cell in student.values())


def test_a_build_runs_both_and_each_shows_its_own_outcome(noted):
    first, second = build_chapter(noted)
    assert (first.notebook, second.notebook) == (noted.notebook, instructor_path(noted))
    student, instructor = (cells(nbformat.read(path, as_version=4)) for path in (first.notebook, second.notebook))
    assert student["try-it"].outputs[0].ename == "NotImplementedError"
    assert instructor["try-it"].outputs[0].text == "4\n"
    assert stale_chapters([noted]) == []
    write_notes(noted, NOTES.replace("listen", "look"))
    (line,) = stale_chapters([noted])
    assert line == (
        f"{second.notebook}: differs from source and notes (changed: double-note); edit those, "
        "then run `python -m course_utils build 01`"
    )
    assert [one.changed for one in build_chapter(noted)] == [False, True]
    second.notebook.unlink()
    (line,) = stale_chapters([noted])
    assert line == f"{second.notebook}: is missing; run `python -m course_utils build 01`"


def test_a_solution_that_fails_writes_nothing(noted):
    build_chapter(noted)
    before = [path.read_bytes() for path in (noted.notebook, instructor_path(noted))]
    careful = "try:\n    double(2)\nexcept NotImplementedError:\n    print('your turn')"
    text = TEXT.replace("2 * x", "x / 0").replace(' tags=["raises-exception"]', "").replace("print(double(2))", careful)
    noted.source.write_text(text)
    with pytest.raises(ChapterError, match=r"cell double-code|cell try-it: .* \(in the notebook for instructor\)$"):
        build_chapter(noted)
    assert [path.read_bytes() for path in (noted.notebook, instructor_path(noted))] == before


def test_notes_that_are_gone_leave_a_notebook_that_is_reported(noted):
    build_chapter(noted)
    (noted.folder / "notes.md").unlink()
    (line,) = stale_chapters([noted])
    assert line == f"{instructor_path(noted)}: there are no notes on this chapter; delete it"
    noted.source.unlink()
    lines = stale_chapters([noted])
    assert lines[1] == f"{instructor_path(noted)}: has no source {noted.source}; delete it"


def test_edits_of_an_instructors_notebook_are_not_taken_back(noted):
    build_chapter(noted)
    path = instructor_path(noted)
    other = chapter_of(path)
    with pytest.raises(ChapterError, match="is an edition, built from the chapter's texts; edit those"):
        recover_chapter(other)
    assert not (path.parent / "source").exists()


@pytest.mark.parametrize("key", ["double-note", "large-type"])
def test_a_key_that_an_added_cell_needs_is_named(noted, key):
    noted.source.write_text(TEXT.replace('key="half"', f'key="{key}"'))
    write_notes(noted, NOTES.split("## key: half")[0])
    with pytest.raises(ChapterError, match=f"the instructor's notebook needs the key {key}; take another one"):
        both(noted)


@pytest.mark.parametrize("key", ["title", "half"])  # the introduction stands below the title
def test_a_key_too_long_for_the_note_below_it_is_named(noted, key):
    longest = "k" * 59
    noted.source.write_text(TEXT.replace(f'key="{key}"', f'key="{longest}"'))
    write_notes(noted, NOTES.replace(f"key: {key}", f"key: {longest}"))
    assert f"{longest}-note" in both(noted)[1]
    noted.source.write_text(TEXT.replace(f'key="{key}"', f'key="{longest}k"'))
    write_notes(noted, NOTES.replace(f"key: {key}", f"key: {longest}k"))
    with pytest.raises(ChapterError, match=rf"01_double/chapter\.py:\d+: cell {longest}k: .* 59 characters at most"):
        both(noted)


def test_faulty_notes_are_reported_as_stale(noted):
    write_notes(noted, "## key: nowhere\nText\n")
    (line,) = stale_chapters([noted])
    assert line.endswith("01_double/notes.md:1: the chapter has no cell nowhere")


@pytest.mark.parametrize("chapter", CHAPTERS, ids=[chapter.stem for chapter in CHAPTERS])
def test_every_chapter_of_the_course_has_a_solved_and_annotated_edition(chapter):
    source = read_source(chapter.source)
    shown = cells(nbformat.read(instructor_path(chapter), as_version=4))
    assert {f"{key}-note" for key in read_notes(source).by_key} <= set(shown)
    for cell in source.cells:
        assert "SOLUTION" not in shown[cell.key].source
        if re.match(r'check\("', cell.text):
            verdicts = [output.data["text/plain"] for output in shown[cell.key].outputs if "data" in output]
            assert verdicts
            assert all(": done. Verified: " in verdict for verdict in verdicts), verdicts
