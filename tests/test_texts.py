"""All that checks say stands in files, whole and once, and another language can be laid over it."""

import ast
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
# What pages say.
PAGES = {"environment", "tables", "instructor", "phrases", "documents", "homework", "room", "room_keys"}
AROUND = {"outcomes", "verdict", "labels", "values", "live", "controls", "presets", "guessing", "sureness"} | PAGES
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
    rows = {"right", "off"}  # looked up by name
    assert [value for value in ENGLISH["values"].keys() - rows if f'said("{value}"' not in code] == []
    for key in ("labels", "values", "outcomes", "phrases", "environment"):  # in the code they are English too
        plain = {name.replace("`", ""): text.replace("`", "") for name, text in ENGLISH[key].items()}
        assert all(name == text for name, text in plain.items())


# Values of a case that are code, or what Python and NumPy say.
OF_CODE = {"ValueError", "True", "False", "find_a5", "overflow encountered in exp"} | {
    "{type(error).__name__}: {error}",
    "functional.dropout(..., training=self.training), BatchNorm1d, Dropout",
    "cost(w{', ...' * len(mask)})",
    "cost(mask, w)",
    "{lambd}, {m}",
}


def written(node):
    """Return a text that stands in code as it is written there, fields and all; None for anything else."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    if not all(isinstance(part, ast.FormattedValue) or isinstance(getattr(part, "value", 0), str) for part in parts):
        return None
    return "".join(f"{{{ast.unparse(part.value)}}}" if hasattr(part, "conversion") else part.value for part in parts)


def test_rows_of_a_case_can_be_said_in_every_language():
    """A name is an argument's or has a text, and prose beside it has one too."""
    rows, strange = set(ENGLISH["labels"]), []
    trees = [ast.parse(code) for code in CODE]
    for node in (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Tuple)):
        if len(node.elts) != 2 or (name := written(node.elts[0])) is None:
            continue
        value = written(node.elts[1]) or ""
        if name in rows or name.isidentifier():
            prose = re.search(r"[a-z]{3}", value) and (" " in value or name in rows)
            strange += [value] if prose and value not in OF_CODE else []
        elif " " in name and not all(part.isidentifier() for part in name.split(", ")):
            strange.append(name)
    assert strange == []


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
