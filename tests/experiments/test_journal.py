"""Studies whose runs are kept one by one: nothing that is done is done again, and no kill or damage spoils the rest."""

import json
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils.__main__ import main
from course_utils.experiments import seeds
from course_utils.experiments.catalogue import STUDIES, Study
from course_utils.experiments.journal import add_run, read_runs
from course_utils.experiments.studies import FOLDER, UnreadableStudy, read_study

SETTINGS = {"half": {"factor": 0.5}, "double": {"factor": 2}}
BLOW = "BLOW"  # where this variable names a case, its run kills the process


def scaled(seed, factor, *, data, checkpoint, progress):
    """Return a run as those on MNIST are, and note that it began."""
    assert data == "digits.npz"
    with Path(os.environ["BEGUN"]).open("a") as file:
        file.write(f"{factor} {seed}\n")
    if os.environ.get(BLOW) == f"{factor} {seed}":
        os.kill(os.getpid(), signal.SIGKILL)
    if checkpoint is not None:
        checkpoint.parent.mkdir(exist_ok=True)
        checkpoint.write_text("half done")
    return {"error": seed * factor, "wrong": [seed], "epochs": 1, "seconds": 2, "device": "cpu"}


def data_of(path):
    if path != "digits.npz":
        raise ValueError(f"no digits in {path}")


def a_study(settings=SETTINGS):
    return Study("factors", f"{__name__}:scaled", settings, range(2), ("numpy",), f"{__name__}:data_of")


@pytest.fixture
def begun(monkeypatch, tmp_path):
    """Add such a study; return a function that tells which runs began since it was last called."""
    file = tmp_path / "begun"
    monkeypatch.setenv("BEGUN", str(file))
    monkeypatch.setitem(STUDIES, "factors", a_study())

    def told():
        lines = file.read_text().split("\n")[:-1] if file.exists() else []
        file.unlink(missing_ok=True)
        return lines

    return told


def study(folder, *more, data="digits.npz"):
    here = [] if "--cluster" in more else ["--workers", "1"]  # other processes may have been started by another test
    return main(["study", "factors", "--out", str(folder), "--data", data, *here, *more])


def test_each_run_is_a_line_and_the_results_are_read(begun, tmp_path, capsys):
    assert study(tmp_path / "new") == 0
    assert begun() == ["0.5 0", "2 0", "0.5 1", "2 1"]  # a seed is complete as soon as it can be
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["factors.json", "factors.jsonl"]
    lines = [json.loads(line) for line in (tmp_path / "new" / "factors.jsonl").read_text().splitlines()]
    assert [(line["setting"], line["seed"], line["error"]) for line in lines] == [
        ("half", 0, 0.0), ("double", 0, 0), ("half", 1, 0.5), ("double", 1, 2),
    ]  # fmt: skip
    assert all({"settings", "versions", "epochs", "seconds"} <= set(line) for line in lines)
    results = read_study("factors", tmp_path / "new")
    assert {name: values.tolist() for name, values in results.values.items()} == {"half": [0, 0.5], "double": [0, 2]}
    assert results.wrong == {"half": [[0], [1]], "double": [[0], [1]]}
    assert capsys.readouterr().out.endswith("factors.json: written in 8 s\n")


def test_more_seeds_run_those_that_are_missing(begun, tmp_path):
    assert study(tmp_path) == 0
    begun()
    assert study(tmp_path, "--seeds", "3") == 0
    assert begun() == ["0.5 2", "2 2"]
    assert list(read_study("factors", tmp_path).seeds) == [0, 1, 2]
    assert study(tmp_path, "--seeds", "2", data="nowhere") == 0  # nothing is to be run: no data is read
    assert list(read_study("factors", tmp_path).seeds) == [0, 1]
    assert begun() == []


def test_other_settings_are_run_and_the_old_lines_stay(begun, tmp_path, monkeypatch):
    assert study(tmp_path) == 0
    begun()
    monkeypatch.setitem(STUDIES, "factors", a_study({"half": {"factor": 0.5}, "double": {"factor": 4}}))
    with pytest.raises(UnreadableStudy, match="are of other settings or seeds"):
        read_study("factors", tmp_path)
    assert study(tmp_path) == 0
    assert begun() == ["4 0", "4 1"]
    assert read_study("factors", tmp_path).values["double"].tolist() == [0, 4]
    assert len((tmp_path / "factors.jsonl").read_text().splitlines()) == 6


@pytest.mark.outside
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no such signal")
def test_a_kill_loses_only_the_run_that_it_hits(begun, tmp_path):
    program = (
        "from course_utils.__main__ import main; from course_utils.experiments.catalogue import STUDIES\n"
        f"from {__name__} import a_study; STUDIES['factors'] = a_study()\n"
        f"main(['study', 'factors', '--out', {str(tmp_path)!r}, '--data', 'digits.npz', '--workers', '1'])"
    )
    killed = subprocess.run([sys.executable, "-c", program], env={**os.environ, BLOW: "0.5 1"}, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert begun() == ["0.5 0", "2 0", "0.5 1"]
    assert not (tmp_path / "factors.json").exists()
    assert study(tmp_path) == 0
    assert begun() == ["0.5 1", "2 1"]
    assert read_study("factors", tmp_path).values["double"].tolist() == [0, 2]


def a_run(seed, **change):
    run = {"setting": "half", "seed": seed, "settings": {"factor": 0.5}, "error": 1.5, "wrong": []}
    return {**run, "seconds": 1, "versions": {}, **change}


def test_a_line_is_there_whole_or_not_at_all(tmp_path, capsys):
    whole = tmp_path / "whole"
    for seed in range(2):
        add_run(whole, a_run(seed))
    text, first = whole.read_bytes(), whole.read_bytes().index(b"\n") + 1
    for length in range(first, len(text), 7):  # what a power cut may leave
        torn = tmp_path / f"torn{length}"
        torn.write_bytes(text[:length])
        assert set(read_runs(torn, a_study())) == {("half", 0)}
        add_run(torn, a_run(2))
        assert set(read_runs(torn, a_study())) == {("half", 0), ("half", 2)}
    assert "line 2 is damaged; its run begins again\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    "line",
    [
        b"<<<<<<< HEAD",
        b"[1]",
        b"\xff\xfe",
        b"null",
        json.dumps(a_run(0, error=float("nan"))).encode(),
        json.dumps(a_run(0, error="1")).encode(),
        json.dumps({"setting": "half", "seed": 0, "settings": {"factor": 0.5}}).encode(),
        json.dumps(a_run([0])).encode(),
    ],
)
def test_a_damaged_line_is_named_and_its_run_begins_again(line, begun, tmp_path, capsys):
    assert study(tmp_path) == 0
    begun()
    journal = tmp_path / "factors.jsonl"
    lines = journal.read_bytes().splitlines()
    lines[1] = line
    journal.write_bytes(b"\n".join(lines) + b"\n")
    assert study(tmp_path) == 0
    assert begun() == ["2 0"]
    assert f"{journal}: line 2 is damaged; its run begins again\n" in capsys.readouterr().err
    assert read_study("factors", tmp_path).values["double"].tolist() == [0, 2]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["factors", "--data", "nowhere"], "no digits in nowhere"),
        (["factors", "--data", "digits.npz", "--seeds", "0"], "--seeds must be a whole number >= 1, got 0"),
        (["factors", "--data", "digits.npz", "--workers", "0"], "workers must be a whole number >= 1, got 0"),
        (["keep_probs", "--seeds", "2"], "study keep_probs takes neither --data nor --seeds: it has its own"),
    ],
)
def test_what_cannot_be_run_is_said_before_anything_runs(words, message, begun, tmp_path, capsys):
    assert main(["study", *words, "--out", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"{message}\n"
    assert begun() == []


@pytest.mark.usefixtures("begun")
def test_a_run_that_fails_is_named_with_its_setting(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(STUDIES, "factors", a_study({"half": {"factor": None}}))
    assert study(tmp_path, "--seeds", "1") == 1
    assert capsys.readouterr().err.startswith("the experiment failed for half, seed 0: TypeError: ")


@pytest.mark.outside
def test_a_cluster_gives_the_same_lines(begun, tmp_path):
    distributed = pytest.importorskip("distributed", reason="Dask is not installed: pip install distributed")
    assert study(tmp_path / "here") == 0
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=logging.CRITICAL
    ) as local:
        assert study(tmp_path / "there", "--cluster", local.scheduler_address) == 0
    assert len(begun()) == 8
    here, there = (tmp_path / place / "factors.jsonl" for place in ("here", "there"))
    assert here.read_text() == there.read_text()


def test_a_scheduler_that_does_not_answer_is_named(begun, tmp_path, monkeypatch, capsys):
    pytest.importorskip("distributed", reason="Dask is not installed: pip install distributed")
    monkeypatch.setattr(seeds, "WAIT", 0.2)
    assert study(tmp_path, "--cluster", "tcp://127.0.0.1:9") == 1
    assert capsys.readouterr().err.startswith("cluster: no Dask scheduler answers at 'tcp://127.0.0.1:9'")
    assert begun() == []


@pytest.mark.parametrize("name", [name for name, one in STUDIES.items() if one.data])
def test_what_is_stored_is_what_the_journal_holds(name):
    if not (FOLDER / f"{name}.json").exists():
        pytest.skip("this study is not finished")
    stored, runs = read_study(name), read_runs(FOLDER / f"{name}.jsonl", STUDIES[name])
    for setting, values in stored.values.items():
        assert values.tolist() == [runs[setting, seed]["error"] for seed in stored.seeds]
        assert stored.wrong[setting] == [runs[setting, seed]["wrong"] for seed in stored.seeds]
