"""Whatever a learner's code does, the run ends, says how, and leaves no trace."""

import builtins
import gc
import pickle
import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from course_utils.exercises import limits
from course_utils.exercises.limits import PRINTED, Printed, Stopped, run_limited

from . import endless, endless_with_bare_except, recursion

SHORT = 0.2
if sys.platform == "linux":
    import resource

    MEMORY_AT_FIRST = resource.getrlimit(resource.RLIMIT_AS)  # before any test, so that none can hide a limit left on


def endless_calls():
    while True:
        np.dot([1.0], [1.0])


def test_a_value_comes_back_and_warnings_stay_inside():
    run = run_limited(lambda: np.log(np.zeros(1))[0])
    assert (run.value, run.error, run.printed) == (-np.inf, None, "")


@pytest.mark.parametrize("loop", [endless, endless_calls, endless_with_bare_except])
def test_endless_loops_are_stopped_by_signal(loop):
    run = run_limited(loop, seconds=SHORT)
    assert isinstance(run.error, Stopped)
    assert run.seconds >= SHORT


@pytest.mark.parametrize("loop", [endless, endless_calls])
def test_endless_loops_are_stopped_in_a_thread(loop):
    running = ThreadPoolExecutor().submit(run_limited, loop, seconds=SHORT)
    assert isinstance(running.result(10).error, Stopped)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="Python in a browser is 3.12 or newer, and what it is asked is new")
@pytest.mark.parametrize("loop", [endless, endless_calls, endless_with_bare_except])
def test_endless_loops_are_stopped_where_there_are_neither_signals_nor_threads(loop, monkeypatch):
    monkeypatch.setattr(sys, "platform", "emscripten")
    for _ in range(2):  # what watches has gone after the first
        assert isinstance(run_limited(loop, seconds=SHORT).error, Stopped)
    assert run_limited(lambda: sum(i for i in range(1000))).value == 499500
    assert sys.monitoring.get_tool(sys.monitoring.DEBUGGER_ID) is None


AFTER_A_THREAD = """
import sys, threading
from course_utils.exercises.limits import run_limited
def endless():
    while True:
        pass
for body in (int, endless):
    thread = threading.Thread(target=run_limited, args=(body,), kwargs={"seconds": 0.2})
    thread.start()
    thread.join()
    sys.settrace(lambda *_: None)
    (lambda: None)()
    sys.settrace(None)
"""


def test_a_debugger_can_trace_after_a_run_in_a_thread():
    # In a process of its own: Python 3.11 hangs without end where it still looks for an error that was taken back.
    subprocess.run([sys.executable, "-c", AFTER_A_THREAD], timeout=60, check=True)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="Windows has no timer signal, so sleep is not cut short")
def test_sleep_is_cut_short_and_the_clock_is_off_afterwards():
    before = signal.getsignal(signal.SIGALRM)
    assert isinstance(run_limited(lambda: time.sleep(60), seconds=SHORT).error, Stopped)
    run_limited(lambda: None, seconds=SHORT)
    assert signal.getsignal(signal.SIGALRM) is before
    time.sleep(1.5 * SHORT)  # a clock left running would raise here
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux alone")
def test_a_huge_array_is_an_error_and_the_limit_is_lifted_again():
    assert isinstance(run_limited(lambda: np.ones(2**28)).error, MemoryError)  # 2 GiB
    assert resource.getrlimit(resource.RLIMIT_AS) == MEMORY_AT_FIRST
    assert run_limited(lambda: np.ones(2**20).sum()).value == 2**20


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: exit(), SystemExit),
        (lambda: quit(), SystemExit),
        (lambda: sys.exit("bye"), SystemExit),
        (lambda: input("name? "), RuntimeError),
        (recursion, RecursionError),
    ],
)
def test_leaving_asking_and_recursion_are_errors_and_what_they_need_comes_back(call, error):
    before = builtins.input, vars(builtins).get("exit")
    assert isinstance(run_limited(call).error, error)
    assert (builtins.input, vars(builtins).get("exit")) == before


def test_a_notebook_has_its_own_exit(monkeypatch):
    called = []
    main = sys.modules["__main__"]
    monkeypatch.setattr(main, "exit", lambda: called.append("kernel closed"), raising=False)
    assert isinstance(run_limited(lambda: vars(main)["exit"]()).error, SystemExit)
    assert called == []
    vars(main)["exit"]()
    assert called == ["kernel closed"]


def test_printing_is_kept_and_bounded(capsys):
    assert run_limited(lambda: print("here")).printed == "here\n"
    assert len(run_limited(lambda: print("x" * 10_000)).printed) == PRINTED + len(" …")
    forever = run_limited(lambda: [print("x") for _ in iter(int, 1)], seconds=SHORT)
    assert isinstance(forever.error, Stopped)
    assert len(forever.printed) <= PRINTED + len(" …")
    assert capsys.readouterr() == ("", "")
    stream = Printed()
    for _ in range(100):
        stream.write("x" * PRINTED)
    assert len(stream.parts) == 1  # nothing is kept once there is no room


def test_global_random_states_are_set_back():
    # Silenced below: the old global generator is what learners use by mistake, so it is what must be guarded.
    def states():
        return random.getstate(), pickle.dumps(np.random.get_state())  # noqa: NPY002

    before = states()
    run_limited(lambda: (np.random.random(), random.random()))  # noqa: NPY002
    assert states() == before


def test_stop_pressed_by_the_reader_goes_through():
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_limited(interrupted)


def test_old_garbage_is_left_for_later():
    class Old:
        def __del__(self):
            collected.append(self)

    collected = []
    gc.disable()  # else a collection of Python's own may come before the run
    try:
        old = Old()
        old.itself = old
        del old
        assert run_limited(lambda: (gc.collect(), len(collected))[1]).value == 0
        gc.collect()
        assert len(collected) == 1
    finally:
        gc.enable()


@pytest.mark.skipif(not limits.RINGS_IN_CALLS, reason="only Python 3.10 stops code at its lines")
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the signal is Linux's and macOS's")
def test_a_line_can_be_stopped_and_tracing_is_as_before():
    before, reached = sys.gettrace(), []

    def stops_itself():
        limits.stop_at_next_line(sys._getframe())
        reached.append("the next line")

    assert isinstance(run_limited(stops_itself).error, Stopped)
    assert reached == []
    assert isinstance(run_limited(endless_with_bare_except, seconds=SHORT).error, Stopped)
    assert run_limited(lambda: limits.stop_at_next_line(sys._getframe())).error is None  # it has no next line
    assert sys.gettrace() is before


HEAVY = "import time\nimport {other}\ntime.sleep({seconds})\n"


@pytest.fixture
def heavy(tmp_path, monkeypatch):
    """Write modules that take their time when they are imported, the last one for ever."""
    monkeypatch.syspath_prepend(tmp_path)
    names = [f"heavy_{tmp_path.name}_{number}".replace("-", "_") for number in range(3)]
    for name, other, seconds in zip(names, (names[1], "math", "math"), (2 * SHORT, 2 * SHORT, 600), strict=True):
        (tmp_path / f"{name}.py").write_text(HEAVY.format(other=other, seconds=seconds))
    yield names
    for name in names:
        sys.modules.pop(name, None)


def in_a_thread(function, **settings):
    return ThreadPoolExecutor().submit(run_limited, function, **settings).result(60)


WAYS = pytest.mark.parametrize("run", [run_limited, in_a_thread])


@WAYS
def test_imports_do_not_count_not_even_those_within_others(run, heavy):
    before = builtins.__import__
    found = run(lambda: __import__(heavy[0]).time, seconds=SHORT)
    assert (found.value, found.error) == (time, None)
    assert 0 <= found.seconds < SHORT
    assert builtins.__import__ is before


@WAYS
def test_a_loop_is_stopped_after_an_import_too_and_a_failing_import_is_over(run, heavy):
    def imports_then_loops():
        __import__(heavy[1])
        try:
            import nothing_of_this_name  # noqa: F401
        except ImportError:
            reached.append("the loop")
        endless()

    reached = []
    found = run(imports_then_loops, seconds=SHORT)
    assert reached == ["the loop"]
    assert isinstance(found.error, Stopped)
    assert found.seconds >= SHORT


@WAYS
def test_imports_without_end_are_stopped(run, monkeypatch):
    def imports_again_and_again():
        while True:
            import math  # noqa: F401

    monkeypatch.setattr(limits, "IMPORTS", SHORT)
    assert isinstance(run(imports_again_and_again, seconds=SHORT).error, Stopped)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="Windows has no timer signal, so sleep is not cut short")
def test_an_import_that_hangs_is_stopped_in_the_end(heavy, monkeypatch):
    monkeypatch.setattr(limits, "IMPORTS", SHORT)
    assert isinstance(run_limited(lambda: __import__(heavy[2]), seconds=SHORT).error, Stopped)


def test_imports_of_other_threads_count(heavy):
    def waits():
        thread = threading.Thread(target=__import__, args=[heavy[1]])
        thread.start()
        thread.join()

    assert run_limited(waits, seconds=60).seconds >= SHORT
