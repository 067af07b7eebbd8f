"""Planted faults: each breaks what somebody counts on, and the tests of its room have to notice.

``python -m tests.faults [ID ...] [--room lesson]`` puts one fault of ``faults.toml`` at a time into a copy of the tree
and runs its tests there until one fails. The tests that failed are then run on a copy without a fault, where they have
to pass: else red means nothing. The tree itself is never touched.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import tomli

from tests import ROOT

FAULTS = Path(__file__).with_name("faults.toml")
SECONDS = 240  # for the tests of one fault; a busy machine may need --seconds 1000
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
RED = re.compile(r"^(?:FAILED|ERROR) (\S.*?)(?: - .*)?$", re.MULTILINE)
ONE_FAILED = 1  # how pytest ends then; with other numbers it could not run the tests at all


@dataclass(frozen=True)
class Fault:
    """A mistake to make on purpose."""

    id: str
    room: str  # the part of the course that it is in
    file: str  # where, from the root of the tree
    old: str  # what stands there once
    new: str  # what takes its place
    tests: tuple[str, ...]  # files of the room; where a file is slow, one function of it: tests/test_x.py::test_y
    suffers: str  # what a user would have of it


@dataclass(frozen=True)
class Tried:
    """What came of a fault: the test that failed, or why there is none; and in how many seconds."""

    fault: Fault
    test: str = ""
    why: str = ""
    seconds: float = 0.0

    def line(self) -> str:
        """Return it as a row of the table."""
        verdict = self.test or self.why
        return f"{self.fault.room:<12}{self.fault.id:<34}{self.seconds:>6.1f} s  {verdict}"


def read_faults(path: Path = FAULTS) -> list[Fault]:
    """Return all planted faults."""
    rows = tomli.loads(path.read_text(encoding="utf-8"))["fault"]
    return [Fault(**{**row, "tests": tuple(row["tests"])}) for row in rows]


def obstacle(fault: Fault, root: Path) -> str:
    """Return why a fault cannot be planted in a tree, or ""."""
    path = root / fault.file
    if not path.is_file():
        return f"there is no {fault.file}"
    if (times := path.read_text(encoding="utf-8").count(fault.old)) != 1:
        return f"its old text stands {times} times in {fault.file}, once is needed"
    if fault.old == fault.new:
        return "its new text is the old one"
    if gone := [test for test in fault.tests if not is_there(test, root)]:
        return f"there is no {gone[0]}"
    return "" if fault.tests else "no tests are named"


def is_there(test: str, root: Path) -> bool:
    """Return whether a tree has a file of tests, and the function in it that is named, if one is."""
    name, _, function = test.partition("::")
    path = root / name
    return path.is_file() and (not function or f"def {function}(" in path.read_text(encoding="utf-8"))


def copy_tree(root: Path, target: Path) -> None:
    """Copy what git has of a tree, as it stands there now, new files included."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (root / name).is_file():  # else it is deleted, but not yet for git
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, target / name)


class Workplace:
    """A folder with a copy of the tree, and the tests that run in copies of it."""

    def __init__(self, root: Path, folder: Path, seconds: float) -> None:
        self.pristine, self.folder, self.seconds = folder / "pristine", folder, seconds
        self.running: set[subprocess.Popen[str]] = set()
        self.halted, self.lock = False, threading.Lock()
        copy_tree(root, self.pristine)

    def tried(self, fault: Fault) -> Tried:
        """Run the tests of a fault with it."""
        start = time.monotonic()
        if why := obstacle(fault, self.pristine):
            return Tried(fault, why=f"DOES NOT APPLY: {why}")
        copy = self.folder / fault.id
        shutil.copytree(self.pristine, copy)
        path = copy / fault.file
        path.write_text(path.read_text(encoding="utf-8").replace(fault.old, fault.new), encoding="utf-8")
        code, red, said = self.pytest(copy, ["-x", *fault.tests])
        shutil.rmtree(copy, ignore_errors=True)
        seconds = time.monotonic() - start
        if code == ONE_FAILED and red:
            return Tried(fault, test=red[0], seconds=seconds)
        return Tried(fault, why=f"{'BROKEN' if code != 0 else 'NOT CAUGHT'}: {said}", seconds=seconds)

    def without_fault(self, caught: Sequence[Tried]) -> list[Tried]:
        """Run the tests that failed again without a fault, all of a room at once, and say which fail even so."""
        tests = list(dict.fromkeys(one.test for one in caught))
        code, red, said = self.pytest(self.pristine, tests, name=f"no-{caught[0].fault.id}")
        bad = set(tests) if code not in (0, ONE_FAILED) else set(red)
        words = "RED WITHOUT THE FAULT TOO" if code == ONE_FAILED else f"BROKEN WITHOUT THE FAULT: {said}"
        return [replace(one, test="", why=f"{words}: {one.test}") if one.test in bad else one for one in caught]

    def pytest(self, copy: Path, arguments: Sequence[str], name: str = "") -> tuple[int | None, list[str], str]:
        """Run pytest in a copy; return how it ended, what failed, and its last words."""
        # nbval takes seconds to load, and runs no test of these. Sockets have short addresses.
        scratch = self.folder / f"t-{name or copy.name}"[:40]
        command = [
            sys.executable, "-m", "pytest", "-q", "-rfE", "--tb=no", "-o", "addopts=", "-m", "not slow",
            "-p", "no:cacheprovider", "-p", "no:nbval", f"--basetemp={scratch}", *arguments,
        ]  # fmt: skip
        own = {"PYTHONPATH": str(copy), "TERM": "dumb", **dict.fromkeys(THREADS, "1")}
        with self.lock:
            if self.halted:
                return None, [], "interrupted"
            process = subprocess.Popen(
                command, cwd=copy, env=os.environ | own, text=True, encoding="utf-8", errors="replace",
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
            self.running.add(process)
        try:
            said = process.communicate(timeout=self.seconds)[0]
        except subprocess.TimeoutExpired:
            end(process)
            process.communicate()
            return None, [], f"no end in {self.seconds:g} s"
        finally:
            self.running.discard(process)
            shutil.rmtree(scratch, ignore_errors=True)
        return process.returncode, RED.findall(said), (said.strip() or "it said nothing").splitlines()[-1]

    def halt(self) -> None:
        """End all that runs, and start nothing more."""
        with self.lock:
            self.halted = True
            for process in list(self.running):
                end(process)


def end(process: subprocess.Popen[str]) -> None:
    """Kill a process and all below it, servers and browsers of tests included."""
    with suppress(psutil.NoSuchProcess):
        for one in [*psutil.Process(process.pid).children(recursive=True), process]:
            with suppress(psutil.NoSuchProcess):
                one.kill()


def try_all(faults: Sequence[Fault], root: Path, jobs: int, seconds: float) -> list[Tried]:
    """Try faults, some at once, and tell of each."""
    with tempfile.TemporaryDirectory(prefix="faults-", ignore_cleanup_errors=True) as name:
        place = Workplace(root, Path(name).resolve(), seconds)
        pool = ThreadPoolExecutor(jobs)
        try:
            found = []
            for future in as_completed([pool.submit(place.tried, fault) for fault in faults]):
                found.append(future.result())
                print(found[-1].line(), flush=True)
            # In the order of the file: whatever a room's tests share is then made once.
            found.sort(key=lambda one: faults.index(one.fault))
            caught = [[one for one in found if one.test and one.fault.room == room] for room in rooms(faults)]
            again = pool.map(place.without_fault, filter(None, caught))
            checked = {one.fault.id: one for room in again for one in room}
        finally:
            place.halt()
            pool.shutdown(cancel_futures=True)
    return [checked.get(one.fault.id, one) for one in found]


def rooms(faults: Iterable[Fault]) -> list[str]:
    """Return the names of the rooms, in order."""
    return list(dict.fromkeys(fault.room for fault in faults))


def report(found: Sequence[Tried], seconds: float) -> str:
    """Return a table of all faults, and their sum."""
    caught = sum(bool(one.test) for one in found)
    lines = ["", *(one.line() for one in found), ""]
    lines += [f"NOT PROVEN, {one.fault.suffers}: {one.fault.id}: {one.why}" for one in found if not one.test]
    return "\n".join([*lines, f"{caught} of {len(found)} planted faults caught, in {seconds:.0f} s"])


def main(words: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Try planted faults; return 1 unless each is caught."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("ids", nargs="*", metavar="ID", help="faults; all by default")
    parser.add_argument("--room", help="those of one room")
    parser.add_argument("--jobs", type=int, default=2, help="how many at once (%(default)s)")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for the tests of one fault (%(default)s)")
    arguments = parser.parse_args(words)
    faults = read_faults(root / "tests" / FAULTS.name)
    known = {fault.id for fault in faults}
    if wrong := [one for one in arguments.ids if one not in known]:
        parser.error(f"ID must be among {', '.join(sorted(known))}, got {wrong[0]}")
    if arguments.room not in (None, *rooms(faults)):
        parser.error(f"room must be one of {', '.join(rooms(faults))}, got {arguments.room}")
    here = [fault for fault in faults if fault.room == (arguments.room or fault.room)]
    chosen = [fault for fault in here if fault.id in (arguments.ids or known)]
    start = time.monotonic()
    try:
        found = try_all(chosen, root, max(arguments.jobs, 1), arguments.seconds)
    except KeyboardInterrupt:
        print("interrupted; nothing is left behind", file=sys.stderr)
        return 130
    print(report(found, time.monotonic() - start))
    return int(not all(one.test for one in found))


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    sys.exit(main())
