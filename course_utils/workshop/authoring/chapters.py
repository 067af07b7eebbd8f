"""A chapter is a pair of files: its source text and the notebook built from it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class ChapterError(Exception):
    """What stops a chapter; its text is one line that names the file and the cell."""


@dataclass(frozen=True)
class Chapter:
    """The two files of one chapter.

    Parameters
    ----------
    source
        The text, `NAME.py`, in percent format. It may not exist yet.
    notebook
        The notebook, `NAME.ipynb`. It may not exist yet.
    """

    source: Path
    notebook: Path

    @property
    def stem(self) -> str:
        """The name both files share."""
        return self.source.stem

    @property
    def number(self) -> str:
        """The digits the name begins with, or "" without any."""
        return re.match(r"[0-9]*", self.stem).group()  # type: ignore[union-attr]  # always matches

    @property
    def short_name(self) -> str:
        """What to type on the command line: the number, or the whole name without one."""
        return self.number or self.stem


def find_chapters(source_dir: Path, notebooks_dir: Path) -> list[Chapter]:
    """List every chapter that has a source, a notebook or both, in order of name.

    Raises
    ------
    ChapterError
        If `source_dir` is not a folder.
    """
    if not source_dir.is_dir():
        raise ChapterError(f"{source_dir}: no such folder; run this where notebooks/ stands")
    stems = {path.stem for path in source_dir.glob("*.py")} | {path.stem for path in notebooks_dir.glob("*.ipynb")}
    return [Chapter(source_dir / f"{stem}.py", notebooks_dir / f"{stem}.ipynb") for stem in sorted(stems)]


def select_chapters(chapters: Sequence[Chapter], names: Sequence[str]) -> list[Chapter]:
    """Pick chapters by number (`2` or `02`), by name, or by the path of one of their files.

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
        found = [chapter for chapter in chapters if chapter.stem == Path(name).stem]
    if len(found) == 1:
        return found[0]
    problem = "more than one chapter has this number" if found else "no such chapter"
    there_are = ", ".join(chapter.stem for chapter in found or chapters) or "none"
    raise ChapterError(f"{name}: {problem}; there are: {there_are}")
