"""Fixtures of all these rooms: the small courses of authoring."""

from tests.workshop.authoring.conftest import built, course

__all__ = ["built", "course"]
