"""What an error in a learner's code means to the learner, with the line where it happened."""

from __future__ import annotations

import sysconfig
import traceback
from pathlib import Path

from course_utils.exercises.limits import Stopped
from course_utils.exercises.mistake import Mistake
from course_utils.exercises.verdict import Case

__all__ = ["mistake_of"]

# Where code lies that the learner did not write, and whose lines say nothing to them.
OTHERS = (str(Path(__file__).parents[1]), *(sysconfig.get_paths()[kind] for kind in ("stdlib", "purelib", "platlib")))
NAMED = {
    Stopped: "endless-loop",
    MemoryError: "too-much-memory",
    RecursionError: "endless-recursion",
    SystemExit: "calls-exit",
}


def mistake_of(error: BaseException, given: Case = ()) -> Mistake:
    """Return the mistake that an error shows; ``given`` are the arguments with which the code was called."""
    if isinstance(error, Mistake):
        return error
    for kind, misconception in NAMED.items():
        if isinstance(error, kind):
            return Mistake(misconception, given)
    frames = traceback.extract_tb(error.__traceback__)
    line = next((frame for frame in reversed(frames) if not frame.filename.startswith(OTHERS)), frames[-1])
    return Mistake(
        "raises-an-error",
        (("error", f"{type(error).__name__}: {error}"), (f"line {line.lineno}", line.line or "not known"), *given),
    )
