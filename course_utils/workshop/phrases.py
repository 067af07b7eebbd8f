"""The words of the workshop's own pages: templates and code have them in English, texts in other languages.

The table `phrases` of `course_utils/texts/pages.toml` lists them, each by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader

from course_utils.texts import texts

__all__ = ["SpokenLoader", "pattern_of", "phrase", "spoken"]


def phrase(english: str, **parts: Any) -> str:
    """Return a phrase of the course's pages in the language that it speaks, its fields filled in."""
    return texts()["phrases"][english].format(**parts)


def spoken(text: str) -> str:
    """Return a template, a page or a script with its phrases in the language that the course speaks."""
    told = texts()["phrases"]
    if told == texts("en")["phrases"]:
        return text
    for english in sorted(told, key=len, reverse=True):
        text = pattern_of(english).sub(told[english].replace("\\", r"\\"), text)
    return text


@cache
def pattern_of(english: str) -> re.Pattern[str]:
    """Return what finds a phrase in a template; its spaces may be a line's end, and one word stands between signs."""
    words = r"\s+".join(map(re.escape, english.split()))
    between = ('(?<=[>"])', r'(?=[<"])') if " " not in english else (r"(?<![\w-])", r"(?![\w-])")
    return re.compile(f"{between[0]}{words}{between[1]}")


class SpokenLoader(FileSystemLoader):
    """Loads templates in the language that the course speaks."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Return a template's text, its path, and whether it is up to date."""
        text, path, _ = super().get_source(environment, template)
        return spoken(text), path, lambda: False
