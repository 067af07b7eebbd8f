"""Opens JupyterLab on the course's first notebook: ``python -m course_utils.lab``, or ``make lab``."""

import argparse
import importlib.util
import os
import secrets
import signal
import socket
import sys
import warnings
import webbrowser
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from course_utils.environment import how_to_install, running_python
from course_utils.terminal import show_any_text

__all__ = ["can_open_browser", "first_free_port", "lab_arguments", "main"]

ROOT = Path(__file__).resolve().parents[3]
FIRST_NOTEBOOK = "notebooks/00_start_here.ipynb"
DEFAULT_PORT = 8888
_TRIES = 50
_SETTINGS = Path(__file__).with_name("settings")  # with overrides.json, the course's defaults for JupyterLab
_PATIENCE = 10  # seconds for kernels and extensions to end
_STOPPED = "JupyterLab has stopped."


def _is_free(port: int) -> bool:
    """Try to take the port on every address that ``localhost`` stands for, as the server will."""
    for family, kind, protocol, _, address in socket.getaddrinfo("localhost", port, type=socket.SOCK_STREAM):
        try:
            probe = socket.socket(family, kind, protocol)
        except OSError:  # IPv6 is named but switched off
            continue
        with probe:
            if os.name != "nt":  # there the option would let two servers share a port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(address)
            except OSError:
                return False
    return True


def first_free_port(wanted: int = DEFAULT_PORT) -> int:
    """Find a port for the server, the wanted one if possible.

    Parameters
    ----------
    wanted : int, optional
        Where to begin, in 1..65535.

    Returns
    -------
    int
        The first free port from there on.

    Raises
    ------
    ValueError
        If ``wanted`` is no port number.
    RuntimeError
        If neither it nor the 49 after it are free.
    """
    if not 1 <= wanted <= 65535:
        raise ValueError(f"port must be in 1..65535, got {wanted}")
    for port in range(wanted, min(wanted + _TRIES, 65536)):
        if _is_free(port):
            return port
    raise RuntimeError(f"no free port from {wanted} on; name another one with  --port 9100 , or make's  PORT=9100")


def can_open_browser(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Tell whether a browser window could appear before the reader.

    Parameters
    ----------
    environ : mapping of str to str, optional
        The environment variables.
    platform : str, optional
        As in ``sys.platform``.

    Returns
    -------
    bool
        False in a remote shell, on a Linux without a display, and where no browser is known.
    """
    if not environ.get("BROWSER"):
        if environ.get("SSH_CONNECTION"):
            return False
        # Else a text browser might start and take the terminal.
        if platform.startswith("linux") and not (environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")):
            return False
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def lab_arguments(port: int, token: str, *, browser: bool, root_user: bool) -> list[str]:
    """Put JupyterLab's command line together.

    Parameters
    ----------
    port : int
        Where it is to listen.
    token : str
        What its address has to carry.
    browser : bool
        Whether to open a browser window.
    root_user : bool
        Whether it runs as root, which the server otherwise refuses.

    Returns
    -------
    list of str
        The arguments after the program's name.
    """
    return [
        f"--ServerApp.root_dir={ROOT}",
        f"--LabApp.default_url=/lab/tree/{FIRST_NOTEBOOK}",
        f"--ServerApp.port={port}",
        f"--IdentityProvider.token={token}",
        f"--LabApp.app_settings_dir={_SETTINGS}",
        # Nothing leaves this machine: no news, no look-up of newer versions, no catalogue of extensions.
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        # What a reader can do something about, the page says; a terminal full of warnings only frightens.
        "--ServerApp.log_level=ERROR",
        "--LabApp.log_level=ERROR",
        *(() if browser else ("--no-browser",)),
        *(("--allow-root",) if root_user else ()),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the server until Ctrl-C.

    Parameters
    ----------
    arguments : sequence of str, optional
        The command line; that of the process by default.

    Returns
    -------
    int
        0, or 1 after one line that says what is missing.
    """
    _on_ctrl_c(_leave)
    show_any_text()
    parser = argparse.ArgumentParser(prog="python -m course_utils.lab", description=__doc__)
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="first port to try (%(default)s)")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    options = parser.parse_args(arguments)
    if importlib.util.find_spec("jupyterlab") is None:
        print(f"JupyterLab is not installed here: {how_to_install('lab')}", file=sys.stderr)
        return 1
    if not (ROOT / FIRST_NOTEBOOK).is_file():
        build = f"make notebooks , or without make  {running_python()} -m course_utils build"
        print(f"{FIRST_NOTEBOOK} is missing: in the course's folder run  {build}", file=sys.stderr)
        return 1
    try:
        port = first_free_port(options.port)
    except (ValueError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 1
    if port != options.port:
        print(f"Port {options.port} is taken; using {port}.")
    print("JupyterLab starts; Ctrl-C stops it.", flush=True)
    _serve(port, browser=not options.no_browser and can_open_browser())
    print(_STOPPED)
    return 0


def _serve(port: int, *, browser: bool) -> None:
    """Start JupyterLab, say where it is once it listens there, and return when Ctrl-C has stopped it."""
    token, root_user = secrets.token_hex(24), hasattr(os, "geteuid") and os.geteuid() == 0
    arguments = lab_arguments(port, token, browser=browser, root_user=root_user)
    # What its parts say while they load, of what will be deprecated one day, is about themselves.
    with warnings.catch_warnings(record=True):
        import zmq
        from jupyter_client.manager import KernelManager
        from jupyter_server.serverapp import ServerApp
        from jupyterlab.labapp import LabApp

        ServerApp.init_signal = lambda _: None  # type: ignore[assignment, method-assign]  # it would ask whether to stop
        if hasattr(KernelManager, "transport_encryption") and zmq.has("curve"):
            arguments.append("--KernelManager.transport_encryption=auto")  # without it each kernel warns
        app = LabApp.initialize_server(arguments)
    where = f"http://localhost:{app.port}/lab/tree/{FIRST_NOTEBOOK}?token={token}"

    def listening() -> None:
        print(f"{'If no browser opens, open' if browser else 'Open'} this address in one:\n\n    {where}\n", flush=True)
        _on_ctrl_c(stop)

    def stop(*_: object) -> None:
        _on_ctrl_c(_leave)  # the second time there is no waiting
        app.stop(from_signal=True)
        app.io_loop.add_callback_from_signal(app.io_loop.call_later, _PATIENCE, app.io_loop.stop)

    app.io_loop.add_callback(listening)
    app.start()
    _on_ctrl_c(signal.SIG_IGN)


def _on_ctrl_c(handler: Any) -> None:
    """Handle Ctrl-C, or where it is ignored, as under the Makefile, the signal by which that passes it on."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, handler)
    signal.signal(signal.SIGTERM, handler)


def _leave(*_: object) -> NoReturn:
    """Leave at once: there is nothing to put away yet, and an exception might come out anywhere."""
    _on_ctrl_c(signal.SIG_IGN)  # a second one, before the exit, would say it again
    os.write(1, f"{_STOPPED}\n".encode())
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
