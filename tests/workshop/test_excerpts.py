"""Excerpts: which lines stand for a cell, what code they give, and what is refused."""

import re

import pytest

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.source import parse_source
from course_utils.workshop.excerpts import Excerpt, excerpt_code, read_excerpts

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


def read(chapter, text, words=WORDS):
    path = chapter.path.with_name("slides.md")
    path.write_text(text)
    return read_excerpts(path, chapter, words)


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


def test_only_the_words_of_the_place_are_allowed(chapter):
    with pytest.raises(ChapterError, match="@pause is not known here"):
        read(chapter, "@pause", words=("code",))
