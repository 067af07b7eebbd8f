"""Fixtures of all these rooms: the small courses of authoring."""

from tests.workshop.authoring.conftest import built, chapter_text, course

__all__ = ["built", "chapter_text", "course"]
