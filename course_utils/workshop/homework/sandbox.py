"""Commands run in a small world of their own, under limits.

The world is made by bubblewrap: no network; no process but its own; a file system that holds the system's programs,
Python and the course, all read-only, and one small folder to write to, `/tmp`, which goes with it. The command has no
rights beyond a user's and cannot gain any, and a filter keeps it from the system calls that `system_calls` names. Its
own limits bound files, open files and seconds of computing; a `cgroups.group`, where the system has one, bounds memory
and processes; `watch` bounds the clock and counts both as well.

It needs Linux, bubblewrap and libseccomp, and no root. `not_contained` says what is left.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import course_utils
from course_utils.workshop.homework import cgroups, system_calls

__all__ = [
    "NOT_CONTAINED", "Limits", "contained", "descendants", "environment", "kill", "limited", "not_contained",
    "readable", "tasks", "why_too_much", "wrapped",
]  # fmt: skip

PACKAGE = Path(course_utils.__file__).parent
SYSTEM = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"  # folders of programs
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
INSTALL = "apt install bubblewrap"
LAUNCH = [sys.executable, "-m", "course_utils.workshop.homework.launch"]
# Without /dev/zero: what is mapped from it is memory that is held by who has one page of it left.
DEVICES = ("null", "random", "urandom")
LINKS = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")  # into /usr; on older systems folders
FILES = 4096  # that a submission may have at once
TASKS = 8  # threads a process, on the whole

NOT_CONTAINED = (
    "An answer is checked once more from a process that it cannot reach, wherever a check asks for numbers alone. "
    "Checks that hand over more, such as PyTorch's modules, and their answers share one process: whoever knows Python "
    "well can change them there when they call the answer, and the table's hints name only the plain ways to do it.",
    "The course brings the solutions of its exercises, which an answer may call.",
    "A submission sees the machine's name of its processor, its load, and the names of the folders that hold Python.",
    "nbgrader's own pages run what their address says, so open no address from a submission in the browser that has "
    "Jupyter open.",
    "A fault of the system's kernel is not contained; where that matters, grade in a virtual machine.",
)
COUNTED = (
    "Memory and processes are counted ten times a second, since this system does not bound them: {}. So a submission "
    "can exceed its limits for such a moment, and the kernel's own memory for its sockets and files is not counted."
)


@dataclass(frozen=True)
class Limits:
    """What a submission may use: seconds in all and for one cell, bytes of memory and of files, processes."""

    seconds: float = 120.0
    cell_seconds: float = 20.0
    memory: int = 2 * 2**30
    processes: int = 32
    disk: int = 64 * 2**20


@cache
def contained() -> str:
    """Return "" where the system can contain a submission, else what it lacks, with the line that helps."""
    if sys.platform != "linux":
        return f"only Linux can, this is {sys.platform}"
    if shutil.which("bwrap", path=search_path()) is None:
        return f"bubblewrap is not installed: {INSTALL}"
    if without := system_calls.lacking():
        return without
    try:
        tried = subprocess.run(
            wrapped(["true"], Limits()), capture_output=True, text=True, timeout=30, env=environment(), check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    lines = tried.stderr.strip().splitlines()
    return "" if tried.returncode == 0 else (lines or [f"bwrap ended with {tried.returncode}"])[-1]


def not_contained() -> list[str]:
    """Return what of a submission is not contained here."""
    return [*NOT_CONTAINED, *([COUNTED.format(why)] if (why := cgroups.why_none()) else [])]


def wrapped(command: Sequence[str], limits: Limits, group: cgroups.Group | None = None) -> list[str]:
    """Return the command that runs another in the sandbox, under limits, in a group if there is one."""
    words = [
        shutil.which("bwrap", path=search_path()) or "bwrap",
        "--unshare-all", "--unshare-user", "--cap-drop", "ALL", "--new-session", "--hostname", "sandbox",
        "--die-with-parent",  # whoever started this may be killed; nothing is to outlive it
        "--as-pid-1",  # so that it sees no process but its own
        "--size", str(limits.disk), "--perms", "1777", "--tmpfs", "/tmp",
    ]  # fmt: skip
    for link in (Path("/", name) for name in LINKS):
        if link.is_symlink():
            words += ["--symlink", str(link.readlink()), str(link)]
        elif link.is_dir():
            words += ["--ro-bind", str(link), str(link)]
    for folder in map(str, readable()):
        words += ["--ro-bind", folder, folder]
    words += ["--dir", "/etc", "--proc", "/proc"]
    for names in ("keys", "key-users"):  # of the grader's keys
        if Path("/proc", names).exists():
            words += ["--dev-bind", "/dev/null", f"/proc/{names}"]
    for device in (f"/dev/{name}" for name in DEVICES):
        words += ["--dev-bind", device, device]
    # A grader who is root owns the system's settings in /proc, without any right.
    words += ["--remount-ro", "/proc", "--remount-ro", "/", "--chdir", "/tmp", "--clearenv"]
    for name, value in environment().items():
        words += ["--setenv", name, value]
    return launched([*words, *command], limits, group, contained=True)


def limited(command: Sequence[str], limits: Limits, group: cgroups.Group | None = None) -> list[str]:
    """Return the command that runs another with the user's rights, under the limits that the system has itself."""
    return list(command) if sys.platform == "win32" else launched(command, limits, group, contained=False)


def launched(
    command: Sequence[str], limits: Limits, group: cgroups.Group | None, *, contained: bool
) -> list[str]:  # fmt: skip
    """Return the command that takes limits upon itself and then becomes another."""
    group = group or cgroups.Group()
    bounds = {
        # Address space is asked for far beyond what is used, so this bound is wide; memory in use is counted.
        "RLIMIT_AS": 4 * limits.memory, "RLIMIT_FSIZE": limits.disk, "RLIMIT_CPU": int(limits.seconds) + 1,
        "RLIMIT_CORE": 0, "RLIMIT_NOFILE": 256, "RLIMIT_MSGQUEUE": 0, "RLIMIT_MEMLOCK": 0,
    }  # fmt: skip
    settings = {"groups": group.files, "bounds": bounds, "contained": contained, "variables": environment()}
    return [*group.command, *LAUNCH, json.dumps(settings), *command]


def readable() -> list[Path]:
    """Return the folders that Python and the course need, none inside another."""
    wanted = {Path("/usr"), Path(sys.prefix), Path(sys.base_prefix), PACKAGE, Path(sys.executable).resolve().parents[1]}
    wanted |= {Path(folder).resolve() for folder in sys.path if folder.endswith("site-packages")}
    return sorted(
        one for one in wanted if one.is_dir() and not any(one != other and other in one.parents for other in wanted)
    )


def environment() -> dict[str, str]:
    """Return the variables a submission gets: nothing of the instructor's own."""
    own = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{SYSTEM}",
        "PYTHONPATH": str(PACKAGE.parent),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "IPYTHONDIR": "/tmp/ipython",
        "MPLCONFIGDIR": "/tmp/mpl",
        "MPLBACKEND": "agg",
    }
    windows = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}  # no program starts without
    return own | windows | dict.fromkeys(THREADS, "1")


def search_path() -> str:
    """Return where programs are looked for, the system's folders included."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", ""), SYSTEM])


def why_too_much(number: int, limits: Limits, group: cgroups.Group | None = None) -> str:
    """Return which limit a process and all below it exceed, or ""."""
    what = group.exceeded() if group else ""
    numbers = descendants(number)
    if what == "processes" or len(numbers) > limits.processes or sum(map(threads, numbers)) > tasks(limits):
        return f"more than {limits.processes} processes"
    if what == "memory" or sum(map(memory, numbers)) > limits.memory:
        return f"more than {limits.memory / 2**30:.1f} GiB of memory"
    if files(numbers[-1]) > FILES:
        return f"more than {FILES} files"
    return ""


def tasks(limits: Limits) -> int:
    """Return how many threads there may be in all."""
    return TASKS * limits.processes


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and all below it; with the first process of its namespaces everything in them ends."""
    below = descendants(process.pid)[:0:-1]
    for number in below:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(number, signal.SIGKILL)
    if below:  # what started them waits for them and then ends; killed earlier it would leave them to the system
        with suppress(subprocess.TimeoutExpired):
            process.wait(1)
    process.kill()
    process.wait()


def descendants(number: int) -> list[int]:
    """Return a process and all below it; orphans of a namespace hang below its first process."""
    found = [number]
    for one in found:
        with suppress(OSError):
            for children in Path(f"/proc/{one}/task").glob("*/children"):
                found += map(int, children.read_text().split())
    return found


def memory(number: int) -> int:
    """Return the bytes that a process holds, those that the system has put aside included."""
    with suppress(OSError, ValueError):
        lines = Path(f"/proc/{number}/status").read_text().splitlines()
        return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith(("VmRSS:", "VmSwap:")))
    return 0


def threads(number: int) -> int:
    """Return how many threads a process has."""
    with suppress(OSError):
        return len(os.listdir(f"/proc/{number}/task"))
    return 0


def files(number: int) -> int:
    """Return how many files lie in the folder that a process in the sandbox writes to; their size has a bound."""
    place = f"/proc/{number}/root/tmp"
    with suppress(OSError):
        if os.stat(place).st_dev != os.stat("/tmp").st_dev:  # until its own stands
            state = os.statvfs(place)
            return state.f_files - state.f_ffree
    return 0
