"""What may be guessed, and what counts as right."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.guesses import guess, outcome
from course_utils.guesses.question import Question, answer, question
from course_utils.texts import guesses_of

BAD = [
    ("size", "five", "a number, for instance"),
    ("size", float("nan"), "a number"),
    ("size", [1.0], "a number"),
    ("stripes", "c", "one of 'a', 'b'"),
    ("stripes", 1, "one of 'a', 'b'"),
    ("path", [0.0, 1.0], "3 numbers from 0 to 2"),
    ("path", [0.0, 1.0, 2.5], "3 numbers from 0 to 2"),
    ("path", [0.0, 1.0, None], "3 numbers from 0 to 2"),
    ("path", "012", "3 numbers from 0 to 2"),
]


@pytest.mark.parametrize(("key", "value", "allowed"), BAD)
def test_a_guess_that_is_not_allowed_names_what_is(key, value, allowed):
    with pytest.raises(ValueError, match=f"value must be {allowed.split(',')[0]}.*{key}.*got"):
        guess(key, value)


def test_an_unknown_key_names_the_nearest():
    with pytest.raises(ValueError, match="got 'stripe'; is it 'stripes'"):
        guess("stripe")
    with pytest.raises(ValueError, match="chapter must be one of 09, got '10'"):
        guesses_of("10")


def test_how_sure_must_be_one_of_three():
    with pytest.raises(ValueError, match="sure must be one of hunch, fairly, sure, got 'very'"):
        guess("size", 3, sure="very")


@pytest.mark.parametrize(("key", "truth"), [("stripes", "a"), ("size", None), ("size", float("inf")), ("path", None)])
def test_a_truth_that_is_none_is_refused(key, truth):
    with pytest.raises(ValueError, match="truth must be"):
        outcome(key, truth)


numbers = st.floats(-1e6, 1e6)


@given(guessed=numbers, truth=numbers, within=st.floats(1e-3, 1e3))
def test_a_difference_counts_both_ways(guessed, truth, within):
    one = Question("q", {"within": repr(within)})
    expected = abs(guessed - truth) <= within * (1 + 1e-9)
    assert one.is_right(guessed, truth) == one.is_right(truth, guessed) == expected


@given(guessed=numbers, truth=numbers, factor=st.floats(1, 100))
def test_a_factor_counts_both_ways_and_zero_is_near_nothing(guessed, truth, factor):
    one = Question("q", {"within": f"x{factor!r}"})
    expected = guessed * truth > 0 and 1 / factor / (1 + 1e-9) <= guessed / truth <= factor * (1 + 1e-9)
    assert one.is_right(guessed, truth) == one.is_right(truth, guessed) == expected


def test_a_curve_is_right_where_it_is_near_everywhere():
    one = question("path")
    assert one.is_right([0.0, 1.0, 2.0], [0.25, 0.75, 2.0])
    assert not one.is_right([0.0, 1.0, 2.0], [0.0, 1.0, 1.7])


def test_numbers_are_shown_with_the_digits_that_are_asked_for():
    assert question("size").shown(5.4987) == "5.5 points"
    assert question("ratio").shown(3.917) == "3.9"
    assert question("ratio").shown(31234.0) == "31 000"
    assert question("stripes").shown("b") == "one mask of shape `(n, 1)`"  # no letter: the forms have none
    assert question("path").shown([0.5, 1.0, 2.0]) == "a curve"


def test_a_number_may_come_as_text_or_from_an_array():
    assert question("size").parse("2.5") == question("size").parse(np.float32(2.5)) == 2.5
    assert question("path").parse(np.array([0, 1, 2])) == [0.0, 1.0, 2.0]


def test_a_choice_has_its_answer_in_the_texts():
    assert answer("stripes") == "b"
