"""A notebook run under limits, by a kernel that sees little of the machine.

The kernel runs in namespaces of its own: no network, no other process, and a file system that holds the system's
programs, Python and the course, all read-only, with one small folder to write to. The client that collects the outputs
runs outside. Where the system has no user namespaces the limits alone are left, and every result says so.

What this does not contain: the answer and its check share one process. Whoever knows Python well can change the check
there, or read its seeds. So seeds are worth nothing afterwards, and ``Run.contained`` is not a word about honesty.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode

import course_utils

__all__ = ["Limits", "NoSandbox", "Run", "contained", "execute"]

PACKAGE = Path(course_utils.__file__).parent
SHOWN = 4 * 2**20  # characters
SYSTEM = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"  # folders of programs
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

# Makes the file system that the kernel sees, then gives up every right that could change it.
# $1: where it is made; $2: the folder to write to; $3: bytes of that; $4: folders to read, one a line.
# What follows is the command.
INSIDE = r"""
set -eu
root=$1; scratch=$2; size=$3; folders=$4; shift 4
mount -t tmpfs -o mode=755 none "$root"
mkdir "$root/tmp"
mount -t tmpfs -o mode=1777,size="$size" none "$root/tmp"  # first: a folder to read may lie in it
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
for device in null zero random urandom; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir -p "$root$scratch"
mount --bind "$scratch" "$root$scratch"
mkdir "$root/.old"
cd "$root"
pivot_root . .old
umount -l /.old
rmdir /.old
mount -o remount,ro /
echo 0 > /proc/sys/user/max_user_namespaces
mount -o remount,bind,ro /proc  # a grader who is root owns the system's settings in it
cd /tmp
exec setpriv --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
"""


class NoSandbox(RuntimeError):
    """The system lacks what contains a submission."""


@dataclass(frozen=True)
class Limits:
    """What a submission may use: seconds in all and for one cell, bytes, processes."""

    seconds: float = 120.0
    cell_seconds: float = 20.0
    memory: int = 2 * 2**30
    processes: int = 32
    disk: int = 64 * 2**20


@dataclass
class Run:
    """How a notebook ran.

    Parameters
    ----------
    passed
        Ids of the code cells that ran to their end without an error.
    stopped
        Why the run ended before the last cell; "" where it did not.
    contained
        Whether namespaces were in force.
    """

    passed: set[str] = field(default_factory=set)
    stopped: str = ""
    contained: bool = False
    seconds: float = 0.0


@cache
def contained() -> str:
    """Return "" where the system can contain a submission, else what it lacks."""
    for program in ("unshare", "setpriv", "mount", "pivot_root", "prlimit"):
        if shutil.which(program, path=search_path()) is None:
            return f"{program} is not to be found"
    with scratch_folders() as (root, scratch):
        words = wrapped(["true"], root, scratch, Limits())
        tried = subprocess.run(words, capture_output=True, text=True, timeout=30, env=environment(scratch), check=False)
    return "" if tried.returncode == 0 else tried.stderr.strip() or f"unshare ended with {tried.returncode}"


def execute(notebook: NotebookNode, limits: Limits | None = None, *, open_allowed: bool = False) -> Run:
    """Run ``notebook``, which gets its outputs, in a kernel under limits.

    Raises
    ------
    NoSandbox
        Where the system cannot contain it, unless ``open_allowed``.
    """
    limits = limits or Limits()
    lacking = contained()
    if lacking and not open_allowed:
        raise NoSandbox(f"submissions cannot be contained here: {lacking}")
    run, start = Run(contained=not lacking), time.perf_counter()
    with scratch_folders() as (root, scratch):
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        words = limited(command, limits) if lacking else wrapped(command, root, scratch, limits)
        manager = AsyncKernelManager(
            transport="ipc", connection_file=str(scratch / "kernel.json"), ip=str(scratch / "socket")
        )
        manager._kernel_spec = KernelSpec(argv=words, display_name="contained", language="python")
        collect(notebook, manager, limits, run, environment(scratch))
    run.seconds = time.perf_counter() - start
    return run


def collect(
    notebook: NotebookNode, manager: AsyncKernelManager, limits: Limits, run: Run, variables: dict[str, str]
) -> None:
    """Let the kernel run every cell and note how each ended."""

    def note(cell: NotebookNode, cell_index: int, execute_reply: dict[str, Any]) -> None:
        if execute_reply["content"]["status"] == "ok":
            run.passed.add(cell.id)

    client = Client(
        notebook, km=manager, timeout=limits.cell_seconds, interrupt_on_timeout=True, allow_errors=True,
        startup_timeout=60, on_cell_executed=note, shutdown_kernel="immediate", iopub_timeout=4,
    )  # fmt: skip
    watcher = Watcher(manager, limits, run, Path(variables["JUPYTER_RUNTIME_DIR"]))
    watcher.start()
    try:
        client.execute(env=variables)
    except DeadKernelError:
        run.stopped = run.stopped or "the kernel died"
    except (RuntimeError, TimeoutError, OSError) as error:  # it did not start, or went while it was asked
        run.stopped = run.stopped or f"{type(error).__name__}: {error}"
    finally:
        watcher.over.set()
        watcher.join()
        watcher.kill()


class Client(NotebookClient):
    """A client that keeps the first megabytes of what a notebook shows: it holds all of that in memory."""

    room = SHOWN

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        if msg["msg_type"] in ("stream", "display_data", "execute_result", "update_display_data"):
            self.room -= len(str(msg["content"]))
            if self.room < 0:
                return None
        return super().process_message(msg, cell, cell_index)


class Watcher(threading.Thread):
    """Ends a kernel that takes too long, too much memory or too many processes, children included."""

    def __init__(self, manager: AsyncKernelManager, limits: Limits, run: Run, scratch: Path) -> None:
        super().__init__(daemon=True)
        self.manager, self.limits, self.outcome, self.scratch = manager, limits, run, scratch
        self.over = threading.Event()
        self.group = 0

    def run(self) -> None:
        """Look five times a second."""
        end = time.monotonic() + self.limits.seconds
        while not self.over.wait(0.2):
            self.group = self.group or int(getattr(self.manager.provisioner, "pid", None) or 0)
            numbers = descendants(self.group) if self.group else []
            if time.monotonic() > end:
                self.stop(f"stopped after {self.limits.seconds:g} s")
            elif len(numbers) > self.limits.processes:
                self.stop(f"stopped: more than {self.limits.processes} processes")
            elif sum(map(resident, numbers)) > self.limits.memory:
                self.stop(f"stopped: more than {self.limits.memory / 2**30:.1f} GiB of memory")
            elif written(self.scratch) > self.limits.disk:  # the one folder whose size the system does not bound
                self.stop(f"stopped: more than {self.limits.disk / 2**20:.0f} MiB written")

    def stop(self, why: str) -> None:
        """Kill everything, once."""
        self.outcome.stopped = self.outcome.stopped or why
        self.kill()

    def kill(self) -> None:
        """Kill the whole group; with its first process its namespace ends, and everything in it."""
        if self.group:
            for number in descendants(self.group)[::-1]:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(number, signal.SIGKILL)
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.group, signal.SIGKILL)


def descendants(number: int) -> list[int]:
    """Return a process and all below it; orphans of a namespace hang below its first process."""
    found = [number]
    for one in found:
        with suppress(OSError):
            for children in Path(f"/proc/{one}/task").glob("*/children"):
                found += map(int, children.read_text().split())
    return found


def resident(number: int) -> int:
    """Return the bytes of memory that a process holds."""
    with suppress(OSError, IndexError):
        return int(Path(f"/proc/{number}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def written(folder: Path) -> int:
    """Return the bytes of the files in a folder."""
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):
            total += path.lstat().st_size
    return total


@contextmanager
def scratch_folders() -> Iterator[tuple[Path, Path]]:
    """Give an empty folder for the new root, and one for sockets, which the submission can write to."""
    with tempfile.TemporaryDirectory(prefix="hw", dir="/tmp", ignore_cleanup_errors=True) as folder:
        root, scratch = Path(folder) / "r", Path(folder) / "s"
        root.mkdir()
        scratch.mkdir()
        yield root, scratch


def wrapped(command: Sequence[str], root: Path, scratch: Path, limits: Limits) -> list[str]:
    """Return the command that runs another in namespaces of its own."""
    folders = "\n".join(map(str, readable()))
    return [
        # Whoever started this may be killed; nothing is to outlive it.
        "setpriv", "--pdeathsig", "KILL",
        "unshare", "--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--kill-child", "--ipc", "--uts",
        "sh", "-c", INSIDE, "sh", str(root), str(scratch), str(limits.disk), folders, *limited(command, limits),
    ]  # fmt: skip


def limited(command: Sequence[str], limits: Limits) -> list[str]:
    """Return the command that runs another under the system's own limits, as far as it has them."""
    if shutil.which("prlimit", path=search_path()) is None:
        return list(command)
    # Address space is asked for far beyond what is used, so this bound is wide; the watcher counts what is used.
    bounds = [f"--as={4 * limits.memory}", f"--fsize={limits.disk}", "--core=0", f"--cpu={int(limits.seconds) + 1}"]
    return ["prlimit", *bounds, *command]


def readable() -> list[Path]:
    """Return the folders that Python and the course need, none inside another."""
    wanted = {Path("/usr"), Path(sys.prefix), Path(sys.base_prefix), PACKAGE, Path(sys.executable).resolve().parents[1]}
    wanted |= {Path(folder).resolve() for folder in sys.path if folder.endswith("site-packages")}
    return sorted(
        one for one in wanted if one.is_dir() and not any(one != other and other in one.parents for other in wanted)
    )


def environment(scratch: Path) -> dict[str, str]:
    """Return what the kernel gets to know: nothing of the instructor's own variables."""
    own = {
        "PATH": f"{Path(sys.executable).parent}:{SYSTEM}",
        "PYTHONPATH": str(PACKAGE.parent),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "IPYTHONDIR": "/tmp/ipython",
        "MPLCONFIGDIR": "/tmp/mpl",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "JUPYTER_RUNTIME_DIR": str(scratch),
    }
    return own | dict.fromkeys(THREADS, "1")


def search_path() -> str:
    """Return where programs are looked for, the system's folders included."""
    return f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}:{SYSTEM}"
