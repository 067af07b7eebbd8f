"""The commands of the Makefile, run on a copy with a stand-in for Python that writes down what it is asked."""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STEPS = ["-m ruff check .", "-m mypy", "lint-imports", "-m course_utils build --check", "-m pytest tests"]
STEPS += ["-m pytest --nbval --nbval-current-env notebooks"]
INSTALL = "python -m pip install --editable .[{}] --constraint constraints.txt [111]"
STAND_IN = """\
#!/bin/sh
echo "${0##*/} $* [$OMP_NUM_THREADS$OPENBLAS_NUM_THREADS$MKL_NUM_THREADS]" >> "$DIARY"
case "$*" in
  *"$FAILS_AT"*) echo "failing as told"; exit 3 ;;
  -c*) exit "$TOO_OLD" ;;
  --version) echo "Python 3.9.18" ;;
  "-m venv --clear .venv")
    rm -rf .venv && mkdir -p .venv/bin && echo "VIRTUAL_ENV=$(pwd -P)/.venv" > .venv/bin/activate
    cp "$0" .venv/bin/python && cp "$0" .venv/bin/lint-imports ;;
esac
"""

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="needs make")


class Tree:
    """A copy of the course's Makefile, in which `make` is run."""

    def __init__(self, folder):
        self.folder = folder
        self.diary = folder.parent / "diary"
        self.python = folder.parent / "stand-in"
        self.python.write_text(STAND_IN, encoding="utf-8")
        self.python.chmod(0o755)
        folder.mkdir()
        for name in ("Makefile", "pyproject.toml", "constraints.txt"):
            shutil.copy(ROOT / name, folder)
            os.utime(folder / name, (time.time() - 60,) * 2)

    def make(self, *words, fails_at="never", too_old=0):
        """Run make; give its exit status, what it printed and what Python was asked."""
        self.diary.write_text("", encoding="utf-8")
        unwanted = ("MAKE", "MFLAGS", "TORCH", "PYTHON", "PORT", "PINS", "OMP_", "OPENBLAS_", "MKL_", "CI")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
        environment |= {"DIARY": str(self.diary), "FAILS_AT": fails_at, "TOO_OLD": str(too_old)}
        if not any(word.startswith("PYTHON=") for word in words):
            words = (*words, f"PYTHON={self.python}")
        done = subprocess.run(
            ["make", *words], cwd=self.folder, env=environment, text=True, timeout=60,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        return done.returncode, done.stdout, self.diary.read_text(encoding="utf-8").splitlines()

    def stamps(self):
        return sorted(path.name for path in (self.folder / ".venv").glob(".with*"))


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path / "course")


def installs(asked):
    return [line for line in asked if "--editable" in line]


def environments_made(asked):
    return [line for line in asked if "-m venv" in line]


def test_set_up_once(tree):
    status, _, asked = tree.make("setup")
    assert status == 0
    assert environments_made(asked) == ["stand-in -m venv --clear .venv [111]"]
    (install,) = installs(asked)
    assert install == INSTALL.format("torch,lab,cluster,teach,site,dev")
    assert tree.stamps() == [".with-torch"]
    status, _, asked = tree.make("setup")
    assert (status, asked) == (0, [])


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_set_up_again_when_what_is_asked_for_changed(tree, name):
    tree.make("setup")
    os.utime(tree.folder / name, (time.time() + 1,) * 2)
    status, _, asked = tree.make("setup")
    assert (status, len(installs(asked)), environments_made(asked)) == (0, 1, [])


def test_an_interrupted_install_is_taken_up_again(tree):
    status, said, _ = tree.make("setup", fails_at="--editable")
    assert status != 0
    assert "failing as told" in said
    assert tree.stamps() == []
    status, _, asked = tree.make("setup")
    assert (status, len(installs(asked)), environments_made(asked)) == (0, 1, [])
    assert tree.stamps() == [".with-torch"]


def test_an_environment_without_pip_is_made_anew(tree):
    tree.make("setup", fails_at="--editable")
    status, _, asked = tree.make("setup", fails_at="-m pip --version")
    assert (status, len(environments_made(asked))) == (0, 1)


def test_without_torch(tree):
    status, _, asked = tree.make("setup", "TORCH=no")
    assert status == 0
    assert installs(asked) == [INSTALL.format("lab,cluster,teach,site,dev")]
    assert tree.make("setup")[2] == []  # the choice is remembered
    assert "[torch,lab,cluster,teach,site,dev]" in installs(tree.make("setup", "TORCH=yes")[2])[0]
    assert tree.make("setup")[2] == []
    assert tree.stamps() == [".with-torch", ".without-torch"]


def test_torch_is_yes_or_no(tree):
    status, said, asked = tree.make("setup", "TORCH=maybe")
    assert (status != 0, asked) == (True, [])
    assert 'TORCH must be yes or no, got "maybe"' in said


def test_python_too_old(tree):
    status, said, _ = tree.make("setup", too_old=1)
    assert status != 0
    expected = (
        "stand-in is Python 3.9.18, the course needs Python >= 3.10; name another one: make setup PYTHON=python3.12\n"
    )
    assert expected in said
    assert not (tree.folder / ".venv").exists()


def test_an_install_that_fails_says_for_which_pythons_the_versions_are(tree):
    status, said, _ = tree.make("setup", fails_at="--editable")
    assert status != 0
    assert "for Python 3.10 to 3.13, .venv/bin/python is Python 3.9.18.\n" in said
    assert "name another one: make setup PYTHON=python3.12\n" in said
    assert tree.stamps() == []


def test_python_missing(tree):
    status, said, _ = tree.make("lab", "PYTHON=python9.9")
    assert status != 0
    assert "python9.9 is not to be found; name another one: make lab PYTHON=python3.12\n" in said


def test_python_that_cannot_make_environments(tree):
    status, said, _ = tree.make("setup", fails_at="-m venv")
    assert status != 0
    assert "apt install python3-venv" in said


def test_a_moved_tree_is_set_up_anew(tree):
    tree.make("setup")
    tree.folder = tree.folder.rename(tree.folder.with_name("elsewhere"))
    status, _, asked = tree.make("setup")
    assert (status, len(environments_made(asked)), len(installs(asked))) == (0, 1, 1)


def test_a_python_that_is_gone_is_replaced(tree):
    tree.make("setup")
    (tree.folder / ".venv" / "bin" / "python").unlink()
    status, _, asked = tree.make("setup")
    assert (status, len(environments_made(asked)), len(installs(asked))) == (0, 1, 1)


def test_a_path_with_a_space(tmp_path):
    tree = Tree(tmp_path / "my course")
    assert tree.make("setup")[0] == 0
    assert tree.make("setup")[2] == []


def test_lab(tree):
    tree.make("setup")
    assert tree.make("lab")[2] == ["python -m course_utils.lab --port 8888 [111]"]
    assert tree.make("lab", "PORT=9100")[2] == ["python -m course_utils.lab --port 9100 [111]"]


@pytest.fixture
def complete(tree):
    (tree.folder / "notebooks").mkdir()
    (tree.folder / "notebooks" / "00_start_here.ipynb").touch()
    tree.make("setup")
    return tree


def test_test_runs_everything_on_one_thread(complete):
    status, said, asked = complete.make("test")
    assert status == 0
    assert [line.removeprefix("python ") for line in asked] == [
        f"{step} [111]" if step != "lint-imports" else "lint-imports  [111]" for step in STEPS
    ]
    assert said.endswith("make test: all passed (lint, types, imports, fresh, unit, nbval)\n")


def test_without_torch_notebooks_that_need_it_are_left_out_and_named(complete):
    notebooks = complete.folder / "notebooks"
    (notebooks / "instructor").mkdir()
    needing = ["notebooks/04_first.ipynb", "notebooks/instructor/04_second.ipynb", "notebooks/05_third.ipynb"]
    for path, line in zip(needing, ("import torch\\n", "from torch import nn\\n", "import torch"), strict=True):
        (complete.folder / path).write_text(f'{{"source": [\n    "{line}"\n]}}', encoding="utf-8")
    words = ["Chapter 04 wants torch, by import torch.", "import torchless", "x = 'import torch'"]
    (notebooks / "06_other.ipynb").write_text("\n".join(f'    "{text}"' for text in words), encoding="utf-8")
    checkpoints = notebooks / ".ipynb_checkpoints"
    checkpoints.mkdir()
    shutil.copy(notebooks / "04_first.ipynb", checkpoints)

    assert complete.make("test")[2][-1] == f"python {STEPS[-1]} [111]"  # with PyTorch all are run
    complete.make("setup", "TORCH=no")
    status, said, asked = complete.make("test", "TORCH=no")
    assert status == 0
    left_out = " ".join(f"--ignore={path}" for path in sorted(needing))
    assert asked[-1] == f"python {STEPS[-1]} {left_out} [111]"
    for path in needing:
        assert said.count(f"left out, since it needs PyTorch: {path}\n") == 1
    assert said.count("left out") == 3
    assert said.endswith("make test: all passed (lint, types, imports, fresh, unit, nbval; without PyTorch)\n")


def test_test_sets_up_first(tree):
    assert installs(tree.make("test")[2])


@pytest.mark.parametrize("step", [step for step in STEPS if step != "lint-imports"])
def test_a_failing_step_fails_the_whole(complete, step):
    status, said, asked = complete.make("test", fails_at=step)
    assert status != 0
    assert len(asked) == STEPS.index(step) + 1
    assert "all passed" not in said


def test_without_notebooks_test_fails(complete):
    (complete.folder / "notebooks" / "00_start_here.ipynb").unlink()
    checkpoints = complete.folder / "notebooks" / ".ipynb_checkpoints"
    checkpoints.mkdir()
    (checkpoints / "00_start_here-checkpoint.ipynb").touch()
    status, said, asked = complete.make("test")
    assert status != 0
    assert "no notebooks under notebooks/: run  make notebooks\n" in said
    assert len(asked) == len(STEPS) - 1


def test_help_lists_every_command(tree):
    status, said, asked = tree.make()
    assert (status, asked) == (0, [])
    names = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE).group(1)
    assert re.findall(r"^  make ([\w-]+)", said, re.MULTILINE) == [name for name in names.split() if name != "renew"]
    assert said == tree.make("help")[1]


def test_clean(complete):
    (complete.folder / "notebooks" / "__pycache__").mkdir()
    assert complete.make("clean")[0] == 0
    assert sorted(path.name for path in complete.folder.iterdir()) == [
        "Makefile", "constraints.txt", "notebooks", "pyproject.toml",
    ]  # fmt: skip
    assert [path.name for path in (complete.folder / "notebooks").iterdir()] == ["00_start_here.ipynb"]
