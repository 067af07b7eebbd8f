"""What nbconvert needs besides itself to make a web page of a notebook that lives and can be read without a network."""

from html import escape
from typing import Any

from nbconvert.filters import markdown2html
from nbformat import NotebookNode

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.formulas import to_html
from course_utils.workshop.players import atlas_of, atlas_script, place_for, player_script, player_style
from course_utils.workshop.questions import asks, place_for_question, questions_script, questions_style

__all__ = ["readable_text", "self_contained"]

_PICTURE = "image/png"
_WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
_NOTHING = "data:text/javascript,"  # the address of a script that does nothing


def readable_text(markdown: str) -> str:
    """Return Markdown as HTML with its formulas drawn; a filter of nbconvert.

    Where a formula cannot be drawn all are left to MathJax.
    """
    try:
        return to_html(markdown)
    except ChapterError:
        return str(markdown2html(markdown))


def self_contained(notebook: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
    """Let live figures play their atlases, and each picture say what it shows; a preprocessor of nbconvert.

    nbconvert's usual template leaves the descriptions out. And where the state of widgets was saved it prefers them to
    their pictures, though without a kernel they do nothing, and without a network nothing is seen of them.

    Parameters
    ----------
    notebook
        The notebook to be shown; changed in place.
    resources
        What nbconvert knows besides. Scripts that the page has no need of are not asked for.

    Returns
    -------
    tuple
        Both of them.
    """
    if "state" not in notebook.metadata.get("widgets", {}).get(_WIDGET_STATE, {}):
        notebook.metadata.pop("widgets", None)  # Colab saves it in a form at which nbconvert stops
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", []) if "data" in output]
    others = "".join(str(output.data.get("text/html", "")) for output in outputs)
    if "require" not in others:
        resources["require_js_url"] = _NOTHING
    if all(_is_drawn(cell.source) for cell in notebook.cells if cell.cell_type == "markdown") and "$" not in others:
        resources["mathjax_url"] = _NOTHING
    playing = {name: output for output in outputs if (name := atlas_of(output))}
    for output in outputs:
        told = output.get("metadata", {}).get(_PICTURE, {})
        if _PICTURE in output.data and told.get("alt"):
            image = _image(output.data[_PICTURE], told)
            output.data = NotebookNode({"text/html": place_for(output, image) if atlas_of(output) else image})
        if asks(output):
            shown = output.data.get("text/html") or f"<pre>{escape(output.data['text/plain'])}</pre>"
            output.data = NotebookNode({"text/html": place_for_question(output, shown)})
    if playing:
        *_, last = (output for output in outputs if atlas_of(output))
        last.data["text/html"] += _scripts(list(playing))
    if asking := [output for output in outputs if asks(output)]:
        script = f"<style>{questions_style()}</style><script>{questions_script()}</script>"
        asking[-1].data["text/html"] += script
    return notebook, resources


def _is_drawn(markdown: str) -> bool:
    try:
        to_html(markdown)
    except ChapterError:
        return False
    return True


def _scripts(names: list[str]) -> str:
    """Return what the places on a page need, with the atlases themselves."""
    atlases = "".join(f"<script>{atlas_script(name)}</script>" for name in names)
    return f'<style>{player_style()}</style>{atlases}<script data-atlases="">{player_script()}</script>'


def _image(data: str, told: dict[str, Any]) -> str:
    width = f' width="{told["width"]}"' if "width" in told else ""
    return f'<img src="data:{_PICTURE};base64,{"".join(data.split())}" alt="{escape(told["alt"])}"{width}>'
