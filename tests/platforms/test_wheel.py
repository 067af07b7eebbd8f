"""The course from a wheel, in an environment of its own: each command works, or says in one line what it lacks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from packaging.version import Version

from course_utils.__main__ import COMMANDS
from tests import NOTEBOOKS, ROOT

pytestmark = pytest.mark.slow
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "LICENSE-TEXT")
# What a command is given where nothing is installed but the wheel, and where all is but there are no notebooks.
WORDS = {"publish": ["ada/course"], "recover": ["02.ipynb"], "study": ["no-such-study"], "homework": ["02"]}
# What each gives where all is installed, beside notebooks: more words, and a file that must be there then.
MAKES = {
    "build": (["--check"], ""),
    "demo": ([], ""),
    "slides": (["02"], "dist/slides/02_numpy_dropout/index.html"),
    "handout": (["02"], "dist/handouts/02_numpy_dropout.html"),
    "standalone": (["02"], "dist/standalone/02_numpy_dropout.ipynb"),
    "site": ([], "dist/site/lite/lab/index.html"),
    "homework": (["02"], "homework"),
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, made of a copy: building leaves things in the folder."""
    try:
        found = version("setuptools")
    except PackageNotFoundError:
        found = "0"
    if Version(found) < Version("77"):
        pytest.skip("building needs setuptools >= 77 in this environment: pip install setuptools")
    folder = tmp_path_factory.mktemp("source")
    for name in SOURCES:
        shutil.copyfile(ROOT / name, folder / name)
    shutil.copytree(
        ROOT / "course_utils", folder / "course_utils", ignore=shutil.ignore_patterns("__pycache__", "*.running")
    )
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "--wheel-dir",
        ".",
    ]
    subprocess.run([*command, "."], cwd=folder, check=True, capture_output=True, timeout=300)
    (made,) = folder.glob("*.whl")
    return made


def environment(folder: Path, wheel: Path, more: str = "") -> Path:
    """Make an environment that has the wheel, and what lies in the folder ``more``; return its Python."""
    venv.create(folder, with_pip=False)
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    asked = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(subprocess.run(asked, check=True, capture_output=True, text=True, timeout=60).stdout.strip())
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    (packages / "more.pth").write_text(more, encoding="utf-8")
    return python


@pytest.fixture(scope="module")
def bare(wheel, tmp_path_factory):
    return environment(tmp_path_factory.mktemp("bare"), wheel)


@pytest.fixture(scope="module")
def full(wheel, tmp_path_factory):
    """What is installed here, but for this tree itself: a line in a .pth is no place where others are looked for."""
    return environment(tmp_path_factory.mktemp("full"), wheel, sysconfig.get_path("purelib"))


def run(python, folder, *words):
    """Run Python where nothing leads to this tree."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run([str(python), *words], cwd=folder, env=environ, capture_output=True, text=True, timeout=600)


def course(python, folder, *words):
    return run(python, folder, "-m", "course_utils", *words)


def test_the_wheel_is_what_runs(full, wheel, tmp_path):
    said = run(full, tmp_path, "-c", "import course_utils as one; print(one.__file__, one.__version__)").stdout
    assert str(ROOT) not in said
    assert str(full.parents[1].resolve()) in said or str(full.parents[1]) in said
    assert said.split()[-1] == wheel.name.split("-")[1]


@pytest.mark.parametrize("place", ["bare", "full"])
@pytest.mark.parametrize("command", [one.run.__name__ for one in COMMANDS])
def test_a_command_says_in_one_line_what_it_lacks(place, command, tmp_path, request):
    """Where nothing else is installed, and where all is but the folder is empty; all commands say what they take."""
    python = request.getfixturevalue(place)
    done = course(python, tmp_path, command, *WORDS.get(command, []))
    lines = done.stderr.splitlines()
    if command == "demo" and place == "full":
        assert (done.returncode, lines) == (0, [])  # its list needs no notebooks
    else:
        assert done.returncode == 1
        assert len(lines) == 1, done.stderr
        assert len(lines[0]) > 20
    assert list(tmp_path.iterdir()) == []
    asked = course(python, tmp_path, command, "--help")
    assert (asked.returncode, asked.stderr) == (0, "")


@pytest.mark.parametrize("command", MAKES)
def test_a_command_works_beside_the_notebooks(full, command, tmp_path):
    shutil.copytree(NOTEBOOKS, tmp_path / "notebooks")
    shutil.copyfile(ROOT / "constraints.txt", tmp_path / "constraints.txt")
    words, made = MAKES[command]
    done = course(full, tmp_path, command, *words)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / made).exists()
