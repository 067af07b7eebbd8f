"""The instructor's edition: solutions, notes and minutes in it, none of them in the student's."""

import pytest

from course_utils.workshop.authoring.build import build_chapter
from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.editions import editions, instructor_path
from course_utils.workshop.authoring.freshness import stale_chapters
from course_utils.workshop.authoring.source import read_source

from .course import cells_of

CHAPTER = """\
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

# %% key="figure"
from course_utils.figures import lines

print(lines.line_figure({"": {"a": ([0], [1])}}, "alt").scale)
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
BESIDE = {"notes.md": NOTES}


@pytest.fixture
def noted(course):
    """The chapter, not built."""
    return course.write("03_small", CHAPTER, BESIDE)


def write_notes(chapter, text):
    (chapter.folder / "notes.md").write_text(text)


def both(chapter):
    """Give the student's and the instructor's cells, not executed."""
    notebooks = editions(chapter, read_source(chapter.source))
    paths = (chapter.notebook, instructor_path(chapter))
    return [{cell.id: cell for cell in notebooks[path].cells} for path in paths]


def test_a_note_stands_below_its_cell_with_the_minutes_of_its_section(noted):
    instructor = both(noted)[1]
    assert list(instructor) == [
        "title", "title-note", "large-type", "double", "double-note", "double-code", "try-it", "try-it-note", "half",
        "half-note", "figure",
    ]  # fmt: skip
    begin = "> **For the instructor"
    assert instructor["title-note"].source == f"{begin}**\n>\n> Be quick."
    assert instructor["double-note"].source == (
        f"{begin} · 7 minutes, 0:00 to 0:07**\n>\n> **Answer:** four.\n>\n> - listen"
    )
    assert instructor["try-it-note"].source == f"{begin}**\n>\n> Say $x$."
    assert instructor["half-note"].source.startswith(f"{begin} · 5 minutes, 0:07 to 0:12**\n")
    noted.source.write_text(CHAPTER.replace("| 7 |", "| 75 |"))
    assert "5 minutes, 1:15 to 1:20" in both(noted)[1]["half-note"].source


def test_the_introduction_stands_above_what_the_first_cells_own_note_says(noted):
    write_notes(noted, NOTES.replace("## key: double\n", "## key: title\nAsk.\n\n## key: double\n"))
    instructor = both(noted)[1]
    assert instructor["title-note"].source == "> **For the instructor**\n>\n> Be quick.\n>\n> Ask."


def test_solutions_and_notes_are_the_instructors_alone(noted):
    student, instructor = both(noted)
    assert list(student) == ["title", "double", "double-code", "try-it", "half", "figure"]
    assert instructor["double-code"].source == "def double(x):\n    return 2 * x"
    assert "NotImplementedError" in student["double-code"].source


def test_cells_are_marked_for_slides(noted):
    student, instructor = both(noted)
    kinds = {key: cell.metadata.get("slideshow", {}).get("slide_type") for key, cell in instructor.items()}
    assert (kinds["title"], kinds["double"], kinds["half"]) == ("slide",) * 3
    assert kinds["double-note"] == "notes"
    assert kinds["try-it"] is None  # code goes on where its text stands
    assert not any("slideshow" in cell.metadata for cell in student.values())


def test_a_build_runs_both_and_each_shows_its_own_outcome(chapter):
    student, instructor = cells_of(chapter.notebook), cells_of(instructor_path(chapter))
    assert student["try-it"].outputs[0].ename == "NotImplementedError"
    assert instructor["try-it"].outputs[0].text == "4\n"
    figures = [student["figure"], instructor["figure"]]
    assert [cell.outputs[0].text for cell in figures] == ["1.0\n", "1.4\n"]  # the instructor's are for a room


def test_other_notes_make_the_instructors_notebook_stale_alone(chapter):
    path = instructor_path(chapter)
    assert stale_chapters([chapter]) == []
    write_notes(chapter, NOTES.replace("listen", "look"))
    assert stale_chapters([chapter]) == [
        f"{path}: differs from source and notes (changed: double-note); edit those, "
        "then run `python -m course_utils build 03`"
    ]
    assert [(one.notebook, one.changed) for one in build_chapter(chapter)] == [(chapter.notebook, False), (path, True)]
    path.unlink()
    assert stale_chapters([chapter]) == [f"{path}: is missing; run `python -m course_utils build 03`"]


def test_a_solution_that_fails_writes_nothing(chapter):
    before = [path.read_bytes() for path in (chapter.notebook, instructor_path(chapter))]
    careful = "try:\n    double(2)\nexcept NotImplementedError:\n    print('your turn')"
    failing = CHAPTER.replace("2 * x", "x / 0").replace(' tags=["raises-exception"]', "")
    chapter.source.write_text(failing.replace("print(double(2))", careful))
    with pytest.raises(ChapterError, match=r"cell double-code|cell try-it: .* \(in the notebook for instructor\)$"):
        build_chapter(chapter)
    assert [path.read_bytes() for path in (chapter.notebook, instructor_path(chapter))] == before


def test_notes_that_are_gone_leave_a_notebook_that_is_reported(chapter):
    (chapter.folder / "notes.md").unlink()
    path = instructor_path(chapter)
    assert stale_chapters([chapter]) == [f"{path}: there are no notes on this chapter; delete it"]
    chapter.source.unlink()
    assert stale_chapters([chapter])[1:] == [f"{path}: has no source {chapter.source}; delete it"]


@pytest.mark.parametrize("key", ["double-note", "large-type"])
def test_a_key_that_an_added_cell_needs_is_named(noted, key):
    noted.source.write_text(CHAPTER.replace('key="half"', f'key="{key}"'))
    write_notes(noted, NOTES.split("## key: half")[0])
    with pytest.raises(ChapterError, match=f"the instructor's notebook needs the key {key}; take another one"):
        both(noted)


@pytest.mark.parametrize("key", ["title", "half"])  # the introduction stands below the title
def test_a_key_too_long_for_the_note_below_it_is_named(noted, key):
    longest = "k" * 59
    noted.source.write_text(CHAPTER.replace(f'key="{key}"', f'key="{longest}"'))
    write_notes(noted, NOTES.replace(f"key: {key}", f"key: {longest}"))
    assert f"{longest}-note" in both(noted)[1]
    noted.source.write_text(CHAPTER.replace(f'key="{key}"', f'key="{longest}k"'))
    write_notes(noted, NOTES.replace(f"key: {key}", f"key: {longest}k"))
    with pytest.raises(ChapterError, match=rf"03_small/chapter\.py:\d+: cell {longest}k: .* 59 characters at most"):
        both(noted)


def test_faulty_notes_are_reported_as_stale(noted):
    write_notes(noted, "## key: nowhere\nText\n")
    (line,) = stale_chapters([noted])
    assert line.endswith("03_small/notes.md:1: the chapter has no cell nowhere")
