"""`jupyter nbconvert --to html` of every notebook in a real Chromium, without a network: pictures, words, axe-core."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import Browser, Page, expect

from course_utils.exercises.verdict import DONE, NOT_ATTEMPTED, NOT_YET, Verdict
from course_utils.workshop.authoring.notebook import read_notebook
from course_utils.workshop.authoring.standalone import standalone_notebook
from course_utils.workshop.fonts import style_sheet
from course_utils.workshop.players import atlas_of
from course_utils.workshop.web_page import readable_text, self_contained
from tests import NOTEBOOKS, ROOT
from tests.browser.front_ends import FIRST_NOTEBOOK, PATIENCE, opened, served
from tests.browser.pages import CHAPTERS, SCREENS, violations

ALONE = "standalone/02_numpy_dropout"
# An instructor's edition has notes, and a standalone one a cell with files; one of each, and the rest by make test-all.
ALL = [*(one.stem for one in CHAPTERS), *(f"instructor/{one.stem}" for one in CHAPTERS), ALONE]
ALWAYS = (CHAPTERS[0].stem, f"instructor/{CHAPTERS[3].stem}", ALONE)
NAMES = [pytest.param(name, marks=() if name in ALWAYS else pytest.mark.slow) for name in ALL]
FONTS = style_sheet(Path(__file__).with_name("exported.css"))  # on every machine the same

# What a figure or a widget becomes where nothing shows it.
RAW = re.compile(r"<(live )?figure|Widget|[HV]Box\(|model not found|Error displaying|Loading widget|object at 0x")
FORMULA = re.compile(r"\$\$.+?\$\$|(?<![\\\w$])\$[^$`\n]+?\$", re.DOTALL)
FENCED = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)

# What axe-core finds fault with in nbconvert's own template, each with its reason. Everything else is ours.
NOT_OURS = (
    ".jp-InputPrompt",  # the numbers of cells are pale grey
    ".jp-OutputPrompt",  # so are those of outputs, in pale red
    ".highlight",  # the colours of code are Pygments', on the template's grey
)
KNOWN = "link-in-text-block (serious): <a "  # its links have a colour, and no line below them

VERDICTS = [
    Verdict("masks", DONE, "Right for 20 random cases.", progress="chapter 02: ✓ 1 of 6 done"),
    Verdict("masks", NOT_ATTEMPTED, "Write your code where it says so.", progress="chapter 02: ○ 0 of 6 done"),
    Verdict(
        "masks",
        NOT_YET,
        "It keeps the units it should drop.",
        (
            ("keep_prob", 0.25),
            ("error", "ValueError: " + 12 * "long words "),
            ("expected", np.eye(6)),
            ("got", 1 - np.eye(6)),
        ),
        misconception="keeps-what-it-drops",
        hint="Which way round is the comparison?",
        second_hint="`random < keep_prob` is true with the probability `keep_prob`.",
        solution='def masks(rng, keep_prob):\n    """Draw."""\n    return rng.random(3) < keep_prob  # 3 units\n',
        printed="a line",
        progress="chapter 02: ○ 0 of 6 done",
    ),
]
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"

# What is wider than the screen and cannot be scrolled by itself.
CUT_OFF = """within => {
    const scrolls = one => ["auto", "scroll"].includes(getComputedStyle(one).overflowX);
    const free = one => !one || one === document.body || (!scrolls(one) && free(one.parentElement));
    const wide = one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1;
    return [...document.querySelectorAll(within)].filter(one => wide(one) && free(one))
        .map(one => one.outerHTML.slice(0, 120));
}"""
# The template lets long lines of code neither wrap nor scroll; a phone shows their beginnings.
READ_ON_ANY_SCREEN = {"phone": "main :not(.jp-CodeMirrorEditor, .jp-CodeMirrorEditor *)", "laptop": "main *"}


def notebook_of(name: str) -> NotebookNode:
    """Return a notebook of the course as it is committed, or as `standalone` makes it."""
    if name == ALONE:
        chapter = next(one for one in CHAPTERS if one.stem == Path(name).name)
        return standalone_notebook(read_notebook(chapter.notebook), chapter)
    return read_notebook(NOTEBOOKS / f"{name}.ipynb")


def exported(notebook: NotebookNode, **options: Any) -> str:
    """Return the page that nbconvert makes of a notebook."""
    return HTMLExporter(**options).from_notebook_node(notebook, {"metadata": {"name": "Chapter"}})[0]


@contextmanager
def shown(browser: Browser, html: str, screen: str = "laptop") -> Iterator[Page]:
    """Open a page with the network cut: it would bring MathJax, and whatever else the template asks for."""
    page = browser.new_page(viewport=SCREENS[screen], offline=True)
    page.set_content(html.replace("</body>", f"<style>{FONTS}</style></body>"))
    page.evaluate("document.fonts.ready")
    yield page
    page.close()


def told_of_pictures(notebook: NotebookNode) -> list[NotebookNode]:
    """Return what a notebook says of each of its pictures: how wide it is shown, and to those who cannot see, what."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return [one.metadata["image/png"] for one in outputs if "image/png" in one.get("data", {})]


def faults(page: Page) -> list[str]:
    """Return what axe-core finds on a page and is not known."""
    return [one for one in violations(page, NOT_OURS) if not one.startswith(KNOWN)]


@pytest.fixture(scope="module", params=NAMES)
def notebook(request: pytest.FixtureRequest) -> NotebookNode:
    return notebook_of(request.param)


@pytest.fixture(scope="module")
def page(browser: Browser, notebook: NotebookNode) -> Iterator[Page]:
    with shown(browser, exported(notebook)) as found:
        yield found


def test_no_raw_words_of_figures_and_widgets(page):
    assert RAW.findall("\n".join(page.locator(".jp-OutputArea-output").all_inner_texts())) == []


def test_formulas_arrive_as_they_were_written(page, notebook):
    """So that MathJax, which the template fetches, finds them."""
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    formulas = [found[0] for cell in cells for found in FORMULA.finditer(FENCED.sub("", cell))]
    words = "\n".join(page.locator(".jp-MarkdownOutput").evaluate_all("all => all.map(one => one.textContent)"))
    assert [one for one in formulas if one not in words] == []


@pytest.mark.parametrize("screen", READ_ON_ANY_SCREEN)
def test_nothing_is_cut_off(page, screen):
    page.set_viewport_size(SCREENS[screen])
    assert page.evaluate(CUT_OFF, READ_ON_ANY_SCREEN[screen]) == []


def test_axe_finds_nothing_that_is_not_the_templates(page):
    assert faults(page) == []


def test_classic_template_says_what_pictures_show(notebook):
    html = exported(notebook, template_name="classic")
    found = [unescape(alt) for alt in re.findall(r'<img[^>]* alt="([^"]*)"', html)]
    assert found == [one.alt for one in told_of_pictures(notebook)]
    assert all(len(alt) > 20 for alt in found)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_verdicts_of_all_kinds(browser, theme):
    shows = [new_output("display_data", {"text/html": one._repr_html_(), "text/plain": str(one)}) for one in VERDICTS]
    cells = [new_code_cell('check("masks", masks)', outputs=[one]) for one in shows]
    notebook = new_notebook(cells=[new_markdown_cell("# Exercises"), *cells])
    with shown(browser, exported(notebook, theme=theme), "phone") as page:
        assert page.locator("summary").all_inner_texts() == ["Hint", "A second hint", "A solution"]
        for folded in page.locator("details").all():
            closed = folded.bounding_box()["height"]
            folded.locator("summary").press("Enter")
            assert folded.bounding_box()["height"] > closed + 10
        assert faults(page) == []
        assert page.evaluate(CUT_OFF, READ_ON_ANY_SCREEN["phone"]) == []


def alive(notebook: NotebookNode) -> str:
    """Return the page that nbconvert makes with what `make setup` tells it."""
    return exported(notebook, preprocessors=[self_contained], filters={"markdown2html": readable_text})


def test_the_usual_template_shows_pictures_as_told_and_figures_play(browser, notebook):
    told = told_of_pictures(notebook)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    plays = [output.metadata["image/png"].alt for output in outputs if atlas_of(output)]
    html = alive(notebook)
    assert re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="(http[^"]*)"', html) == []
    with shown(browser, html) as page:
        page.wait_for_function("[...document.images].every(one => one.complete && one.naturalWidth > 300)")
        shown_as = page.evaluate("[...document.images].map(one => [one.alt, one.getAttribute('width')])")
        assert page.locator(".jupyter-widgets").count() == 0
        figures = page.locator(".course-figure")
        assert figures.count() == len(plays)
        for figure in figures.all():
            figure.scroll_into_view_if_needed()
            expect(figure).to_have_attribute("data-shown", re.compile("."))
            before = figure.get_attribute("data-shown")
            figure.locator("input[type=range]").first.press("ArrowLeft")
            figure.locator("input[type=range]").first.press("ArrowLeft")
            figure.locator(".course-preset").last.click()
            assert figure.get_attribute("data-shown") != before
        texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
        formulas = [found for text in texts for found in FORMULA.findall(FENCED.sub("", text))]
        assert page.locator("svg.formula").count() >= len(formulas) > 0 or not formulas
    assert told
    assert shown_as == [[one.alt, str(one.width)] for one in told if one.alt not in plays]


def test_the_readmes_command_makes_a_page_that_needs_no_network(tmp_path):
    """Also where no `make setup` has told Jupyter anything, as under conda or on Windows."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    words = re.search(r"`python (-m nbconvert .+?)`", readme)[1].split()
    words[words.index("dist")] = str(tmp_path)
    nowhere = {"JUPYTER_CONFIG_PATH": "", "JUPYTER_CONFIG_DIR": str(tmp_path / "none")}
    environ = os.environ | nowhere | {"PYTHONPATH": str(ROOT)}
    code = "import jupyter_core.paths as p; p.ENV_CONFIG_PATH[:] = []; from nbconvert.nbconvertapp import main; main()"
    asked = [sys.executable, "-c", code, *words[2:]]
    subprocess.run(asked, cwd=ROOT, env=environ, check=True, capture_output=True, timeout=300)
    html = (tmp_path / "02_numpy_dropout.html").read_text(encoding="utf-8")
    assert re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="(http[^"]*)"', html) == []
    assert 'class="formula"' in html
    assert "course-live" in html


def test_a_formula_that_cannot_be_drawn_is_left_to_mathjax():
    good, bad = new_markdown_cell("Well: $a_1$"), new_markdown_cell(r"Not: $\unheardof{x}$")
    assert "cdnjs" not in alive(new_notebook(cells=[good])).split("mermaid")[0]
    html = alive(new_notebook(cells=[good, bad]))
    assert "MathJax" in html
    assert r"$\unheardof{x}$" in html


@pytest.fixture(scope="module")
def saved(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> NotebookNode:
    """Return the first notebook as a student saves it in JupyterLab, all cells run."""
    home = tmp_path_factory.mktemp("saved")
    with opened(browser, "lab", FIRST_NOTEBOOK, home) as lab:
        path, deadline = home / "course" / FIRST_NOTEBOOK.name, time.monotonic() + PATIENCE
        before = path.stat().st_mtime_ns
        lab.page.keyboard.press("ControlOrMeta+s")
        while path.stat().st_mtime_ns == before:
            assert time.monotonic() < deadline, "the notebook is not saved"
            lab.page.wait_for_timeout(50)
        lab.page.wait_for_timeout(200)  # the file may be half written
        return nbformat.read(path, as_version=4)


def widgets_of(notebook: NotebookNode) -> list[str]:
    """Return the models that a notebook's outputs show."""
    outputs = [output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", [])]
    return [data[WIDGET_VIEW]["model_id"] for data in outputs if WIDGET_VIEW in data]


@pytest.mark.slow
def test_a_notebook_saved_after_a_run(browser, saved):
    """Its live figures have a picture beside the widget, which is nothing without its kernel."""
    assert widgets_of(saved)
    with shown(browser, exported(saved)) as page:
        assert page.locator(".jp-RenderedImage img").count() == len(told_of_pictures(saved))
        test_no_raw_words_of_figures_and_widgets(page)


@pytest.mark.slow
def test_a_saved_notebook_that_is_opened_elsewhere_shows_its_picture(browser, saved, tmp_path):
    """Where it is not trusted. Where it is, JupyterLab says that the widget's model is not found."""
    notebook = deepcopy(saved)
    notebook.cells = [cell for cell in saved.cells if "keep_prob_trainer()" in cell.source and cell.cell_type == "code"]
    nbformat.write(notebook, tmp_path / "saved.ipynb")
    with served("lab", tmp_path / "saved.ipynb", tmp_path / "home") as address:
        page = browser.new_page()
        page.goto(address)
        picture = page.locator(".jp-OutputArea-output img")
        picture.wait_for()
        assert picture.evaluate("one => one.naturalWidth") > 600
        page.close()


@pytest.mark.parametrize("manner", ["JupyterLab", "Colab", "none"])
@pytest.mark.slow
def test_pictures_stand_for_widgets_whatever_is_saved_of_them(browser, saved, manner):
    notebook = deepcopy(saved)
    if manner != "none":
        all_of_them = {name: {} for name in widgets_of(saved)}  # as JupyterLab saves them if it is told to
        lab = {"version_major": 2, "version_minor": 0, "state": all_of_them}
        state = lab if manner == "JupyterLab" else {"some-model": {}}
        notebook.metadata.widgets = nbformat.from_dict({"application/vnd.jupyter.widget-state+json": state})
    test_the_usual_template_shows_pictures_as_told_and_figures_play(browser, notebook)
