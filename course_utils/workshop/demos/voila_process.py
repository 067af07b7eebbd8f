"""Voilà in a process of its own that ends with the command which started it, however that one ends.

Nothing can be done in a process that is killed outright, so the server itself listens at a pipe whose other end the
command holds: the system closes it when the command is gone, on every system.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

__all__ = ["ROOT", "main", "voila_command"]

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 5  # seconds for Voilà to end by itself, and its kernels with it


def voila_command(arguments: Sequence[str]) -> list[str]:
    """Return the command that runs Voilà with these arguments, whether or not the course is installed."""
    start = "from course_utils.workshop.demos.voila_process import main; main()"
    return [sys.executable, "-c", f"import sys; sys.path.append({str(ROOT)!r}); {start}", *arguments]


def main() -> None:
    """Run Voilà until it is told to end or standard input closes."""
    # Only checks of foreign-language addresses want it, and to set its grammar up takes longer than all else together.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]  # which is how Python itself notes what is not there
    threading.Thread(target=end_with_parent, args=(Path.cwd(),), daemon=True).start()
    from voila.app import Voila

    Voila.launch_instance()


def end_with_parent(folder: Path) -> None:
    """Wait until the command is gone, then remove the folder in its place and end Voilà."""
    while os.read(0, 1024):
        pass
    shutil.rmtree(folder, ignore_errors=True)  # first: this thread may not outlive the next line
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE)
    os._exit(1)
