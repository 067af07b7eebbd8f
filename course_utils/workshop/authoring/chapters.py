"""A chapter is a folder of texts, and the notebooks built from it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class ChapterError(Exception):
    """What stops a chapter; its text is one line that names the file and the cell."""


@dataclass(frozen=True)
class Chapter:
    """The folder and the notebook of one chapter.

    Parameters
    ----------
    folder
        Where its texts stand, `source/NAME`. It may not exist yet.
    notebook
        The notebook, `NAME.ipynb`. It may not exist yet.
    """

    folder: Path
    notebook: Path

    @property
    def source(self) -> Path:
        """The text, in percent format."""
        return self.folder / "chapter.py"

    @property
    def stem(self) -> str:
        """The name that folder and notebook share."""
        return self.notebook.stem

    @property
    def number(self) -> str:
        """The digits the name begins with, or "" without any."""
        return re.match(r"[0-9]*", self.stem).group()  # type: ignore[union-attr]  # always matches

    @property
    def is_taught(self) -> bool:
        """Whether it is one of the numbered chapters, and no page to look things up in."""
        return bool(self.number)

    @property
    def short_name(self) -> str:
        """What to type on the command line: the number, or the whole name without one."""
        return self.number or self.stem


def chapter_of(notebook: Path) -> Chapter:
    """Return the chapter of a notebook, whose texts stand in `source` beside it."""
    return Chapter(notebook.parent / "source" / notebook.stem, notebook)


def find_chapters(notebooks_dir: Path) -> list[Chapter]:
    """List every chapter that has a source, a notebook or both, in order of name.

    Raises
    ------
    ChapterError
        If there is no folder `source` in `notebooks_dir`.
    """
    sources = notebooks_dir / "source"
    if not sources.is_dir():
        raise ChapterError(f"{sources}: no such folder; run this where notebooks/ stands")
    written = {path.parent.name for path in sources.glob("*/chapter.py")}
    stems = sorted(written | {path.stem for path in notebooks_dir.glob("*.ipynb")})
    return [chapter_of(notebooks_dir / f"{stem}.ipynb") for stem in stems]


def select_chapters(chapters: Sequence[Chapter], names: Sequence[str]) -> list[Chapter]:
    """Pick chapters by number (`2` or `02`), by name, or by the path of folder, source or notebook.

    Parameters
    ----------
    chapters
        What to choose from.
    names
        What was asked for; empty means all.

    Returns
    -------
    list of Chapter
        Each one once, in the order of `chapters`.

    Raises
    ------
    ChapterError
        If a name fits no chapter, or more than one.
    """
    if not names:
        return list(chapters)
    wanted = {_select_one(chapters, name) for name in names}
    return [chapter for chapter in chapters if chapter in wanted]


def _select_one(chapters: Sequence[Chapter], name: str) -> Chapter:
    if name.isdecimal():
        found = [chapter for chapter in chapters if chapter.number and int(chapter.number) == int(name)]
    else:
        path = Path(name)
        found = [chapter for chapter in chapters if chapter.stem in (path.stem, path.parent.name)]
    if len(found) == 1:
        return found[0]
    problem = "more than one chapter has this number" if found else "no such chapter"
    there_are = ", ".join(chapter.stem for chapter in found or chapters) or "none"
    raise ChapterError(f"{name}: {problem}; there are: {there_are}")
