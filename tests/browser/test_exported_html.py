"""`jupyter nbconvert --to html` of every notebook in a real Chromium, without a network: pictures, words, axe-core."""

from __future__ import annotations

import re
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
from playwright.sync_api import Browser, Page

from course_utils.exercises.verdict import DONE, NOT_ATTEMPTED, NOT_YET, Verdict
from course_utils.workshop.authoring.chapters import find_chapters
from course_utils.workshop.authoring.notebook import read_notebook
from course_utils.workshop.authoring.standalone import standalone_notebook
from course_utils.workshop.authoring.web_page import spoken_pictures
from course_utils.workshop.fonts import style_sheet
from tests import NOTEBOOKS
from tests.browser.axe import axe_script
from tests.browser.front_ends import PATIENCE, opened

CHAPTERS = [one for one in find_chapters(NOTEBOOKS) if one.source.exists() and one.number]
ALONE = "standalone/02_numpy_dropout"
# An instructor's edition has notes, and a standalone one a cell with files; one of each, and the rest by make test-all.
ALL = [*(one.stem for one in CHAPTERS), *(f"instructor/{one.stem}" for one in CHAPTERS), ALONE]
ALWAYS = (CHAPTERS[0].stem, f"instructor/{CHAPTERS[3].stem}", ALONE)
NAMES = [pytest.param(name, marks=() if name in ALWAYS else pytest.mark.slow) for name in ALL]
SCREENS = {"phone": (390, 844), "laptop": (1280, 800)}
FONTS = style_sheet(Path(__file__).with_name("exported.css"))  # on every machine the same

# What a figure or a widget becomes where nothing shows it.
RAW = re.compile(r"<(live )?figure|Widget|[HV]Box\(|model not found|Error displaying|Loading widget|object at 0x")
FORMULA = re.compile(r"\$\$.+?\$\$|(?<![\\\w$])\$[^$`\n]+?\$", re.DOTALL)
FENCED = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)

# What axe-core finds fault with in nbconvert's own template, each with its reason. Everything else is ours.
NOT_OURS = {
    ".jp-InputPrompt": "the numbers of cells are pale grey",
    ".jp-OutputPrompt": "so are those of outputs, in pale red",
    ".highlight": "the colours of code are Pygments', on the template's grey",
}
KNOWN = {
    ("link-in-text-block", "a"): "nbconvert's links have a colour, and no line below them",
}

VERDICTS = [
    Verdict("masks", DONE, "Right for 20 random cases.", progress="chapter 02: ✓ 1 of 6 done"),
    Verdict("masks", NOT_ATTEMPTED, "Write your code where it says so.", progress="chapter 02: ○ 0 of 6 done"),
    Verdict(
        "masks",
        NOT_YET,
        "It keeps the units it should drop.",
        (("given", "keep_prob = 0.25"), ("expected", np.eye(6)), ("got", 1 - np.eye(6))),
        misconception="keeps-what-it-drops",
        hint="Which way round is the comparison?",
        second_hint="`random < keep_prob` is true with the probability keep_prob.",
        printed="a line",
        progress="chapter 02: ○ 0 of 6 done",
    ),
]
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"

RUN_AXE = """async ([exclude, allowed]) => {
    const { violations } = await axe.run({ exclude }, { preload: false, resultTypes: ["violations"] });
    return violations.flatMap(one => one.nodes.filter(node => !allowed.some(([rule, selector]) =>
        rule === one.id && document.querySelector(node.target[0]).matches(selector)
    )).map(node => `${one.id} (${one.impact}): ${node.html.slice(0, 160)}`));
}"""
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
    width, height = SCREENS[screen]
    context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
    page = context.new_page()
    page.set_content(html.replace("</body>", f"<style>{FONTS}</style></body>"))
    page.evaluate("document.fonts.ready")
    yield page
    context.close()


def words_of_outputs(page: Page) -> str:
    """Return what a reader sees below the code."""
    return "\n".join(page.locator(".jp-OutputArea-output").all_inner_texts())


def told_of_pictures(notebook: NotebookNode) -> list[NotebookNode]:
    """Return what a notebook says of each of its pictures: how wide it is shown, and to those who cannot see, what."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return [one.metadata["image/png"] for one in outputs if "image/png" in one.get("data", {})]


def faults(page: Page, axe: str) -> list[str]:
    """Return what axe-core finds on a page and is not known."""
    page.evaluate(axe)
    return page.evaluate(RUN_AXE, [list(NOT_OURS), list(KNOWN)])


@pytest.fixture(scope="module", params=NAMES)
def notebook(request: pytest.FixtureRequest) -> NotebookNode:
    return notebook_of(request.param)


@pytest.fixture(scope="module")
def page(browser: Browser, notebook: NotebookNode) -> Iterator[Page]:
    with shown(browser, exported(notebook)) as found:
        yield found


@pytest.fixture(scope="module")
def axe() -> str:
    return axe_script()


def test_every_picture_is_there(page, notebook):
    page.wait_for_function("[...document.images].every(one => one.complete)")
    found = page.evaluate("[...document.querySelectorAll('.jp-RenderedImage img')].map(one => one.naturalWidth)")
    assert len(found) == len(told_of_pictures(notebook))
    assert min(found) > 300


def test_no_raw_words_of_figures_and_widgets(page):
    assert RAW.findall(words_of_outputs(page)) == []


def test_formulas_arrive_as_they_were_written(page, notebook):
    """So that MathJax, which the template fetches, finds them."""
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    formulas = [found[0] for cell in cells for found in FORMULA.finditer(FENCED.sub("", cell))]
    words = "\n".join(page.locator(".jp-MarkdownOutput").evaluate_all("all => all.map(one => one.textContent)"))
    assert [one for one in formulas if one not in words] == []


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_is_cut_off(page, screen):
    page.set_viewport_size(dict(zip(("width", "height"), SCREENS[screen], strict=True)))
    assert page.evaluate(CUT_OFF, READ_ON_ANY_SCREEN[screen]) == []


def test_axe_finds_nothing_that_is_not_the_templates(page, axe):
    assert faults(page, axe) == []


def test_classic_template_says_what_pictures_show(notebook):
    html = exported(notebook, template_name="classic")
    found = [unescape(alt) for alt in re.findall(r'<img[^>]* alt="([^"]*)"', html)]
    assert found == [one.alt for one in told_of_pictures(notebook)]
    assert all(len(alt) > 20 for alt in found)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_verdicts_of_all_kinds(browser, axe, theme):
    shows = [new_output("display_data", {"text/html": one._repr_html_(), "text/plain": str(one)}) for one in VERDICTS]
    cells = [new_code_cell('check("masks", masks)', outputs=[one]) for one in shows]
    notebook = new_notebook(cells=[new_markdown_cell("# Exercises"), *cells])
    with shown(browser, exported(notebook, theme=theme), "phone") as page:
        hint = page.locator("details")
        closed = hint.bounding_box()["height"]
        hint.locator("summary").press("Enter")
        assert hint.bounding_box()["height"] > closed + 10
        assert faults(page, axe) == []
        assert page.evaluate(CUT_OFF, READ_ON_ANY_SCREEN["phone"]) == []


@pytest.fixture(scope="module")
def saved(browser: Browser, first_notebook: Path, tmp_path_factory: pytest.TempPathFactory) -> NotebookNode:
    """Return the first notebook as a student saves it in JupyterLab, all cells run."""
    home = tmp_path_factory.mktemp("saved")
    with opened(browser, "lab", first_notebook, home) as lab:
        return saved_from(lab.page, home / "course" / first_notebook.name)


def saved_from(page: Page, path: Path) -> NotebookNode:
    """Save the notebook that stands open, and read it."""
    before, deadline = path.stat().st_mtime_ns, time.monotonic() + PATIENCE
    page.keyboard.press("ControlOrMeta+s")
    while path.stat().st_mtime_ns == before:
        assert time.monotonic() < deadline, "the notebook is not saved"
        page.wait_for_timeout(50)
    page.wait_for_timeout(200)  # the file may be half written
    return nbformat.read(path, as_version=4)


@pytest.mark.slow
def test_a_notebook_saved_after_a_run(browser, saved):
    """Its live figures have a picture beside the widget, which is nothing without its kernel."""
    outputs = [output for cell in saved.cells for output in cell.get("outputs", [])]
    assert [one for one in outputs if WIDGET_VIEW in one.get("data", {})]
    with shown(browser, exported(saved)) as page:
        test_every_picture_is_there(page, saved)
        test_no_raw_words_of_figures_and_widgets(page)


def test_the_usual_template_shows_pictures_as_told(browser, notebook):
    """With the preprocessor that `make setup` tells nbconvert of."""
    with shown(browser, exported(notebook, preprocessors=[spoken_pictures])) as page:
        page.wait_for_function("[...document.images].every(one => one.complete && one.naturalWidth > 300)")
        shown_as = page.evaluate("[...document.images].map(one => ({alt: one.alt, width: one.getAttribute('width')}))")
    assert shown_as == [{"alt": one.alt, "width": str(one.width)} for one in told_of_pictures(notebook)]


@pytest.mark.parametrize("state", [{"state": {}}, {"some-model": {}}, None], ids=["JupyterLab", "Colab", "none"])
@pytest.mark.slow
def test_pictures_stand_for_widgets_whatever_is_saved_of_them(browser, saved, state):
    notebook = deepcopy(saved)
    if state is not None:
        if "state" in state:  # all of them, as JupyterLab saves them if it is told to
            views = [one.data[WIDGET_VIEW] for cell in notebook.cells for one in cell.get("outputs", [])
                     if WIDGET_VIEW in one.get("data", {})]  # fmt: skip
            state = {"version_major": 2, "version_minor": 0, "state": {view.model_id: {} for view in views}}
        notebook.metadata.widgets = nbformat.from_dict({"application/vnd.jupyter.widget-state+json": state})
    with shown(browser, exported(notebook, preprocessors=[spoken_pictures])) as page:
        assert page.evaluate("[...document.images].map(one => one.alt)") == [
            one.alt for one in told_of_pictures(notebook)
        ]
        assert page.locator(".jupyter-widgets").count() == 0
