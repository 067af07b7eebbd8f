"""A chapter in a single file: the notebook carries the package, so that it can be uploaded or mailed."""

import base64
import importlib.metadata
import io
import lzma
import re
import zipfile
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from packaging.requirements import Requirement

import course_utils
from course_utils.workshop.authoring.address import read_address
from course_utils.workshop.authoring.badges import chapter_cells
from course_utils.workshop.authoring.chapters import Chapter, ChapterError
from course_utils.workshop.authoring.files import replace_file
from course_utils.workshop.authoring.freshness import stale_chapters
from course_utils.workshop.authoring.notebook import encode_notebook, read_notebook

CARRIER = "carry-the-course"  # the key of the cell that holds the package
PACKAGE = Path(course_utils.__file__).parent
_LEFT_OUT = {"workshop", "homework.py", "lab.py", "__main__.py", "__pycache__"}  # no chapter imports them
SOLUTIONS = ("data/solutions.json", "exercises/README.md")  # what shows solutions: their file, and how to write one
DATED = (1980, 1, 1, 0, 0, 0)  # one date for all files: the same course gives the same bytes
_WIDTH = 4000  # letters a line; editors are slow with one line of them all
_LINK = re.compile(r"\[([^\]]+)\]\((?!https?:)([^)#\s]+\.ipynb)(#[^)\s]*)?\)")
_CODE = '''\
#@title Run this first: it unpacks the course for this session
import atexit, base64, importlib.util, io, lzma, shutil, sys, tempfile, zipfile

missing = [name for name in {needed} if importlib.util.find_spec(name) is None]
if missing:
    %pip install --quiet {{" ".join(missing)}}

COURSE = """
{archive}
"""
folder = tempfile.mkdtemp(prefix="course-")
atexit.register(shutil.rmtree, folder, ignore_errors=True)
zipfile.ZipFile(io.BytesIO(lzma.decompress(base64.b64decode(COURSE)))).extractall(folder)
sys.path.insert(0, folder)'''


def write_standalone(chapter: Chapter, out: Path, *, solutions: bool = True) -> Path:
    """Write a chapter's notebook with the course inside.

    Parameters
    ----------
    chapter
        The chapter. Its notebook has to be up to date.
    out
        The folder to write into; it is made if need be.
    solutions
        Whether the course inside has the solutions of its exercises.

    Returns
    -------
    Path
        The notebook, of the chapter's name.

    Raises
    ------
    ChapterError
        If the notebook is missing or stale, or the file cannot be written.
    """
    if stale := stale_chapters([chapter]):
        raise ChapterError(stale[0])
    path = out / chapter.notebook.name
    if path.resolve() == chapter.notebook.resolve():
        raise ChapterError(f"{path}: is the chapter's own notebook; name another folder")
    notebook = standalone_notebook(read_notebook(chapter.notebook), chapter, solutions=solutions)
    try:
        out.mkdir(parents=True, exist_ok=True)
        replace_file(path, encode_notebook(notebook))
    except OSError as error:
        raise ChapterError(f"{path}: cannot be written: {error.strerror}") from error
    return path


def standalone_notebook(notebook: NotebookNode, chapter: Chapter, *, solutions: bool = True) -> NotebookNode:
    """Put the package into a notebook, below its title; links to other chapters lead to the repository, or nowhere."""
    cells = chapter_cells(notebook)
    root = chapter.notebook.parent.parent
    address = read_address(root)
    folder = chapter.notebook.parent.relative_to(root).as_posix()
    for cell in cells:
        if cell.cell_type == "markdown":
            target = rf"[\1]({address.repository}/blob/main/{folder}/\2\3)" if address else r"\1"
            cell.source = _LINK.sub(target, cell.source)
    # In JupyterLab, on Colab, and in what nbconvert makes of it.
    hidden = {"jupyter": {"source_hidden": True}, "cellView": "form", "transient": {"remove_source": True}}
    notebook.cells = [*cells[:1], new_code_cell(_carrier_code(solutions), id=CARRIER, metadata=hidden), *cells[1:]]
    return notebook


def _carrier_code(solutions: bool) -> str:
    text = base64.b64encode(lzma.compress(packed_course(solutions=solutions), preset=9)).decode()
    lines = [text[begin : begin + _WIDTH] for begin in range(0, len(text), _WIDTH)]
    return _CODE.format(needed=_needed(), archive="\n".join(lines))


def packed_course(atlases: bool = False, *, solutions: bool = True) -> bytes:
    """Return the package as a zip, without compression and without what only authors use; atlases weigh most of it."""
    left_out = _LEFT_OUT if atlases else _LEFT_OUT | {"atlases"}
    withheld = () if solutions else SOLUTIONS
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(PACKAGE.rglob("*")):
            inside = path.relative_to(PACKAGE)
            if path.is_file() and not left_out & set(inside.parts) and inside.as_posix() not in withheld:
                archive.writestr(zipfile.ZipInfo(f"{PACKAGE.name}/{inside.as_posix()}", DATED), path.read_bytes())
        # With it the course counts as installed, and chapter 00 can compare versions.
        about = importlib.metadata.distribution("course-utils")
        name = f"{PACKAGE.name}-{about.version}.dist-info/METADATA"
        archive.writestr(zipfile.ZipInfo(name, DATED), about.read_text("METADATA") or about.read_text("PKG-INFO") or "")
    return buffer.getvalue()


def _needed() -> tuple[str, ...]:
    """Return the names under which the course's own requirements are imported; pillow comes with matplotlib."""
    requirements = map(Requirement, importlib.metadata.requires("course-utils") or ())
    return tuple(one.name for one in requirements if not one.marker and one.name != "pillow")
