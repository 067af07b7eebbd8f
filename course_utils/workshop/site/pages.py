"""The chapters as web pages to read: static files without a framework, from the built notebooks as they stand.

A page works from any folder of any host, and from a disk. Where the site has notebooks that run in the browser, it
leads to them; where it has not, it says how to open them.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

from jinja2 import Environment
from nbformat import NotebookNode
from PIL import Image

from course_utils.texts import side_by_side, speaking
from course_utils.workshop.authoring.address import Address, read_address
from course_utils.workshop.authoring.badges import chapter_cells
from course_utils.workshop.authoring.chapters import Chapter, ChapterError
from course_utils.workshop.authoring.editions import student_path
from course_utils.workshop.authoring.facts import Facts, chapter_facts
from course_utils.workshop.authoring.languages import LANGUAGE, anchors, languages, source_in
from course_utils.workshop.authoring.notebook import TERMINAL_COLOUR, cell_id, read_notebook
from course_utils.workshop.authoring.source import read_source
from course_utils.workshop.authoring.translation import Language
from course_utils.workshop.demos.catalogue import demos
from course_utils.workshop.fonts import style_sheet
from course_utils.workshop.formulas import line_to_html, to_html
from course_utils.workshop.phrases import SpokenLoader, phrase, spoken
from course_utils.workshop.players import (
    atlas_of,
    atlas_script,
    figures_script,
    place_for,
    place_of,
    player_script,
    player_style,
    write_players,
)
from course_utils.workshop.questions import asks, place_for_question, questions_script, questions_style
from course_utils.workshop.site.card import social_card
from course_utils.workshop.site.cells import needs_torch
from course_utils.workshop.site.documents import Document, read_documents
from course_utils.workshop.site.letters import shared_letters
from course_utils.workshop.site.metadata import CARD, FAVICON, About, favicon, head, page_at
from course_utils.workshop.site.search import Entry, Heading, entries, headings, index_script, plain_text

TEMPLATE = Path(__file__).with_name("template")
LITE = "lite/lab/index.html?path={notebook}"  # where a chapter runs in the browser, seen from any page
SEARCH_INDEX = "assets/search-index.js"
OPENING = "playground"  # the atlas that the first page plays
FIGURE = "figures/{name}.html"  # a figure on a page of its own, which needs no other file

ENGLISH = Language("", "English", "en")
_FENCE = "`" * 12  # more than any docstring has
_PICTURES = {"image/png": "png", "image/jpeg": "jpg"}
_TAKEN = ("text", "menu", "search", "found", "count", "theme", "chapters")  # ids of the page's own parts
_LIVE = "<live figure"  # how the plain text of a live figure begins
_HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)
_TABLE_HEAD = re.compile(r"<th\b(?![^>]*\bscope=)")
_LINK = re.compile(r'href="(?:(?P<up>(?:\.\./)?)(?P<stem>[^"#/:]+)\.ipynb)?(?:#(?P<anchor>[^"]*))?"')
# Words of code that have no colour of their own in the style sheet; the elements around them would only weigh.
_PLAIN = re.compile(r'<span(?: class="(?!(?:k.?|ow|s.?|m.|il|c.?|n[fcd])")[a-z0-9]*")?>([^<]*)</span>')


@dataclass
class _Page:
    """A chapter on its way to a page; `pictures`, and what they show in words, by their path in the site."""

    chapter: Chapter
    facts: Facts
    runs: str  # the address where it runs in the browser, or ""
    torch: bool
    language: str = ""
    body: str = ""
    pictures: dict[str, bytes] = field(default_factory=dict)
    alts: dict[str, str] = field(default_factory=dict)
    live: dict[str, str] = field(default_factory=dict)  # of an atlas, the cell that shows it first

    @property
    def file(self) -> str:
        return f"{self.chapter.stem}.html"

    @property
    def cover(self) -> str:
        """Its first live figure, else its first picture, "" if it has none."""
        live = (path for path in self.pictures if Path(path).stem in self.live.values())
        return next(live, next(iter(self.pictures), ""))

    @property
    def path(self) -> str:
        folder = f"{self.language}/" if self.language else ""
        return f"notebooks/{folder}{self.chapter.notebook.name}"

    @property
    def up(self) -> str:
        """The way from it to the site's own folder, which has what all languages share."""
        return "../" if self.language else ""

    def runs_at(self, key: str) -> str:
        """Return the address where it runs in the browser, opened at a cell."""
        return f"{self.runs}&cell={key}"

    @property
    def minutes(self) -> int:
        return sum(self.facts.minutes.values())

    def picture_of(self, atlas: str, folder: str = "") -> str:
        """Return the picture of the figure that plays an atlas, for readers without scripts."""
        source = f"images/{self.chapter.stem}/{self.live[atlas]}.png"
        return f'<img src="{folder}{self.up}{source}" alt="{html.escape(self.alts[source])}">'

    def sections(self) -> list[Heading]:
        return [one for one in headings(self.body) if one.level == 2]

    @property
    def told(self) -> About:
        aims = plain_text(line_to_html(self.facts.aims))
        able = phrase("After this chapter you will be able to {aims}.", aims=aims.rstrip(".。")) if aims else ""
        return About(self.file, self.facts.title, able, self.minutes, aims)


@dataclass(frozen=True)
class _Course:
    """The course as all pages know it; `published` is where its site will be, or "" if that is not known."""

    title: str
    about: str
    address: Address | None
    pages: list[_Page]
    documents: list[Document] = field(default_factory=list)
    published: str = ""
    language: Language = ENGLISH
    others: Sequence[tuple[Language, frozenset[str]]] = ()  # in which it can be read too, and the files that these have

    @property
    def up(self) -> str:
        """The way from its pages to the site's own folder, which has what all languages share."""
        return "../" if self.language.code else ""

    def versions(self, file: str, chapter: str = "") -> list[tuple[Language, str]]:
        """Return in which other languages there is a page, or a figure's whose chapter there is, and where from it."""
        up = "../" * file.count("/") + self.up
        return [(one, f"{up}{one.folder}{file}") for one, files in self.others if (chapter or file) in files]

    def alternates(self, file: str, chapter: str = "") -> list[tuple[Language, str]]:
        """Return where a page is in each language, also its own; none if there is no other.

        Search engines take nothing but whole addresses, those by which each page calls itself.
        """
        others = self.versions(file, chapter)
        every = [(self.language, Path(file).name), *others] if others else []
        if not self.published:
            return every
        return [(one, page_at(self.published + one.folder, file)) for one, _ in every]

    @property
    def told(self) -> About:
        return About("index.html", self.title, plain_text(self.about), sum(page.minutes for page in self.pages))

    def head(self, about: About | None = None) -> str:
        """Return what the head of a page says of it; none is the first page."""
        first = self.told
        parts = [page.told for page in self.pages]
        address = self.published and self.published + self.language.folder
        return head(about or first, first, address, () if about else parts, self.language.tag)

    def plays(self, page: _Page | None) -> bool:
        """Return whether a page has live figures; none is the first page."""
        return bool(page.live) if page else self.opening() is not None

    def players(self) -> dict[str, _Page]:
        """Return of each figure's own page, by its path, the chapter that shows it first."""
        return {FIGURE.format(name=name): page for page in reversed(self.pages) for name in page.live}

    def opening(self) -> tuple[_Page, str, str] | None:
        """Return the page that has the figure of the first page, the figure's cell, and a place for it."""
        for page in self.pages:
            if key := page.live.get(OPENING):
                return page, key, place_of(OPENING, page.picture_of(OPENING))
        return None


def write_pages(
    chapters: Sequence[Chapter], folder: Path, lite: bool, told: Sequence[Language] = (), published: str = ""
) -> None:
    """Write the chapters as web pages, with an index and a search over all of them, each language by itself.

    Parameters
    ----------
    chapters
        The chapters, at least one, in the order in which they are read. Their notebooks have to be up to date.
    folder
        An empty folder.
    lite
        Whether `lite/` in that folder will hold notebooks that run in the browser.
    told
        In which languages besides English, those chapters that have notebooks in them; each gets a folder of its own.
    published
        The address at which the site will be read; "" if it is not known.

    Raises
    ------
    ChapterError
        If a formula cannot be drawn.
    """
    every = {ENGLISH: list(chapters)}
    every |= {one: [chapter for chapter in chapters if one.code in languages(chapter.folder)] for one in told}
    every = {one: found for one, found in every.items() if found}
    files = {one: frozenset(_files(found)) for one, found in every.items()}
    english = None
    for one, found in every.items():
        others = [(other, files[other]) for other in every if other is not one]
        with speaking(one.code):
            course = _read_course(found, lite, published, one, others, english)
            (folder / one.code).mkdir(exist_ok=True)
            _write_language(course, folder / one.code, english or course)
        english = english or course


def _files(chapters: Sequence[Chapter]) -> list[str]:
    return ["index.html", *(f"{chapter.stem}.html" for chapter in chapters)]


def _write_language(course: _Course, folder: Path, english: _Course) -> None:
    """Write the pages of one language."""
    _write_assets(folder, course, english)
    templates = Environment(loader=SpokenLoader(TEMPLATE), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    templates.globals |= {"how_to_train": _how_to_train, "alone": _alone, "group": _group, "line_to_html": line_to_html}
    index = templates.get_template("index.html").render(course=course)
    (folder / "index.html").write_text(index, encoding="utf-8")
    for page in course.pages:
        text = templates.get_template("chapter.html").render(course=course, here=page, about=page.told)
        (folder / page.file).write_text(text, encoding="utf-8")
        for name, data in page.pictures.items() if not course.up else ():  # all languages share them
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
    for name, page in course.players().items():
        (folder / name).parent.mkdir(exist_ok=True)
        text = templates.get_template("figure.html").render(course=course, here=page, **_figure_parts(page, name))
        (folder / name).write_text(text, encoding="utf-8")
    for document in () if course.up else course.documents:  # English alone has them
        about = About(document.file, document.title)
        text = templates.get_template("document.html").render(course=course, about=about, body=_body_of(document))
        (folder / document.file).write_text(text, encoding="utf-8")


def _body_of(document: Document) -> str:
    return shared_letters(_linked(_with_anchors(_readable(to_html(document.text)))))


def _read_course(
    chapters: Sequence[Chapter], lite: bool, published: str, language: Language,
    others: Sequence[tuple[Language, frozenset[str]]], english: _Course | None,
) -> _Course:  # fmt: skip
    root = chapters[0].notebook.parent.parent
    readme = root / (f"README.{language.code}.md" if language.code else "README.md")
    text = readme.read_text(encoding="utf-8") if readme.exists() else ""
    title = re.search(r"^# (.+)$", text, re.MULTILINE)
    # The README begins with its title, the badges, and what the course is, up to the first picture.
    about = re.search(r"<!-- end of badges -->\s*(.+?)\s*^(?=!\[|<picture|## )", text, re.DOTALL | re.MULTILINE)
    return _Course(
        title=title[1] if title else "The course",
        about=_linked(to_html(about[1])) if about else "",
        address=read_address(root),
        pages=[_read_page(chapter, lite, language.code, english) for chapter in chapters],
        documents=read_documents(root),
        published=published,
        language=language,
        others=others,
    )


def _read_page(chapter: Chapter, lite: bool, language: str, english: _Course | None) -> _Page:
    notebook = student_path(chapter, language)
    cells = [cell for cell in chapter_cells(read_notebook(notebook)) if cell_id(cell) != LANGUAGE]
    torch = needs_torch(cells)
    page = _Page(chapter, chapter_facts(source_in(chapter, language)), "", torch, language)
    if lite and not torch:
        page.runs = page.up + LITE.format(notebook=page.path.removeprefix("notebooks/"))
    try:
        body = "\n".join(_cell(page, cell) for cell in cells)
    except ChapterError as error:  # of a formula, which does not know where it stands
        raise ChapterError(f"{chapter.notebook}: {error}") from error
    twin = next((one for one in english.pages if one.chapter == chapter), None) if english else None
    ours = [one.anchor for one in headings(twin.body)] if twin else []
    page.body = shared_letters(_linked(_with_anchors(body, ours), chapter, language))
    return page


# --- one cell


def _cell(page: _Page, cell: NotebookNode) -> str:
    if cell.cell_type == "markdown":
        return _readable(to_html(cell.source))
    if cell.cell_type != "code" or not cell.source.strip():
        return ""
    shown = [_output(page, cell, place, output) for place, output in enumerate(cell.outputs)]
    return f'<div class="cell">\n{_code(cell.source)}\n{"".join(shown)}</div>'


def _readable(text: str) -> str:
    """Let wide tables and listings scroll by themselves, and say of which cells a table's heads speak."""
    text = _TABLE_HEAD.sub('<th scope="col"', text)
    text = re.sub(r"<table>.*?</table>", lambda match: _scrolling(match[0], phrase("Table")), text, flags=re.DOTALL)
    text = _PLAIN.sub(r"\1", text)
    code = _group(phrase("Code"))
    return text.replace('<div class="highlight"><pre>', f'<div class="highlight"><pre {code}>')


def _scrolling(inside: str, name: str) -> str:
    """Wrap what may be wider than the screen; the Tab key stops there, or else nobody could scroll by keys."""
    return f'<div class="scroll" {_group(name)}>{inside}</div>'


def _group(name: str) -> str:
    return f'role="group" aria-label="{name}" data-scrolls tabindex="0"'


def _code(text: str) -> str:
    return _readable(to_html(f"{_FENCE}python\n{text.rstrip()}\n{_FENCE}"))


def _output(page: _Page, cell: NotebookNode, number: int, output: NotebookNode) -> str:
    shown = _shown(page, cell, number, output)
    return place_for_question(output, shown) if asks(output) else shown


def _shown(page: _Page, cell: NotebookNode, number: int, output: NotebookNode) -> str:
    if output.output_type == "stream":
        return _text_output(output.text, "fault" if output.name == "stderr" else "")
    if output.output_type == "error":
        return _text_output("\n".join(output.traceback) or f"{output.ename}: {output.evalue}", "fault")
    for kind in _PICTURES:
        if kind in output.data:
            return _picture(page, cell_id(cell), number, kind, output)
    if "text/html" in output.data:
        # A table's heads stand in front of its rows there.
        shown = _TABLE_HEAD.sub('<th scope="row"', output.data["text/html"])
        return f'<div class="output verdict">{shown}</div>\n'
    if "text/markdown" in output.data:
        return f'<div class="output">{_readable(to_html(output.data["text/markdown"]))}</div>\n'
    return _text_output(output.data.get("text/plain", ""))


def _text_output(text: str, kind: str = "") -> str:
    shown = html.escape(TERMINAL_COLOUR.sub("", text).rstrip(), quote=False)
    group = _group(phrase("Output"))
    return f'<div class="{f"output {kind}".strip()}"><pre {group}>{shown}</pre></div>\n'


def _picture(page: _Page, key: str, number: int, kind: str, output: NotebookNode) -> str:
    """Show a picture from a file of its own, as large as in the notebook; a live figure plays in its place."""
    data = base64.b64decode(output.data[kind])
    path = f"images/{page.chapter.stem}/{key}{f'-{number}' * bool(number)}.{_PICTURES[kind]}"
    page.pictures[path] = data
    told = output.metadata.get(kind, {})
    spoken = output.data.get("text/plain", "")
    page.alts[path] = told.get("alt") or spoken.strip("<>")
    alt = html.escape(page.alts[path])
    image = f'<img src="{page.up}{path}" alt="{alt}"{_size(data, told)} loading="lazy">'
    image = _scrolling(image, phrase("Picture"))
    if atlas := atlas_of(output):
        page.live.setdefault(atlas, key)
        caption = f"<figcaption>{side_by_side(_how_to_train(page, key), _alone(atlas))}</figcaption>"
        return f'<figure class="output live" id="figure-{key}">{place_for(output, image)}\n{caption}</figure>\n'
    words = side_by_side(phrase("A picture of a live figure."), _how_to_move(page))
    still = f"\n<figcaption>{words}</figcaption>"
    return f'<figure class="output">{image}{still if spoken.startswith(_LIVE) else ""}</figure>\n'


def _size(data: bytes, told: dict[str, int]) -> str:
    """Return width and height in the page's pixels; a picture for sharp screens has more of its own."""
    with Image.open(BytesIO(data)) as image:
        width, height = image.size
    shown = told.get("width", width)
    return f' width="{shown}" height="{told.get("height", round(height * shown / width))}"'


def _how_to_move(page: _Page) -> str:
    if page.runs:
        return phrase('Move it: <a href="{runs}">run it here</a>.', runs=page.runs)
    return phrase("To move it, open <code>{name}</code> in Jupyter and run its cells.", name=page.chapter.notebook.name)


def _how_to_train(page: _Page, key: str) -> str:
    if page.runs:
        runs = page.runs_at(key)
        return phrase('To train your own, <a href="{runs}">run it here</a>: Python in your browser.', runs=runs)
    return phrase("To train your own, open <code>{name}</code> in Jupyter.", name=page.chapter.notebook.name)


def _alone(atlas: str) -> str:
    return phrase('Also <a href="{path}">on a page of its own</a>, for a phone.', path=FIGURE.format(name=atlas))


def _figure_parts(page: _Page, path: str) -> dict[str, str | About]:
    """Return what the page of a figure is made of; its title is that of the demo, its picture the chapter's."""
    name = Path(path).stem
    demo = next(demo for demo in demos() if name.startswith(demo.factory))
    return {
        "title": demo.title,
        "line": demo.line,
        "key": page.live[name],
        "about": About(path, demo.title, demo.line),
        "place": place_of(name, f"<noscript>{page.picture_of(name, folder='../')}</noscript>"),
        "style": player_style() + (TEMPLATE / "figures.css").read_text(encoding="utf-8"),
        "atlas": atlas_script(name),
        "script": player_script(),
    }


# --- the body of a page


def _with_anchors(body: str, ours: Sequence[str] = ()) -> str:
    """Return each heading an anchor and a link to it, and never a level below the next.

    In another language the anchors are those of the English headings, so that a place is the same in both.
    """
    used = set(_TAKEN)
    above = 0
    given = iter(ours)
    label = phrase("Link to this section")

    def heading(match: re.Match[str]) -> str:
        nonlocal above
        above = level = min(int(match[1]), above + 1)
        anchor = next(given, "") or _anchor(plain_text(match[2]), used)
        link = f'<a class="anchor" href="#{anchor}" aria-label="{label}">#</a>' if level > 1 else ""
        return f'<h{level} id="{anchor}">{match[2]}{link}</h{level}>'

    return _HEADING.sub(heading, body)


def _anchor(text: str, used: set[str]) -> str:
    name = _plain_anchor(text) or "section"
    free = next(one for one in (name, *(f"{name}-{number}" for number in range(1, 1000))) if one not in used)
    used.add(free)
    return free


def _plain_anchor(text: str) -> str:
    """Return a heading, or its name in a notebook's links, as an anchor of a page."""
    return re.sub(r"[^\w\- ]", "", text.lower()).strip().replace(" ", "-")


def _linked(body: str, chapter: Chapter | None = None, language: str = "") -> str:
    """Let links to notebooks lead to their pages, and those to headings to the anchors here."""

    def link(match: re.Match[str]) -> str:
        name = match["anchor"] or ""
        if name and chapter and language:
            name = _english_heading(unquote(name), match["stem"] or chapter.stem, chapter, language)
        anchor = f"#{_plain_anchor(unquote(html.unescape(name)))}" if name else ""
        return f'href="{match["up"]}{match["stem"]}.html{anchor}"' if match["stem"] else f'href="{anchor}"'

    return _LINK.sub(link, body)


def _english_heading(name: str, stem: str, chapter: Chapter, language: str) -> str:
    """Return the English name of a heading to which a link leads; the name itself where there is none."""
    path = chapter.folder.with_name(stem) / "chapter.py"
    told = anchors(read_source(path), language) if path.exists() else {}
    return next((ours for ours, theirs in told.items() if theirs == name), name)


def _write_assets(folder: Path, course: _Course, english: _Course) -> None:
    (folder / "assets").mkdir()
    (folder / FAVICON).write_bytes(favicon())
    (folder / CARD).write_bytes(social_card(english.title))  # no other letters are at hand
    script = spoken((TEMPLATE / "course.js").read_text(encoding="utf-8"))
    (folder / "assets" / "course.js").write_text(script, encoding="utf-8")
    found: list[Entry] = []
    for page in course.pages:
        found += entries(page.file, page.facts.title, page.body)
    for document in () if course.up else course.documents:
        found += entries(document.file, document.title, _body_of(document))
    (folder / SEARCH_INDEX).write_text(index_script(found), encoding="utf-8")
    if not course.up:
        _write_shared(folder, course)


def _write_shared(folder: Path, course: _Course) -> None:
    """Write what all languages share."""
    style = player_style() + questions_style() + style_sheet(TEMPLATE / "course.css")
    style += (TEMPLATE / "figures.css").read_text(encoding="utf-8")
    (folder / "assets" / "course.css").write_text(style, encoding="utf-8")
    (folder / "assets" / "guesses.js").write_text(questions_script(), encoding="utf-8")
    (folder / "assets" / "figure.css").write_text(player_style(), encoding="utf-8")
    names = {name for page in course.pages for name in page.live}
    (folder / "assets" / "figures.js").write_text(figures_script(names), encoding="utf-8")
    write_players(names, folder / "assets")
