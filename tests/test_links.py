"""Links: those inside the project lead somewhere, the others have the form of an address."""

import re
from urllib.parse import urlsplit

import nbformat
import pytest

from tests import ROOT

LINK = re.compile(r"(?<!\\)\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$", re.DOTALL)


def read(path):
    """Give a text with links: a file of Markdown, or the text cells of a notebook."""
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8")
    cells = nbformat.read(path, as_version=4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


FILES = [
    path
    for folder in ("notebooks", "course_utils", "tests", "benchmarks")
    for path in sorted((ROOT / folder).rglob("*"))
    # A translation has the links of its English; what becomes of them stands in its notebook.
    if path.suffix in (".md", ".ipynb") and "/." not in path.as_posix() and path.name != "prose.md"
]
DOCUMENTS = {path: read(path) for path in [*sorted(ROOT.glob("README*.md")), *FILES]}


def links(text):
    """Give the targets of all links and pictures in a text."""
    return LINK.findall(FORMULA.sub("", CODE.sub("", text)))


def anchors(text):
    """Give the names by which GitHub and Jupyter reach a text's headings."""
    titles = re.findall(r"^#+ +(.+?) *$", CODE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles} | {
        title.replace(" ", "-") for title in titles
    }


def fault(path, target):
    """Say what is wrong with a link, or ""."""
    parts = urlsplit(target)
    if parts.scheme:
        well_formed = parts.scheme == "https" and re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", parts.netloc)
        return "" if well_formed else "is no https address"
    file = (path.parent / parts.path).resolve() if parts.path else path
    if not file.exists():
        return "leads to no file"
    if not file.is_relative_to(ROOT):
        return "leads out of the project"
    if parts.fragment and parts.fragment not in anchors(DOCUMENTS.get(file, "")):
        return "leads to no heading"
    return ""


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path):
    # Slides, notes and handouts are shown elsewhere; what they link to must stand in full.
    assert {target: why for target in links(DOCUMENTS[path]) if (why := fault(path, target))} == {}


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("nowhere.md", "leads to no file"),
        ("/etc/hosts", "leads out of the project"),
        ("README.md#no-such-heading", "leads to no heading"),
        ("http://example.org", "is no https address"),
        ("https://nowhere", "is no https address"),
        ("ftp://example.org/file", "is no https address"),
        ("README.md#chapters", ""),
        ("course_utils", ""),
        ("https://example.org/a?b=c#d", ""),
    ],
)
def test_faults_are_found(target, why):
    assert links(f"a [link]({target}) and `[none](nowhere)`") == [target]
    assert fault(ROOT / "README.md", target) == why


def test_there_are_links_to_follow():
    internal = [target for text in DOCUMENTS.values() for target in links(text) if not urlsplit(target).scheme]
    assert len(internal) > 20
