"""System calls that the sandbox refuses, and what a cgroup stops that counting does not see."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils.workshop.homework import cgroups, sandbox, system_calls
from course_utils.workshop.homework.cgroups import group
from course_utils.workshop.homework.sandbox import Limits, environment, limited, wrapped

LIMITS = Limits(memory=300 * 2**20, disk=2**20)
# Asks for each call by a number that libseccomp gives, with arguments that no call takes, and prints the errors.
PROBE = """
import ctypes, json, mmap, os, platform, sys
names, numbers = json.loads(sys.argv[1])
kernel, library = ctypes.CDLL(None, use_errno=True), ctypes.CDLL("libseccomp.so.2")
def error(number, *given):
    ctypes.set_errno(0)
    found = kernel.syscall(ctypes.c_long(number), *(ctypes.c_long(one) for one in given or [-1] * 6))
    return ctypes.get_errno() if found < 0 else 0
found = {}
for name in names:
    number = library.seccomp_syscall_resolve_name(name.encode())
    number = numbers.get(name, number) if number < 0 else number
    if number >= 0:
        found[name] = error(number)
get = library.seccomp_syscall_resolve_name
found["x32"] = error(0x40000000 | get(b"getpid"), 0) if platform.machine() == "x86_64" else 1
if platform.machine() == "x86_64":  # getpid of i386: mov eax, 20; int 0x80; ret
    code = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(bytes.fromhex("b814000000cd80c3"))
    place = ctypes.addressof(ctypes.c_char.from_buffer(code))
    found["i386"] = -ctypes.CFUNCTYPE(ctypes.c_int)(place)()
for name, call, *given in (
    ("clone new user", "clone", 0x10000011, 0, 0, 0, 0), ("clone new net", "clone", 0x40000011, 0, 0, 0, 0),
    ("shared memory", "mmap", 0, 4096, 3, 0x21, -1, 0), ("validated shared memory", "mmap", 0, 4096, 3, 0x23, -1, 0),
    ("TIOCSTI", "ioctl", 0, 0x5412, 0), ("TIOCSTI, long", "ioctl", 0, 0x100005412, 0),
    ("pair of another family", "socketpair", 2, 1, 0, 0), ("pair of a long family", "socketpair", 2**32 + 1, 1, 0, 0),
    ("clone3", "clone3", 0, 0),
):
    found[name] = error(get(call.encode()), *given)
print(json.dumps(found))
"""
# Memory that belongs to nobody: of 55 files of 60 MiB one page each stays mapped.
UNSEEN = """
import mmap, os
kept = []
for number in range(55):
    file = os.memfd_create(str(number))
    os.posix_fallocate(file, 0, 60 * 2**20)
    kept.append(mmap.mmap(file, 4096))
    os.close(file)
print("held", flush=True)
"""
CALCULATES = """
import ctypes, threading
import asyncio, multiprocessing, subprocess
import numpy as np
call = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(lambda x: x + 1)
print(np.linalg.solve(np.eye(3) * 2, np.ones(3)).sum(), call(1), asyncio.run(asyncio.sleep(0, 3)))
print(subprocess.run(["echo", "4"], capture_output=True, text=True).stdout.strip())
threads = [threading.Thread(target=print, args=(5,)) for _ in range(1)]
for thread in threads: thread.start(); thread.join()
"""


def probed(words):
    """Return the errors of all calls, asked for in a sandbox."""
    ran = subprocess.run(words, capture_output=True, text=True, env=environment(), timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[0])  # a clone that is not refused prints them as well


@pytest.mark.usefixtures("sandboxed")
def test_calls_that_calculating_does_not_need_are_refused():
    names = [name for names in system_calls.REFUSED.values() for name in names.split()]
    words = [sys.executable, "-c", PROBE, json.dumps([names, system_calls.NUMBERS])]
    refused = probed(wrapped(words, LIMITS))
    others = {"clone3": 38, "pair of another family": 97, "pair of a long family": 97}  # ENOSYS, EAFNOSUPPORT
    assert {name: code for name, code in refused.items() if code != others.get(name, 1)} == {}
    assert len(refused) > 80


@pytest.mark.usefixtures("sandboxed")
def test_without_the_filter_the_kernel_would_look_at_them():
    names = ["memfd_create", "keyctl", "bpf", "shmget"]
    words = wrapped([sys.executable, "-c", PROBE, json.dumps([names, {}])], LIMITS)
    place = words.index("course_utils.workshop.homework.launch") + 1
    words[place] = words[place].replace('"contained": true', '"contained": false')
    open_ones = probed(words)
    assert open_ones["clone new user"] == open_ones["shared memory"] == 0
    assert not {open_ones[name] for name in (*names, "clone3", "pair of another family")} & {1, 38, 97}


@pytest.mark.usefixtures("sandboxed")
def test_what_calculating_needs_is_there():
    words = wrapped([sys.executable, "-c", CALCULATES], LIMITS)
    ran = subprocess.run(words, capture_output=True, text=True, env=environment(), timeout=60, check=False)
    assert ran.stdout.split() == ["1.5", "2", "3", "4", "5"], ran.stderr


def in_group(code, memory, tasks=64):
    """Run Python code in a group and return how it ended and which bound was kept."""
    if why := cgroups.why_none():
        pytest.skip(f"this system bounds no group of processes: {why}")
    with group(memory, tasks) as one:
        words = limited([sys.executable, "-c", code], Limits(memory=2**33), one)
        ran = subprocess.run(words, capture_output=True, text=True, env=environment(), timeout=60, check=False)
        folders = one.folders
        found = ran.returncode, ran.stdout, one.exceeded()
    assert not any(folder.exists() for folder in folders)
    return found


def test_memory_that_nobody_is_seen_to_hold_is_stopped_by_a_group():
    code, said, why = in_group(UNSEEN, 200 * 2**20)
    assert (code, said, why) == (-9, "", "memory")
    code, said, why = in_group(UNSEEN.replace("55", "2"), 200 * 2**20)
    assert (code, said, why) == (0, "held\n", "")


def test_threads_are_bounded_by_a_group():
    one = "threading.Thread(target=time.sleep, args=(9,), daemon=True).start()"
    threads = f"import threading, time\nfor _ in range(99): {one}"
    code, _, why = in_group(threads, 2**30, tasks=20)
    assert code != 0
    assert why == "processes"


def test_where_no_group_is_to_be_had_grading_says_that_it_counts(monkeypatch):
    monkeypatch.setattr(cgroups, "why_none", lambda: "no cgroup may be made (Permission denied)")
    (line,) = [line for line in sandbox.not_contained() if "counted ten times a second" in line]
    assert "no cgroup may be made (Permission denied)" in line
    with group(2**30, 10) as one:
        assert (one.files, one.command, one.exceeded()) == ([], [], "")
    monkeypatch.setattr(cgroups, "why_none", lambda: "")
    assert sandbox.not_contained() == list(sandbox.NOT_CONTAINED)


@pytest.fixture
def version_2(tmp_path, monkeypatch):
    """Return a folder like one of cgroup version 2 that was handed over, with this process in it."""
    (tmp_path / "app.slice" / "shell.scope").mkdir(parents=True)
    (tmp_path / "app.slice" / "cgroup.subtree_control").write_text("cpu memory pids\n")
    (tmp_path / "app.slice" / "cgroup.procs").touch()
    monkeypatch.setattr(cgroups, "mounted", lambda system, kind: tmp_path if system == "cgroup2" else None)
    monkeypatch.setattr(cgroups, "own_group", lambda hierarchy, kind: "app.slice/shell.scope" if hierarchy else None)
    return tmp_path


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has cgroups")
def test_version_2_makes_its_group_beside_the_graders_own(version_2):
    one = cgroups.made(10**8, 64)  # of files that are none of the kernel's: their bounds are not there to be written
    assert [folder.parent for folder in one.folders] == [version_2 / "app.slice"]
    (one.folders[0] / "memory.events").write_text("low 0\nhigh 0\nmax 7\noom 1\noom_kill 1\n")
    assert one.exceeded() == "memory"
    (version_2 / "app.slice" / "cgroup.subtree_control").write_text("cpu\n")
    assert cgroups.parent_of_version_2() is None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has cgroups")
def test_groups_of_graders_that_were_killed_are_cleared_away(tmp_path):
    dead = subprocess.Popen(["true"])
    dead.wait()
    (tmp_path / f"course-grading-{dead.pid}-0").mkdir()
    (tmp_path / f"course-grading-{os.getpid()}-0").mkdir()
    cgroups.bounded(tmp_path / f"course-grading-{os.getpid()}-1", {})
    assert {path.name for path in Path(tmp_path).iterdir()} == {f"course-grading-{os.getpid()}-{n}" for n in (0, 1)}
