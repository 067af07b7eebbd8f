"""Slides of a chapter, for any browser."""

from course_utils.workshop.slides.deck import write_slides

__all__ = ["write_slides"]
