"""A verdict as text and as HTML."""

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import numpy as np
import pytest

from course_utils.exercises.check import EXERCISES, examined
from course_utils.exercises.highlight import STYLES
from course_utils.exercises.verdict import (
    CHARACTERS,
    DONE,
    ENTRIES,
    MARKS,
    NOT_ATTEMPTED,
    NOT_YET,
    Verdict,
    Words,
    shown_value,
)

from .planted import RIGHT, WRONG

VERDICT = Verdict(
    "dropout",
    NOT_YET,
    "`x <= 3` & so on",
    (("expected", np.eye(2)), ("x, q", 2), ("shape of x", "`2`"), ("line b", Words("`<b>` & so on"))),
    misconception="wrong-value",
    hint='"quoted" & <i>`so`</i>',
    second_hint="</details> & more",
    solution="def f(x):\n    return 2 < x  # why\n",
    printed="a < b\n  c",
    progress="chapter 02: ○ 0 of 1 done",
)


def page_of(verdict):
    return ElementTree.fromstring(verdict._repr_html_())  # fails unless well formed


def words_of(element):
    return " ".join("".join(f"{text} " for text in element.itertext()).split())


def test_text():
    assert str(VERDICT).splitlines() == [
        "dropout: not yet. `x <= 3` & so on",
        "    expected: [[1. 0.]",
        "               [0. 1.]]",
        "    x, q: 2",
        "    shape of x: `2`",
        "    line b: `<b>` & so on",
        "    your code printed: a < b",
        "                         c",
        '    hint: "quoted" & <i>`so`</i>',
        '    more: `hint("dropout")`, and after a try `solution("dropout")`',
        "    chapter 02: ○ 0 of 1 done",
    ]
    assert str(Verdict("dropout", DONE, "Verified.")) == "dropout: done. Verified."


def test_html_says_the_same_and_is_escaped():
    page = page_of(VERDICT)
    assert words_of(page) == (
        "✗ dropout: not yet. x <= 3 & so on expected [[1. 0.] [0. 1.]] x , q 2 shape of x `2` line b <b> & so on "
        'your code printed a < b c Hint "quoted" & <i> so </i> A second hint </details> & more '
        "A solution def f(x): return 2 < x # why chapter 02: ○ 0 of 1 done"
    )
    values = [pre.text for pre in page.iter("pre")][:-1]
    assert values == ["[[1. 0.]\n [0. 1.]]", "2", "`2`", "a < b\n  c"]  # spaces are kept, and backticks in values
    assert [code.text for code in page.iter("code")] == ["x <= 3", "x", "q", "x", "<b>", "so"]
    assert all("font-family:var(--jp-code-font-family, monospace)" in pre.get("style") for pre in page.iter("pre"))
    assert page.get("role") == "status"
    assert {element.tag for element in page.iter()} <= {
        "div", "b", "span", "table", "tbody", "tr", "th", "td", "pre", "code", "details", "summary",
    }  # fmt: skip
    assert VERDICT.misconception not in VERDICT._repr_html_()


def test_hints_and_solution_are_there_for_those_who_ask():
    page = page_of(VERDICT)
    folded = list(page.iter("details"))
    assert [one[0].tag for one in folded] == ["summary"] * 3
    assert [one[0].text for one in folded] == ["Hint", "A second hint", "A solution"]
    assert [one.get("open") for one in folded] == [None] * 3
    assert words_of(folded[1]) == "A second hint </details> & more"
    assert "".join(folded[2].find("pre").itertext()) == VERDICT.solution.rstrip()
    without = page_of(replace(VERDICT, solution="", second_hint=""))
    assert [words_of(one[0]) for one in without.iter("details")] == ["Hint"]


def test_kinds_of_code_differ_by_more_than_their_colour_or_need_none():
    (listing,) = page_of(VERDICT).findall("details/pre")
    styles = {span.text: span.get("style") for span in listing.iter("span")}
    assert set(styles) == {"def", "return", "2", "# why"}
    assert "font-weight:bold" in styles["def"] == styles["return"]
    assert "font-style:italic" in styles["# why"]


def light(colour):
    """Return the relative luminance of a colour, as in the Web Content Accessibility Guidelines."""
    shares = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in colour]
    return sum(weight * share for weight, share in zip((0.2126, 0.7152, 0.0722), shares, strict=True))


def rgb(colour):
    return [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]


@pytest.mark.parametrize(
    ("text", "page"),
    [("#000000", "#ffffff"), ("#212121", "#f7f7f7"), ("#616161", "#ffffff"), ("#ffffff", "#111111"),
     ("#cccccc", "#1f1f1f")],
)  # fmt: skip
@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_a_solution_can_be_read_on_light_pages_and_dark_ones(style, text, page):
    share, colour = re.search(r"currentColor ?(\d*)%?, (#\w{6})\)", style).groups()
    share = int(share or 50) / 100
    mixed = [share * one + (1 - share) * other for one, other in zip(rgb(text), rgb(colour), strict=True)]
    darker, lighter = sorted((light(mixed), light(rgb(page))))
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def squeezed(text, *, prose):
    """Return a text without white space, and if it is prose without backticks."""
    return "".join((text.replace("`", "") if prose else text).split())


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
        shown = [tuple(squeezed("".join(cell.itertext()), prose=False) for cell in row) for row in page.iter("tr")]
        assert shown == [
            (squeezed(label, prose=True), squeezed(value, prose=isinstance(value, Words)))
            for label, value in verdict.rows()
        ]
        for line in verdict.lines():
            assert " ".join(line.split()) in text
        assert f"{name}: {verdict.outcome}. {' '.join(verdict.message.split())}" in text
        for words in (verdict.message, verdict.hint):
            assert squeezed(words, prose=True) in squeezed("".join(page.itertext()), prose=False)
            assert " ".join(words.split()) in text
        assert not verdict.misconception or f"[{verdict.misconception}]" not in verdict._repr_html_() + text
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
