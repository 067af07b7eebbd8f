"""What `make` installs, and when, in a copy with a stand-in for Python that writes down what it is asked."""

import os
import re
import shutil
import signal
import subprocess
import time

import pytest

from tests import ROOT

STUDENT, ALL = "lab", "lab,cluster,teach,site,dev"
STAND_IN = """\
#!/bin/sh
echo "${0##*/} $* [$OMP_NUM_THREADS$OPENBLAS_NUM_THREADS$MKL_NUM_THREADS]" >> "$DIARY"
case "$*" in
  *"$FAILS_AT"*) echo "$SAYS" >&2; exit 3 ;;
  *"$HANGS_AT"*) echo ready; trap 'echo Traceback >&2; exit 1' INT; while :; do sleep 0.05; done ;;
  -c*) exit "$TOO_OLD" ;;
  --version) echo "Python 3.9.18" ;;
  "-m venv --clear .venv")
    rm -rf .venv && mkdir -p .venv/bin && echo "VIRTUAL_ENV=$(pwd -P)/.venv" > .venv/bin/activate
    cp "$0" .venv/bin/python && cp "$0" .venv/bin/lint-imports ;;
esac
"""

DOES_ALL = {"FAILS_AT": "never", "SAYS": "failing as told", "HANGS_AT": "never", "TOO_OLD": "0"}

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="needs make")

SETTINGS = "course_utils/workshop/lab/settings"
PINNED = "The pinned versions are for Python 3.10 to 3.13, .venv/bin/python is Python 3.9.18.\n"
RETRYING = "WARNING: Retrying (Retry(total=1)) after connection broken\nERROR: Could not find a version"


class Tree:
    """A copy of the course's Makefile, in which `make` is run."""

    def __init__(self, folder):
        self.folder = folder
        self.diary = folder.parent / "diary"
        self.python = folder.parent / "stand-in"
        self.python.write_text(STAND_IN, encoding="utf-8")
        self.python.chmod(0o755)
        shutil.copytree(ROOT / SETTINGS, folder / SETTINGS)
        for name in ("Makefile", "pyproject.toml", "constraints.txt"):
            shutil.copy(ROOT / name, folder)
            os.utime(folder / name, (time.time() - 60,) * 2)

    def start(self, *words, **stand_in):
        """Start make in a process group of its own."""
        self.diary.write_text("", encoding="utf-8")
        unwanted = ("MAKE", "MFLAGS", "TORCH", "PYTHON", "PORT", "PINS", "OMP_", "OPENBLAS_", "MKL_", "CI")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
        environment |= {"DIARY": str(self.diary), **DOES_ALL, **stand_in}
        return subprocess.Popen(
            ["make", f"PYTHON={self.python}", *words], cwd=self.folder, env=environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    def make(self, *words, **stand_in):
        """Run make; give its exit status, what it printed and what Python was asked."""
        process = self.start(*words, **stand_in)
        said, _ = process.communicate(timeout=60)
        return process.returncode, said, self.diary.read_text(encoding="utf-8").splitlines()

    def installed(self, *words):
        """Run make; give the extras of each installation, and whether a new environment was made."""
        status, said, asked = self.make(*words)
        assert status == 0, said
        extras = [found[1] for line in asked if (found := re.search(r"--editable \.\[(.*?)\]", line))]
        return extras, any("-m venv" in line for line in asked)


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path / "course")


@pytest.mark.parametrize(
    ("words", "extras"),
    [
        (["lab"], f"torch,{STUDENT}"),
        (["lab", "TORCH=no"], STUDENT),
        (["setup"], f"torch,{ALL}"),
        (["setup", "TORCH=no"], ALL),
    ],
)
def test_each_part_is_installed_once(tree, words, extras):
    assert tree.installed(*words) == ([extras], True)
    assert tree.installed(*words) == ([], False)
    assert tree.installed(words[0]) == ([], False)  # whether PyTorch is wanted is remembered


def test_from_a_students_part_to_all_and_back(tree):
    tree.installed("lab", "TORCH=no")
    assert tree.make("setup", FAILS_AT="--editable")[0] != 0
    assert tree.installed("lab") == ([], False)  # as it was
    assert tree.installed("setup") == ([ALL], False)
    assert tree.installed("lab") == ([], False)
    assert tree.installed("lab", "TORCH=yes") == ([f"torch,{STUDENT}"], False)
    assert tree.installed("setup") == ([f"torch,{ALL}"], False)
    assert tree.installed("setup", "TORCH=no") == tree.installed("lab", "TORCH=no") == ([], False)


def test_other_commands_install_all_in_pinned_versions(tree):
    (install,) = (line for line in tree.make("fresh")[2] if "--editable" in line)
    assert f".[torch,{ALL}] --constraint constraints.txt" in install


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_what_changed_is_installed_again(tree, name):
    tree.make("setup")
    os.utime(tree.folder / name, (time.time() + 1,) * 2)
    assert tree.installed("lab") == ([f"torch,{STUDENT}"], False)


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is no signal")
@pytest.mark.parametrize("moment", ["-m venv", "--editable", "-m course_utils.lab"])
def test_ctrl_c_ends_with_a_line(tree, moment):
    process = tree.start("lab", HANGS_AT=moment)
    while (line := process.stdout.readline()) != "ready\n":
        assert line, "make ended by itself"
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=30)
    ours = [line for line in said.splitlines() if line and not line.startswith("make")]
    assert len(ours) == 1, said
    assert "topped." in ours[0]
    tree.make("lab")
    assert tree.installed("lab") == ([], False)


def test_an_environment_without_pip_is_made_anew(tree):
    tree.make("setup", FAILS_AT="--editable")
    asked = tree.make("setup", FAILS_AT="-m pip --version")[2]
    assert any("-m venv" in line for line in asked)


def test_an_environment_that_was_moved_or_lost_its_python_is_made_anew(tmp_path):
    tree = Tree(tmp_path / "my später course")
    tree.make("lab", "TORCH=no")
    assert tree.installed("lab") == ([], False)
    tree.folder = tree.folder.rename(tree.folder.with_name("elsewhere"))
    assert tree.installed("lab") == ([STUDENT], True)
    (tree.folder / ".venv" / "bin" / "python").unlink()
    assert tree.installed("lab") == ([STUDENT], True)


@pytest.mark.parametrize(
    ("stand_in", "words", "expected"),
    [
        ({"TOO_OLD": "1"}, [], "is Python 3.9.18, the course needs Python >= 3.10; name another one: make lab PYTHON="),
        ({}, ["PYTHON=python9.9"], "python9.9 is not to be found; name another one: make lab PYTHON=python3.12\n"),
        ({"FAILS_AT": "-m venv"}, [], "apt install python3-venv\n"),
        ({}, ["TORCH=maybe"], 'TORCH must be yes or no, got "maybe"'),
    ],
)
def test_what_is_wrong_is_told(tree, stand_in, words, expected):
    status, said, _ = tree.make("lab", *words, **stand_in)
    assert status != 0
    assert expected in said
    assert not (tree.folder / ".venv").exists()


@pytest.mark.parametrize(
    ("pip_says", "told", "not_told"),
    [("ERROR: no such version", f"ERROR: no such version\n{PINNED}", "No network"), (RETRYING, "No network", PINNED)],
)
def test_an_install_that_failed_is_taken_up_again(tree, pip_says, told, not_told):
    status, said, _ = tree.make("setup", FAILS_AT="--editable", SAYS=pip_says)
    assert status != 0
    assert told in said
    assert not_told not in said
    assert tree.installed("setup") == ([f"torch,{ALL}"], False)


def test_lab_runs_on_one_thread_at_the_port_named(tree):
    tree.make("lab")
    assert tree.make("lab", "PORT=9100")[2] == ["python -m course_utils.lab --port 9100 [111]"]


def test_clean(tree):
    tree.make("setup")
    (tree.folder / "course_utils" / "__pycache__").mkdir()
    assert tree.make("clean")[0] == 0
    left = {path.name for path in tree.folder.rglob("*")}
    assert {".venv", "__pycache__"} & left == set()
    assert {"Makefile", "overrides.json"} <= left
