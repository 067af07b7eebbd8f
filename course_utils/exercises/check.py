"""``check(name, answer)``: done, not yet with the mistake named, or not attempted."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

from course_utils.arguments import checked_choice
from course_utils.exercises import dropout_theory, l2_backprop, numpy_dropout, pytorch_dropout
from course_utils.exercises.mistake import Mistake

__all__ = ["check"]

CHECKS = {**dropout_theory.CHECKS, **numpy_dropout.CHECKS, **l2_backprop.CHECKS, **pytorch_dropout.CHECKS}


def check(name: str, answer: Callable[..., Any]) -> None:
    """Print what a learner's ``answer`` to exercise ``name`` does right or wrong; never raise because of it.

    Raises
    ------
    ValueError
        For an exercise that does not exist.
    """
    print(f"{name}: {verdict(CHECKS[checked_choice('name', name, CHECKS)], answer)}")


def verdict(examine: Callable[[Callable[..., Any]], str], answer: Callable[..., Any]) -> str:
    """Return the text for an answer."""
    if not callable(answer):
        return f"not yet. The answer must be a function, got {type(answer).__name__}."
    try:
        return f"done. Verified: {examine(answer)}."
    except NotImplementedError:
        return "not attempted yet. Replace the line with NotImplementedError by your code and run the cell again."
    except Mistake as mistake:
        return f"not yet. {mistake}"
    except Exception as error:  # whatever a learner's code raises is an answer to be read, not a fault of the check
        line = traceback.extract_tb(error.__traceback__)[-1]
        return f"not yet. Your code raised {type(error).__name__}: {error} (at: {line.line})"
