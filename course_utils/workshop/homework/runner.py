"""The program that runs a submission's cells inside the sandbox: cells come in, outcomes go out, a line of JSON each.

It is IPython's shell without a kernel around it, which would take two seconds to start and open sockets. Two of it run
for a submission: one all of its cells, the other the instructor's alone, with functions of the first called from there.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
from contextlib import nullcontext
from dataclasses import replace
from typing import Any, TextIO

from IPython.core.displayhook import DisplayHook
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

# Every answer needs them; imported here, their seconds are not a cell's.
import course_utils.workshop.homework.hidden  # noqa: F401
from course_utils.exercises.check import EXERCISES
from course_utils.exercises.limits import Printed
from course_utils.workshop.homework.remote import Answerer, Asker, Channel, names_in
from course_utils.workshop.homework.untouched import Untouched

__all__ = ["SHOWN", "WORDS"]

SHOWN = 20_000  # characters kept of what a cell shows
WORDS = 4000  # and of an error
LONGER = 4  # times the seconds that an answer has elsewhere
END = pickle.dumps(("end",))


class Plain(DisplayHook):
    """Shows a cell's last value without its number."""

    def write_output_prompt(self) -> None:
        """Write nothing."""


class Shell(InteractiveShell):
    """A shell that shows everything as text, and has no window for pictures."""

    displayhook_class = Plain

    def _tee(self, channel: str) -> Any:
        """Keep no second copy of what is shown; IPython's own has no bound."""
        return nullcontext()

    def system(self, cmd: str) -> None:
        """Run `!cmd`; IPython's own way needs a terminal, which the sandbox does not have."""
        cmd = self.var_expand(cmd, depth=1)
        ran = subprocess.run(cmd, shell=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        print(ran.stdout.decode(errors="replace"), end="")
        self.user_ns["_exit_code"] = ran.returncode

    def enable_gui(self, gui: Any = None) -> None:
        """Do nothing; `%matplotlib` asks for it."""


def main() -> None:
    """Answer one order after another, until there are no more."""
    side, *pipes = sys.argv[1:] or [""]
    channel = Channel(*map(int, pipes)) if pipes else None
    # The two streams move away from what cells print to and read from.
    orders, answers = os.fdopen(os.dup(0), "r", encoding="utf-8"), os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nothing, number)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    settings = Config()
    settings.HistoryManager.enabled = False
    shell = Shell.instance(config=settings, colors="NoColor")
    if side == "asks":
        for name, exercise in EXERCISES.items():  # each call goes to another process and back
            EXERCISES[name] = replace(exercise, seconds=LONGER * exercise.seconds)
    serve(shell, orders, answers, channel, Asker(channel) if channel and side == "asks" else None)


def serve(
    shell: InteractiveShell, orders: TextIO, answers: TextIO, channel: Channel | None, asker: Asker | None
) -> None:
    """Run the cell of each order and answer how it went; the ticket says which order is meant."""
    own, untouched = os.getpid(), Untouched(shell, globals())
    tell(answers, {"ticket": "ready"})
    for line in orders:
        order = json.loads(line)
        if order.get("calls"):
            outcome = called(shell, channel)
        elif asker is not None:
            outcome = ran(shell, order["source"]) if order.get("alone") else asked(shell, asker, order["source"])
        else:
            outcome = ran(shell, order["source"]) | {"touched": untouched.changed()}
        if os.getpid() != own:  # a child that the cell made
            os._exit(0)
        tell(answers, {"ticket": order["ticket"], **outcome})


def called(shell: InteractiveShell, channel: Channel | None) -> dict[str, Any]:
    """Let the other process call what the cells so far have defined."""
    streams = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = Printed(SHOWN)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        if channel is not None:
            Answerer(channel, shell.user_ns).answer()
    except BaseException:  # of what the submission has made of this
        pass
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.stdout, sys.stderr = streams
    return {}


def asked(shell: InteractiveShell, asker: Asker, source: str) -> dict[str, Any]:
    """Run a cell of the instructor's, with what it lacks from the submission."""
    asker.unclear = ""
    lacking = names_in(source) - set(shell.user_ns)
    shell.user_ns.update(fetched := asker.fetch(lacking))
    outcome = ran(shell, source)
    for name in fetched:
        shell.user_ns.pop(name, None)  # the next cell asks anew
    asker.channel.send(END)
    return outcome | {"unclear": asker.unclear}


def tell(answers: TextIO, outcome: dict[str, Any]) -> None:
    """Write one line."""
    answers.write(json.dumps(outcome) + "\n")
    answers.flush()


def ran(shell: InteractiveShell, source: str) -> dict[str, Any]:
    """Run a cell and return its error's name and words, both "" without one, and what it showed."""
    shown, streams = Printed(SHOWN), (sys.stdout, sys.stderr)
    name = words = ""
    sys.stdout = sys.stderr = shown  # it has all that print needs
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        # Not kept in the history, where a later cell could read the hidden tests.
        result = shell.run_cell(source, store_history=False)
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            name = type(error).__name__
            words = str(error)[:WORDS]
    except BaseException as error:  # of the shell itself, or of an error that cannot be shown
        name = name or type(error).__name__
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.stdout, sys.stderr = streams
    return {"name": name, "words": words, "shown": "".join(shown.parts)}


if __name__ == "__main__":
    main()
