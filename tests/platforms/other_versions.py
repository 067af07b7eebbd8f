"""Check the course beside other Pythons and other versions of what it needs; `make test-colab` and others call it.

    python tests/platforms/other_versions.py colab     # what Colab has, on Python 3.13
    python tests/platforms/other_versions.py oldest    # the lowest versions that pyproject.toml allows
    python tests/platforms/other_versions.py pythons   # Python 3.10, 3.12 and 3.13, versions from constraints.txt

Each has an environment of its own under .venv, made anew. The environment variable TORCH=no leaves PyTorch out, and
PYTHONS="3.12 3.13" names other Pythons.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import tomli
from nbformat.v4 import new_code_cell, new_notebook
from packaging.requirements import Requirement

from course_utils.workshop.authoring.address import Address
from course_utils.workshop.authoring.badges import INSTALL, opening_cells

ROOT = Path(__file__).resolve().parents[2]
HERE = Path("tests/platforms")
COLAB = HERE / "colab-2026-08.txt"
OLDEST, PYTHONS = "3.10", "3.10 3.12 3.13"
# A browser does not know which Python answers it.
TESTS = ("-m", "pytest", "--quiet", "--numprocesses=2", "--dist=loadfile", "-m", "not slow", "tests",
         "--ignore=tests/browser", "--ignore=tests/workshop/demos")  # fmt: skip
MISSING = """
import importlib.util
assert importlib.util.find_spec("course_utils") is None, "the course is installed already"
"""
FOUND = """
import course_utils, course_utils.live
print(course_utils.__file__)
"""
REFUSE = """
def refuse(name, *_):
    raise AssertionError(f"%{name} where the course is installed")

get_ipython().run_line_magic = refuse
"""


class Environment:
    """A virtual environment of some Python; what stood in its place is gone."""

    def __init__(self, name: str, version: str) -> None:
        self.base = find_python(version)
        self.folder = ROOT / ".venv" / name
        shutil.rmtree(self.folder, ignore_errors=True)
        self.python = self.folder / ("Scripts" if os.name == "nt" else "bin") / "python"

    def create(self) -> None:
        """Make it, with nothing but uv in it."""
        subprocess.run([self.base, "-m", "venv", self.folder], check=True)
        self.run("-m", "pip", "install", "--quiet", "uv")

    def set_up(self) -> bool:
        """Make it as `make setup` makes .venv, settings and all, but without PyTorch; say whether all went well."""
        place = self.folder.relative_to(ROOT).as_posix()
        done = subprocess.run(["make", "setup", f"VENV={place}", f"PYTHON={self.base}", "TORCH=no"], cwd=ROOT)
        return done.returncode == 0

    def run(self, *words: object) -> bool:
        """Run its Python in the course's folder; say whether all went well."""
        return subprocess.run([self.python, *map(str, words)], cwd=ROOT).returncode == 0

    def install(self, *words: object) -> bool:
        """Install with uv, which needs seconds for old versions where pip searches for minutes."""
        plain = "--no-config"  # else uv takes the one torch that pyproject.toml names for `make pins`
        return self.run("-m", "uv", "pip", "install", "--quiet", plain, "--python", self.python, *words)

    def torch(self, constraints: Path) -> bool:
        """Install torch if it is wanted; say whether all went well."""
        if os.environ.get("TORCH") == "no" or self.install("torch", "-c", constraints):
            return True
        print("no such torch for this Python; TORCH=no leaves the PyTorch chapter out", flush=True)
        return False

    def notebooks(self) -> bool:
        """Run the instructor's notebooks, which hold all that the students' do, and the solutions."""
        return self.run(HERE / "run_notebooks.py", "notebooks/instructor")

    def classic(self) -> bool:
        """Move live figures in its nbclassic by a Chromium, if there is one; the Python of this script drives that."""
        words = [sys.executable, "-m", "pytest", "--quiet", "-p", "no:nbval", HERE / "classic.py"]
        return subprocess.run(words, cwd=ROOT, env=os.environ | {"NBCLASSIC": str(self.python)}).returncode == 0

    def closed(self, passed: bool) -> bool:
        """Remove the environment if all passed, since PyTorch takes gigabytes; give `passed` back."""
        if passed:
            shutil.rmtree(self.folder)
        return passed


class Missing(Exception):
    """A Python that is not on this machine."""


def find_python(version: str) -> str:
    """Find a Python by its version: on the path, or among pyenv's; names on the path may only pretend."""
    found = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"), reverse=True)
    for candidate in filter(None, [shutil.which(f"python{version}"), *map(str, found)]):
        done = subprocess.run([candidate, "--version"], capture_output=True, text=True)
        if done.stdout.startswith(f"Python {version}."):
            return candidate
    raise Missing(f"needs Python {version}, which is neither on the path (python{version}) nor among pyenv's")


def colab() -> bool:
    """Install what Colab has, then the course by the notebooks' own cell; run all notebooks, and try a browser."""
    place = Environment("colab", "3.13")
    place.create()
    lines = (ROOT / COLAB).read_text(encoding="utf-8").splitlines()
    names = [line.partition("==")[0] for line in lines if not line.startswith(("#", "torch"))]
    if not (place.install(*names, "-c", COLAB) and place.torch(COLAB)):
        return False
    cell = place.folder / "install.ipynb"
    write_install_cell(cell)
    build = ROOT / "build"  # pip leaves it beside the course, and packs what it finds there
    shutil.rmtree(build, ignore_errors=True)
    try:
        return place.closed(place.run(HERE / "run_notebooks.py", cell) and place.notebooks() and place.classic())
    finally:
        shutil.rmtree(build, ignore_errors=True)


def write_install_cell(path: Path) -> None:
    """Write a notebook that runs the notebooks' install cell where the course is missing, and again where it stands.

    The course's folder stands in for the address on GitHub.
    """
    address = Address("owner", "name")
    cell = next(one for one in opening_cells(address, "notebooks/00_start_here.ipynb") if one.id == INSTALL)
    remote = f"git+{address.repository}"
    assert cell.source.count(remote) == 1, cell.source
    install = cell.source.replace(remote, ROOT.as_posix())
    sources = [MISSING, install, FOUND, REFUSE, install]
    cells = [new_code_cell(source.strip(), id=f"cell-{number}") for number, source in enumerate(sources)]
    nbformat.write(new_notebook(cells=cells), path)


def oldest() -> bool:
    """Install the lowest versions that pyproject.toml allows; run all notebooks."""
    place = Environment("oldest", OLDEST)
    place.create()
    project = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    constraints = place.folder / "lowest.txt"
    lowest = [lowest_version(one) for one in [*project["dependencies"], *extras["lab"], *extras["torch"]]]
    constraints.write_text("\n".join(lowest) + "\n", encoding="utf-8")
    ready = place.install("--editable", ".[lab]", "-c", constraints) and place.torch(constraints)
    return place.closed(ready and place.notebooks())


def lowest_version(requirement: str) -> str:
    """Give a requirement with its lower bound as the only version."""
    parsed = Requirement(requirement)
    (bound,) = (one.version for one in parsed.specifier if one.operator == ">=")
    return f"{parsed.name}=={bound}"


def pythons() -> bool:
    """Run what needs neither torch nor a browser in each Python that there is; say which there is not."""
    results = []
    for version in os.environ.get("PYTHONS", PYTHONS).split():
        try:
            place = Environment(f"python-{version}", version)
        except Missing as missing:
            print(f"left out: {missing}", flush=True)
            continue
        print(f"== Python {version}", flush=True)
        passed = place.set_up() and all([place.run(*TESTS), place.notebooks()])  # both, whatever is red
        results.append(place.closed(passed))
    return bool(results) and all(results)


def main(words: list[str]) -> int:
    """Check one of them; return the exit status."""
    checks = {"colab": colab, "oldest": oldest, "pythons": pythons}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("check", choices=checks)
    name = parser.parse_args(words).check
    try:
        passed = checks[name]()
    except (Missing, subprocess.CalledProcessError) as error:
        print(f"test-{name}: {error}", file=sys.stderr)
        return 1
    print(f"test-{name}: {'passed' if passed else 'FAILED'}")
    return int(not passed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
