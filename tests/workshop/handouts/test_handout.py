"""Handouts and plans: what a text becomes, what is refused, and what the course's own ones say."""

import re
import sys

import pytest
from nbformat.v4 import new_output

from course_utils.workshop.authoring.chapters import Chapter, ChapterError, find_chapters
from course_utils.workshop.authoring.facts import chapter_facts
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
from tests import NOTEBOOKS

CHAPTERS = [chapter for chapter in find_chapters(NOTEBOOKS) if chapter.source.exists() and chapter.number]
PICTURE = {"image/png": "iVBORw0KGgo=", "text/plain": "<figure>"}


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


def test_a_rule_lets_the_section_below_it_go_across(chapter):
    text = "# The `title`\n\nLead.\n\n---\n\n## One\n\nText\n\n@code setup\n---\n## Two\n\n- text\n\n## Three\n\nEnd\n"
    head, _, body = page_of(chapter, text).partition("<main>")
    assert "<title>The title</title>" in head
    assert "<h1>The <code>title</code></h1>" in head
    assert "Lead." in head
    found = re.findall(r"<section(.*?)>\s*<h2>(.*?)</h2>\s*<(\w+)>\s*(?:<li>)?(\w+)<", body)
    assert found == [
        (' class="wide"', "One", "p", "Text"), (' class="wide"', "Two", "ul", "text"), ("", "Three", "p", "End"),
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


def test_without_an_output_no_notebook_is_needed(chapter):
    chapter.notebook.unlink()
    assert "import numpy" in re.sub(r"<.*?>", "", page_of(chapter, "# T\n\n@code setup\n"))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("## Not a title\n", r"handout\.md:1: a handout begins with `# `"),
        ("", r"handout\.md:1: a handout begins with `# `"),
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


@pytest.fixture(scope="module")
def sources():
    return [read_source(chapter.source) for chapter in CHAPTERS]


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_of_markdown_nothing_is_left_and_every_formula_is_drawn(chapter):
    html = handout_page(chapter)
    assert not re.search("<script|<link", html)
    assert '<html lang="en">' in html
    words = re.sub(r"<(code|pre|style)\b.*?</\1>|<[^>]*>", "", html, flags=re.DOTALL)
    assert not re.search(r"\$|\\[a-z]|\*\*|@(?:code|solution|output)|^#|^---", words, re.MULTILINE)
    text = re.sub(r"`[^`\n]*`", "", handout_path(chapter).read_text())
    formulas = re.findall(r"\$\$.+?\$\$|\$.+?\$", text, re.DOTALL)
    assert formulas
    assert len(re.findall('role="img" aria-label="[^"]', html)) == len(formulas)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_a_handout_has_what_a_student_looks_for(chapter):
    text = handout_path(chapter).read_text()
    assert len(re.findall(r"^\d\. .+\?$", text.partition("## Ask yourself")[2], re.MULTILINE)) == 3
    assert re.search("^@(code|solution)", text, re.MULTILINE)
    assert len(re.findall("^@output", text, re.MULTILINE)) <= 2
    assert text.partition("\n")[0] == f"# {chapter_facts(read_source(chapter.source)).title}"


# Plans


@pytest.fixture(scope="module")
def plans(sources) -> list[Plan]:
    return read_plans(plans_path(sources), sources)


def test_rows_of_a_plan_follow_one_another(sources):
    """The first column is a clock: each row begins where the one before ends, in bold stands the sum."""
    text = plans_path(sources).read_text()
    tables = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    assert len(tables) == 6
    for table in tables:
        rows = re.findall(r"^\| (\d+):(\d\d) \| (\d+) \|", table, re.MULTILINE)
        begins = [60 * int(hour) + int(minute) for hour, minute, _ in rows]
        lengths = [int(length) for *_, length in rows]
        assert begins == [begins[0] + sum(lengths[:number]) for number in range(len(rows))]
        assert re.search(r"^\| \| \*\*(\d+)\*\* \|", table, re.MULTILINE)[1] == str(sum(lengths))


def test_no_section_takes_longer_in_class_than_in_full(plans, sources):
    sections = {(source.name[:2], title): key for source in sources for key, title in section_titles(source)}
    in_full = {source.name[:2]: chapter_facts(source).minutes for source in sources}
    in_class = {one: max(plan.minutes(*one) for plan in plans) for one in sections}
    assert sum(in_class.values()) > 200
    assert [one for one, key in sections.items() if in_class[one] > in_full[one[0]].get(key, 0)] == []


def test_the_table_of_contents_adds_up():
    table = re.search(r'<table class="contents">.*?</table>', handout.plans_page(CHAPTERS), re.DOTALL)[0]
    rows = {"chapter": [], "": [], "sum": []}
    for kind, row in re.findall('<tr class="(.*?)">(.*?)</tr>', table):
        rows[kind].append([re.sub("<.*?>", "", cell) for cell in re.findall("<t[hd].*?>(.*?)</t[hd]>", row)])
    heads, (_, *total) = rows["sum"]
    assert dict(zip(heads[2:], total[1:], strict=True)) == {
        "1 × 50 minutes": "50", "2 × 90 minutes": "180", "One day": "360", "One lecture more": "90",
    }  # fmt: skip
    columns = zip(*(cells for _, *cells in rows["chapter"]), strict=True)
    assert [str(sum(int(cell or 0) for cell in column)) for column in columns] == total
    assert str(sum(int(in_full) for _, in_full, *_ in rows[""])) == total[0]


def test_a_plan_names_sections_that_there_are(course, tmp_path):
    chapter = course.write("02_dropout", '# %% [markdown] key="a"\n# ## 1 Masks\n')
    path = plans_path([read_source(chapter.source)])

    def read(row):
        path.write_text(f"# Plans\n\n## One: a plan\n\n| from | minutes | section |\n|---|---|---|\n{row}\n")
        return read_plans(path, [read_source(chapter.source)])

    (plan,) = read("| 0:00 | 7 | 02, section 1 Masks |\n| 0:07 | 3 | Break |\n| 0:10 | 2 | 02, a word before |")
    assert (plan.title, plan.minutes("02"), plan.minutes("02", "1 Masks"), plan.minutes("")) == ("One", 9, 7, 3)
    for unknown in ("02, section 2 Masks", "03, section 1 Masks"):
        with pytest.raises(ChapterError, match=rf"plans\.md:7: there is no section `{unknown}`"):
            read(f"| 0:00 | 7 | {unknown} |")


def test_without_plans_or_chapters_that_is_said(chapter, tmp_path):
    with pytest.raises(ChapterError, match=r"plans\.md: is missing, so there are no plans"):
        write_plans([chapter], tmp_path / "out")
    with pytest.raises(ChapterError, match="there are no chapters to plan with"):
        write_plans([], tmp_path / "out")
