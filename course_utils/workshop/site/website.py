"""The whole website: the chapters to read and JupyterLite to run them, in one folder of static files."""

from collections.abc import Sequence
from pathlib import Path

from course_utils.workshop.authoring.chapters import Chapter, ChapterError
from course_utils.workshop.authoring.freshness import stale_chapters
from course_utils.workshop.authoring.translation import Language
from course_utils.workshop.new_folder import new_folder
from course_utils.workshop.site.lite import write_lite
from course_utils.workshop.site.pages import SEARCH_INDEX, write_pages


def build_website(
    chapters: Sequence[Chapter], out: Path, pyodide: Path | None = None, told: Sequence[Language] = ()
) -> Path:
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
    told
        The languages besides English.

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
    obstacle = "is no website made by this command; name another folder, or remove it first"
    with new_folder(out, SEARCH_INDEX, obstacle) as folder:
        write_pages(chapters, folder, lite=True, told=told)
        write_lite(chapters, folder / "lite", pyodide, [one.code for one in told])
    return out / "index.html"
