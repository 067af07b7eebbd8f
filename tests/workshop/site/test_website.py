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


@pytest.fixture
def lite_is_written(monkeypatch):
    """Stand in for JupyterLite's own build, which takes seconds and has its tests in test_lite.py."""

    def write(chapters, folder, pyodide):
        folder.mkdir()
        (folder / "chapters").write_text(" ".join(chapter.stem for chapter in chapters))

    monkeypatch.setattr(PATCHED, write)


@pytest.fixture
def out(tmp_path):
    """The website's folder, in one that holds nothing else."""
    return tmp_path / "host" / "site"


@pytest.mark.usefixtures("built", "lite_is_written")
def test_pages_and_lite_stand_in_one_folder(course, out, capsys):
    assert make(course, out) == 0
    assert capsys.readouterr().out.splitlines() == [str(out / "index.html")]
    assert (out / "02_dropout.html").exists()
    assert (out / "lite" / "chapters").read_text() == "02_dropout"
    assert 'href="lite/lab/index.html?path=02_dropout.ipynb"' in (out / "02_dropout.html").read_text()


@pytest.mark.usefixtures("built", "lite_is_written")
def test_a_website_takes_the_place_of_the_old_one(course, out):
    make(course, out)
    (out / "gone.html").write_text("", encoding="utf-8")
    assert make(course, out) == 0
    assert {path.name for path in out.iterdir()} == {"02_dropout.html", "index.html", "assets", "lite"}
    assert [path.name for path in out.parent.iterdir()] == ["site"]  # nothing is left over


@pytest.mark.usefixtures("built", "lite_is_written")
@pytest.mark.parametrize(
    ("error", "said"), [(ChapterError("no such Pyodide"), "no such Pyodide"), (OSError(28, "full"), "full")]
)
def test_a_website_stays_as_it_was_when_its_successor_fails(course, out, capsys, monkeypatch, error, said):
    make(course, out)
    before = contents(out.parent)

    def fail(_, folder, __):
        folder.mkdir()
        raise error

    monkeypatch.setattr(PATCHED, fail)
    assert make(course, out, "--pyodide", out / "nowhere") == 1
    assert said in capsys.readouterr().err
    assert contents(out) == {path: time for path, time in before.items() if path != out}
    assert [path.name for path in out.parent.iterdir()] == ["site"]


@pytest.mark.usefixtures("built", "lite_is_written")
def test_a_website_stays_as_it_was_when_its_successor_cannot_take_its_place(course, out, capsys, monkeypatch):
    make(course, out)
    before = contents(out)
    monkeypatch.setattr(PATCHED, lambda _, folder, __: shutil.rmtree(folder.parent))  # so there is nothing to move
    assert make(course, out) == 1
    assert f"{out}: cannot be written: No such file" in capsys.readouterr().err
    assert contents(out) == before
    assert [path.name for path in out.parent.iterdir()] == ["site"]


@pytest.mark.usefixtures("built", "lite_is_written")
def test_a_folder_of_something_else_is_left_alone(course, out, capsys):
    out.mkdir(parents=True)
    (out / "thesis.tex").write_text("years", encoding="utf-8")
    assert make(course, out) == 1
    assert "is no website made by this command" in capsys.readouterr().err
    assert [path.read_text(encoding="utf-8") for path in out.iterdir()] == ["years"]


@pytest.mark.usefixtures("built", "lite_is_written")
def test_an_empty_folder_may_be_there(course, out):
    out.mkdir(parents=True)
    assert make(course, out) == 0
    assert (out / "index.html").exists()


@pytest.mark.usefixtures("lite_is_written")
def test_a_stale_notebook_stops_it(course, out, capsys):
    course.write("02_dropout", '# %% key="a"\n1\n')
    assert make(course, out) == 1
    assert "02_dropout" in capsys.readouterr().err
    assert not out.parent.exists()


def test_no_chapters_make_no_website(out):
    with pytest.raises(ChapterError, match="no chapters"):
        build_website([], out)
