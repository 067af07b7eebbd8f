"""An nbgrader assignment made from a chapter's source.

The sheet holds the chapter's exercises, not its demonstrations: those take a minute to run, and the chapter itself
stands beside it. Text is read-only, exercises are solution cells, checks are graded cells with hidden tests.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tomli
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_utils.texts import sentence, side_by_side
from course_utils.workshop.authoring.address import Address
from course_utils.workshop.authoring.badges import INSTALL, install_code
from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.languages import LANGUAGE, says_language
from course_utils.workshop.authoring.originals import Original
from course_utils.workshop.authoring.solutions import without_solutions
from course_utils.workshop.authoring.source import LONGEST_KEY, Cell, Source
from course_utils.workshop.phrases import phrase

__all__ = ["HIDDEN", "assignment", "handed_out", "notebook_of", "opening_cells", "released"]

FOLDER = Path(__file__).parent
CHECK_POINTS = 2
QUESTION_POINTS = 1
EMPTY = "YOUR ANSWER HERE"  # as nbgrader hands a text cell out
BEGIN, END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
CHECK = re.compile(r'^check\("(\w+)", (\w+)\)$', re.MULTILINE)
HIDDEN = re.compile(rf"\n*{BEGIN}\n.*?{END}", re.DOTALL)

# A check that lets an answer without a result pass has been changed by the submission. This notices only the
# simplest ways to do so.
TESTS = """from course_utils.workshop.homework.hidden import NotDone, require_done

require_done("{name}", {answer}, {seeds})
try:
    require_done("{name}", lambda *given: None, {seeds})
except NotDone:
    pass
else:
    raise AssertionError("the check itself was changed")
"""


def assignment(
    source: Source, seeds: Sequence[int], opening: Sequence[NotebookNode] = (), own: Sequence[NotebookNode] = ()
) -> NotebookNode:
    """Return the instructor's notebook of an assignment, in nbgrader's format, solutions and hidden tests included.

    Parameters
    ----------
    source
        The chapter; its file's name begins with its two digits.
    seeds
        What the hidden tests draw their cases with; students must not know them.
    opening
        Cells below the title.
    own
        Cells of an instructor's own questions, which stand last.

    Raises
    ------
    ChapterError
        If the chapter has no title, an exercise without a check, or keys of which two cells would get the same, or
        if a question belongs to no section, or a text that is given to no exercise.
    """
    parts = sections(source)
    if not parts[0]:
        raise ChapterError(f"{source.path}: has no title above its first section")
    questions, given = written_questions(source)
    title = parts[0][0].text.partition("\n")[0].removeprefix("# ")
    introduction = sentence("introduction", "homework", check=CHECK_POINTS, question=QUESTION_POINTS)
    heading = phrase("Homework: {title}", title=title)
    cells = [text_cell(f"# {heading}\n\n{introduction.strip()}", parts[0][0].key, locked=True), *opening]
    cells += [code_cell(cell.text, cell.key, locked=True) for cell in parts[0][1:] if cell.kind == "code"]
    for part in parts[1:]:
        cells += exercise_cells(part, seeds, given)
        if question := questions.get(part[0].key) or predicted(part):
            cells += question_cells(part[0], question, heading=not any(cell.is_exercise for cell in part))
    exercises = sum(cell.is_exercise for cell in source.cells)
    if not exercises:
        raise ChapterError(f"{source.path}: has no exercises")
    if exercises != sum(map(is_check, source.cells)):
        raise ChapterError(f'{source.path}: each exercise needs one check of the form check("name", function)')
    keys = [cell.id for cell in cells]
    if twice := next((key for key in keys if keys.count(key) > 1), ""):
        raise ChapterError(
            f"{source.path}: two cells of the sheet would have the key {twice}; "
            "give the section another one, of at most 55 letters"  # -question makes it longer
        )
    if taken := next((cell.id for cell in own if cell.id in keys), ""):
        raise ChapterError(f"{source.path}: the sheet has a cell {taken} already; give your own question another key")
    return notebook_of([*cells, *own])


def notebook_of(cells: Sequence[NotebookNode]) -> NotebookNode:
    """Return a notebook of a sheet's cells."""
    notebook = new_notebook(cells=list(cells))
    notebook.nbformat_minor = 5
    notebook.metadata = NotebookNode(
        kernelspec={"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"},
        language_info={"name": "python"},
    )
    return notebook


def released(notebook: NotebookNode) -> NotebookNode:
    """Return what students get: no solutions, no hidden tests."""
    student = NotebookNode(notebook, cells=[NotebookNode(cell) for cell in notebook.cells])
    for cell in student.cells:
        cell.source = handed_out(cell)
        if cell.cell_type == "code":
            cell.source = HIDDEN.sub("", cell.source)
    return student


def handed_out(cell: NotebookNode) -> str:
    """Return what students get of a cell, as nbgrader does: of an answer in words nothing but the call for one."""
    if cell.cell_type == "code":
        return without_solutions(cell.source)
    return EMPTY if cell.metadata.get("nbgrader", {}).get("solution") else str(cell.source)


def opening_cells(address: Address | None, language: str = "") -> list[NotebookNode]:
    """Return the cells that say where the sheet runs, and in which language; one may install the course there."""
    where = {"repository": address.repository} if address else {}
    text = sentence("elsewhere" if address else "nowhere", "homework", **where)
    cells = [text_cell(text, "where-it-runs", locked=True)]
    cells += [code_cell(install_code(address), INSTALL, locked=True)] if address else []
    return [*cells, code_cell(says_language(language).source, LANGUAGE, locked=True)] if language else cells


def sections(source: Source) -> list[list[Cell]]:
    """Return the cells by section; the first part is what stands before the first section."""
    parts: list[list[Cell]] = [[]]
    for cell in source.cells:
        if cell.kind == "markdown" and cell.text.startswith("## "):
            parts.append([])
        parts[-1].append(cell)
    return parts


def exercise_cells(part: Sequence[Cell], seeds: Sequence[int], given: Mapping[str, str]) -> list[NotebookNode]:
    """Return a section's exercises, each with what is given for it, its text and its check."""
    cells: list[NotebookNode] = []
    for index, cell in enumerate(part):
        if cell.is_exercise:
            if cell.key in given:
                cells.append(text_cell(given[cell.key].strip(), f"{cell.key}-given", locked=True))
            if index and part[index - 1].kind == "markdown":
                cells.append(asked(part[index - 1]))
            cells.append(code_cell(cell.text, cell.key, solution=True))
        elif is_check(cell):
            cells.append(graded(cell, seeds))
    if cells and not cells[0].source.startswith("## "):
        cells.insert(0, heading_cell(part[0]))
    return cells


def asked(cell: Cell) -> NotebookNode:
    """Return the text of an exercise, without what stands before it: that may answer one of the questions."""
    # Where a section begins with it, the exercise is what the section is about.
    begin = 0 if cell.text.startswith("## ") else max(cell.text.find(sentence("exercise", "homework")), 0)
    return text_cell(cell.text[begin:], cell.key, locked=True)


def is_check(cell: Cell) -> bool:
    """Return whether a cell checks an answer."""
    return cell.kind == "code" and bool(CHECK.search(cell.text))


def graded(cell: Cell, seeds: Sequence[int]) -> NotebookNode:
    """Return a check's cell: what students see, and the same checks on hidden cases."""
    found = CHECK.findall(cell.text)
    hidden = "".join(TESTS.format(name=name, answer=answer, seeds=list(seeds)) for name, answer in found)
    text = f"{cell.text}\n{BEGIN}\n{hidden}{END}"
    return code_cell(text, cell.key, grade=True, locked=True, points=CHECK_POINTS)


def written_questions(source: Source) -> tuple[dict[str, str], dict[str, str]]:
    """Return the questions in the chapter's folder, by the key of a section's heading, and what exercises are given.

    Raises
    ------
    ChapterError
        If their file cannot be read, or one belongs to no section or no exercise.
    """
    path = source.path.with_name("homework.toml")
    if not path.exists():
        return {}, {}
    try:
        questions = tomli.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ChapterError(f"{path}: cannot be read: {error}") from error
    given = questions.pop("given", {})
    if source.language:
        for key, text in Original(path, path.parent).translated(source.language).items():
            table, name = (given, key.removeprefix("given.")) if key.startswith("given.") else (questions, key)
            table[name] = str(text)
    if unknown := sorted(given.keys() - {cell.key for cell in source.cells if cell.is_exercise}):
        raise ChapterError(f"{path}: the chapter has no exercise {unknown[0]}")
    if strange := sorted(questions.keys() - {part[0].key for part in sections(source)[1:]}):
        raise ChapterError(f"{path}: the chapter has no section {strange[0]}")
    return questions, given


def predicted(part: Sequence[Cell]) -> str:
    """Return a section's first prediction as a question, or "" without any."""
    predict = re.compile(re.escape(sentence("predict", "homework")) + r"(.+?)(?:\n\n|\Z)", re.DOTALL)
    texts = (match[1] for cell in part if cell.kind == "markdown" and (match := predict.search(cell.text)))
    first = " ".join(next(texts, "").split())
    first = first[:1].upper() + first[1:]
    return phrase("{question} Say what the chapter shows, and why.", question=first) if first else ""


def question_cells(first: Cell, question: str, *, heading: bool) -> list[NotebookNode]:
    """Return a question and the cell for its answer, which somebody reads and grades."""
    asked = text_cell(f"{asks()}{question}", f"{first.key}-question", locked=True)
    answer = text_cell(EMPTY, f"{first.key}-answer", grade=True, solution=True, points=QUESTION_POINTS)
    return [heading_cell(first), asked, answer] if heading else [asked, answer]


def asks() -> str:
    """Return what stands before a question."""
    return side_by_side(f"**{phrase('Question.')}**", "\0").removesuffix("\0")


def heading_cell(first: Cell) -> NotebookNode:
    """Return the first line of a section's text."""
    return text_cell(first.text.partition("\n")[0], f"{first.key}-heading", locked=True)


def text_cell(text: str, key: str, **what: Any) -> NotebookNode:
    """Return a cell of text with its marks; a key that is too long is cut off."""
    node = new_markdown_cell(text, id=key[:LONGEST_KEY])
    node.metadata = marks(node.id, **what)
    return node


def code_cell(text: str, key: str, **what: Any) -> NotebookNode:
    """Return a code cell with its marks."""
    node = new_code_cell(text, id=key)
    node.metadata = marks(key, **what)
    return node


def marks(
    key: str, *, grade: bool = False, solution: bool = False, locked: bool = False, points: float | None = None
) -> NotebookNode:
    """Return a cell's metadata for nbgrader; what students cannot edit they cannot delete either."""
    what: dict[str, Any] = {
        "grade": grade, "grade_id": key, "locked": locked, "schema_version": 3, "solution": solution, "task": False,
    }  # fmt: skip
    if points is not None:
        what["points"] = points
    fixed = {"deletable": False, "editable": False} if locked else {"deletable": False}
    return NotebookNode(nbgrader=NotebookNode(what), **fixed)
