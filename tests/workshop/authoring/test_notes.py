"""The instructor's notes: how they are read, and that those of the chapters answer every question."""

import re

import pytest

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.notes import notes_path, read_notes
from course_utils.workshop.authoring.source import read_source
from tests import SOURCES

CHAPTERS = sorted(SOURCES.glob("*/chapter.py"))
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
def written(tmp_path):
    """A function that writes notes on a small chapter and reads them."""

    def write(text):
        path = tmp_path / "01_small" / "chapter.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(CHAPTER)
        source = read_source(path)
        notes_path(source).write_text(text)
        return read_notes(source)

    return write


def test_notes_are_read_by_key(written):
    notes = written(
        "# Title\n\nIntro.\n\n## key: one\nSay this.\n\n- and that\n\n## key: three\n**Answer:** 3\n"
    )
    assert notes.introduction == "# Title\n\nIntro."
    assert list(notes.by_key) == ["one", "three"]
    assert (notes.by_key["one"].minutes, notes.by_key["one"].text) == (12, "Say this.\n\n- and that")
    assert (notes.by_key["three"].minutes, notes.by_key["three"].text) == (0, "**Answer:** 3")


def test_an_introduction_may_stand_alone(written):
    notes = written("# Title\n\nIntro.\n")
    assert (notes.introduction, notes.by_key) == ("# Title\n\nIntro.", {})


def test_a_chapter_may_have_no_notes(tmp_path):
    (tmp_path / "chapter.py").write_text(CHAPTER)
    assert read_notes(read_source(tmp_path / "chapter.py")).by_key == {}


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


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.parent.name)
def test_every_question_of_a_chapter_has_an_answer(path):
    source = read_source(path)
    asked = [cell.key for cell in source.cells if cell.kind == "markdown" and "**Predict" in cell.text]
    notes = read_notes(source).by_key
    assert asked
    assert [key for key in asked if key not in notes or "**Answer:**" not in notes[key].text] == []
