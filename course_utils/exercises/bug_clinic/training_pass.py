"""One training pass of an answer: its logits, its cost and its gradients."""

from __future__ import annotations

from typing import Any

from course_utils.arguments import Array
from course_utils.exercises.bug_clinic.named_arrays import Arrays, arrays_of
from course_utils.exercises.calls import as_numbers, called
from course_utils.exercises.exercise import Answer
from course_utils.exercises.mistake import require
from course_utils.exercises.verdict import named, said

__all__ = ["Pass", "training_pass"]

Pass = tuple[Array, float, Arrays]  # logits, cost and gradients of one training pass


def training_pass(network: Answer, *arguments: Any) -> Pass:
    """Return the logits, cost and gradients of an answer as arrays, a float and a dict of arrays."""
    value = called(network, *arguments)
    fits = isinstance(value, tuple | list) and len(value) == 3
    three = ("expected", said("three values: logits, cost, gradients"))
    require(fits, "not-numbers", three, ("got", type(value).__name__))
    logits, cost, gradients = as_numbers(value[0]), as_numbers(value[1]), arrays_of(value[2], list(arguments[2]))
    expected = (1, arguments[0].shape[1])
    require(logits.shape == expected, "wrong-shape", ("logits expected", expected), ("got", logits.shape))
    require(cost.size == 1, "wrong-shape", ("cost expected", said("one number")), ("got", cost.shape))
    for name, value in arguments[2].items():
        shapes = (named("{name} expected", name=name), value.shape), ("got", gradients[name].shape)
        require(gradients[name].shape == value.shape, "wrong-shape", *shapes)
    return logits, float(cost.item()), gradients
