"""A notebook run in a sandbox, cell by cell, from outside."""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from course_utils.workshop.homework import cgroups
from course_utils.workshop.homework.assignment import BEGIN, END
from course_utils.workshop.homework.sandbox import (
    Limits,
    contained,
    descendants,
    environment,
    kill,
    limited,
    tasks,
    why_too_much,
    wrapped,
)

__all__ = ["NoSandbox", "Run", "execute"]

RUNNER = [sys.executable, "-m", "course_utils.workshop.homework.runner"]
PAUSE = 0.1  # seconds between two looks at what a submission uses
SEVERAL = 5  # things that a submission may say it has touched
PATIENCE = 2  # times a cell's seconds that there are besides for a check that is run once more
GRACE = 4.0  # seconds that a cell has to end once it was interrupted
LONGEST = 2**20  # bytes of one answer
NAME, WORDS, SHOWN = 200, 4000, 20_000  # characters of what an answer may say
ROOM = 400_000  # characters that all cells of a submission may show
CASES = re.compile(r"(require_done\(.*, )\[(\d+)[^\]]*\]")
CUT = "\n[cut: all cells of a submission together may show {} characters]\n"


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
    doubted
        Ids of code cells that ran to their end here but not when the instructor's cells ran apart;
        what went wrong there is their last output.
    unclear
        Of those of which nothing could be found out there: why.
    touched
        What the submission changed of what runs and checks it, as far as it let that be seen.
    cut
        Whether the cells showed more than is kept.
    """

    passed: set[str] = field(default_factory=set)
    slow: set[str] = field(default_factory=set)
    stopped: str = ""
    contained: bool = False
    seconds: float = 0.0
    doubted: set[str] = field(default_factory=set)
    unclear: dict[str, str] = field(default_factory=dict)
    touched: list[str] = field(default_factory=list)
    cut: bool = False


def execute(
    notebook: NotebookNode, limits: Limits | None = None, *, open_allowed: bool = False,
    halted: threading.Event | None = None, again: Collection[str] = (),
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
    again
        Ids of cells to be run once more, each after it has passed, in a process that has nothing of the submission's:
        from there its functions are called as `remote` does it. Other cells that nbgrader locks run there as well.

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
    run, start = Run(contained=not lacking), time.monotonic()
    again = [] if sys.platform == "win32" else [*again]  # Windows hands no pipes on
    bounds = limits.memory + limits.disk, tasks(limits)
    with cgroups.group(*bounds) as group, cgroups.group(*bounds) if again else nullcontext(cgroups.Group()) as apart:
        second = Second(limits, run, again, apart)
        process = started(second.words, limits, run, group)
        second.handed_over()
        group.locate(process.pid)
        dialogue = Dialogue(process, notebook, run, second)
        dialogue.start()
        try:
            watch(process, dialogue, limits, run, halted or threading.Event(), group)
        finally:
            kill(process)
            second.kill()
            dialogue.join(GRACE)  # where nothing contains it, a process that got away may hold the streams
            second.close()
        if not run.stopped and ((dialogue.broken and group.exceeded()) or apart.exceeded()):
            run.stopped = f"stopped: more than {limits.memory / 2**30:.1f} GiB of memory"
    if not dialogue.started and not (halted and halted.is_set()):
        raise NoSandbox(f"nothing started to run the submission{run.stopped and f', {run.stopped}'}")
    run.stopped = run.stopped or dialogue.broken
    run.seconds = time.monotonic() - start
    return run


def started(
    words: Sequence[str], limits: Limits, run: Run, group: cgroups.Group | None = None
) -> subprocess.Popen[bytes]:
    """Start a process that runs cells."""
    command, pipes = [*RUNNER, *words], [int(word) for word in words[1:]]
    variables = environment()
    if group and group.command:
        variables |= {name: os.environ[name] for name in cgroups.BUS if name in os.environ}
    return subprocess.Popen(
        wrapped(command, limits, group) if run.contained else limited(command, limits, group),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=variables,
        start_new_session=True, pass_fds=pipes,
    )  # fmt: skip


class Second:
    """The process that runs the instructor's cells apart, and calls the submission's functions from there.

    Parameters
    ----------
    limits
        What it may use.
    run
        How the submission runs.
    again
        Ids of cells to be run there; without any there is no such process.
    group
        What bounds it: it reads what the submission sends, and can be made to hold much.
    """

    def __init__(self, limits: Limits, run: Run, again: Collection[str], group: cgroups.Group) -> None:
        self.again, self.limits, self.outcome, self.group = set(again), limits, run, group
        self.before: list[str] = []  # cells of the instructor's that it has not run yet
        self.process: subprocess.Popen[bytes] | None = None
        self.words: list[str] = []  # what the submission's process is told of the pipes between the two
        self.theirs: list[int] = []
        self.ours: list[int] = []
        self.ended = False
        if self.again:
            (ours_in, theirs_out), (theirs_in, ours_out) = os.pipe(), os.pipe()
            self.words, self.theirs, self.ours = (
                ["answers", str(theirs_in), str(theirs_out)], [theirs_in, theirs_out], [ours_in, ours_out],
            )  # fmt: skip

    def handed_over(self) -> None:
        """Let go of the submission's ends of the pipes, so that each side notices the other's end."""
        while self.theirs:
            os.close(self.theirs.pop())

    def start(self) -> subprocess.Popen[bytes]:
        """Start it, unless that is done."""
        if self.process is None:
            self.process = started(["asks", *map(str, self.ours)], self.limits, self.outcome, self.group)
            self.group.locate(self.process.pid)
            while self.ours:
                os.close(self.ours.pop())
            if self.ended:  # meanwhile
                kill(self.process)
            answer(self.process, "ready")
        return self.process

    def kill(self) -> None:
        """End it."""
        self.ended = True
        if self.process is not None and self.process.poll() is None:
            kill(self.process)

    def too_much(self) -> str:
        """Return which limit it exceeds, or ""."""
        return why_too_much(self.process.pid, self.limits, self.group) if self.process and not self.ended else ""

    def close(self) -> None:
        """Close what it was heard by."""
        for pipe in (*self.theirs, *self.ours):
            os.close(pipe)
        for stream in (self.process.stdin, self.process.stdout) if self.process else ():
            with suppress(OSError):
                stream.close()  # type: ignore[union-attr]  # it was opened

    def verdict(self, source: str, submission: subprocess.Popen[bytes]) -> dict[str, Any]:
        """Return how a cell runs here, with functions of the submission, whose process must be waiting for an order."""
        apart = {"name": "EOFError", "words": "", "unclear": "the process that checks it apart has ended"}
        try:
            if self.ended:
                return apart
            process = self.start()
            while self.before:
                ordered(process, {"source": self.before.pop(0), "alone": True})
            ours = order(process, {"source": source})
            theirs = order(submission, {"calls": True})
            found = answer(process, ours)
        except (OSError, EOFError):
            self.kill()
            return apart
        answer(submission, theirs)
        return found


class Dialogue(threading.Thread):
    """Sends one cell after another and notes how each went; what never answers keeps this thread alone waiting."""

    def __init__(self, process: subprocess.Popen[bytes], notebook: NotebookNode, run: Run, second: Second) -> None:
        super().__init__(daemon=True)
        self.process, self.outcome, self.second = process, run, second
        self.cells = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
        self.asked = ("", time.monotonic())  # a cell and since when; one object, since another thread looks at it
        self.started, self.broken, self.room = False, "", ROOM

    def run(self) -> None:
        """Go through the notebook."""
        try:
            answer(self.process, "ready")
            self.started = True
            for cell in self.cells:
                self.asked = (cell.id, time.monotonic())
                self.note(cell, ordered(self.process, {"source": cell.source}))
                self.repeat(cell)
        except (OSError, EOFError):
            self.broken = f"its process ended in the cell {self.asked[0]}"
        except (ValueError, TypeError, KeyError, RecursionError):
            self.broken = f"it answered what nobody asked, in the cell {self.asked[0]}"
        finally:
            for stream in (self.process.stdin, self.process.stdout):
                with suppress(OSError):  # what could not be written any more does not matter
                    stream.close()  # type: ignore[union-attr]  # likewise

    def note(self, cell: NotebookNode, answer: dict[str, Any]) -> None:
        """Return a cell its outputs."""
        name, words, shown = (
            str(answer[key])[:most].encode("utf-8", "replace").decode()
            for key, most in (("name", NAME), ("words", WORDS), ("shown", SHOWN))
        )
        if len(shown) > self.room:
            shown, self.outcome.cut = shown[: max(self.room, 0)] + CUT.format(ROOM) * (not self.outcome.cut), True
        self.room -= len(shown)
        cell.outputs = [new_output("stream", name="stdout", text=shown)] if shown else []
        if name:
            self.room -= len(words)
            words = words if self.room > 0 else words[:NAME]
            cell.outputs.append(new_output("error", ename=name, evalue=words, traceback=[f"{name}: {words}"]))
        else:
            self.outcome.passed.add(cell.id)
        touched = answer.get("touched", [])
        for one in touched[:SEVERAL] if isinstance(touched, list) else []:
            if (one := str(one)[:NAME]) not in self.outcome.touched and len(self.outcome.touched) < SEVERAL:
                self.outcome.touched.append(one)

    def repeat(self, cell: NotebookNode) -> None:
        """Run a cell once more where nothing is the submission's, if it is one for that."""
        if not self.second.again:
            return
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("locked") and not marks.get("grade"):
            self.second.before.append(cell.source)
        elif cell.id in self.second.again and cell.id in self.outcome.passed:
            self.outcome.passed.remove(cell.id)  # until it is known
            self.asked = (cell.id, time.monotonic() + PATIENCE * self.second.limits.cell_seconds)  # it has begun late
            found = self.second.verdict(hidden_part(cell.source), self.process)
            if self.asked[0] in self.outcome.slow:
                self.second.kill()  # the two may have lost each other
                found["unclear"] = "it took too long there"
            if not found["name"]:
                self.outcome.passed.add(cell.id)
            elif found.get("unclear"):
                self.outcome.unclear[cell.id] = str(found["unclear"])
            else:
                self.outcome.doubted.add(cell.id)
                words = str(found["words"])[:WORDS]
                trace = [f"{found['name']}: {words}"]
                cell.outputs.append(new_output("error", ename=found["name"], evalue=words, traceback=trace))


def hidden_part(source: str) -> str:
    """Return the hidden tests of a check, with the first of their cases; the whole of it where there are none.

    It has passed them all already. What is still asked is whether there is an answer at all.
    """
    inside = source.partition(f"{BEGIN}\n")[2].partition(END)[0]
    return CASES.sub(r"\1[\2]", inside) or source


def ordered(process: subprocess.Popen[bytes], what: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to an order."""
    return answer(process, order(process, what))


def order(process: subprocess.Popen[bytes], what: dict[str, Any]) -> str:
    """Give an order and return its ticket; an answer written in advance does not have it."""
    ticket = secrets.token_hex(8)
    process.stdin.write((json.dumps({"ticket": ticket, **what}) + "\n").encode())  # type: ignore[union-attr]  # it was opened
    process.stdin.flush()  # type: ignore[union-attr]  # likewise
    return ticket


def answer(process: subprocess.Popen[bytes], ticket: str) -> dict[str, Any]:
    """Return the next answer, which must be to the last order."""
    line = process.stdout.readline(LONGEST)  # type: ignore[union-attr]  # it was opened
    if not line:
        raise EOFError
    found: dict[str, Any] = json.loads(line)
    if found["ticket"] != ticket:
        raise ValueError("an answer to nothing that was asked")
    return found


def watch(
    process: subprocess.Popen[bytes], dialogue: Dialogue, limits: Limits, run: Run, halted: threading.Event,
    group: cgroups.Group,
) -> None:  # fmt: skip
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
            for one in (process, dialogue.second.process):
                if one is not None:
                    interrupt(one, contained=run.contained)
        elif why := why_too_much(process.pid, limits, group) or dialogue.second.too_much():
            run.stopped = f"stopped: {why}"


def interrupt(process: subprocess.Popen[bytes], *, contained: bool) -> None:
    """Interrupt the cell; in the sandbox it runs in the child of what was started."""
    numbers = descendants(process.pid)
    with suppress(ProcessLookupError, IndexError):
        os.kill(numbers[1] if contained else numbers[0], signal.SIGINT)
