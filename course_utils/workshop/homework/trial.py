"""An instructor's own checks, tried before anybody is graded by them: solutions pass, an untouched sheet does not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.solutions import without_markers
from course_utils.workshop.homework.assignment import handed_out
from course_utils.workshop.homework.execution import execute
from course_utils.workshop.homework.grading import why

__all__ = ["require_checks_work"]


def require_checks_work(sheets: Sequence[NotebookNode], path: Path) -> None:
    """Run the checks of an instructor's own questions on their solutions, and on nothing.

    Parameters
    ----------
    sheets
        The instructor's notebook, with the numbers of some students.
    path
        The file of questions, for messages.

    Raises
    ------
    ChapterError
        If a solution does not pass its check, or the sheet as it is handed out does.
    """
    for number, sheet in enumerate(sheets):
        for solved in (True, False) if number == 0 else (True,):
            own = [cell for cell in sheet.cells if cell.metadata.get("course") or cell.id == "setup"]
            notebook = nbformat.from_dict(nbformat.v4.new_notebook(cells=own))
            for cell in notebook.cells:
                if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution"):
                    cell.source = without_markers(cell.source) if solved else handed_out(cell)
            run = execute(notebook, open_allowed=True)  # it is the instructor's own code
            for cell in notebook.cells:
                if cell.cell_type != "code":
                    continue
                question, is_check = cell.metadata.get("course", {}).get("question", ""), cell.id.endswith("-check")
                if solved and cell.id not in run.passed:
                    what = "its solution does not pass its check" if is_check else f"its cell {cell.id} does not run"
                    said = f"question {question}: {what}" if question else "the code in `### Setup` does not run"
                    raise ChapterError(f"{path}: {said}: {run.stopped or why(cell, run)}")
                if not solved and is_check and cell.id in run.passed:
                    raise ChapterError(
                        f"{path}: question {question}: its check passes without an answer, so it asks for nothing"
                    )
