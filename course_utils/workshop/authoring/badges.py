"""Links that open a notebook elsewhere, and the cell that installs the course there; none without an address."""

import os
import re
from pathlib import Path, PurePosixPath

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from course_utils.workshop.authoring.address import Address, read_address
from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.files import replace_file
from course_utils.workshop.authoring.notebook import cell_id

BADGES, INSTALL = "open-elsewhere", "install-course"  # keys of the two cells
_FIRST = "notebooks/00_start_here.ipynb"
_BLOCK = re.compile(r"(?<=<!-- badges -->\n).*?(?=<!-- end of badges -->)", re.DOTALL)
_CODE = """# Elsewhere, as on Colab, this installs the course; where it is installed, nothing happens.
import importlib.util

if importlib.util.find_spec("course_utils") is None:
    %pip install --quiet "git+{repository}"
"""


def opening_cells(address: Address, notebook: str) -> list[NotebookNode]:
    """Make the cells that follow a notebook's title.

    Parameters
    ----------
    address
        Where the course lives.
    notebook
        The notebook's path in the repository, with slashes.
    """
    return [
        new_markdown_cell(badge_line(address, notebook, PurePosixPath(notebook).parent), id=BADGES),
        new_code_cell(install_code(address), id=INSTALL),
    ]


def install_code(address: Address) -> str:
    """Return the code that installs the course where it is not installed."""
    return _CODE.format(repository=address.repository).rstrip()


def chapter_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return a notebook's cells without those of `opening_cells`."""
    return [cell for cell in notebook.cells if cell_id(cell) not in (BADGES, INSTALL)]


def badge_line(address: Address, notebook: str, folder: PurePosixPath) -> str:
    """Return the links to a notebook as Markdown for a text in `folder`; their pictures are the course's own."""
    images = os.path.relpath("notebooks/images", folder).replace(os.sep, "/")
    places = {"Colab": ("colab", address.colab(notebook)), "Binder": ("binder", address.binder(notebook))}
    return " ".join(f"[![Open in {name}]({images}/{file}.svg)]({link})" for name, (file, link) in places.items())


def stale_readme(root: Path) -> str:
    """Say that the README's badges are not those of the address; "" if they are, or there is no place for them."""
    path = root / "README.md"
    if path.exists() and (text := path.read_text(encoding="utf-8")) != _with_badges(text, read_address(root)):
        return f"{path}: its badges are not those of the address in pyproject.toml; run `python -m course_utils build`"
    return ""


def write_readme(root: Path) -> bool:
    """Write the badges between the README's two marks, or none there; say whether that changed anything."""
    path = root / "README.md"
    if not path.exists():
        return False
    text = path.read_text(encoding="utf-8")
    try:
        return replace_file(path, _with_badges(text, read_address(root)).encode())
    except OSError as error:
        raise ChapterError(f"{path}: cannot be written: {error.strerror}") from error


def _with_badges(text: str, address: Address | None) -> str:
    line = f"{badge_line(address, _FIRST, PurePosixPath('.'))}\n" if address else ""
    return _BLOCK.sub(lambda _: line, text)
