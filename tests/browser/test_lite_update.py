"""JupyterLite after an update of the course, and on a phone, in Chromium; no Python runs, so no Pyodide is needed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api")
pytest.importorskip("jupyterlite_core", reason="JupyterLite is not installed: the extra `site` has it")
pytest.importorskip("jupyterlite_pyodide_kernel", reason="its kernel is not installed: the extra `site` has it")

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect  # noqa: E402

from course_utils.workshop.site.lite import write_lite  # noqa: E402
from tests.browser.lite_page import SUB_PATH, hosted  # noqa: E402
from tests.browser.pages import SCREENS  # noqa: E402
from tests.workshop.authoring.course import CHAPTER, new_course  # noqa: E402

pytestmark = pytest.mark.editions

PATIENCE = 600_000  # ms for JupyterLab to come up on a busy machine
OPENING = "lite/lab/index.html?path=02_dropout.ipynb"
EDIT = """async () => {
    const panel = jupyterapp.shell.currentWidget;
    await panel.context.ready;
    panel.content.model.sharedModel.cells.find(cell => cell.id === "last").setSource("print('mine')");
    await panel.context.save();
    await jupyterapp.serviceManager.contents.save("guesses.json", { type: "file", format: "text", content: "{}" });
}"""


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Build two editions of a chapter, as a course publishes them one after the other."""
    made = []
    for number in (1, 2):
        folder = tmp_path_factory.mktemp("edition")
        small = new_course(folder)
        small.write("02_dropout", CHAPTER.replace("In triple quotes", f"Edition {number}"))
        small.pretend_build("02_dropout")
        write_lite([small.chapter("02_dropout")], folder / "lite")
        made.append(folder / "lite")
    return made


def publish(lite: Path, root: Path) -> None:
    """Put an edition where the last one was."""
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(lite, root / SUB_PATH / "lite")


@pytest.fixture
def reader(browser: Browser) -> Iterator[BrowserContext]:
    """Give a browser that has seen nothing and asks no other machine."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    context.route(lambda url: not url.startswith(("http://127.0.0.1:", "data:", "blob:")), lambda route: route.abort())
    yield context
    context.close()


@contextmanager
def opened(reader: BrowserContext, address: str) -> Iterator[Page]:
    """Open the chapter."""
    page = reader.new_page()
    page.goto(f"{address}/{OPENING}")
    expect(cells(page).filter(has_text="Edition")).to_be_visible(timeout=PATIENCE)
    yield page
    page.close()


def cells(page: Page) -> Locator:
    """Return the cells of the notebook that is in front."""
    return page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell")


def test_an_update_is_shown_and_what_was_edited_before_is_kept_beside_it(
    reader: BrowserContext, editions: list[Path], tmp_path: Path
):
    publish(editions[0], tmp_path)
    with hosted(tmp_path) as address:
        with opened(reader, address) as page:
            page.evaluate(EDIT)
            expect(page.locator(".jp-DirListing")).to_be_visible()
        with opened(reader, address) as page:  # while the course stays as it is, so does the reader's notebook
            expect(cells(page).filter(has_text="mine")).to_be_visible()
            expect(page.get_by_role("button", name="Open mine")).to_have_count(0)

        publish(editions[1], tmp_path)
        with opened(reader, address) as page:
            expect(cells(page).filter(has_text="Edition 2")).to_be_visible()
            expect(cells(page).filter(has_text="mine")).to_have_count(0)
            page.get_by_role("button", name="Open mine").click()
            expect(cells(page).filter(has_text="mine")).to_be_visible()
            expect(cells(page).filter(has_text="Edition 1")).to_be_visible()
            listed = page.evaluate("async () => (await jupyterapp.serviceManager.contents.get('')).content")
        names = sorted(one["name"] for one in listed)
        assert names[0].startswith("02_dropout-yours-")
        assert names[1:] == ["02_dropout.ipynb", "guesses.json"]  # what is no chapter stays where it is

        with opened(reader, address) as page:  # nothing is moved twice
            assert page.evaluate("async () => (await jupyterapp.serviceManager.contents.get('')).content.length") == 3


def test_on_a_phone_the_notebook_has_the_whole_width(reader: BrowserContext, editions: list[Path], tmp_path: Path):
    publish(editions[0], tmp_path)
    with hosted(tmp_path) as address:
        phone = reader.new_page()
        phone.set_viewport_size(SCREENS["phone"])
        phone.goto(f"{address}/{OPENING}")
        editor = cells(phone).filter(has_text="print").locator(".jp-InputArea-editor").first
        expect(editor).to_be_visible(timeout=PATIENCE)
        phone.wait_for_timeout(2000)  # for what opens late
        for hidden in (".jp-DirListing", ".jp-SideBar", "#jp-bottom-panel .jp-StatusBar-Widget"):
            expect(phone.locator(hidden).filter(visible=True)).to_have_count(0)
        box = editor.bounding_box()
        assert box is not None
        assert box["width"] > 0.9 * SCREENS["phone"]["width"]
