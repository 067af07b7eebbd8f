"""A chapter in another language: its texts are laid over the English ones, its code is the same."""

import re
import shutil

import pytest
from nbformat.v4 import new_output

from course_utils import texts
from course_utils.texts import speaking
from course_utils.workshop.authoring.build import build_chapter
from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.composition import composed
from course_utils.workshop.authoring.editions import student_path
from course_utils.workshop.authoring.freshness import stale_chapters
from course_utils.workshop.authoring.languages import LANGUAGE, source_in
from course_utils.workshop.authoring.notebook import unexecuted_notebook

from .course import cells_of

CHAPTER = """\
# %% [markdown] key="title"
# # Small
#
# Hello, [more](#More-of-it).
#
# | section | minutes |
# |---|---|
# | More of it | 1 |
#
# At the end you can **stop**.

# %% [markdown] key="more"
# ## More of it
#
# See [other](04_other.ipynb).

# %% key="picture"
from course_utils.figures.lines import line_figure

line_figure({"p": {"a": ([0, 1], [0, 1])}})

# %% key="asks"
from course_utils.guesses import guess, outcome

print("printed")
guess("first-boundary")
outcome("first-boundary")
"""
BESIDE = {
    "alt.toml": 'picture = "A line"\n',
    "zh/prose.md": "## key: title\n# 小\n\n见[下文](#More-of-it)，\n共一节。\n\n"
    "| 小节 | 分钟 |\n|---|---|\n| 再多些 | 7 |\n\n学完你能**停下**。\n\n"
    "## key: more\n## 再多些\n\n见[别处](04_other.ipynb)。\n",
    "zh/alt.toml": 'picture = "一条线"\n',
}
OTHER = '# %% [markdown] key="title"\n# # Other\n'


@pytest.fixture
def chinese(chapter):
    """The Chinese notebook of the chapter."""
    return student_path(chapter, "zh")


def test_code_is_the_same_and_outputs_are_those_of_the_english_run_but_for_what_speaks(chapter, chinese):
    ours, theirs = cells_of(chapter.notebook), cells_of(chinese)
    assert list(theirs) == ["title", LANGUAGE, "more", "picture", "asks"]
    assert all(theirs[key].source == cell.source for key, cell in ours.items() if cell.cell_type == "code")
    told = [cells["picture"].outputs[0].metadata["image/png"]["alt"] for cells in (ours, theirs)]
    assert told == ["A line", "一条线"]
    assert theirs["picture"].outputs[0].data == ours["picture"].outputs[0].data
    printed, asked, came = theirs["asks"].outputs
    assert printed == ours["asks"].outputs[0]
    assert asked.metadata == ours["asks"].outputs[1].metadata
    assert "边界" in asked.data["text/plain"]
    assert "实际是" in came.data["text/plain"]
    assert [cell.execution_count for cell in theirs.values() if cell.cell_type == "code"] == [1, 2, 3]
    assert [cell.execution_count for cell in ours.values() if cell.cell_type == "code"] == [1, 2]
    assert stale_chapters([chapter]) == []


def test_lines_are_joined_links_follow_the_headings_and_minutes_the_english(chapter, chinese):
    title = cells_of(chinese)["title"].source
    assert "见[下文](#再多些)，共一节。" in title
    assert "| 再多些 | 1 |" in title


def test_what_is_missing_stays_english_and_leads_there(chapter):
    (chapter.folder.parent / "04_other").mkdir()
    (chapter.folder.parent / "04_other" / "chapter.py").write_text(OTHER, encoding="utf-8")
    told = "## key: more\n## 再多些\n\n见[别处](04_other.ipynb)。\n"
    (chapter.folder / "zh" / "prose.md").write_text(told, encoding="utf-8")
    title, more = (cell.text for cell in source_in(chapter, "zh").cells[:2])
    assert title.startswith("# Small")
    assert "](../04_other.ipynb)" in more


def test_another_text_makes_the_chinese_notebook_stale_alone(chapter):
    (chapter.folder / "zh" / "prose.md").write_text("## key: more\n## 更多\n", encoding="utf-8")
    (line,) = stale_chapters([chapter])
    assert "/zh/03_small.ipynb" in line
    assert "changed: title, more" in line


@pytest.mark.parametrize(
    ("file", "old", "new", "stale"),
    [
        ("zh/guesses/00.toml", "边界", "边", ["zh"]),
        ("zh/guessing.toml", "实际是", "其实是", ["zh"]),
        ("guesses/00.toml", "winds around", "bends around", [""]),
        ("zh/guesses/01.toml", "a = \"", "a = \"不，", []),  # nobody asks it here
        ("zh/room.toml", "先预测", "先猜", []),
    ],
)
def test_other_words_of_checks_and_guesses_make_those_notebooks_stale_that_say_them(
    chapter, monkeypatch, tmp_path, file, old, new, stale
):
    folder = shutil.copytree(texts.FOLDER, tmp_path / "texts")
    monkeypatch.setattr(texts, "FOLDER", folder)
    assert stale_chapters([chapter]) == []
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    texts.read.cache_clear()
    told = " is not what their texts say today; run `python -m course_utils build 03`"
    lines = stale_chapters([chapter])
    assert [line.endswith(told) for line in lines] == [True] * len(stale)
    assert ["/zh/" in line for line in lines] == [language == "zh" for language in stale]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("## key: other\nA\n", "prose.md: there is no other in English"),
        ("## key: picture\nA\n", "prose.md: there is no picture in English"),
        ("## key: title\nA\n\n## key: title\nB\n", "prose.md:4: title stands twice"),
        ("A\n", "prose.md:1: a translation begins with a line `## key: KEY`"),
    ],
)
def test_prose_of_no_text_is_named(chapter, text, said):
    (chapter.folder / "zh" / "prose.md").write_text(text, encoding="utf-8")
    with pytest.raises(ChapterError, match=re.escape(said)):
        build_chapter(chapter)


def test_a_translation_of_more_lines_than_its_english_is_named_with_its_cell(chapter):
    source = source_in(chapter, "zh")
    said = {
        language: {"asks": [new_output("stream", text=text)]} for language, text in (("en", "a\n"), ("zh", "甲\n乙\n"))
    }
    english, notebook = unexecuted_notebook(source_in(chapter)), unexecuted_notebook(source)
    with pytest.raises(ChapterError, match=r"cell asks: it says 2 lines or outputs in zh, and 1 in English"):
        composed(english, notebook, source, said)


def test_a_language_is_spoken_for_a_while(monkeypatch):
    import os

    monkeypatch.delenv("COURSE_LANGUAGE", raising=False)
    with speaking("zh"):
        assert os.environ["COURSE_LANGUAGE"] == "zh"
    assert "COURSE_LANGUAGE" not in os.environ
