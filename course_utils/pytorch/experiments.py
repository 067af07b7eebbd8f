"""Where these stood before: kept for notebooks that import them from here."""

from course_utils.pytorch.band import sine_band as sine_band
from course_utils.pytorch.digits import digit_accuracy as digit_accuracy
from course_utils.pytorch.digits import digit_network as digit_network
from course_utils.pytorch.quadrants import quadrant_run as quadrant_run
