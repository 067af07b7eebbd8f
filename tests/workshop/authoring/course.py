"""A course in a temporary folder: sources, and notebooks made from them without a kernel."""

import dataclasses
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course_utils.__main__ import main
from course_utils.workshop.authoring.chapters import Chapter, find_chapters, select_chapters
from course_utils.workshop.authoring.notebook import encode_notebook, unexecuted_notebook
from course_utils.workshop.authoring.source import read_source
from course_utils.workshop.authoring.spoken_texts import put_stamp

CHAPTER = '''\
# ---
# jupyter:
#   kernelspec:
#     name: python3
# ---
# Written by hand.

# %% [markdown] key="title"
# # Dropout
#
# A mask per *example*, $a^{[1]}$.


# %% key="setup" tags=["hide-input"]
# %matplotlib inline
import numpy as np



# %% key="mask-per-example"
def draw_mask(shape, keep_prob, rng):
    """Draw a mask."""
    ### BEGIN SOLUTION
    mask = rng.random(shape) < keep_prob

    return mask
    ### END SOLUTION

# %% key="try-it" tags=["raises-exception"]
draw_mask((2, 3), 0.5, np.random.default_rng(0))

# %% [markdown] key="quoted"
"""
In triple quotes: λ.
"""

# %% key="last"
print("end")
'''


@dataclasses.dataclass(frozen=True)
class Course:
    """Folders of a course and short ways to write and read in them."""

    notebooks_dir: Path

    @property
    def source_dir(self) -> Path:
        return self.notebooks_dir / "source"

    def write(self, stem: str, text: str, beside: Mapping[str, str] | None = None) -> Chapter:
        """Write a source, and other texts of its folder by their names."""
        for name, content in {"chapter.py": text, **(beside or {})}.items():
            path = self.source_dir / stem / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        return self.chapter(stem)

    def chapter(self, stem: str) -> Chapter:
        return select_chapters(find_chapters(self.notebooks_dir), [stem])[0]

    def pretend_build(self, stem: str) -> None:
        """Write the notebook a build would write, outputs aside; a kernel costs seconds."""
        chapter = self.chapter(stem)
        source = read_source(chapter.source)
        notebook = unexecuted_notebook(source)
        put_stamp(notebook, source)
        codes = [cell for cell in notebook.cells if cell.cell_type == "code"]
        for count, cell in enumerate(codes, start=1):
            cell.execution_count = count
        chapter.notebook.write_bytes(encode_notebook(notebook))

    def edit(self, stem: str, change: Callable[[NotebookNode], None]) -> None:
        """Change a notebook as an editor would."""
        path = self.chapter(stem).notebook
        notebook = nbformat.read(path, as_version=4)
        change(notebook)
        nbformat.write(notebook, path)

    def command(self, *words: str) -> int:
        """Run a command on this course, and return how it ended."""
        return main([*words, "--notebooks-dir", str(self.notebooks_dir)])

    def copy(self, folder: Path) -> "Course":
        """Return a copy in another folder, where a test may change what others only read."""
        return Course(Path(shutil.copytree(self.notebooks_dir, folder / self.notebooks_dir.name)))


def new_course(folder: Path) -> Course:
    """Return an empty course in a folder."""
    (folder / "notebooks" / "source").mkdir(parents=True)
    return Course(folder / "notebooks")


def cells_of(path: Path) -> dict[str, NotebookNode]:
    """Return the cells of a notebook's file by key."""
    return {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}
