"""The site's pages as text: what stands on them, where links lead, and that nothing else is asked for."""

from __future__ import annotations

import base64
import re
from io import BytesIO
from urllib.parse import unquote

import pytest
from nbformat.v4 import new_output
from PIL import Image

from course_utils.workshop.authoring.chapters import ChapterError, find_chapters
from course_utils.workshop.authoring.editions import editions
from course_utils.workshop.authoring.notebook import encode_notebook
from course_utils.workshop.authoring.source import read_source
from course_utils.workshop.site.pages import write_pages
from course_utils.workshop.site.search import entries, plain_text
from tests.workshop.authoring.course import Course

FIRST = """# %% [markdown] key="title"
# # Start
#
# On to [the second](02_second.ipynb#A-b), [part](#Too-deep) and [elsewhere](https://example.org/a.ipynb). $a_1 + a_1$
#
# | section | minutes |
# |---|---|
# | 1 Begin | 12 |
#
# At the end you can **begin** `well`.

# %% [markdown] key="begin"
# ## 1 Begin

# %% [markdown] key="deep"
# #### Too deep
#
# | a | b |
# |---|---|
# | 1 | 2 |

# %% key="shown"
print("<b>")
"""
SECOND = """# %% [markdown] key="title"
# # 02 Second
#
# ## A b
#
# ## A b

# %% key="torch"
import torch
"""
README = """# The course

<!-- badges -->
<!-- end of badges -->

Read *this*.

## Chapters
"""


def picture(width=20, height=10):
    file = BytesIO()
    Image.new("RGB", (width, height)).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


OUTPUTS = [
    new_output("stream", name="stdout", text="<b> & \x1b[31mred\x1b[0m\n"),
    new_output("stream", name="stderr", text="careful\n"),
    new_output("error", ename="ValueError", evalue="no", traceback=["\x1b[31mValueError\x1b[0m: no"]),
    new_output(
        "display_data",
        {"image/png": picture(), "text/plain": "<figure: x>"},
        metadata={"image/png": {"alt": 'An "x" & <y>', "width": 10}},
    ),
    new_output(
        "display_data",
        {"image/png": picture(), "text/plain": "<live figure>"},
        metadata={"image/png": {"alt": "it moves"}},
    ),
    new_output("display_data", {"text/html": "<th>given</th><th scope='col'>sum</th>", "text/plain": "given"}),
    new_output("display_data", {"text/markdown": "*so*"}),
    new_output("display_data", {"text/plain": "<plain>"}),
]


def write(course, stem, text):
    """Write a chapter that is up to date; a cell `shown` has an output of each kind."""
    course.write(stem, text)
    course.pretend_build(stem)
    course.edit(stem, lambda notebook: [cell.update(outputs=OUTPUTS) for cell in notebook.cells if cell.id == "shown"])


def fill(course):
    """Write two chapters, the second with PyTorch."""
    write(course, "01_first", FIRST)
    write(course, "02_second", SECOND)
    (course.notebooks_dir.parent / "README.md").write_text(README, encoding="utf-8")
    return course


def make_pages(course, folder, lite=True):
    folder.mkdir()
    write_pages(find_chapters(course.notebooks_dir), folder, lite)
    return {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.html")}


@pytest.fixture
def filled(course):
    """A course of two chapters, to change."""
    return fill(course)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of a site of two chapters, and its pages by their names."""
    course = Course(tmp_path_factory.mktemp("host") / "notebooks")
    course.source_dir.mkdir(parents=True)
    folder = course.notebooks_dir.with_name("site")
    return folder, make_pages(fill(course), folder)


@pytest.fixture(scope="module")
def pages(site):
    return site[1]


def dead_links(folder):
    """Return what the pages of a site lead to that is not there, JupyterLite aside, which is built elsewhere."""
    pages = {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.html")}
    found = []
    for path, page in pages.items():
        for address in re.findall(r'<(?!use)[^>]+? (?:href|src)="(.*?)"', page):
            file, _, anchor = address.partition("#")
            target = (path.parent / file.partition("?")[0]).resolve() if file else path
            if address.startswith(("https:", "data:")) or "lite" in target.relative_to(folder.resolve()).parts:
                continue
            if not target.is_file() or (anchor and f'id="{unquote(anchor)}"' not in pages.get(target, "")):
                found.append((path.relative_to(folder).as_posix(), address))
    return found


def test_everything_a_page_refers_to_is_there(site):
    folder, pages = site
    assert set(pages) == {"index", "01_first", "02_second"}
    assert dead_links(folder) == []


def test_a_link_finds_its_heading_whatever_signs_that_has(filled, tmp_path):
    link = "# [here](#A,-b-&-“c”?) [there](02_second.ipynb#A,-b-&-“c”?)"
    write(filled, "02_second", SECOND.replace("## A b", f"## A, b & “c”?\n#\n{link}\n#\n# ## A b", 1))
    assert 'id="a-b--c"' in make_pages(filled, tmp_path / "site")["02_second"]
    assert dead_links(tmp_path / "site") == []


def test_links_between_notebooks_lead_to_pages(pages):
    page = pages["01_first"]
    assert 'href="02_second.html#a-b"' in page
    assert 'href="https://example.org/a.ipynb"' in page
    assert '<a href="#too-deep">part</a>' in page


def test_equal_headings_get_anchors_of_their_own_and_no_level_is_skipped(pages):
    assert '<h2 id="a-b">' in pages["02_second"]
    assert '<h2 id="a-b-1">' in pages["02_second"]
    assert '<h3 id="too-deep">' in pages["01_first"]
    assert [page.count("<h1") for page in pages.values()] == [1, 1, 1]


def test_code_is_coloured(pages):
    code = '<pre role="group" aria-label="Code" data-scrolls tabindex="0"><span class="kn">import</span> torch'
    assert code in pages["02_second"]


def test_no_heading_takes_the_id_of_a_part_of_the_page(filled, tmp_path):
    write(filled, "02_second", SECOND.replace("## A b", "## Search", 1))
    ids = re.findall(r' id="([^"]+)"', make_pages(filled, tmp_path / "site")["02_second"])
    assert "search-1" in ids
    assert len(ids) == len(set(ids))


def test_outputs(pages):
    page = pages["01_first"]
    assert ">&lt;b&gt; &amp; red</pre>" in page
    assert '<div class="output fault"><pre role="group" aria-label="Output" data-scrolls tabindex="0">careful' in page
    assert "ValueError: no</pre>" in page
    assert 'alt="An &quot;x&quot; &amp; &lt;y&gt;" width="10" height="5"' in page
    assert """<th scope="row">given</th><th scope='col'>sum</th>""" in page
    assert "<em>so</em>" in page
    assert "&lt;plain&gt;</pre>" in page
    assert "\x1b" not in page


def test_pictures_are_files(site):
    folder, pages = site
    sources = re.findall(r'<img src="([^"]+)"', pages["01_first"])
    assert sources == ["images/01_first/shown-3.png", "images/01_first/shown-4.png"]
    for source in sources:
        with Image.open(folder / source) as image:
            assert image.size == (20, 10)


def test_a_page_says_where_its_chapter_runs(pages):
    link = 'href="lite/lab/index.html?path=01_first.ipynb">run it here</a>'
    assert link in pages["index"]
    assert link in pages["01_first"]
    assert pages["01_first"].count("A picture of a live figure.") == 1
    assert 'alt="it moves"' in pages["01_first"]
    assert "lite/" not in pages["02_second"]
    assert ["needs a kernel with PyTorch" in pages[name] for name in ("01_first", "02_second")] == [False, True]


def test_without_lite_nothing_leads_there(filled, tmp_path):
    pages = make_pages(filled, tmp_path / "site", lite=False)
    assert [name for name, page in pages.items() if "lite/" in page] == []
    assert "open <code>01_first.ipynb</code> in Jupyter" in pages["01_first"]


def test_colab_and_binder_stand_where_there_is_an_address(filled, tmp_path):
    assert "colab" not in make_pages(filled, tmp_path / "before")["01_first"]
    text = '[project.urls]\nRepository = "https://github.com/ada/course"\n'
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    chapter = filled.chapter("02_second")  # whose notebook now has badges and a cell that installs the course
    notebook = editions(chapter, read_source(chapter.source))[chapter.notebook]
    chapter.notebook.write_bytes(encode_notebook(notebook))
    page = make_pages(filled, tmp_path / "site")["02_second"]
    assert 'href="https://colab.research.google.com/github/ada/course/blob/main/notebooks/02_second.ipynb"' in page
    assert "mybinder.org/v2/gh/ada/course" in page
    assert "%pip" not in page


def test_the_index_says_what_readme_and_chapters_say(pages):
    page = pages["index"]
    assert "<h1>The course</h1>" in page
    assert "Read <em>this</em>" in page
    aims = "<strong>begin</strong> <code>well</code>"
    first, second = re.findall(r'<a class="card" href="(.*?)">(.*?)</a>', page, re.DOTALL)
    assert (first[0], second[0]) == ("01_first.html", "02_second.html")
    for part in ("<strong>01 Start</strong>", aims, "12 minutes", "images/01_first/shown-3.png"):
        assert part in first[1]
    assert "<strong>02 Second</strong>" in second[1]
    assert "needs PyTorch" in second[1]
    assert "minutes" not in second[1]


def test_letters_of_formulas_are_drawn_once(pages):
    page = pages["01_first"]
    letters = re.findall(r'<path id="(letter-\d+)"', page)
    assert len(letters) == len(set(letters)) == 3  # a, 1 and +
    assert len(re.findall(r'<use href="#letter-\d+"', page)) == 5
    assert 'aria-label="a_1 + a_1"' in page


def test_search_knows_every_section(site):
    script = (site[0] / "assets" / "search-index.js").read_text(encoding="utf-8")
    assert script.startswith("window.courseIndex = [")
    assert '"page": "01_first.html", "anchor": "too-deep"' in script
    assert "a₁ + a₁" in script


def test_words_of_a_page():
    page = '<h1 id="t">T &amp; <b>u</b></h1><p>One<em>self</em></p><h2 id="s">S</h2><td>a</td><td>b</td>'
    assert plain_text("<td>a</td><td>b</td><p>x<b>y</b></p>") == "a b xy"
    found = entries("p.html", "T & u", page)
    assert [(one.anchor, one.section, one.text) for one in found] == [("", "T & u", "Oneself"), ("s", "S", "a b")]


def test_a_formula_that_cannot_be_drawn_names_its_chapter(filled, tmp_path):
    write(filled, "01_first", FIRST.replace("$a_1 + a_1$", "$\\frac{1$"))
    with pytest.raises(ChapterError, match=r"01_first\.ipynb: .*braces do not pair up"):
        make_pages(filled, tmp_path / "site")
