"""The cells of a sheet that an instructor's own questions make."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode

from course_utils.texts import side_by_side
from course_utils.workshop.homework.assignment import BEGIN, EMPTY, END, code_cell, notebook_of, text_cell
from course_utils.workshop.homework.choices import asked_choices, key_of
from course_utils.workshop.homework.question_file import Question, QuestionFile
from course_utils.workshop.phrases import phrase

__all__ = ["own_assignment", "own_cells"]

RUBRIC = "**Rubric**"
CHECKED = "Your answer is checked when it is graded. This cell is empty until then."


def own_assignment(file: QuestionFile, opening: list[NotebookNode]) -> NotebookNode:
    """Return the instructor's notebook of a sheet that has own questions alone."""
    head = "\n\n".join(filter(None, [f"# {file.title}", file.introduction]))
    return notebook_of([text_cell(head, "title", locked=True), *opening, *own_cells(file)])


def own_cells(file: QuestionFile) -> list[NotebookNode]:
    """Return the cells of all questions, with answers, rubrics and checks; numbers are not drawn yet."""
    setup = [code_cell(file.setup.text, "setup", locked=True)] if file.setup.text else []
    return setup + [cell for question in file.questions for cell in question_cells(question)]


def question_cells(question: Question) -> list[NotebookNode]:
    """Return the cells of one question."""
    key, points = question.key, {"points": question.points}
    worth = phrase("Question (1 point).") if question.points == 1 else ""
    worth = worth or phrase("Question ({points} points).", points=f"{question.points:g}")
    asked = f"## {question.title}\n\n{side_by_side(f'**{worth}**', question.text.text)}"
    if question.kind == "choice":
        asked = f"{asked}\n\n{said_choices(question)}"
    cells = [text_cell(asked, f"{key}-question", locked=True)]
    if question.kind == "code":
        if "setup" in question.parts:
            cells.append(code_cell(question.parts["setup"].text, f"{key}-setup", locked=True))
        cells.append(code_cell(question.parts["code"].text, f"{key}-code", solution=True))
        if "example" in question.parts:
            cells.append(code_cell(question.parts["example"].text, f"{key}-example", locked=True))
        hidden = f"# {phrase(CHECKED)}\n{BEGIN}\n{question.parts['check'].text}\n{END}"
        cells.append(code_cell(hidden, f"{key}-check", grade=True, locked=True, **points))
    else:
        cells.append(text_cell(model_of(question), f"{key}-answer", grade=True, solution=True, **points))
    for cell in cells:
        cell.metadata["course"] = NotebookNode(about(question))
    return cells


def about(question: Question) -> dict[str, Any]:
    """Return what each cell of a question says of it; students may read it."""
    return {"question": question.key, "kind": question.kind, "title": question.title, "shuffle": question.shuffle}


def said_choices(question: Question) -> str:
    """Return what can be chosen, as it stands on the sheet."""
    choices = question.choices()
    return asked_choices([text for text, _, _ in choices], several=sum(right for _, right, _ in choices) > 1)


def model_of(question: Question) -> str:
    """Return what the instructor's cell for an answer holds, and students' sheets do not."""
    if question.kind == "choice":
        _, right, mistakes = zip(*question.choices(), strict=True)
        return key_of(right, mistakes, question.parts["explanation"].text if "explanation" in question.parts else "")
    rubric = f"{RUBRIC}\n\n{question.parts['rubric'].text}" if "rubric" in question.parts else ""
    return "\n\n".join(filter(None, [question.parts["model answer"].text, rubric])) or EMPTY
