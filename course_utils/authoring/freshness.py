"""Finding notebooks that do not say what their source says, without running anything."""

from collections.abc import Sequence

from nbformat import NotebookNode

from course_utils.authoring.chapters import Chapter, ChapterError
from course_utils.authoring.notebook import cell_content, cell_id, read_notebook
from course_utils.authoring.source import Source, read_source

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
    return [line for chapter in chapters if (line := _staleness(chapter))]


def _staleness(chapter: Chapter) -> str:
    build = f"`{_COMMAND} build {chapter.short_name}`"
    recover = f"`{_COMMAND} recover {chapter.notebook}`"
    if not chapter.source.exists():
        return f"{chapter.notebook}: has no source {chapter.source}; run {recover} to make one, or delete the notebook"
    if not chapter.notebook.exists():
        return f"{chapter.notebook}: is missing; run {build}"
    try:
        source = read_source(chapter.source)
        notebook = read_notebook(chapter.notebook)
    except ChapterError as error:
        return str(error)
    if differences := _differences(source, notebook):
        return (
            f"{chapter.notebook}: differs from its source ({differences}); if you edited the source, run {build}; "
            f"if you edited the notebook, run {recover}"
        )
    if waiting := ", ".join(cell_id(cell) for cell in notebook.cells if _waits_for_a_run(cell)):
        return f"{chapter.notebook}: cells that never ran ({waiting}); run {build}"
    return ""


def _differences(source: Source, notebook: NotebookNode) -> str:
    """Name the cells in which the two differ; "" if they agree."""
    written = {cell.key: cell.content() for cell in source.cells}
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
