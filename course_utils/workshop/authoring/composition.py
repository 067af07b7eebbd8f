"""A notebook in another language, composed of the English one that has run: only what speaks is another output."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence

from nbformat import NotebookNode

from course_utils.workshop.authoring.beside import alt_texts, describe
from course_utils.workshop.authoring.languages import LANGUAGE
from course_utils.workshop.authoring.source import Source

__all__ = ["composed"]

Said = Mapping[str, Mapping[str, Sequence[NotebookNode]]]  # by language and cell


def composed(english: NotebookNode, notebook: NotebookNode, source: Source, said: Said) -> NotebookNode:
    """Give a notebook that has not run the outputs of the English one that has; changes it and returns it.

    Parameters
    ----------
    english
        The notebook that has run, not cleaned yet.
    notebook
        The same one in the language of the source.
    source
        The chapter in that language.
    said
        What cells with checks, guesses and the like say, in "en" and in the language.

    Raises
    ------
    ChapterError
        If what a cell says cannot be found among its outputs, or is more or less than in English.
    """
    ran = {cell.id: cell for cell in english.cells}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if cell.id == LANGUAGE:
            cell.execution_count = 1
            continue
        before = ran[cell.id]
        cell.execution_count = before.execution_count and before.execution_count + 1
        cell.outputs = copy.deepcopy(before.outputs)
        ours, theirs = (list(texts_of(said.get(one, {}).get(cell.id, []))) for one in ("en", source.language))
        if len(ours) != len(theirs):
            told = f"it says {len(theirs)} lines or outputs in {source.language}, and {len(ours)} in English"
            raise source.error(cell.id, f"{told}; a translation must have as many")
        for old, new in zip(ours, theirs, strict=True):
            if not replaced(cell.outputs, old, new):
                raise source.error(cell.id, f"what it says in {source.language} has no place among its outputs")
    describe(notebook, alt_texts(source), source)
    return notebook


def texts_of(outputs: Sequence[NotebookNode]) -> Iterator[NotebookNode]:
    """Give outputs; of what was printed each line by itself."""
    for output in outputs:
        if output.output_type == "stream":
            for line in output.text.splitlines():
                yield NotebookNode(output_type="stream", name=output.name, text=line)
        else:
            yield output


def replaced(outputs: list[NotebookNode], old: NotebookNode, new: NotebookNode) -> bool:
    """Put a new output in the place of an old one, and say whether that was there."""
    for place, output in enumerate(outputs):
        if output.output_type != old.output_type:
            continue
        if old.output_type == "stream" and old.text in output.text.splitlines():
            lines = output.text.splitlines(keepends=True)
            at = [line.rstrip("\n") for line in lines].index(old.text)
            lines[at] = new.text + lines[at][len(old.text) :]
            output.text = "".join(lines)
            return True
        if old.output_type != "stream" and output.data.get("text/plain") == old.data.get("text/plain"):
            outputs[place] = copy.deepcopy(new)
            return True
    return False
