"""Chapters in JupyterLite: Python in Chromium, files from a plain server's sub-path, and no other machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

playwright = pytest.importorskip("playwright.sync_api")
pytest.importorskip("jupyterlite_core", reason="JupyterLite is not installed: the extra `site` has it")
pytest.importorskip("jupyterlite_pyodide_kernel", reason="its kernel is not installed: the extra `site` has it")

from playwright.sync_api import Browser, Page, expect  # noqa: E402

from course_utils.texts import texts  # noqa: E402
from tests.browser.front_ends import FigureOnPage  # noqa: E402
from tests.browser.keyboard import tab_to, walk  # noqa: E402
from tests.browser.lite_page import PATIENCE, LitePage, hosted, make_site, open_up, unpack_distribution  # noqa: E402
from tests.browser.pages import SCREENS  # noqa: E402
from tests.browser.pictures import wait_until  # noqa: E402

CHAPTERS = ("01_dropout_theory", "02_numpy_dropout", "03_l2_cost_and_backprop")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Make the site with a Pyodide of its own and serve it from a sub-path."""
    root, pyodide = tmp_path_factory.mktemp("host"), tmp_path_factory.mktemp("pyodide")
    try:
        unpack_distribution(pyodide)
    except OSError as error:
        pytest.skip(f"no Pyodide to test with: {error}")
    open_up(make_site(root, pyodide))
    with hosted(root) as found:
        yield found


SAID = """found => {
    const status = found.querySelector("[role=status]");
    window.said = [];
    new MutationObserver(() => window.said.push(status.textContent)).observe(status, {childList: true});
}"""


LOOP = """() => {
    const notebook = jupyterapp.shell.currentWidget.content;
    notebook.activeCellIndex = notebook.widgets.findIndex(cell => cell.model.id === "check-environment");
    notebook.activeCell.model.sharedModel.setSource("while True: pass");
    jupyterapp.commands.execute("notebook:run-cell");
}"""
# Whether the kernel answers.
SAYS = """async () => {
    const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
    return (await kernel.requestExecute({ code: "1" }).done).content.status === "ok";
}"""


def follows(figure: FigureOnPage, *keys: str) -> None:
    """Press keys where the focus is, and wait until another picture stands there, at rest."""
    before, settings = figure.picture(), figure.shown()
    for key in keys:
        figure.page.keyboard.press(key)
    wait_until(lambda: figure.shown() != settings, lambda: f"no new settings after {keys}; {figure.status()}")
    wait_until(lambda: is_at_rest(figure), lambda: f"no rest after {keys}; {figure.status()}")
    assert figure.picture() != before


def is_at_rest(figure: FigureOnPage) -> bool:
    """Tell whether the full picture stands there, with nothing more on its way."""
    return figure.body.get_attribute("aria-busy") == "false" and figure.status() == ""


@pytest.mark.slow
@pytest.mark.parametrize("stem", CHAPTERS)
def test_a_whole_chapter_runs_and_its_slider_moves_the_picture(browser: Browser, address: str, stem: str):
    chapter = LitePage(browser, address, stem)
    cells = chapter.wait_until_run()
    assert [cell["count"] for cell in cells] == list(range(1, len(cells) + 1))
    wrong = {cell["id"]: cell["faults"] for cell in cells if cell["faults"] and "raises-exception" not in cell["tags"]}
    assert wrong == {}

    figure = FigureOnPage(chapter.page)
    handle = figure.body.locator("input[type=range]").first
    low, value, high = (float(handle.evaluate(f"one => one.{name}")) for name in ("min", "value", "max"))
    handle.focus()
    follows(figure, "ArrowLeft" if value > (low + high) / 2 else "ArrowRight")

    assert chapter.faults == []
    chapter.context.close()


@pytest.mark.editions
def test_every_control_is_reached_and_works_by_keyboard(browser: Browser, address: str):
    page = LitePage(browser, address, "00_start_here")
    page.wait_until_run()
    figure = FigureOnPage(page.page)
    slider, buttons = figure.slider("keep_prob"), figure.body.get_by_role("button").all()

    walk([slider.handle, slider.field, *buttons])

    tab_to(slider.handle)
    follows(figure, "ArrowLeft")
    expect(slider.field).to_have_value("0.95")
    tab_to(slider.field)
    follows(figure, "ControlOrMeta+a", *"0.4", "Enter")
    for label in ("new masks", "reset"):
        tab_to(figure.body.get_by_role("button", name=label, exact=True))
        follows(figure, "Enter")
    expect(slider.field).to_have_value("1.00")
    page.context.close()


@pytest.mark.editions
def test_figures_play_before_python_is_there_which_goes_on_from_there(browser: Browser, address: str):
    def play(page: Page) -> None:
        figure = FigureOnPage(page)
        assert figure.shown() == "1|0"
        before = figure.picture()
        figure.press_button("just right")
        assert figure.shown() == "0.5|0"
        assert figure.picture() != before
        assert "computed beforehand" in figure.body.locator(".course-source").inner_text()

    page = LitePage(browser, address, "00_start_here", play)
    page.wait_until_run()
    figure = FigureOnPage(page.page)
    wait_until(lambda: figure.shown() == "0.5|0", figure.shown)
    expect(page.page.locator(".course-live")).to_have_count(0)
    assert page.faults == []
    page.context.close()


@pytest.mark.editions
@pytest.mark.parametrize("screen", ["phone", "laptop"])
def test_run_it_here_opens_at_the_figure_that_was_touched_which_python_takes_over(
    browser: Browser, address: str, screen: str
):
    page = browser.new_page(viewport=SCREENS[screen])
    page.goto(f"{address}/02_numpy_dropout.html")
    page.get_by_role("link", name="run it here", exact=True).last.click()
    figure = page.locator(".course-live .course-figure[data-shown='1|0|16|0|0']")
    figure.wait_for(timeout=1000 * PATIENCE)
    expect(figure).to_be_in_viewport()
    live = page.locator(".course-figure[data-shown]:not(.course-live *)")
    live.wait_for(timeout=1000 * PATIENCE)  # nobody has pressed anything
    expect(live).to_be_in_viewport()
    assert "cell=" not in page.url  # a reload does not run it again
    page.close()


@pytest.mark.slow
def test_a_restart_and_run_all_works_ten_times_and_a_reload_ends_an_endless_loop(browser: Browser, address: str):
    chapter = LitePage(browser, address, "00_start_here")
    page = chapter.page
    counts = [cell["count"] for cell in chapter.wait_until_run()]
    for _ in range(10):
        page.evaluate("() => { jupyterapp.commands.execute('notebook:restart-run-all'); }")
        page.get_by_role("button", name="Restart", exact=True).click()
        page.wait_for_function("jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'busy'")
        assert [cell["count"] for cell in chapter.wait_until_run()] == counts

    page.evaluate(LOOP)
    page.wait_for_timeout(3000)
    page.evaluate("jupyterapp.commands.execute('docmanager:save')")
    page.reload()
    page.wait_for_function("window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel")
    page.wait_for_function(SAYS)
    expect(page.locator(".jp-Notebook .jp-CodeCell").filter(has_text="while True")).to_have_count(1)
    chapter.context.close()


@pytest.mark.editions
def test_a_quick_look_comes_before_a_result_that_takes_time(browser: Browser, address: str):
    page = LitePage(browser, address, "00_start_here")
    page.wait_until_run()
    figure = FigureOnPage(page.page)
    figure.body.evaluate(SAID)
    figure.slider("keep_prob").type("0.42")
    preview = texts()["live"]["preview"]
    wait_until(lambda: preview in page.page.evaluate("said"), lambda: f"said {page.page.evaluate('said')}")
    rough = figure.picture()
    wait_until(lambda: is_at_rest(figure), figure.status)
    assert figure.picture() != rough
    page.context.close()


@pytest.mark.editions
def test_printed_lines_stand_below_each_other(browser: Browser, address: str):
    """The outputs that were saved with the notebook, before anything runs."""
    page = browser.new_page()
    page.goto(f"{address}/lite/lab/index.html?path=02_numpy_dropout.ipynb")
    printed = page.locator(".jp-OutputArea-output pre").filter(has_text="mask").first.inner_text()
    page.close()
    lines = printed.strip().splitlines()
    assert [line.split()[0] for line in lines] == ["x", "mask", "x"]
