"""What a student may send, read within a budget, whatever name an upload gave it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils.workshop.homework import handed_in
from course_utils.workshop.homework.handed_in import CELLS, LARGEST, PICTURES, TEXT, UNREAD, Unreadable, read_pieces
from course_utils.workshop.homework.submission import read_submission
from course_utils.workshop.homework.uploads import collected

NAME = "02_numpy_dropout.ipynb"


def written(path, *cells, **more):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": list(cells), **more}))
    return path


def cell(text, key="", **more):
    marks = {"nbgrader": {"grade_id": key}} if key else {}
    return {"cell_type": "code", "metadata": marks, "source": text, **more}


def test_what_is_over_the_budget_is_left_out_a_students_own_cells_first(tmp_path):
    own = [cell(f"x = {number}") for number in range(12_000)]
    pieces, notes = read_pieces(written(tmp_path / NAME, *own, cell("answer", "key")))
    assert (len(pieces), pieces[-1].text) == (CELLS, "answer")
    assert notes == [f"11001 of 12001 cells were left out: a submission may have {CELLS} cells and {TEXT} characters"]
    long = cell("x" * TEXT)
    pieces, notes = read_pieces(written(tmp_path / NAME, long, long, cell("answer", "key"), long))
    assert [one.text for one in pieces] == ["answer"]
    assert len(notes) == 1
    picture = {"cell_type": "markdown", "metadata": {}, "source": "", "id": "a",
               "attachments": {"a": {"image/png": "A" * (PICTURES // 2 + 1)}}}  # fmt: skip
    pieces, notes = read_pieces(written(tmp_path / NAME, picture, picture))
    assert [bool(one.pictures) for one in pieces] == [True, False]
    assert "pictures left out" in notes[0]


def test_a_cell_that_is_none_costs_no_other(tmp_path):
    odd = [3, None, {}, {"cell_type": "code", "source": 3}, {"cell_type": "code", "source": [1]}, []]
    pieces, notes = read_pieces(written(tmp_path / NAME, *odd, cell("a", "key", attachments=[1]), cell("b")))
    assert [(one.key, one.text) for one in pieces] == [("key", "a"), ("", "b")]
    assert notes == ["cells that are none: 6"]
    strange = {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": {"a": 1}}, "id": 7}, "source": "c", "id": []}
    assert [(one.key, one.id) for one in read_pieces(written(tmp_path / NAME, strange))[0]] == [("", "")]


@pytest.mark.parametrize(
    "data",
    [
        b"[" * (5 * 2**20), b'{"cells": [' + b"[]," * (6 * 2**20) + b"[]]}", b'{"cells": ' + b"9" * (2 * 2**20) + b"}",
        b'{"a":' * (2**20 + 1), b"\xff\xfe" * 2**20, b'{"cells": 1}' + b" " * 2**20,
    ],
    ids=["brackets", "lists", "a number", "dicts", "no letters", "no cells"],
)  # fmt: skip
def test_what_would_fill_the_memory_is_no_notebook(tmp_path, data):
    (tmp_path / NAME).write_bytes(data)
    with pytest.raises(Unreadable, match=r"not a notebook|more than can be read"):
        read_pieces(tmp_path / NAME)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the peak of a process's own memory")
def test_the_grader_stays_small_whatever_comes(tmp_path):
    """Its own peak: the processes below it have bounds of their own. (What `getrusage` tells began in pytest.)"""
    bombs = [
        b'{"cells": [' + b"[]," * (6 * 2**20) + b"[]]}", b"[" * (19 * 2**20),
        json.dumps({"cells": [cell("x" * (LARGEST - 10**4) + "\N{SEEDLING}")]}, ensure_ascii=False).encode(),
        json.dumps({"cells": [cell("x" * 1000)] * 15_000}).encode(),
        json.dumps({"cells": [cell("", outputs=["y" * 100] * 150_000)]}).encode(),
    ]  # fmt: skip
    for number, data in enumerate(bombs):
        (tmp_path / f"s{number}" / "homework02").mkdir(parents=True)
        (tmp_path / f"s{number}" / "homework02" / NAME).write_bytes(data[:LARGEST])
    code = """
import re, sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from course_utils.workshop.homework.submission import Unreadable, read_submission
def read(folder):
    try:
        return len(read_submission(folder / "homework02", "02_numpy_dropout.ipynb"))
    except Unreadable as error:
        return str(error)
with ThreadPoolExecutor(2) as pool:
    print(*pool.map(read, sorted(Path(sys.argv[1]).iterdir())), sep=", ")
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""
    ran = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    read, peak = ran.stdout.splitlines()
    assert read == f"{UNREAD}, {UNREAD}, 0, {CELLS}, 1", ran.stderr
    assert int(peak) < 200  # the whole of grading, with nbgrader's own, adds less than a hundred


@pytest.mark.parametrize(
    ("path", "student"),
    [
        ("ada_" + NAME, "ada"), ("o_brien_" + NAME, "o_brien"), ("ada/" + NAME, "ada"),
        ("Ada King_123_assignsubmission_file_" + NAME, "Ada King_123"),  # Moodle, flat and in folders
        ("Ada King_123_assignsubmission_file_/" + NAME, "Ada King_123"),
        ("Ada King_123_assignsubmission_file/02_numpy_dropout-1.ipynb", "Ada King_123"),
        ("Ada King_71_assignsubmission_file_" + NAME, "Ada King_71"),
        ("kingada_123_4567_" + NAME, "kingada_123"), ("kingada_LATE_123_4567_" + NAME, "kingada_123"),  # Canvas
        ("kingada_123_4567_02_numpy_dropout-2.ipynb", "kingada_123"),
        ("homework02_ada_attempt_2026-01-30-15-00-00_" + NAME, "ada"),  # Blackboard
        ("ada_02_numpy_dropout (1).ipynb", "ada"), ("ada_02_numpy_dropout(12).ipynb", "ada"),
        ("ada_02_numpy_dropout-Copy1.ipynb", "ada"), ("ada/Copy of " + NAME, "ada"),
        ("ada_02_numpy_dropout copy 2.ipynb", "ada"), ("Zoë Müller_02_numpy_dropout - Copy.ipynb", "Zoë Müller"),
        (".._" + NAME, None), ("._" + NAME, None), ("<i>_" + NAME, None), ('a"b_' + NAME, None), ("a\nb_" + NAME, None),
        ("ada_notes.ipynb", None), ("a" * 220 + "_" + NAME, None),
    ],
)  # fmt: skip
def test_downloads_are_told_apart_whatever_their_names(tmp_path, path, student):
    file = tmp_path / "extracted" / path
    try:
        file.parent.mkdir(parents=True)
        file.touch()
    except OSError:
        pytest.skip("no such name can be had here")
    known = {"student_id": student, "file_id": "02_numpy_dropout"}
    assert collected(str(file)) == (None if student is None else known)


def test_downloads_of_an_instructors_own_questions_are_told_apart(tmp_path):
    names = ["Ada King_71_assignsubmission_file_my_homework-1.ipynb", "ada_my_homework.ipynb", f"bob_{NAME}"]
    found = [collected(str(tmp_path / name), ["my_homework"]) for name in names]
    assert [tuple(one.values()) for one in found] == [
        ("Ada King_71", "my_homework"), ("ada", "my_homework"), ("bob", "02_numpy_dropout")
    ]  # fmt: skip
    assert collected(str(tmp_path / names[1])) is None


def test_of_several_downloads_the_latest_counts(tmp_path):
    files = [tmp_path / f"{who}_02_numpy_dropout{again}.ipynb" for who in ("ada", "bob") for again in ("", "-1", "-2")]
    for file in files[:-1]:
        file.touch()
    assert [collected(str(file)) is not None for file in files[:-1]] == [False, False, True, False, True]


@pytest.mark.parametrize(
    "name",
    ["02_numpy_dropout (1).ipynb", "02_numpy_dropout-1.ipynb", "02_numpy_dropout-Copy1.ipynb", "Copy of " + NAME,
     "Ada King_123_assignsubmission_file_" + NAME, "kingada_LATE_123_4567_02_numpy_dropout-3.ipynb", NAME + ".json"],
)  # fmt: skip
def test_a_notebook_is_found_by_the_names_that_uploads_give_it(tmp_path, name):
    written(tmp_path / name, cell("late"))
    notes = []
    assert [one.text for one in read_submission(tmp_path, NAME, notes)] == ["late"]
    assert notes == [f"read from {name}"]
    written(tmp_path / NAME, cell("its own name"))
    assert [one.text for one in read_submission(tmp_path, NAME)] == ["its own name"]


def test_other_notebooks_are_not_taken_for_it(tmp_path):
    for name in ("homework.ipynb", "03_l2_cost.ipynb", "02_numpy_dropout2.ipynb", "x02_numpy_dropout.ipynb"):
        written(tmp_path / name, cell("x"))
    with pytest.raises(Unreadable, match=f"{NAME} is missing; there is: 02_numpy_dropout2.ipynb, 03"):
        read_submission(tmp_path, NAME)


def test_the_process_that_reads_a_large_file_has_bounds(tmp_path, monkeypatch):
    monkeypatch.setattr(handed_in, "SMALL", 0)
    path = written(tmp_path / NAME, cell("a", "key"))
    assert [(one.key, one.text) for one in read_pieces(path)[0]] == [("key", "a")]
    monkeypatch.setattr(handed_in, "SECONDS", 0.01)
    with pytest.raises(Unreadable, match="more than can be read"):
        read_pieces(path)
    assert Path(path).exists()
