"""Which texts a chapter's checks, hints and guesses may say: a notebook keeps a stamp of them beside their words."""

import hashlib
import json

from nbformat import NotebookNode

from course_utils import texts
from course_utils.workshop.authoring.expectation import words_of
from course_utils.workshop.authoring.source import Source

__all__ = ["put_stamp", "stamp_in", "texts_stamp"]

# Files, and a folder, whose texts any of them may say. Those of exercises and guesses are said where these are named.
SHARED = {"beliefs", "environment", "guessing", "verdict"}


def texts_stamp(source: Source) -> str:
    """Return a hash of the texts that a chapter's cells may say in the language of the source; "" where none speaks."""
    calls = "\n".join(cell.text for cell in source.cells if cell.kind == "code" and words_of(cell.text, "en"))
    if not calls:
        return ""
    files: dict[str, list[str]] = {}
    shared = set()
    for path, name, _ in texts.entries(texts.FOLDER):
        files.setdefault(path.as_posix(), []).append(name)
        named = {path.stem, name.removeprefix(texts.GUESS)}
        if SHARED & {path.stem, path.parent.name} or any(f'"{word}"' in calls for word in named):
            shared.add(path.as_posix())
    told = texts.texts(source.language or "en")
    said = {name: dict(told[name]) for path in sorted(shared) for name in files[path]}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def put_stamp(notebook: NotebookNode, source: Source) -> None:
    """Note in a notebook of which texts its outputs are made."""
    if stamp := texts_stamp(source):
        notebook.metadata["course"] = {"texts": stamp}


def stamp_in(notebook: NotebookNode) -> str:
    """Return what a notebook notes of that, "" if nothing."""
    return str(notebook.metadata.get("course", {}).get("texts", ""))
