"""Model answers and rubrics beside students' answers, for whoever reads them, and for students once they are graded."""

from __future__ import annotations

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from course_utils.workshop.homework.assignment import EMPTY

__all__ = ["model_answers", "with_model_answers"]

HEADING = "**Model answer and rubric** (the instructor's; not on the student's sheet)"


def model_answers(ours: NotebookNode) -> dict[str, str]:
    """Return what the instructor's notebook has for each answer in words, by its cell; also what is right to choose."""
    return {
        cell.id: cell.source.strip()
        for cell in ours.cells
        if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("solution")
        if cell.source.strip() not in ("", EMPTY)
    }


def with_model_answers(notebook: NotebookNode, ours: NotebookNode) -> NotebookNode:
    """Return a student's notebook in which each answer in words is followed by the instructor's."""
    answers, copy = model_answers(ours), nbformat.from_dict(notebook)
    cells: list[NotebookNode] = []
    for cell in copy.cells:
        cells.append(cell)
        if cell.id in answers:
            cells.append(new_markdown_cell(f"{HEADING}\n\n{answers[cell.id]}", id=f"model-{cell.id}"[:64]))
    copy.cells = cells
    return copy
