"""Answers are called and compared so that every number counts, its type does not, and the right mistake is named."""

import copy
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.exercises.calls import as_numbers, called, require_refused, require_unchanged, returned_array
from course_utils.exercises.comparison import require_values
from course_utils.exercises.explanation import agree
from course_utils.exercises.limits import Stopped
from course_utils.exercises.mistake import Mistake

from . import mistake

NUMBERS = st.floats(min_value=-1e6, max_value=1e6)


@pytest.mark.parametrize(
    "value",
    [2, 2.0, True, np.float32(2), np.int8(2), [1, 2.0], [[1], [2]], (1, 2), np.ones((2, 0)), np.eye(2, dtype=bool), []],
)
def test_numbers_of_any_kind_are_read(value):
    array = as_numbers(value)
    assert array.dtype == float
    assert np.array_equal(array, np.array(value, dtype=float))


@pytest.mark.parametrize(
    ("value", "numbers"),
    [
        (Fraction(1, 4), 0.25),
        ([Fraction(1, 4), 1], [0.25, 1]),
        (np.array([[Fraction(1, 2)]]), [[0.5]]),
        (Decimal("0.5"), 0.5),
        (10**30, 1e30),
    ],
)
def test_exact_numbers_are_numbers(value, numbers):
    assert np.array_equal(as_numbers(value), numbers)


def test_a_tensor_with_a_gradient_has_numbers():
    torch = pytest.importorskip("torch")
    assert as_numbers(torch.tensor(0.25, requires_grad=True)) == 0.25
    assert as_numbers(torch.ones(2, 3, requires_grad=True) * 2).tolist() == [[2.0] * 3] * 2


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2", "returns-text"),
        (["1", "2"], "returns-a-mixed-list"),
        ({"a": 1.0}, "returns-a-dict"),
        ({1.0}, "returns-a-set"),
        ([[1.0], [1.0, 2.0]], "returns-a-mixed-list"),
        ((1.0, None), "returns-a-mixed-list"),
        (iter([1.0]), "returns-an-iterator"),
        (map(float, "12"), "returns-an-iterator"),
        ((number for number in (1, 2)), "returns-an-iterator"),
        (len, "returns-a-function"),
        (float, "returns-a-function"),
        (1j, "not-numbers"),
        (object(), "not-numbers"),
        (np.array([None]), "not-numbers"),
    ],
)
def test_what_is_no_number_is_a_mistake_with_a_name_for_its_kind(value, expected):
    misconception, case = mistake(as_numbers, value)
    assert misconception == expected
    assert "got" in case


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
        x["W1"][0] = 9
        raise LookupError("W1")

    misconception, case = mistake(called, spoils, {"W1": [1, 2]}, 3)
    assert misconception == "raises-an-error"
    line = {f"line {spoils.__code__.co_firstlineno + 2}": 'raise LookupError("W1")'}
    assert case == {"error": "LookupError: W1", **line, "x": {"W1": [1, 2]}, "y": 3}


def test_arguments_without_known_names_are_numbered():
    for answer in (lambda *values: 1 / 0, lambda x: x):
        _, case = mistake(called, answer, 5, 6)
        assert (case["argument 1"], case["argument 2"]) == (5, 6)
    assert 5 in mistake(called, dict.update, 5)[1].values()  # a built-in function, whose signature may not be known


@pytest.mark.parametrize("error", [NotImplementedError("your turn"), Stopped(), SystemExit(), Mistake("returns-none")])
def test_what_is_no_mistake_of_the_call_passes(error):
    def answer():
        raise error

    with pytest.raises(type(error)) as caught:
        called(answer)
    assert caught.value is error
    assert mistake(returned_array, lambda: None)[0] == "returns-none"


PAIR = [np.ones(2), {"W1": np.ones((2, 2)), "b1": [0.0, 1.0]}, [np.zeros(2), 3], "text", 0.5]


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a[0].fill(2.0),
        lambda a: a[0].resize(3, refcheck=False),
        lambda a: a[1].pop("b1"),
        lambda a: a[1].update(W2=1.0),
        lambda a: a[1].update(W1=np.ones((2, 2)) * 2),
        lambda a: a[1].update(b1=3.0),
        lambda a: a[1].update(W1=None),
        lambda a: a[1].update(W1=[[1.0], [1.0, 2.0]]),
        lambda a: a[1]["W1"].__setitem__((0, 0), 7.0),
        lambda a: a[1]["b1"].append(2.0),
        lambda a: a[1]["b1"].__setitem__(0, 2.0),
        lambda a: a[2].reverse(),
        lambda a: a[2][0].fill(1.0),
        lambda a: a.__setitem__(1, 3.0),
    ],
)
def test_every_change_of_an_argument_is_seen(change):
    names, before, after = list("xpqts"), copy.deepcopy(PAIR), copy.deepcopy(PAIR)
    require_unchanged(names, before, after)
    change(after)
    misconception, case = mistake(require_unchanged, names, before, after)
    assert misconception == "changes-its-argument"
    assert case["argument"] in ("x", "p", "q")


def test_nan_that_was_there_a_generator_and_a_function_are_no_change():
    rng = np.random.default_rng(0)
    before = [np.array([np.nan, 1.0]), copy.deepcopy(rng), len]
    rng.random()
    require_unchanged(["x", "rng", "f"], before, [before[0].copy(), rng, max])


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


def times_in_place(x, q):
    x *= q
    return x


def spoils(x, q):
    if np.ndim(x):
        x += 1
    return x * 7 + 0.3


CASES = [(2.0, 2.0), (np.array([1.0, 2.0]), 3.0), (np.array([4.0]), 0.5)]
WRONG = {
    "square-missing": lambda x, q: x + q,  # as x * q in the first case, where 2 + 2 = 2 * 2
    "scaled-twice": lambda x, q: x * q * q,
    "scale-inverted": [lambda x, q: x / q, lambda x, q: x / (q + 1)],
    "bias-missing": lambda x, q: np.sum(x * q) + 1,  # its shape is a part of the mistake
}


@pytest.mark.parametrize(
    "answer", [right, lambda x, q: (np.float32(x) * np.float32(q)).tolist(), lambda x, q: np.float32(x * q)]
)
def test_a_right_value_passes_whatever_its_type(answer):
    require_values(answer, CASES, right, WRONG)
    require_values(answer, CASES, times_in_place, WRONG)  # the right function may change its argument
    assert CASES[1][0].tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("answer", "expected", "index"),
    [
        (WRONG["square-missing"], "square-missing", 1),
        (WRONG["scaled-twice"], "scaled-twice", 0),
        *((form, "scale-inverted", 0) for form in WRONG["scale-inverted"]),
        (WRONG["bias-missing"], "bias-missing", 0),
        # A mistake that explains some cases is not named.
        (lambda x, q: x + q if np.size(x) < 2 else x * q, "wrong-value", 2),  # x + q explains the first two
        (lambda x, q: x / q if q == 0.5 else x * q, "wrong-value", 2),  # x / q explains the last alone
        (lambda x, q: x / q if q == 3 else x * q * q, "wrong-value", 0),  # each case has its mistake, none has all
        (lambda x, q: x / q if np.size(x) == 1 else x / (q + 1), "wrong-value", 0),  # nor has one form of it
        (lambda x, q: x * 0, "result-constant", 0),
        (lambda x, q: x * q + 1e-3, "wrong-value", 0),
        (lambda x, q: np.nan * x, "result-not-finite", 0),
        (lambda x, q: np.reshape(x * q, (-1, 1)), "right-but-for-the-shape", 0),
        (lambda x, q: np.sum(x * q), "result-changed", 1),
        (lambda x, q: np.append(x * q, 5.0), "many-for-one-number", 0),
    ],
)
def test_a_mistake_is_named_that_explains_all_cases(answer, expected, index):
    found, case = mistake(require_values, answer, CASES, right, WRONG)
    assert (found, list(case)[:4]) == (expected, ["x", "q", "expected", "got"])  # by the names of the right function
    assert agree(case["x"], CASES[index][0])  # the smallest case that fails
    assert agree(case["expected"], right(*CASES[index]))
    assert agree(case["got"], answer(*CASES[index]))


def test_a_mistake_need_not_work_in_every_case():
    wrong = {"scaled-twice": lambda x: np.log(x) * 2, "scale-missing": lambda x: 2 * np.sqrt(-x + 3)}
    cases = [(1.0,), (-1.0,), (0.0,)]
    assert mistake(require_values, wrong["scale-missing"], cases, lambda x: x, wrong)[0] == "scale-missing"


def test_a_changed_argument_is_named_although_the_value_is_right_or_before_one_without_a_name():
    misconception, case = mistake(require_values, times_in_place, CASES, right, WRONG)
    assert (misconception, case["argument"]) == ("changes-its-argument", "x")
    assert agree(case["before"], CASES[1][0])
    assert agree(case["afterwards"], CASES[1][0] * 3)
    assert CASES[1][0].tolist() == [1.0, 2.0]  # the cases themselves stay
    assert mistake(require_values, spoils, CASES, right, WRONG)[0] == "changes-its-argument"
