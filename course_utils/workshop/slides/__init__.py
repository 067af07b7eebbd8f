"""Slides of a chapter, for any browser."""
