"""Solutions of exercises: the lines between two markers, which a student's notebook does not show."""

import re

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
STUB = 'raise NotImplementedError("your turn")'

# A marker with a typing error would show students the solution, so whatever looks like one must be exact.
_LOOKS_LIKE_A_MARKER = re.compile(r"\s*#.*\b(BEGIN|END)\W*SOLUTION", re.IGNORECASE)


class SolutionError(ValueError):
    """Markers that do not pair up.

    Parameters
    ----------
    message
        What is wrong.
    line
        Where, counted from 1 within the cell.
    """

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def has_solution(text: str) -> bool:
    """Say whether a code cell is an exercise, that is, holds a solution."""
    return any(line.strip() == BEGIN for line in text.split("\n"))


def without_solutions(text: str) -> str:
    """Replace each solution by a line that raises NotImplementedError, as a student gets it.

    Raises
    ------
    SolutionError
        If the markers do not pair up.
    """
    return _rewrite(text, keep=False)


def without_markers(text: str) -> str:
    """Keep the solutions and drop the marker lines, as an instructor gets it.

    Raises
    ------
    SolutionError
        If the markers do not pair up.
    """
    return _rewrite(text, keep=True)


def _rewrite(text: str, *, keep: bool) -> str:
    lines: list[str] = []
    begun = 0  # line of the open BEGIN marker; 0 outside a solution
    for number, line in enumerate(text.split("\n"), start=1):
        marker = line.strip()
        if marker == BEGIN:
            if begun:
                raise SolutionError(f"{BEGIN} again before {END}", number)
            begun = number
            if not keep:
                lines.append(line[: len(line) - len(line.lstrip())] + STUB)
        elif marker == END:
            if not begun:
                raise SolutionError(f"{END} without {BEGIN}", number)
            begun = 0
        elif _LOOKS_LIKE_A_MARKER.match(line):
            raise SolutionError(f"a marker is exactly `{BEGIN}` or `{END}`, not `{marker}`", number)
        elif keep or not begun:
            lines.append(line)
    if begun:
        raise SolutionError(f"{BEGIN} without {END}", begun)
    return "\n".join(lines)
