"""Submissions of homework 02 as students hand them in, right, wrong, broken or hostile, and what each deserves."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell

from course_utils.workshop.authoring.chapters import chapter_of
from course_utils.workshop.authoring.solutions import without_markers
from tests import NOTEBOOKS

CHAPTER = chapter_of(NOTEBOOKS / "02_numpy_dropout.ipynb")
ASSIGNMENT, FILE = "homework02", "02_numpy_dropout.ipynb"
NAME = f"{ASSIGNMENT}/{FILE}"
TEXT = "Its mean must stay. <script>alert(1)</script>"
MARK = f"8{os.getpid():07d}"  # seconds that a planted process sleeps; it is found by them

DROPOUT = """def my_dropout(x, keep_prob, rng):
    if not 0 < keep_prob <= 1:
        raise ValueError("keep_prob")
    mask = rng.random(x.shape) < keep_prob
    """
UNSCALED = DROPOUT + "return x * mask"
RAISES = "def my_dropout(x, keep_prob, rng):\n    return x @ 3"
BOMB = "import os, time\nwhile True:\n    try:\n        os.fork()\n    except OSError: time.sleep(.01)"
MEMORY = "import time\nx = bytearray(900_000_000)\nx[::4096] = x[1::4096]\ntime.sleep(9)"
SHARED = "def batch_mask(a, keep_prob, rng):\n    return rng.random((len(a), 1)) < keep_prob"

# Each attempt that succeeds shows "got out"; the number of attempts shows that all were made.
ATTEMPTS = """
attempts = 0
def attempt(what, *given):
    global attempts
    attempts += 1
    try:
        what(*given)
    except Exception as error:
        print(given, type(error).__name__)
    else:
        print("got out:", given)
"""
WRITES = """
import os, pathlib, sys
import course_utils, numpy
def write(folder):
    with open(folder + "/written_by_a_submission", "w") as file:
        file.write("1")
for folder in ("/", "/usr", "/etc", "/root", "/home", "/var/tmp", "/proc", "/proc/sys/kernel", "/dev", {outside!r},
               sys.prefix, sys.base_prefix, os.path.dirname(course_utils.__file__), os.path.dirname(numpy.__file__)):
    attempt(write, folder)
def setting(name):
    with open("/proc/sys/" + name, "w") as file:
        file.write("1")
attempt(setting, "kernel/core_pattern")
attempt(setting, "user/max_user_namespaces")
def run(*words):
    import subprocess
    subprocess.run(words, check=True, capture_output=True)
for command in ("mount -o remount,rw /usr", "mount -t tmpfs none /usr", "umount /usr", "unshare -Urm true",
                "unshare -m true", "chroot / true", "mknod /tmp/disk b 254 0"):
    attempt(run, *command.split())
def fill(size):
    for number in range(8):
        with open("/tmp/fill%d" % number, "wb") as file:
            file.write(bytes(size // 8))
attempt(fill, 200_000_000)
os.system("rm -f /tmp/fill*")
with open("/tmp/own", "w") as file:
    file.write("its own folder")
print("attempts:", attempts)
"""
NETWORK = """
import socket, urllib.request
def connect(family, address, kind=socket.SOCK_STREAM):
    with socket.socket(family, kind) as one:
        one.settimeout(2)
        one.connect(address)
        one.send(b"x")
attempt(connect, socket.AF_INET, ("1.1.1.1", 80))
attempt(connect, socket.AF_INET, ("127.0.0.1", {port}))
attempt(connect, socket.AF_INET6, ("::1", {port}))
attempt(connect, socket.AF_INET, ("8.8.8.8", 53), socket.SOCK_DGRAM)
attempt(connect, socket.AF_UNIX, {path!r})
attempt(connect, socket.AF_UNIX, {abstract!r})
attempt(socket.getaddrinfo, "example.org", 80)
attempt(urllib.request.urlopen, "http://127.0.0.1:{port}/")
print("attempts:", attempts)
"""
SPIES = """
import glob, os
def read(path):
    print(open(path).read()[:80])
for path in {paths!r}:
    attempt(read, path)
def shown(found):
    assert found, "nothing found"
    print(found)
attempt(shown, glob.glob({outside!r} + "/*"))
attempt(os.stat, {outside!r})
attempt(shown, [name for name in os.environ if "SECRET" in name])
others = [name for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]
attempt(shown, others)
attempt(shown, [name for name in ("/etc/passwd", "/var", "/run", "/sys/kernel") if os.path.exists(name)])
print("attempts:", attempts)
"""
CHANGED, BEGUN = "the check itself was changed", "Replace the line"
# Memory that no process is seen to hold, the kernel's keys, other machines, namespaces, and calls past the filter.
HIDES = """
import ctypes, errno, mmap, os, socket, threading
kernel, library = ctypes.CDLL(None, use_errno=True), ctypes.CDLL("libseccomp.so.2")
def call(name, *given):
    number = library.seccomp_syscall_resolve_name(name.encode())
    found = kernel.syscall(*(ctypes.c_long(one) if isinstance(one, int) else one for one in (number, *given)))
    if found < 0:
        raise OSError(ctypes.get_errno(), name)
attempt(os.memfd_create, "unseen")  # write 60 MiB, map 4 KiB, close: nobody is seen to hold them
attempt(mmap.mmap, -1, 60 * 2**20)  # shared: held by who has one page of it left
attempt(open, "/dev/zero")  # mapped, it is the same
attempt(call, "memfd_secret", 0)
attempt(call, "shmget", 0, 60 * 2**20, 0o1600)
attempt(call, "msgget", 0, 0o1600)
attempt(call, "semget", 0, 1, 0o1600)
attempt(call, "userfaultfd", 0)
attempt(call, "io_uring_setup", 8, ctypes.create_string_buffer(120))
attempt(call, "io_setup", 8, ctypes.byref(ctypes.c_long(0)))
attempt(call, "keyctl", 0, -3, 1)
attempt(call, "add_key", b"user", b"x", b"y", 1, -2)
attempt(call, "perf_event_open", ctypes.create_string_buffer(120), 0, -1, -1, 0)
attempt(call, "bpf", 0, ctypes.create_string_buffer(120), 120)
attempt(call, "ptrace", 0, 0, 0, 0)
attempt(call, "unshare", 0)
attempt(call, "unshare", 0x10000000)
attempt(call, "clone", 0x10000011, 0, 0, 0, 0)
attempt(call, "personality", 0xffffffff)
attempt(call, "process_vm_readv", os.getpid(), ctypes.create_string_buffer(16), 0, None, 0, 0)
for family in ("AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK", "AF_PACKET", "AF_ALG", "AF_VSOCK", "AF_CAN", "AF_KEY"):
    attempt(socket.socket, getattr(socket, family, 15), socket.SOCK_STREAM)
attempt(socket.socketpair, socket.AF_INET6)
attempt(call, "socket", 2**32 + 1, 1, 0)
def vsplice():
    reading, writing = os.pipe()
    call("vmsplice", writing, (ctypes.c_size_t * 2)(id(ATTEMPTED), 8), 1, 0)
ATTEMPTED = bytes(4096)
attempt(vsplice)
socket.socketpair()[0].close()  # what asyncio and threads need is there
thread = threading.Thread(target=int)
thread.start()
thread.join()
print("attempts:", attempts)
"""
SMART = """
import course_utils.workshop.homework.hidden as h
def lenient(name, answer, seeds, right=h.require_done):
    if answer.__name__ == "<lambda>":
        raise h.NotDone("not done")
"""
HISTORY = """
def history():
    assert "require_done" in str(In) + str(get_ipython().history_manager.input_hist_raw)
attempt(history)
print("attempts:", attempts)
"""
# The last three let the answer without a result fail, as the check expects it.
LIARS = {
    "by replacing the hidden check": (
        "import course_utils.workshop.homework.hidden as h\nh.require_done = lambda *given: None", CHANGED
    ),
    "by replacing check": (
        "import course_utils.exercises\ncourse_utils.exercises.check = check = lambda *given: None", BEGUN
    ),
    "by changing the verdict": (
        "import course_utils.exercises.check as c, course_utils.workshop.homework.hidden as h\n"
        "from course_utils.exercises.verdict import DONE, Verdict\n"
        "h.examined = c.examined = lambda exercise, *given: Verdict(exercise.name, DONE, 'fine')", CHANGED
    ),
    "by replacing the hidden check more cleverly": (SMART + "h.require_done = lenient", BEGUN),
    "by replacing the shell": (
        "shell = type(get_ipython())\nright = shell.run_cell\n"
        "shell.run_cell = lambda self, source, **more: right(self, 'pass', **more)", "is not defined"
    ),
    "by answering in place of the runner with what nobody can read": (
        "import os\nfor number in range(3, 60):\n    try:\n"
        "        os.write(number, b'[' * 900_000 + b'\\n')\n    except OSError:\n        pass", "nobody asked"
    ),
    "by answering in place of the runner": (
        "import os\nfor number in range(3, 60):\n    try:\n"
        '        os.write(number, b\'{"ticket": "ready", "name": "", "words": "", "shown": ""}\\n\' * 30)\n'
        "    except OSError:\n        pass", "nobody asked"
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Planted:
    """A submission and what it deserves."""

    score: float  # of the 12 points that checks give
    answers: dict[str, str] | str = field(default_factory=dict)  # instead of the right ones; "empty": nothing anywhere
    own: str = ""  # a cell of the student's, before all answers
    after: str = ""  # a cell of the student's, after all checks
    said: tuple[str, ...] = ()  # what the student's page has to say
    stopped: str = ""  # what the result says of its early end


def until(condition: Callable[[], object], seconds: float) -> object:
    """Wait for a condition; return what it gives, which is true unless that takes too long."""
    end = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < end:
        time.sleep(0.02)
    return found


def dropout(text: str) -> dict[str, str]:
    """Return answers of which the first dropout is another."""
    return {"exercise-dropout": text}


def planted(outside: Path, port: int, abstract: str) -> dict[str, Planted]:
    """Return all submissions whose file is a notebook.

    None may see the course folder `outside`, or reach a port of this machine or a socket without a file.
    """
    paths = [str(outside / "source" / NAME), str(outside / "submitted" / "perfect" / NAME),
             str(outside / "results" / ASSIGNMENT / "perfect.json"), str(outside / "gradebook.db"), "/etc/passwd",
             str(Path.home() / ".bashrc"), f"/proc/{os.getpid()}/cmdline", f"/proc/{os.getpid()}/environ"]  # fmt: skip
    writes = WRITES.format(outside=str(outside))
    network = NETWORK.format(port=port, path=str(outside / "socket"), abstract=abstract)
    spies = SPIES.format(paths=paths, outside=str(outside))
    slow, memory = "it took too long and was stopped", "more than 0.6 GiB of memory"
    return {
        "perfect": Planted(14, said=("14 of 22 points", "8 more wait for a reader")),
        "empty": Planted(0, "empty", said=("0 of 22 points", "not attempted yet", "Replace the line")),
        "shared": Planted(12, {"exercise-batch": SHARED}, said=("[mask-shared-by-examples]", "Hint.")),
        "two-mistakes": Planted(
            10, dropout(UNSCALED) | {"exercise-batch": SHARED},
            said=("[scale-missing]", "Kept values are not divided by the probability", "[mask-shared-by-examples]"),
        ),
        "does not parse": Planted(12, dropout("def my_dropout(x:\n  return"), said=("SyntaxError", "exercise-dropout")),
        "raises": Planted(12, dropout(RAISES), said=("[raises-an-error]",)),
        "leaves": Planted(14, own="exit()\nraise SystemExit"),
        "crashes": Planted(
            2, dropout("import os; os._exit(1)"), said=("did not run", "exercise-dropout"),
            stopped="its process ended in the cell exercise-dropout",
        ),
        "segfaults": Planted(
            0, own="import ctypes; ctypes.string_at(0)", stopped="its process ended in the cell own-2"
        ),
        "loops": Planted(12, dropout("while True:\n    pass"), said=(slow, "NameError")),
        "loops in the function": Planted(
            12, dropout("def my_dropout(x, keep_prob, rng):\n    while True: pass"), said=("was stopped",)
        ),
        "loops and catches all": Planted(
            12, dropout("while True:\n    try:\n        while True: pass\n    except Exception: pass"), said=(slow,)
        ),
        "loops for good": Planted(
            2, dropout("import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"),
            stopped="the cell exercise-dropout did not end",
        ),
        "prints for ever": Planted(12, dropout("while True: print('x' * 10000)"), said=(slow,)),
        "prints much": Planted(14, own="for _ in range(2000): print('x' * 100_000)"),
        "leaves a thread": Planted(
            14, own="import threading, time\nthreading.Thread(target=time.sleep, args=(99999,)).start()"
        ),
        "leaves a process": Planted(
            14, own=f"import subprocess\nsubprocess.Popen(['sleep', '{MARK}'], start_new_session=True)"
        ),
        "bomb": Planted(2, dropout(BOMB), stopped="stopped: more than"),
        "memory": Planted(2, dropout(MEMORY), stopped=memory),
        "writes": Planted(14, own=ATTEMPTS + writes),
        "hides": Planted(14, own=ATTEMPTS + HIDES),
        "network": Planted(14, own=ATTEMPTS + network),
        "spies on the tests": Planted(14, after=ATTEMPTS + HISTORY),
        "spies": Planted(14, own=ATTEMPTS + spies),
        **{
            f"lies {how}": Planted(0, "empty", own, said=(said,), stopped="nobody asked" if "runner" in how else "")
            for how, (own, said) in LIARS.items()
        },
    }  # fmt: skip


def hand_in(course: Path, student: str, answers: dict[str, str] | str = "", own: str = "", after: str = "") -> Path:
    """Hand in the released notebook with the right answers, or others for some cells, or none at all if "empty"."""
    path = course / "submitted" / student / NAME
    path.parent.mkdir(parents=True)
    notebook = filled(course, course / "release" / NAME, answers, own)
    if after:
        notebook.cells.append(new_code_cell(after))
    nbformat.write(notebook, path)
    return path


def filled(course: Path, handed_out: Path, answers: dict[str, str] | str = "", own: str = "") -> nbformat.NotebookNode:
    """Return a notebook as it was handed out, with answers."""
    ours, theirs = nbformat.read(course / "source" / NAME, 4), nbformat.read(handed_out, 4)
    right = {cell.id: cell for cell in ours.cells}
    for cell in theirs.cells:
        key = cell.metadata.nbgrader.grade_id
        if cell.metadata.nbgrader.solution and answers != "empty":
            text = without_markers(right[key].source) if cell.cell_type == "code" else TEXT
            cell.source = dict(answers or {}).get(key, text)
    if own:
        theirs.cells.insert(2, new_code_cell(own))
    return theirs


def hand_in_files(course: Path) -> dict[str, str]:
    """Hand in what is no notebook, or not where it should be; return what the results have to say."""
    right, submitted = (course / "release" / NAME).read_bytes(), course / "submitted"
    none = "the file is not a notebook"
    files = {
        "broken": (FILE, right[: len(right) // 2], none),
        "picture": (FILE, b"\x89PNG\r\n\x1a\n\x00\xff", none),
        "list": (FILE, b"[1, 2]", none),
        "strange": (FILE, b'{"cells": [{"cell_type": "code", "metadata": [], "source": 3}]}', none),
        "deep": (FILE, b"[" * 100_000, none),
        "void": (FILE, b"", none),
        "large": (FILE, b" " * (21 * 2**20), "larger than 20 MiB"),
        "bomb of lists": (FILE, b'{"cells": [' + b"[]," * (6 * 2**20) + b"[]]}", "more than can be read"),
        "renamed": ("homework.ipynb", right, f"{FILE} is missing; there is: homework.ipynb"),
        "another kind": ("answers.zip", right, "there is: answers.zip"),
        "absent": ("timestamp.txt", b"", "there is nothing"),
    }
    for student, (name, data, _) in files.items():
        path = submitted / student / ASSIGNMENT / name
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
    for student in ("linked", "pipe"):
        (submitted / student / ASSIGNMENT).mkdir(parents=True)
    (submitted / "linked" / ASSIGNMENT / FILE).symlink_to(submitted / "perfect" / NAME)
    (submitted / "linked folder").mkdir()
    (submitted / "linked folder" / ASSIGNMENT).symlink_to(submitted / "perfect" / ASSIGNMENT)
    for name in (FILE, "timestamp.txt", "submission_secret.txt"):
        os.mkfifo(submitted / "pipe" / ASSIGNMENT / name)
    (submitted / "folder" / ASSIGNMENT / FILE).mkdir(parents=True)
    others = {"linked": f"{FILE} is a link", "linked folder": "the folder is a link", "pipe": f"{FILE} is no file"}
    return {student: why for student, (*_, why) in files.items()} | others | {"folder": FILE}


# What tools and students make of a sheet with right answers, and the points that its checks give then.
REWRITTEN = {
    "without marks and ids": 14, "answers in cells of their own": 14, "answers in one cell": 14,
    "a name that is not UTF-8 J\udcf6rg": 14, "a name <img src=x onerror=alert(1)>": 14,
    "an answer is gone": 12, "everything is gone": 0, "without checks": 14, "forged checks": 0, "answers twice": 14,
    "backwards": 0, "older format": 14, "half a letter": 14,
}  # fmt: skip
# What runs of these is what runs of the sheet itself.
SAME = ("without marks", "marks that are none", "ids of Colab", "without the imports", "a copy was answered")


def rewrite(course: Path, students: Iterable[str]) -> None:
    """Hand in rewritten sheets."""
    begun = {one["id"]: one["source"] for one in json.loads((course / "release" / NAME).read_text())["cells"]}
    for student in students:
        path = hand_in(course, student, "empty" if student == "forged checks" else "")
        notebook = json.loads(path.read_text())
        cells = notebook["cells"]
        checks = [one for one in cells if one["id"].startswith("check-")]
        answers = [one for one in cells if one["id"].startswith("exercise-") and one["cell_type"] == "code"]
        first = next(one for one in answers if one["id"] == "exercise-dropout")
        own = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
        if student.startswith("without marks"):
            for cell in cells:
                cell["metadata"] = {}
                if student.endswith("ids"):
                    del cell["id"]
        elif student == "marks that are none":
            for cell in cells:
                cell["metadata"]["nbgrader"] = None
        elif student == "ids of Colab":
            for cell in cells:
                cell["metadata"] = {"id": cell.pop("id")}
        elif student == "without the imports":
            cells[:] = [one for one in cells if one["id"] != "imports"]
        elif student == "answers in cells of their own":  # the sheet's cells stay as they were handed out
            texts = [begun["imports"], *(one["source"] for one in answers)]
            cells[:0] = [{**own, "id": f"own{number}", "source": text} for number, text in enumerate(texts)]
            for one in answers:
                one["source"] = begun[one["id"]]
        elif student == "answers in one cell":
            answers[0]["source"] = "\n\n\n".join("".join(one["source"]) for one in answers)
            cells[:] = [one for one in cells if one not in answers[1:]]
        elif student == "a copy was answered":
            cells.insert(cells.index(first) + 1, {**first, "id": "copy"})
            first["source"] = begun[first["id"]]
        elif student == "an answer is gone":
            cells.remove(first)
        elif student == "everything is gone":
            cells.clear()
        elif student == "without checks":
            cells[:] = [one for one in cells if one not in checks]
        elif student == "forged checks":
            for one in checks:
                one["source"], one["metadata"]["nbgrader"]["points"] = "print('done')", 100
        elif student == "answers twice":  # the first one counts, as nbgrader has it
            cells.append({**first, "id": "again", "source": UNSCALED})
        elif student == "backwards":
            cells.reverse()
        elif student == "older format":
            notebook["nbformat_minor"] = 4
            for one in cells:
                del one["id"]
        elif student == "half a letter":
            cells.append({**own, "source": ["x = '\ud800'"]})
        path.write_text(json.dumps(notebook))
