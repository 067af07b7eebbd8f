"""Where this stood before: kept for notebooks that import it from here."""

from course_utils.experiments.bowl import *  # noqa: F403 - all that it exports
