"""Numbers of a question, drawn for each student."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.workshop.homework.numbers import NumberError, choices_of, drawn, filled, has_numbers

RANGE = "{{keep_prob: 0.3..0.9 step 0.1}}"


def test_a_range_and_a_list_say_all_that_a_number_may_be():
    found = choices_of([f"q is {RANGE}", "n is {{ n : 2 | 3|5 }}, and {{n}} again"])
    assert found == {"keep_prob": ["0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9"], "n": ["2", "3", "5"]}


@pytest.mark.parametrize("values", ["1..5 step 2", "-1..-0.5 step 0.25", "1..1.1 step 0.02", "10..30 step 10"])
def test_a_range_never_goes_beyond_its_end(values):
    first, last = (float(one) for one in values.split(" step ")[0].split(".."))
    (found,) = choices_of([f"{{{{x: {values}}}}}"]).values()
    assert float(found[0]) == first
    assert all(first <= float(one) <= last for one in found)
    assert len(found) > 2


def test_what_a_student_gets_is_fixed_by_seed_student_question_and_name_alone():
    choices = choices_of([RANGE, "{{n: 2 | 3 | 5}}"])
    # As they were drawn in December 2026: a later version must not give a class other numbers.
    assert drawn(choices, "a1b2", "ada", "kept") == {"keep_prob": "0.9", "n": "5"}
    assert drawn(dict(reversed(choices.items())), "a1b2", "ada", "kept") == drawn(choices, "a1b2", "ada", "kept")
    students = [drawn(choices, "a1b2", f"student-{number}", "kept") for number in range(400)]
    assert {one["keep_prob"] for one in students} == set(choices["keep_prob"])
    together = {(one["keep_prob"], one["n"]) for one in students}
    assert len(together) == 7 * 3  # the two do not hang together
    for other in (("a1b3", "kept"), ("a1b2", "other")):
        again = [drawn(choices, other[0], f"student-{number}", other[1]) for number in range(400)]
        assert 3 < sum(one == two for one, two in zip(students, again, strict=True)) < 60  # 400 / 21 by chance


def test_formulas_are_computed_from_what_was_drawn():
    numbers = {"x": "3", "q": "0.4"}
    text = "{{= x**2 * (1 - q) / q :.3g}}, {{= sqrt(x + 1)}}, {{=-x}}, {{= 100 * q :.0f}} %, {{q: 0.3..0.9 step 0.1}}"
    assert filled(text, numbers) == "13.5, 2, -3, 40 %, 0.4"


@given(st.floats(0.01, 0.99), st.integers(1, 9))
def test_a_formula_means_what_python_means(q, x):
    assert float(filled("{{= (1 - q) / q * x ** 2 :.12g}}", {"q": str(q), "x": str(x)})) == pytest.approx(
        (1 - q) / q * x**2
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{{q: 0.3..0.9}}", "is no range; write it as 0.3..0.9 step 0.1"),
        ("{{q: 0.9..0.3 step 0.1}}", "is no range"),
        ("{{q: 0..1 step 0}}", "is no range"),
        ("{{q: 0..1 step 0.0000001}}", "at most 10000 values"),
        ("{{q: a..b step c}}", "is no range"),
        ("{{q: 0..nan step 1}}", "is no range"),
        ("{{q: 1 || 2}}", "between two | there must be a value"),
        ("{{q: 1 | 1}}", "each another"),
        ("{{keep prob: 1 | 2}}", "`keep prob` is no name"),
        ("{{sqrt: 1 | 2}}", "`sqrt` is no name"),
        ("{{q: 1 | 2}} {{q: 3 | 4}}", "stands here twice"),
        ("{{r}}", "says no number of that name; it says: q"),
        ("{{= r + 1}}", "r is not known; known are: q, abs"),
        ("{{= 1 / (q - q)}}", "cannot be computed: "),
        ("{{= q +}}", "cannot be computed: "),
        ("{{= 9**9**9**9}}", "an exponent above 999"),
        ("{{= __import__('os').system('id')}}", "allowed are numbers, names"),
        ("{{= q.real}}", "allowed are numbers, names"),
        ("{{= [1][0]}}", "allowed are numbers, names"),
    ],
)
def test_what_is_no_number_is_told_with_what_is_allowed(text, why):
    def read():
        choices_of([text])
        filled(text, {"q": "0.5"})

    with pytest.raises(NumberError, match=re.escape(why)):
        read()


def test_the_place_of_a_fault_is_known():
    with pytest.raises(NumberError) as caught:
        filled("line one\nline {{two}}", {})
    assert caught.value.place == len("line one\nline ")


@pytest.mark.parametrize("text", [r"\frac{{\bf x}}{2}", '{{"a": 1}}', "f'{{x!r}}'", "{ {x} }", "{{}}", "{{x, y}}"])
def test_double_braces_of_python_and_of_formulas_are_left_alone(text):
    assert not has_numbers(text)
    assert choices_of([text]) == {}
    assert filled(text, {}) == text
