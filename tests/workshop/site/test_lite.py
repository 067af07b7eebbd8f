"""The folder for JupyterLite: its notebooks, its wheels, and what it refuses."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course_utils.environment import how_to_install
from course_utils.texts import speaking
from course_utils.workshop.authoring.badges import BADGES, INSTALL
from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.notebook import cell_id
from course_utils.workshop.authoring.typography import english_left
from course_utils.workshop.site import lite
from course_utils.workshop.site.lite import NEEDS_TORCH, course_wheel, installed_wheel, lite_notebook, write_lite
from tests.workshop.authoring.course import CHAPTER, Course

LOCK = "pyodide-lock.json"
OTHER_VERSION = '{"info": {"version": "0.27.7"}, "packages": {}}'


def notebook_of(*sources: str):
    """Give a notebook with a title, the cells of an address, and these code cells."""
    opening = [new_markdown_cell("[badge](x)", id=BADGES), new_code_cell("install()", id=INSTALL)]
    return new_notebook(cells=[new_markdown_cell("# Title", id="title"), *opening, *map(new_code_cell, sources)])


def test_the_course_is_installed_below_the_title_and_badges_go():
    made = lite_notebook(notebook_of("import numpy"))
    assert [cell_id(cell) for cell in made.cells[:2]] == ["title", INSTALL]
    assert [cell.source for cell in made.cells[2:]] == ["import numpy"]
    assert "%pip install -q course-utils\n" in made.cells[1].source
    assert made.metadata.kernelspec.name == "python"  # else the reader is asked for a kernel
    nbformat.validate(made)


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("import torch", NEEDS_TORCH),
        ("x = 1\nfrom torch import nn", NEEDS_TORCH),
        ("from course_utils.pytorch import rows", NEEDS_TORCH),
        ("if x:\n  import torch", NEEDS_TORCH),
        ("import torchless\n# import torch", INSTALL),
        ("print('from torch import nn')", INSTALL),
    ],
)
def test_a_chapter_with_torch_says_that_it_cannot_run(code, key):
    made = lite_notebook(notebook_of(code))
    assert [cell_id(cell) for cell in made.cells[:2]] == ["title", key]
    assert ("needs a kernel with PyTorch" in made.cells[1].source) == (key == NEEDS_TORCH)
    with speaking("zh"):
        told = lite_notebook(notebook_of(code)).cells[1]
    assert told.cell_type == "code" or english_left(told.source) == []


@pytest.fixture(scope="module")
def wheels(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    course_wheel(folder)
    for name in lite._WHEELS:
        installed_wheel(name, folder)
    return folder


def test_pip_takes_the_wheels(wheels, tmp_path):
    """Pip checks their names and versions; what it unpacks can be imported without anything else of the course."""
    options = ["--no-index", "--no-deps", "--quiet", "--target", tmp_path / "lib"]
    command = [sys.executable, "-m", "pip", "install", *options, *wheels.iterdir()]
    subprocess.run(command, check=True, timeout=120)
    packages = ("course_utils", "tqdm", "comm", "anywidget", "psygnal", "typing_extensions")
    code = f"import course_utils.live, course_utils.exercises, {', '.join(packages)}; "
    code += f"print({', '.join(f'{name}.__file__' for name in packages)})"
    environment = {"PYTHONPATH": str(tmp_path / "lib"), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout.count(str(tmp_path / "lib")) == len(packages), done.stderr


def test_wheels_hold_what_their_records_say_and_no_tests(wheels):
    for path in wheels.iterdir():
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            (record,) = (name for name in names if name.endswith(".dist-info/RECORD"))
            listed = {line.split(",")[0] for line in archive.read(record).decode().splitlines()}
        assert listed == names
        assert not any(".." in name or "/tests/" in name or "__pycache__" in name for name in names)
        assert not any(name.endswith((".so", ".pyd")) for name in names)


def test_the_same_course_gives_the_same_wheel(tmp_path, wheels):
    (tmp_path / "again").mkdir()
    again = course_wheel(tmp_path / "again")
    assert again.read_bytes() == (wheels / again.name).read_bytes()


def test_what_is_not_installed_is_named(tmp_path):
    with pytest.raises(ChapterError, match=f"no-such-package is not installed: {re.escape(how_to_install('site'))}"):
        installed_wheel("no-such-package", tmp_path)


@pytest.fixture
def pyodide(tmp_path, monkeypatch) -> Path:
    """A folder that looks like a Pyodide distribution."""
    monkeypatch.setattr(lite, "_wanted_pyodide", lambda: "0.27.6")
    folder = tmp_path / "pyodide"
    folder.mkdir()
    for name in ("pyodide.js", "pyodide.asm.wasm", *(f"{name}.whl" for name in lite._packages())):
        (folder / name).write_text("")
    packages = {name: {"file_name": f"{name}.whl"} for name in lite._packages()}
    (folder / LOCK).write_text(json.dumps({"info": {"version": "0.27.6"}, "packages": packages}))
    return folder


def refusal(course, out: Path, pyodide: Path | None) -> str:
    with pytest.raises(ChapterError) as caught:
        write_lite([course.chapter("02_dropout")], out, pyodide)
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("pyodide.js", None, ": is not a Pyodide distribution, it has no pyodide.js"),
        (LOCK, None, f": is not a Pyodide distribution, it has no {LOCK}"),
        (LOCK, "{", f"/{LOCK}: cannot be read: "),
        (LOCK, "{}", f"/{LOCK}: cannot be read: "),
        (LOCK, '{"info": 1, "packages": {}}', f"/{LOCK}: cannot be read: "),
        (LOCK, OTHER_VERSION, ": is Pyodide 0.27.7, the kernel for the browser was made for 0.27.6"),
        ("numpy.whl", None, ": has no numpy; the full distribution is needed, not its core alone"),
    ],
)
def test_what_is_no_distribution_for_this_kernel_is_refused(built, pyodide, tmp_path, name, text, said):
    (pyodide / name).unlink()
    if text is not None:
        (pyodide / name).write_text(text)
    assert refusal(built, tmp_path / "out", pyodide).startswith(f"{pyodide}{said}")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The whole folder, built from a small course, without a Pyodide."""
    pytest.importorskip("jupyterlite_core", reason="JupyterLite is not installed: the extra `site` has it")
    pytest.importorskip("jupyterlite_pyodide_kernel", reason="its kernel is not installed: the extra `site` has it")
    folder = tmp_path_factory.mktemp("course")
    (folder / "notebooks" / "source").mkdir(parents=True)
    small = Course(folder / "notebooks")
    small.write("02_dropout", CHAPTER)
    small.pretend_build("02_dropout")
    printed = new_output("stream", text="two\nlines\n")
    small.edit("02_dropout", lambda notebook: notebook.cells[-1].update(outputs=[printed]))
    out = folder / "site" / "lite"
    out.parent.mkdir()
    write_lite([small.chapter("02_dropout")], out)
    assert [path.name for path in out.parent.iterdir()] == ["lite"]  # nothing is left over
    return out


@pytest.fixture
def config(site):
    """What the site tells JupyterLite."""
    return json.loads((site / "jupyter-lite.json").read_text())["jupyter-config-data"]


def test_the_site_opens_the_chapter(site):
    assert (site / "lab" / "index.html").exists()
    listed = json.loads((site / "api" / "contents" / "all.json").read_text())
    assert [one["path"] for one in listed["content"]] == ["02_dropout.ipynb"]
    notebook = nbformat.read(site / "files" / "02_dropout.ipynb", 4)
    assert INSTALL in map(cell_id, notebook.cells)


def test_each_notebook_says_of_which_edition_it_is(site):
    """So what a reader saved of another one is known as such; whether it then moves aside, test_lite_update.py sees."""
    edition = nbformat.read(site / "files" / "02_dropout.ipynb", 4).metadata.edition
    assert json.loads((site / "editions.json").read_text()) == {"02_dropout.ipynb": edition}
    ours = notebook_of("x = 1")
    again, other = copy.deepcopy(ours), copy.deepcopy(ours)
    other.cells[-1].source = "x = 2"
    first, second, third = (lite_notebook(one).metadata.edition for one in (ours, again, other))
    assert first == second != third


def test_printed_lines_are_saved_in_one_piece(site):
    """JupyterLite would show the lines of a list with commas between them."""
    cells = json.loads((site / "files" / "02_dropout.ipynb").read_text())["cells"]
    printed = [output["text"] for cell in cells for output in cell.get("outputs", []) if "text" in output]
    assert "two\nlines\n" in printed
    assert all(isinstance(cell["source"], str) for cell in cells)


def test_the_site_has_its_packages_and_asks_no_registry(site, config):
    (kernel,) = config["litePluginSettings"].values()
    assert kernel["disablePyPIFallback"] is True
    assert "pyodideUrl" not in kernel  # the kernel's own default stands
    assert all(url.startswith("./") for url in kernel["pipliteUrls"])
    index = json.loads((site / "pypi" / "all.json").read_text())
    assert {name.replace("-", "_") for name in index} == {"course_utils", *lite._WHEELS}
    for releases in (one["releases"] for one in index.values()):
        for (release,) in releases.values():
            assert (site / "pypi" / Path(release["url"]).name).exists()


def test_only_three_extensions_come_along_and_no_address_begins_at_the_hosts_root(site, config):
    names = {one["name"] for one in config["federated_extensions"]}
    assert names == {"@jupyter-widgets/jupyterlab-manager", "@jupyterlite/pyodide-kernel-extension", "anywidget"}
    assert not list(site.rglob("*.map"))
    assert config["appUrl"].startswith("./")  # so that it works from a sub-path
    assert not [value for name, value in config.items() if name.endswith("Url") and str(value).startswith("/")]


def test_its_page_lets_enter_end_a_field(site):
    """Whether it does is seen in a browser, by test_lite_page.py, which needs a Pyodide."""
    head, _, body = (site / "lab" / "index.html").read_text(encoding="utf-8").partition("</head>")
    assert 'event.key === "Enter"' in head
    assert body.count("</html>") == 1


def test_a_build_that_fails_says_why(built, tmp_path, monkeypatch):
    pytest.importorskip("jupyterlite_core", reason="JupyterLite is not installed: the extra `site` has it")
    monkeypatch.setattr(lite, "_EXTENSIONS", ())  # without its kernel there is nothing to build for
    monkeypatch.setattr(lite, "_PATIENCE", 0.01)
    assert refusal(built, tmp_path / "out", None).startswith("JupyterLite: no end of its build")
    assert not (tmp_path / "out").exists()
