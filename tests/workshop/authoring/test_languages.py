"""A chapter in another language: its texts are laid over the English ones, its code is the same."""

import re

import pytest

from course_utils.workshop.authoring.build import build_chapter
from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.freshness import stale_chapters
from course_utils.workshop.authoring.languages import LANGUAGE, stale_checks, write_checks

from .course import cells_of

CHAPTER = """\
# %% [markdown] key="title"
# # Small
#
# Hello.

# %% [markdown] key="more"
# More.

# %% key="picture"
import os

from course_utils.figures.lines import line_figure

line_figure({"p": {"a": ([0, 1], [0, 1])}}, xlabel=os.environ.get("COURSE_LANGUAGE", "en"))
"""


BESIDE = {
    "alt.toml": 'picture = "A line"\n',
    "de/prose.md": "## key: title\n# Klein\n\nGrüß dich.\n",
    "de/alt.toml": 'picture = "Eine Linie"\n',
    "de/checks.toml": '[scale-missing]\nhint = "Warum?"\n',
}


def test_code_is_the_same_and_what_is_missing_stays_english(chapter):
    german = chapter.notebook.parent / "de" / chapter.notebook.name
    ours, theirs = cells_of(chapter.notebook), cells_of(german)
    assert list(theirs) == ["title", LANGUAGE, "more", "picture"]
    assert theirs["title"].source == "# Klein\n\nGrüß dich."
    assert theirs["more"].source == "More."
    assert theirs["picture"].source == ours["picture"].source
    told = [cells["picture"].outputs[0].metadata["image/png"]["alt"] for cells in (ours, theirs)]
    assert told == ["A line", "Eine Linie"]
    assert theirs["picture"].outputs[0].data != ours["picture"].outputs[0].data  # it speaks German
    assert stale_chapters([chapter]) == []


def test_another_text_makes_the_german_notebook_stale_alone(chapter):
    (chapter.folder / "de" / "prose.md").write_text("## key: more\nMehr.\n", encoding="utf-8")
    (line,) = stale_chapters([chapter])
    assert "/de/03_small.ipynb" in line
    assert "changed: title, more" in line


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("## key: other\nA\n", "prose.md:1: the chapter has no cell other"),
        ("## key: picture\nA\n", "prose.md: picture is a code cell, which is the same in all languages"),
    ],
)
def test_prose_of_no_text_is_named(chapter, text, said):
    (chapter.folder / "de" / "prose.md").write_text(text, encoding="utf-8")
    with pytest.raises(ChapterError, match=re.escape(said)):
        build_chapter(chapter)


def test_what_checks_say_is_brought_into_the_package(chapter):
    texts = chapter.notebook.parents[1] / "course_utils" / "texts"
    assert stale_checks(chapter) == []  # notebooks without a package beside them
    texts.mkdir(parents=True)
    assert "03_small.toml: differs from" in stale_checks(chapter)[0]
    write_checks(chapter)
    assert (texts / "de" / "03_small.toml").read_text(encoding="utf-8") == BESIDE["de/checks.toml"]
    assert stale_checks(chapter) == []
    (chapter.folder / "de" / "checks.toml").unlink()
    assert len(stale_checks(chapter)) == 1
    write_checks(chapter)
    assert list(texts.glob("de/*")) == stale_checks(chapter) == []
