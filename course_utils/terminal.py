"""Printing where a terminal, a pipe or a file cannot take every character, such as ✓ or λ on an old Windows."""

import io
import sys

__all__ = ["say", "show_any_text"]


def say(text: object) -> None:
    """Print to stdout; a character that it does not have becomes a question mark, and no error."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"  # a stream of a reader's own may have none
    print(str(text).encode(encoding, "replace").decode(encoding))


def show_any_text() -> None:
    """Let stdout do so for all that a program prints from now on; stderr has a way of its own from Python."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
