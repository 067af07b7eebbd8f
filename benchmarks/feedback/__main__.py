"""Write the feedback benchmark and score two checkers on it, or score the verdicts of another one.

``python -m benchmarks.feedback`` writes ``dist/feedback-benchmark``; ``--score FILE`` prints the row of a checker whose
verdicts are in a file. README.md beside this module says what the files hold.
"""

from __future__ import annotations

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")  # read when NumPy is loaded

import argparse
import json
import shutil
import sys
import time
import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from joblib import Parallel, delayed

from benchmarks.feedback import checkers, records, scores
from benchmarks.feedback.sources import loaded
from course_utils.workshop.authoring.files import replace_file
from tests.exercises import planted

HERE = Path(__file__).parent
RESULTS = HERE / "results.md"  # what the last full run measured, for readers and for the website
OUT = HERE.parents[1] / "dist" / "feedback-benchmark"
SEEDS = range(3)  # of the cases for right answers; `make confusion SEEDS=1000` tries more
OURS, ONE, EVERY = "this course's checks", "one stored result", "all stored results"

Verdicts = dict[str, dict[str, dict[str, Any]]]  # by the checker's name, then by the record's id


def judged(exercise: str, most: int | None) -> Verdicts:
    """Let all checkers judge the answers of an exercise, and a sample of its mutants."""
    solution = loaded(records.solution_text(exercise), f"<{exercise}/solution>")
    store = checkers.stored(exercise, solution)
    said: Verdicts = {OURS: {}, ONE: {}, EVERY: {}}
    for record in (*records.answers(exercise), *records.sample(list(records.mutants(exercise)), most)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what mutants look like
            answer = loaded(record["source"], f"<{record['id']}>")
        found = [checkers.ours(exercise, answer, seed) for seed in (SEEDS if record["kind"] == "right" else (0,))]
        verdict = next((one for one in found if not one.right), found[0])
        said[OURS][record["id"]] = line(record, verdict.right, verdict.misconceptions)
        agree = store.agreement(answer) if store else []
        said[ONE][record["id"]] = line(record, store.one(agree) if store else None)
        said[EVERY][record["id"]] = line(record, store.every(agree) if store else None)
    return said


def line(record: records.Record, right: bool | None, misconceptions: Sequence[str] = ()) -> dict[str, Any]:
    """Return a line of verdicts."""
    return {"id": record["id"], "right": right, "misconceptions": list(misconceptions)}


def report(everything: Sequence[Mapping[str, Any]], verdicts: Verdicts, most: int | None, seconds: float) -> str:
    """Return the results in Markdown: on the exercises that all checkers can judge, and on all."""
    common = [one for one in everything if verdicts[ONE].get(one["id"], {}).get("right") is not None]
    names, compared = ({one["exercise"] for one in some} for some in (everything, common))
    kinds = [sum(one["kind"] == kind for one in everything) for kind in ("right", "wrong", "mutant")]
    given = (
        "All mutants were" if most is None else f"At most {most} mutants of each exercise, drawn by a fixed seed, were"
    )
    lines = [
        f"The data: {len(names)} exercises with {kinds[0]} right answers, {kinds[1]} wrong ones, {kinds[2]} mutants.",
        "",
        f"On the {len(compared)} exercises whose answers are numbers:",
        "",
        scores.HEAD,
        *(scores.score(name, common, verdicts[name]).row() for name in (ONE, EVERY, OURS)),
        "",
        f"On all {len(names)}, where an answer may also be a word, a class, a network or a function that it returns:",
        "",
        scores.HEAD,
        scores.score(OURS, everything, verdicts[OURS]).row(),
        "",
        f"{given} judged. This course's checks saw each right answer with the cases of {len(SEEDS)} seeds; it "
        f"counts as refused if it was refused once. The run took {seconds / 60:.0f} minutes on two cores.",
    ]
    return "\n".join(lines) + "\n"


def write(out: Path, everything: Sequence[Mapping[str, Any]], verdicts: Verdicts, results: str) -> None:
    """Write the benchmark beside the old one, then put it in its place."""
    beside = out.with_name(f"{out.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    (beside / "verdicts").mkdir(parents=True)
    answers = [one for one in everything if one["kind"] != "mutant"]
    files = {
        "exercises": records.exercises(),
        "misconceptions": records.misconceptions(),
        "answers": answers,
        "mutants": [one for one in everything if one["kind"] == "mutant"],
        "confusion": scores.confusion(answers, verdicts[OURS]),
        **{f"verdicts/{name.replace(' ', '-').replace(chr(39), '')}": said.values() for name, said in verdicts.items()},
    }
    for name, rows in files.items():
        (beside / f"{name}.jsonl").write_text(in_lines(rows), encoding="utf-8")
    for name in ("schema.json", "README.md"):
        shutil.copyfile(HERE / name, beside / name)
    (beside / "results.md").write_text(results, encoding="utf-8")
    shutil.rmtree(out, ignore_errors=True)
    beside.replace(out)


def in_lines(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return rows as JSON lines."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def scored(path: Path) -> str:
    """Return the table for the verdicts in a file."""
    everything = [one for name in planted.RIGHT for one in (*records.answers(name), *records.mutants(name))]
    verdicts = scores.read_verdicts(path, everything)
    missing = sum(one["kind"] != "mutant" and one["id"] not in verdicts for one in everything)
    row = scores.score(path.stem, everything, verdicts).row()
    return "\n".join([scores.HEAD, row, *([f"{missing} answers have no verdict"] if missing else [])])


def main(words: Sequence[str] | None = None) -> int:
    """Run the command; return 1 if the verdicts cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.feedback", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="EXERCISE", help="some exercises only; the results are not kept")
    parser.add_argument("--mutants", default="10", help="how many of each exercise the checkers judge, or all")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--score", type=Path, metavar="FILE", help="score the verdicts in a file, and write nothing")
    arguments = parser.parse_args(words)
    if unknown := set(arguments.names) - set(planted.RIGHT):
        parser.error(f"no exercise is called {', '.join(sorted(unknown))}; there are {', '.join(planted.RIGHT)}")
    if arguments.mutants != "all" and not arguments.mutants.isdecimal():
        parser.error(f"--mutants must be a whole number or all, got {arguments.mutants!r}")
    if arguments.score:
        try:
            print(scored(arguments.score))
        except (scores.BenchmarkError, OSError) as error:
            print(error, file=sys.stderr)
            return 1
        return 0
    start, most = time.perf_counter(), None if arguments.mutants == "all" else int(arguments.mutants)
    names = arguments.names or list(planted.RIGHT)
    found = Parallel(n_jobs=min(arguments.workers, len(names)))(delayed(judged)(name, most) for name in names)
    verdicts = {checker: {} for checker in (OURS, ONE, EVERY)}
    for said in found:
        for checker, lines in said.items():
            verdicts[checker] |= lines
    everything = [one for name in names for one in (*records.answers(name), *records.mutants(name))]
    results = report(everything, verdicts, most, time.perf_counter() - start)
    write(arguments.out, everything, verdicts, results)
    if not arguments.names:
        replace_file(RESULTS, ((HERE / "intro.md").read_text(encoding="utf-8") + results).encode())
    print(results)
    print(arguments.out)
    return 0


if __name__ == "__main__":
    from benchmarks.feedback.__main__ import main as imported_main  # workers cannot find what is in __main__

    sys.exit(imported_main())
