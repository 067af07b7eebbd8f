"""One class's homework, made once and graded once for all tests of it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import course_utils
from course_utils.workshop.homework.course import grade_homework
from course_utils.workshop.homework.making import make_homework
from course_utils.workshop.homework.sandbox import Limits, contained

from .submissions import CHAPTER, REWRITTEN, hand_in, hand_in_files, planted, rewrite

LIMITS = Limits(seconds=300, cell_seconds=40, memory=600 * 2**20)


@pytest.fixture(scope="session")
def sandboxed():
    """Skip where nothing can contain a submission."""
    if why := contained():
        # Where it is installed and namespaces can be had, a sandbox that is broken is no excuse.
        words = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"]
        there = shutil.which("bwrap") and not subprocess.run(words, capture_output=True, check=False).returncode
        assert not there, f"bubblewrap works here, but: {why}"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"submissions cannot be contained here: {why}")


@pytest.fixture
def course(tmp_path):
    """Return a folder with the assignment."""
    make_homework(CHAPTER, tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def classroom(sandboxed, tmp_path_factory):
    """Return a folder with all planted submissions, graded, and what they could have reached."""
    course = tmp_path_factory.mktemp("class")
    make_homework(CHAPTER, course)
    visited = []
    with (
        pytest.MonkeyPatch.context() as patch,
        listening(socket.AF_INET, ("127.0.0.1", 0), visited) as port,
        listening(socket.AF_UNIX, str(course / "socket"), visited),
        listening(socket.AF_UNIX, f"\0course-homework-{os.getpid()}", visited) as abstract,
    ):
        expected = planted(course, port[1], abstract if isinstance(abstract, str) else abstract.decode())
        for student, one in expected.items():
            hand_in(course, student, one.answers, one.own, one.after)
        files = hand_in_files(course)
        rewrite(course, REWRITTEN)
        patch.setenv("COURSE_SECRET", "the instructor's own")
        before = everything(course)
        outcome = grade_homework(CHAPTER, course, workers=3, limits=LIMITS)
    return SimpleNamespace(
        course=course, expected=expected, files=files, outcome=outcome, before=before,
        after=everything(course), visited=visited, graded={one.student: one for one in outcome.graded},
    )  # fmt: skip


@contextmanager
def listening(family: int, address: object, visited: list[object]) -> Iterator[Any]:
    """Listen on an address of this machine, and note who comes."""

    def wait() -> None:
        with suppress(OSError):
            while True:
                visitor, _ = server.accept()
                visited.append(server.getsockname())
                visitor.close()

    with socket.socket(family) as server:
        server.bind(address)
        server.listen()
        threading.Thread(target=wait, daemon=True).start()
        yield server.getsockname()
        server.shutdown(socket.SHUT_RDWR)


def everything(course: Path) -> set[Path]:
    """Return what was handed out and in, and whatever planted submissions wrote elsewhere on this machine."""
    found = {path for name in ("source", "release", "submitted") for path in (course / name).rglob("*")}
    folders = [Path(course_utils.__file__).parent, Path(sys.prefix), Path(sys.base_prefix)]
    folders += map(Path, ("/", "/tmp", "/var/tmp", "/usr", "/etc", "/root", "/home"))
    return found | {path for folder in [*folders, course] for path in folder.glob("written_by*")}
