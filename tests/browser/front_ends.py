"""Notebooks in a real browser: a server for each front end, Chromium, and a live figure as a reader handles it."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from playwright.sync_api import Browser, Locator, Page, Playwright, TimeoutError, WebSocket

import course_utils
from tests import NOTEBOOKS
from tests.browser.pages import watch

FIRST_NOTEBOOK = NOTEBOOKS / "00_start_here.ipynb"  # the one that readers open first
PATIENCE = 30  # seconds for a server, a page or a kernel to come up
VOILA_TEMPLATE = Path(__file__).with_name("voila_template")
LAB_SETTINGS = Path(course_utils.__file__).parent / "workshop" / "lab" / "settings"
IN_VENV = ("jupyter_config.py", "voila.json")  # what the Makefile puts there

# No sandbox, since root has none; the rest keeps Chromium from calling home.
CHROMIUM_OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip
# Without these the front ends ask at every first start whether they may fetch news from the network.
SETTINGS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}

OURS = ("http://127.0.0.1:", "ws://127.0.0.1:", "http://localhost:")
# Errors in the console that are the front end's own, each with its reason. Everything else is a fault.
KNOWN_CONSOLE_ERRORS: dict[str, tuple[str, ...]] = {
    "lab": (),
    # Notebook 7's own settings loader, once in a while, before any cell runs.
    "notebook": ("Cannot read properties of undefined (reading 'schema')",),
    "nbclassic": (),
    # Voilà loads every extension of JupyterLab that is installed; it has not all that some of them ask for.
    "voila": ("The getter for the shared module is not a function",),
}


def chromium() -> str | None:
    """Return the path of the system's Chromium; Playwright's own download is left alone."""
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return next((path for path in found if path), None)


def launch(playwright: Playwright) -> Browser:
    """Start the system's Chromium."""
    return playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_OPTIONS)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def server_command(front_end: str, folder: Path, notebook: str, port: int, python: str) -> list[str]:
    """Return the command that serves ``folder`` to this machine, without a token."""
    if front_end == "voila":
        options = [notebook, f"--port={port}", "--Voila.ip=127.0.0.1", "--no-browser", "--template=course"]
        return [python, "-m", "voila", *options]
    options = [
        f"--ServerApp.root_dir={folder}", f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
        "--ServerApp.ip=127.0.0.1", "--IdentityProvider.token=", "--no-browser", "--allow-root",
    ]  # fmt: skip
    if front_end == "lab":
        never = "jupyterlab.handlers.announcements.NeverCheckForUpdate"
        options += ["--LabApp.news_url=None", f"--LabApp.check_for_updates_class={never}"]
        options += ["--LabApp.extension_manager=readonly"]
    return [python, "-m", {"lab": "jupyterlab"}.get(front_end, front_end), *options]


def server_environment(home: Path) -> dict[str, str]:
    """Return an environment in which no one's own Jupyter settings count, only those written to ``home`` here."""
    settings = home / "config" / "labconfig" / "default_setting_overrides.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps(SETTINGS), encoding="utf-8")
    for name in IN_VENV:
        shutil.copy(LAB_SETTINGS / name, home / "config")
    shutil.copytree(VOILA_TEMPLATE, home / "data" / "voila" / "templates" / "course")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
    own = {f"JUPYTER_{name}_DIR": str(home / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    return kept | own | {"IPYTHONDIR": str(home / "ipython")}


@contextmanager
def served(front_end: str, notebook: Path, home: Path, python: str = sys.executable) -> Iterator[str]:
    """Serve a copy of ``notebook`` from within the empty folder ``home``; give its address in the front end."""
    folder = home / "course"
    folder.mkdir(parents=True)
    shutil.copy(notebook, folder)
    port = free_port()
    command, environment = server_command(front_end, folder, notebook.name, port, python), server_environment(home)
    log = home / "log"
    with log.open("w", encoding="utf-8") as sink:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink
        )
    try:
        # Voilà runs the notebook for whoever asks for its page, so it is asked for something smaller.
        ready, path = {
            "lab": ("api/status", f"lab/tree/{notebook.name}"),
            "notebook": ("api/status", f"notebooks/{notebook.name}"),
            "nbclassic": ("api/status", f"notebooks/{notebook.name}"),
            "voila": ("voila/static/voila.js", ""),
        }[front_end]
        wait_for_answer(f"http://127.0.0.1:{port}/{ready}", process, log)
        yield f"http://127.0.0.1:{port}/{path}"
    finally:
        process.terminate()  # the server ends its kernels
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for_answer(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return once the server answers."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except urllib.error.HTTPError:  # an answer too
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"{address} does not answer:\n{log.read_text(encoding='utf-8')}")


class NotebookPage:
    """A notebook open in a front end, all its cells run, and what went wrong meanwhile."""

    def __init__(self, browser: Browser, front_end: str, address: str) -> None:
        self.page = browser.new_page(viewport={"width": 1400, "height": 1300})
        self.faults = watch(self.page.context, OURS, KNOWN_CONSOLE_ERRORS[front_end])
        self.page.set_default_timeout(1000 * PATIENCE)
        self.kernel_spoke = False
        self.page.on("websocket", lambda socket: socket.on("framereceived", lambda _: self.note_kernel(socket)))
        self.page.goto(address)
        if front_end != "voila":  # which runs all cells by itself
            self.run_all_cells()
        self.page.wait_for_selector(".course-panel canvas", state="attached")

    def note_kernel(self, socket: WebSocket) -> None:
        """Note that a kernel has said something."""
        self.kernel_spoke |= "/channels" in socket.url

    def run_all_cells(self) -> None:
        """Run all cells by the menu and wait until the kernel rests.

        Before the kernel has answered, the command would only clear the outputs; its first words tell that it has.
        The front end may need a moment more to hear them: if no cell starts, press again as a reader would.
        """
        idle = ".jp-Notebook-ExecutionIndicator[data-status='idle']"
        running = self.page.locator(".course-panel canvas").or_(self.page.get_by_text("[*]:")).first
        deadline = time.monotonic() + PATIENCE
        while not self.kernel_spoke and time.monotonic() < deadline:
            self.page.wait_for_timeout(50)
        while True:
            self.page.wait_for_selector(idle, state="attached")
            self.page.locator(".lm-MenuBar-itemLabel", has_text="Run").first.click()
            self.page.locator(".lm-Menu-item", has_text=re.compile("Run All Cells$")).first.click()
            try:
                running.wait_for(state="attached", timeout=1000)
                break
            except TimeoutError:
                if time.monotonic() > deadline:
                    raise
        self.page.wait_for_selector(".course-panel canvas", state="attached")
        self.page.wait_for_selector(idle, state="attached")


def write_notebook(path: Path, sources: Iterable[str]) -> Path:
    """Write a notebook with these code cells."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


@contextmanager
def opened(browser: Browser, front_end: str, notebook: Path, home: Path) -> Iterator[NotebookPage]:
    """Open a copy of ``notebook`` in the empty ``home``, all cells run; at the end nothing may have gone wrong."""
    with served(front_end, notebook, home) as address:
        found = NotebookPage(browser, front_end, address)
        yield found
        assert found.faults == []
        found.page.close()


class SliderOnPage:
    """A slider on a page with its text field."""

    def __init__(self, page: Page, row: Locator) -> None:
        self.page = page
        self.row, self.field = row, row.locator(".course-field")
        self.handle = row.locator("input[type=range]")

    def type(self, text: str) -> None:
        """Type into the field."""
        self.field.fill(text)
        self.field.press("Enter")

    def place(self, share: float) -> tuple[float, float]:
        """Return where on the page the handle's middle is when it stands at ``share`` of its way."""
        self.handle.scroll_into_view_if_needed()
        box = self.handle.bounding_box()
        assert box is not None
        handle = 16  # pixels across, in Chromium
        return box["x"] + handle / 2 + share * (box["width"] - handle), box["y"] + box["height"] / 2

    def said(self) -> str:
        """Return what stands beside a slider that has no field."""
        return self.row.locator("output").inner_text()

    def value(self) -> float:
        """Return the number at which the handle stands."""
        return float(self.handle.input_value())

    def click_track(self, share: float) -> None:
        """Click on the slider's track."""
        self.page.mouse.click(*self.place(share))

    def drag(self, start: float, end: float) -> None:
        """Drag the handle from where it is to another place in many small moves."""
        self.page.mouse.move(*self.place(start))
        self.page.mouse.down()
        self.page.mouse.move(*self.place(end), steps=15)
        self.page.mouse.up()


class FigureOnPage:
    """A live figure on a page, the first or a later one, with the hands and eyes of a reader."""

    def __init__(self, page: Page, index: int = 0) -> None:
        self.page = page
        self.body = page.locator(".course-figure").nth(index)
        self.body.scroll_into_view_if_needed()

    def slider(self, label: str) -> SliderOnPage:
        """Return the slider with this label."""
        name = self.page.locator("label").get_by_text(label, exact=True)
        return SliderOnPage(self.page, self.body.locator(".course-control").filter(has=name))

    def shown(self) -> str:
        """Return the settings whose picture stands there, as the figure says them."""
        return self.body.get_attribute("data-shown") or ""

    def picture(self) -> list[str]:
        """Return what is on the canvases, as data addresses."""
        script = "found => [...found.querySelectorAll('.course-panel canvas')].map(one => one.toDataURL())"
        return list(self.body.evaluate(script))

    def words(self) -> str:
        """Return what the numbers in the picture say."""
        return self.body.locator("[aria-live]").text_content() or ""

    def press_button(self, label: str) -> None:
        """Press one of the figure's buttons, be it of a row of choices or not."""
        self.body.get_by_role("button", name=label, exact=True).click()

    def chosen(self) -> list[str]:
        """Return the labels of the choices that are pressed."""
        return self.body.locator(".course-choice [aria-pressed=true]").all_inner_texts()

    def status(self) -> str:
        """Return the line above the picture, empty if there is none."""
        return self.body.locator("[role=status]").inner_text()

    def code(self) -> str:
        """Return the code that stands below the picture, empty if it is hidden."""
        listing = self.body.locator("pre")
        return (listing.text_content() or "") if listing.is_visible() else ""
