"""Checks of arguments: an error names the argument, what was given and what is allowed.

A public function says in its signature what it takes, ``keep_prob: KeepProb``, and :func:`checked` reads it there.
"""

from course_utils.arguments.door import *  # noqa: F403 - all of it, under one name
from course_utils.arguments.networks import *  # noqa: F403 - likewise
from course_utils.arguments.values import *  # noqa: F403 - likewise
