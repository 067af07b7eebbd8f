"""Firefox and WebKit as a system has them, driven without a package of theirs: one by WebDriver BiDi, one over HTTP."""

from __future__ import annotations

import base64
import itertools
import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

from tests.browser.front_ends import free_port

SIZE = {"width": 1280, "height": 860}
PATIENCE = 300  # seconds: the machine may be busy
PORT_FILE = "WebDriverBiDiServer.json"  # in Firefox's profile
MINI_BROWSERS = "/usr/lib*/**/webkit2gtk-*/MiniBrowser"
# As the W3C's WebDriver numbers them.
KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "End": "\ue010", "Home": "\ue011", "ArrowLeft": "\ue012",
        "ArrowUp": "\ue013", "ArrowRight": "\ue014", "ArrowDown": "\ue015"}  # fmt: skip


class Missing(Exception):
    """A browser that is not on this machine."""


def program(name: str, package: str) -> str:
    """Return the path of a program, or tell what installs it."""
    if found := shutil.which(name):
        return found
    raise Missing(f"no {name} on this machine; on Debian: apt install {package}")


def wait_for(found: Callable[[], Any], seconds: float = PATIENCE, what: object = "") -> Any:
    """Return what comes first that is true."""
    deadline = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < deadline, f"waited in vain for {what or found}"
        time.sleep(0.05)
    return value


class Driven(ABC):
    """A browser with one page, handled as a reader does: by keys and by a pointer. It ends where its block does."""

    version = ""

    def __init__(self, folder: Path) -> None:
        self.folder, self.closing = folder, ExitStack()

    def __enter__(self) -> Driven:
        with ExitStack() as closing:  # what was started when something fails
            self.closing = closing
            self.begin()
            self.closing = closing.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.close()

    @abstractmethod
    def begin(self) -> None:
        """Start it, with a page that is SIZE large."""

    def start(self, *words: str, **environment: str) -> None:
        """Start a program that ends with this browser."""
        process = subprocess.Popen(
            words, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.closing.callback(process.wait)
        self.closing.callback(process.terminate)

    @abstractmethod
    def open(self, url: str) -> None:
        """Open a page, and wait until it is loaded."""

    @abstractmethod
    def reload(self) -> None:
        """Load the page again, as the browser's own button does."""

    @abstractmethod
    def evaluate(self, script: str) -> Any:
        """Return what a JavaScript expression gives, or what its promise brings."""

    @abstractmethod
    def perform(self, source: dict[str, Any]) -> None:
        """Let a device act, as WebDriver says it."""

    @abstractmethod
    def screenshot(self) -> bytes:
        """Return the page as PNG."""

    def wait(self, script: str, seconds: float = PATIENCE) -> Any:
        """Return what an expression gives once it is true."""
        return wait_for(lambda: self.evaluate(script), seconds, script)

    def press(self, *keys: str) -> None:
        """Press keys where the focus is, by their names in KEYS or as letters."""
        values = [KEYS.get(key, key) for key in keys]
        acts = [{"type": kind, "value": value} for value in values for kind in ("keyDown", "keyUp")]
        self.perform({"type": "key", "id": "keys", "actions": acts})

    def drag(self, *places: tuple[float, float]) -> None:
        """Press the pointer at the first place, lead it through all others, and let it go; one place is a click."""
        moves = [{"type": "pointerMove", "x": round(x), "y": round(y), "duration": 20} for x, y in places]
        acts = [moves[0], {"type": "pointerDown", "button": 0}, *moves[1:], {"type": "pointerUp", "button": 0}]
        self.perform({"type": "pointer", "id": "pointer", "parameters": {"pointerType": "mouse"}, "actions": acts})


class Firefox(Driven):
    """Firefox without a window, over WebDriver BiDi."""

    def begin(self) -> None:
        """Start it on an empty profile."""
        binary = next(filter(None, map(shutil.which, ("firefox-esr", "firefox"))), "")
        binary = binary or program("firefox", "firefox-esr")
        self.start(binary, "--headless", "--profile", str(self.folder), "--remote-debugging-port", str(free_port()))
        where = self.folder / PORT_FILE
        told = json.loads(wait_for(lambda: where.exists() and where.read_text(encoding="utf-8"), what=where))
        self.socket = self.closing.enter_context(
            connect(f"ws://{told['ws_host']}:{told['ws_port']}/session", max_size=None)
        )
        self.numbers = itertools.count()
        about = self.call("session.new", capabilities={})["capabilities"]
        self.closing.callback(self.call, "browser.close")
        self.version = f"Firefox {about['browserVersion']}"
        # A page of its own: the one that stands there at first has no focus, the address bar has it.
        self.context = self.call("browsingContext.create", type="tab")["context"]
        self.call("browsingContext.setViewport", context=self.context, viewport=SIZE)

    def call(self, method: str, **params: Any) -> Any:
        """Return the answer to a command."""
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        answer: dict[str, Any] = {}
        while answer.get("id") != number:
            answer = json.loads(self.socket.recv(timeout=PATIENCE))
        assert answer["type"] == "success", answer
        return answer["result"]

    def open(self, url: str) -> None:
        """Open a page."""
        self.call("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def reload(self) -> None:
        """Load the page again."""
        self.call("browsingContext.reload", context=self.context, wait="complete")

    def evaluate(self, script: str) -> Any:
        """Return what an expression gives; it comes as JSON, since BiDi has types of its own."""
        found = self.call("script.evaluate", expression=f"(async () => JSON.stringify(await ({script})))()",
                          target={"context": self.context}, awaitPromise=True, userActivation=False)  # fmt: skip
        assert found["type"] == "success", found
        return json.loads(found["result"].get("value", "null"))

    def perform(self, source: dict[str, Any]) -> None:
        """Let a device act."""
        self.call("input.performActions", context=self.context, actions=[source])

    def screenshot(self) -> bytes:
        """Return the page."""
        return base64.b64decode(self.call("browsingContext.captureScreenshot", context=self.context)["data"])


class WebKit(Driven):
    """WebKitGTK's own small browser on a screen that nobody sees, over WebDriver."""

    def begin(self) -> None:
        """Start a screen, the driver, and by it the browser; a session of its leaves nothing behind."""
        driver, screen = program("WebKitWebDriver", "webkit2gtk-driver"), program("Xvfb", "xvfb")
        found = sorted(Path("/").glob(MINI_BROWSERS.lstrip("/")))
        if not found:
            raise Missing(f"no {MINI_BROWSERS} on this machine; on Debian: apt install webkit2gtk-driver")
        port, display = free_port(), f":{free_port()}"  # a display's number is free where nobody has the port
        self.start(screen, display, "-screen", "0", f"{SIZE['width']}x{SIZE['height'] + 100}x24", "-nolisten", "tcp")
        self.start(driver, f"--port={port}", DISPLAY=display)
        self.base = f"http://127.0.0.1:{port}/session"
        options = {"webkitgtk:browserOptions": {"binary": str(found[-1]), "args": ["--automation"]}}
        session = wait_for(lambda: self.begun({"capabilities": {"alwaysMatch": options}}), what=driver)
        self.base += f"/{session['sessionId']}"
        self.closing.callback(self.call, "DELETE", "")
        self.version = f"WebKitGTK {session['capabilities']['browserVersion']}"
        self.call("POST", "/window/rect", SIZE)

    def begun(self, wanted: dict[str, Any]) -> Any:
        """Return a new session, or nothing while the driver does not listen yet."""
        try:
            return self.call("POST", "", wanted)
        except urllib.error.URLError:
            return None

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Return the answer to a command."""
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(self.base + path, data, method=method)
        try:
            with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()) from error

    def open(self, url: str) -> None:
        """Open a page."""
        self.call("POST", "/url", {"url": url})

    def reload(self) -> None:
        """Load the page again."""
        self.call("POST", "/refresh", {})

    def evaluate(self, script: str) -> Any:
        """Return what an expression gives."""
        return self.call("POST", "/execute/sync", {"script": f"return ({script})", "args": []})

    def perform(self, source: dict[str, Any]) -> None:
        """Let a device act."""
        self.call("POST", "/actions", {"actions": [source]})

    def screenshot(self) -> bytes:
        """Return the page."""
        return base64.b64decode(self.call("GET", "/screenshot"))
