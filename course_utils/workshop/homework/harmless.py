"""Texts of students, made harmless before nbgrader shows them in Jupyter's own pages.

Whatever ran there would run as whoever grades, with Jupyter's terminals. So a text becomes HTML here, by the renderer
that nbgrader uses, and what could run, fetch or lead somewhere is taken out of it. That HTML then stands in the text's
place: one block without an empty line, which Markdown passes on as it is.
"""

from __future__ import annotations

import hashlib
import json
import re
from html import escape
from typing import Any

import nbformat
import nh3
from bs4 import BeautifulSoup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath, import_plugin
from nbformat import NotebookNode

__all__ = ["changed_cells", "harmless", "harmless_html"]

TAGS = {
    "b", "blockquote", "br", "caption", "code", "dd", "del", "details", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4",
    "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "s", "samp", "small", "span", "strong",
    "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "var",
}  # fmt: skip
PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+")
# Patterns of what an attribute may say. Neither ids nor classes of nbgrader's own page: its buttons go by them.
ATTRIBUTES = {
    "img": {"src": PICTURE.pattern, "alt": r"[^\0]*"},
    "ol": {"start": r"\d{1,6}"},
    "td": {"style": r"text-align: ?(left|right|center);?", "colspan": r"\d\d?", "rowspan": r"\d\d?"},
    "div": {"class": "highlight"},
    "span": {"class": r"[a-z][a-z0-9]?"},  # of Pygments
}
ATTRIBUTES["th"] = ATTRIBUTES["td"]
ADDRESS = re.compile(r"(https?://|mailto:)\S+", re.IGNORECASE)
RAW_TAG = re.compile(r"<(?=[!?/a-zA-Z])(?:/?([a-zA-Z][a-zA-Z0-9]*)(?=[\s/>]))?(?=([^<>]*))")
LONGEST = 10_000  # characters of a text that is rendered, beside its pictures: a longer one could take minutes
MOST = 99  # formulas begun with this sign: one that does not end is looked for in all that follows
# What links, loads or styles in a formula; MathJax refuses most of it by itself, if it is set up so.
COMMAND = re.compile(
    r"\\(?=(?:bbox|class|cssId|data|href|html\w*|id|include\w*|mmlToken|require|style|unicode|url)(?![a-zA-Z]))"
)


def harmless(notebook: NotebookNode) -> NotebookNode:
    """Return a copy whose answers in words are HTML without anything that runs.

    Each keeps the digest of what was handed in, since its own text no longer tells whether that changed.
    """
    copy = nbformat.from_dict(notebook)
    for cell in copy.cells:
        if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("solution"):
            cell.metadata["handed_in"] = handed_in(cell)
            cell.source = harmless_html(cell.source, cell.pop("attachments", {}))
    return copy


def changed_cells(old: NotebookNode, new: NotebookNode) -> set[str]:
    """Return the cells in which something else was handed in than before."""
    before = {cell.id: handed_in(cell) for cell in old.cells}
    return {cell.id for cell in new.cells if before.get(cell.id) != handed_in(cell)}


def handed_in(cell: NotebookNode) -> str:
    """Return what tells one handed-in text from another."""
    known = cell.metadata.get("handed_in")
    return known or hashlib.sha256(json.dumps([cell.source, cell.get("attachments", {})]).encode()).hexdigest()


def harmless_html(text: str, attachments: dict[str, dict[str, str]]) -> str:
    """Return Markdown as one line of HTML; rendered again as Markdown it stays what it is."""
    try:
        short, pictures = without_pictures(text)
        if len(short) > LONGEST or short.count(r"\\[") > MOST:
            raise ValueError("it would take too long")
        html = told(rendered(short, attachments), pictures)
    except Exception:  # of a renderer that was given anything at all: then the text is shown as it was written
        html = f"<pre>{escape(text)}</pre>"
    html = nh3.clean(html, tags=TAGS, attributes=NAMES, attribute_filter=fit, url_schemes={"data"})
    html = COMMAND.sub(r"\\ ", html)
    return "<div>" + html.replace("\r", "").replace("\n", "&#10;").replace("\t", "&#9;") + "</div>"


NAMES = {tag: set(known) for tag, known in ATTRIBUTES.items()}


def fit(tag: str, name: str, value: str) -> str | None:
    """Return an attribute's value, or None where it may not stand."""
    pattern = ATTRIBUTES.get(tag, {}).get(name)
    return value if pattern and re.fullmatch(pattern, value) else None


class Renderer(IPythonRenderer):
    """nbconvert's renderer, but what would not be shown is shown as it was written: tags as such, and `x<y and z>w`."""

    def inline_html(self, html: str) -> str:
        """Return HTML within a line."""
        return str(super().inline_html(spelled_out(html)))

    def block_html(self, html: str) -> str:
        """Return HTML on lines of its own."""
        return str(super().block_html(spelled_out(html)))


def spelled_out(html: str) -> str:
    """Return HTML in which tags that are not allowed are text, and with them the `<b and b>` of `a<b and b>c`."""

    def tag(found: re.Match[str]) -> str:
        name, rest = (found[1] or "").lower(), found[2].strip(" /\n")
        meant = name in TAGS | {"a"} and (rest in ("", "open") or "=" in rest)
        return found[0] if meant else "&lt;" + found[0][1:]

    return RAW_TAG.sub(tag, html)


def rendered(text: str, attachments: dict[str, dict[str, str]]) -> str:
    """Return Markdown as HTML; a box to tick stays `[x]`."""
    plugins = [import_plugin(name) for name in MarkdownWithMath.DEFAULT_PLUGINS if name != "task_lists"]
    renderer = Renderer(escape=False, exclude_anchor_links=True, attachments=attachments)
    return MarkdownWithMath(renderer, plugins=plugins).render(text)


def without_pictures(text: str) -> tuple[str, dict[str, str]]:
    """Return a text with names in place of the pictures in it, and the pictures by these names."""
    pictures = {f"picture-{number}": found for number, found in enumerate(dict.fromkeys(PICTURE.findall(text)))}
    names = {found: name for name, found in pictures.items()}
    return PICTURE.sub(lambda found: names[found[0]], text), pictures


def told(html: str, pictures: dict[str, str]) -> str:
    """Return HTML whose links, and pictures from elsewhere, are words and an address.

    A link would have to be followed on trust: some addresses of Jupyter's own server run what they say.
    """
    soup = BeautifulSoup(html, "html.parser")
    for link in soup("a"):
        link.append(address(link, "href", link.get_text()))
        link.unwrap()
    for picture in soup("img"):
        source = str(picture.get("src", ""))
        picture["src"] = pictures.get(source, source)
        if not PICTURE.fullmatch(str(picture["src"])):
            picture.replace_with(f"[picture: {picture.get('alt', '')}{address(picture, 'src', '')}]")
    return str(soup)


def address(element: Any, name: str, said: str) -> str:
    """Return where an element leads, in parentheses, or "" where its own words say it."""
    found = str(element.get(name, ""))
    shown = found.removeprefix("mailto:")
    return f" ({shown})" if ADDRESS.fullmatch(found) and shown not in said else ""
