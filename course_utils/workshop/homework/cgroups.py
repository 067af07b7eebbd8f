"""Groups of processes whose memory and number the kernel itself bounds, where the system gives such groups.

A system has them in one of three ways: in version 2 a folder that was handed over to the user, in version 1 one that
root may write to, and else the user's own service manager, asked by `systemd-run`. Where there is none, `why_none` says
so, and what a submission uses is counted instead.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

__all__ = ["Group", "group", "why_none"]

PREFIX = "course-grading-"
NEEDED = {"memory", "pids"}
BUS = ("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")  # by which the service manager is found


@dataclass
class Group:
    """A group of processes.

    Parameters
    ----------
    folders
        Its folders; in version 1 one for each kind of limit. None where nothing bounds it.
    command
        What stands before the command that is to run in it.
    """

    folders: list[Path] = field(default_factory=list)
    command: list[str] = field(default_factory=list)

    @property
    def files(self) -> list[str]:
        """Files into which a process writes its number, to belong to the group."""
        return [] if self.command else [str(folder / "cgroup.procs") for folder in self.folders]

    def locate(self, number: int) -> None:
        """Find the folder that the service manager made for a process."""
        if self.command:
            with suppress(OSError):
                place = re.search(r"^0::(.*\.scope)$", Path(f"/proc/{number}/cgroup").read_text(), re.MULTILINE)
                mount = mounted("cgroup2", "")
                self.folders = [mount / place[1].lstrip("/")] if place and mount else []

    def exceeded(self) -> str:
        """Return which bound the kernel had to keep, "memory" or "processes", or ""."""
        for folder in self.folders:
            for name, word, what in (
                ("memory.events", "oom_kill", "memory"), ("memory.oom_control", "oom_kill", "memory"),
                ("pids.events", "max", "processes"),
            ):  # fmt: skip
                with suppress(OSError):
                    found = re.search(rf"^{word} (\d+)$", (folder / name).read_text(), re.MULTILINE)
                    if found and int(found[1]):
                        return what
        return ""

    def remove(self) -> None:
        """Remove it, with what may be left in it."""
        if not self.command:
            for folder in self.folders:
                with suppress(OSError):
                    (folder / "cgroup.kill").write_text("1")  # only version 2 has it
                end = time.monotonic() + 2
                while not removed(folder) and time.monotonic() < end:
                    time.sleep(0.02)  # the last process is on its way out


@contextmanager
def group(memory: int, tasks: int) -> Iterator[Group]:
    """Give a new group for one submission, bounded if the system has groups; it goes at the end."""
    new = Group() if why_none() else made(memory, tasks)
    try:
        yield new
    finally:
        new.remove()


@cache
def why_none() -> str:
    """Return why the system bounds no group of processes here, or ""."""
    if sys.platform != "linux":
        return "only Linux has groups of processes"
    try:
        new = made(64 * 2**20, 64)
    except OSError as error:
        return f"no cgroup may be made ({error.strerror or error})"
    try:
        words = [*new.command, sys.executable, "-I", "-S", "-c", JOIN, *new.files]
        variables = {name: os.environ[name] for name in (*BUS, "PATH") if name in os.environ}
        tried = subprocess.run(words, capture_output=True, text=True, timeout=20, env=variables, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"no cgroup can be used ({error})"
    finally:
        new.remove()
    lines = tried.stderr.strip().splitlines() or [f"ended with {tried.returncode}"]
    return f"no cgroup can be used ({lines[-1]})" if tried.returncode else ""


JOIN = "import os, sys; [open(name, 'w').write(str(os.getpid())) for name in sys.argv[1:]]"


def made(memory: int, tasks: int) -> Group:
    """Return a new group with its bounds.

    Raises
    ------
    OSError
        If the system does not let this user make one.
    """
    name = f"{PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
    if parent := parent_of_version_2():
        return Group([bounded(parent / name, {"memory.max": memory, "pids.max": tasks, "memory.oom.group": 1,
                                              "memory.swap.max": 0})])  # fmt: skip
    if parents := parents_of_version_1():
        bounds = {"memory.limit_in_bytes": memory, "memory.memsw.limit_in_bytes": memory, "pids.max": tasks}
        return Group([bounded(one / name, bounds) for one in parents])
    if shutil.which("systemd-run") and (os.geteuid() == 0 or BUS[0] in os.environ):
        words = ["systemd-run", *["--user"] * (os.geteuid() != 0), "--scope", "--quiet", "--collect"]
        bounds = {"MemoryMax": memory, "MemorySwapMax": 0, "TasksMax": tasks}
        return Group(command=words + [f"--property={key}={value}" for key, value in bounds.items()] + ["--"])
    raise OSError(0, "neither a cgroup to write to nor a service manager of the user's")


def bounded(folder: Path, bounds: dict[str, int]) -> Path:
    """Make a group's folder and write the bounds that it has."""
    for old in folder.parent.glob(f"{PREFIX}*"):  # of graders that were killed
        if not Path(f"/proc/{old.name.split('-')[2]}").exists():
            removed(old)
    folder.mkdir()
    for name, bound in bounds.items():
        if (folder / name).exists():
            (folder / name).write_text(str(bound), encoding="ascii")
    return folder


def parent_of_version_2() -> Path | None:
    """Return a folder in which this user may make groups with bounds for memory and processes."""
    mount, own = mounted("cgroup2", ""), own_group("0", "")
    if mount is None or own is None:
        return None
    here = mount / own
    for folder in (here, here.parent):  # a group with processes in it has no bounded groups below it, so beside it
        with suppress(OSError):
            enabled = set((folder / "cgroup.subtree_control").read_text().split())
            if enabled >= NEEDED and os.access(folder / "cgroup.procs", os.W_OK) and os.access(folder, os.W_OK):
                return folder
    return None


def parents_of_version_1() -> list[Path]:
    """Return the folders of this process in version 1, one for each kind of limit, if both may be written to."""
    found = []
    for kind in sorted(NEEDED):
        mount, own = mounted("cgroup", kind), own_group("", kind)
        if mount is None or own is None:
            return []
        folder = mount / own if (mount / own).is_dir() else mount  # in a container the mount is the group itself
        if not os.access(folder, os.W_OK):
            return []
        found.append(folder)
    return found


def own_group(hierarchy: str, kind: str) -> str | None:
    """Return this process's group by the hierarchy's number or its kind."""
    with suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            number, kinds, place = line.split(":", 2)
            if (hierarchy and number == hierarchy) or (kind and kind in kinds.split(",")):
                return place.lstrip("/")
    return None


def mounted(system: str, kind: str) -> Path | None:
    """Return where a kind of groups is mounted."""
    with suppress(OSError):
        for line in Path("/proc/self/mounts").read_text().splitlines():
            _, place, name, options, *_ = line.split()
            if name == system and (not kind or kind in options.split(",")):
                return Path(place)
    return None


def removed(folder: Path) -> bool:
    """Remove an empty group; return whether it is gone."""
    with suppress(OSError):
        folder.rmdir()
    return not folder.exists()
