"""Checks that are run once more where nothing is the submission's, and what becomes of those that cannot be.

Which checks can be run so is tried out with the instructor's own solutions: what passes with them passes with any right
answer. A check that hands over more than numbers cannot. For it a second process runs the submission's answers alone:
of each the definitions and imports, no statement of another kind, and none of the student's own cells. What a name is
given may still call something, so this is no wall: the table hints at what was touched.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
import threading
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from course_utils.workshop.authoring.files import replace_file
from course_utils.workshop.authoring.solutions import without_markers
from course_utils.workshop.homework.execution import execute
from course_utils.workshop.homework.sandbox import Limits
from course_utils.workshop.homework.submission import is_answer, is_check

__all__ = ["answers_alone", "definitions", "repeatable"]

ONE_AT_A_TIME = threading.Lock()
KNOWN: dict[str, frozenset[str]] = {}


def repeatable(
    ours: NotebookNode, limits: Limits, *, open_allowed: bool = False, kept: Path | None = None
) -> frozenset[str]:  # fmt: skip
    """Return the ids of the checks that pass with the instructor's solutions when functions are called from elsewhere.

    Parameters
    ----------
    ours
        The instructor's notebook.
    limits
        What its run may use.
    open_allowed
        Whether to run it where the system cannot contain it.
    kept
        A file that keeps the result, so that it is tried out once.
    """
    # Numbers that are drawn for each course or student make no difference.
    code = [[cell.id, re.sub(r"\d+", "0", cell.source)] for cell in ours.cells if cell.cell_type == "code"]
    digest = hashlib.sha256(json.dumps(code).encode()).hexdigest()
    with ONE_AT_A_TIME:
        if digest not in KNOWN and kept is not None:
            with suppress(OSError, ValueError, AttributeError, TypeError):  # it is tried out once more then
                KNOWN.update({key: frozenset(ids) for key, ids in json.loads(kept.read_text()).items()})
        if digest not in KNOWN:
            KNOWN[digest], whole = tried_out(ours, limits, open_allowed)
            if kept is not None and whole:
                replace_file(kept, json.dumps({digest: sorted(KNOWN[digest])}).encode())
    return KNOWN[digest]


def tried_out(ours: NotebookNode, limits: Limits, open_allowed: bool) -> tuple[frozenset[str], bool]:
    """Return which checks pass with the solutions there, and whether all had their time; a busy machine may end it."""
    solved = new_notebook(cells=[NotebookNode(cell) for cell in ours.cells if cell.cell_type == "code"])
    for cell in solved.cells:
        if is_answer(cell):
            cell.source = without_markers(cell.source)
    checks = {cell.id for cell in solved.cells if is_check(cell)}
    run = execute(solved, limits, open_allowed=open_allowed, again=checks)
    return frozenset(run.passed & checks), not (run.stopped or run.slow)


def answers_alone(notebook: NotebookNode, checks: Collection[str]) -> NotebookNode:
    """Return a notebook of the instructor's cells, some of the checks, and what the answers define."""
    cells = []
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and (cell.id in checks or (marks.get("locked") and not marks.get("grade"))):
            cells.append(NotebookNode(cell, outputs=[]))
        elif cell.cell_type == "code" and is_answer(cell):
            cells.append(NotebookNode(cell, source=definitions(cell.source), outputs=[]))
    return new_notebook(cells=cells, metadata=notebook.metadata)


def definitions(source: str) -> str:
    """Return what code defines and imports; what does not parse is nothing."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    kinds = ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign
    tree.body = [one for one in tree.body if isinstance(one, kinds) and assigns_names(one)]
    return ast.unparse(tree)


def assigns_names(statement: ast.stmt) -> bool:
    """Return whether a statement gives values to names alone, not to what something else holds."""
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return all(isinstance(one, ast.Name | ast.Tuple) for one in targets) and not any(
        isinstance(one, ast.Attribute | ast.Subscript) for target in targets for one in ast.walk(target)
    )
