"""`make lab`: which port, which browser, and a real server that is started, asked and stopped."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import webbrowser
from pathlib import Path

import pytest

from course_utils import lab

PACKAGE = Path(lab.__file__).parent


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_free_port_is_kept(taken_port):
    port = lab.first_free_port(taken_port)
    assert lab.first_free_port(port) == port


def test_a_taken_port_gives_way_to_the_next(taken_port):
    assert taken_port < lab.first_free_port(taken_port) < taken_port + 50


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_port_out_of_range(port):
    with pytest.raises(ValueError, match=rf"port must be in 1\.\.65535, got {port}"):
        lab.first_free_port(port)


def test_no_free_port(monkeypatch):
    tried = []
    monkeypatch.setattr(lab, "_is_free", tried.append)  # gives None: never free
    with pytest.raises(RuntimeError, match=r"no free port from 65530 on; .* --port 9100 , .* PORT=9100"):
        lab.first_free_port(65530)
    assert tried == [65530, 65531, 65532, 65533, 65534, 65535]


@pytest.mark.parametrize(
    ("environ", "platform", "expected"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"BROWSER": "firefox"}, "linux", True),
        ({"DISPLAY": ":0", "SSH_CONNECTION": "here there"}, "linux", False),
        ({"SSH_CONNECTION": "here there"}, "darwin", False),
        ({}, "darwin", True),
        ({}, "win32", True),
    ],
)
def test_whether_a_browser_can_open(environ, platform, expected, monkeypatch):
    monkeypatch.setattr(webbrowser, "get", lambda: "a browser")
    assert lab.can_open_browser(environ, platform) is expected


def test_a_machine_without_any_browser(monkeypatch):
    def none_found():
        raise webbrowser.Error

    monkeypatch.setattr(webbrowser, "get", none_found)
    assert not lab.can_open_browser({"DISPLAY": ":0"}, "linux")


@pytest.mark.parametrize("root_user", [False, True])
@pytest.mark.parametrize("browser", [False, True])
def test_flags_that_depend_on_the_machine(browser, root_user):
    arguments = lab.lab_arguments(9100, Path("settings"), browser=browser, root_user=root_user)
    assert ("--no-browser" in arguments) is not browser
    assert ("--allow-root" in arguments) is root_user
    assert "--ServerApp.port=9100" in arguments


def test_jupyterlab_understands_the_flags(tmp_path):
    code = """
import sys
from jupyterlab.labapp import LabApp
app = LabApp()
app.parse_command_line(sys.argv[1:])
print(app.news_url, app.check_for_updates_class.__name__, app.extension_manager, app.default_url, app.app_settings_dir)
"""
    arguments = lab.lab_arguments(9100, tmp_path, browser=False, root_user=True)
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    expected = f"None NeverCheckForUpdate readonly /lab/tree/notebooks/00_start_here.ipynb {tmp_path}\n"
    assert done.stdout == expected


@pytest.fixture
def course(tmp_path):
    """Make a course of one notebook, and an environment that holds no one's own Jupyter settings."""
    (tmp_path / "course_utils").mkdir()
    for name in ("__init__.py", "lab.py"):
        shutil.copy(PACKAGE / name, tmp_path / "course_utils")
    (tmp_path / "notebooks").mkdir()
    empty = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "notebooks" / "00_start_here.ipynb").write_text(json.dumps(empty), encoding="utf-8")
    return tmp_path


def start(course, *arguments, stdin=subprocess.DEVNULL):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        kept.pop(name, None)
    own = {f"JUPYTER_{name}_DIR": str(course / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    return subprocess.Popen(
        [sys.executable, "-m", "course_utils.lab", *arguments],
        cwd=course, env=kept | own | {"TMPDIR": str(course)}, text=True,
        stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def wait_for_server(port, seconds=30):
    deadline = time.monotonic() + seconds
    while True:
        try:
            return socket.create_connection(("localhost", port), timeout=5).close()
        except ConnectionRefusedError:
            assert time.monotonic() < deadline, f"nothing listens on port {port} after {seconds} s"
            time.sleep(0.05)


def test_without_its_notebook(course):
    (course / "notebooks" / "00_start_here.ipynb").unlink()
    process = start(course)
    assert process.communicate(timeout=60)[0] == (
        "notebooks/00_start_here.ipynb is missing: in the course's folder run  make notebooks , "
        f"or without make  {sys.executable} -m course_utils build\n"
    )
    assert process.returncode == 1


def test_without_jupyterlab(course):
    code = "import sys; sys.modules['jupyterlab'] = None; from course_utils.lab import main; sys.exit(main([]))"
    done = subprocess.run([sys.executable, "-c", code], cwd=course, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"JupyterLab is not installed here: run  make setup , or {lab.how_to_install('lab')}\n"


@pytest.mark.parametrize("program", [sys.executable, r"C:\Program Files\Python\python.exe"])
def test_what_is_missing_is_installed_by_the_running_python_from_the_folder(monkeypatch, program):
    """No registry has the course, and single quotes are none for Windows."""
    monkeypatch.setattr(sys, "executable", program)
    said = lab.how_to_install("lab", "torch")
    assert "'" not in said.removeprefix("in the course's folder run  ")
    words = [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', said)]
    assert words[words.index("-m") - 1 :] == [
        program, "-m", "pip", "install", "-e", ".[lab,torch]", "-c", "constraints.txt"
    ]  # fmt: skip


def test_impossible_port(course):
    process = start(course, "--port", "70000")
    assert process.communicate(timeout=60)[0] == "port must be in 1..65535, got 70000\n"
    assert process.returncode == 1


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is no signal, and there are no pseudo-terminals")
def test_a_server_from_start_to_ctrl_c(course, taken_port):
    keyboard, terminal = os.openpty()  # before a terminal the server would ask whether to stop
    process = start(course, "--port", str(taken_port), stdin=terminal)
    try:
        said = ""
        while "token=" not in said:
            line = process.stdout.readline()
            assert line, said
            said += line
        first, second, *_ = said.splitlines()
        port = int(re.fullmatch(rf"Port {taken_port} is taken; using (\d+)\.", first).group(1))
        assert second == f"JupyterLab starts at http://localhost:{port}/ . Ctrl-C stops it."
        address, token = re.search(r"(http://localhost:\S+)\?token=(\w+)", said).groups()
        assert address == f"http://localhost:{port}/lab/tree/notebooks/00_start_here.ipynb"
        assert "Warning" not in said

        wait_for_server(port)  # the address is printed a moment before the server listens

        def ask(path):
            request = urllib.request.Request(
                f"http://localhost:{port}/{path}", headers={"Authorization": f"token {token}"}
            )
            with urllib.request.urlopen(request, timeout=20) as reply:
                return reply.read().decode()

        assert "<title>JupyterLab</title>" in ask("lab/tree/notebooks/00_start_here.ipynb")
        assert json.loads(ask("api/contents/notebooks"))["content"][0]["name"] == "00_start_here.ipynb"
        # Nothing leaves the machine, and nothing asks whether it may.
        assert json.loads(ask("lab/api/news")) == {"news": []}
        assert json.loads(ask("lab/api/update")) == {"notification": None}
        settings = json.loads(ask("lab/api/settings/@jupyterlab/apputils-extension:notification"))
        defaults = {name: entry["default"] for name, entry in settings["schema"]["properties"].items()}
        assert (defaults["fetchNews"], defaults["checkForUpdates"]) == ("false", False)

        stopping = time.monotonic()
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=30)
        assert rest.endswith("JupyterLab has stopped.\n")
        assert "Traceback" not in rest
        assert process.returncode == 0
        assert "Shut down this Jupyter server" not in rest  # one Ctrl-C, no question
        assert time.monotonic() - stopping < 4.5  # unasked, it would wait 5 s for an answer
        assert list(course.glob("course-lab-*")) == []
    finally:
        process.kill()
        process.communicate()
        os.close(keyboard)
        os.close(terminal)
