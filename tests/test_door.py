"""The door of public functions: arguments are checked there once, by the domains in the signature, and not inside."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import pytest

from course_utils.arguments import Count, Domain, Positive, Settings, checked

LOOKED_AT: list[Any] = []


def noted(name: str, value: Any) -> Any:
    LOOKED_AT.append(value)
    if value < 0:
        raise ValueError(f"{name} must be >= 0, got {value}")
    return value


def not_above(name: str, value: Any, given: dict[str, Any]) -> Any:
    if value > given["high"]:
        raise ValueError(f"{name} must be at most high, got {value}")
    return value


Noted = Annotated[float, Domain(noted)]


@checked
def root(value: Noted) -> float:
    return value**0.5


@checked
def sum_of_roots(value: Noted, times: Count = 3) -> float:
    return sum(root(value) for _ in range(times))


@checked
def between(value: Annotated[float, Domain(among=not_above)], high: Count | None = 5) -> tuple[float, int | None]:
    return value, high


@pytest.fixture(autouse=True)
def _nothing_is_noted():
    LOOKED_AT.clear()


def test_a_bad_argument_is_named_before_anything_runs():
    with pytest.raises(ValueError, match=r"^value must be >= 0, got -4$"):
        root(-4)
    with pytest.raises(ValueError, match=r"^times must be a whole number >= 1, got 0$"):
        sum_of_roots(4, times=0)


def test_every_call_from_outside_is_checked_and_none_inside():
    for _ in range(2):
        assert sum_of_roots(4, 10) == 20
        with pytest.raises(ValueError, match="must be >= 0"):
            root(-1)
    assert LOOKED_AT == [4, -1, 4, -1]


def test_another_thread_is_outside():
    @checked
    def start(value: Noted) -> Exception | None:
        with ThreadPoolExecutor() as pool:
            return pool.submit(root, -1).exception()

    assert str(start(1)) == "value must be >= 0, got -1"


def test_a_function_gets_what_its_domain_makes_of_an_argument():
    value, high = between(np.int64(2), np.int64(3))
    assert (value, high) == (2, 3)
    assert type(high) is int


def test_arguments_are_compared_once_each_is_right_by_itself():
    with pytest.raises(TypeError, match=r"^high must be a whole number >= 1"):
        between(9, 2.5)
    with pytest.raises(ValueError, match=r"^value must be at most high, got 9$"):
        between(9)


def test_none_is_taken_where_the_signature_says_so():
    @checked
    def maybe(times: Count | None = None, more: Count = 1) -> int | None:
        return times

    assert maybe() is None
    assert maybe(None) is None
    with pytest.raises(TypeError, match="more must be a whole number"):
        maybe(more=None)


def test_a_wrong_call_is_told_by_python():
    with pytest.raises(TypeError, match=r"root\(\) missing 1 required positional argument: 'value'"):
        root()
    with pytest.raises(TypeError, match="unexpected keyword argument 'values'"):
        root(values=1)


def test_settings_become_plain_floats_and_cannot_be_wrong():
    @dataclass(frozen=True)
    class Rates(Settings):
        learning_rate: Positive = 0.1

    assert type(Rates(np.float64(0.5)).learning_rate) is float
    with pytest.raises(ValueError, match="learning_rate must be a number > 0, got 0"):
        Rates(0)
