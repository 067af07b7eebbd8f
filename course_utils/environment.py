"""Says whether this Python has what the course needs and, for each fault, what to do about it."""

import importlib.metadata
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from course_utils.terminal import say

try:
    from course_utils.texts import texts
except ImportError:  # in Python 3.10 without tomli: then it speaks English

    def texts(language: str = "") -> Mapping[str, Mapping[str, str]]:  # type: ignore[misc]  # the same function, empty
        """Return no texts."""
        return {"environment": {}}


__all__ = [
    "Finding", "check_environment", "declared_bounds", "how_to_install", "installed_version", "running_python",
    "show_environment",
]  # fmt: skip

_DISTRIBUTION = "course-utils"
_WIDE = "\u2e80"  # from here on letters are twice as wide
_PACKAGES = ("numpy", "matplotlib", "ipywidgets", "anywidget", "tqdm", "joblib", "threadpoolctl")
# Any one of these can show a notebook; Colab brings a front end of its own.
_FRONT_ENDS = ("jupyterlab", "notebook", "voila", "google-colab")


@dataclass(frozen=True)
class Finding:
    """One thing the course looks for, and what became of it.

    Attributes
    ----------
    what : str
        The name shown to the reader, such as ``"numpy"`` or ``"Python"``.
    found : str or None
        The version or the place found; None when there is none.
    needed : str
        The bound, such as ``">= 1.26"``; empty when any version will do.
    ok : bool
        Whether what was found satisfies what is needed.
    optional : bool
        Whether most of the course works without it.
    advice : str
        What to do about the fault; empty when there is none.
    """

    what: str
    found: str | None
    needed: str
    ok: bool
    optional: bool = False
    advice: str = ""


def _said(english: str, **parts: object) -> str:
    """Return a sentence in the reader's language, its fields filled in; what that lacks is English."""
    return texts()["environment"].get(english, english).format(**parts)


def installed_version(package: str) -> str | None:
    """Look up the version of an installed package without importing it.

    Parameters
    ----------
    package : str
        The name it is installed under, such as ``"scikit-learn"``.

    Returns
    -------
    str or None
        The version; None when the package is not installed.
    """
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def declared_bounds() -> dict[str, str]:
    """Read the lowest versions that the installed course package asks for.

    The bounds are written once, in ``pyproject.toml``; installing copies them into the package's metadata.

    Returns
    -------
    dict of str to str
        Lowest version by package name, and Python's under ``"Python"``. Empty when the course is not installed
        but only lies on the import path, as in a downloaded folder.
    """
    try:
        metadata = importlib.metadata.metadata(_DISTRIBUTION)
    except importlib.metadata.PackageNotFoundError:
        return {}
    stated = [f"Python{metadata['Requires-Python']}", *(importlib.metadata.requires(_DISTRIBUTION) or [])]
    # Such as 'torch>=2.2; extra == "torch"': what stands after the semicolon is no bound.
    matches = (re.match(r"([\w.-]+)[^;]*?>=\s*(\d[\d.]*)", requirement) for requirement in stated)
    return {match.group(1): match.group(2) for match in matches if match}


def _numbers(version: str) -> tuple[int, ...]:
    """Return the leading numbers of a version: ``"2.13.0+cpu"`` is (2, 13), so that 2.13 and 2.13.0 are equal."""
    match = re.match(r"\d+(\.\d+)*", version)
    numbers = [int(part) for part in match.group().split(".")] if match else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _check_package(
    name: str, shown: str, bounds: Mapping[str, str], version_of: Callable[[str], str | None], use: str = ""
) -> Finding:
    """Compare one package with its bound; ``use`` says what an optional package is for."""
    lowest = bounds.get(name, "")
    needed = f">= {lowest}" if lowest else ""
    found = version_of(name)
    if found is not None and _numbers(found) >= _numbers(lowest):
        return Finding(shown, found, needed, ok=True, optional=bool(use))
    install = f'%pip install "{name}>={lowest}"' if lowest else f"%pip install {name}"
    what = "{what} is not installed{use}: run  {install}  in a cell, then restart the kernel."
    if found is not None:
        what = (
            "{what} {found} is too old, {lowest} or newer is needed{use}: run  {install}  in a cell, "
            "then restart the kernel."
        )
    advice = _said(what, what=shown, use=use, install=install, found=found, lowest=lowest)
    return Finding(shown, found, needed, ok=False, optional=bool(use), advice=advice)


def _check_python(python: Sequence[int], bounds: Mapping[str, str]) -> Finding:
    found, lowest = ".".join(map(str, python)), bounds.get("Python", "3.10")
    if _numbers(found) >= _numbers(lowest):
        return Finding("Python", found, f">= {lowest}", ok=True)
    advice = _said(
        "Python {found} is too old, {lowest} or newer is needed: install one, then in a terminal  make clean  "
        "and  make lab PYTHON=python{lowest}  (or the name of the newer one); without make, set the course up with it "
        "anew, as README.md says.",
        found=found, lowest=lowest,
    )  # fmt: skip
    return Finding("Python", found, f">= {lowest}", ok=False, advice=advice)


def _check_front_end(version_of: Callable[[str], str | None], in_kernel: bool) -> Finding:
    installed = [f"{name} {version}" for name in _FRONT_ENDS if (version := version_of(name)) is not None]
    if installed:
        return Finding("Jupyter", ", ".join(installed), "", ok=True)
    if in_kernel:  # an editor or another Python's Jupyter shows this notebook
        return Finding("Jupyter", _said("a front end outside this Python"), "", ok=True)
    advice = _said(
        "Nothing here can show a notebook: in a terminal run  make lab , or without make  "
        "{python} -m pip install jupyterlab",
        python=sys.executable,
    )
    return Finding("Jupyter", None, "", ok=False, advice=advice)


def _check_kernel(version_of: Callable[[str], str | None]) -> list[Finding]:
    """Tell of a kernel with a fault that leaves sliders dead (ipykernel's pull request 1529), and of no other."""
    found = version_of("ipykernel")
    if found is None or not (7,) <= _numbers(found) < (7, 4):
        return []
    advice = _said(
        'ipykernel {found} now and then loses what sliders say: run  %pip install "ipykernel<7"  in a cell, '
        "then restart the kernel.",
        found=found,
    )
    return [Finding("ipykernel", found, "", ok=False, optional=True, advice=advice)]


def _check_course(bounds: Mapping[str, str], version_of: Callable[[str], str | None]) -> Finding:
    """Tell where the course is imported from, and whether it was installed or only lies there."""
    package = Path(__file__).resolve().parent
    version = version_of(_DISTRIBUTION)
    if bounds and version is not None:
        place = _said("{version} in {package}", version=version, package=package)
        return Finding("course_utils", place, "", ok=True)
    advice = _said(
        "course_utils is used straight from {package} and is not installed, so versions could not be compared: "
        'run  %pip install -e "{folder}"  in a cell, then restart the kernel.',
        package=package, folder=package.parent,
    )  # fmt: skip
    return Finding("course_utils", str(package), "", ok=False, optional=True, advice=advice)


def check_environment(
    *,
    version_of: Callable[[str], str | None] = installed_version,
    bounds: Mapping[str, str] | None = None,
    python: Sequence[int] | None = None,
    in_kernel: bool | None = None,
) -> list[Finding]:
    """Look for everything the course needs; nothing is imported to find out.

    Parameters
    ----------
    version_of : callable, optional
        Gives the version of a package by its name, None when it is missing.
    bounds : mapping of str to str, optional
        Lowest version by name; those that the installed course declares by default.
    python : sequence of int, optional
        Python's version, such as (3, 11, 7); that of the running one by default.
    in_kernel : bool, optional
        Whether the code runs in a notebook's kernel; found out by default.

    Returns
    -------
    list of Finding
        In the order in which they are shown; faults included.
    """
    bounds = declared_bounds() if bounds is None else bounds
    python = sys.version_info[:3] if python is None else python
    in_kernel = "ipykernel" in sys.modules if in_kernel is None else in_kernel
    return [
        _check_python(python, bounds),
        *(_check_package(name, name, bounds, version_of) for name in _PACKAGES),
        _check_front_end(version_of, in_kernel),
        *_check_kernel(version_of),
        _check_course(bounds, version_of),
        _check_package("torch", "PyTorch", bounds, version_of, use=_said(" (only chapter 04 needs it)")),
    ]


def show_environment(findings: Sequence[Finding] | None = None, *, versions: bool = False) -> None:
    """Print the findings as a small table, then what to do about each fault.

    Parameters
    ----------
    findings : sequence of Finding, optional
        What to show; a fresh check by default.
    versions : bool, optional
        Whether to show what was found and what is needed. Without it a healthy machine prints the same as any
        other, so that a notebook's stored output can be compared.
    """
    findings = check_environment() if findings is None else findings
    for finding in findings:
        state = "ok" if finding.ok else _said("missing") if finding.found is None else _said("look below")
        line = f"{finding.what:<14}{state:<{12 - sum(letter > _WIDE for letter in state)}}"
        if versions:
            line += f"{finding.needed:<12}{finding.found or '-'}"
        say(line.rstrip())
    faults = [finding for finding in findings if not finding.ok]
    if not faults:
        say(f"\n{_said('Everything is in place.')}")
        return
    say(f"\n{_said('What to do:')}")
    for fault in faults:
        say(f"- {fault.advice}")
    if all(fault.optional for fault in faults):
        say(_said("The rest of the course works as it is."))


def how_to_install(*extras: str) -> str:
    """Say how the running Python gets what it lacks: from the course's folder, for no registry has the course.

    Parameters
    ----------
    *extras : str
        What is lacking, as ``pyproject.toml`` calls it, such as ``"lab"``.

    Returns
    -------
    str
        What to run, and where.
    """
    command = {"lab": "make lab", "torch": "make setup TORCH=yes"}.get(",".join(extras), "make setup")
    by_pip = f'{running_python()} -m pip install -e ".[{",".join(extras)}]" -c constraints.txt'
    return f"in the course's folder run  {command} , or without make  {by_pip}"


def running_python() -> str:
    """Return the running Python as a shell takes it."""
    return f'"{sys.executable}"' if " " in sys.executable else sys.executable
