"""Live figures drawn for a large room: a cell's call made once more, with larger type."""

import ast
import base64
import importlib
import importlib.util
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from course_utils.workshop.demos.catalogue import DEMOS

_LIVE = "course_utils.live"
_NEED_TORCH = {demo.factory: demo.module for demo in DEMOS if demo.needs_torch}
_PNG = "image/png"


def stage_output(code: str) -> NotebookNode | None:
    """Draw the live figure of a cell at the size for a stage.

    Parameters
    ----------
    code
        The cell. Only a cell of imports and one call of a live figure, with plain values, is drawn.

    Returns
    -------
    NotebookNode or None
        The picture as an output; None if the cell is another one, or PyTorch is needed and missing.
    """
    call = _live_call(code)
    factory = _factory(call) if call else None
    if call is None or factory is None:
        return None
    arguments = [ast.literal_eval(value) for value in call.args]
    named = {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in call.keywords}
    data, metadata = factory(*arguments, **named, stage=True)._repr_mimebundle_()
    picture = base64.b64encode(data[_PNG]).decode("ascii")
    return new_output("display_data", {_PNG: picture}, metadata={_PNG: {"alt": metadata[_PNG]["alt"]}})


def _live_call(code: str) -> ast.Call | None:
    """Return the call that a cell ends with, if it has only imports besides and the call only plain values."""
    try:
        *before, last = ast.parse(code).body or [ast.Pass()]
    except SyntaxError:  # such as a line that begins with %
        return None
    if not all(isinstance(one, (ast.Import, ast.ImportFrom)) for one in before):
        return None
    call = last.value if isinstance(last, ast.Expr) else None
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and all(one.arg for one in call.keywords)):
        return None
    try:
        for value in [*call.args, *(keyword.value for keyword in call.keywords)]:
            ast.literal_eval(value)
    except ValueError:
        return None
    return call


def _factory(call: ast.Call) -> Any:
    """Return the function that makes the live figure, None if the call is of another."""
    name = call.func.id  # type: ignore[attr-defined]  # a Name
    if name in _NEED_TORCH and importlib.util.find_spec("torch") is None:
        return None
    module = importlib.import_module(_NEED_TORCH.get(name, _LIVE))
    return getattr(module, name) if name in module.__all__ else None
