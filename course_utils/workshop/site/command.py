"""The command `site`."""

import argparse
from pathlib import Path

from course_utils.workshop.authoring.commands import NOTEBOOKS, WITHOUT_SOLUTIONS, all_chapters, out
from course_utils.workshop.command import argument, command


@command(
    NOTEBOOKS,
    out("dist/site"),
    argument(
        "--pyodide", type=Path, metavar="DIR",
        help="a Pyodide distribution to put in; else browsers fetch the public one",
    ),
    argument(
        "--address", default="", metavar="URL",
        help="where it will be published, so that search engines and cards of links know it",
    ),
    WITHOUT_SOLUTIONS,
)  # fmt: skip
def site(arguments: argparse.Namespace) -> int:
    """Make the course's website: the chapters to read, and JupyterLite to run them in the browser."""
    from course_utils.workshop.site.website import build_website

    where, solutions = (arguments.out, arguments.pyodide, arguments.address), not arguments.without_solutions
    print(build_website(all_chapters(arguments), *where, solutions=solutions))
    return 0
