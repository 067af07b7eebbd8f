"""What a chapter's cells need that a browser may not have."""

import re
from collections.abc import Iterable

from nbformat import NotebookNode

__all__ = ["needs_torch"]

_TORCH = re.compile(r"^\s*(?:import|from)\s+(?:torch\b|course_utils\.pytorch\b)", re.MULTILINE)


def needs_torch(cells: Iterable[NotebookNode]) -> bool:
    """Tell whether one of the cells imports PyTorch, by itself or through the course."""
    return any(cell.cell_type == "code" and _TORCH.search(cell.source) for cell in cells)
