"""Texts that show parts of a chapter: slides and handouts name a cell, so that code and pictures cannot drift.

A line such as `@code forward-code` stands for what the chapter has in that cell. The words are

- `@code KEY`: the cell's code, as a student has it; `@code KEY name` only the function or class of that name;
- `@solution KEY`: the code with the exercise's solution; with a name only that function;
- `@output KEY`: what the cell shows when it runs;
- `@notes KEY KEY ...`: the instructor's notes on these cells;
- `@pause`: what follows waits for the next key press.
"""

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from course_utils.workshop.authoring.chapters import Chapter, ChapterError
from course_utils.workshop.authoring.editions import instructor_path, student_path
from course_utils.workshop.authoring.freshness import stale_chapters
from course_utils.workshop.authoring.notebook import cell_id, read_notebook
from course_utils.workshop.authoring.source import Cell, Source, Variant

FENCE = "```"


@dataclass(frozen=True)
class Excerpt:
    """A line that stands for a part of the chapter: its word, the cells it names, and a function's name or ""."""

    word: str
    keys: tuple[str, ...] = ()
    name: str = ""


def read_excerpts(path: Path, source: Source, words: Sequence[str], text: str | None = None) -> list[str | Excerpt]:
    """Read a text of Markdown with excerpts.

    Parameters
    ----------
    path
        The text.
    source
        The chapter whose cells it names.
    words
        The words that are allowed here.
    text
        What stands in it; by default what stands in the file.

    Returns
    -------
    list of str or Excerpt
        Pieces of Markdown, without blank lines around them, and excerpts, in order.

    Raises
    ------
    ChapterError
        If a line's word is unknown here, or it names a cell, or a part of one, that does not exist.
    """
    parts: list[str | Excerpt] = []
    lines: list[str] = []
    fenced = False
    for number, line in enumerate((path.read_text(encoding="utf-8") if text is None else text).splitlines(), start=1):
        fenced ^= line.startswith(FENCE)
        if fenced or not line.startswith("@"):  # in a listing @ begins a decorator
            lines.append(line)
            continue
        try:
            excerpt = _excerpt(line, source, words)
        except ValueError as error:
            raise ChapterError(f"{path}:{number}: {error}") from error
        parts += [*_text(lines), excerpt]
        lines = []
    return parts + _text(lines)


def excerpt_code(source: Source, excerpt: Excerpt) -> str:
    """Return the code that an excerpt with the word `code` or `solution` stands for.

    Raises
    ------
    ValueError
        If the cell has no function or class of the excerpt's name.
    """
    variant: Variant = "instructor" if excerpt.word == "solution" else "student"
    text = _cell(source, excerpt.keys[0]).variant_text(variant)
    return _definition(text, excerpt.name) if excerpt.name else text


def executed_cells(chapter: Chapter, language: str = "") -> dict[str, NotebookNode]:
    """Read the cells that `@output` shows, by key: with the solutions where there is an instructor's notebook.

    Where the chapter has no notebook in the language, they are the English ones.

    Raises
    ------
    ChapterError
        If a notebook of the chapter is missing or stale.
    """
    if stale := stale_chapters([chapter]):
        raise ChapterError(stale[0])
    places = [place(chapter, one) for one in (language, "") for place in (instructor_path, student_path)]
    found = next((path for path in places if path.exists()), chapter.notebook)
    return {cell_id(cell): cell for cell in read_notebook(found).cells}


def _excerpt(line: str, source: Source, words: Sequence[str]) -> Excerpt:
    word, *arguments = line[1:].split()
    if word not in words:
        raise ValueError(f"@{word} is not known here; there are {', '.join(f'@{one}' for one in words)}")
    if word == "pause":
        if arguments:
            raise ValueError("@pause stands alone")
        return Excerpt(word)
    if not arguments:
        raise ValueError(f"@{word} needs the key of a cell")
    if word == "notes":
        for key in arguments:
            _cell(source, key)
        return Excerpt(word, tuple(arguments))
    key, *names = arguments
    if len(names) > (word != "output"):
        raise ValueError(f"@{word} {key}: too much stands after it: {' '.join(names)}")
    if _cell(source, key).kind != "code":
        raise ValueError(f"@{word} {key}: is a cell of text, not of code")
    excerpt = Excerpt(word, (key,), "".join(names))
    if word != "output":
        excerpt_code(source, excerpt)
    return excerpt


def _cell(source: Source, key: str) -> Cell:
    for cell in source.cells:
        if cell.key == key:
            return cell
    raise ValueError(f"the chapter has no cell {key}")


def _definition(text: str, name: str) -> str:
    """Return the lines of one function or class, with its decorators."""
    try:
        nodes = ast.parse(text).body
    except SyntaxError as error:  # such as a line that begins with %
        raise ValueError("the cell is not plain Python; leave the name out") from error
    for node in nodes:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == name:
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            return "\n".join(text.split("\n")[first - 1 : node.end_lineno])
    raise ValueError(f"the cell defines no {name}")


def _text(lines: Sequence[str]) -> list[str]:
    text = "\n".join(lines).strip("\n")
    return [text] if text.strip() else []
