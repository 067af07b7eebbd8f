"""Grade 200 mixed submissions with two workers, killed twice and called again, and compare with an undisturbed grading.

    python benchmarks/homework.py [number of submissions]

Needs the sandbox, and nothing of nbgrader. Tables are compared without the seconds, which are never the same.
"""

from __future__ import annotations

import csv
import io
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from course_utils.workshop.homework.course import make_homework
from course_utils.workshop.homework.feedback import table
from course_utils.workshop.homework.grading import grade_folder
from course_utils.workshop.homework.sandbox import Limits
from tests.workshop.homework.submissions import (
    ASSIGNMENT,
    CHAPTER,
    FILE,
    LIARS,
    NAME,
    RAISES,
    SHARED,
    UNSCALED,
    dropout,
    hand_in,
)

GRADE = """
import sys
from pathlib import Path
from course_utils.workshop.homework.grading import grade_folder
from course_utils.workshop.homework.sandbox import Limits
grade_folder(*map(Path, sys.argv[1:]), workers=2, limits=Limits(seconds=600, cell_seconds=120))
"""
LIMITS = Limits(seconds=600, cell_seconds=120)  # a busy machine is no fault of the submissions
SHORT = {"exercise-training": "def my_training(x, y, rng):\n    return None"}  # a loop that trains takes seconds


def hand_in_all(course: Path, number: int) -> None:
    """Hand in submissions of all kinds: right, empty, wrong, hostile, renamed, broken."""
    liars = [own for own, _ in LIARS.values()]
    for place in range(number):
        student, kind = f"s{place:03}", place % 10
        if kind == 0:
            hand_in(course, student)
        elif kind in (1, 2):
            hand_in(course, student, "empty")
        elif kind == 3:
            hand_in(course, student, "empty", liars[place // 10 % len(liars)])
        elif kind == 4:
            hand_in(course, student, {"exercise-batch": SHARED} | dropout(RAISES) | SHORT)
        elif kind == 5:
            hand_in(course, student, "empty", "import os; os._exit(1)")
        elif kind == 6:
            hand_in(course, student, dropout(UNSCALED) | SHORT)
        else:
            path = hand_in(course, student, "empty")
            if kind == 7:
                path.write_bytes((b"[" * 9000, b"\x89PNG", b"", b'{"cells": [1]}')[place // 10 % 4])
            elif kind == 8:
                path.rename(path.with_name(FILE.replace(".ipynb", f"-{place}.ipynb")))
            else:
                path.unlink()
                os.mkfifo(path)


def rows(text: str) -> list[dict[str, str]]:
    """Return a table without the seconds."""
    return [{key: value for key, value in row.items() if key != "seconds"} for row in csv.DictReader(io.StringIO(text))]


def main() -> None:
    """Print how it went."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder)
        make_homework(CHAPTER, course)
        hand_in_all(course, number)
        places = course / "source" / NAME, course / "submitted"
        results = course / "results" / ASSIGNMENT
        start = time.monotonic()
        for share in (0.3, 0.6):
            process = subprocess.Popen([sys.executable, "-c", GRADE, *map(str, (*places, results))])
            while len(list(results.glob("s*.json"))) < share * number and process.poll() is None:
                time.sleep(0.05)
            process.send_signal(signal.SIGKILL)
            process.wait()
            print(f"killed with {len(list(results.glob('s*.json')))} of {number} done", flush=True)
        killed = table(grade_folder(*places, results, workers=2, limits=LIMITS))
        middle = time.monotonic()
        whole = table(grade_folder(*places, course / "whole", workers=2, limits=LIMITS))
        print(f"{middle - start:.0f} s with two kills, {time.monotonic() - middle:.0f} s undisturbed")
        print("the tables are identical" if rows(killed) == rows(whole) else "THE TABLES DIFFER")
        for one, other in zip(rows(killed), rows(whole), strict=True):
            if one != other:
                print(one, other, sep="\n")


if __name__ == "__main__":
    main()
