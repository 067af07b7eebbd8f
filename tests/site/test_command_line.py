"""The command `site`: pages and JupyterLite in one folder, which is replaced as a whole or not at all."""

import pytest

from course_utils.__main__ import main
from course_utils.authoring.chapters import ChapterError
from tests.authoring.conftest import built, course

__all__ = ["built", "course"]


def make(course, out, *more):
    return main(["site", "--notebooks-dir", str(course.notebooks_dir), "--out", str(out), *map(str, more)])


@pytest.fixture
def lite_is_written(monkeypatch):
    """Stand in for JupyterLite's own build, which takes seconds and has its tests in test_lite.py."""

    def write(chapters, folder, pyodide):
        folder.mkdir()
        (folder / "chapters").write_text(" ".join(chapter.stem for chapter in chapters))

    monkeypatch.setattr("course_utils.site.lite.build_lite", write)


@pytest.mark.usefixtures("built", "lite_is_written")
def test_pages_and_lite_stand_in_one_folder(course, tmp_path, capsys):
    out = tmp_path / "site"
    for _ in range(2):
        assert make(course, out) == 0
    assert capsys.readouterr().out.splitlines() == [str(out / "index.html")] * 2
    assert (out / "02_dropout.html").exists()
    assert (out / "lite" / "chapters").read_text() == "02_dropout"
    assert 'href="lite/lab/index.html?path=02_dropout.ipynb"' in (out / "02_dropout.html").read_text()


@pytest.mark.usefixtures("built", "lite_is_written")
def test_a_site_stays_as_it_was_when_its_successor_fails(course, tmp_path, capsys, monkeypatch):
    out = tmp_path / "site"
    make(course, out)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}

    def fail(*_):
        raise ChapterError("no such Pyodide")

    monkeypatch.setattr("course_utils.site.lite.build_lite", fail)
    assert make(course, out, "--pyodide", tmp_path / "nowhere") == 1
    assert "no such Pyodide" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".site")] == []
