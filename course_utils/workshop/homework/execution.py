"""A notebook run in a sandbox, cell by cell, from outside."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from course_utils.workshop.homework.sandbox import (
    Limits,
    contained,
    descendants,
    environment,
    kill,
    limited,
    why_too_much,
    wrapped,
)

__all__ = ["NoSandbox", "Run", "execute"]

PAUSE = 0.1  # seconds between two looks at what a submission uses
GRACE = 4.0  # seconds that a cell has to end once it was interrupted
LONGEST = 2**20  # bytes of one answer


class NoSandbox(RuntimeError):
    """The system lacks what contains a submission, or it did not start; nothing of the submission ran."""


@dataclass
class Run:
    """How a notebook ran.

    Parameters
    ----------
    passed
        Ids of the code cells that ran to their end without an error.
    slow
        Ids of those that were interrupted, because they took too long.
    stopped
        Why the run ended before the last cell; "" where it did not.
    contained
        Whether namespaces were in force.
    seconds
        How long it took.
    """

    passed: set[str] = field(default_factory=set)
    slow: set[str] = field(default_factory=set)
    stopped: str = ""
    contained: bool = False
    seconds: float = 0.0


def execute(
    notebook: NotebookNode, limits: Limits | None = None, *, open_allowed: bool = False,
    halted: threading.Event | None = None,
) -> Run:  # fmt: skip
    """Run `notebook`, whose cells get their outputs as text, under limits.

    Parameters
    ----------
    notebook
        Each of its cells has an id of its own.
    limits
        What it may use.
    open_allowed
        Whether to run it where the system cannot contain it, with the rights of whoever calls this.
    halted
        Ends the run once it is set.

    Raises
    ------
    NoSandbox
        Where the system cannot contain it, unless `open_allowed`; and where nothing starts, since that says nothing
        about the submission.
    """
    limits = limits or Limits()
    lacking = contained()
    if lacking and not open_allowed:
        raise NoSandbox(f"submissions cannot be contained here: {lacking}")
    command = [sys.executable, "-m", "course_utils.workshop.homework.runner"]
    run, start = Run(contained=not lacking), time.monotonic()
    process = subprocess.Popen(
        limited(command, limits) if lacking else wrapped(command, limits),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment(),
        start_new_session=True,
    )  # fmt: skip
    dialogue = Dialogue(process, notebook, run)
    dialogue.start()
    try:
        watch(process, dialogue, limits, run, halted or threading.Event())
    finally:
        kill(process)
        dialogue.join(GRACE)  # where nothing contains it, a process that got away may hold the streams
    if not dialogue.started and not (halted and halted.is_set()):
        raise NoSandbox(f"nothing started to run the submission{run.stopped and f', {run.stopped}'}")
    run.stopped = run.stopped or dialogue.broken
    run.seconds = time.monotonic() - start
    return run


class Dialogue(threading.Thread):
    """Sends one cell after another and notes how each went; what never answers keeps this thread alone waiting."""

    def __init__(self, process: subprocess.Popen[bytes], notebook: NotebookNode, run: Run) -> None:
        super().__init__(daemon=True)
        self.process, self.outcome = process, run
        self.cells = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
        self.asked = ("", time.monotonic())  # a cell and since when; one object, since another thread looks at it
        self.started, self.broken = False, ""

    def run(self) -> None:
        """Go through the notebook."""
        try:
            self.answer("ready")
            self.started = True
            for cell in self.cells:
                self.asked = (cell.id, time.monotonic())
                ticket = secrets.token_hex(8)  # an answer written in advance does not have it
                order = json.dumps({"ticket": ticket, "source": cell.source}) + "\n"
                self.process.stdin.write(order.encode())  # type: ignore[union-attr]  # it was opened above
                self.process.stdin.flush()  # type: ignore[union-attr]  # likewise
                self.note(cell, self.answer(ticket))
        except (OSError, EOFError):
            self.broken = f"its process ended in the cell {self.asked[0]}"
        except (ValueError, TypeError, KeyError, RecursionError):
            self.broken = f"it answered what nobody asked, in the cell {self.asked[0]}"
        finally:
            for stream in (self.process.stdin, self.process.stdout):
                with suppress(OSError):  # what could not be written any more does not matter
                    stream.close()  # type: ignore[union-attr]  # likewise

    def answer(self, ticket: str) -> dict[str, Any]:
        """Return the next answer, which must be to the last order."""
        line = self.process.stdout.readline(LONGEST)  # type: ignore[union-attr]  # it was opened
        if not line:
            raise EOFError
        answer = json.loads(line)
        if answer["ticket"] != ticket:
            raise ValueError("an answer to nothing that was asked")
        return answer

    def note(self, cell: NotebookNode, answer: dict[str, Any]) -> None:
        """Return a cell its outputs."""
        name, words, shown = (
            str(answer[key]).encode("utf-8", "replace").decode() for key in ("name", "words", "shown")
        )
        cell.outputs = [new_output("stream", name="stdout", text=shown)] if shown else []
        if name:
            cell.outputs.append(new_output("error", ename=name, evalue=words, traceback=[f"{name}: {words}"]))
        else:
            self.outcome.passed.add(cell.id)


def watch(
    process: subprocess.Popen[bytes], dialogue: Dialogue, limits: Limits, run: Run, halted: threading.Event
) -> None:
    """Wait for the end, and bring it about where a limit is exceeded."""
    end = time.monotonic() + limits.seconds
    while dialogue.is_alive() and not run.stopped:
        dialogue.join(PAUSE)
        asked, began = dialogue.asked
        spent = time.monotonic() - began
        if halted.is_set():
            run.stopped = "interrupted"
        elif time.monotonic() > end:
            run.stopped = f"stopped after {limits.seconds:g} s"
        elif asked and spent > limits.cell_seconds + GRACE:
            run.stopped = f"stopped: the cell {asked} did not end"
        elif asked and spent > limits.cell_seconds and asked not in run.slow:
            run.slow.add(asked)
            interrupt(process, contained=run.contained)
        elif why := why_too_much(process.pid, limits):
            run.stopped = f"stopped: {why}"


def interrupt(process: subprocess.Popen[bytes], *, contained: bool) -> None:
    """Interrupt the cell; in namespaces it runs in the child of what was started."""
    numbers = descendants(process.pid)
    with suppress(ProcessLookupError, IndexError):
        os.kill(numbers[1] if contained else numbers[0], signal.SIGINT)
