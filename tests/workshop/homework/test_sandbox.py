"""Notebooks run in the sandbox, and where there is none; what hostile ones try stands in test_grading."""

import os
import shutil
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_utils.workshop.authoring.solutions import without_markers
from course_utils.workshop.authoring.source import read_source
from course_utils.workshop.homework import execution, sandbox, system_calls
from course_utils.workshop.homework.assignment import assignment
from course_utils.workshop.homework.execution import NoSandbox, execute
from course_utils.workshop.homework.runner import SHOWN
from course_utils.workshop.homework.sandbox import Limits, contained, environment, kill, readable, wrapped
from tests import SOURCES

from .submissions import until

# Secrets are planted with those who grade, in a process of its own so that the tests' own keys stay as they are.
KEYS = """
import ctypes, os, re, sys
kernel = ctypes.CDLL(None, use_errno=True)
ADD, REQUEST, CONTROL = {"x86_64": (248, 249, 250)}.get(os.uname().machine, (217, 218, 219))
NUMBER, JOIN, LINK, UNLINK, SEARCH, READ, SESSION, USER = 0, 1, 8, 9, 10, 11, -3, -4
def call(*given):
    return kernel.syscall(*(ctypes.c_long(one) if isinstance(one, int) else one for one in given))
def read(key):
    text = ctypes.create_string_buffer(99)
    call(CONTROL, READ, key, text, 99)
    return text.value.decode()
"""
PLANTER = KEYS + """
from course_utils.workshop.homework.execution import execute
from nbformat.v4 import new_code_cell, new_notebook
if call(CONTROL, JOIN, None) < 0:
    sys.exit(f"no keys here: {os.strerror(ctypes.get_errno())}")
call(CONTROL, LINK, USER, SESSION)  # as a login does
keys = [call(ADD, b"user", b"planted", b"my secret", 9, ring) for ring in (SESSION, USER)]
rings = [call(CONTROL, NUMBER, ring, 0) for ring in (SESSION, USER)]  # whoever tries all numbers finds them too
cell = new_code_cell(f"keys, rings = {keys}, {rings}" + sys.argv[1])
print(execute(new_notebook(cells=[cell])).stopped, *(output.get("text") for output in cell.outputs))
print("mine:", [read(key) for key in keys])
call(CONTROL, UNLINK, keys[1], USER)
"""
THIEF = KEYS + """
rings += [SESSION, USER, -5, *(int(line.split()[0], 16) for line in open("/proc/keys") if "keyring" in line)]
for ring in rings:
    call(CONTROL, LINK, ring, SESSION)  # in place of another of the same name
    keys += [call(CONTROL, SEARCH, one, b"user", b"planted", 0) for one in (ring, SESSION)]
    keys += [call(REQUEST, b"user", b"planted", None, ring)]
print("tried:", len(keys) >= 12, [read(key) for key in keys if key > 0])
"""
LIMITS = Limits(seconds=300, cell_seconds=120, memory=500 * 2**20, processes=10, disk=2**20)  # no test waits for them


def ran(*texts, limits=LIMITS, **named):
    notebook = new_notebook(cells=[new_code_cell(text, id=f"c{number}") for number, text in enumerate(texts)])
    notebook.cells.insert(1, new_markdown_cell("a text", id="text"))
    run = execute(notebook, limits, **named)
    shown = ["".join(one.get("text", "") for one in cell.outputs) for cell in notebook.cells if "outputs" in cell]
    return run, shown


def inside(command, limits=LIMITS):
    """Run a command of the shell in the sandbox."""
    words = wrapped(["sh", "-c", command], limits)
    return subprocess.run(words, capture_output=True, text=True, env=environment(), timeout=30, check=False)


@pytest.mark.usefixtures("sandboxed")
def test_cells_share_their_names_and_show_text():
    run, shown = ran(
        "import numpy as np\nx = 3", "x", "print('so'); x + 1", "%matplotlib inline\n!echo shell", "await one()",
        "async def one(): return 'late'\nawait one()", "1 / 0", "from IPython.display import HTML\nHTML('<b>')", "x",
    )  # fmt: skip
    assert run.passed == {"c0", "c1", "c2", "c3", "c5", "c7", "c8"}
    assert (shown[1], shown[2], shown[3], shown[8]) == ("3\n", "so\n4\n", "shell\n", "3\n")
    assert "'late'" in shown[5]
    assert "IPython.core.display.HTML" in shown[7]
    assert run.contained
    assert run.stopped == ""


@pytest.mark.usefixtures("sandboxed")
def test_much_that_is_shown_is_cut_and_an_error_that_cannot_be_shown_is_one():
    error = "class Odd(Exception):\n    def __str__(self): raise SystemExit\nraise Odd"
    run, shown = ran("print('x' * 10**6)", error, "raise KeyboardInterrupt", "raise SystemExit", "print('still here')")
    assert len(shown[0]) == SHOWN
    assert run.passed == {"c0", "c4"}
    assert shown[4] == "still here\n"


@pytest.mark.usefixtures("sandboxed")
def test_a_cells_child_does_not_go_on_with_the_notebook():
    run, shown = ran("import os\nchild = os.fork()", "print(child > 0)", "print(os.getpid())")
    assert run.passed == {"c0", "c1", "c2"}
    assert shown[1:] == ["True\n", "1\n"]


@pytest.mark.usefixtures("sandboxed")
def test_what_the_command_sees(monkeypatch):
    monkeypatch.setenv("COURSE_SECRET", "the instructor's own")
    seen = inside("ls / /dev /tmp; cat /proc/mounts; id -u; ls /proc | grep -c '^[0-9]'; cat /proc/net/dev; env")
    assert seen.returncode == 0, seen.stderr
    listed = seen.stdout.split()
    assert {"usr", "proc", "tmp", "null"} <= set(listed)
    assert not {"home", "var", "mnt", "boot", "srv", "run"} & set(listed)
    assert "eth0" not in seen.stdout
    assert "COURSE_SECRET" not in seen.stdout
    writable = [line.split()[1] for line in seen.stdout.splitlines() if " rw," in line]
    devices = {"/dev/null", "/dev/random", "/dev/urandom"}
    assert set(writable) <= {"/tmp", *devices, "/proc/keys", "/proc/key-users"}  # the last two are /dev/null


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps keys with processes")
@pytest.mark.usefixtures("sandboxed")
def test_the_keys_of_whoever_grades_cannot_be_read():
    words = [sys.executable, "-c", PLANTER, THIEF]
    seen = subprocess.run(words, capture_output=True, text=True, check=False)
    if "no keys here" in seen.stderr:
        pytest.skip(seen.stderr)
    assert "mine: ['my secret', 'my secret']" in seen.stdout, seen.stderr
    assert "tried: True ['', '']" in seen.stdout


@pytest.mark.usefixtures("sandboxed")
@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("head -c 2000000 /dev/urandom > /tmp/a", "File size limit|too large|No space"),
        ("for n in 1 2 3; do head -c 700000 /dev/urandom > /tmp/$n; done", "No space"),
        ("echo 1 > /proc/sys/kernel/pid_max", "Read-only|cannot create"),
        ("mount --bind /tmp /usr", "permission denied|must be superuser|only root|not permitted"),
        ("unshare --user true", "failed"),
    ],
)
def test_what_the_command_cannot_do(command, why):
    seen = inside(f"set -e; {command}")
    assert seen.returncode != 0
    assert any(word in seen.stderr for word in why.split("|")) or seen.returncode < 0 or seen.returncode > 128


@pytest.mark.usefixtures("sandboxed")
def test_limits_of_its_own_are_in_force():
    seen = inside("ulimit -n; ulimit -c; ulimit -f; ulimit -v; ulimit -t", Limits(seconds=7, memory=2**30, disk=2**20))
    assert seen.stdout.split() == ["256", "0", "2048", "4194304", "8"]  # two of them in blocks of 512 and 1024 bytes


@pytest.mark.usefixtures("sandboxed")
def test_the_total_time_is_kept():
    run, _ = ran("0", "while True: pass", limits=Limits(seconds=3, cell_seconds=99))
    assert run.stopped == "stopped after 3 s"
    assert "c1" not in run.passed


@pytest.mark.usefixtures("sandboxed")
def test_killing_it_leaves_nothing():
    process = subprocess.Popen(
        wrapped(["sh", "-c", "sleep 77331 & setsid sleep 77332 & sleep 77333"], LIMITS), env=environment(),
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    assert until(lambda: len(sandbox.descendants(process.pid)) >= 5, 20)
    numbers = sandbox.descendants(process.pid)
    kill(process)
    assert until(lambda: not any(map(alive, numbers)), 5)


def alive(number):
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="others than root need no other user")
@pytest.mark.usefixtures("sandboxed")
def test_it_does_not_need_root():
    python = Path("/usr/bin/python3")  # one that everybody can run
    if not python.exists() or not os.access("/usr/bin/setpriv", os.X_OK):
        pytest.skip("the system has no Python of its own")
    code = "from course_utils.workshop.homework.sandbox import contained; print(repr(contained()))"
    words = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", str(python), "-c", code]
    variables = {"PYTHONPATH": str(sandbox.PACKAGE.parent), "PATH": os.environ["PATH"]}
    seen = subprocess.run(words, capture_output=True, text=True, env=variables, cwd="/", check=False)
    if "ImportError" in seen.stderr or "ModuleNotFoundError" in seen.stderr or "SyntaxError" in seen.stderr:
        pytest.skip("the system's Python cannot read the course")
    assert seen.stdout == "''\n", seen.stderr


@pytest.mark.usefixtures("sandboxed")
def test_a_run_can_be_halted():
    halted = threading.Event()
    threading.Timer(1, halted.set).start()
    run, _ = ran("while True: pass", limits=Limits(), halted=halted)
    assert run.stopped == "interrupted"


@pytest.mark.usefixtures("sandboxed")
def test_what_does_not_start_is_no_fault_of_the_submission(monkeypatch):
    monkeypatch.setattr(execution, "RUNNER", ["/usr/bin/false"])
    with pytest.raises(NoSandbox, match="nothing started"):
        ran("1")


@pytest.mark.parametrize("path", sorted(SOURCES.glob("0[1345]*/chapter.py")), ids=lambda path: path.parent.name[:2])
def test_the_solutions_of_every_other_chapter_pass_with_the_hidden_tests(path, sandboxed):
    notebook = assignment(read_source(path), [4711])
    if "torch" in path.parent.name:
        pytest.importorskip("torch", reason="PyTorch is not installed")
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.metadata.nbgrader.solution:
            cell.source = without_markers(cell.source)
    run = execute(notebook, Limits(seconds=300, cell_seconds=120))  # importing torch takes its time
    assert run.stopped == ""
    assert {cell.id for cell in notebook.cells if cell.cell_type == "code"} - run.passed == set()


def test_nothing_runs_where_nothing_contains_it_unless_that_is_allowed(monkeypatch):
    monkeypatch.setattr(execution, "contained", lambda: "no namespaces")
    with pytest.raises(NoSandbox, match="no namespaces"):
        ran("1")
    quick = replace(LIMITS, cell_seconds=2)
    run, shown = ran("print('fine')", "while True: pass", "2", limits=quick, open_allowed=True)
    assert (run.contained, run.passed, run.slow) == (False, {"c0", "c2"}, {"c1"})
    assert shown[0] == "fine\n"


def test_without_a_sandbox_the_limits_hold_and_who_gets_away_holds_nobody_up(monkeypatch):
    monkeypatch.setattr(execution, "contained", lambda: "no namespaces")
    monkeypatch.setattr(execution, "GRACE", 1.0)
    away = (
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        time.sleep(4)\n"
        "    os._exit(0)\nimport signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    )
    run, _ = ran("1", away, limits=replace(LIMITS, cell_seconds=1), open_allowed=True)
    assert "did not end" in run.stopped
    for thread in threading.enumerate():  # the streams are closed once nobody holds them
        if isinstance(thread, execution.Dialogue):
            thread.join(10)
            assert not thread.is_alive()


@pytest.fixture
def asked_anew():
    """Let the system be asked again what it can contain."""
    contained.cache_clear()
    yield
    contained.cache_clear()


@pytest.mark.usefixtures("asked_anew")
def test_what_is_missing_is_named_with_the_line_that_installs_it(monkeypatch):
    monkeypatch.setattr(system_calls, "LIBRARY", "libnowhere.so.2")
    assert contained() == "libseccomp is not installed: apt install libseccomp2"
    contained.cache_clear()
    monkeypatch.setattr(sandbox, "search_path", lambda: "/nowhere")
    assert contained() == "bubblewrap is not installed: apt install bubblewrap"


@pytest.mark.usefixtures("asked_anew")
def test_a_system_without_namespaces_is_told_from_one_with(monkeypatch):
    monkeypatch.setattr(sandbox, "wrapped", lambda *given: ["sh", "-c", "echo bwrap: not permitted >&2; exit 1"])
    monkeypatch.setattr(sandbox, "search_path", lambda: os.environ["PATH"])
    if shutil.which("bwrap"):
        assert contained() == "bwrap: not permitted"


def test_folders_to_read_hold_python_and_the_course_alone():
    folders = readable()
    assert any(folder in (Path(sys.prefix), *Path(sys.prefix).parents) for folder in folders)
    assert not any(one != other and one in other.parents for one in folders for other in folders)
    assert Path.home() not in folders
    assert SOURCES.parents[1] not in folders


def test_the_variables_of_a_submission_suit_the_system(monkeypatch):
    monkeypatch.setenv("COURSE_SECRET", "the instructor's own")
    monkeypatch.delenv("SYSTEMROOT", raising=False)
    assert not {"COURSE_SECRET", "SYSTEMROOT"} & set(environment())
    monkeypatch.setenv("SYSTEMROOT", r"C:\Windows")  # without it Python does not start on Windows
    monkeypatch.setattr(sandbox.os, "pathsep", ";")
    assert environment()["SYSTEMROOT"] == r"C:\Windows"
    assert environment()["PATH"].split(";")[0] == str(Path(sys.executable).parent)
