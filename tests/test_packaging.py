"""What is written down more than once must agree: dependencies, pins, the conda environment, licences."""

import importlib.metadata
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

import course_utils
from course_utils.environment import check_environment
from tests import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PYTHONS = ["3.10.13", "3.11.7", "3.12.1", "3.13.0"]
# conda's name, where it is another one than pip's
FROM_CONDA = {
    "jupyter_server": "jupyter-server", "matplotlib-base": "matplotlib", "playwright-python": "playwright",
    "pytorch": "torch",
}  # fmt: skip


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


SETTINGS = tomllib.loads(read("pyproject.toml"))
PROJECT, TOOLS = SETTINGS["project"], SETTINGS["tool"]
# Every dependency, extras included, by name.
DECLARED = {
    canonicalize_name(requirement.name): requirement
    for requirement in map(Requirement, sum(PROJECT["optional-dependencies"].values(), PROJECT["dependencies"]))
}


def conda():
    """Give conda's packages and bounds under pip's names, and what it leaves to pip."""
    packages, from_pip = {}, []  # what stands under pip counts as a package, but for the course itself
    for entry in yaml.safe_load(read("environment.yml"))["dependencies"]:
        if isinstance(entry, dict):
            from_pip += entry["pip"]
            for text in entry["pip"][:-1]:
                packages[Requirement(text).name] = Requirement(text).specifier
        else:
            name, bounds = re.fullmatch(r"([a-z0-9_-]+)(.*)", entry).groups()
            assert name not in FROM_CONDA.values(), f"conda calls {name} otherwise"
            packages[FROM_CONDA.get(name, name)] = SpecifierSet(bounds)
    return packages, from_pip


def pins(python=None, **system):
    """Give the versions in constraints.txt that hold under one Python, by name."""
    environment = default_environment() | system
    if python:
        environment |= {"python_full_version": python, "python_version": ".".join(python.split(".")[:2])}
    lines = [line for line in read("constraints.txt").splitlines() if line and not line.startswith("#")]
    found = {}
    for requirement in map(Requirement, lines):
        if requirement.marker is None or requirement.marker.evaluate(environment):
            name = canonicalize_name(requirement.name)
            assert name not in found, f"{name} has two pins under Python {python}"
            (pin,) = requirement.specifier
            assert pin.operator == "==", name
            found[name] = Version(pin.version)  # which knows no *
    return found


def test_conda_has_the_same_packages_with_the_same_bounds():
    packages, from_pip = conda()
    assert packages.pop("python") == SpecifierSet(PROJECT["requires-python"])
    assert packages.pop("pip") == SpecifierSet()
    assert packages == {name: requirement.specifier for name, requirement in DECLARED.items()}
    assert from_pip[-1] == "-e ."


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
@pytest.mark.parametrize("python", PYTHONS)
def test_every_dependency_is_pinned_within_its_bounds(python, system):
    assert Version(python) in SpecifierSet(PROJECT["requires-python"])
    pinned = pins(python, sys_platform=system, os_name="nt" if system == "win32" else "posix")
    wrong = {
        name: str(pinned.get(name)) for name, requirement in DECLARED.items()
        if name not in pinned or pinned[name] not in requirement.specifier
    }  # fmt: skip
    assert wrong == {}, "run  make pins"


def test_everything_installed_for_the_course_is_pinned():
    """Follow what the installed packages ask for: a pin missing far down would move by itself one day."""
    environment = {**default_environment(), "extra": ""}
    waiting = [("course-utils", extra) for extra in ("", "torch", "cluster", "lab", "teach", "site", "dev")]
    reached = set()
    while waiting:
        name, extra = step = waiting.pop()
        if step in reached:
            continue
        reached.add(step)
        try:
            texts = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:  # PyTorch may be left out
            continue
        for requirement in map(Requirement, texts):
            if requirement.marker is None or requirement.marker.evaluate(environment | {"extra": extra}):
                needed = canonicalize_name(requirement.name)
                waiting += [(needed, wanted) for wanted in ("", *requirement.extras)]
    names = {name for name, _ in reached} - {"course-utils"}
    assert len(names) > 100
    assert sorted(names - set(pins())) == [], "run  make pins"


def test_torch_stays_at_the_version_the_numbers_come_from():
    held = TOOLS["uv"]["constraint-dependencies"]
    assert held == [f"torch=={pins()['torch']}"] == ["torch==2.13.0"]
    assert Version("2.13.0+cpu") in Requirement(held[0]).specifier  # the build without CUDA fits


def test_the_environment_check_covers_what_the_course_imports():
    names = [one.name for one in map(Requirement, PROJECT["dependencies"]) if not one.marker]  # tomli, where needed
    brought_by_matplotlib = {"contourpy", "pillow"}  # missing only where matplotlib is, so not worth a line each
    assert brought_by_matplotlib <= {Requirement(text).name for text in importlib.metadata.requires("matplotlib") or []}
    assert names
    assert set(names) - brought_by_matplotlib < {finding.what for finding in check_environment()}


def test_the_installed_package_is_this_tree():
    assert Path(course_utils.__file__).parent == ROOT / "course_utils"
    assert importlib.metadata.version("course-utils") == course_utils.__version__ == PROJECT["version"]


@pytest.mark.parametrize("name", ["Makefile", "pyproject.toml", "constraints.txt", "environment.yml", ".ci/run"])
def test_no_address_of_a_package_index(name):
    index = r"https?://\S+|[\w.-]*(?:pypi|pythonhosted|anaconda|pytorch)\.(?:org|com)\S*|index-url"
    assert re.findall(index, read(name)) == []


def test_licences():
    assert PROJECT["license"] == "MIT AND CC-BY-4.0 AND OFL-1.1"
    taken = ("fonts/OFL.txt", "room/lean_qr/LICENSE")  # of what others wrote
    named = [f"course_utils/workshop/{path}" for path in taken]
    assert PROJECT["license-files"] == ["LICENSE", "LICENSE-TEXT", *named]
    assert all((ROOT / path).exists() for path in named)
    assert read("LICENSE").startswith("MIT License\n\nCopyright (c) 2026 The course authors\n")
    assert "https://creativecommons.org/licenses/by/4.0/legalcode" in read("LICENSE-TEXT")


def test_the_ci_script_can_be_run():
    assert subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], capture_output=True, timeout=60).returncode == 0
    assert "\nmake test" in read(".ci/run")


def test_whatever_the_code_reads_is_in_the_wheel():
    covered = {
        path
        for package, patterns in TOOLS["setuptools"]["package-data"].items()
        for pattern in patterns
        for path in (ROOT / package.replace(".", "/")).glob(pattern)
    }
    files = (path for path in (ROOT / "course_utils").rglob("*") if path.is_file() and path.parent.suffix != ".running")
    read_by_code = {path for path in files if path.suffix not in {".py", ".pyc", ".md"}}
    assert len(read_by_code) > 5
    assert read_by_code - covered == set()
