"""Beliefs about masks: their shape, what they hold, and which one belongs to which pass."""

from course_utils.exercises.catalogue.misconception import Misconception

__all__ = ["MISCONCEPTIONS"]

MISCONCEPTIONS = (
    Misconception(
        "mask-shared-by-examples",
        belief="One mask per layer and step is enough.",
        sign="The mask has shape (n, 1), or all its columns are equal.",
        message="One mask is shared by all examples: every example loses the same units.",
        hint="An example is a column. How many columns does your mask have, and do they differ?",
        second_hint="Draw a number for every entry of the batch: rng.random(a.shape).",
    ),
    Misconception(
        "mask-shared-by-units",
        belief="Dropout leaves out examples.",
        sign="The mask has shape (1, m), or all its rows are equal.",
        message="One row of the mask is shared by all units: an example keeps all its units or none.",
        hint="A unit is a row. How many rows does your mask have, and do they differ?",
        second_hint="Draw a number for every entry of the batch: rng.random(a.shape).",
    ),
    Misconception(
        "mask-not-binary",
        belief="The mask is the factor by which values are multiplied, scale included.",
        sign="The mask holds other values than 0 and 1.",
        message="A mask holds zeros and ones (or False and True) only.",
        hint="Keep the two steps apart: what is dropped, and how the rest is scaled.",
        second_hint="Return the comparison rng.random(a.shape) < keep_prob itself.",
    ),
    Misconception(
        "mask-forgotten-backward",
        belief="Dropout concerns the forward pass alone.",
        sign="The gradient is the right one without the mask.",
        message="The mask is not used on the way back: a dropped unit had no part in the cost, so its gradient is 0.",
        hint="Nudge the output of a dropped unit a little. How much does the cost change?",
        second_hint="Multiply the gradient by the same mask and the same 1 / keep_prob as the output.",
    ),
    Misconception(
        "scale-forgotten-backward",
        belief="The factor 1 / keep_prob belongs to the forward pass alone.",
        sign="The gradient is the right one without 1 / keep_prob.",
        message="The mask is used on the way back, but 1 / keep_prob is missing: the forward pass had it.",
        hint="The derivative of c · a is c.",
        second_hint="Divide the masked gradient by keep_prob.",
    ),
    Misconception(
        "mask-lost-backward",
        belief="On the way back only the scale counts.",
        sign="The gradient is divided by keep_prob but not masked.",
        message="The gradient is scaled but not masked: dropped units get a gradient too.",
        hint="A dropped unit had no part in the cost. What is its gradient?",
        second_hint="Multiply by the mask of the forward pass as well.",
    ),
    Misconception(
        "mask-drawn-anew",
        belief="Any mask with the right keep_prob will do on the way back.",
        sign="Two calls with the same arguments give different gradients.",
        message="The way back draws a mask of its own. It must use that of the forward pass.",
        hint="Which units were dropped when the cost was computed?",
        second_hint="Use the mask that you are given; nothing is random on the way back.",
    ),
)
