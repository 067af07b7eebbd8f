"""A course in a temporary folder: sources, and notebooks made from them without a kernel."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course_utils.workshop.authoring.chapters import Chapter, find_chapters, select_chapters
from course_utils.workshop.authoring.notebook import encode_notebook, unexecuted_notebook
from course_utils.workshop.authoring.source import read_source

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

    def write(self, stem: str, text: str) -> Chapter:
        """Write a source."""
        path = self.source_dir / stem / "chapter.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return self.chapter(stem)

    def chapter(self, stem: str) -> Chapter:
        return select_chapters(find_chapters(self.notebooks_dir), [stem])[0]

    def pretend_build(self, stem: str) -> None:
        """Write the notebook a build would write, outputs aside; a kernel costs seconds."""
        chapter = self.chapter(stem)
        notebook = unexecuted_notebook(read_source(chapter.source))
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
