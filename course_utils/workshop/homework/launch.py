"""The program that every submission starts with: it takes its limits upon itself, then becomes another command.

What it takes on stays for good: its place in a group of processes, the system's limits, a keyring of its own, the
variables, and for `bwrap` the filter of system calls. It is a program of its own because a process can do this only to
itself, and the grader has threads, between which and the start of a process nothing may be done.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path

from course_utils.workshop.homework.system_calls import filter_file, leave_keys

__all__ = ["main"]


def main() -> None:
    """Take on what the first argument says, and become the command that follows."""
    settings, command = json.loads(sys.argv[1]), sys.argv[2:]
    for file in settings["groups"]:
        Path(file).write_text(str(os.getpid()), encoding="ascii")
    with suppress(ImportError):  # Windows has none
        import resource

        for name, bound in settings["bounds"].items():
            if hasattr(resource, name):  # macOS lacks some
                with suppress(ValueError, OSError):  # one that is tighter already stays
                    resource.setrlimit(getattr(resource, name), (bound, bound))
    if settings["contained"]:
        leave_keys()
        command[1:1] = ["--seccomp", str(filter_file())]
    os.execvpe(command[0], command, settings["variables"])


if __name__ == "__main__":
    main()
