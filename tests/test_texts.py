"""All that checks say stands in files, whole and once, and another language can be laid over it."""

import re
import shutil
from collections import Counter
from dataclasses import replace

import pytest

from course_utils import texts as module
from course_utils.exercises import check, hint, solution
from course_utils.exercises.bug_clinic.suspects import REASONS, SUSPECTS
from course_utils.exercises.check import EXERCISES, examined
from course_utils.exercises.exercise import Exercise
from course_utils.exercises.mistake import require
from course_utils.texts import FOLDER, GUESS, entries, texts
from tests import ROOT

ENGLISH = texts("en")
PAGES = {"environment", "tables", "instructor", "phrases", "homework"}  # what pages say
AROUND = {"outcomes", "verdict", "labels", "live", "controls", "presets", "guessing", "sureness"} | PAGES
QUESTIONS = {name for name in ENGLISH if name.startswith(GUESS)}
BELIEFS = {name: entry for name, entry in ENGLISH.items() if "belief" in entry}
LONGEST = 160  # characters of a message, about two lines of a notebook
EXERCISES_FOLDER = ROOT / "course_utils" / "exercises"
CODE = [path.read_text(encoding="utf-8") for path in EXERCISES_FOLDER.rglob("*.py")]
SENTENCES = ["belief", "sign", "message", "hint", "second_hint"]


@pytest.mark.parametrize("name", [*BELIEFS, *EXERCISES])
def test_every_misconception_and_exercise_has_a_name_and_whole_sentences(name):
    entry, belief = ENGLISH[name], name in BELIEFS
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)+" if belief else r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name)
    assert list(entry)[: len(entry) if belief else 3] == (SENTENCES if belief else ["verified", "hint", "second_hint"])
    for key, text in entry.items():
        end = ".?!" if key in SENTENCES else "^.!"  # the others go into a sentence or stand in a table
        assert re.fullmatch(rf"\S.*[{end}]", text), key
        assert text == text.strip(), key
    assert entry["hint"] != entry["second_hint"]
    assert len(entry.get("message", "").replace("`", "")) <= LONGEST


# What looks like code outside of backticks: a name with an underscore or a dot, a call, an operator that only code has.
LIKE_CODE = re.compile(r"[^\W\d]\w*_|\b_\w|\b[a-z]\w*\.[a-z]|\b([^\W\d]\w*)\(|\*|[+=]=|\bdef\b|  ")
MATHEMATICS = {"exp", "log", "sign", "tanh", "Var", "J", "σ"}  # functions of formulas


@pytest.mark.parametrize("name", sorted(ENGLISH.keys() - {"live", "controls", "presets"} - PAGES))
def test_code_stands_between_backticks(name):
    for key, text in ENGLISH[name].items():
        outside = re.sub("`[^`]+`|{[^{}]*}", "0", text)  # what is filled in has backticks of its own
        assert "`" not in outside, f"{key}: {text}"
        found = [one[0] for one in LIKE_CODE.finditer(outside) if one[1] not in MATHEMATICS]
        assert found == [], f"{key}: {text}"


def test_the_texts_are_those_of_misconceptions_exercises_and_what_stands_around():
    assert set(ENGLISH) == AROUND | QUESTIONS | set(BELIEFS) | set(EXERCISES) | set(REASONS.values())


def test_every_name_and_every_message_stands_once():
    for all_of in ([name for _, name, _ in entries(FOLDER)], [entry["message"] for entry in BELIEFS.values()]):
        assert [text for text, count in Counter(all_of).items() if count > 1] == []


def test_the_checks_name_all_misconceptions_and_no_others():
    ids = re.compile(r'"([a-z][a-z0-9]*(?:-[a-z0-9]+)+)"')
    assert {name for text in CODE for name in ids.findall(text)} - {"utf-8"} == set(BELIEFS)


@pytest.mark.parametrize("name", SUSPECTS)
def test_every_line_of_a_specimen_has_its_reason(name):
    suspects, reasons = SUSPECTS[name], ENGLISH[REASONS.get(name, name)]
    assert set(suspects.innocent) == {key for key in reasons if len(key) == 1} - {*suspects.wrong}
    verified = ENGLISH[name]["verified"]  # of settings more than one may be blamed
    several = ", ".join(rf"{letter} [\w ]+" for letter in suspects.wrong)
    assert re.match(several if len(suspects.wrong) > 1 else rf"(line|explanation) {suspects.wrong}: ", verified)


def test_the_code_uses_every_sentence_and_every_label():
    code = "".join(CODE)
    assert [key for key in ENGLISH["verdict"] if f'sentence("{key}"' not in code.replace("'", '"')] == []
    assert [label for label in ENGLISH["labels"] if f'("{label}", ' not in code and f'"{label}", ' not in code] == []
    for key in ("labels", "outcomes", "phrases", "environment"):  # in the code they are English too
        assert all(name == text.replace("`", "") for name, text in ENGLISH[key].items())


def test_an_unknown_misconception_is_an_error_of_the_check():
    def examine(answer, rng):
        require(False, "no-such-thing")

    with pytest.raises(KeyError, match="no-such-thing"):
        examined(Exercise("dropout", examine), len)


@pytest.fixture
def german(tmp_path, monkeypatch):
    """Write a file of a language, which then is the reader's; without a text, take it away."""
    folder = tmp_path / "texts"
    shutil.copytree(FOLDER, folder)
    monkeypatch.setattr(module, "FOLDER", folder)
    monkeypatch.setenv("COURSE_LANGUAGE", "de")

    def write(name, text):
        path = folder / "de" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


GERMAN = """
[bias-missing]
message = "Der Summand b fehlt."

[outcomes]
"not yet" = "noch nicht"

[labels]
got = "erhalten"

[verdict]
solution = "Lösung"
more_in_text = 'mehr: `hint("{exercise}")`'

[test_output]
hint = "Was war im Mittel a · mask?"
"""


def test_a_check_speaks_the_readers_language_and_what_it_lacks_is_english(german, capsys):
    german("some.toml", GERMAN)
    check("test_output", lambda a, W, b, q: W @ (q * a))
    out = capsys.readouterr().out
    assert out.startswith("test_output: noch nicht. Der Summand b fehlt.\n")
    assert re.search(r"^    expected: .+\n    erhalten: ", out, re.MULTILINE)
    assert f"hint: {BELIEFS['bias-missing']['hint']}" in out
    assert 'mehr: `hint("test_output")`\n' in out
    verdict = replace(examined(EXERCISES["test_output"], lambda a, W, b, q: W @ (q * a)), solution="pass")
    assert ">Lösung</summary>" in verdict._repr_html_()
    hint("test_output")
    assert capsys.readouterr().out == f"test_output: {BELIEFS['bias-missing']['second_hint']}\n"
    assert texts("en") == texts("none-of-ours") == ENGLISH  # and what was laid over it has not changed it


def test_the_language_may_be_chosen_after_the_first_check(german, monkeypatch, capsys):
    german("beliefs/gradients.toml", GERMAN)
    for language, words in {"de": "noch nicht", "en": "not yet", "xx": "not yet", "": "not yet"}.items():
        monkeypatch.setenv("COURSE_LANGUAGE", language)
        check("test_output", None)
        assert capsys.readouterr().out.startswith(f"test_output: {words}. ")
    monkeypatch.delenv("COURSE_LANGUAGE")
    solution("slope_with_dropout")
    assert capsys.readouterr().out.startswith("slope_with_dropout: try it first")


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ('[bias-missed]\nmessage = "?"', "bias-missed.message"),
        ('[bias-missing]\nmessage = "b"\nremark = "?"', "bias-missing.remark"),
        ('[labels]\ngotten = "?"', "labels.gotten"),
    ],
)
def test_what_english_does_not_have_is_an_error_with_its_place(german, text, unknown):
    path = german("beliefs/gradients.toml", text)
    with pytest.raises(ValueError, match=f"^{re.escape(f'{path}: there is no {unknown} in English')}$"):
        check("test_output", None)
