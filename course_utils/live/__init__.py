"""Live figures: controls and pictures that follow them; the only part of the course that imports ipywidgets."""

from course_utils.live.bowl import penalty_bowl
from course_utils.live.bugs import bug_clinic
from course_utils.live.corner import penalty_corner
from course_utils.live.masks import mask_explorer
from course_utils.live.passes import pass_stepper
from course_utils.live.quadrants import keep_prob_trainer, lambda_trainer, overfitting, playground
from course_utils.live.sine import sine_trainer

__all__ = [
    "bug_clinic",
    "keep_prob_trainer",
    "lambda_trainer",
    "mask_explorer",
    "overfitting",
    "pass_stepper",
    "penalty_bowl",
    "penalty_corner",
    "playground",
    "sine_trainer",
]
