"""Answers are called and compared so that every number counts, its type does not, and the right mistake is named."""

import copy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.exercises.comparison import (
    agree,
    as_numbers,
    called,
    require_refused,
    require_unchanged,
    require_values,
    returned_array,
)
from course_utils.exercises.limits import Stopped
from course_utils.exercises.mistake import Mistake

NUMBERS = st.floats(min_value=-1e6, max_value=1e6)


def mistake(call, *arguments):
    """Return the id of the mistake that a call raises, and its case as a dict."""
    with pytest.raises(Mistake) as caught:
        call(*arguments)
    return caught.value.misconception, dict(caught.value.case)


@pytest.mark.parametrize(
    "value",
    [2, 2.0, True, np.float32(2), np.int8(2), [1, 2.0], [[1], [2]], (1, 2), np.ones((2, 0)), np.eye(2, dtype=bool), []],
)
def test_numbers_of_any_kind_are_read(value):
    array = as_numbers(value)
    assert array.dtype == float
    assert np.array_equal(array, np.array(value, dtype=float))


@pytest.mark.parametrize(
    "value",
    ["2", ["1", "2"], {}, {"a": 1.0}, {1.0}, [[1.0], [1.0, 2.0]], [1.0, None], 1j, object(), np.array([None]), len],
)
def test_what_is_no_number_is_a_mistake(value):
    misconception, case = mistake(as_numbers, value)
    assert misconception == "not-numbers"
    assert case["got"]


def test_none_is_a_mistake_of_its_own():
    assert mistake(returned_array, lambda: None)[0] == "returns-none"


@given(st.lists(NUMBERS, min_size=1, max_size=5))
def test_arrays_agree_with_themselves_as_float32_and_as_lists(values):
    assert agree(values, np.array(values))
    assert agree(np.array(values, dtype=np.float32), values)


@given(NUMBERS.filter(lambda value: abs(value) > 1e-2), st.sampled_from([1.001, 0.999, -1.0, 2.0]))
def test_a_thousandth_is_seen(value, factor):
    assert not agree(value * factor, value)


@pytest.mark.parametrize(
    ("got", "expected", "answer"),
    [
        (0.0, 1e-8, True),
        (0.0, 1e-6, False),
        (np.nan, np.nan, True),
        (np.nan, 1.0, False),
        (1.0, np.nan, False),
        (np.inf, np.inf, True),
        (np.inf, -np.inf, False),
        (np.inf, 1e300, False),
        ([1.0], 1.0, False),
        ([[1.0, 2.0]], [1.0, 2.0], False),
        (np.ones((2, 1)), np.ones((1, 2)), False),
        (np.ones((0, 2)), np.ones((0, 3)), False),
    ],
)
def test_shapes_and_odd_values(got, expected, answer):
    assert agree(got, expected) is answer


def test_an_error_becomes_a_mistake_with_the_arguments_as_they_were():
    def spoils(x, y):
        x[0] = 9
        raise KeyError("W1")

    misconception, case = mistake(called, spoils, [1, 2], 3)
    assert misconception == "raises-an-error"
    assert case["error"] == "KeyError: 'W1'"
    assert (case["x"], case["y"]) == ([1, 2], 3)


def test_arguments_without_known_names_are_numbered():
    _, case = mistake(called, lambda *values: 1 / 0, 5, 6)
    assert (case["argument 1"], case["argument 2"]) == (5, 6)
    _, case = mistake(called, lambda x: x, 5, 6)
    assert (case["argument 1"], case["argument 2"]) == (5, 6)
    _, case = mistake(called, dict.update, 5)  # a built-in function, whose signature may not be known
    assert 5 in case.values()


@pytest.mark.parametrize("error", [NotImplementedError("your turn"), Stopped(), SystemExit(), Mistake("returns-none")])
def test_what_is_no_mistake_of_the_call_passes(error):
    def answer():
        raise error

    with pytest.raises(type(error)) as caught:
        called(answer)
    assert caught.value is error


PAIR = [np.ones(2), {"W1": np.ones((2, 2)), "b1": [0.0, 1.0]}, [np.zeros(2), 3], "text", 0.5]


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a[0].fill(2.0),
        lambda a: a[0].resize(3, refcheck=False),
        lambda a: a[1].pop("b1"),
        lambda a: a[1].update(W2=1.0),
        lambda a: a[1].update(W1=np.ones((2, 2)) * 2),
        lambda a: a[1]["W1"].__setitem__((0, 0), 7.0),
        lambda a: a[1]["b1"].append(2.0),
        lambda a: a[1]["b1"].__setitem__(0, 2.0),
        lambda a: a[2].reverse(),
        lambda a: a[2].append(1),
        lambda a: a[2][0].fill(1.0),
        lambda a: a[2].clear(),
    ],
)
def test_every_change_of_an_argument_is_seen(change):
    names, before, after = list("xpqts"), copy.deepcopy(PAIR), copy.deepcopy(PAIR)
    require_unchanged(names, before, after)
    change(after)
    misconception, case = mistake(require_unchanged, names, before, after)
    assert misconception == "changes-its-argument"
    assert case["argument"] in ("x", "p", "q")


def test_nan_that_was_there_before_is_no_change():
    require_unchanged(["x"], [np.array([np.nan, 1.0])], [np.array([np.nan, 1.0])])


@pytest.mark.parametrize("new", [None, 3.0, [[1.0], [1.0, 2.0]]])
def test_a_value_of_another_kind_is_a_change(new):
    for old in ([0.0, 1.0], {"a": 1.0}, np.ones(2)):
        assert mistake(require_unchanged, ["p"], [{"b1": old}], [{"b1": new}])[0] == "changes-its-argument"


def test_a_generator_or_function_may_move():
    rng = np.random.default_rng(0)
    before = copy.deepcopy(rng)
    rng.random()
    require_unchanged(["rng", "f"], [before, len], [rng, max])


def test_refused_is_a_value_error_and_nothing_else():
    def root(x):
        if x < 0:
            raise ValueError("x must not be negative")
        return x**0.5

    require_refused("x", -1.0, root, -1.0)
    misconception, case = mistake(require_refused, "x", 1.0, root, 1.0)
    assert (misconception, case["x"], case["expected"]) == ("accepts-anything", 1.0, "ValueError")
    assert mistake(require_refused, "x", 0, lambda x: 1 / x, 0)[0] == "accepts-anything"
    with pytest.raises(NotImplementedError):
        require_refused("x", 0, lambda x: (_ for _ in ()).throw(NotImplementedError), 0)


def right(x, q):
    return x * q


CASES = [(2.0, 2.0), (np.array([1.0, 2.0]), 3.0), (np.array([4.0]), 0.5)]
WRONG = {
    "square-missing": lambda x, q: x + q,  # as x * q in the first case, where 2 + 2 = 2 * 2
    "scale-inverted": lambda x, q: x / q,
    "scaled-twice": lambda x, q: x * q * q,
}


def examine(answer):
    require_values(answer, CASES, right, WRONG)


def test_a_right_value_passes_whatever_its_type():
    examine(right)
    examine(lambda x, q: (np.float32(x) * np.float32(q)).tolist())
    examine(lambda x, q: np.float32(x * q))


@pytest.mark.parametrize(("misconception", "function"), list(WRONG.items()))
def test_a_mistake_is_named_that_explains_all_cases(misconception, function):
    found, case = mistake(examine, function)
    assert found == misconception
    first = next(index for index, given in enumerate(CASES) if not agree(function(*given), right(*given)))
    assert agree(case["x"], CASES[first][0])  # the smallest that fails
    assert agree(case["expected"], right(*CASES[first]))
    assert agree(case["got"], function(*CASES[first]))
    assert list(case)[:2] == ["x", "q"]  # by the names of the right function


@pytest.mark.parametrize(
    "answer",
    [
        lambda x, q: x + q if np.size(x) < 2 else x * q,  # x + q explains the first two cases, not the third
        lambda x, q: x / q if q == 0.5 else x * q,  # x / q explains the last alone
        lambda x, q: x / q if q == 3 else x * q * q,  # each case has its mistake, no mistake has all
        lambda x, q: x * 0,
        lambda x, q: x * q + 1e-3,
        lambda x, q: np.nan * x,
    ],
)
def test_a_mistake_that_explains_some_cases_is_not_named(answer):
    assert mistake(examine, answer)[0] == "wrong-value"


def test_a_mistake_need_not_work_in_every_case():
    wrong = {"scaled-twice": lambda x: np.log(x) * 2, "scale-missing": lambda x: 2 * np.sqrt(-x + 3)}
    cases = [(1.0,), (-1.0,), (0.0,)]
    with pytest.raises(Mistake) as caught:
        require_values(lambda x: 2 * np.sqrt(3 - x), cases, lambda x: x, wrong)
    assert caught.value.misconception == "scale-missing"


@pytest.mark.parametrize("answer", [lambda x, q: x / q, lambda x, q: x / (q + 1)])
def test_a_mistake_may_have_several_forms_but_an_answer_has_one(answer):
    forms = {"scaled-twice": lambda x, q: x * q * q, "scale-inverted": [lambda x, q: x / q, lambda x, q: x / (q + 1)]}
    with pytest.raises(Mistake) as caught:
        require_values(answer, CASES, right, forms)
    assert caught.value.misconception == "scale-inverted"
    with pytest.raises(Mistake) as caught:
        require_values(lambda x, q: x / q if np.size(x) == 1 else x / (q + 1), CASES, right, forms)
    assert caught.value.misconception == "wrong-value"


def test_shapes():
    assert mistake(examine, lambda x, q: np.reshape(x * q, (-1, 1)))[0] == "wrong-shape"
    assert mistake(examine, lambda x, q: np.sum(x * q))[0] == "wrong-shape"
    shapes = {"bias-missing": lambda x, q: np.sum(x * q)}
    with pytest.raises(Mistake) as caught:
        require_values(lambda x, q: float(np.sum(x) * q), CASES, right, shapes)
    assert caught.value.misconception == "bias-missing"  # a shape may be the mistake


def times_in_place(x, q):
    x *= q
    return x


def test_a_changed_argument_is_named_although_the_value_is_right():
    misconception, case = mistake(examine, times_in_place)
    assert (misconception, case["argument"]) == ("changes-its-argument", "x")
    assert agree(case["before"], CASES[1][0])
    assert agree(case["afterwards"], CASES[1][0] * 3)
    assert CASES[1][0].tolist() == [1.0, 2.0]  # the cases themselves stay


def test_a_changed_argument_goes_before_a_value_without_a_name():
    def spoils(x, q):
        if np.ndim(x):
            x += 1
        return x * 0

    assert mistake(examine, spoils)[0] == "changes-its-argument"


def test_the_right_function_may_change_its_argument():
    require_values(lambda x, q: x * q, CASES, times_in_place)
    assert CASES[1][0].tolist() == [1.0, 2.0]
