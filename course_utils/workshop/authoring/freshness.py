"""Finding notebooks that do not say what their source says, without running anything."""

from collections.abc import Sequence
from pathlib import Path

from nbformat import NotebookNode

from course_utils.workshop.authoring.beside import alt_texts, expectations, undescribed
from course_utils.workshop.authoring.chapters import Chapter, ChapterError
from course_utils.workshop.authoring.editions import editions, instructor_path, language_of
from course_utils.workshop.authoring.languages import translated
from course_utils.workshop.authoring.notebook import cell_content, cell_id, read_notebook
from course_utils.workshop.authoring.source import read_source
from course_utils.workshop.authoring.spoken_texts import stamp_in, texts_stamp

_COMMAND = "python -m course_utils"


def stale_chapters(chapters: Sequence[Chapter]) -> list[str]:
    """Say of each chapter that is not up to date what is wrong and which command mends it.

    Parameters
    ----------
    chapters
        The chapters to look at.

    Returns
    -------
    list of str
        One line for each fault; empty if all is well.
    """
    return [line for chapter in chapters for line in _staleness(chapter)]


def _staleness(chapter: Chapter) -> list[str]:
    instructors = instructor_path(chapter)
    if not chapter.source.exists():
        recover = f"`{_COMMAND} recover {chapter.notebook}`"
        lines = [
            f"{chapter.notebook}: has no source {chapter.source}; run {recover} to make one, or delete the notebook"
        ]
        return lines + [f"{instructors}: has no source {chapter.source}; delete it"] * instructors.exists()
    try:
        source = read_source(chapter.source)
        expected = editions(chapter, source)
        sources = {path: translated(source, language_of(path, chapter)) for path in expected}
        texts = {path: alt_texts(one) for path, one in sources.items()}
        expectations(source)
    except ChapterError as error:
        return [str(error)]
    lines = []
    for path, notebook in expected.items():
        if line := _difference(chapter, path, notebook, texts[path], texts_stamp(sources[path])):
            lines.append(line)
    if instructors.exists() and instructors not in expected:
        lines.append(f"{instructors}: there are no notes on this chapter; delete it")
    return lines


def _difference(chapter: Chapter, path: Path, expected: NotebookNode, texts: dict[str, str], stamp: str) -> str:
    """Say how a notebook differs from what a build would give it; "" if it does not."""
    build = f"`{_COMMAND} build {chapter.short_name}`"
    if not path.exists():
        return f"{path}: is missing; run {build}"
    try:
        notebook = read_notebook(path)
    except ChapterError as error:
        return str(error)
    if differences := _differences(expected, notebook):
        if path != chapter.notebook:
            return f"{path}: differs from source and notes ({differences}); edit those, then run {build}"
        return (
            f"{path}: differs from its source ({differences}); if you edited the source, run {build}; "
            f"if you edited the notebook, run `{_COMMAND} recover {path}`"
        )
    if waiting := ", ".join(cell_id(cell) for cell in notebook.cells if _waits_for_a_run(cell)):
        return f"{path}: cells that never ran ({waiting}); run {build}"
    if old := ", ".join(undescribed(notebook, texts)):
        return f"{path}: pictures whose texts are not those of alt.toml ({old}); run {build}"
    if stamp_in(notebook) != stamp:
        return f"{path}: what its checks and guesses say is not what their texts say today; run {build}"
    return ""


def _differences(expected: NotebookNode, notebook: NotebookNode) -> str:
    """Name the cells in which the two differ; "" if they agree."""
    written = {cell_id(cell): cell_content(cell) for cell in expected.cells}
    shown = {cell_id(cell): cell_content(cell) for cell in notebook.cells}
    common = [key for key in written if key in shown]
    kinds = {
        "changed": [key for key in common if written[key] != shown[key]],
        "only in the source": [key for key in written if key not in shown],
        "only in the notebook": [key or "a cell without id" for key in shown if key not in written],
    }
    parts = [f"{kind}: {', '.join(keys)}" for kind, keys in kinds.items() if keys]
    order = [key for key in shown if key in written]
    if moved := [key for key, other in zip(common, order, strict=True) if key != other]:
        parts.append(f"in another order: {', '.join(moved)}")
    return "; ".join(parts)


def _waits_for_a_run(cell: NotebookNode) -> bool:
    if cell.cell_type != "code" or "skip-execution" in cell.metadata.get("tags", []):
        return False
    return bool(cell.source.strip()) and cell.execution_count is None
