"""The slides of a chapter: a deck of Markdown and excerpts in, a folder out that a browser shows without a network.

A deck is `slides.md` beside the chapter's source. Its first line is `# Title`. `## Heading` begins a section,
`### Heading` the next slide in it. Below a heading stand Markdown and excerpts of the chapter; see
`course_utils.workshop.excerpts`. What follows the line `Note:` is the speaker's, up to the next heading.
"""

import re
import shutil
from dataclasses import dataclass, field
from importlib.metadata import distribution
from itertools import pairwise
from pathlib import Path

from jinja2 import Environment
from nbconvert.filters import Highlight2HTML, ansi2html
from nbformat import NotebookNode

from course_utils.texts import speaking
from course_utils.workshop.authoring.chapters import Chapter, ChapterError
from course_utils.workshop.authoring.facts import chapter_facts
from course_utils.workshop.authoring.languages import source_in, text_in
from course_utils.workshop.authoring.notes import InstructorNotes, read_notes
from course_utils.workshop.authoring.source import Source
from course_utils.workshop.excerpts import FENCE, Excerpt, excerpt_code, executed_cells, read_excerpts
from course_utils.workshop.fonts import style_sheet
from course_utils.workshop.formulas import to_html
from course_utils.workshop.new_folder import new_folder
from course_utils.workshop.phrases import SpokenLoader
from course_utils.workshop.players import atlas_of, place_for, player_style, room_style, write_players
from course_utils.workshop.questions import asks

WORDS = ("code", "solution", "output", "notes", "pause")
TEMPLATE = Path(__file__).with_name("template")
_HEADING = re.compile(r"(?P<marks>#{1,3}) +(?P<title>.+?) *")
_NOTE = "Note:"
_PAUSE = Excerpt("pause")
_SECONDS = 30  # for a slide that belongs to no section of the chapter
_REVEAL_FILES = ("LICENSE", "dist/reset.css", "dist/reveal.css", "dist/reveal.js", "plugin/notes/notes.js")


@dataclass
class Slide:
    """One slide: how deep its heading is, 1 for the title; what it shows, and what its speaker reads."""

    level: int
    title: str
    parts: list[str | Excerpt] = field(default_factory=list)
    notes: list[str | Excerpt] = field(default_factory=list)


def deck_path(source: Source) -> Path:
    """Return where the deck of a chapter stands; there may be none."""
    return source.path.with_name("slides.md")


def write_slides(chapter: Chapter, out: Path, language: str = "") -> Path:
    """Make the slides of a chapter, a folder with all that its page needs.

    Parameters
    ----------
    chapter
        The chapter. Its notebooks have to be up to date, because the outputs come from there.
    out
        The folder that gets a folder of the chapter's name. An older one there is replaced in one step.
    language
        In which they speak, "" for English; they go into a folder of its name.

    Returns
    -------
    Path
        The page to open.

    Raises
    ------
    ChapterError
        If there is no deck, it has a fault, a notebook is stale, or reveal.js can be had neither from the cache nor
        from a package. The old slides then stand as they were.
    """
    with speaking(language):
        return _write(chapter, out / language, language)


def _write(chapter: Chapter, out: Path, language: str) -> Path:
    source = source_in(chapter, language)
    notes = read_notes(source)
    slides = read_deck(source)
    outputs = {key: cell.get("outputs", []) for key, cell in executed_cells(chapter, language).items()}
    try:
        html = deck_page(slides, source, outputs, notes)
    except ChapterError as error:  # of a formula, which does not know where it stands
        raise ChapterError(f"{deck_path(source)}: {error}") from error
    target = out / chapter.stem
    obstacle = "stands in the way and holds no slides; move it, or name another folder"
    with new_folder(target, "reveal", obstacle) as folder:
        (folder / "index.html").write_text(html, encoding="utf-8")
        style = player_style() + room_style() + style_sheet(TEMPLATE / "theme.css")
        (folder / "theme.css").write_text(style, encoding="utf-8")
        (folder / "reveal").mkdir()
        for path in reveal_files():
            shutil.copy(path, folder / "reveal")
        if names := live_outputs(slides, outputs):
            write_players(names, folder)
    return target / "index.html"


def live_outputs(slides: list[Slide], outputs: dict[str, list[NotebookNode]]) -> set[str]:
    """Return the names of the atlases that a deck plays."""
    keys = [key for slide in slides for part in slide.parts if isinstance(part, Excerpt) for key in part.keys]
    return {name for key in keys for output in outputs.get(key, []) if (name := atlas_of(output))}


def reveal_files() -> list[Path]:
    """Return the files of reveal.js that a page needs, of the package that carries them; nothing of it is imported."""
    folder = Path(str(distribution("sphinx-revealjs").locate_file("sphinx_revealjs/_static/revealjs")))
    return [folder / name for name in _REVEAL_FILES]


def read_deck(source: Source) -> list[Slide]:
    """Read the deck of a chapter.

    Raises
    ------
    ChapterError
        If there is none, it does not begin with its title, or one of its lines has a fault.
    """
    path = deck_path(source)
    if not path.exists():
        raise ChapterError(f"{path}: is missing; the slides of a chapter are written there")
    slides: list[Slide] = []
    speaking = False
    for part in _pieces(read_excerpts(path, source, WORDS, text_in(path, path.parent, source.language))):
        heading = _HEADING.fullmatch(part) if isinstance(part, str) else None
        if heading:
            slides.append(Slide(len(heading["marks"]), heading["title"]))
            speaking = False
            if (slides[-1].level == 1) != (len(slides) == 1):
                raise ChapterError(f"{path}: begins with one `# Title`; after it only ## and ### begin a slide")
        elif not slides:
            raise ChapterError(f"{path}: begins with one `# Title`; nothing stands above it")
        elif part == _NOTE:
            speaking = True
        elif isinstance(part, Excerpt) and part.word == "notes":
            slides[-1].notes.append(part)
        elif speaking and isinstance(part, Excerpt):
            raise ChapterError(f"{path}: slide {slides[-1].title!r}: @{part.word} stands below `{_NOTE}`; put it above")
        else:
            (slides[-1].notes if speaking else slides[-1].parts).append(part)
    if not slides:
        raise ChapterError(f"{path}: is empty")
    for slide in slides:
        if any(part == following == _PAUSE for part, following in pairwise([*slide.parts, _PAUSE])):
            raise ChapterError(f"{path}: slide {slide.title!r}: nothing follows a @pause")
    return slides


def deck_page(
    slides: list[Slide], source: Source, outputs: dict[str, list[NotebookNode]], notes: InstructorNotes
) -> str:
    """Return the page of a deck.

    Parameters
    ----------
    slides
        The deck.
    source
        The chapter.
    outputs
        What each cell of the chapter shows, by its key.
    notes
        The instructor's.

    Raises
    ------
    ChapterError
        If a cell shows nothing though the deck asks for it, there is no note on a cell, or a formula cannot be read.
    """
    columns: list[list[dict[str, object]]] = []
    for slide, seconds in zip(slides, slide_seconds(slides, source), strict=True):
        steps: list[list[dict[str, object]]] = [[]]
        for part in slide.parts:
            if part == _PAUSE:
                steps.append([])
            else:
                steps[-1].append(_shown(part, slide, source, outputs))
        if slide.level < 3:
            columns.append([])
        speech = "\n\n".join(_spoken(part, slide, notes, deck_path(source)) for part in slide.notes)
        columns[-1].append({"slide": slide, "seconds": seconds, "notes": speech, "steps": steps})
    templates = Environment(loader=SpokenLoader(TEMPLATE))
    templates.filters |= {
        "formulas": to_html, "coloured": ansi2html, "highlighted": Highlight2HTML(pygments_lexer="python"),
        "atlas": atlas_of, "place": place_for,
    }  # fmt: skip
    number = re.match(r"\d*", source.name).group()  # type: ignore[union-attr]  # always matches
    live = bool(live_outputs(slides, outputs))
    return templates.get_template("index.html").render(
        columns=columns, number=number, timing=_SECONDS, live=live, tag=source.language or "en"
    )


def slide_seconds(slides: list[Slide], source: Source) -> list[int]:
    """Return each slide its share of the minutes of the section it shows something of, in seconds.

    A slide that shows nothing of the chapter belongs to the section of the slide before it.
    """
    minutes, section = chapter_facts(source).minutes, ""
    sections: dict[str, str] = {}  # of each cell, the key at which its section begins
    for cell in source.cells:
        section = cell.key if cell.key in minutes else section
        sections[cell.key] = section
    section = ""
    of_slide = []
    for slide in slides:
        keys = [key for part in [*slide.parts, *slide.notes] if isinstance(part, Excerpt) for key in part.keys]
        section = next((sections[key] for key in keys if sections[key]), section)
        of_slide.append(section)
    return [round(60 * minutes[section] / of_slide.count(section)) if section else _SECONDS for section in of_slide]


def _pieces(parts: list[str | Excerpt]) -> list[str | Excerpt]:
    """Cut the Markdown at headings and at `Note:`, which become pieces of their own."""
    pieces: list[str | Excerpt] = []
    for part in parts:
        if isinstance(part, Excerpt):
            pieces.append(part)
            continue
        text: list[str] = []
        fenced = False
        for line in part.split("\n"):
            fenced ^= line.startswith(FENCE)
            if not fenced and (_HEADING.fullmatch(line) or line.rstrip() == _NOTE):
                pieces += ["\n".join(text).strip("\n"), line.rstrip()]
                text = []
            else:
                text.append(line)
        pieces.append("\n".join(text).strip("\n"))
    return [piece for piece in pieces if piece]


def _spoken(part: str | Excerpt, slide: Slide, notes: InstructorNotes, path: Path) -> str:
    if isinstance(part, str):
        return part
    if unknown := [key for key in part.keys if key not in notes.by_key]:
        raise ChapterError(f"{path}: slide {slide.title!r}: there is no note on the cell {unknown[0]}")
    return "\n\n".join(notes.by_key[key].text for key in part.keys)


def _shown(
    part: str | Excerpt, slide: Slide, source: Source, outputs: dict[str, list[NotebookNode]]
) -> dict[str, object]:
    if isinstance(part, str):
        return {"text": part}
    if part.word != "output":
        return {"code": excerpt_code(source, part)}
    (key,) = part.keys
    if not outputs.get(key):
        raise ChapterError(f"{deck_path(source)}: slide {slide.title!r}: the cell {key} shows nothing")
    # An outcome names the option alone, and the options are not on the slide.
    return {"outputs": [output for output in outputs[key] if asks(output) != "outcome"] or outputs[key]}
