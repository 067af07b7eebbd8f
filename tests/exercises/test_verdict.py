"""A verdict as text and as HTML."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from course_utils.exercises.check import EXERCISES, examined
from course_utils.exercises.verdict import (
    CHARACTERS,
    DONE,
    ENTRIES,
    MARKS,
    NOT_ATTEMPTED,
    NOT_YET,
    Verdict,
    shown_value,
)

from .planted import RIGHT, WRONG

VERDICT = Verdict(
    "dropout",
    NOT_YET,
    "x <= 3 & so on",
    (("given", np.eye(2)), ("got", "<b>")),
    misconception="wrong-value",
    hint='"quoted" & <i>so</i>',
    second_hint="</details> & more",
    printed="a < b\n  c",
    progress="chapter 02: ○ 0 of 1 done",
)


def page_of(verdict):
    return ElementTree.fromstring(verdict._repr_html_())  # fails unless well formed


def words_of(element):
    return " ".join("".join(f"{text} " for text in element.itertext()).split())


def test_text():
    assert str(VERDICT).splitlines() == [
        "dropout: not yet. x <= 3 & so on",
        "    given: [[1. 0.]",
        "            [0. 1.]]",
        "    got: <b>",
        "    your code printed: a < b",
        "                         c",
        '    hint: "quoted" & <i>so</i>',
        '    more: hint("dropout") or solution("dropout")  [wrong-value]',
        "    chapter 02: ○ 0 of 1 done",
    ]
    assert str(Verdict("dropout", DONE, "Verified.")) == "dropout: done. Verified."


def test_html_says_the_same_and_is_escaped():
    page = page_of(VERDICT)
    assert words_of(page) == (
        "✗ dropout: not yet. x <= 3 & so on given [[1. 0.] [0. 1.]] got <b> your code printed a < b c "
        'Hint. "quoted" & <i>so</i> A second hint </details> & more '
        'chapter 02: ○ 0 of 1 done · to see a solution: solution("dropout") [wrong-value]'
    )
    assert [pre.text for pre in page.iter("pre")] == ["[[1. 0.]\n [0. 1.]]", "<b>", "a < b\n  c"]  # spaces are kept
    assert page.get("role") == "status"
    assert {element.tag for element in page.iter()} <= {
        "div", "b", "span", "table", "tbody", "tr", "th", "td", "pre", "details", "summary",
    }  # fmt: skip


def test_the_second_hint_is_there_for_those_who_ask():
    (details,) = page_of(VERDICT).iter("details")
    assert words_of(details) == "A second hint </details> & more"
    assert details.get("open") is None


@pytest.mark.parametrize("outcome", [DONE, NOT_YET, NOT_ATTEMPTED])
def test_each_outcome_has_words_and_a_mark_of_its_own(outcome):
    page = page_of(Verdict("dropout", outcome, "m"))
    assert f"dropout: {outcome}. m" in words_of(page)
    (mark,) = page.iter("span")
    assert mark.text == MARKS[outcome][0]
    assert len({text for text, _ in MARKS.values()}) == 3
    assert not list(page.iter("table"))  # with nothing to show
    assert not list(page.iter("details"))


@pytest.mark.parametrize("name", WRONG)
def test_both_forms_of_a_planted_answer_say_the_same(name):
    answers = [answer for _, answer in WRONG[name]] + list(RIGHT[name].values())
    answers = answers[::5]  # what they say differs, not how it is said
    for verdict in (examined(EXERCISES[name], answer) for answer in answers):
        page, text = page_of(verdict), " ".join(str(verdict).split())
        rows = [(words_of(row[0]), words_of(row[1])) for row in page.iter("tr")]
        assert rows == [(" ".join(one.split()), " ".join(other.split())) for one, other in verdict.rows()]
        for label, value in rows:
            assert f"{label}: {value}" in text
        assert f"{name}: {verdict.outcome}. {' '.join(verdict.message.split())}" in text
        for words in (verdict.message, verdict.hint, f"[{verdict.misconception}]" if verdict.misconception else ""):
            assert " ".join(words.split()) in words_of(page)
            assert " ".join(words.split()) in text
        assert max(map(len, str(verdict).splitlines())) < 2 * CHARACTERS


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1 + 0.2, "0.3"),
        (1 / 3, "0.333333"),
        (1e-12, "1e-12"),
        (np.float64(2 / 3), "0.666667"),
        (np.array([1 / 3, 2.0]), "[0.333 2.   ]"),
        (np.array(0.5), "0.5"),
        (np.array([1e-5, 1.0]), "[0. 1.]"),
        (np.array([1e-5, -2e-4]), "[ 1.e-05 -2.e-04]"),  # small altogether, so no entry may vanish
        (np.zeros(2), "[0. 0.]"),
        (np.array([np.nan, 1.0]), "[nan  1.]"),
        (np.array([]), "[]"),
        (np.array([True, False]), "[ True False]"),
        ((2, 3), "(2, 3)"),
        (None, "None"),
        ({}, "{}"),
        ({"W1": 1, "b1": np.eye(2)}, "W1: 1\nb1: [[1. 0.]\n     [0. 1.]]"),
    ],
)
def test_values_are_short(value, text):
    assert shown_value(value) == text


def test_large_values_are_cut():
    assert "[0." in shown_value(np.zeros(ENTRIES))
    assert shown_value(np.arange(ENTRIES + 1.0)) == (
        f"array of shape ({ENTRIES + 1},), its first entries [0. 1. 2. 3. 4. 5.]"
    )
    assert shown_value("x" * CHARACTERS) == "x" * CHARACTERS
    assert shown_value("x" * (CHARACTERS + 1)) == "x" * CHARACTERS + " …"
    assert len(shown_value(list(range(10_000)))) == CHARACTERS + 2
