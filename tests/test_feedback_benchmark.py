"""The feedback benchmark: its data run alone and follow their schema, and its scores count what they say."""

import json
import re

import jsonschema
import numpy as np
import pytest

from benchmarks.feedback import __main__ as command
from benchmarks.feedback import checkers, records, scores, sources
from tests import ROOT
from tests.exercises import planted

SCHEMA = json.loads((ROOT / "benchmarks" / "feedback" / "schema.json").read_text(encoding="utf-8"))
# One with numbers, one that draws, one made by a loop over bugs, and one with classes.
SOME = [name for name in ("test_output", "batch_mask", "find_a6", "dropout_module") if name in planted.RIGHT]
RECORDS = {name: list(records.answers(name)) for name in SOME}


def answer_of(record):
    return sources.loaded(record["source"], f"<{record['id']}>")


def follows(kind, rows):
    checker = jsonschema.Draft202012Validator(SCHEMA | {"$ref": f"#/$defs/{kind}"})
    return [error.message for row in rows for error in checker.iter_errors(row)]


def test_every_planted_answer_has_a_text_that_is_the_same_answer():
    """By its name and its code; texts that run are tried on the checks below."""
    for name in planted.RIGHT:
        found = list(records.answers(name))
        all_of_them = [*planted.RIGHT[name].values(), *(answer for _, answer in planted.WRONG[name])]
        assert len(found) == len(all_of_them)
        few = slice(None, None, max(1, len(found) // 4))
        for record, answer in zip(found[few], all_of_them[few], strict=True):
            loaded = answer_of(record)
            assert callable(loaded)
            assert getattr(loaded, "__name__", "") == getattr(answer, "__name__", "")
            mine, theirs = (getattr(one, "__code__", None) for one in (loaded, answer))
            assert (mine and mine.co_code) == (theirs and theirs.co_code), record["id"]


@pytest.mark.parametrize("name", SOME)
def test_a_text_gets_the_verdict_of_what_it_was_planted_as(name):
    for record in RECORDS[name][::5]:
        said = checkers.ours(name, answer_of(record))
        assert said.right == (record["kind"] == "right"), record["id"]
        assert sorted(said.misconceptions) == sorted(record["misconceptions"]), record["id"]


@pytest.mark.parametrize("name", SOME)
def test_records_follow_the_schema(name):
    changed = list(records.mutants(name))
    assert changed
    assert follows("answers", RECORDS[name]) == follows("mutants", changed) == []
    assert len({one["id"] for one in (*RECORDS[name], *changed)}) == len(RECORDS[name]) + len(changed)
    assert follows("answers", [RECORDS[name][0] | {"kind": "perhaps"}]) != []


def test_exercises_and_misconceptions_follow_the_schema_and_know_each_other():
    exercises, known = records.exercises(), records.misconceptions()
    assert follows("exercises", exercises) == follows("misconceptions", known) == []
    assert {one["exercise"] for one in exercises} == set(planted.RIGHT)
    assert all("NotImplementedError" in one["given"] for one in exercises)
    named = {name for rows in RECORDS.values() for row in rows for name in row["misconceptions"]}
    assert named <= {one["misconception"] for one in known}


def test_a_sample_is_the_same_each_time_and_in_order():
    rows = [{"id": str(number)} for number in range(50)]
    assert records.sample(rows, None) == records.sample(rows, 50) == rows
    chosen = records.sample(rows, 7)
    assert chosen == records.sample(rows, 7)
    assert [int(one["id"]) for one in chosen] == sorted({int(one["id"]) for one in chosen})
    assert len(chosen) == 7


def test_what_is_stored_agrees_with_the_solution_and_with_what_only_looks_different():
    solution = sources.loaded(records.solution_text("test_output"), "<solution>")
    store = checkers.stored("test_output", solution)
    assert all(store.agreement(solution))
    assert store.every(store.agreement(lambda a, W, b, q: q * np.einsum("ij,jk->ik", W, a) + b))
    assert not store.one(store.agreement(lambda a, W, b, q: W @ a + b))
    assert not store.every(store.agreement(lambda a, W, b, q: 1 / 0))
    assert not store.every(store.agreement(lambda a, W, b, q: (q * W @ a + b).T))


def test_random_numbers_drawn_in_another_way_are_refused_by_what_is_stored():
    store = checkers.stored("batch_mask", sources.loaded(records.solution_text("batch_mask"), "<solution>"))
    other = lambda a, q, rng: rng.binomial(1, q, a.shape) == 1  # noqa: E731
    assert checkers.ours("batch_mask", other).right
    assert not store.one(store.agreement(other))


def test_what_is_no_number_cannot_be_compared():
    assert checkers.stored("find_a6", lambda: "line a") is None
    assert checkers.arrays_of({"b": [1, 2], "a": (np.ones(2), 3.0)})[0].tolist() == [1, 1]
    assert checkers.arrays_of("3") is checkers.arrays_of(None) is checkers.arrays_of([1, "a"]) is None


ROWS = [
    {"id": "a/right/0", "exercise": "a", "kind": "right", "misconceptions": []},
    {"id": "a/right/1", "exercise": "a", "kind": "right", "misconceptions": []},
    {"id": "a/wrong/0", "exercise": "a", "kind": "wrong", "misconceptions": ["x"]},
    {"id": "a/wrong/1", "exercise": "a", "kind": "wrong", "misconceptions": ["x", "y"]},
    {"id": "a/wrong/2", "exercise": "a", "kind": "wrong", "misconceptions": ["z"]},
    {"id": "a/mutant/0", "exercise": "a", "kind": "mutant", "equal": ""},
    {"id": "a/mutant/1", "exercise": "a", "kind": "mutant", "equal": "it is"},
]
VERDICTS = [
    {"id": "a/right/0", "right": True},
    {"id": "a/right/1", "right": False, "misconceptions": ["x"]},
    {"id": "a/wrong/0", "right": False, "misconceptions": ["x"]},
    {"id": "a/wrong/1", "right": False, "misconceptions": ["x"]},
    {"id": "a/wrong/2", "right": None},
    {"id": "a/mutant/0", "right": True},
    {"id": "a/mutant/1", "right": True},
]


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_scores_count_what_was_judged(tmp_path):
    assert follows("verdicts", VERDICTS) == []
    verdicts = scores.read_verdicts(write(tmp_path / "mine.jsonl", VERDICTS), ROWS)
    score = scores.score("mine", ROWS, verdicts)
    assert score == scores.Score("mine", wrong=2, noticed=2, named=1, right=2, alarms=1, mutants=1, killed=0)
    assert score.row() == "| mine | 2 of 2 (100.0 %) | 1 of 2 (50.0 %) | 1 of 2 (50.0 %) | 0 of 1 (0.0 %) |"
    assert scores.confusion(ROWS, verdicts) == [
        {"exercise": "a", "planted": "x", "said": "x", "answers": 1},
        {"exercise": "a", "planted": "x + y", "said": "x", "answers": 1},
    ]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "holds no verdict"),
        ([{"id": "a/right/9", "right": True}], "id must be that of an answer or a mutant, got 'a/right/9'"),
        ([VERDICTS[0], VERDICTS[0]], "line 2: id 'a/right/0' stands there a second time"),
        ([{"id": "a/right/0"}], "right must be true, false or null, got 'nothing'"),
        ([{"id": "a/right/0", "right": 1}], "right must be true, false or null, got 1"),
        ([{"id": "a/right/0", "right": False, "misconceptions": "x"}], "misconceptions must be a list of texts"),
        (["a"], "line 1: must be an object"),
    ],
)
def test_verdicts_that_cannot_be_read_are_named(rows, said, tmp_path):
    with pytest.raises(scores.BenchmarkError, match=said):
        scores.read_verdicts(write(tmp_path / "mine.jsonl", rows), ROWS)


def test_the_command_writes_all_files_and_scores_what_it_wrote(tmp_path, capsys, monkeypatch):
    before = command.RESULTS.read_bytes()
    monkeypatch.setattr(command, "Parallel", lambda n_jobs: list)  # in this process
    monkeypatch.setattr(command, "delayed", lambda function: function)
    out = tmp_path / "data"
    assert command.main(["test_output", "--mutants", "3", "--out", str(out)]) == 0
    assert "1104" not in capsys.readouterr().out
    assert {path.name for path in out.iterdir()} == {
        "exercises.jsonl", "misconceptions.jsonl", "answers.jsonl", "mutants.jsonl", "confusion.jsonl", "verdicts",
        "schema.json", "README.md", "results.md",
    }  # fmt: skip
    verdicts = list((out / "verdicts").iterdir())
    assert len(verdicts) == 3
    assert all(follows("verdicts", scores.read_lines(path)) == [] for path in verdicts)
    monkeypatch.setattr(planted, "RIGHT", {"test_output": planted.RIGHT["test_output"]})
    assert command.main(["--score", str(out / "verdicts" / "this-courses-checks.jsonl")]) == 0
    assert "(100.0 %) | 0 of 3 (0.0 %)" in capsys.readouterr().out
    assert command.RESULTS.read_bytes() == before  # only all exercises change what readers are told
    assert command.main(["--score", str(tmp_path / "none.jsonl")]) == 1


def test_the_results_that_readers_see_are_not_old():
    """Not every new answer asks for ten minutes of a benchmark; many do."""
    text = command.RESULTS.read_text(encoding="utf-8")
    said = [int(number) for number in re.search(r"with (\d+) right answers, (\d+) wrong ones", text).groups()]
    if "dropout_module" in planted.RIGHT:  # with PyTorch
        now = [sum(map(len, table.values())) for table in (planted.RIGHT, planted.WRONG)]
        assert said == pytest.approx(now, rel=0.1), "run  make feedback-benchmark"
    assert text.count(f"| {command.OURS} |") == 2
