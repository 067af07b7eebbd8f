"""The catalogue of what learners believe: one file for each subject, all entries by their id."""

from course_utils.exercises.catalogue import (
    answers,
    expectations,
    gradients,
    masks,
    modules,
    moments,
    penalties,
    randomness,
    rates,
    scaling,
    specimens,
    strengths,
)
from course_utils.exercises.catalogue.misconception import Misconception

__all__ = ["CATALOGUE", "Misconception"]

SUBJECTS = (
    answers, rates, scaling, masks, randomness, moments, gradients, expectations, strengths, penalties, modules,
    specimens,
)  # fmt: skip
CATALOGUE = {entry.id: entry for subject in SUBJECTS for entry in subject.MISCONCEPTIONS}
