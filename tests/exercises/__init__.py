"""Tests of the checks, and what they share."""

import sys

import numpy as np
import pytest

from course_utils.exercises.mistake import Mistake

MODULE = sys.modules["course_utils.exercises.check"]  # the package's attribute of this name is the function


def mistake(call, *arguments, **settings):
    """Return the misconception of the mistake that a call raises, and its case as a dict."""
    with pytest.raises(Mistake) as caught:
        call(*arguments, **settings)
    return caught.value.misconception, dict(caught.value.case)


def unfinished(*arguments):
    raise NotImplementedError("your turn")


def endless(*arguments):
    while True:
        pass


def endless_with_bare_except(*arguments):
    while True:
        try:  # noqa: SIM105
            np.dot([1.0], [1.0])
        except:  # noqa: E722
            pass


def recursion(*arguments):
    return recursion(*arguments)
