"""How good a checker is, from what it said: wrong answers noticed, right ones refused, misconceptions named."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Record = Mapping[str, Any]


class BenchmarkError(ValueError):
    """A file that does not say what the benchmark needs; the message names the file, the line and what is wrong."""


@dataclass(frozen=True)
class Score:
    """Counts of a checker: how many it judged of each kind, and what became of them.

    Parameters
    ----------
    checker : str
    wrong, noticed, named : int
        Wrong answers; those that it refused; those whose misconceptions it named, no more and no fewer.
    right, alarms : int
        Right answers; those that it refused.
    mutants, killed : int
        Changed solutions that compute something else; those that it refused.
    """

    checker: str
    wrong: int
    noticed: int
    named: int
    right: int
    alarms: int
    mutants: int
    killed: int

    def row(self) -> str:
        """Return a row of a Markdown table."""
        cells = [
            _share(self.noticed, self.wrong),
            _share(self.alarms, self.right),
            _share(self.named, self.wrong) if self.named else "names none",
            _share(self.killed, self.mutants),
        ]
        return f"| {self.checker} | {' | '.join(cells)} |"


HEAD = (
    "| checker | wrong answers noticed | right answers refused | misconception named | mutants noticed |\n"
    "|---|---|---|---|---|"
)


def _share(count: int, whole: int) -> str:
    return f"{count} of {whole} ({100 * count / whole:.1f} %)" if whole else "–"


def score(checker: str, records: Iterable[Record], verdicts: Mapping[str, Record]) -> Score:
    """Count what a checker said of the answers and mutants that it judged.

    Parameters
    ----------
    checker
        Its name.
    records
        Answers and mutants, as the benchmark writes them. A mutant that computes the same after all counts nowhere.
    verdicts
        By the id of a record what the checker said of it; those without a verdict count nowhere.
    """
    counts: Counter[str] = Counter()
    for record in records:
        said = verdicts.get(record["id"])
        if said is None or said["right"] is None or record.get("equal"):
            continue
        kind, refused = record["kind"], not said["right"]
        counts[kind] += 1
        counts[f"{kind} refused"] += refused
        counts["named"] += kind == "wrong" and refused and set(said["misconceptions"]) == set(record["misconceptions"])
    return Score(
        checker, counts["wrong"], counts["wrong refused"], counts["named"], counts["right"], counts["right refused"],
        counts["mutant"], counts["mutant refused"],
    )  # fmt: skip


def confusion(records: Iterable[Record], verdicts: Mapping[str, Record]) -> list[dict[str, Any]]:
    """Return how often each planted misconception of an exercise was answered with each verdict."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for record in records:
        if record["kind"] == "wrong" and (said := verdicts.get(record["id"])) and said["right"] is not None:
            named = " + ".join(said["misconceptions"]) or ("right" if said["right"] else "wrong")
            counts[record["exercise"], " + ".join(record["misconceptions"]), named] += 1
    return [
        {"exercise": exercise, "planted": planted, "said": said, "answers": count}
        for (exercise, planted, said), count in sorted(counts.items())
    ]


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Read JSON lines.

    Raises
    ------
    BenchmarkError
        If a line is no JSON object.
    """
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise BenchmarkError(f"{path}, line {number}: is no JSON: {error}") from error
        if not isinstance(row, dict):
            raise BenchmarkError(f"{path}, line {number}: must be an object, got {line[:60]}")
        rows.append(row)
    return rows


def read_verdicts(path: Path, records: Sequence[Record]) -> dict[str, dict[str, Any]]:
    """Read what a checker said, one JSON object a line: id, right, and misconceptions if it names them.

    Raises
    ------
    BenchmarkError
        If a line has no known id or is the second with it, `right` is neither true, false nor null, or misconceptions
        are no list of texts; and if there is no line at all.
    """
    known, verdicts = {record["id"] for record in records}, {}
    for number, row in enumerate(read_lines(path), 1):
        where, name = f"{path}, line {number}", row.get("id")
        if name not in known:
            raise BenchmarkError(f"{where}: id must be that of an answer or a mutant, got {name!r}")
        if name in verdicts:
            raise BenchmarkError(f"{where}: id {name!r} stands there a second time")
        if "right" not in row or not (row["right"] is None or isinstance(row["right"], bool)):
            raise BenchmarkError(f"{where}: right must be true, false or null, got {row.get('right', 'nothing')!r}")
        named = row.get("misconceptions", [])
        if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
            raise BenchmarkError(f"{where}: misconceptions must be a list of texts, got {named!r}")
        verdicts[name] = {"id": name, "right": row["right"], "misconceptions": named}
    if not verdicts:
        raise BenchmarkError(f"{path}: holds no verdict")
    return verdicts
