"""The environment check: what it finds here, and what it says about each fault."""

import importlib.metadata
import re
import shutil
import subprocess
import sys
from dataclasses import FrozenInstanceError

import pytest

from course_utils.environment import (
    check_environment,
    declared_bounds,
    installed_version,
    show_environment,
)
from tests import ROOT

BOUNDS = {
    "Python": "3.10", "numpy": "1.26", "matplotlib": "3.8", "ipywidgets": "7.7.1", "tqdm": "4.66", "joblib": "1.3",
    "threadpoolctl": "3.1", "torch": "2.2",
}  # fmt: skip
HEALTHY = {
    "numpy": "2.4.6", "matplotlib": "3.8", "ipywidgets": "7.7.1", "tqdm": "4.70.1", "joblib": "1.6.0",
    "threadpoolctl": "3.8.0", "torch": "2.13.0+cpu", "jupyterlab": "4.6.6", "course-utils": "0.1.0",
}  # fmt: skip
ALL_OK = """\
Python        ok
numpy         ok
matplotlib    ok
ipywidgets    ok
tqdm          ok
joblib        ok
threadpoolctl ok
Jupyter       ok
course_utils  ok
PyTorch       ok

Everything is in place.
"""


def check(changes=None, *, bounds=BOUNDS, python=(3, 11, 7), in_kernel=False):
    """Check a simulated machine: a healthy one, but for the changes (None: not installed)."""
    version_of = (HEALTHY | (changes or {})).get
    findings = check_environment(version_of=version_of, bounds=bounds, python=python, in_kernel=in_kernel)
    return {finding.what: finding for finding in findings}


def faults(findings):
    return [finding.what for finding in findings.values() if not finding.ok]


def test_the_machine_that_runs_the_tests_is_healthy():
    assert [finding for finding in check_environment() if not finding.ok and not finding.optional] == []


def test_versions_shown_are_those_of_the_modules_imported():
    import matplotlib
    import numpy

    found = {finding.what: finding.found for finding in check_environment()}
    assert found["numpy"] == numpy.__version__
    assert found["matplotlib"] == matplotlib.__version__
    assert found["Python"] == "{}.{}.{}".format(*sys.version_info)


def test_bounds_come_from_the_installed_package():
    bounds = declared_bounds()
    assert "Python" in bounds
    assert bounds["ipywidgets"] == next(
        re.search(r"[\d.]+", text).group()
        for text in importlib.metadata.requires("course-utils")
        if text.startswith("ipywidgets")
    )


@pytest.mark.parametrize("jupyter", [{}, {"notebook": "6.5.7"}, {"voila": "0.5.13"}, {"google-colab": "1.0"}])
def test_every_healthy_machine_prints_the_same_and_no_versions(jupyter, capsys):
    others = {"numpy": "1.26", "tqdm": "4.66.0", "torch": "2.2", "jupyterlab": None, "course-utils": "0.2"}
    findings = check(others | jupyter, python=(3, 13, 0)) if jupyter else check()
    show_environment(list(findings.values()))
    assert capsys.readouterr().out == ALL_OK


def said_of(findings, capsys):
    """Return what is shown of findings."""
    show_environment(list(findings.values()))
    return capsys.readouterr().out


GOES_ON = "The rest of the course works as it is.\n"


@pytest.mark.parametrize("name", ["numpy", "matplotlib", "ipywidgets", "tqdm", "joblib", "threadpoolctl"])
def test_missing_package(name):
    findings = check({name: None})
    assert faults(findings) == [name]
    assert not findings[name].optional
    assert findings[name].found is None
    assert findings[name].advice == (
        f'{name} is not installed: run  %pip install "{name}>={BOUNDS[name]}"  in a cell, then restart the kernel.'
    )


@pytest.mark.parametrize("old", ["7.7.0", "7.7", "7.7.0+local", "6.10.2", "7.6.99"])
def test_package_too_old(old):
    findings = check({"ipywidgets": old})
    assert faults(findings) == ["ipywidgets"]
    assert findings["ipywidgets"].advice == (
        f'ipywidgets {old} is too old, 7.7.1 or newer is needed: run  %pip install "ipywidgets>=7.7.1"  in a cell, '
        "then restart the kernel."
    )


@pytest.mark.parametrize(
    ("name", "found"),
    [("ipywidgets", found) for found in ("7.7.1", "7.7.1.0", "7.10", "8", "8.0.0rc1", "10.0")]
    + [("numpy", "1.26"), ("numpy", "1.26.0")],  # trailing zeros do not count
)
def test_package_new_enough(name, found):
    assert faults(check({name: found}, bounds=BOUNDS | {"numpy": "1.26.0"})) == []


def test_without_torch_the_rest_works(capsys):
    findings = check({"torch": None})
    assert faults(findings) == ["PyTorch"]
    assert findings["PyTorch"].optional
    said = said_of(findings, capsys)
    assert "PyTorch       missing\n" in said
    assert 'only chapter 04 needs it): run  %pip install "torch>=2.2"' in said
    assert said.endswith(GOES_ON)


@pytest.mark.parametrize("version", [None, "6.17.1", "6.31.0", "7.0.0", "7.0.1", "7.3.0", "7.4.0", "8.0"])
def test_a_kernel_that_loses_what_sliders_say_is_told_and_of_others_nothing(version, capsys):
    findings = check({"ipykernel": version})
    if version is None or not version.startswith(("7.0", "7.3")):
        assert "ipykernel" not in findings
        return
    assert faults(findings) == ["ipykernel"]
    said = said_of(findings, capsys)
    assert "ipykernel     look below\n" in said
    assert f'- ipykernel {version} now and then loses what sliders say: run  %pip install "ipykernel<7"' in said
    assert said.endswith(GOES_ON)


def test_python_too_old(capsys):
    findings = check(python=(3, 9, 18))
    assert faults(findings) == ["Python"]
    assert findings["Python"].advice == (
        "Python 3.9.18 is too old, 3.10 or newer is needed: install one, then in a terminal  make clean  and  "
        "make lab PYTHON=python3.10  (or the name of the newer one); without make, set the course up with it anew, as "
        "README.md says."
    )
    said = said_of(findings, capsys)
    assert "Python        look below\n" in said
    assert GOES_ON not in said


def test_a_fault_that_stops_everything_is_not_played_down(capsys):
    said = said_of(check({"torch": None, "numpy": None}), capsys)
    assert said.count("\n- ") == 2
    assert GOES_ON not in said


def test_no_front_end_but_a_running_notebook_has_one_somewhere():
    findings = check({"jupyterlab": None})
    assert faults(findings) == ["Jupyter"]
    assert findings["Jupyter"].advice == (
        "Nothing here can show a notebook: in a terminal run  make lab , or without make  "
        f"{sys.executable} -m pip install jupyterlab"
    )
    assert faults(check({"jupyterlab": None}, in_kernel=True)) == []


def test_not_installed_but_found_in_a_folder(capsys):
    findings = check({"course-utils": None}, bounds={})
    assert faults(findings) == ["course_utils"]
    assert findings["course_utils"].optional
    assert f'%pip install -e "{ROOT}"' in findings["course_utils"].advice
    assert faults(check({"course-utils": None, "numpy": None}, bounds={})) == ["numpy", "course_utils"]
    assert said_of(findings, capsys).endswith(GOES_ON)


def test_a_folder_that_was_never_installed_still_checks(tmp_path):
    # A Python that sees the folder but no installed package at all, as on a machine before set-up.
    (tmp_path / "course_utils").mkdir()
    for name in ("__init__.py", "environment.py"):
        shutil.copy(ROOT / "course_utils" / name, tmp_path / "course_utils")
    command = (
        "import sys; sys.path.insert(0, sys.argv[1]); from course_utils import environment as e; e.show_environment()"
    )
    words = [sys.executable, "-I", "-S", "-c", command, str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    for name in ("numpy", "ipywidgets", "Jupyter", "PyTorch"):
        assert f"{name:<14}missing\n" in done.stdout
    assert "course_utils is used straight from" in done.stdout
    assert "run  %pip install numpy  in a cell" in done.stdout


def test_versions_on_request(capsys):
    show_environment(list(check().values()), versions=True)
    said = capsys.readouterr().out
    assert re.search(r"^ipywidgets +ok +>= 7\.7\.1 +7\.7\.1$", said, re.MULTILINE)
    assert "2.13.0+cpu" in said


def test_installed_version_of_something_absent():
    assert installed_version("no-such-package-anywhere") is None


def test_findings_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        check()["numpy"].ok = False


def test_nothing_heavy_is_imported_to_find_out():
    command = (
        "import sys; from course_utils.environment import check_environment; check_environment(); "
        "print(sorted({'torch', 'numpy', 'matplotlib', 'ipywidgets'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("[]\n", "")
