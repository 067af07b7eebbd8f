"""The whole website: the chapters to read and JupyterLite to run them, in one folder of static files."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from course_utils.workshop.authoring.chapters import Chapter, ChapterError
from course_utils.workshop.authoring.files import replace_folder
from course_utils.workshop.authoring.freshness import stale_chapters
from course_utils.workshop.site.lite import write_lite
from course_utils.workshop.site.pages import SEARCH_INDEX, write_pages


def build_website(chapters: Sequence[Chapter], out: Path, pyodide: Path | None = None) -> Path:
    """Make the website of the course; it works below any path of any host.

    Parameters
    ----------
    chapters
        The chapters, in the order in which they are read.
    out
        The folder of the website. It is replaced as a whole once all is made, or stays as it was.
    pyodide
        A folder with a Pyodide distribution, which is copied. Without it the reader's browser fetches Pyodide from the
        address that its kernel knows, its authors' public one.

    Returns
    -------
    Path
        The page to open first.

    Raises
    ------
    ChapterError
        If there is no chapter, a notebook is missing or says something else than its source, a formula cannot be
        drawn, JupyterLite fails, `pyodide` is no distribution of the right version, or `out` holds other things than
        a website or cannot be written.
    """
    if not chapters:
        raise ChapterError("there are no chapters, so there is nothing to make a website of")
    if stale := stale_chapters(chapters):
        raise ChapterError(stale[0])
    with _new_folder(out) as folder:
        write_pages(chapters, folder, lite=True)
        write_lite(chapters, folder / "lite", pyodide)
    return out / "index.html"


@contextmanager
def _new_folder(out: Path) -> Iterator[Path]:
    """Return an empty folder that takes the place of `out` at the end; if that is not reached, `out` stays."""
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / SEARCH_INDEX).exists())):
        raise ChapterError(f"{out}: is no website made by this command; name another folder, or remove it first")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as beside:
            fresh = Path(beside) / "new"
            fresh.mkdir()
            yield fresh
            replace_folder(fresh, out)
    except OSError as error:
        raise ChapterError(f"{out}: cannot be written: {error.strerror or error}") from error
