"""What an error in a learner's code means to the learner, with the line where it happened."""

from __future__ import annotations

import sysconfig
import traceback
from itertools import islice
from pathlib import Path

from course_utils.exercises.limits import Stopped
from course_utils.exercises.mistake import Mistake
from course_utils.exercises.verdict import Case
from course_utils.texts import sentence

__all__ = ["is_stub", "mistake_of"]

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
    own = (frame for frame in reversed(traceback.extract_tb(error.__traceback__)) if is_the_learners(frame))
    lines = tuple((sentence("line", line=frame.lineno), frame.line) for frame in islice(own, 1))
    return Mistake("raises-an-error", (("error", words(error)), *lines, *given))


def is_stub(error: BaseException) -> bool:
    """Return whether an error marks an exercise that nobody has begun: raised in the learner's own line."""
    frames = traceback.extract_tb(error.__traceback__)
    return isinstance(error, NotImplementedError) and not frames[-1].filename.startswith(OTHERS)


def is_the_learners(frame: traceback.FrameSummary) -> bool:
    """Return whether the learner wrote a line; those of compiled code have no text."""
    return bool(frame.line) and not frame.filename.startswith(OTHERS)


def words(error: BaseException) -> str:
    """Return the kind of an error and what it says, if it can say it."""
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:
        return type(error).__name__
