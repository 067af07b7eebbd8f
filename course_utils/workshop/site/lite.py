"""The chapters in JupyterLite: Python in the reader's browser, nothing to install, no server but for files."""

import base64
import hashlib
import importlib
import importlib.metadata
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from course_utils.environment import how_to_install
from course_utils.texts import speaking
from course_utils.workshop.authoring.badges import INSTALL, chapter_cells
from course_utils.workshop.authoring.chapters import Chapter, ChapterError
from course_utils.workshop.authoring.editions import student_path
from course_utils.workshop.authoring.languages import languages
from course_utils.workshop.authoring.notebook import read_notebook
from course_utils.workshop.authoring.standalone import DATED, packed_course
from course_utils.workshop.phrases import phrase
from course_utils.workshop.site.cells import needs_torch

NEEDS_TORCH = "needs-torch"  # the key of the cell that says so
_PATIENCE = 300  # seconds for JupyterLite's own build
# What JupyterLite is told. Its kernel asks at once for packages that Pyodide has, and for no others: what is neither
# there nor in the folder is not to be had.
_SETTINGS = Path(__file__).with_name("settings")
_KERNELSPEC = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
# What the course needs beside Pyodide's packages, and comm, which every kernel asks for.
_WHEELS = ("anywidget", "comm", "ipywidgets", "jupyterlab_widgets", "psygnal", "tqdm", "typing_extensions")
_EXTENSIONS = ("anywidget", "jupyterlab_widgets", "jupyterlite-pyodide-kernel")
_COMPILED = (".so", ".pyd")  # for this machine's Python; what has them here has the same in Python beside them
_CODE = """\
# Python runs in your browser here. This brings the course into it.
# Cells that train many networks take minutes here, where the text says half a minute.
%pip install -q course-utils

import logging
from tqdm import tqdm

tqdm.monitor_interval = 0  # a browser has no threads
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # it tells of its first look for fonts"""
_WHEEL = "Wheel-Version: 1.0\nGenerator: course_utils\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def write_lite(
    chapters: Sequence[Chapter], folder: Path, pyodide: Path | None = None, told: Sequence[str] = (), *,
    solutions: bool = True,
) -> None:  # fmt: skip
    """Write a folder of static files in which JupyterLite opens the chapters; it works from any path of any host.

    A chapter is opened by ``lab/index.html?path=NAME.ipynb``. All Python packages that Pyodide lacks are in the folder,
    made from what is installed here, so that no package registry is asked.

    Parameters
    ----------
    chapters
        The chapters. Their notebooks have to be up to date.
    folder
        The folder, which does not exist yet.
    pyodide
        A folder with a Pyodide distribution, which is copied. Without it the reader's browser fetches Pyodide from the
        address that the kernel knows, its authors' public one.
    told
        The languages besides English, whose notebooks lie in folders of theirs.
    solutions
        Whether the course has the solutions of its exercises.

    Raises
    ------
    ChapterError
        If `pyodide` is no distribution of the right version, or JupyterLite is not installed or fails.
    """
    if pyodide is not None:
        _require_pyodide(pyodide)
    with tempfile.TemporaryDirectory(dir=folder.parent) as beside:
        lite = Path(beside).resolve()  # the build runs elsewhere
        editions = _lay_out(lite, chapters, pyodide, told, solutions)
        _build(lite, folder.resolve())
    (folder / "editions.json").write_text(json.dumps(editions), encoding="utf-8")


def lite_notebook(notebook: NotebookNode) -> NotebookNode:
    """Make a notebook ready for the browser: a cell that brings the course, or a word that it cannot run there.

    That word is in the language that the course speaks.
    """
    cells = chapter_cells(notebook)
    if needs_torch(cells):
        word = phrase(
            "**This chapter cannot run here: it needs a kernel with PyTorch, and a browser has none.** Its pictures "
            "and numbers stand below, as they came out. To run it, open it on your own machine or on Colab."
        )
        first = new_markdown_cell(word, id=NEEDS_TORCH)
    else:
        first = new_code_cell(_CODE, id=INSTALL)
    notebook.cells = [*cells[:1], first, *cells[1:]]
    notebook.metadata.kernelspec = dict(_KERNELSPEC)
    # What a reader saves has it too: so it shows of which edition that is.
    notebook.metadata.edition = hashlib.sha256(nbformat.writes(notebook).encode()).hexdigest()[:12]
    return notebook


def course_wheel(folder: Path, *, solutions: bool = True) -> Path:
    """Write the course as a wheel; it needs neither a build tool nor a network."""
    with zipfile.ZipFile(io.BytesIO(packed_course(atlases=True, solutions=solutions))) as packed:
        return _write_wheel({name: packed.read(name) for name in packed.namelist()}, folder)


def installed_wheel(name: str, folder: Path) -> Path:
    """Write a package that is installed here as a wheel for any machine, without its tests and what lies outside it.

    Raises
    ------
    ChapterError
        If it is not installed.
    """
    files = {}
    for file in _distribution(name).files or ():
        path = Path(str(file.locate()))
        left_out = {"..", "__pycache__", "tests"} & set(file.parts) or file.suffix in _COMPILED
        if path.is_file() and not left_out:
            files[file.as_posix()] = path.read_bytes()
    return _write_wheel(files, folder)


def _write_wheel(files: Mapping[str, bytes], folder: Path) -> Path:
    about = next(PurePosixPath(name).parts[0] for name in files if name.endswith(".dist-info/METADATA"))
    kept = {name: data for name, data in files.items() if name not in (f"{about}/RECORD", f"{about}/WHEEL")}
    kept[f"{about}/WHEEL"] = _WHEEL.encode()
    lines = [f"{name},sha256={_digest(data)},{len(data)}" for name, data in sorted(kept.items())]
    kept[f"{about}/RECORD"] = "\n".join([*lines, f"{about}/RECORD,,", ""]).encode()
    path = folder / f"{about.removesuffix('.dist-info')}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in sorted(kept.items()):
            archive.writestr(zipfile.ZipInfo(name, DATED), data, zipfile.ZIP_DEFLATED)
    return path


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


def _lay_out(
    lite: Path, chapters: Sequence[Chapter], pyodide: Path | None, told: Sequence[str], solutions: bool
) -> dict[str, str]:
    """Lay out what JupyterLite builds from, in the folders where it looks by itself; return the notebooks' editions."""
    editions = {}
    for name in ("files", "pypi"):
        (lite / name).mkdir(parents=True)
    for chapter in chapters:
        for language in ("", *(code for code in told if code in languages(chapter.folder))):
            with speaking(language):
                notebook = lite_notebook(read_notebook(student_path(chapter, language)))
            # Texts in one piece: JupyterLite shows the lines of a saved list with commas between them.
            text = nbformat.writes(notebook, split_lines=False)
            (lite / "files" / language).mkdir(exist_ok=True)
            path = PurePosixPath(language, chapter.notebook.name)
            (lite / "files" / path).write_text(text, encoding="utf-8")
            editions[str(path)] = notebook.metadata.edition
    course_wheel(lite / "pypi", solutions=solutions)
    for name in _WHEELS:
        installed_wheel(name, lite / "pypi")
    for name in _EXTENSIONS:
        _copy_extension(name, lite / "labextensions")
    if pyodide is not None:
        shutil.copytree(pyodide, lite / "static" / "pyodide")
    for name in ("jupyter-lite.json", "jupyter_lite_config.json"):
        shutil.copyfile(_SETTINGS / name, lite / name)
    return editions


def _copy_extension(name: str, folder: Path) -> None:
    """Copy what a package brings for JupyterLab; whatever else is installed here would only ask for a server."""
    for file in _distribution(name).files or ():
        parts = file.parts
        if "labextensions" in parts[:-1]:
            target = folder.joinpath(*parts[parts.index("labextensions") + 1 :])
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(str(file.locate()), target)


def _build(lite: Path, out: Path) -> None:
    """Let JupyterLite build the folder."""
    extensions = lite / "labextensions"
    found = [*extensions.glob("*/package.json"), *extensions.glob("@*/*/package.json")]
    command = [sys.executable, "-m", "jupyterlite_core", "build", f"--output-dir={out}", "--contents=files"]
    command += [f"--LiteBuildConfig.federated_extensions={path.parent}" for path in found]
    # Nobody's own settings count; one of them could name another Pyodide.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
    environment = kept | {"JUPYTER_CONFIG_DIR": str(lite), "JUPYTER_NO_CONFIG": "1"}
    try:
        done = subprocess.run(command, cwd=lite, env=environment, capture_output=True, text=True, timeout=_PATIENCE)
    except subprocess.TimeoutExpired as error:
        raise ChapterError(f"JupyterLite: no end of its build in {_PATIENCE} s") from error
    page = out / "lab" / "index.html"
    if done.returncode or not page.exists():
        said = (done.stderr.strip() or done.stdout.strip() or "nothing").splitlines()
        raise ChapterError(f"JupyterLite: its build failed and said: {said[-1]}")
    files = (page, _SETTINGS / "fresh.html", _SETTINGS / "enter.html")
    text, first, last = (path.read_text(encoding="utf-8") for path in files)
    text = text.replace("<script", f"{first}<script", 1).replace("</head>", f"{last}</head>", 1)
    page.write_text(text, encoding="utf-8")


def _require_pyodide(folder: Path) -> None:
    """Refuse a folder that is no Pyodide, one that the kernel was not made for, and one without the packages."""
    lock = folder / "pyodide-lock.json"
    for path in (folder / "pyodide.js", folder / "pyodide.asm.wasm", lock):
        if not path.is_file():
            raise ChapterError(f"{folder}: is not a Pyodide distribution, it has no {path.name}")
    try:
        held = json.loads(lock.read_text(encoding="utf-8"))
        found, files = held["info"]["version"], {name: one["file_name"] for name, one in held["packages"].items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ChapterError(f"{lock}: cannot be read: {error!r}") from error
    wanted = _wanted_pyodide()
    if found != wanted:  # even the last number tells: one may work in all browsers, and the next hang in one of them
        raise ChapterError(f"{folder}: is Pyodide {found}, the kernel for the browser was made for {wanted}")
    for name in _packages():
        if not (folder / files.get(name, name)).is_file():
            raise ChapterError(f"{folder}: has no {name}; the full distribution is needed, not its core alone")


def _packages() -> list[str]:
    """Return the packages of Pyodide that the kernel asks for."""
    about = json.loads((_SETTINGS / "jupyter-lite.json").read_text(encoding="utf-8"))["jupyter-config-data"]
    (kernel,) = about["litePluginSettings"].values()
    return list(kernel["loadPyodideOptions"]["packages"])


def _wanted_pyodide() -> str:
    """Return the version that the installed kernel was made for."""
    _distribution("jupyterlite-pyodide-kernel")
    return str(importlib.import_module("jupyterlite_pyodide_kernel.constants").PYODIDE_VERSION)


def _distribution(name: str) -> importlib.metadata.Distribution:
    try:
        return importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        raise ChapterError(f"{name} is not installed: {how_to_install('site')}") from None
