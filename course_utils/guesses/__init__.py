"""Predictions that a reader makes before a cell is run: asked, kept, shown beside what came out, and counted."""

from course_utils.guesses.calibration import calibration
from course_utils.guesses.form import guess
from course_utils.guesses.outcome import outcome
from course_utils.guesses.question import answer

__all__ = ["answer", "calibration", "guess", "outcome"]
