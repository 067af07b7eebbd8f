"""The command `site`: pages and JupyterLite in one folder, which is replaced as a whole or not at all."""

import shutil

import pytest

from course_utils.__main__ import main
from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.site.website import build_website

PATCHED = "course_utils.workshop.site.website.write_lite"


def make(course, out, *more):
    return main(["site", "--notebooks-dir", str(course.notebooks_dir), "--out", str(out), *map(str, more)])


def contents(folder):
    """Give all files and folders below a folder, with the time when each was written."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


def names(folder):
    return {path.name for path in folder.iterdir()}


@pytest.fixture(autouse=True)
def _lite_is_written(monkeypatch):
    """Stand in for JupyterLite's own build, which takes seconds and has its tests in test_lite.py."""

    def write(chapters, folder, pyodide=None, told=(), *, solutions=True):
        folder.mkdir()
        (folder / "chapters").write_text(" ".join(chapter.stem for chapter in chapters))

    monkeypatch.setattr(PATCHED, write)


@pytest.fixture
def out(tmp_path):
    """The website's folder, in one that holds nothing else."""
    return tmp_path / "host" / "site"


def test_pages_and_lite_stand_in_one_folder(built, out, capsys):
    out.mkdir(parents=True)  # an empty folder may be there
    assert make(built, out) == 0
    assert capsys.readouterr().out.splitlines() == [str(out / "index.html")]
    assert (out / "02_dropout.html").exists()
    assert (out / "lite" / "chapters").read_text() == "02_dropout"
    assert 'href="lite/lab/index.html?path=02_dropout.ipynb"' in (out / "02_dropout.html").read_text()


def test_a_website_takes_the_place_of_the_old_one(built, out):
    make(built, out)
    (out / "gone.html").write_text("", encoding="utf-8")
    assert make(built, out) == 0
    assert names(out) == {"02_dropout.html", "index.html", "assets", "lite"}
    assert names(out.parent) == {"site"}  # nothing is left over


@pytest.mark.parametrize(
    ("error", "said"),
    [(ChapterError("no such Pyodide"), "no such Pyodide"), (OSError(28, "full"), "full"), (None, "cannot be written")],
)
def test_a_website_stays_as_it_was_when_its_successor_fails(built, out, capsys, monkeypatch, error, said):
    make(built, out)
    before = contents(out)

    def fail(chapters, folder, pyodide=None, told=(), *, solutions=True):
        folder.mkdir()
        if error:
            raise error
        shutil.rmtree(folder.parent)  # so there is nothing to take the old one's place

    monkeypatch.setattr(PATCHED, fail)
    assert make(built, out, "--pyodide", out / "nowhere") == 1
    assert said in capsys.readouterr().err
    assert contents(out) == before
    assert names(out.parent) == {"site"}


def test_a_folder_of_something_else_is_left_alone(built, out, capsys):
    out.mkdir(parents=True)
    (out / "thesis.tex").write_text("years", encoding="utf-8")
    assert make(built, out) == 1
    assert "is no website made by this command" in capsys.readouterr().err
    assert [path.read_text(encoding="utf-8") for path in out.iterdir()] == ["years"]


def test_a_stale_notebook_stops_it(course, out, capsys):
    course.write("02_dropout", '# %% key="a"\n1\n')
    assert make(course, out) == 1
    assert "02_dropout" in capsys.readouterr().err
    assert not out.parent.exists()


def test_no_chapters_make_no_website(out):
    with pytest.raises(ChapterError, match="no chapters"):
        build_website([], out)
