"""The command line, `python -m course_utils`: what the workshop's rooms declare, and their errors in one line each."""

import argparse
import sys
from collections.abc import Sequence

from course_utils.environment import how_to_install
from course_utils.terminal import show_any_text
from course_utils.workshop.authoring.chapters import ChapterError
from course_utils.workshop.authoring.commands import atlas, build, publish, recover, standalone, study
from course_utils.workshop.authoring.translating import translate
from course_utils.workshop.command import fail
from course_utils.workshop.demos.command import demo
from course_utils.workshop.handouts.command import handout
from course_utils.workshop.homework.command import homework
from course_utils.workshop.site.command import site
from course_utils.workshop.slides.command import slides

COMMANDS = (build, atlas, publish, recover, translate, demo, slides, handout, study, standalone, site, homework)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv
        The words after the program's name; None takes them from the command line.

    Returns
    -------
    int
        0 if all went well, 1 if not, and the reason stands on stderr in one line each.
    """
    show_any_text()
    parser = argparse.ArgumentParser(prog="python -m course_utils", description="Tools of the course's authors.")
    parsers = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add_to(parsers)
    arguments = parser.parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except ChapterError as error:
        return fail(str(error))
    except OSError as error:  # such as a place that cannot be written
        return fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except KeyboardInterrupt:
        return fail("interrupted")
    except ModuleNotFoundError as error:
        if str(error.name).startswith("course_utils"):
            raise  # a fault of ours, not something to install
        return fail(f"{error.name} is not installed: {how_to_install('dev', 'teach', 'site')}")


if __name__ == "__main__":
    sys.exit(main())
