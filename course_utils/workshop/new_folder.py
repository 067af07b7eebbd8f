"""A folder that a command makes anew: it takes the place of the old one in one step, or the old one stays."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.files import replace_folder


@contextmanager
def new_folder(target: Path, mark: str, what: str) -> Iterator[Path]:
    """Give an empty folder that takes the place of `target` at the end; if that is not reached, `target` stays.

    Parameters
    ----------
    target
        Where the folder goes. It may stand there from before, or be empty.
    mark
        A file or folder that only what this command made has.
    what
        What to say of a folder of something else, which is left alone.

    Raises
    ------
    ChapterError
        If `target` holds something else, or cannot be written.
    """
    if target.exists() and (not target.is_dir() or (any(target.iterdir()) and not (target / mark).exists())):
        raise ChapterError(f"{target}: {what}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as beside:
            fresh = Path(beside) / "new"
            fresh.mkdir()
            yield fresh
            replace_folder(fresh, target)
    except OSError as error:
        raise ChapterError(f"{target}: cannot be written: {error.strerror or error}") from error
