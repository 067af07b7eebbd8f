"""A copy of the course for students: the chapters and what they need, no solutions, nothing of authors."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from course_utils.workshop.authoring.badges import chapter_cells
from course_utils.workshop.authoring.chapters import Chapter, ChapterError
from course_utils.workshop.authoring.freshness import stale_chapters
from course_utils.workshop.authoring.notebook import encode_notebook, read_notebook
from course_utils.workshop.authoring.standalone import PACKAGE, SOLUTIONS
from course_utils.workshop.new_folder import new_folder

__all__ = ["write_student_copy"]

MARK = ".for-students"  # only what this made has it
README = Path(__file__).parent / "template" / "students.md"
BESIDE = ("LICENSE", "LICENSE-TEXT", "Makefile", "constraints.txt", "environment.yml", "pyproject.toml")
# Of the workshop students need what opens JupyterLab; the fonts' licence is one of the package's.
ROOMS = ("__init__.py", "lab", "fonts")
LEFT_OUT = {"__pycache__", "__main__.py", "homework.py", ".ipynb_checkpoints"}


def write_student_copy(chapters: Sequence[Chapter], notebooks_dir: Path, out: Path) -> Path:
    """Write a folder with the course as students get it; `make lab`, `pip install` and wheels work in it.

    Links to where the course lives go, since its solutions may stand there.

    Parameters
    ----------
    chapters
        The chapters; their notebooks have to be up to date.
    notebooks_dir
        Where the notebooks are; what belongs to the course lies beside it.
    out
        The folder. It is replaced as a whole once all is made, or stays as it was.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    ChapterError
        If a notebook is missing or stale, or `out` holds something else or cannot be written.
    """
    if not chapters:
        raise ChapterError(f"{notebooks_dir}: there are no chapters to copy")
    root = notebooks_dir.parent
    with new_folder(out, MARK, "is no copy made by this command; name another folder, or remove it first") as folder:
        if stale := stale_chapters(chapters):
            raise ChapterError(stale[0])
        for path in package_files():
            copy_file(path, folder / PACKAGE.name / path.relative_to(PACKAGE))
        for path in notebook_files(notebooks_dir):
            copy_file(path, folder / "notebooks" / path.relative_to(notebooks_dir))
        for name in BESIDE:
            if (root / name).exists():
                copy_file(root / name, folder / name)
        shutil.copyfile(README, folder / "README.md")
        (folder / MARK).touch()
    return out


def package_files() -> list[Path]:
    """Return the files of the package that students get."""
    found = []
    for path in sorted(PACKAGE.rglob("*")):
        inside = path.relative_to(PACKAGE)
        room = inside.parts[1] if inside.parts[0] == "workshop" and len(inside.parts) > 1 else ROOMS[0]
        if path.is_file() and room in ROOMS and not LEFT_OUT & set(inside.parts) and inside.as_posix() not in SOLUTIONS:
            found.append(path)
    return found


def notebook_files(notebooks_dir: Path) -> list[Path]:
    """Return the notebooks that students get, in all languages, and their pictures."""
    notebooks = [*notebooks_dir.glob("*.ipynb"), *notebooks_dir.glob("[a-z][a-z]/*.ipynb")]
    return sorted([*notebooks, *(path for path in (notebooks_dir / "images").rglob("*") if path.is_file())])


def copy_file(path: Path, target: Path) -> None:
    """Copy a file; a notebook without the cells that fetch the course from where it lives."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix != ".ipynb":
        shutil.copyfile(path, target)
        return
    notebook = read_notebook(path)
    notebook.cells = chapter_cells(notebook)
    target.write_bytes(encode_notebook(notebook))
