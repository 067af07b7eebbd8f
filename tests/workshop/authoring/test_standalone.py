"""A notebook that carries the course: it runs where nothing of the course is installed."""

import re
import subprocess
import sys
import sysconfig
import zipfile
from io import BytesIO
from pathlib import Path

import nbformat
import pytest

from course_utils.datasets import digits
from course_utils.workshop.authoring.address import Address, write_address
from course_utils.workshop.authoring.build import build_chapter
from course_utils.workshop.authoring.standalone import CARRIER, packed_course
from tests import NOTEBOOKS

from .course import Course

CHAPTER = """\
# %% [markdown] key="title"
# # A chapter
#
# See [the other](03_other.ipynb#there) and [a site](https://example.org/a.ipynb).

# %% key="try-it"
import course_utils
from course_utils.datasets import digits

print(digits()[0].shape)
"""


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory):
    """A Python that has all packages but the course."""
    folder = tmp_path_factory.mktemp("bare")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True, timeout=60)
    (site,) = folder.glob("lib/python*/site-packages")
    # Paths named in such a file are searched, but the .pth files there, and with them the course, are not read.
    (site / "all.pth").write_text(sysconfig.get_path("purelib"))
    python = folder / "bin" / "python"
    command = [python, "-I", "-c", "import numpy, course_utils"]
    found = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert "No module named 'course_utils'" in found.stderr
    return python


def run(python, notebook, folder):
    """Run a notebook in a folder of its own; give what it printed."""
    command = [python, "-I", "-m", "IPython", "--no-banner", "--colors=NoColor", "-c", f"%run {notebook.name}"]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "MPLBACKEND": "agg"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_first_chapter_runs_from_its_file_alone(tmp_path, bare_python):
    assert Course(NOTEBOOKS).command("standalone", "00", "--out", str(tmp_path)) == 0
    path = tmp_path / "00_start_here.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("import course_utils\nprint(course_utils.__file__)", id="where"))
    nbformat.write(notebook, path)
    printed = run(bare_python, path, tmp_path)
    assert re.search(r"^course_utils +ok$", printed, re.MULTILINE)
    where = Path(printed.strip().splitlines()[-1])
    assert where.parts[-3].startswith("course-")
    assert not where.exists()  # what it unpacked is gone with the session
    assert sorted(tmp_path.glob("*.ipynb")) == [path]


def test_the_file_is_the_chapter_with_one_cell_more(course, tmp_path, bare_python):
    chapter = course.write("02_small", CHAPTER)
    build_chapter(chapter)
    out = tmp_path / "out"
    assert course.command("standalone", "--out", str(out)) == 0
    notebook = nbformat.read(out / "02_small.ipynb", as_version=4)
    assert [cell.id for cell in notebook.cells] == ["title", CARRIER, "try-it"]
    assert notebook.cells[0].source == "# A chapter\n\nSee the other and [a site](https://example.org/a.ipynb)."
    hidden = {"jupyter": {"source_hidden": True}, "cellView": "form", "transient": {"remove_source": True}}
    assert notebook.cells[1].metadata == hidden
    assert notebook.cells[2].outputs  # as the chapter has them
    assert run(bare_python, out / "02_small.ipynb", out) == f"{digits()[0].shape}\n"


def test_links_to_other_chapters_lead_to_the_repository(course, tmp_path):
    chapter = course.write("02_small", CHAPTER)
    (course.notebooks_dir.parent / "pyproject.toml").write_text("[project]\n\n[project.optional-dependencies]\n")
    write_address(course.notebooks_dir.parent, Address("ada", "course"))
    build_chapter(chapter)
    assert course.command("standalone", "--out", str(tmp_path / "out")) == 0
    notebook = nbformat.read(tmp_path / "out" / "02_small.ipynb", as_version=4)
    assert [cell.id for cell in notebook.cells] == ["title", CARRIER, "try-it"]  # no badges, nothing to install
    assert "(https://github.com/ada/course/blob/main/notebooks/03_other.ipynb#there)" in notebook.cells[0].source


def test_the_same_course_gives_the_same_bytes():
    assert packed_course() == packed_course()
    names = zipfile.ZipFile(BytesIO(packed_course())).namelist()
    assert "course_utils/data/digits.npz" in names
    assert not [name for name in names if name.startswith("course_utils/workshop")]


def test_a_stale_chapter_or_its_own_place_is_refused(built, capsys):
    own = str(built.notebooks_dir)
    assert built.command("standalone", "--out", own) == 1
    assert "is the chapter's own notebook; name another folder" in capsys.readouterr().err
    built.edit("02_dropout", lambda nb: nb.cells.pop())
    assert built.command("standalone", "--out", f"{own}/out") == 1
    assert "differs from its source" in capsys.readouterr().err
    assert not (built.notebooks_dir / "out").exists()
