"""What the environments of other versions are made from."""

import subprocess
from pathlib import Path

import other_versions
import pytest
import tomli
from packaging.requirements import Requirement

PROJECT = tomli.loads((other_versions.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
PINS = [
    Requirement(line)
    for line in (other_versions.ROOT / other_versions.COLAB).read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def test_what_colab_has_is_new_enough_for_the_course():
    colab = {pin.name: next(iter(pin.specifier)).version for pin in PINS}
    wanted = [Requirement(one) for one in [*PROJECT["dependencies"], *EXTRAS["torch"]]]

    assert {one.name: one.specifier.contains(colab[one.name]) for one in wanted} == dict.fromkeys(
        (one.name for one in wanted), True
    )


@pytest.mark.parametrize("requirement", [*PROJECT["dependencies"], *EXTRAS["lab"], *EXTRAS["torch"]])
def test_every_requirement_has_a_lowest_version(requirement):
    name, bound = other_versions.lowest_version(requirement).split("==")

    assert requirement.startswith(f"{name}>={bound}")
    assert Requirement(requirement).specifier.contains(bound)


def pretends(tmp_path, monkeypatch, answer):
    """Put a python3.13 on the path that gives this answer, and no other Python anywhere."""
    program = tmp_path / "python3.13"
    program.write_text(f"#!/bin/sh\n{answer}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    return str(program)


def test_a_python_is_found_by_what_it_says(tmp_path, monkeypatch):
    program = pretends(tmp_path, monkeypatch, "echo Python 3.13.1")

    assert other_versions.find_python("3.13") == program


@pytest.mark.parametrize("answer", ["exit 127", "echo Python 3.12.9"])
def test_a_name_that_only_pretends_is_passed_over(tmp_path, monkeypatch, answer):
    pretends(tmp_path, monkeypatch, answer)

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
    """An environment that only notes what would be run in it; commands with `fails` among their words fail."""

    fails = ""
    commands: list

    def __init__(self, name, version):
        self.folder = self.place / name
        self.folder.mkdir()
        self.python = self.folder / "python"

    def create(self):
        """Note that it is made."""
        self.commands.append("create")

    def set_up(self):
        """Note that it is made as .venv is."""
        self.commands.append("make setup")
        return self.fails != "setup"

    def run(self, *words):
        """Note a command."""
        self.commands.append(" ".join(map(str, words)))
        return self.fails not in map(str, words)


@pytest.fixture
def recorded(monkeypatch, tmp_path):
    """Put environments in place that only note what is run; give them."""
    for name in ("TORCH", "PYTHONS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Recorded, "commands", [], raising=False)
    monkeypatch.setattr(Recorded, "place", tmp_path, raising=False)
    monkeypatch.setattr(other_versions, "Environment", Recorded)
    monkeypatch.setattr(other_versions.subprocess, "run", lambda *_, **__: None)
    monkeypatch.setattr(other_versions, "clear_build", lambda: None)
    return Recorded


def notebooks_run(recorded):
    """Give the notebooks that were to be run."""
    return [word for command in recorded.commands if "run_notebooks" in command for word in command.split()[1:]]


@pytest.mark.parametrize("target", ["colab", "oldest", "pythons"])
def test_every_chapter_is_run_in_the_environment(target, recorded):
    assert other_versions.main([target]) == 0

    names = [Path(name) for name in notebooks_run(recorded) if "install" not in name]
    places = 3 if target == "pythons" else 1
    for folder in (Path("notebooks"), Path("notebooks/instructor")):
        assert [one.name[:2] for one in names if one.parent == folder] == places * ["00", "01", "02", "03", "04", "05"]
    assert list(recorded.place.iterdir()) == []  # what passed is removed


@pytest.mark.parametrize("target", ["colab", "oldest", "pythons"])
def test_what_fails_makes_the_target_fail_and_leaves_the_environment(target, recorded, monkeypatch, capsys):
    monkeypatch.setattr(recorded, "fails", "notebooks/05_bug_clinic.ipynb")

    assert other_versions.main([target]) == 1
    assert capsys.readouterr().out.endswith(f"test-{target}: FAILED\n")
    assert all(folder.is_dir() for folder in recorded.place.iterdir())
    assert len(list(recorded.place.iterdir())) == (3 if target == "pythons" else 1)


def test_tests_that_fail_in_one_python_fail_the_target_and_the_notebooks_are_run_still(recorded, monkeypatch):
    monkeypatch.setattr(recorded, "fails", "pytest")

    assert other_versions.main(["pythons"]) == 1
    assert len(notebooks_run(recorded)) == 3 * 12


def test_pythons_can_be_named(recorded, monkeypatch):
    monkeypatch.setenv("PYTHONS", "3.12 3.13")
    monkeypatch.setattr(recorded, "fails", "pytest")  # so that the environments stay

    assert other_versions.main(["pythons"]) == 1
    assert sorted(folder.name for folder in recorded.place.iterdir()) == ["python-3.12", "python-3.13"]


def test_a_python_where_setting_up_fails_fails_the_target_and_nothing_is_run_in_it(recorded, monkeypatch):
    monkeypatch.setattr(recorded, "fails", "setup")

    assert other_versions.main(["pythons"]) == 1
    assert recorded.commands == ["make setup"] * 3


def test_a_python_is_set_up_as_the_readers_own(tmp_path, monkeypatch):
    """Make alone knows what JupyterLab, Voilà and nbconvert are told there."""
    commands = []
    monkeypatch.setattr(other_versions, "find_python", lambda version: f"python{version}")
    monkeypatch.setattr(other_versions, "ROOT", tmp_path)
    monkeypatch.setattr(
        other_versions.subprocess,
        "run",
        lambda command, **options: commands.append(command) or subprocess.CompletedProcess(command, 0),
    )

    assert other_versions.Environment("python-3.12", "3.12").set_up()
    assert commands == [["make", "setup", "VENV=.venv/python-3.12", "PYTHON=python3.12", "TORCH=no"]]


def test_a_python_that_is_missing_is_told_and_the_others_are_tried(recorded, monkeypatch, capsys):
    def make(name, version):
        if version == "3.12":
            raise other_versions.Missing("needs Python 3.12")
        return recorded(name, version)

    monkeypatch.setattr(other_versions, "Environment", make)

    assert other_versions.main(["pythons"]) == 0
    assert "left out: needs Python 3.12\n" in capsys.readouterr().out
    assert len(notebooks_run(recorded)) == 2 * 12


@pytest.mark.parametrize(("target", "version"), [("colab", "2.11.0"), ("oldest", "2.2")])
def test_a_torch_that_does_not_install_is_no_reason_to_leave_its_chapter_out(
    target, version, recorded, monkeypatch, capsys
):
    monkeypatch.setattr(recorded, "fails", "torch")

    assert other_versions.main([target]) == 1
    assert "TORCH=no leaves the PyTorch chapter out" in capsys.readouterr().out
    assert notebooks_run(recorded) == []
    constraints = recorded.commands[-1].split()[-1]
    assert f"torch=={version}" in (other_versions.ROOT / constraints).read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("target", ["colab", "oldest"])
def test_torch_can_be_left_out(target, recorded, monkeypatch):
    monkeypatch.setenv("TORCH", "no")

    assert other_versions.main([target]) == 0
    assert not any("torch" in command.split() for command in recorded.commands)


@pytest.mark.parametrize("target", ["colab", "oldest"])
def test_versions_come_from_the_target_alone_and_not_from_settings_for_uv(target, recorded):
    other_versions.main([target])

    installs = [command for command in recorded.commands if "pip install" in command]
    assert installs
    assert all(" --no-config " in command and " -c " in command for command in installs)


def test_the_install_cell_is_tried_with_the_folder_for_the_address(tmp_path):
    script = other_versions.HERE / "install_cell.py"
    book = tmp_path / "install.ipynb"

    subprocess.run([other_versions.sys.executable, script, ".", book], cwd=other_versions.ROOT, check=True)

    assert f'%pip install --quiet \\"{other_versions.ROOT.as_posix()}\\"' in book.read_text(encoding="utf-8")
