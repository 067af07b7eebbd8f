"""The command `slides`."""

import argparse

from course_utils.workshop.authoring.commands import CHAPTERS, NOTEBOOKS, each, out, taught
from course_utils.workshop.command import LANGUAGE, command, spoken


@command(NOTEBOOKS, CHAPTERS, out("dist/slides"), LANGUAGE)
def slides(arguments: argparse.Namespace) -> int:
    """Make a chapter's slides: a folder that any browser shows without a network; key S has the speaker's notes."""
    from course_utils.workshop.slides.deck import write_slides

    language = spoken(arguments)
    return each(taught(arguments), lambda chapter: [write_slides(chapter, arguments.out, language)])
