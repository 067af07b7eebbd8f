"""Commands run in a small world of their own, under limits.

A command runs in namespaces of its own: no network, not even a loopback; no process but its own; a file system that
holds the system's programs, Python and the course, all read-only, and one small folder to write to, `/tmp`, which goes
with it. It has no rights beyond a user's and cannot gain any; `keyless` keeps the kernel's keys from it. Its own limits
bound files, open files and seconds of computing; `watch` bounds the clock, memory and processes.

Nothing of this needs to be installed or to run as root: it needs Linux with user namespaces, and util-linux.

`NOT_CONTAINED` says what is left.
"""

from __future__ import annotations

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
from course_utils.workshop.homework import keyless

__all__ = [
    "NOT_CONTAINED", "Limits", "contained", "descendants", "environment", "kill", "limited", "readable", "why_too_much",
    "wrapped",
]  # fmt: skip

PACKAGE = Path(course_utils.__file__).parent
SYSTEM = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"  # folders of programs
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

NOT_CONTAINED = (
    "An answer and its check share one process: whoever knows Python well can change the check there, or read the "
    "seeds of the hidden cases.",
    "Memory and processes are counted ten times a second, so a submission can exceed its limits for such a moment.",
    "A submission sees the machine's name, its kind and its load, and the names of the folders that hold Python.",
    "nbgrader's own pages run what their address says, so open no address from a submission in the browser that has "
    "Jupyter open.",
    "A fault of the system's kernel is not contained; where that matters, grade in a virtual machine.",
)

# Makes the file system that the command sees, then gives up every right that could change it.
# $1: bytes of /tmp; $2: folders to read, one a line. What follows is the command.
# The new root is made over /sys, which is on every system and which nothing here needs.
INSIDE = r"""
set -eu
size=$1; folders=$2; shift 2
root=/sys
mount -t tmpfs -o mode=755,nr_inodes=4096 none "$root"
mkdir "$root/tmp"
mount -t tmpfs -o mode=1777,nosuid,nodev,nr_inodes=4096,size="$size" none "$root/tmp"  # a folder to read may lie in it
for link in bin sbin lib lib32 lib64; do
  if [ -L "/$link" ]; then ln -s "$(readlink "/$link")" "$root/$link"
  elif [ -d "/$link" ]; then folders="$folders
/$link"; fi
done
printf '%s\n' "$folders" | while IFS= read -r folder; do
  mkdir -p "$root$folder"
  mount --bind "$folder" "$root$folder"
  mount -o remount,bind,ro,nosuid,nodev "$root$folder"
done
mkdir -p "$root/proc" "$root/dev" "$root/etc"
mount -t proc proc "$root/proc"
for list in keys key-users; do  # the names of the grader's keys
  if [ -e "$root/proc/$list" ]; then mount --bind /dev/null "$root/proc/$list"; fi
done
for device in null zero random urandom; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/.old"
cd "$root"
pivot_root . .old
umount -l /.old
rmdir /.old
mount -o remount,bind,ro /
echo 0 > /proc/sys/user/max_user_namespaces
{ echo 400 > /proc/sys/kernel/pid_max; } 2>/dev/null || true  # of these namespaces alone, from Linux 6.14 on
mount -o remount,bind,ro /proc  # a grader who is root owns the system's settings in it
cd /tmp
exec setpriv --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
"""


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
    """Return "" where the system can contain a submission, else what it lacks."""
    for program in ("unshare", "setpriv", "mount", "pivot_root", "prlimit"):
        if shutil.which(program, path=search_path()) is None:
            return f"{program} is not to be found"
    if without := keyless.lacking():
        return without
    try:
        tried = subprocess.run(
            wrapped(["true"], Limits()), capture_output=True, text=True, timeout=30, env=environment(), check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    lines = tried.stderr.strip().splitlines()
    return "" if tried.returncode == 0 else (lines or [f"unshare ended with {tried.returncode}"])[0]


def wrapped(command: Sequence[str], limits: Limits) -> list[str]:
    """Return the command that runs another in namespaces of its own, under limits."""
    folders = "\n".join(map(str, readable()))
    return [
        # Whoever started this may be killed; nothing is to outlive it.
        "setpriv", "--pdeathsig", "KILL",
        "unshare", "--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--kill-child", "--ipc", "--uts",
        "--cgroup", "sh", "-c", INSIDE, "sh", str(limits.disk), folders, *limited(command, limits),
    ]  # fmt: skip


def limited(command: Sequence[str], limits: Limits) -> list[str]:
    """Return the command that runs another under the system's own limits, as far as it has them."""
    if shutil.which("prlimit", path=search_path()) is None:
        return list(command)
    # Address space is asked for far beyond what is used, so this bound is wide; memory in use is counted.
    bounds = [f"--as={4 * limits.memory}", f"--fsize={limits.disk}", f"--cpu={int(limits.seconds) + 1}"]
    return ["prlimit", *bounds, "--core=0", "--nofile=256", "--msgqueue=0", "--memlock=0", *command]


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


def why_too_much(number: int, limits: Limits) -> str:
    """Return which limit a process and all below it exceed, or ""."""
    numbers = descendants(number)
    if len(numbers) > limits.processes:
        return f"more than {limits.processes} processes"
    if sum(map(memory, numbers)) > limits.memory:
        return f"more than {limits.memory / 2**30:.1f} GiB of memory"
    return ""


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
    """Return the bytes that a process holds, files that are in memory alone included."""
    total = 0
    with suppress(OSError, IndexError):
        total = int(Path(f"/proc/{number}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    with suppress(OSError):
        for file in Path(f"/proc/{number}/fd").iterdir():
            with suppress(OSError):
                if os.readlink(file).startswith("/memfd:"):
                    total += file.stat().st_blocks * 512
    return total
