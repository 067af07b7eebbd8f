"""Slips of any formula are found by what they compute, two together as well, and nothing is found where nothing is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.exercises.comparison import require_values
from course_utils.exercises.explanation import Problem, explanation
from course_utils.exercises.factors import monomial
from course_utils.exercises.mistake import Found, Mistake
from course_utils.exercises.slips import combined

NAMES = ["W", "dW", "keep_prob", "lambd", "m"]


def right(W, dW, keep_prob, lambd, m):
    return dW / keep_prob + lambd / m * W


def drawn_cases(seed=0):
    rng = np.random.default_rng(seed)
    return [
        (rng.normal(size=shape), rng.normal(size=shape), *settings)
        for shape, settings in (((1, 2), (0.8, 3.0, 7)), ((2, 3), (0.37, 1.3, 12)), ((4, 2), (0.61, 0.4, 31)))
    ]


def found(answer, of=right, parts=None, wrong=None, cases=None):
    """Return the ids that explain an answer, and what fills the gaps of their texts."""
    cases = cases or drawn_cases()
    got, expected = ([np.asarray(function(*case), float) for case in cases] for function in (answer, of))
    names = NAMES[: len(cases[0])]
    result = explanation(Problem(names, cases, got, expected, of, parts or {}), wrong or {}, {}, None)
    return [(one.misconception, dict(one.words)) for one in result]


def changed(argument, change):
    return [("argument-changed", {"argument": argument, "change": change})]


def changed_result(change):
    return [("result-changed", {"change": change, "right": "the right result"})]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            lambda W, dW, q, lambd, m: right(W, dW, 0.3, lambd, m),
            [("argument-hard-coded", {"argument": "keep_prob", "value": "0.3"})],
        ),
        (lambda W, dW, q, lambd, m: right(W, dW, np.sqrt(q), lambd, m), changed("keep_prob", "np.sqrt(keep_prob)")),
        (lambda W, dW, q, lambd, m: right(W, dW, q, lambd**2, m), changed("lambd", "lambd**2")),
        (lambda W, dW, q, lambd, m: right(np.sign(W), dW, q, lambd, m), changed("W", "np.sign(W)")),
        (lambda W, dW, q, lambd, m: right(W, np.ones_like(W), q, lambd, m), changed("dW", "np.ones_like(dW)")),
        (lambda W, dW, q, lambd, m: right(W, W, q, lambd, m), changed("dW", "W")),
        (
            lambda W, dW, q, lambd, m: right(dW, W, q, lambd, m),
            [("arguments-exchanged", {"one": "W", "other": "dW"})],
        ),
        (
            lambda W, dW, q, lambd, m: right(W, dW, q, lambd, W.size),
            [("other-count-for-m", {"argument": "m", "change": "W.size"})],
        ),
        (lambda *case: -right(*case), changed_result("-right")),
        (lambda *case: right(*case).sum(axis=1), changed_result("right.sum(axis=1)")),
        (lambda *case: np.round(right(*case), 2), changed_result("np.round(right, 2)")),
        (lambda *case: case[4] / 2 * right(*case), [("factor-off", {"factor": "m / 2", "where": "In every case"})]),
        (
            lambda *case: right(*case) / case[2] ** 2,
            [("factor-off", {"factor": "1 / keep_prob**2", "where": "In every case"})],
        ),
        (lambda W, dW, q, lambd, m: 4.5 + 0 * W[0, 0], [("result-constant", {"value": "4.5"})]),
    ],
)
def test_one_slip_is_found_with_its_formula(answer, expected):
    assert found(answer) == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (lambda W, dW, q, lambd, m: right(W, dW, 1 - q, lambd, m), ["keep-drop-swapped"]),
        (lambda W, dW, q, lambd, m: right(W, dW, q, lambd, 1), ["m-missing"]),
        (lambda W, dW, q, lambd, m: right(W, dW, q, 0, m), ["penalty-missing"]),
        (lambda W, dW, q, lambd, m: right(W, dW, q, -lambd, m), ["penalty-sign"]),  # not -W for W
        (lambda W, dW, q, lambd, m: right(W, dW, 1 - q, lambd, 1), ["keep-drop-swapped", "m-missing"]),
        (lambda W, dW, q, lambd, m: 2 * right(W, dW, 1 - q, lambd, m), ["keep-drop-swapped", "factor-off"]),
        (lambda W, dW, q, lambd, m: right(W, dW, q, lambd, 1).sum(), ["m-missing", "result-changed"]),
        (lambda W, dW, q, lambd, m: -right(W, dW, q, lambd**2, m), []),  # no name but formulas
        (lambda W, dW, q, lambd, m: right(W**3, dW, q, lambd, m), ["cubed"]),
        (lambda W, dW, q, lambd, m: right(W**3, dW, 1 - q, lambd, m), ["cubed", "keep-drop-swapped"]),
    ],
)
def test_what_has_a_name_is_told_by_it_and_two_are_told_together(answer, expected):
    wrong = {"cubed": lambda W, dW, q, lambd, m: right(W**3, dW, q, lambd, m)}
    assert [misconception for misconception, _ in found(answer, wrong=wrong)] == expected


PARTS = {"dW": lambda W, dW, q, lambd, m: dW / q, "lambd / m * W": lambda W, dW, q, lambd, m: lambd / m * W}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (lambda q, m: m, lambda q, m: 1, [("dW", "m")]),
        (lambda q, m: 0.5, lambda q, m: m / 2, [("dW", "1 / 2"), ("lambd / m * W", "m / 2")]),
        (lambda q, m: q, lambda q, m: -q, [("dW", "keep_prob"), ("lambd / m * W", "-keep_prob")]),
        (lambda q, m: -2 * m, lambda q, m: 1, [("dW", "-2 * m")]),
        (lambda q, m: 0, lambda q, m: -m / 2, [("dW", "0"), ("lambd / m * W", "-m / 2")]),
    ],
)
def test_terms_of_a_sum_are_counted(first, second, expected):
    def answer(W, dW, q, lambd, m):
        return first(q, m) * dW / q + second(q, m) * lambd / m * W

    terms = [(words["part"], words["factor"]) for name, words in found(answer, parts=PARTS) if name.startswith("part-")]
    assert terms == expected


@given(st.integers(0, 10**6), st.sampled_from([(1, 2), (2, 3), ()]))
def test_numbers_out_of_nowhere_are_not_explained(seed, shape):
    rng = np.random.default_rng(seed)
    results = [rng.normal(size=np.shape(right(*case)) if shape else ()) for case in drawn_cases(seed)]
    answers = iter(results)
    assert found(lambda *case: next(answers), parts=PARTS, cases=drawn_cases(seed)) == []


KNOWN = {"m": np.array([7.0, 12.0, 31.0]), "q": np.array([0.8, 0.37, 0.61]), "n": np.array([2.0, 3.0, 5.0])}


@given(
    st.dictionaries(st.sampled_from(sorted(KNOWN)), st.sampled_from([-2, -1, 1, 2]), max_size=2),
    st.integers(-2, 2),
    st.sampled_from([1, -1]),
)
def test_a_product_of_powers_is_read_off_its_values(powers, two, sign):
    factors = sign * 2.0**two * np.prod([KNOWN[name] ** power for name, power in powers.items()], axis=0) * np.ones(3)
    assert np.allclose(eval(monomial(factors, KNOWN), dict(KNOWN)), factors)


def test_a_product_that_fits_some_cases_alone_is_none():
    known = {"m": np.array([7.0, 12.0, 31.0])}
    assert monomial(np.array([7.0, 12.0, 31.0]), known) == "m"
    assert monomial(np.array([7.0, 12.0, 30.0]), known) == ""
    assert monomial(np.array([7.0, -12.0, 31.0]), known) == ""
    assert monomial(np.array([0.0, 0.0, 0.0]), known) == "0"


def test_ingredients_give_single_mistakes_before_pairs():
    slips = combined(
        lambda a, b, c: lambda x: a * x + b + c,
        {"": 1, "a-wrong": 2},
        {"": 0, "b-wrong": 5, "b-worse": 7},
        {"": 0, "c-wrong": 9},
    )
    ids = [[one.misconception for one in slip.found] for slip in slips]
    assert ids[:4] == [["c-wrong"], ["b-wrong"], ["b-worse"], ["a-wrong"]]
    assert sorted(ids[4:]) == [["a-wrong", "b-worse"], ["a-wrong", "b-wrong"], ["a-wrong", "c-wrong"],
                               ["b-worse", "c-wrong"], ["b-wrong", "c-wrong"]]  # fmt: skip
    assert {tuple(i): slip.function(1) for i, slip in zip(ids, slips, strict=True)}["a-wrong", "c-wrong"] == 11


def test_a_single_case_is_explained_by_nothing_but_a_known_mistake():
    case = [(np.ones((1, 2)), np.ones((1, 2)), 0.5, 2.0, 4)]
    assert found(lambda *given: 2 * right(*given), cases=case) == []
    assert found(lambda *given: 2 * right(*given), wrong={"twice": lambda *given: 2 * right(*given)}, cases=case) == [
        ("twice", {})
    ]


@pytest.mark.parametrize("source", ["np.random.rand()", "np.random.default_rng(0).random()"])
def test_whoever_draws_where_a_formula_is_asked_is_told_so(source):
    answer = eval(f"lambda W, dW, q, lambd, m: dW / q + {source}", {"np": np})
    with pytest.raises(Mistake) as caught:
        require_values(answer, drawn_cases(), right)
    assert caught.value.misconception == "random-for-exact"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (lambda W, dW, q, lambd, m: right(W, dW, q, lambd, m).ravel(), "right-but-for-the-shape"),
        (lambda W, dW, q, lambd, m: np.ones((dW.shape[1], dW.shape[0])) * q, "shape-transposed"),
        (lambda W, dW, q, lambd, m: np.arange(dW.size).reshape(-1, 1, 1) * q, "other-shape"),
        (lambda W, dW, q, lambd, m: (dW + q).sum(axis=0), "axis-summed"),
        (lambda W, dW, q, lambd, m: q + 3, "one-number-for-many"),
        (lambda W, dW, q, lambd, m: np.ones((5, 5)) * q, "wrong-shape"),
        (lambda W, dW, q, lambd, m: (W, right(W, dW, q, lambd, m)), "returns-several-things"),
        (lambda W, dW, q, lambd, m: right(W, dW, q, lambd, m) + (lambd == 0), "wrong-at-one-value"),
        (lambda W, dW, q, lambd, m: right(W, dW, q, lambd, m) + (lambd == 1.3), "wrong-value"),  # no edge
    ],
)
def test_what_nothing_explains_is_told_by_what_is_seen(answer, expected):
    cases = [*drawn_cases(), (np.ones((2, 3)), np.ones((2, 3)) * 2, 0.5, 0, 4)]
    with pytest.raises(Mistake) as caught:
        require_values(answer, cases, right)
    assert caught.value.misconception == expected


def test_a_pair_is_one_mistake_with_both_names():
    mistake = Mistake("m-missing", (("x", 1),), Found("factor-off", {"factor": "2"}))
    assert mistake.misconception == "m-missing + factor-off"
    assert [one.words for one in mistake.found] == [{}, {"factor": "2"}]


def test_a_factor_that_shows_in_one_case_alone_is_not_told():
    def now_and_then(W, dW, keep_prob, lambd, m):
        return W**3 * (m == 7)

    assert found(lambda *case: 2 * now_and_then(*case), of=now_and_then) == []
