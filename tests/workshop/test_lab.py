"""`make lab`: which port, which browser, and a real server that is started, asked and stopped."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
import webbrowser
from pathlib import Path

import pytest
from jupyter_client import BlockingKernelClient

from course_utils.workshop import lab
from tests import ROOT

PACKAGE = ROOT / "course_utils"
SETTINGS = Path(lab.__file__).with_name("settings")
NEEDS_CTRL_C = pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is no signal, and there are no pseudo-terminals")


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_gives_way_to_the_next_and_a_free_one_is_kept(taken_port):
    port = lab.first_free_port(taken_port)
    assert taken_port < port < taken_port + 50
    assert lab.first_free_port(port) == port


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
    arguments = lab.lab_arguments(9100, "a-token", browser=browser, root_user=root_user)
    assert ("--no-browser" in arguments) is not browser
    assert ("--allow-root" in arguments) is root_user


@pytest.fixture
def course(tmp_path):
    """Make a course of one notebook, and an environment that holds no one's own Jupyter settings."""
    for name in ("__init__.py", "lab.py", "environment.py", "terminal.py", "workshop/__init__.py"):
        (tmp_path / "course_utils" / name).parent.mkdir(exist_ok=True)
        shutil.copy(PACKAGE / name, tmp_path / "course_utils" / name)
    shutil.copytree(PACKAGE / "workshop" / "lab", tmp_path / "course_utils" / "workshop" / "lab")
    (tmp_path / "config").mkdir()
    shutil.copy(SETTINGS / "jupyter_config.py", tmp_path / "config")  # as the Makefile does for .venv
    (tmp_path / "notebooks").mkdir()
    empty = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "notebooks" / "00_start_here.ipynb").write_text(json.dumps(empty), encoding="utf-8")
    return tmp_path


def refused(course, *words, input=None):
    """Run Python in the course, where it has to fail; return what it says."""
    words = [sys.executable, *words]
    done = subprocess.run(words, cwd=course, input=input, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr


def test_without_its_notebook(course):
    (course / "notebooks" / "00_start_here.ipynb").unlink()
    assert refused(course, "-m", "course_utils.lab") == (
        "notebooks/00_start_here.ipynb is missing: in the course's folder run  make notebooks , "
        f"or without make  {lab.running_python()} -m course_utils build\n"
    )


def test_without_jupyterlab(course):
    code = "import sys; sys.modules['jupyterlab'] = None; from course_utils.lab import main; sys.exit(main([]))"
    said = refused(course, "-c", code)
    assert said == f"JupyterLab is not installed here: {lab.how_to_install('lab')}\n"
    assert "run  make lab , or" in said


@pytest.mark.parametrize("program", [sys.executable, r"C:\Program Files\Python\python.exe"])
def test_what_is_missing_is_installed_by_the_running_python_from_the_folder(monkeypatch, program):
    """No registry has the course, and single quotes are none for Windows."""
    monkeypatch.setattr(sys, "executable", program)
    said = lab.how_to_install("lab", "torch")
    assert "'" not in said.removeprefix("in the course's folder run  ")
    assert "make setup" in said
    words = [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', said)]
    assert words[words.index("-m") - 1 :] == [
        program, "-m", "pip", "install", "-e", ".[lab,torch]", "-c", "constraints.txt"
    ]  # fmt: skip


def test_impossible_port(course):
    assert refused(course, "-m", "course_utils.lab", "--port", "70000") == "port must be in 1..65535, got 70000\n"


def said_until(process, word):
    """Read what a process says until a line with this word; give it all."""
    said = ""
    while word not in said:
        said += (line := process.stdout.readline())
        assert line, said
    return said


def assert_it_stops(process):
    """One signal was enough: nobody is asked."""
    assert process.communicate(timeout=60)[0].strip() == "JupyterLab has stopped."
    assert process.returncode == 0


@pytest.fixture
def lab_process(course, taken_port):
    """Start the lab as in a terminal, where a server would ask whether to stop."""
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", *screens))}
    own = {f"JUPYTER_{name}_DIR": str(course / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    keyboard, terminal = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "course_utils.lab", "--port", str(taken_port)], cwd=course, env=kept | own, text=True,
        stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    yield process
    process.kill()
    process.communicate()
    os.close(keyboard)
    os.close(terminal)


def asker(address):
    """Give a function that asks the server at this address, with its token."""
    server, token = re.fullmatch(r"(http://localhost:\d+/).*\?token=(\w+)", address).groups()

    def ask(path, data=None):
        headers = {"Authorization": f"token {token}"}
        request = urllib.request.Request(server + path, data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=20) as reply:
            return reply.read().decode()

    return ask


@NEEDS_CTRL_C
def test_a_server_from_start_to_ctrl_c(lab_process, course, taken_port):
    said = said_until(lab_process, "token=")
    (port,) = re.findall(rf"^Port {taken_port} is taken; using (\d+)\.$", said, re.MULTILINE)
    address, *others = re.findall(r"\S+://\S+", said)
    assert others == []
    found = re.match(r"http://localhost:(\d+)/lab/tree/notebooks/00_start_here\.ipynb\?token=", address)
    assert int(found[1]) >= int(port)  # more if another program took that one meanwhile: Jupyter then counts on

    # The address works as soon as it is printed, for whoever opens it.
    with urllib.request.urlopen(address, timeout=20) as reply:
        page = reply.read().decode()
    assert "<title>JupyterLab</title>" in page
    # What is installed for commands stays out of the page.
    (config,) = re.findall(r'<script id="jupyter-config-data" type="application/json">(.*?)</script>', page, re.DOTALL)
    loaded = {one["name"] for one in json.loads(config)["federated_extensions"]}
    assert "@jupyter-widgets/jupyterlab-manager" in loaded
    assert {"@jupyter/nbgrader", "@jupyterlite/pyodide-kernel-extension"} & loaded == set()

    ask = asker(address)
    assert json.loads(ask("api/contents/notebooks"))["content"][0]["name"] == "00_start_here.ipynb"
    # Nothing leaves the machine, and nothing asks whether it may.
    assert json.loads(ask("lab/api/news")) == {"news": []}
    assert json.loads(ask("lab/api/update")) == {"notification": None}
    settings = json.loads(ask("lab/api/settings/@jupyterlab/apputils-extension:notification"))
    defaults = {name: entry["default"] for name, entry in settings["schema"]["properties"].items()}
    assert (defaults["fetchNews"], defaults["checkForUpdates"]) == ("false", False)
    # A notebook that is read and a kernel that starts leave no word in the terminal.
    ask("api/contents/notebooks/00_start_here.ipynb")
    kernel = json.loads(ask("api/kernels", data=b"{}"))["id"]
    client = BlockingKernelClient(connection_file=str(course / "runtime" / f"kernel-{kernel}.json"))
    client.load_connection_file()
    client.start_channels(hb=False)  # else its silence at first counts as its end
    client.wait_for_ready(60)
    client.stop_channels()

    lab_process.send_signal(signal.SIGINT)
    assert_it_stops(lab_process)


@NEEDS_CTRL_C
@pytest.mark.parametrize(("word", "kind"), [("starts", signal.SIGINT), ("token=", signal.SIGTERM)])
def test_ctrl_c_while_it_starts(lab_process, word, kind):
    """The Makefile passes it on as SIGTERM."""
    said_until(lab_process, word)
    lab_process.send_signal(kind)
    lab_process.send_signal(kind)
    assert_it_stops(lab_process)


@pytest.mark.parametrize("module", ["course_utils", "course_utils.lab"])
def test_an_old_python_says_which_is_needed(course, module):
    """Those that cannot even read the code say it too, so the file is kept to what they know."""
    first = course / "course_utils" / "__init__.py"
    text = first.read_text(encoding="utf-8")
    first.write_text(text.replace("import sys\n", "import sys\nsys.version_info = (3, 9)\n"), encoding="utf-8")
    said = refused(course, "-m", module)
    assert said.count("\n") == 1
    assert "needs Python 3.10 or newer, this is 3.9" in said
    imported = refused(course, "-", input="import course_utils")
    assert "ImportError: The course needs Python 3.10" in imported  # and no end of whatever imports it
