"""Which misconceptions the checks take for which, how long a check takes, and false alarms.

``python -m tests.exercises.confusion --seeds 1000`` gives the planted answers of every exercise to its check and prints
two tables: planted against diagnosed misconceptions, and seconds and false alarms of right answers.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from joblib import Parallel, delayed

from course_utils.exercises.check import EXERCISES, examined
from course_utils.exercises.verdict import DONE

from . import planted

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
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

    def own(self) -> int:
        """Return how many wrong answers got their own misconception and never another."""
        return sum(diagnosed == (misconception,) for misconception, diagnosed in self.wrong)

    def matrix(self) -> str:
        """Return the numbers of wrong answers by planted and diagnosed misconception; a column has its row's letter."""
        answers = Counter(misconception for misconception, _ in self.wrong)
        cells = Counter((misconception, found) for misconception, diagnosed in self.wrong for found in diagnosed)
        others = {found for _, diagnosed in self.wrong for found in diagnosed} - set(answers)
        columns = [*answers, *sorted(others)]
        lines = [f"{self.name:<36}{'answers':>7} " + "".join(f"{letter:>3}" for letter in LETTERS[: len(columns)])]
        for letter, row in zip(LETTERS, columns, strict=False):
            numbers = "".join(f"{cells[row, column] or '.':>3}" for column in columns)
            lines += [f"  {letter} {row:<32}{answers[row] or '':>7} {numbers if row in answers else ' not planted'}"]
        return "\n".join(lines)


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
    """Return the two tables, each with its sums."""
    lines = ["Wrong answers by planted (rows) and diagnosed misconceptions (columns)", ""]
    lines += [f"{result.matrix()}\n" for result in results]
    planted_in_all, own = sum(len(result.wrong) for result in results), sum(result.own() for result in results)
    lines += [
        f"planted {planted_in_all}, always diagnosed as their own misconception {own}, others {planted_in_all - own}",
        "",
        f"Right answers: seconds of a check, and false alarms in {seeds} seeds",
        "",
        f"{'exercise':<24}{'right':>6}{'wrong':>6}{'median s':>10}{'worst s':>9}{'checks':>8}{'false alarms':>14}",
    ]
    rows = [(result.name, result.right, len(result.wrong), result.seconds, result.alarms) for result in results]
    seconds = [one for result in results for one in result.seconds]
    alarms = [alarm for result in results for alarm in result.alarms]
    rows += [(f"{len(results)} exercises", sum(row[1] for row in rows), planted_in_all, tuple(seconds), tuple(alarms))]
    lines += [
        f"{name:<24}{right:>6}{wrong:>6}{median(times):>10.3f}{max(times):>9.3f}{len(times):>8}{len(refused):>14}"
        for name, right, wrong, times, refused in rows
    ]
    return "\n".join(lines + alarms[:SHOWN])


def all_well(results: Sequence[Measured]) -> bool:
    """Return whether everything is on the diagonal and no right answer was refused."""
    return all(result.own() == len(result.wrong) and not result.alarms for result in results)


def main(words: list[str] | None = None) -> int:
    """Print the tables; return 1 if anything is off the diagonal or there is a false alarm."""
    parser = argparse.ArgumentParser(prog="python -m tests.exercises.confusion", description=__doc__)
    parser.add_argument("names", nargs="*", help="exercises; all by default")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args(words)
    names = arguments.names or list(planted.RIGHT)
    # Answers are lambdas, which no process can send to another: each worker looks them up by the exercise's name.
    tasks = (delayed(measure)(name, range(arguments.seeds)) for name in names)
    results = Parallel(n_jobs=min(arguments.workers, len(names)))(tasks)
    print(report(results, arguments.seeds))
    return int(not all_well(results))


if __name__ == "__main__":
    from tests.exercises.confusion import main as imported_main  # workers cannot find what is in __main__

    sys.exit(imported_main())
