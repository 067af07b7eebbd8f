"""The bug clinic's chapter and its checks speak of the same lines."""

import re

import pytest

from course_utils.exercises.bug_clinic.suspects import SUSPECTS
from course_utils.workshop.authoring.source import read_source
from tests import SOURCES

SOURCE = SOURCES / "05_bug_clinic" / "chapter.py"
CELLS = {cell.key: cell.text for cell in read_source(SOURCE).cells}
ELSEWHERE = {"find_a5": ["a4-specimen"], "cause_a6": ["a6-cause"], "find_b8": ["b8-specimen", "b8-use-run", "b8-run"]}
ELSEWHERE["find_c1"] = ["c1-specimen", "c1-run"]
LESSON = re.compile(r"<details><summary>Open after you have \w+ \w+</summary>\n\n.+\n\n</details>", re.DOTALL)


@pytest.mark.parametrize("name", SUSPECTS)
def test_the_letters_are_those_of_the_check(name):
    suspects, cells = SUSPECTS[name], ELSEWHERE.get(name, [name.replace("find_", "") + "-specimen"])
    text = "\n".join(CELLS[cell] for cell in cells)
    letters = re.findall(r"  # ([a-z])$|^- \*\*([a-z]):\*\* ", text, re.MULTILINE)
    assert sorted(map("".join, letters)) == sorted([*suspects.wrong, *suspects.innocent])  # lines, or explanations


def test_all_seventeen_bugs_are_there_and_one_from_elsewhere():
    ours = {f"find_a{i}" for i in range(1, 10)} | {f"find_b{i}" for i in range(1, 9)}
    assert set(SUSPECTS) - {"cause_a6"} == ours | {"find_c1"}


def test_eight_patients_are_optional():
    keys = list(CELLS)
    optional = keys[keys.index("more") : keys.index("recap")]
    assert {key[:2] for key in optional if key.endswith("-lesson")} == {
        "a1", "a2", "a8", "b3", "b4", "b5", "b6", "c1",
    }  # fmt: skip


def test_every_lesson_is_closed_until_the_reader_opens_it():
    lessons = [text for key, text in CELLS.items() if key.endswith("-lesson")]
    assert len(lessons) == 19  # A4 and A5 share one; the last round and the test of one's own have theirs
    assert all(LESSON.fullmatch(text) for text in lessons)
    told = "\n".join(text for key, text in CELLS.items() if not key.endswith("-lesson"))
    assert "<details>" not in told
    assert "Habit:" not in told


def test_no_cell_is_long():
    assert max(text.count("\n") + 1 for key, text in CELLS.items() if not key.endswith(("title", "recap"))) <= 25
