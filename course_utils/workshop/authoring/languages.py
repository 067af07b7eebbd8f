"""A chapter in another language: an overlay of its texts, in a folder of the chapter that is named after it, `de`.

`prose.md` has the Markdown cells, `alt.toml` the texts of pictures, `checks.toml` what checks say: each by key, each as
far as it goes; what is missing stays English. Code is never translated, so it cannot drift.
"""

import re
from dataclasses import replace
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from course_utils.workshop.authoring.chapters import Chapter, ChapterError
from course_utils.workshop.authoring.files import replace_file
from course_utils.workshop.authoring.notebook import unexecuted_notebook
from course_utils.workshop.authoring.notes import keyed_texts
from course_utils.workshop.authoring.source import Source

LANGUAGE = "course-language"  # the key of the cell that says it
_CODE = 'import os\n\nos.environ["COURSE_LANGUAGE"] = "{language}"  # what checks and figures speak'
_NAME = re.compile("[a-z]{2}")


def languages(folder: Path) -> list[str]:
    """Return the languages of a chapter besides English, by its folder."""
    return sorted(path.name for path in folder.glob("*") if path.is_dir() and _NAME.fullmatch(path.name))


def language_of(notebook: Path, source: Source) -> str:
    """Return the language of a chapter's notebook, by the folder that it lies in; "" for English."""
    return notebook.parent.name if notebook.parent.name in languages(source.path.parent) else ""


def translated(source: Source, language: str) -> Source:
    """Return a source with its prose in another language.

    Raises
    ------
    ChapterError
        If there is prose for a cell that the chapter does not have, or that is code.
    """
    path = source.path.with_name(language) / "prose.md"
    texts = keyed_texts(path, source)[1] if path.exists() else {}
    if code := [cell.key for cell in source.cells if cell.kind == "code" and cell.key in texts]:
        raise ChapterError(f"{path}: {code[0]} is a code cell, which is the same in all languages")
    cells = (replace(cell, text=texts.get(cell.key, cell.text)) for cell in source.cells)
    return replace(source, cells=tuple(cells))


def translated_notebook(source: Source, language: str) -> NotebookNode:
    """Return the student's notebook in another language, with a cell below the title that says which it is."""
    notebook = unexecuted_notebook(translated(source, language))
    notebook.cells.insert(1, new_code_cell(_CODE.format(language=language), id=LANGUAGE))
    return notebook


def write_checks(chapter: Chapter) -> None:
    """Bring what checks say in other languages into the package beside the notebooks, where they read it."""
    for text, copy in _checks(chapter):
        if text.exists():
            copy.parent.mkdir(exist_ok=True)
            replace_file(copy, text.read_bytes())
        else:
            copy.unlink()


def stale_checks(chapter: Chapter) -> list[str]:
    """Say of each text of checks that is another one in the package how to mend it."""
    return [
        f"{copy}: differs from {text}; run `python -m course_utils build {chapter.short_name}`"
        for text, copy in _checks(chapter)
        if not (text.exists() and copy.exists() and copy.read_bytes() == text.read_bytes())
    ]


def _checks(chapter: Chapter) -> list[tuple[Path, Path]]:
    """Return the checks' texts of a chapter in each language, and where the package has them; one may be missing."""
    package, name = chapter.notebook.absolute().parents[1] / "course_utils" / "texts", f"{chapter.stem}.toml"
    if not package.is_dir():  # notebooks that stand elsewhere than beside the package
        return []
    written = {path.parent.name for path in chapter.folder.glob("[a-z][a-z]/checks.toml")}
    found = written | {path.parent.name for path in package.glob(f"[a-z][a-z]/{name}")}
    return [(chapter.folder / language / "checks.toml", package / language / name) for language in sorted(found)]
