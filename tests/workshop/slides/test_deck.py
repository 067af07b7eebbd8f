"""Slides: how a deck is read, what becomes of it, and what is said when something is missing."""

import json
import re

import pytest
from nbformat.v4 import new_output

from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.notes import read_notes
from course_utils.workshop.authoring.source import read_source
from course_utils.workshop.excerpts import Excerpt
from course_utils.workshop.players import write_players
from course_utils.workshop.slides.deck import deck_page, deck_path, lecture_plans, read_deck, write_slides
from tests import SOURCES

PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
CHAPTER = '''# %% [markdown] key="title"
# # One
#
# | section | minutes |
# |---|---|
# | 1 Masks | 10 |
# | 2 Scaling | 4 |

# %% [markdown] key="masks"
# ## 1 Masks

# %% key="draw"
def draw(rng):
    """Draw."""
    ### BEGIN SOLUTION
    return rng.random()
    ### END SOLUTION


print("mean 0.5")

# %% [markdown] key="scaling"
# ## 2 Scaling

# %% key="scale"
scale = 2
'''
NOTES = """# Notes

## key: masks

Say **slowly**: $x$.

## key: draw
Wait.

## key: scaling

Quick.
"""
DECK = """# A title

One line.

## First

Why $x_1$?

@pause

@code draw draw

@notes masks draw

### Second

@solution draw draw

@output draw

Note:
Speak $y$ up.

- twice

## Third

@code scale
"""


PRINTED = new_output("stream", name="stdout", text="mean 0.5 < 1\n")


class Small:
    """A chapter whose notebook is up to date, and a deck of it."""

    def __init__(self, course):
        self.chapter = course.write("01_one", CHAPTER)
        self.source = read_source(self.chapter.source)
        course.pretend_build("01_one")
        self.write("slides", "# A title\n")

    def write(self, name, text):
        (self.chapter.folder / f"{name}.md").write_text(text)

    def deck(self, text=None):
        if text is not None:
            self.write("slides", text)
        return read_deck(self.source)

    def page(self, text=None, output=PRINTED):
        return deck_page(self.deck(text), self.source, {"draw": [output]}, read_notes(self.source))


@pytest.fixture
def small(course):
    return Small(course)


@pytest.fixture
def noted(small):
    """The small chapter with the instructor's notes on it, and a deck that uses them."""
    small.write("notes", NOTES)
    small.write("slides", DECK)
    return small


def test_a_deck_is_read_slide_by_slide(noted):
    title, first, second, third = noted.deck()
    assert [(one.level, one.title) for one in (title, first, second, third)] == [
        (1, "A title"), (2, "First"), (3, "Second"), (2, "Third")
    ]  # fmt: skip
    assert title.parts == ["One line."]
    assert first.parts == ["Why $x_1$?", Excerpt("pause"), Excerpt("code", ("draw",), "draw")]
    assert first.notes == [Excerpt("notes", ("masks", "draw"))]
    assert second.parts == [Excerpt("solution", ("draw",), "draw"), Excerpt("output", ("draw",))]
    assert second.notes == ["Speak $y$ up.\n\n- twice"]
    assert third.parts == [Excerpt("code", ("scale",))]


def test_headings_and_notes_in_listings_are_text(small):
    slides = small.deck("# T\n\n```\n# not a heading\nNote:\n@code x\n```\n")
    assert len(slides) == 1
    assert "# not a heading\nNote:\n@code x" in slides[0].parts[0]
    assert slides[0].notes == []


@pytest.mark.parametrize(
    ("deck", "message"),
    [
        ("", "is empty"),
        ("## No title\n", "begins with one `# Title`; after it only ## and ### begin a slide"),
        ("Text\n\n# T\n", "begins with one `# Title`; nothing stands above it"),
        ("# T\n\n# T\n", "begins with one `# Title`; after it only ## and ### begin a slide"),
        ("# T\n\n## S\n\n@pause\n", "slide 'S': nothing follows a @pause"),
        ("# T\n\n@pause\n@pause\n\nx\n", "slide 'T': nothing follows a @pause"),
        ("# T\n\nNote:\n@code draw\n", "slide 'T': @code stands below `Note:`; put it above"),
        ("# T\n\n@output scale\n", "slide 'T': the cell scale shows nothing"),
        ("# T\n\n@covered draw\n", "slide 'T': the cell draw has no live figure"),
        ("# T\n\n@output draw p=0.1\n", "slide 'T': the cell draw has no live figure"),
        ("# T\n\n@output draw p=0.1 now\n", "@output draw: too much stands after it: p=0.1 now"),
        ("# T\n\n@notes scale\n", "slide 'T': there is no note on the cell scale"),
    ],
)
def test_a_fault_in_a_deck_is_named(small, deck, message):
    with pytest.raises(ChapterError, match=re.escape(message)) as caught:
        small.page(deck)
    assert "01_one/slides.md" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_sections_minutes_are_shared_by_its_slides(noted):
    slides = noted.deck()
    in_full = {"title": "in full", "seconds": [30, 300, 300, 240]}
    assert lecture_plans(slides, noted.source) == [in_full]
    row = "| 0:00 | 6 | 01, section 1 Masks |"
    plans = f"# Plans\n\n## Short: one hour\n\n{row}\n\n## Other: of another chapter\n\n| 0:00 | 6 | Break |\n"
    (noted.chapter.folder.parent / "plans.md").write_text(plans)
    assert lecture_plans(slides, noted.source) == [in_full, {"title": "Short", "seconds": [30, 180, 180, 0]}]


def test_the_page_shows_all_of_it(noted):
    page = noted.page()
    assert page.count("<section>\n<section") == 3  # columns: the title, the first with the second, the third
    assert page.count("<section") == page.count("</section>")
    assert page.count('<div class="fragment">') == 1
    steps = ["Why", '<div class="fragment">', "your turn", "Second</h2>", ">random<", "mean 0.5 &lt; 1</pre>"]
    assert sorted(steps, key=page.index) == steps
    assert page.count("<div") == page.count("</div>")
    assert '<p class="chapter">Chapter 01</p>' in page
    assert "<title>A title</title>" in page
    notes = re.findall(r'<aside class="notes">(.*?)</aside>', page, re.DOTALL)
    assert len(notes) == 2
    assert "<strong>slowly</strong>" in notes[0]
    assert "<svg" in notes[0]
    assert "Wait." in notes[0]
    assert "<li>twice</li>" in notes[1]
    # Notes inside a step would be shown in place of those of the slide.
    assert "<aside" not in page[page.index('<div class="fragment">') :].split("</section>")[0]


def printed(text):
    return new_output("stream", text=f"x\n{text}\n")


def picture(alt):
    return new_output("display_data", {"image/png": PICTURE}, metadata={"image/png": {"alt": alt}})


@pytest.mark.parametrize(
    ("output", "shown"),
    [
        (new_output("display_data", {"text/html": "<b>No.</b>", "text/plain": "No."}), "<b>No.</b>"),
        (new_output("execute_result", {"text/plain": "array([1 < 2])"}), "array([1 &lt; 2])</pre>"),
        (new_output("error", ename="ValueError", evalue="x > 1"), "ValueError: x &gt; 1</pre>"),
        (new_output("display_data", {"image/jpeg": PICTURE}), f"data:image/jpeg;base64,{PICTURE}"),
        (picture("a dot"), f'alt="a dot" src="data:image/png;base64,{PICTURE}"'),
        # Long lines, and many of them, get smaller type.
        (printed("y" * 60), '<pre class="output large">'),
        (printed("y" * 75), '<pre class="output medium">'),
        (printed("y" * 85), '<pre class="output small">'),
        (printed("y" * 100), '<pre class="output small wide">'),
        (printed("x\n" * 10), '<pre class="output medium">'),
    ],
)
def test_every_kind_of_output_is_shown(noted, output, shown):
    assert shown in noted.page(output=output)


def test_a_live_figure_plays_its_atlas(noted, tmp_path):
    output = picture("described")
    assert "data-atlas" not in noted.page(output=output)
    output.metadata["course"] = {"atlas": "mask_explorer", "first": {"keep_prob": 0.8, "masks": 0}}
    page = noted.page(output=output)
    told = json.loads(re.search(r'data-atlas="mask_explorer"><script[^>]*>(.*?)</script>', page)[1])
    assert (told["first"], told["alt"]) == ({"keep_prob": 0.8, "masks": 0}, "described")
    assert 'src="live.js"' in page
    assert "data-covered" not in page
    page = noted.page(DECK.replace("@output draw", "@covered draw keep_prob=0.5"), output)
    assert "data-covered" in page
    assert '"first":{"keep_prob":0.5,"masks":0}' in page
    for setting, fault in (("q=1", "settings must be among keep_prob, masks, got q"), ("masks=99", "and does not: ")):
        with pytest.raises(ChapterError, match=f"slide 'Second': the cell draw: .*{fault}"):
            noted.page(DECK.replace("@output draw", f"@output draw {setting}"), output)
    write_players({"mask_explorer"}, tmp_path)
    assert {path.name for path in tmp_path.rglob("*.js")} == {"live.js", "mask_explorer.js"}


def test_a_formula_that_cannot_be_drawn_is_named_with_its_deck(small, tmp_path):
    small.write("slides", "# T\n\n$\\foo$\n")
    with pytest.raises(ChapterError, match=re.escape(rf"{deck_path(small.source)}: $\foo$: \foo is not known")):
        write_slides(small.chapter, tmp_path / "out")


def test_a_folder_is_written_and_replaced(small, tmp_path):
    page = write_slides(small.chapter, tmp_path / "out")
    assert page == tmp_path / "out" / "01_one" / "index.html"
    assert (page.parent / "theme.css").exists()
    assert (page.parent / "reveal" / "reveal.js").exists()
    (page.parent / "old").write_text("left over")
    small.write("slides", "# Another\n")
    assert write_slides(small.chapter, tmp_path / "out") == page
    assert "Another" in page.read_text()
    assert not (page.parent / "old").exists()
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["01_one"]


def test_a_folder_that_holds_something_else_is_left_alone(small, tmp_path):
    thesis = tmp_path / "out" / "01_one" / "thesis.txt"
    thesis.parent.mkdir(parents=True)
    thesis.write_text("years of work")
    with pytest.raises(ChapterError, match="stands in the way and holds no slides"):
        write_slides(small.chapter, tmp_path / "out")
    assert thesis.read_text() == "years of work"


def test_a_folder_that_cannot_be_written_is_named(small, tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(ChapterError, match="cannot be written"):
        write_slides(small.chapter, tmp_path / "out")


@pytest.mark.parametrize("path", sorted(SOURCES.glob("*/slides.md")), ids=lambda path: path.parent.name)
def test_every_question_with_an_answer_is_on_a_slide(path):
    """A deck asks what its chapter asks: each cell with a question is shown, spoken about, or its answer is."""
    source = read_source(path.with_name("chapter.py"))
    slides = read_deck(source)
    parts = [part for slide in slides for part in [*slide.parts, *slide.notes]]
    keys = {key for part in parts if isinstance(part, Excerpt) for key in part.keys}
    asked = [cell.key for cell in source.cells if cell.kind == "markdown" and "**Predict" in cell.text]
    assert [key for key in asked if key not in keys] == []
    assert len(slides) >= 5
    assert "What to take home" in [slide.title for slide in slides]
    assert slides[-1].title == "Homework"
