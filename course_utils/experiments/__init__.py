"""What the figures show, computed: runs, masks, bowls, bugs; many seeds, and intervals for what comes out."""

from course_utils.experiments.digits import digit_accuracy
from course_utils.experiments.intervals import confidence_interval
from course_utils.experiments.quadrants import QuadrantRun, quadrant_run
from course_utils.experiments.seeds import FailedExperiment, over_seeds
from course_utils.experiments.stopping import stopped_accuracy, stopping_step, validation_points

__all__ = [
    "FailedExperiment",
    "QuadrantRun",
    "confidence_interval",
    "digit_accuracy",
    "over_seeds",
    "quadrant_run",
    "stopped_accuracy",
    "stopping_step",
    "validation_points",
]
