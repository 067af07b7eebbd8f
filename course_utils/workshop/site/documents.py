"""Texts of the project that are pages of its site too: on accessibility, and on how good the feedback is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from course_utils.texts import texts

__all__ = ["DOCUMENTS", "Document", "read_documents"]

# The name of each page, and the file in the project that it is made of; links in it must stand in full.
DOCUMENTS = {"accessibility": ".github/ACCESSIBILITY.md", "feedback": "benchmarks/feedback/results.md"}


@dataclass(frozen=True)
class Document:
    """A page that is no chapter: its file in the site, its title, and its text, which is Markdown."""

    file: str
    title: str
    text: str

    @property
    def named(self) -> str:
        """What it is called on other pages, in their language."""
        return texts()["documents"].get(self.title, self.title)


def read_documents(root: Path) -> list[Document]:
    """Return the documents of a project; a course of somebody else's may lack them."""
    found = []
    for name, path in DOCUMENTS.items():
        if (root / path).is_file():
            text = (root / path).read_text(encoding="utf-8")
            title = re.search(r"^# (.+)$", text, re.MULTILINE)
            found.append(Document(f"{name}.html", title[1] if title else name.capitalize(), text))
    return found
