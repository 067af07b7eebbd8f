"""Links: those inside the project lead somewhere, the others have the form of an address."""

import re
from urllib.parse import urlsplit

import nbformat
import pytest

from tests import ROOT

LINK = re.compile(r"(?<!\\)\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$", re.DOTALL)


def documents():
    """Give every text with links by its path: Markdown files, and the text cells of each notebook."""
    folders = (ROOT / name for name in ("notebooks", "course_utils", "tests", "benchmarks"))
    files = [path for folder in folders for kind in ("*.md", "*.ipynb") for path in sorted(folder.rglob(kind))]
    found = {}
    for path in [ROOT / "README.md", *(path for path in files if "/." not in path.as_posix())]:
        if path.suffix == ".md":
            found[path] = path.read_text(encoding="utf-8")
        else:
            cells = nbformat.read(path, as_version=4).cells
            found[path] = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return found


DOCUMENTS = documents()


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


def test_there_are_links_to_follow():
    internal = [target for text in DOCUMENTS.values() for target in links(text) if not urlsplit(target).scheme]
    assert len(internal) > 20


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("nowhere.md", "leads to no file"),
        ("../elsewhere.md", "leads to no file"),
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
    assert fault(ROOT / "README.md", target) == why
