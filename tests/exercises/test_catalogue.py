"""Every misconception has a name of its own and five sentences."""

import re
from collections import Counter
from dataclasses import fields, replace
from importlib import import_module
from pathlib import Path

import pytest

from course_utils.exercises.catalogue import CATALOGUE, SUBJECTS, Misconception
from course_utils.exercises.check import EXERCISES
from course_utils.exercises.mistake import Mistake, require

ENTRIES = [entry for subject in SUBJECTS for entry in subject.MISCONCEPTIONS]
EXAMPLE = Misconception("one-two", belief="A.", sign="B.", message="C.", hint="D?", second_hint="E: 3.")
SENTENCES = [field.name for field in fields(Misconception) if field.name != "id"]
FOLDER = Path(import_module("course_utils.exercises.catalogue").__file__).parent
LONGEST = 160  # characters of a message, about two lines of a notebook


def faults(entry):
    """Return what is wrong with the form of an entry."""
    found = [] if re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", entry.id) else ["id"]
    for name in SENTENCES:
        text = getattr(entry, name)
        if text != text.strip() or not re.fullmatch(r"\S.*[.?!]", text):
            found.append(name)
    return found + (["long"] if len(entry.message) > LONGEST else [])


def test_every_entry_has_an_id_of_words_and_whole_sentences():
    assert {entry.id: found for entry in ENTRIES if (found := faults(entry))} == {}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"id": "OneTwo"}, "id"),
        ({"id": "one-"}, "id"),
        ({"id": "one_two"}, "id"),
        ({"id": "one--two"}, "id"),
        ({"belief": ""}, "belief"),
        ({"hint": "No end"}, "hint"),
        ({"second_hint": "Two\nlines."}, "second_hint"),
        ({"sign": " Space before."}, "sign"),
        ({"message": "x" * LONGEST + "."}, "long"),
    ],
)
def test_faults_of_form_are_seen(change, fault):
    assert faults(EXAMPLE) == []
    assert fault in faults(replace(EXAMPLE, **change))


def test_every_id_stands_once_in_all_files():
    assert [name for name, count in Counter(entry.id for entry in ENTRIES).items() if count > 1] == []
    assert list(CATALOGUE.values()) == ENTRIES


def test_no_message_stands_for_two_misconceptions():
    assert [text for text, count in Counter(entry.message for entry in ENTRIES).items() if count > 1] == []


def test_every_file_is_part_of_the_catalogue():
    stems = {path.stem for path in FOLDER.glob("*.py")} - {"__init__", "misconception"}
    assert stems == {subject.__name__.rpartition(".")[2] for subject in SUBJECTS}


@pytest.mark.parametrize("name", list(CATALOGUE)[::40])
def test_a_mistake_finds_its_misconception(name):
    assert Mistake(name).misconception is CATALOGUE[name]
    require(True, name)
    with pytest.raises(Mistake, match=f"^{name}$") as caught:
        require(False, name, ("x", 1), ("y", 2))
    assert caught.value.misconception.id == name
    assert caught.value.case == (("x", 1), ("y", 2))


def test_an_unknown_misconception_is_an_error_of_the_check():
    with pytest.raises(KeyError):
        Mistake("no-such-thing")


def test_every_id_that_a_check_names_is_in_the_catalogue():
    named = re.compile(r'"([a-z][a-z0-9]*(?:-[a-z0-9]+)+)"')
    paths = [path for path in FOLDER.parent.rglob("*.py") if path.parent != FOLDER]
    texts = {str(path.relative_to(FOLDER.parent)): path.read_text(encoding="utf-8") for path in paths}
    found = {(file, name) for file, text in texts.items() if "mistake" in text for name in named.findall(text)}
    assert {name for file, name in found if file in ("comparison.py", "raised.py", "randomness.py")}
    assert {(file, name) for file, name in found if name not in CATALOGUE} == set()


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=lambda exercise: exercise.name)
def test_an_exercise_has_two_hints_of_its_own(exercise):
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", exercise.name)
    for text in (exercise.hint, exercise.second_hint):
        assert text == text.strip()
        assert text[-1] in ".?!"
    assert exercise.hint != exercise.second_hint
