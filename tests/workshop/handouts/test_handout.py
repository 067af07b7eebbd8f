"""Handouts and plans: what a text becomes, what is refused, and what the course's own ones say."""

import re
import sys
from html.parser import HTMLParser

import pytest
from nbformat.v4 import new_output

from course_utils.workshop.authoring.chapters import Chapter, ChapterError, find_chapters
from course_utils.workshop.authoring.editions import editions, instructor_path
from course_utils.workshop.authoring.notebook import encode_notebook
from course_utils.workshop.authoring.notes import notes_path, read_notes
from course_utils.workshop.authoring.source import read_source
from course_utils.workshop.handouts import handout
from course_utils.workshop.handouts.handout import (
    handout_page,
    handout_path,
    printing_obstacle,
    write_handout,
    write_plans,
)
from course_utils.workshop.handouts.plans import Plan, plans_path, read_plans, section_titles
from tests import NOTEBOOKS, ROOT

CHAPTERS = [chapter for chapter in find_chapters(NOTEBOOKS) if chapter.source.exists() and chapter.number]
PICTURE = {"image/png": "iVBORw0KGgo=", "text/plain": "<figure>"}


class Page(HTMLParser):
    """The tags of a page with their attributes, and the text outside of formulas, code and style."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in ("code", "pre", "style"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_data(self, data):
        if not self.open:
            self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def chapter(built) -> Chapter:
    """A chapter that is up to date, with a handout yet to be written."""
    return built.chapter("02_dropout")


def page_of(chapter, text):
    handout_path(chapter).write_text(text, encoding="utf-8")
    return handout_page(chapter)


def show(course, key, *outputs):
    """Let a cell of the notebook show something."""

    def change(notebook):
        next(cell for cell in notebook.cells if cell.id == key).outputs = list(outputs)

    course.edit("02_dropout", change)


def test_sections_stand_in_columns_unless_a_rule_is_above(chapter):
    html = page_of(chapter, "# The `title`\n\nLead.\n\n## One\n\nText\n\n---\n## Two\n\n- text\n\n## Three\n\nEnd\n")
    found = re.findall(r"<section(.*?)>\s*<h2>(.*?)</h2>\s*(.*?)</section>", html, re.DOTALL)
    assert [(kind, title) for kind, title, _ in found] == [("", "One"), (' class="wide"', "Two"), ("", "Three")]
    assert [re.sub(r"<.*?>|\s", "", body) for *_, body in found] == ["Text", "text", "End"]
    head = html.partition("<main>")[0]
    assert "<title>The title</title>" in head
    assert "<h1>The <code>title</code></h1>" in head
    assert "Lead." in head


def test_a_rule_counts_for_one_section_and_after_an_excerpt_too(chapter):
    html = page_of(chapter, "# T\n\n---\n\n## One\n\n@code setup\n---\n## Two\n\n@code setup\n## Three\nx\n")
    assert re.findall(r"<section( class=.wide.)?>\s*<h2>(\w+)", html) == [
        (' class="wide"', "One"), (' class="wide"', "Two"), ("", "Three"),
    ]  # fmt: skip


def test_code_comes_from_the_chapter_without_docstrings(chapter):
    html = page_of(chapter, "# T\n\n## Code\n\n@solution mask-per-example draw_mask\n@code setup\n\nText\n")
    listings = re.findall(r'<div class="listings">(.*?)</div>\s*<p>Text', html, re.DOTALL)
    assert len(listings) == 1  # both in one row, if they fit
    plain = re.sub(r"<.*?>", "", listings[0]).replace("&lt;", "<")
    assert "def draw_mask(shape, keep_prob, rng):\n    mask = rng.random(shape) < keep_prob\n\n    return mask" in plain
    assert "Draw a mask" not in plain
    assert "%matplotlib inline\nimport numpy as np" in plain
    assert 'class="k"' in listings[0]  # highlighted


def test_a_body_that_is_only_a_docstring_stays():
    code = 'class Empty:\n    """Nothing."""\n\n\nclass Full:\n    """Something."""\n\n    x = 1'
    assert handout._without_docstrings(code) == 'class Empty:\n    """Nothing."""\n\n\nclass Full:\n    x = 1'


def test_outputs_come_from_the_notebook(built, chapter):
    picture = new_output("execute_result", PICTURE, metadata={"image/png": {"alt": 'a "mask"', "width": 480}})
    show(built, "last", new_output("stream", text="a < b\n"), picture)
    html = page_of(chapter, "# T\n\n@output last\n")
    assert "<pre>a &lt; b</pre>" in html
    assert '<img src="data:image/png;base64,iVBORw0KGgo=" alt="a &quot;mask&quot;" width="480">' in html
    show(built, "last", new_output("display_data", {"text/html": "<b>no</b>", "text/plain": "no <yet>"}))
    assert "<pre>no &lt;yet&gt;</pre>" in page_of(chapter, "# T\n\n@output last\n")


def test_outputs_of_the_instructors_notebook_come_first(built, chapter):
    show(built, "last", new_output("stream", text="to do\n"))
    assert "to do" in page_of(chapter, "# T\n\n@output last\n")
    source = read_source(chapter.source)
    notes_path(source).write_text("# Notes\n\n## key: last\nSay it.\n")
    solved = editions(chapter, source)[instructor_path(chapter)]
    for cell in solved.cells:
        if cell.cell_type == "code":
            cell.execution_count, cell.outputs = 1, [new_output("stream", text=f"solved {cell.id}\n")]
    instructor_path(chapter).parent.mkdir()
    instructor_path(chapter).write_bytes(encode_notebook(solved))
    assert "solved last" in page_of(chapter, "# T\n\n@output last\n")


def test_without_an_output_no_notebook_is_needed(chapter):
    chapter.notebook.unlink()
    assert "import numpy" in re.sub(r"<.*?>", "", page_of(chapter, "# T\n\n@code setup\n"))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("## Not a title\n", r"handout\.md:1: a handout begins with `# `"),
        ("", r"handout\.md:1: a handout begins with `# `"),
        ("# T\n\n@code nowhere\n", r"handout\.md:3: the chapter has no cell nowhere"),
        ("# T\n\n@pause\n", r"handout\.md:3: @pause is not known here"),
        ("# T\n\nA formula $\\frac{1$ that ends too early\n", r"handout\.md: \$\\frac\{1\$"),
        ("# T\n\n@output setup\n", "cell setup: it shows nothing"),
        ("# T\n\n@output last\n", "cell last: its picture has no alt text"),
    ],
)
def test_what_is_wrong_is_named(built, chapter, text, fault):
    show(built, "last", new_output("display_data", PICTURE))
    with pytest.raises(ChapterError, match=fault):
        page_of(chapter, text)


def test_a_notebook_that_is_missing_or_stale_is_refused(built, chapter):
    chapter.source.write_text(chapter.source.read_text().replace('print("end")', 'print("other end")'))
    with pytest.raises(ChapterError, match=r"02_dropout\.ipynb: differs from its source \(changed: last\); if"):
        page_of(chapter, "# T\n\n@output setup\n")
    chapter.notebook.unlink()
    with pytest.raises(ChapterError, match=r"02_dropout\.ipynb: is missing; run `python -m course_utils build 02`"):
        page_of(chapter, "# T\n\n@output setup\n")


@pytest.mark.parametrize("lacking", ["Playwright is not installed", "no Chromium"])
def test_without_a_printer_the_page_alone_is_written(chapter, tmp_path, monkeypatch, lacking):
    if lacking.startswith("Playwright"):
        monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    else:
        pytest.importorskip("playwright.sync_api")
        monkeypatch.setattr(handout, "_launch", lambda playwright: None)
    handout_path(chapter).write_text("# Title\n")
    out = tmp_path / "new" / "folder"
    assert write_handout(chapter, out) == [out / "02_dropout.html"]
    assert [path.name for path in out.iterdir()] == ["02_dropout.html"]  # nothing half written beside it
    assert lacking in printing_obstacle()


def test_a_folder_that_cannot_be_made_is_named(chapter, tmp_path):
    handout_path(chapter).write_text("# Title\n")
    (tmp_path / "out").write_text("a file")
    with pytest.raises(ChapterError, match="out: cannot be written: "):
        write_handout(chapter, tmp_path / "out")


# The course's own handouts


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_a_handout_needs_nothing_beside_it(chapter):
    html = handout_page(chapter)
    page = Page(html)
    assert not page.all("script")
    assert not page.all("link")
    assert page.all("html") == [{"lang": "en"}]
    assert all(image["src"].startswith("data:image/png;base64,") and image["alt"] for image in page.all("img"))
    assert not re.search(r"""(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//""", html)
    words = "".join(page.words)
    assert not re.search(r"\$|\\[a-z]|\*\*|@(?:code|solution|output)|^#|^---", words, re.MULTILINE)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_every_formula_of_a_handout_is_drawn(chapter):
    text = re.sub(r"`[^`\n]*`", "", handout_path(chapter).read_text())
    formulas = re.findall(r"\$\$.+?\$\$|\$.+?\$", text, re.DOTALL)
    drawn = [svg for svg in Page(handout_page(chapter)).all("svg") if svg["role"] == "img" and svg["aria-label"]]
    assert formulas
    assert len(drawn) == len(formulas)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_a_handout_has_what_a_student_looks_for(chapter):
    text = handout_path(chapter).read_text()
    assert len(re.findall(r"^\d\. .+\?$", text.partition("## Ask yourself")[2], re.MULTILINE)) == 3
    assert re.search("^@(code|solution)", text, re.MULTILINE)
    assert len(re.findall("^@output", text, re.MULTILINE)) <= 2
    title = read_source(chapter.source).cells[0].text.partition("\n")[0].removeprefix("# ")
    assert text.partition("\n")[0] == f"# {title if title.startswith(chapter.number) else f'{chapter.number} {title}'}"


def test_minutes_on_the_first_handout_are_those_of_the_notes():
    told = dict(re.findall(r"^- \*\*(\d\d) .*?(\d+) minutes$", handout_path(CHAPTERS[0]).read_text(), re.MULTILINE))
    by_notes = {chapter.number: read_notes(read_source(chapter.source)).by_key.values() for chapter in CHAPTERS[1:]}
    assert told == {number: str(sum(note.minutes for note in notes)) for number, notes in by_notes.items()}


# Plans


@pytest.fixture(scope="module")
def sources():
    return [read_source(chapter.source) for chapter in CHAPTERS]


@pytest.fixture(scope="module")
def plans(sources) -> list[Plan]:
    return read_plans(plans_path(sources), sources)


def test_each_plan_takes_the_time_of_its_name(plans):
    assert {plan.title: sum(item.minutes for item in plan.items) for plan in plans} == {
        "1 × 50 minutes": 50, "2 × 90 minutes": 180, "One day": 360,
    }  # fmt: skip


def test_rows_of_a_plan_follow_one_another(sources):
    """The first column is a clock: each row begins where the one before ends, in bold stands the sum."""
    text = plans_path(sources).read_text()
    tables = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    assert len(tables) == 5
    for table in tables:
        rows = re.findall(r"^\| (\d+):(\d\d) \| (\d+) \|", table, re.MULTILINE)
        begins = [60 * int(hour) + int(minute) for hour, minute, _ in rows]
        lengths = [int(length) for *_, length in rows]
        assert begins == [begins[0] + sum(lengths[:number]) for number in range(len(rows))]
        assert re.search(r"^\| \| \*\*(\d+)\*\* \|", table, re.MULTILINE)[1] == str(sum(lengths))


def test_no_section_takes_longer_in_class_than_in_full(plans, sources):
    for source in sources:
        notes, number = read_notes(source).by_key, source.path.stem[:2]
        for key, title in section_titles(source):
            for plan in plans:
                assert plan.minutes(number, title) <= notes[key].minutes or not title[0].isdigit(), (plan.title, title)


def test_the_table_of_contents_adds_up(plans):
    html = handout.plans_page(CHAPTERS)
    table = re.search(r'<table class="contents">.*?</table>', html, re.DOTALL)[0]
    rows = [
        [re.sub("<.*?>", "", cell) for cell in re.findall(r"<td.*?>(.*?)</td>", row)]
        for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL)[1:]
    ]
    numbers = {title: [int(cell or 0) for cell in cells] for title, *cells in rows if re.match(r"0\d |B|M", title)}
    total = numbers.pop("Minutes together")
    assert [sum(column) for column in zip(*numbers.values(), strict=True)] == total
    assert total[1:] == [50, 180, 360]
    readme = dict(re.findall(r"^\| \[(\d\d) .*\| (\d+) \|$", (ROOT / "README.md").read_text(), re.MULTILINE))
    in_full = {title[:2]: minutes for title, (minutes, *_) in numbers.items() if title[0] == "0" and minutes}
    assert len(in_full) >= 5
    assert in_full == {number: int(readme[number]) for number in in_full}
    sections = [int(cells[0]) for title, *cells in rows if re.match(r"\d+ ", title) and title[0] != "0"]
    assert sum(sections) == sum(minutes for number, minutes in in_full.items() if number != "00")


def test_a_plan_names_sections_that_there_are(course, tmp_path):
    chapter = course.write("02_dropout", '# %% [markdown] key="a"\n# ## 1 Masks\n')
    path = plans_path([read_source(chapter.source)])

    def read(row):
        path.write_text(f"# Plans\n\n## One: a plan\n\n| from | minutes | section |\n|---|---|---|\n{row}\n")
        return read_plans(path, [read_source(chapter.source)])

    (plan,) = read("| 0:00 | 7 | 02, section 1 Masks |\n| 0:07 | 3 | Break |\n| 0:10 | 2 | 02, a word before |")
    assert (plan.title, plan.minutes("02"), plan.minutes("02", "1 Masks"), plan.minutes("")) == ("One", 9, 7, 3)
    with pytest.raises(ChapterError, match=r"plans\.md:7: there is no section `02, section 2 Masks`"):
        read("| 0:00 | 7 | 02, section 2 Masks |")
    with pytest.raises(ChapterError, match=r"plans\.md:7: there is no section `03, section 1 Masks`"):
        read("| 0:00 | 7 | 03, section 1 Masks |")


def test_without_plans_or_chapters_that_is_said(course, tmp_path):
    chapter = course.write("02_dropout", '# %% [markdown] key="a"\n# ## 1 Masks\n')
    with pytest.raises(ChapterError, match=r"plans\.md: is missing, so there are no plans"):
        write_plans([chapter], tmp_path / "out")
    with pytest.raises(ChapterError, match="there are no chapters to plan with"):
        write_plans([], tmp_path / "out")
