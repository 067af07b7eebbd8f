"""Tested helpers and live figures for a course on dropout and L1/L2 regularization."""

import sys

if sys.version_info < (3, 10):  # noqa: UP036 - pip says so too, but the course need not be installed
    _NEEDED = "The course needs Python 3.10 or newer, this is %d.%d: run it with another one, as README.md says."
    _NEEDED %= sys.version_info[:2]  # in words that Python 2 understands
    if sys.argv[:1] in (["-m"], ["-c"]):  # `python -m course_utils.lab` says a line, and no traceback
        sys.exit(_NEEDED)
    raise ImportError(_NEEDED)

__version__ = "0.1.0"
