"""Where the course lives: what is read and written, and what becomes of it in notebooks and README."""

import re

import pytest

from course_utils.workshop.authoring.address import Address, parse_address, read_address, write_address
from course_utils.workshop.authoring.badges import BADGES, INSTALL, stale_readme, write_readme
from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.editions import editions, instructor_path
from course_utils.workshop.authoring.freshness import stale_chapters
from course_utils.workshop.authoring.recovery import recover_chapter
from course_utils.workshop.authoring.source import read_source

from .course import CHAPTER, cells_of

PYPROJECT = """\
[project]
name = "a-course"  # kept

[project.optional-dependencies]
dev = []

[tool.other]
Repository = "not this one"
"""
README = "# A course\n\n<!-- badges -->\n<!-- end of badges -->\n\nText.\n"
ADA = Address("ada", "dropout-course")


@pytest.fixture
def root(built):
    """The folder above the notebooks, with the files that tell and show an address."""
    folder = built.notebooks_dir.parent
    (folder / "pyproject.toml").write_text(PYPROJECT)
    (folder / "README.md").write_text(README)
    return folder


REPOSITORY = "https://github.com/ada/dropout-course"


@pytest.mark.parametrize("text", [" ada/dropout-course\n", REPOSITORY, f"{REPOSITORY}/", f"{REPOSITORY}.git"])
def test_an_address_can_be_typed_in_several_ways(text):
    assert parse_address(text) == ADA


@pytest.mark.parametrize(
    "text",
    ["", "ada", "ada/", "/course", "ada/b/c", "-ada/course", "a--b/course", "ada/..", "ada/cour se", "ada/c?x",
     "a" * 40 + "/c", "https://gitlab.com/ada/course", 'ada/c"'],
)  # fmt: skip
def test_what_is_no_repository_is_refused(text):
    with pytest.raises(ChapterError, match=re.escape("a repository on GitHub is named OWNER/NAME")):
        parse_address(text)


def test_an_address_is_written_and_nothing_else_changes(root):
    assert read_address(root) is None
    assert write_address(root, ADA)
    assert not write_address(root, ADA)
    assert read_address(root) == ADA
    text = (root / "pyproject.toml").read_text()
    assert text.replace(f'[project.urls]\nRepository = "{REPOSITORY}"\n\n', "") == PYPROJECT


AFTER = ["\n\n[tool.other]\nRepository = 'other'\n", "\n[tool.other]\na = 1\n", "\nHome = 'h'\n", "\n", ""]


@pytest.mark.parametrize("after", AFTER)
@pytest.mark.parametrize("line", ['Repository = "https://github.com/bob/old"', "Repository='bob/old'  # ours", ""])
def test_an_address_takes_the_place_of_the_old_one_wherever_it_stands(root, line, after):
    path = root / "pyproject.toml"
    before = '[project]\nname = "a-course"\n\n[project.urls]\n'
    path.write_text(before + line + after)
    assert write_address(root, ADA)
    assert read_address(root) == ADA
    assert path.read_text() == before + f'Repository = "{REPOSITORY}"\n' + (after.removeprefix("\n") if line else after)
    assert not write_address(root, ADA)


def test_a_folder_without_settings_has_no_address(tmp_path):
    assert read_address(tmp_path) is None
    with pytest.raises(ChapterError, match="cannot be written"):
        write_address(tmp_path, ADA)
    (tmp_path / "pyproject.toml").write_text("[")
    with pytest.raises(ChapterError, match="cannot be read"):
        read_address(tmp_path)


def test_notebooks_begin_with_badges_and_an_install_cell(root, built):
    chapter = built.write("02_dropout", CHAPTER, {"notes.md": "# Notes\n\nBe quick.\n"})
    source = read_source(chapter.source)
    assert [cell.id for cell in editions(chapter, source)[chapter.notebook].cells][:2] == ["title", "setup"]
    write_address(root, ADA)
    notebooks = editions(chapter, source)
    student, instructor = notebooks[chapter.notebook].cells, notebooks[instructor_path(chapter)].cells
    assert [cell.id for cell in student][:4] == ["title", BADGES, INSTALL, "setup"]
    assert [cell.id for cell in instructor][:5] == ["title", BADGES, INSTALL, "title-note", "large-type"]
    assert student[1].source == (
        "[![Open in Colab](images/colab.svg)](https://colab.research.google.com/github/ada/dropout-course/blob/main/"
        "notebooks/02_dropout.ipynb) [![Open in Binder](images/binder.svg)](https://mybinder.org/v2/gh/ada/"
        "dropout-course/main?urlpath=lab/tree/notebooks/02_dropout.ipynb)"
    )
    assert "](../images/colab.svg)" in instructor[1].source
    assert "notebooks/instructor/02_dropout.ipynb)" in instructor[1].source
    assert '%pip install --quiet "git+https://github.com/ada/dropout-course"' in student[2].source


def test_the_readme_gets_its_badges_and_loses_them(root):
    assert stale_readme(root) == ""
    write_address(root, ADA)
    assert "its badges are not those of the address" in stale_readme(root)
    assert write_readme(root)
    assert stale_readme(root) == ""
    text = (root / "README.md").read_text()
    assert "[![Open in Colab](notebooks/images/colab.svg)](https://colab.research.google.com/github/ada/" in text
    (root / "pyproject.toml").write_text(PYPROJECT)
    assert write_readme(root)
    assert (root / "README.md").read_text() == README


def test_publish_sets_it_and_builds_what_recover_leaves_alone(root, built, capsys):
    chapter = built.chapter("02_dropout")
    assert built.command("publish", "nobody") == 1
    assert read_address(root) is None
    capsys.readouterr()
    assert built.command("publish", "ada/dropout-course") == 0
    assert capsys.readouterr().out.splitlines()[0].endswith("pyproject.toml: https://github.com/ada/dropout-course")
    install = cells_of(chapter.notebook)[INSTALL]
    assert (install.execution_count, install.outputs) == (1, [])  # it is installed here, so nothing happened
    assert stale_chapters([chapter]) == []
    assert stale_readme(root) == ""
    assert not recover_chapter(chapter).rewritten
    (root / "pyproject.toml").write_text(PYPROJECT)
    assert len(stale_chapters([chapter])) == 1


@pytest.mark.parametrize("key", [BADGES, INSTALL])
def test_a_chapter_cannot_take_their_keys(course, key):
    chapter = course.write("02_bad", f'# %% key="{key}"\n1\n')
    with pytest.raises(ChapterError, match="the build gives this key to a cell of its own"):
        editions(chapter, read_source(chapter.source))
