"""Handouts: one sheet of paper for each chapter, as a web page that prints well and, with a Chromium, as a PDF.

A handout's text is `handout.md` beside the chapter's source: Markdown with excerpts of the chapter.

- `# Title` and what follows it stand at the head of the sheet.
- `## Heading` begins a section in one of two columns; with a line `---` above it, it goes across both.
- `@code KEY [NAME]` and `@solution KEY [NAME]` show code without its docstrings, `@output KEY` what a cell shows.
"""

from __future__ import annotations

import ast
import html
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Literal

from nbformat import NotebookNode

from course_utils.texts import side_by_side, speaking
from course_utils.workshop.authoring.chapters import Chapter, ChapterError
from course_utils.workshop.authoring.files import replace_file
from course_utils.workshop.authoring.languages import source_in, text_in
from course_utils.workshop.authoring.source import Source
from course_utils.workshop.excerpts import Excerpt, excerpt_code, executed_cells, read_excerpts
from course_utils.workshop.fonts import style_sheet
from course_utils.workshop.formulas import line_to_html, to_html
from course_utils.workshop.handouts.plans import contents, plans_path, read_plans
from course_utils.workshop.phrases import phrase, spoken

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

Paper = Literal["A4", "Letter"]

WORDS = ("code", "solution", "output")
TEMPLATE = Path(__file__).with_name("template")
# In the PDF alone: some browsers take 100vh for the height of their window even when they print.
_AT_THE_FOOT = "@media print { body.handout { min-height: calc(100vh - 1mm) } }"
_LICENCE = "Text and figures: CC BY 4.0, the course's authors."


@dataclass
class _Section:
    """A heading and what stands below it; `wide` if it goes across both columns."""

    heading: str
    wide: bool = False
    body: list[str | Excerpt] = field(default_factory=list)


def handout_path(chapter: Chapter) -> Path:
    """Return where the text of a chapter's handout stands."""
    return chapter.folder / "handout.md"


def write_handout(chapter: Chapter, out: Path, paper: Paper = "A4", language: str = "") -> list[Path]:
    """Write a chapter's handout.

    Parameters
    ----------
    chapter
        The chapter. Its notebook is needed only if the handout shows what a cell gives.
    out
        The folder to write into; it is made if need be.
    paper
        The sheet of the PDF. The page itself prints on either.
    language
        In which it is, "" for English; it goes into a folder of its name.

    Returns
    -------
    list of Path
        The page and, if there is a browser that prints it, the PDF; see `printing_obstacle`.

    Raises
    ------
    ChapterError
        If the handout has no text, it names what the chapter does not have, or the notebook is missing or says
        something else than its source.
    """
    return _write(out / language, chapter.stem, handout_page(chapter, language), paper)


def write_plans(chapters: Sequence[Chapter], out: Path, paper: Paper = "A4", language: str = "") -> list[Path]:
    """Write the plans for lectures, at their head a table of all sections with their minutes.

    Parameters
    ----------
    chapters
        All chapters of the course.
    out, paper, language
        As for `write_handout`.

    Returns
    -------
    list of Path
        The page and, if there is a browser that prints it, the PDF.

    Raises
    ------
    ChapterError
        If there are no plans, or they name a section that its chapter does not have.
    """
    return _write(out / language, "plans", plans_page(chapters, language), paper)


def handout_page(chapter: Chapter, language: str = "") -> str:
    """Make a chapter's handout as one web page that needs nothing beside it; errors as for `write_handout`."""
    with speaking(language):
        return _handout_page(chapter, language)


def _handout_page(chapter: Chapter, language: str) -> str:
    path = handout_path(chapter)
    if not path.exists():
        raise ChapterError(f"{path}: is missing, so chapter {chapter.short_name} has no handout")
    source = source_in(chapter, language)
    head, *sections = _sections(read_excerpts(path, source, WORDS, text_in(path, path.parent, language)), path)
    shown = _outputs(chapter, source, [head, *sections])
    try:
        return _page(
            kind="handout",
            title=head.heading,
            head=f"<h1>{line_to_html(head.heading)}</h1>\n{_body(head, source, shown)}",
            body="\n".join(_section(section, source, shown) for section in sections),
            foot=side_by_side(
                phrase("The whole chapter: <code>{notebook}</code>.", notebook=_shown_path(chapter, language)),
                phrase(_LICENCE),
            ),
            language=language,
        )
    except ChapterError as error:  # of a formula, which does not know where it stands
        raise ChapterError(f"{path}: {error}") from error


def _shown_path(chapter: Chapter, language: str) -> str:
    return f"notebooks/{language}{'/' * bool(language)}{chapter.notebook.name}"


def plans_page(chapters: Sequence[Chapter], language: str = "") -> str:
    """Make the page of plans and minutes; errors as for `write_plans`."""
    with speaking(language):
        return _plans_page(chapters, language)


def _plans_page(chapters: Sequence[Chapter], language: str) -> str:
    sources = [source_in(chapter, language) for chapter in chapters if chapter.source.exists()]
    path = plans_path(sources)
    plans = read_plans(path, sources)
    introduction, *texts = re.split(r"^(?=## )", text_in(path, path.parent, language), flags=re.MULTILINE)
    title, _, introduction = introduction.removeprefix("# ").partition("\n")
    sheets = [f"<section>\n{contents(plans, sources)}\n</section>"]
    sheets += [f'<section id="plan-{number}">\n{to_html(text)}</section>' for number, text in enumerate(texts)]
    head = f"<h1>{line_to_html(title)}</h1>\n{to_html(introduction)}"
    return _page(kind="plans", title=title, head=head, body="\n".join(sheets), foot=phrase(_LICENCE), language=language)


def printing_obstacle() -> str:
    """Say in one line why pages are not printed to PDF; "" if they are."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        return "no PDF, since Playwright is not installed; print the page from any browser"
    with sync_playwright() as playwright:
        if browser := _launch(playwright):
            browser.close()
            return ""
    return "no PDF, since there is no Chromium, Chrome or Edge here; print the page from any browser"


def print_page(browser: Browser, page: Path, paper: Paper) -> bytes:
    """Print a page to PDF; its margins are those of the style sheet."""
    sheet = browser.new_page()
    sheet.goto(page.resolve().as_uri())
    sheet.add_style_tag(content=_AT_THE_FOOT)
    sheet.evaluate("document.fonts.ready")
    return sheet.pdf(format=paper, print_background=True, tagged=True)


def _sections(parts: Sequence[str | Excerpt], path: Path) -> list[_Section]:
    """Cut a text at its headings; the first section is the head of the sheet."""
    title, _, rest = str(parts[0] if parts else "").partition("\n")
    if not title.startswith("# "):
        raise ChapterError(f"{path}:1: a handout begins with `# ` and its title")
    sections, wide = [_Section(title.removeprefix("# "))], False
    for part in [rest, *parts[1:]]:
        if isinstance(part, Excerpt):
            sections[-1].body.append(part)
            continue
        for piece in re.split(r"^(---|## .+)$", part, flags=re.MULTILINE):
            if piece.startswith("## "):
                sections.append(_Section(piece.removeprefix("## "), wide))
            elif piece.strip() and piece != "---":
                sections[-1].body.append(piece)
            wide = piece == "---" or (wide and not piece.strip())
    return sections


def _outputs(chapter: Chapter, source: Source, sections: Sequence[_Section]) -> dict[str, str]:
    """Return what each cell shows that the text asks for, by its key."""
    parts = [part for section in sections for part in section.body]
    keys = [part.keys[0] for part in parts if isinstance(part, Excerpt) and part.word == "output"]
    cells = executed_cells(chapter, source.language) if keys else {}
    shown = {}
    for key in keys:
        try:
            shown[key] = "\n".join(_shown(output) for output in cells[key].outputs)
        except ValueError as error:
            raise source.error(key, str(error)) from error
        if not shown[key]:
            raise source.error(key, "it shows nothing, so @output has nothing to put there")
    return shown


def _shown(output: NotebookNode) -> str:
    """Return one output as HTML, a picture inside the page itself."""
    if output.output_type == "stream":
        return f"<pre>{html.escape(output.text.rstrip())}</pre>"
    data = output.get("data", {})
    if picture := data.get("image/png"):
        details = output.metadata.get("image/png", {})
        if not details.get("alt"):
            raise ValueError("its picture has no alt text")
        width = f' width="{details["width"]}"' if "width" in details else ""
        return f'<img src="data:image/png;base64,{picture.strip()}" alt="{html.escape(details["alt"])}"{width}>'
    return f"<pre>{html.escape(data['text/plain'])}</pre>" if "text/plain" in data else ""


def _section(section: _Section, source: Source, shown: dict[str, str]) -> str:
    kind = ' class="wide"' if section.wide else ""
    return f"<section{kind}>\n<h2>{line_to_html(section.heading)}</h2>\n{_body(section, source, shown)}\n</section>"


def _body(section: _Section, source: Source, shown: dict[str, str]) -> str:
    pieces, listings = [], []
    for part in [*section.body, ""]:
        if isinstance(part, Excerpt) and part.word != "output":
            listings.append(to_html(f"```python\n{_without_docstrings(excerpt_code(source, part))}\n```"))
            continue
        if listings:  # short ones stand side by side
            pieces.append(f'<div class="listings">{"".join(listings)}</div>')
            listings = []
        pieces.append(f"<figure>{shown[part.keys[0]]}</figure>" if isinstance(part, Excerpt) else to_html(part))
    return "\n".join(piece.strip() for piece in pieces if piece.strip())


def _without_docstrings(code: str) -> str:
    """Leave out docstrings: on paper the words around the code say what it does."""
    lines: list[str | None] = list(code.split("\n"))
    try:
        nodes = list(ast.walk(ast.parse(code)))
    except SyntaxError:  # a line that begins with %
        return code
    for node in nodes:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node) and len(node.body) > 1:
            first, second = node.body[:2]
            lines[first.lineno - 1 : second.lineno - 1] = [None] * (second.lineno - first.lineno)
    return "\n".join(line for line in lines if line is not None)


def _page(kind: str, title: str, head: str, body: str, foot: str, language: str) -> str:
    style = style_sheet(TEMPLATE / "page.css")
    template = Template(spoken((TEMPLATE / "page.html").read_text(encoding="utf-8")))
    plain = html.escape(title.replace("`", ""))
    parts = {"kind": kind, "title": plain, "style": style, "head": head, "body": body, "foot": foot}
    return template.substitute(parts, tag=language or "en")


def _write(out: Path, name: str, page: str, paper: Paper) -> list[Path]:
    """Write a page and, if that can be done, print it."""
    written = out / f"{name}.html"
    try:
        out.mkdir(parents=True, exist_ok=True)
        replace_file(written, page.encode())
        pdf = _print(written, paper)
        if pdf:
            replace_file(written.with_suffix(".pdf"), pdf)
    except OSError as error:
        raise ChapterError(f"{error.filename or written}: cannot be written: {error.strerror}") from error
    return [written, written.with_suffix(".pdf")] if pdf else [written]


def _print(page: Path, paper: Paper) -> bytes:
    """Print a page; b"" without a browser that could."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        return b""
    with sync_playwright() as playwright:
        browser = _launch(playwright)
        if browser is None:
            return b""
        try:
            return print_page(browser, page, paper)
        finally:
            browser.close()


def _launch(playwright: Playwright) -> Browser | None:
    """Start the system's Chromium, or a browser made from it; Playwright's own download is not asked for."""
    from playwright.sync_api import Error

    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((path for name in names if (path := shutil.which(name))), None)
    for channel in (None,) if path else ("chrome", "msedge"):
        try:
            return playwright.chromium.launch(executable_path=path, channel=channel)
        except Error:
            continue
    return None
