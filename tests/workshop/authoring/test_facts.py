"""A chapter's facts are said once, in its first cell, and all lists of chapters are made from them."""

import re

import pytest

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.facts import HEAD, chapter_facts, stale_tables, write_tables
from course_utils.workshop.authoring.source import parse_source, read_source

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


def test_the_tables_follow_the_chapters(course, capsys):
    begin = f'# %% [markdown] key="title"\n# # Start\n\n# %% [markdown] key="list"\n# {HEAD}\n# old\n#\n# Text\n'
    first, small = course.write("00_start", begin), course.write("07_small", CHAPTER)
    readme = course.notebooks_dir.parent / "README.md"
    readme.write_text(f"# Course\n\n{HEAD}\n|---|---|---|\n| [gone](x) | | |\n\nMore | text |\n", encoding="utf-8")
    stale = stale_tables(course.notebooks_dir)
    assert [line.partition(":")[0] for line in stale] == [str(readme), str(first.source)]
    assert course.command("build", "--check") == 1
    said = capsys.readouterr().err
    assert all(line in said for line in stale)
    assert write_tables(course.notebooks_dir) == [readme, first.source]
    row = "| [07 Small things]({}07_small.ipynb) | **write** small things, and **read** them | 17 |"
    assert readme.read_text(encoding="utf-8").splitlines()[2:] == [
        HEAD, "|---|---|---|", "| [00 Start](notebooks/00_start.ipynb) |  | 0 |", row.format("notebooks/"), "",
        "More | text |",
    ]  # fmt: skip
    assert read_source(first.source).cells[1].text.splitlines()[:3] == [HEAD, "|---|---|---|", row.format("")]
    assert write_tables(course.notebooks_dir) == stale_tables(course.notebooks_dir) == []
    assert small.source.read_text(encoding="utf-8") == CHAPTER
