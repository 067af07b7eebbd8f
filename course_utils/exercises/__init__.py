"""Exercises: checks that test how an answer behaves and say which mistake was made."""

from course_utils.exercises.check import check, hint, solution

__all__ = ["check", "hint", "solution"]
