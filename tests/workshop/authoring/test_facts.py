"""A chapter's facts are said once, in its first cell, and all lists of chapters are made from them."""

import re

import pytest

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.facts import chapter_facts
from course_utils.workshop.authoring.source import parse_source

CHAPTER = """\
# %% [markdown] key="title"
# # Small things
#
# Hello.
#
# | section | patients | minutes |
# |---|---|---|
# | 1 One | A1 | 12 |
# | Two | | 5 |
#
# At the end you can **write** small
# things, and **read** them.
#
# Run the cells.

# %% [markdown] key="one"
# ## 1 One
#
# ## Two

# %% [markdown] key="two"
# ## Two
"""


def facts_of(text, tmp_path):
    return chapter_facts(parse_source(text, tmp_path / "07_small" / "chapter.py"))


def test_facts_are_read_from_the_first_cell(tmp_path):
    facts = facts_of(CHAPTER, tmp_path)
    assert facts.title == "07 Small things"
    assert facts.aims == "**write** small things, and **read** them"
    assert facts.minutes == {"one": 12, "two": 5}
    assert facts_of(CHAPTER.replace("# # Small", "# # 07 Small"), tmp_path) == facts


def test_a_chapter_may_say_little(tmp_path):
    facts = facts_of('# %% [markdown] key="a"\n# # Title\n#\n# Text **with** bold.\n', tmp_path)
    assert (facts.title, facts.aims, facts.minutes) == ("07 Title", "", {})
    assert facts_of("", tmp_path).title == "07_small"


def test_a_section_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ChapterError, match=re.escape("chapter.py:1: cell title: the table names a section `1 One`")):
        facts_of(CHAPTER.replace("## 1 One", "## 1 Won"), tmp_path)
