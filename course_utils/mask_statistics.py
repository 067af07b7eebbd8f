"""Where this stood before: kept for notebooks that import it from here."""

from course_utils.experiments.masks import *  # noqa: F403 - all that it exports
