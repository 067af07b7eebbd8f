"""What a chapter's cells must show: asserts in `expected.py`, run behind the cells of the same keys.

They stand apart from the readers' cells, since they would give the answer to *Predict* away. Each runs in the kernel of
its cell, in a copy of the kernel's names, and leaves no random generator another than it was.
"""

import ast
import linecache
import random
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from course_utils.texts import speaking

__all__ = ["call_of", "hold", "say_again", "words_of"]

SPEAKS = {"calibration", "check", "guess", "hint", "outcome", "show_environment", "solution"}


def call_of(text: str, key: str) -> str:
    """Return the line by which a kernel runs the expectation of a cell; what fails in it is an AssertionError."""
    return f'__import__("{__name__}", fromlist=["hold"]).hold({text!r}, {key!r}, globals())'


def hold(text: str, key: str, namespace: dict[str, Any]) -> None:
    """Run an expectation in a copy of a namespace, and put every random generator back.

    Raises
    ------
    AssertionError
        If an assert fails, or anything else is raised; the message has the line.
    """
    name = f"<expected of {key}>"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    try:
        with unmoved(namespace):
            exec(compile(text, name, "exec"), dict(namespace))
    except Exception as error:
        line = next((frame.line for frame in traceback.extract_tb(error.__traceback__) if frame.filename == name), "")
        said = "" if isinstance(error, AssertionError) else f" ({type(error).__name__}: {error})"
        raise AssertionError(f"what {key} must show does not hold: {line or text}{said}") from None


def words_of(text: str, language: str) -> str:
    """Return the line by which a kernel says again in a language what the lines of a cell say that speak; "" for none.

    These are the calls of checks, hints, guesses and their outcomes, and of the check of the environment.
    """
    try:
        calls = [node.value for node in ast.parse(text).body if isinstance(node, ast.Expr)]
    except SyntaxError:  # a line that begins with %
        return ""
    calls = [one for one in calls if isinstance(one, ast.Call) and getattr(one.func, "id", "") in SPEAKS]
    lines = "\n".join(map(ast.unparse, calls))
    module = f'__import__("{__name__}", fromlist=["say_again"])'
    return f"{module}.say_again({lines!r}, {language!r}, globals())" if calls else ""


def say_again(text: str, language: str, namespace: dict[str, Any]) -> None:
    """Run lines in a copy of a namespace while the course speaks a language, and put every random generator back."""
    with unmoved(namespace), speaking(language):
        exec(compile(text, "<said again>", "exec"), dict(namespace))


@contextmanager
def unmoved(namespace: dict[str, Any]) -> Iterator[None]:
    """Put every random generator back that a cell can reach."""
    states = random_states(namespace)
    try:
        yield
    finally:
        for put_back, state in states:
            put_back(state)


def random_states(namespace: dict[str, Any]) -> list[tuple[Any, Any]]:
    """Return for every generator that a cell can reach the function that sets its state, and the state."""
    torch = sys.modules.get("torch")
    return [
        (random.setstate, random.getstate()),
        (np.random.set_state, np.random.get_state()),  # noqa: NPY002 - a chapter may use it
        *([(torch.set_rng_state, torch.get_rng_state())] if torch else []),
        *(
            (lambda state, bits=value.bit_generator: setattr(bits, "state", state), value.bit_generator.state)
            for value in namespace.values()
            if isinstance(value, np.random.Generator)
        ),
    ]
