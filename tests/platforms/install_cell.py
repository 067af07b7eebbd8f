"""Write a notebook that runs the course's install cell where the course is missing, and again where it stands.

    python tests/platforms/install_cell.py FOLDER NOTEBOOK

FOLDER, the course's own, stands in for the address on GitHub. `run_notebooks.py` runs the notebook.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from course_utils.workshop.authoring.address import Address
from course_utils.workshop.authoring.badges import INSTALL, opening_cells

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


def main(folder: str, notebook: str) -> None:
    """Write the notebook."""
    address = Address("owner", "name")
    cell = next(one for one in opening_cells(address, "notebooks/00_start_here.ipynb") if one.id == INSTALL)
    remote = f"git+{address.repository}"
    assert cell.source.count(remote) == 1, cell.source
    install = cell.source.replace(remote, Path(folder).resolve().as_posix())
    sources = [MISSING, install, FOUND, REFUSE, install]
    book = new_notebook(cells=[new_code_cell(source.strip(), id=f"cell-{n}") for n, source in enumerate(sources)])
    nbformat.write(book, Path(notebook))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("install_cell.py: name the course's folder and the notebook to write")
    main(*sys.argv[1:])
