"""What the environments of other versions are made from."""

from pathlib import Path

import pytest
import tomli
from packaging.requirements import Requirement

from tests.platforms import other_versions

PROJECT = tomli.loads((other_versions.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
PINS = [
    Requirement(line)
    for line in (other_versions.ROOT / other_versions.COLAB).read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def test_what_colab_has_is_new_enough_for_the_course():
    colab = {pin.name: next(iter(pin.specifier)).version for pin in PINS}
    wanted = [one for one in map(Requirement, [*PROJECT["dependencies"], *EXTRAS["torch"]]) if not one.marker]

    assert wanted
    assert [one.name for one in wanted if not one.specifier.contains(colab[one.name])] == []


@pytest.mark.parametrize("requirement", sum(EXTRAS.values(), PROJECT["dependencies"]))
def test_every_requirement_has_a_lowest_version(requirement):
    name, bound = other_versions.lowest_version(requirement).split("==")

    assert requirement.startswith(f"{name}>={bound}")
    assert Requirement(requirement).specifier.contains(bound)


@pytest.mark.parametrize("answer", ["echo Python 3.13.1", "exit 127", "echo Python 3.12.9"])
def test_a_python_is_found_by_what_it_says_and_a_name_that_only_pretends_is_passed_over(answer, tmp_path, monkeypatch):
    program = tmp_path / "python3.13"
    program.write_text(f"#!/bin/sh\n{answer}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)

    if "3.13" in answer:
        assert other_versions.find_python("3.13") == str(program)
    else:
        with pytest.raises(other_versions.Missing, match=r"needs Python 3\.13"):
            other_versions.find_python("3.13")


def test_a_missing_python_is_told_in_one_line(monkeypatch, capsys):
    def missing(*_):
        raise other_versions.Missing("needs Python 3.13")

    monkeypatch.setattr(other_versions, "Environment", missing)

    assert other_versions.main(["colab"]) == 1
    assert capsys.readouterr().err == "test-colab: needs Python 3.13\n"
    assert other_versions.main(["pythons"]) == 1  # nothing was run


class Recorded(other_versions.Environment):
    """An environment in which nothing is installed, and where commands with `fails` among their words fail."""

    fails = ""

    def __init__(self, name, version):
        self.folder = self.place / name
        self.folder.mkdir()

    def set_up(self):
        return True

    def run(self, *words):
        return self.fails not in map(str, words)


@pytest.mark.parametrize("fails", ["", "pytest", "notebooks/instructor"])
def test_what_fails_in_one_python_fails_the_target_and_leaves_the_environment(fails, monkeypatch, tmp_path, capsys):
    monkeypatch.delenv("PYTHONS", raising=False)
    monkeypatch.setattr(Recorded, "place", tmp_path, raising=False)
    monkeypatch.setattr(Recorded, "fails", fails)
    monkeypatch.setattr(other_versions, "Environment", Recorded)

    assert other_versions.main(["pythons"]) == bool(fails)
    assert capsys.readouterr().out.endswith(f"test-pythons: {'FAILED' if fails else 'passed'}\n")
    assert len(list(tmp_path.iterdir())) == (3 if fails else 0)  # what passed is removed


def test_the_install_cell_is_tried_with_the_folder_for_the_address(tmp_path):
    book = tmp_path / "install.ipynb"

    other_versions.write_install_cell(book)

    assert f'%pip install --quiet \\"{other_versions.ROOT.as_posix()}\\"' in book.read_text(encoding="utf-8")
