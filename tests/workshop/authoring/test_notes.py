"""The instructor's notes: how they are read."""

import re

import pytest

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.notes import read_notes
from course_utils.workshop.authoring.source import read_source

CHAPTER = """# %% [markdown] key="title"
# # Small
#
# | section | minutes |
# |---|---|
# | 1 One | 12 |

# %% [markdown] key="one"
# ## 1 One

# %% key="two"
x = 1

# %% [markdown] key="three"
# Text
"""


@pytest.fixture
def written(course):
    """A function that writes notes on a small chapter and reads them."""
    return lambda text: read_notes(read_source(course.write("01_small", CHAPTER, {"notes.md": text}).source))


def test_notes_are_read_by_key(written):
    notes = written("# Title\n\nIntro.\n\n## key: one\nSay this.\n\n- and that\n\n## key: three\n**Answer:** 3\n")
    assert notes.introduction == "# Title\n\nIntro."
    assert list(notes.by_key) == ["one", "three"]
    assert (notes.by_key["one"].minutes, notes.by_key["one"].text) == (12, "Say this.\n\n- and that")
    assert (notes.by_key["three"].minutes, notes.by_key["three"].text) == (0, "**Answer:** 3")


def test_an_introduction_may_stand_alone(written):
    notes = written("# Title\n\nIntro.\n")
    assert (notes.introduction, notes.by_key) == ("# Title\n\nIntro.", {})


def test_a_chapter_may_have_no_notes(course):
    assert read_notes(read_source(course.write("01_small", CHAPTER).source)).by_key == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("## key: four\n", "notes.md:1: the chapter has no cell four"),
        ("## key: three\n\n## key: one\n", "notes.md:3: keys stand in the order of the cells, each once; not so"),
        ("## key: one\n## key: one\n", "notes.md:2: keys stand in the order of the cells, each once; not so"),
    ],
)
def test_a_note_in_the_wrong_place_is_named(written, text, words):
    with pytest.raises(ChapterError, match=re.escape(words)):
        written(text)
