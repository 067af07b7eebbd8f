"""Lists of chapters and the minutes of sections are made from the chapters, and told when they are old."""

import pytest

from course_utils.workshop.authoring.minutes import counted_minutes
from course_utils.workshop.authoring.source import parse_source, read_source
from course_utils.workshop.authoring.tables import stale_tables, write_tables
from tests import NOTEBOOKS, ROOT

from .test_facts import CHAPTER

HEAD = "| chapter | what you will be able to do | minutes |"
HEADS = {"README.md": HEAD, "README.zh.md": "| 章 | 学完你能 | 分钟 |"}
SMALL = """\
## key: title
# 小东西

| 小节 | 分钟 |
|---|---|
| 一 | 9 |

学完你能**写出**小东西。

## key: one
## 一
"""


def test_the_tables_follow_the_chapters(course, capsys):
    begin = f'# %% [markdown] key="title"\n# # Start\n\n# %% [markdown] key="list"\n# {HEAD}\n# old\n#\n# Text\n'
    first, small = course.write("00_start", begin), course.write("07_small", CHAPTER)
    readme = course.notebooks_dir.parent / "README.md"
    readme.write_text(f"# Course\n\n{HEAD}\n|---|---|---|\n| [gone](x) | | |\n\nMore | text |\n", encoding="utf-8")
    stale = stale_tables(course.notebooks_dir)
    assert [line.partition(":")[0] for line in stale] == [str(first.source), str(small.source), str(readme)]
    assert course.command("build", "--check") == 1
    said = capsys.readouterr().err
    assert all(line in said for line in stale)
    assert write_tables(course.notebooks_dir) == [first.source, small.source, readme]
    row = "| [07 Small things]({}07_small.ipynb) | **write** small things, and **read** them | 2 |"
    assert readme.read_text(encoding="utf-8").splitlines()[2:] == [
        HEAD, "|---|---|---|", "| [00 Start](notebooks/00_start.ipynb) |  | 0 |", row.format("notebooks/"), "",
        "More | text |",
    ]  # fmt: skip
    assert read_source(first.source).cells[1].text.splitlines()[:3] == [HEAD, "|---|---|---|", row.format("")]
    assert write_tables(course.notebooks_dir) == stale_tables(course.notebooks_dir) == []
    assert small.source.read_text(encoding="utf-8") == CHAPTER.replace("| 12 |", "| 1 |").replace("| 5 |", "| 1 |")


def test_the_readme_of_a_language_lists_the_chapters_in_it_with_minutes_as_they_are_counted(course):
    source = course.write("07_small", CHAPTER).source
    (source.parent / "zh").mkdir()
    (source.parent / "zh" / "prose.md").write_text(SMALL, encoding="utf-8")
    readme = course.notebooks_dir.parent / "README.zh.md"
    readme.write_text(f"# 课程\n\n{HEADS[readme.name]}\n| 旧 |\n\n| {HEAD}", encoding="utf-8")
    assert [line.partition(":")[0] for line in stale_tables(course.notebooks_dir)] == [str(source), str(readme)]
    assert write_tables(course.notebooks_dir) == [source, readme]
    row = "| [07 小东西](notebooks/zh/07_small.ipynb) | **写出**小东西 | 1 |"
    assert readme.read_text(encoding="utf-8").splitlines()[2:] == [
        HEADS[readme.name], "|---|---|---|", row, "", f"| {HEAD}",
    ]  # fmt: skip
    assert stale_tables(course.notebooks_dir) == []


def test_every_readme_has_a_list_of_all_chapters():
    chapters = [path.name for path in sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))]
    for readme in ROOT.glob("README*.md"):
        _, table = readme.read_text(encoding="utf-8").split(f"{HEADS[readme.name]}\n|---|---|---|\n")
        rows = table.partition("\n\n")[0].splitlines()
        assert [row.partition(")")[0].rpartition("/")[2] for row in rows] == chapters


EXERCISE = "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION"
TEXT = '# %% [markdown] key="title"\n# # T\n#\n# | s | minutes |\n# |---|---|\n# | 1 One | 3 |\n\n'
ONE = '# %% [markdown] key="one"\n# ## 1 One\n'


@pytest.mark.parametrize(
    ("cells", "minutes"),
    [
        ("#\n# " + 400 * "word " + "\n", 2),
        ("#\n# " + 398 * "word " + "[link](" + 400 * "far/" + ")\n", 2),
        ("#\n# " + 40 * "$x + y$ " + "\n", 2),
        ('\n# %% key="code"\n' + 36 * "x = 1\n", 3),
        ('\n# %% key="ask"\nguess("a")\n' + 6 * "guess('b')\n" + 3 * 'guess("c")\n', 5),
        ('\n# %% key="live"\nfrom course_utils.live import playground\n', 3),
        (f'\n# %% key="try"\n{EXERCISE}\n', 5),
        (f'#\n# **Open task.**\n\n# %% key="try"\n{EXERCISE}\n', 15),
        (f'\n# %% key="a"\n{EXERCISE}\n\n# %% [markdown] key="two"\n# ## 2 Two\n\n# %% key="b"\n{EXERCISE}\n', 5),
    ],
)
def test_minutes_are_counted_by_one_rule(cells, minutes, tmp_path):
    source = parse_source(TEXT + ONE + cells, tmp_path / "07_small" / "chapter.py")
    assert counted_minutes(source) == {"one": minutes}
