"""Where homework stood before: kept for code that imports its modules from here."""

from course_utils.workshop.homework import __path__ as __path__
