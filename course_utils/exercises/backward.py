"""The way back through dropout and tanh: what people do there to the gradient and to the slope."""

from __future__ import annotations

import numpy as np

from course_utils.activations import sigmoid, tanh_derivative
from course_utils.exercises.exercise import Answer
from course_utils.exercises.slips import combined

__all__ = ["WAYS_BACK"]

# What dropout and tanh make of the gradient on the way back; the right one first.
DROPPED: dict[str, Answer] = {
    "": lambda da, z, mask, q: da * mask / q,
    "mask-forgotten-backward": lambda da, z, mask, q: da,
    "scale-forgotten-backward": lambda da, z, mask, q: da * mask,
    "mask-lost-backward": lambda da, z, mask, q: da / q,
    "scale-inverted": lambda da, z, mask, q: da * mask * q,
    "scale-by-drop": lambda da, z, mask, q: da * mask / (1 - q),
    "scaled-twice": lambda da, z, mask, q: da * mask / q**2,
    "mask-inverted-backward": lambda da, z, mask, q: da * ~mask / q,
    "gradient-ignored": lambda da, z, mask, q: mask / q,
}
SLOPES: dict[str, Answer] = {
    "": lambda z, mask, q: tanh_derivative(z),
    "derivative-of-dropped-output": lambda z, mask, q: 1 - (np.tanh(z) * mask / q) ** 2,
    "derivative-missing": lambda z, mask, q: 1,
    "derivative-at-output": lambda z, mask, q: tanh_derivative(np.tanh(z)),
    "derivative-of-z": lambda z, mask, q: 1 - z**2,
    "derivative-at-dropped-input": lambda z, mask, q: tanh_derivative(z * mask / q),
    "derivative-without-square": lambda z, mask, q: 1 - np.tanh(z),
    "square-outside-derivative": lambda z, mask, q: (1 - np.tanh(z)) ** 2,
    "activation-for-derivative": lambda z, mask, q: np.tanh(z),
    "derivative-of-sigmoid": lambda z, mask, q: sigmoid(z) * (1 - sigmoid(z)),
    "derivative-of-relu": lambda z, mask, q: z > 0,
}


def gradient_before(dropped: Answer, slope: Answer) -> Answer:
    """Return dz from what becomes of the gradient in dropout and from the slope."""
    return lambda da, z, mask, q: dropped(da, z, mask, q) * slope(z, mask, q)


WAYS_BACK = combined(gradient_before, DROPPED, SLOPES)  # functions of the gradient after dropout, z, mask, keep_prob
