"""Many seeds side by side: the same results for any number of workers, and errors that say what is wrong."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

import joblib
import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from course_utils.datasets import digits_split
from course_utils.experiments import FailedExperiment, over_seeds
from course_utils.flat_training import train_flat
from course_utils.network import initialize_parameters
from course_utils.optimizers import Momentum

SEEDS = [5, 0, 3]


def here(seed):
    return os.getpid()


def digits(seed):
    """Train a network whose matrices are large enough for BLAS to share a product among threads."""
    rng = np.random.default_rng(seed)
    data = digits_split(200, rng)
    parameters = initialize_parameters([64, 256, 256, 10], rng)
    settings = {"optimizer": Momentum(0.1), "cost": "softmax_cross_entropy", "keep_prob": 0.5}
    return train_flat(data.x_train, data.y_train, parameters, rng=rng, steps=10, **settings).parameters


def threads(seed):
    return [(pool["user_api"], pool["num_threads"]) for pool in threadpool_info()]


def fails(seed):
    if seed == 3:
        raise KeyError("lost")
    return seed


def same(first, second):
    assert [list(run) for run in first] == [list(run) for run in second]
    return all(np.array_equal(a[name], b[name]) for a, b in zip(first, second, strict=True) for name in a)


@pytest.fixture
def no_wait(monkeypatch):
    pytest.importorskip("distributed", reason="Dask is not installed: pip install distributed")
    monkeypatch.setattr("course_utils.experiments.seeds.WAIT", 1)


def printed(code, timeout=30):
    """Return what code prints in a process of its own, warnings being errors."""
    words = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(words, capture_output=True, text=True, timeout=timeout)
    assert done.stderr == ""
    return done.stdout


@pytest.fixture(scope="module")
def alone():
    """Return the results of all seeds, with one thread and without workers."""
    with threadpool_limits(limits=1):
        return [digits(seed) for seed in SEEDS]


@pytest.mark.parametrize("workers", [1, 2, 3, None])
def test_results_are_the_same_for_any_number_of_workers(alone, workers):
    with threadpool_limits(limits=2):
        assert same(over_seeds(digits, SEEDS, workers=workers), alone)
    assert not same(alone, alone[::-1])


@pytest.mark.parametrize("workers", [1, 2])
def test_each_seed_has_one_thread(workers):
    """Two threads give other last digits than one in a product of this course's larger networks."""
    with threadpool_limits(limits=2):
        before = threads(0)
        assert ("blas", 2) in before
        for found in over_seeds(threads, range(2), workers=workers):
            assert found
            assert {number for _, number in found} == {1}
        assert threads(0) == before


def test_workers_are_processes_and_stay_for_the_next_call():
    first = set(over_seeds(lambda seed: (time.sleep(0.2), os.getpid())[1], range(4), workers=2))
    assert len(first) == 2
    assert os.getpid() not in first
    assert set(over_seeds(here, range(4), workers=2)) <= first


@pytest.mark.parametrize(("seeds", "settings"), [([7], {}), ([7], {"workers": 2}), ([7, 8], {"workers": 1})])
def test_one_seed_or_one_worker_needs_no_process(seeds, settings):
    assert set(over_seeds(here, seeds, **settings)) == {os.getpid()}


@pytest.mark.parametrize(("cores", "alone"), [(1, True), (2, False)])
def test_all_cores_by_default(monkeypatch, cores, alone):
    monkeypatch.setattr(joblib, "cpu_count", lambda: cores)
    assert (set(over_seeds(here, range(3))) == {os.getpid()}) == alone


@pytest.mark.parametrize("workers", [None, 2])
def test_a_browser_has_no_processes(monkeypatch, workers):
    monkeypatch.setattr(sys, "platform", "emscripten")
    monkeypatch.setitem(sys.modules, "joblib", None)  # importing it would fail
    assert over_seeds(here, range(3), workers=workers) == [os.getpid()] * 3


def test_functions_of_a_notebook_reach_the_workers():
    """They live in __main__, which a worker does not have, and use its names."""
    code = """
from course_utils.experiments import over_seeds
offset = 10
def shifted(seed): return seed + offset
print(over_seeds(shifted, range(3), workers=2), over_seeds(lambda seed: shifted(seed) ** 2, [2, 1], workers=2))
"""
    assert printed(code) == "[10, 11, 12] [144, 121]\n"


@pytest.mark.parametrize("name", ["José", "two words", "课程"])
def test_a_temporary_folder_may_have_any_name(name, tmp_path):
    """On Windows it has the reader's, and there is no memory to share in place of it."""
    folder = tmp_path / name
    folder.mkdir()
    code = f"""
import os, tempfile
import joblib._memmapping_reducer
os.environ |= dict.fromkeys(["TMPDIR", "TEMP", "TMP", "JOBLIB_TEMP_FOLDER"], {str(folder)!r})
joblib._memmapping_reducer.SYSTEM_SHARED_MEM_FS = "/no such folder"
import numpy as np
from course_utils.experiments import over_seeds
large = np.ones(300_000)
print(over_seeds(lambda seed: large.size + seed, range(3), workers=2), tempfile.gettempdir() == {str(folder)!r})
"""
    assert printed(code) == "[300000, 300001, 300002] True\n"
    assert list(folder.iterdir()) == []


def test_arrays_brought_along_can_be_written_to():
    large = np.zeros(300_000)  # above the size from which joblib would map a file

    def experiment(seed):
        large[seed] = seed
        return large.sum()

    assert over_seeds(experiment, [1, 2], workers=2) == [1, 2]
    assert not large.any()


def test_experiments_can_be_nested_and_run_in_a_thread():
    def inner(seed):
        return over_seeds(lambda other: 10 * seed + other, range(2), workers=2)

    assert over_seeds(inner, range(2), workers=2) == [[0, 1], [10, 11]]
    with ThreadPoolExecutor() as pool:
        assert pool.submit(over_seeds, fails, range(3), workers=2).result(60) == [0, 1, 2]


@pytest.mark.parametrize("workers", [1, 2])
def test_the_bar_advances_seed_by_seed(capsys, workers):
    over_seeds(fails, range(3), workers=workers, progress=True)
    shown = capsys.readouterr().err
    assert "0/3" in shown
    assert "seed" in shown
    over_seeds(fails, range(3), workers=workers)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("workers", [1, 2])
def test_results_arrive_while_others_run(monkeypatch, tmp_path, workers):
    """The last seed ends only once the first one's result is here."""
    arrived, deadline = tmp_path / "arrived", time.time() + 30

    def bar(outcomes, total, **settings):
        assert total == 4
        for outcome in outcomes:
            arrived.touch()
            yield outcome

    def experiment(seed):
        while seed == 3 and not arrived.exists() and time.time() < deadline:
            time.sleep(0.01)
        return arrived.exists()

    monkeypatch.setattr("course_utils.experiments.seeds.tqdm", bar)
    assert over_seeds(experiment, range(4), workers=workers)[3]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_names_the_seed(workers):
    with pytest.raises(FailedExperiment, match=r"^the experiment failed for seed 3: KeyError: 'lost'$") as caught:
        over_seeds(fails, range(4), workers=workers)
    assert "in fails" in "".join(traceback.format_exception(caught.value))  # where it happened
    assert over_seeds(fails, range(3), workers=workers) == [0, 1, 2]  # and the next call works


@pytest.mark.parametrize("workers", [1, 2])
def test_an_experiment_that_ends_its_program_is_an_error_too(workers):
    with pytest.raises(FailedExperiment, match=r"^the experiment failed for seed [01]: SystemExit: enough$"):
        over_seeds(lambda seed: sys.exit("enough"), range(2), workers=workers)


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal that Windows does not have")
@pytest.mark.parametrize("workers", [1, 2])
def test_interrupt_ends_all(workers):
    """As in a notebook or a terminal, where the workers get the signal as well."""
    code = f"""
import time
from course_utils.experiments import over_seeds
over_seeds(abs, range(2), workers={workers})
try:
    print("ready", flush=True)
    over_seeds(lambda seed: time.sleep(0.5), range(200), workers={workers})
except KeyboardInterrupt:
    print(over_seeds(abs, range(3), workers={workers}))
"""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "start_new_session": True}
    with subprocess.Popen([sys.executable, "-c", code], **pipes) as process:
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.8)
        os.killpg(process.pid, signal.SIGINT)
        out, error = process.communicate(timeout=30)
    assert (process.returncode, out, error) == (0, "[0, 1, 2]\n", "")


def test_a_cluster_brings_its_own_workers():
    message = "^workers must be left out with cluster, which brings its own, got 2$"
    with pytest.raises(ValueError, match=message):
        over_seeds(abs, range(2), cluster="tcp://127.0.0.1:8786", workers=2)


def test_seeds_of_any_iterable_arrive_as_plain_ints():
    assert over_seeds(lambda seed: (seed, type(seed) is int), np.arange(2)) == [(0, True), (1, True)]
    assert over_seeds(abs, (seed for seed in (2, 1))) == [2, 1]


@pytest.fixture(scope="module")
def cluster():
    """Give the address of a scheduler with two workers, each a process with a thread."""
    distributed = pytest.importorskip("distributed", reason="Dask is not installed: pip install distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=logging.CRITICAL
    ) as local:
        yield local.scheduler_address


def test_a_cluster_gives_the_same_results(alone, cluster, capsys):
    assert same(over_seeds(digits, SEEDS, cluster=cluster, progress=True), alone)
    assert "0/3" in capsys.readouterr().err
    for found in over_seeds(threads, range(2), cluster=cluster):
        assert {number for _, number in found} == {1}


class Unreadable:
    """What no worker can load; through joblib's Dask backend this would wait for ever."""

    def __reduce__(self):
        return eval, ("no_such_name",)

    def __call__(self, seed):
        return seed


@pytest.mark.parametrize(("task", "failure"), [(fails, "seed 3: KeyError: 'lost'$"), (Unreadable(), "seed 0: .*")])
def test_a_cluster_names_the_seed_that_fails(cluster, task, failure):
    with pytest.raises(FailedExperiment, match=f"^the experiment failed for {failure}"):
        over_seeds(task, range(5), cluster=cluster)


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal that Windows does not have")
def test_a_killed_worker_changes_nothing(cluster, tmp_path):
    """One of the two worker processes is killed amid a seed; the seed is run again elsewhere."""

    def experiment(seed):
        (tmp_path / f"{seed:02}-{os.getpid()}").touch()
        time.sleep(0.25)
        return digits(seed)

    def kill():
        while len(list(tmp_path.iterdir())) < 5:
            time.sleep(0.01)
        killed.append(max(tmp_path.iterdir(), key=lambda path: path.stat().st_mtime_ns).name)
        os.kill(int(killed[0].split("-")[1]), signal.SIGKILL)

    killed = []
    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    outcomes = over_seeds(experiment, range(12), cluster=cluster)
    killer.join(10)
    with threadpool_limits(limits=1):
        assert same(outcomes, [digits(seed) for seed in range(12)])
    (seed, first), started = killed[0].split("-"), [path.name.split("-") for path in tmp_path.iterdir()]
    assert len({process for number, process in started if number == seed} - {first}) >= 1
    assert len({process for _, process in started}) >= 2


@pytest.mark.usefixtures("no_wait")
def test_a_cluster_without_workers_is_named():
    from distributed import LocalCluster

    with LocalCluster(n_workers=0, dashboard_address=":0", silence_logs=logging.CRITICAL) as local:
        message = f"^cluster: the scheduler at '{local.scheduler_address}' has no workers; run  dask worker"
        with pytest.raises(ConnectionError, match=message):
            over_seeds(abs, range(2), cluster=local.scheduler_address)


@pytest.mark.usefixtures("no_wait")
@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nowhere", ""])
def test_an_address_where_nothing_answers_is_named(address):
    with pytest.raises(ConnectionError, match=f"^cluster: no Dask scheduler answers at '{address}'"):
        over_seeds(abs, range(2), cluster=address)


def test_without_dask_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ImportError, match=r'^cluster needs Dask: pip install "distributed>=\d'):
        over_seeds(abs, range(2), cluster="tcp://127.0.0.1:8786")


@pytest.mark.slow
def test_a_worker_that_grows_is_replaced_without_a_word():
    """Even where warnings are errors: one in the thread that replaces it would leave the others waiting for ever."""
    code = """
from course_utils.experiments import over_seeds

def growing(seed):
    import numpy, time
    if seed > 1:
        numpy.kept = numpy.ones(60_000_000)
    time.sleep(1.2)
    return seed

print(over_seeds(growing, range(8), workers=2))
"""
    assert printed(code, timeout=120) == "[0, 1, 2, 3, 4, 5, 6, 7]\n"
