"""The editions of a chapter: the student's notebook, also in other languages, and with notes the instructor's.

The instructor's notebook, `instructor/NAME.ipynb`, has the solutions, and below a cell what to say there. Its cells are
marked for slides: sections begin one, notes are the speaker's.
"""

from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from course_utils.texts import sentence, speaking
from course_utils.workshop.authoring.address import read_address
from course_utils.workshop.authoring.badges import BADGES, INSTALL, opening_cells
from course_utils.workshop.authoring.chapters import Chapter, ChapterError
from course_utils.workshop.authoring.languages import LANGUAGE, languages, says_language, translated
from course_utils.workshop.authoring.notebook import unexecuted_notebook
from course_utils.workshop.authoring.notes import InstructorNotes, Note, notes_path, read_notes
from course_utils.workshop.authoring.source import LONGEST_KEY, Source

INSTRUCTOR = "instructor"  # the folder's name
_LARGE_KEY = "large-type"
_LARGE = """from course_utils.figures.style import large_type

large_type()  # figures for a room"""
_NOTE = "-note"  # ends the id of a note's cell, which else is the key of the cell above it


def student_path(chapter: Chapter, language: str = "") -> Path:
    """Return where a chapter's student's notebook in a language stands; "" is English."""
    return chapter.notebook.parent / language / chapter.notebook.name


def instructor_path(chapter: Chapter, language: str = "") -> Path:
    """Return where a chapter's instructor's notebook in a language stands, if it has one."""
    return chapter.notebook.parent / language / INSTRUCTOR / chapter.notebook.name


def language_of(path: Path, chapter: Chapter) -> str:
    """Return the language of one of a chapter's notebooks, by the folders that it lies in; "" for English."""
    inside = path.parent.relative_to(chapter.notebook.parent).parts
    return next((name for name in inside if name != INSTRUCTOR), "")


def editions(chapter: Chapter, source: Source) -> dict[Path, NotebookNode]:
    """Make a chapter's notebooks, not executed, by the paths where they belong.

    Parameters
    ----------
    chapter
        The chapter.
    source
        Its source, read.

    Raises
    ------
    ChapterError
        If the notes on it have a fault, or the course's address.
    """
    notebooks = {}
    for language in ("", *languages(chapter.folder)):
        told = translated(source, language)
        with speaking(language):
            notebooks[student_path(chapter, language)] = unexecuted_notebook(told)
            if notes_path(source).exists():
                notebooks[instructor_path(chapter, language)] = instructor_notebook(told, read_notes(told))
    root = chapter.notebook.parent.parent
    if taken := {BADGES, INSTALL, LANGUAGE} & {cell.key for cell in source.cells}:
        raise source.error(min(taken), "the build gives this key to a cell of its own; take another one")
    if address := read_address(root):
        for path, notebook in notebooks.items():
            notebook.cells[1:1] = opening_cells(address, path.relative_to(root).as_posix())
    for path, notebook in notebooks.items():
        if language := language_of(path, chapter):
            notebook.cells.insert(1, says_language(language))
    return notebooks


def instructor_notebook(source: Source, notes: InstructorNotes) -> NotebookNode:
    """Make the notebook with solutions and large type, and each note in a cell of its own below the cell it is about.

    Raises
    ------
    ChapterError
        If a cell of the chapter has a key that an added one needs, or one too long for the note below it.
    """
    notebook = unexecuted_notebook(source, "instructor")
    first, allowed = notebook.cells[0].id, LONGEST_KEY - len(_NOTE)
    if long := [key for key in (first, *notes.by_key) if len(key) > allowed]:
        raise source.error(long[0], f"a note stands below this cell, so its key can have {allowed} characters at most")
    below = _note_cells(first, notes)
    if taken := {_LARGE_KEY, *(note.id for note in below.values())} & {cell.id for cell in notebook.cells}:
        raise ChapterError(f"{source.path}: the instructor's notebook needs the key {min(taken)}; take another one")
    cells = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.metadata["slideshow"] = {"slide_type": _slide_type(cell.source)}
            if source.language:
                cell.source = cell.source.replace("](../", "](../../")
            cell.source = cell.source.replace("](words.ipynb", "](../words.ipynb")  # which has no edition of its own
        cells.append(cell)
        if cell.id in below:
            cells.append(below[cell.id])
    cells.insert(2, new_code_cell(_LARGE, id=_LARGE_KEY))
    notebook.cells = cells
    return notebook


def _note_cells(first: str, notes: InstructorNotes) -> dict[str, NotebookNode]:
    """Make the cells of all notes, by the key of the cell above each; the first one begins with the introduction."""
    title, _, rest = notes.introduction.partition("\n")
    introduction = rest.strip() if title.startswith("# ") else notes.introduction
    own = notes.by_key.get(first, Note(""))
    opening = Note("\n\n".join(filter(None, [introduction, own.text])), own.minutes)
    cells, clock = {}, 0
    others = {key: note for key, note in notes.by_key.items() if key != first}
    for key, note in ({first: opening} | others).items():
        cells[key] = _note_cell(key, note, clock)
        clock += note.minutes
    return cells


def _note_cell(key: str, note: Note, clock: int) -> NotebookNode:
    """Make the cell of a note, which begins `clock` minutes after the chapter's begin."""
    end = clock + note.minutes
    head = sentence("note", "instructor")
    if note.minutes:
        head = sentence("note_with_time", "instructor", minutes=note.minutes, begin=_time(clock), end=_time(end))
    lines = [f"**{head}**", "", *note.text.split("\n")]
    text = "\n".join(f"> {line}".rstrip() for line in lines)
    return new_markdown_cell(text, id=key + _NOTE, metadata={"slideshow": {"slide_type": "notes"}})


def _time(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"


def _slide_type(text: str) -> str:
    return "slide" if text.startswith(("# ", "## ")) else "subslide"
