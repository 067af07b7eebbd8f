"""Printing where a terminal, a pipe or a file cannot take every character, such as ✓ or λ on an old Windows.

In a notebook nothing needs to be printed: there a thing shows itself.
"""

import io
import sys
from typing import Any

__all__ = ["running_shell", "say", "show", "show_any_text"]


def say(text: object) -> None:
    """Print to stdout; a character that it does not have becomes a question mark, and no error."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"  # a stream of a reader's own may have none
    print(str(text).encode(encoding, "replace").decode(encoding))


def show_any_text() -> None:
    """Let stdout do so for all that a program prints from now on; stderr has a way of its own from Python."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def running_shell() -> Any:
    """Return the IPython in which this runs, None elsewhere."""
    # Where IPython is not loaded, nothing of it runs.
    return sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None


def show(thing: object, before: Any = None) -> Any:
    """Show a thing as a notebook does, or print it; return by what it can be shown in the same place again.

    Parameters
    ----------
    thing : object
        What is shown.
    before : object, optional
        What this function has returned: the thing takes the place of the one that was shown then.
    """
    if running_shell() is None:
        return say(thing)
    if before is not None:
        before.update(thing)
        return before
    return sys.modules["IPython"].display.display(thing, display_id=True)
