"""The file of solutions that ``solution(name)`` shows to a reader: copied from the chapters, never written by hand."""

import json
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from course_utils.workshop.authoring.chapters import Chapter, ChapterError
from course_utils.workshop.authoring.files import replace_file
from course_utils.workshop.authoring.source import Source, read_source

_CHECK = re.compile(r'check\("(\w+)"')


def chapter_solutions(source: Source) -> dict[str, str]:
    """Return the text of each solved exercise cell by the name under which the cell after it checks the answer.

    Raises
    ------
    ChapterError
        If no check follows an exercise, or two exercises have one name.
    """
    solutions: dict[str, str] = {}
    for cell, following in pairwise((*source.cells, None)):
        if cell is not None and cell.is_exercise:
            checked = _CHECK.match(following.text) if following is not None else None
            if checked is None:
                raise source.error(cell.key, 'the cell after an exercise must begin with check("its name", ...)')
            if checked.group(1) in solutions:
                raise source.error(cell.key, f"another exercise of the chapter is checked as {checked.group(1)!r} too")
            solutions[checked.group(1)] = cell.variant_text("instructor").strip()
    return solutions


def solution_file(notebooks_dir: Path) -> Path:
    """Return the path of the file, in the package beside the notebooks."""
    return notebooks_dir.absolute().parent / "course_utils" / "data" / "solutions.json"


def read_solutions(path: Path) -> dict[str, dict[str, str]]:
    """Read the file: by chapter, what `chapter_solutions` gives; nothing where it does not stand.

    Raises
    ------
    ChapterError
        If it cannot be read, as after a merge that left its marks.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except (OSError, ValueError) as error:
        raise ChapterError(
            f"{path}: cannot be read: {error}; delete it, then run `python -m course_utils build`"
        ) from error


def write_solutions(chapters: Sequence[Chapter], path: Path) -> bool:
    """Bring the solutions of some chapters into the file, and say whether it changed; others stay as they are."""
    if not path.parent.is_dir():  # notebooks that stand elsewhere than beside the package
        return False
    solutions = read_solutions(path)
    for stem in _without_source(solutions, chapters):
        del solutions[stem]
    for chapter in chapters:
        solutions.pop(chapter.stem, None)
        if chapter.source.exists() and (found := chapter_solutions(read_source(chapter.source))):
            solutions[chapter.stem] = found
    text = json.dumps(dict(sorted(solutions.items())), indent=1, ensure_ascii=False) + "\n"
    try:
        return replace_file(path, text.encode())
    except OSError as error:
        raise ChapterError(f"{path}: cannot be written: {error.strerror}") from error


def stale_solutions(chapters: Sequence[Chapter], path: Path) -> list[str]:
    """Say of each chapter whose solutions in the file are others than in its source how to mend it."""
    if not path.parent.is_dir():
        return []
    solutions = read_solutions(path)
    gone = [
        f"{path}: {stem} has no source any more; run `python -m course_utils build`"
        for stem in _without_source(solutions, chapters)
    ]
    return gone + [
        f"{path}: solutions of {chapter.stem} are old; run `python -m course_utils build {chapter.short_name}`"
        for chapter in chapters
        if chapter.source.exists() and chapter_solutions(read_source(chapter.source)) != solutions.get(chapter.stem, {})
    ]


def _without_source(solutions: dict[str, dict[str, str]], chapters: Sequence[Chapter]) -> list[str]:
    sources = {chapter.folder.parent for chapter in chapters}
    return [stem for stem in solutions if not any((source / stem / "chapter.py").exists() for source in sources)]
