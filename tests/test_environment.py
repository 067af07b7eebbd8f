"""The environment check: what it finds here, and what it says about each fault."""

import importlib.metadata
import re
import shutil
import subprocess
import sys
from dataclasses import FrozenInstanceError

import pytest

from course_utils.environment import check_environment, declared_bounds, show_environment
from tests import ROOT

BOUNDS = {
    "Python": "3.10", "numpy": "1.26", "matplotlib": "3.8", "ipywidgets": "7.7.1", "anywidget": "0.9.13",
    "tqdm": "4.66", "joblib": "1.3", "threadpoolctl": "3.1", "torch": "2.2",
}  # fmt: skip
HEALTHY = {
    "numpy": "2.4.6", "matplotlib": "3.8", "ipywidgets": "7.7.1", "anywidget": "0.11.0",
    "tqdm": "4.70.1", "joblib": "1.6.0", "threadpoolctl": "3.8.0", "torch": "2.13.0+cpu",
    "jupyterlab": "4.6.6", "course-utils": "1.0.0",
}  # fmt: skip
PACKAGES = ("numpy", "matplotlib", "ipywidgets", "anywidget", "tqdm", "joblib", "threadpoolctl")
SHOWN = ("Python", *PACKAGES, "Jupyter", "course_utils", "PyTorch")
ALL_OK = "".join(f"{what:<14}ok\n" for what in SHOWN) + "\nEverything is in place.\n"


def check(changes=None, *, bounds=BOUNDS, python=(3, 11, 7), in_kernel=False):
    """Check a simulated machine: a healthy one, but for the changes (None: not installed)."""
    version_of = (HEALTHY | (changes or {})).get
    findings = check_environment(version_of=version_of, bounds=bounds, python=python, in_kernel=in_kernel)
    return {finding.what: finding for finding in findings}


def faults(findings):
    return [finding.what for finding in findings.values() if not finding.ok]


def said_of(findings, capsys, **settings):
    """Return what is shown of findings."""
    show_environment(list(findings.values()), **settings)
    return capsys.readouterr().out


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
    assert said_of(findings, capsys) == ALL_OK


GOES_ON = "The rest of the course works as it is.\n"
RESTART = "in a cell, then restart the kernel."
OLD_PYTHON = (
    "Python 3.9.18 is too old, 3.10 or newer is needed: install one, then in a terminal  make clean  and  "
    "make lab PYTHON=python3.10  (or the name of the newer one); without make, set the course up with it anew, as "
    "README.md says."
)
OLD_WIDGETS = 'is too old, 7.7.1 or newer is needed: run  %pip install "ipywidgets>=7.7.1" '
LOSES = 'now and then loses what sliders say: run  %pip install "ipykernel<7" '
NO_FRONT_END = (
    "Nothing here can show a notebook: in a terminal run  make lab , or without make  "
    f"{sys.executable} -m pip install jupyterlab"
)
NO_TORCH = 'PyTorch is not installed (only chapter 04 needs it): run  %pip install "torch>=2.2" '
IN_A_FOLDER = (
    f"course_utils is used straight from {ROOT / 'course_utils'} and is not installed, so versions could not be "
    f'compared: run  %pip install -e "{ROOT}" '
)


@pytest.mark.parametrize(
    ("machine", "what", "state", "advice"),
    [
        ({"python": (3, 9, 18)}, "Python", "look below", OLD_PYTHON),
        ({"changes": {"jupyterlab": None}}, "Jupyter", "missing", NO_FRONT_END),
    ]
    + [
        ({"changes": {name: None}}, name, "missing",
         f'{name} is not installed: run  %pip install "{name}>={BOUNDS[name]}"  {RESTART}')
        for name in PACKAGES
    ]
    + [
        ({"changes": {"ipywidgets": old}}, "ipywidgets", "look below", f"ipywidgets {old} {OLD_WIDGETS} {RESTART}")
        for old in ("7.7.0", "7.7", "7.7.0+local", "6.10.2", "7.6.99")
    ],
)  # fmt: skip
def test_a_fault_that_stops_the_course_is_told_with_what_helps(machine, what, state, advice, capsys):
    findings = check(**machine)
    assert faults(findings) == [what]
    assert not findings[what].optional
    assert findings[what].advice == advice
    said = said_of(findings, capsys)
    assert f"{what:<14}{state}\n" in said
    assert said.endswith(f"\n- {advice}\n")


@pytest.mark.parametrize(
    ("machine", "what", "state", "advice"),
    [
        ({"changes": {"torch": None}}, "PyTorch", "missing", f"{NO_TORCH} {RESTART}"),
        ({"changes": {"course-utils": None}, "bounds": {}}, "course_utils", "look below", f"{IN_A_FOLDER} {RESTART}"),
    ]
    + [
        ({"changes": {"ipykernel": bad}}, "ipykernel", "look below", f"ipykernel {bad} {LOSES} {RESTART}")
        for bad in ("7.0.0", "7.0.1", "7.3.0")
    ],
)
def test_beside_other_faults_the_course_goes_on(machine, what, state, advice, capsys):
    findings = check(**machine)
    assert faults(findings) == [what]
    assert findings[what].optional
    said = said_of(findings, capsys)
    assert f"{what:<14}{state}\n" in said
    assert said.endswith(f"\n- {advice}\n{GOES_ON}")


@pytest.mark.parametrize("version", ["6.17.1", "6.31.0", "7.4.0", "8.0"])
def test_of_other_kernels_nothing_is_told(version):
    assert "ipykernel" not in check({"ipykernel": version})


@pytest.mark.parametrize(
    ("name", "found"),
    [("ipywidgets", found) for found in ("7.7.1", "7.7.1.0", "7.10", "8", "8.0.0rc1", "10.0")]
    + [("numpy", "1.26"), ("numpy", "1.26.0")],  # trailing zeros do not count
)
def test_package_new_enough(name, found):
    assert faults(check({name: found}, bounds=BOUNDS | {"numpy": "1.26.0"})) == []


def test_a_fault_that_stops_everything_is_not_played_down(capsys):
    said = said_of(check({"torch": None, "numpy": None}), capsys)
    assert said.count("\n- ") == 2
    assert GOES_ON not in said
    assert faults(check({"course-utils": None, "numpy": None}, bounds={})) == ["numpy", "course_utils"]


def test_a_running_notebook_has_a_front_end_somewhere():
    assert faults(check({"jupyterlab": None}, in_kernel=True)) == []


def test_a_folder_that_was_never_installed_still_checks(tmp_path):
    # A Python that sees the folder but no installed package at all, as on a machine before set-up.
    (tmp_path / "course_utils").mkdir()
    for name in ("__init__.py", "environment.py", "terminal.py"):
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
    said = said_of(check(), capsys, versions=True)
    assert re.search(r"^ipywidgets +ok +>= 7\.7\.1 +7\.7\.1$", said, re.MULTILINE)
    assert "2.13.0+cpu" in said


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
