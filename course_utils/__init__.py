"""Tested helpers and live figures for a course on dropout and L1/L2 regularization."""

import sys

if sys.version_info < (3, 10):  # noqa: UP036 - pip says so too, but the course need not be installed
    _NEEDED = "The course needs Python 3.10 or newer, this is %d.%d: run it with another one, as README.md says."
    _NEEDED %= sys.version_info[:2]  # in words that Python 2 understands
    if sys.argv[:1] in (["-m"], ["-c"]):  # `python -m course_utils.lab` says a line, and no traceback
        sys.exit(_NEEDED)
    raise ImportError(_NEEDED)


def __getattr__(name: str) -> str:
    """Return ``__version__`` as it was installed: the number itself stands in pyproject.toml alone."""
    from importlib.metadata import PackageNotFoundError, version

    if name == "__version__":
        try:
            return version("course-utils")
        except PackageNotFoundError:
            raise AttributeError("course_utils has no __version__: it lies on the path and is not installed") from None
    raise AttributeError(f"module 'course_utils' has no attribute {name!r}")
