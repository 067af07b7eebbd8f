"""Fixtures: an empty course, and one with a chapter that is up to date."""

from pathlib import Path

import pytest

from course_utils.workshop.authoring.build import build_chapter
from course_utils.workshop.authoring.chapters import Chapter

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


@pytest.fixture(scope="module")
def finished(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course with the chapter of a module of tests, its CHAPTER and the texts BESIDE it, built once."""
    course = new_course(tmp_path_factory.mktemp("course"))
    build_chapter(course.write("03_small", request.module.CHAPTER, request.module.BESIDE))
    return course


@pytest.fixture
def chapter(finished: Course, tmp_path: Path) -> Chapter:
    """The chapter of `finished`, in a copy that a test may change."""
    return finished.copy(tmp_path).chapter("03_small")
