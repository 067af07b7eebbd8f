"""Fixtures: an empty course, and one with a chapter that is up to date."""

from pathlib import Path

import pytest

from .course import CHAPTER, Course


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """An empty course."""
    (tmp_path / "notebooks" / "source").mkdir(parents=True)
    return Course(tmp_path / "notebooks")


@pytest.fixture
def built(course: Course) -> Course:
    """A course with one chapter, 02_dropout, up to date."""
    course.write("02_dropout", CHAPTER)
    course.pretend_build("02_dropout")
    return course


@pytest.fixture
def chapter_text() -> str:
    """The source of the chapter in `built`."""
    return CHAPTER
