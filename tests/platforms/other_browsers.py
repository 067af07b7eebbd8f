"""The pages in Firefox and in WebKit, by a reader's hands: the site, slides, a demo and JupyterLite.

    python -m pytest tests/platforms/other_browsers.py

`make test-browsers` calls it. A browser that is not installed is skipped, and the reason says what installs it. With
SCREENSHOTS=folder each test leaves the page there as it was in the end.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from course_utils.workshop.authoring.chapters import select_chapters
from course_utils.workshop.demos.catalogue import find_demo
from course_utils.workshop.site.pages import write_pages
from course_utils.workshop.slides.deck import write_slides
from tests.browser.lite_page import PATIENCE, SUB_PATH, hosted, make_site, open_up, unpack_distribution
from tests.browser.pages import CHAPTERS
from tests.platforms.drivers import Driven, Firefox, Missing, WebKit
from tests.workshop.demos.still_page import still_pages

NAMES = ["index", *(chapter.stem for chapter in CHAPTERS)]
# Goes into each page before anything else there.
LISTEN = """<script>
window.faults = [];
addEventListener("error", event => faults.push(event.message || `not loaded: ${event.target.outerHTML}`), true);
addEventListener("unhandledrejection", event => faults.push(String(event.reason)));
for (const kind of ["error", "warn"]) console[kind] = (...said) => faults.push(said.join(" "));
</script>"""


@pytest.fixture(scope="module", params=[Firefox, WebKit], ids=["firefox", "webkit"])
def browser(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driven]:
    """Start a browser, and say its version."""
    try:
        with request.param(tmp_path_factory.mktemp("browser")) as found:
            with request.config.pluginmanager.get_plugin("capturemanager").global_and_fixture_disabled():
                print(f"\n== {found.version}")
            yield found
    except Missing as missing:
        pytest.skip(str(missing))


@pytest.fixture
def page(browser: Driven, request: pytest.FixtureRequest) -> Iterator[Driven]:
    """The browser; after the test its page may be kept as a picture."""
    yield browser
    if folder := os.environ.get("SCREENSHOTS"):
        (Path(folder) / f"{request.node.name}.png".replace("/", "-")).write_bytes(browser.screenshot())


def listening(folder: Path) -> Path:
    """Let all pages in a folder note what goes wrong in them."""
    pages = list(folder.rglob("*.html"))
    assert pages
    for path in pages:
        html = path.read_text(encoding="utf-8")
        assert "<head>" in html
        path.write_text(html.replace("<head>", f"<head>{LISTEN}", 1), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("host") / SUB_PATH
    out.mkdir(parents=True)
    write_pages(CHAPTERS, out, lite=True)
    return listening(out)


@pytest.fixture(params=["from a folder", "from a host"])
def address(site: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Where the site is: in a folder, or on a host below its root."""
    if request.param == "from a folder":
        yield site.as_uri()
        return
    with hosted(site.parents[1]) as found:
        yield found


@contextmanager
def opened(page: Driven, url: str) -> Iterator[None]:
    """Open a page; until the end nothing may go wrong there."""
    page.open(url)
    page.evaluate("document.fonts.ready.then(() => 0)")
    yield
    assert page.evaluate("faults") == []


class FigureOn:
    """A live figure on a page, the first or a later one, brought into sight."""

    def __init__(self, page: Driven, selector: str = ".course-figure", index: int = 0) -> None:
        self.page, self.found = page, f"document.querySelectorAll('{selector}')[{index}]"
        page.wait(self.found + " != null")
        self.do("scrollIntoView({block: 'center', behavior: 'instant'})")
        page.wait(f"Boolean({self.found}.dataset.shown)")

    def do(self, script: str) -> Any:
        """Return what something of its element gives."""
        return self.page.evaluate(f"{self.found}.{script}")

    def shown(self) -> str:
        """Return its settings."""
        return str(self.do("dataset.shown"))

    def values(self) -> list[float]:
        """Return the settings that are numbers."""
        return [float(value) for value in self.shown().split("|") if value[-1].isdigit()]

    def picture(self) -> list[str]:
        """Return what is on its canvases."""
        script = f"[...{self.found}.querySelectorAll('.course-panel canvas')].map(one => one.toDataURL())"
        return list(self.page.evaluate(f"new Promise(requestAnimationFrame).then(() => {script})"))

    def slider(self, index: int, share: float | None = None) -> tuple[float, float]:
        """Return where a slider's handle is, or where it is at a share of its way."""
        slider = f"querySelectorAll('input[type=range]')[{index}]"
        box = self.do(f"{slider}.getBoundingClientRect().toJSON()")
        if share is None:
            low, value, high = (float(self.do(f"{slider}.{name}")) for name in ("min", "value", "max"))
            share = (value - low) / (high - low)
        handle = 18  # pixels across, more or less
        return box["x"] + handle / 2 + share * (box["width"] - handle), box["y"] + box["height"] / 2

    def type(self, text: str) -> None:
        """Type into its first field."""
        for act in ("focus", "select"):
            self.do(f"querySelector('.course-field').{act}()")
        self.page.press(*text, "Enter")

    def press_button(self, label: str) -> None:
        """Click on a button."""
        box = self.page.evaluate(f"""[...{self.found}.querySelectorAll("button")]
            .find(one => one.textContent === "{label}").getBoundingClientRect().toJSON()""")
        self.page.drag((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_whole_and_all_its_figures_play(page, address, name):
    with opened(page, f"{address}/{name}.html"):
        page.evaluate("document.querySelectorAll('img').forEach(one => { one.loading = 'eager'; })")
        page.wait("[...document.images].every(one => one.complete)")
        assert page.evaluate("[...document.images].filter(one => !one.naturalWidth).length") == 0
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        count = page.evaluate("document.querySelectorAll('[data-atlas]').length")
        assert count
        for index in range(count):
            figure = FigureOn(page, index=index)
            assert min(map(len, figure.picture())) > 2000  # letters: none is blank


def test_a_figure_follows_keys_pointer_and_field(page, address):
    with opened(page, f"{address}/index.html"):
        figure = FigureOn(page)
        seen = [figure.picture()]
        figure.do("querySelector('input[type=range]').focus()")
        page.press("ArrowLeft")
        assert figure.shown() == "0.95|0|64|0.15|0"
        seen.append(figure.picture())
        page.drag(figure.slider(1), figure.slider(1, 0.3), figure.slider(1, 0.5))
        keep_prob, lambd, *_ = figure.values()
        assert keep_prob == 0.95
        assert 2 <= lambd <= 3
        seen.append(figure.picture())
        figure.type("0.8")
        assert figure.values()[0] == 0.8
        seen.append(figure.picture())
        assert all(one != other for one, other in itertools.pairwise(seen))
        figure.press_button("reset")
        assert figure.picture() == seen[0]


def test_200_moves_in_a_row_end_with_the_picture_of_the_last_value(page, address):
    with opened(page, f"{address}/00_start_here.html"):
        figure = FigureOn(page)
        figure.do("querySelector('input[type=range]').focus()")
        page.press(*(8 * [*15 * ["ArrowLeft"], *10 * ["ArrowRight"]]))  # 19 steps to the lowest value
        assert figure.shown() == "0.55|0"
        by_keys = figure.picture()
        places = [figure.slider(0, 0.5 + 0.4 * (-1) ** step * (200 - step) / 200) for step in range(200)]
        page.drag(figure.slider(0), *places, figure.slider(0, 0.8))
        assert figure.shown() == "0.8|0"
        figure.type("0.55")
        assert figure.picture() == by_keys


def test_the_star_is_dragged_in_the_picture(page, address):
    with opened(page, f"{address}/03_l2_cost_and_backprop.html"):
        figure = FigureOn(page, "[data-atlas=penalty_corner] .course-figure")
        panel, axes = page.evaluate(f"""(({{picture, told}}) => told.dragged.axes.flatMap((all, i) => {{
            const {{canvas, width}} = picture.players[i], box = canvas.getBoundingClientRect();
            return all.map(axes => [{{x: box.x, y: box.y, scale: box.width / width}}, axes]);
        }})[0])({figure.found}.figure)""")

        def place(x: float, y: float) -> tuple[float, float]:
            """Return where a point of the axes is on the page."""
            (left, right), (low, high) = axes["x"], axes["y"]
            across = axes["left"] + axes["width"] * (x - left) / (right - left)
            down = axes["top"] + axes["height"] * (high - y) / (high - low)
            return panel["x"] + panel["scale"] * across, panel["y"] + panel["scale"] * down

        first, before = figure.values(), figure.picture()
        page.drag(place(-1.75, -1.75), place(1, 1))  # where the star is not
        assert figure.values() == first
        x, y = place(*first[:2])
        page.drag((x + 8, y - 8), place(0.5, 0.5), place(0.5, 1.5))
        assert figure.values()[:2] == [0.5, 1.5]
        assert [figure.do(f"querySelectorAll('input[type=range]')[{i}].valueAsNumber") for i in (0, 1)] == [0.5, 1.5]
        assert figure.picture() != before
        assert page.evaluate("String(getSelection())") == ""  # no text was marked on the way


def test_a_guess_is_kept_over_a_reload_and_taken_back(page, address):
    chosen = "[...document.querySelector('.course-guess').querySelectorAll('input:checked')].map(one => one.value)"
    with opened(page, f"{address}/00_start_here.html"):
        page.evaluate("document.querySelector('.course-guess').scrollIntoView({block: 'center', behavior: 'instant'})")
        for group in (".course-options", ".course-sure"):
            box = page.evaluate(f"document.querySelector('{group} input').getBoundingClientRect().toJSON()")
            page.drag((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))
        kept = page.evaluate(chosen)
        assert len(kept) == 2
        page.reload()
        assert page.evaluate(chosen) == kept
        assert page.evaluate("document.querySelectorAll('[data-outcome] .course-yours').length") == 1
        page.evaluate("document.querySelector('.course-kept button').click()")
        page.reload()
        assert page.evaluate(chosen) == []


def test_search_by_keyboard_leads_to_a_section(page, address):
    with opened(page, f"{address}/00_start_here.html"):
        page.press("/")
        assert page.evaluate("document.activeElement.id") == "search"
        page.press(*"gradient check")
        page.wait("document.querySelectorAll('#found a').length > 1")
        page.press("ArrowDown")
        assert page.evaluate("document.getElementById('search').getAttribute('aria-activedescendant')") == "found-1"
        page.press("ArrowUp", "Enter")
        page.wait("location.href.endsWith('/02_numpy_dropout.html#4-the-gradient-check')")
        page.wait("document.readyState === 'complete'")
        top = page.evaluate("document.getElementById('4-the-gradient-check').getBoundingClientRect().top")
        assert 40 <= top < 200  # below the bar


def test_a_figure_has_a_page_of_its_own_that_opens_at_its_settings(page, address):
    with opened(page, f"{address}/figures/playground.html#keep_prob=0.5&lambd=0.3&hidden=64&flipped=0.15&masks=0"):
        figure = FigureOn(page)
        assert figure.shown() == "0.5|0.3|64|0.15|0"
        before = figure.picture()
        figure.do("querySelector('input[type=range]').focus()")
        page.press("ArrowRight")
        assert figure.picture() != before


def test_it_turns_dark_and_stays_so(page, address):
    paper = "getComputedStyle(document.body).backgroundColor"
    with opened(page, f"{address}/00_start_here.html"):
        figure = FigureOn(page)
        light, before = page.evaluate(paper), figure.picture()
        page.evaluate("document.getElementById('theme').click()")
        dark = page.evaluate(paper)
        assert dark != light
        assert figure.picture() != before
        page.reload()
        assert page.evaluate(paper) == dark
        page.evaluate("document.getElementById('theme').click()")


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Write slides with a live figure; return their address."""
    (chapter,) = select_chapters(CHAPTERS, ["02_numpy_dropout"])
    path = write_slides(chapter, tmp_path_factory.mktemp("slides"))
    listening(path.parent)
    return path.as_uri()


def test_keys_lead_through_all_slides(page, deck):
    with opened(page, deck):
        page.wait("Boolean(window.Reveal && Reveal.isReady())")
        total = page.evaluate("Reveal.getTotalSlides()")
        steps = page.evaluate("document.querySelectorAll('.fragment, [data-covered]').length")
        for _ in range(total - 1 + steps):
            page.press("ArrowRight")
        assert page.evaluate("Reveal.isLastSlide()")
        too_large = """[...document.querySelectorAll("section.present")].filter(one =>
            one.scrollHeight > one.parentElement.offsetHeight + 1).map(one => one.textContent.slice(0, 30))"""
        for _ in range(total - 1 + steps):
            assert page.evaluate(too_large) == []
            page.press("ArrowLeft")
        assert page.evaluate("Reveal.isFirstSlide()")


def test_a_live_slide_moves_and_gives_the_keys_back(page, deck):
    with opened(page, deck):
        page.wait("Boolean(window.Reveal && Reveal.isReady())")
        page.evaluate("""(({h, v}) => Reveal.slide(h, v))(
            Reveal.getIndices(document.querySelector(".live").closest("section")))""")
        figure, where = FigureOn(page), "JSON.stringify(Reveal.getIndices())"
        before, place, shown = figure.picture(), page.evaluate(where), figure.shown()
        page.drag(figure.slider(0), figure.slider(0, 0.3), figure.slider(0, 0.6))
        assert figure.shown() != shown
        assert figure.picture() != before
        figure.do("querySelector('input[type=range]').focus()")
        shown = figure.shown()
        page.press("ArrowRight")
        assert figure.shown() != shown
        assert page.evaluate(where) == place
        page.press("Escape", "ArrowDown")
        assert page.evaluate(where) != place


def test_a_demo_fills_the_screen_and_obeys_its_keys(page, tmp_path):
    path = still_pages((find_demo("sine"),), tmp_path)["sine"]
    listening(tmp_path)
    with opened(page, path.as_uri()):
        figure = FigureOn(page)
        assert page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
        before = figure.picture()
        page.press("1")  # a preset
        moved = figure.picture()
        assert moved != before
        page.press("c")
        assert figure.do("querySelector('.course-cover') !== null")
        assert figure.picture() != moved
        page.press("c")
        assert figure.picture() == moved
        page.press("a", "2")
        assert figure.do("querySelectorAll('.course-panels').length") == 2
        page.press("x", "?")
        assert page.evaluate("document.querySelectorAll('dialog[open] li').length") > 5
        page.press("Escape")
        assert page.evaluate("document.querySelector('dialog') === null")


@pytest.fixture(scope="module")
def lite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Make the site with a Python for browsers, and serve it from a sub-path."""
    root, pyodide = tmp_path_factory.mktemp("host"), tmp_path_factory.mktemp("pyodide")
    try:
        unpack_distribution(pyodide)
    except OSError as error:
        pytest.skip(f"no Pyodide to test with: {error}")
    open_up(make_site(root, pyodide))
    with hosted(root) as found:
        yield found


def test_a_slider_moves_a_figure_in_jupyterlite(page, lite):
    page.open(f"{lite}/00_start_here.html")
    page.open(page.evaluate("[...document.links].find(one => one.textContent.trim() === 'Run it here').href"))
    page.wait("Boolean(window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel)")
    page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells'), 0")
    page.wait("document.querySelector('.course-figure[data-shown]:not(.course-live *)') !== null", PATIENCE)
    figure = FigureOn(page, ".course-figure:not(.course-live *)")
    before, shown = figure.picture(), figure.shown()
    figure.do("querySelector('input[type=range]').focus()")
    page.press("ArrowLeft")
    page.wait(f"{figure.found}.dataset.shown !== '{shown}'")
    page.wait(f"{figure.found}.getAttribute('aria-busy') === 'false'", PATIENCE)
    page.wait(f"{figure.found}.querySelector('[role=status]').textContent === ''", PATIENCE)  # no quick look any more
    assert figure.picture() != before
