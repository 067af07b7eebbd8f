"""Multiple choice: whose order, and what a letter is worth."""

import itertools

import pytest

from course_utils.workshop.homework.choices import LINE, asked_choices, chosen, key_of, shuffled

TEXTS = ["halved", "nothing", "doubled", "`x / q`, and **then** some"]
ASKED = asked_choices(TEXTS, several=False)
KEY = key_of([False, True, False, False], ["scale-missing", "", "scale-inverted", ""], "Since it is so.")


def right_text(asked, key):
    """Return the texts that a key calls right, and of which mistakes it speaks, by their texts."""
    texts = dict(LINE.findall(asked))
    right = {texts[letter] for letter in texts if chosen(letter, asked, key)[0]}
    return right, {texts[letter]: chosen(letter, asked, key)[1] for letter in texts}


@pytest.mark.parametrize("student", ["ada", "bob", "cleo", "Jo Ü", ""])
def test_in_every_order_the_same_text_is_right_and_shows_the_same_mistake(student):
    assert right_text(*shuffled(ASKED, KEY, "seed", student, "q")) == right_text(ASKED, KEY)
    assert "Since it is so." in shuffled(ASKED, KEY, "seed", student, "q")[1]


def test_all_orders_come_up_and_one_student_always_has_the_same():
    orders = [
        tuple(text for _, text in LINE.findall(shuffled(ASKED, KEY, "seed", f"student-{number}", "q")[0]))
        for number in range(400)
    ]
    assert set(orders) == set(itertools.permutations(TEXTS))
    assert orders[7] == tuple(text for _, text in LINE.findall(shuffled(ASKED, KEY, "seed", "student-7", "q")[0]))


@pytest.mark.parametrize(
    "answer", ["b", "B", "b)", "(b)", "**b**", " b.\n", "`b`", "Answer: b", "the answer is b", "b) nothing", "nothing"]
)
def test_a_letter_is_read_however_it_is_written(answer):
    right, mistake, said = chosen(answer, ASKED, KEY)
    assert right is True
    assert (mistake, said) == ("", "b) nothing")


@pytest.mark.parametrize(
    ("answer", "mistake"), [("a", "scale-missing"), ("c", "scale-inverted"), ("d", ""), ("a, b", "scale-missing")]
)
def test_a_wrong_choice_names_its_mistake(answer, mistake):
    right, named, _ = chosen(answer, ASKED, KEY)
    assert right is False
    assert named == mistake


@pytest.mark.parametrize("answer", ["e", "I do not know", "a or b?", "a because of b", "b! no, c", "1", "**", "both"])
def test_what_names_no_choice_alone_waits_for_somebody(answer):
    right, _, said = chosen(answer, ASKED, KEY)
    assert right is None
    assert answer.strip() in said


@pytest.mark.parametrize(
    ("answer", "right"),
    [("a, c", True), ("c and a", True), ("ac", True), ("A C", True), ("a", False), ("a, b, c", False), ("a & c", True)],
)
def test_where_several_are_right_all_of_them_and_no_other_count(answer, right):
    key = key_of([True, False, True, False], [""] * 4, "")
    assert chosen(answer, asked_choices(TEXTS, several=True), key)[0] is right
