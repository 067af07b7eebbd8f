"""Run a learner's code so that it ends: in seconds, in bounded memory, and without closing the kernel."""

from __future__ import annotations

import builtins
import ctypes
import gc
import io
import itertools
import random
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import numpy as np

__all__ = ["MEMORY", "SECONDS", "Run", "Stopped", "run_limited"]

SECONDS = 5.0
IMPORTS = 60.0  # seconds beyond them that imports may take, all together: a library that is used first takes its time
MEMORY = 2**30  # bytes beyond what the process has already
AGAIN = 0.001  # seconds until the next try, since a bare except may have caught the last; some fall outside its try
PRINTED = 2000  # characters kept of what the code prints
# Python 3.10 lets a signal in after a call, but not where a loop goes back to its try: a bare except catches them all.
RINGS_IN_CALLS = sys.version_info < (3, 11)


class Stopped(BaseException):
    """Raised within code whose time is over; no ``Exception``, since learners catch those."""


@dataclass(frozen=True)
class Run:
    """How a run ended: with a value or an error; the first 2000 characters it printed; its seconds, without imports."""

    value: Any
    error: BaseException | None
    printed: str
    seconds: float


def run_limited(function: Callable[[], Any], *, seconds: float = SECONDS) -> Run:
    """Run ``function()`` and return how it ended; whatever it raises is part of the answer.

    Endless loops and recursion, ``exit()``, ``input()``, printing without end and, on Linux, arrays beyond ``MEMORY``
    are all answered. Global random states are set back afterwards. Two things are not contained: one call into
    compiled code that never returns, unless it waits as ``time.sleep`` does, and ``os._exit``.

    Parameters
    ----------
    function : callable
    seconds : float > 0
        Time limit; what is imported meanwhile does not count, up to a minute.

    Raises
    ------
    KeyboardInterrupt
        When the reader stops the cell.
    """
    printed, value, error, clock = Printed(), None, None, Clock(seconds)
    try:
        with ExitStack() as stack:
            states = (random_states_kept(), nobody_leaves(), old_garbage_kept(), memory_limit(MEMORY))
            for context in (*states, clock.stopped_by_imports(), warnings.catch_warnings()):
                stack.enter_context(context)
            warnings.simplefilter("ignore")
            stack.enter_context(redirect_stdout(printed))
            stack.enter_context(redirect_stderr(printed))
            stack.enter_context(time_limit(clock))
            value = limited_call(function)
    except KeyboardInterrupt:
        raise
    except BaseException as raised:  # exit() and our own Stopped are no Exceptions
        error = raised
    return Run(value, error, printed.text(), clock.seconds())


def limited_call(function: Callable[[], Any]) -> Any:
    """Return ``function()``; while this runs, and only then, the time limit may raise."""
    return function()


def is_limited(frame: FrameType | None) -> bool:
    """Return whether a frame belongs to what :func:`limited_call` runs, not to what cleans up afterwards."""
    while frame is not None and frame.f_code is not limited_call.__code__:
        frame = frame.f_back
    return frame is not None


class Printed(io.TextIOBase):
    """A text stream that keeps the beginning of what is written."""

    def __init__(self, room: int = PRINTED) -> None:
        self.parts: list[str] = []
        self.room = room

    def writable(self) -> bool:
        """Return that it can be written to."""
        return True

    def write(self, text: str) -> int:
        """Keep what there is room for."""
        if self.room > 0:
            self.parts.append(text[: self.room])
            self.room -= len(text)
        return len(text)

    def text(self) -> str:
        """Return what was kept, with a mark where it was cut."""
        return "".join(self.parts) + (" …" if self.room < 0 else "")


class Clock:
    """The time of a run, and how much of its limit is left; it stands still while something is imported.

    Parameters
    ----------
    limit : float > 0
        Seconds that the run has.
    """

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self.start = time.perf_counter()
        self.imports: tuple[float, float | None] = 0.0, None  # seconds that they took; since when one is under way
        self.thread = threading.get_ident()

    def seconds(self) -> float:
        """Return how long the run has taken, without imports."""
        (imports, since), now = self.imports, time.perf_counter()
        imports += 0.0 if since is None else now - since
        return now - self.start - min(imports, IMPORTS)

    def left(self) -> float:
        """Return how many seconds it has left; none at all is how it stays, whatever is imported then."""
        if self.limit and self.seconds() >= self.limit:
            self.limit = 0.0
        return self.limit and self.limit - self.seconds()

    @contextmanager
    def stopped_by_imports(self) -> Iterator[None]:
        """Let the clock stand still during imports, also those that a library makes when it is used first."""
        previous = builtins.__import__

        def timed(*arguments: Any, **settings: Any) -> Any:
            before, since = self.imports
            if since is not None or threading.get_ident() != self.thread:
                return previous(*arguments, **settings)  # within another import, which counts it, or in nobody's time
            start = time.perf_counter()
            self.imports = before, start
            try:
                return previous(*arguments, **settings)
            finally:
                self.imports = (
                    before + time.perf_counter() - start,
                    None,
                )  # at once, since the clock may be read any time

        builtins.__import__ = timed
        try:
            yield
        finally:
            builtins.__import__ = previous


@contextmanager
def time_limit(clock: Clock) -> Iterator[None]:
    """Raise :class:`Stopped` in the body once its time is over, and again while it goes on."""
    if sys.platform == "emscripten":  # a browser has neither signals nor threads
        with lookout(clock):
            yield
    elif hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        with alarm(clock):
            yield
    else:
        with watchdog(clock):
            yield


@contextmanager
def alarm(clock: Clock) -> Iterator[None]:
    """Keep the time limit by a signal, which also ends ``time.sleep``."""
    rings = itertools.count()

    def ring(_: int, frame: FrameType | None) -> None:
        if (left := clock.left()) > 0:
            signal.setitimer(signal.ITIMER_REAL, max(left, AGAIN), AGAIN)
        elif is_limited(frame):
            if RINGS_IN_CALLS and next(rings) % 2:
                stop_at_next_line(frame)
            else:
                raise Stopped

    previous, tracing = signal.signal(signal.SIGALRM, ring), sys.gettrace()
    signal.setitimer(signal.ITIMER_REAL, clock.limit, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
        if RINGS_IN_CALLS:
            sys.settrace(tracing)


def stop_at_next_line(frame: FrameType | None) -> None:
    """Raise :class:`Stopped` where ``frame``, or one that called it, begins another line, such as that of a ``try``."""

    def trace(_: FrameType, event: str, __: Any) -> Callable[..., Any]:
        if event == "line":
            raise Stopped
        return trace

    sys.settrace(lambda *_: None)  # without one for all frames Python does not look at those of single ones
    while frame is not None and frame.f_code is not limited_call.__code__:
        frame.f_trace, frame = trace, frame.f_back


@contextmanager
def watchdog(clock: Clock) -> Iterator[None]:
    """Keep the time limit by a thread: on Windows, which lacks the signal, and where the body is in a thread."""
    identifier, over = threading.get_ident(), threading.Event()
    thread = ctypes.c_ulong(identifier)

    def watch() -> None:
        while not over.wait(max(clock.left(), AGAIN)):
            if clock.left() <= 0 and is_limited(sys._current_frames().get(identifier)):
                ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(Stopped))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
        # One may still be on its way. It is not taken back: Python 3.11 would go on to look for it, and hang as soon
        # as a debugger traces.
        with suppress(Stopped):
            time.sleep(0)


@contextmanager
def lookout(clock: Clock) -> Iterator[None]:
    """Keep the time limit by a look at the clock wherever the body jumps or begins a function: no loop ends without.

    It needs Python 3.12. A trace function Python takes away once it has raised; this one raises again where a bare
    except caught it.
    """
    monitoring: Any = vars(sys)["monitoring"]  # so that it is read by checkers of older Pythons too
    events, due = monitoring.events, 0.0

    def look(*_: Any) -> None:
        nonlocal due
        if time.perf_counter() > due:  # first what costs least: code that is watched runs many times as long
            left = clock.left()
            due = time.perf_counter() + left
            if left <= 0 and is_limited(sys._getframe(1)):
                raise Stopped

    monitoring.use_tool_id(monitoring.DEBUGGER_ID, "time limit")
    try:
        for event in (events.JUMP, events.PY_START, events.PY_RESUME):
            monitoring.register_callback(monitoring.DEBUGGER_ID, event, look)
        monitoring.set_events(monitoring.DEBUGGER_ID, events.JUMP | events.PY_START | events.PY_RESUME)
        yield
    finally:
        monitoring.set_events(monitoring.DEBUGGER_ID, 0)
        monitoring.free_tool_id(monitoring.DEBUGGER_ID)


@contextmanager
def memory_limit(memory: int) -> Iterator[None]:
    """Let requests for more memory fail with ``MemoryError`` rather than have the system kill the kernel."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        yield
        return
    import resource  # not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = int(statm.read_text().split()[0]) * resource.getpagesize() + memory
    bounds = [bound for bound in (soft, hard) if bound != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min([limit, *bounds]), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


@contextmanager
def random_states_kept() -> Iterator[None]:
    """Set the global random states back, so that a check leaves no trace in the reader's notebook."""
    numpy_state, python_state = np.random.get_state(), random.getstate()  # noqa: NPY002  # the very state to guard
    try:
        yield
    finally:
        np.random.set_state(numpy_state)  # noqa: NPY002  # likewise
        random.setstate(python_state)


@contextmanager
def old_garbage_kept() -> Iterator[None]:
    """Leave old garbage for later: in the destructor of such an object the time limit's error would be lost."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@contextmanager
def nobody_leaves() -> Iterator[None]:
    """Let ``exit``, ``quit`` and ``input`` raise an error: in a notebook they close the kernel or wait for a reader."""
    names: dict[str, Callable[..., NoReturn]] = {"exit": leave, "quit": leave, "input": ask}
    spaces = [vars(builtins)]
    if "__main__" in sys.modules:  # where a notebook has an exit of its own
        spaces.append(vars(sys.modules["__main__"]))
    kept = [(space, name, space[name]) for space in spaces for name in names if name in space]
    for space, name, _ in kept:
        space[name] = names[name]
    try:
        yield
    finally:
        for space, name, value in kept:
            space[name] = value


def leave(*_: Any) -> NoReturn:
    """Stand in for ``exit``."""
    raise SystemExit("exit() ends the whole program")


def ask(*_: Any) -> NoReturn:
    """Stand in for ``input``."""
    raise RuntimeError("input() waits for a reader, but a check calls this function")
