"""Excerpts: which lines stand for a cell, what code they give, and what is refused."""

import re

import pytest
from nbformat.v4 import new_output

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.editions import editions, instructor_path
from course_utils.workshop.authoring.notebook import encode_notebook
from course_utils.workshop.authoring.notes import notes_path
from course_utils.workshop.authoring.source import parse_source, read_source
from course_utils.workshop.excerpts import Excerpt, excerpt_code, read_excerpts
from course_utils.workshop.handouts.handout import handout_page
from course_utils.workshop.slides.deck import write_slides

WORDS = ("code", "solution", "output", "notes", "pause")
CHAPTER = """# %% [markdown] key="text"
# ## Text

# %% key="two"
import functools


def first(x):
    return x


@functools.cache
def second(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% key="magic"
# %matplotlib inline
%time 1
"""


@pytest.fixture
def chapter(tmp_path):
    (tmp_path / "01_small").mkdir()
    return parse_source(CHAPTER, tmp_path / "01_small/chapter.py")


def read(chapter, text):
    path = chapter.path.with_name("slides.md")
    path.write_text(text)
    return read_excerpts(path, chapter, WORDS)


def test_text_and_excerpts_come_in_order(chapter):
    parts = read(chapter, "# Title\n\nText.\n@code two first\n\n@pause\n- last\n\n@notes text two\n")
    assert parts == [
        "# Title\n\nText.",
        Excerpt("code", ("two",), "first"),
        Excerpt("pause"),
        "- last",
        Excerpt("notes", ("text", "two")),
    ]


def test_a_decorator_in_a_listing_is_no_excerpt(chapter):
    listing = "```python\n@cache\ndef f(): ...\n```"
    assert read(chapter, f"{listing}\n@output two") == [listing, Excerpt("output", ("two",))]


def test_code_is_the_students_and_solution_the_instructors(chapter):
    student = excerpt_code(chapter, Excerpt("code", ("two",), "second"))
    instructor = excerpt_code(chapter, Excerpt("solution", ("two",), "second"))
    assert student.splitlines() == [
        "@functools.cache", "def second(x):", '    raise NotImplementedError("your turn")',
    ]  # fmt: skip
    assert instructor.splitlines() == ["@functools.cache", "def second(x):", "    return 2 * x"]
    assert excerpt_code(chapter, Excerpt("code", ("two",), "first")) == "def first(x):\n    return x"
    assert excerpt_code(chapter, Excerpt("solution", ("two",))).startswith("import functools\n")


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("@picture two", "@picture is not known here; there are @code, @solution, @output, @notes, @pause"),
        ("@code", "@code needs the key of a cell"),
        ("@notes", "@notes needs the key of a cell"),
        ("@code three", "the chapter has no cell three"),
        ("@notes text three", "the chapter has no cell three"),
        ("@code text", "@code text: is a cell of text, not of code"),
        ("@code two third", "the cell defines no third"),
        ("@code two first second", "@code two: too much stands after it: first second"),
        ("@output two first", "@output two: too much stands after it: first"),
        ("@pause two", "@pause stands alone"),
        ("@code magic first", "the cell is not plain Python; leave the name out"),
    ],
)
def test_a_faulty_line_is_named(chapter, line, fault):
    with pytest.raises(ChapterError, match=re.escape(f"01_small/slides.md:3: {fault}")):
        read(chapter, f"Text\n\n{line}\n")


@pytest.fixture(params=["slides", "handout"])
def page_of(built, tmp_path, request):
    """A function that makes the slides, or the handout, of a chapter, which show what its last cell prints."""
    text = built.chapter("02_dropout").folder / f"{request.param}.md"
    text.write_text("# T\n\n@output last\n")
    built.edit("02_dropout", lambda notebook: notebook.cells[-1].update(outputs=[printed("to do")]))
    if request.param == "handout":
        return handout_page
    return lambda chapter: write_slides(chapter, tmp_path / "out").read_text()


def printed(text):
    return new_output("stream", text=f"{text}\n")


def test_outputs_of_the_instructors_notebook_come_first(built, page_of):
    chapter = built.chapter("02_dropout")
    assert "to do</pre>" in page_of(chapter)
    source = read_source(chapter.source)
    notes_path(source).write_text("# Notes\n\n## key: last\nSay it.\n")
    solved = editions(chapter, source)[instructor_path(chapter)]
    for cell in solved.cells:
        if cell.cell_type == "code":
            cell.execution_count, cell.outputs = 1, [printed(f"solved {cell.id}")]
    instructor_path(chapter).parent.mkdir()
    instructor_path(chapter).write_bytes(encode_notebook(solved))
    assert "solved last</pre>" in page_of(chapter)


def test_a_notebook_that_is_stale_or_missing_is_refused(built, page_of):
    chapter = built.chapter("02_dropout")
    chapter.source.write_text(chapter.source.read_text().replace('print("end")', 'print("other end")'))
    with pytest.raises(ChapterError, match=r"02_dropout\.ipynb: differs from its source \(changed: last\); if"):
        page_of(chapter)
    chapter.notebook.unlink()
    with pytest.raises(ChapterError, match=r"02_dropout\.ipynb: is missing; run `python -m course_utils build 02`"):
        page_of(chapter)
