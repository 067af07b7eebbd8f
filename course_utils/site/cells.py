"""A chapter's cells as the website takes them."""

import re
from collections.abc import Iterable

from nbformat import NotebookNode

from course_utils.authoring.badges import BADGES, INSTALL
from course_utils.authoring.notebook import cell_id

__all__ = ["chapter_cells", "needs_torch"]

_TORCH = re.compile(r"^\s*(?:import|from)\s+(?:torch\b|course_utils\.pytorch\b)", re.MULTILINE)


def chapter_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return a notebook's cells without those that lead elsewhere or install the course."""
    return [cell for cell in notebook.cells if cell_id(cell) not in (BADGES, INSTALL)]


def needs_torch(cells: Iterable[NotebookNode]) -> bool:
    """Tell whether one of the cells imports PyTorch, by itself or through the course."""
    return any(cell.cell_type == "code" and _TORCH.search(cell.source) for cell in cells)
