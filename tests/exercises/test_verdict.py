"""A verdict as text and as HTML."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell

from course_utils.exercises.verdict import DONE, NOT_ATTEMPTED, NOT_YET, Verdict

WRONG = Verdict(
    "dropout",
    NOT_YET,
    "x <= 3 & so on",
    (("given", np.eye(2)), ("got", "<b>")),
    printed="a < b",
    progress="chapter 02: ○ 0 of 1 done",
)


def test_text():
    assert str(WRONG).splitlines() == [
        "dropout: not yet. x <= 3 & so on",
        "    given: [[1. 0.]",
        "            [0. 1.]]",
        "    got: <b>",
        "    your code printed: a < b",
        "    chapter 02: ○ 0 of 1 done",
    ]
    assert str(Verdict("dropout", DONE, "Verified.")) == "dropout: done. Verified."


def test_html_says_the_same_and_is_escaped():
    page = ElementTree.fromstring(WRONG._repr_html_())  # well formed
    text = " ".join("".join(page.itertext()).split())
    for words in ("dropout: not yet. x <= 3 & so on", "<b>", "a < b", "[[1. 0.] [0. 1.]]", "chapter 02: ○ 0 of 1 done"):
        assert words in text
    assert page.get("role") == "status"


@pytest.mark.parametrize("outcome", [DONE, NOT_YET, NOT_ATTEMPTED])
def test_each_outcome_has_words_and_a_mark_of_its_own(outcome):
    text = "".join(ElementTree.fromstring(Verdict("dropout", outcome, "m")._repr_html_()).itertext())
    assert f"dropout: {outcome}." in text


def test_a_notebook_gets_both_forms():
    bundle, _ = InteractiveShell.instance().display_formatter.format(WRONG)
    InteractiveShell.clear_instance()
    assert bundle["text/plain"] == str(WRONG)
    assert bundle["text/html"] == WRONG._repr_html_()
