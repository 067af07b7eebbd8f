"""Fixtures of these tests: the same small courses as for authoring."""

from tests.workshop.authoring.conftest import built, chapter_text, course

__all__ = ["built", "chapter_text", "course"]
