"""Starts Voilà on this machine alone, says where it is, and stops it at Ctrl-C."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from course_utils.environment import how_to_install
from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.demos.catalogue import Demo
from course_utils.workshop.demos.page import language, write_pages
from course_utils.workshop.demos.voila_process import voila_command
from course_utils.workshop.lab import can_open_browser, first_free_port

__all__ = ["serve", "served"]

DEFAULT_PORT = 8866
EXTENSIONS = (  # what live figures need, with ipywidgets 7 or 8
    "anywidget",
    "@jupyter-widgets/jupyterlab-manager",
    "@voila-dashboards/widgets-manager7",
    "@voila-dashboards/widgets-manager8",
)
PATIENCE = 60  # seconds for the server to answer
FORGOTTEN = 600  # seconds after which the kernel of a page without connection ends


def voila_arguments(page: Path, port: int) -> list[str]:
    """Put Voilà's command line together.

    Parameters
    ----------
    page : Path
        A notebook, or a folder of several.
    port : int

    Returns
    -------
    list of str
        The arguments after ``voila``.
    """
    return [
        str(page),
        f"--port={port}",
        "--Voila.ip=127.0.0.1",
        "--no-browser",
        "--template=course",
        f"--HTMLExporter.language_code={language()}",
        "--classic-tree",  # the page of tiles stands in its place
        "--VoilaConfiguration.allow_theme_override=NO",  # the page turns light and dark by itself
        "--VoilaConfiguration.allow_template_override=NO",
        # Other extensions of JupyterLab only cost time here, and complain that this is no JupyterLab.
        *(f"--VoilaConfiguration.extension_allowlist={name}" for name in EXTENSIONS),
        "--Voila.log_level=ERROR",
        # A page that is left tells so, that its kernel may end, and Voilà 0.5 would refuse it for want of a cookie that
        # it never sets. Whoever wants to end a kernel must know its random name all the same.
        "--Voila.tornado_settings=disable_check_xsrf=True",
        # A page that was lost without a word, as when a computer is shut, is missed after a while.
        f"--MappingKernelManager.cull_idle_timeout={FORGOTTEN}",
        f"--MappingKernelManager.cull_interval={FORGOTTEN // 10}",
    ]


def own_environment(folder: Path) -> dict[str, str]:
    """Return an environment in which only the settings in ``folder`` count, not the lecturer's own for Jupyter."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
    own = {f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    return kept | own | {"IPYTHONDIR": str(folder / "ipython"), "PYTHONWARNINGS": "ignore"}


@contextlib.contextmanager
def served(demos: Sequence[Demo], port: int) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Serve demos from a temporary folder; give address and process once the server answers, stop it in the end."""
    with tempfile.TemporaryDirectory(prefix="course-demo-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        command = voila_command(voila_arguments(write_pages(demos, folder), port))
        log = folder / "log"
        with log.open("wb") as sink:  # what Voilà says helps nobody at the lectern, unless it does not start
            process = subprocess.Popen(
                command, cwd=folder, env=own_environment(folder), stdin=subprocess.PIPE, stdout=sink, stderr=sink
            )
        try:
            address = f"http://127.0.0.1:{port}/"
            wait_for_answer(address, process, log)
            yield address, process
        finally:
            stop(process)


def wait_for_answer(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return once the server answers; raise ``RuntimeError`` with its last words if it does not."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            # Not the page itself: whoever asks for that gets a kernel.
            urllib.request.urlopen(f"{address}voila/static/voila.js", timeout=5).close()
            return
        except urllib.error.HTTPError:  # an answer too
            return
        except OSError:
            time.sleep(0.05)
    words = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    raise RuntimeError(f"Voilà did not start: {words[-1] if words else 'it said nothing'}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the server, which ends its kernels."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdin is not None:
        process.stdin.close()


def serve(demos: Sequence[Demo], port: int = DEFAULT_PORT, browser: bool = True) -> int:
    """Serve demos until Ctrl-C.

    Parameters
    ----------
    demos : sequence of Demo
        One fills the page; several get a page of tiles.
    port : int
        The first port to try.
    browser : bool
        Whether a browser window may open.

    Returns
    -------
    int
        0, or 1 after one line that says what is missing.
    """
    if importlib.util.find_spec("voila") is None:
        return refused(f"Voilà is not installed here: {how_to_install('teach')}")
    previous = end_like_ctrl_c()
    try:
        free = first_free_port(port)
        if free != port:
            print(f"Port {port} is taken; using {free}.")
        with served(demos, free) as (address, process):
            print(
                f"{demos[0].title if len(demos) == 1 else f'{len(demos)} demos'}: {address} . Ctrl-C stops it.",
                flush=True,
            )
            if browser and can_open_browser():
                webbrowser.open(address)
            code = process.wait()
            return refused(f"Voilà has stopped by itself with {code}; start the demo again")
    except KeyboardInterrupt:
        print("The demo has stopped.")
        return 0
    except (ValueError, RuntimeError, ChapterError) as error:
        return refused(str(error))
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def end_like_ctrl_c() -> dict[int, Any]:
    """Let a closed terminal and a plain ``kill`` end the demo as Ctrl-C does; return what they did before."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    return {number: signal.signal(number, interrupt) for number in numbers}


def refused(reason: str) -> int:
    """Say why not."""
    print(reason, file=sys.stderr)
    return 1
