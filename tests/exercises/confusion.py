"""Which misconceptions the checks take for which, how long a check takes, and false alarms.

``python -m tests.exercises.confusion --seeds 1000`` gives the planted answers of every exercise to its check and prints
a table with a row for each exercise; below it every misconception that was taken for another one, and false alarms.
``--page FILE`` writes a page for people: what was planted, what was said, and all misconceptions with their signs.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from statistics import median

from joblib import Parallel, delayed

from course_utils.exercises.check import EXERCISES, examined
from course_utils.exercises.verdict import DONE
from course_utils.texts import texts

from . import planted

SHOWN = 10  # false alarms that are printed
SEEDS_OF_WRONG = 20  # at most; a false alarm is rarer than a mistaken name, and right answers are fewer


@dataclass(frozen=True)
class Measured:
    """What the check of one exercise says of its planted answers.

    Parameters
    ----------
    name : str
        The exercise.
    wrong : tuple of pairs
        Of each wrong answer the misconception planted, and all that were diagnosed, as a tuple without repetition.
    right : int
        Number of right answers.
    alarms : tuple of str
        Checks that refused a right answer, each with its seed and verdict.
    seconds : tuple of float
        Of each check of a right answer.
    """

    name: str
    wrong: tuple[tuple[str, tuple[str, ...]], ...]
    right: int
    alarms: tuple[str, ...]
    seconds: tuple[float, ...]

    def mistaken(self) -> list[str]:
        """Return the misconceptions that were taken for others, and for which."""
        return [
            f"{self.name}: {misconception} taken for {', '.join(diagnosed)}"
            for misconception, diagnosed in self.wrong
            if diagnosed != (misconception,)
        ]

    def row(self) -> str:
        """Return a row of the table."""
        return (
            f"{self.name:<24}{self.right:>6}{len(self.wrong):>6}{len(self.mistaken()):>10}"
            f"{median(self.seconds):>10.3f}{max(self.seconds):>9.3f}{len(self.seconds):>8}{len(self.alarms):>14}"
        )


def measure(name: str, seeds: range) -> Measured:
    """Give the planted answers of an exercise to its check, with cases drawn for each seed."""
    wrong = []
    for misconception, answer in planted.WRONG[name]:
        verdicts = (examined(EXERCISES[name], answer, seed) for seed in seeds[:SEEDS_OF_WRONG])
        wrong.append((misconception, tuple(dict.fromkeys(one.misconception or one.outcome for one in verdicts))))
    seconds, alarms = [], []
    for style, answer in planted.RIGHT[name].items():
        for seed in seeds:
            start = time.perf_counter()
            verdict = examined(EXERCISES[name], answer, seed)
            seconds.append(time.perf_counter() - start)
            if verdict.outcome != DONE:
                alarms.append(f"{name}, {style}, seed {seed}: {verdict}")
    return Measured(name, tuple(wrong), len(planted.RIGHT[name]), tuple(alarms), tuple(seconds))


def report(results: Sequence[Measured], seeds: int) -> str:
    """Return the table with its sums, and what is off."""
    columns = f"{'right':>6}{'wrong':>6}{'mistaken':>10}{'median s':>10}{'worst s':>9}{'checks':>8}{'false alarms':>14}"
    total = Measured(
        f"{len(results)} exercises",
        tuple(pair for result in results for pair in result.wrong),
        sum(result.right for result in results),
        tuple(alarm for result in results for alarm in result.alarms),
        tuple(second for result in results for second in result.seconds),
    )
    lines = [f"Answers planted for the checks, right ones with {seeds} seeds", "", f"{'exercise':<24}{columns}"]
    lines += [result.row() for result in (*results, total)]
    lines += [line for result in results for line in result.mistaken()]
    return "\n".join([*lines, *total.alarms[:SHOWN]])


def page(results: Sequence[Measured]) -> str:
    """Return a page of the table: which misconceptions each exercise names, and what each of them is known by."""
    catalogue = {name: entry for name, entry in texts("en").items() if "belief" in entry}
    tables = []
    for result in results:
        rows = Counter((misconception, said) for misconception, said in result.wrong)
        lines = [(planted_as, " or ".join(said), count) for (planted_as, said), count in sorted(rows.items())]
        tables.append(f"<h2>{result.name}</h2>" + table(("planted", "diagnosed", "answers"), lines))
    lines = [(name, entry["belief"], entry["sign"]) for name, entry in sorted(catalogue.items())]
    title = "Misconceptions and how the checks tell them apart"
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>'
    return head + "".join(tables) + "<h2>All misconceptions</h2>" + table(("id", "belief", "sign"), lines) + "</html>\n"


def table(columns: Sequence[str], lines: Sequence[Sequence[object]]) -> str:
    """Return a table of HTML."""
    head = "".join(f"<th scope='col'>{escape(name)}</th>" for name in columns)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(one))}</td>" for one in line) + "</tr>" for line in lines)
    return f"<table border='1'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def main(words: list[str] | None = None) -> int:
    """Print the table; return 1 if anything is mistaken or there is a false alarm."""
    parser = argparse.ArgumentParser(prog="python -m tests.exercises.confusion", description=__doc__)
    parser.add_argument("names", nargs="*", help="exercises; all by default")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--page", type=Path)
    arguments = parser.parse_args(words)
    names = arguments.names or list(planted.RIGHT)
    # Answers are lambdas, which no process can send to another: each worker looks them up by the exercise's name.
    tasks = (delayed(measure)(name, range(arguments.seeds)) for name in names)
    results = Parallel(n_jobs=min(arguments.workers, len(names)))(tasks)
    print(report(results, arguments.seeds))
    if arguments.page:
        arguments.page.parent.mkdir(parents=True, exist_ok=True)
        arguments.page.write_text(page(results), encoding="utf-8")
    return int(any(result.mistaken() or result.alarms for result in results))


if __name__ == "__main__":
    from tests.exercises.confusion import main as imported_main  # workers cannot find what is in __main__

    sys.exit(imported_main())
