"""What nbconvert needs besides itself to make a web page of a notebook that everybody can read."""

from html import escape
from typing import Any

from nbformat import NotebookNode

__all__ = ["spoken_pictures"]

_PICTURE = "image/png"
_WIDGET_STATE = "application/vnd.jupyter.widget-state+json"


def spoken_pictures(notebook: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
    """Let each picture say what it shows, and stand in the place of its live figure; a preprocessor of nbconvert.

    nbconvert's usual template leaves the descriptions out. And where the state of widgets was saved it prefers them to
    their pictures, though without a kernel they do nothing, and without a network nothing is seen of them.

    Parameters
    ----------
    notebook
        The notebook to be shown; changed in place.
    resources
        What nbconvert knows besides; nothing is done to it.

    Returns
    -------
    tuple
        Both of them.
    """
    if "state" not in notebook.metadata.get("widgets", {}).get(_WIDGET_STATE, {}):
        notebook.metadata.pop("widgets", None)  # Colab saves it in a form at which nbconvert stops
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            told = output.get("metadata", {}).get(_PICTURE, {})
            if _PICTURE in output.get("data", {}) and told.get("alt"):
                output.data = NotebookNode({"text/html": _image(output.data[_PICTURE], told)})
    return notebook, resources


def _image(data: str, told: dict[str, Any]) -> str:
    width = f' width="{told["width"]}"' if "width" in told else ""
    return f'<img src="data:{_PICTURE};base64,{"".join(data.split())}" alt="{escape(told["alt"])}"{width}>'
