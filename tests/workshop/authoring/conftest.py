"""Fixtures: an empty course, and one with a chapter that is up to date."""

from pathlib import Path

import pytest

from .course import CHAPTER, Course, new_course


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """An empty course."""
    return new_course(tmp_path)


@pytest.fixture
def built(course: Course) -> Course:
    """A course with one chapter, 02_dropout, up to date."""
    course.write("02_dropout", CHAPTER)
    course.pretend_build("02_dropout")
    return course
