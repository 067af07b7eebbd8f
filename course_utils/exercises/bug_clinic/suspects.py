"""Finding the line: the lettered lines of the fifteen specimens, one of them wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from course_utils.exercises.comparison import called
from course_utils.exercises.exercise import Answer, Exercise
from course_utils.exercises.mistake import Mistake, require

__all__ = ["SUSPECTS", "find"]


@dataclass(frozen=True)
class Suspects:
    """The lettered lines of one specimen.

    Parameters
    ----------
    wrong : str
        Letter of the line that is wrong.
    reason : str
        Why it is, told to whoever has found it.
    innocent : dict of pairs
        For each other letter the id of the misconception that accuses it, and why this line is innocent.
    """

    wrong: str
    reason: str
    innocent: Mapping[str, tuple[str, str]]


A4_AND_A5 = {
    "a": ("accuses-the-setup", "it unpacks what the forward pass kept, and m is the number of examples"),
    "b": ("accuses-the-cost", "W2 and b2 are made from dz2 and pass the check, so dz2 is right"),
    "c": ("accuses-the-chain", "the product with W2 is right; it is the gradient after dropout, as its name says"),
    "d": ("accuses-the-scale", "mask and 1 / keep_prob are those of the forward pass; look who uses the result"),
    "e": ("accuses-the-other-bug", "it decides how steep tanh is, and a dropped unit gets no gradient at any slope"),
    "f": ("accuses-the-other-bug", "it uses the slope as it finds it, whichever sign that has"),
    "g": ("accuses-the-messenger", "it makes W1 and b1 from dz1 as one should; dz1 came to it wrong"),
    "h": ("accuses-the-chain", "W2 and b2 pass the check"),
}
SUSPECTS = {
    "find_a1": Suspects(
        "a",
        "it reads the global parameters, since the argument is spelt in another way",
        {
            "b": ("accuses-the-forward-pass", "the product is right for the W1 that it gets; which W1 is it?"),
            "c": ("accuses-the-messenger", "it uses a1 and W2 as they come; alone, the function stops before it"),
        },
    ),
    "find_a2": Suspects(
        "d",
        "it calls dropped_a2 without its own keep_prob, so the default is used",
        {
            "a": ("accuses-the-randomness", "turning the knob of dropped_a2 moved the share: the comparison works"),
            "b": ("accuses-the-scale", "the scale changes no zero into another number, and zeros are counted"),
            "c": (
                "accuses-the-randomness",
                "a fixed seed repeats the draws; the knob of dropped_a2 moved with one too",
            ),
            "e": ("accuses-the-messenger", "it takes the mean of what line d gives it"),
        },
    ),
    "find_b6": Suspects(
        "d",
        "it calls sigmoid whatever was chosen; the stored choice is never read",
        {
            "a": ("accuses-the-setup", "W is stored, and changing it moves the output"),
            "b": ("accuses-the-setup", "the choice arrives: the object holds np.tanh"),
            "c": ("accuses-the-forward-pass", "the product comes before any activation and is the same for both"),
        },
    ),
    "find_a8": Suspects(
        "c",
        "its name is misspelt, so it replaces nothing and nobody calls it",
        {
            "a": ("accuses-the-setup", "with nn in place the class is made without an error"),
            "b": ("accuses-the-setup", "it stores a number, and the object was made without an error"),
            "d": ("accuses-the-messenger", "it was never reached: the error comes from the base class"),
        },
    ),
    "find_a3": Suspects(
        "b",
        "it draws one column of random numbers for all examples",
        {
            "a": ("accuses-the-setup", "n and m are the numbers of units and examples"),
            "c": ("accuses-the-messenger", "a product of equal shapes would be right here; one of them came smaller"),
            "d": ("accuses-the-scale", "the mean over 4000 masks is 1.0, so the scale is right"),
        },
    ),
    "find_b1": Suspects(
        "c",
        "x *= works in place, on the array of the caller",
        {
            "a": ("accuses-the-randomness", "one pass keeps half, as it should; the mask is a new array"),
            "b": ("accuses-the-scale", "1 / keep_prob is the right scale, and a number changes no array"),
            "d": ("accuses-the-messenger", "returning an array changes nothing in it"),
        },
    ),
    "find_b2": Suspects(
        "d",
        "it passes a probability to keep where one to drop is asked for",
        {
            "a": ("accuses-the-randomness", "level 0.9 drops nine in ten, which is what level promises"),
            "b": ("accuses-the-scale", "with level dropped, 1 - level is kept, and the mean is right"),
            "c": ("accuses-the-forward-pass", "tanh(W @ x) is the layer, and it drops nothing"),
        },
    ),
    "find_a4": Suspects(
        "f",
        "it goes on with the gradient from before mask and scale, and da1 is never used",
        {letter: reason for letter, reason in A4_AND_A5.items() if letter != "f"},
    ),
    "find_a5": Suspects(
        "e",
        "a1 is no longer tanh(z1) there: it has been masked and scaled",
        {letter: reason for letter, reason in A4_AND_A5.items() if letter != "e"},
    ),
    "find_b3": Suspects(
        "b",
        "it multiplies by the input instead of the outputs of the layer below",
        {
            "a": ("accuses-the-setup", "the input is what the first layer gets; who reads a after that?"),
            "c": ("accuses-the-forward-pass", "the sigmoid of z is the layer's output"),
            "d": ("accuses-the-messenger", "the last layer uses the last a, as it should, and stays linear"),
        },
    ),
    "find_b4": Suspects(
        "d",
        "the derivative of a square is twice its base, and the 2 is missing",
        {
            "a": ("accuses-the-forward-pass", "a linear layer; the differences of the cost go through it too"),
            "b": (
                "accuses-the-forward-pass",
                "the error is output minus target, and its sign is right: the cost falls",
            ),
            "c": ("accuses-the-cost", "the mean of squares is what was agreed upon"),
            "e": ("accuses-the-messenger", "both arrays are off by the same factor, so it was in dz already"),
        },
    ),
    "find_b5": Suspects(
        "a",
        "exp(1000) is more than a computer can hold",
        {
            "b": ("accuses-the-messenger", "adding 1 to infinity raises nothing; infinity was there before"),
            "c": ("accuses-the-messenger", "1 / infinity is 0, and this is even the right result"),
        },
    ),
    "find_a7": Suspects(
        "c",
        "1 - p is exactly 0 there, its logarithm is -infinity, and 0 times that is nan",
        {
            "a": ("accuses-the-forward-pass", "p = 1.0 is the number nearest to the true one, and it is finite"),
            "b": ("accuses-the-cost", "log(1) is 0; this line breaks on the other side, for z = -800"),
            "d": ("accuses-the-messenger", "it adds a nan that is there already"),
        },
    ),
    "find_a6": Suspects(
        "a",
        "weights between 0 and 0.01 put all units on a plateau, alike and nearly linear",
        {
            "b": ("accuses-the-schedule", "three times the learning rate left the accuracy below 0.7"),
            "c": ("accuses-the-schedule", "a hundred times as many steps left the accuracy below 0.5"),
            "d": ("accuses-the-randomness", "without any dropout the accuracy is the same"),
        },
    ),
    "find_b7": Suspects(
        "c",
        "at rate 0.3 the first step overshoots for every seed, at 0.1 for none",
        {
            "a": ("accuses-the-model", "25 units are what the task asks for, and at rate 0.1 they make no jump"),
            "b": (
                "accuses-the-randomness",
                "all eight seeds jump at rate 0.3; the seed only decides where the run lands",
            ),
            "d": ("accuses-the-schedule", "the jump is in the first step, however many follow"),
        },
    ),
}


def find(name: str, hint: str, second_hint: str) -> Exercise:
    """Return the exercise of finding the line of one specimen."""
    return Exercise(name, partial(examine_suspect, SUSPECTS[name]), hint, second_hint)


def examine_suspect(suspects: Suspects, suspect: Answer, rng: np.random.Generator) -> str:
    """Examine ``suspect_...()``, which names a line."""
    letter = letter_of(called(suspect))
    if letter in suspects.innocent:
        misconception, why = suspects.innocent[letter]
        raise Mistake(misconception, ((f"line {letter}", why),))
    letters = ", ".join(sorted({*suspects.innocent, suspects.wrong}))
    require(letter == suspects.wrong, "no-such-line", ("got", letter), ("lines", letters))
    return f"line {letter}: {suspects.reason}"


def letter_of(value: Any) -> str:
    """Return the one letter in an answer; "# B" and "line b" will do."""
    several = isinstance(value, list | tuple | set) and len(value) > 1
    require(not several, "several-lines", ("got", value))
    require(isinstance(value, str), "not-a-letter", ("got", value))
    letters = re.findall(r"\b[a-z]\b", value.lower())
    require(letters, "not-a-letter", ("got", value))
    require(len(set(letters)) == 1, "several-lines", ("got", value))
    return str(letters[0])
